"""The one list of sentences that reports say by rule.

A sentence appears when its condition holds for the facts of an office and year; so the same situation is always told
in the same, respectful words, and "nothing of note" is said as well. To add a sentence, add one `Phrase` to
`HEADLINES` (or to `DECISIONS`, the list "Что решить"); a fact it uses for the first time goes to `FACTS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shnor_lib.presentation.numbers import (
    CONDITIONS,
    CONTRADICTIONS,
    CRITERIA,
    ERRORS,
    EVENTS,
    MEASURES,
    MEASURES_OF,
    NBSP,
    NO_DATA,
    OFFICES_IN,
    OFFICES_OF,
    PAIRS,
    PARTICIPANTS,
    POSTS,
    RESULTS_OF,
    RISKS_OF,
    SCENARIOS,
    SCENARIOS_OF,
    SCHOOLS,
    SCHOOLS_IN,
    SCHOOLS_OF,
    SCHOOLS_TO,
    SCHOOLS_WHOM,
    TABLES,
    TARGETS,
    TARGETS_BY,
    TARGETS_OF,
    WARNINGS,
    WordForms,
    agree,
    format_count,
    format_number,
    format_percent,
    format_points,
    is_missing,
    plural,
)

Facts = Mapping[str, object]

FACTS = {
    "schools_total": "школ в муниципалитете",
    "low_results_count": "школ, отнесённых к ШНОР (после решений экспертов)",
    "low_results_share": "их доля среди всех школ, 0..1",
    "low_results_stated": "школ, которые к ШНОР относит сам документ муниципалитета",
    "registry_partial": "1, если SOURCES.yml объявляет, что в реестре названы не все школы; иначе 0",
    "tables_wanted": "таблицы, без которых не оценены критерии (словами)",
    "low_results_previous_count": "школ, отнесённых к ШНОР годом раньше",
    "low_results_insufficient_count": "школ, о которых для вывода о ШНОР данных недостаточно",
    "adverse_count": "школ, отнесённых к ШНСУ (после решений экспертов)",
    "adverse_share": "их доля среди всех школ, 0..1",
    "adverse_insufficient_count": "школ, о которых для вывода о ШНСУ данных недостаточно",
    "both_count": "школ сразу в обеих категориях",
    "near_threshold_count": "школ рядом с порогом: вывод может измениться от ошибки измерения",
    "expert_changed_count": "школ, по которым эксперты изменили расчётный вывод",
    "criteria_total": "критериев в методике",
    "criteria_unassessed_count": "критериев, которые не удалось оценить ни по одной школе",
    "problems_errors": "ошибок в исходных данных",
    "problems_warnings": "замечаний к исходным данным",
    "contradictions_count": "противоречий между таблицами или внутри документа",
    "remarks_count": "примечаний к источникам данных",
    "tables_total": "таблиц, которые описаны в словаре данных",
    "tables_present": "таблиц, которые представлены",
    "moves_stayed": "школ, которые остаются в перечне ШНОР второй год",
    "moves_entered": "школ, новых в перечне ШНОР",
    "moves_left": "школ, вышедших из перечня ШНОР",
    "moves_open": "школ, о которых за один из двух лет данных недостаточно",
    "lists_compared": "1, если есть перечень предыдущего года; иначе 0",
    "improving_count": "школ, чьи результаты устойчиво улучшаются",
    "trends_total": "школ, для которых тренд оценён",
    "targets_total": "целевых показателей программы",
    "targets_fulfilled": "достигнутых целевых показателей",
    "targets_on_track": "показателей, которые идут к цели",
    "targets_off_track": "показателей, которые отстают от пути к цели",
    "targets_no_data": "показателей, для которых нет данных",
    "context_schools": "школ, для которых есть матрица рисков",
    "context_high_schools": "школ, где хотя бы одно условие – высокий риск",
    "context_top": "условие, которое чаще всего бывает зоной риска (словами)",
    "context_top_zone": "школ, где оно – зона риска",
    "context_top_assessed": "школ, где оно оценено",
    "context_rural_more": "условий, которые чаще бывают зоной риска в сельских школах",
    "context_urban_more": "условий, которые чаще бывают зоной риска в городских школах",
    "context_contradictions": "ответов школ, которые противоречат друг другу",
    "context_unknown": "пар «школа – условие», о которых сведений нет",
    "context_pairs": "пар «школа – условие» всего",
    "context_vacancies": "незанятых ставок педагогов в муниципалитете",
    "advised_schools": "школ из перечней, которым по норме не хватает ставок специалистов",
    "passports_total": "паспортов школ",
    "passports_incomplete": "паспортов школ, в которых не хватает исходных таблиц",
    "passports_supported": "школ, отнесённых к ШНОР или ШНСУ",
    "passports_unjudged": "школ, о которых хотя бы по одной категории данных недостаточно, а к другой они не отнесены",
    "passports_without_measures": "школ, отнесённых к ШНОР или ШНСУ, для которых в плане нет своих мер",
    "results_level": "с чем сравниваются школы: региона или муниципалитета (словом, в родительном падеже)",
    "results_total": "результатов школ (пара «школа – процедура»)",
    "results_compared": "результатов школ, которые удалось сравнить с учётом случайности",
    "results_worse": "из них хуже",
    "results_better": "из них лучше",
    "results_few": "результатов школ с малым числом участников",
    "changes_tested": "изменений результатов школ, которые удалось проверить на случайность",
    "changes_falls": "из них ухудшений, которые больше случайного",
    "changes_rises": "из них улучшений, которые больше случайного",
    "changes_broken": "изменений больше случайного, между годами которых процедура была иной",
    "gia9_series": "процедур ГИА-9 с изменением муниципалитета, которое на случайность проверить нельзя",
    "gia9_down": "из них снизившихся",
    "gia9_up": "из них выросших",
    "gia9_named": "результатов школ на ГИА-9, названных без числа участников",
    "gia9_below": "из них ниже муниципалитета",
    "learning_gap": "самый широкий разрыв качества обучения между школами, 0..1",
    "learning_gap_part": "уровень обучения, где он самый широкий (словами)",
    "olympiad_participants": "участников муниципального этапа олимпиад",
    "olympiad_winners": "победителей муниципального этапа",
    "olympiad_prize_winners": "призёров муниципального этапа",
    "journal_year": "год, за который отметки ВПР сравниваются с журналом",
    "journal_level": "с чем сравниваются школы: региона или муниципалитета (словом, в родительном падеже)",
    "journal_lowered": "доля работ ВПР муниципалитета, за которые отметка ниже журнала (понизили), 0..1",
    "journal_confirmed": "доля подтвердивших, 0..1",
    "journal_raised": "доля повысивших, 0..1",
    "journal_compared": "школ, доля понизивших в которых сравнивается с учётом случайности",
    "journal_above": "из них с долей выше",
    "journal_below": "из них с долей ниже",
    "bias_total": "школ в реестре, к которым применяются признаки необъективности",
    "bias_schools": "школ хотя бы с одним признаком",
    "bias_clear": "школ, у которых оценены все признаки и ни одного не найдено",
    "bias_open": "школ, у которых оценены не все признаки, а среди оценённых их нет",
    "bias_collectable": "школ, признаки которых не оценены из-за отсутствия данных",
    "bias_unlisted": "школ с признаками, не отнесённых к ШНОР",
    "bias_index_low": "индекс объективности территории, если признаки есть у всех, о ком сказать нельзя",
    "bias_index_high": "индекс объективности территории, если признаков нет ни у кого из них",
    "measures_total": "мер программы",
    "measures_done": "мер, выполненных к дате мониторинга",
    "measures_overdue": "мер, срок которых прошёл, а они не выполнены",
    "measures_unknown": "мер, о выполнении которых сведений нет",
    "measures_cancelled": "отменённых мер",
    "measures_reported": "мер, о которых сообщено состояние",
    "dues_open": "мер, у которых срок не назван или назван не до конца",
    "recommended_schools": "школ, которым даны адресные рекомендации",
    "registered_schools": "школ в реестре",
    "unknown_schools": "школ, о которых для рекомендаций не хватает сведений",
    "schools_for_partners": "школ, которым ищется партнёр",
    "partner_pairs": "предложенных пар «школа – партнёр»",
    "partnerless_schools": "школ, которым партнёр не найден",
    "events_done": "проведённых за год мероприятий по обмену опытом",
    "events_demanded": "мероприятий, которых программа требует в год",
    "events_shortage": "мероприятий, которых не хватает до нормы",
    "risks_total": "рисков программы",
    "risks_without_mitigation": "рисков, для которых не назван путь минимизации",
    "cycle_stages_empty": "этапов управленческого цикла без единой меры",
    "region_offices_total": "муниципалитетов в регионе",
    "region_offices_absent": "муниципалитетов, по которым отчётов нет",
    "region_low_results_count": "школ региона, отнесённых к ШНОР",
    "region_low_results_of": "школ в муниципалитетах, где вывод о ШНОР сделан",
    "region_low_results_assessed": "муниципалитетов, где вывод о ШНОР сделан хотя бы по одной школе",
    "region_low_results_offices": "муниципалитетов, в которых есть ШНОР",
    "region_adverse_count": "школ региона, отнесённых к ШНСУ",
    "region_adverse_of": "школ в муниципалитетах, где вывод о ШНСУ сделан",
    "region_adverse_assessed": "муниципалитетов, где вывод о ШНСУ сделан хотя бы по одной школе",
    "region_adverse_offices": "муниципалитетов, в которых есть ШНСУ",
    "certain_always": "школ, которые в перечне ШНОР всегда, как ни менять правила и случай",
    "certain_never": "школ, которых в перечне ШНОР никогда нет",
    "certain_often": "школ, которые в перечне ШНОР часто, но не всегда",
    "certain_sometimes": "школ, которые в перечне ШНОР иногда",
    "certain_doubtful": "тех и других вместе: их место зависит от правил или случая",
    "region_expected_schools": "школ региона, для которых построено ожидание по социальному контексту",
    "region_expected_above": "из них с результатами выше ожидаемых",
    "region_expected_below": "из них с результатами ниже ожидаемых",
    "certain_unknown": "школ, о которых большинство расчётов вывода не дало",
    "scenarios_total": "сценариев, применимых к методике",
    "scenarios_moving": "сценариев, которые меняют хотя бы один перечень",
    "fragile_count": "выводов о школах, которые меняет небольшой сдвиг одного параметра",
    "choice_rule": "правило, от которого перечень ШНОР зависит сильнее всего (словами); случайность – не правило",
    "choice_top": "выбор, от которого перечень ШНОР зависит сильнее всего (слова)",
    "choice_top_share": "доля изменчивости перечня ШНОР, в которой участвует этот выбор",
    "above_expected": "школ с результатом выше ожидаемого по контексту",
    "below_expected": "школ с результатом ниже ожидаемого по контексту",
    "expected_schools": "школ, сравнённых с ожиданием по контексту",
}


@dataclass(frozen=True)
class Evidence:
    """How a number of a sentence is counted again from a table of the same page.

    Parameters
    ----------
    fact
        The fact it proves.
    table
        Name of the `Table` on the page.
    measure
        `rows`: how many rows satisfy `where`; `share`: that number over all rows; `sum`: total of `column` over those
        rows; `value`: the one cell of `column` in the one such row.
    column
        Column id, for `sum` and `value`.
    where
        Column id -> text as printed (for words, without the shape).
    """

    fact: str
    table: str
    measure: str = "rows"
    column: str = ""
    where: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Phrase:
    """A sentence and the rule that triggers it.

    Parameters
    ----------
    id
        Latin, unique.
    reports
        In which reports it may stand.
    needs
        Facts without which nothing can be said: the sentence is skipped when one is missing.
    condition, text
        Functions of the facts.
    evidence
        Where its numbers can be counted again.
    """

    id: str
    reports: tuple[str, ...]
    needs: tuple[str, ...]
    condition: Callable[[Facts], bool]
    text: Callable[[Facts], str]
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Headline:
    """A sentence that was triggered, with the numbers it holds and the proof of each."""

    id: str
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


def total(fact: str, row: str, column: str = "schools") -> Evidence:
    """Proof from the table of totals: one row a category."""
    return Evidence(fact, "totals", "value", column, {"figure": row})


SCHOOLS_ALL = total("schools_total", "Школы, всего")
LOW = Evidence("low_results_count", "identification", where={"low_results": "да"})
LOW_SHARE = total("low_results_share", "ШНОР", "share")
LOW_INSUFFICIENT = Evidence(
    "low_results_insufficient_count", "identification", where={"low_results": "недостаточно данных"}
)
ADVERSE = Evidence("adverse_count", "identification", where={"adverse_conditions": "да"})
ADVERSE_SHARE = total("adverse_share", "ШНСУ", "share")
ADVERSE_INSUFFICIENT = Evidence(
    "adverse_insufficient_count", "identification", where={"adverse_conditions": "недостаточно данных"}
)
BOTH = Evidence("both_count", "identification", where={"low_results": "да", "adverse_conditions": "да"})
ERRORS_FOUND = Evidence("problems_errors", "data_problems", where={"severity": "ошибка"})
WARNINGS_FOUND = Evidence("problems_warnings", "data_problems", where={"severity": "замечание"})
TABLES_THERE = Evidence("tables_present", "data_tables", where={"present": "да"})
TABLES_ALL = Evidence("tables_total", "data_tables")


def schools(number: float, one: str, more: str) -> str:
    """A verb with its schools: "имеет 1 школа", "имеют 3 школы"."""
    return f"{plural(number, one, more, more)} {agree(number, SCHOOLS)}"


def of_all(facts: Facts, share: str = "") -> str:
    """What part of the schools that is: " из 14 (21 %)"; of a partial registry " из 3 названных в данных"."""
    whole = f" из{NBSP}{format_count(facts['schools_total'])}{' названных в данных' if facts.get('registry_partial') else ''}"
    return f"{whole} ({format_percent(facts[share], 0)})" if share else whole


def since_last_year(now: float, before: float | None, forms: WordForms = SCHOOLS) -> str:
    """How a count moved, as the end of a sentence."""
    if is_missing(before):
        return ""
    if now == before:
        return "; столько же, сколько годом раньше"
    return f"; годом раньше {plural(before, 'была', 'было', 'было')} {agree(before, forms)}"


def has(fact: str) -> Callable[[Facts], bool]:
    return lambda facts: facts[fact] > 0


def has_no(*names: str) -> Callable[[Facts], bool]:
    return lambda facts: all(facts[fact] == 0 for fact in names)


def as_stated(facts: Facts) -> str:
    """That the office's own document counts as many schools, as the end of a sentence."""
    if facts.get("low_results_stated") != facts["low_results_count"]:
        return ""
    return "; столько же называет документ муниципалитета"


