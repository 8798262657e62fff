"""Categories as data: a method declares them with their words and groups of conditions; unknown stays unknown in every group."""

import itertools

import numpy as np
import pytest

from shnor_lib.criteria.decisions import answers, identify, near_answers, rule_in_words
from shnor_lib.criteria.rules import IS_MET, IS_NOT_MET, IS_OPEN
from shnor_lib.inputs.dictionary import shipped_choices
from shnor_lib.params.methods import KNOWN_CATEGORIES, Method
from shnor_lib.params.reading import read_method
from shnor_lib.params.scenarios import Change, apply_changes, value_at
from shnor_lib.params.yaml_files import ParamsError, parse_yaml
from tests.criteria.test_identification import NAMES, verdicts
from tests.shipped import ROOT

MARKS = {"+": IS_MET, "-": IS_NOT_MET, "?": IS_OPEN}
RISK = {"abbreviation": "группа риска", "title": "Школы группы риска"}
HEAD = "title: т\ndocument: д\ndescription: о\ncriteria:\n"
ONE = (
    "  {name}: {{category: {category}, ground: results, title: т, short: т, indicator: distance_km, rule: below, threshold: 1, "
    "reference: р}}\n"
)


def method(**decisions: dict) -> Method:
    """A method of three criteria of low results and these decisions."""
    criterion = {"category": "low_results", "ground": "results", "short": "т", "indicator": "distance_km"}
    criterion |= {"rule": "below", "threshold": 1, "reference": "р"}
    return Method.model_validate(
        {
            "title": "т",
            "document": "д",
            "description": "о",
            "criteria": {name: criterion | {"title": name} for name in NAMES},
            "decisions": {name: {"reference": "р"} | one for name, one in decisions.items()},
        }
    )


def answer_of(rules: Method, *years: str, category: str = "low_results") -> str:
    """The answer of one school by its marks in each year, the year of the run first: ``+--``."""
    found = answers(rules, [np.array([[MARKS[mark] for mark in year]], dtype=np.int8) for year in years])[category]
    return {one: mark for mark, one in MARKS.items()}[int(found[0])]


GROUPS = {
    "any of one and (two and three)": ({"any": ["one", {"all": ["two", "three"]}]}, lambda a, b, c: a or (b and c)),
    "one and (two or three)": ({"all": ["one", {"any": ["two", "three"]}]}, lambda a, b, c: a and (b or c)),
    "two of three": ({"of": ["one", "two", "three"], "at_least": 2}, lambda a, b, c: a + b + c >= 2),
    "one and neither of the others": ({"all": ["one", {"none": ["two", "three"]}]}, lambda a, b, c: a and not (b or c)),
    "not both of one and two, and three": (
        {"all": [{"none": [{"all": ["one", "two"]}]}, "three"]},
        lambda a, b, c: not (a and b) and c,
    ),
}


@pytest.mark.parametrize("when, holds", GROUPS.values(), ids=GROUPS)
def test_a_group_is_unknown_exactly_where_the_unknown_could_turn_it_over(when, holds):
    rules = method(low_results={"when": when})
    for marks in itertools.product("+-?", repeat=3):
        known = itertools.product(*((mark == "+",) if mark != "?" else (True, False) for mark in marks))
        possible = {bool(holds(*one)) for one in known}
        expected = "?" if len(possible) == 2 else "+" if possible.pop() else "-"
        assert answer_of(rules, "".join(marks)) == expected, marks


@pytest.mark.parametrize("when, holds", GROUPS.values(), ids=GROUPS)
def test_a_school_is_near_where_its_near_verdicts_could_turn_the_answer_over(when, holds):
    rules = method(low_results={"when": when})
    for marks in itertools.product((IS_MET, IS_NOT_MET), repeat=3):
        for near in itertools.product((True, False), repeat=3):
            turned = itertools.product(
                *((True, False) if one else (mark == IS_MET,) for mark, one in zip(marks, near, strict=True))
            )
            expected = len({bool(holds(*one)) for one in turned}) == 2
            flags = [np.array([marks], dtype=np.int8)]
            assert near_answers(rules, flags, np.array([near]))["low_results"].tolist() == [expected]


