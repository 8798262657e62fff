"""Our functions agree with the R package COINr on its reference cases, except where it is wrong on purpose of ours.

The disagreements are listed in DIFFERENT, each with the result we document instead.
"""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from shnor_lib.params.errors import CompositeError
from shnor_lib.params.recipe import (
    DistanceToMaximum,
    DistanceToReference,
    DistanceToTarget,
    FractionOfMaximum,
    Goalposts,
    MinMax,
    PlainMean,
    Power,
    Rank,
    Scaled,
    Screening,
    Treatment,
    ZScore,
)
from shnor_lib.statistics.composite import aggregate, consistency, impute, screen, treat, trend
from shnor_lib.statistics.composite.normalise import normalise_values
from shnor_lib.statistics.composite.ranking import rank_scores

DATA = Path(__file__).parent / "data"
CASES = [case for path in sorted(DATA.glob("*.json")) for case in json.loads(path.read_text(encoding="utf-8"))]
BY_ID = {case["id"]: case for case in CASES}

SPECIAL = {"NA": math.nan, "NaN": math.nan, "Inf": math.inf, "-Inf": -math.inf}


def number(value):
    return SPECIAL[value] if isinstance(value, str) else value


def vector(values) -> np.ndarray:
    return np.array([number(value) for value in values], dtype=float)


def frame(columns) -> pd.DataFrame:
    return pd.DataFrame({name: vector(values) for name, values in columns.items()})


def scalar(args, name, default=None):
    value = args.get(name)
    return default if value in (None, {}) else value[0]


def label(value):
    return None if value == "NA" else value


# --- one adapter an R function: its arguments in, our result out -----------------------------------------------------


def normalised_with_direction(args):
    given = args.get("f_n_para") or {}
    ends = lambda name: dict(zip(("low", "high"), given[name], strict=True))
    methods = {
        "n_minmax": lambda: MinMax(**ends("l_u")),
        "n_zscore": lambda: ZScore(mean=given["m_sd"][0], sd=given["m_sd"][1]),
        "n_prank": lambda: Rank(method="percentile_rank"),
        "n_rank": Rank,
        "n_borda": lambda: Rank(method="borda"),
        "n_dist2max": DistanceToMaximum,
        "n_fracmax": FractionOfMaximum,
        "n_goalposts": lambda: Goalposts(low=given["gposts"][0], high=given["gposts"][1], factor=given["gposts"][2]),
        "n_dist2targ": lambda: DistanceToTarget(target=given["targ"][0]),
        "n_scaled": lambda: Scaled(**ends("npara"), factor=given["scale_factor"][0]),
    }
    return normalise_values(vector(args["x"]) * args["direction"][0], methods[args["f_n"][0]]())


def normalised(args, method, direction=1, reference=None):
    return normalise_values(vector(args["x"]), method, direction, reference)


NORMALISE = {
    "n_minmax": lambda a: normalised(a, MinMax(low=a["l_u"][0], high=a["l_u"][1])),
    "n_zscore": lambda a: normalised(a, ZScore(mean=a["m_sd"][0], sd=a["m_sd"][1])),
    "n_fracmax": lambda a: normalised(a, FractionOfMaximum()),
    "n_rank": lambda a: normalised(a, Rank(ties=scalar(a, "ties.method", "min"))),
    "n_prank": lambda a: normalised(a, Rank(method="percentile_rank", ties=scalar(a, "ties.method", "min"))),
    "n_scaled": lambda a: normalised(
        a, Scaled(low=a["npara"][0], high=a["npara"][1], factor=scalar(a, "scale_factor", 100.0))
    ),
    "n_goalposts": lambda a: normalised(
        a,
        Goalposts(
            low=a["gposts"][0],
            high=a["gposts"][1],
            factor=a["gposts"][2],
            truncate=scalar(a, "trunc2posts", True),
        ),
        scalar(a, "direction", 1),
    ),
    "n_dist2targ": lambda a: normalised(
        a, DistanceToTarget(target=scalar(a, "targ"), cap=scalar(a, "cap_max", False)), scalar(a, "direction", 1)
    ),
    "n_dist2ref": lambda a: normalised(
        a, DistanceToReference(reference="", cap=scalar(a, "cap_max", False)), reference=scalar(a, "iref") - 1
    ),
    "Normalise": normalised_with_direction,
}

