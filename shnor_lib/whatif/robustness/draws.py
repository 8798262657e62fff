"""An office judged many times at once: every draw has its own thresholds, rules, weights and chance of small schools.

What a criterion is measured from is taken from the data once for each window; the draws are then judged by
:func:`shnor_lib.criteria.rules.judge` and :func:`shnor_lib.criteria.decisions.answers` as arrays of draws × schools.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from shnor_lib.analyses.standing import INDICATOR as RESULTS
from shnor_lib.analyses.standing import Told, result_cells, told_of_office
from shnor_lib.criteria.decisions import answers
from shnor_lib.criteria.indices import component_values
from shnor_lib.criteria.judge import measured_of
from shnor_lib.criteria.measure import Evidence, Measurement, pool_for_criterion
from shnor_lib.criteria.rules import IS_OPEN, Cells, Measured, judge, rule_of
from shnor_lib.indicators.causes import NOT_DISTINGUISHED
from shnor_lib.office.office import Office
from shnor_lib.params.errors import CompositeError
from shnor_lib.params.methods import Criterion, Index
from shnor_lib.statistics.uncertainty.choices import Choices
from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.evidence import Evidence as IndexEvidence
from shnor_lib.statistics.uncertainty.resampling import led_by_others, resample_rates
from shnor_lib.statistics.uncertainty.simulation import Simulation, evaluate
from shnor_lib.whatif.robustness.family import (
    STAGES,
    Factor,
    at_least_options,
    balanced_design,
    factors_of_method,
    open_weights,
    options,
    picked,
    stage_options,
)
from shnor_lib.whatif.scenarios import evidence_of

NOISE_ROWS = 1024
"""Realisations of chance that the draws choose from."""


@dataclass(frozen=True)
class Drawn:
    """The answers of all draws.

    Attributes
    ----------
    design : what each draw chose, on 0..1; a column a factor.
    answers : by category, draws × schools: 1 on the list, 0 not on it, missing where the data are too few to tell.
    verdicts : by criterion, draws × schools: 1 met, 0 not met, missing not assessed.
    indices : by index, the simulation of its scores in the same draws; an index without data is absent.
    """

    design: pd.DataFrame
    answers: dict[str, pd.DataFrame]
    verdicts: dict[str, pd.DataFrame]
    indices: dict[str, Simulation]


class Bench:
    """An office ready to be judged in draws; measurements are taken once and kept.

    Parameters
    ----------
    office : of the internal edition; hidden numbers would judge other schools than the method did.
    evidence : what the office is judged on, when it is already there.
    told : the components of its results, when they are already known.
    """

    def __init__(self, office: Office, evidence: Evidence | None = None, told: Told | None = None):
        self.office, self.method, self.year = office, office.method, office.year
        self.told = told or told_of_office(office)
        self.evidence = evidence or evidence_of(office, [office.method])
        self.schools = self.evidence.schools["school_id"].tolist()
        self._measured: dict[tuple, Measured] = {}
        self._noise: dict[tuple, np.ndarray] = {}
        self._cell_noise: dict[int, dict[tuple, np.ndarray]] = {}

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """What varies for this office: choices that nothing in its data depends on are left out."""
        scored = {name for name in self.method.indices if self._index_evidence[name] is not None}
        return tuple(
            factor
            for factor in factors_of_method(self.method)
            if (factor.group != "weights" or factor.name.split(":")[1] in scored)
            and (factor.group not in STAGES or scored)
        )

    def draw(self, replications: int | None = None) -> Drawn:
        """Judge the office in a balanced design over all choices of its family."""
        family = self.method.robustness
        return self.judge(balanced_design(self.factors, replications or family.replications, family.seed))

    def draw_chance(self) -> Drawn | None:
        """Judge the office by its own rules under chance alone; nothing where its method leaves chance out."""
        family, chance = self.method.robustness, [one for one in self.factors if one.group == "chance"]
        return self.judge(balanced_design(chance, family.replications, family.seed)) if chance else None

    def judge(self, design: pd.DataFrame) -> Drawn:
        """Judge the office once for every row of a design; a factor without a column stays as the method has it."""
        simulations = self._simulate_indices(design)
        by_year = [
            self._flags(design, simulations if back == 0 else {}, self.year - back) for back in range(self.method.years)
        ]
        found = answers(self.method, by_year, self._at_least(design))
        names = list(self.method.criteria)
        return Drawn(
            design,
            {category: _frame(flags, self.schools) for category, flags in found.items()},
            {name: _frame(by_year[0][..., place], self.schools) for place, name in enumerate(names)},
            simulations,
        )

    def _at_least(self, design: pd.DataFrame) -> dict[str, np.ndarray]:
        """How many criteria are enough in each draw, a column a category."""
        chosen = {}
        for category, decision in self.method.decisions.items():
            several = at_least_options(self.method, category)
            chosen[category] = np.array(several)[picked(design, "at_least", several, decision.at_least)][:, None]
        return chosen

    # --- criteria ----------------------------------------------------------------------------------------------------

    def _flags(self, design: pd.DataFrame, simulations: dict[str, Simulation], year: int) -> np.ndarray:
        """Flags of every criterion in one year, draws × schools × criteria."""
        shape = (len(design), len(self.schools), len(self.method.criteria))
        flags = np.empty(shape, dtype=np.int8)
        for place, (name, criterion) in enumerate(self.method.criteria.items()):
            chosen = self._chosen(name, criterion, design)
            measured = self._in_draws(name, criterion, design, simulations, year)
            flags[..., place] = judge(criterion, measured, **chosen).flags
        return flags

    def _chosen(self, name: str, criterion: Criterion, design: pd.DataFrame) -> dict[str, np.ndarray]:
        """The parameters of a criterion that the draws choose, a column each."""
        chosen = {}
        for field in rule_of(criterion).adjustable:
            if field == "threshold":
                if f"threshold:{name}" in design:
                    moved = 1 + self.method.robustness.threshold * (2 * design[f"threshold:{name}"].to_numpy() - 1)
                    chosen[field] = (criterion.threshold * moved)[:, None]
            elif len(several := options(self.method, criterion, field)) > 1:
                chosen[field] = np.array(several)[picked(design, field, several, getattr(criterion, field))][:, None]
        return chosen

    def _in_draws(
        self,
        name: str,
        criterion: Criterion,
        design: pd.DataFrame,
        simulations: dict[str, Simulation],
        year: int,
    ) -> Measured:
        """What a criterion is judged on in the draws: their windows and their chance."""
        windows = options(self.method, criterion, "window")
        if rule_of(criterion).by_procedure:
            widest = self._measured_once(name, max(windows), year)
            return replace(widest, cells=self._noisy_cells(widest.cells, design, year))
        if criterion.indicator in simulations:
            values = simulations[criterion.indicator].scores[criterion.indicator].to_numpy(float)
            nothing = np.full((1, len(self.schools)), np.nan)
            own = self._measured_once(name, criterion.window, year)
            return replace(own, values=values, assessed=~np.isnan(values), benchmark=nothing, people=nothing)
        window = picked(design, "window", windows, criterion.window)
        once = [self._measured_once(name, length, year) for length in windows]
        values = np.empty((len(design), len(self.schools)))
        for place, measured in enumerate(once):
            rows = np.flatnonzero(window == place)
            values[rows] = self._noisy(criterion, measured, design.iloc[rows], windows[place], year)
        held_against, people, assessed = (
            np.concatenate([getattr(one, part) for one in once])[window if len(once) > 1 else [0]]
            for part in ("benchmark", "people", "assessed")
        )
        assessed = assessed & ~np.isnan(values)
        return replace(once[0], values=values, benchmark=held_against, people=people, assessed=assessed)

    def _measured_once(self, name: str, window: int, year: int) -> Measured:
        """What a criterion is judged on by the data alone, for one window."""
        if (name, window, year) not in self._measured:
            criterion = self.method.criteria[name].model_copy(update={"window": window})
            cut, tied = self._cut(name)
            self._measured[name, window, year] = replace(
                measured_of(criterion, self.evidence, year), cut=cut, tied=tied
            )
        return self._measured[name, window, year]

    def _cut(self, name: str) -> tuple[float | None, float]:
        """As the method found them: the value between the last school inside a share of the region and the first one outside,
        and that of equal schools which it could not tell apart.
        """
        if getattr(self.method.criteria[name], "population", "") != "region":
            return None, np.nan
        own = self.office.verdicts[self.office.verdicts["criterion"].eq(name)]
        tied = own.loc[own["cause"].eq(NOT_DISTINGUISHED), "value"]
        return tuple(next(iter(of.dropna().astype(float)), np.nan) for of in (own["threshold"], tied))

    def _noisy(
        self, criterion: Criterion, measured: Measured, design: pd.DataFrame, window: int, year: int
    ) -> np.ndarray:
        """Values of a criterion with the chance that each draw took; indices and counts have none of their own."""
        if "chance" not in design or criterion.indicator in self.method.indices:
            return measured.values
        key = (criterion.indicator, criterion.parts, window, criterion.pooling, year)
        if key not in self._noise:
            self._noise[key] = self._noise_bank(criterion, measured.told, window, year)
        return self._noise[key][_realisations(design)]

    def _noise_bank(self, criterion: Criterion, told: Measurement, window: int, year: int) -> np.ndarray:
        """Plausible values of a criterion, a row a realisation: rates by their counts, mean results by what is known of a school.

        Criteria on one indicator share its realisations: what is chance for one of them is the same chance for the other.
        """
        indicators = list(dict.fromkeys(one.indicator for one in self.method.criteria.values()))
        seed = self.method.robustness.seed + indicators.index(criterion.indicator)
        if criterion.indicator == RESULTS:
            return self._plausible_results(criterion, told.value, window, year, seed)
        known, value = self.evidence.store.catalogue.get(criterion.indicator), told.value
        if known and known.unit == "rate":
            counted = (told.participants > 0) & (value >= 0) & (value <= 1)
            lead = self._leads.get(criterion.indicator, np.zeros(len(value)))
            return self._resampled(value, told.participants, counted, seed, lead)
        return np.repeat(value[None, :], NOISE_ROWS, axis=0)

    def _plausible_results(
        self, criterion: Criterion, value: np.ndarray, window: int, year: int, seed: int
    ) -> np.ndarray:
        """Mean results without their chance: in place of a school's plain difference from the others what may be its own."""
        bank = np.repeat(value[None, :], NOISE_ROWS, axis=0)
        cells = result_cells(self.evidence.store, self.evidence.places, criterion.parts, year - window + 1, year)
        if cells.shared.any():
            model = self.told.model(cells)
            own = model.of_schools(subjects=True).draws(NOISE_ROWS, seed) - model.plain
            bank += np.where(np.isnan(own), 0.0, own)
        return bank

    def _noisy_cells(self, cells: Cells, design: pd.DataFrame, year: int) -> Cells:
        """The shares of procedures and years with the chance that each draw took.

        Criteria that look at the same cells share their realisations; ``year`` of the run.
        """
        if "chance" not in design:
            return cells
        bank = self._cell_noise.setdefault(year, {})
        school, procedure, when = cells.place
        names, years = np.array(cells.procedures, dtype=object), np.array(cells.years)
        keys = list(zip(school.tolist(), names[procedure], years[when].tolist(), strict=True))
        if not keys:
            return cells
        new = np.array([key not in bank for key in keys], dtype=bool)
        if new.any():
            shares, people = cells.shares[0][cells.place][new], cells.people[cells.place][new]
            counted = (shares >= 0) & (shares <= 1) & (people > 0)
            drawn = self._resampled(shares, people, counted, self.method.robustness.seed + len(bank))
            bank |= zip([key for key, one in zip(keys, new, strict=True) if one], drawn.T, strict=True)
        noise = np.stack([bank[key] for key in keys], axis=1)
        return cells.with_shares(noise[_realisations(design)])

    def _resampled(
        self, rates: np.ndarray, people: np.ndarray, counted: np.ndarray, seed: int, lead: np.ndarray | None = None
    ) -> np.ndarray:
        """Rates by the counts behind them, a row a realisation; those that are not counted stay.

        ``lead`` as of :attr:`_leads`; without it the rates are of unlike kinds and lean on no other.
        """
        bank = np.repeat(rates[None, :], NOISE_ROWS, axis=0)
        whole = pd.Series(people[counted]).round()
        times = (pd.Series(rates[counted]) * whole).clip(upper=whole)
        chance = self.method.robustness.chance
        chance = "jeffreys" if chance == "pooled" and lead is None else chance
        led = None if lead is None else lead[counted]
        bank[:, counted] = resample_rates(times, whole, NOISE_ROWS, seed, chance, lead=led).to_numpy()
        return bank

    @cached_property
    def _leads(self) -> dict[str, np.ndarray]:
        """For each rate of a criterion or an index what the other rates of each school lead to expect: by indicator."""
        counts: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        for index in self.method.indices.values():
            values, people = self._counted_components(index)
            counts |= {index.components[name].indicator: (values[name] * people[name], people[name]) for name in people}
        for name, criterion in self.method.criteria.items():
            known = self.evidence.store.catalogue.get(criterion.indicator)
            if known and known.unit == "rate" and not rule_of(criterion).by_procedure:
                told = self._measured_once(name, criterion.window, self.year).told
                counts[criterion.indicator] = (told.value * told.participants, told.participants)
        if not counts:
            return {}
        k, n = (np.array(each, dtype=float) for each in zip(*counts.values(), strict=True))
        return dict(zip(counts, led_by_others(k, n), strict=True))

    # --- indices -----------------------------------------------------------------------------------------------------

    @cached_property
    def _index_evidence(self) -> dict[str, IndexEvidence | None]:
        """Components of each index with their counts; None for an index that cannot be computed or that a region ranks."""
        found: dict[str, IndexEvidence | None] = {}
        for name, index in self.method.indices.items():
            store = self.evidence.store
            scored = store.value[:, store.years == self.year][:, :, store.names == name]
            possible = not np.isnan(scored).all()
            as_it_is = index.weighed_by_school or any(one.round_to is not None for one in index.components.values())
            drawn = possible and index.population == "municipality" and not as_it_is
            found[name] = self._components(index) if drawn else None
        return found

    def _components(self, index: Index) -> IndexEvidence:
        values, people = self._counted_components(index)
        leads = pd.DataFrame(
            {name: self._leads[index.components[name].indicator] for name in people}, index=values.index
        )
        return IndexEvidence(values, people.mul(values[list(people)]), people, leads=leads)

    def _counted_components(self, index: Index) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Values of the components of an index, and the people behind those that are rates by their counts."""
        places = self.evidence.places
        found = component_values(index, places, self.evidence.store, self.year)
        values = pd.DataFrame(found, columns=list(index.components), index=pd.Index(self.schools))
        counted = pd.DataFrame(index=values.index)
        for name, one in index.components.items():
            known = self.evidence.store.catalogue.get(one.indicator)
            if known is None or known.unit != "rate" or not values[name].dropna().between(0, 1).all():
                continue
            pooled = pool_for_criterion(one, self.evidence.store, self.year).plain
            people = pd.Series(pooled.at("people", places), index=values.index)
            counted[name] = people.where(people.gt(0))
        return values, counted

    def _simulate_indices(self, design: pd.DataFrame) -> dict[str, Simulation]:
        """The scores of every index in the draws of the design."""
        simulations = {}
        for place, (name, evidence) in enumerate(self._index_evidence.items()):
            if evidence is not None:
                choices, own = self._index_choices(name, design, evidence)
                try:
                    simulations[name] = evaluate(
                        evidence,
                        self.method.indices[name].recipe(name),
                        choices,
                        own,
                        self.method.robustness.seed + place,
                    )
                except (CompositeError, UncertaintyError):
                    continue  # the score of the method stands, as for an index that a region ranks
        return simulations

    def _index_choices(self, name: str, design: pd.DataFrame, evidence: IndexEvidence) -> tuple[Choices, pd.DataFrame]:
        """The choices behind an index and the columns of the design that are its own."""
        index, family = self.method.indices[name], self.method.robustness
        stages = {
            stage: tuple(kinds)
            for stage in STAGES
            if stage in design and len(kinds := stage_options(self.method, index, stage)) > 1
        }
        varied = {stage: stage for stage in stages} | {"chance": "sampling"}
        varied |= {f"weight:{name}:{component}": f"weight:{component}" for component in index.components}
        own = design[[column for column in varied if column in design]].rename(columns=varied)
        noisy = family.weights if any(column.startswith("weight:") for column in own) and open_weights(index) else 0.0
        choices = Choices(
            weight_noise=noisy,
            weight_nodes=tuple(index.components) if noisy else None,
            **stages,
            sampling=family.chance if "sampling" in own and len(evidence.numerators.columns) else None,
        )
        return choices, own


def _frame(flags: np.ndarray, schools: list[str]) -> pd.DataFrame:
    """Flags with the open ones missing."""
    return pd.DataFrame(np.where(flags == IS_OPEN, np.nan, flags.astype(float)), columns=schools)


def _realisations(design: pd.DataFrame) -> np.ndarray:
    """Number of the realisation of chance that each draw took."""
    return (design["chance"].to_numpy() * NOISE_ROWS).astype(int)
