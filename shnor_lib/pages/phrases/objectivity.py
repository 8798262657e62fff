"""Sentences on objectivity of results: report 30."""

from shnor_lib.pages.numbers import (
    NBSP,
    SCHOOLS_IN,
    SCHOOLS_OF,
    agree,
    format_count,
    format_number,
    format_percent,
    plural,
)
from shnor_lib.pages.phrases.phrase import Evidence, Facts, Phrase, has

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


HEADLINES: tuple[Phrase, ...] = (
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

DECISIONS: tuple[Phrase, ...] = (
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
