"""Results against expectation (B10): a model that did not see the school, its interval, and plain refusals."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from shnor_lib.analyses.expectation import (
    expectation_counts,
    expected_of_offices,
    hold_against_context,
    region_of_offices,
)
from shnor_lib.pages.markup import TABLE_MIME
from shnor_lib.pages.views import region as view
from shnor_lib.params.profiles import Expectation, RegionProfile
from shnor_lib.whatif.region import Region, region_facts
from tests.shipped import shipped

SETTINGS = Expectation(context=("a", "b"), minimum_schools=5, schools_per_predictor=2)


def schools(n: int = 14, seed: int = 1, noise: float = 1.0) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    a, b = generator.uniform(0, 1, (2, n))
    return pd.DataFrame(
        {
            "municipality": "m",
            "school_id": [f"s{number:02d}" for number in range(n)],
            "value": 5 - 10 * a + noise * generator.standard_normal(n),
            "participants": 100.0,
            "a": a,
            "b": b,
        }
    )


def test_B10_every_school_is_expected_by_a_model_without_it():
    """Refit without each school by least squares: prediction and interval as in a textbook."""
    table = schools()
    found = hold_against_context(table, ["a", "b"], SETTINGS).schools
    design = np.column_stack([np.ones(14), table["a"], table["b"]])
    y = table["value"].to_numpy()
    for row in range(14):
        others = np.arange(14) != row
        x, left = design[row], design[others]
        coefficients, sse, *_ = np.linalg.lstsq(left, y[others], rcond=None)
        freedom = 13 - 3
        error = np.sqrt(sse[0] / freedom * (1 + x @ np.linalg.inv(left.T @ left) @ x))
        half = stats.t.ppf(0.95, freedom) * error
        assert found.loc[row, "expected"] == pytest.approx(x @ coefficients)
        assert found.loc[row, "high"] - found.loc[row, "low"] == pytest.approx(2 * half)


def test_the_interval_holds_as_often_as_it_says():
    outside = [
        hold_against_context(schools(20, seed), ["a", "b"], SETTINGS).schools["comparison"].ne("same").mean()
        for seed in range(60)
    ]
    assert np.mean(outside) == pytest.approx(0.10, abs=0.025)


def test_a_school_far_above_its_context_is_resilient_and_one_far_below_is_not():
    table = schools(noise=0.3)
    table.loc[3, "value"] += 8
    table.loc[5, "value"] -= 8
    found = hold_against_context(table, ["a", "b"], SETTINGS)
    assert found.schools.loc[[3, 5], "comparison"].tolist() == ["better", "worse"]
    assert found.by_chance == pytest.approx(1.4)
    counts = expectation_counts(found)
    assert counts["by_chance"] == pytest.approx(0.7)  # on each side


def test_fit_is_worse_on_schools_that_the_model_did_not_see():
    found = hold_against_context(schools(), ["a", "b"], SETTINGS)
    assert 0 < found.fit_unseen < found.fit < 1
    slope = found.coefficients.set_index("predictor").loc["a"]
    assert slope["low"] < slope["coefficient"] < slope["high"] < 0


def test_the_unit_and_order_of_the_context_do_not_matter():
    table = schools()
    other = table.assign(a=100 * table["a"] + 7).sample(frac=1, random_state=1)
    one, two = (hold_against_context(frame, ["a", "b"], SETTINGS).schools for frame in (table, other))
    two = two.set_index("school_id").loc[one["school_id"]]
    assert one["expected"].to_numpy() == pytest.approx(two["expected"].to_numpy())


def test_a_ridge_draws_the_coefficients_to_zero():
    plain, drawn = (
        hold_against_context(schools(), ["a", "b"], SETTINGS.model_copy(update={"ridge": ridge})).coefficients
        for ridge in (0.0, 50.0)
    )
    assert drawn["coefficient"].abs().sum() < plain["coefficient"].abs().sum()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda t: t.head(4), "нужно не меньше 5"),
        (lambda t: t.assign(a=np.nan), "нет показателей социального контекста"),
        (lambda t: t.assign(value=np.nan), "нет результатов"),
        (lambda t: t.assign(value=1.0), "одинаковы"),
        (lambda t: t.assign(b=2 * t["a"] + 1), "повторяют друг друга"),
        (lambda t: t.assign(a=1.0, b=2.0), "не различают"),
    ],
)
def test_refused_with_a_reason(change, reason, monkeypatch):
    monkeypatch.setattr("shnor_lib.analyses.expectation.indicator_label", str)
    found = hold_against_context(change(schools()), ["a", "b"], SETTINGS)
    assert reason in found.refusal and found.schools["expected"].isna().all()
    assert set(found.schools["comparison"]) == {"not_compared"}


def test_a_constant_predictor_is_left_out_and_a_school_without_context_is_not_compared():
    table = schools().assign(b=1.0)
    table.loc[2, "a"] = np.nan
    found = hold_against_context(table, ["a", "b"], SETTINGS)
    assert found.coefficients["predictor"].tolist() == ["a"] and found.n == 13
    assert found.schools.loc[2, ["comparison", "reason"]].tolist() == [
        "not_compared",
        "нет показателей социального контекста",
    ]


def test_the_demo_office_has_one_resilient_school():
    found = expected_of_offices([shipped("demo", 2021)])
    assert found.n == 14 and not found.refusal
    assert found.schools.loc[found.schools["comparison"].eq("better"), "school_id"].tolist() == ["demo-07"]
    assert 0.3 < found.fit_unseen < found.fit


def test_offices_without_context_are_refused():
    found = expected_of_offices([shipped("lesosibirsk", 2020)])
    assert "Доля малообеспеченных семей" in found.refusal


def test_municipalities_that_are_too_small_alone_are_pooled_over_the_region():
    parts = list(halves().offices.values())
    for part in parts:
        assert "нужно не меньше 12" in expected_of_offices([part]).refusal
    together = expected_of_offices(parts)
    assert together.n == 14 and not together.refusal and together.reference == "region"
    assert set(together.schools["municipality"]) == {"part-0", "part-1"}


def halves() -> Region:
    """A region of two offices that are the two halves of one."""
    office = shipped("demo", 2021)
    parts = {}
    for place in range(2):
        name = f"part-{place}"
        own = office.schools["school_id"].iloc[place::2]
        tables = office.tables | {"schools": office.tables["schools"][office.tables["schools"]["school_id"].isin(own)]}
        rows = office.indicators[office.indicators["school_id"].isin(own) | office.indicators["level"].ne("school")]
        parts[name] = dataclasses.replace(
            office, municipality=name, tables=tables, indicators=rows.assign(municipality=name)
        )
    profile = RegionProfile(kind="region", title="О", municipalities=tuple(parts), years=(2021,))
    return Region("oblast", 2021, "internal", profile, parts, pd.DataFrame(columns=["municipality", "reason"]))


def test_B10_the_report_of_a_region_pools_the_schools_of_its_offices():
    region = halves()
    together = view.show_expectation(region)
    heading, offices, outside, fit = together.items[:4]
    counts = offices.frame.set_index("municipality")
    assert counts["schools"].tolist() == counts["compared"].tolist() == [7, 7]
    assert counts["better"].sum() == len(outside.frame[outside.frame["comparison"].eq("better")]) == 1
    assert "1" in heading.text and fit.frame.loc[0, "value"] == 14
    facts = region_facts(region)
    assert facts["region_expected_schools"] == 14 and facts["region_expected_above"] == 1
    files = {table["name"]: table for item in together.items[1:] for table in item._repr_mimebundle_()[TABLE_MIME]}
    assert len(files["region_expected_results"]["fields"][0]["values"]) == 14
    assert view.show_expectation(dataclasses.replace(region, audience="public"))._repr_mimebundle_()["text/html"] == ""


def test_a_region_with_too_few_schools_says_so():
    region = halves()
    lone = dataclasses.replace(region, offices={"part-0": region.offices["part-0"]})
    assert "нужно не меньше 12" in view.show_expectation(lone).items[1].text


def test_all_offices_of_a_region_are_held_against_the_same_value():
    """Published by one office only: taken for both; published by none: 50 and 60 of 10 and 30 pupils are 57.5."""
    rows = pd.DataFrame(
        {
            "municipality": ["a", "b", "a", "a", "b"],
            "level": ["school", "school", "region", "school", "school"],
            "year": 2021,
            "indicator": ["m[OGE/maths/9]"] * 3 + ["m[OGE/russian/9]"] * 2,
            "value": [40.0, 44.0, 55.0, 50.0, 60.0],
            "denominator": [10.0, 10.0, 900.0, 10.0, 30.0],
        }
    )
    found = region_of_offices(rows).set_index(["municipality", "indicator"])["value"]
    assert found.to_dict() == {(office, name): value for office in "ab" for name, value in (("m[OGE/maths/9]", 55.0), ("m[OGE/russian/9]", 57.5))}  # fmt: skip
