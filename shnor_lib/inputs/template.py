"""The input workbook, made from the data dictionary: a sheet per table, with lists, ranges, hints and the office's schools.

What stands in it is what :mod:`shnor_lib.inputs.sources` reads: a row of hints, the header below it, then the data.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Literal

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from shnor_lib.inputs.dictionary import Column, Table, choices, table, table_names
from shnor_lib.inputs.due import DATED, ONGOING, Due, period_days, read_due, reporting_periods
from shnor_lib.inputs.own import SECTIONS
from shnor_lib.inputs.sources import sheet_name
from shnor_lib.inputs.sources.sheets import DATA_OF, GUIDE, LISTS
from shnor_lib.inputs.sources.values import LARGEST, allowed_for
from shnor_lib.params.yaml_files import Strict, parse_yaml
from shnor_lib.workspace import FIRST_YEAR, LAST_YEAR

CONSTANT = tuple(column.name for column in table("schools").columns.values() if column.constant)
"""Columns of «Школы» that rarely change; those of the year before are filled in."""

HINTS, HEADER, FIRST = 0, 1, 2
"""Rows (from 0) of the hints, of the header and of the first data."""

HEADINGS = "разделы программы"
"""The list of the headings that the workspace declares."""

FREE_ROWS = 1000
"""So many rows below the filled ones have lists and ranges."""

MAX_MESSAGE = 255
MAX_TITLE = 32
NAMED_SCHOOLS = 400
"""In larger offices the codes of schools are shown without their names."""


class Looks(Strict):
    """How the workbook looks and what it says: ``template.yml``."""

    guide: dict[Literal["both", "office", "school", "asked"], tuple[str, ...]]
    formats: dict[str, dict[str, bool | int | str]]
    rules: dict[str, dict[str, bool | str]]


@cache
def _looks() -> Looks:
    data = files("shnor_lib.inputs").joinpath("template.yml").read_bytes()
    return parse_yaml(data, Looks, "shnor_lib/inputs/template.yml")


@dataclass(frozen=True)
class Known:
    """What is known of an office before the year is filled in.

    Attributes
    ----------
    schools : rows of «Школы» (dictionary columns), in the order of the register.
    rows : by table, the rows to repeat without their values (key columns).
    measures : what the measures of the programme are called, by number, each with its due date.
    asked : table and name of the columns that the office's method asks for.
    """

    schools: pd.DataFrame = field(default_factory=lambda: table("schools").empty())
    rows: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    asked: frozenset[tuple[str, str]] = frozenset()

    @property
    def names(self) -> dict[str, str]:
        """Short names of the schools by code."""
        named = self.schools["short_name"].fillna(self.schools["name"]).fillna("")
        return dict(zip(self.schools["school_id"], named, strict=True))

    def of_school(self, school: str) -> Known:
        """What is known of one school."""
        rows = {name: own[own["school_id"].eq(school)] for name, own in self.rows.items()}
        return replace(self, schools=self.schools[self.schools["school_id"].eq(school)], rows=rows)

    def of_municipality(self) -> Known:
        """All schools, and of the reports on measures those that the municipality itself gives."""
        own = self.rows.get("measure_reports")
        mine = {} if own is None else {"measure_reports": own[own["school_id"].isna()]}
        return replace(self, rows={**self.rows, **mine})

    def of_period(self, first: date, last: date) -> Known:
        """What is reported within some days: of the reports on measures those for periods that end in them."""
        own = self.rows.get("measure_reports")
        ends = [first <= period_days(name)[1] <= last for name in own["period"]] if own is not None else []
        return replace(self, rows={**self.rows, "measure_reports": own[ends]} if ends else self.rows)


def known_of(tables: Mapping[str, pd.DataFrame], plan_year: tuple[date, date] | None = None) -> Known:
    """What the tables of the latest year tell about the next one.

    Parameters
    ----------
    tables : tables of an office as the readers give them, of one or several years.
    plan_year : first and last day of the plan's year, whose periods measures are reported for.
    """
    schools = _latest(tables["schools"])
    schools = schools[schools["level"].eq("school")].drop_duplicates("school_id")
    rows = {}
    for name, entry in ((name, table(name)) for name in table_names() if table(name).repeated):
        latest = _latest(tables[name])
        own = latest[latest["level"].eq("school") & latest["school_id"].isin(schools["school_id"])]
        own = own[own["wave"].eq("")] if entry.waves else own
        key = [column for column in entry.key if column not in ("level", "group", "year", "wave")]
        rows[name] = own[key].drop_duplicates().sort_values(key, kind="stable")
    measures = _latest(tables["measures"]).drop_duplicates("measure_id")
    if plan_year and len(measures):
        rows["measure_reports"] = _to_report(measures, schools["school_id"], plan_year)
    shown = measures["title"].str.cat(measures["due"], sep=" – ", na_rep="срок не назван")
    names = dict(zip(measures["measure_id"], shown, strict=True))
    return Known(schools[["school_id", *CONSTANT]].reset_index(drop=True), rows, names)


def _to_report(measures: pd.DataFrame, schools: Iterable[str], plan_year: tuple[date, date]) -> pd.DataFrame:
    """Who reports on which measure for which period: a school on its own and on those of all schools, else the municipality.

    Of a measure whose due text names no time of the year it is every quarter, of an overdue one every quarter until it is done.
    """
    every = reporting_periods(Due(ONGOING), plan_year)
    rows = []
    for measure in measures.astype(object).where(measures.notna(), None).itertuples():
        due = read_due(measure.due, plan_year)
        reporters = [None if measure.level == "municipality" else measure.school_id]
        if reporters == [None] and measure.level == "school":
            reporters = list(schools)
        unfinished = measure.status not in ("done", "cancelled")
        periods = reporting_periods(due, plan_year, unfinished) or (every if due.kind != DATED else [])
        rows += [(measure.measure_id, school, period) for school in reporters for period in periods]
    return pd.DataFrame(rows, columns=list(table("measure_reports").key), dtype="string")


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["year"].eq(rows["year"].max())] if len(rows) else rows


def template_workbook(year: int, known: Known | None = None) -> bytes:
    """The workbook of an office: every table of the dictionary.

    Parameters
    ----------
    year : the year in which the school year ends.
    known : the office's schools and constant columns; ``None`` for an empty workbook.
    """
    layouts = {name: list(table(name).columns.values()) for name in table_names()}
    return _workbook(year, (known or Known()).of_municipality(), layouts, "office")


def school_form(year: int, known: Known | None = None, *, reports: bool = False) -> bytes:
    """The workbook of one school: the tables that schools fill in.

    Parameters
    ----------
    known : the one school; ``None`` for a form in which the school writes its code itself.
    reports : only what is reported during the year: the measures and the school's programme.
    """
    known = known or Known()
    layouts = {
        name: [column for column in table(name).columns.values() if not column.above_school]
        for name in tables_of_form()
    }
    if reports:
        code = [column for column in layouts["schools"] if column.name in ("school_id", "short_name")]
        layouts = {"schools": code} | {name: own for name, own in layouts.items() if table(name).of_schools}
        return _workbook(year, known, layouts, "school")
    code = known.schools["school_id"].iloc[0] if len(known.schools) else None
    questions = [{"school_id": code, "question": question} for question in choices("survey_question")]
    return _workbook(year, known, layouts, "school", survey=questions)


def tables_of_form() -> list[str]:
    """Tables that schools fill in."""
    entries = map(table, table_names())
    return [one.name for one in entries if one.of_schools or (one.levels and not one.of_documents)]


def forms_of_schools(year: int, known: Known, *, reports: bool = False) -> dict[str, bytes]:
    """A form for every school of an office, by file name: the code, or its number where the code is no file name, and what it is called."""
    forms = {}
    for number, (school, called) in enumerate(known.names.items(), 1):
        code = school if re.fullmatch(r"\w[\w-]{0,60}", school) else f"школа-{number}"
        words = re.findall(r"[\w№-]+", called)
        forms[f"{' '.join([code, *words])[:100]}.xlsx"] = school_form(year, known.of_school(school), reports=reports)
    return forms


Layouts = Mapping[str, Sequence[Column]]
"""Sheets of a workbook: by table, the columns shown."""


def _prefilled(entry: Table, known: Known) -> list[dict[str, object]]:
    """Rows that are there before anything is filled in."""
    if entry.name == "schools":
        rows = known.schools
    elif entry.name in known.rows:
        rows = known.rows[entry.name]
    elif (entry.levels or entry.of_schools) and set(entry.key) <= {"level", "group", "school_id", "year"}:
        rows = known.schools[["school_id"]]
    else:
        return []
    return [
        {column: value for column, value in row.items() if not pd.isna(value)} for row in rows.to_dict(orient="records")
    ]


class _Formats(dict[str, Format]):
    """The looks of cells by name, made once per workbook; those of types of columns have the name of the type."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        super().__init__({name: workbook.add_format(dict(look)) for name, look in _looks().formats.items()})
        self._workbook = workbook

    def named(self, name: str) -> Format:
        """A code shown with the name of its school or measure; the cell itself holds the code only."""
        shown = " ".join(name.replace('"', "").replace("\\", "").split())[:60]
        look = f'@" – {shown}"' if shown else "@"
        if look not in self:
            self[look] = self._workbook.add_format({"num_format": look})
        return self[look]