def against_stated(facts: Facts) -> str:
    stated = facts["low_results_stated"]
    known = (
        "проверить это расчётом нельзя: данных недостаточно"
        if facts["low_results_insufficient_count"]
        else f"по расчёту таких школ {format_count(facts['low_results_count'])}"
    )
    return f"Документ муниципалитета относит к ШНОР {agree(stated, SCHOOLS_WHOM)}{of_all(facts)}; {known}."


def nothing_known(facts: Facts) -> bool:
    """Whether there are schools that the data do not name and of which nothing can be said."""
    unnamed = facts["schools_total"] > facts["registered_schools"]
    return unnamed and (facts["registered_schools"] == 0 or facts["criteria_unassessed_count"] > 0)


def unnamed_told(facts: Facts) -> str:
    unnamed = facts["schools_total"] - facts["registered_schools"]
    if not facts["registered_schools"]:
        return (
            f"Ни одна из{NBSP}{agree(unnamed, SCHOOLS_OF)} в данных не названа: вывод о результатах и условиях работы "
            "сделать нельзя. Это не значит, что трудностей нет."
        )
    return (
        f"В данных не {plural(unnamed, 'названа', 'названы', 'названо')} {agree(unnamed, SCHOOLS)}{of_all(facts)}: "
        f"вывода о {plural(unnamed, 'ней', 'них', 'них')} нет."
    )


def name_schools(facts: Facts) -> str:
    named = facts["registered_schools"]
    whole = "" if facts["registry_partial"] else f" из{NBSP}{format_count(facts['schools_total'])}"
    return (
        "Внести в реестр (таблица «Школы») все школы муниципалитета: сейчас "
        f"{plural(named, 'названа', 'названы', 'названо')} {format_count(named)}{whole}."
    )


def collect_told(facts: Facts) -> str:
    wanted = f" Нужны таблицы: {facts['tables_wanted']}." if facts.get("tables_wanted") else ""
    return (
        f"Собрать недостающие сведения о{NBSP}{agree(facts['low_results_insufficient_count'], SCHOOLS_IN)} "
        f"и повторить расчёт.{wanted}"
    )


def targets_unknown(facts: Facts) -> str:
    """The targets without data, one or many."""
    unknown = facts["targets_no_data"]
    told = "считать его достигнутым нельзя" if unknown == 1 else "считать их достигнутыми нельзя"
    return f"Нет данных для {agree(unknown, TARGETS_OF)} из{NBSP}{format_count(facts['targets_total'])}: {told}."


def collect_targets(facts: Facts) -> str:
    return f"Организовать сбор данных для {agree(facts['targets_no_data'], TARGETS_OF)}."


def report_measures(facts: Facts) -> str:
    return (
        f"Собрать у ответственных сведения о выполнении {agree(facts['measures_unknown'], MEASURES_OF)} "
        "и внести их в таблицу мер."
    )


def review_stayed(facts: Facts) -> str:
    return (
        f"Разобрать, почему помощь не изменила положения: {agree(facts['moves_stayed'], SCHOOLS)} в перечне второй год."
    )


def targets_told(facts: Facts) -> str:
    done, late, unknown = (facts[f"targets_{state}"] for state in ("fulfilled", "off_track", "no_data"))
    return (
        f"Из {agree(facts['targets_total'], TARGETS_OF)} программы {plural(done, 'достигнут', 'достигнуты', 'достигнуто')} "
        f"{format_count(done)}"
        + (f", {plural(late, 'отстаёт', 'отстают', 'отстаёт')} {format_count(late)}" if late else "")
        + (f", для{NBSP}{format_count(unknown)} данных нет" if unknown else "")
        + "."
    )


def mend_targets(facts: Facts) -> str:
    late = facts["targets_off_track"]
    return f"Пересмотреть меры по {agree(late, TARGETS_BY)}, {plural(late, 'отстающему', 'отстающим', 'отстающим')} от пути к цели."


def changes_told(facts: Facts) -> str:
    changed = facts["changes_falls"] + facts["changes_rises"]
    broken = f"; {of_these(facts['changes_broken'], changed)} между годами менялась сама процедура"
    return (
        f"Больше случайного ухудшились {format_count(facts['changes_falls'])} из{NBSP}"
        f"{agree(facts['changes_tested'], RESULTS_OF)} школ, улучшились – {format_count(facts['changes_rises'])}"
        f"{broken if facts['changes_broken'] else ''}."
    )


def settle_overdue(facts: Facts) -> str:
    return (
        f"Заслушать ответственных за {format_count(facts['measures_overdue'])} "
        f"{plural(facts['measures_overdue'], 'просроченную меру', 'просроченные меры', 'просроченных мер')} "
        "и назначить новые сроки."
    )


