"""Tables of a report: accessible HTML for the page, and the unrounded numbers behind it for CSV and Excel."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from itertools import repeat

import pandas as pd

from shnor_lib.office.disclosure.told import hidden_in
from shnor_lib.pages import numbers
from shnor_lib.pages.cells import (
    LONG_TOKEN,
    MIXED,
    UNITS,
    Cell,
    Column,
    is_number,
    shown,
    shown_of_row,
    shown_range,
    stored_value,
)
from shnor_lib.pages.markup import (
    SOFT_HYPHEN,
    TABLE_MIME,
    checked_name,
    download_mark,
    hyphenated,
    number_mark,
    prose,
    school_link,
)
from shnor_lib.pages.numbers import CODE_EXPLANATIONS, CODE_OF_CAUSE, EN_DASH, HIDDEN, NBSP, NO_DATA, is_missing

__all__ = ["Column", "Table"]

LONG_TABLE_ROWS = 15
LONG_TABLE_SIGNS = 2500  # about half an A4 sheet of text in cells
WIDE_TABLE_COLUMNS = 8
WIDE_TABLE_SIGNS = 98  # longest words of the columns beside each other: more do not fit across an upright A4 sheet
WIDE_DENSE_SIGNS = 119  # the same in a table that is set small


@dataclass(frozen=True, repr=False)
class Table:
    """A captioned table. Its last expression in a notebook cell shows it.

    Parameters
    ----------
    frame : Rows in the order to print. Proportions as 0..1, verdicts as codes. Not changed. In rows whose column
        `hidden` is true an empty number is printed as hidden (`[скрыто]`), not as missing, unless `absent` names its column.
    name : Lower-case Latin name, unique in an office and year: anchor on the page and name of the CSV file.
    caption : The finding, as a sentence: "В трёх школах выполнены оба критерия".
    columns : Columns to show, in order; a plain string is a `Column` of text.
    row_header : The columns that name the row; by default the first one.
    note, source : Sentences under the table. The source names document and date.
    summary_rows : How many last rows are benchmarks or totals, set apart by a rule.
    empty : What stands in place of the table when there are no rows to print.
    shown : Which rows the page prints, true or false for each; by default all. Files hold every row.
    sheets : The pages of the schools, for the columns with a `link`: by id; in a region by office and id.
    dense : Set small in print, so that more fits across an upright sheet.
    rows_of : The school whose rows these are of a table of this name that goes to files for all schools together; the page
        of a school stands alone and leads to no file.
    """

    frame: pd.DataFrame
    name: str
    caption: str
    columns: Mapping[str, Column | str]
    row_header: str | tuple[str, ...] = ()
    note: str = ""
    source: str = ""
    summary_rows: int = 0
    empty: str = "Таких строк нет."
    shown: Sequence[bool] | None = None
    sheets: Mapping[object, str] = field(default_factory=dict)
    dense: bool = False
    rows_of: str = ""

    def __post_init__(self) -> None:
        checked_name(self.name)
        if not self.caption.strip():
            raise ValueError(
                f"Таблица {self.name}: нет заголовка (caption). Напишите одним предложением, что она показывает."
            )
        asked = [*self.shown_columns]
        for column in self.shown_columns.values():
            asked += [other for other in (column.to, column.against, column.by_row) if other]
        absent = [column_id for column_id in dict.fromkeys(asked) if column_id not in self.frame.columns]
        if absent:
            raise ValueError(
                f"Таблица {self.name}: в данных нет столбцов {', '.join(absent)}; "
                f"есть: {', '.join(map(str, self.frame.columns))}."
            )
        if not set(self.row_headers) <= set(self.shown_columns):
            raise ValueError(f"Таблица {self.name}: заголовок строки {self.row_headers} должен быть среди её столбцов.")

    @cached_property
    def shown_columns(self) -> dict[str, Column]:
        return {
            column_id: Column(column) if isinstance(column, str) else column
            for column_id, column in self.columns.items()
        }

    @cached_property
    def row_headers(self) -> tuple[str, ...]:
        given = (self.row_header,) if isinstance(self.row_header, str) else tuple(self.row_header)
        return given or tuple(self.shown_columns)[:1]

    @property
    def is_part(self) -> bool:
        """Whether files hold rows that the page does not print."""
        return self.shown is not None and not all(self.shown)

    def __repr__(self) -> str:
        return f"Table({self.name!r}, {len(self.frame)} × {len(self.shown_columns)})"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        tables = [] if self.rows_of else [self.payload()]
        return {"text/html": self.html(), "text/plain": repr(self), TABLE_MIME: tables}

    def html(self) -> str:
        """The table as HTML, with marks where the exporter puts its number and the link to its file."""
        printed = {column_id: column for column_id, column in self.shown_columns.items() if not column.in_file}
        cells = {column_id: self._cells(column_id) for column_id in printed}
        head = "".join(_heading(column) for column in printed.values())
        rows = [
            "<tr>" + "".join(self._cell(column_id, cells[column_id][row], row) for column_id in cells) + "</tr>"
            for row in range(len(self.frame))
            if self.shown is None or self.shown[row]
        ]
        if not rows:
            said = f"{self.caption}. {self.empty}" if self.empty == Table.empty else self.empty
            return f'<div class="empty"><p>{prose(said)}</p>{"" if self.rows_of else download_mark(self.name)}</div>'
        last = len(rows) - self.summary_rows
        summary = f'<tbody class="summary">{"".join(rows[last:])}</tbody>' if self.summary_rows else ""
        signs = sum(len(cell.text) for column in cells.values() for cell in column if cell.drawn is None)
        is_long = len(rows) > LONG_TABLE_ROWS or signs > LONG_TABLE_SIGNS
        is_wide = (
            self._narrowest(cells) > WIDE_DENSE_SIGNS
            if self.dense
            else len(cells) > WIDE_TABLE_COLUMNS or self._narrowest(cells) > WIDE_TABLE_SIGNS
        )
        brief = sum(column.brief for column in printed.values())
        classes = {"long": is_long, "wide": is_wide, "dense": self.dense, "part": self.is_part}
        classes |= {"brief": brief > 0, "matrix": brief > len(printed) / 2}
        sizes = "".join(f" {name}" for name, holds in classes.items() if holds)
        anchor = f"table-{self.name}"
        own = f' data-rows-of="{escape(self.rows_of)}"' if self.rows_of else ""
        return (
            f'<div class="table{sizes}">'
            f'<div class="scroll" role="region" aria-labelledby="{anchor}-caption" tabindex="0">'
            f'<table id="{anchor}"{own}><caption id="{anchor}-caption"><span>{number_mark("table", self.name)}'
            f"{prose(self.caption)}</span></caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows[:last])}</tbody>{summary}</table></div>"
            f"{self._notes(cells)}</div>"
        )

    def _narrowest(self, cells: Mapping[str, list[Cell]]) -> int:
        """Signs across the page when every column is as narrow as its longest word."""
        texts = (
            {f"{_label(column)},{NBSP}{column.heading_unit}" if column.heading_unit else _label(column)}
            | {cell.text for cell in cells[column_id]}
            for column_id, column in self.shown_columns.items()
            if column_id in cells and column.format != "mark"
        )
        return sum(
            1 + max(min(len(word), LONG_TOKEN) for text in column for word in re.split(f"[ –/{SOFT_HYPHEN}-]", text))
            for column in texts
        )

    def payload(self) -> dict:
        """What files are written from: labels, units and unrounded values, ready for JSON."""
        return {
            "name": self.name,
            "caption": self.caption,
            "note": self.note,
            "source": self.source,
            "row_header": list(self.row_headers),
            "fields": [
                field
                for column_id, column in self.shown_columns.items()
                if column.format != "mark"
                for field in self._fields(column_id)
            ],
        }

    def _fields(self, column_id: str) -> Iterator[dict]:
        """One column of the page is one of the files; a range is two, a column of unlike units brings them along."""
        column = self.shown_columns[column_id]
        if column.link in self.frame:
            codes = [NO_DATA if is_missing(code) else str(code) for code in self.frame[column.link]]
            yield {**self._described(column.link, Column("код"), f"{column.label}, код", 0), "values": codes}
        if column.to:
            yield self._field(column_id, column_id, f"{column.label}, от")
            yield self._field(column.to, column_id, f"{column.label}, до")
            return
        yield self._field(column_id, column_id, column.label)
        if column.by_row:
            units = [UNITS.get(row_format, "") for row_format in self.frame[column.by_row]]
            unit_column = Column(f"{column.label}, единица")
            yield {**self._described(f"{column_id}_unit", unit_column, unit_column.label, 0), "values": units}

    def _field(self, values_id: str, column_id: str, label: str) -> dict:
        column = self.shown_columns[column_id]
        values = [
            stored_value(value, row_column)
            for value, row_column in zip(self._values(values_id), self._row_columns(column), strict=True)
        ]
        return {**self._described(values_id, column, label, self._digits(column_id)), "values": values}

    @staticmethod
    def _described(values_id: str, column: Column, label: str, digits: int) -> dict:
        return {
            "id": values_id,
            "label": label,
            "unit": column.file_unit,
            "format": column.format,
            "digits": digits,
            "note": column.note,
        }

    def _row_columns(self, column: Column) -> list[Column]:
        """The column as it applies to each row."""
        if column.format != MIXED:
            return [column] * len(self.frame)
        return [column.of_row(row_format) for row_format in self.frame[column.by_row]]

    def _digits(self, column_id: str) -> int:
        """Decimals of a column: its own, or more where a value and its threshold would print alike."""
        column = self.shown_columns[column_id]
        if not column.is_numeric or column.by_row or column.public:
            return column.decimals
        scale = 100 if column.format in UNITS else 1
        pairs = [
            (numbers.to_decimal(value) * scale, numbers.to_decimal(threshold) * scale)
            for value, threshold in zip(self.frame[column_id].array, self._against(column_id), strict=False)
            if is_number(value) and is_number(threshold)
        ]
        return numbers.enough_digits([a for a, _ in pairs], [b for _, b in pairs], column.decimals)

    def _against(self, column_id: str) -> Iterable[object]:
        """What a column is held against, row by row: its threshold, or the values whose threshold it is; nothing for most."""
        columns = self.shown_columns.items()
        of = self.shown_columns[column_id].against if column_id in self.shown_columns else ""
        of = of or next((own_id for own_id, other in columns if other.against == column_id), "")
        return self.frame[of].array if of else repeat(None)

    def _values(self, column_id: str) -> list[object]:
        """The cells of a column of the frame; an empty one whose cause is known shows the code of the cause."""
        values = list(self.frame[column_id].array)
        shown = self.shown_columns.get(column_id)
        if shown and shown.cause:
            codes = self.frame[shown.cause].map(CODE_OF_CAUSE, na_action="ignore")
        elif "hidden" in self.frame.columns and self._is_number(column_id):
            codes = [HIDDEN if gone else None for gone in hidden_in(self.frame, column_id)]
        else:
            return values
        return [code if is_missing(value) else value for value, code in zip(values, codes, strict=True)]

    def _is_number(self, column_id: str) -> bool:
        """Whether a column of the frame holds numbers, some of which may stand as codes."""
        shown = self.shown_columns.get(column_id)
        return bool(shown and shown.is_numeric) or pd.api.types.is_numeric_dtype(self.frame[column_id])

    def _cells(self, column_id: str) -> list[Cell]:
        column, digits = self.shown_columns[column_id], self._digits(column_id)
        values = self._values(column_id)
        if column.to:
            ends = zip(values, self._values(column.to), strict=True)
            return [shown_range(low, high, column, digits) for low, high in ends]
        if column.by_row:
            kinds, others = self.frame[column.by_row], self._against(column_id)
            return [shown_of_row(*one) for one in zip(values, repeat(column), kinds, others)]
        return [shown(value, column, digits) for value in values]

    def _cell(self, column_id: str, cell: Cell, row: int) -> str:
        style = f' class="{cell.style}"' if cell.style else ""
        html, link = cell.html(), self.shown_columns[column_id].link
        if link in self.frame and (sheet := self._sheet(link, row)):
            html = school_link(sheet, html)
        if column_id in self.row_headers:
            return f'<th scope="row"{style}>{html}</th>'
        return f"<td{style}>{html}</td>"

    def _sheet(self, link: str, row: int) -> str:
        """The page of the school that a row names; empty when it has none."""
        school = self.frame[link].iloc[row]
        office = self.frame["municipality"].iloc[row] if "municipality" in self.frame else ""
        return "" if is_missing(school) else self.sheets.get(school) or self.sheets.get((office, school), "")

    def _notes(self, cells: Mapping[str, list[Cell]]) -> str:
        printed = repeat(True) if self.shown is None else self.shown
        used = {
            cell.text for column in cells.values() for cell, on_page in zip(column, printed, strict=False) if on_page
        }
        codes = [f"{code}{NBSP}{EN_DASH} {meaning}" for code, meaning in CODE_EXPLANATIONS.items() if code in used]
        lines = [self.note] if self.note else []
        lines += [f"Показаны строки: {sum(self.shown)} из {len(self.frame)}; все – в файле."] if self.is_part else []
        lines += [" ".join(shapes)] if (shapes := self._shapes(cells)) else []
        lines += [f"{column.label}: {column.note}" for column in self.shown_columns.values() if column.note]
        lines += ["; ".join(codes) + "."] if codes else []
        lines += [f"Источник: {self.source}"] if self.source else []
        told = "".join(f"<p>{prose(line)}</p>" for line in lines) + ("" if self.rows_of else download_mark(self.name))
        return f'<div class="notes">{told}</div>' if told else ""

    def _shapes(self, cells: Mapping[str, list[Cell]]) -> list[str]:
        """What the shapes of the brief columns stand for, columns of one list of words together."""
        alike: dict[str, dict[str, Column]] = {}
        for column_id in cells:
            column = self.shown_columns[column_id]
            if column.brief:
                alike.setdefault(column.format, {})[column_id] = column
        said = []
        for columns in alike.values():
            told = {
                cell.text: cell.says for name in columns for cell in cells[name] if cell.says and cell.text != EN_DASH
            }
            known = [f"{shape}{NBSP}{EN_DASH} {says}" for shape, says in sorted(told.items())]
            whose = f"{', '.join(column.label for column in columns.values())}: " if len(columns) < 3 else ""
            said += [f"{whose}{', '.join(known)}."] if known else []
        return said


def _label(column: Column) -> str:
    """The heading of a column; of a brief one with places where its long words may be broken."""
    return hyphenated(column.label) if column.brief else column.label


def _heading(column: Column) -> str:
    unit = f'<span class="unit">, {prose(column.heading_unit)}</span>' if column.heading_unit else ""
    style = ' class="number"' if column.is_numeric else ' class="mark"' if column.format == "mark" else ""
    return f'<th scope="col"{style}>{prose(_label(column))}{unit}</th>'
