"""The parts of a report that are neither table nor chart: title, headings, headlines, prose, decisions, annex."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape

from shnor_lib.pages.markup import (
    FURNITURE_MIME,
    HEADING_MIME,
    HEADLINES_MIME,
    TABLE_MIME,
    TITLE_MIME,
    paragraphs,
    prose,
    see_mark,
    slug,
)
from shnor_lib.pages.phrases import Headline
from shnor_lib.pages.tables import Table

FICTIONAL = "Демонстрационные данные: вымышленный муниципалитет"
AUDIENCES = {
    "internal": "Для служебного пользования: содержит данные, которые нельзя публиковать",
    "public": "Открытая редакция: малые числа скрыты",
}


@dataclass(frozen=True)
class Heading:
    """A heading that says the finding: "Три школы не набрали порог по математике"."""

    text: str
    level: int = 2

    def __post_init__(self) -> None:
        if self.level not in (2, 3, 4):
            raise ValueError(f"Уровень заголовка {self.level}: можно 2, 3 или 4; первый уровень один, его даёт Title.")

    @property
    def anchor(self) -> str:
        return slug(self.text)

    def html(self) -> str:
        return f'<h{self.level} id="{self.anchor}">{prose(self.text)}</h{self.level}>'

    def payload(self) -> dict:
        return {"text": self.text, "level": self.level, "anchor": self.anchor}

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": self.html(), "text/plain": self.text, HEADING_MIME: [self.payload()]}


@dataclass(frozen=True)
class Title:
    """The title block. The page of the report begins here: what stands above it stays in the notebook.

    Parameters
    ----------
    report : Title of the report: "Какие школы нуждаются в помощи".
    municipality : Official title of the office's municipality.
    year : Calendar year in which the school year ends.
    question : The question the report answers, in one sentence.
    fictional : Whether the municipality is invented; the page then carries a banner.
    audience : `internal` or `public`.
    """

    report: str
    municipality: str
    year: int
    question: str = ""
    fictional: bool = False
    audience: str = "internal"

    def __post_init__(self) -> None:
        if self.audience not in AUDIENCES:
            raise ValueError(f"audience={self.audience!r}: можно {', '.join(AUDIENCES)}.")

    @property
    def school_year(self) -> str:
        """The school year in words: 2021 is 2020/21."""
        return f"{self.year - 1}/{self.year % 100:02d}"

    def html(self) -> str:
        banner = f'<p class="banner" role="note">{FICTIONAL}</p>' if self.fictional else ""
        question = f'<p class="question">{prose(self.question)}</p>' if self.question else ""
        return (
            f'<div class="title">{banner}<h1>{prose(self.report)}</h1>'
            f'<p class="office">{prose(self.municipality)}, {self.year} год ({self.school_year} учебный год)</p>'
            f'{question}<p class="audience">{AUDIENCES[self.audience]}</p></div>'
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": self.html(), "text/plain": self.report, TITLE_MIME: asdict(self)}


@dataclass(frozen=True)
class Headlines:
    """Three to six findings at the head of the page, each pointing to the table it can be counted from."""

    findings: Sequence[Headline]
    heading: str = "Главное"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        heading = Heading(self.heading)
        sources = [_sources(finding) for finding in self.findings]
        common = sources[0] if sources and len(set(sources)) == 1 else ""
        items = "".join(
            f"<li>{prose(finding.text)}{'' if common else _in_brackets(links)}</li>"
            for finding, links in zip(self.findings, sources, strict=True)
        )
        origin = f'<p class="from">Числа: {common}.</p>' if common else ""
        return {
            "text/html": f'<section class="headlines">{heading.html()}<ul>{items}</ul>{origin}</section>',
            "text/plain": "\n".join(finding.text for finding in self.findings),
            HEADING_MIME: [heading.payload()],
            HEADLINES_MIME: [asdict_headline(finding) for finding in self.findings],
        }


@dataclass(frozen=True)
class Decisions:
    """What the board is asked to decide, numbered so that minutes can refer to it; that there is nothing is said as well."""

    items: Sequence[Headline | str]
    heading: str = "Что решить"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        heading = Heading(self.heading)
        items = self.items or ["Решений не требуется; продолжить наблюдение в обычные сроки."]
        decided = [Headline("", item) if isinstance(item, str) else item for item in items]
        items = "".join(f"<li>{prose(item.text)}</li>" for item in decided)
        return {
            "text/html": f'<section class="decisions">{heading.html()}<ol>{items}</ol></section>',
            "text/plain": "\n".join(item.text for item in decided),
            HEADING_MIME: [heading.payload()],
            HEADLINES_MIME: [asdict_headline(item) for item in decided],
        }


@dataclass(frozen=True)
class Prose:
    """Paragraphs of plain text; a blank line parts them. Text from data is safe here."""

    text: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": paragraphs(self.text), "text/plain": self.text, FURNITURE_MIME: {}}


@dataclass(frozen=True)
class Provenance:
    """The method and data annex, last on the page.

    Parameters
    ----------
    method : What was computed and by which document; paragraphs of plain text.
    tables : Tables of the annex in order: sources with sha256, coverage, criteria with references, changes since last
        year.
    versions : What computed it: name -> version.
    """

    method: str
    tables: Sequence[Table] = ()
    versions: Mapping[str, str] | None = None
    heading: str = "Метод и данные"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        heading = Heading(self.heading)
        versions = "".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(str(version))}</dd></div>"
            for name, version in (self.versions or {}).items()
        )
        computed_by = f'<h3 id="versions">Чем рассчитано</h3><dl class="versions">{versions}</dl>' if versions else ""
        headings = [heading.payload()]
        if versions:
            headings.append({"text": "Чем рассчитано", "level": 3, "anchor": "versions"})
        return {
            "text/html": (
                f'<section class="annex">{heading.html()}{paragraphs(self.method)}'
                f"{''.join(table.html() for table in self.tables)}{computed_by}</section>"
            ),
            "text/plain": self.method,
            HEADING_MIME: headings,
            TABLE_MIME: [table.payload() for table in self.tables],
        }


def _sources(finding: Headline) -> str:
    return ", ".join(see_mark("table", table) for table in dict.fromkeys(proof.table for proof in finding.evidence))


def _in_brackets(links: str) -> str:
    return f' <span class="from">({links})</span>' if links else ""


def asdict_headline(finding: Headline) -> dict:
    """A sentence with its numbers and proofs, ready for JSON."""
    return {
        "id": finding.id,
        "text": finding.text,
        "numbers": {fact: float(value) for fact, value in finding.numbers.items()},
        "evidence": [{**asdict(proof), "where": dict(proof.where)} for proof in finding.evidence],
    }
