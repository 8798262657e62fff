"""Change of schools against the region or against each other: one test a school, chance of pupils and of grades told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy.special import ndtri

from shnor_lib.analyses.standing import declared_alone, model_of
from shnor_lib.indicators.catalogue import split_name
from shnor_lib.office.disclosure.told import for_the_public
from shnor_lib.office.office import Office
from shnor_lib.params.methods import ResultComponents
from shnor_lib.params.profiles import ResultsReading
from shnor_lib.statistics.change import Changes, changes_against_others, holm
from shnor_lib.statistics.components import Cells, Components

T = TypeVar("T")

MEAN, QUALITY = "mean_percent", "quality_rate"
FALL, RISE, NONE, NOT_COMPARED = "fall", "rise", "none", "not_compared"
LEAST_YEARS = 3
"""With fewer years a change is no trend."""
SUBJECTS = 3
"""So many procedures that moved most are named after a school."""


@dataclass(frozen=True)
class SchoolChanges:
    """Change of every school with results in more than one year.

    Attributes
    ----------
    schools : school_id, years (text), procedures, pupils_before, pupils, change (points of the mean result, more than the others),
        low, high, p (that of all schools together), direction (``fall``, ``rise``, ``none``, ``not_compared``) and ``subjects``:
        the procedures that moved most in that direction.
    results : what it was told from: school_id, procedure, measure, year, value, participants.
    regional : whether the region is what schools are held against; else the other schools.
    used : the components of results that hold.
    """

    schools: pd.DataFrame
    results: pd.DataFrame
    regional: bool
    used: Components

    @property
    def tested(self) -> pd.DataFrame:
        """The schools that could be compared."""
        return self.schools[self.schools["direction"].ne(NOT_COMPARED)]


@for_the_public
def school_changes(office: Office) -> SchoolChanges:
    """Change of each school of an office between the year of the run and the latest year before, procedure by procedure."""
    reading = office.profile.results
    return _kept(office, "changes", lambda: last_changes(*_results_of(office), office.year, reading))


@for_the_public
def subject_changes(office: Office) -> SchoolChanges:
    """As :func:`school_changes`, of each exam and subject of a school by itself: ``schools`` also has ``exam`` and ``subject``.

    All schools, exams and subjects are asked together, so that by chance alone any of them is named no oftener than a school is.
    """

    def found() -> SchoolChanges:
        rows, used, freedom = _results_of(office)
        part = rows["procedure"].str.rsplit("/", n=1).str[0]
        apart = last_changes(
            rows.assign(school_id=rows["school_id"] + "/" + part), used, freedom, office.year, office.profile.results
        )

        def told(frame: pd.DataFrame) -> pd.DataFrame:
            names = frame["school_id"].str.rsplit("/", n=2, expand=True).reindex(columns=range(3))
            return frame.assign(school_id=names[0], exam=names[1], subject=names[2])

        return replace(apart, schools=told(apart.schools), results=told(apart.results))

    return _kept(office, "subject changes", found)


@for_the_public
def school_slopes(office: Office) -> SchoolChanges:
    """Change a year of each school of an office that has results of three years among those looked at."""

    def found() -> SchoolChanges:
        rows, used, freedom = _results_of(office)
        enough = rows[rows.groupby("school_id")["year"].transform("nunique").ge(LEAST_YEARS)]
        return _tested(enough.assign(time=enough["year"] - office.year), used, freedom, office.profile.results)

    return _kept(office, "slopes", found)


def years_of_results(office: Office) -> list[int]:
    """The years in which any school of an office has a result that can be compared, among those looked at."""
    return sorted(_results_of(office)[0]["year"].unique())


def _results_of(office: Office) -> tuple[pd.DataFrame, Components, float]:
    """The results of an office on one scale and the components they tell with their degrees of freedom, found once."""
    declared = office.method.robustness.components

    def found() -> tuple[pd.DataFrame, Components, float]:
        rows = comparable_results(office.indicators, office.year, office.profile.results.years, declared.pupil)
        return rows, *told_components(rows, declared)

    return _kept(office, "results", found)


def _kept(office: Office, name: str, find: Callable[[], T]) -> T:
    """What is found once for an office by its rules of reading."""
    memory, reading = office.store.memory, office.profile.results
    key = (
        __name__,
        name,
        office.year,
        reading.model_dump_json(),
        office.method.robustness.components.model_dump_json(),
    )
    if key not in memory:
        memory[key] = find()
    return memory[key]


def last_changes(
    rows: pd.DataFrame, used: Components, freedom: float, year: int, reading: ResultsReading
) -> SchoolChanges:
    """As :func:`school_changes`, from :func:`comparable_results` and the components that hold with their degrees of freedom."""
    before = rows[rows["year"].lt(year)].sort_values("year", kind="stable")
    before = before.drop_duplicates(["school_id", "procedure"], keep="last")
    pairs = pd.concat([before, rows[rows["year"].eq(year)]], ignore_index=True)
    return _tested(pairs.assign(time=pairs["year"].eq(year).astype(float)), used, freedom, reading)


def comparable_results(indicators: pd.DataFrame, year: int, years: int, pupil_sd: float) -> pd.DataFrame:
    """Results of schools and the region on one scale, of the ``years`` that end with the year of the run.

    A procedure is told by its mean per cent of the maximum; by the share of marks 4 and 5 where no school has means of two years,
    brought to points of the mean (:func:`as_points`).

    Returns
    -------
    school_id, procedure, measure, year, value (as delivered), participants, points, people and region (points of the region).
    """
    names = {name: split_name(name) for name in indicators["indicator"].unique()}
    wanted = [name for name, (measure, part) in names.items() if measure in (MEAN, QUALITY) and is_procedure(part)]
    rows = indicators[
        indicators["indicator"].isin(wanted)
        & indicators["year"].between(year - years + 1, year)
        & indicators["level"].isin(["school", "region"])
        & indicators["value"].notna()
    ]
    rows = rows[["level", "school_id", "year", "indicator", "value", "denominator"]].astype(
        {"value": float, "denominator": float}
    )
    rows = rows.rename(columns={"denominator": "participants"}).assign(
        measure=rows["indicator"].map({name: names[name][0] for name in wanted}),
        procedure=rows["indicator"].map({name: names[name][1] for name in wanted}),
    )
    schools = rows[rows["level"].eq("school") & rows["participants"].gt(0)]
    means = schools[schools["measure"].eq(MEAN)].groupby("procedure")["year"].nunique()
    by_mean = set(means.index[means.ge(2)])
    schools = schools[schools["measure"].eq(MEAN) == schools["procedure"].isin(by_mean)]
    region = rows[rows["level"].eq("region")].drop_duplicates(["indicator", "year"])
    region = region.set_index(["indicator", "year"])["value"]
    given = region.reindex(pd.MultiIndex.from_frame(schools[["indicator", "year"]])).to_numpy()
    told = as_points(schools, schools["procedure"].where(schools["measure"].eq(QUALITY)), pupil_sd)
    found = schools.assign(points=told["points"], people=told["people"], region=given * told["scale"])
    columns = ["school_id", "procedure", "measure", "year", "value", "participants", "points", "people", "region"]
    return found.loc[found["points"].notna(), columns].reset_index(drop=True)


def as_points(rows: pd.DataFrame, family: pd.Series, pupil_sd: float) -> dict[str, pd.Series]:
    """Shares as points of a mean result, as if results were normal: share/φ(z) · pupil_sd, z the quantile of the share of all.

    Parameters
    ----------
    rows : ``value`` and ``participants``.
    family : which rows share a procedure; missing for a row whose value is in points already.

    Returns
    -------
    points; people, as many as tell the mean equally well; scale, by which a share becomes points.
    """
    counted = rows.assign(top=rows["value"] * rows["participants"]).groupby(family)[["top", "participants"]]
    share = family.map(counted.sum().eval("top / participants").astype(float)).astype(float)
    inside = share.where(share.gt(0) & share.lt(1))
    height = np.exp(-np.square(ndtri(inside)) / 2) / np.sqrt(2 * np.pi)
    scale = (pupil_sd / height).where(family.notna(), 1.0)
    worth = (np.square(height) / (inside * (1 - inside))).where(family.notna(), 1.0)
    return {"points": rows["value"] * scale, "people": rows["participants"] * worth, "scale": scale}


def is_procedure(part: str) -> bool:
    """Whether a part is one procedure of one grade."""
    return part.count("/") == 2 and "/all/" not in part and "/maths_any/" not in part


def _tested(rows: pd.DataFrame, used: Components, freedom: float, reading: ResultsReading) -> SchoolChanges:
    """The change a unit of ``time`` of every school, with what it rests on."""
    key = ["school_id", "procedure"]
    rows = rows[rows.groupby(key)["time"].transform("nunique").gt(1)].reset_index(drop=True)
    regional = bool(len(rows)) and rows["region"].notna().all()
    if not regional:
        shared = rows.groupby(["procedure", "year"])["school_id"].transform("nunique")
        rows = rows[shared.gt(reading.minimum_others)]
        rows = rows[rows.groupby(key)["time"].transform("nunique").gt(1)].reset_index(drop=True)
    grade = rows["procedure"].map(lambda procedure: procedure.rpartition("/")[2])
    found = changes_against_others(
        pd.DataFrame(
            {
                "unit": rows["school_id"],
                "series": rows["procedure"],
                "cell": rows["procedure"] + " " + rows["year"].astype(str),
                "cohort": grade + " " + rows["year"].astype(str),
                "time": rows["time"],
                "value": rows["points"] - (rows["region"] if regional else 0.0),
                "people": rows["people"],
            }
        ),
        used.cohort,
        used.pupil,
        regional,
        reading.false_alarm,
        freedom,
    )
    schools = _schools(rows.assign(apart=found.apart, grade=grade), found, reading)
    columns = ["school_id", "procedure", "measure", "year", "value", "participants"]
    return SchoolChanges(schools, rows[columns], regional, used)


def told_components(rows: pd.DataFrame, declared: ResultComponents) -> tuple[Components, float]:
    """The components that these results tell, held to the declared ones, and their degrees of freedom.

    The declared ones hold alone where schools share no procedure.

    A cohort is one grade in one year: its pupils come with new teachers and other tests in the next.
    """
    wide = rows.pivot_table(
        index="school_id", columns=["procedure", "year"], values=["points", "people"], aggfunc="first"
    )
    if wide.empty:
        return declared_alone(declared)
    values, people = wide["points"], wide["people"]
    subject = np.array([procedure.split("/")[1] for procedure, _ in values.columns], dtype=object)
    cohort = np.array([f"{procedure.rpartition('/')[2]} {year}" for procedure, year in values.columns], dtype=object)
    cells = Cells(values.to_numpy(float), people.to_numpy(float), subject, cohort)
    if not cells.shared.any():
        return declared_alone(declared)
    model = model_of(cells, declared)
    return model.components, model.freedom


def _schools(rows: pd.DataFrame, found: Changes, reading: ResultsReading) -> pd.DataFrame:
    """One row a school: what changed, what it rests on and which procedures moved most."""
    people = rows.groupby(["school_id", "time", "grade"])["participants"].max().groupby(["school_id", "time"]).sum()
    first, last = (getattr(people.groupby("school_id"), end)() for end in ("first", "last"))
    grouped = rows.groupby("school_id")
    frame = pd.DataFrame(
        {
            "years": grouped["year"].agg(lambda own: ", ".join(map(str, sorted(set(own))))),
            "procedures": grouped["procedure"].nunique(),
            "pupils_before": first,
            "pupils": last,
        }
    ).reindex(found.units)
    few = frame[["pupils_before", "pupils"]].min(axis=1).lt(reading.minimum_participants).to_numpy(bool)
    change, error = (np.where(few, np.nan, one) for one in (found.change, found.error))
    kept = replace(found, change=change, error=error)
    low, high = kept.interval(reading.confidence)
    p = holm(kept.p)
    direction = np.select(
        [np.isnan(change), (p <= reading.false_alarm) & (change < 0), p <= reading.false_alarm],
        [NOT_COMPARED, FALL, RISE],
        default=NONE,
    )
    frame = frame.assign(change=change, low=low, high=high, p=p, direction=direction)
    moved = _moves(rows)
    frame["subjects"] = [
        tuple(_named(moved[school], 1 if way == RISE else -1)) if way in (FALL, RISE) else ()
        for school, way in zip(frame.index, direction, strict=True)
    ]
    return frame.rename_axis("school_id").reset_index()


def _moves(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """For each school, how far each of its procedures moved from the first time to the last, against what is common."""
    ordered = rows.sort_values("time", kind="stable").groupby(["school_id", "procedure"])["apart"]
    moved = ordered.last() - ordered.first()
    return {school: own.droplevel("school_id") for school, own in moved.groupby("school_id")}


def _named(moved: pd.Series, way: int) -> list[str]:
    """The procedures that moved most in a direction."""
    own = (moved * way).sort_values(ascending=False, kind="stable")
    return own[own.gt(0)].index[:SUBJECTS].tolist()


@for_the_public
def town_changes(office: Office, year: int | None) -> pd.Series:
    """Whether the municipality changed against the region by more than chance, by procedure.

    Only where schools and region have results in both years: without the region a change of the test cannot be told from a
    change of the municipality. Chance is that of pupils and of the grades of the schools; all procedures are asked together.
    """
    rows, used, freedom = _results_of(office)
    rows = rows[rows["region"].notna() & rows["year"].le(year or office.year)].sort_values("year", kind="stable")
    rows = rows.assign(
        weighted=(rows["points"] - rows["region"]) * rows["participants"], square=rows["participants"] ** 2
    )
    each = rows.groupby(["procedure", "year"])[["weighted", "square", "participants", "people"]].sum().reset_index()
    each["gap"] = each["weighted"] / each["participants"]
    each["variance"] = used.cohort**2 * each["square"] / each["participants"] ** 2 + used.pupil**2 / each["people"]
    last = each.drop_duplicates("procedure", keep="last").set_index("procedure")
    before = (
        each[each.duplicated("procedure", keep="last")].drop_duplicates("procedure", keep="last").set_index("procedure")
    )
    both = last.merge(before, left_index=True, right_index=True, suffixes=("", "_before"))
    change = Changes(
        both.index.to_numpy(),
        (both["gap"] - both["gap_before"]).to_numpy(),
        np.sqrt(both["variance"] + both["variance_before"]).to_numpy(),
        np.empty(0),
        freedom,
    )
    return pd.Series(holm(change.p) <= office.profile.results.false_alarm, index=both.index, dtype=bool)


def falls_first(schools: pd.DataFrame) -> pd.DataFrame:
    """Schools by their direction: falls, rises, what is within chance, what cannot be compared."""
    order = schools["direction"].map({FALL: 0, RISE: 1, NONE: 2, NOT_COMPARED: 3})
    return schools.assign(order=order).sort_values(["order", "school_id"], kind="stable")


def change_facts(found: SchoolChanges, office: Office) -> dict[str, object]:
    """Counts over the schools of :func:`school_changes`, and how often chance alone would name one.

    Tested and untested ones add up to the schools of the registry.
    """
    direction = found.tested["direction"]
    return {
        "changes_tested": len(direction),
        "changes_untested": len(office.schools) - len(direction),
        "changes_falls": int(direction.eq(FALL).sum()),
        "changes_rises": int(direction.eq(RISE).sum()),
        "changes_regional": int(found.regional),
        "changes_false_alarm": office.profile.results.false_alarm,
    }
