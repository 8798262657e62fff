"""A page bound to its office: shows frames by the specifications of its report; names of schools and words come in here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import pandas as pd

from shnor_lib.analyses.naming import word_facts
from shnor_lib.inputs.dictionary import choices, procedure_label
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.cells import Column, shown_of_row
from shnor_lib.pages.charts import plot_nothing
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.furniture import Decisions, Heading, Headlines, Prose
from shnor_lib.pages.markup import school_page
from shnor_lib.pages.numbers import NO_DATA, format_due, is_missing, lower_first, print_for, upper_first
from shnor_lib.pages.phrases import Headline, decisions, headlines, sayable
from shnor_lib.pages.saying import say, say_all
from shnor_lib.pages.specs import ColumnSpec, column_spec, report_spec
from shnor_lib.pages.tables import Table
from shnor_lib.pages.words import CATEGORIES, FORMATS
from shnor_lib.params.methods import Method

WORDING: dict[str, Callable[[object], object]] = {
    "due": format_due,
    "text": str,
    "year": lambda year: str(int(year)),
    "procedure": procedure_label,
    "territory": lambda code: (choices("settlement_population") | choices("transport"))[code] if code else "не указано",
}
"""Words that are made from a value, not looked up in a list."""


def source_of(office) -> str:
    """The documents of the year's files, for the line under tables and figures; a region leaves them to its offices."""
    if not hasattr(office, "sources"):
        return ""
    documents = office.sources[office.sources["year"].eq(office.year)]["document"].dropna().drop_duplicates()
    return "; ".join(documents) or office.profile.document


def index_word(method: Method, name: str) -> str:
    """Short words for an index: those of the criterion that judges it, else its title."""
    short = {one.indicator: one.short for one in method.criteria.values()}
    return short.get(name, method.indices[name].title)


def format_of(office, indicator: str) -> str:
    """How values of an indicator are printed; of no indicator they are counts."""
    return FORMATS[office.catalogue.unit(indicator)] if indicator else "count"


ANY_NUMBER = Column("Значение", by_row="kind")


