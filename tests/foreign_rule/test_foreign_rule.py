"""Criteria are data: an official rule of another country is stated in a method file and gives its official list.

The schools are invented; their file has the shape of the state's own (achievement, growth status, growth score by year). Numbers
by hand: score = 0.8 · achievement + 0.2 · growth, D below 55 after rounding, low-performing = D or F and growth not exceeded.
"""

from pathlib import Path

import pandas as pd
import pytest

from shnor_lib.indicators import Store
from shnor_lib.inputs.dictionary import table
from shnor_lib.inputs.sources.rows import empty_rows
from shnor_lib.office.gather import Population
from shnor_lib.office.judging import judge
from shnor_lib.params.reading import read_method, read_scenario
from shnor_lib.params.scenarios import apply_changes

HERE = Path(__file__).parent
GROWTH = {"Exceeded": 1.0, "Met": 2.0, "NotMet": 3.0}


def population_of(schools: pd.DataFrame) -> Population:
    """A state's file as the population that :func:`judge` takes: ``year``, ``agency_code``, and each figure a row of the long table.

    ``highest_grade``: 11 where the file does not say.
    """
    grades = schools.get("highest_grade", 11)
    figures = [name for name in schools if name not in ("year", "agency_code", "highest_grade")]
    long = schools.melt(["year", "agency_code"], figures, "indicator").astype({"value": float})
    long = long.rename(columns={"agency_code": "school_id"})
    indicators = long.assign(municipality="state", level="school", group="", numerator=float("nan"), note="")
    indicators["denominator"] = float("nan")
    registry = schools[["year", "agency_code"]].rename(columns={"agency_code": "school_id"})
    registry = registry.assign(
        municipality="state", level="school", kind="СОШ", locality="urban", special_type=None, highest_grade=grades
    )
    lists = pd.DataFrame(
        columns=["municipality", "school_id", "year", "exam", "subject", "grade", "below_minimum_share"]
    )
    experts = pd.DataFrame(
        columns=["municipality", "school_id", "year", "category", "decision", "reason", "decided_by", "decided_on"]
    )
    received = empty_rows(table("received_lists")).assign(municipality=None)
    tables = {"schools": registry, "low_procedures": lists.astype("string")}
    tables |= {"expert_decisions": experts, "received_lists": received}
    sources = pd.DataFrame(columns=["municipality", "tables", "complete"])
    nothing = pd.DataFrame()
    return Population(
        tables=tables, problems=nothing, sources=sources, corrections=nothing, store=Store.of_long(indicators)
    )


def answers(schools: pd.DataFrame, year: int, scenario: str | None = None) -> dict[str, str]:
    rules = read_method(HERE, "state-grades")
    if scenario:
        rules = apply_changes(rules, read_scenario(HERE, scenario).changes, scenario)
    schools = schools[["year", "agency_code", "ach_score", "eg_score"]].assign(
        eg_status=schools["eg_status"].map(GROWTH)
    )
    found = judge(rules, population_of(schools), year).identification
    return dict(zip(found["school_id"], found["identified"], strict=True))


@pytest.fixture(scope="module")
def invented() -> pd.DataFrame:
    return pd.read_csv(HERE / "schools.csv", dtype={"agency_code": str})


def test_low_performing_schools_of_the_year(invented):
    assert answers(invented, 2018) == {
        "900A01": "yes",  # 0.8·50 + 0.2·72 = 54.4 → 54, D, growth met
        "900A02": "no",  # 41.3, D, but growth exceeded
        "900A03": "yes",  # 40.24 + 13.98 = 54.22 → 54, D, growth not met
        "900A04": "no",  # 40 + 14.5 = 54.5 → 55, C
        "900A05": "yes",  # 40 + 14.48 = 54.48 → 54, D
        "900A06": "no",  # no growth: the score is 70, C
        "900A07": "yes",  # 36 + 12 = 48
        "900A08": "yes",  # 37.6 + 14.2 = 51.8
        "900A09": "no",  # 81.6
        "900A10": "insufficient_data",  # 41, D, and growth unknown: missing is never good
    }


def test_recurring_low_performing_schools(invented):
    assert answers(invented, 2018, "recurring") == {
        "900A01": "yes",  # 44 F..D not met, 53.4 D met, 54 D met: three of three
        "900A02": "no",  # growth exceeded in every year
        "900A03": "no",  # only 2018
        "900A04": "yes",  # 2016: 54.4 D met; 2017: 54 D not met
        "900A05": "yes",  # 2016: 59 C; 2017: 54.2 → 54 D not met; 2018 D
        "900A06": "yes",  # 2016 and 2017 D, growth not met
        "900A07": "yes",  # 2016: 54 D met; 2017 unknown; 2018 D
        "900A08": "yes",  # opened in 2017; both years D
        "900A09": "no",
        "900A10": "insufficient_data",
    }


def test_the_scenario_of_another_rule_is_one_changed_file(invented):
    listed = {school for school, answer in answers(invented, 2018).items() if answer == "yes"}
    again = {school for school, answer in answers(invented, 2018, "recurring").items() if answer == "yes"}
    assert listed - again == {"900A03"} and again - listed == {"900A04", "900A06"}
