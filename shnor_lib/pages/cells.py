"""One cell of a table: its text on the page and its value in files, by the column it stands in."""

import dataclasses
import re
from dataclasses import dataclass
from html import escape

import pandas as pd

from shnor_lib.indicators.ranges import Range
from shnor_lib.pages import numbers
from shnor_lib.pages.marks import Mark
from shnor_lib.pages.markup import keep_names
from shnor_lib.pages.numbers import CODE_EXPLANATIONS, NO_DATA, is_missing
from shnor_lib.pages.words import WORDS, word

DEFAULT_DIGITS = {"count": 0, "percent": 1, "points": 1, "score": 2, "number": 1}
NUMERIC_FORMATS = tuple(DEFAULT_DIGITS)
FORMATS = ("text", "hash", *NUMERIC_FORMATS, "flag", "date", "mark", *WORDS)
UNITS = {"percent": "%", "points": "п. п."}
MOST_PUBLIC = 2  # decimals of any public number: a share that is not in per cent tells no more than one that is
MIXED = "mixed"
LONG_TOKEN = 20


@dataclass(frozen=True)
class Column:
    """How one column of a frame is shown.

    Parameters
    ----------
    label : Heading, in Russian, with a capital letter.
    format : One of `FORMATS`: `text`, `hash` (long text without spaces), a number (`count`, `percent` of a proportion
        0..1, `points` for a difference of two proportions, `score`, `number`), `flag` for true and false, `date`, `mark`
        (a small drawing, :mod:`shnor_lib.pages.marks`; files do without it), or a list of words (`verdict`, `identified`, `comparison`, `severity`, …, see `words.py`).
    unit : Unit of a `score`, `number` or `count`, shown in the heading.
    digits : Decimals on the page; files keep every digit, but for the public ones.
    to : Another column of the frame: the cell then shows the range from this column to that one.
    against : Another column of the frame holding a threshold: decimals are added until every printed value stays on its
        own side of the printed threshold.
    by_row : Another column of the frame holding the kind of number of each row, for tables of unlike indicators.
    missing : The code shown for an empty cell.
    cause : Another column of the frame: why a cell of this one is empty (`indicators.causes`); the cell then shows the
        code of its cause.
    link : Another column of the frame, with the id of the school whose sheet the cell leads to; files get the id too.
    in_file : The column stands in files only, where the page shows the same as a mark or in words.
    brief : Of a list of words the page shows the shapes alone, explained under the table; long words of the heading are broken.
    note : A sentence under the table.
    public : Of the public edition: a share without `digits` of its own is printed in whole per cents, whatever it is held
        against, other numbers with two decimals at most, and files hold numbers as printed.
    declared : A parameter of the method: the public edition prints one decimal more where that shows it whole.
    """

    label: str
    format: str = "text"
    unit: str = ""
    digits: int | None = None
    to: str = ""
    against: str = ""
    by_row: str = ""
    missing: str = NO_DATA
    cause: str = ""
    link: str = ""
    in_file: bool = False
    brief: bool = False
    note: str = ""
    public: bool = False
    declared: bool = False

    def __post_init__(self) -> None:
        if self.by_row:
            object.__setattr__(self, "format", MIXED)
        elif self.format not in FORMATS:
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
        return self.format in (*NUMERIC_FORMATS, MIXED)

    @property
    def decimals(self) -> int:
        usual = 0 if self.public and self.format in UNITS else DEFAULT_DIGITS.get(self.format, 0)
        return usual if self.digits is None else min(self.digits, MOST_PUBLIC) if self.public else self.digits

    @property
    def heading_unit(self) -> str:
        """The unit the page shows in the heading; the sign of per cent stands in the cells."""
        return "" if self.format == "percent" else self.file_unit

    @property
    def file_unit(self) -> str:
        """The unit in the headings of files, where no cell carries it."""
        return self.unit or UNITS.get(self.format, "")

    def of_row(self, row_format: object) -> "Column":
        """The same column for a row of the given kind of number."""
        if row_format not in NUMERIC_FORMATS:
            raise ValueError(
                f"Столбец «{self.label}»: вид числа в строке {row_format!r}, а можно {', '.join(NUMERIC_FORMATS)} "
                f"(столбец данных {self.by_row})."
            )
        return dataclasses.replace(self, by_row="", format=str(row_format))


@dataclass(frozen=True)
class Cell:
    """What a reader sees, how it is styled, and what a shape that stands alone says."""

    text: str
    style: str = ""
    drawn: Mark | None = None
    says: str = ""

    def html(self) -> str:
        if self.drawn is not None:
            return self.drawn.html()
        if self.says:
            return f'<span role="img" aria-label="{escape(self.says)}">{escape(self.text)}</span>'
        return breakable(keep_names(self.text)) if self.style in ("", "hash") else escape(self.text)