def test_worse_verdicts_never_take_a_school_off_a_list_of_groups_without_none():
    for name in ("any of one and (two and three)", "one and (two or three)", "two of three"):
        rules, order = method(low_results={"when": GROUPS[name][0]}), "-?+"
        for marks in itertools.product(order, repeat=3):
            for place, mark in enumerate(marks):
                for worse in order[order.index(mark) :]:
                    after = answer_of(rules, "".join([*marks[:place], worse, *marks[place + 1 :]]))
                    assert order.index(after) >= order.index(answer_of(rules, "".join(marks)))


def test_a_group_may_hold_in_several_years():
    """Once by the first criterion, or two years running by the second."""
    when = {"any": ["one", {"all": ["two"], "years": 2, "years_identified": 2}, {"all": ["three", "two", "one"]}]}
    rules = method(low_results={"when": when})
    assert rules.years == 2
    assert answer_of(rules, "+--", "---") == "+"
    assert answer_of(rules, "-+-", "-+-") == "+"
    assert answer_of(rules, "-+-", "---") == "-"
    assert answer_of(rules, "-+-", "-?-") == "?"
    assert answer_of(rules, "-+-") == "?"  # the year before is not given
    assert answer_of(rules, "---") == "-"


def test_a_category_may_rest_on_another_one():
    """The risk group: not on the list, but one of the signs is there, or was on the list last year."""
    risk = RISK | {
        "when": {
            "all": [
                {"none": [{"category": "low_results"}]},
                {"any": ["one", {"any": [{"category": "low_results"}], "years": 2, "years_identified": 1}]},
            ]
        }
    }
    rules = method(low_results={"at_least": 2}, risk_group=risk)
    assert (rules.years_of("low_results"), rules.years_of("risk_group")) == (1, 2)
    assert rules.categories == ["low_results", "risk_group"]
    for now, before, expected in (
        ("++-", "---", "-"),
        ("+--", "---", "+"),
        ("-+-", "---", "-"),
        ("-+-", "-++", "+"),
        ("-+?", "---", "?"),
        ("--?", "-?-", "-"),
        ("--?", "+?-", "?"),
    ):
        assert answer_of(rules, now, before, category="risk_group") == expected, (now, before)


def test_reasons_say_what_is_asked():
    when = {"any": ["one", {"all": ["two", "three"]}]}
    rules = method(low_results={"when": when}, good=RISK | {"when": {"none": ["one", "two"]}})
    found = identify(rules, [verdicts(a="+--", b="-+-", c="-+?", d="---")]).set_index(["category", "school_id"])[
        "reason"
    ]
    assert found["low_results"].to_dict() == {
        "a": "есть признаки: one",
        "b": "признаки есть, но для категории их недостаточно: two; нужно хотя бы одно из: «one»; (все из: «two»; «three»)",
        "c": "есть признаки: two. не определено: нет three",
        "d": "ни одного из определённых признаков нет; нужно хотя бы одно из: «one»; (все из: «two»; «three»)",
    }
    assert found["good", "d"] == "выполнено условие: ни одного из: «one»; «two»"
    assert rule_in_words(
        method(low_results={"at_least": 2, "required": ["one"], "years": 3, "years_identified": 2}), "low_results"
    ) == ("не меньше 2 из 3 признаков, среди них «one» – 2 года из 3")


def test_a_category_that_lacks_years_says_so():
    rules = method(low_results={"when": {"any": ["one", "two", "three"], "years": 2, "years_identified": 2}})
    (row,) = identify(rules, [verdicts(a="+--")]).itertuples()
    assert (row.identified, row.cause, row.needs) == ("insufficient_data", "too_few", "1 < 2")
    assert row.reason == "есть признаки: one. не определено: прошлые годы"


def test_known_categories_are_called_as_the_input_calls_them():
    assert {name: one.abbreviation for name, one in KNOWN_CATEGORIES.items()} == shipped_choices("category")
    rules = method(low_results={"abbreviation": "ШНРО", "at_least": 3}, risk_group=RISK | {"when": {"any": NAMES}})
    assert rules.words("low_results").abbreviation == "ШНРО"
    assert rules.words("low_results").title == KNOWN_CATEGORIES["low_results"].title
    assert rules.words("risk_group").full_title == "Школы группы риска"


