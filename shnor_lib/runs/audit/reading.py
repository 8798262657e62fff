"""Published tables of all years of an office, read as facts: what anybody with the public folder can read."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from shnor_lib.indicators.catalogue import catalogue
from shnor_lib.indicators.declared import Row, Term, _terms
from shnor_lib.params.yaml_files import Strict, read_yaml
from shnor_lib.runs.audit.facts import MUNICIPALITY, Cell, Fact, Printed, added
from shnor_lib.runs.audit.words import MEASURES, NOTHING, PARTS
from shnor_lib.statistics.uncertainty.intervals import wilson_ends

HIDDEN = "[скрыто]"
_NUMBER = re.compile(r"[-−]?\d[\d\u00a0\u202f ]*(?:[.,]\d+)?")
_PER_CENT = re.compile(r"([-−]?\d[\d\u00a0\u202f ]*(?:[.,]\d+)?)[\u00a0 ]%")
MOST_BEHIND = 1_000
"""An interval of more persons than this tells nobody's count."""

CLOSE = 1e-9


Precision = Mapping[tuple[str, str, bool], int]
"""Decimals by table, column and whether they are of per cents."""


class Published(Strict):
    """How a table is read; the head of ``quantities.yml`` explains every key."""

    of: str = ""
    by_name: str = ""
    part: dict[str, str] = Field(default_factory=dict)
    measure: dict[str, str] = Field(default_factory=dict)
    rows: dict[str, str] = Field(default_factory=dict)
    only: dict[str, str] = Field(default_factory=dict)
    year: str = ""
    like: str = ""
    columns: dict[str, str] = Field(default_factory=dict)
    waves: dict[str, str] = Field(default_factory=dict)
    interval: tuple[str, ...] = ()

    @property
    def keys(self) -> set[str]:
        """The columns that say what a row is about."""
        return {self.of, self.by_name, self.year, *self.part, *self.measure, "school"}


class Together(Strict):
    """Parts beside a whole."""

    whole: str
    parts: tuple[str, ...]


class Relations(Strict):
    """Counts of one row that hang together."""

    chain: tuple[tuple[str, ...], ...] = ()
    within: tuple[Together, ...] = ()
    covered: tuple[Together, ...] = ()


class Quantities(Strict):
    """``quantities.yml``."""

    formulas: dict[str, dict[str, str]]
    relations: dict[str, Relations]
    summed: tuple[str, ...]
    compounds: dict[str, dict[str, tuple[str, ...]]]
    tables: dict[str, Published]
    without_persons: tuple[str, ...]
    not_read: tuple[str, ...]


@cache
def quantities() -> Quantities:
    """What the numbers of the public tables are."""
    return read_yaml(Path(__file__).with_name("quantities.yml"), Quantities, "runs/audit/quantities.yml")


@dataclass(frozen=True)
class PublicTable:
    """A table of a public folder: ids of columns, their headers, rows of texts."""

    name: str
    year: int
    path: str
    ids: list[str]
    headers: list[str]
    rows: list[list[str]]

    def in_per_cent(self, column: str, cells: Mapping[str, str]) -> bool:
        """Whether the number of a cell stands in per cent: the cell, the heading or the unit beside it says so."""
        if f"{column}_unit" in cells:
            return cells[f"{column}_unit"] == "%"
        return self.headers[self.ids.index(column)].endswith("%") or bool(_PER_CENT.search(cells[column]))


@dataclass
class Reading:
    """What was read: facts, tables and labels that the audit does not know, names of schools, tables left out."""

    facts: list[Fact] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    schools: dict[str, str] = field(default_factory=dict)
    not_read: set[str] = field(default_factory=set)


REGION_TABLE = "region_indicators"
"""Where a region prints numbers of its offices, by their titles."""


