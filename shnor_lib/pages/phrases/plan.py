"""Sentences on the support plan: report 90."""

from shnor_lib.pages.numbers import (
    EVENTS,
    MEASURES,
    MEASURES_OF,
    NBSP,
    NO_DATA,
    PAIRS,
    RISKS_OF,
    SCHOOLS_IN,
    SCHOOLS_OF,
    SCHOOLS_TO,
    agree,
    format_count,
    plural,
)
from shnor_lib.pages.phrases.phrase import Evidence, Facts, Phrase, has, has_no


def report_measures(facts: Facts) -> str:
    return (
        f"Собрать у ответственных сведения о выполнении {agree(facts['measures_unknown'], MEASURES_OF)} "
        "и внести их в таблицу мер."
    )


def settle_overdue(facts: Facts) -> str:
    return (
        f"Заслушать ответственных за {format_count(facts['measures_overdue'])} "
        f"{plural(facts['measures_overdue'], 'просроченную меру', 'просроченные меры', 'просроченных мер')} "
        "и назначить новые сроки."
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

HEADLINES: tuple[Phrase, ...] = (
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

DECISIONS: tuple[Phrase, ...] = (
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
