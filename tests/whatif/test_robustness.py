"""Robustness (B3, B4): thresholds at which answers turn over, an office judged in many draws, which choice matters."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from shnor_lib.analyses.standing import result_cells
from shnor_lib.criteria.flips import flip_thresholds, smallest_changes
from shnor_lib.criteria.judge import measure_criteria
from shnor_lib.params.methods import Decision, Method, Robustness
from shnor_lib.params.scenarios import Change, apply_changes
from shnor_lib.whatif.robustness import (
    Bench,
    certainty,
    factors_of_method,
    index_certainty,
    study_robustness,
    what_matters,
)
from shnor_lib.whatif.robustness.family import at_least_options, options
from shnor_lib.whatif.robustness.findings import WORDS, cut_facts, cut_rows
from shnor_lib.whatif.scenarios import evidence_of, rejudge
from tests.shipped import shipped

NUMBERS = {"yes": 1.0, "no": 0.0, "met": 1.0, "not_met": 0.0}
ONE = pd.DataFrame(index=[0])
STILL = {"normalisation": (), "aggregation": (), "treatment": ()}


def by_rules(office, *changes: Change):
    """The office as another method judges it."""
    rules = apply_changes(office.method, changes, "test")
    found = rejudge(office, rules)
    return dataclasses.replace(office, method=rules, verdicts=found.verdicts, identification=found.identification)


def with_family(office, **family):
    method = office.method.model_copy(update={"robustness": Robustness(**family)})
    return dataclasses.replace(office, method=method)


def measured_of(office):
    return measure_criteria(office.method, evidence_of(office, [office.method]), office.year)


def flips_of(office):
    return flip_thresholds(office.method, measured_of(office), office.verdicts)


def changes_of(office):
    return smallest_changes(office.method, measured_of(office), office.verdicts, office.identification)


def assert_draw_is(drawn, row: int, office) -> None:
    """A draw has the verdicts and answers of an office."""
    for name, flags in drawn.verdicts.items():
        own = office.verdicts[office.verdicts["criterion"].eq(name)].set_index("school_id")["verdict"].map(NUMBERS)
        assert flags.iloc[row].fillna(-1).tolist() == own.reindex(flags.columns).fillna(-1).tolist(), name
    for category, flags in drawn.answers.items():
        own = office.identification[office.identification["category"].eq(category)]
        own = own.set_index("school_id")["calculated"].map(NUMBERS)
        assert flags.iloc[row].fillna(-1).tolist() == own.reindex(flags.columns).fillna(-1).tolist(), category


# --- draws -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("municipality", "year"), [("demo", 2021), ("demo", 2019), ("lesosibirsk", 2020), ("lesozavodsk", 2021)]
)
def test_with_nothing_varied_a_draw_is_the_method_itself(municipality, year):
    office = shipped(municipality, year)
    assert_draw_is(Bench(office).judge(ONE), 0, office)


@pytest.mark.parametrize("name", ["fioko-2021", "fioko-2025"])
def test_the_federal_rule_in_draws_is_the_rule_itself(name):
    office = shipped("demo", 2021)
    rules = next(variant.method for variant in office.variants if variant.name == name)
    found = rejudge(office, rules)
    office = dataclasses.replace(office, method=rules, verdicts=found.verdicts, identification=found.identification)
    assert_draw_is(Bench(office).judge(ONE), 0, office)


QUARTERS = ("lowest_results", "lowest_social_wellbeing", "lowest_staff_potential", "lowest_resource_potential")
GAPS = ("quality_gap", "standard_gap")


@pytest.mark.parametrize(
    ("factor", "position", "changes"),
    [
        ("rounding", 0.5, [(f"criteria.{name}.rounding", "up") for name in QUARTERS]),
        ("rounding", 0.99, [(f"criteria.{name}.rounding", "down") for name in QUARTERS]),
        ("ties", 0.9, [(f"criteria.{name}.ties", "exclude") for name in QUARTERS]),
        ("kind", 0.9, [(f"criteria.{name}.kind", "relative") for name in GAPS]),
        (
            "minimum_participants",
            0.0,
            [(f"criteria.{n}.minimum_participants", 5) for n in ("lowest_results", "low_continuation", "score_gap_region")],
        ),
        ("at_least", 0.0, [("decisions.low_results.at_least", 1)]),
        ("at_least", 0.99, [("decisions.low_results.at_least", 3), ("decisions.adverse_conditions.at_least", 2)]),
        ("threshold:lowest_results", 0.0, [("criteria.lowest_results.threshold", 0.25 * 0.9)]),
        ("threshold:quality_gap", 0.75, [("criteria.quality_gap.threshold", 0.1 * 1.05)]),
        (
            "normalisation",
            0.5,
            [(f"indices.{name}.normalisation", {"method": "zscore"}) for name in ("social_wellbeing_index", "staff_potential_index", "resource_potential_index")],
        ),
        (
            "aggregation",
            0.9,
            [(f"indices.{name}.aggregation", {"method": "power", "exponent": 0.5}) for name in ("social_wellbeing_index", "staff_potential_index")],
        ),
        (
            "treatment",
            0.9,
            [(f"indices.{name}.treatment", {"winsorise_limit": 1, "log": None}) for name in ("social_wellbeing_index", "staff_potential_index", "resource_potential_index")],
        ),
        ("weight:staff_potential_index:off_profile", 0.0, [("indices.staff_potential_index.components.off_profile.weight", 0.75)]),
    ],
)  # fmt: skip
def test_a_choice_in_a_draw_is_the_same_choice_in_a_scenario(factor, position, changes):
    office = shipped("demo", 2021)
    bench = Bench(office)
    design = pd.DataFrame({factor: [position]})
    if factor.startswith(
        "weight:"
    ):  # weights are drawn together; the others stand in the middle, where they are the method's
        names = [one.name for one in bench.factors if one.name.startswith("weight:staff")]
        design = pd.DataFrame({name: [0.5] for name in names}).assign(**{factor: position})
    other = by_rules(office, *(Change(path=path, value=value) for path, value in changes))
    assert_draw_is(bench.judge(design), 0, other)


def test_a_category_of_several_years_is_drawn_as_it_is_judged():
    office = by_rules(
        shipped("demo", 2021),
        Change(path="decisions.low_results.years", value=3),
        Change(path="decisions.low_results.years_identified", value=3),
    )
    assert_draw_is(Bench(office).judge(ONE), 0, office)


def test_chance_alone_leaves_the_rules_as_they_are():
    """Rules that vary move schools that chance does not; without chance nothing is said of it."""
    bench = Bench(with_family(shipped("demo", 2021), replications=64))
    by_chance = bench.draw_chance()
    assert list(by_chance.design) == ["chance"]
    both = certainty(bench, bench.draw(), by_chance)
    assert both["chance"].to_numpy() == pytest.approx(certainty(bench, by_chance)["probability"].to_numpy())
    assert (both["chance"].isin([0, 1]) & ~both["probability"].isin([0, 1])).any()
    still = Bench(with_family(shipped("demo", 2021), replications=64, chance=None))
    assert still.draw_chance() is None and certainty(still, by_chance, still.draw_chance())["chance"].isna().all()


CUT = {"school_id": list("abcd"), "category": "low_results", "answer": ["yes", "no", "yes", "insufficient_data"]}


@pytest.mark.parametrize(
    ("cost", "listed"),
    [(1.0, "ac"), (3.0, "abc"), (0.1, ""), (None, None)],
    ids=["equal", "dear", "cheap", "not stated"],
)
def test_a_dearer_missed_school_makes_a_longer_list(cost, listed):
    """Listed above 1 / (1 + cost): at 1 above a half, at 3 above a quarter, at 0.1 above 10/11; a school without chance is open."""
    decision = Decision(reference="test", missed_cost=cost)
    office = SimpleNamespace(method=SimpleNamespace(decisions={"low_results": decision}))
    told = pd.DataFrame(CUT | {"chance": [0.9, 0.26, 0.51, np.nan]})
    rows = cut_rows(SimpleNamespace(certainty=told, office=office))
    if listed is None:
        assert rows.empty
        return
    assert "".join(rows.loc[rows["at_cut"].eq("yes"), "school_id"]) == listed
    assert rows["at_cut"].iloc[3] == "insufficient_data" and not rows["moved"].iloc[3]
    facts = cut_facts(rows)
    assert facts["by_rule"] + facts["enters"] - facts["leaves"] == facts["listed"] == len(listed)
    assert facts["untold"] == 1


def test_at_the_cut_itself_a_school_is_not_listed():
    decision = Decision(reference="test", missed_cost=3)
    office = SimpleNamespace(method=SimpleNamespace(decisions={"low_results": decision}))
    rows = cut_rows(SimpleNamespace(certainty=pd.DataFrame(CUT | {"chance": 0.25}), office=office))
    assert rows["at_cut"].eq("no").all()


def test_what_the_document_fixes_is_not_varied():
    method = shipped("demo", 2021).method
    names = {factor.name for factor in factors_of_method(method)}
    assert "rounding" in names and "threshold:lowest_results" in names
    assert options(method, method.criteria["lowest_results"], "window") == [3], "«за 3 года» is in the document"
    assert options(method, method.criteria["quality_gap"], "window") == [2, 3]
    assert options(method, method.criteria["score_gap_region"], "kind") == ["points"]
    assert at_least_options(method, "low_results") == [1, 2, 3]
    assert at_least_options(method, "adverse_conditions") == [1, 1, 2]
    closed = method.model_dump()
    for one in (*closed["criteria"].values(), *closed["indices"].values(), *closed["decisions"].values()):
        one["assumptions"] = {}
    left = {factor.group for factor in factors_of_method(Method.model_validate(closed))}
    assert left == {"threshold", "chance"}


def test_B3_probabilities_words_and_failed_draws():
    office = with_family(shipped("demo", 2021), replications=256)
    bench = Bench(office)
    drawn = bench.draw()
    found = certainty(bench, drawn).set_index(["school_id", "category"])
    flags = drawn.answers["low_results"]["demo-14"]
    told = flags.dropna()
    assert 0 < len(told) < 256, "the small school has draws without an answer"
    row = found.loc[("demo-14", "low_results")]
    assert row["failed_share"] == pytest.approx(1 - len(told) / 256)
    assert row["probability"] == pytest.approx(told.mean())
    assert found.loc[("demo-05", "low_results"), "word"] == "always"
    assert found.loc[("demo-01", "low_results"), "word"] == "never"
    assert (found["error"] > 0).all(), "0 of 256 is not certainty"


def test_a_school_that_most_draws_cannot_judge_has_no_word():
    office = with_family(shipped("lesosibirsk", 2020), replications=64)
    bench = Bench(office)
    found = certainty(bench, bench.draw())
    assert set(found["word"]) == {"unknown"} and found["failed_share"].gt(0.5).all()


def test_more_chance_makes_less_sure():
    """The same office with the chance of small schools and without it: only with it does a place spread."""
    office = with_family(shipped("demo", 2021), replications=128, weights=0, threshold=0, chance=None, **STILL)
    still = Bench(office).draw()
    spread = (
        index_certainty(still)
        .groupby("index")[["rank_5", "rank_95"]]
        .apply(lambda x: (x["rank_95"] - x["rank_5"]).sum())
    )
    assert (spread == 0).all()
    office = with_family(shipped("demo", 2021), replications=128, weights=0, threshold=0, **STILL)
    moving = Bench(office).draw()
    spread = (
        index_certainty(moving)
        .groupby("index")[["rank_5", "rank_95"]]
        .apply(lambda x: (x["rank_95"] - x["rank_5"]).sum())
    )
    assert (spread > 0).all()


def test_draws_are_the_same_every_time():
    office = with_family(shipped("demo", 2021), replications=64)
    first, second = Bench(office).draw(), Bench(office).draw()
    for category, flags in first.answers.items():
        pd.testing.assert_frame_equal(flags, second.answers[category])


def test_small_schools_are_less_sure_than_large_ones_at_the_same_distance():
    office = shipped("demo", 2021)
    bench = Bench(office)
    criterion = office.method.criteria["low_continuation"]
    value, people = np.linspace(0.45, 0.95, len(bench.schools)), np.full(len(bench.schools), 1000.0)
    value[:2], people[0] = 0.7, 10.0
    bank = bench._noise_bank(criterion, SimpleNamespace(value=value, participants=people), window=1, year=2021)
    low = (bank < 0.6).mean(axis=0)
    assert low[0] > 0.1 and low[1] == 0.0


def test_chance_of_mean_results_is_what_they_leave_open_of_a_school():
    """About the plain value drawn to the others, by as much as the model does not know; results of few pupils move most."""
    bench = Bench(shipped("demo", 2021))
    criterion = bench.method.criteria["lowest_results"]
    measured = bench._measured_once("lowest_results", criterion.window, 2021)
    bank = bench._noise_bank(criterion, measured.told, criterion.window, 2021)
    cells = result_cells(bench.evidence.store, bench.evidence.places, criterion.parts, 2019, 2021)
    model = bench.told.model(cells)
    known = model.of_schools(subjects=True)
    told = ~np.isnan(measured.told.value)
    middle = (measured.told.value - model.plain + known.effect)[told]
    assert bank.mean(axis=0)[told] == pytest.approx(middle, abs=0.4)
    assert bank.std(axis=0)[told] == pytest.approx(known.error[told], rel=0.15)


def test_criteria_on_one_indicator_share_its_chance():
    bench = Bench(shipped("demo", 2021))
    criteria = bench.method.criteria
    first, other = (name for name, one in criteria.items() if one.indicator == "mean_percent")
    banks = []
    for name in (first, other):
        measured = bench._measured_once(name, criteria[name].window, 2021)
        bank = bench._noise_bank(criteria[name], measured.told, criteria[name].window, 2021)
        apart = bank - np.nanmean(bank, axis=1, keepdims=True)  # between schools: a shift of all says nothing of a list
        banks.append(apart - apart.mean(axis=0))
    together = [
        np.corrcoef(one, another)[0, 1] for one, another in zip(banks[0].T, banks[1].T, strict=True) if one.any()
    ]
    assert np.nanmin(together) > 0.3


def test_the_choice_that_moves_the_list_is_found():
    office = with_family(shipped("demo", 2021), chance=None, weights=0, threshold=0, kind=(), rounding=())
    found = what_matters(Bench(office), base=64).set_index(["category", "group"])["total"]
    assert found["low_results"].idxmax() == "at_least"
    assert found[("low_results", "normalisation")] == 0, "the list of low results uses no index"
    assert found[("adverse_conditions", "minimum_participants")] == 0


# --- flips -----------------------------------------------------------------------------------------------------------


def test_flip_threshold_of_a_share_by_hand():
    """Of 14 schools: a quarter is 3.5, rounded 4. The 5th lowest enters when 14·s rounds to 5: s = 4.5/14."""
    flips = flips_of(shipped("demo", 2021))
    own = flips[flips["criterion"].eq("lowest_results")].sort_values("value")
    assert own["flips_at"].tolist() == pytest.approx([(place - 0.5) / 14 for place in range(1, 15)])
    assert own["verdict"].tolist() == ["met"] * 4 + ["not_met"] * 10


def test_flip_thresholds_of_other_rules_are_the_values_themselves():
    flips = flips_of(shipped("demo", 2021)).set_index(["school_id", "criterion"])
    row = flips.loc[("demo-09", "low_continuation")]
    assert (row["value"], row["flips_at"], row["relative"]) == (0.6, 0.6, pytest.approx(0))
    assert np.isnan(flips.loc[("demo-11", "low_continuation"), "flips_at"]), "not assessed: no threshold turns it"
    gap = flips.loc[("demo-11", "quality_gap")]
    assert gap["flips_at"] == pytest.approx(0.501149 - 0.299065, abs=1e-5)  # municipality less school


@pytest.mark.parametrize("rules", ["own", "fioko-2021", "fioko-2025"])
def test_the_smallest_change_turns_the_answer_over_and_less_does_not(rules):
    office = shipped("demo", 2021)
    if rules != "own":
        method = next(variant.method for variant in office.variants if variant.name == rules)
        found = rejudge(office, method)
        office = dataclasses.replace(
            office, method=method, verdicts=found.verdicts, identification=found.identification
        )
    changes = changes_of(office)
    assert len(changes)
    for one in changes.iloc[:: max(1, len(changes) // 12)].itertuples():
        key = (one.school_id, one.category)
        steps = (1e-6, -1e-6) if one.path.endswith(".threshold") else (0,)
        seen = set()
        for step in steps:
            value = one.flips_at + step if step else int(one.flips_at)
            moved = by_rules(office, Change(path=one.path, value=value))
            seen.add(moved.identification.set_index(["school_id", "category"])["calculated"][key])
        assert one.becomes in seen, one
        assert len(steps) == 1 or one.answer in seen, one


def test_a_school_that_no_single_parameter_moves_has_no_row():
    changes = changes_of(shipped("demo", 2021))
    assert "demo-01" not in set(changes.loc[changes["category"].eq("low_results"), "school_id"])


# --- the study -------------------------------------------------------------------------------------------------------


def test_the_public_edition_is_not_studied():
    office = dataclasses.replace(shipped("lesozavodsk", 2021), audience="public")
    with pytest.raises(ValueError, match="скрыты"):
        study_robustness(office)


def test_report_60_says_what_its_tables_hold():
    from shnor_lib.pages.views import robustness as view

    study = view.open_study(with_family(shipped("demo", 2021), replications=64))
    facts = view.named_facts(study)
    shown = view.show_certainty(study).items[1].frame
    low = shown[shown["category_word"].eq("ШНОР")]
    assert facts["certain_always"] == low["word"].eq("always").sum()
    assert sum(facts[f"certain_{word}"] for word in WORDS) == len(low) == 14
    scenarios = view.show_scenarios(study).items[1].frame
    assert facts["scenarios_moving"] == scenarios["moves"].sum()
    assert view.show_expectation(study).items[1].frame["comparison"].eq("better").sum() == facts["above_expected"]
    assert view.open_study(dataclasses.replace(study.office, audience="public")) is None
    assert view.show_flips(None)._repr_mimebundle_()["text/html"] == ""


def test_a_list_that_cannot_be_judged_is_not_called_empty():
    from shnor_lib.pages.views import robustness as view

    study = view.open_study(with_family(shipped("lesosibirsk", 2020), replications=64))
    heading = view.show_certainty(study).items[0].text
    assert heading.replace("\u00a0", " ").endswith("данных недостаточно о каждой из 9 школ")
