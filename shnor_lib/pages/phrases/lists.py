"""Sentences on the two lists of schools: reports 00 and 50."""

from shnor_lib.pages.numbers import (
    CRITERIA,
    NBSP,
    SCHOOLS,
    SCHOOLS_IN,
    SCHOOLS_OF,
    SCHOOLS_WHOM,
    WordForms,
    agree,
    format_count,
    format_percent,
    is_missing,
    plural,
)
from shnor_lib.pages.phrases.phrase import Evidence, Facts, Phrase, has, has_no, schools


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
)
