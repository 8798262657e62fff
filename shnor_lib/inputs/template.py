"""The input workbook, made from the data dictionary: a sheet per table, with lists, ranges, hints and the office's schools.

What stands in it is what :mod:`shnor_lib.inputs.sources` reads: a row of hints, the header below it, then the data.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from shnor_lib.inputs.dictionary import Column, Table, choices, table, table_names
from shnor_lib.inputs.sources import sheet_name
from shnor_lib.inputs.sources.values import allowed_for
from shnor_lib.workspace import FIRST_YEAR, LAST_YEAR

CONSTANT = (
    "name",
    "short_name",
    "kind",
    "special_type",
    "locality",
    "settlement_population",
    "transport",
    "distance_km",
    "highest_grade",
    "aliases",
)
"""Columns of «Школы» that rarely change; those of the year before are filled in."""

REPEATED = ("exam_results", "mark_comparison", "learning_marks", "olympiads")
"""Tables in which the rows of the year before are filled in without their values."""

OF_DOCUMENTS = ("published_indicators", "satisfaction", "professional_deficits")
"""Tables that schools do not fill in."""

ABOVE_SCHOOL = ("level", "group", "schools", "schools_yes", "schools_asked")
"""Columns only rows above the school need."""

HINTS, HEADER, FIRST = 0, 1, 2
"""Rows (from 0) of the hints, of the header and of the first data."""

FREE_ROWS = 1000
"""So many rows below the filled ones have lists and ranges."""

LISTS = "Списки"
GUIDE = "Инструкция"
MAX_MESSAGE = 255
MAX_TITLE = 32
NAMED_SCHOOLS = 400
"""In larger offices the codes of schools are shown without their names."""

MOST_MISTAKES = "Впишите число. Если это ноль, напишите 0; если данных нет, оставьте ячейку пустой."


@dataclass(frozen=True)
class Known:
    """What is known of an office before the year is filled in.

    Attributes
    ----------
    schools : rows of «Школы» (dictionary columns), in the order of the register.
    rows : by table, the rows to repeat without their values (key columns).
    """

    schools: pd.DataFrame = field(default_factory=lambda: table("schools").empty())
    rows: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """Short names of the schools by code."""
        named = self.schools["short_name"].fillna(self.schools["name"]).fillna("")
        return dict(zip(self.schools["school_id"], named, strict=True))

    def of_school(self, school: str) -> Known:
        """What is known of one school."""
        rows = {name: own[own["school_id"].eq(school)] for name, own in self.rows.items()}
        return Known(self.schools[self.schools["school_id"].eq(school)], rows)


def known_of(tables: Mapping[str, pd.DataFrame]) -> Known:
    """What the tables of the latest year tell about the next one.

    Parameters
    ----------
    tables : tables of an office as the readers give them, of one or several years.
    """
    schools = _latest(tables["schools"])
    schools = schools[schools["level"].eq("school")].drop_duplicates("school_id")
    rows = {}
    for name in REPEATED:
        entry = table(name)
        latest = _latest(tables[name])
        own = latest[latest["level"].eq("school") & latest["school_id"].isin(schools["school_id"])]
        own = own[own["wave"].eq("")] if entry.waves else own
        key = [column for column in entry.key if column not in ("level", "group", "year", "wave")]
        rows[name] = own[key].drop_duplicates().sort_values(key, kind="stable")
    return Known(schools[["school_id", *CONSTANT]].reset_index(drop=True), rows)


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["year"].eq(rows["year"].max())] if len(rows) else rows


def template_workbook(year: int, known: Known | None = None) -> bytes:
    """The workbook of an office: every table of the dictionary.

    Parameters
    ----------
    year : the year in which the school year ends.
    known : the office's schools and constant columns; ``None`` for an empty workbook.
    """
    known = known or Known()
    layouts = [_Layout(table(name), tuple(table(name).columns.values())) for name in table_names()]
    return _workbook(
        year, known, layouts, {layout.entry.name: _prefilled(layout.entry, known) for layout in layouts}, _GUIDE
    )


def school_form(year: int, known: Known | None = None) -> bytes:
    """The workbook of one school: the tables that schools fill in.

    Parameters
    ----------
    known : the one school; ``None`` for a form in which the school writes its code itself.
    """
    known = known or Known()
    layouts = [
        _Layout(entry, tuple(column for column in entry.columns.values() if column.name not in ABOVE_SCHOOL))
        for entry in map(table, table_names())
        if entry.levels and entry.name not in OF_DOCUMENTS
    ]
    rows = {layout.entry.name: _prefilled(layout.entry, known) for layout in layouts}
    code = known.schools["school_id"].iloc[0] if len(known.schools) else None
    rows["survey"] = [{"school_id": code, "question": question} for question in choices("survey_question")]
    return _workbook(year, known, layouts, rows, _FORM_GUIDE)


def forms_of_schools(year: int, known: Known) -> dict[str, bytes]:
    """A form for every school of an office, by file name: the code, or its number where the code is no file name."""
    forms = {}
    for number, school in enumerate(known.schools["school_id"], 1):
        name = school if re.fullmatch(r"\w[\w-]{0,60}", school) else f"школа-{number}"
        forms[f"{name}.xlsx"] = school_form(year, known.of_school(school))
    return forms


@dataclass(frozen=True)
class _Layout:
    """A sheet: its table and the columns shown."""

    entry: Table
    columns: tuple[Column, ...]


def _prefilled(entry: Table, known: Known) -> list[dict[str, object]]:
    """Rows that are there before anything is filled in."""
    if entry.name == "schools":
        rows = known.schools
    elif entry.name in known.rows:
        rows = known.rows[entry.name]
    elif entry.levels and set(entry.key) <= {"level", "group", "school_id", "year"}:
        rows = known.schools[["school_id"]]
    else:
        return []
    return [
        {column: value for column, value in row.items() if not pd.isna(value)} for row in rows.to_dict(orient="records")
    ]


class _Formats:
    """The looks of cells, made once per workbook."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        border = {"border": 1, "border_color": "#B8C4D0"}
        self.hint = workbook.add_format(
            {
                "text_wrap": True,
                "valign": "top",
                "italic": True,
                "font_size": 9,
                "font_color": "#44546A",
                "bg_color": "#F3F6F9",
            }
        )
        self.header = workbook.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#DCE6F1", **border}
        )
        self.required = workbook.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#FCE4D6", **border}
        )
        self.title = workbook.add_format({"bold": True, "font_size": 14})
        self.section = workbook.add_format({"bold": True})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.link = workbook.get_default_url_format()
        self.of_type: dict[str, Format] = {
            "id": workbook.add_format({"num_format": "@"}),
            "text": workbook.add_format({"num_format": "@"}),
            "period": workbook.add_format({"num_format": "@"}),
            "choice": workbook.add_format({}),
            "flag": workbook.add_format({}),
            "count": workbook.add_format({"num_format": "0"}),
            "number": workbook.add_format({"num_format": "General"}),
            "share": workbook.add_format({"num_format": "0.0%"}),
            "date": workbook.add_format({"num_format": "dd.mm.yyyy"}),
            "year": workbook.add_format({"num_format": "0"}),
        }
        self._schools: dict[str, Format] = {}

    def school(self, name: str) -> Format:
        """A code shown with the name of its school; the cell itself holds the code only."""
        shown = " ".join(name.replace('"', "").replace("\\", "").split())[:60]
        if shown not in self._schools:
            self._schools[shown] = self._workbook.add_format({"num_format": f'@" – {shown}"' if shown else "@"})
        return self._schools[shown]


