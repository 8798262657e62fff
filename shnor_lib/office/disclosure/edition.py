"""The office as the public may see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

import pandas as pd

from shnor_lib.criteria.judge import without_values
from shnor_lib.indicators import Catalogue, split_name
from shnor_lib.indicators.causes import AS_RANGE, HIDDEN
from shnor_lib.office.disclosure.suppress import (
    guarded,
    is_guarded_rate,
    row_keys,
    suppress_corrections,
    suppress_indicators,
    suppress_judged,
    suppress_problems,
    suppress_table,
    with_totals,
    without_telling_thresholds,
)
from shnor_lib.office.office import Office

WHOLE = "whole"
"""All data of an office, looked at for the public: nothing is left out of them for being hidden, what may mean a person is."""


def whole_of(office: Office) -> Office:
    """The office as a public edition looks at it for words."""
    return replace(office, audience=WHOLE)


def public_edition(office: Office) -> Office:
    """The office as the public may see it: numbers of few pupils are hidden in every frame, and cannot be computed back.

    Verdicts and lists stay: they are decisions, not numbers. Hidden rows carry ``hidden``.
    """
    limit = office.profile.disclosure.minimum_participants
    components = office.components.groupby("index")["indicator"].unique() if len(office.components) else {}
    tables, indicators = public_numbers(office, limit, dict(components))
    gone = indicators.loc[indicators["hidden"] & indicators["level"].eq("school"), ["school_id", "year", "indicator"]]
    split = [split_name(name) for name in gone["indicator"]]
    procedures = gone[["school_id", "year"]].assign(procedure=[part for _, part in split])
    of_components = office.components.assign(participants=float("nan"))
    verdicts, listed = public_verdicts(office, gone, limit), targets_of_lists(office, gone)
    return replace(
        office,
        audience="public",
        whole=whole_of(office),
        tables=tables,
        problems=suppress_problems(office.problems),
        corrections=suppress_corrections(office.corrections),
        indicators=indicators,
        components=suppress_judged(of_components, limit, ["value", "normalised"], gone).drop(columns="participants"),
        low_procedures=suppress_judged(
            office.low_procedures,
            limit,
            ["value", "participants"],
            procedures,
            rates=office.low_procedures["value"].notna(),
        ),
        verdicts=verdicts,
        target_history=public_targets(office, office.target_history, limit, listed),
        waves=suppress_indicators(office.waves, limit, known=office.catalogue),
        targets=public_targets(office, office.targets, limit, listed),
    )


def public_numbers(
    office: Office, limit: int, components: Mapping[str, Sequence[str]]
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The tables and the indicators without small numbers: what is hidden in a row of the one is hidden in the other."""
    whole = {
        name: with_totals(name, frame) if name in guarded().summed else frame for name, frame in office.tables.items()
    }
    also: dict[str, pd.DataFrame] = {}
    while True:
        tables = {name: suppress_table(name, frame, limit, also.get(name)) for name, frame in whole.items()}
        rows = pd.concat([rows_hidden(name, tables[name]) for name in guarded().row_parts])
        indicators = suppress_indicators(office.indicators, limit, components, office.catalogue, rows)
        found = {name: hidden_rows_of(indicators, name, office.catalogue) for name in guarded().row_parts}
        known = {tuple(row) for row in rows[["table", "school_id", "year", "part"]].to_numpy(object).tolist()}
        news = {(name, *row) for name in found for row in found[name].to_numpy(object).tolist()} - known
        if not news or all(len(found[name]) == len(also.get(name, ())) for name in found):
            return tables, indicators
        also = found


