"""Sentences on the conditions schools work in: report 40."""

from shnor_lib.pages.numbers import (
    CONDITIONS,
    NBSP,
    POSTS,
    SCHOOLS,
    SCHOOLS_OF,
    SCHOOLS_TO,
    agree,
    format_count,
    plural,
)
from shnor_lib.pages.phrases.phrase import Evidence, Phrase, has, has_no

CONTEXT_SCHOOLS = Evidence("context_schools", "risk_schools")
CONTEXT_HIGH = Evidence("context_high_schools", "risk_schools", where={"has_high": "да"})
CONTEXT_UNKNOWN = Evidence("context_unknown", "risk_schools", "sum", "unknown")
CONTEXT_RURAL = Evidence("context_rural_more", "risk_zones", where={"more_word": "в сельских"})
CONTEXT_URBAN = Evidence("context_urban_more", "risk_zones", where={"more_word": "в городских"})
CONTEXT_VACANCIES = Evidence("context_vacancies", "staff_levels", "value", "value", {"measure": "Незанятые ставки"})

HEADLINES: tuple[Phrase, ...] = (
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
)

DECISIONS: tuple[Phrase, ...] = (
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
)
