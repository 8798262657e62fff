"""Many offices judged in one call: of each the verdicts and the list it has alone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from shnor_lib.indicators import compute_store
from shnor_lib.office.gather import Population
from shnor_lib.office.judging import judge, judge_offices
from shnor_lib.office.office import once
from shnor_lib.params.reading import read_method
from shnor_lib.params.scenarios import Change, apply_changes
from tools.simulation import simulate_region

WORKSPACE = Path(__file__).parents[2]
YEAR = 2021


@pytest.fixture(scope="module")
def region() -> dict[str, pd.DataFrame]:
    """Five offices; the second has two years only, the third no staff, the last no ЕГЭ; some lists and decisions."""
    tables = simulate_region(seed=5, offices=5, schools_total=45)
    offices = sorted(tables["schools"]["municipality"].unique())
    short = {name: rows["municipality"].eq(offices[1]) & rows["year"].eq(2019) for name, rows in tables.items()}
    tables = {name: rows[~short[name]] for name, rows in tables.items()}
    tables["staff"] = tables["staff"][tables["staff"]["municipality"].ne(offices[2])]
    exams = tables["exam_results"]
    tables["exam_results"] = exams[exams["municipality"].ne(offices[4]) | exams["exam"].ne("EGE")]
    school = tables["schools"].query("year == @YEAR").iloc[0]
    named = {"municipality": school["municipality"], "school_id": school["school_id"], "year": YEAR}
    decided = {"category": "low_results", "decision": "include", "reason": "проверка", "decided_by": "комиссия"}
    decided |= {"decided_on": pd.Timestamp(YEAR, 9, 14)}
    received = {
        "category": "low_results",
        "source": "region",
        "document": "перечень",
        "received_on": pd.NaT,
        "ground": None,
    }
    listed = {"exam": "OGE", "subject": "maths", "grade": 9.0, "below_minimum_share": 0.4}
    return tables | {
        "expert_decisions": pd.DataFrame([named | decided]),
        "low_procedures": pd.DataFrame([named | listed]),
        "received_lists": pd.DataFrame([named | received]),
    }


@pytest.fixture(scope="module")
def alone(region) -> dict[str, Population]:
    """Each office as :func:`~shnor_lib.office.assemble.assemble_office` has it: every indicator of its own tables."""
    found = {}
    for office in sorted(region["schools"]["municipality"].unique()):
        tables = {name: rows[rows["municipality"].eq(office)].reset_index(drop=True) for name, rows in region.items()}
        store = compute_store({name: rows for name, rows in tables.items() if len(rows)})
        sources = pd.DataFrame(columns=["municipality", "tables", "complete"])
        found[office] = Population(tables, sources, store)
    return found


@pytest.mark.parametrize("name", ["fioko-2021", "fioko-2025", "lesosibirsk-2020"])
def test_offices_judged_together_are_judged_as_alone(region, alone, name):
    method = apply_changes(
        read_method(WORKSPACE, name), [Change(path="decisions.low_results.received", value="decides")], "тест"
    )
    together = judge_offices(method, region, YEAR)
    assert together.identification["identified"].nunique() == 3 and "expert" in set(together.identification["decision"])
    for office, population in alone.items():
        own = judge(method, population, YEAR)
        for frame in ("verdicts", "identification", "low_procedures", "components"):
            found = getattr(together, frame)
            found = found[found["municipality"].eq(office)].reset_index(drop=True)
            expected = getattr(own, frame).reset_index(drop=True)
            pd.testing.assert_frame_equal(found, expected, check_exact=True, check_dtype=False)


def test_tables_that_nobody_has_are_missing_data(region):
    method = read_method(WORKSPACE, "lesosibirsk-2020")
    judged = judge_offices(method, {"schools": region["schools"]}, YEAR)
    assert set(judged.verdicts["verdict"]) == {"not_assessed"}
    assert set(judged.identification["identified"]) == {"insufficient_data"}


def test_what_is_found_of_an_office_once_is_found_once_for_it_alone():
    asked = []

    @once
    def schools(office):
        asked.append(office)
        return [office.municipality]

    one, other = SimpleNamespace(municipality="a"), SimpleNamespace(municipality="b")
    assert schools(one) is schools(one) and schools(other) == ["b"] and asked == [one, other]