def _workbook(
    year: int,
    known: Known,
    layouts: Sequence[_Layout],
    rows: Mapping[str, Sequence[Mapping[str, object]]],
    guide: Sequence[str],
) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as workbook:
        workbook.set_properties({"created": datetime(year, 9, 1), "title": f"Данные за {year} год"})
        formats = _Formats(workbook)
        _write_guide(workbook.add_worksheet(GUIDE), formats, year, layouts, guide)
        sheets = {layout.entry.name: workbook.add_worksheet(sheet_name(layout.entry.name)) for layout in layouts}
        lists = _write_lists(workbook.add_worksheet(LISTS), formats, layouts, known)
        for layout in layouts:
            _write_table(sheets[layout.entry.name], formats, layout, rows.get(layout.entry.name, []), lists, known)
    return content.getvalue()


def _write_lists(sheet: Worksheet, formats: _Formats, layouts: Sequence[_Layout], known: Known) -> dict[str, str]:
    """Write the drop-down lists, one a column, and return the range of each by its name."""
    used = dict.fromkeys(column.allowed for layout in layouts for column in layout.columns if column.allowed)
    lists = {name: list(choices(name).values()) for name in used} | {"да / нет": ["да", "нет"]}
    if len(known.schools):
        lists["коды школ"] = list(known.schools["school_id"])
    ranges = {}
    for position, (name, labels) in enumerate(lists.items()):
        sheet.write_string(0, position, name, formats.section)
        for row, label in enumerate(labels, 1):
            sheet.write_string(row, position, label, formats.of_type["text"])
        ranges[name] = f"='{LISTS}'!{xl_range_abs(1, position, len(labels), position)}"
    sheet.set_column(0, len(lists), 24)
    return ranges