HEADLINES: tuple[Phrase, ...] = (
    Phrase(
        "no_schools",
        ("00_overview", "50_identification"),
        ("schools_total",),
        lambda f: f["schools_total"] == 0,
        lambda f: "Сведений о школах нет, вывод сделать нельзя. Это не значит, что трудностей нет.",
        (SCHOOLS_ALL,),
    ),
    Phrase(
        "low_results_some",
        ("00_overview", "50_identification"),
        ("schools_total", "low_results_count", "low_results_share"),
        has("low_results_count"),
        lambda f: (
            f"Низкие образовательные результаты {schools(f['low_results_count'], 'имеет', 'имеют')}"
            f"{of_all(f, 'low_results_share')}"
            f"{since_last_year(f['low_results_count'], f.get('low_results_previous_count'))}{as_stated(f)}."
        ),
        (SCHOOLS_ALL, LOW_SHARE, LOW),
    ),
    Phrase(
        "low_results_none",
        ("00_overview", "50_identification"),
        ("schools_total", "low_results_count", "low_results_insufficient_count"),
        has_no("low_results_count", "low_results_insufficient_count"),
        lambda f: (
            f"Ни одна из{NBSP}{agree(f['schools_total'], SCHOOLS_OF)} не отнесена к школам с низкими результатами"
            f"{since_last_year(0, f.get('low_results_previous_count'))}."
        ),
        (SCHOOLS_ALL, LOW),
    ),
    Phrase(
        "low_results_none_found",
        ("00_overview", "50_identification"),
        ("schools_total", "low_results_count", "low_results_insufficient_count"),
        lambda f: (
            f["low_results_count"] == 0
            and 0 < f["low_results_insufficient_count"] < f.get("registered_schools", f["schools_total"])
        ),
        lambda f: (
            "Среди школ, о которых данных достаточно, школ с низкими результатами нет; оценены "
            f"{format_count(f.get('registered_schools', f['schools_total']) - f['low_results_insufficient_count'])}"
            f"{of_all(f)}."
        ),
        (SCHOOLS_ALL, LOW, LOW_INSUFFICIENT),
    ),
    Phrase(
        "low_results_stated",
        ("00_overview", "50_identification"),
        ("schools_total", "low_results_stated", "low_results_count", "low_results_insufficient_count"),
        lambda f: f["low_results_stated"] != f["low_results_count"],
        against_stated,
        (SCHOOLS_ALL,),
    ),
    Phrase(
        "adverse_some",
        ("00_overview", "50_identification"),
        ("schools_total", "adverse_count", "adverse_share"),
        has("adverse_count"),
        lambda f: (
            f"В неблагоприятных условиях {schools(f['adverse_count'], 'работает', 'работают')}"
            f"{of_all(f, 'adverse_share')}."
        ),
        (SCHOOLS_ALL, ADVERSE_SHARE, ADVERSE),
    ),
    Phrase(
        "adverse_none",
        ("00_overview", "50_identification"),
        ("schools_total", "adverse_count", "adverse_insufficient_count"),
        has_no("adverse_count", "adverse_insufficient_count"),
        lambda f: (
            f"Ни одна из{NBSP}{agree(f['schools_total'], SCHOOLS_OF)} не отнесена к школам в неблагоприятных условиях."
        ),
        (SCHOOLS_ALL, ADVERSE),
    ),
    Phrase(
        "both_some",
        ("00_overview", "50_identification"),
        ("both_count", "low_results_count"),
        has("both_count"),
        lambda f: (
            f"Из {agree(f['low_results_count'], SCHOOLS_OF)} с низкими результатами в неблагоприятных условиях "
            f"{schools(f['both_count'], 'работает', 'работают')}."
        ),
        (BOTH, LOW),
    ),
    Phrase(
        "insufficient_some",
        ("00_overview", "50_identification"),
        ("schools_total", "low_results_insufficient_count"),
        has("low_results_insufficient_count"),
        lambda f: (
            f"О результатах {agree(f['low_results_insufficient_count'], SCHOOLS_OF)}{of_all(f)} "
            "вывод сделать нельзя: данных недостаточно. Это не значит, что трудностей там нет."
        ),
        (SCHOOLS_ALL, LOW_INSUFFICIENT),
    ),
    Phrase(
        "registry_partial",
        ("00_overview", "50_identification"),
        ("schools_total", "registry_partial"),
        has("registry_partial"),
        lambda f: (
            f"{plural(f['schools_total'], 'Названа', 'Названы', 'Названо')} только {agree(f['schools_total'], SCHOOLS)} "
            "муниципалитета; сколько их всего, в данных не сказано."
        ),
        (SCHOOLS_ALL,),
    ),
    Phrase(
        "schools_unnamed",
        ("00_overview", "50_identification"),
        ("schools_total", "registered_schools", "criteria_unassessed_count"),
        nothing_known,
        unnamed_told,
        (SCHOOLS_ALL,),
    ),
    Phrase(
        "adverse_insufficient_some",
        ("50_identification",),
        ("schools_total", "adverse_insufficient_count"),
        has("adverse_insufficient_count"),
        lambda f: (
            f"Об условиях работы {agree(f['adverse_insufficient_count'], SCHOOLS_OF)}{of_all(f)} "
            "вывод сделать нельзя: данных недостаточно."
        ),
        (SCHOOLS_ALL, ADVERSE_INSUFFICIENT),
    ),
    Phrase(
        "near_threshold_some",
        ("50_identification",),
        ("near_threshold_count", "schools_total"),
        has("near_threshold_count"),
        lambda f: (
            f"Рядом с порогом {schools(f['near_threshold_count'], 'находится', 'находятся')}{of_all(f)}: "
            "перед решением вывод стоит проверить."
        ),
        (SCHOOLS_ALL, Evidence("near_threshold_count", "identification", where={"near_threshold": "да"})),
    ),
    Phrase(
        "expert_changed_some",
        ("50_identification",),
        ("expert_changed_count", "schools_total"),
        has("expert_changed_count"),
        lambda f: (
            f"Эксперты изменили расчётный вывод о{NBSP}{agree(f['expert_changed_count'], SCHOOLS_IN)}{of_all(f)}; "
            "причины приведены рядом с решением."
        ),
        (SCHOOLS_ALL, Evidence("expert_changed_count", "identification", where={"decision": "решение эксперта"})),
    ),
    Phrase(
        "criteria_unassessed_some",
        ("50_identification",),
        ("criteria_unassessed_count", "criteria_total"),
        has("criteria_unassessed_count"),
        lambda f: (
            "Не удалось оценить "
            f"{agree(f['criteria_unassessed_count'], CRITERIA)} из{NBSP}{format_count(f['criteria_total'])}: "
            "нужных таблиц нет."
        ),
        (
            Evidence("criteria_unassessed_count", "criteria", where={"assessed": "нет"}),
            Evidence("criteria_total", "criteria"),
        ),
    ),
    Phrase(
        "data_errors_some",
        ("10_data_quality",),
        ("problems_errors", "problems_warnings"),
        has("problems_errors"),
        lambda f: (
            f"В исходных данных {plural(f['problems_errors'], 'найдена', 'найдены', 'найдено')} "
            f"{agree(f['problems_errors'], ERRORS)} и {agree(f['problems_warnings'], WARNINGS)}; "
            "ошибки нужно исправить до решения."
        ),
        (ERRORS_FOUND, WARNINGS_FOUND),
    ),
    Phrase(
        "data_warnings_only",
        ("10_data_quality",),
        ("problems_errors", "problems_warnings"),
        lambda f: f["problems_errors"] == 0 and f["problems_warnings"] > 0,
        lambda f: (
            "Ошибок в исходных данных нет, есть "
            f"{agree(f['problems_warnings'], WARNINGS)}: расчёту не мешают, но проверить их стоит."
        ),
        (ERRORS_FOUND, WARNINGS_FOUND),
    ),
    Phrase(
        "data_clean",
        ("10_data_quality",),
        ("problems_errors", "problems_warnings"),
        has_no("problems_errors", "problems_warnings"),
        lambda f: "Проверки не нашли в исходных данных ничего существенного: ошибок 0, замечаний 0.",
        (ERRORS_FOUND, WARNINGS_FOUND),
    ),
    Phrase(
        "remarks_some",
        ("10_data_quality",),
        ("remarks_count",),
        has("remarks_count"),
        lambda f: (
            f"К источникам есть {agree(f['remarks_count'], ('примечание', 'примечания', 'примечаний'))}: что в документе "
            "неполно, неясно или сказано по-разному."
        ),
    ),
    Phrase(
        "contradictions_some",
        ("10_data_quality",),
        ("contradictions_count",),
        has("contradictions_count"),
        lambda f: (
            f"Сведения противоречат друг другу в {format_count(f['contradictions_count'])} "
            f"{plural(f['contradictions_count'], 'случае', 'случаях', 'случаях')}; верное значение известно только "
            "тому, кто их представил."
        ),
        (Evidence("contradictions_count", "data_problems", where={"contradiction": "да"}),),
    ),
    Phrase(
        "tables_absent",
        ("10_data_quality",),
        ("tables_total", "tables_present"),
        lambda f: f["tables_present"] < f["tables_total"],
        lambda f: (
            f"{plural(f['tables_present'], 'Представлена', 'Представлены', 'Представлено')} "
            f"{agree(f['tables_present'], TABLES)} из{NBSP}{format_count(f['tables_total'])}; показатели по остальным "
            "не оценены, а не признаны хорошими."
        ),
        (TABLES_THERE, TABLES_ALL),
    ),
    Phrase(
        "tables_complete",
        ("10_data_quality",),
        ("tables_total", "tables_present"),
        lambda f: f["tables_present"] == f["tables_total"],
        lambda f: (
            f"Представлены все таблицы: {format_count(f['tables_present'])} из{NBSP}{format_count(f['tables_total'])}."
        ),
        (TABLES_THERE, TABLES_ALL),
    ),
)

STAYED = Evidence("moves_stayed", "list_moves", where={"category_word": "ШНОР", "move_word": "остаётся"})
ENTERED = Evidence("moves_entered", "list_moves", where={"category_word": "ШНОР", "move_word": "новая в перечне"})
LEFT = Evidence("moves_left", "list_moves", where={"category_word": "ШНОР", "move_word": "вышла"})

HEADLINES += (
    Phrase(
        "list_moved",
        ("70_dynamics",),
        ("moves_stayed", "moves_entered", "moves_left"),
        lambda f: f["moves_stayed"] + f["moves_entered"] + f["moves_left"] > 0,
        lambda f: (
            f"В перечень ШНОР {plural(f['moves_entered'], 'вошла', 'вошли', 'вошло')} {agree(f['moves_entered'], SCHOOLS)}, "
            f"{plural(f['moves_left'], 'вышла', 'вышли', 'вышло')} {agree(f['moves_left'], SCHOOLS)}, "
            f"{plural(f['moves_stayed'], 'остаётся', 'остаются', 'остаётся')} {agree(f['moves_stayed'], SCHOOLS)}."
        ),
        (ENTERED, LEFT, STAYED),
    ),
    Phrase(
        "list_did_not_move",
        ("70_dynamics",),
        ("moves_stayed", "moves_entered", "moves_left"),
        has_no("moves_stayed", "moves_entered", "moves_left"),
        lambda f: "В перечень ШНОР за два года не вошла ни одна школа, о которой данных достаточно.",
        (ENTERED, LEFT, STAYED),
    ),
    Phrase(
        "changes_unknown",
        ("70_dynamics",),
        ("lists_compared", "trends_total"),
        has_no("lists_compared", "trends_total"),
        lambda f: (
            "О динамике школ судить нельзя: нет ни перечня предыдущего года, ни результатов школ за три года. "
            "Это не значит, что ничего не изменилось."
        ),
    ),
    Phrase(
        "improving_some",
        ("70_dynamics",),
        ("improving_count", "trends_total"),
        has("improving_count"),
        lambda f: (
            f"Устойчиво, без шагов назад, {plural(f['improving_count'], 'улучшает', 'улучшают', 'улучшают')} результаты "
            f"{agree(f['improving_count'], SCHOOLS)} из{NBSP}{format_count(f['trends_total'])}."
        ),
    ),
)

TARGETS_ALL = Evidence("targets_total", "targets")
TARGETS_FULFILLED = Evidence("targets_fulfilled", "targets", where={"state": "достигнут"})
TARGETS_OFF_TRACK = Evidence("targets_off_track", "targets", where={"state": "отстаёт"})
TARGETS_NO_DATA = Evidence("targets_no_data", "targets", where={"state": NO_DATA})

