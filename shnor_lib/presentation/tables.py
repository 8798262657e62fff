"""Tables of a report: accessible HTML for the page, and the unrounded numbers behind it for CSV and Excel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape

import pandas as pd

from shnor_lib.presentation import numbers
from shnor_lib.presentation.markup import TABLE_MIME, checked_name, download_mark, number_mark, prose
from shnor_lib.presentation.numbers import CODE_EXPLANATIONS, EN_DASH, MINUS, NO_DATA, is_missing
from shnor_lib.presentation.words import WORDS, word

DEFAULT_DIGITS = {"count": 0, "percent": 1, "points": 1, "score": 2, "number": 1}
NUMERIC_FORMATS = tuple(DEFAULT_DIGITS)
FORMATS = ("text", "hash", *NUMERIC_FORMATS, "flag", "date", *WORDS)
UNITS = {"percent": "%", "points": "п. п."}

LONG_TABLE_ROWS = 12
WIDE_TABLE_COLUMNS = 8


@dataclass(frozen=True)
class Column:
    """How one column of a frame is shown.

    Parameters
    ----------
    label
        Heading, in Russian, with a capital letter.
    format
        One of `FORMATS`: `text`, `hash` (long text without spaces), a kind of number (`count`, `percent` of a proportion 0..1, `points` for a difference
        of two proportions, `score`, `number`), `flag` for true and false, `date`, or a list of words (`verdict`,
        `identified`, `comparison`, `severity`, …, see `words.py`).
    unit
        Unit of a `score`, `number` or `count`, shown in the heading.
    digits
        Decimals on the page; files keep every digit.
    to
        Another column of the frame: the cell then shows the range from this column to that one.
    against
        Another column of the frame holding a threshold: decimals are added until every printed value stays on its own
        side of the printed threshold.
    missing
        The code shown for an empty cell.
    note
        A sentence under the table.
    """

    label: str
    format: str = "text"
    unit: str = ""
    digits: int | None = None
    to: str = ""
    against: str = ""
    missing: str = NO_DATA
    note: str = ""

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise ValueError(f"Столбец «{self.label}»: нет вида {self.format!r}. Есть: {', '.join(FORMATS)}.")
        if not self.label.strip():
            raise ValueError(
                "У столбца таблицы нет названия: пустой заголовок не прочитает программа экранного доступа."
            )
        if self.missing not in CODE_EXPLANATIONS:
            raise ValueError(
                f"Столбец «{self.label}»: пустая ячейка обозначается одним из кодов: {', '.join(CODE_EXPLANATIONS)}."
            )

    @property
    def is_numeric(self) -> bool:
        return self.format in NUMERIC_FORMATS

    @property
    def file_unit(self) -> str:
        """The unit in the headings of files, where no cell carries it."""
        return self.unit or UNITS.get(self.format, "")


@dataclass(frozen=True, repr=False)
class Table:
    """A captioned table. Its last expression in a notebook cell shows it.

    Parameters
    ----------
    frame
        Rows in the order to print. Proportions as 0..1, verdicts as codes. Not changed.
    name
        Lower-case Latin name, unique in an office and year: anchor on the page and name of the CSV file.
    caption
        The finding, as a sentence: "В трёх школах выполнены оба критерия".
    columns
        Columns to show, in order; a plain string is a `Column` of text.
    row_header
        The columns that name the row; by default the first one.
    note, source
        Sentences under the table. The source names document and date.
    summary_rows
        How many last rows are benchmarks or totals, set apart by a rule.
    empty
        What is said when there are no rows.
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
    _columns: dict[str, Column] = field(init=False)
    _row_header: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        checked_name(self.name)
        if not self.caption.strip():
            raise ValueError(
                f"Таблица {self.name}: нет заголовка (caption). Напишите одним предложением, что она показывает."
            )
        columns = {
            column_id: Column(column) if isinstance(column, str) else column
            for column_id, column in self.columns.items()
        }
        needed = [
            *columns,
            *(c.to for c in columns.values() if c.to),
            *(c.against for c in columns.values() if c.against),
        ]
        absent = [column_id for column_id in dict.fromkeys(needed) if column_id not in self.frame.columns]
        if absent:
            raise ValueError(
                f"Таблица {self.name}: в данных нет столбцов {', '.join(absent)}; "
                f"есть: {', '.join(map(str, self.frame.columns))}."
            )
        row_header = (self.row_header,) if isinstance(self.row_header, str) else tuple(self.row_header)
        row_header = row_header or tuple(columns)[:1]
        if not set(row_header) <= set(columns):
            raise ValueError(f"Таблица {self.name}: заголовок строки {row_header} должен быть среди её столбцов.")
        object.__setattr__(self, "_columns", columns)
        object.__setattr__(self, "_row_header", row_header)

    def __repr__(self) -> str:
        return f"Table({self.name!r}, {len(self.frame)} × {len(self._columns)})"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": self.html(), "text/plain": repr(self), TABLE_MIME: [self.payload()]}

    def html(self) -> str:
        """The table as HTML, with marks where the exporter puts its number and the link to its file."""
        cells = {column_id: self._cells(column_id) for column_id in self._columns}
        head = "".join(self._heading(column_id) for column_id in self._columns)
        rows = [
            "<tr>" + "".join(self._cell(column_id, cells[column_id][row]) for column_id in self._columns) + "</tr>"
            for row in range(len(self.frame))
        ]
        body, foot = rows[: len(rows) - self.summary_rows], rows[len(rows) - self.summary_rows :]
        if not rows:
            body = [f'<tr><td colspan="{len(self._columns)}">{prose(self.empty)}</td></tr>']
        summary = f'<tbody class="summary">{"".join(foot)}</tbody>' if foot else ""
        sizes = " long" * (len(rows) > LONG_TABLE_ROWS) + " wide" * (len(self._columns) > WIDE_TABLE_COLUMNS)
        anchor = f"table-{self.name}"
        return (
            f'<div class="table{sizes}">'
            f'<div class="scroll" role="region" aria-labelledby="{anchor}-caption" tabindex="0">'
            f'<table id="{anchor}"><caption id="{anchor}-caption"><span>{number_mark("table", self.name)}'
            f"{prose(self.caption)}</span></caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>"
            f"{summary}</table></div>"
            f"{self._notes(cells)}</div>"
        )

    def payload(self) -> dict:
        """What files are written from: labels, units and unrounded values, ready for JSON."""
        fields = []
        for column_id, column in self._columns.items():
            label = column.label
            if column.to:
                fields.append(self._field(column_id, column, f"{label}, от"))
                fields.append(self._field(column.to, column, f"{label}, до"))
            else:
                fields.append(self._field(column_id, column, label))
        return {
            "name": self.name,
            "caption": self.caption,
            "note": self.note,
            "source": self.source,
            "row_header": list(self._row_header),
            "fields": fields,
        }

    def _field(self, column_id: str, column: Column, label: str) -> dict:
        return {
            "id": column_id,
            "label": label,
            "unit": column.file_unit,
            "format": column.format,
            "digits": self._digits(column_id),
            "note": column.note,
            "values": [stored_value(value, column) for value in self.frame[column_id].array],
        }

    def _digits(self, column_id: str) -> int:
        column = self._columns.get(column_id) or next(c for c in self._columns.values() if c.to == column_id)
        if not column.is_numeric:
            return 0
        digits = DEFAULT_DIGITS[column.format] if column.digits is None else column.digits
        against = column.against or next(
            (own_id for own_id, other in self._columns.items() if other.against == column_id), ""
        )
        if not against:
            return digits
        own, other = self.frame[column_id].array, self.frame[against].array
        scale = 100 if column.format in UNITS else 1
        pairs = [
            (numbers.to_decimal(a) * scale, numbers.to_decimal(b) * scale)
            for a, b in zip(own, other, strict=True)
            if is_number(a) and is_number(b)
        ]
        return numbers.enough_digits([a for a, _ in pairs], [b for _, b in pairs], digits)

    def _cells(self, column_id: str) -> list[tuple[str, str]]:
        """Text and style class of each cell of a column."""
        column, digits = self._columns[column_id], self._digits(column_id)
        if column.to:
            return [
                shown_range(low, high, column, digits)
                for low, high in zip(self.frame[column_id].array, self.frame[column.to].array, strict=True)
            ]
        return [shown(value, column, digits) for value in self.frame[column_id].array]

    def _heading(self, column_id: str) -> str:
        column = self._columns[column_id]
        unit = column.unit or (UNITS["points"] if column.format == "points" else "")
        label = prose(column.label) + (f'<span class="unit">, {escape(unit)}</span>' if unit else "")
        style = ' class="number"' if column.is_numeric else ""
        return f'<th scope="col"{style}>{label}</th>'

    def _cell(self, column_id: str, cell: tuple[str, str]) -> str:
        text, style = cell
        attribute = f' class="{style}"' if style else ""
        if column_id in self._row_header:
            return f'<th scope="row"{attribute}>{escape(text)}</th>'
        return f"<td{attribute}>{escape(text)}</td>"

    def _notes(self, cells: Mapping[str, list[tuple[str, str]]]) -> str:
        used = {text for column in cells.values() for text, _ in column}
        codes = [
            f"{code}{numbers.NBSP}{EN_DASH} {meaning}" for code, meaning in CODE_EXPLANATIONS.items() if code in used
        ]
        lines = [self.note] if self.note else []
        lines += [f"{column.label}: {column.note}" for column in self._columns.values() if column.note]
        lines += ["; ".join(codes) + "."] if codes else []
        lines += [f"Источник: {self.source}"] if self.source else []
        notes = "".join(f"<p>{prose(line)}</p>" for line in lines)
        return f'<div class="notes">{notes}{download_mark(self.name)}</div>'


