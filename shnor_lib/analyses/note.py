"""The analytical note on results (report 20): the frames it shows, made from :class:`shnor_lib.analyses.results.Results`."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from shnor_lib.analyses.change import NOT_COMPARED, falls_first
from shnor_lib.analyses.identification import low_procedures
from shnor_lib.analyses.results import (
    COMPULSORY,
    Results,
    Section,
    below_town,
    main_measure,
    tally,
    widest_gap,
)
from shnor_lib.indicators import applicable_procedures
from shnor_lib.indicators.catalogue import catalogue
from shnor_lib.indicators.causes import HIDDEN, KNOWN, NOT_COMPARABLE, NOT_DELIVERED, TOO_FEW
from shnor_lib.indicators.schools import highest_grade
from shnor_lib.inputs.dictionary import table
from shnor_lib.office.disclosure.told import hidden_in
from shnor_lib.office.office import Office

STAGES = ("primary", "basic", "secondary", "basic_secondary", "all")
FIRST_GRADE = {"basic": 5, "basic_secondary": 5, "secondary": 10}
"""Where a stage begins; a school whose highest grade is below has none of it."""
OLYMPIADS = "olympiad_participants_rate["
GRADUATES = {
    "gia9": ("continued_to_grade10_rate", "grade9_without_certificate_rate"),
    "gia11": ("without_certificate_rate", "honours_rate"),
}
"""What becomes of the graduates of a section."""


def is_rate(measures: pd.Series) -> pd.Series:
    """Whether each measure is a share, not a score."""
    return measures.map({name: catalogue()[name].unit == "rate" for name in measures.unique()}).astype(bool)


def all_schools(results: Results) -> pd.DataFrame:
    """The compared results of the schools of all sections."""
    return pd.concat([section.schools for section in results.sections.values()])


def school_tally(results: Results) -> pd.DataFrame:
    """How many results of every registered school are worse, no different, better; ``why`` none is compared, as a cause.

    Results that are hidden are not counted; where all are, their number is missing.
    """
    rows = all_schools(results)
    counted = tally(rows, results.level).set_index("school_id")
    hidden = rows["hidden"].eq(True).groupby(rows["school_id"]).sum() if "hidden" in rows else pd.Series(dtype=float)
    known = (
        counted.reindex(results.office.schools["school_id"]).fillna(0).astype(int)
    )  # no row: no result was delivered
    frame = known.rename_axis("school_id").reset_index()
    masked = frame["school_id"].map(hidden).gt(0)
    causes = [frame["compared"].gt(0), masked, frame["few"].gt(0), frame["results"].gt(0)]
    return frame.assign(
        **{name: frame[name].where(frame["compared"].gt(0)) for name in ("worse", "same", "better")},
        results=frame["results"].mask(masked & frame["results"].eq(0)),
        why=np.select(causes, [KNOWN, HIDDEN, TOO_FEW, NOT_COMPARABLE], NOT_DELIVERED),
    )


def named_results(results: Results) -> pd.DataFrame:
    """Results that a document names without participants: school_id, ``results``, how many are ``held`` against the municipality's,
    ``below`` it (missing where none is held) and ``rows`` below it."""
    compared = all_schools(results)
    valued = compared[compared["value"].notna()]
    below = below_town(valued)
    worse = below.eq(True).fillna(False).astype(bool)  # what the municipality has no value for is counted in neither
    rows = []
    for school in results.office.schools["school_id"]:
        own = valued["school_id"].eq(school)
        if own.any():
            held = int(below[own].notna().sum())
            rows.append((school, int(own.sum()), held, int(worse[own].sum()) if held else None, valued[own & worse]))
    found = pd.DataFrame(rows, columns=["school_id", "results", "held", "below", "rows"])
    return found.astype({"below": "Int64"})


def official_list(office: Office) -> pd.DataFrame:
    """The low results of each school that an official list names: school_id, ``size``, ``procedures`` with their years."""
    low = low_procedures(office, "official_list") if len(office.low_procedures) else office.low_procedures
    pairs = pd.Series(list(zip(low["procedure"], low["year"], strict=True)), index=low.index, dtype=object)
    listed = pairs.groupby(low["school_id"]).agg(list).reindex(office.schools["school_id"]).dropna()
    return listed.rename("procedures").rename_axis("school_id").reset_index().assign(size=listed.map(len).to_numpy(int))


def graduates(office: Office, section: str) -> pd.DataFrame:
    """Graduates of a section in the municipality, year by year; counts alone are no rows of the public edition."""
    rows = office.indicators
    rows = rows[rows["level"].eq("municipality") & rows["indicator"].isin(GRADUATES.get(section, ()))]
    shown = rows["value"].notna() | (rows["numerator"].notna() & (office.audience != "public"))
    return rows[shown].sort_values(["indicator", "year"])


def groups_of_parts(section: Section) -> dict[str, list[str]]:
    """The procedures of a section in groups narrow enough for a sheet: compulsory and chosen subjects, or grades of ВПР."""
    parts = sorted(section.schools["part"].unique())
    if section.name == "vpr":
        grades = sorted({part.split("/")[2] for part in parts}, key=int)
        return {grade: [part for part in parts if part.endswith(f"/{grade}")] for grade in grades}
    compulsory = [part for part in parts if part.split("/")[1] in COMPULSORY]
    groups = {"compulsory": compulsory, "chosen": [part for part in parts if part not in compulsory]}
    return {key: group for key, group in groups.items() if group}


def impossible(office: Office, parts: list[str]) -> set[tuple[str, str]]:
    """Pairs of school and procedure, or stage with subject, that the grades of the school leave no place for."""
    if parts[0].count("/") == 2:
        found = applicable_procedures(office.schools, parts)
        return {(row.school_id, row.procedure) for row in found.itertuples() if row.applicable is False}
    highest = zip(office.schools["school_id"], highest_grade(office.schools), strict=True)
    return {
        (school, part) for school, grade in highest for part in parts if grade < FIRST_GRADE.get(part.split("/")[0], 1)
    }


def town_values(section: Section, level: str) -> pd.DataFrame:
    """The municipality by procedure: every measure, region and country beside the main one, schools worse and better."""
    rows = section.rows[section.rows["level"].eq("municipality") & section.rows["year"].eq(section.year)]
    values = rows.pivot_table(index="part", columns="measure", values="value", aggfunc="first", observed=True)
    values = values.reindex(sorted(rows["part"].unique()))
    frame, town = values.rename_axis("part").reset_index(), section.town.set_index("part").reindex(values.index)
    code = section.schools[f"comparison_{level}"]
    for kind in ("worse", "better"):
        counted = code.eq(kind).groupby(section.schools["part"]).sum()
        frame[f"schools_{kind}"] = counted.reindex(frame["part"]).to_numpy() if code.ne("not_compared").any() else None
    for above in ("region", "country"):
        frame[f"benchmark_{above}"] = town[f"benchmark_{above}"].to_numpy()
    gone = rows[rows["hidden"].eq(True)] if "hidden" in rows else rows.iloc[:0]
    hidden = gone.groupby("part")["measure"].agg(frozenset).to_dict()
    return frame.assign(
        comparison=town["comparison_region"].fillna("not_compared").to_numpy(),
        hidden=frame["part"].isin(list(hidden)),
        absent=[frozenset(values.columns) - hidden.get(part, frozenset()) for part in frame["part"]],
    )


def subjects(section: Section, level: str) -> pd.DataFrame:
    """The procedures of a section as a reader goes through them, those with most schools worse first.

    Returns
    -------
    part, rate; ``now``: the municipality's value of the main measure, ``region`` and ``comparison`` with it; ``values``: those of
    the earlier years and of this one, by year; ``worse``, ``better``: ids of schools against ``level``; ``compared``, ``few``: how
    many schools; ``why`` none is compared, as a cause; ``points``: (value, comparison) of every school that is compared.
    """
    code = f"comparison_{level}"
    town, years = section.town.set_index("part"), [each for each in section.series.columns if isinstance(each, int)]
    series = section.series.set_index("part")[years] if len(section.series) else pd.DataFrame(columns=years)
    rows = []
    for part, own in section.schools.groupby("part", sort=True):
        against = own[own[code].ne("not_compared")].sort_values("value")
        known = town.loc[part] if part in town.index else pd.Series(dtype=float)
        row = {
            "part": part,
            "now": known.get("value"),
            "hidden": bool(known.get("hidden", False)),
            "region": known.get("benchmark_region"),
            "comparison": known.get("comparison_region", "not_compared"),
            "against": against[f"benchmark_{level}"].iloc[0] if len(against) else None,
            "values": dict(series.loc[part]) if part in series.index else {},
            "compared": len(against),
            "few": int(own["few"].sum()),
            "why": KNOWN if len(against) else _why_none(own),
            "points": list(zip(against["value"], against[code], strict=True)),
        }
        rows.append(
            row | {side: list(against.loc[against[code].eq(side), "school_id"]) for side in ("worse", "better")}
        )
    frame = pd.DataFrame(rows)
    frame = frame.assign(rate=is_rate(frame["part"].map(main_measure)), many=frame["worse"].map(len))
    return frame.sort_values(["many", "part"], ascending=[False, True], kind="stable").reset_index(drop=True)


def _why_none(own: pd.DataFrame) -> str:
    """Why none of the results of a procedure is compared."""
    if "hidden" in own and own["hidden"].eq(True).any():
        return HIDDEN
    return TOO_FEW if own["few"].any() else NOT_COMPARABLE


def counted_persons(section: Section) -> pd.DataFrame:
    """Counts that the document gives without the number of participants."""
    rows = section.rows[section.rows["level"].eq("municipality") & section.rows["year"].eq(section.year)]
    return rows[rows["value"].isna() & rows["numerator"].notna() & ~rows["measure"].eq("score_100_rate")]


def other_scale(frame: pd.DataFrame, of_points: Iterable[str], of_marks: Iterable[str]) -> dict[str, pd.Series]:
    """Where a measure of the one scale does not apply because the procedure is counted on the other."""
    scored = frame["part"].map(main_measure).eq("mean_score") | frame["part"].str.contains("/maths_any/")
    return {name: scored for name in of_marks if name in frame} | {name: ~scored for name in of_points if name in frame}


def series_of(section: Section) -> tuple[pd.DataFrame, list[int]]:
    """Values of the municipality that changed, one column ``y<year>`` a year, with the change over all years; and the years."""
    years = [column for column in section.series.columns if isinstance(column, int)]
    told = section.series["change"].notna() | hidden_in(section.series, "change")
    series = section.series[told].reset_index(drop=True)
    known = series[years]
    span = known.ffill(axis=1).iloc[:, -1] - known.bfill(axis=1).iloc[:, 0] if len(series) else None
    whole = span.mask(hidden_in(series, "change")) if len(series) else None
    longer = len(series) and known.notna().sum(axis=1).gt(2).any()
    frame = series.assign(rate=is_rate(series["measure"]), whole=whole if longer else None)
    return frame.rename(columns={year: f"y{year}" for year in years}), years


def series_counts(series: pd.DataFrame) -> dict[str, int]:
    """How many values were tested, changed beyond chance, fell and rose."""
    return {
        "tested": int(series["beyond"].notna().sum()),
        "changed": int(series["beyond"].eq(True).sum()),
        "fell": int(series["change"].lt(0).sum()),
        "rose": int(series["change"].gt(0).sum()),
    }


def largest_changes(series: pd.DataFrame, most: int = 4) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of the scale most values have, and the ``most`` of them that changed most, the largest first."""
    same = series[series["rate"].isin(series["rate"].mode()[:1])]
    order = same["change"].abs().sort_values(ascending=False, kind="stable").index[:most]
    return same, same.loc[order]