def shown(value: object, column: Column, digits: int | None = None) -> Cell:
    """The cell of a value.

    >>> shown(0.123, Column("Доля", "percent")).text
    '12,3\\xa0%'
    """
    digits = column.decimals if digits is None else digits
    code = column.missing if is_missing(value) else value
    if isinstance(code, str) and code in CODE_EXPLANATIONS:
        return Cell(code, "code number" if column.is_numeric else "code")
    if isinstance(value, Mark):
        return Cell(value.says, "mark", value)
    if isinstance(value, Range):
        return Cell(value.words(per_cent=column.format == "percent"), "number")
    if column.format in WORDS:
        found = word(column.format, str(value))
        if column.brief:
            return Cell(found.mark or numbers.EN_DASH, f"word {found.tone}", says=found.text)
        return Cell(str(found), f"word {found.tone}")
    if column.is_numeric:
        if not is_number(value):
            raise TypeError(f"Столбец «{column.label}» числовой, а в ячейке {value!r}.")
        return Cell(_shown_number(value, column, digits), "number")
    if column.format == "flag":
        return Cell("да" if value else "нет")
    if column.format == "date":
        return Cell(f"{pd.Timestamp(value):%d.%m.%Y}")
    if not isinstance(value, str):
        raise TypeError(
            f"Столбец «{column.label}» показан как текст, а в ячейке {value!r}. "
            "Задайте вид столбца: Column(label, format=…)."
        )
    return Cell(value, "hash" if column.format == "hash" else "")


def shown_range(low: object, high: object, column: Column, digits: int) -> Cell:
    """The cell of an interval; a code at either end stands for the whole."""
    for end in (low, high):
        if not is_number(end):
            return shown(end, column, digits)
    return Cell(numbers.format_interval(low, high, digits, as_percent=column.format == "percent"), "number")


def shown_of_row(value: object, column: Column, row_format: object, other: object = None) -> Cell:
    """The cell of a column of unlike indicators: it carries its unit itself, and digits enough to stay on its side of ``other``.

    >>> [shown_of_row(one, Column("Доля", by_row="form"), "percent", 0.005).text for one in (0.0053, 0.3)]
    ['0,53\xa0%', '30,0\xa0%']
    """
    own = column.of_row(row_format)
    digits = own.decimals
    if is_number(value) and is_number(other) and not column.public:
        scale = 100 if own.format in UNITS else 1
        pair = ([numbers.to_decimal(one) * scale] for one in (value, other))
        digits = numbers.enough_digits(*pair, digits)
    if own.format == "points" and is_number(value):
        return Cell(numbers.format_points(value, digits), "number")
    return shown(value, own, digits)


def stored_value(value: object, column: Column) -> str | float | int:
    """A cell for files: the unrounded number in the unit of the heading, the same words and codes as on the page.

    >>> stored_value(0.145, Column("Доля", "percent")), stored_value("met", Column("Критерий", "verdict"))
    (14.5, 'есть')
    """
    if is_missing(value):
        return column.missing
    if isinstance(value, str) and value in CODE_EXPLANATIONS:
        return value
    if isinstance(value, Range):
        return value.words(per_cent=column.format == "percent")
    if column.is_numeric and is_number(value):
        return _stored_number(value, column)
    if column.format in WORDS:
        return word(column.format, str(value)).text
    if column.format == "date":
        return f"{pd.Timestamp(value):%Y-%m-%d}"
    return shown(value, column).text


def is_number(value: object) -> bool:
    """Whether a cell holds a number, as against a code, a word or nothing."""
    return not isinstance(value, str | bool) and not is_missing(value) and hasattr(value, "__float__")


def breakable(text: str) -> str:
    """Escaped text in which a path or a checksum may be broken between its parts, so that it fits a sheet.

    >>> breakable("data/raw/kushva/2020/exam_results.csv")
    'data/<wbr>raw/<wbr>kushva/<wbr>2020/<wbr>exam_<wbr>results.<wbr>csv'
    """
    return "".join(
        "<wbr>".join(escape(part) for part in re.findall(r"[^/_.\\-]{1,16}[/_.\\-]*|[/_.\\-]+", token))
        if len(token) >= LONG_TOKEN
        else escape(token)
        for token in re.split(r"( +)", text)
    )


def _enough(value: float, column: Column, digits: int) -> int:
    """The decimals of a public number: those of its column, one more where that shows a parameter whole."""
    if not (column.public and column.declared):
        return digits
    exact = numbers.percent(value) if column.format in UNITS else numbers.to_decimal(value)
    is_whole = [exact == numbers.round_half_up(exact, count) for count in (digits, digits + 1)]
    return digits + (is_whole == [False, True])


def _shown_number(value: float, column: Column, digits: int) -> str:
    digits = _enough(value, column, digits)
    if column.format == "percent":
        return numbers.format_percent(value, digits)
    if column.format == "points":
        return numbers.format_number(numbers.percent(value), digits, signed=True)
    return numbers.format_number(value, digits)


def _stored_number(value: float, column: Column) -> float | int:
    """The number without the last binary noise: 0.12 + 0.05 is stored as 17 %, not 16.999999999999998."""
    exact = numbers.percent(value) if column.format in UNITS else numbers.to_decimal(value)
    digits = _enough(value, column, column.decimals)
    number = float(numbers.round_half_up(exact, digits) if column.public else exact)
    return int(number) if number.is_integer() else number