HEADLINES += (
    Phrase(
        "targets_fulfilled",
        ("80_targets",),
        ("targets_total", "targets_fulfilled", "targets_no_data"),
        lambda f: f["targets_no_data"] < f["targets_total"],
        lambda f: (
            f"{plural(f['targets_fulfilled'], 'Достигнут', 'Достигнуты', 'Достигнуто')} "
            f"{agree(f['targets_fulfilled'], TARGETS)} из{NBSP}{format_count(f['targets_total'])}."
        ),
        (TARGETS_FULFILLED, TARGETS_ALL),
    ),
    Phrase(
        "targets_off_track",
        ("80_targets",),
        ("targets_total", "targets_off_track"),
        has("targets_off_track"),
        lambda f: (
            f"{plural(f['targets_off_track'], 'Отстаёт', 'Отстают', 'Отстаёт')} от пути к цели "
            f"{agree(f['targets_off_track'], TARGETS)} из{NBSP}{format_count(f['targets_total'])}."
        ),
        (TARGETS_OFF_TRACK, TARGETS_ALL),
    ),
    Phrase(
        "targets_no_data",
        ("80_targets",),
        ("targets_total", "targets_no_data"),
        has("targets_no_data"),
        targets_unknown,
        (TARGETS_NO_DATA, TARGETS_ALL),
    ),
)

DECISIONS: tuple[Phrase, ...] = (
    Phrase(
        "deliver_tables",
        ("00_overview", "50_identification"),
        ("schools_total",),
        lambda f: f["schools_total"] == 0,
        lambda f: "Представить исходные таблицы, прежде всего реестр школ, и повторить расчёт.",
        (SCHOOLS_ALL,),
    ),
    Phrase(
        "collect_years",
        ("70_dynamics",),
        ("lists_compared", "trends_total"),
        lambda f: f["lists_compared"] == 0 or f["trends_total"] == 0,
        lambda f: (
            "Представить таблицы прошлых лет: "
            + " и ".join(
                text
                for fact, text in (
                    ("lists_compared", "для сравнения перечней нужен предыдущий год"),
                    ("trends_total", "для тренда – результаты школ не меньше чем за три года"),
                )
                if not f[fact]
            )
            + "."
        ),
    ),
    Phrase(
        "review_stayed",
        ("70_dynamics",),
        ("moves_stayed",),
        has("moves_stayed"),
        review_stayed,
        (STAYED,),
    ),
    Phrase(
        "share_practice",
        ("70_dynamics",),
        ("improving_count",),
        has("improving_count"),
        lambda f: "Изучить опыт школ с наибольшим и устойчивым улучшением и включить его в банк лучших практик.",
    ),
    Phrase(
        "mend_targets",
        ("80_targets",),
        ("targets_off_track",),
        has("targets_off_track"),
        mend_targets,
        (TARGETS_OFF_TRACK,),
    ),
    Phrase(
        "collect_targets",
        ("80_targets",),
        ("targets_no_data",),
        has("targets_no_data"),
        collect_targets,
        (TARGETS_NO_DATA,),
    ),
    Phrase(
        "approve_list",
        ("00_overview", "50_identification"),
        ("low_results_count",),
        has("low_results_count"),
        lambda f: (
            f"Утвердить перечень школ с низкими результатами: {agree(f['low_results_count'], SCHOOLS)}, "
            "и назначить каждой куратора и сроки помощи."
        ),
        (LOW,),
    ),
    Phrase(
        "collect_missing",
        ("00_overview", "50_identification"),
        ("low_results_insufficient_count",),
        has("low_results_insufficient_count"),
        collect_told,
        (LOW_INSUFFICIENT,),
    ),
    Phrase(
        "name_schools",
        ("00_overview", "50_identification"),
        ("schools_total", "registered_schools", "registry_partial", "criteria_unassessed_count"),
        lambda f: f["registry_partial"] or nothing_known(f),
        name_schools,
    ),
    Phrase(
        "discuss_near_threshold",
        ("00_overview", "50_identification"),
        ("near_threshold_count",),
        has("near_threshold_count"),
        lambda f: (
            f"Обсудить с экспертами {format_count(f['near_threshold_count'])} "
            f"{plural(f['near_threshold_count'], 'школу', 'школы', 'школ')} рядом с порогом."
        ),
        (Evidence("near_threshold_count", "identification", where={"near_threshold": "да"}),),
    ),
    Phrase(
        "mend_data",
        ("00_overview", "10_data_quality"),
        ("problems_errors",),
        has("problems_errors"),
        lambda f: f"Исправить в исходных данных {agree(f['problems_errors'], ('ошибку', 'ошибки', 'ошибок'))}.",
    ),
    Phrase(
        "settle_contradictory_data",
        ("10_data_quality",),
        ("contradictions_count",),
        has("contradictions_count"),
        lambda f: (
            f"Уточнить у составителей документов {agree(f['contradictions_count'], CONTRADICTIONS)} и внести верные значения."
        ),
        (Evidence("contradictions_count", "data_problems", where={"contradiction": "да"}),),
    ),
    Phrase(
        "look_at_warnings",
        ("10_data_quality",),
        ("problems_warnings",),
        has("problems_warnings"),
        lambda f: (
            f"Просмотреть {agree(f['problems_warnings'], WARNINGS)} к данным и дополнить то, чего в них не хватает."
        ),
        (WARNINGS_FOUND,),
    ),
    Phrase(
        "supply_tables",
        ("10_data_quality",),
        ("tables_total", "tables_present"),
        lambda f: f["tables_present"] < f["tables_total"],
        lambda f: (
            f"Решить, какие из недостающих таблиц собрать: не представлено {format_count(f['tables_total'] - f['tables_present'])} "
            f"из{NBSP}{format_count(f['tables_total'])}, отчёты без них не делаются или неполны."
        ),
        (TABLES_ALL,),
    ),
)


def chapter(fact: str, figure: str, column: str = "number") -> Evidence:
    """Proof from the table of the board's page that sums up the other reports."""
    return Evidence(fact, "chapters", "value", column, {"figure": figure})


HEADLINES += (
    Phrase(
        "overview_targets",
        ("00_overview",),
        ("targets_total", "targets_fulfilled", "targets_off_track", "targets_no_data"),
        lambda f: f["targets_no_data"] < f["targets_total"],
        targets_told,
        (
            chapter("targets_fulfilled", "Целевые показатели: достигнуты"),
            chapter("targets_total", "Целевые показатели: достигнуты", "of"),
            chapter("targets_off_track", "Целевые показатели: отстают"),
            chapter("targets_no_data", "Целевые показатели: нет данных"),
        ),
    ),
    Phrase(
        "overview_targets_unknown",
        ("00_overview",),
        ("targets_total", "targets_no_data"),
        lambda f: 0 < f["targets_total"] == f["targets_no_data"],
        lambda f: (
            f"Ни для одного из{NBSP}{agree(f['targets_total'], TARGETS_OF)} программы данных пока нет: "
            "считать их достигнутыми нельзя."
            if f["targets_total"] > 1
            else f"Для {agree(1, TARGETS_OF)} программы, других она не называет, данных пока нет: "
            "считать его достигнутым нельзя."
        ),
        (
            chapter("targets_total", "Целевые показатели: нет данных", "of"),
            chapter("targets_no_data", "Целевые показатели: нет данных"),
        ),
    ),
    Phrase(
        "overview_measures",
        ("00_overview",),
        ("measures_total", "measures_done", "measures_overdue", "measures_reported"),
        has("measures_reported"),
        lambda f: (
            f"{plural(f['measures_done'], 'Выполнена', 'Выполнены', 'Выполнено')} "
            f"{agree(f['measures_done'], MEASURES)} программы из{NBSP}{format_count(f['measures_total'])}"
            + (
                f", {plural(f['measures_overdue'], 'просрочена', 'просрочены', 'просрочено')} "
                f"{format_count(f['measures_overdue'])}."
                if f["measures_overdue"]
                else ", просроченных нет."
            )
        ),
        (
            chapter("measures_done", "Меры программы: выполнены"),
            chapter("measures_total", "Меры программы: выполнены", "of"),
            chapter("measures_overdue", "Меры программы: просрочены"),
        ),
    ),
    Phrase(
        "overview_changes",
        ("00_overview",),
        ("changes_tested", "changes_falls", "changes_rises", "changes_broken"),
        lambda f: f["changes_falls"] + f["changes_rises"] > 0,
        changes_told,
        (
            chapter("changes_tested", "Результаты школ: ухудшились больше, чем случайно", "of"),
            chapter("changes_falls", "Результаты школ: ухудшились больше, чем случайно"),
            chapter("changes_rises", "Результаты школ: улучшились больше, чем случайно"),
            chapter("changes_broken", "Результаты школ: из изменившихся – менялась сама процедура"),
        ),
    ),
)

DECISIONS += (
    Phrase(
        "overview_mend_targets",
        ("00_overview",),
        ("targets_off_track",),
        has("targets_off_track"),
        mend_targets,
        (chapter("targets_off_track", "Целевые показатели: отстают"),),
    ),
    Phrase(
        "overview_collect_targets",
        ("00_overview",),
        ("targets_no_data",),
        has("targets_no_data"),
        collect_targets,
        (chapter("targets_no_data", "Целевые показатели: нет данных"),),
    ),
    Phrase(
        "overview_report_measures",
        ("00_overview",),
        ("measures_unknown",),
        has("measures_unknown"),
        report_measures,
        (chapter("measures_unknown", "Меры программы: нет сведений"),),
    ),
    Phrase(
        "overview_settle_overdue",
        ("00_overview",),
        ("measures_overdue",),
        has("measures_overdue"),
        settle_overdue,
        (chapter("measures_overdue", "Меры программы: просрочены"),),
    ),
    Phrase(
        "overview_review_stayed",
        ("00_overview",),
        ("moves_stayed",),
        has("moves_stayed"),
        review_stayed,
        (chapter("moves_stayed", "Перечень ШНОР: второй год подряд"),),
    ),
)


