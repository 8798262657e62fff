"""The choices behind an index, as plain data: what else could reasonably have been chosen, and the design that tries it.

Every choice becomes one or more factors on 0..1; a quasi-random (scrambled Sobol) design fills that cube evenly, so all
choices vary at once and few draws are wasted.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
import scipy
from pydantic import BaseModel, ConfigDict, Field

from shnor_lib.params.recipe import Aggregation, Imputation, IndexRecipe, Normalisation, Treatment
from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.resampling import RateError


class Choices(BaseModel):
    """Alternatives to the nominal recipe; what is not given stays as the recipe has it.

    ``weight_noise`` moves every weight independently by up to this share, w · (1 ± noise); ``weight_nodes`` limits it to
    the named nodes. ``normalisation``, ``aggregation``, ``treatment`` and ``imputation`` list equally likely
    alternatives to the recipe's own (the own is one of them only if listed; a node with its own method keeps it).
    ``share`` is the range of the threshold "lowest share". ``sampling`` resamples figures that carry their counts or
    standard errors: rates by the method named, means as normal. Alternative tables (windows) are given to the
    simulation by name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    weight_noise: float = Field(default=0.0, ge=0, le=1)
    weight_nodes: tuple[str, ...] | None = None
    normalisation: tuple[Normalisation, ...] = ()
    aggregation: tuple[Aggregation, ...] = ()
    treatment: tuple[Treatment | None, ...] = ()
    imputation: tuple[Imputation | None, ...] = ()
    share: tuple[float, float] | None = None
    sampling: RateError | None = None


Group = Literal["window", "sampling", "treatment", "imputation", "normalisation", "aggregation", "weights", "share"]
GROUPS = get_args(Group)
ALTERNATIVES = ("window", "treatment", "imputation", "normalisation", "aggregation")
"""The choices among alternatives that are listed."""


@dataclass(frozen=True)
class Factor:
    """One axis of the design: its name, the choice it belongs to and, for alternatives, how many there are."""

    name: str
    group: Group
    alternatives: int = 0


def factors_of(recipe: IndexRecipe, choices: Choices, windows: int = 1) -> tuple[Factor, ...]:
    """The factors that vary; a choice with a single alternative is not a factor.

    Examples
    --------
    >>> recipe = IndexRecipe(
    ...     indicators=[{"id": "a", "parent": "index"}, {"id": "b", "parent": "index"}],
    ...     aggregates=[{"id": "index"}],
    ...     minimum_available=1.0,
    ... )
    >>> choices = Choices(weight_noise=0.25, normalisation=[{"method": "minmax"}, {"method": "zscore"}])
    >>> [factor.name for factor in factors_of(recipe, choices)]
    ['normalisation', 'weight:a', 'weight:b']
    """
    factors = [
        Factor(name, name, count)
        for name in ALTERNATIVES
        if (count := windows if name == "window" else len(getattr(choices, name))) > 1
    ]
    if choices.sampling:
        factors.append(Factor("sampling", "sampling"))
    if choices.weight_noise > 0:
        factors.extend(Factor(f"weight:{node}", "weights") for node in noisy_nodes(recipe, choices))
    if choices.share is not None:
        factors.append(Factor("share", "share"))
    return tuple(sorted(factors, key=lambda factor: GROUPS.index(factor.group)))


def noisy_nodes(recipe: IndexRecipe, choices: Choices) -> tuple[str, ...]:
    """The nodes whose weight varies: the named ones, or all that share their parent with another node."""
    if choices.weight_nodes is not None:
        return tuple(recipe.node(node).id for node in choices.weight_nodes)
    return tuple(
        node.id
        for node in (*recipe.indicators, *recipe.aggregates)
        if node.parent is not None and len(recipe.children(node.parent)) > 1
    )


def quasi_random_design(factors: tuple[Factor, ...], replications: int, seed: int) -> pd.DataFrame:
    """A scrambled Sobol design: a row a replication, a column a factor, values in [0, 1).

    The number of replications is rounded up to a power of two, where the sequence is balanced. The same seed gives the
    same design.

    Examples
    --------
    >>> design = quasi_random_design((Factor("share", "share"), Factor("sampling", "sampling")), 1000, seed=1)
    >>> design.shape, design["share"].mean().round(3).item()
    ((1024, 2), 0.5)
    """
    if replications < 1:
        raise UncertaintyError(f"число повторений {replications} должно быть не меньше 1, обычно 1000")
    power = int(np.ceil(np.log2(replications)))
    names = [factor.name for factor in factors]
    if not names:
        return pd.DataFrame(index=range(2**power))
    sequence = scipy.stats.qmc.Sobol(len(names), scramble=True, rng=np.random.default_rng(seed))
    return pd.DataFrame(sequence.random_base2(power), columns=names)


def realise(design: pd.DataFrame, factors: tuple[Factor, ...], choices: Choices, nominal_share: float) -> pd.DataFrame:
    """What each replication chose: the number of the alternative, the factor on each weight, the share.

    Columns: window, treatment, imputation, normalisation, aggregation (numbers of the alternatives), sampling (position
    of the noise, 0..1), share (0..1) and one ``weight:<node>`` a noisy node (by how much its weight is multiplied).

    Examples
    --------
    >>> choices = Choices(share=(0.2, 0.3))
    >>> realise(pd.DataFrame({"share": [0.0, 0.5]}), (Factor("share", "share"),), choices, 0.25)["share"].tolist()
    [0.2, 0.25]
    """
    alternatives = {factor.name: factor.alternatives for factor in factors if factor.alternatives}
    draws = pd.DataFrame(index=design.index)
    for name in ALTERNATIVES:
        draws[name] = np.floor(design[name] * alternatives[name]).astype(int) if name in alternatives else 0
    draws["sampling"] = design.get("sampling", 0.0)
    low, high = choices.share or (nominal_share, nominal_share)
    if not 0 <= low <= high <= 1:
        raise UncertaintyError(f"диапазон доли {low:g}..{high:g} должен лежать в 0..1 и возрастать")
    draws["share"] = low + (high - low) * design.get("share", 0.0)
    weights = {
        factor.name: 1 + (2 * design[factor.name] - 1) * choices.weight_noise
        for factor in factors
        if factor.group == "weights"
    }
    return pd.concat([draws, pd.DataFrame(weights, index=design.index)], axis=1)