def _write_table(
    sheet: Worksheet,
    formats: _Formats,
    layout: _Layout,
    rows: Sequence[Mapping[str, object]],
    lists: Mapping[str, str],
    known: Known,
) -> None:
    """Write a sheet: hints, header, filled rows, and for every column its list or range with a Russian message."""
    sheet.set_row(HINTS, 90)
    sheet.set_row(HEADER, 32)
    places = [column.name for column in layout.columns]
    sheet.freeze_panes(FIRST, places.index("school_id") + 1 if "school_id" in places else 1)
    last = FIRST + len(rows) + FREE_ROWS
    for position, column in enumerate(layout.columns):
        key = "коды школ" if column.name in ("school_id", "partner_id") else column.allowed
        sheet.set_column(position, position, _width(column), formats.of_type[column.type])
        sheet.write_string(HINTS, position, _hint(column), formats.hint)
        mark = " *" if column.required else ""
        sheet.write_string(HEADER, position, column.label + mark, formats.required if mark else formats.header)
        filled = (
            FIRST + len(rows)
            if column.name == "school_id" and layout.entry.name != "schools" and len(known.schools)
            else FIRST
        )
        sheet.data_validation(filled, position, last, position, _validation(column, lists, key))
    names = known.names if len(known.schools) <= NAMED_SCHOOLS else {}
    for number, row in enumerate(rows, FIRST):
        for position, column in enumerate(layout.columns):
            value = row.get(column.name)
            if value is None:
                continue
            if column.name == "school_id" and layout.entry.name != "schools":
                sheet.write_string(number, position, str(value), formats.school(names.get(value, "")))
                sheet.data_validation(
                    number, position, number, position, _fixed_school(str(value), names.get(value, ""))
                )
            else:
                _write_value(sheet, number, position, column, value, formats)


def _write_value(sheet: Worksheet, row: int, position: int, column: Column, value: object, formats: _Formats) -> None:
    look = formats.of_type[column.type]
    if isinstance(value, bool):
        sheet.write_string(row, position, "да" if value else "нет", look)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, position, value, look)
    else:
        sheet.write_string(row, position, column.choices.get(str(value), str(value)), look)


def _hint(column: Column) -> str:
    """What a column means and takes, as its first row says it.

    Examples
    --------
    >>> _hint(table("staff").columns["teachers"])
    'Учителя. Целое число 0, 1, 2, …'
    """
    required = "Обязательно. " if column.required else ""
    kind = "из списка" if column.choices else allowed_for(column)
    return f"{required}{column.meaning.rstrip('.')}. {kind[:1].upper()}{kind[1:]}"


def _width(column: Column) -> int:
    if column.choices:
        return min(44, max(14, *map(len, column.choices.values())))
    return {"text": 34, "id": 22 if column.name in ("school_id", "partner_id") else 12}.get(column.type, 14)


