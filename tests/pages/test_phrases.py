"""Sentences by rule: each is said when it should be, in right Russian, and can be proved."""

import pytest

from shnor_lib.pages.phrases import DECISIONS, FACTS, HEADLINES, decisions, headlines
from tests.reports.sample import facts

ALL = (*HEADLINES, *DECISIONS)


def said(found) -> list[str]:
    return [headline.text.replace("\u00a0", " ") for headline in found]


def test_three_schools_of_fourteen():
    assert said(headlines(facts(), "50_identification"))[:3] == [
        "Низкие образовательные результаты имеют 3 школы из 14 (21 %); годом раньше было 2 школы.",
        "В неблагоприятных условиях работают 3 школы из 14 (21 %).",
        "Из 3 школ с низкими результатами в неблагоприятных условиях работают 2 школы.",
    ]


@pytest.mark.parametrize(
    "count, expected",
    [
        (1, "имеет 1 школа из 200 (1 %)"),
        (2, "имеют 2 школы из 200 (1 %)"),
        (5, "имеют 5 школ из 200 (3 %)"),
        (11, "имеют 11 школ из 200 (6 %)"),
        (21, "имеет 21 школа из 200 (11 %)"),
        (22, "имеют 22 школы из 200 (11 %)"),
        (111, "имеют 111 школ из 200 (56 %)"),
    ],
)
def test_words_agree_with_the_number_of_schools(count, expected):
    found = headlines(
        {"schools_total": 200, "low_results_count": count, "low_results_share": count / 200}, "00_overview"
    )
    assert expected in said(found)[0]


def test_nobody_found_is_said_and_differs_from_nobody_known():
    none = {"schools_total": 7, "low_results_count": 0, "low_results_share": 0.0, "low_results_insufficient_count": 0}
    assert said(headlines(none, "00_overview")) == ["Ни одна из 7 школ не отнесена к школам с низкими результатами."]
    unknown = {**none, "low_results_insufficient_count": 7}
    assert said(headlines(unknown, "00_overview")) == [
        "О результатах 7 школ из 7 вывод сделать нельзя: данных недостаточно. Это не значит, что трудностей там нет."
    ]
    partly = {**none, "low_results_insufficient_count": 2}
    assert said(headlines(partly, "00_overview"))[0] == (
        "Среди школ, о которых данных достаточно, школ с низкими результатами нет; оценены 5 из 7."
    )


def test_a_missing_fact_silences_its_sentences():
    found = headlines({"schools_total": 7, "low_results_count": None, "low_results_share": float("nan")}, "00_overview")
    assert said(found) == ["В представленных данных правила не нашли ничего существенного."]


def test_at_most_six_headlines_by_importance():
    everything = facts() | {
        "targets_total": 9,
        "targets_fulfilled": 2,
        "targets_off_track": 1,
        "targets_no_data": 4,
        "measures_total": 30,
        "measures_done": 21,
        "measures_overdue": 2,
        "measures_reported": 30,
        "changes_tested": 40,
        "changes_falls": 2,
        "changes_rises": 1,
        "changes_broken": 0,
    }
    found = headlines(everything, "00_overview")
    assert len(found) == 6
    assert found[0].id == "low_results_some"
    assert said(found)[4:] == [
        "Из 9 целевых показателей программы достигнуты 2, отстаёт 1, для 4 данных нет.",
        "Выполнена 21 мера программы из 30, просрочены 2.",
    ]


def test_decisions_follow_the_facts():
    assert said(decisions(facts(), "00_overview")) == [
        "Утвердить перечень школ с низкими результатами: 3 школы, и назначить каждой куратора и сроки помощи.",
        "Собрать недостающие сведения о 1 школе и повторить расчёт.",
        "Обсудить с экспертами 2 школы рядом с порогом.",
    ]


def test_an_unknown_fact_is_an_error():
    with pytest.raises(KeyError, match="low_result_count"):
        headlines({"low_result_count": 3}, "00_overview")


def test_phrases_are_declared_once_and_speak_of_known_facts():
    ids = [phrase.id for phrase in ALL]
    assert len(set(ids)) == len(ids)
    for phrase in ALL:
        assert set(phrase.needs) <= set(FACTS), phrase.id
        assert {proof.fact for proof in phrase.evidence} <= set(FACTS), phrase.id


@pytest.mark.parametrize("phrase", ALL, ids=lambda phrase: phrase.id)
@pytest.mark.parametrize("count", [0, 1, 2, 5, 11, 21, 22, 111])
def test_every_sentence_can_be_said_of_every_number(phrase, count):
    numbers = {fact: count / 200 if "share" in fact else count for fact in FACTS}
    text = phrase.text(numbers)
    assert text[0].isupper()
    assert text.endswith(".")
    assert "[нет данных]" not in text
    assert "  " not in text