class Page:
    """The tables, figures and texts of one report, for one office (or region).

    Parameters
    ----------
    office : what the report is about.
    report : name of the report and of its file in ``specs``.
    """

    def __init__(self, office, report: str):
        self.office, self.report, self.spec = office, report, report_spec(report)
        audience = getattr(office, "audience", "internal")
        self.is_public = audience != "internal"
        print_for(audience)

    @cached_property
    def source(self) -> str:
        return source_of(self.office)

    @cached_property
    def called(self) -> dict[str, object]:
        """How the main list of the office is called, as facts of every sentence, heading and note."""
        method = getattr(self.office, "method", None)
        return word_facts(method.main, method.words(method.main)) if method else {}

    @cached_property
    def said(self) -> dict[str, object]:
        """What several tables and texts of the report say, as facts."""
        return self.called | {name: say(text, self.called) for name, text in self.words.get("said", {}).items()}

    @cached_property
    def categories(self) -> dict[str, Column]:
        """The columns ``+categories``: the answer of each category of the method."""
        return {name: Column(upper_first(CATEGORIES[name]), "identified") for name in self.office.method.decisions}

    @cached_property
    def wording(self) -> Mapping[str, Callable[[Any], object]]:
        """Words that are made from a code: those that every report has, and those of its office."""
        office = self.office
        return WORDING | {
            "criterion": lambda name: office.method.criteria[name].short,
            "index": lambda name: index_word(office.method, name),
            "indicator": lambda name: office.catalogue.label(name),
            "schools": lambda school: office.school_names.get(school, school),
        }

    @cached_property
    def sheets(self) -> Mapping[object, str]:
        """The pages of the schools: by id; of a region by office and id."""
        if hasattr(self.office, "sources"):
            return {school: school_page(school) for school in self.office.schools["school_id"]}
        return {
            (name, school): f"{name}/{self.office.year}/{school_page(school)}"
            for name, office in getattr(self.office, "offices", {}).items()
            for school in office.schools["school_id"]
        }

    @cached_property
    def schools_named(self) -> dict[str, str]:
        """The page of each school by the name that sentences call it; empty where a name has none or several schools have it.

        A kind of school («Гимназия») is no name: a sentence may mean the kind.
        """
        offices = getattr(self.office, "offices", None)
        named = [
            (name, self.sheets.get((office, school) if offices else school, ""))
            for office, one in (offices or {"": self.office}).items()
            for school, name in one.school_names.items()
        ]
        kinds = {kind.casefold() for kind in choices("school_kind").values()}
        sheets: dict[str, set[str]] = {}
        for name, sheet in named:
            if name.casefold() not in kinds:
                sheets.setdefault(name, set()).add(sheet)
        return {name: min(found) if len(found) == 1 else "" for name, found in sheets.items()}

    @property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """The lists of words of the report."""
        return self.spec.words

    def table(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        named: str = "",
        more: Mapping[str, Mapping[str, Column | str]] | None = None,
        summary_rows: int | None = None,
        rows_of: str = "",
        shown: Sequence[bool] | None = None,
        **facts: object,
    ) -> Table:
        """The table ``name`` of the report over a frame.

        Parameters
        ----------
        frame : rows in the order to print; not changed.
        named : another name of this one, where a table is shown for each of several things.
        more : columns that depend on the data, or their labels, by the place ``+place`` of the specification.
        summary_rows : how many last rows are set apart, where the data decide it.
        rows_of : the school whose rows of a table of all schools these are.
        shown : which rows the page prints; files hold all.
        facts : fill the templates; ``rows`` is known, ``absent`` names the columns left out where that is told.
        """
        spec, facts = self.spec.tables[name], self.said | {"rows": len(frame)} | sayable(facts)
        columns: dict[str, Column] = {}
        told, absent = {}, []
        for column_id, rule, placed in self._declared(name, more or {}):
            if isinstance(placed, Column):
                columns[column_id] = replace(placed, in_file=placed.in_file or rule.in_file)
                continue
            label = placed or say(rule.label, facts)
            kept = rule.of if rule.of and column_id not in frame else column_id
            if rule.if_any and (kept not in frame or frame[kept].isna().all()):
                absent += [lower_first(label)] if rule.if_any == "told" else []
                continue
            if kept in frame and (kept == rule.of or not rule.of):
                told[column_id] = self.worded(frame[kept], rule)
            given = {field.name: getattr(rule, field.name) for field in fields(Column)}
            columns[column_id] = Column(**given | {"label": label, "note": say(rule.note, facts)})
        facts = {"absent": ", ".join(absent) or None} | facts
        source = self.source if spec.source is True else say(spec.source, facts) if spec.source else ""
        return Table(
            frame.assign(**told),
            name=named or name,
            caption=say_all(spec.caption, facts),
            columns={one: replace(column, public=self.is_public) for one, column in columns.items()},
            row_header=tuple(one for one in spec.rows_named_by if one in columns),
            note=say_all(spec.note, facts),
            source=source,
            summary_rows=spec.summary_rows if summary_rows is None else summary_rows,
            empty=say_all(spec.empty, facts),
            shown=None if shown is None else [bool(one) for one in shown],
            sheets=self.sheets,
            dense=spec.dense,
            rows_of=rows_of,
        )

    def attachment(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        named: str = "",
        more: Mapping[str, Mapping[str, Column | str]] | None = None,
        **facts: object,
    ) -> Attachment:
        """The table ``name`` of the report (see :meth:`table`) as a file that the page only mentions."""
        return self.attached(self.table(name, frame, named=named, more=more, **facts), name, **facts)

    def attached(self, table: Table, name: str = "", **facts: object) -> Attachment:
        """A table of the report (``name``, where it has another one) as a file that the page only mentions."""
        sentence = say_all(self.spec.tables[name or table.name].in_file, self.said | sayable(facts))
        return Attachment(table, sentence)

    def _declared(
        self, name: str, more: Mapping[str, Mapping[str, Column | str]]
    ) -> Iterator[tuple[str, ColumnSpec, Column | str]]:
        """The columns of a table in order: what is said of each, and what was put into a place."""
        for entry in self.spec.tables[name].columns:
            column_id, rule = column_spec(entry, name)
            if column_id == "+categories":
                yield from ((one, rule, column) for one, column in self.categories.items())
            elif column_id.startswith("+"):
                yield from ((one, rule, column) for one, column in more.get(column_id[1:], {}).items())
            else:
                yield column_id, rule, ""

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
        """The figure ``name`` of the report: ``plot`` over a frame, with the words of the specification.

        Of a frame without rows it says that there is nothing to show. A public drawing is made of rounded numbers: the place of a point must not tell more than the table beside it.
        """
        spec, facts = self.spec.figures[name], self.said | sayable(facts or {})
        words = {key: say(text, facts) for key in ("numbers", "reading", "alt") if (text := getattr(spec, key))}
        words |= {"name": named or name, "caption": say_all(spec.caption, facts)}
        given = words | {"source": self.source if spec.source else ""} | spec.chart | arguments
        if frame.empty:
            return plot_nothing(**{key: given[key] for key in ("name", "caption", "source", "numbers")})
        drawn = self.named(_as_printed(frame) if self.is_public else frame)
        return plot(drawn, **given)

    def in_words(self, value: float, kind: object, other: float | None = None, *, declared: bool = False) -> str:
        """A number of a kind as a cell of the page prints it, with digits enough to stay on its side of ``other``; or a parameter."""
        return shown_of_row(value, replace(ANY_NUMBER, public=self.is_public, declared=declared), kind, other).text

    def text(self, name: str, **facts: object) -> list[Heading | Prose]:
        """A heading and a paragraph of the specification, as much of both as it has."""
        spec, facts = self.spec.texts[name], self.said | sayable(facts)
        heading, text = say_all(spec.heading, facts), say_all(spec.text, facts)
        return [*([Heading(heading, spec.level)] if heading else []), *([Prose(text)] if text else [])]

    def named(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A frame with the schools' names in ``school``, for a chart."""
        if "school" in frame or "school_id" not in frame:
            return frame
        names = self.office.school_names
        return frame.assign(school=[names.get(school, school) for school in frame["school_id"]])

    def worded(self, values: pd.Series, rule: ColumnSpec) -> pd.Series:
        """Codes as words where the column has them; what is empty gets its own words."""
        if words := rule.words if isinstance(rule.words, dict) else self.words.get(rule.words):
            told = values.map(lambda value: words.get(value, value), na_action="ignore")
        elif rule.words.startswith("school_list"):
            told = values.map(lambda codes: self._school_list(codes, rule.words.removeprefix("school_list") or ";"))
        elif rule.words in self.wording:
            told = values.map(self.wording[rule.words], na_action="ignore")
        elif rule.words:
            told = values.map(_known_words(rule.words)).astype(object).where(values.notna(), NO_DATA)
        else:
            told = values
        return told.astype(object).where(values.notna(), rule.empty) if rule.empty else told

    def _school_list(self, schools: object, separator: str) -> object:
        names = self.office.school_names
        if is_missing(schools):
            return NO_DATA
        return f"{separator} ".join(names.get(one.strip(), one.strip()) for one in schools.split(";") if one.strip())


def _as_printed(frame: pd.DataFrame) -> pd.DataFrame:
    """Numbers as labels print them: shares in whole per cents, others with one decimal."""
    largest = frame.select_dtypes("number").astype("Float64").astype(float).abs().max()
    return frame.round({name: 2 if most <= 1 else 1 for name, most in largest.items()})


def _known_words(name: str) -> Mapping[str, str]:
    if name == "category":
        return CATEGORIES
    upper = name.endswith("^")
    return {code: text.capitalize() if upper else text for code, text in choices(name.removesuffix("^")).items()}


@dataclass(frozen=True)
class Report:
    """A report by its name: its page, and what follows from the facts of an office, a region or an analysis.

    Parameters
    ----------
    facts : gives the facts of what the report is about.
    """

    name: str
    facts: Callable[[Any], Mapping[str, object]]

    def page_of(self, about) -> Page:
        """The page of the report for an office, a region, or what was analysed for an ``office``."""
        return Page(getattr(about, "office", about), self.name)

    def show_headlines(self, about) -> Headlines:
        """The findings that follow from the facts; without anything to show, that the report is closed."""
        if about is None:
            return Headlines([Headline("closed", report_spec(self.name).closed)])
        return Headlines(headlines({**self.page_of(about).called, **self.facts(about)}, self.name))

    def show_decisions(self, about) -> Decisions:
        """What has to be decided; what is said when no decision follows."""
        facts = {**self.page_of(about).called, **self.facts(about)} if about is not None else {}
        found = decisions(facts, self.name)
        nothing = report_spec(self.name).nothing_to_decide
        return Decisions(found or ([nothing] if nothing else []))
