"""The declared family of choices: what else could reasonably have been chosen, as factors on 0..1 and as realised draws.

A field of a criterion, index or decision is varied only where the method names it among its ``assumptions``; thresholds and
chance are varied always. What a document fixes stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import qmc

from shnor_lib.criteria.rules import rule_of
from shnor_lib.params.methods import Criterion, Index, Method

ENUMERATED = ("rounding", "ties", "window", "minimum_participants", "kind")
"""Fields of criteria with listed alternatives."""

STAGES = ("treatment", "normalisation", "aggregation")
"""Stages of an index with listed alternatives."""


@dataclass(frozen=True)
class Factor:
    """One axis of the design and the choice it belongs to."""

    name: str
    group: str


def factors_of_method(method: Method) -> tuple[Factor, ...]:
    """The factors that vary for a method: thresholds, how many criteria are enough, fields, stages, weights, chance.

    Examples
    --------
    >>> from shnor_lib.params.methods import Method
    >>> rules = Method.model_validate({"title": "t", "document": "d", "description": "d",
    ...     "criteria": {"low": {"category": "low_results", "ground": "results", "title": "t", "short": "t", "reference": "r",
    ...         "indicator": "pass_rate", "rule": "below", "threshold": 0.6, "assumptions": {"window": "не задано"}}},
    ...     "decisions": {"low_results": {"reference": "r"}}})
    >>> [factor.name for factor in factors_of_method(rules)]
    ['threshold:low', 'window', 'chance']
    """
    family = method.robustness
    found: list[Factor] = []
    if family.threshold:
        found += [Factor(f"threshold:{name}", "threshold") for name in varied_thresholds(method)]
    if any(len(set(at_least_options(method, category))) > 1 for category in method.decisions):
        found.append(Factor("at_least", "at_least"))
    for field in ENUMERATED:
        if any(len(options(method, criterion, field)) > 1 for criterion in method.criteria.values()):
            found.append(Factor(field, field))
    for stage in STAGES:
        if any(len(stage_options(method, index, stage)) > 1 for index in method.indices.values()):
            found.append(Factor(stage, stage))
    for name, index in method.indices.items():
        if family.weights and open_weights(index):
            found += [Factor(f"weight:{name}:{component}", "weights") for component in index.components]
    if family.chance:
        found.append(Factor("chance", "chance"))
    return tuple(found)


def varied_thresholds(method: Method) -> list[str]:
    """Criteria whose threshold is a number that can move; a cut within the region needs the region's schools and stays."""
    return [
        name
        for name, one in method.criteria.items()
        if "threshold" in rule_of(one).adjustable and getattr(one, "population", "") != "region"
    ]


def options(method: Method, criterion: Criterion, field: str) -> list:
    """The alternatives of a field of a criterion, the method's own among them; only its own where the document fixes it.

    The margin between percentage points and per cent makes sense for rates only, so ``kind`` is left alone elsewhere.
    """
    own = getattr(criterion, field, None)
    if field not in rule_of(criterion).adjustable or field not in criterion.assumptions:
        return [own]
    if field == "window" and criterion.indicator in method.indices:
        return [own]
    listed = getattr(method.robustness, field)
    return sorted({own, *listed}, key=[*listed, own].index) if listed else [own]


def at_least_options(method: Method, category: str) -> list[int]:
    """How many criteria may be enough for a category."""
    decision = method.decisions[category]
    if decision.when is not None or "at_least" not in decision.assumptions:
        return [decision.at_least]
    total = len(method.criteria_of(category))
    shifted = [min(max(decision.at_least + shift, 1), total) for shift in method.robustness.at_least]
    return shifted if decision.at_least in shifted else [*shifted, decision.at_least]


def stage_options(method: Method, index: Index, stage: str) -> list:
    """The ways an index may go through a stage, its own among them; only its own where the document fixes it.

    An alternative that differs from the index's own only in the scale it normalises to is the own one. A single component is
    combined with nothing.
    """
    own = getattr(index, stage)
    if stage not in index.assumptions or (stage == "aggregation" and len(index.components) == 1):
        return [own]
    listed = getattr(method.robustness, stage)
    if stage == "normalisation":
        return list({one.method: one for one in (*listed, own)}.values())
    return [*listed, *([] if own in listed else [own])]


def open_weights(index: Index) -> bool:
    """Whether the document leaves the weights of an index open and there is more than one of them."""
    return len(index.components) > 1 and bool({"aggregation", "weights", "components"} & set(index.assumptions))


def balanced_design(factors: Iterable[Factor], replications: int, seed: int) -> pd.DataFrame:
    """A scrambled Sobol design: a row a draw, a column a factor, values in [0, 1); a power of two of rows.

    Examples
    --------
    >>> balanced_design([Factor("chance", "chance")], 100, seed=1).shape
    (128, 1)
    """
    names = [factor.name for factor in factors]
    power = int(np.ceil(np.log2(replications)))
    if not names:
        return pd.DataFrame(index=range(2**power))
    points = qmc.Sobol(len(names), scramble=True, rng=np.random.default_rng(seed)).random_base2(power)
    return pd.DataFrame(points, columns=names)


def picked(design: pd.DataFrame, factor: str, choices: list, own: object) -> np.ndarray:
    """Number of the alternative that each draw picks; the method's own where the choice is not a factor of the design.

    Examples
    --------
    >>> picked(pd.DataFrame({"ties": [0.0, 0.49, 0.5]}), "ties", ["include", "exclude"], own="include").tolist()
    [0, 0, 1]
    """
    if factor not in design:
        return np.full(len(design), choices.index(own))
    return np.floor(design[factor].to_numpy() * len(choices)).astype(int)


def unmoved(method: Method) -> list[str]:
    """Criteria whose thresholds no draw moves, then categories whose rule under ``when`` no draw moves, by their short words."""
    moved = varied_thresholds(method)
    still = [one.short for name, one in method.criteria.items() if name not in moved]
    return still + [method.words(name).abbreviation for name, one in method.decisions.items() if one.when is not None]
