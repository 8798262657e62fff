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


def office(
    published: list[dict[str, object]],
    journal: dict[tuple[str, int], float] | None = None,
    printed: list[dict[str, object]] | None = None,
) -> SimpleNamespace:
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
        indicators=pd.concat([indicators.assign(denominator=10.0), pd.DataFrame(printed or [])], ignore_index=True),
        school_names={"1": "Первая", "2": "Вторая", "3": "Третья"},
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


def printed(values: dict[int, float], level: str = "municipality", name: str = "quality_rate[OGE/maths/9]", n=None):
    """Values of years as a document prints them, without participants unless ``n``."""
    own = {"level": level, "group": "", "school_id": "1" if level == "school" else None, "indicator": name}
    return [own | {"year": year, "value": value, "denominator": n} for year, value in values.items()]


TOWN = {"level": "municipality", "school_id": None, "exam": "OGE", "grade": 9, "year": 2019, "since": 2017}


@pytest.mark.parametrize(
    ("values", "others", "answer", "bare"),
    [
        (
            printed({2017: 0.51, 2018: 0.71, 2019: 0.70}),
            {},
            "agrees",
            False,
        ),  # between the two years of the document only
        (printed({2017: 0.51, 2019: 0.50}), {}, "contradicts", False),
        (printed({2017: 0.51, 2019: 0.51}), {}, "untested", False),  # rounding may hide either answer
        (printed({2019: 0.70}), {}, "untested", True),
        (
            printed({2017: 0.51, 2019: 0.70}, n=30.0),
            {},
            "untested",
            True,
        ),  # with participants chance is asked, not the sign
        (printed({2017: 51, 2019: 70}, name="mean_score[OGE/maths/9]"), {}, "untested", True),  # maxima of ОГЭ change
        (printed({2017: 51, 2019: 70}, name="mean_score[EGE/maths/11]"), {"exam": "EGE", "grade": 11}, "agrees", False),
        (printed({2017: 0.51, 2019: 0.70}, "school"), {"level": "school", "school_id": "1"}, "agrees", False),
    ],
)
def test_L5_a_published_rise_is_held_against_the_published_values_of_its_two_years(
    calculation, values, others, answer, bare
):
    calculation(moved("fall", "2"))
    rows = analysis.published_changes(office([of_document("rise", **TOWN | others)], printed=values))
    assert rows["answer"].tolist() == [answer]
    told = analysis.published_together(rows)["numbers"].tolist()
    assert [one[2:] for one in told[0]] == ([] if bare else [(values[0]["value"], values[-1]["value"])])


def test_L5_falls_that_only_a_document_names_are_told_by_school_and_subject(calculation):
    calculation(moved("not_compared"))
    journal = {"exam": None, "stage": "basic"}
    falls = [
        of_document("fall", school_id="2", **journal),
        of_document("fall", school_id="1", **journal),
        of_document("fall", school_id="1", subject="all", exam=None, stage="primary"),
        of_document("rise", school_id="3", **journal),
    ]
    one = office(falls)
    found = analysis.document_falls(one, analysis.published_changes(one))
    assert found == {
        "document_falls_schools": 2,
        "document_falls_told": "Первая – математика, все предметы (начальное общее); Вторая – математика",
        "document_falls_brief": "Первая (2), Вторая (1)",
        "document_falls_years": "2020 → 2021",
    }
    calculation(moved("none"))  # something was calculated: it is told instead
    assert analysis.document_falls(one, analysis.published_changes(one)) == {}


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
