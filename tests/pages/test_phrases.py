"""Sentences by rule: each is said when it should be, in right Russian, and can be proved."""

import re
from pathlib import Path

import pytest

import shnor_lib.pages.phrases
from shnor_lib.pages.phrases import decisions, declared_facts, headlines, phrases, sayable
from shnor_lib.pages.phrases.phrase import Evidence
from shnor_lib.pages.phrases.reading import FILES, FactsFile, SentencesFile
from shnor_lib.pages.saying import FORMATS, Condition, Template
from shnor_lib.params.yaml_files import ParamsError, parse_yaml
from tests.reports.sample import facts, list_facts

ROOT = Path(__file__).parents[2]
FOLDER = Path(shnor_lib.pages.phrases.__file__).parent
ALL = (*phrases("headlines"), *phrases("decisions"))


def said(found) -> list[str]:
    return [headline.text.replace("\u00a0", " ") for headline in found]


def test_three_schools_of_fourteen():
    assert said(headlines(facts(), "50_identification"))[:3] == [
        "К категории ШНОР отнесены 3 школы из 14 (21 %); годом раньше было 2 школы.",
        "К категории ШНСУ отнесены 3 школы из 14 (21 %).",
        "Сразу в категориях ШНОР и ШНСУ – 2 школы.",
    ]


@pytest.mark.parametrize(
    "count, expected",
    [
        (1, "отнесена 1 школа из 200 (1 %)"),
        (2, "отнесены 2 школы из 200 (1 %)"),
        (5, "отнесено 5 школ из 200 (3 %)"),
        (11, "отнесено 11 школ из 200 (6 %)"),
        (21, "отнесена 21 школа из 200 (11 %)"),
        (22, "отнесены 22 школы из 200 (11 %)"),
        (111, "отнесено 111 школ из 200 (56 %)"),
    ],
)
def test_words_agree_with_the_number_of_schools(count, expected):
    own = list_facts("low_results", "ШНОР", count, total=200)
    found = headlines({"schools_total": 200, "lists": (own,)}, "50_identification")
    assert expected in said(found)[0]


def test_nobody_found_is_said_and_differs_from_nobody_known():
    own = list_facts("low_results", "ШНОР", 0, 0, 7) | {"list_assessed_count": 7}

    def told(**facts) -> list[str]:
        return said(headlines({"schools_total": 7, "lists": (own | facts,)}, "50_identification"))

    assert told() == ["Ни одна из 7 школ не отнесена к категории ШНОР."]
    assert told(list_insufficient_count=7, list_assessed_count=0) == [
        "О 7 школах из 7 вывода о категории ШНОР нет: данных недостаточно. Это не значит, что трудностей там нет."
    ]
    assert told(list_insufficient_count=2, list_assessed_count=5)[0] == (
        "Среди школ, о которых данных достаточно, ни одна не отнесена к категории ШНОР; оценены 5 из 7."
    )


def test_schools_that_are_equal_lack_no_data():
    own = list_facts("low_results", "ШНОР", 0, 9, 9) | {"list_assessed_count": 0, "list_all_equal": 9}
    equal = own | {"schools_total": 9, "criteria_unassessed_count": 4, "criteria_total": 10, "lists": (own,)}
    found = said(headlines(equal, "50_identification"))
    assert found[0] == (
        "О 9 школах из 9 вывода о категории ШНОР нет: значения у них одинаковы, и правило доли их не различает. "
        "Это не значит, что трудностей там нет."
    )
    sharing = own | {"list_word": "«стабильно высокие»", "list_may_share": 1}
    assert said(headlines({"schools_total": 9, "lists": (sharing,)}, "50_identification")) == [
        "О 9 школах из 9 вывода о категории «стабильно высокие» нет: значения у них одинаковы, и правило доли их не различает."
    ], "not to be known as strong is no hint of difficulties"
    assert said(headlines({"trends_total": 0}, "70_dynamics")) == [
        "Изменились ли за три года результаты школ больше случайного, сказать нельзя."
    ]
    assert found[1] == "Не удалось оценить 4 критерия из 10; почему, сказано рядом с каждым."
    for report in ("00_overview", "50_identification"):
        decided = said(decisions(equal | {"open_names": "А"}, report))
        assert any(one.startswith("Решить с экспертами о 9 школах, значения у них одинаковы") for one in decided)
        assert not any("Собрать" in one for one in decided)


