"""An executed notebook as one self-contained HTML page that opens offline, prints on A4 and can be read aloud.

The page holds what the notebook shows through `shnor_lib.pages` and its Markdown cells, nothing else: no code,
no prompts, no printed text, no addresses to fetch. One script of ours sorts and filters; without it the page is whole.
What would spoil the page is refused with a reason.
"""

import base64
import hashlib
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from pathlib import Path

import mistune
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode, from_dict
from traitlets.config import Config

from shnor_lib.pages.export.names import SchoolNames
from shnor_lib.pages.export.persons import page_without_names
from shnor_lib.pages.furniture import EDITIONS, FICTIONAL_MARK, abbreviations_in, school_year
from shnor_lib.pages.markup import (
    ABBREVIATIONS_MARK,
    HEADING_MIME,
    LINK_PATTERN,
    MARK_PATTERN,
    PAGES_MIME,
    REPORT_MIMES,
    TITLE_MIME,
    prose,
    slug,
    typeset,
)
from shnor_lib.workspace import SCHOOLS_REPORT

TEMPLATES = Path(__file__).parent / "template"
KIND_NAMES = {"table": "Таблица", "figure": "Рисунок"}
KIND_REFERENCES = {"table": "таблица", "figure": "рисунок"}

log = logging.getLogger(__name__)


class ReportError(ValueError):
    """Why a notebook cannot become a report, and what to mend in it."""


@dataclass(frozen=True)
class Beside:
    """What stands beside a page, so that it leads only where there is something.

    Parameters
    ----------
    home : address of the index of the office and year, relative to the reports; empty for none.
    tables_folder : folder of the CSV files; empty when no files are written.
    reports : titles of the reports that have a page in the same folder, by id, in order; with :data:`SCHOOLS_REPORT` among them every
        school has a page in the folder ``schools``.
    root : the folder over all offices, relative to the reports.
    offices : other offices and years whose schools have pages, ``office/year`` below ``root``.
    """

    home: str = "index.html"
    root: str = "../.."
    tables_folder: str = "tables"
    reports: Mapping[str, str] = field(default_factory=dict)
    offices: frozenset[str] = frozenset()


@dataclass
class Page:
    """What is known once everything that a page shows has been looked through."""

    title: Mapping[str, object]
    name: str
    beside: Beside
    school_names: SchoolNames
    document_title: str = ""
    headings: list[dict] = field(default_factory=list)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    @property
    def contents(self) -> list[dict]:
        """Headings of the second level with their subheadings, for the table of contents."""
        chapters: list[dict] = []
        for heading in self.headings:
            if heading["level"] == 2:
                chapters.append({**heading, "sections": []})
            elif heading["level"] == 3:
                chapters[-1]["sections"].append(heading)
        return chapters

    @property
    def up(self) -> str:
        """The way from the page to the folder of the reports."""
        return "../" * self.name.count("/")

    @property
    def neighbours(self) -> list[tuple[str, str, str]]:
        """The reports before and after this one: relation, address and title."""
        names = list(self.beside.reports)
        if self.name not in names:
            return []
        place = names.index(self.name)
        around = [("prev", names[place - 1] if place else ""), ("next", (names[place + 1 :] or [""])[0])]
        return [(relation, f"{name}.html", self.beside.reports[name]) for relation, name in around if name]

    @property
    def running_foot(self) -> str:
        """What every printed sheet says of itself."""
        parts = [
            self.title["municipality"],
            f"{school_year(self.title['year'])} учебный год",
            *([FICTIONAL_MARK] if self.title["fictional"] else []),
            EDITIONS[self.title["audience"]],
        ]
        return " · ".join(parts)


def export_html(executed_notebook: NotebookNode, *, name: str = "", beside: Beside = Beside()) -> str:
    """The HTML page of an executed notebook, without the pages of its own that it shows; see :func:`export_pages`."""
    return export_pages(executed_notebook, name=name, beside=beside)[name]