PLAN_ALL = Evidence("measures_total", "plan_measures")
PLAN_DONE = Evidence("measures_done", "plan_measures", where={"state": "выполнено"})
PLAN_OVERDUE = Evidence("measures_overdue", "plan_measures", where={"state": "просрочено"})
PLAN_UNKNOWN = Evidence("measures_unknown", "plan_measures", where={"state": NO_DATA})
DUES_OPEN = Evidence("dues_open", "plan_dues")
RECOMMENDED = Evidence("recommended_schools", "recommended_schools", where={"given": "да"})
REGISTERED = Evidence("registered_schools", "recommended_schools")
UNKNOWN_SCHOOLS = Evidence("unknown_schools", "recommended_schools", where={"unknown": "да"})
PARTNERS_SOUGHT = Evidence("schools_for_partners", "partner_pairs")
PARTNERS_FOUND = Evidence("partner_pairs", "partner_pairs", where={"found": "да"})
PARTNERLESS = Evidence("partnerless_schools", "partner_pairs", where={"found": "нет"})
EVENTS_DONE = Evidence("events_done", "exchange_check", "value", "events", {"figure": "Проведено"})
EVENTS_DEMANDED = Evidence(
    "events_demanded", "exchange_check", "value", "events", {"figure": "Требует программа, не менее"}
)
EVENTS_SHORTAGE = Evidence("events_shortage", "exchange_check", "value", "events", {"figure": "Не хватает"})
RISKS_ALL = Evidence("risks_total", "plan_risks")
RISKS_BARE = Evidence("risks_without_mitigation", "plan_risks", where={"mitigation": NO_DATA})
STAGES_EMPTY = Evidence("cycle_stages_empty", "plan_cycle", where={"measures": "0"})

HEADLINES += (
    Phrase(
        "measures_overdue_some",
        ("90_support_plan",),
        ("measures_total", "measures_overdue"),
        has("measures_overdue"),
        lambda f: (
            f"{plural(f['measures_overdue'], 'Просрочена', 'Просрочены', 'Просрочено')} "
            f"{agree(f['measures_overdue'], MEASURES)} из{NBSP}{format_count(f['measures_total'])}."
        ),
        (PLAN_OVERDUE, PLAN_ALL),
    ),
    Phrase(
        "measures_done_some",
        ("90_support_plan",),
        ("measures_total", "measures_done", "measures_reported"),
        has("measures_reported"),
        lambda f: (
            f"{plural(f['measures_done'], 'Выполнена', 'Выполнены', 'Выполнено')} "
            f"{agree(f['measures_done'], MEASURES)} из{NBSP}{format_count(f['measures_total'])}."
        ),
        (PLAN_DONE, PLAN_ALL),
    ),
    Phrase(
        "measures_on_time",
        ("90_support_plan",),
        ("measures_overdue", "measures_reported"),
        lambda f: f["measures_overdue"] == 0 and f["measures_reported"] > 0,
        lambda f: "Среди мер, о которых есть сведения, просроченных на дату мониторинга нет.",
        (PLAN_OVERDUE,),
    ),
    Phrase(
        "measures_unknown_some",
        ("90_support_plan",),
        ("measures_total", "measures_unknown"),
        has("measures_unknown"),
        lambda f: (
            f"О выполнении {agree(f['measures_unknown'], MEASURES_OF)} из{NBSP}{format_count(f['measures_total'])} "
            "сведений нет: ни выполненными, ни просроченными их считать нельзя."
        ),
        (PLAN_UNKNOWN, PLAN_ALL),
    ),
    Phrase(
        "recommended_some",
        ("90_support_plan",),
        ("recommended_schools", "registered_schools"),
        has("recommended_schools"),
        lambda f: (
            f"Повод для адресных рекомендаций есть у {agree(f['recommended_schools'], SCHOOLS_OF)} "
            f"из{NBSP}{format_count(f['registered_schools'])} в реестре."
        ),
        (RECOMMENDED, REGISTERED),
    ),
    Phrase(
        "recommended_none",
        ("90_support_plan",),
        ("recommended_schools", "registered_schools", "unknown_schools"),
        lambda f: f["recommended_schools"] == f["unknown_schools"] == 0 < f["registered_schools"],
        lambda f: "Правила не нашли ничего существенного: поводов для адресных рекомендаций нет.",
        (RECOMMENDED,),
    ),
    Phrase(
        "recommended_unknown",
        ("90_support_plan",),
        ("unknown_schools", "registered_schools"),
        has("unknown_schools"),
        lambda f: (
            f"О {agree(f['unknown_schools'], SCHOOLS_IN)} из{NBSP}{format_count(f['registered_schools'])} в реестре "
            "сведений для рекомендаций не хватает: помощь начинается с их сбора."
        ),
        (UNKNOWN_SCHOOLS, REGISTERED),
    ),
    Phrase(
        "partners_found",
        ("90_support_plan",),
        ("partner_pairs", "schools_for_partners"),
        has("schools_for_partners"),
        lambda f: (
            "Партнёр со стабильно высокими результатами в сопоставимых условиях есть для "
            f"{agree(f['partner_pairs'], SCHOOLS_OF)} из{NBSP}{format_count(f['schools_for_partners'])}."
        ),
        (PARTNERS_FOUND, PARTNERS_SOUGHT),
    ),
    Phrase(
        "events_short",
        ("90_support_plan",),
        ("events_done", "events_demanded", "events_shortage"),
        has("events_shortage"),
        lambda f: (
            f"Обмен опытом: {agree(f['events_done'], EVENTS)} за год – меньше, чем требует программа "
            f"(не менее{NBSP}{format_count(f['events_demanded'])})."
        ),
        (EVENTS_DONE, EVENTS_DEMANDED),
    ),
    Phrase(
        "events_enough",
        ("90_support_plan",),
        ("events_done", "events_demanded", "events_shortage"),
        has_no("events_shortage"),
        lambda f: (
            f"Обмен опытом: {agree(f['events_done'], EVENTS)} за год, требование программы "
            f"(не менее{NBSP}{format_count(f['events_demanded'])}) выполнено."
        ),
        (EVENTS_DONE, EVENTS_DEMANDED),
    ),
    Phrase(
        "risks_without_mitigation",
        ("90_support_plan",),
        ("risks_total", "risks_without_mitigation"),
        has("risks_without_mitigation"),
        lambda f: (
            f"Путь минимизации не назван для {agree(f['risks_without_mitigation'], RISKS_OF)} "
            f"из{NBSP}{format_count(f['risks_total'])}."
        ),
        (RISKS_BARE, RISKS_ALL),
    ),
    Phrase(
        "cycle_stages_empty",
        ("90_support_plan",),
        ("cycle_stages_empty",),
        has("cycle_stages_empty"),
        lambda f: (
            f"В управленческом цикле без мер {plural(f['cycle_stages_empty'], 'остался', 'остались', 'осталось')} "
            f"{format_count(f['cycle_stages_empty'])} {plural(f['cycle_stages_empty'], 'этап', 'этапа', 'этапов')}."
        ),
        (STAGES_EMPTY,),
    ),
    Phrase(
        "dues_open_some",
        ("90_support_plan",),
        ("dues_open", "measures_total"),
        has("dues_open"),
        lambda f: (
            f"Срок не назван или назван не до конца у {agree(f['dues_open'], MEASURES_OF)} "
            f"из{NBSP}{format_count(f['measures_total'])}."
        ),
        (DUES_OPEN, PLAN_ALL),
    ),
)

DECISIONS += (
    Phrase(
        "settle_overdue",
        ("90_support_plan",),
        ("measures_overdue",),
        has("measures_overdue"),
        settle_overdue,
        (PLAN_OVERDUE,),
    ),
    Phrase(
        "report_measures",
        ("90_support_plan",),
        ("measures_unknown",),
        has("measures_unknown"),
        report_measures,
        (PLAN_UNKNOWN,),
    ),
    Phrase(
        "approve_recommendations",
        ("90_support_plan",),
        ("recommended_schools",),
        has("recommended_schools"),
        lambda f: (
            f"Утвердить адресные рекомендации для {agree(f['recommended_schools'], SCHOOLS_OF)}, "
            "назначить ответственных и сроки."
        ),
        (RECOMMENDED,),
    ),
    Phrase(
        "learn_about_schools",
        ("90_support_plan",),
        ("unknown_schools",),
        has("unknown_schools"),
        lambda f: f"Собрать недостающие сведения о {agree(f['unknown_schools'], SCHOOLS_IN)}.",
        (UNKNOWN_SCHOOLS,),
    ),
    Phrase(
        "agree_partners",
        ("90_support_plan",),
        ("partner_pairs",),
        has("partner_pairs"),
        lambda f: (
            f"Обсудить со школами предложенные партнёрства и заключить договоры: {agree(f['partner_pairs'], PAIRS)}."
        ),
        (PARTNERS_FOUND,),
    ),
    Phrase(
        "seek_partners",
        ("90_support_plan",),
        ("partnerless_schools",),
        has("partnerless_schools"),
        lambda f: (
            f"Подобрать партнёра {agree(f['partnerless_schools'], SCHOOLS_TO)} за пределами муниципалитета "
            "или поручить одному партнёру больше школ."
        ),
        (PARTNERLESS,),
    ),
    Phrase(
        "hold_events",
        ("90_support_plan",),
        ("events_shortage",),
        has("events_shortage"),
        lambda f: f"Запланировать ещё {agree(f['events_shortage'], EVENTS)} по обмену опытом между школами.",
        (EVENTS_SHORTAGE,),
    ),
    Phrase(
        "mitigate_risks",
        ("90_support_plan",),
        ("risks_without_mitigation",),
        has("risks_without_mitigation"),
        lambda f: f"Назвать пути минимизации для {agree(f['risks_without_mitigation'], RISKS_OF)}.",
        (RISKS_BARE,),
    ),
    Phrase(
        "date_measures",
        ("90_support_plan",),
        ("dues_open",),
        has("dues_open"),
        lambda f: f"Уточнить сроки {agree(f['dues_open'], MEASURES_OF)}.",
        (DUES_OPEN,),
    ),
)

CONTEXT_SCHOOLS = Evidence("context_schools", "risk_schools")
CONTEXT_HIGH = Evidence("context_high_schools", "risk_schools", where={"has_high": "да"})
CONTEXT_UNKNOWN = Evidence("context_unknown", "risk_schools", "sum", "unknown")
CONTEXT_RURAL = Evidence("context_rural_more", "risk_zones", where={"more_word": "в сельских"})
CONTEXT_URBAN = Evidence("context_urban_more", "risk_zones", where={"more_word": "в городских"})
CONTEXT_VACANCIES = Evidence("context_vacancies", "staff_levels", "value", "value", {"measure": "Незанятые ставки"})
PASSPORTS = Evidence("passports_total", "passport_schools")
INCOMPLETE = Evidence("passports_incomplete", "passport_schools", where={"complete": "нет"})
SUPPORTED = Evidence("passports_supported", "passport_schools", where={"supported": "да"})
WITHOUT_MEASURES = Evidence(
    "passports_without_measures", "passport_schools", where={"supported": "да", "own_measures": "0"}
)