MARKS = {
    "": "",
    "winhi": treat.HIGH,
    "winlo": treat.LOW,
    "log_CT": "log_ct",
    "log_CT_orig": "log_shift",
    "log_CT_neg": "log_ct_signed",
}
DETAILS = {
    "check_SkewKurt0.Pass": "passed_before",
    "check_SkewKurt0.Skew": "skewness_before",
    "check_SkewKurt0.Kurt": "kurtosis_before",
    "winsorise.nwin": "winsorised_points",
    "check_SkewKurt1.Pass": "passed_winsorised",
    "check_SkewKurt1.Skew": "skewness_winsorised",
    "check_SkewKurt1.Kurt": "kurtosis_winsorised",
    "check_SkewKurt2.Pass": "passed_log",
    "check_SkewKurt2.Skew": "skewness_log",
    "check_SkewKurt2.Kurt": "kurtosis_log",
}


def moments(place):
    def compute(args):
        values = vector(args["x"])
        if not scalar(args, "na.rm") and np.isnan(values).any():
            return [math.nan]
        return [treat.skewness_and_kurtosis(values)[place]]

    return compute


def checked(args):
    skew, kurtosis = treat.skewness_and_kurtosis(vector(args["x"]))
    passed = treat.passes_outlier_check(skew, kurtosis, scalar(args, "skew_thresh"), scalar(args, "kurt_thresh"))
    return {"Pass": [passed], "Skew": [skew], "Kurt": [kurtosis]}


def winsorised(args):
    result = treat.winsorise(
        vector(args["x"]),
        scalar(args, "winmax"),
        scalar(args, "skew_thresh"),
        scalar(args, "kurt_thresh"),
        scalar(args, "force_win"),
    )
    return {"x": result.values, "nwin": [result.points], "treated": list(result.marks)}


def treated(args):
    specs = (args.get("global_specs") or {}).get("f1_para", {})
    treatment = Treatment(
        winsorise_limit=specs["winmax"][0] if specs.get("winmax") else 5,
        combine=scalar(args, "combine_treat", False),
        force=specs["force_win"][0] if "force_win" in specs else False,
    )
    ((_, values),) = args["x"].items()
    result = treat.treat_outliers(pd.DataFrame({"v": vector(values)}), treatment)
    marks = pd.Series("", index=result.frame.index).astype(object)
    marks[result.points["unit"].to_list()] = result.points["mark"].to_list()
    return {"x": result.frame["v"].to_numpy(), "treated_points": list(marks), "details": result.details.iloc[0]}


TREAT = {
    "skew": moments(0),
    "kurt": moments(1),
    "check_SkewKurt": checked,
    "winsorise": winsorised,
    "Treat": treated,
    "log_CT": lambda a: treat.log_ct(vector(a["x"])),
    "log_CT_plus": lambda a: treat.log_ct_signed(vector(a["x"])),
    "log_CT_orig": lambda a: treat.log_shift(vector(a["x"])),
    "log_GII": lambda a: treat.log_gii(vector(a["x"])),
    "boxcox": lambda a: treat.box_cox(vector(a["x"]), scalar(a, "lambda")),
}


def outranked(args):
    matrix = aggregate.outrank(frame(args["X"]).to_numpy(), vector(args["w"]))
    dominant = int(np.sum(matrix >= 1 - aggregate.ROUNDING))
    return {"matrix": matrix, "dominant": dominant, "share": dominant / math.comb(len(matrix), 2)}


AGGREGATE = {
    "a_amean": lambda a: [aggregate.aggregate_values(vector(a["x"]), PlainMean(), vector(a["w"]))],
    "a_gmean": lambda a: [aggregate.aggregate_values(vector(a["x"]), PlainMean(method="geometric"), vector(a["w"]))],
    "a_hmean": lambda a: [aggregate.aggregate_values(vector(a["x"]), PlainMean(method="harmonic"), vector(a["w"]))],
    "a_genmean": lambda a: [aggregate.aggregate_values(vector(a["x"]), Power(exponent=scalar(a, "p")), vector(a["w"]))],
    "Aggregate": lambda a: aggregate.aggregate_frame(
        frame(a["x"]),
        PlainMean(),
        dict(zip(a["x"], a["f_ag_para"]["w"], strict=True)),
        scalar(a, "dat_thresh"),
    ).to_numpy(),
    "outrankMatrix": outranked,
}


def screened(args):
    columns = {name: values for name, values in args["x"].items() if name != "uCode"}
    units = pd.Index(args["x"]["uCode"])
    force = dict(zip(*args["Force"].values(), strict=True)) if "Force" in args else {}
    kind = scalar(args, "unit_screen")
    return screen.screen_units(
        frame(columns).set_axis(units),
        Screening(
            minimum_available=0 if kind == "byzeros" else scalar(args, "dat_thresh"),
            minimum_nonzero=None if kind == "byNA" else scalar(args, "nonzero_thresh"),
            keep=tuple(unit for unit, include in force.items() if include),
            drop=tuple(unit for unit, include in force.items() if not include),
        ),
    )