def export_pages(executed_notebook: NotebookNode, *, name: str, beside: Beside = Beside()) -> dict[str, str]:
    """The HTML pages of an executed notebook by their names; the same notebook gives the same bytes.

    Parameters
    ----------
    executed_notebook : As papermill leaves it. Not changed.
    name : Id of the report, the name of its first page; what it shows as :class:`shnor_lib.pages.sheets.SchoolPage` are the
        others, ``schools/<school>``.
    beside : What the pages may lead to.

    Raises
    ------
    ReportError
        When a cell failed, shows something that is not a report object, or a page would not be sound.
    """
    refuse_failed_cells(executed_notebook)
    fragments = list(shown_fragments(executed_notebook))
    title = page_title(fragments)
    school_names = SchoolNames(title["schools"])
    own = [page for fragment in fragments for page in fragment.pages]
    pages = {name: exported(Page(title, name, beside, school_names), fragments)}
    for each in own:
        page = Page(title | {"report": each["title"]}, f"schools/{each['name']}", beside, school_names)
        pages[page.name] = exported(page, [Fragment(0, each["html"], each["headings"])])
    return pages


def school_entries(executed_notebook: NotebookNode) -> list[dict]:
    """What the index says of the schools whose pages a notebook shows: ``name`` of the page, ``school``, ``state``, ``listed``."""
    outputs = [output for cell in executed_notebook.cells for output in cell.get("outputs", ())]
    pages = [page for output in outputs for page in output.get("data", {}).get(PAGES_MIME, ())]
    return [{"page": page["name"]} | page["index"] for page in pages]


def exported(page: "Page", fragments: list["Fragment"]) -> str:
    """One page: its pieces numbered and cross-referenced, and the template around them."""
    page.document_title = "{report} — {municipality}, {year}".format(**page.title)
    for fragment in fragments:
        take_headings(fragment, page)
        number_objects(fragment, page)
    pieces = [finished(fragment, page) for fragment in fragments]
    told = abbreviations_in("".join(pieces), page.title["abbreviations"])
    expanded = f'<p class="abbreviations">{prose(told)}.</p>' if told else ""
    cells = [shown_cell(piece.replace(ABBREVIATIONS_MARK, expanded)) for piece in pieces]
    notebook = from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    html, _resources = exporter().from_notebook_node(notebook, {"page": page})
    return page_without_names(html)


@lru_cache(maxsize=1)
def exporter() -> "ReportExporter":
    """The exporter, built once per process with its template compiled, which is most of its cost."""
    built = ReportExporter()
    _ = built.template
    return built


@lru_cache(maxsize=1)
def style_sheet() -> str:
    return (TEMPLATES / "report.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def script() -> str:
    return (TEMPLATES / "report.js").read_text(encoding="utf-8")


def page_style(running_foot: str) -> str:
    """The style of one page alone: what its printed sheets say at the foot."""
    safe = "".join(sign if sign.isalnum() or sign in " .,-·№«»" else f"\\{ord(sign):x} " for sign in running_foot)
    return f'@page {{ @bottom-left {{ content: "{safe}"; }} }}'


@lru_cache(maxsize=64)
def content_policy(*styles: str) -> str:
    """The page may show data images, its own style sheets and run its own script, and can load nothing."""
    allowed = " ".join(_hashed(style) for style in styles)
    return (
        f"default-src 'none'; style-src {allowed}; script-src {_hashed(script())}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


class ReportExporter(HTMLExporter):
    """nbconvert's HTML exporter with the template of the reports and none of its scripts."""

    def __init__(self, config: Config | None = None, **settings):
        settings.setdefault("extra_template_basedirs", [str(TEMPLATES)])
        settings.setdefault("template_name", "report")
        settings.setdefault("default_preprocessors", [])
        super().__init__(config=config, **settings)

    @property
    def default_config(self) -> Config:
        return Config({"NbConvertBase": {"display_data_priority": ["text/html"]}})

    def from_notebook_node(self, nb: NotebookNode, resources: dict | None = None, **kw) -> tuple[str, dict]:
        """Let the template write an arranged notebook (past HTMLExporter's second parse of the page)."""
        styles = style_sheet(), page_style(resources["page"].running_foot)
        resources |= {"styles": styles, "script": script(), "content_policy": content_policy(*styles)}
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)


def shown_cell(html: str) -> dict:
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": html}}
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "source": "", "outputs": [output]}


