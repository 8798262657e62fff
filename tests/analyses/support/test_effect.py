"""Did help work: held against drawn truth, and every reason why it cannot be told yet."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from shnor_lib.analyses.support.effect import ANY, EFFECT, effect_of_support, supported_schools
from shnor_lib.office.assemble import assemble_office
from shnor_lib.pages.views import support_plan as view
from shnor_lib.statistics.components import Components, fit
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
    return replace(with_tables(office, measures=office.tables["measures"].iloc[:0]), previous=office.previous.iloc[:0])


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


def test_what_support_adds_is_found_and_named(office):
    own = only_partners(office)
    before = effect_of_support(own).rows.set_index("way")
    helped = set(own.tables["partnerships"]["school_id"].dropna())
    later = own.indicators["school_id"].isin(helped) & own.indicators["year"].gt(2019)
    results = own.indicators["indicator"].str.startswith("mean_percent[")
    raised = own.indicators.assign(value=own.indicators["value"] + 8.0 * (later & results))
    after = effect_of_support(replace(own, indicators=raised)).rows.set_index("way")
    assert after.loc[ANY, "difference"] == pytest.approx(before.loc[ANY, "difference"] + 8, abs=1.0)
    assert after.loc[ANY, "word"] == "better" and after.loc["partner", "low"] > 0


def test_rows_agree_with_themselves(office):
    rows = effect_of_support(office).rows
    assert list(rows) == EFFECT and rows["way"].iloc[0] == ANY
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


def said_of(plan) -> str:
    return " ".join(one.text for one in view.show_effect(plan).items if hasattr(one, "text"))


def test_what_is_lacking_is_said(office):
    nobody = replace(
        with_tables(office, **{name: office.tables[name].iloc[:0] for name in ("measures", "partnerships")}),
        previous=office.previous.iloc[:0],
    )
    early = replace(only_partners(office), indicators=office.indicators[office.indicators["year"].le(2019)])
    partners = office.tables["partnerships"]
    one = with_tables(only_partners(office), partnerships=partners[partners["school_id"].eq("demo-05")])
    for made, lacking, words in (
        (nobody, "support", "Кому помогали в прошлые годы"),
        (early, "later", "Результаты после начала поддержки"),
        (one, "others", "хотя бы у двух поддержанных школ"),
    ):
        effect = effect_of_support(made)
        assert (effect.lacking, effect.rows.empty) == (lacking, True)
        plan = view.support_plan(made)
        assert words in view.show_absent(plan)._repr_mimebundle_()["text/html"].replace("\xa0", " ")
        assert view.show_effect(plan).items == []


def test_the_public_edition_says_where_the_answer_is():
    assert "говорит полный отчёт" in said_of(view.support_plan(assemble_office(ROOT, "demo", 2021, audience="public")))
