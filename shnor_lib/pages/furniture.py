"""The parts of a report that are neither table nor chart: title, headings, headlines, prose, decisions, provenance."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from shnor_lib.pages.marks import Mark
from shnor_lib.pages.markup import (
    ABBREVIATIONS_MARK,
    FURNITURE_MIME,
    HEADING_MIME,
    HEADLINES_MIME,
    TITLE_MIME,
    paragraphs,
    prose,
    report_link,
    see_mark,
    slug,
)
from shnor_lib.pages.numbers import NBSP, plural
from shnor_lib.pages.phrases import Headline
from shnor_lib.params.methods import KNOWN_CATEGORIES
from shnor_lib.workspace import PUBLIC

FICTIONAL = "Демонстрационные данные: вымышленный муниципалитет"
FICTIONAL_MARK = "вымышленные данные"
EDITIONS = {"internal": "внутренняя редакция", "public": "открытая редакция"}
AUDIENCES = {
    "internal": "Внутренняя редакция: содержит данные, которые нельзя публиковать",
    "public": "Открытая редакция: малые числа скрыты",
}


def audience_words(audience: str, limit: int | None = None) -> str:
    """What an edition says of itself at the head of a page, with the limit below which numbers of persons are hidden.

    >>> audience_words("public", 5), audience_words("public")
    ('Открытая редакция: числа менее 5\\xa0человек скрыты', 'Открытая редакция: малые числа скрыты')
    """
    if audience != PUBLIC or limit is None:
        return AUDIENCES[audience]
    people = plural(limit, "человека", "человек", "человек")
    return f"Открытая редакция: числа менее {limit}{NBSP}{people} скрыты"


def school_year(year: int) -> str:
    """The school year that ends in a year, in words: 2021 is 2020/21."""
    return f"{year - 1}/{year % 100:02d}"


ABBREVIATIONS = {words.abbreviation: words.full_title for words in KNOWN_CATEGORIES.values()} | {
    "РКР": "региональная контрольная работа"
}
"""What is said in full at the head of a page that uses it."""


def abbreviations_in(text: str, known: Mapping[str, str] = ABBREVIATIONS) -> str:
    """What the abbreviations of a text mean, in one line; empty when it has none.

    >>> abbreviations_in("В перечне ШНОР")
    'ШНОР – школа с низкими образовательными результатами'
    """
    told = {short: full for short, full in known.items() if re.search(rf"\b{re.escape(short)}\b", text)}
    return "; ".join(f"{short} – {full}" for short, full in told.items())


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
    answer : The answer itself, as the heading of the page; the title of the report then stands above it.
    abbreviations : What the page says in full at its head where it uses it.
    schools : The page of each school by its name, to which sentences of the report lead (:mod:`shnor_lib.pages.export.names`).
    limit : Fewest persons a number of the public edition may stand for.
    """

    report: str
    municipality: str
    year: int
    question: str = ""
    fictional: bool = False
    audience: str = "internal"
    answer: str = ""
    abbreviations: Mapping[str, str] = field(default_factory=lambda: ABBREVIATIONS)
    schools: Mapping[str, str] = field(default_factory=dict)
    limit: int | None = None

    def __post_init__(self) -> None:
        if self.audience not in AUDIENCES:
            raise ValueError(f"audience={self.audience!r}: можно {', '.join(AUDIENCES)}.")

    def html(self) -> str:
        banner = f'<p class="banner" role="note">{FICTIONAL}</p>' if self.fictional else ""
        question = f'<p class="question">{prose(self.question)}</p>' if self.question else ""
        above = f'<p class="kicker">{prose(self.report)}</p>' if self.answer else ""
        return (
            f'<div class="title">{banner}{above}<h1>{prose(self.answer or self.report)}</h1>'
            f'<p class="office">{prose(self.municipality)}, {self.year} год ({school_year(self.year)} учебный год)</p>'
            f'{question}{ABBREVIATIONS_MARK}<p class="audience">{audience_words(self.audience, self.limit)}</p></div>'
        )

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": self.html(), "text/plain": self.report, TITLE_MIME: asdict(self)}


@dataclass(frozen=True)
class Headlines:
    """Three to six findings at the head of the page, each pointing to the table it can be counted from (when ``cited``)."""

    findings: Sequence[Headline]
    heading: str = "Главное"
    cited: bool = True

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        heading = Heading(self.heading)
        sources = [_sources(finding) if self.cited else "" for finding in self.findings]
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
class Bar:
    """A bar that falls into parts, with its words: "27 мер" – the bar – "15 выполнено · 7 идут"."""

    title: str
    mark: Mark
    legend: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        html = (
            f'<div class="bar"><p><strong>{prose(self.title)}</strong> {self.mark.html()}</p>'
            f'<p class="notes">{prose(self.legend)}</p></div>'
        )
        return {"text/html": html, "text/plain": f"{self.title}: {self.legend}", FURNITURE_MIME: {}}


@dataclass(frozen=True)
class Prose:
    """Paragraphs of plain text; a blank line parts them. Text from data is safe here."""

    text: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {"text/html": paragraphs(self.text), "text/plain": self.text, FURNITURE_MIME: {}}


@dataclass(frozen=True)
class Provenance:
    """Where a page comes from, in one line, last on it.

    Parameters
    ----------
    text : By which method and from how many files the page is made.
    report : The report that tells it in full; a link where its page stands.
    link : The words of the link.
    """

    text: str
    report: str
    link: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        html = f'<p class="provenance">{prose(self.text)} {report_link(self.report, prose(self.link))}</p>'
        return {"text/html": html, "text/plain": self.text, FURNITURE_MIME: {}}


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