def changes_of_schools(results: Results) -> pd.DataFrame:
    """Changes of the schools: falls first, then rises, then what is within chance, then what cannot be compared."""
    frame = falls_first(results.changes.schools)
    return frame.assign(tested=frame["direction"].ne(NOT_COMPARED))


def results_compared(results: Results) -> pd.DataFrame:
    """The results that the changes of the schools were told from, one row a school, procedure and year."""
    found = results.changes.results
    kind = found["measure"].map({"mean_percent": "number", "quality_rate": "percent"})
    return found.assign(kind=kind).sort_values(["school_id", "procedure", "year"])


def learning_parts(results: Results, measure: str) -> tuple[pd.DataFrame, list[str]]:
    """The schools' rows of a measure of learning, and its stages and subjects in order."""
    own = results.learning_schools[results.learning_schools["measure"].eq(measure)]
    parts = own["part"].unique()
    return own, sorted(parts, key=lambda part: (STAGES.index(part.split("/")[0]), part.split("/")[1] != "all", part))


def town_learning(results: Results) -> pd.DataFrame:
    """Quality of learning of the municipality over all subjects, by stage, where it is told."""
    rows = results.learning[results.learning["value"].notna()]
    rows = rows[rows["level"].eq("municipality") & rows["year"].eq(results.learning_year)]
    rows = rows[rows["measure"].eq("learning_quality_rate") & rows["part"].str.endswith("/all")]
    return rows.sort_values("part", key=lambda parts: parts.str.split("/").str[0].map(STAGES.index), kind="stable")


