"""The recipe of an index as plain checked data: what is combined, in what order, by which rules.

A recipe is read from params (YAML), frozen, refuses unknown keys and is saved with every result, so that a number can
always be traced to the choices behind it.
"""

from math import inf, nextafter
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shnor_lib.params.errors import ABOVE_ZERO, CompositeError
from shnor_lib.params.yaml_files import nearest

Direction = Literal[1, -1]
Ties = Literal["min", "average", "max"]
"""Which of the ranks of equal values all of them get."""

TIE_DIGITS = 10
"""Decimal places at which two scores are called equal."""

Interval = tuple[float, float]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


def _require_ordered(what: str, low: float, high: float) -> None:
    if not low < high:
        raise CompositeError(f"{what}: нижняя граница {low:g} должна быть меньше верхней {high:g}")


class MinMax(_Frozen):
    """The lowest unit gets ``low``, the highest ``high``."""

    method: Literal["minmax"] = "minmax"
    low: float = 0.0
    high: float = 100.0

    @model_validator(mode="after")
    def _ordered(self):
        _require_ordered("low и high", self.low, self.high)
        return self


class ZScore(_Frozen):
    """Standard deviations from the mean, moved to ``mean`` and ``sd``."""

    method: Literal["zscore"] = "zscore"
    mean: float = 0.0
    sd: float = Field(default=1.0, gt=0)


class Rank(_Frozen):
    """Places counted from the lowest, the share of the other units that are lower, or how many units are lower."""

    method: Literal["rank", "percentile_rank", "borda"] = "rank"
    ties: Ties = "min"


class DistanceToMaximum(_Frozen):
    """One minus the distance to the best unit in ranges."""

    method: Literal["distance_to_maximum"] = "distance_to_maximum"


class DistanceToReference(_Frozen):
    """One minus the distance to the unit named ``reference``."""

    method: Literal["distance_to_reference"] = "distance_to_reference"
    reference: str
    cap: bool = False


class DistanceToTarget(_Frozen):
    """Share of the way to the target (by default the indicator's own)."""

    method: Literal["distance_to_target"] = "distance_to_target"
    target: float | None = None
    cap: bool = False


class FractionOfMaximum(_Frozen):
    """Share of the largest value."""

    method: Literal["fraction_of_maximum"] = "fraction_of_maximum"


class Scaled(_Frozen):
    """A known range (by default the indicator's own) becomes 0..factor without cutting."""

    method: Literal["scaled"] = "scaled"
    low: float | None = None
    high: float | None = None
    factor: float = 100.0


class Goalposts(_Frozen):
    """Two fixed posts (by default the indicator's own) become 0 and ``factor``."""

    method: Literal["goalposts"] = "goalposts"
    low: float | None = None
    high: float | None = None
    factor: float = 100.0
    truncate: bool = True


Normalisation = Annotated[
    MinMax
    | ZScore
    | Rank
    | DistanceToMaximum
    | DistanceToReference
    | DistanceToTarget
    | FractionOfMaximum
    | Scaled
    | Goalposts,
    Field(discriminator="method"),
]


class PlainMean(_Frozen):
    """Weighted mean: a weak child can be fully bought off by a strong one, unless the mean is geometric or harmonic.

    In the geometric mean weak children pull harder, in the harmonic one hardest; both need values above zero.
    """

    method: Literal["arithmetic", "geometric", "harmonic"] = "arithmetic"


class Power(_Frozen):
    """Weighted power mean of ``exponent``: 1 is arithmetic, near 0 geometric, -1 harmonic."""

    method: Literal["power"] = "power"
    exponent: float

    @model_validator(mode="after")
    def _not_zero(self):
        if self.exponent == 0:
            raise CompositeError("степень 0 — это среднее геометрическое: укажите method: geometric")
        return self


class Copeland(_Frozen):
    """Pairwise comparisons won minus lost; only order counts, nothing is bought off."""

    method: Literal["copeland"] = "copeland"


Aggregation = Annotated[PlainMean | Power | Copeland, Field(discriminator="method")]


def lowest_of(normalisation: Normalisation) -> float | None:
    """The most that the lowest unit can get, whatever the data; None where the data decide.

    >>> lowest_of(MinMax(low=1)), lowest_of(Rank(method="borda")), lowest_of(ZScore(mean=0)) < 0, lowest_of(Goalposts())
    (1.0, 0.0, True, None)
    """
    match normalisation.method:
        case "minmax":
            return normalisation.low
        case "zscore":
            return nextafter(normalisation.mean, -inf)  # below the mean, however little
        case "rank":
            return 1.0
        case "percentile_rank" | "borda" | "distance_to_maximum" | "distance_to_reference" | "distance_to_target":
            return 0.0
    return None