def _validation(column: Column, lists: Mapping[str, str], key: str | None) -> dict[str, object]:
    """The list or the range of a column, with what it says when the cell is chosen and when the value is refused."""
    rule: dict[str, object] = {
        "validate": "any",
        "input_title": column.label[:MAX_TITLE],
        "input_message": _hint(column)[:MAX_MESSAGE],
        "error_title": "Значение не подходит",
    }
    if key in lists:
        rule |= {"validate": "list", "source": lists[key], "error_message": "Выберите значение из списка."}
        if key == "коды школ":
            rule |= {"error_type": "warning", "error_message": "Такого кода нет в реестре школ. Оставить его?"}
        return rule
    least = _whole(column.minimum or 0)
    most = None if column.maximum is None else _whole(column.maximum)
    match column.type:
        case "flag":
            return rule | {"validate": "list", "source": lists["да / нет"], "error_message": "Выберите «да» или «нет»."}
        case "count" | "number":
            limits = {"validate": "integer" if column.type == "count" else "decimal", "error_message": MOST_MISTAKES}
            if column.type == "number" and column.minimum is None and most is None:
                return rule | limits | {"criteria": "between", "minimum": -1e15, "maximum": 1e15}
            if most is None:
                return rule | limits | {"criteria": ">=", "value": least}
            text = f"{MOST_MISTAKES} Допустимо от {least:g} до {most:g}."
            return rule | limits | {"criteria": "between", "minimum": least, "maximum": most, "error_message": text}
        case "share":
            text = "Впишите долю: 57% или 0,57. Если данных нет, оставьте ячейку пустой."
            return rule | {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0,
                "maximum": 1,
                "error_message": text,
            }
        case "year":
            limits = {"validate": "integer", "criteria": "between", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
            return (
                rule
                | limits
                | {"error_message": "Впишите год четырьмя цифрами: год, в котором учебный год заканчивается."}
            )
        case "date":
            limits = {"validate": "date", "criteria": "between"}
            limits |= {"minimum": datetime(FIRST_YEAR, 1, 1), "maximum": datetime(LAST_YEAR, 12, 31)}
            return rule | limits | {"error_message": "Впишите дату, например 01.09.2021."}
        case _:
            return rule


def _whole(limit: float) -> float:
    """A limit as people write it: a whole number without a point."""
    return int(limit) if float(limit).is_integer() else limit


def _fixed_school(code: str, name: str) -> dict[str, object]:
    """A filled-in code stays: another school goes into a row below."""
    return {
        "validate": "list",
        "source": [code] if "," not in code and len(code) <= MAX_MESSAGE else [code[:MAX_TITLE]],
        "dropdown": False,
        "input_title": code[:MAX_TITLE],
        "input_message": name[:MAX_MESSAGE] or "Код школы",
        "error_title": "Код школы вписан заранее",
        "error_message": "Строка принадлежит этой школе. Другую школу впишите в пустую строку ниже.",
    }


def _write_guide(
    sheet: Worksheet, formats: _Formats, year: int, layouts: Sequence[_Layout], guide: Sequence[str]
) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100, formats.wrapped)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, f"Данные за {year} год ({year - 1}/{year} учебный год)", formats.title)
    row = 2
    for line in guide:
        sheet.write_string(row, 1, line, formats.wrapped)
        row += 1
    row += 1
    sheet.write_string(row, 0, "Лист", formats.section)
    sheet.write_string(row, 1, "Что в нём", formats.section)
    for layout in layouts:
        row += 1
        name = sheet_name(layout.entry.name)
        sheet.write_url(row, 0, f"internal:'{name}'!{xl_col_to_name(0)}{FIRST + 1}", formats.link, name)
        sheet.write_string(row, 1, f"{layout.entry.meaning} Одна строка – {layout.entry.row}.", formats.wrapped)


_COMMON = (
    "Заполняйте белые ячейки под заголовками. Над каждым заголовком сказано, что означает столбец; обязательные столбцы отмечены звёздочкой.",
    "Пустая ячейка значит «нет данных». Если значение – ноль, напишите 0.",
    "Где есть список, выбирайте из него: щёлкните ячейку и стрелку справа от неё.",
    "Доли пишите со знаком процента (57%) или числом от 0 до 1.",
    "Не вносите имён, телефонов и документов людей: вместо имени – должность или роль.",
    "Листы, столбцы и строки, для которых данных нет, оставьте пустыми. Заголовки и названия листов не меняйте.",
)
_GUIDE = (
    *_COMMON,
    "Начните с листа «Школы»: код школы из него связывает все листы. Логин ФИС ОКО, код РИС и ИНН впишите в «Другие коды».",
    "Строки выше школы (муниципалитет, регион) заполняют, если есть готовые итоги: выберите «Уровень», код школы оставьте пустым.",
    "Готовую книгу положите в папку data/raw/<муниципалитет>/<год> и выполните shnor check: он назовёт каждую ошибку с ячейкой.",
)
_FORM_GUIDE = (
    *_COMMON,
    "Код школы впишите на листе «Школы», если его там нет; на других листах его можно не повторять.",
    "Заполненную книгу верните тому, кто её прислал. Имя файла можно менять.",
)
