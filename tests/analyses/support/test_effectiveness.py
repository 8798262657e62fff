"""Report 85: what ran and for whom, lists beside luck, the table for the region; unknown is never none."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from shnor_lib.analyses.overview import Board
from shnor_lib.analyses.support.effect import supported_schools
from shnor_lib.analyses.support.effectiveness import (
    Effectiveness,
    directions_of,
    lists_after,
    schools_reached,
)
from shnor_lib.analyses.support.mechanism import ELEMENTS, cycle, measures_of_elements
from shnor_lib.analyses.support.plan import SupportPlan
from shnor_lib.pages.numbers import format_number
from shnor_lib.pages.views import effectiveness as view
from shnor_lib.pages.views import overview
from tests.shipped import shipped

REAL = [("lesosibirsk", 2020), ("lesozavodsk", 2021), ("kushva", 2020), ("krasnokholm", 2021), ("iskitim", 2021)]


@pytest.fixture(scope="module")
def office():
    return shipped("demo", 2021)


def said(shown) -> str:
    return shown._repr_mimebundle_()["text/html"].replace("\u00a0", " ")


def answers(**listed: str) -> pd.DataFrame:
    """An identification: each school with ``yes`` or ``no`` after experts, a slash and the calculation where it differs."""
    rows = [(one, "low_results", word.split("/")[0], word.split("/")[-1]) for one, word in listed.items()]
    return pd.DataFrame(rows, columns=["school_id", "category", "identified", "calculated"])


def two_years(before: pd.DataFrame, now: pd.DataFrame) -> SimpleNamespace:
    return SimpleNamespace(
        previous=before, identification=now, method=SimpleNamespace(of_purpose=lambda _: ["low_results"])
    )


def test_half_of_the_schools_that_moved_leave_by_luck_and_experts_are_told_apart():
    before = answers(a="yes", b="yes", c="yes", d="no", e="no")
    now = answers(a="yes", b="no", c="no/yes", d="yes", e="no")
    row = lists_after(two_years(before, now)).iloc[0]
    assert row[["before", "left", "entered", "stayed", "open"]].tolist() == [3, 2, 1, 1, 0]
    assert row[["calculated_left", "moved", "by_luck", "beyond"]].tolist() == [1, 2, 1.0, 0]


@pytest.mark.parametrize(("left", "beyond"), [(4, 0), (5, 1)])
def test_five_of_five_are_more_than_luck_and_four_of_four_are_not(left, beyond):
    """Luck alone takes all of four in one year of 16, all of five in one of 32."""
    schools = [f"s{number}" for number in range(left)]
    found = lists_after(two_years(answers(**dict.fromkeys(schools, "yes")), answers(**dict.fromkeys(schools, "no"))))
    assert found["beyond"].tolist() == [beyond]


def test_lists_of_schools_that_do_not_change_are_called_changed_in_a_year_of_twenty_at_most():
    """Two noisy years of the same 40 schools, listed below a line that half of the low ones cross by luck."""
    random, alarms = np.random.default_rng(8), 0
    for _ in range(400):
        truth = random.normal(0, 1, 40)
        first, second = (truth + random.normal(0, 0.5, 40) < -0.5 for _ in range(2))
        frames = [
            answers(**{f"s{n:02}": "yes" if low else "no" for n, low in enumerate(one)}) for one in (first, second)
        ]
        alarms += lists_after(two_years(*frames))["beyond"].iloc[0]
    assert alarms / 400 <= 0.05


def test_without_a_list_of_the_year_before_nothing_is_compared(office):
    assert lists_after(replace(office, previous=office.previous.iloc[:0])).empty


@pytest.mark.parametrize(("municipality", "year"), [("demo", 2021), ("demo-rayon", 2021), ("kushva", 2020)])
def test_the_board_reads_the_same_answer_as_report_85(municipality, year):
    office = shipped(municipality, year)
    board, found = Board(office), Effectiveness(office)
    assert board.facts["effect_difference"] == found.facts["effect_difference"]
    words = "кому помогали раньше, в данных не сказано"
    if len(found.differences):
        words = f"{format_number(found.facts['effect_difference'])} % от максимума"
    assert f"Помогла ли поддержка, судить рано: {words}" in said(overview.show_headlines(board))


def test_a_list_of_schools_that_share_or_are_watched_is_no_support(office):
    """Here the schools in adverse conditions are some that others learn from: they are not helped, so their list answers nothing."""
    decisions = dict(office.method.decisions)
    for purpose in ("share", "watch"):
        decisions["adverse_conditions"] = decisions["adverse_conditions"].model_copy(update={"purpose": purpose})
        other = replace(office, method=office.method.model_copy(update={"decisions": decisions}))
        low = other.previous[other.previous["category"].eq("low_results") & other.previous["identified"].eq("yes")]
        supported, found = supported_schools(other), Effectiveness(other)
        assert set(supported.loc[supported["way"].eq("programme"), "school_id"]) == set(low["school_id"])
        assert found.lists["category"].tolist() == ["low_results"]
        assert found.differences.loc[found.differences["cut"].eq("category"), "name"].tolist() == ["low_results"]
        assert set(found.reached["before"].dropna()) == {"low_results"}


def test_a_listed_school_without_help_of_its_own_is_named(office):
    found = Effectiveness(office)
    reached = found.reached.set_index("school_id")
    assert reached["got"].to_dict()["demo-05"] == "own"
    assert (
        found.facts["reach_listed"]
        == reached["before"].notna().sum()
        == found.facts["reach_own"] + found.facts["reach_common"]
    )
    bare = reached[reached["got"].eq("common")]
    assert (
        len(bare)
        and bare[["partners", "curators"]].isna().all(axis=None)
        and bare[["ran", "events"]].eq(0).all(axis=None)
    )
    decided = said(view.show_decisions(found))
    assert all(office.school_names[school] in decided for school in bare.index)


def test_who_had_help_is_unknown_where_no_table_names_a_school(office):
    measures = office.tables["measures"].assign(school_id=pd.NA)
    tables = office.tables | {"measures": measures}
    tables |= {name: office.tables[name].iloc[:0] for name in ("partnerships", "exchange_events", "curators")}
    found = Effectiveness(replace(office, tables=tables))
    reached = schools_reached(SupportPlan(found.office))
    assert len(reached) and reached[["got", "measures", "ran", "partners", "curators", "events"]].isna().all(axis=None)
    assert found.facts["reach_own"] is None
    assert "Какую помощь получили школы перечня, не известно" in said(view.show_reached(found, found.reached))


def test_measures_that_ran_are_done_or_under_way_and_add_up(office):
    found = directions_of(office)
    now = found[found["year"].eq(2021)]
    parts, whole = now[now["section"].ne("total")], now[now["section"].eq("total")].iloc[0]
    assert (
        parts[["measures", "ran", "done"]].sum().tolist() == whole[["measures", "ran", "done"]].tolist() == [27, 21, 15]
    )
    assert set(found["year"]) == {2019, 2020, 2021} and now["on"].eq(pd.Timestamp("2021-08-31")).all()


@pytest.mark.parametrize(("municipality", "year"), REAL)
def test_a_plan_that_nobody_reported_on_is_not_called_run(municipality, year):
    found = Effectiveness(shipped(municipality, year))
    assert found.directions["ran"].isna().all() and found.facts["measures_reported"] == 0
    assert "Какие меры прошли, не известно: в данных только план" in said(view.show_directions(found, found.directions))


@pytest.mark.parametrize(("municipality", "year"), [*REAL, ("demo", 2021), ("demo", 2019), ("demo-rayon", 2021)])
def test_N8_the_table_for_the_region_has_eight_elements_and_says_what_is_lacking(municipality, year):
    table = view.table_mechanism(Effectiveness(shipped(municipality, year)))
    assert table.frame["element"].tolist() == list(ELEMENTS) and len(ELEMENTS) == 8
    told = table.frame[["municipality", "school"]].map(str)
    assert not told.map(lambda text: text.strip(" .") == "нет" or " 0" in text).any(axis=None)
    unknown = table.frame[["municipality", "school"]].eq("нет сведений").all(axis=1)
    assert table.frame.loc[unknown, "lacking"].ne("–").all(), "where nothing is known, what would tell it"


def test_H2_krasnokholm_shows_the_cycle_by_level():
    found = Effectiveness(shipped("krasnokholm", 2021))
    html = said(view.show_mechanism(found))
    assert "Меры есть на каждом этапе управленческого цикла" in html
    assert "Этапы без мер школьного уровня: определение показателей, методов сбора информации." in html
    assert "Этап не назван у 9 мер." in html
    counts = measures_of_elements(found.plan).set_index("element")
    assert counts.loc["purposes", ["municipality", "school"]].tolist() == [4, 1]
    assert counts.loc["analysis"].tolist() == counts.loc["recommendations"].tolist()


def test_a_programme_that_names_no_stage_has_no_counts_by_element():
    plan = SupportPlan(shipped("kushva", 2020))
    assert cycle(plan) is None
    assert measures_of_elements(plan)[["municipality", "school"]].isna().all(axis=None)
    assert "Этапов цикла программа у мер не называет" in said(view.table_mechanism(Effectiveness(plan.office)))


@pytest.mark.parametrize(("municipality", "year"), [*REAL, ("demo", 2021), ("demo-rayon", 2021)])
def test_every_view_can_be_shown(municipality, year):
    found = Effectiveness(shipped(municipality, year))
    shown = [
        view.show_headlines(found),
        view.show_decisions(found),
        view.show_effect(found, found.effect.rows),
        view.show_lists(found, found.lists),
        view.show_gaps(found),
        view.show_reached(found, found.reached),
        view.show_directions(found, found.directions),
        view.show_mechanism(found),
    ]
    html = " ".join(map(said, shown))
    assert not any(f">{word}<" in html for word in ("nan", "NaT", "None", "&lt;NA&gt;"))
