"""Scenarios (B4) and methods side by side (B5): named changes, who enters and leaves, which criterion did it."""

import dataclasses

import pandas as pd
import pytest
from click.testing import CliRunner

from shnor_lib.cli import main
from shnor_lib.criteria.judge import VERDICT_COLUMNS
from shnor_lib.office.assemble import open_office
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.office.gather import Population
from shnor_lib.office.judging import judge
from shnor_lib.params.reading import read_method, read_scenario, scenario_names
from shnor_lib.params.scenarios import Change, Scenario, apply_changes
from shnor_lib.params.yaml_files import ParamsError
from shnor_lib.whatif.scenarios import (
    BASE,
    Answers,
    RegionNeeded,
    agreement,
    answers_of,
    compare,
    compare_with_base,
    judge_variants,
    judge_with,
    rejudge,
    summarise_comparison,
)
from tests.shipped import ROOT, shipped


def changed(office, path, value):
    return apply_changes(office.method, (Change(path=path, value=value),), "test")


def answers(verdicts: dict, identified: dict, experts: dict | None = None) -> Answers:
    """Answers of one category from hand-made verdicts ``{(school, criterion): verdict}`` and results ``{school: answer}``."""
    experts = experts or {}
    rows = [(school, "low_results", criterion, verdict) for (school, criterion), verdict in verdicts.items()]
    found = [
        (
            school,
            "low_results",
            experts.get(school, answer),
            answer,
            "expert" if school in experts else "calculated",
            "r",
        )
        for school, answer in identified.items()
    ]
    return Answers(
        pd.DataFrame(rows, columns=["school_id", "category", "criterion", "verdict"]),
        pd.DataFrame(found, columns=["school_id", "category", "identified", "calculated", "decision", "reason"]),
    )


BEFORE = answers(
    {("A", "x"): "met", ("B", "x"): "not_met", ("C", "x"): "not_met", ("D", "x"): "not_met"},
    {"A": "yes", "B": "no", "C": "no", "D": "no"},
    {"B": "yes"},
)


def test_decisions_of_experts_hold_under_the_method_in_force_alone():
    office = shipped("demo", 2021)
    assert office.in_force and set(office.identification["decision"]) == {"calculated", "expert"}
    own, other = (
        rejudge(office, rules) for rules in (office.method, changed(office, "criteria.quality_gap.threshold", 0.2))
    )
    kept = ["school_id", "category", "identified", "decision", "reason"]
    pd.testing.assert_frame_equal(own.identification[kept], office.identification[kept])
    assert other.identification["decision"].eq("calculated").all()
    assert other.identification["identified"].equals(other.identification["calculated"])
    assert (
        not dataclasses.replace(office, method_name="fioko-2021").in_force
        and not dataclasses.replace(office, scenario_name="s").in_force
    )


def test_B4_who_enters_who_leaves_and_why():
    after = answers(
        {("A", "x"): "not_met", ("B", "x"): "met", ("C", "x"): "not_assessed", ("D", "x"): "not_met"},
        {"A": "no", "B": "yes", "C": "insufficient_data", "D": "no"},
    )
    changes = compare_with_base({BASE: BEFORE, "s": after}).set_index("school_id")
    assert changes["change"].to_dict() == {"A": "leaves", "B": "enters", "C": "other"}
    assert changes["criteria"].to_dict() == {
        "A": "x: met → not_met",
        "B": "x: not_met → met",
        "C": "x: not_met → not_assessed",
    }
    assert changes["expert"].to_dict() == {"A": "", "B": "include", "C": ""}
    summary = summarise_comparison({BASE: BEFORE, "s": after}, changes.reset_index())
    assert summary[["scenario", "listed", "enters", "leaves", "other"]].values.tolist() == [
        [BASE, 1, 0, 0, 0],
        ["s", 1, 1, 1, 1],
    ]


def test_a_list_over_nothing_assessed_has_no_length_and_nobody_moves():
    nothing = answers({}, dict.fromkeys("ABCD", "insufficient_data"))
    found = summarise_comparison(
        {BASE: nothing, "s": nothing, "t": BEFORE}, compare_with_base({BASE: nothing, "t": BEFORE})
    )
    found = found.set_index("scenario")[["listed", "enters", "leaves", "other"]]
    assert found.loc[[BASE, "s"]].isna().all(axis=None)
    assert found.loc["t"].tolist() == [1, 1, 0, 3]


def test_the_decision_rule_is_named_when_no_verdict_changed():
    after = answers({("A", "x"): "met"}, {"A": "no"})
    before = answers({("A", "x"): "met"}, {"A": "yes"})
    assert compare_with_base({BASE: before, "s": after})["criteria"].tolist() == ["decision"]


def test_B5_a_criterion_of_one_method_only_is_told_when_it_counts():
    other = answers({("A", "y"): "not_met", ("B", "y"): "met"}, {"A": "no", "B": "yes", "C": "no", "D": "no"})
    changes = compare_with_base({BASE: BEFORE, "other": other}).set_index("school_id")["criteria"]
    assert changes.to_dict() == {"A": "x: met → not_in_method", "B": "y: not_in_method → met"}


def test_agreement_of_two_methods_by_hand():
    first = answers({}, {"A": "yes", "B": "yes", "C": "no", "D": "no", "E": "insufficient_data"}).identification
    second = answers({}, {"A": "yes", "B": "no", "C": "no", "D": "no", "E": "yes"}).identification
    found = agreement(first, second).iloc[0]
    assert found[["both", "first_only", "second_only", "neither", "open"]].tolist() == [1, 1, 0, 2, 1]
    assert found["agreed"] == 0.75
    assert found["kappa"] == pytest.approx((0.75 - (0.5 * 0.25 + 0.5 * 0.75)) / 0.5)  # chance: 0.5