def _workbook(
    year: int, known: Known, layouts: Layouts, reader: Literal["office", "school"], **rows: list[dict]
) -> bytes:
    """The workbook of some sheets; ``rows`` are there before anything is filled in, in place of those known by table."""
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        workbook.set_properties({"created": datetime(year, 9, 1), "title": f"Данные за {year} год"})
        formats = _Formats(workbook)
        guide = [*_looks().guide["both"], *_looks().guide[reader], *(_looks().guide["asked"] if known.asked else ())]
        _write_guide(workbook.add_worksheet(GUIDE), formats, workbook.get_default_url_format(), year, layouts, guide)
        sheets = {name: workbook.add_worksheet(sheet_name(name)) for name in layouts}
        lists = _write_lists(workbook.add_worksheet(LISTS), formats, layouts, known)
        for name, columns in layouts.items():
            filled = rows.get(name) or _prefilled(table(name), known)
            _write_table(sheets[name], formats, name, columns, filled, lists, known)
    return content.getvalue()


def _write_lists(sheet: Worksheet, formats: _Formats, layouts: Layouts, known: Known) -> dict[str, str]:
    """Write the drop-down lists, one a column, and return the range of each by its name."""
    used = dict.fromkeys(column.allowed for columns in layouts.values() for column in columns if column.allowed)
    lists = {name: list(choices(name).values()) for name in used} | {"да / нет": ["да", "нет"]}
    if SECTIONS:
        lists[HEADINGS] = list(SECTIONS)
    if len(known.schools):
        lists["коды школ"] = list(known.schools["school_id"])
    ranges = {}
    for position, (name, labels) in enumerate(lists.items()):
        sheet.write_string(0, position, name, formats["section"])
        for row, label in enumerate(labels, 1):
            sheet.write_string(row, position, label, formats["text"])
        ranges[name] = f"='{LISTS}'!{xl_range_abs(1, position, len(labels), position)}"
    sheet.set_column(0, len(lists), 24)
    return ranges