def imputed_frame(args):
    values = frame(args["x"])
    if scalar(args, "impute_by") == "row":
        return impute.impute_by_row(values, dict(zip(values.columns, args["directions"], strict=True)))
    return impute.impute_frame(values, "mean").frame


def imputed_panel(args):
    data = args["iData"]
    panel = frame({name: values for name, values in data.items() if name != "uCode"}).assign(uCode=data["uCode"])
    method = {"constant": "constant", "linear-constant": "linear"}[scalar(args, "imp_type")]
    return impute.impute_over_time(panel, "uCode", "Time", method)


IMPUTE_AND_SCREEN = {
    "i_mean": lambda a: impute.impute_values(vector(a["x"]), "mean"),
    "i_mean_grp": lambda a: impute.impute_values(
        vector(a["x"]), "mean", np.array([label(g) for g in a["f"]], dtype=object)
    ),
    "Impute": imputed_frame,
    "impute_panel": imputed_panel,
    "Screen": screened,
}

STATISTICS = {
    "get_stats": lambda a: screen.describe_indicators(frame(a["x"])),
    "rank_df": lambda a: rank_scores(
        frame({name: values for name, values in a["df"].items() if name in "st"}),
        groups=pd.Series([label(group) for group in a["df"]["g"]]),
    ),
    "get_pvals": lambda a: consistency.correlation_p_values(frame(a["X"]), scalar(a, "method")),
    "CAGR": lambda a: [trend.growth_rate(vector(a["y"]), vector(a["x"]))],
    "prc_change": lambda a: [trend.percentage_change(vector(a["y"]), vector(a["x"]), scalar(a, "per"))],
}

COMPUTE = NORMALISE | TREAT | AGGREGATE | IMPUTE_AND_SCREEN | STATISTICS

ELSEWHERE = {"approx_df", "SA_sample", "sample_2_para"}
"""Compared in tests of their own: interpolation below, designs in the tests of uncertainty."""

DIFFERENT = {
    **{
        case["id"]: "power mean drops the missing child" for case in CASES if "generalised mean" in case.get("note", "")
    },
    **{case["id"]: "the logarithm is taken" for case in CASES if case["fn"] == "log_GII"},
    "outrank_na_eq": "a pair is compared on what both units have",
    "outrank_na_uneq": "a pair is compared on what both units have",
}

AGREE = [
    case["id"] for case in CASES if "error" not in case and case["id"] not in DIFFERENT and case["fn"] not in ELSEWHERE
]
REFUSED = [case["id"] for case in CASES if "error" in case]


def assert_same(ours, theirs):
    np.testing.assert_allclose(np.asarray(ours, dtype=float), vector(theirs), rtol=1e-9, atol=1e-11)


def test_the_cases_are_all_there():
    assert len(CASES) == 342
    assert len(REFUSED) == 17
    assert {case["fn"] for case in CASES} == set(COMPUTE) | ELSEWHERE


