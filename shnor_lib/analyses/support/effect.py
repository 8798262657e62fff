"""Did help work: the later results of supported schools against what their own earlier ones and other schools lead to expect.

Schools are supported because their results were low, and low results rise by themselves: part of them was chance. So no school is
held against its own past alone: one model of all results (:mod:`shnor_lib.statistics.components`) tells what its later results
have beyond what its earlier ones lead to expect. These gains of supported schools are held against those of the others by Welch's
t-test, which also counts how unlike schools change without any support.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student
from scipy.stats import ttest_ind

from shnor_lib.analyses.standing import cells_of_office, model_of
from shnor_lib.analyses.support.measures import CANCELLED
from shnor_lib.criteria.decisions import YES
from shnor_lib.office.office import Office
from shnor_lib.statistics.components import Model

LEVEL = 0.95
POWER = 0.80
"""Our assumption: a difference counts as one that the data would show when they show it in four of five cases."""
LEAST = 2
"""Our assumption: so many supported schools, and so many others, must have results to be compared."""
ANY = "any"
WAYS = (ANY, "partner", "measure", "list")
EFFECT = ["way", "supported", "others", "difference", "error", "low", "high", "detectable", "word"]
LACKING = ("support", "later", "others")
WORDS = ("better", "worse", "open")
SUPPORTED = ["school_id", "way", "since"]


@dataclass(frozen=True)
class Effect:
    """What support changed.

    Attributes
    ----------
    rows : ``EFFECT``, a row a way of support that enough schools had, all ways together first: schools compared on both sides, the
        difference in per cent of the maximum with its standard error and interval of 95 %, the least difference that the data
        would show, and ``better``, ``worse`` or ``open``.
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
        return told | together.drop("way").to_dict() | {word: word == together["word"] for word in WORDS}


def effect_of_support(office: Office) -> Effect:
    """The difference that support made in an office up to its year."""
    supported = supported_schools(office)
    nothing = pd.DataFrame(columns=EFFECT)
    if supported.empty:
        return Effect(nothing, supported, "support")
    schools = office.schools["school_id"].tolist()
    cells = cells_of_office(office, int(office.store.years.min()))
    after = {way: _later(own, schools, cells.year) for way, own in supported.groupby("way", sort=False)}
    if not (cells.compared & after[ANY]).any():
        return Effect(nothing, supported, "later")
    model = model_of(cells, office.method.robustness.components)
    others = cells.compared & ~after[ANY].any(axis=1)[:, None]
    rows = [row for way in WAYS if way in after and (row := _difference(model, way, after[way], others))]
    return Effect(pd.DataFrame(rows, columns=EFFECT), supported, "" if rows else "others")


def _difference(model: Model, way: str, later: np.ndarray, others: np.ndarray) -> tuple | None:
    """A row of ``EFFECT``, or none when too few schools can be compared.

    ``later``: results after the support of this way began; ``others``: those of schools without any support.
    """
    began = later.any(axis=0)
    gains = [model.gains(marked)[0] for marked in (later, others & began)]
    supported, unsupported = (gain[~np.isnan(gain)] for gain in gains)
    if min(len(supported), len(unsupported)) < LEAST:
        return None
    found = ttest_ind(supported, unsupported, equal_var=False)
    low, high = found.confidence_interval(LEVEL)
    difference = float(supported.mean() - unsupported.mean())
    error = (high - low) / 2 / student.ppf((1 + LEVEL) / 2, found.df)
    word = "better" if low > 0 else "worse" if high < 0 else "open"
    detectable = (high - low) / 2 + student.ppf(POWER, found.df) * error
    told = (difference, error, low, high, detectable)
    return way, len(supported), len(unsupported), *map(float, told), word


def supported_schools(office: Office) -> pd.DataFrame:
    """Who was supported before the year of the run, and since when: ``SUPPORTED``, also for all ways together (``any``).

    A school has a partner, a measure of its own that was not cancelled, or was on the main list of the year before.
    """
    year, found = office.year, []
    for way, table in (("partner", "partnerships"), ("measure", "measures")):
        rows = office.tables[table]
        found.append(rows[rows["school_id"].notna() & ~rows["status"].eq(CANCELLED).fillna(False)].assign(way=way))
    listed = office.previous
    if len(listed):
        low = listed[listed["category"].eq(office.method.main) & listed["identified"].eq(YES)]
        found.append(low.assign(way="list", year=year - 1))
    rows = pd.concat([one[["school_id", "way", "year"]] for one in found], ignore_index=True)
    rows = rows[rows["year"].lt(year) & rows["school_id"].isin(office.schools["school_id"])]
    rows = pd.concat([rows.assign(way=ANY), rows], ignore_index=True)
    since = rows.groupby(["school_id", "way"], as_index=False)["year"].min().rename(columns={"year": "since"})
    return since.astype({"since": int})[SUPPORTED]


def _later(own: pd.DataFrame, schools: list[str], years: np.ndarray) -> np.ndarray:
    """Schools × cells: the results of a supported school after its support began."""
    since = own.set_index("school_id")["since"].reindex(schools).to_numpy(float)
    return years[None, :] > np.where(np.isnan(since), np.inf, since)[:, None]