def _write_table(
    sheet: Worksheet,
    formats: _Formats,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, object]],
    lists: Mapping[str, str],
    known: Known,
) -> None:
    """Write a sheet: hints, header, filled rows, and for every column its list or range with a Russian message."""
    sheet.set_row(HINTS, 90)
    sheet.set_row(HEADER, 32)
    places = [column.name for column in columns]
    sheet.freeze_panes(FIRST, places.index("school_id") + 1 if "school_id" in places else 1)
    last = FIRST + len(rows) + FREE_ROWS
    named = {"school_id": known.names, "measure_id": known.measures}
    fixed = {} if name == "schools" or not len(known.schools) else named
    for position, column in enumerate(columns):
        key = {"school_id": "коды школ", "partner_id": "коды школ", "section": HEADINGS}.get(
            column.name, column.allowed
        )
        sheet.set_column(position, position, _width(column), formats[column.type])
        sheet.write_string(HINTS, position, _hint(column), formats["hint"])
        mark = " *" if column.required else ""
        look = "required" if mark else "asked" if (name, column.name) in known.asked else "header"
        sheet.write_string(HEADER, position, column.label + mark, formats[look])
        free = FIRST + (len(rows) if column.name in fixed else 0)
        sheet.data_validation(free, position, last, position, _validation(column, lists, key))
    few = len(known.schools) <= NAMED_SCHOOLS
    for number, row in enumerate(rows, FIRST):
        for position, column in enumerate(columns):
            value = row.get(column.name)
            if value is not None and column.name in fixed:
                shown = fixed[column.name].get(value, "") if few else ""
                sheet.write_string(number, position, str(value), formats.named(shown))
                sheet.data_validation(number, position, number, position, _fixed(str(value), shown))
            elif value is not None:
                _write_value(sheet, number, position, column, value, formats)


