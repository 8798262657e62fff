"""Which schools an answer is asked of: by hand."""

import pandas as pd
import pytest

from shnor_lib.office.registry import count_schools, judged_schools

SCHOOLS = pd.DataFrame(
    {"municipality": "m", "level": "school", "school_id": ["weak", "strong"], "year": 2021, "schools": [None, None]}
)
PARTNERS = pd.DataFrame({"municipality": ["m"], "school_id": [None], "partner_id": ["strong"], "year": [2021]})


def sources(complete: bool | None, year: int = 2021) -> pd.DataFrame:
    """SOURCES.yml of the registry: whether it names all schools."""
    return pd.DataFrame({"municipality": ["m"], "tables": [["schools"]], "year": [year], "complete": [complete]})


def rows_of(school: str) -> pd.DataFrame:
    """A table with a row of a school."""
    return pd.DataFrame({"municipality": ["m"], "school_id": [school], "year": [2021]})


@pytest.mark.parametrize(
    "complete, others, judged",
    [
        (False, {}, ["weak"]),
        (True, {}, ["strong", "weak"]),
        (None, {}, ["strong", "weak"]),
        (False, {"exam_results": rows_of("weak")}, ["weak"]),
        (False, {"exam_results": rows_of("strong")}, ["strong", "weak"]),
    ],
    ids=["named for that only", "whole registry", "nothing declared", "another has results", "it has results"],
)
def test_a_partner_of_which_nothing_else_is_told_is_no_candidate(complete, others, judged):
    tables = {"schools": SCHOOLS, "partnerships": PARTNERS} | others
    assert judged_schools(tables, sources(complete), 2021)["school_id"].tolist() == judged
    assert count_schools(tables, sources(complete), 2021) == len(judged)


def test_a_partner_of_a_later_year_or_of_another_municipality_is_no_partner():
    for other in ({"year": 2022}, {"municipality": "n"}):
        tables = {"schools": SCHOOLS, "partnerships": PARTNERS.assign(**other)}
        assert len(judged_schools(tables, sources(False), 2021)) == 2