def rows_hidden(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of schools of a table of which a number is hidden: table, school_id, year and part."""
    if frame.empty:
        return pd.DataFrame(columns=["table", "school_id", "year", "part"])
    own = frame["hidden"].eq(True) & frame["level"].eq("school").fillna(False)
    return row_keys(name, frame)[own].drop_duplicates().assign(table=name)


def hidden_rows_of(indicators: pd.DataFrame, name: str, known: Catalogue) -> pd.DataFrame:
    """Hidden indicators of schools that are told from a table: school_id, year and part."""
    of_table = {one for one in indicators["indicator"].unique() if (entry := known.of(one)) and entry.table == name}
    own = indicators[indicators["hidden"] & indicators["level"].eq("school") & indicators["indicator"].isin(of_table)]
    return pd.DataFrame(
        {
            "school_id": own["school_id"],
            "year": own["year"].astype(int),
            "part": [split_name(one)[1] or "" for one in own["indicator"]],
        }
    ).drop_duplicates()


def public_verdicts(office: Office, gone: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Verdicts without the numbers that would tell a hidden indicator: its own value, and a pooled one with a single gap.

    ``gone``: hidden indicators of schools: school_id, year, indicator.
    """
    numbers = ["value", "threshold", "benchmark", "margin", "participants"]
    split = [split_name(name) for name in gone["indicator"]]
    gone = gone.assign(function=[function for function, _ in split], part=[part or "" for _, part in split])
    touched = []
    for name, criterion in office.method.criteria.items():
        for indicator, parts in criterion.asks:
            own = gone[gone["indicator"].eq(indicator) | gone["function"].eq(indicator)]
            if parts:
                own = own.loc[[any(fnmatchcase(part, one) for one in parts) for part in own["part"]]]
                own = own[own.groupby("school_id")["school_id"].transform("size").eq(1) | criterion.extreme]
            touched.append(own[["school_id"]].assign(criterion=name))
    criteria = office.method.criteria.items()
    rates = [name for name, one in criteria if is_guarded_rate(one.indicator, office.catalogue)]
    of_rates = office.verdicts["criterion"].isin(rates)
    verdicts = suppress_judged(office.verdicts, limit, numbers, pd.concat(touched), of_rates)
    verdicts = without_telling_thresholds(verdicts, office.verdicts["margin"])
    ranged = verdicts["hidden"] & verdicts["cause"].eq(AS_RANGE)
    verdicts = verdicts.assign(cause=verdicts["cause"].mask(ranged, HIDDEN), needs=verdicts["needs"].mask(ranged, ""))
    told = without_values(verdicts["reason"])
    verdicts = verdicts.assign(reason=verdicts["reason"].mask(verdicts["hidden"], told))
    unknown = _among_few(office, gone, verdicts)
    return verdicts.assign(participants=verdicts["participants"].mask(unknown), participants_hidden=unknown)


def _among_few(office: Office, gone: pd.DataFrame, verdicts: pd.DataFrame) -> pd.Series:
    """Verdicts over several procedures of a school one of which hides its participants: their number would tell it."""
    people = gone[gone["function"].eq("participants")]
    pairs = set()
    for name, criterion in office.method.criteria.items():
        patterns = [one for _, parts in criterion.asks for one in parts]
        asked = [any(fnmatchcase(part, one) for one in patterns) for part in people["part"]]
        pairs |= {(school, name) for school in people.loc[asked, "school_id"]}
    own = zip(verdicts["school_id"], verdicts["criterion"], strict=True)
    return pd.Series([pair in pairs for pair in own], index=verdicts.index, dtype=bool)


def targets_of_lists(office: Office, gone: pd.DataFrame) -> set[str]:
    """Targets over the schools of a list, of whose indicator any school hides a value: the others would tell it."""
    functions = {split_name(name)[0] for name in gone["indicator"]}
    targets = office.profile.targets.items()
    return {name for name, one in targets if one.schools != "all" and one.indicator in functions}


def public_targets(office: Office, targets: pd.DataFrame, limit: int, listed: Collection[str] = ()) -> pd.DataFrame:
    """Targets without the numbers of few pupils; targets that count schools stay.

    A row with one hidden number keeps none that would tell it: not the baseline, nor the way to the goal. Values over the schools
    of two years are not shown beside those of all schools: the difference would be a school.
    """
    of_pupils = targets["target"].isin(
        name
        for name, target in office.profile.targets.items()
        if target.formula == "pooled" and target.indicator and is_guarded_rate(target.indicator, office.catalogue)
    )
    prefixes = [prefix for prefix in ("", "first_", "compared_") if f"{prefix}value" in targets]
    hidden = of_pupils & targets["target"].isin(list(listed))
    for prefix in prefixes:
        triple = {f"{prefix}value": "value", f"{prefix}denominator": "participants"}
        judged = targets[list(triple)].rename(columns=triple)
        hidden |= suppress_judged(judged, limit, [], rates=of_pupils)["hidden"]
    numbers = {prefix: [f"{prefix}{name}" for name in ("value", "numerator", "denominator")] for prefix in prefixes}
    shown = targets.assign(hidden=hidden)
    for name in (one for names in numbers.values() for one in names):
        shown[name] = shown[name].mask(hidden)
    if "expected" not in targets:
        return shown
    years = office.target_history.set_index(["target", "year"])["denominator"]
    whole = years.reindex(pd.MultiIndex.from_frame(targets[["target", "first_year"]])).to_numpy(float)
    some = targets["compared_denominator"].ne(targets["denominator"]) | targets["first_denominator"].ne(whole)
    telling = hidden | (of_pupils & targets["compared_denominator"].notna() & some)
    of_pairs = [*numbers["first_"], *numbers["compared_"], "expected"]
    lost = telling & shown[of_pairs].notna().any(axis=1)
    return shown.assign(**{name: shown[name].mask(telling) for name in of_pairs}, hidden=hidden | lost)
