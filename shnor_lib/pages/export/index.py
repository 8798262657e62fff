"""Index pages: what was made for an office and year, what waits for which tables, what failed and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from shnor_lib.pages.export.html import TEMPLATES, content_policy, script, style_sheet
from shnor_lib.pages.export.persons import page_without_names
from shnor_lib.pages.furniture import FICTIONAL, abbreviations_in, audience_words
from shnor_lib.pages.numbers import TABLES, agree, plural
from shnor_lib.workspace import PAGES, PUBLIC

STATUS_WORDS = {
    "made": ("■", "готов"),
    "waiting": ("◊", "ждёт таблиц"),
    "failed": ("▼", "ошибка"),
    "stale": ("▲", "прежний: новый не получился"),
    "outdated": ("△", "прежний: данные, правила или программа с тех пор изменились"),
    "not_asked": ("□", "не заказан"),
}


@dataclass(frozen=True)
class ReportEntry:
    """One report in the index of an office and year.

    Parameters
    ----------
    report : Id, which is also the name of the page: "50_identification".
    title, question : As in the report.
    status : `made`; `waiting` for the tables in `missing_tables` (their Russian names); `failed` with `reason` and no
        page; `stale`: failed, and the page of an earlier run is still there; `outdated`: an earlier page that nobody
        asked to renew; `not_asked`: not made yet because nobody asked for it.
    """

    report: str
    title: str
    status: str
    question: str = ""
    missing_tables: Sequence[str] = ()
    reason: str = ""

    def __post_init__(self) -> None:
        if self.status not in STATUS_WORDS:
            raise ValueError(f"Отчёт {self.report}: статус {self.status!r}, а можно {', '.join(STATUS_WORDS)}.")

    @property
    def href(self) -> str:
        return f"{self.report}.html" if self.status in ("made", "stale", "outdated") else ""

    @property
    def mark(self) -> str:
        return STATUS_WORDS[self.status][0]

    @property
    def word(self) -> str:
        return STATUS_WORDS[self.status][1]


@dataclass(frozen=True)
class OfficeYear:
    """One municipality and year: its reports, the reason if none could be made, and its tables.

    Parameters
    ----------
    municipality : Id, the name of its folder.
    title : Official title.
    tables : Name, caption and report of every CSV file in `tables/`.
    reason : Why nothing could be made at all: the data or params are invalid. Lines are kept.
    members : The offices of a region, to be linked from its page.
    schools : Those that have a page in ``schools``: ``page``, ``school`` (its name) and ``state`` of each, listed ones first.
    limit : Fewest persons a number of the public edition may stand for.
    has_public : Whether its public edition stands in the tree of its own, to which the internal one leads.
    """

    municipality: str
    title: str
    year: int
    reports: Sequence[ReportEntry] = ()
    tables: Sequence[tuple[str, str, str]] = ()
    fictional: bool = False
    audience: str = "internal"
    reason: str = ""
    members: Sequence["OfficeYear"] = ()
    schools: Sequence[Mapping[str, object]] = ()
    has_public: bool = False
    limit: int | None = None

    @property
    def made(self) -> int:
        return sum(entry.status == "made" for entry in self.reports)

    @property
    def href(self) -> str:
        return f"{self.municipality}/{self.year}/index.html"

    @property
    def tables_by_report(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Titles of the reports in their order, each with name and caption of its tables."""
        titles = {entry.report: entry.title for entry in self.reports}
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, caption, report in self.tables:
            groups.setdefault(titles.get(report, report), []).append((name, caption))
        return list(groups.items())

    @property
    def failed(self) -> bool:
        return bool(self.reason) or any(entry.status in ("failed", "stale") for entry in self.reports)

    @property
    def summary(self) -> str:
        """One line on how the run went."""
        if self.reason:
            return "ошибка: отчёты не созданы"
        parts = [f"{plural(self.made, 'готов', 'готовы', 'готовы')} {self.made} из {len(self.reports)}"]
        waiting = sum(entry.status == "waiting" for entry in self.reports)
        failed = sum(entry.status in ("failed", "stale") for entry in self.reports)
        if waiting:
            parts.append(f"{plural(waiting, 'ждёт', 'ждут', 'ждут')} таблиц: {waiting}")
        if failed:
            parts.append(f"ошибка: {failed}")
        return ", ".join(parts)


def office_index(office: OfficeYear) -> str:
    """The page `<municipality>/<year>/index.html` in the tree of an edition."""
    said = [*(school["state"] for school in office.schools), *(report.question for report in office.reports)]
    said += [caption for _, caption, _ in office.tables]
    return _render(
        "office.html.j2",
        abbreviations=abbreviations_in(" ".join(map(str, said))),
        document_title=f"Отчёты — {office.title}, {office.year}",
        office=office,
        fictional_words=FICTIONAL,
        audience_words=audience_words(office.audience, office.limit),
    )


def reports_index(offices: Sequence[OfficeYear], audience: str = "internal", has_public: bool = False) -> str:
    """The page `index.html` of an edition over all municipalities and years, the latest year first; the internal one leads to
    the public one where it is there."""
    by_office: dict[str, list[OfficeYear]] = {}
    for office in sorted(offices, key=lambda each: (each.fictional, each.title, -each.year)):
        by_office.setdefault(office.municipality, []).append(office)
    return _render(
        "all_offices.html.j2",
        document_title="Отчёты о школах, которым нужна помощь: все муниципалитеты",
        offices=list(by_office.values()),
        audience_words=audience_words(audience),
        has_public=has_public and audience != PUBLIC,
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "index"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["tables"] = lambda count: agree(count, TABLES)
    return environment


def _render(template: str, **context) -> str:
    page = (
        _environment()
        .get_template(template)
        .render(
            style_sheet=Markup(style_sheet()),
            script=Markup(script()),
            content_policy=Markup(content_policy(style_sheet())),
            public_tree=PAGES[PUBLIC],
            **context,
        )
    )
    return page_without_names(page)
