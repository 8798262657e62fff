"""Cuts within the municipality against the region in report 60: the region's own data, or an honest refusal."""

import dataclasses
import json

import pandas as pd
import pytest

from shnor_lib.office.assemble import open_office
from shnor_lib.pages.views import robustness as view
from shnor_lib.params.profiles import RegionProfile
from shnor_lib.runs.catalogue import offered_reports
from shnor_lib.runs.prepare import prepare_office
from shnor_lib.runs.record import OfficeRun
from shnor_lib.whatif.region import Region, RegionIncomplete, population_of_variants, region_of
from shnor_lib.whatif.robustness.study import judge_variants_within
from shnor_lib.whatif.scenarios import BASE, answers_of, compare_with_base, evidence_for_variants, judge_scenarios
from tests.runs.workspaces import make_workspace
from tests.shipped import shipped

METHOD = """\
title: Низшая доля
document: Проверочный документ
description: Низшая половина школ
criteria:
  lowest:
    category: low_results
    ground: results
    title: Низшая половина школ по доле не преодолевших минимум
    short: Низшая половина
    reference: п. 1
    indicator: below_minimum_rate
    parts: [OGE/maths/9]
    rule: highest_share
    threshold: 0.5
    minimum_schools: 2
decisions:
  low_results: {reference: п. 1}
"""
SCENARIO = """\
title: Низшая половина среди школ области
changes:
  - {path: criteria.lowest.population, value: region}
"""
ONLY_REGION = "region-reference"
ABSENT = pd.DataFrame(columns=["municipality", "reason"])


def part_of(office, name: str, schools: pd.Series):
    """Some schools of an office as an office of its own; figures above the school stay."""
    tables = {
        key: frame.assign(municipality=name)
        if "school_id" not in frame
        else frame[frame["school_id"].isin(schools) | frame["school_id"].isna()].assign(municipality=name)
        for key, frame in office.tables.items()
    }
    rows = office.indicators[office.indicators["school_id"].isin(schools) | office.indicators["level"].ne("school")]
    own = {
        key: getattr(office, key)[getattr(office, key)["school_id"].isin(schools)].assign(municipality=name)
        for key in ("verdicts", "identification")
    }
    return dataclasses.replace(
        office,
        municipality=name,
        tables=tables,
        indicators=rows.assign(municipality=name),
        sources=office.sources.assign(municipality=name),
        **own,
    )


@pytest.fixture(scope="module")
def region():
    office = shipped("demo", 2021)
    ids = office.schools["school_id"]
    parts = {f"part-{place}": part_of(office, f"part-{place}", ids.iloc[place::2]) for place in range(2)}
    profile = RegionProfile(kind="region", title="О", municipalities=tuple(parts), years=(2021,))
    return Region("oblast", 2021, "internal", profile, parts, ABSENT)


def test_B4_a_school_is_ranked_among_all_schools_of_the_region(region):
    """Two halves of one office make one region: its cut is that of the whole office."""
    whole = shipped("demo", 2021).verdicts
    whole = whole[whole["criterion"].eq("lowest_results")].set_index("school_id")["verdict"]
    for office in region.offices.values():
        judged, refused = judge_variants_within(office, evidence_for_variants(office), region)
        assert ONLY_REGION not in refused
        own = judged[ONLY_REGION].verdicts
        own = own[own["criterion"].eq("lowest_results")].set_index("school_id")["verdict"]
        assert len(own) == 7 and own.to_dict() == whole.loc[own.index].to_dict()


def test_half_a_region_is_not_ranked_and_the_reason_is_said(region):
    office = region.offices["part-0"]
    lacking = dataclasses.replace(
        region,
        offices={"part-0": office},
        absent=pd.DataFrame({"municipality": ["part-1"], "reason": ["нет данных за год"]}),
    )
    judged, refused = judge_variants_within(office, evidence_for_variants(office), lacking)
    assert "part-1 (нет данных за год)" in refused[ONLY_REGION] and ONLY_REGION not in judged
    with pytest.raises(RegionIncomplete, match="нет муниципалитета demo"):
        population_of_variants(region, shipped("demo", 2021))


def test_the_report_shows_the_cut_within_the_region_beside_that_within_the_kind(region, monkeypatch):
    office = dataclasses.replace(
        region.offices["part-0"],
        method=shipped("demo", 2021).method.model_copy(
            update={"robustness": shipped("demo", 2021).method.robustness.model_copy(update={"replications": 16})}
        ),
    )
    monkeypatch.setattr(view, "region_of", lambda asked: region)
    study = view.open_study(office)
    shown = view.show_methods(study).items[1].frame
    assert {
        "Низшая четверть среди школ области, а не муниципалитета",
        "Низшая четверть среди школ того же вида",
    } <= set(shown["rule"])
    scenarios = view.show_scenarios(study).items[1].frame
    assert "Среди школ области" in scenarios["short"].tolist()


@pytest.fixture
def workspace(tmp_path):
    made = make_workspace(tmp_path / "w", {"alpha": [2021], "beta": [2021]})
    (made / "params" / "methods" / "half.yml").write_text(METHOD, encoding="utf-8")
    for folder, text in (("scenarios", SCENARIO), ("regions", "")):
        (made / "params" / folder).mkdir()
        (made / "params" / folder / "oblast.yml").write_text(
            text or "kind: region\ntitle: О\nmunicipalities: [alpha, beta]\nyears: [2021]\n", encoding="utf-8"
        )
    for name in ("alpha", "beta"):
        profile = made / "params" / f"{name}.yml"
        text = profile.read_text(encoding="utf-8").replace("method: fioko-2021", "method: half\nregion_profile: oblast")
        profile.write_text(text, encoding="utf-8")
    results = made / "data" / "raw" / "beta" / "2021" / "exam_results.csv"
    results.write_text(
        results.read_text(encoding="utf-8")
        .replace("s01,OGE,maths,9,50,4,20", "s01,OGE,maths,9,50,24,0")
        .replace("s02,OGE,maths,9,40,2,18", "s02,OGE,maths,9,40,20,0"),
        encoding="utf-8",
    )
    return made


def test_the_report_and_shnor_compare_say_the_same_of_the_region(workspace):
    """alpha: 0.08, 0.05, 0.5; beta: 0.48, 0.5, 0.5. Half of 3 is 2 in alpha; half of 6 is 3, and all three equal to 0.5."""
    office = open_office("alpha", 2021, workspace=workspace)
    judged, _ = judge_variants_within(office, evidence_for_variants(office), region_of(office, workspace=workspace))
    found = compare_with_base({BASE: answers_of(office)} | {"oblast": judged["oblast"]})
    asked = compare_with_base(judge_scenarios(workspace, "alpha", 2021, ["oblast"]))
    assert found[["school_id", "change"]].values.tolist() == [["s01", "leaves"]]
    pd.testing.assert_frame_equal(found, asked)


def test_only_the_report_that_looks_at_the_neighbours_depends_on_them(workspace):
    def digests() -> dict[str, str]:
        prepared = prepare_office(workspace, "alpha", 2021)["prepared"]
        run = OfficeRun(workspace, "alpha", 2021, prepared=prepared)
        offered = offered_reports(workspace)
        return {name: json.dumps(run.made_from(offered[name], {})) for name in ("50_identification", "60_robustness")}

    before = digests()
    results = workspace / "data" / "raw" / "beta" / "2021" / "exam_results.csv"
    results.write_text(results.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    after = digests()
    assert before["50_identification"] == after["50_identification"]
    assert before["60_robustness"] != after["60_robustness"]
