"""A page bound to its office: shows frames by the specifications of its report; names of schools and words come in here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

import pandas as pd

from shnor_lib.inputs.dictionary import choices, procedure_label
from shnor_lib.pages.cells import Column
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.furniture import Decisions, Heading, Headlines, Prose
from shnor_lib.pages.numbers import NO_DATA, format_due, is_missing
from shnor_lib.pages.phrases import decisions, headlines
from shnor_lib.pages.saying import say, say_all
from shnor_lib.pages.specs import ColumnSpec, column_spec, report_spec
from shnor_lib.pages.tables import Table
from shnor_lib.pages.words import CATEGORIES, FORMATS

WORDING: dict[str, Callable[[object], object]] = {
    "due": format_due,
    "text": str,
    "year": lambda year: str(int(year)),
    "procedure": procedure_label,
    "territory": lambda code: (choices("settlement_population") | choices("transport"))[code] if code else "не указано",
}
"""Words that are made from a value, not looked up in a list."""


def source_of(office) -> str:
    """The documents of the year's files, for the line under tables and figures."""
    documents = office.sources[office.sources["year"].eq(office.year)]["document"].dropna().drop_duplicates()
    return "; ".join(documents) or office.profile.document


def format_of(office, indicator: str) -> str:
    """How values of an indicator are printed; of no indicator they are counts."""
    return FORMATS[office.catalogue.unit(indicator)] if indicator else "count"


class Page:
    """The tables, figures and texts of one report, for one office (or region).

    Parameters
    ----------
    office : what the report is about.
    report : name of the report and of its file in ``specs``.
    """

    def __init__(self, office, report: str):
        self.office, self.report, self.spec = office, report, report_spec(report)

    @cached_property
    def source(self) -> str:
        return source_of(self.office)

    @cached_property
    def categories(self) -> dict[str, Column]:
        """The columns ``+categories``: the answer of each category of the method."""
        return {name: Column(CATEGORIES[name], "identified") for name in self.office.method.decisions}

    def headlines(self, facts: Mapping[str, object]) -> Headlines:
        """The findings that follow from the facts."""
        return Headlines(headlines(facts, self.report))

    def decisions(self, facts: Mapping[str, object], nothing: str = "") -> Decisions:
        """What has to be decided; ``nothing`` is said when no decision follows."""
        return Decisions(decisions(facts, self.report) or ([nothing] if nothing else []))

    def table(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        named: str = "",
        more: Mapping[str, Mapping[str, Column | str]] | None = None,
        summary_rows: int | None = None,
        **facts: object,
    ) -> Table:
        """The table ``name`` of the report over a frame.

        Parameters
        ----------
        frame : rows in the order to print; not changed.
        named : another name of this one, where a table is shown for each of several things.
        more : columns that depend on the data, by the place ``+place`` of the specification.
        summary_rows : how many last rows are set apart, where the data decide it.
        facts : fill the templates; ``rows`` is known.
        """
        spec, facts = self.spec.tables[name], {"rows": len(frame)} | facts
        more = more or {}
        columns: dict[str, Column | str] = {}
        told = {}
        for entry in spec.columns:
            if isinstance(entry, str) and entry.startswith("+"):
                columns |= self.categories if entry == "+categories" else more.get(entry[1:], {})
                continue
            column_id, rule = column_spec(entry, name)
            kept = rule.of if rule.of and column_id not in frame else column_id
            if rule.if_any and (kept not in frame or frame[kept].isna().all()):
                continue
            if kept in frame and (kept == rule.of or not rule.of):
                told[column_id] = self.worded(frame[kept], rule)
            columns[column_id] = _column(rule, facts)
        source = self.source if spec.source is True else say(spec.source, facts) if spec.source else ""
        return Table(
            frame.assign(**told),
            name=named or name,
            caption=say(spec.caption, facts),
            columns=columns,
            row_header=tuple(spec.rows_named_by),
            note=say_all([spec.note] if isinstance(spec.note, str) else spec.note, facts),
            source=source,
            summary_rows=spec.summary_rows if summary_rows is None else summary_rows,
            empty=say(spec.empty, facts),
        )

    def figure(
        self,
        name: str,
        plot: Callable[..., Figure],
        frame: pd.DataFrame,
        *,
        named: str = "",
        facts: Mapping[str, object] | None = None,
        **arguments: object,
    ) -> Figure:
        """The figure ``name`` of the report: ``plot`` over a frame, with the words of the specification."""
        spec, facts = self.spec.figures[name], facts or {}
        words = {key: say(text, facts) for key in ("numbers", "reading", "alt") if (text := getattr(spec, key))}
        return plot(
            self.named(frame),
            name=named or name,
            caption=say(spec.caption, facts),
            source=self.source if spec.source else "",
            **(words | spec.chart | arguments),
        )

    def text(self, name: str, **facts: object) -> list[Heading | Prose]:
        """A heading and a paragraph of the specification, as much of both as it has."""
        spec = self.spec.texts[name]
        shown: list[Heading | Prose] = [Heading(say(spec.heading, facts), spec.level)] if spec.heading else []
        text = say_all([spec.text] if isinstance(spec.text, str) else spec.text, facts)
        return shown + ([Prose(text)] if text else [])

    def named(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A frame with the schools' names in ``school``, for a chart."""
        if "school" in frame or "school_id" not in frame:
            return frame
        return frame.assign(school=self._school_names(frame["school_id"]))

    def worded(self, values: pd.Series, rule: ColumnSpec) -> pd.Series:
        """Codes as words where the column has them; what is empty gets its own words."""
        if isinstance(rule.words, dict):
            told = values.map(lambda value: rule.words.get(value, value), na_action="ignore")
        elif rule.words == "schools":
            told = self._school_names(values)
        elif isinstance(rule.words, str) and rule.words.startswith("school_list"):
            told = values.map(lambda codes: self._school_list(codes, rule.words.removeprefix("school_list") or ";"))
        elif rule.words == "indicator":
            told = values.map(self.office.catalogue.label, na_action="ignore")
        elif rule.words in WORDING:
            told = values.map(WORDING[rule.words], na_action="ignore")
        elif rule.words:
            told = values.map(_known_words(rule.words)).astype(object).where(values.notna(), NO_DATA)
        else:
            told = values
        return told.astype(object).where(values.notna(), rule.empty) if rule.empty else told

    def _school_names(self, schools: pd.Series) -> pd.Series:
        names = self.office.school_names
        return schools.map(lambda school: names.get(school, school), na_action="ignore").astype(object)

    def _school_list(self, schools: object, separator: str) -> object:
        names = self.office.school_names
        if is_missing(schools):
            return NO_DATA
        return f"{separator} ".join(names.get(one.strip(), one.strip()) for one in schools.split(";") if one.strip())


def _known_words(name: str) -> Mapping[str, str]:
    if name == "category":
        return CATEGORIES
    upper = name.endswith("^")
    return {code: text.capitalize() if upper else text for code, text in choices(name.removesuffix("^")).items()}


def _column(rule: ColumnSpec, facts: Mapping[str, object]) -> Column:
    given = {
        key: getattr(rule, key) for key in ("format", "unit", "digits", "to", "against", "by_row", "missing", "cause")
    }
    return Column(say(rule.label, facts), note=say(rule.note, facts), **given)
