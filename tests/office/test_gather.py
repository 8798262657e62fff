"""Many offices gathered at once are each what they are alone."""

import pandas as pd
import pytest

from shnor_lib.office.gather import DataInvalid, gather
from tests.inputs.sources.delivery import SCHOOLS, put

PROFILE = "title: Округ\nregion: Область\ndocument: Документ\nmethod: fioko-2021\nyears: [2021]\n"
EXAMS = "school_id;exam;subject;grade;participants;mark_2;mark_3;mark_4;mark_5\n01;ОГЭ;математика;9;{};{};5;5;2\n"


def office(tmp_path, name: str, participants: int, low: int, **files: str) -> None:
    staff = f"school_id;teachers;category_highest\n01;{participants};{participants + 1}\n02;9;3\n"
    tables = {"schools": SCHOOLS, "staff": staff, "exam_results": EXAMS.format(participants, low)} | files
    put(tmp_path, {f"{table}.csv": text for table, text in tables.items()}, office=name)
    (tmp_path / "params" / f"{name}.yml").write_text(PROFILE, encoding="utf-8")


@pytest.fixture
def workspace(tmp_path):
    office(tmp_path, "a", 20, 8)
    office(tmp_path, "b", 15, 3)
    (tmp_path / "params" / "b.yml").write_text(
        PROFILE
        + "corrections:\n- {table: staff, year: 2021, key: {school_id: '02'}, column: teachers, expected: 9, value: 10,"
        " reason: Описка, corrected_by: специалист}\n",
        encoding="utf-8",
    )
    return tmp_path


def test_offices_gathered_at_once_are_each_what_they_are_alone(workspace):
    together = gather(workspace, ["a", "b"], [2021])
    long = together.store.long(municipality=True)
    for name in ("a", "b"):
        alone = gather(workspace, [name], [2021])
        pairs = [(together.tables[table], frame) for table, frame in alone.tables.items()]
        pairs += [(getattr(together, part), getattr(alone, part)) for part in ("problems", "sources", "corrections")]
        for both, own in [*pairs, (long, alone.store.long(municipality=True))]:
            of_office = both[both["municipality"] == name].reset_index(drop=True)
            pd.testing.assert_frame_equal(of_office, own, check_categorical=False, check_dtype=False)
    assert together.corrections["municipality"].tolist() == ["b"]
    assert set(together.problems["municipality"]) == {"a", "b"}


def test_the_first_office_with_errors_is_told(workspace):
    office(workspace, "c", 20, 8, staff="school_id;teachers\n09;много\n")
    with pytest.raises(DataInvalid) as refused:
        gather(workspace, ["a", "c", "b"], [2021])
    assert refused.value.municipality == "c" and len(refused.value.problems) == 2


def test_an_office_is_read_anew_when_its_files_changed(workspace):
    before = gather(workspace, ["a"], [2021]).tables["staff"]["teachers"].tolist()
    office(workspace, "a", 30, 18)
    assert (before, gather(workspace, ["a"], [2021]).tables["staff"]["teachers"].tolist()) == ([20, 9], [30, 9])