def is_number(value: object) -> bool:
    """Whether a cell holds a number, as against a code, a word or nothing."""
    return not isinstance(value, str | bool) and not is_missing(value) and hasattr(value, "__float__")


def shown(value: object, column: Column, digits: int) -> tuple[str, str]:
    """The text of a cell and its style class."""
    code = column.missing if is_missing(value) else value
    if isinstance(code, str) and code in CODE_EXPLANATIONS:
        return code, "code number" if column.is_numeric else "code"
    if column.format in WORDS:
        found = word(column.format, str(value))
        return str(found), f"word {found.tone}"
    if column.is_numeric:
        if not is_number(value):
            raise TypeError(f"Столбец «{column.label}» числовой, а в ячейке {value!r}.")
        return _shown_number(value, column, digits), "number"
    if column.format == "flag":
        return ("да" if value else "нет"), ""
    if column.format == "date":
        return f"{pd.Timestamp(value):%d.%m.%Y}", ""
    if not isinstance(value, str):
        raise TypeError(
            f"Столбец «{column.label}» показан как текст, а в ячейке {value!r}. "
            "Задайте вид столбца: Column(label, format=…)."
        )
    return value, "hash" if column.format == "hash" else ""


def _shown_number(value: float, column: Column, digits: int) -> str:
    if column.format == "percent":
        return numbers.format_percent(value, digits)
    if column.format == "points":
        return numbers.format_number(numbers.percent(value), digits, signed=True)
    return numbers.format_number(value, digits)


def shown_range(low: object, high: object, column: Column, digits: int) -> tuple[str, str]:
    """The text of a cell that holds an interval."""
    for end in (low, high):
        if not is_number(end):
            return shown(end, column, digits)
    return numbers.format_interval(low, high, digits, as_percent=column.format == "percent"), "number"


def stored_value(value: object, column: Column) -> str | float | int | None:
    """A cell for files: the unrounded number in the unit of the heading, the same words and codes as on the page."""
    if is_missing(value):
        return column.missing
    if column.is_numeric and is_number(value):
        amount = numbers.percent(value) if column.format in UNITS else numbers.to_decimal(value)
        return _plain_number(amount)
    if column.format in WORDS and value not in CODE_EXPLANATIONS:
        return word(column.format, str(value)).text
    if column.format == "date" and value not in CODE_EXPLANATIONS:
        return f"{pd.Timestamp(value):%Y-%m-%d}"
    return shown(value, column, 0)[0].replace(MINUS, "-")


def _plain_number(amount: Decimal) -> float | int:
    """The number without the last binary noise: 0.12 + 0.05 is stored as 17 %, not 16.999999999999998."""
    number = float(f"{amount:.12g}")
    return int(number) if number.is_integer() else number
