"""Law 6: a changed parameter cannot leave an old number in a heading, and a heading cannot hold a number of its own."""

from pathlib import Path

import pytest

from shnor_lib.params.methods import Method
from shnor_lib.params.profiles import Profile
from shnor_lib.params.reading import method_names, read_method
from shnor_lib.params.scenarios import Change, apply_changes
from shnor_lib.params.titles import TitleError, check_title, filled
from tests.params.test_yaml_files import METHOD, PROFILE, refused

ROOT = Path(__file__).parents[2]
PRINTED = {
    "lowest_results": "25 % школ с самыми низкими результатами ЕГЭ, ОГЭ и ВПР за 3 года",
    "low_continuation": "Менее 60 % учащихся продолжили обучение на старшей ступени",
    "score_gap_region": "Средний балл ниже регионального более чем на 20 баллов",
    "low_olympiad_participation": (
        "Не более 0,5 % учащихся участвовали в региональных и всероссийских олимпиадах и конкурсах за 3 года"
    ),
    "low_procedures": "Не менее 30 % участников ниже минимума в двух и более процедурах",
}
TARGET = """targets:
  failing:
    title: TITLE
    indicator: below_minimum_rate
    goal: at_most
    value: 0.1
    year: 2023
    reference: раздел 1
"""


@pytest.mark.parametrize("name", method_names(ROOT))
def test_shipped_titles_are_as_the_documents_print_them(name):
    criteria = read_method(ROOT, name).criteria
    assert {one: criteria[one].title for one in PRINTED if one in criteria} == {
        one: title for one, title in PRINTED.items() if one in criteria
    }


@pytest.mark.parametrize("name", method_names(ROOT))
def test_a_changed_threshold_changes_every_heading_that_says_it(name):
    method = read_method(ROOT, name)
    changes = tuple(Change(path=f"criteria.{one}.threshold", value=0.41) for one in method.criteria)
    changed = apply_changes(method, changes, "s")
    for one, criterion in changed.criteria.items():
        assert criterion.title != method.criteria[one].title and "41" in criterion.title.replace("0,41", "41")
    assert (
        changed.criteria.get("lowest_results", None) is None
        or changed.criteria["lowest_results"].short == "Низшая доля 41 %"
    )


def test_window_and_description_follow_too():
    assert "за 1 год" in titled("lesosibirsk-2020", "lowest_results", "window", 1).title
    fioko = apply_changes(
        read_method(ROOT, "fioko-2021"),
        (
            Change(path="criteria.low_procedures.threshold", value=0.25),
            Change(path="criteria.low_procedures.repeated", value=3),
        ),
        "s",
    )
    assert fioko.description.startswith("Не менее 25 % ") and fioko.description.endswith("в одной процедуре три года")


def titled(method: str, criterion: str, parameter: str, value: float):
    change = Change(path=f"criteria.{criterion}.{parameter}", value=value)
    return apply_changes(read_method(ROOT, method), (change,), "s").criteria[criterion]


def test_a_method_kept_as_json_still_follows():
    kept = Method.model_validate_json(read_method(ROOT, "lesosibirsk-2020").model_dump_json())
    changed = apply_changes(kept, (Change(path="criteria.low_continuation.threshold", value=0.3),), "s")
    assert changed.criteria["low_continuation"].title == "Менее 30 % учащихся продолжили обучение на старшей ступени"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Менее 60 % продолжили", "x.yml:8: «criteria.few_continue.title»: число «60 %» повторяет threshold"),
        ("Менее 60 % продолжили", "{threshold:%}"),
        ("Менее 30 % продолжили", "«30 %» не равно ни одному параметру"),
        ("Мало продолживших за 1 год", "{window:год|года|лет}"),
        ("Мало продолживших за 5 лет", "«5 лет» не равно ни одному параметру"),
        ('"Менее {treshold:%}"', "«treshold»"),
        ('"Менее {threshold:проц}"', "три формы слова"),
        ('"Менее {threshold"', "фигурные скобки"),
    ],
)
def test_a_number_that_does_not_follow_is_refused_with_the_slot(title, said):
    assert said in refused(METHOD.replace("title: Мало продолживших", f"title: {title}"), Method)


@pytest.mark.parametrize("title", ["Продолжили обучение в 10 классе", "Данные 2020 года", "Школы по приказу № 7"])
def test_numbers_that_are_no_parameter_may_stand(title):
    check_title("title", title, {"threshold": 0.6, "window": 1, "minimum_participants": 10})


def test_points_that_repeat_the_threshold_are_refused():
    with pytest.raises(TitleError, match="повторяет threshold"):
        check_title("title", "Ниже на 20 баллов", {"threshold": 20.0})


def test_the_goal_in_the_title_of_a_target_is_a_slot():
    assert "{value:%}" in refused(PROFILE + TARGET.replace("TITLE", "Не более 10 % неуспешных"))
    profile = Profile.model_validate(
        {"title": "О", "region": "О", "document": "П", "method": "m", "years": [2021]}
        | {
            "targets": {
                "failing": {
                    "title": "Не более {value:%} неуспешных к {year} году, до 35 лет",
                    "indicator": "below_minimum_rate",
                    "goal": "at_most",
                    "value": 0.05,
                    "year": 2023,
                    "reference": "р",
                }
            }
        }
    )
    assert profile.targets["failing"].title == "Не более 5 % неуспешных к 2023 году, до 35 лет"


@pytest.mark.parametrize(
    ("template", "value", "said"),
    [
        ("{x}", 20, "20"),
        ("{x}", 0.5, "0,5"),
        ("{x:%}", 0.005, "0,5 %"),
        ("{x:%}", 1, "100 %"),
        ("{x:балл|балла|баллов}", 21.0, "21 балл"),
        ("{x:балл|балла|баллов}", 1.5, "1,5 балла"),
        ("{x:word год|года|лет}", 2, "два года"),
        ("{x:word год|года|лет}", 7, "7 лет"),
        ("{x:of}", 3, "трёх"),
        ("{x:part}", 0.5, "половина"),
    ],
)
def test_how_a_slot_is_said(template, value, said):
    assert filled(template, {"x": value}) == said


def test_a_share_of_schools_is_a_sign_that_a_school_has_or_has_not():
    criteria = read_method(ROOT, "lesosibirsk-2020").criteria
    assert criteria["lowest_staff_potential"].sign == "Среди 25 % школ с самым низким индексом кадрового потенциала"
    assert criteria["low_satisfaction"].sign == criteria["low_satisfaction"].title
    own_words = criteria["lowest_results"].model_copy(update={"title_template": "Слабейшая {threshold:part}"})
    assert own_words.sign == "Слабейшая четверть"


@pytest.mark.parametrize("name", method_names(ROOT / "params"))
def test_shipped_methods_do_not_judge_results_by_one_procedure_of_many(name):
    for criterion_name, criterion in read_method(ROOT / "params", name).criteria.items():
        if criterion.indicator in ("mean_percent", "below_minimum_rate") and len(criterion.parts) > 1:
            assert criterion.minimum_coverage >= 0.5, criterion_name
