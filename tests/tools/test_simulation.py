"""The generator of made-up offices: repeatable, consistent, realistic, and the shipped ``demo`` is its very output."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shnor_lib.inputs.checks import check_inputs
from shnor_lib.inputs.dictionary import DTYPES, choices, table, table_names
from shnor_lib.inputs.sources import read_inputs
from tools.simulation import (
    PLANTED_DIRT,
    SIMULATED_YEARS,
    demo_cast,
    demo_office,
    draw_schools,
    municipality_sizes,
    neighbour_office,
    simulate_office,
    simulate_region,
    stack_years,
    write_demo,
)
from tools.simulation.drawing import apportion
from tools.simulation.programme import supported_schools
from tools.simulation.results import score_probabilities

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "data" / "raw" / "demo"
MARKS = ["mark_2", "mark_3", "mark_4", "mark_5"]
PROCEDURE = ["year", "wave", "exam", "subject", "grade"]


@pytest.fixture(scope="module")
def demo() -> dict[str, pd.DataFrame]:
    return stack_years(demo_office())


@pytest.fixture(scope="module")
def many_schools() -> dict[str, pd.DataFrame]:
    return stack_years(simulate_office(seed=5, schools=300))


@pytest.fixture(scope="module")
def region() -> dict[str, pd.DataFrame]:
    return simulate_region(seed=3, offices=100, schools_total=1500)


def school_rows(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["level"] == "school"]


def per_cent(exam_results: pd.DataFrame) -> pd.Series:
    return (100 * exam_results["mean_score"] / exam_results["max_score"]).astype(float)


# repeatable


def test_the_same_seed_gives_the_same_tables_and_another_seed_others():
    first, again, other = (simulate_office(seed, schools=3, years=[2021])[2021] for seed in (7, 7, 8))
    for name in table_names():
        pd.testing.assert_frame_equal(first[name], again[name])
    assert not first["exam_results"].equals(other["exam_results"])


def test_a_year_does_not_depend_on_the_other_years_asked_for():
    alone, together = simulate_office(1, 3, [2021])[2021], simulate_office(1, 3)[2021]
    for name in table_names():
        pd.testing.assert_frame_equal(alone[name], together[name])


def test_the_shipped_offices_are_what_the_generator_writes(tmp_path):
    command = [sys.executable, "-m", "tools.simulation", "--workspace", str(tmp_path)]
    told = subprocess.run(command, check=True, capture_output=True, cwd=ROOT, text=True, encoding="utf-8").stdout
    for office in ("demo", "demo-rayon"):
        made, shipped = tmp_path / "data/raw" / office, SHIPPED.parent / office
        written = {path.relative_to(made): path.read_bytes() for path in made.rglob("*.*")}
        kept = {path.relative_to(shipped): path.read_bytes() for path in shipped.rglob("*.*")}
        assert sorted(written) == sorted(kept)
        different = [str(name) for name in kept if written[name] != kept[name]]
        assert not different, f"пересоздайте: python -m tools.simulation ({different})"
        assert f"Записано файлов: {len(kept)}" in told


def test_neighbours_have_one_region():
    demo, neighbour = demo_office()[2021], neighbour_office()[2021]
    for name in ("exam_results", "learning_marks", "staff", "mark_comparison", "published_indicators"):
        shared = [office[name][office[name]["level"].isin(["region", "country"])] for office in (demo, neighbour)]
        pd.testing.assert_frame_equal(*(rows.reset_index(drop=True) for rows in shared))


def test_unknown_years_are_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"\[2018\].*2019, 2020, 2021"):
        simulate_office(1, 2, [2018, 2019])
    with pytest.raises(ValueError, match="допустимые годы"):
        simulate_region(1, 2, 4, [])


# consistent


@pytest.fixture(
    scope="module", params=[(0, 1), (1, 2), (3, 1), (11, 4), (42, 5), (999, 3), (123_456, 2), (999_983, 5)], ids=str
)
def simulated(request) -> dict[int, dict[str, pd.DataFrame]]:
    """An office of a seed and a number of schools."""
    return simulate_office(*request.param)


@pytest.fixture(scope="module")
def stacked(simulated) -> dict[str, pd.DataFrame]:
    return stack_years(simulated)


def test_every_table_of_the_dictionary_is_there_with_its_columns_and_types(simulated):
    assert sorted(simulated) == list(SIMULATED_YEARS)
    for year, frames in simulated.items():
        assert sorted(frames) == sorted(table_names())
        for name, frame in frames.items():
            dtypes = {column.name: DTYPES[column.type] for column in table(name).columns.values()} | {"year": "Int64"}
            assert frame.dtypes.astype(str).to_dict() == dtypes, name
            for column in table(name).columns.values():
                known = frame[column.name].dropna()
                if column.choices:
                    assert set(known) - {""} <= set(column.choices), (name, column.name)
                if column.type == "count":
                    assert (known >= 0).all() and (known == known.round()).all(), (name, column.name)
                if column.required:
                    assert len(known) == len(frame), (name, column.name)
            key = [column for column in table(name).key if column in frame]
            assert not frame.duplicated(key).any(), (name, year)


def test_totals_add_up_and_parts_do_not_exceed_the_whole(stacked):
    for name, frame in stacked.items():
        for rule in (*table(name).totals, *table(name).parts):
            whole = frame[list(rule.whole)].bfill(axis=1).iloc[:, 0]
            parts = frame[list(rule.parts)]
            if rule in table(name).totals:
                known = parts.notna().all(axis=1)
                assert (parts[known].sum(axis=1) == whole[known]).all(), (name, rule.parts)
            else:
                assert all((parts[part].dropna() <= whole[parts[part].notna()]).all() for part in parts), (name, rule)


def test_results_agree_with_themselves_and_with_the_other_tables(stacked):
    results = stacked["exam_results"]
    of_marks = results[results["mark_2"].notna() & results["mean_score"].notna()]
    assert (of_marks["below_minimum"] == of_marks["mark_2"]).all()
    assert (results["mean_score"].dropna() <= results["max_score"].dropna()).all()

    counted = ["participants", *MARKS, "below_minimum", "score_60_plus", "score_80_plus", "score_100"]
    sums = school_rows(results).groupby(PROCEDURE)[counted].sum(min_count=1)
    stated = results[results["level"] == "municipality"].set_index(PROCEDURE)[counted]
    pd.testing.assert_frame_equal(stated.sort_index(), sums.sort_index())

    leavers = stacked["progression"].set_index(["school_id", "year"])
    for exam, grade, column in (("OGE", 9, "grade9_graduates"), ("EGE", 11, "grade11_graduates")):
        rows = school_rows(results[(results["exam"] == exam) & (results["grade"] == grade)])
        graduates = leavers[column].reindex(pd.MultiIndex.from_frame(rows[["school_id", "year"]])).to_numpy(float)
        assert (rows["participants"].to_numpy(float) <= graduates).all()

    key = ["level", "school_id", *PROCEDURE]
    compared = stacked["mark_comparison"].merge(results[[*key, "participants"]], on=key, how="left", validate="1:1")
    assert (compared[["lowered", "confirmed", "raised"]].sum(axis=1) == compared["participants"]).all()


def test_pupils_with_a_two_in_any_subject_are_at_least_those_with_a_two_in_one(stacked):
    marks = school_rows(stacked["learning_marks"])
    key = ["school_id", "year", "wave", "stage"]
    everything = marks[marks["subject"] == "all"].set_index(key)
    for subject in ("russian", "maths"):
        one = marks[marks["subject"] == subject].set_index(key).reindex(everything.index)
        assert (everything["mark_2"] >= one["mark_2"]).all()
        assert (everything["mark_5"] <= one["mark_5"]).all()
        assert (everything["pupils"] == one["pupils"]).all()


def test_conditions_agree_with_the_register(stacked):
    register = school_rows(stacked["schools"]).set_index(["school_id", "year"])
    for name in ("social_context", "conditions"):
        assert (stacked[name].set_index(["school_id", "year"])["pupils"] == register["pupils"]).all()
    staff = school_rows(stacked["staff"])
    assert (staff["trained_year"] <= staff["trained_3y"]).all()
    assert (staff["category_first"] + staff["category_highest"] <= staff["pedagogues"]).all()
    assert (staff["age_under_35"] + staff["age_55_plus"] <= staff["pedagogues"]).all()
    context = stacked["social_context"]
    assert (context["low_income_or_large"] >= context[["low_income", "large"]].max(axis=1)).all()
    assert (context["low_income_or_large"] <= context["low_income"] + context["large"]).all()
    asked = stacked["survey"].groupby(["school_id", "year"])["question"].nunique()
    assert set(asked) == {len(choices("survey_question"))}


def test_satisfaction_is_assessed_every_third_year_and_kept_until_then(demo):
    satisfaction = demo["satisfaction"].set_index(["school_id", "year"])
    age = satisfaction.index.get_level_values("year") - satisfaction["assessed_year"]
    assert sorted(age.unique()) == [0, 1, 2]
    for _, rows in satisfaction.groupby(["school_id", "assessed_year"]):
        assert len(rows["overall_share"].unique()) == len(rows["respondents"].unique()) == 1
    weights = {"recommend_share": 0.3, "conditions_share": 0.2, "overall_share": 0.5}
    expected = sum(weight * satisfaction[part] for part, weight in weights.items())
    known = satisfaction["satisfied_share"].notna()
    assert np.allclose(
        satisfaction.loc[known, "satisfied_share"].astype(float), expected[known].astype(float), atol=6e-4
    )
    assert set(satisfaction.index[~known].get_level_values("school_id")) == {"demo-14"}  # parts only


def test_cohorts_grow_older(demo):
    participants = school_rows(demo["exam_results"]).query("exam == 'VPR' and subject == 'maths'")
    cohorts = participants.set_index(["school_id", "year", "grade"])["participants"].astype(float)
    later = cohorts.rename(index=lambda year: year + 1, level="year").rename(
        index=lambda grade: grade + 1, level="grade"
    )
    both = pd.concat([cohorts.rename("now"), later.rename("before")], axis=1, join="inner")
    assert both.corr().loc["now", "before"] > 0.95


# rules of the years


def test_each_year_has_the_exams_it_had(demo):
    results = demo["exam_results"]
    subjects = {year: rows.groupby("exam")["subject"].agg(list).to_dict() for year, rows in results.groupby("year")}
    subjects = {year: {exam: set(names) for exam, names in exams.items()} for year, exams in subjects.items()}
    assert "OGE" not in subjects[2020] and len(subjects[2019]["OGE"]) > 5
    assert subjects[2021]["OGE"] == {"russian", "maths"}
    assert [year for year in SIMULATED_YEARS if "maths_base" in subjects[year]["EGE"]] == [2019]
    assert set(results[(results["exam"] == "VPR") & (results["year"] == 2021)]["grade"]) == {4, 5, 6, 7, 8}
    for name, in_2019 in (("exam_results", {""}), ("learning_marks", {""})):
        waves = {year: set(rows["wave"]) for year, rows in demo[name].groupby("year")}
        assert waves[2019] == in_2019
        assert waves[2020] == waves[2021] == {"", "entry", "interim", "final"}


def test_in_2020_only_university_entrants_sat_ege(demo):
    leavers = demo["progression"].groupby("year")["grade11_graduates"].sum()
    results = school_rows(demo["exam_results"]).query("exam == 'EGE' and subject == 'russian'")
    share = results.groupby("year")["participants"].sum() / leavers
    assert share[2019] == 1
    assert 0.6 < share[2020] < 0.9


def test_rows_above_the_school_are_there_for_comparison(demo):
    for name in ("exam_results", "mark_comparison", "learning_marks", "staff"):
        assert {"region", "country"} <= set(demo[name]["level"]), name
    assert set(demo["exam_results"].query("wave != ''")["level"]) == {"school", "municipality", "region"}


# realistic


@pytest.mark.parametrize(
    ("subject", "grade", "year", "least", "most"),
    [("maths", 4, 2021, 0.02, 0.04), ("russian", 8, 2021, 0.19, 0.25), ("maths", 5, 2020, 0.17, 0.24)],
)
def test_shares_of_mark_two_are_those_of_a_real_region(region, subject, grade, year, least, most):
    rows = region["exam_results"].query("exam == 'VPR' and subject == @subject and grade == @grade and year == @year")
    assert least <= rows["mark_2"].sum() / rows["participants"].sum() <= most


def test_marks_are_lowered_against_the_journal_as_in_a_real_region(many_schools):
    compared = school_rows(many_schools["mark_comparison"]).query("year == 2021 and grade in [5, 6]")
    counts = compared[["lowered", "confirmed", "raised"]].sum()
    assert 0.33 <= counts["lowered"] / counts.sum() <= 0.38
    assert counts["raised"] / counts.sum() <= 0.08
    assert 0.58 <= compared["spearman"].mean() <= 0.68


def test_schools_and_pupils_differ_as_in_a_real_region(region):
    results = region["exam_results"].query("exam == 'VPR' and year == 2021")
    small = (results["participants"] < 10).groupby([results["subject"], results["grade"]]).mean()
    assert small.between(0.19, 0.31).all()
    large = results[results["participants"] >= 20]
    differences = per_cent(large).groupby([large["subject"], large["grade"]]).std()
    assert differences.between(7, 9.5).all()
    inside = (100 * large["score_sd"] / large["max_score"]).groupby([large["subject"], large["grade"]]).mean()
    assert inside.between(14, 19).all()
    means = large.assign(mean=per_cent(large)).pivot_table(
        index="school_id", columns=["subject", "grade"], values="mean"
    )
    correlations = means.corr().to_numpy()
    assert 0.4 <= np.median(correlations[np.triu_indices_from(correlations, 1)]) <= 0.65


def test_results_follow_the_social_context(region):
    context = region["social_context"].query("year == 2021").set_index("school_id")
    poorer = (context["parents_without_higher_education"] / context["families"]).astype(float)
    results = region["exam_results"].query("year == 2021")
    points = per_cent(results) * results["participants"].astype(float)
    means = points.groupby(results["school_id"]).sum() / results.groupby("school_id")["participants"].sum().astype(
        float
    )
    assert -0.75 < means.corr(poorer.reindex(means.index)) < -0.4


def test_scores_near_a_boundary_are_lifted_over_it():
    plain = score_probabilities(np.array([10.0]), np.array([4.0]), 20, scale=(7, 11, 15), lift=0.0)[0]
    lifted = score_probabilities(np.array([10.0]), np.array([4.0]), 20, scale=(7, 11, 15))[0]
    assert lifted.sum() == pytest.approx(1)
    assert lifted[6] == pytest.approx(plain[6] * 0.5)  # half of those one point short
    assert lifted[7] > plain[7]


@given(
    totals=st.lists(st.integers(0, 5000), min_size=1, max_size=5),
    weights=st.lists(st.floats(0.01, 10), min_size=1, max_size=6),
    offset=st.floats(0, 0.999),
)
@settings(derandomize=True, database=None)
def test_apportioned_parts_add_up_and_are_less_than_one_from_their_share(totals, weights, offset):
    shares = np.tile(np.array(weights) / sum(weights), (len(totals), 1))
    parts = apportion(np.array(totals), shares, offset)
    assert parts.sum(axis=1).tolist() == totals
    assert (parts >= 0).all()
    assert (np.abs(parts - np.array(totals)[:, None] * shares) <= 1 + 1e-9).all()


# a region


def test_a_region_has_what_identification_needs_in_the_readers_shape(region):
    assert set(region) == {
        "schools", "exam_results", "learning_marks", "progression", "olympiads", "satisfaction", "social_context",
        "staff", "resources",
    }  # fmt: skip
    origin = {"source_row", "source_file", "source_sheet"}
    for name, frame in region.items():
        assert set(frame) == set(table(name).columns) | {"year", "municipality"} | origin
        assert frame["municipality"].notna().all()
        assert set(frame["level"]) == {"school"}
    assert set(region["exam_results"]["subject"]) == {"russian", "maths", "maths_base"}
    owners = region["schools"].groupby("school_id")["municipality"].nunique()
    assert len(owners) == 1500 and set(owners) == {1}


@given(seed=st.integers(0, 10**6), offices=st.integers(1, 60), spare=st.integers(0, 900))
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
def test_municipalities_share_out_all_schools(seed, offices, spare):
    total = min(offices + spare, 100 * offices)
    sizes = municipality_sizes(seed, offices, total)
    assert len(sizes) == offices and sizes.sum() == total
    assert sizes.min() >= 1 and sizes.max() <= 100


def test_schools_that_cannot_be_shared_out_are_refused():
    with pytest.raises(ValueError, match="5 школ нельзя разделить на 6"):
        municipality_sizes(1, offices=6, schools_total=5)
    with pytest.raises(ValueError, match="нельзя разделить"):
        municipality_sizes(1, offices=2, schools_total=201)


def test_random_casts_are_varied():
    cast = draw_schools(seed=2, schools=2000)
    assert set(cast["kind"]) == {"СОШ", "ООШ", "НОШ", "гимназия", "лицей"}
    assert cast["locality"].value_counts(normalize=True)["urban"] == pytest.approx(0.45, abs=0.04)
    assert (cast["bias"] > 0).mean() == pytest.approx(0.07, abs=0.02)


# the demo office tells its stories


def deviations(tables: dict[str, pd.DataFrame]) -> pd.Series:
    """Mean difference from the municipality in russian and maths, per cent of the greatest score, by school and year."""
    results = tables["exam_results"]
    results = results[
        (results["wave"] == "") & results["subject"].isin(["russian", "maths"]) & (results["exam"] != "GVE")
    ]
    results = results.assign(mean=per_cent(results), participants=results["participants"].astype(float))
    whole = results[results["level"] == "municipality"].set_index(PROCEDURE)["mean"]
    rows = school_rows(results)
    away = rows["mean"].to_numpy() - whole.reindex(pd.MultiIndex.from_frame(rows[PROCEDURE])).to_numpy()
    key = [rows["school_id"], rows["year"]]
    weights = rows["participants"].groupby(key).sum()
    return (rows["participants"] * away).groupby(key).sum() / weights


def test_three_schools_are_low_by_both_methods(demo):
    away = deviations(demo).groupby("school_id").mean()
    lowest_quarter = set(away.sort_values().index[:4])
    listed = demo["low_procedures"]
    per_procedure = listed.groupby(["school_id", "exam", "subject", "grade"]).size()
    distinct, repeated = per_procedure.groupby("school_id").size(), per_procedure.groupby("school_id").max()
    low = set(distinct.index[(distinct >= 2) | (repeated >= 2)])
    assert lowest_quarter & low == {"demo-05", "demo-06", "demo-11"}
    assert low - lowest_quarter == {"demo-08"}  # falling, not yet among the lowest
    assert lowest_quarter - low == {"demo-12"}  # fewer than 10 participants: not assessed by the federal rule


def test_one_school_rises_and_one_falls_steadily(demo):
    away = deviations(demo).unstack()
    rising, falling = away.loc["demo-06"], away.loc["demo-08"]
    assert rising[2021] > rising[2020] + 1 > rising[2019] + 2
    assert falling[2021] < falling[2020] - 1 < falling[2019] - 2


def test_a_poor_school_may_do_well_and_a_marking_school_looks_better_than_it_is(demo):
    away = deviations(demo).groupby("school_id").mean()
    context = demo["social_context"].query("year == 2021").set_index("school_id")
    poorer = context["parents_without_higher_education"] / context["families"]
    assert poorer["demo-07"] > poorer.median() and away["demo-07"] > 0
    compared = school_rows(demo["mark_comparison"]).query("year == 2021 and grade <= 6")
    counts = compared.groupby("school_id")[["lowered", "confirmed", "raised"]].sum()
    lowered = counts["lowered"] / counts.sum(axis=1)
    assert lowered.idxmin() == "demo-10" and away["demo-10"] > 0
    outside = demo["exam_results"].query("exam in ['OGE', 'EGE']")
    marked_elsewhere = deviations(demo | {"exam_results": outside}).groupby("school_id").mean()
    assert marked_elsewhere["demo-10"] < away["demo-10"] - 3


def test_the_cast_is_as_announced():
    cast = demo_cast()
    assert len(cast) == 14
    assert set(cast["locality"]) == {"urban", "rural"}
    assert {"СОШ", "ООШ", "НОШ", "гимназия", "лицей"} == set(cast["kind"])
    assert (cast["pupils"] < 100).sum() == 2


def test_the_programme_has_overdue_measures_and_a_school_with_too_few_events(demo):
    measures = demo["measures"].query("year == 2021")
    assert len(measures) >= 25
    assert set(measures["level"]) == {"municipality", "school"} and set(measures["cycle_stage"]) == set(
        choices("cycle_stage")
    )
    assert set(measures["status"]) == set(choices("measure_status"))
    overdue = measures[(measures["status"] == "in_progress") & (measures["due"] == "2020-12-25")]
    assert len(overdue) == 1
    assert (measures["completed_on"].dropna() <= pd.Timestamp(date(2021, 8, 31))).all()
    assert (measures["completed_on"].notna() == (measures["status"] == "done")).all()
    joined = demo["exchange_events"].query("year == 2021")["schools"].str.split("; ").explode().value_counts()
    assert joined["demo-12"] == 3 and min(joined[["demo-05", "demo-06", "demo-11"]]) >= 4
    decisions = demo["expert_decisions"].query("year == 2021")
    assert set(decisions["decision"]) == {"include", "exclude"}
    assert dict(zip(decisions["decision"], decisions["school_id"], strict=True)) == {
        "include": "demo-08",
        "exclude": "demo-06",
    }


def test_the_list_of_the_region_differs_from_the_supported_schools_by_one(demo):
    lists = demo["received_lists"].query("year == 2021")
    named = {source: set(rows["school_id"]) for source, rows in lists.groupby("source")}
    assert named["federal"] == {"demo-05", "demo-06"} and len(named["region"]) == 4
    assert len(named["region"] - set(supported_schools(demo_cast()))) == 1
    assert lists["received_on"].dt.year.eq(2021).all() and lists["ground"].notna().all()


# the dirt


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    (folder / "params").mkdir()
    write_demo(folder)
    return folder


@pytest.fixture(scope="module")
def read(workspace) -> dict[str, pd.DataFrame]:
    return read_inputs(workspace, "demo", SIMULATED_YEARS).tables


@pytest.fixture(scope="module")
def found(workspace) -> pd.DataFrame:
    problems = [check_inputs(read_inputs(workspace, "demo", range(2019, year + 1)), year) for year in SIMULATED_YEARS]
    return pd.concat(problems, ignore_index=True).drop_duplicates()


def test_the_demo_has_no_errors(found):
    assert found[found["severity"] == "error"].empty


@pytest.mark.parametrize(
    "dirt", [dirt for dirt in PLANTED_DIRT if dirt.expected == "warning"], ids=lambda dirt: dirt.about
)
def test_checks_find_the_planted_dirt(found, dirt):
    here = found[(found["severity"] == "warning") & (found["table"] == dirt.table) & (found["year"] == dirt.year)]
    if school := dirt.where.get("school_id"):
        here = here[here["school_id"] == school]
    assert len(here) >= 1


def test_checks_find_nothing_else(found):
    warnings = found[found["severity"] == "warning"]
    planted = {(dirt.table, dirt.year, dirt.where.get("school_id", "")) for dirt in PLANTED_DIRT}
    unexpected = [
        place
        for place in zip(warnings["table"], warnings["year"], warnings["school_id"], strict=True)
        if place not in planted
    ]
    assert not unexpected


@pytest.mark.parametrize(
    "dirt", [dirt for dirt in PLANTED_DIRT if dirt.expected != "warning"], ids=lambda dirt: dirt.about
)
def test_the_reader_copes_with_the_planted_dirt(read, demo, dirt):
    key = list(table(dirt.table).key)

    def rows(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
        frame = tables[dirt.table].query("year == @dirt.year")
        for column, value in dirt.where.items():
            frame = frame[(frame[column] == value).fillna(False)]
        return frame.sort_values(key).reset_index(drop=True)

    if dirt.action == "drop":
        assert len(rows(demo)) == 1 and rows(read).empty
    elif dirt.expected == "missing":
        assert rows(demo)[list(dirt.changes)].notna().all(axis=None)
        assert rows(read)[list(dirt.changes)].isna().all(axis=None)
    else:
        touched = list(dirt.changes) or ["mean_score", "score_sd"]
        assert len(rows(read)) >= 1
        pd.testing.assert_frame_equal(rows(read)[touched], rows(demo)[touched])


@pytest.mark.parametrize("name", sorted(set(table_names()) - {dirt.table for dirt in PLANTED_DIRT}))
def test_everything_else_is_read_back_as_written(read, demo, name):
    columns = list(dict.fromkeys([*table(name).columns, "year"]))
    key = list(dict.fromkeys([*table(name).key, "year"]))

    def shown(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[columns].sort_values(key).reset_index(drop=True)

    pd.testing.assert_frame_equal(shown(read[name]), shown(demo[name]))