@pytest.mark.parametrize(("alone", "words"), [(0, "мало говорит, стало ли лучше"), (1, "не говорит, стало ли лучше")])
def test_one_criterion_of_many_does_not_set_the_length_of_a_list(alone, words):
    facts = {
        "schools_total": 9,
        "list_word": "ШНОР",
        "list_count": 4,
        "list_share_of_all": 4 / 9,
        "list_assessed_count": 9,
    }
    facts |= {"list_quota_marked": 2, "list_quota_of": 9, "list_quota_alone": alone}
    quota = [one for one in said(headlines(facts, "00_overview")) if "всегда отмечают" in one]
    assert quota == [f"Критерии сравнивают школы между собой и всегда отмечают 2 школы из 9: длина перечня {words}."]


def test_lists_that_cannot_be_compared_are_no_reason_to_go_on_watching():
    facts = {"list_word": "ШНОР", "lists_compared": 1, "trends_total": 9, "moves_stayed": None, "moves_open": 9}
    facts |= {"list_quota_marked": 2, "list_quota_of": 9}
    assert not any("это говорит мало" in one for one in said(headlines(facts, "70_dynamics")))
    assert said(decisions(facts, "70_dynamics")) == [
        "Собрать сведения, без которых нет вывода о 9 школах за один из двух лет."
    ]


def test_numbers_of_participants_are_not_called_lacking_when_there_is_nobody_to_compare_with():
    found = said(headlines({"results_compared": 0}, "20_results"))
    assert "нет результатов школ, числа участников или того, с чем сравнить" in found[0].replace("\u00a0", " ")


def test_a_missing_fact_silences_its_sentences():
    found = headlines({"schools_total": 7, "list_count": None, "list_share_of_all": float("nan")}, "00_overview")
    assert said(found) == ["В представленных данных ничего существенного не найдено."]


def test_a_count_among_none_is_not_said():
    none = list_facts("low_results", "ШНОР", 0, total=7) | {"schools_total": 7, "list_assessed_count": 0}
    assert sayable(none) == {**none, "list_count": None, "list_share_of_all": None}
    assert said(headlines(none | {"lists": (none,)}, "50_identification")) == [
        "В представленных данных ничего существенного не найдено."
    ]
    stated = said(headlines(none | {"list_stated": 2}, "50_identification"))
    assert stated == [
        "Документ муниципалитета относит к категории ШНОР 2 школы из 7; проверить это расчётом нельзя: данных недостаточно."
    ]


def test_what_a_fact_is_counted_among_is_a_fact():
    with pytest.raises(ParamsError, match="«errors» считается среди «table», а такого факта нет; возможно, .*«tables»"):
        parse_yaml(b"facts:\n  tables: t\n  errors: {is: e, of: table}\n", FactsFile, "own.yml")


def test_at_most_six_headlines_by_importance():
    everything = facts() | {
        "near_threshold_count": 2,
        "expert_changed_count": 1,
        "criteria_total": 9,
        "criteria_unassessed_count": 1,
    }
    found = headlines(everything, "50_identification")
    assert len({one.id for one in found}) == 6, "a sentence that is said of several lists counts once"
    assert [one.id for one in found[:2]] == ["list_some", "list_some"]


def test_decisions_follow_the_facts():
    assert said(decisions(facts(), "50_identification")) == [
        "Утвердить перечень ШНОР: 3 школы, и назначить каждой куратора и сроки помощи.",
        "Собрать недостающие сведения о 1 школе и повторить расчёт.",
        "Обсудить с экспертами 2 школы рядом с порогом.",
    ]
    most = facts() | {"near_threshold_count": 9, "judged_count": 13, "clear_count": 4}
    assert "Из 9 школ рядом с порогом обсудить" in said(decisions(most, "50_identification"))[-1]
    assert any("о большинстве школ" in one for one in said(headlines(most, "50_identification")))


def test_an_unknown_fact_is_an_error():
    with pytest.raises(KeyError, match="low_result_count"):
        headlines({"low_result_count": 3}, "00_overview")