HEADLINES += (
    Phrase(
        "context_high_some",
        ("40_context_risks",),
        ("context_schools", "context_high_schools"),
        has("context_high_schools"),
        lambda f: (
            f"Хотя бы одно условие работы – высокий риск у{NBSP}"
            f"{agree(f['context_high_schools'], SCHOOLS_OF)} из{NBSP}{format_count(f['context_schools'])}, "
            "о которых есть сведения. Это условия, а не оценка работы школ."
        ),
        (CONTEXT_HIGH, CONTEXT_SCHOOLS),
    ),
    Phrase(
        "context_high_none",
        ("40_context_risks",),
        ("context_schools", "context_high_schools"),
        lambda f: f["context_schools"] > 0 and f["context_high_schools"] == 0,
        lambda f: (
            f"Условий высокого риска у{NBSP}{agree(f['context_schools'], SCHOOLS_OF)}, о которых есть сведения, не найдено."
        ),
        (CONTEXT_HIGH, CONTEXT_SCHOOLS),
    ),
    Phrase(
        "context_no_schools",
        ("40_context_risks",),
        ("context_schools",),
        has_no("context_schools"),
        lambda f: (
            "Сведений об условиях по отдельным школам нет: матрица рисков не построена. Это не значит, что рисков нет."
        ),
    ),
    Phrase(
        "context_top",
        ("40_context_risks",),
        ("context_top", "context_top_zone", "context_top_assessed"),
        has("context_top_zone"),
        lambda f: (
            f"Самая частая зона риска – {f['context_top']}: {agree(f['context_top_zone'], SCHOOLS)} "
            f"из{NBSP}{format_count(f['context_top_assessed'])}, где это известно."
        ),
    ),
    Phrase(
        "context_contrast",
        ("40_context_risks",),
        ("context_rural_more", "context_urban_more"),
        lambda f: f["context_rural_more"] + f["context_urban_more"] > 0,
        lambda f: (
            f"В сельских школах чаще бывают зоной риска {agree(f['context_rural_more'], CONDITIONS)}, "
            f"в городских – {format_count(f['context_urban_more'])}."
        ),
        (CONTEXT_RURAL, CONTEXT_URBAN),
    ),
    Phrase(
        "context_vacancies",
        ("40_context_risks",),
        ("context_vacancies",),
        has("context_vacancies"),
        lambda f: (
            f"В муниципалитете {plural(f['context_vacancies'], 'не занята', 'не заняты', 'не занято')} "
            f"{agree(f['context_vacancies'], POSTS)} педагогов."
        ),
        (CONTEXT_VACANCIES,),
    ),
    Phrase(
        "context_unknown",
        ("40_context_risks",),
        ("context_unknown", "context_pairs"),
        has("context_unknown"),
        lambda f: (
            f"Не оценено условий: {format_count(f['context_unknown'])} из{NBSP}{format_count(f['context_pairs'])} пар "
            "«школа – условие» – сведений нет или они противоречат друг другу. Низким риском это не считается."
        ),
        (CONTEXT_UNKNOWN,),
    ),
    Phrase(
        "passports_made",
        ("95_school_passports",),
        ("passports_total", "passports_supported"),
        has("passports_total"),
        lambda f: (
            f"{plural(f['passports_total'], 'Составлен', 'Составлены', 'Составлено')} "
            f"{agree(f['passports_total'], ('паспорт', 'паспорта', 'паспортов'))} "
            f"{'школы' if f['passports_total'] == 1 else 'школ'}; в категориях ШНОР или ШНСУ – "
            f"{agree(f['passports_supported'], SCHOOLS)}"
            + (
                f", о{NBSP}{agree(f['passports_unjudged'], SCHOOLS_IN)} вывода нет: данных недостаточно."
                if f.get("passports_unjudged")
                else "."
            )
        ),
        (PASSPORTS, SUPPORTED),
    ),
    Phrase(
        "passports_incomplete",
        ("95_school_passports",),
        ("passports_incomplete",),
        has("passports_incomplete"),
        lambda f: (
            f"Не все исходные таблицы есть у{NBSP}{agree(f['passports_incomplete'], SCHOOLS_OF)}; чего не хватает, сказано "
            "в конце паспорта."
        ),
        (INCOMPLETE,),
    ),
    Phrase(
        "passports_complete",
        ("95_school_passports",),
        ("passports_total", "passports_incomplete"),
        lambda f: f["passports_total"] > 0 and f["passports_incomplete"] == 0,
        lambda f: "Исходные таблицы есть у всех школ.",
        (INCOMPLETE,),
    ),
    Phrase(
        "passports_without_measures",
        ("95_school_passports",),
        ("passports_without_measures", "passports_supported"),
        has("passports_without_measures"),
        lambda f: (
            f"В плане нет своих мер для {agree(f['passports_without_measures'], SCHOOLS_OF)} "
            f"из{NBSP}{format_count(f['passports_supported'])} в категориях ШНОР и ШНСУ; действуют общие меры программы."
        ),
        (WITHOUT_MEASURES, SUPPORTED),
    ),
)

DECISIONS += (
    Phrase(
        "help_conditions",
        ("40_context_risks",),
        ("context_high_schools",),
        has("context_high_schools"),
        lambda f: (
            f"Предусмотреть помощь {agree(f['context_high_schools'], SCHOOLS_TO)} по условиям высокого риска, которые школа "
            "сама изменить не может."
        ),
        (CONTEXT_HIGH,),
    ),
    Phrase(
        "advise_posts",
        ("40_context_risks",),
        ("advised_schools",),
        has("advised_schools"),
        lambda f: (
            f"Рассмотреть рекомендации по штатному расписанию для {agree(f['advised_schools'], SCHOOLS_OF)} из перечней."
        ),
    ),
    Phrase(
        "settle_contradictions",
        ("40_context_risks",),
        ("context_contradictions",),
        has("context_contradictions"),
        lambda f: (
            f"Уточнить у школ {agree(f['context_contradictions'], ('противоречивый ответ', 'противоречивых ответа', 'противоречивых ответов'))}."
        ),
    ),
    Phrase(
        "collect_context",
        ("40_context_risks",),
        ("context_schools",),
        has_no("context_schools"),
        lambda f: "Собрать со школ сведения о кадрах, ресурсах, социальном составе и ответы на контекстный опрос.",
    ),
    Phrase(
        "hand_passports",
        ("95_school_passports",),
        ("passports_total",),
        has("passports_total"),
        lambda f: (
            f"Передать паспорта школам ({format_count(f['passports_total'])}) и обсудить их с каждой школой отдельно."
            if f["passports_total"] > 1
            else "Передать 1 паспорт школе и обсудить его с ней."
        ),
        (PASSPORTS,),
    ),
    Phrase(
        "plan_measures",
        ("95_school_passports",),
        ("passports_without_measures",),
        has("passports_without_measures"),
        lambda f: (
            f"Дополнить план собственными мерами для {agree(f['passports_without_measures'], SCHOOLS_OF)} в категориях ШНОР и ШНСУ."
        ),
        (WITHOUT_MEASURES,),
    ),
)


def of_region(fact: str, category: str, column: str) -> Evidence:
    """Proof from the totals of a region: one row a category."""
    return Evidence(fact, "region_totals", "value", column, {"figure": category})


def found_in_region(facts: Facts, category: str) -> str:
    """Out of how many schools, and in how many offices: the end of a sentence on a region."""
    return (
        f"из{NBSP}{format_count(facts[f'region_{category}_of'])} там, где вывод сделан: "
        f"в {agree(facts[f'region_{category}_assessed'], OFFICES_IN)} из{NBSP}{format_count(facts['region_offices_total'])}."
    )


REGION_OFFICES = Evidence("region_offices_total", "region_members")
REGION_ABSENT = Evidence("region_offices_absent", "region_members", where={"present": "нет"})
REGION_LOW = of_region("region_low_results_count", "ШНОР", "schools")
REGION_LOW_OFFICES = of_region("region_low_results_offices", "ШНОР", "offices")
REGION_ABOVE = Evidence("region_expected_above", "region_expected_offices", "sum", "better")
REGION_BELOW = Evidence("region_expected_below", "region_expected_offices", "sum", "worse")
REGION_EXPECTED = Evidence("region_expected_schools", "region_expected_offices", "sum", "compared")

HEADLINES += (
    Phrase(
        "region_low_results",
        ("05_region",),
        ("region_low_results_count", "region_low_results_of", "region_offices_total"),
        has("region_low_results_assessed"),
        lambda f: (
            f"Низкие образовательные результаты {schools(f['region_low_results_count'], 'имеет', 'имеют')} "
            f"{found_in_region(f, 'low_results')}"
        ),
        (
            REGION_LOW,
            of_region("region_low_results_of", "ШНОР", "of"),
            of_region("region_low_results_assessed", "ШНОР", "assessed"),
            REGION_OFFICES,
        ),
    ),
    Phrase(
        "region_adverse",
        ("05_region",),
        ("region_adverse_count", "region_adverse_of", "region_offices_total"),
        has("region_adverse_assessed"),
        lambda f: (
            f"В неблагоприятных условиях {schools(f['region_adverse_count'], 'работает', 'работают')} "
            f"{found_in_region(f, 'adverse')}"
        ),
        (
            of_region("region_adverse_count", "ШНСУ", "schools"),
            of_region("region_adverse_of", "ШНСУ", "of"),
            of_region("region_adverse_assessed", "ШНСУ", "assessed"),
            REGION_OFFICES,
        ),
    ),
    Phrase(
        "region_absent",
        ("05_region",),
        ("region_offices_total", "region_offices_absent"),
        has("region_offices_absent"),
        lambda f: (
            f"Муниципалитетов без пригодных данных – {format_count(f['region_offices_absent'])} "
            f"из{NBSP}{format_count(f['region_offices_total'])}: о школах там ничего не известно."
        ),
        (REGION_OFFICES, REGION_ABSENT),
    ),
    Phrase(
        "region_complete",
        ("05_region",),
        ("region_offices_total", "region_offices_absent"),
        has_no("region_offices_absent"),
        lambda f: f"Данные есть по всем муниципалитетам региона: их {format_count(f['region_offices_total'])}.",
        (REGION_OFFICES,),
    ),
    Phrase(
        "region_expectation",
        ("05_region",),
        ("region_expected_schools", "region_expected_above", "region_expected_below"),
        has("region_expected_schools"),
        lambda f: (
            "С учётом социального контекста результаты выше ожидаемых "
            f"{schools(f['region_expected_above'], 'показывает', 'показывают')}, "
            f"ниже – {format_count(f['region_expected_below'])} из{NBSP}{format_count(f['region_expected_schools'])}."
        ),
        (REGION_ABOVE, REGION_BELOW, REGION_EXPECTED),
    ),
)

