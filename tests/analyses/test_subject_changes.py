"""Falls and rises by subject, and published ones without numbers beside them (row L5), on numbers of one's own."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from shnor_lib.analyses import subject_changes as analysis
from shnor_lib.analyses.change import SchoolChanges, last_changes
from shnor_lib.inputs.dictionary import table
from shnor_lib.params.profiles import ResultsReading
from shnor_lib.statistics.components import Components

YEAR = 2021


def moved(direction: str, school: str = "1", subject: str = "maths", years: str = "2020, 2021") -> dict[str, object]:
    return {"school_id": school, "exam": "OGE", "subject": subject, "years": years, "direction": direction}


def office(published: list[dict[str, object]], journal: dict[tuple[str, int], float] | None = None) -> SimpleNamespace:
    rows = pd.DataFrame(published, columns=[*table("published_changes").columns]).assign(
        level=[row.get("level", "school") for row in published]
    )
    values = [
        {"level": "school", "group": "", "school_id": school, "year": year, "value": value}
        for (school, year), value in (journal or {}).items()
    ]
    indicators = pd.DataFrame(values, columns=["level", "group", "school_id", "year", "value"]).assign(
        indicator="learning_quality_rate[basic/maths]"
    )
    indicators["indicator"] = indicators["indicator"].astype(str)
    return SimpleNamespace(
        tables={"published_changes": rows},
        indicators=indicators,
        year=YEAR,
        profile=SimpleNamespace(results=ResultsReading()),
    )


def of_document(direction: str, **others: object) -> dict[str, object]:
    return {
        "school_id": "1",
        "exam": "OGE",
        "subject": "maths",
        "year": YEAR,
        "direction": direction,
        "place": "раздел 1",
    } | others


@pytest.fixture
def calculation(monkeypatch):
    def set_to(*rows: dict[str, object]) -> None:
        found = SchoolChanges(pd.DataFrame(rows), pd.DataFrame(), True, Components(7, 2, 3, 23))
        monkeypatch.setattr(analysis, "subject_changes", lambda one: found)

    return set_to


@pytest.mark.parametrize(
    ("direction", "answer"),
    [("fall", "agrees"), ("rise", "contradicts"), ("none", "within_chance"), ("not_compared", "untested")],
)
def test_L5_a_published_fall_beside_the_calculation(calculation, direction, answer):
    calculation(moved(direction))
    assert analysis.published_changes(office([of_document("fall")]))["answer"].tolist() == [answer]


@pytest.mark.parametrize("others", [{"since": 2019}, {"year": 2020}, {"subject": "physics"}, {"school_id": "2"}])
def test_L5_other_years_schools_and_subjects_are_not_held_against_it(calculation, others):
    calculation(moved("fall"))
    assert analysis.published_changes(office([of_document("fall", **others)]))["answer"].tolist() == ["untested"]


@pytest.mark.parametrize(
    ("now", "before", "answer"),
    [(0.4, 0.5, "agrees"), (0.6, 0.5, "contradicts"), (0.5, 0.5, "within_chance"), (0.4, None, "untested")],
)
def test_L5_the_journal_is_held_against_its_share_of_good_marks(calculation, now, before, answer):
    calculation(moved("rise"))
    journal = {("1", YEAR): now} | ({("1", YEAR - 1): before} if before is not None else {})
    row = of_document("fall", exam=None, stage="basic")
    assert analysis.published_changes(office([row], journal))["answer"].tolist() == [answer]


def test_L5_schools_of_one_subject_and_place_stand_together(calculation):
    calculation(moved("fall"), moved("rise", "2"))
    rows = analysis.published_changes(
        office([of_document("fall"), of_document("fall", school_id="2"), of_document("rise", school_id="3")])
    )
    together = analysis.published_together(rows)
    assert together[["direction", "named", "agrees", "contradicts", "untested"]].values.tolist() == [
        ["fall", ("1", "2"), ("1",), ("2",), ()],
        ["rise", ("3",), (), (), ("3",)],
    ]
    facts = analysis.subject_change_facts(office([]), rows)
    assert (facts["published_falls"], facts["published_rises"], facts["published_untested"]) == (2, 1, 1)
    assert (facts["subjects_tested"], facts["subjects_falls"], facts["subjects_moved"]) == (2, 1, 2)


def test_L5_a_real_fall_of_one_subject_names_the_school_and_the_subject():
    """Ten schools hold two subjects at 50 points in both years; one falls by 30 points in maths."""
    schools = [f"{number:02d}" for number in range(1, 11)]
    rows = [
        {
            "school_id": f"{school}/OGE/{subject}",
            "procedure": f"OGE/{subject}/9",
            "measure": "mean_percent",
            "year": year,
            "value": 50 - 30 * (school == "03" and subject == "maths" and year == YEAR),
            "participants": 100.0,
        }
        for school in schools
        for subject in ("maths", "russian")
        for year in (YEAR - 1, YEAR)
    ]
    frame = pd.DataFrame(rows)
    frame = frame.assign(points=frame["value"].astype(float), people=frame["participants"], region=50.0)
    found = last_changes(frame, Components(7, 2, 3, 20), 40.0, YEAR, ResultsReading()).schools
    assert found.loc[found["direction"].ne("none"), ["school_id", "direction"]].values.tolist() == [
        ["03/OGE/maths", "fall"]
    ]