def learning_years(results: Results) -> pd.DataFrame:
    """Quality and standard of learning, one column ``y<year>`` a year: the municipality, and schools over all subjects."""
    rows = results.learning[results.learning["measure"].isin(("learning_quality_rate", "learning_standard_rate"))]
    several = (
        rows["level"].eq("school") & rows["part"].str.endswith("/all") & rows["measure"].eq("learning_quality_rate")
    )
    own, key = rows[rows["level"].eq("municipality") | several], ["level", "school_id", "measure", "part"]
    places = own.groupby([*key, "year"], observed=True)
    known = places.size().unstack(fill_value=0).gt(0)
    wide = places["value"].first().unstack().reindex(known.index)
    known.columns = wide.columns = [f"y{year}" for year in wide.columns]
    several_years = known.sum(axis=1).gt(1)
    frame = wide.assign(several_years=several_years, hidden=(known & wide.isna()).any(axis=1)).reset_index()
    return frame[frame["level"].eq("municipality") | frame["several_years"]].drop(columns="several_years")


def learning_level(results: Results) -> str:
    """What the learning of schools is compared with: the region, or the municipality when the region has no values."""
    return "region" if results.learning_schools["benchmark_region"].notna().any() else "municipality"


def learning_compared(results: Results) -> pd.DataFrame:
    """Quality of learning with intervals at the stage most schools have; empty for fewer than two schools."""
    own = results.learning_schools
    own = own[own["measure"].eq("learning_quality_rate") & own["part"].str.endswith("/all") & own["low"].notna()]
    if len(own) < 2:
        return own.iloc[:0]
    part = own["part"].value_counts().sort_index().idxmax()
    own = own[own["part"].eq(part)].set_index("school_id").reindex(results.office.schools["school_id"])
    return own.dropna(subset=["value"]).rename_axis("school_id").reset_index()


