"""Sentences on the quality of the data: report 10."""

from shnor_lib.pages.numbers import CONTRADICTIONS, ERRORS, NBSP, TABLES, WARNINGS, agree, format_count, plural
from shnor_lib.pages.phrases.phrase import Evidence, Phrase, has, has_no

ERRORS_FOUND = Evidence("problems_errors", "data_problems", where={"severity": "ошибка"})
WARNINGS_FOUND = Evidence("problems_warnings", "data_problems", where={"severity": "замечание"})
TABLES_THERE = Evidence("tables_present", "data_tables", where={"present": "да"})
TABLES_ALL = Evidence("tables_total", "data_tables")

HEADLINES: tuple[Phrase, ...] = (
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

DECISIONS: tuple[Phrase, ...] = (
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
