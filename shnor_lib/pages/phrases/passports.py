"""Sentences on school passports: report 95."""

from shnor_lib.pages.numbers import NBSP, SCHOOLS, SCHOOLS_IN, SCHOOLS_OF, agree, format_count, plural
from shnor_lib.pages.phrases.phrase import Evidence, Phrase, has

PASSPORTS = Evidence("passports_total", "passport_schools")
INCOMPLETE = Evidence("passports_incomplete", "passport_schools", where={"complete": "нет"})
SUPPORTED = Evidence("passports_supported", "passport_schools", where={"supported": "да"})
WITHOUT_MEASURES = Evidence(
    "passports_without_measures", "passport_schools", where={"supported": "да", "own_measures": "0"}
)

HEADLINES: tuple[Phrase, ...] = (
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

DECISIONS: tuple[Phrase, ...] = (
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
