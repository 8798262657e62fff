"""Did help work: held against drawn truth, and every reason why it cannot be told yet."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from shnor_lib.analyses.support.effect import (
    ANY,
    EFFECT,
    PROGRAMME,
    difference,
    effect_of_support,
    supported_schools,
)
from shnor_lib.office.assemble import assemble_office
from shnor_lib.pages.views import effectiveness as view
from shnor_lib.statistics.components import Components, Model, fit
from tests.shipped import ROOT, shipped
from tools.simulation.variance import draw_results

REGION = Components(school=6.2, subject=3.5, cohort=3.0, pupil=17.4)


@pytest.fixture(scope="module")
def office():
    return shipped("demo", 2021)


def with_tables(office, **tables: pd.DataFrame):
    return replace(office, tables=office.tables | tables)


def only_partners(office):
    """The office as if partners were all its support."""
    nobody = {name: office.tables[name].iloc[:0] for name in ("measures", "curators")}
    return replace(with_tables(office, **nobody), previous=office.previous.iloc[:0])


def test_low_schools_rise_by_themselves_and_gain_nothing_by_that():
    """Without any support: the lowest quarter of the first year rises in the second, and gains no more than the others."""
    random, plain, gained = np.random.default_rng(4), [], []
    for _ in range(40):
        cells = draw_results(random, 14, REGION, (16, 60), years=2).cells
        second = np.tile([False, True], 9)
        apart = cells.values - np.nanmean(cells.values, axis=0)
        low = np.argsort(np.argsort(np.nanmean(apart[:, ~second], axis=1))) < 4
        rise = np.nanmean(apart[:, second], axis=1) - np.nanmean(apart[:, ~second], axis=1)
        gains, _ = fit(cells, REGION).gains(np.broadcast_to(second, cells.values.shape))
        plain.append(rise[low].mean() - rise[~low].mean())
        gained.append(gains[low].mean() - gains[~low].mean())
    chance = np.std(gained) / np.sqrt(len(gained))
    assert np.mean(plain) > 0.5, "what a comparison of two years would call the success of help"
    assert abs(np.mean(gained)) < 3 * chance


def helped_after_the_first_year(random) -> tuple[Model, np.ndarray]:
    """Three years of 14 schools, and the later results of the four that were lowest in the first."""
    cells = draw_results(random, 14, REGION, (16, 60), years=3).cells
    later = np.tile([False, True, True], 9)
    first = np.nanmean((cells.values - np.nanmean(cells.values, axis=0))[:, ~later], axis=1)
    return Model(cells, REGION), (np.argsort(np.argsort(first)) < 4)[:, None] & later


def test_without_any_effect_the_interval_holds_none_as_often_as_it_says():
    """Of 200 offices where help adds nothing, an interval of 95 % leaves none out in one of twenty, but for luck."""
    random, held = np.random.default_rng(17), []
    for _ in range(200):
        model, after = helped_after_the_first_year(random)
        low, high = difference(model, after, after)[4:6]
        held.append(low <= 0 <= high)
    assert abs(np.mean(held) - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 200)


@pytest.mark.parametrize("added", [-4.0, 6.0])
def test_what_help_adds_moves_the_difference_by_as_much_and_nothing_else(added):
    model, after = helped_after_the_first_year(np.random.default_rng(5))
    raised = replace(model, cells=replace(model.cells, values=model.cells.values + added * after))
    before, now = (np.array(difference(one, after, after)[2:7]) for one in (model, raised))
    assert now - before == pytest.approx([added, 0, added, added, 0])


def test_results_after_another_kind_of_help_are_no_measure_of_what_to_expect():
    """A school gained 8 points from its first help on; what its second help added later is asked of the rest of its results."""
    cells = draw_results(np.random.default_rng(3), 14, REGION, (200, 201), years=3, absent=0.0).cells
    year = np.tile([0, 1, 2], 9)
    helped = np.arange(14) < 4
    after, second = helped[:, None] & (year > 0), helped[:, None] & (year == 2)
    plain = difference(Model(cells, REGION), second, after)
    raised = difference(Model(replace(cells, values=cells.values + 8.0 * (after & ~second)), REGION), second, after)
    assert raised[:-1] == pytest.approx(plain[:-1])


def test_what_support_adds_is_found_and_named(office):
    own = only_partners(office)
    before = effect_of_support(own).rows.set_index("name")
    helped = set(own.tables["partnerships"]["school_id"].dropna())
    later = own.indicators["school_id"].isin(helped) & own.indicators["year"].gt(2019)
    results = own.indicators["indicator"].str.startswith("mean_percent[")
    raised = own.indicators.assign(value=own.indicators["value"] + 8.0 * (later & results))
    after = effect_of_support(replace(own, indicators=raised)).rows.set_index("name")
    assert after.loc[ANY, "difference"] == pytest.approx(before.loc[ANY, "difference"] + 8, abs=0.7)
    assert after.loc[ANY, "word"] == "better" and after.loc["partner", "low"] > 0


def test_rows_agree_with_themselves(office):
    rows = effect_of_support(office).rows
    assert list(rows) == EFFECT and rows["cut"].iloc[0] == rows["name"].iloc[0] == ANY
    assert (rows["low"] < rows["difference"]).all() and (rows["difference"] < rows["high"]).all()
    assert (rows["word"].eq("open") == (rows["low"].le(0) & rows["high"].ge(0))).all()
    assert (rows["detectable"] > (rows["high"] - rows["low"]) / 2).all()
    assert (rows["supported"] + rows["others"] <= len(office.schools)).all()


def test_who_was_supported_since_when(office):
    measures = (
        office.tables["measures"]
        .iloc[:3]
        .assign(
            year=[2020, 2020, 2021], school_id=["demo-01", "demo-02", "demo-03"], status=["done", "cancelled", "done"]
        )
    )
    own = replace(with_tables(office, measures=measures), previous=office.previous.iloc[:0])
    found = supported_schools(own).set_index(["way", "school_id"])["since"]
    assert found["measure"].to_dict() == {"demo-01": 2020}, "a cancelled measure and one of this year help nobody yet"
    assert found["partner"].to_dict() == dict.fromkeys(["demo-05", "demo-06", "demo-11", "demo-12"], 2019)
    assert found[ANY].to_dict() == found["partner"].to_dict() | found["measure"].to_dict()


def test_schools_of_every_list_are_supported_where_the_programme_has_measures_for_all(office):
    listed = set(office.previous.loc[office.previous["identified"].eq("yes"), "school_id"])
    found = supported_schools(office)
    assert set(found.loc[found["way"].eq(PROGRAMME), "school_id"]) == listed
    assert {"low_results", "adverse_conditions"} <= set(
        office.previous.loc[office.previous["identified"].eq("yes"), "category"]
    )
    measures = office.tables["measures"]
    own_only = with_tables(office, measures=measures[measures["school_id"].notna()])
    assert PROGRAMME not in set(supported_schools(own_only)["way"])


def test_the_answer_is_cut_by_way_by_list_and_by_year(office):
    rows = effect_of_support(office).rows
    assert rows.groupby("cut", sort=False)["name"].agg(list).to_dict() == {
        ANY: [ANY],
        "way": ["partner", "curator", "measure", PROGRAMME],
        "category": ["low_results", "adverse_conditions"],
        "years": ["1", "2"],
    }
    counted = rows.set_index("name")["supported"]
    assert counted["low_results"] <= counted[ANY] and counted["2"] == 4, "partnerships of 2019 alone have a second year"


def test_N8_the_report_tells_whether_help_worked_or_what_is_lacking(office):
    nobody = replace(
        with_tables(
            office, **{name: office.tables[name].iloc[:0] for name in ("measures", "partnerships", "curators")}
        ),
        previous=office.previous.iloc[:0],
    )
    early = replace(only_partners(office), indicators=office.indicators[office.indicators["year"].le(2019)])
    partners = office.tables["partnerships"]
    one = with_tables(only_partners(office), partnerships=partners[partners["school_id"].eq("demo-05")])
    for made, lacking, words in (
        (nobody, "support", "Не известно, кому помогали до 2021 года"),
        (early, "later", "результатов школ после её начала нет"),
        (one, "others", "нужны хотя бы у 3 поддержанных школ"),
    ):
        effect, found = effect_of_support(made), view.effectiveness(made)
        assert (effect.lacking, effect.rows.empty) == (lacking, True)
        heading, text = view.show_effect(found, effect.rows).items
        assert heading.text == "Помогла ли поддержка, судить рано" and words in text.text.replace("\xa0", " ")
        assert "судить рано" in view.show_headlines(found)._repr_mimebundle_()["text/html"]
    found = view.effectiveness(office)
    told = view.show_effect(found, found.effect.rows)._repr_mimebundle_()["text/html"].replace("\xa0", " ")
    assert "Сравниваются 8 поддержанных школ и 6 школ без поддержки" in told and "Вывод</th>" in told


def test_the_public_edition_says_where_the_answer_is():
    found = view.effectiveness(assemble_office(ROOT, "demo", 2021, audience="public"))
    assert found.effect is None
    assert "говорит полный отчёт" in view.show_effect(found, found.differences).items[0].text