def breaks_mean(aggregation: Aggregation, values: Any) -> Any:
    """Whether an index refuses to combine values (a number or an array) by a mean; a missing value breaks none.

    Stricter than the means themselves: harmonic and power means would turn negative values into numbers without meaning.

    >>> [breaks_mean(mean, 0) for mean in (PlainMean(), PlainMean(method="geometric"), Power(exponent=2), Power(exponent=-1))]
    [False, True, False, True]
    """
    if aggregation.method == "power" and aggregation.exponent > 0:
        return values < 0
    return aggregation.method in ("geometric", "harmonic", "power") and values <= 0


class Screening(_Frozen):
    """Units with too few known values leave the calculation (and are listed)."""

    minimum_available: float = Field(default=0.0, ge=0, le=1)
    minimum_nonzero: float | None = Field(default=None, ge=0, le=1)
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


class Imputation(_Frozen):
    """Missing values are replaced by a statistic of the other units, each one recorded."""

    method: Literal["mean", "median"]
    by_group: bool = False


class Treatment(_Frozen):
    """Outliers of a skewed column: winsorise up to ``winsorise_limit`` points, then a logarithm if that is not enough.

    A column passes when |skewness| < ``skewness_limit`` or excess kurtosis < ``kurtosis_limit``. ``winsorise_limit``
    None means no limit, 0 no winsorising. ``combine``: the logarithm of the winsorised column, not of the original.
    """

    winsorise_limit: int | None = Field(default=5, ge=0)
    skewness_limit: float = Field(default=2.0, gt=0)
    kurtosis_limit: float = 3.5
    log: Literal["log_ct", "log_ct_signed", "log_shift", "log_gii"] | None = "log_ct"
    combine: bool = False
    force: bool = False


class Indicator(_Frozen):
    """A leaf of the tree: one column of the table, with everything that must be known to combine it."""

    id: str = Field(min_length=1)
    parent: str
    weight: float = Field(default=1.0, ge=0)
    direction: Direction = 1
    unit: str = ""
    range: Interval | None = None
    goalposts: Interval | None = None
    target: float | None = None
    denominator: str | None = None
    treat: bool = True
    normalisation: Normalisation | None = None

    @model_validator(mode="after")
    def _ordered_intervals(self):
        for what, interval in (("range", self.range), ("goalposts", self.goalposts)):
            if interval is not None:
                _require_ordered(f"{self.id}: {what}", *interval)
        return self


class Aggregate(_Frozen):
    """A node above the indicators: a dimension, a sub-index or the index itself (no parent)."""

    id: str = Field(min_length=1)
    parent: str | None = None
    weight: float = Field(default=1.0, ge=0)
    weighting: Literal["given", "equal", "pca"] = "given"
    aggregation: Aggregation | None = None
    minimum_available: float | None = Field(default=None, ge=0, le=1)


Stage = Literal["screen", "treat", "impute"]


