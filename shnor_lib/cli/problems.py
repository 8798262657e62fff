"""The answer of ``shnor check``: on the screen in groups, with the remedy whole; as a file that Excel or a browser opens."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from shnor_lib.cli.saying import tell
from shnor_lib.params.titles import plural

if TYPE_CHECKING:
    import pandas as pd

    from shnor_lib.office.gather import Inspected
    from shnor_lib.office.office import Office

WIDEST = 110
HEADINGS = {"error": "ОШИБКИ – данные нельзя использовать", "warning": "ЗАМЕЧАНИЯ", "note": "К СВЕДЕНИЮ"}
COUNTED = {"error": "ошибок", "warning": "замечаний", "note": "к сведению"}
LABELS = {
    "municipality": "Муниципалитет",
    "severity": "Важность",
    "table": "Таблица",
    "file": "Файл",
    "sheet": "Лист",
    "cell": "Ячейка",
    "alike": "Таких мест",
    "school_id": "Код школы",
    "year": "Год",
    "value": "Что в ячейке",
    "problem": "Что не так",
    "allowed": "Что допустимо",
    "remedy": "Как исправить",
}
ABSENT = "table_absent"
MOST_SCHOOLS = 8
KINDS = (".xlsx", ".csv", ".html")


def show_problems(problems: pd.DataFrame, *, heading: str = "", brief: bool = False) -> None:
    """Print the problems of one office: the gravest first, those alike once, absent tables in one line; the last line counts.

    ``brief``: that line alone.
    """
    if heading:
        tell(f"== {heading} ==")
    for line in () if brief else lines_of(problems):
        tell(line)
    counts = problems["severity"].value_counts()
    tell("Итог: " + ", ".join(f"{word} – {counts.get(code, 0)}" for code, word in COUNTED.items()) + ".")


def lines_of(problems: pd.DataFrame) -> Iterator[str]:
    """The lines of :func:`show_problems` but for the last."""
    from shnor_lib.inputs.dictionary import table
    from shnor_lib.inputs.sources.problems import alike_together

    found = alike_together(problems)
    for severity, heading in HEADINGS.items():
        own = found[found["severity"].eq(severity) & found["first"]]
        if own.empty:
            continue
        yield heading
        absent = own["check"].eq(ABSENT)
        if absent.any():
            names = ", ".join(f"«{table(name).label}»" for name in own.loc[absent, "table"])
            yield from wrapped(f"Не представлены таблицы: {names}.", "  ", "    ")
        before = ""
        for row in own[~absent].astype("string").fillna("").to_dict("records"):
            others = f" и ещё {int(row['alike']) - 1}" if row["alike"] != "1" else ""
            sheet = f"лист «{row['sheet']}»" if row["sheet"] else ""
            place = ", ".join(filter(None, (row["file"], sheet, row["cell"])))
            told = row["value"] in row["problem"]  # also where there is none
            what = row["problem"] if told else f"{row['problem']} («{row['value']}»)"
            allowed = f". Допустимо: {row['allowed']}" if row["allowed"] else ""
            if place and place != before:
                yield from wrapped(f"{place}{others}", "  ", "  ")
            yield from wrapped(
                f"{what}{allowed}.".replace("..", ".").replace("….", "…"), "    " if place else "  ", "    "
            )
            before = place
            if row["remedy"]:
                yield from wrapped(f"→ {row['remedy']}", "    ", "      ")
        yield ""


def wrapped(text: str, first: str, others: str) -> list[str]:
    """A text in lines no longer than the screen; file names stay whole."""
    from shnor_lib.params.persons import mask_shown

    width = min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns)
    return textwrap.wrap(
        mask_shown(text),
        width,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def show_lacking(workspace: Path, inspected: Inspected) -> None:
    """Say which columns the method lacks, and of which schools; that all is there, where it is."""
    from shnor_lib.analyses.lacking import awaited_lists, lacking_columns
    from shnor_lib.office.assemble import judged_office
    from shnor_lib.office.gather import gather
    from shnor_lib.office.scope import scope_of
    from shnor_lib.pages.words import CATEGORIES

    scope = scope_of(workspace, inspected.municipality, inspected.years[-1])
    alone = (scope.municipalities, scope.years) == ([inspected.municipality], inspected.years)
    population = inspected.population if alone else gather(workspace, scope.municipalities, scope.years)
    office = judged_office(workspace, inspected.municipality, scope, population)
    lacking = lacking_columns(office)
    method = f"Методика «{office.method.short or office.method.title}»"
    if office.schools.empty:
        tell(f"{method}: ни одна школа не названа, выводов нет. Заполните таблицу «Школы».")
        return
    for category in awaited_lists(office):
        text = (
            f"О категории {CATEGORIES[category]} решает полученный список, а списка за {office.year} год нет: впишите его в лист "
            "«Полученные списки». Пока остаётся расчёт."
        )
        for part in wrapped(text, "", "  "):
            tell(part)
    if lacking.empty:
        tell(f"{method}: всё, что ей нужно от школ, представлено.")
        return
    tell(f"{method}: не хватает")
    for line in told_lacking(office, lacking):
        for part in wrapped(line, "  ", "    "):
            tell(part)


def told_lacking(office: Office, lacking: pd.DataFrame) -> list[str]:
    """One line for the columns of a table that the same schools lack."""
    from shnor_lib.inputs.dictionary import table

    lines = []
    for (place, schools), own in lacking.groupby(["table", "schools"], sort=False):
        entry, total = table(place), len(office.schools)
        names = [" или ".join(f"«{entry.columns[name].label}»" for name in one) for one in own["columns"] if one]
        what = f"{'столбцов' if len(names) > 1 else 'столбца'} {', '.join(names)} нет" if names else "нет строк"
        who = [office.school_names[school] for school in schools]
        shown = ", ".join(who[:MOST_SCHOOLS]) + (f" и ещё {len(who) - MOST_SCHOOLS}" if len(who) > MOST_SCHOOLS else "")
        some = f"{len(who)} {plural(len(who), 'школы', 'школ', 'школ')} из {total} ({shown})"
        every = "ни у одной школы" if names else "школ"
        told = f"{what} {every if len(who) == total else f'у {some}' if names else some}"
        lines.append(f"«{entry.label}»: {told}{'' if names else f' за {office.year} год'}.")
    return lines


def write_problems(problems: pd.DataFrame, path: Path, title: str) -> None:
    """Put the problems into a file."""
    from shnor_lib.runs.files import write_whole

    write_whole(path, problem_file(problems, path, title))
    tell(path)


def problem_file(problems: pd.DataFrame, path: Path, title: str) -> bytes:
    """The problems as a file of the kind that the name of ``path`` ends with: .xlsx, .csv or .html."""
    from shnor_lib.inputs.sources.problems import alike_together
    from shnor_lib.pages.export.persons import page_without_names
    from shnor_lib.pages.export.tables import ReportTable, TableField, table_csv, table_without_names, workbook
    from shnor_lib.pages.words import WORDS

    found = alike_together(problems)
    words = {code: word.text for code, word in WORDS["severity"].items()}
    shown = found.assign(severity=found["severity"].map(words), year=found["year"].astype("string"))
    columns = {
        name: shown[name].fillna("").astype(str).tolist()
        for name in LABELS
        if name in shown.columns and name != "alike"
    }
    if path.suffix.lower() == ".html":
        return page_without_names(problem_page(columns, title)).encode("utf-8")
    fields = [TableField(name, LABELS[name], "", "text", 0, "", values) for name, values in columns.items()]
    report = ReportTable("problems", title, "", "", [LABELS["severity"]], fields)
    report = table_without_names(report)
    return table_csv(report) if path.suffix.lower() == ".csv" else workbook([report], report.caption)


def problem_page(columns: dict[str, list[str]], title: str) -> str:
    """The problems as a page that needs nothing beside it."""
    head = "".join(f'<th scope="col">{escape(LABELS[name])}</th>' for name in columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for row in zip(*columns.values(), strict=True)
    )
    style = (
        "body{font:15px/1.4 'Segoe UI',Arial,'Liberation Sans','DejaVu Sans',sans-serif;margin:1.5em}"
        "table{border-collapse:collapse}td,th{border:1px solid #888;padding:.3em .5em;text-align:left;vertical-align:top}"
    )
    return (
        f'<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{style}</style>'
        f"</head><body><h1>{escape(title)}</h1><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></body></html>"
    )
