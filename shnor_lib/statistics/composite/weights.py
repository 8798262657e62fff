"""Weights of the children of a node, and what they amount to in the whole index."""

import warnings

import numpy as np
import pandas as pd

from shnor_lib.params.errors import CompositeError, CompositeWarning
from shnor_lib.params.recipe import IndexRecipe


def pca_loadings(children: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Loadings of the first principal component and the share of variance of every component.

    Components of the correlation matrix over units with all children known. A component has no sign of its own: it is
    turned so that the loadings sum to a positive number.

    Examples
    --------
    >>> children = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [2.0, 4.0, 6.0, 9.0]})
    >>> loadings, explained = pca_loadings(children)
    >>> loadings.round(3).tolist(), explained.round(3).tolist()
    ([0.707, 0.707], [0.997, 0.003])
    """
    complete = children.dropna()
    if len(complete) < 3:
        raise CompositeError(f"для главных компонент нужны хотя бы 3 полные строки, а их {len(complete)}")
    constant = complete.columns[complete.nunique() == 1]
    if len(constant):
        raise CompositeError("показатель постоянный, корреляции не определены; уберите его", constant[0])
    values, vectors = np.linalg.eigh(
        np.corrcoef(complete.to_numpy(float), rowvar=False).reshape((children.shape[1],) * 2)
    )
    first = vectors[:, -1] * (1.0 if vectors[:, -1].sum() >= 0 else -1.0)
    share = values[::-1] / values.sum()
    return pd.Series(first, index=children.columns), pd.Series(share, index=range(1, len(share) + 1))


def weights_pca(children: pd.DataFrame) -> pd.Series:
    """Weights from the first principal component, summing to 1. Always warns: they measure overlap, not importance.

    A negative loading (a child that goes against the others) is refused by name: such a child needs another direction
    or another place, not a negative weight.

    Source: OECD/JRC Handbook (2008), step 6; its caution on reading such weights as importance.
    """
    loadings, explained = pca_loadings(children)
    if (loadings < 0).any():
        raise CompositeError(
            f"первая компонента даёт отрицательную нагрузку {loadings.min():.3f}: показатель идёт против остальных; "
            "проверьте direction или вынесите его из узла",
            str(loadings.idxmin()),
        )
    warnings.warn(
        f"веса по первой главной компоненте (объясняет {explained.iloc[0]:.0%} разброса) отражают связь показателей "
        "между собой, а не их важность, и меняются вместе с данными",
        CompositeWarning,
        stacklevel=2,
    )
    return loadings / loadings.sum()


def effective_weights(recipe: IndexRecipe, weights: dict[str, float] | None = None) -> pd.Series:
    """The share of every node in its root: the product of its shares down the tree. Indicators of one root sum to 1.

    ``weights`` replace the recipe's own, for instance where the computation found them (PCA) or dropped a node (0).

    Examples
    --------
    >>> recipe = IndexRecipe(
    ...     indicators=[{"id": "a", "parent": "x", "weight": 3}, {"id": "b", "parent": "x"}, {"id": "c", "parent": "y"}],
    ...     aggregates=[{"id": "x", "parent": "index"}, {"id": "y", "parent": "index"}, {"id": "index"}],
    ...     minimum_available=1.0,
    ... )
    >>> effective_weights(recipe).to_dict()
    {'index': 1.0, 'x': 0.5, 'y': 0.5, 'a': 0.375, 'b': 0.125, 'c': 0.5}
    """
    weights = declared_weights(recipe) | (weights or {})
    shares = {node.id: 1.0 for node in recipe.aggregates if node.parent is None}
    for aggregate in recipe.top_down:
        children = recipe.children(aggregate.id)
        total = sum(weights[child] for child in children)
        if total == 0:
            raise CompositeError("сумма весов равна нулю; задайте хотя бы один положительный вес", aggregate.id)
        for child in children:
            shares[child] = shares[aggregate.id] * weights[child] / total
    order = [node.id for node in recipe.top_down] + list(recipe.indicator_ids)
    return pd.Series(shares, dtype=float).reindex(order)


def declared_weights(recipe: IndexRecipe) -> dict[str, float]:
    """The weight of every node inside its parent as the recipe states it (equal where the parent says so)."""
    weighting = {node.id: node.weighting for node in recipe.aggregates}
    return {
        node.id: 1.0 if weighting.get(node.parent) == "equal" else node.weight
        for node in (*recipe.indicators, *recipe.aggregates)
    }