DECISIONS += (
    Phrase(
        "region_help",
        ("05_region",),
        ("region_low_results_count", "region_low_results_offices"),
        has("region_low_results_count"),
        lambda f: (
            "Согласовать с муниципалитетами помощь школам с низкими результатами: "
            f"{agree(f['region_low_results_count'], SCHOOLS)} в {agree(f['region_low_results_offices'], OFFICES_IN)}."
        ),
        (REGION_LOW, REGION_LOW_OFFICES),
    ),
    Phrase(
        "region_learn",
        ("05_region",),
        ("region_expected_above",),
        has("region_expected_above"),
        lambda f: (
            f"Изучить опыт {format_count(f['region_expected_above'])} "
            f"{plural(f['region_expected_above'], 'школы', 'школ', 'школ')} с результатами выше ожидаемых по контексту."
        ),
        (REGION_ABOVE,),
    ),
    Phrase(
        "region_collect",
        ("05_region",),
        ("region_offices_absent",),
        has("region_offices_absent"),
        lambda f: f"Получить пригодные данные от {agree(f['region_offices_absent'], OFFICES_OF)} и повторить расчёт.",
        (REGION_ABSENT,),
    ),
)

LISTED_ALWAYS = Evidence("certain_always", "certainty", where={"category_word": "ШНОР", "word": "всегда"})
LISTED_NEVER = Evidence("certain_never", "certainty", where={"category_word": "ШНОР", "word": "никогда"})
LISTED_OFTEN = Evidence("certain_often", "certainty", where={"category_word": "ШНОР", "word": "часто"})
LISTED_SOMETIMES = Evidence("certain_sometimes", "certainty", where={"category_word": "ШНОР", "word": "иногда"})
LISTED_UNKNOWN = Evidence("certain_unknown", "certainty", where={"category_word": "ШНОР", "word": "не определить"})
SCENARIOS_MOVING = Evidence("scenarios_moving", "scenarios", where={"moves": "да"})
CHOICE_TOP = Evidence("choice_top_share", "what_matters", "value", "total", {"category_word": "ШНОР", "top": "да"})
ABOVE_EXPECTED = Evidence("above_expected", "expected_results", where={"comparison": "лучше"})
BELOW_EXPECTED = Evidence("below_expected", "expected_results", where={"comparison": "хуже"})
FRAGILE_CHANGES = Evidence("fragile_count", "fragile_changes")
CONCLUSIONS: WordForms = ("вывод", "вывода", "выводов")

HEADLINES += (
    Phrase(
        "list_certain",
        ("60_robustness",),
        ("certain_always", "certain_never"),
        lambda f: f["certain_always"] + f["certain_never"] > 0,
        lambda f: (
            "Как ни менять правила в объявленных пределах, "
            + (
                f"всегда в перечне ШНОР {agree(f['certain_always'], SCHOOLS)}"
                if f["certain_always"]
                else "ни одна школа не остаётся в перечне ШНОР всегда"
            )
            + (
                f", никогда в него не {schools(f['certain_never'], 'попадает', 'попадают')}."
                if f["certain_never"]
                else "; ни о какой школе нельзя сказать, что её в нём не бывает."
            )
        ),
        (LISTED_ALWAYS, LISTED_NEVER),
    ),
    Phrase(
        "list_doubtful",
        ("60_robustness",),
        ("certain_doubtful", "certain_often", "certain_sometimes"),
        has("certain_doubtful"),
        lambda f: (
            f"От выбора правил или случая зависит вывод о{NBSP}{agree(f['certain_doubtful'], SCHOOLS_IN)} "
            f"(часто в перечне – {format_count(f['certain_often'])}, иногда – {format_count(f['certain_sometimes'])}): "
            "без экспертов такой вывод не окончательный."
        ),
        (LISTED_OFTEN, LISTED_SOMETIMES),
    ),
    Phrase(
        "list_unknown",
        ("60_robustness",),
        ("certain_unknown",),
        has("certain_unknown"),
        lambda f: (
            f"О{NBSP}{agree(f['certain_unknown'], SCHOOLS_IN)} большинство расчётов вывода не даёт: данных недостаточно."
        ),
        (LISTED_UNKNOWN,),
    ),
    Phrase(
        "scenarios_move",
        ("60_robustness",),
        ("scenarios_total", "scenarios_moving"),
        lambda f: f["scenarios_total"] > 0,
        lambda f: (
            f"Перечни {plural(f['scenarios_moving'], 'меняет', 'меняют', 'меняют')} "
            f"{agree(f['scenarios_moving'], SCENARIOS)} из{NBSP}{format_count(f['scenarios_total'])}."
            if f["scenarios_moving"]
            else f"Ни один из{NBSP}{agree(f['scenarios_total'], SCENARIOS_OF)} перечней не меняет."
        ),
        (SCENARIOS_MOVING,),
    ),
    Phrase(
        "choice_top",
        ("60_robustness",),
        ("choice_top", "choice_top_share"),
        has("choice_top_share"),
        lambda f: (
            f"Сильнее всего перечень ШНОР зависит от выбора «{f['choice_top']}»: с ним "
            + (
                f"связано {format_percent(f['choice_top_share'], 0)} различий"
                if f["choice_top_share"] < 1
                else "связаны все различия"
            )
            + " между расчётами."
        ),
        (CHOICE_TOP,),
    ),
    Phrase(
        "fragile_some",
        ("60_robustness",),
        ("fragile_count",),
        has("fragile_count"),
        lambda f: (
            f"Если сдвинуть один параметр не больше чем на десятую часть, "
            f"{plural(f['fragile_count'], 'изменится', 'изменятся', 'изменится')} {agree(f['fragile_count'], CONCLUSIONS)}."
        ),
        (FRAGILE_CHANGES,),
    ),
    Phrase(
        "expectation_told",
        ("60_robustness",),
        ("above_expected", "below_expected", "expected_schools"),
        has("expected_schools"),
        lambda f: (
            "С учётом социального контекста результаты выше ожидаемых "
            f"{schools(f['above_expected'], 'показывает', 'показывают')}, ниже – {format_count(f['below_expected'])} "
            f"из{NBSP}{format_count(f['expected_schools'])}."
        ),
        (ABOVE_EXPECTED, BELOW_EXPECTED),
    ),
)

DECISIONS += (
    Phrase(
        "discuss_doubtful",
        ("60_robustness",),
        ("certain_doubtful",),
        has("certain_doubtful"),
        lambda f: (
            f"Рассмотреть с экспертами {format_count(f['certain_doubtful'])} "
            f"{plural(f['certain_doubtful'], 'школу', 'школы', 'школ')}, вывод о которых зависит от выбора правил."
        ),
    ),
    Phrase(
        "fix_choice",
        ("60_robustness",),
        ("choice_rule",),
        lambda f: True,
        lambda f: f"Записать в документе правило, от которого перечень зависит сильнее всего: {f['choice_rule']}.",
    ),
    Phrase(
        "learn_from_resilient",
        ("60_robustness",),
        ("above_expected",),
        has("above_expected"),
        lambda f: (
            f"Изучить опыт {format_count(f['above_expected'])} {plural(f['above_expected'], 'школы', 'школ', 'школ')} "
            "с результатами выше ожидаемых по контексту."
        ),
    ),
)

RESULT_WORSE = Evidence("results_worse", "results_by_school", "sum", "worse")
RESULT_BETTER = Evidence("results_better", "results_by_school", "sum", "better")
RESULT_COMPARED = Evidence("results_compared", "results_by_school", "sum", "compared")
FALLS = Evidence("changes_falls", "results_changes", where={"direction_word": "хуже"})
RISES = Evidence("changes_rises", "results_changes", where={"direction_word": "лучше"})
GIA9_DOWN = Evidence("gia9_down", "years_gia9", where={"moved": "снизилось"})
GIA9_UP = Evidence("gia9_up", "years_gia9", where={"moved": "выросло"})


def of_these(part: float, whole: float) -> str:
    """How many of those named before: "у всех этих", "у 3 из них"."""
    return "у всех этих результатов" if part == whole else f"у{NBSP}{format_count(part)} из них"


def of_olympiads(fact: str, column: str) -> Evidence:
    """Proof from the table of olympiads: the municipal stage of the year of the report."""
    return Evidence(fact, "olympiads", "value", column, {"stage_word": "Муниципальный", "current": "да"})


HEADLINES += (
    Phrase(
        "results_compared",
        ("20_results",),
        ("results_level", "results_compared", "results_worse", "results_better"),
        has("results_compared"),
        lambda f: (
            f"Хуже {f['results_level']} {format_count(f['results_worse'])} из{NBSP}"
            f"{agree(f['results_compared'], RESULTS_OF)} школ, лучше – {format_count(f['results_better'])}; остальные "
            "отличаются не больше, чем это бывает случайно."
        ),
        (RESULT_WORSE, RESULT_COMPARED, RESULT_BETTER),
    ),
    Phrase(
        "results_not_compared",
        ("20_results",),
        ("results_compared",),
        has_no("results_compared"),
        lambda f: (
            "Сравнить результаты школ с учётом случайности нельзя: нет результатов школ или числа участников. "
            "Это не значит, что различий нет."
        ),
    ),
    Phrase(
        "changes_some",
        ("20_results",),
        ("changes_tested", "changes_falls", "changes_rises", "changes_broken"),
        lambda f: f["changes_falls"] + f["changes_rises"] > 0,
        changes_told,
        (FALLS, RISES),
    ),
    Phrase(
        "changes_none",
        ("20_results",),
        ("changes_tested", "changes_falls", "changes_rises"),
        lambda f: f["changes_tested"] > 0 and f["changes_falls"] + f["changes_rises"] == 0,
        lambda f: f"Ни один из{NBSP}{agree(f['changes_tested'], RESULTS_OF)} школ не изменился больше случайного.",
        (FALLS, RISES),
    ),
    Phrase(
        "gia9_moved",
        ("20_results",),
        ("gia9_series", "gia9_down", "gia9_up"),
        has("gia9_series"),
        lambda f: (
            f"Качество ОГЭ по муниципалитету снизилось по{NBSP}{format_count(f['gia9_down'])} и выросло по{NBSP}"
            f"{format_count(f['gia9_up'])} из{NBSP}{format_count(f['gia9_series'])} предметов; без числа участников "
            "отделить изменение от случая нельзя."
        ),
        (GIA9_DOWN, GIA9_UP),
    ),
    Phrase(
        "gia9_below",
        ("20_results",),
        ("gia9_named", "gia9_below"),
        has("gia9_below"),
        lambda f: (
            f"Документ называет {format_count(f['gia9_named'])} "
            f"{plural(f['gia9_named'], 'результат', 'результата', 'результатов')} школ на ОГЭ; ниже муниципалитета "
            f"из{NBSP}них {format_count(f['gia9_below'])}."
        ),
    ),
    Phrase(
        "learning_gap",
        ("20_results",),
        ("learning_gap", "learning_gap_part"),
        has("learning_gap"),
        lambda f: (
            f"Самый широкий разрыв качества обучения между школами – {format_points(f['learning_gap']).lstrip('+')} "
            f"({f['learning_gap_part']})."
        ),
        (Evidence("learning_gap", "gaps_rates", "value", "gap", {"widest": "да"}),),
    ),
    Phrase(
        "olympiads",
        ("20_results",),
        ("olympiad_participants", "olympiad_winners", "olympiad_prize_winners"),
        has("olympiad_participants"),
        lambda f: (
            f"В муниципальном этапе олимпиад – {agree(f['olympiad_participants'], PARTICIPANTS)}, "
            f"победителей {format_count(f['olympiad_winners'])}, призёров {format_count(f['olympiad_prize_winners'])}."
        ),
        (
            of_olympiads("olympiad_participants", "participants"),
            of_olympiads("olympiad_winners", "winners"),
            of_olympiads("olympiad_prize_winners", "prize_winners"),
        ),
    ),
)