def test_nothing_to_tell_apart_has_no_kappa():
    same = answers({}, {"A": "no", "B": "no"}).identification
    assert agreement(same, same)["kappa"].isna().all()


# --- the scenarios that ship -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", scenario_names(ROOT))
def test_a_shipped_scenario_says_why_and_changes_its_method(name):
    scenario = read_scenario(ROOT, name)
    assert scenario.title and scenario.why and scenario.short
    method = read_method(ROOT, scenario.method or "lesosibirsk-2020")
    assert apply_changes(method, scenario.changes, name) != method


def test_shipped_scenarios_are_few_and_useful():
    assert {"threshold-35", "round-up", "any-criterion", "ties-exclude", "results-one-year"} <= set(
        scenario_names(ROOT)
    )


def test_a_scenario_that_changes_nothing_is_refused():
    with pytest.raises(ValueError, match="ничего не меняет"):
        Scenario(title="пустой")
    assert Scenario(title="другая методика", method="fioko-2021").changes == ()


def test_a_path_that_does_not_exist_names_the_nearest():
    method = read_method(ROOT, "lesosibirsk-2020")
    with pytest.raises(ParamsError, match="lowest_results"):
        apply_changes(method, (Change(path="criteria.lowest_result.threshold", value=0.3),), "s.yml")
    with pytest.raises(ParamsError, match="threshold"):
        apply_changes(method, (Change(path="criteria.lowest_results.treshold", value=0.3),), "s.yml")


def test_changed_values_judge_as_the_scenario_that_names_them():
    office, scenario = shipped("demo", 2021), read_scenario(ROOT, "any-criterion")
    by_hand = judge_with(office, {one.path: one.value for one in scenario.changes})
    by_file = open_office("demo", 2021, scenario="any-criterion", workspace=ROOT)
    moves = compare(office, by_hand=by_hand, by_file=by_file)
    first, second = (moves[moves["scenario"].eq(one)].drop(columns="scenario") for one in ("by_hand", "by_file"))
    assert len(first) and first.to_dict("records") == second.to_dict("records")


def test_changed_values_are_refused_where_they_cannot_be_told():
    office = shipped("demo", 2021)
    with pytest.raises(ParamsError, match="изменения: путь .*lowest_results"):
        judge_with(office, {"criteria.lowest_result.threshold": 0.3})
    with pytest.raises(ValueError, match="откройте полную"):
        judge_with(public_edition(office), {"criteria.lowest_results.threshold": 0.3})
    with pytest.raises(ValueError, match="«base»"):
        compare(office, base=answers_of(office))


def test_compare_names_the_nearest_scenario_and_leaves_with_2():
    result = CliRunner().invoke(
        main, ["--workspace", str(ROOT), "compare", "-m", "lesosibirsk", "-y", "2020", "--scenario", "treshold-35"]
    )
    assert result.exit_code == 2 and "threshold-35" in result.output


# --- judging again ---------------------------------------------------------------------------------------------------


def population_of(office) -> Population:
    """The office as a population: what it was judged on, without the indices that its method computed."""
    frames = {field.name: getattr(office, field.name, pd.DataFrame()) for field in dataclasses.fields(Population)}
    return Population(**frames | {"store": office.store.without(office.method.indices)})


@pytest.mark.parametrize(
    "name", ["threshold-35", "relative-gaps", "off-profile-weight", "results-one-year", "within-kind", "fioko-2021"]
)
def test_judging_only_what_changed_gives_what_judging_everything_gives(name):
    office = shipped("demo", 2021)
    rules = next(variant.method for variant in office.variants if variant.name == name)
    again, whole = rejudge(office, rules), judge(rules, population_of(office), office.year, in_force=False)
    pd.testing.assert_frame_equal(again.identification, whole.identification, check_dtype=False)
    pd.testing.assert_frame_equal(again.verdicts[VERDICT_COLUMNS], whole.verdicts[VERDICT_COLUMNS], check_dtype=False)


def test_persistence_over_years_is_judged_again():
    office = shipped("demo", 2021)
    rules = changed(office, "decisions.low_results.years", 2)
    rules = apply_changes(rules, (Change(path="decisions.low_results.years_identified", value=2),), "test")
    whole = judge(rules, population_of(office), office.year, in_force=False)
    pd.testing.assert_frame_equal(rejudge(office, rules).identification, whole.identification, check_dtype=False)


def test_a_cut_within_the_region_is_not_faked_from_one_municipality():
    office = shipped("demo", 2021)
    with pytest.raises(RegionNeeded, match="области"):
        rejudge(office, changed(office, "criteria.lowest_results.population", "region"))
    judged, refused = judge_variants(office)
    assert "region-reference" in refused and "region-reference" not in judged


def test_scenarios_of_another_method_are_refused_with_a_reason():
    judged, refused = judge_variants(shipped("lesozavodsk", 2021))
    assert "lowest_results" in refused["threshold-35"]
    assert {"fioko-25", "lesosibirsk-2020"} <= set(judged)
    assert "any-criterion" not in judged, "the office's own rules under another name say nothing new"


def test_a_wider_share_never_takes_a_school_off_the_list():
    office = shipped("demo", 2021)
    judged = {
        BASE: answers_of(office),
        "wide": rejudge(office, changed(office, "criteria.lowest_results.threshold", 0.6)),
    }
    assert "leaves" not in set(compare_with_base(judged)["change"])


def test_variants_survive_the_file_of_the_office():
    from shnor_lib.office.kept import pack_office, unpack_office

    office = shipped("lesozavodsk", 2021)
    assert unpack_office(pack_office(office)).variants == office.variants