@dataclass
class Fragment:
    """One piece of the page and the cell it comes from."""

    cell: int
    html: str
    headings: list[dict] = field(default_factory=list)
    title: Mapping[str, object] | None = None
    pages: list[dict] = field(default_factory=list)


def refuse_failed_cells(notebook: NotebookNode) -> None:
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                raise ReportError(
                    f"Ячейка {number} завершилась ошибкой {output.ename}: {output.evalue}. Отчёт не создаётся."
                )


def shown_fragments(notebook: NotebookNode) -> Iterator[Fragment]:
    """The pieces of the page in order, beginning with the title block."""
    begun = False
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "markdown":
            if begun and cell.source.strip():
                yield markdown_fragment(number, cell.source)
            continue
        for output in cell.get("outputs", ()):
            fragment = output_fragment(number, output)
            if fragment is None:
                continue
            begun = begun or fragment.title is not None
            if begun:
                yield fragment


def output_fragment(number: int, output: NotebookNode) -> Fragment | None:
    """The piece of the page an output gives; None for printed text, which goes to the log."""
    if output.output_type == "stream":
        log.info("Ячейка %s, %s: %s", number, output.name, output.text.strip())
        return None
    data = output.get("data", {})
    if PAGES_MIME in data:
        return Fragment(number, "", pages=data[PAGES_MIME])
    if any(mime in data for mime in REPORT_MIMES):
        return Fragment(number, joined(data["text/html"]), data.get(HEADING_MIME, []), data.get(TITLE_MIME))
    if not joined(data.get("text/html", "html")).strip():
        return None
    if set(data) <= {"text/plain", "application/vnd.jupyter.widget-view+json"}:
        log.info("Ячейка %s: %s", number, joined(data.get("text/plain", "")))
        return None
    raise ReportError(
        f"Ячейка {number} показывает {', '.join(sorted(data))} без подписи и описания. Покажите таблицу через Table, "
        "рисунок через Figure, текст через Prose (shnor_lib.pages)."
    )


def joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def page_title(fragments: list[Fragment]) -> Mapping[str, object]:
    titles = [fragment for fragment in fragments if fragment.title is not None]
    if len(titles) != 1:
        cells = ", ".join(str(fragment.cell) for fragment in titles) or "нет"
        raise ReportError(
            f"В отчёте должен быть ровно один Title, первый на странице; ячейки с Title: {cells}. "
            "Покажите Title(report, municipality, year) сразу после загрузки данных."
        )
    return titles[0].title


class MarkdownRenderer(mistune.HTMLRenderer):
    """Markdown with our anchors; raw HTML in it is text, images and fetched addresses are refused."""

    def __init__(self) -> None:
        super().__init__(escape=True)
        self.headings: list[dict] = []

    def heading(self, text: str, level: int, **_attributes) -> str:
        plain = re.sub(r"<[^>]+>", "", text)
        heading = {"text": plain, "level": level, "anchor": slug(plain), "is_html": True}
        self.headings.append(heading)
        return f'<h{level} id="{heading["anchor"]}">{text}</h{level}>\n'

    def text(self, text: str) -> str:
        return super().text(typeset(text))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        raise ReportError(f"Картинка {url} в Markdown не будет видна без сети: покажите рисунок через Figure.")


