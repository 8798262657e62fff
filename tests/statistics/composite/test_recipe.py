"""A recipe is plain checked data: unknown words and unsound trees are refused with the node named."""

import pytest
from pydantic import ValidationError

from shnor_lib.params.errors import CompositeError
from shnor_lib.params.recipe import IndexRecipe


def fields(**changes):
    base = {
        "indicators": [{"id": "quality", "parent": "index"}, {"id": "failing", "parent": "index", "direction": -1}],
        "aggregates": [{"id": "index"}],
        "minimum_available": 0.5,
    }
    return {**base, **changes}


def test_the_missing_rule_has_no_default():
    without = fields()
    del without["minimum_available"]
    with pytest.raises(ValidationError, match="minimum_available"):
        IndexRecipe(**without)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"normalization": {"method": "minmax"}}, "normalization"),
        ({"normalisation": {"method": "minmax", "mean": 3}}, "mean"),
        ({"normalisation": {"method": "min_max"}}, "min_max"),
        ({"normalisation": {"method": "minmax", "low": 5, "high": 1}}, "нижняя граница 5"),
        ({"aggregation": {"method": "power", "exponent": 0}}, "method: geometric"),
        ({"indicators": [{"id": "a", "parent": "index", "direction": 2}]}, "direction"),
        ({"indicators": [{"id": "a", "parent": "index", "weight": -1}]}, "weight"),
        (
            {"indicators": [{"id": "a", "parent": "indeks"}]},
            "a: родителя «indeks» нет среди агрегатов; возможно, имелось в виду «index»",
        ),
        ({"indicators": [{"id": "a", "parent": "index"}] * 2}, "a: узел описан дважды"),
        ({"indicators": [{"id": "a", "parent": "index", "goalposts": [1, 1]}]}, "a: goalposts: нижняя граница 1"),
        ({"aggregates": [{"id": "index"}, {"id": "empty", "parent": "index"}]}, "empty: у агрегата нет ни одного"),
        (
            {"aggregates": [{"id": "index", "parent": "top"}, {"id": "top", "parent": "index"}]},
            "index: узлы замкнуты в кольцо: index → top → index",
        ),
        ({"stages": ["screen", "screen"]}, "этап повторён"),
        ({"stages": ["screen"], "treatment": {}}, "этап treat описан, но его нет в stages"),
    ],
)
def test_unsound_recipes_are_refused(changes, message):
    with pytest.raises(ValidationError, match=message):
        IndexRecipe(**fields(**changes))


def test_a_recipe_is_frozen():
    with pytest.raises(ValidationError):
        IndexRecipe(**fields()).minimum_available = 0.0


def test_goalposts_must_be_described():
    recipe = IndexRecipe(**fields(normalisation={"method": "goalposts"}))
    with pytest.raises(CompositeError, match="quality: методу goalposts нужно поле goalposts"):
        recipe.normalisation_of(recipe.node("quality"))


def test_an_unknown_node_is_refused_with_the_nearest_one():
    with pytest.raises(CompositeError, match="узла «qualty» нет в рецепте; возможно, имелось в виду «quality»"):
        IndexRecipe(**fields()).node("qualty")
