"""The numbers of the reports as files: one CSV a table, one Excel workbook, and a description machines can read.

Files are written from what the pages show, so page, CSV and Excel cannot disagree. Values keep every digit; units stand
in the headings. The same tables give the same bytes.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import xlsxwriter
from nbformat import NotebookNode

from shnor_lib.pages.cells import MIXED, NUMERIC_FORMATS
from shnor_lib.pages.export.html import ReportError
from shnor_lib.pages.markup import TABLE_MIME
from shnor_lib.pages.numbers import CODE_EXPLANATIONS, NBSP, to_decimal
from shnor_lib.params.persons import mask_document, mask_shown

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NO_CLOCK = datetime(2000, 1, 1)  # a creation date that does not change from run to run
WIDEST_COLUMN = 60
LONGEST_SHEET_NAME = 31
CONTENTS = "Содержание"
_LEADING_ON = re.compile(r"(?: (?:[авикосу]|во|до|за|из|на|не|об|от|по|со|без|для|или|как|при|что)| [–-]|[,;.])+$")


@dataclass(frozen=True)
class TableField:
    """One column of a table as it goes to files."""

    id: str
    label: str
    unit: str
    format: str
    digits: int
    note: str
    values: Sequence[str | float | int]

    @property
    def heading(self) -> str:
        return (f"{self.label}, {self.unit}" if self.unit else self.label).replace(NBSP, " ")

    @property
    def is_numeric(self) -> bool:
        return self.format in (*NUMERIC_FORMATS, MIXED)


@dataclass(frozen=True)
class ReportTable:
    """A table that a report shows. `asdict` of it is JSON, `from_json` its inverse, so a run can keep it.

    ``report``: the report that shows it (first), where tables of several stand together.
    """

    name: str
    caption: str
    note: str
    source: str
    row_header: Sequence[str]
    fields: Sequence[TableField]
    report: str = ""

    @classmethod
    def from_json(cls, payload: Mapping) -> "ReportTable":
        return cls(**{**payload, "fields": [TableField(**each) for each in payload["fields"]]})

    @property
    def rows(self) -> Iterable[tuple]:
        return zip(*(each.values for each in self.fields), strict=True)


def collect_tables(executed_notebook: NotebookNode) -> list[ReportTable]:
    """The tables a notebook shows, in order, those behind its figures included."""
    return unique_tables(
        ReportTable.from_json(payload)
        for cell in executed_notebook.cells
        for output in cell.get("outputs", ())
        for payload in output.get("data", {}).get(TABLE_MIME, ())
    )


def unique_tables(tables: Iterable[ReportTable]) -> list[ReportTable]:
    """The same tables, each name once; a name for two different tables is an error."""
    by_name: dict[str, ReportTable] = {}
    for table in tables:
        known = by_name.setdefault(table.name, table)
        if known is not table and asdict(known)["fields"] != asdict(table)["fields"]:
            raise ReportError(
                f"Имя таблицы {table.name!r} занято дважды: «{known.caption}» и «{table.caption}». Файлы таблиц одного "
                "муниципалитета и года лежат в одной папке: дайте второй таблице другое имя (Table(name=…))."
            )
    return list(by_name.values())


def table_files(tables: Iterable[ReportTable], *, title: str) -> dict[str, bytes]:
    """Names and content: `<name>.csv` for each table, `tables.xlsx` and `datapackage.json`.

    Parameters
    ----------
    tables : Of all reports of an office and year.
    title : What they are about: "Демонстрационный округ, 2021".
    """
    tables, title = [table_without_names(table) for table in unique_tables(tables)], mask_shown(title)
    contents = {f"{table.name}.csv": table_csv(table) for table in tables}
    contents["tables.xlsx"] = workbook(tables, title)
    contents["datapackage.json"] = data_package(tables, contents, title)
    return contents


def table_without_names(table: ReportTable) -> ReportTable:
    """A table on its way into files, with persons masked in every text and cell."""
    kept = {"name": table.name, "row_header": table.row_header, "report": table.report}
    return ReportTable.from_json(mask_document(asdict(table)) | kept)


def table_csv(table: ReportTable) -> bytes:
    """A table for Excel with Russian settings: UTF-8 with its mark, semicolons, decimal commas."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(field.heading) for field in table.fields])
    writer.writerows([csv_value(value) for value in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def csv_value(value: str | float) -> str:
    """A cell of a CSV file.

    >>> csv_value(12.5), csv_value(-3), csv_value("=1+1")
    ('12,5', '-3', "'=1+1")
    """
    return harmless(value) if isinstance(value, str) else format(to_decimal(value), "f").replace(".", ",")


def harmless(text: str) -> str:
    """Text that a spreadsheet will not take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def workbook(tables: Sequence[ReportTable], title: str) -> bytes:
    """All tables as one Excel file: cover, contents, notes, then one table a sheet."""
    file = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, settings) as book:
        book.set_properties({"title": title, "created": NO_CLOCK})
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "bold": book.add_format({"bold": True}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}),
            "link": book.get_default_url_format(),
        }
        names = {table.name: sheet_name(number, table.caption) for number, table in enumerate(tables, start=1)}
        write_cover(book.add_worksheet("Обложка"), title, len(tables), styles)
        write_contents(book.add_worksheet(CONTENTS), tables, names, styles)
        write_notes(book.add_worksheet("Примечания"), tables, names, styles)
        number_formats: dict[int, object] = {}
        for table in tables:
            write_sheet(book, book.add_worksheet(names[table.name]), table, styles, number_formats)
    return file.getvalue()


def sheet_name(number: int, caption: str) -> str:
    """A sheet name Excel accepts, unique by its number: the caption without forbidden signs, as many whole words as fit.

    >>> sheet_name(7, "Признаки ШНОР/ШНСУ: по всем школам округа")
    '7 Признаки ШНОР ШНСУ по всем'
    >>> sheet_name(8, "Показатели, которых нет: данных или участников")
    '8 Показатели, которых нет'
    """
    name = str(number)
    for word in re.sub(r"[\[\]:*?/\\']", " ", caption).split():
        if len(name) + 1 + len(word) > LONGEST_SHEET_NAME:
            return _LEADING_ON.sub("", name)
        name += f" {word}"
    return name


def write_cover(sheet, title: str, count: int, styles: Mapping) -> None:
    lines = [
        "Таблицы отчётов о школах с низкими образовательными результатами и в неблагоприятных условиях.",
        f"Таблиц: {count}. Перечень на листе «Содержание», обозначения на листе «Примечания».",
        "Числа не округлены; единицы измерения указаны в заголовках столбцов.",
    ]
    sheet.set_column(0, 0, 100, styles["wrap"])
    sheet.write_string(0, 0, title, styles["title"])
    for row, line in enumerate(lines, start=1):
        sheet.write_string(row, 0, line, styles["wrap"])


def write_contents(sheet, tables: Sequence[ReportTable], names: Mapping[str, str], styles: Mapping) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    sheet.set_column(2, 2, 34)
    for column, heading in enumerate(("Лист", "Таблица", "Файл")):
        sheet.write_string(0, column, heading, styles["heading"])
    for row, table in enumerate(tables, start=1):
        sheet.write_url(row, 0, f"internal:'{names[table.name]}'!A1", styles["link"], names[table.name])
        sheet.write_string(row, 1, table.caption, styles["wrap"])
        sheet.write_string(row, 2, f"{table.name}.csv")
    keep_heading(sheet, 0, len(tables), 3)


def write_notes(sheet, tables: Sequence[ReportTable], names: Mapping[str, str], styles: Mapping) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    rows = [("Обозначение", "Значение"), *CODE_EXPLANATIONS.items()]
    rows += [(names[table.name], table.note) for table in tables if table.note]
    rows += [
        (f"{names[table.name]}: {field.label}", field.note) for table in tables for field in table.fields if field.note
    ]
    for row, (what, meaning) in enumerate(rows):
        style = styles["heading" if row == 0 else "wrap"]
        sheet.write_string(row, 0, what, style)
        sheet.write_string(row, 1, meaning, style)
    keep_heading(sheet, 0, len(rows) - 1, 2)


def keep_heading(sheet, heading: int, rows: int, columns: int, left: int = 0) -> None:
    """A row of headings that stays in sight and filters the rows under it, with the columns at the left that name them."""
    sheet.autofilter(heading, 0, heading + max(rows, 1), columns - 1)
    sheet.freeze_panes(heading + 1, left)


def write_sheet(book, sheet, table: ReportTable, styles: Mapping, number_formats: dict) -> None:
    """Caption, source and the way back above, headings in the fourth row, numbers as numbers."""
    sheet.write_string(0, 0, table.caption, styles["bold"])
    sheet.write_string(1, 0, f"Источник: {table.source}" if table.source else "Источник: см. отчёт")
    sheet.write_url(2, 0, f"internal:'{CONTENTS}'!A1", styles["link"], "К содержанию")
    first = 3
    for column, field in enumerate(table.fields):
        sheet.write_string(first, column, field.heading, styles["heading"])
        longest = max((len(value) for value in field.values if isinstance(value, str)), default=0)
        sheet.set_column(column, column, min(WIDEST_COLUMN, max(12, longest + 2)))
        if field.digits not in number_formats:
            shape = "#,##0" + ("." + "0" * field.digits if field.digits else "")
            number_formats[field.digits] = book.add_format({"num_format": shape})
        for row, value in enumerate(field.values, start=first + 1):
            if isinstance(value, str):
                sheet.write_string(row, column, value)
            else:
                sheet.write_number(row, column, value, number_formats[field.digits])
    keep_heading(sheet, first, len(table.fields[0].values), len(table.fields), len(table.row_header))
    sheet.repeat_rows(first)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def data_package(tables: Sequence[ReportTable], contents: Mapping[str, bytes], title: str) -> bytes:
    """The description of the CSV files by the Frictionless Data Package standard."""
    resources = [
        {
            "name": table.name,
            "path": f"{table.name}.csv",
            "title": table.caption,
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": len(contents[f"{table.name}.csv"]),
            "hash": f"sha256:{hashlib.sha256(contents[f'{table.name}.csv']).hexdigest()}",
            "dialect": {"delimiter": ";", "lineTerminator": "\r\n", "header": True},
            "schema": {
                "fields": [field_schema(field) for field in table.fields],
                "missingValues": ["", *CODE_EXPLANATIONS],
            },
            **({"sources": [{"title": table.source}]} if table.source else {}),
        }
        for table in tables
    ]
    package = {"profile": "tabular-data-package", "name": "tables", "title": title, "resources": resources}
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def field_schema(field: TableField) -> dict:
    schema = {"name": field.heading, "type": "string", "columnId": field.id}
    if field.is_numeric:
        schema |= {"type": "number", "decimalChar": ","}
    elif field.format == "date":
        schema |= {"type": "date"}
    if field.unit:
        schema["unit"] = field.unit
    if field.note:
        schema["description"] = field.note
    return schema
