"""Sentences on the offices of a region: report 05."""

from shnor_lib.pages.numbers import NBSP, OFFICES_IN, OFFICES_OF, SCHOOLS, agree, format_count, plural
from shnor_lib.pages.phrases.phrase import Evidence, Facts, Phrase, has, has_no, schools


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

HEADLINES: tuple[Phrase, ...] = (
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

DECISIONS: tuple[Phrase, ...] = (
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