@pytest.mark.parametrize("case_id", AGREE)
def test_agrees_with_coinr(case_id):
    case = BY_ID[case_id]
    ours, theirs = COMPUTE[case["fn"]](case["args"]), case["output"]
    match case["fn"]:
        case "winsorise":
            assert_same(ours["x"], theirs["x"])
            assert ours["nwin"] == theirs["nwin"]
            assert ours["treated"] == [MARKS[mark] for mark in theirs["treated"]]
        case "Treat":
            assert_same(ours["x"], theirs["x"])
            if theirs.get("treated_points"):
                assert ours["treated_points"] == [MARKS[mark] for mark in theirs["treated_points"]]
            for column, value in theirs.get("dets", {}).items():
                if column != "iCode":
                    assert_same([ours["details"][DETAILS[column]]], value)
        case "log_CT" | "log_CT_plus" | "log_CT_orig":
            assert_same(ours, theirs["x"])
        case "check_SkewKurt":
            assert ours["Pass"] == [label(theirs["Pass"][0])]
            assert_same(ours["Skew"] + ours["Kurt"], theirs["Skew"] + theirs["Kurt"])
        case "outrankMatrix":
            rows = [[number(cell[0]) for cell in row] for row in theirs["OutRankMatrix"]["matrix_rows"]]
            np.testing.assert_allclose(ours["matrix"], np.array(rows), rtol=1e-9, atol=1e-11)
            assert [ours["dominant"]] == theirs["nDominant"]
            assert_same([ours["share"]], theirs["fracDominant"])
        case "Impute" | "impute_panel":
            for column, values in theirs.items():
                if column != "uCode":
                    assert_same(ours[column], values)
        case "Screen":
            assert list(ours.index[ours["included"]]) == theirs["kept"]
            assert list(ours.index[~ours["included"]]) == theirs["removed"]
            for theirs_name, name in {
                "N_missing": "missing",
                "N_zero": "zeros",
                "N_miss_or_zero": "missing_or_zero",
                "Dat_Avail": "available_share",
                "Non_Zero": "nonzero_share",
            }.items():
                if "summary" in theirs:
                    assert_same(ours[name], theirs["summary"][theirs_name])
        case "get_stats":
            for name, column in {
                "Min": "minimum",
                "Max": "maximum",
                "Mean": "mean",
                "Median": "median",
                "Std": "sd",
                "Skew": "skewness",
                "Kurt": "kurtosis",
                "N.Avail": "available",
                "N.NonZero": "nonzero",
                "N.Unique": "unique",
                "N.Same": "most_frequent",
                "Frc.Avail": "available_share",
                "Frc.NonZero": "nonzero_share",
                "Frc.Unique": "unique_share",
                "Frc.Same": "most_frequent_share",
            }.items():
                assert_same(ours[column], theirs[name])
        case "rank_df":
            for column in ("s", "t"):
                assert [label(rank) for rank in theirs[column]] == [
                    None if pd.isna(rank) else rank for rank in ours[column]
                ]
        case "get_pvals":
            rows = [[number(cell[0]) for cell in row.values()] for row in theirs["matrix_rows"]]
            np.testing.assert_allclose(ours.to_numpy(), np.array(rows), rtol=1e-9, atol=1e-11)
        case _:
            assert_same(ours, theirs)


@pytest.mark.parametrize("case_id", REFUSED)
def test_refuses_what_coinr_refuses(case_id):
    case = BY_ID[case_id]
    with pytest.raises((CompositeError, ValidationError)):  # the second when the recipe already refuses the words
        COMPUTE[case["fn"]](case["args"])


def test_interpolation_agrees():
    case = BY_ID["approx_df"]
    times = vector(case["args"]["tt"])
    for column, values in case["args"]["Y"].items():
        ours = trend.interpolate_over_time(vector(values), times, vector(case["output"]["tt"]))
        assert_same(ours, case["output"]["Y"][column])


# --- where we differ on purpose --------------------------------------------------------------------------------------


@pytest.mark.parametrize("case_id", [case_id for case_id in DIFFERENT if BY_ID[case_id]["fn"] == "a_genmean"])
def test_power_mean_leaves_out_the_missing(case_id):
    args = BY_ID[case_id]["args"]
    values, weights, exponent = vector(args["x"]), vector(args["w"]), args["p"][0]
    known = ~np.isnan(values)
    by_hand = (np.sum(weights[known] * values[known] ** exponent) / np.sum(weights[known])) ** (1 / exponent)
    assert COMPUTE["a_genmean"](args) == [pytest.approx(by_hand, rel=1e-12)]


@pytest.mark.parametrize("case_id", [case_id for case_id in DIFFERENT if BY_ID[case_id]["fn"] == "log_GII"])
def test_log_gii_takes_the_logarithm(case_id):
    values = vector(BY_ID[case_id]["args"]["x"])
    if np.isnan(treat.skewness_and_kurtosis(values)[0]):
        with pytest.raises(CompositeError, match="асимметрию"):
            treat.log_gii(values)
        return
    logged = treat.log_gii(values)
    top = math.log(np.nanmax(values))
    ends = (0.0, top) if treat.skewness_and_kurtosis(values)[0] > 0 else (-top, 0.0)
    assert (np.nanmin(logged), np.nanmax(logged)) == pytest.approx(ends)
    known = ~np.isnan(values)
    assert (np.argsort(logged[known], kind="stable") == np.argsort(values[known], kind="stable")).all()


@pytest.mark.parametrize(("case_id", "first_over_second"), [("outrank_na_eq", 1.0), ("outrank_na_uneq", 1.0)])
def test_outranking_with_a_gap_does_not_depend_on_row_order(case_id, first_over_second):
    args = BY_ID[case_id]["args"]
    values, weights = frame(args["X"]).to_numpy(), vector(args["w"])
    matrix = aggregate.outrank(values, weights)
    assert matrix[0, 1] == first_over_second  # higher on both indicators the second unit has
    order = np.array([4, 1, 0, 3, 2])
    np.testing.assert_allclose(aggregate.outrank(values[order], weights), matrix[np.ix_(order, order)])
