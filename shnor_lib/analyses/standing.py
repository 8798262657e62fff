"""What is known of the results of schools: the part that is the school's own, told apart from cohorts and from chance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import split_name
from shnor_lib.indicators.store import Store
from shnor_lib.indicators.window import full_names
from shnor_lib.office.office import Office
from shnor_lib.params.methods import ResultComponents
from shnor_lib.statistics.components import Cells, Components, Model, fit

INDICATOR = "mean_percent"
LOWEST = 0.25
"""The share of schools whose place is asked for: the lowest quarter."""
LEVEL = 0.95
COMPONENTS = ["component", "declared", "used"]
RESULTS = ["school_id", "year", "procedure", "value", "participants", "mean"]
STANDING = ["school_id", "results", "plain", "effect", "error", "low", "high", "p_lowest", "word"]


@dataclass(frozen=True)
class ResultCells(Cells):
    """Mean results of schools, per cent of the maximum; ``procedure`` and ``year`` of each cell."""

    procedure: np.ndarray
    year: np.ndarray


@dataclass(frozen=True)
class Told:
    """The components of results that hold for an office, and by whose results.

    Attributes
    ----------
    components, freedom : as :class:`shnor_lib.statistics.components.Model` takes them.
    offices, schools : how many told them; none where the declared ones hold alone.
    lacking : whether the office names a region and results of no other municipality of it are there.
    """

    components: Components
    freedom: float
    offices: int
    schools: int
    lacking: bool

    def model(self, cells: Cells) -> Model:
        """The model of any results of the office."""
        return Model(cells, self.components, self.freedom)


@dataclass(frozen=True)
class Standing:
    """What is known of the results of an office's schools.

    Attributes
    ----------
    schools : ``STANDING``, a row a school: results that another school has too, the plain difference from it all, the difference
        that is the school's own with its interval, in per cent of the maximum; whether it is told apart from the mean:
        ``below``, ``above``, ``same`` or ``unknown``. Empty when nothing can be compared.
    components : a row a component: ``component``, ``declared`` and ``used`` standard deviation.
    told : the components that hold.
    results : what they were told from: ``RESULTS``, a row a result, with the mean of its procedure and year.
    """

    schools: pd.DataFrame
    components: pd.DataFrame
    results: pd.DataFrame
    told: Told

    @property
    def facts(self) -> dict[str, object]:
        """Counts behind the sentences, with the number that would be told apart by luck alone on each side."""
        words = self.schools["word"].value_counts()
        counts = {word: int(words.get(word, 0)) for word in ("below", "above", "same", "unknown")}
        compared = len(self.schools) - counts["unknown"]
        return counts | {"compared": compared, "schools": len(self.schools), "by_luck": compared * (1 - LEVEL) / 2}


def told_of_office(office: Office, neighbours: Iterable[Office] = ()) -> Told:
    """The components that the results of an office tell, with those of its region where the method asks for it.

    Parameters
    ----------
    neighbours : the other offices of the region, in the same year; one without results tells nothing.
    """
    family = office.method.robustness
    declared, regional = family.components, family.components.population == "region"
    members = [office, *(neighbours if regional else ())]
    cells = [one for each in members if (one := cells_of_office(each, first_year(office))).shared.any()]
    lacking = regional and office.profile.region_profile is not None and len(cells) < 2
    if not cells:
        return Told(*declared_alone(declared), 0, 0, lacking)
    found = fit(cells[0], components_of(declared), declared.schools, cells[1:])
    schools = sum(int(one.compared.any(axis=1).sum()) for one in cells)
    return Told(found.components, found.freedom, len(cells), schools, lacking)


def first_year(office: Office) -> int:
    """The first of the years whose results the model of an office looks at."""
    return office.year - max(office.method.robustness.window) + 1


def school_effects(office: Office, told: Told | None = None) -> Standing:
    """The results of the last years of an office as its components explain them.

    Parameters
    ----------
    told : the components that hold; those that its own results tell unless given.
    """
    family, schools = office.method.robustness, office.schools["school_id"].tolist()
    cells, told = cells_of_office(office, first_year(office)), told or told_of_office(office)
    declared = components_of(family.components)
    if not cells.shared.any():
        return Standing(*(pd.DataFrame(columns=columns) for columns in (STANDING, COMPONENTS, RESULTS)), told)
    model = told.model(cells)
    known, results = model.of_schools(), cells.compared.sum(axis=1)
    low, high = known.interval(LEVEL)
    some = results > 0
    chosen = np.select([~some, high < 0, low > 0], ["unknown", "below", "above"], default="same")
    numbers = {
        "plain": model.plain,
        "effect": known.effect,
        "error": known.error,
        "low": low,
        "high": high,
        "p_lowest": known.lowest(max(1, round(LOWEST * int(some.sum()))), seed=family.seed),
    }
    frame = pd.DataFrame(
        {"school_id": schools, "results": results}
        | {name: np.where(some, one, np.nan) for name, one in numbers.items()}
        | {"word": chosen}
    )
    frame = frame.sort_values(["effect", "school_id"], kind="stable").reset_index(drop=True)
    deviations = zip(asdict(declared).items(), asdict(model.components).values(), strict=True)
    rows = [(name, before, after) for (name, before), after in deviations]
    return Standing(frame[STANDING], pd.DataFrame(rows, columns=COMPONENTS), _results(model, schools), told)


def cells_of_office(office: Office, first: int) -> ResultCells:
    """Mean results of the schools of an office in every procedure, from a year to that of the run."""
    return result_cells(office.store, office.store.places_of(office.schools), ("*",), first, office.year)


def result_cells(store: Store, places: np.ndarray, parts: Iterable[str], first: int, last: int) -> ResultCells:
    """Mean results of schools, a column a procedure in a year: those of the same birth year are one cohort of pupils.

    Parameters
    ----------
    places : of the schools in the store; −1 for one that has no rows.
    parts : procedures as criteria name them, ``*`` for any.
    """
    names = store.chosen(full_names(INDICATOR, tuple(parts)))
    inside = np.flatnonzero((store.years >= first) & (store.years <= last))
    year, name = (one.ravel() for one in np.meshgrid(inside, np.arange(len(names)), indexing="ij"))
    procedure = np.array([split_name(one)[1] for one in store.names[names]], dtype=object)[name]
    subject = np.array([one.split("/")[1] for one in procedure], dtype=object)
    grade = np.array([one.rpartition("/")[2] for one in procedure], dtype=object).astype(int)
    values, people = (
        np.where((places >= 0)[:, None], of[places][:, year, names[name]], np.nan)
        for of in (store.value, store.denominator)
    )
    return ResultCells(values, people, subject, store.years[year] - grade, procedure, store.years[year])


def model_of(cells: Cells, declared: ResultComponents) -> Model:
    """The model of results, its components held to the declared ones."""
    return fit(cells, components_of(declared), declared.schools)


def components_of(declared: ResultComponents) -> Components:
    """The components that a method declares."""
    return Components(declared.school, declared.subject, declared.cohort, declared.pupil)


def declared_alone(declared: ResultComponents) -> tuple[Components, float]:
    """The declared components and their degrees of freedom, where no results tell anything of them."""
    return components_of(declared), max(2 * declared.schools, 1.0)


def _results(model: Model, schools: list[str]) -> pd.DataFrame:
    """The results that another school has too, one a row."""
    cells = model.cells
    school, cell = np.nonzero(cells.compared)
    rows = pd.DataFrame(
        {
            "school_id": np.array(schools, dtype=object)[school],
            "year": cells.year[cell],
            "procedure": cells.procedure[cell],
            "value": cells.values[school, cell],
            "participants": cells.people[school, cell],
            "mean": model.means[cell],
        }
    )
    return rows.sort_values(RESULTS[:3], kind="stable").reset_index(drop=True)