def test_a_part_is_said_only_when_its_fact_is_known():
    own = list_facts("low_results", "ШНОР", 3)

    def told(also: dict | None = None, **added) -> str:
        everything = facts() | (also or {}) | {"lists": (own | added,)}
        return said(headlines(everything, "50_identification"))[0]

    assert told(list_previous_count=2, list_stated=3).endswith(
        "(21 %); годом раньше было 2 школы; столько же называет документ муниципалитета."
    )
    assert told().endswith("из 14 (21 %).")
    assert told(list_names="А, Б, В").endswith("из 14 (21 %): А, Б, В.")
    assert "3 школы из 14, вывод сделан о 5;" in told(list_assessed_count=5, list_previous_count=2)
    ranked = {"list_quota_marked": 4, "list_quota_of": 14, "list_quota_alone": 0, "list_previous_count": 2}
    assert "всегда отмечают 4 школы из 14: длина перечня" in told(**ranked)
    partial = {"registry_partial": 1, "schools_unnamed": 0, "registered_schools": 14}
    assert "из 14 названных в данных (21 %)" in told(partial)


def test_a_sentence_of_two_reports_is_proved_on_each_by_its_own_table():
    late = {"targets_total": 9, "targets_off_track": 2, "targets_no_data": 9}
    (board,), (report,) = decisions(late, "00_overview")[:1], decisions(late, "80_targets")[:1]
    assert board.text == report.text
    assert board.evidence == (
        Evidence("targets_off_track", "chapters", "value", "number", {"figure": "Целевые показатели: отстают"}),
    )
    assert report.evidence == (Evidence("targets_off_track", "targets", where={"state": "отстаёт"}),)
    assert board.numbers == {"targets_off_track": 2}


def test_a_number_is_printed_as_its_slot_says():
    numbers = {
        "rate": 0.1234,
        "gap": 0.32,
        "low": 56.0,
        "high": 57.14,
        "year": 2021,
        "word": "кадры",
        "n": 22,
        "none": 0,
    }
    text = "{rate:%} {rate:%.1} {gap:п.п.} {low–high} {year:год} {word} {n:мера/меры/мер} {n:была|были} {n}{none? нет}"
    assert Template(text).said(numbers).replace("\u00a0", " ") == (
        "12 % 12,3 % 32,0 п. п. от 56,0 до 57,1 2021 кадры 22 меры были 22"
    )


@pytest.mark.parametrize(
    "rule, holds",
    [
        ("a > 0", True),
        ("a = b", False),
        ("a <= b and b known", True),
        ("missing = 0", False),
        ("missing known", False),
        ("a != missing", False),
        ("a", True),
        ("missing", False),
        ("zero", False),
    ],
)
def test_a_comparison_with_what_is_missing_does_not_hold(rule, holds):
    assert Condition((rule,)).holds({"a": 1, "b": 2, "zero": 0, "missing": float("nan")}) is holds


def test_alternatives_need_one_to_hold():
    assert Condition(("a > 1", "b > 1")).holds({"a": 1, "b": 2})
    assert not Condition(("a > 1", "b > 2")).holds({"a": 1, "b": 2})


SENTENCES = """reports: [10_data_quality]
headlines:
  one:
    when: problems_errors > 0
    say: Ошибок {problems_errors}.
decisions: {}
"""


@pytest.mark.parametrize(
    "change, line, message",
    [
        (
            ("    when:", "    whenever:"),
            4,
            "неизвестный ключ «headlines.one.whenever»; возможно, имелось в виду «when»",
        ),
        (
            ("problems_errors > 0", "problem_errors > 0"),
            4,
            "нет факта «problem_errors»; возможно, имелось в виду «problems_errors»",
        ),
        (("problems_errors > 0", "problems_errors + 1 > 0"), 4, "условие «problems_errors + 1 > 0» не читается"),
        (("{problems_errors}", "{problems_error}"), 5, "нет факта «problems_error»"),
        (("{problems_errors}", "{problems_errors:процентов}"), 5, "нет вида «процентов»"),
        (("{problems_errors}", "{problems_errors"), 5, "скобка без пары"),
        (("    say: Ошибок {problems_errors}.\n", ""), 3, "нужен текст (say) или имя"),
    ],
)
def test_a_wrong_sentence_is_refused_with_file_and_line(change, line, message):
    with pytest.raises(ParamsError) as refused:
        parse_yaml(SENTENCES.replace(*change).encode(), SentencesFile, "own.yml")
    assert any(one.startswith(f"own.yml:{line}: ") and message in one for one in refused.value.problems), refused.value