class IndexRecipe(_Frozen):
    """The whole recipe: the tree, the stages before it and the rules of combination.

    ``minimum_available`` must be stated: a node is missing when the share of its children with a value is below it
    (0: one child is enough; 1: all are needed). Missing is never good, so there is no default. ``stages`` is the order of
    the stages between division by denominators and normalisation; only those described are done. ``constant_indicator``
    says what happens to an indicator on which all units are equal: ``refuse``, or ``drop`` it (recorded; the missing rule
    then counts the remaining children).

    Examples
    --------
    >>> recipe = IndexRecipe(
    ...     indicators=[
    ...         {"id": "quality_rate", "parent": "results"},
    ...         {"id": "below_minimum_rate", "parent": "results", "direction": -1, "weight": 2},
    ...     ],
    ...     aggregates=[{"id": "results"}],
    ...     minimum_available=1.0,
    ... )
    >>> recipe.children("results")
    ('quality_rate', 'below_minimum_rate')
    """

    indicators: tuple[Indicator, ...] = Field(min_length=1)
    aggregates: tuple[Aggregate, ...] = Field(min_length=1)
    minimum_available: float = Field(ge=0, le=1)
    normalisation: Normalisation = MinMax()
    aggregation: Aggregation = PlainMean()
    screening: Screening | None = None
    imputation: Imputation | None = None
    treatment: Treatment | None = None
    stages: tuple[Stage, ...] = ("screen", "treat", "impute")
    constant_indicator: Literal["refuse", "drop"] = "refuse"
    tie_digits: int = Field(default=TIE_DIGITS, ge=0, le=15)

    @model_validator(mode="after")
    def _sound_tree(self):
        ids = [node.id for node in (*self.indicators, *self.aggregates)]
        repeated = sorted({node for node in ids if ids.count(node) > 1})
        if repeated:
            raise CompositeError("узел описан дважды; оставьте одно описание", repeated[0])
        aggregates = {node.id for node in self.aggregates}
        for node in (*self.indicators, *self.aggregates):
            if node.parent is not None and node.parent not in aggregates:
                raise CompositeError(
                    f"родителя «{node.parent}» нет среди агрегатов{nearest(node.parent, aggregates)}", node.id
                )
        for node in self.aggregates:
            if not self.children(node.id):
                raise CompositeError("у агрегата нет ни одного показателя; удалите его или добавьте детей", node.id)
            self._refuse_cycle(node.id)
        if len(set(self.stages)) != len(self.stages):
            raise CompositeError(f"этап повторён: {', '.join(self.stages)}")
        for stage, asked in (("screen", self.screening), ("impute", self.imputation), ("treat", self.treatment)):
            if asked is not None and stage not in self.stages:
                raise CompositeError(
                    f"этап {stage} описан, но его нет в stages: {', '.join(self.stages)}; добавьте его"
                )
        return self

    def refuse_impossible(self) -> None:
        """Refuse what no data could make computable: posts that nobody gives, a mean that the lowest unit always breaks."""
        for node in self.indicators:
            mean, lowest = self.aggregation_of(self.node(node.parent)), lowest_of(self.normalisation_of(node))
            if lowest is not None and breaks_mean(mean, lowest):
                raise CompositeError(
                    f"{mean.method} не определено для значения самой низкой школы: нормирование "
                    f"{self.normalisation_of(node).method} даёт ей не больше {lowest:g}; {ABOVE_ZERO}",
                    node.id,
                )

    def _refuse_cycle(self, start: str) -> None:
        seen, node = [], start
        while node is not None:
            if node in seen:
                raise CompositeError(f"узлы замкнуты в кольцо: {' → '.join([*seen, node])}", start)
            seen.append(node)
            node = self.node(node).parent

    def node(self, node_id: str) -> Indicator | Aggregate:
        """The indicator or aggregate of this id; an unknown id is refused with the nearest known ones."""
        for node in (*self.indicators, *self.aggregates):
            if node.id == node_id:
                return node
        known = [node.id for node in (*self.indicators, *self.aggregates)]
        raise CompositeError(f"узла «{node_id}» нет в рецепте{nearest(node_id, known)}")

    def children(self, aggregate_id: str) -> tuple[str, ...]:
        """Ids of the nodes directly under an aggregate, in the order of the recipe."""
        return tuple(node.id for node in (*self.indicators, *self.aggregates) if node.parent == aggregate_id)

    @property
    def indicator_ids(self) -> tuple[str, ...]:
        """Ids of the leaves, in the order of the recipe."""
        return tuple(node.id for node in self.indicators)

    @property
    def top_down(self) -> tuple[Aggregate, ...]:
        """Aggregates ordered so that a parent always comes before its children, the index first."""
        return tuple(sorted(self.aggregates, key=lambda node: self._depth(node.id)))

    def _depth(self, node_id: str) -> int:
        parent = self.node(node_id).parent
        return 0 if parent is None else 1 + self._depth(parent)

    def normalisation_of(self, indicator: Indicator) -> Normalisation:
        """The method of an indicator with posts, range or target from its own description filled in."""
        method = indicator.normalisation or self.normalisation
        wanted: dict[str, Any] = {}
        if method.method == "goalposts" and method.low is None:
            wanted = dict(zip(("low", "high"), indicator.goalposts or (None, None), strict=True))
        elif method.method == "scaled" and method.low is None:
            wanted = dict(zip(("low", "high"), indicator.range or (None, None), strict=True))
        elif method.method == "distance_to_target" and method.target is None:
            wanted = {"target": indicator.target}
        if None in wanted.values():
            own = {"goalposts": "goalposts", "scaled": "range", "distance_to_target": "target"}[method.method]
            raise CompositeError(
                f"методу {method.method} нужно поле {own} у показателя или {' и '.join(wanted)} в самом методе",
                indicator.id,
            )
        return method.model_copy(update=wanted) if wanted else method

    def aggregation_of(self, aggregate: Aggregate) -> Aggregation:
        """The mean of an aggregate: its own, or the recipe's."""
        return aggregate.aggregation or self.aggregation

    def minimum_available_of(self, aggregate: Aggregate) -> float:
        """The missing rule of an aggregate: its own, or the recipe's."""
        return self.minimum_available if aggregate.minimum_available is None else aggregate.minimum_available