def tables_of(root: Path) -> Iterator[PublicTable]:
    """Every CSV of every year below a public folder of an office, with its year; of the regions beside it, the rows of the office."""
    titles = set()
    for package in sorted(root.glob("*/**/datapackage.json")):
        described = json.loads(package.read_text(encoding="utf-8"))
        titles.add(described.get("title", "").rpartition(", ")[0])
        yield from _tables_in(package, [one for one in described["resources"] if one["name"] != REGION_TABLE], root)
    for package in sorted(root.parent.glob("*/*/tables/datapackage.json")):
        if root in package.parents:
            continue
        described = json.loads(package.read_text(encoding="utf-8"))
        resources = [one for one in described["resources"] if one["name"] == REGION_TABLE]
        for table in _tables_in(package, resources, root.parent):
            office = table.ids.index("office")
            yield replace(table, rows=[row for row in table.rows if row[office] in titles])


def _tables_in(package: Path, resources: Iterable[Mapping[str, Any]], root: Path) -> Iterator[PublicTable]:
    year = next(int(part) for part in package.relative_to(root).parts if part.isdigit())
    for resource in resources:
        path = package.parent / resource["path"]
        with path.open(encoding="utf-8-sig", newline="") as text:
            rows = list(csv.reader(text, delimiter=";"))
        fields = resource["schema"]["fields"]
        ids = [one.get("columnId", one["name"]) for one in fields]
        name = str(path.relative_to(root))
        yield PublicTable(resource["name"], year, name, ids, [one["name"] for one in fields], rows[1:])


def is_scored(part: str) -> bool:
    """Whether a procedure is on the 100-point scale."""
    exam, subject = (part.split("/") + [""])[:2]
    return exam == "EGE" and subject != "maths_base"


def read_public(root: Path) -> Reading:
    """The facts of every table of an office.

    ``root``: the folder with the years of the office.
    """
    reading = Reading()
    tables = list(tables_of(root))
    for one in tables:
        if {"school_id", "school"} <= set(one.ids):
            code, name = one.ids.index("school_id"), one.ids.index("school")
            reading.schools |= {row[name]: row[code] for row in one.rows if _is_code(row[code])}
    precision = _precision(tables)
    for one in tables:
        known = quantities().tables.get(one.name)
        if known and known.like:
            known = known.model_copy(update={"columns": quantities().tables[known.like].columns})
        if known:
            reading.facts.extend(_facts_of(one, known, reading, precision))
        elif stands_among(one.name, quantities().not_read):
            reading.not_read.add(one.name)
        elif not stands_among(one.name, quantities().without_persons):
            reading.unknown.append(f"{one.path}: таблицы «{one.name}» в runs/audit/quantities.yml нет")
    return reading


