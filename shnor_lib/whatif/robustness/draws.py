"""An office judged many times at once: every draw has its own thresholds, rules, weights and chance of small schools.

What a criterion is measured from is taken from the data once for each window; the draws are then judged as matrices, a row a
draw and a column a school. With no choice varied the answers are those of :mod:`shnor_lib.criteria.judge` and
:mod:`shnor_lib.criteria.decisions`; the tests compare them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from shnor_lib.criteria.indices import component_values
from shnor_lib.criteria.judge import share_quota
from shnor_lib.criteria.measure import PRECISION, UNIT, Evidence, low_procedure_details, measure, pool_for_criterion
from shnor_lib.indicators import catalogue
from shnor_lib.office.office import Office
from shnor_lib.params.methods import (
    AgainstBenchmark,
    Criterion,
    FixedThreshold,
    Index,
    LowInProcedures,
    OneOf,
    ShareOfSchools,
)
from shnor_lib.statistics.composite import CompositeError
from shnor_lib.statistics.uncertainty import Choices, Simulation, UncertaintyError, evaluate, rank_draws, resample_rates
from shnor_lib.statistics.uncertainty import Evidence as IndexEvidence
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

MET_FLAG, NOT_MET_FLAG, OPEN_FLAG = 1, 0, -1
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
    """

    def __init__(self, office: Office, evidence: Evidence | None = None):
        self.office, self.method, self.year = office, office.method, office.year
        self.evidence = evidence or evidence_of(office, [office.method])
        self.schools = self.evidence.schools["school_id"].tolist()
        self._measured: dict[tuple, pd.DataFrame] = {}
        self._noise: dict[tuple, np.ndarray] = {}

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

    def judge(self, design: pd.DataFrame) -> Drawn:
        """Judge the office once for every row of a design; a factor without a column stays as the method has it."""
        simulations = self._simulate_indices(design)
        years = max(decision.years for decision in self.method.decisions.values())
        by_year = [self._flags(design, simulations if back == 0 else {}, self.year - back) for back in range(years)]
        answers = {
            category: _frame(self._decide(category, by_year, design), self.schools)
            for category in self.method.decisions
        }
        verdicts = {name: _frame(flags, self.schools) for name, flags in by_year[0].items()}
        return Drawn(design, answers, verdicts, simulations)

    # --- deciding ----------------------------------------------------------------------------------------------------

    def _decide(self, category: str, by_year: list[dict[str, np.ndarray]], design: pd.DataFrame) -> np.ndarray:
        """Flags of a category, as :func:`~shnor_lib.criteria.decisions.decide` and ``require_persistence`` say."""
        decision = self.method.decisions[category]
        enough_options = at_least_options(self.method, category)
        enough = np.array(enough_options)[picked(design, "at_least", enough_options, decision.at_least)][:, None]
        own = [name for name, one in self.method.criteria.items() if one.category == category]
        answers = []
        for flags in by_year[: decision.years]:
            met = sum((flags[name] == MET_FLAG).astype(int) for name in own)
            unknown = sum((flags[name] == OPEN_FLAG).astype(int) for name in own)
            lost = _any([flags[name] == NOT_MET_FLAG for name in decision.required], met.shape)
            hanging = _any([flags[name] == OPEN_FLAG for name in decision.required], met.shape)
            yes = (met >= enough) & ~lost & ~hanging
            no = lost | (met + unknown < enough)
            answers.append(np.select([yes, no], [MET_FLAG, NOT_MET_FLAG], default=OPEN_FLAG))
        if decision.years == 1:
            return answers[0]
        yes = sum((answer == MET_FLAG).astype(int) for answer in answers)
        unknown = sum((answer == OPEN_FLAG).astype(int) for answer in answers)
        return np.select(
            [yes >= decision.years_identified, yes + unknown < decision.years_identified],
            [MET_FLAG, NOT_MET_FLAG],
            default=OPEN_FLAG,
        )

    # --- criteria ----------------------------------------------------------------------------------------------------

    def _flags(self, design: pd.DataFrame, simulations: dict[str, Simulation], year: int) -> dict[str, np.ndarray]:
        """Flags of every criterion in one year, draws × schools."""
        flags = {}
        for name, criterion in self.method.criteria.items():
            thresholds = self._thresholds(name, criterion, design)
            if isinstance(criterion, LowInProcedures):
                flags[name] = self._low_in_procedures(criterion, thresholds, design, year)
                continue
            values, assessed, benchmark = self._values(criterion, design, simulations, year)
            judge = {
                FixedThreshold: self._fixed,
                AgainstBenchmark: self._against_benchmark,
                ShareOfSchools: self._share,
                OneOf: self._one_of,
            }[type(criterion)]
            met, assessed = judge(name, criterion, values, assessed, benchmark, thresholds, design)
            flags[name] = np.where(assessed, met.astype(int), OPEN_FLAG)
        return flags

    def _thresholds(self, name: str, criterion: Criterion, design: pd.DataFrame) -> np.ndarray:
        """The threshold of each draw, a column."""
        own = getattr(criterion, "threshold", np.nan)
        spread = self.method.robustness.threshold
        factor = f"threshold:{name}"
        if factor not in design:
            return np.full((len(design), 1), own, dtype=float)
        return (own * (1 + spread * (2 * design[factor].to_numpy() - 1)))[:, None]

    def _values(
        self, criterion: Criterion, design: pd.DataFrame, simulations: dict[str, Simulation], year: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Values with their chance, whether each can be assessed, and benchmarks: draws × schools each."""
        if criterion.indicator in simulations:
            values = simulations[criterion.indicator].scores[criterion.indicator].to_numpy(float)
            return values, ~np.isnan(values), np.full(values.shape, np.nan)
        windows = options(self.method, criterion, "window")
        limits = options(self.method, criterion, "minimum_participants")
        window = picked(design, "window", windows, criterion.window)
        limit = np.array(limits)[picked(design, "minimum_participants", limits, criterion.minimum_participants)][
            :, None
        ]
        shape = (len(design), len(self.schools))
        values, benchmark = np.full(shape, np.nan), np.full(shape, np.nan)
        people, barred = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
        for place, length in enumerate(windows):
            rows = np.flatnonzero(window == place)
            if not len(rows):
                continue
            measured = self._measure(criterion, length, year)
            values[rows] = self._noisy(criterion, measured, design.iloc[rows], length, year)
            benchmark[rows] = measured["benchmark"].to_numpy(float)
            people[rows] = measured["participants"].to_numpy(float)
            barred[rows] = measured["obstacle"].ne("").to_numpy()
        with np.errstate(invalid="ignore"):
            assessed = ~np.isnan(values) & ~barred & ~(people < limit)
        return values, assessed, benchmark

    def _measure(self, criterion: Criterion, window: int, year: int) -> pd.DataFrame:
        """The measured frame of a criterion without the limit on participants, which the draws have each their own."""
        benchmark = criterion.benchmark if isinstance(criterion, AgainstBenchmark) else None
        key = (
            criterion.indicator,
            criterion.parts,
            window,
            criterion.pooling,
            criterion.minimum_coverage,
            benchmark,
            year,
        )
        if key not in self._measured:
            free = criterion.model_copy(update={"window": window, "minimum_participants": 0})
            self._measured[key] = measure(free, self.evidence, year, benchmark)
        return self._measured[key]

    def _noisy(
        self, criterion: Criterion, measured: pd.DataFrame, design: pd.DataFrame, window: int, year: int
    ) -> np.ndarray:
        """Values of a criterion with the chance that each draw took; indices and counts have none of their own."""
        values = np.broadcast_to(measured["value"].to_numpy(float), (len(design), len(measured)))
        if "chance" not in design or criterion.indicator in self.method.indices:
            return values
        key = (criterion.indicator, criterion.parts, window, criterion.pooling, year)
        if key not in self._noise:
            self._noise[key] = self._noise_bank(criterion, measured)
        return self._noise[key][(design["chance"].to_numpy() * NOISE_ROWS).astype(int)]

    def _noise_bank(self, criterion: Criterion, measured: pd.DataFrame) -> np.ndarray:
        """Plausible values of a criterion, a row a realisation: rates by their counts, mean results by the pupils behind them."""
        family = self.method.robustness
        value, people = measured["value"].astype(float), measured["participants"].astype(float)
        seed = family.seed + list(self.method.criteria.values()).index(criterion)  # criteria have their chance apart
        known = catalogue().get(criterion.indicator)
        unit = known.unit if known else "index"
        bank = np.repeat(value.to_numpy()[None, :], NOISE_ROWS, axis=0)
        counted = (value.notna() & people.gt(0)).to_numpy(copy=True)
        if unit == "rate":
            counted &= value.between(0, 1).to_numpy()
            whole = people[counted].round()
            times = (value[counted] * whole).clip(upper=whole)
            bank[:, counted] = resample_rates(times, whole, NOISE_ROWS, seed, family.chance).to_numpy()
        elif unit == "percent" and known.per == "procedure":
            pupils = people[counted] / np.minimum(
                family.results_per_pupil, measured.loc[counted, "procedures_present"].astype(float)
            )
            error = family.score_sd / np.sqrt(pupils.to_numpy())
            bank[:, counted] += np.random.default_rng(seed).standard_normal((NOISE_ROWS, counted.sum())) * error
        return bank

    def _fixed(self, name, criterion, values, assessed, benchmark, thresholds, design):
        sign = 1 if criterion.rule in ("at_least", "above") else -1
        margin = sign * np.round(values - thresholds, PRECISION)
        return (margin >= 0 if criterion.rule in ("at_most", "at_least") else margin > 0), assessed

    def _one_of(self, name, criterion, values, assessed, benchmark, thresholds, design):
        return np.isin(np.round(values, PRECISION), np.round(criterion.allowed, PRECISION)), assessed

    def _against_benchmark(self, name, criterion, values, assessed, benchmark, thresholds, design):
        sign = -1 if criterion.rule == "below_benchmark_by" else 1
        difference = sign * (values - benchmark)
        kinds = options(self.method, criterion, "kind")
        relative = (np.array(kinds) == "relative")[picked(design, "kind", kinds, criterion.kind)][:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            difference = np.where(relative, np.where(benchmark != 0, difference / benchmark, np.nan), difference)
        margin = np.round(difference - thresholds, PRECISION)
        return (margin > 0 if criterion.strict else margin >= 0), assessed & ~np.isnan(benchmark)

    def _share(self, name, criterion, values, assessed, benchmark, thresholds, design):
        sign = 1 if criterion.rule == "lowest_share" else -1
        key = np.where(assessed, np.round(sign * values, PRECISION), np.nan)
        if criterion.population == "region":
            return key <= sign * self._cut_within_region(name), assessed
        rounded, tied = options(self.method, criterion, "rounding"), options(self.method, criterion, "ties")
        rounding = picked(design, "rounding", rounded, criterion.rounding)
        exclude = (np.array(tied) == "exclude")[picked(design, "ties", tied, criterion.ties)][:, None]
        met, told = np.zeros(key.shape, dtype=bool), np.zeros(key.shape, dtype=bool)
        for members in self._groups(criterion):
            own = key[:, members]
            highest = rank_draws(pd.DataFrame(own), PRECISION).to_numpy()
            lowest = rank_draws(pd.DataFrame(-own), PRECISION).to_numpy()  # place from the lowest, the smallest of ties
            ranked = (~np.isnan(own)).sum(axis=1)
            quota = np.zeros(len(key))
            for place, word in enumerate(rounded):
                rows = rounding == place
                quota[rows] = share_quota(pd.Series(ranked[rows]), pd.Series(thresholds[rows, 0]), word)
            last = ranked[:, None] - highest + 1  # place from the lowest, the largest of ties
            with np.errstate(invalid="ignore"):
                met[:, members] = np.where(exclude, last, lowest) <= quota[:, None]
            enough = (ranked >= criterion.minimum_schools) & (ranked >= len(members) * criterion.minimum_ranked)
            told[:, members] = enough[:, None]
        return met, assessed & told

    def _cut_within_region(self, name: str) -> float:
        """The value between the last school inside the region's share and the first one outside, as the method found it."""
        own = self.office.verdicts
        return float(own.loc[own["criterion"].eq(name), "threshold"].dropna().iloc[:1].squeeze() or np.nan)

    def _groups(self, criterion: ShareOfSchools) -> list[np.ndarray]:
        """Numbers of the schools that are ranked together."""
        if criterion.within is None:
            return [np.arange(len(self.schools))]
        labels = self.evidence.schools[criterion.within].astype(object).fillna("")
        return [np.flatnonzero(labels.eq(label)) for label in labels.unique()]

    # --- low procedures ----------------------------------------------------------------------------------------------

    def _low_in_procedures(
        self, criterion: LowInProcedures, thresholds: np.ndarray, design: pd.DataFrame, year: int
    ) -> np.ndarray:
        """Flags of the federal rule: each procedure and year of a school is low or not in every draw."""
        windows = options(self.method, criterion, "window")
        limits = options(self.method, criterion, "minimum_participants")
        window = np.array(windows)[picked(design, "window", windows, criterion.window)]
        limit = np.array(limits)[picked(design, "minimum_participants", limits, criterion.minimum_participants)][
            :, None
        ]
        widest = criterion.model_copy(update={"window": max(windows), "minimum_participants": 0})
        details = low_procedure_details(widest, self.evidence, year).reset_index(drop=True)
        listed = details["source"].eq("official_list").to_numpy()
        people = details["participants"].to_numpy(float)
        inside = details["year"].to_numpy(int)[None, :] > year - window[:, None]
        values = self._noisy_procedures(details, design)
        with np.errstate(invalid="ignore"):
            assessed = inside & (listed | (~np.isnan(values) & ~(people < limit)))
            low = assessed & (listed | (np.round(values, PRECISION) >= thresholds))
        numbers = {school: place for place, school in enumerate(self.schools)}
        school = details["school_id"].map(numbers).to_numpy(int)
        pairs = pd.MultiIndex.from_frame(details[["school_id", "procedure"]])
        pair, names = pd.factorize(pairs)
        owner = np.array([numbers[one] for one in names.get_level_values(0)], dtype=int)
        years_low = _summed(low, pair, len(names))
        distinct = _summed(years_low > 0, owner, len(numbers))
        repeats = np.zeros((len(design), len(numbers)), dtype=int)
        for column, place in enumerate(owner):
            repeats[:, place] = np.maximum(repeats[:, place], years_low[:, column])
        told, expected = _summed(assessed, school, len(numbers)), _summed(inside, school, len(numbers))
        met = (distinct >= criterion.distinct) | (repeats >= criterion.repeated)
        whole = self.evidence.schools["municipality"].isin(self.evidence.complete_lists).to_numpy()
        enough = (whole & criterion.use_official_list) | ((told > 0) & (told >= expected * criterion.minimum_coverage))
        special = self.evidence.schools["special_type"].notna().to_numpy() & criterion.exclude_special_types
        return np.where(special | (~met & ~enough), OPEN_FLAG, met.astype(int))

    def _noisy_procedures(self, details: pd.DataFrame, design: pd.DataFrame) -> np.ndarray:
        values, people = details["value"].astype(float), details["participants"].astype(float)
        if "chance" not in design:
            return np.broadcast_to(values.to_numpy(), (len(design), len(details)))
        family = self.method.robustness
        counted = (values.between(0, 1) & people.gt(0)).to_numpy()
        whole = people[counted].round()
        bank = np.repeat(values.to_numpy()[None, :], NOISE_ROWS, axis=0)
        times = (values[counted] * whole).clip(upper=whole)
        bank[:, counted] = resample_rates(times, whole, NOISE_ROWS, family.seed, family.chance).to_numpy()
        return bank[(design["chance"].to_numpy() * NOISE_ROWS).astype(int)]

    # --- indices -----------------------------------------------------------------------------------------------------

    @cached_property
    def _index_evidence(self) -> dict[str, IndexEvidence | None]:
        """Components of each index with their counts; None for an index that cannot be computed or that a region ranks."""
        found: dict[str, IndexEvidence | None] = {}
        for name, index in self.method.indices.items():
            store = self.evidence.store
            scored = store.value[:, store.years == self.year][:, :, store.names == name]
            possible = not np.isnan(scored).all()
            found[name] = self._components(index) if possible and index.population == "municipality" else None
        return found

    def _components(self, index: Index) -> IndexEvidence:
        values = component_values(index, self.evidence.schools, self.evidence.store, self.year)
        values.index = pd.Index(self.schools)
        places = self.evidence.store.places(*(self.evidence.schools[column].tolist() for column in UNIT))
        numerators, denominators = pd.DataFrame(index=values.index), pd.DataFrame(index=values.index)
        for name, one in index.components.items():
            known = catalogue().get(one.indicator)
            if known is None or known.unit != "rate" or not values[name].dropna().between(0, 1).all():
                continue
            pooled = pool_for_criterion(one, self.evidence.store, self.year).plain
            people = pd.Series(pooled.at("people", places), index=values.index)
            denominators[name] = people.where(people.gt(0))
            numerators[name] = values[name] * denominators[name]
        return IndexEvidence(values, numerators, denominators)

    def _simulate_indices(self, design: pd.DataFrame) -> dict[str, Simulation]:
        """The scores of every index in the draws of the design."""
        simulations = {}
        for name, evidence in self._index_evidence.items():
            if evidence is not None:
                choices, own = self._index_choices(name, design, evidence)
                try:
                    simulations[name] = evaluate(
                        evidence, self.method.indices[name].recipe(name), choices, own, self.method.robustness.seed
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
    return pd.DataFrame(np.where(flags == OPEN_FLAG, np.nan, flags.astype(float)), columns=schools)


def _any(parts: list[np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    return np.logical_or.reduce(parts) if parts else np.zeros(shape, dtype=bool)


def _summed(flags: np.ndarray, owner: np.ndarray, size: int) -> np.ndarray:
    """Columns of flags added up by the number of their owner."""
    onto = np.zeros((flags.shape[1], size), dtype=np.float32)
    onto[np.arange(flags.shape[1]), owner] = 1
    return (flags.astype(np.float32) @ onto).astype(int)