def test_a_wrong_fact_is_refused_with_file_and_line():
    with pytest.raises(ParamsError, match=r"own.yml:4: .*доказательство «data.problems.rows» не читается"):
        parse_yaml("facts:\n  errors:\n    is: ошибок\n    proof: data.problems.rows\n".encode(), FactsFile, "own.yml")
    with pytest.raises(
        ParamsError, match=r"own.yml:4: неизвестный ключ «facts.errors.prof»; возможно, имелось в виду «proof»"
    ):
        parse_yaml("facts:\n  errors:\n    is: ошибок\n    prof: data_problems\n".encode(), FactsFile, "own.yml")


def test_every_file_of_sentences_is_read():
    assert {path.stem for path in FOLDER.glob("*.yml")} == {*FILES, "facts"}


def test_phrases_are_declared_once_and_cite_what_they_name():
    for kind in ("headlines", "decisions"):
        ids = [phrase.id for phrase in phrases(kind)]
        assert len(set(ids)) == len(ids)
    for phrase in ALL:
        assert set(phrase.named) <= set(declared_facts()), phrase.id
        assert set(phrase.proofs) <= set(phrase.named), phrase.id


def views_of(report: str) -> str:
    """Source of the modules that make a report, and of those they take tables from."""
    waiting, texts = (
        re.findall(r"views import (\w+)", (ROOT / f"notebooks/{report}.ipynb").read_text(encoding="utf-8")),
        {},
    )
    while waiting:
        name = waiting.pop()
        path = ROOT / f"shnor_lib/pages/views/{name}.py"
        if name not in texts and path.exists():
            texts[name] = path.read_text(encoding="utf-8")
            waiting += re.findall(r"views\.(\w+) import", texts[name]) + re.findall(r"views import (\w+)", texts[name])
    return "\n".join(texts.values())


@pytest.mark.parametrize("report", sorted({report for phrase in ALL for report in phrase.reports}))
def test_every_proof_names_a_table_of_its_report(report):
    made = {re.sub(r"{.*?}", r"\\w+", name) for name in re.findall(r'"(\w[\w{}.]*)"', views_of(report))}
    proved = {proofs[report].table for phrase in ALL for proofs in phrase.proofs.values() if report in proofs}
    assert proved
    assert not {table for table in proved if not any(re.fullmatch(name, table) for name in made)}


@pytest.mark.parametrize("phrase", ALL, ids=lambda phrase: phrase.id)
@pytest.mark.parametrize("count", [0, 1, 2, 5, 11, 21, 22, 111])
def test_every_sentence_can_be_said_of_every_number(phrase, count):
    numbers = {fact: count / 200 if "share" in fact else count for fact in declared_facts()}
    text = phrase.text(numbers)
    assert text or not phrase.when.holds(numbers)
    assert text[:1].isupper() and text.endswith(".") or not text
    assert "[нет данных]" not in text
    assert "  " not in text


def test_every_format_is_used():
    files = (*FOLDER.glob("*.yml"), *FOLDER.parent.glob("specs/*.yml"))
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    assert not {form for form in FORMATS if f":{form}}}" not in text}


def test_a_programme_without_targets_is_asked_for_them():
    none = {"targets_total": 0, "targets_no_data": 0, "targets_off_track": 0}
    assert [one.id for one in decisions(none, "80_targets")] == ["name_targets"]
    assert [one.id for one in headlines(none, "80_targets")] == ["targets_none"]


def test_a_change_since_last_time_is_not_taken_for_one_of_three_years():
    tested = {"changes_tested": 14, "changes_falls": 0, "changes_rises": 0, "trends_total": 14}
    assert "С прошлого раза результаты ни одной из 14 школ не изменились больше случайного." in said(
        headlines(tested, "20_results")
    )
    fallen = tested | {"changes_falls": 2, "changes_regional": 1, "changes_false_alarm": 0.05}
    told = said(headlines(fallen, "20_results"))
    assert any(one.startswith("По сравнению с регионом с прошлого раза больше случайного ухудшились") for one in told)
