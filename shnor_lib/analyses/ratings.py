"""The half-yearly rating (row Z5): what is known by the end of January, and what by June, with intervals of places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from shnor_lib.analyses.change import FALL, NONE, NOT_COMPARED, RISE, as_points, is_procedure
from shnor_lib.analyses.standing import ResultCells, cells_of_office, model_of, result_cells
from shnor_lib.indicators.catalogue import split_name
from shnor_lib.office.office import Office
from shnor_lib.params.methods import ResultComponents
from shnor_lib.statistics.change import holm
from shnor_lib.statistics.components import Cells

RATING = ["school_id", "score", "error", "procedures", "place", "place_low", "place_high", "group"]
TESTS, JOURNAL = "quality_rate[", "learning_quality_rate["
"""What the waves of a year tell: shares of «4» and «5» in tests and in the register of the half-year."""
LATER_WORDS = ("score", "place", "place_low", "place_high", "group", "procedures")


@dataclass(frozen=True)
class HalfYears:
    """The ratings of both half-years.

    Attributes
    ----------
    schools : school_id, ``first_…`` and ``second_…`` of :data:`LATER_WORDS`, and ``moved``: ``rise``, ``fall`` or ``none`` (no
        more than chance), ``not_compared`` where one of the two is missing.
    waves : of the year, that the first rating knows; ``carried`` whether it takes results of the year before where nothing is newer.
    """

    schools: pd.DataFrame
    waves: tuple[str, ...]
    carried: bool


def year_rating(office: Office) -> pd.DataFrame:
    """:func:`rating` of an office over every procedure of the year."""
    schools, family = office.schools["school_id"].tolist(), office.method.robustness
    return rating(cells_of_office(office, office.year), schools, family.components, seed=family.seed)


def half_years(office: Office) -> HalfYears:
    """The rating by what was known half-way through the year beside that of the whole year.

    A school is said to have moved when the difference of its two scores exceeds chance: that of cohorts and pupils in both, for all
    schools together.
    """
    schools, family = office.schools["school_id"].tolist(), office.method.robustness
    newer, waves = wave_cells(office)
    older = without_newer(_year_before(office), newer)
    first = rating(side_by_side(newer, older), schools, family.components, seed=family.seed)
    both = first.merge(year_rating(office), on="school_id", how="outer", suffixes=("_first", "_second"))
    both = both.astype({name: float for name in both.columns if name.startswith(("score", "error"))})
    moved = both["score_second"] - both["score_first"]
    error = np.hypot(both["error_first"], both["error_second"]).to_numpy(float)
    p = holm(2 * stats.norm.sf(np.abs(moved.to_numpy(float)) / error))
    beyond = p <= office.profile.results.false_alarm
    direction = np.select([np.isnan(p), beyond & moved.gt(0), beyond], [NOT_COMPARED, RISE, FALL], default=NONE)
    columns = {f"{when}_{word}": both[f"{word}_{when}"] for when in ("first", "second") for word in LATER_WORDS}
    frame = pd.DataFrame({"school_id": both["school_id"]} | columns | {"moved": direction})
    return HalfYears(frame.sort_values("school_id", ignore_index=True), waves, bool(older.compared.any()))


def rating_counts(found: HalfYears) -> dict[str, int]:
    """How many schools each rating knows and tells apart, and how many moved more than chance."""
    schools = found.schools
    last = schools["second_group"].where(schools["second_group"].notna(), schools["first_group"])
    return {
        "schools": len(schools),
        "apart": int(last.ne("not_told_apart").sum()),
        "first_schools": int(schools["first_place"].notna().sum()),
        "second_schools": int(schools["second_place"].notna().sum()),
        "both": int(schools["moved"].ne(NOT_COMPARED).sum()),
        "risen": int(schools["moved"].eq(RISE).sum()),
        "fallen": int(schools["moved"].eq(FALL).sum()),
        "moved": int(schools["moved"].isin([RISE, FALL]).sum()),
    }


def wave_cells(office: Office) -> tuple[ResultCells, tuple[str, ...]]:
    """Results of the waves known half-way through the year, the latest of each, in points of a mean; and which waves they are.

    Tests come before the register: marks of the half-year stand where a school has no test of the subject.
    """
    known = [wave for wave in office.profile.rating.waves if wave in set(office.waves["wave"])]
    rows = office.waves[office.waves["wave"].isin(known) & office.waves["level"].eq("school")]
    rows = rows[rows["value"].notna() & rows["denominator"].gt(0)]
    order = rows["wave"].map({wave: place for place, wave in enumerate(known)})
    rows = rows.assign(order=order, part=rows["indicator"].map(lambda name: split_name(name)[1])).sort_values("order")
    rows = rows.drop_duplicates(["school_id", "indicator"], keep="last")
    is_test = rows["indicator"].str.startswith(TESTS) & rows["part"].map(lambda part: is_procedure(str(part)))
    in_register = rows["indicator"].str.startswith(JOURNAL) & ~rows["part"].astype(str).str.endswith("/all")
    tests, register = (_share_cells(office, rows[own.astype(bool)]) for own in (is_test, in_register))
    told = tuple(wave for wave in known if rows.loc[is_test | in_register, "wave"].eq(wave).any())
    return side_by_side(tests, without_newer(register, tests)), told


def _share_cells(office: Office, rows: pd.DataFrame) -> ResultCells:
    """Shares of «4» and «5» as results of schools in points (:func:`shnor_lib.analyses.change.as_points`)."""
    rows = rows.assign(participants=rows["denominator"].astype(float), value=rows["value"].astype(float))
    points = as_points(rows, rows["part"], office.method.robustness.components.pupil)
    rows = rows.assign(points=points["points"], people=points["people"])
    rows = rows[rows["points"].notna()]
    parts, schools = sorted(rows["part"].unique()), office.schools["school_id"]
    values, people = (
        rows.pivot(index="school_id", columns="part", values=name).reindex(index=schools, columns=parts).to_numpy(float)
        for name in ("points", "people")
    )
    subject = np.array([one.split("/")[1] for one in parts], dtype=object)
    cohort = np.array([f"{one.split('/')[0]} {one.rpartition('/')[2]}" for one in parts], dtype=object)
    return ResultCells(values, people, subject, cohort, np.array(parts, dtype=object), np.full(len(parts), office.year))


def without_newer(older: ResultCells, newer: ResultCells) -> ResultCells:
    """The results of a year before without those of schools and subjects of which there is something newer."""
    known = {subject: newer.present[:, newer.subject == subject].any(axis=1) for subject in set(newer.subject.tolist())}
    nobody = np.zeros(len(older.values), dtype=bool)
    gone = [known.get(subject, nobody) for subject in older.subject.tolist()]
    values = np.where(np.column_stack(gone), np.nan, older.values) if gone else older.values
    return ResultCells(values, older.people, older.subject, older.cohort, older.procedure, older.year)


def side_by_side(one: ResultCells, other: ResultCells) -> ResultCells:
    """The results of both."""
    columns = ("values", "people", "subject", "procedure", "year")
    joined = {name: np.concatenate([getattr(one, name), getattr(other, name)], axis=-1) for name in columns}
    return ResultCells(**joined, cohort=np.concatenate([one.cohort, other.cohort]).astype(str))


def _year_before(office: Office) -> ResultCells:
    places = office.store.places_of(office.schools)
    return result_cells(office.store, places, ("*",), office.year - 1, office.year - 1)


def rating(
    cells: Cells, schools: list[str], declared: ResultComponents, replications: int = 2000, seed: int = 20211
) -> pd.DataFrame:
    """A rating of schools: a place with its interval, never a bare league table.

    The score is what the results of the year tell of the school in the subjects it took, chance of cohorts and of pupils taken
    out; places of plausible scores give the interval.

    Parameters
    ----------
    cells : mean results of the schools, in their order.
    declared : the components of results that the method declares.

    Returns
    -------
    school_id, score, error, procedures, place, place_low, place_high (5–95 %) and group: ``top``, ``middle`` or ``bottom`` when the
    whole interval of places lies in that third, else ``not_told_apart``; no rows for fewer than two schools.
    """
    procedures = cells.compared.sum(axis=1)
    known = procedures > 0
    if known.sum() < 2:
        return pd.DataFrame(columns=RATING)
    found = model_of(cells, declared).of_schools(subjects=True)
    score = found.effect[known]
    places = stats.rankdata(-found.draws(replications, seed)[:, known], axis=1, method="min")
    low, high = np.percentile(places, [5, 95], axis=0)
    total = len(score)
    group = np.select(
        [high <= total / 3, low > 2 * total / 3, (low > total / 3) & (high <= 2 * total / 3)],
        ["top", "bottom", "middle"],
        default="not_told_apart",
    )
    return pd.DataFrame(
        {
            "school_id": np.array(schools, dtype=object)[known],
            "score": score,
            "error": found.error[known],
            "procedures": procedures[known],
            "place": stats.rankdata(-score.round(9), method="min"),
            "place_low": np.floor(low),
            "place_high": np.ceil(high),
            "group": group,
        }
    ).sort_values("school_id", kind="stable", ignore_index=True)