WRONG = {
    "an unknown key of a group": ("low_results: {reference: р, when: {al: [one]}}", 8, "неизвестный ключ.*«all»"),
    "an unknown key deeper": (
        "low_results: {reference: р, when: {any: [one, {at_lest: 1, of: [one]}]}}",
        8,
        "«at_least»",
    ),
    "no criterion of this name": (
        "low_results: {reference: р, when: {any: [one, tow]}}",
        8,
        "нет критерия «tow».*«two»",
    ),
    "no category of this name": (
        "low_results: {reference: р, when: {any: [one, two, {category: low}]}}",
        8,
        "нет категории «low»",
    ),
    "two words in one group": ("low_results: {reference: р, when: {any: [one], all: [two]}}", 8, "any"),
    "a count without its conditions": (
        "low_results: {reference: р, when: {any: [one, two], at_least: 1}}",
        8,
        "of и at_least",
    ),
    "more than there are": (
        "low_results: {reference: р, when: {of: [one, two], at_least: 3}}",
        8,
        "больше числа условий",
    ),
    "both rules": ("low_results: {reference: р, at_least: 2, when: {any: [one, two]}}", 8, "when стоит вместо"),
    "a criterion that decides nothing": (
        "low_results: {reference: р, when: {any: [one]}}",
        8,
        "«two» ничего не решает",
    ),
    "a circle": (
        (
            "low_results: {reference: р, when: {any: [one, two, {category: good}]}}\n"
            "  good: {reference: р, abbreviation: х, title: х, when: {none: [{category: low_results}]}}"
        ),
        8,
        "кольцо: low_results → good → low_results",
    ),
    "a category without words": (
        "low_results: {reference: р}\n  risk: {reference: р, when: {any: [one]}}",
        9,
        "нет названия",
    ),
    "a category without a rule": (
        "low_results: {reference: р}\n  risk: {reference: р, abbreviation: х, title: х}",
        9,
        "нет ни критериев, ни when",
    ),
    "a criterion without a category": (
        "low_result: {reference: р, abbreviation: х, title: х, when: {any: [one, two]}}",
        5,
        "«low_result»",
    ),
    "more years than there are": ("low_results: {reference: р, years: 2, years_identified: 3}", 8, "больше years"),
    "more years of a group": (
        "low_results: {reference: р, when: {any: [one, two], years_identified: 2}}",
        8,
        "больше years",
    ),
    "an empty group": ("low_results: {reference: р, when: {any: []}}", 8, "any"),
}


@pytest.mark.parametrize("decisions, line, said", WRONG.values(), ids=WRONG)
def test_a_wrong_decision_is_refused_with_its_line(decisions, line, said):
    criteria = "".join(ONE.format(name=name, category="low_results") for name in NAMES[:2])
    text = HEAD + criteria + "decisions:\n  " + decisions + "\n"
    with pytest.raises(ParamsError, match=said) as caught:
        parse_yaml(text.encode(), Method, "m.yml")
    assert str(caught.value).startswith(f"m.yml:{line}: "), str(caught.value)


@pytest.mark.parametrize(
    "path, value, found",
    [
        (
            "criteria.low_achievement.thresholds.9",
            61.0,
            lambda rules: rules.criteria["low_achievement"].thresholds["9"],
        ),
        ("scales.letters.grades.C", 71.0, lambda rules: rules.criteria["low_overall"].cuts.grades["C"]),
        (
            "indices.overall.components.better.round_to",
            1,
            lambda rules: rules.indices["overall"].components["better"].round_to,
        ),
    ],
)
def test_a_scenario_reaches_thresholds_of_schools_and_scales(path, value, found):
    rules = read_method(ROOT / "tests" / "foreign_rule", "like-texas")
    changed = apply_changes(rules, (Change(path=path, value=value),), "s")
    assert value_at(changed, path) == value == found(changed) and found(rules) != value


def test_a_scenario_reaches_a_kind_of_school_and_a_year():
    rules = read_method(ROOT / "tests" / "foreign_rule", "every-word")
    changes = [
        Change(path="criteria.own_kind.thresholds.СОШ", value=0.6),
        Change(path="criteria.same_procedure.parts_from.2021", value=["VPR/maths/5"]),
    ]
    changed = apply_changes(rules, tuple(changes), "s")
    assert changed.criteria["own_kind"].thresholds == {"СОШ": 0.6, "ООШ": 0.4}
    assert changed.criteria["same_procedure"].parts_of(2022) == ("VPR/maths/5",)


def test_a_scenario_reaches_into_a_group():
    rules = method(low_results={"when": {"of": NAMES, "at_least": 2}})
    changed = apply_changes(rules, (Change(path="decisions.low_results.when.at_least", value=3),), "s")
    assert (answer_of(rules, "++-"), answer_of(changed, "++-")) == ("+", "-")