def _write_value(sheet: Worksheet, row: int, position: int, column: Column, value: object, formats: _Formats) -> None:
    look = formats[column.type]
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
    wide = {"school_id": 22, "partner_id": 22, "measure_id": 44}
    return wide.get(column.name) or {"text": 34, "id": 12, "reporting_period": 24}.get(column.type, 14)


def _validation(column: Column, lists: Mapping[str, str], key: str | None) -> dict[str, object]:
    """The list or the range of a column, with what it says when the cell is chosen and when the value is refused."""
    rule: dict[str, object] = {
        "validate": "any",
        "input_title": column.label[:MAX_TITLE],
        "input_message": _hint(column)[:MAX_MESSAGE],
        "error_title": "Значение не подходит",
    }
    if key in lists:
        look = {"коды школ": "school", HEADINGS: "heading"}.get(key or "", "choice")
        return rule | _looks().rules[look] | {"source": lists[key]}
    rule |= _looks().rules.get(column.type, {})
    match column.type:
        case "flag":
            return rule | {"source": lists["да / нет"]}
        case "share":
            return rule | _between(0, 1)
        case "year":
            return rule | _between(FIRST_YEAR, LAST_YEAR)
        case "date":
            return rule | _between(datetime(FIRST_YEAR, 1, 1), datetime(LAST_YEAR, 12, 31))
        case "number" if column.minimum is None and column.maximum is None:
            return rule | _between(-LARGEST, LARGEST)
        case "count" | "number":
            least = _whole(column.minimum or 0)
            if column.maximum is None:
                return rule | {"criteria": ">=", "value": least}
            most = _whole(column.maximum)
            text = f"{rule['error_message']} Допустимо от {least:g} до {most:g}."
            return rule | _between(least, most) | {"error_message": text}
    return rule


def _between(least: float | datetime, most: float | datetime) -> dict[str, object]:
    return {"criteria": "between", "minimum": least, "maximum": most}


def _whole(limit: float) -> float:
    """A limit as people write it: a whole number without a point."""
    return int(limit) if float(limit).is_integer() else limit


def _fixed(code: str, name: str) -> dict[str, object]:
    """A filled-in code stays: another school or measure goes into a row below."""
    return {
        **_looks().rules["filled_in"],
        "source": [code] if "," not in code and len(code) <= MAX_MESSAGE else [code[:MAX_TITLE]],
        "input_title": code[:MAX_TITLE],
        "input_message": name[:MAX_MESSAGE] or "Вписано заранее",
    }


def _write_guide(
    sheet: Worksheet, formats: _Formats, link: Format, year: int, layouts: Layouts, guide: Sequence[str]
) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 100, formats["wrapped"])
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, DATA_OF.format(year=year, before=year - 1), formats["title"])
    for row, line in enumerate(guide, 2):
        sheet.write_string(row, 1, line, formats["wrapped"])
    head = 3 + len(guide)
    sheet.write_string(head, 0, "Лист", formats["section"])
    sheet.write_string(head, 1, "Что в нём", formats["section"])
    for row, entry in enumerate(map(table, layouts), head + 1):
        name = sheet_name(entry.name)
        sheet.write_url(row, 0, f"internal:'{name}'!A{FIRST + 1}", link, name)
        sheet.write_string(row, 1, f"{entry.meaning} Одна строка – {entry.row}.", formats["wrapped"])
