"""Sentences on how sure the lists are: report 60."""

from shnor_lib.pages.numbers import (
    NBSP,
    SCENARIOS,
    SCENARIOS_OF,
    SCHOOLS,
    SCHOOLS_IN,
    WordForms,
    agree,
    format_count,
    format_percent,
    plural,
)
from shnor_lib.pages.phrases.phrase import Evidence, Phrase, has, schools

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

HEADLINES: tuple[Phrase, ...] = (
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

DECISIONS: tuple[Phrase, ...] = (
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
