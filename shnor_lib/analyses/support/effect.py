"""Did help work: the later results of supported schools against what their own earlier ones and other schools lead to expect.

Schools are supported because their results were low, and low results rise by themselves: part of them was chance. So no school is
held against its own past alone: one model of all results (:mod:`shnor_lib.statistics.components`) tells what its later results
have beyond what its earlier ones lead to expect. These gains of supported schools are held against those of the others in the same
procedures by Welch's t-test, which also counts how unlike schools change without any support.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import t as student
from scipy.stats import ttest_ind

from shnor_lib.analyses.standing import cells_of_office, model_of
from shnor_lib.analyses.support.measures import not_cancelled
from shnor_lib.criteria.decisions import YES
from shnor_lib.office.office import Office, once
from shnor_lib.statistics.components import Model

LEVEL = 0.95
POWER = 0.80
"""Our assumption: a difference counts as one that the data would show when they show it in four of five cases."""
LEAST = 3
"""So many supported schools, and so many others, must have results to be compared: of two the interval of 95 % holds 92 %, of three 95 %."""
ANY = "any"
PROGRAMME = "programme"
WAYS = (ANY, "partner", "curator", "measure", PROGRAMME)
CUTS = (ANY, "way", "category", "years")
NUMBERS = ["supported", "others", "difference", "error", "low", "high", "detectable", "word"]
EFFECT = ["cut", "name", *NUMBERS]
LACKING = ("support", "later", "others")
WORDS = ("better", "worse", "open")
SUPPORTED = ["school_id", "way", "since"]


@dataclass(frozen=True)
class Effect:
    """What support changed.

    Attributes
    ----------
    rows : ``EFFECT``, a row a cut that enough schools are in: ``any`` support first, then each ``way``, each ``category`` that
        needs help, by the list of the year before, each year since support began (``years``: 1 is the first); schools compared on
        both sides, the difference in per cent of the maximum with its standard error and interval of 95 %, the least difference that the data
        would show, and ``better``, ``worse`` or ``open``. Only the first row answers the question; the more rows, the more of them
        leave their interval by luck.
    supported : ``SUPPORTED``, who was supported in what way and since which year.
    lacking : why nothing can be told, of ``LACKING``: nobody is named as supported, no results after the support began, too few
        schools on one of the sides; empty when there are rows.
    """

    rows: pd.DataFrame
    supported: pd.DataFrame
    lacking: str = ""

    @property
    def facts(self) -> dict[str, object]:
        """The difference of all ways together, or what is lacking, for sentences."""
        told: dict[str, object] = {"supported": self.supported["school_id"].nunique()}
        told |= {f"no_{name}": name == self.lacking for name in LACKING}
        if self.rows.empty:
            return told
        together = self.rows.iloc[0]
        return told | together[NUMBERS].to_dict() | {word: word == together["word"] for word in WORDS}


@once
def effect_of_support(office: Office) -> Effect:
    """The difference that support made in an office up to its year."""
    supported = supported_schools(office)
    nothing = pd.DataFrame(columns=EFFECT)
    if supported.empty:
        return Effect(nothing, supported, "support")
    cells = cells_of_office(office, int(office.store.years.min()))
    since = _since(office, supported)
    after = cells.year[None, :] > since[:, None]
    if not (cells.compared & after).any():
        return Effect(nothing, supported, "later")
    model = model_of(cells, office.method.robustness.components)
    rows = [
        (cut, name, *found)
        for cut, name, marked in _cuts(office, supported, cells.year)
        if (found := difference(model, marked, after))
    ]
    return Effect(pd.DataFrame(rows, columns=EFFECT), supported, "" if rows and rows[0][0] == ANY else "others")


def _cuts(office: Office, supported: pd.DataFrame, years: np.ndarray) -> Iterator[tuple[str, str, np.ndarray]]:
    """The cuts with the results after support, schools × cells, that each asks about."""
    together = _since(office, supported)
    after = years[None, :] > together[:, None]
    yield ANY, ANY, after
    for way in WAYS[1:]:
        yield "way", way, years[None, :] > _since(office, supported, way)[:, None]
    listed = helped_lists(office, office.previous)
    for category in office.method.of_purpose("help"):
        own = office.schools["school_id"].isin(listed.loc[listed["category"].eq(category), "school_id"])
        yield "category", category, after & own.to_numpy()[:, None]
    for number in range(1, int(years.max() - together.min()) + 1):
        yield "years", str(number), years[None, :] - together[:, None] == number


def _since(office: Office, supported: pd.DataFrame, way: str = ANY) -> np.ndarray:
    """Since when each school of the registry is supported in a way; infinite for one that is not."""
    own = supported[supported["way"].eq(way)].set_index("school_id")["since"]
    return own.reindex(office.schools["school_id"]).fillna(np.inf).to_numpy(float)


def difference(model: Model, marked: np.ndarray, after: np.ndarray) -> tuple | None:
    """What the marked results of supported schools gained more than the same results of the others: ``NUMBERS``.

    Parameters
    ----------
    model : of all results.
    marked, after : schools × cells: results after support that are asked about, all results after any support. Results after
        support that are not asked about say nothing of what to expect.

    Returns
    -------
    None when fewer than :data:`LEAST` schools can be compared on one of the sides.

    Notes
    -----
    The rise of all supported schools together also lifts the means that each is held against. Gains are linear in the results, so
    the difference is scaled by what it would be if support added one point, and gains are spread around it with that taken out.
    """
    known = np.where(after & ~marked, np.nan, model.cells.values)
    others = ~after.any(axis=1)[:, None] & (model.cells.compared & marked).any(axis=0)
    gains, taken = (
        tuple(replace(model, cells=replace(model.cells, values=values)).gains(one)[0] for one in (marked, others))
        for values in (known, np.where(np.isnan(known), np.nan, marked))
    )
    there = tuple(~np.isnan(gain) for gain in gains)
    supported, unsupported = (int(one.sum()) for one in there)
    if min(supported, unsupported) < LEAST:
        return None
    whole = taken[0][there[0]].mean() - taken[1][there[1]].mean()
    between = float((gains[0][there[0]].mean() - gains[1][there[1]].mean()) / whole)
    sides = [(gain - between * part)[one] / whole for gain, part, one in zip(gains, taken, there, strict=True)]
    found = ttest_ind(*sides, equal_var=False)
    low, high = (between + end for end in found.confidence_interval(LEVEL))
    error = (high - low) / 2 / student.ppf((1 + LEVEL) / 2, found.df)
    word = "better" if low > 0 else "worse" if high < 0 else "open"
    detectable = (high - low) / 2 + student.ppf(POWER, found.df) * error
    told = (between, error, low, high, detectable)
    return supported, unsupported, *map(float, told), word


def supported_schools(office: Office) -> pd.DataFrame:
    """Who was supported before the year of the run, and since when: ``SUPPORTED``, also for all ways together (``any``).

    A school has a partner, a curator, a measure of its own that was not cancelled, or was on a list of those that need help
    in the year before when the programme had measures for all its schools.
    """
    year, found = office.year, []
    for way, table in (("partner", "partnerships"), ("curator", "curators"), ("measure", "measures")):
        rows = office.tables[table]
        found.append(rows[rows["school_id"].notna() & _stands(rows)].assign(way=way))
    measures = office.tables["measures"]
    common = measures["school_id"].isna() & _stands(measures) & measures["year"].lt(year)
    if len(office.previous) and common.any():
        found.append(helped_lists(office, office.previous).assign(way=PROGRAMME, year=year - 1))
    rows = pd.concat([one[["school_id", "way", "year"]] for one in found], ignore_index=True)
    rows = rows[rows["year"].lt(year) & rows["school_id"].isin(office.schools["school_id"])]
    rows = pd.concat([rows.assign(way=ANY), rows], ignore_index=True)
    since = rows.groupby(["school_id", "way"], as_index=False)["year"].min().rename(columns={"year": "since"})
    return since.astype({"since": int})[SUPPORTED]


def helped_lists(office: Office, identification: pd.DataFrame) -> pd.DataFrame:
    """The rows that put a school on a list of those that need help; being watched, or sharing with others, is no help."""
    needed = identification["category"].isin(office.method.of_purpose("help"))
    return identification[needed & identification["identified"].eq(YES)]


def _stands(rows: pd.DataFrame) -> pd.Series:
    """Which rows of a plan were not cancelled; curators have no state."""
    if "status" not in rows:
        return pd.Series(True, index=rows.index)
    return not_cancelled(rows)