def is_key_part(part: str) -> bool:
    """Whether a gap is shown: russian and maths of the procedures, learning over all subjects."""
    words = part.split("/")
    return words[1] == "all" if len(words) == 2 else words[1] in COMPULSORY


def latest_gaps(results: Results) -> pd.DataFrame:
    """The latest gap of each key measure with the one before, the change, and which is the ``widest`` of learning."""
    key = ["measure", "part"]
    ordered = results.gaps[results.gaps["part"].map(is_key_part)].sort_values("year", kind="stable")
    latest = ordered.drop_duplicates(key, keep="last")
    before = ordered[~ordered.index.isin(latest.index)].drop_duplicates(key, keep="last")
    frame = latest.merge(before[[*key, "year", "gap"]], on=key, how="left", suffixes=("", "_before"))
    wide = widest_gap(results)
    return frame.assign(
        year_before=frame["year_before"].astype("Int64"),
        change=frame["gap"] - frame["gap_before"],
        rate=is_rate(frame["measure"]),
        widest=False if wide is None else frame["measure"].eq(wide["measure"]) & frame["part"].eq(wide["part"]),
    )


def olympiad_shares(office: Office, level: str) -> dict[tuple[str, str, int], float]:
    """Share of pupils in olympiads by school (empty for the municipality), stage and year."""
    rows = office.indicators
    rows = rows[rows["level"].eq(level) & rows["indicator"].str.startswith(OLYMPIADS)]
    stages = rows["indicator"].str.removeprefix(OLYMPIADS).str.removesuffix("]")
    schools = rows["school_id"] if level == "school" else [""] * len(rows)
    return dict(zip(zip(schools, stages, rows["year"], strict=True), rows["value"], strict=True))


