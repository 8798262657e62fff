"""Sentences on results of procedures and learning: report 20."""

from shnor_lib.pages.numbers import NBSP, PARTICIPANTS, RESULTS_OF, agree, format_count, format_points, plural
from shnor_lib.pages.phrases.phrase import Evidence, Facts, Phrase, has, has_no


def changes_told(facts: Facts) -> str:
    changed = facts["changes_falls"] + facts["changes_rises"]
    broken = f"; {of_these(facts['changes_broken'], changed)} между годами менялась сама процедура"
    return (
        f"Больше случайного ухудшились {format_count(facts['changes_falls'])} из{NBSP}"
        f"{agree(facts['changes_tested'], RESULTS_OF)} школ, улучшились – {format_count(facts['changes_rises'])}"
        f"{broken if facts['changes_broken'] else ''}."
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


HEADLINES: tuple[Phrase, ...] = (
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

DECISIONS: tuple[Phrase, ...] = (
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
