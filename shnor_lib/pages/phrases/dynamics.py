"""Sentences on change over the years: report 70."""

from shnor_lib.pages.numbers import NBSP, SCHOOLS, agree, format_count, plural
from shnor_lib.pages.phrases.phrase import Evidence, Facts, Phrase, has, has_no


def review_stayed(facts: Facts) -> str:
    return (
        f"Разобрать, почему помощь не изменила положения: {agree(facts['moves_stayed'], SCHOOLS)} в перечне второй год."
    )


STAYED = Evidence("moves_stayed", "list_moves", where={"category_word": "ШНОР", "move_word": "остаётся"})
ENTERED = Evidence("moves_entered", "list_moves", where={"category_word": "ШНОР", "move_word": "новая в перечне"})
LEFT = Evidence("moves_left", "list_moves", where={"category_word": "ШНОР", "move_word": "вышла"})

HEADLINES: tuple[Phrase, ...] = (
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

DECISIONS: tuple[Phrase, ...] = (
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
)
