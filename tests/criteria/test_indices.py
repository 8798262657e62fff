"""The indices of a method: whose value stands beside whose, and the quick way equal to the explained one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from shnor_lib.criteria.indices import component_values, compute_indices, is_plain
from shnor_lib.indicators import Store
from shnor_lib.params.errors import ALL_CONSTANT, CompositeError
from shnor_lib.params.methods import Index, Method
from shnor_lib.params.yaml_files import in_words
from shnor_lib.statistics.composite.index import composite_index

COMPONENTS = {
    "men": {"indicator": "teachers_men_rate", "direction": -1, "weight": 3},
    "raised": {"indicator": "teachers_raised_category_rate", "direction": 1, "weight": 1},
    "off_profile": {"indicator": "teachers_off_profile_rate", "direction": -1, "weight": 2},
}
SCHOOLS = {"north": 5, "south": 3, "alone": 1, "equal": 2}


def method(**index: object) -> Method:
    described = {name: one | {"short": name, "reference": "проверочный показатель"} for name, one in COMPONENTS.items()}
    staff = Index(title="Проверочный индекс", reference="проверка", components=described, **index)
    return Method.model_construct(indices={"staff_index": staff}, criteria={}, decisions={})


@pytest.fixture
def evidence() -> tuple[pd.DataFrame, Store]:
    """Schools of four municipalities and their rates; every seventh is missing, those of ``equal`` are all alike."""
    random = np.random.default_rng(1)
    schools = pd.DataFrame(
        [(municipality, f"{n}") for municipality, size in SCHOOLS.items() for n in range(size)],
        columns=["municipality", "school_id"],
    )
    rows = schools.merge(pd.DataFrame({"indicator": [one["indicator"] for one in COMPONENTS.values()]}), how="cross")
    value = random.random(len(rows)).round(3)
    value[::7] = np.nan
    value[rows["municipality"].eq("equal")] = 0.5
    rows = rows.assign(
        level="school", group="", year=2021, value=value, numerator=value * 20, denominator=20.0, note=""
    )
    return schools, Store.of_long(rows)


def test_every_normalised_value_stands_beside_its_own_value(evidence):
    """With min–max inside a municipality the lowest value of a component is 0 or 100 by its direction."""
    components = compute_indices(method(), *evidence, [2021]).components
    north = components[components["municipality"].eq("north")].dropna(subset=["value"])
    for name, own in north.groupby("component"):
        share = (own["value"] - own["value"].min()) / (own["value"].max() - own["value"].min())
        expected = 100 * share if COMPONENTS[name]["direction"] == 1 else 100 * (1 - share)
        assert own["normalised"].tolist() == pytest.approx(expected.tolist())


@pytest.mark.parametrize(
    "normalisation",
    [
        {"method": "minmax", "low": 1, "high": 10},
        {"method": "zscore"},
        {"method": "percentile_rank"},
        {"method": "goalposts", "low": 0, "high": 1},
    ],
    ids=lambda one: one["method"],
)
def test_quick_scores_are_those_of_compose_to_the_last_bit(evidence, normalisation):
    rules = method(normalisation=normalisation, minimum_available=0.6)
    index = rules.indices["staff_index"]
    assert is_plain(index.recipe("staff_index"))
    computed = compute_indices(rules, *evidence, [2021])
    for municipality in ("north", "south"):
        schools, store = evidence
        values = component_values(index, store.places_of(schools), store, 2021)
        wide = pd.DataFrame(values, index=schools["school_id"], columns=list(index.components))
        wide = wide[schools["municipality"].eq(municipality).to_numpy()]
        composed = composite_index(wide, index.recipe("staff_index"))
        scores = computed.rows[computed.rows["municipality"].eq(municipality)].set_index("school_id")["value"]
        assert scores.equals(composed.scores["staff_index"].rename("value"))
        own = computed.components[computed.components["municipality"].eq(municipality)]
        normalised = own.pivot(index="school_id", columns="component", values="normalised")
        pd.testing.assert_frame_equal(normalised[list(wide)], composed.normalised, check_exact=True, check_names=False)
        weights = own.drop_duplicates("component").set_index("component")["weight"]
        assert weights.to_dict() == composed.steps.effective_weights[list(wide)].to_dict()


def test_a_municipality_does_not_depend_on_its_neighbours(evidence):
    schools, rows = evidence
    together = compute_indices(method(), schools, rows, [2021])
    for municipality in SCHOOLS:
        alone = compute_indices(
            method(),
            schools[schools["municipality"].eq(municipality)],
            rows.of_office(municipality),
            [2021],
        )
        for frame, own in ((together.rows, alone.rows), (together.components, alone.components)):
            chosen = frame[frame["municipality"].eq(municipality)].reset_index(drop=True)
            pd.testing.assert_frame_equal(chosen, own, check_exact=True)


def test_schools_that_cannot_be_compared_are_told_why(evidence):
    rows = compute_indices(method(), *evidence, [2021]).rows
    equal = rows[rows["municipality"].eq("equal")]
    assert equal["value"].isna().all() and equal["note"].str.contains("сравнивать нечего").all()
    alike = pd.DataFrame(0.5, index=["1", "2"], columns=list(COMPONENTS))
    with pytest.raises(CompositeError) as refused:
        composite_index(alike, method().indices["staff_index"].recipe("staff_index"))
    assert set(equal["note"]) == {f"есть составляющих: 3 из 3; {refused.value.reason}"}


def test_index_over_the_region_compares_all_municipalities(evidence):
    scores = compute_indices(method(population="region"), *evidence, [2021]).rows
    assert scores.loc[scores["municipality"].eq("equal"), "value"].nunique() == 1


def test_outliers_and_levels_are_left_to_compose():
    assert not is_plain(method(treatment={}).indices["staff_index"].recipe("index"))
    assert not is_plain(method(aggregation={"method": "geometric"}).indices["staff_index"].recipe("index"))


def made(**indices: dict) -> Method:
    """A method of indices on indicators of their own names, and one criterion that looks at the first."""
    described = {
        name: {"title": name, "reference": "р", "normalisation": {"method": "scaled", "low": 0, "high": 100}}
        | index
        | {
            "components": {
                part: {"indicator": part, "direction": 1, "short": part, "reference": "р"} | one
                for part, one in index["components"].items()
            }
        }
        for name, index in indices.items()
    }
    criterion = {"category": "low_results", "ground": "results", "title": "т", "short": "т", "reference": "р"}
    return Method.model_validate(
        {"title": "т", "document": "д", "description": "о", "indices": described}
        | {"criteria": {"low": criterion | {"indicator": next(iter(indices)), "rule": "below", "threshold": 50}}}
        | {"decisions": {"low_results": {"reference": "р"}}}
    )


def scored(rules: Method, columns: dict[str, dict[str, float | None]], index: str = "whole") -> pd.DataFrame:
    """Rows of an index by school, from columns of schools, all of one municipality."""
    long = pd.DataFrame(
        [
            {"municipality": "m", "level": "school", "group": "", "school_id": school, "year": 2021, "indicator": name}
            | {"value": value, "numerator": np.nan, "denominator": np.nan, "note": ""}
            for name, column in columns.items()
            for school, value in column.items()
        ]
    ).astype({"value": float})
    schools = long[["municipality", "school_id"]].drop_duplicates(ignore_index=True)
    found = compute_indices(rules, schools, Store.of_long(long), [2021]).rows
    return found[found["indicator"].eq(index)].set_index("school_id")


def scores(rules: Method, columns: dict[str, dict[str, float | None]]) -> dict[str, float]:
    """Scores of the index ``whole``."""
    return scored(rules, columns)["value"].round(6).to_dict()


PUPILS = {
    "lower": {"A": 300, "B": 100, "C": 0, "D": None, "E": -5},
    "upper": {"A": 100, "B": 100, "C": 50, "D": 9, "E": 9},
}
RESULTS = {
    "young": {"A": 40, "B": 40, "C": None, "D": 40, "E": 40},
    "old": {"A": 80, "B": None, "C": 70, "D": 70, "E": 70},
}
BY_PUPILS = {
    "components": {"young": {"weight_from": "lower"}, "old": {"weight_from": "upper"}},
    "minimum_available": 1.0,
}


def test_weights_may_come_from_a_column():
    """A part that weighs nothing is not asked of a school; one of unknown weight leaves the index unknown."""
    found = scores(made(whole=BY_PUPILS), RESULTS | PUPILS)
    assert found["A"] == 50  # (300·40 + 100·80) / 400
    assert found["C"] == 70  # no pupils of the lower part
    assert np.isnan(
        [found["B"], found["D"], found["E"]]
    ).all()  # a result, a weight is not known, a weight cannot be negative
    loose = scores(made(whole=BY_PUPILS | {"minimum_available": 0.5}), RESULTS | PUPILS)
    assert loose["B"] == 40 and np.isnan(loose["D"])


def test_a_weight_of_the_method_multiplies_the_column():
    twice = {"components": {"young": {"weight_from": "lower"}, "old": {"weight_from": "upper", "weight": 3}}}
    assert scores(made(whole=twice), RESULTS | PUPILS)["A"] == 60  # (300·40 + 300·80) / 600


def test_why_an_index_of_unknown_weight_is_unknown():
    rows = scored(made(whole=BY_PUPILS), RESULTS | PUPILS)
    assert rows["cause"].to_dict() == {
        "A": "",
        "B": "not_delivered",
        "C": "",
        "D": "not_delivered",
        "E": "not_delivered",
    }
    assert rows["needs"]["D"] == "young; lower"


def test_an_index_may_be_made_of_the_better_of_two_others_wherever_it_stands_in_the_file():
    rules = made(
        whole={
            "components": {
                "better": {
                    "indicator": "level_index",
                    "also": ["growth_index"],
                    "pooling": "maximum",
                    "weight": 0.7,
                    "round_to": 0,
                },
                "gaps": {"weight": 0.3},
            },
            "minimum_available": 1.0,
        },
        level_index={"components": {"a": {}, "b": {}}, "minimum_available": 1.0},
        growth_index={"components": {"c": {}}},
    )
    columns = {"a": {"A": 40, "B": 40}, "b": {"A": 61, "B": None}, "c": {"A": 30, "B": 90}, "gaps": {"A": 10, "B": 10}}
    found = scores(rules, columns)
    assert found["A"] == round(0.7 * 51 + 0.3 * 10, 6)  # 50.5 rounds to 51
    assert np.isnan(found["B"])  # the other one might be higher than 90
    assert rules.ordered_indices == ["level_index", "growth_index", "whole"]
    assert rules.components_of("whole") == ("a", "b", "c", "gaps") and rules.made_of(["growth_index"]) == {
        "growth_index",
        "whole",
    }


@pytest.mark.parametrize(
    "index, said",
    [
        (BY_PUPILS | {"aggregation": {"method": "geometric"}}, "weight_from бывает"),
        (BY_PUPILS | {"aggregates": [{"id": "x"}]}, "weight_from бывает"),
        ({"components": {"a": {"also": ["b"]}}}, "нужно pooling"),
    ],
)
def test_an_index_that_cannot_be_is_refused(index, said):
    with pytest.raises(ValueError, match=said):
        made(whole=index)


def test_indices_made_of_each_other_are_refused():
    with pytest.raises(ValueError, match="кольцо: whole → other → whole"):
        made(whole={"components": {"other": {}}}, other={"components": {"whole": {}}})


@pytest.mark.parametrize(
    ("index", "said"),
    [
        ({"normalisation": {"method": "minmax"}, "aggregation": {"method": "geometric"}}, "a: geometric не определено"),
        ({"normalisation": {"method": "borda"}, "aggregation": {"method": "harmonic"}}, "borda даёт ей не больше 0"),
        (
            {"normalisation": {"method": "zscore"}, "aggregation": {"method": "power", "exponent": 2}},
            "нормируйте к диапазону выше нуля",
        ),
        (
            {"normalisation": {"method": "goalposts"}},
            "a: методу goalposts нужно поле goalposts у показателя или low и high",
        ),
        ({"components": {"a": {"parent": "nowhere"}}}, "a: родителя «nowhere» нет среди агрегатов"),
    ],
)
def test_an_index_that_no_data_could_make_is_refused_when_the_method_is_read(index, said):
    with pytest.raises(ValueError, match=said) as refused:
        made(whole={"components": {"a": {}, "b": {}}} | index)
    assert "indices.whole" in in_words(refused.value.errors()[0], Method)


@pytest.mark.parametrize(
    "normalisation", [{"method": "minmax", "low": 1}, {"method": "rank"}, {"method": "zscore", "mean": 50, "sd": 10}]
)
def test_a_geometric_mean_above_zero_is_taken(normalisation):
    index = {"components": {"a": {}}, "normalisation": normalisation, "aggregation": {"method": "geometric"}}
    assert scored(made(whole=index), {"a": {"A": 1, "B": 2, "C": 4}})["value"].is_monotonic_increasing


ALIKE = {"A": 7, "B": 7, "C": 7}


@pytest.mark.parametrize("aggregation", ["arithmetic", "copeland"])
def test_schools_alike_in_all_that_was_delivered_are_told_so_though_something_was_not(aggregation):
    """Two of three components are delivered, the same in every school: nothing is lacking that the rule would need."""
    parts = {"components": {"a": {}, "b": {}, "c": {}}, "normalisation": {"method": "minmax"}, "minimum_available": 0.6}
    rules = made(whole=parts | {"aggregation": {"method": aggregation}})
    rows = scored(rules, {"a": ALIKE, "b": ALIKE, "c": dict.fromkeys(ALIKE)})
    assert rows["cause"].eq("not_distinguished").all() and rows["needs"].eq("").all()
    assert rows["note"].eq(f"есть составляющих: 2 из 3; {ALL_CONSTANT}").all()


def test_a_school_that_lacks_what_the_others_differ_by_is_told_what_it_lacks():
    """Of ``a``, the same everywhere, ``b`` and ``c``: a school with one of the two has less than 60 % of what tells apart."""
    parts = {"components": {"a": {}, "b": {}, "c": {}}, "normalisation": {"method": "minmax"}, "minimum_available": 0.6}
    columns = {"a": ALIKE, "b": {"A": 1, "B": 2, "C": 3}, "c": {"A": 1, "B": 2, "C": None}}
    rows = scored(made(whole=parts), columns)
    assert (rows["cause"]["C"], rows["needs"]["C"]) == ("not_delivered", "c") and rows["value"].notna()[
        ["A", "B"]
    ].all()


def test_values_that_the_rule_cannot_combine_are_told_with_the_school_and_are_not_called_missing():
    """Goalposts cut the value of B to 0, which a geometric mean does not take; a third component was not delivered."""
    index = {
        "components": {"a": {}, "b": {}, "c": {}},
        "aggregation": {"method": "geometric"},
        "minimum_available": 0.6,
    }
    posts = {"normalisation": {"method": "goalposts", "low": 10, "high": 20}}
    columns = {"a": {"A": 15, "B": 9}, "b": {"A": 12, "B": 12}, "c": {"A": None, "B": None}}
    rows = scored(made(whole=index | posts), columns)
    assert rows["cause"].eq("not_comparable").all()
    assert rows["note"]["A"].startswith(
        "есть составляющих: 2 из 3; среднее геометрическое не определено: значение 0 у «B» в «a»"
    )


def test_a_reference_school_is_known_by_its_code():
    index = {"components": {"a": {}}, "normalisation": {"method": "distance_to_reference", "reference": "B"}}
    assert scores(made(whole=index), {"a": {"A": 0, "B": 10, "C": 20}}) == {"A": 0, "B": 1, "C": 2}