def olympiads(results: Results) -> pd.DataFrame:
    """Totals of the olympiads with the share of pupils, and whether it is the year of the run."""
    shares, totals = olympiad_shares(results.office, "municipality"), results.olympiads
    share = [shares.get(("", row.stage, row.year)) for row in totals.itertuples()]
    return totals.assign(
        share=pd.Series(share, index=totals.index, dtype=float), current=totals["year"].eq(results.office.year)
    )


def olympiad_schools(office: Office) -> pd.DataFrame:
    """Olympiads of the schools in the year of the run with the share of pupils, by school and stage."""
    rows, shares = table("olympiads").whole_rows(office.tables["olympiads"]), olympiad_shares(office, "school")
    rows = rows[rows["level"].eq("school") & rows["year"].eq(office.year)]
    share = [shares.get((row.school_id, row.stage, row.year)) for row in rows.itertuples()]
    order = rows["stage"].map({"municipal": 0, "regional": 1, "national": 2})
    frame = rows.assign(share=pd.Series(share, index=rows.index, dtype=float), order=order)
    return frame.sort_values(["school_id", "order"], kind="stable")


def olympiad_subjects(office: Office) -> pd.DataFrame:
    """Olympiads of the municipality by stage and subject in the year of the run; most diplomas first.

    stage, subject, entries, winners, prize_winners, and ``schools`` with a diploma where the municipality's row is summed from
    them (missing where it states its own).
    """
    counts, key = ["entries", "winners", "prize_winners"], ["stage", "subject"]
    rows = office.tables["olympiads"]
    rows = rows.drop(table("olympiads").whole_rows(rows).index)
    rows = rows[rows["year"].eq(office.year)].astype(dict.fromkeys(key, object) | dict.fromkeys(counts, float))
    own, hidden = rows[rows["level"].eq("municipality")].drop_duplicates(key), ["hidden"] if "hidden" in rows else []
    schools = rows[rows["level"].eq("school")]
    diplomas = schools[counts[1:]].sum(axis=1).gt(0)
    summed = schools.groupby(key, as_index=False)[counts].sum(min_count=1)
    with_diploma = schools[diplomas].groupby(key)["school_id"].nunique()
    places = pd.MultiIndex.from_frame(summed[key])
    summed["schools"] = with_diploma.reindex(places).fillna(0).to_numpy(float)
    together = pd.concat([own.reindex(columns=[*key, *counts, "schools", *hidden]), summed]).drop_duplicates(key)
    order = together["stage"].map({"municipal": 0, "regional": 1, "national": 2})
    most = together[counts[1:]].sum(axis=1)
    ordered = together.assign(order=order, most=-most).sort_values(["order", "most", "subject"], kind="stable")
    return ordered.drop(columns=["order", "most"]).reset_index(drop=True)


def details(section: Section) -> pd.DataFrame:
    """Every measure of every school and procedure of a section beside its comparison; ``gone`` holds the hidden measures."""
    rows = section.rows[section.rows["level"].eq("school") & section.rows["year"].eq(section.year)]
    key = ["school_id", "part"]
    wide = rows.pivot_table(index=key, columns="measure", values="value", aggfunc="first", observed=True)
    compared = section.schools.set_index(key)
    joined = compared.drop(columns=["indicator", "municipality"], errors="ignore")
    joined = joined.rename(columns={name: f"{name}_row" for name in wide.columns.intersection(joined.columns)})
    frame = wide.reindex(compared.index).join(joined).reset_index()
    hidden = rows[rows["hidden"].eq(True)] if "hidden" in rows else rows.iloc[:0]
    gone = hidden.groupby(key, observed=True)["measure"].agg(set).to_dict()
    return frame.assign(gone=[gone.get(place, set()) for place in zip(frame["school_id"], frame["part"], strict=True)])
