"""The federal rule of 2025 as it ships: two grounds, two lists; an office of made-up schools judged by it for 2025."""

import pandas as pd
import pytest

from shnor_lib.analyses.lists import broken_facts
from shnor_lib.criteria.measure import UNIT
from shnor_lib.office.assemble import assemble_office
from shnor_lib.office.judging import judge_offices
from shnor_lib.office.variants import read_variants
from shnor_lib.params.reading import read_method, read_profile
from tests.reports.test_categories import said
from tests.shipped import ROOT

LOW, WELL = (4, 3, 2, 1), (1, 3, 4, 2)
"""Marks 2, 3, 4, 5 of ten pupils, several times over: 40 % and 10 % below the minimum."""


def rows(school: str, year: int, **marks: tuple) -> list[dict]:
    """Rows of results: ``russian=LOW``; ``oge`` is ОГЭ of maths."""
    found = []
    for name, counts in marks.items():
        exam, subject, grade = ("OGE", "maths", 9) if name == "oge" else ("VPR", name, 5)
        found.append(
            {
                "municipality": "m",
                "level": "school",
                "group": "",
                "school_id": school,
                "year": year,
                "wave": None,
                "exam": exam,
            }
            | {"subject": subject, "grade": grade, "participants": 20.0}
            | {f"mark_{mark}": 2.0 * number for mark, number in zip((2, 3, 4, 5), counts, strict=True)}
        )
    return found


@pytest.fixture(scope="module")
def office() -> dict[str, pd.DataFrame]:
    results = [
        *rows("both", 2025, russian=LOW, maths=LOW, oge=WELL),
        *rows("both", 2024, russian=LOW, maths=WELL, oge=WELL),
        *rows("list", 2025, russian=LOW, maths=LOW, oge=WELL),
        *rows("list", 2024, russian=WELL, maths=WELL, oge=LOW),
        *rows("risk", 2025, russian=LOW, maths=WELL, oge=WELL),
        *rows("risk", 2024, russian=LOW, maths=WELL, oge=WELL),
        *rows("before", 2025, russian=WELL, maths=LOW, oge=WELL),
        *rows("before", 2024, russian=LOW, maths=WELL, oge=LOW),
        *rows("new", 2025, russian=LOW, maths=WELL, oge=WELL),
    ]
    ids = sorted({one["school_id"] for one in results})
    schools = pd.DataFrame({"municipality": "m", "level": "school", "group": "", "school_id": ids, "year": 2025})
    schools = schools.assign(kind="СОШ", locality="urban", special_type=None, highest_grade=11, pupils=300.0)
    return {"schools": schools, "exam_results": pd.DataFrame(results)}


def test_N13_two_procedures_of_the_year_are_the_list_and_one_in_two_years_the_risk_group(office):
    method = read_method(ROOT, "fioko-2025")
    found = judge_offices(method, office, 2025).identification
    answers = found.pivot(index="school_id", columns="category", values="identified")
    assert answers["low_results"].to_dict() == {"both": "yes", "list": "yes", "risk": "no", "before": "no", "new": "no"}
    assert answers["risk_group"].to_dict() == {
        "both": "yes",
        "list": "no",
        "risk": "yes",
        "before": "no",
        "new": "insufficient_data",  # nothing is known of the year before
    }
    assert method.words("risk_group").abbreviation == "группа риска"


def test_years_of_a_broken_series_are_not_the_same_procedure(office):
    """ВПР of 2020 were written in autumn; ОГЭ of 2020 were not held, but these made-up schools have them in 2019 and 2021."""
    moved = {name: frame.assign(year=frame["year"] - 4) for name, frame in office.items()}
    found = judge_offices(read_method(ROOT, "fioko-2025"), moved, 2021)
    risk = found.identification[found.identification["category"].eq("risk_group")].set_index("school_id")
    assert set(risk["identified"]) == {"insufficient_data"} and set(risk["cause"].drop("new")) == {"not_comparable"}
    assert risk.at["risk", "reason"] == (
        "не определено: годы одной и той же процедуры сравнить нельзя – 2020: ВПР за 4–8 классы писали осенью по программе предыдущего класса; "
        "2020: ОГЭ не проводился"
    )


def test_schools_of_whom_only_a_broken_series_says_nothing_are_told_apart_from_those_whose_data_lack():
    """Two schools by breaks of ВПР and ОГЭ, one by too few others, one by undelivered tables: two and two."""
    vpr = "2020: ВПР за 4–8 классы писали осенью по программе предыдущего класса"
    opened = pd.DataFrame(
        [("not_comparable", vpr), ("not_comparable", f"{vpr}; 2020: ОГЭ не проводился"), ("not_comparable", "3 < 4"),
         ("not_delivered", "exam_results.mark_2")],
        columns=["cause", "needs"],
    )  # fmt: skip
    told = {"list_broken": 2, "list_broken_told": f"{vpr}; 2020: ОГЭ не проводился", "list_lacking": 2}
    assert broken_facts(opened) == told and broken_facts(opened.iloc[2:]) == {}


def test_the_pages_name_the_broken_series_and_not_missing_data_of_those_schools():
    office = assemble_office(ROOT, "demo", 2021, method="fioko-2025")
    words = said("50_identification", office).replace("\u00a0", " ")
    assert (
        "О 14 школах из 14 вывода о категории «группа риска» нет: у 12 школ годы одной и той же процедуры сравнить нельзя "
        "(2020: ВПР за 4–8 классы писали осенью"
    ) in words and "; об остальных данных недостаточно." in words


def test_a_procedure_that_both_lists_look_at_stands_once(office):
    found = judge_offices(read_method(ROOT, "fioko-2025"), office, 2025)
    assert not found.low_procedures.duplicated([*UNIT, "procedure", "year"]).any()
    assert set(found.low_procedures["year"]) == {2024, 2025}
    low = found.low_procedures[found.low_procedures["low"].eq("met")]
    assert low.groupby("school_id").size().to_dict() == {"both": 3, "list": 3, "risk": 2, "before": 3, "new": 1}


@pytest.mark.parametrize("name", ["draft-risk-indicators", "lowest-15-ege"])
def test_examples_are_judged_by_when_asked_and_stand_beside_nothing(name):
    method = read_method(ROOT, name)
    assert method.example and "пример" in method.title
    variants = read_variants(ROOT, "demo", read_profile(ROOT, "demo"), "lesosibirsk-2020")
    assert name not in {one.name for one in variants} and "fioko-2025" in {one.name for one in variants}


def test_a_draft_indicator_is_one_graduate_below_the_minimum(office):
    """Ten pupils in a hundred of these made-up schools are below the minimum of ОГЭ; with none of them nobody has the sign."""
    schools = office["schools"].assign(kind="ООШ", highest_grade=9)
    oge = office["exam_results"][office["exam_results"]["exam"].eq("OGE") & office["exam_results"]["year"].eq(2025)]
    none_below = oge.assign(mark_3=oge["mark_3"] + oge["mark_2"], mark_2=0.0)
    method = read_method(ROOT, "draft-risk-indicators")
    found = [
        judge_offices(method, {"schools": schools, "exam_results": rows}, 2025).identification.set_index("school_id")[
            "identified"
        ]
        for rows in (oge, none_below)
    ]
    assert found[0]["both"] == "yes" and found[1]["both"] == "insufficient_data", "Russian might still give the sign"


def test_what_is_assumed_is_marked():
    method = read_method(ROOT, "fioko-2025")
    for criterion in method.criteria.values():
        assert {"parts", "minimum_participants", "minimum_coverage", "exclude_special_types"} <= set(
            criterion.assumptions
        )
