"""Whatever an export holds, an import ends with what it would write or with a refusal that says why and what to do.

``FUZZ_EXAMPLES=2000`` searches longer; what a search once found stays as an example.
"""

import csv
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shnor_lib.inputs.importers import ImportRefused, import_files
from shnor_lib.inputs.importers.procedures import Procedure
from tests.inputs.importers import (
    test_ege_form,
    test_journal_comparison,
    test_mark_statistics,
    test_participants,
    test_ris_gia,
    test_score_distribution,
)
from tests.inputs.importers.exports import export, office

FUZZ = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "40")), deadline=None, suppress_health_check=list(HealthCheck)
)
GIVEN = Procedure(subject="maths", grade=5)
COMPARED = test_journal_comparison
SOUND = {
    "marks": test_mark_statistics.sheet(*test_mark_statistics.ROWS, year=2021),
    "comparison": [["ВПР 2021 Математика 5 класс"], COMPARED.HEAD]
    + COMPARED.block("СОШ № 1 (edu200001)", (1, 25), (2, 50), (1, 25), (4, 100)),
    "scores": [["Распределение первичных баллов"], ["ВПР 2021 Математика 5 класс"], test_score_distribution.HEAD]
    + [["СОШ № 1 (edu200001)", 1, 4, 25, 25, 25, 25]],
    "protocol": test_participants.protocol_2020(("sch200001", 3, "нет", "1", 6), ("sch200001", 4, "", "1", 12)),
    "form": test_ege_form.sheet(2021, *test_ege_form.ROWS),
    "gia": [
        ["01 - Русский язык 2021.05.30"],
        test_ris_gia.EGE,
        test_ris_gia.ege(101001, "Щеглов", 40, 80),
        ["02 - Математика 2021.06.03"],
        test_ris_gia.OGE,
        test_ris_gia.oge(101001, "Дроздов", 20, 4),
    ],
}
DIRT = st.one_of(
    st.sampled_from(
        ["", "X", "Х", "–", "отсутствовал", "не пройд.", "-1", "1e99", "1e400", "999999999999999", "2,5", "101 %"]
    ),
    st.sampled_from(
        ["=1+1", "<script>", "../../x", "\x00", "edu200001", "sch999999", "Итого", "Зябликов А. П.", "0", "5"]
    ),
    st.sampled_from(["Первичный балл", "Группы участников", "ВПР 2026 Русский язык 4 класс", "22 - Музыка 2021.13.99"]),
    st.text(max_size=6),
)


@st.composite
def damaged(draw):
    """A sound export in which cells are changed, rows dropped, doubled, cut short and moved."""
    rows = [list(row) for row in SOUND[draw(st.sampled_from(sorted(SOUND)))]]
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(rows) - 1))
        match draw(st.sampled_from(["cell", "cell", "cell", "drop", "double", "cut", "move"])):
            case "cell" if rows[place]:
                rows[place][draw(st.integers(0, len(rows[place]) - 1))] = draw(DIRT)
            case "drop" if len(rows) > 1:
                del rows[place]
            case "double":
                rows.insert(place, list(rows[place]))
            case "cut":
                rows[place] = rows[place][: draw(st.integers(0, len(rows[place])))]
            case "move":
                rows.append(rows.pop(place))
    return rows


def outcome(write) -> None:
    """Import what ``write`` puts into a folder, and make sure of what an import promises."""
    with TemporaryDirectory() as folder:
        workspace = office(Path(folder))
        try:
            imported = import_files(workspace, "demo", 2021, [write(Path(folder))], given=GIVEN, resolution="keep")
        except ImportRefused as refusal:
            assert refusal.cause and refusal.remedy and folder not in refusal.cause + refusal.remedy
            return
        inside = workspace / "data" / "raw" / "demo" / "2021"
        assert all(path.parent == inside.resolve() for path in imported.contents)
        text = b"".join(imported.contents.values()).decode("utf-8")
        assert not [name for name in ("Щеглов", "Дроздов", "Зябликов") if name in text]


@pytest.mark.parametrize("layout", sorted(SOUND))
def test_what_is_damaged_below_is_sound(tmp_path, layout):
    imported = import_files(
        office(tmp_path), "demo", 2021, [export(tmp_path, "в.xlsx", Лист=SOUND[layout])], given=GIVEN
    )
    assert sum(merge.added for merge in imported.merges.values())


@FUZZ
@given(damaged())
def test_any_damage_to_a_workbook_of_a_known_layout(rows):
    cleaned = [[cell.replace("\x00", "") if isinstance(cell, str) else cell for cell in row] for row in rows]
    outcome(lambda folder: export(folder, "выгрузка.xlsx", Лист=cleaned))


@FUZZ
@given(damaged(), st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "cp1251", "utf-16"]))
def test_any_damage_to_a_csv_of_a_known_layout(rows, delimiter, encoding):
    def write(folder: Path) -> Path:
        path = folder / "выгрузка.csv"
        with path.open("w", encoding=encoding, errors="replace", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        return path

    outcome(write)


@FUZZ
@given(st.binary(max_size=400), st.sampled_from(["xlsx", "xlsm", "xls", "ods", "csv"]))
@example(b"\xff\xfe\x00\x00", "csv")
def test_any_bytes(data, suffix):
    def write(folder: Path) -> Path:
        path = folder / f"выгрузка.{suffix}"
        path.write_bytes(data)
        return path

    outcome(write)