def stands_among(name: str, patterns: Iterable[str]) -> bool:
    """Whether a list names a table."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _amount(text: str) -> tuple[Fraction, int] | None:
    """The number of a cell, and how many decimals it shows."""
    rate = _PER_CENT.search(text)
    found = rate[1] if rate else (_NUMBER.fullmatch(text) or [None])[0]
    if found is None:
        return None
    digits = re.sub(r"[\u00a0\u202f ]", "", found).replace(",", ".").replace("−", "-")
    return Fraction(digits), len(digits.partition(".")[2])


def _precision(tables: list[PublicTable]) -> Precision:
    """By table, column and whether they stand in per cent, the most decimals of its cells: how its numbers are rounded."""
    most: dict[tuple[str, str, bool], int] = {}
    for one in tables:
        for row in one.rows:
            cells = dict(zip(one.ids, row, strict=True))
            for column, text in cells.items():
                if amount := _amount(text):
                    key = (one.name, column, one.in_per_cent(column, cells))
                    most[key] = max(most.get(key, 0), amount[1])
    return most


def _facts_of(table: PublicTable, known: Published, reading: Reading, precision: Precision) -> Iterator[Fact]:
    """The facts of a table; labels that are not known go to ``reading``."""
    for number, row in enumerate(table.rows, 2):
        cells = dict(zip(table.ids, row, strict=True))
        if any(cells[column] != value for column, value in known.only.items()):
            continue
        unit = _unit(cells, known, reading)
        if unit is None:
            continue
        part = _part(cells, known)
        measure = _measure(cells, known)
        if part is None or measure is None:
            what = " · ".join(cells[column] for column in (*known.part, *known.measure))
            reading.unknown.append(f"{table.path}, строка {number}: «{what}»")
            continue
        if measure == NOTHING:
            continue
        has_interval = known.interval and set(known.interval) <= set(table.ids)
        of_interval = _quantity(known.interval[0], known, measure) if has_interval else None
        if of_interval and _counts_persons(of_interval):
            yield from _behind_interval(table, known, cells, (of_interval, unit, part), precision)
        for column, header in zip(table.ids, table.headers, strict=True):
            quantity = _quantity(column, known, measure)
            if quantity is None or not _counts_persons(quantity):
                continue
            text = cells[column]
            amount = _amount(text)
            if text != HIDDEN and amount is None:
                continue
            year = _year(table, known, cells, column, header)
            top, whole = _meant(quantity, unit, year, known.waves.get(column, ""), part)
            printed = None
            if amount is not None and text != HIDDEN:
                in_per_cent = table.in_per_cent(column, cells)
                printed = _printed(amount, whole is not None, in_per_cent, precision[table.name, column, in_per_cent])
            yield Fact(top, whole, printed, f"{table.path}, строка {number}, «{header}»")


def _behind_interval(
    table: PublicTable,
    known: Published,
    cells: Mapping[str, str],
    quantity: tuple[str, str, str],
    precision: Precision,
) -> Iterator[Fact]:
    """The part and the whole of a rate whose interval of 95 % is printed: few pairs of counts have just these ends.

    ``quantity``: the indicator, the unit, the part.
    """
    name, unit, part = quantity
    ends = []
    for column in known.interval[1:]:
        amount = _amount(cells[column])
        if amount is None or cells[column] == HIDDEN:
            return
        in_per_cent = table.in_per_cent(column, cells)
        ends.append(_printed(amount, True, in_per_cent, precision[table.name, column, in_per_cent]))
    top, whole = _meant(name, unit, table.year, "", part)
    parts, wholes, lows, highs = _intervals()
    low, high = ends
    first, last = np.searchsorted(lows, [float(low.low) - CLOSE, float(low.high) + CLOSE])
    fits = (highs[first:last] >= float(high.low) - CLOSE) & (highs[first:last] <= float(high.high) + CLOSE)
    place = f"{table.path}: {' – '.join(known.interval[1:])}"
    for expression, counts in ((top, parts[first:last][fits]), (whole, wholes[first:last][fits])):
        if expression and len(counts):
            least, most = Fraction(int(counts.min())), Fraction(int(counts.max()))
            yield Fact(expression, None, Printed((least + most) / 2, (most - least) / 2), place, follows=True)


@cache
def _intervals() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Part, whole and the ends of the interval of every rate of at most ``MOST_BEHIND`` persons, by the low end."""
    wholes = np.repeat(np.arange(1, MOST_BEHIND + 1), np.arange(2, MOST_BEHIND + 2))
    parts = np.concatenate([np.arange(n + 1) for n in range(1, MOST_BEHIND + 1)])
    low, high = wilson_ends(parts.astype(float), wholes.astype(float))
    order = np.argsort(low)
    return parts[order], wholes[order], low[order], high[order]


def _quantity(column: str, known: Published, measure: str) -> str | None:
    """What a column of a table counts; ``None`` where it counts nothing that is read."""
    told = known.columns.get(column)
    if told is None and "*" in known.columns and column not in known.keys and not column.endswith("_unit"):
        told = known.columns["*"]
        if "[" in column or (told == "value" and column in catalogue()):
            told = column
        elif "/" in column:
            told = f"{told}[{column}]"
        elif not re.fullmatch(r"y\d{4}", column):
            told = None
    return told and told.replace("measure", measure)


def _is_code(text: str) -> bool:
    return bool(text) and not text.startswith("[") and text.casefold() != "муниципалитет"


def _unit(cells: Mapping[str, str], known: Published, reading: Reading) -> str | None:
    if known.of and cells[known.of] in reading.schools.values():
        return cells[known.of]
    if known.by_name:
        name = cells[known.by_name]
        return MUNICIPALITY if name.casefold() == "муниципалитет" else reading.schools.get(name)
    return None if known.of else MUNICIPALITY