DECISIONS += (
    Phrase(
        "discuss_falls",
        ("20_results",),
        ("changes_falls",),
        has("changes_falls"),
        lambda f: (
            f"Разобрать вместе со школами причины ухудшения {agree(f['changes_falls'], RESULTS_OF)} и решить, "
            "какая методическая помощь нужна."
        ),
        (FALLS,),
    ),
    Phrase(
        "discuss_worse",
        ("20_results",),
        ("results_worse", "results_level"),
        has("results_worse"),
        lambda f: (
            f"Обсудить в методических объединениях предметы, по которым результаты школ хуже {f['results_level']}."
        ),
    ),
    Phrase(
        "collect_results",
        ("20_results",),
        ("results_compared",),
        has_no("results_compared"),
        lambda f: "Запросить результаты школ с числом участников: таблица «Результаты процедур» (exam_results).",
    ),
)


JOURNAL_SHARES = tuple(
    Evidence(f"journal_{name}", "journal_levels", "value", name, {"level_word": "Муниципалитет"})
    for name in ("confirmed", "lowered", "raised")
)
JOURNAL_ABOVE = Evidence("journal_above", "journal_schools", where={"position": "выше"})
JOURNAL_BELOW = Evidence("journal_below", "journal_schools", where={"position": "ниже"})
BIAS_ALL = Evidence("bias_total", "bias_schools")
BIAS_SCHOOLS = Evidence("bias_schools", "bias_schools", where={"verdict": "есть"})
BIAS_CLEAR = Evidence("bias_clear", "bias_schools", where={"verdict": "не найдено"})
BIAS_OPEN = Evidence("bias_open", "bias_schools", where={"verdict": "не оценено"})
BIAS_UNLISTED = Evidence("bias_unlisted", "bias_list", where={"on_list": "нет"})


def index_ends(facts: Facts) -> str:
    """The index of objectivity: one number, or from one to another."""
    low, high = format_number(facts["bias_index_low"], 1), format_number(facts["bias_index_high"], 1)
    return f"{high} из{NBSP}100" if low == high else f"от {low} до {high} из{NBSP}100"


HEADLINES += (
    Phrase(
        "journal_shares",
        ("30_objectivity",),
        ("journal_year", "journal_confirmed", "journal_lowered", "journal_raised"),
        lambda f: True,
        lambda f: (
            f"ВПР {f['journal_year']} года: отметку журнала подтвердили в{NBSP}{format_percent(f['journal_confirmed'])} работ, "
            f"понизили в{NBSP}{format_percent(f['journal_lowered'])}, повысили в{NBSP}{format_percent(f['journal_raised'])}."
        ),
        JOURNAL_SHARES,
    ),
    Phrase(
        "journal_schools",
        ("30_objectivity",),
        ("journal_compared", "journal_above", "journal_below", "journal_level"),
        has("journal_compared"),
        lambda f: (
            f"Доля понизивших отметку выше значения {f['journal_level']} в{NBSP}{agree(f['journal_above'], SCHOOLS_IN)} "
            f"из{NBSP}{format_count(f['journal_compared'])}, ниже – в{NBSP}{format_count(f['journal_below'])}."
        ),
        (JOURNAL_ABOVE, JOURNAL_BELOW),
    ),
    Phrase(
        "bias_some",
        ("30_objectivity",),
        ("bias_total", "bias_schools"),
        has("bias_schools"),
        lambda f: (
            f"Признаки необъективности есть у{NBSP}{agree(f['bias_schools'], SCHOOLS_OF)} из{NBSP}{format_count(f['bias_total'])}. "
            "Признак – повод проверить результаты, а не вывод о чьей-то вине."
        ),
        (BIAS_ALL, BIAS_SCHOOLS),
    ),
    Phrase(
        "bias_none",
        ("30_objectivity",),
        ("bias_total", "bias_clear"),
        lambda f: 0 < f["bias_clear"] == f["bias_total"],
        lambda f: f"Признаков необъективности нет ни у одной из{NBSP}{agree(f['bias_total'], SCHOOLS_OF)}.",
        (BIAS_ALL, BIAS_CLEAR),
    ),
    Phrase(
        "bias_none_found",
        ("30_objectivity",),
        ("bias_total", "bias_schools", "bias_clear"),
        lambda f: f["bias_schools"] == 0 < f["bias_clear"] < f["bias_total"],
        lambda f: (
            "Среди школ, по которым оценены все признаки необъективности, они не найдены; "
            f"оценены {format_count(f['bias_clear'])} из{NBSP}{format_count(f['bias_total'])}."
        ),
        (BIAS_ALL, BIAS_CLEAR),
    ),
    Phrase(
        "bias_unlisted",
        ("30_objectivity",),
        ("bias_schools", "bias_unlisted"),
        has("bias_unlisted"),
        lambda f: (
            (
                f"Ни одна из{NBSP}{agree(f['bias_schools'], SCHOOLS_OF)} с признаками не отнесена к ШНОР: "
                if f["bias_unlisted"] == f["bias_schools"] > 1
                else f"Из{NBSP}{agree(f['bias_schools'], SCHOOLS_OF)} с признаками не отнесены к ШНОР "
                f"{format_count(f['bias_unlisted'])}: "
            )
            + "пока результаты не проверены, низкие результаты там могут быть не видны."
        ),
        (BIAS_SCHOOLS, BIAS_UNLISTED),
    ),
    Phrase(
        "bias_open",
        ("30_objectivity",),
        ("bias_total", "bias_open"),
        has("bias_open"),
        lambda f: (
            f"Признаки необъективности оценены не полностью у{NBSP}{agree(f['bias_open'], SCHOOLS_OF)} "
            f"из{NBSP}{format_count(f['bias_total'])}: считать {plural(f['bias_open'], 'её', 'их', 'их')} результаты "
            "подтверждёнными нельзя."
        ),
        (BIAS_ALL, BIAS_OPEN),
    ),
    Phrase(
        "bias_index",
        ("30_objectivity",),
        ("bias_index_low", "bias_index_high"),
        lambda f: True,
        lambda f: f"Индекс объективности территории – {index_ends(f)} (доля школ без признаков).",
        (
            Evidence("bias_index_low", "bias_index", "value", "low"),
            Evidence("bias_index_high", "bias_index", "value", "high"),
        ),
    ),
)

DECISIONS += (
    Phrase(
        "check_marked",
        ("30_objectivity",),
        ("bias_schools",),
        has("bias_schools"),
        lambda f: (
            f"Проверить результаты {agree(f['bias_schools'], SCHOOLS_OF)} с признаками: независимые наблюдатели на ВПР и "
            "перепроверка части работ."
        ),
        (BIAS_SCHOOLS,),
    ),
    Phrase(
        "wait_for_unlisted",
        ("30_objectivity",),
        ("bias_unlisted",),
        has("bias_unlisted"),
        lambda f: (
            f"До проверки не считать окончательным вывод о{NBSP}{agree(f['bias_unlisted'], SCHOOLS_IN)} с признаками, не "
            "отнесённых к ШНОР."
        ),
        (BIAS_UNLISTED,),
    ),
    Phrase(
        "discuss_journal",
        ("30_objectivity",),
        ("journal_above", "journal_level"),
        has("journal_above"),
        lambda f: (
            "Обсудить в методических объединениях, как ставятся отметки в журнал: доля понизивших на ВПР выше значения "
            f"{f['journal_level']} в{NBSP}{agree(f['journal_above'], SCHOOLS_IN)}."
        ),
        (JOURNAL_ABOVE,),
    ),
    Phrase(
        "collect_markers",
        ("30_objectivity",),
        ("bias_collectable",),
        has("bias_collectable"),
        lambda f: (
            f"Собрать данные, без которых не оценены признаки у{NBSP}{agree(f['bias_collectable'], SCHOOLS_OF)}; нужные таблицы "
            "названы в конце отчёта."
        ),
    ),
)


def headlines(facts: Facts, report: str, most: int = 6) -> list[Headline]:
    """The findings of a report, most important first.

    >>> found = headlines({"problems_errors": 0, "problems_warnings": 2}, "10_data_quality")
    >>> found[0].text.replace(NBSP, " ")
    'Ошибок в исходных данных нет, есть 2 замечания: расчёту не мешают, но проверить их стоит.'
    """
    found = triggered(HEADLINES, facts, report)[:most]
    return found or [Headline("nothing", "В представленных данных правила не нашли ничего существенного.")]


def decisions(facts: Facts, report: str) -> list[Headline]:
    """What the board is asked to decide."""
    return triggered(DECISIONS, facts, report)


def triggered(phrases: tuple[Phrase, ...], facts: Facts, report: str) -> list[Headline]:
    """The sentences of a list whose rule holds, in the order of the list."""
    unknown = sorted(set(facts) - set(FACTS))
    if unknown:
        raise KeyError(
            f"Неизвестные факты: {', '.join(unknown)}. Известные перечислены в FACTS (presentation/phrases.py); "
            "новый факт сначала опишите там."
        )
    return [
        Headline(
            phrase.id,
            phrase.text(facts),
            {proof.fact: facts[proof.fact] for proof in phrase.evidence},
            phrase.evidence,
        )
        for phrase in phrases
        if report in phrase.reports
        and not any(is_missing(facts.get(fact)) for fact in (*phrase.needs, *(p.fact for p in phrase.evidence)))
        and phrase.condition(facts)
    ]