def markdown_fragment(number: int, source: str) -> Fragment:
    renderer = MarkdownRenderer()
    html = mistune.create_markdown(renderer=renderer)(source)
    return Fragment(number, f'<div class="prose">{html}</div>', renderer.headings)


def take_headings(fragment: Fragment, page: Page) -> None:
    """Add the headings of a fragment to the page: no level skipped, every anchor once."""
    taken = {heading["anchor"] for heading in page.headings}
    level = page.headings[-1]["level"] if page.headings else 1
    for heading in fragment.headings:
        if heading["level"] == 1:
            raise ReportError(
                f"Ячейка {fragment.cell}: второй заголовок первого уровня «{heading['text']}». Он на странице один, "
                "его даёт Title; здесь нужен второй уровень (##)."
            )
        if heading["level"] > level + 1:
            raise ReportError(
                f"Ячейка {fragment.cell}: заголовок «{heading['text']}» уровня {heading['level']} стоит сразу после "
                f"уровня {level}; уровни нельзя пропускать."
            )
        level = heading["level"]
        anchor, copies = heading["anchor"], 1
        while anchor in taken:
            copies += 1
            anchor = f"{heading['anchor']}-{copies}"
        if copies > 1:
            fragment.html = fragment.html.replace(f'id="{heading["anchor"]}"', f'id="{anchor}"', 1)
        taken.add(anchor)
        text = heading["text"] if heading.get("is_html") else prose(heading["text"])
        page.headings.append({"text": text, "level": level, "anchor": anchor})


def number_objects(fragment: Fragment, page: Page) -> None:
    for action, kind, name in MARK_PATTERN.findall(fragment.html):
        if action == "download":
            page.files.add(name)
        if action != "number":
            continue
        if (kind, name) in page.numbers:
            raise ReportError(
                f"Ячейка {fragment.cell}: имя {name!r} уже занято на этой странице ({KIND_REFERENCES[kind]}). "
                "Дайте каждому своё имя."
            )
        page.numbers[kind, name] = 1 + sum(known == kind for known, _ in page.numbers)


def finished(fragment: Fragment, page: Page) -> str:
    """The HTML of a fragment with every mark replaced."""

    def linked(mark: re.Match) -> str:
        kind, name, inner = mark.groups()
        office, _, school = name.rpartition("/")
        if kind == "report":
            known, address = name in page.beside.reports, name
        elif office:
            known, address = office in page.beside.offices, f"{page.beside.root}/{office}/schools/{school}"
        else:
            known, address = SCHOOLS_REPORT in page.beside.reports, f"schools/{name}"
        if not known or address == page.name:
            return inner
        return f'<a href="{page.up}{address}.html">{inner}</a>'

    def replaced(mark: re.Match) -> str:
        action, kind, name = mark.groups()
        if action == "download":
            if not page.beside.tables_folder:
                return ""
            address = f"{page.up}{escape(page.beside.tables_folder)}/{name}.csv"
            return f'<p class="download"><a href="{address}">Скачать числа (CSV)</a></p>'
        if action == "see" and (kind, name) not in page.numbers and name in page.files:
            return f'<a href="{page.up}{escape(page.beside.tables_folder)}/{name}.csv">в файле</a>'
        if (kind, name) not in page.numbers:
            raise ReportError(
                f"Ячейка {fragment.cell} ссылается на {name!r} ({KIND_REFERENCES[kind]}), а на странице такого имени "
                "нет. Покажите Table или Figure с этим именем."
            )
        number = page.numbers[kind, name]
        if action == "number":
            return f'<span class="serial">{KIND_NAMES[kind]}\u00a0{number}.</span> '
        return f'<a href="#{kind}-{name}">{KIND_REFERENCES[kind]}\u00a0{number}</a>'

    return MARK_PATTERN.sub(replaced, LINK_PATTERN.sub(linked, page.school_names.linked(fragment.html)))