def _part(cells: Mapping[str, str], known: Published) -> str | None:
    codes = [code for column, words in known.part.items() if (code := PARTS[words](cells[column]))]
    return "/".join(codes) if len(codes) == len(known.part) else None


def _measure(cells: Mapping[str, str], known: Published) -> str | None:
    for column, words in known.measure.items():
        if words == "rows":
            return known.rows.get(cells[column], NOTHING)
        return MEASURES[words](cells[column])
    return ""


def _year(table: PublicTable, known: Published, cells: Mapping[str, str], column: str, header: str) -> int:
    if known.year:
        return int(cells[known.year])
    told = re.fullmatch(r"y?(\d{4})", column) or re.fullmatch(r"(\d{4})(?: год)?(?:, %)?", header)
    return int(told[1]) if told else table.year


_QUANTITY = re.compile(r"(?P<name>[a-z0-9_]+)(?:\[(?P<part>.*)\])?(?:\.(?P<side>[a-z0-9_]+))?")


def _named(quantity: str) -> tuple[str, str, str]:
    """The name of a quantity, the part in its brackets and what stands after its point."""
    named = _QUANTITY.fullmatch(quantity)
    if named is None:
        raise ValueError(f"runs/audit/quantities.yml: {quantity!r}")
    return named["name"], named["part"] or "", named["side"] or ""


def _counts_persons(quantity: str) -> bool:
    """Whether a quantity is made of counts of persons: not a mean, a flag, a number of staff, rooms or schools."""
    name = _named(quantity)[0]
    entry = catalogue().get(name)
    if entry is None:
        return name in quantities().summed
    return entry.table in quantities().summed and entry.unit in ("rate", "index", "count") or entry.name == "mean_mark"


def _meant(quantity: str, unit: str, year: int, wave: str, part: str) -> tuple[dict[Any, int], dict[Any, int] | None]:
    """The counts that a quantity is made of: the part, and the whole where it is a rate."""
    name, own, side = _named(quantity)
    if name not in catalogue():
        return {Cell(name, unit, year, wave, own or part, side): 1}, None
    top, whole = expressions(name, unit, year, wave, own or part)
    if side == "denominator":
        return whole or {}, None
    return top, None if side == "numerator" else whole


def _printed(amount: tuple[Fraction, int], is_rate: bool, in_per_cent: bool, most: int) -> Printed:
    """A number with how far from it the true one may be; ``most``: the most decimals of its column."""
    value, _ = amount
    if not is_rate:
        return Printed(value, Fraction(0))
    half = Fraction(1, 2 * 10**most)
    return Printed(value / 100, half / 100) if in_per_cent else Printed(value, half)


def expressions(
    function: str, unit: str, year: int, wave: str, part: str
) -> tuple[dict[Any, int], dict[Any, int] | None]:
    """The counts an indicator is made of: part and whole."""
    entry = catalogue()[function]
    formula = quantities().formulas.get(function)
    if formula:
        kind = "all" if "all" in formula else ("scored" if is_scored(part) else "marked")
        place, _, rule = formula[kind].partition(": ")
        top, _, whole = rule.partition(" / ")
        terms: list[Term] = _terms(top, place)
        of: list[Term] | None = _terms(whole, place)
    elif isinstance(entry, Row):
        terms, of = entry.part, entry.whole
    else:
        raise KeyError(f"runs/audit/quantities.yml: формулы «{function}» нет")

    depth = {"professional_deficits": 1, "mark_comparison": 2}.get(entry.table, 0)
    part += "/*" * max(0, depth - part.count("/"))

    def counted(every: list[Term]) -> dict[Any, int]:
        cells = (
            {
                Cell(
                    one.table,
                    unit,
                    year,
                    wave if one.table != "schools" else "",
                    part if one.table == entry.table else "",
                    one.columns[0],
                ): int(one.times)
            }
            for one in every
        )
        return added(cells)

    return counted(terms), None if of is None else counted(of)
