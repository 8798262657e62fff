"""The frame of every report: its title and its last line; and report 99, which tells method and data once for all of them."""

from __future__ import annotations

from importlib.metadata import version

import pandas as pd

from shnor_lib.analyses.dynamics import changed_answers, decisions_behind
from shnor_lib.analyses.identification import answers_compared, criteria_found
from shnor_lib.criteria.decisions import rules_in_words
from shnor_lib.indicators import causes
from shnor_lib.indicators.ranges import with_ranges
from shnor_lib.inputs.dictionary import choices
from shnor_lib.office.office import Office
from shnor_lib.pages.furniture import ABBREVIATIONS, Heading, Prose, Provenance, Title
from shnor_lib.pages.numbers import HIDDEN
from shnor_lib.pages.page import Page
from shnor_lib.pages.saying import say
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.words import CATEGORIES, FORMATS
from shnor_lib.whatif.region import Region

METHOD = "99_method"
VERSIONS = ("shnor", "pandas", "numpy", "scipy")


def page_of(office: Office | Region) -> Page:
    """The page of the annex for an office or a region."""
    return Page(office, "annex")


def show_title(office: Office | Region, report: str, question: str, answer: str = "") -> Title:
    """The title block: report, office, year, the mark of made-up data, and the answer where it is the heading.

    The page of a region tells the least limit of its offices: whatever is below it is hidden in all of them.
    """
    offices = getattr(office, "offices", {"": office}).values()
    return Title(
        report,
        office.profile.title,
        office.year,
        question,
        fictional=office.profile.fictional,
        audience=office.audience,
        answer=answer,
        abbreviations=ABBREVIATIONS
        | {
            words.abbreviation: words.full_title
            for one in offices
            for words in map(one.method.words, one.method.decisions)
        },
        schools=page_of(office).schools_named,
        limit=min((one.profile.disclosure.minimum_participants for one in offices), default=None),
    )


def show_annex(office: Office, report: str = "") -> Together:
    """The end of a page: what was asked into the report, and by what method and from how many files the page is made.

    Parameters
    ----------
    report : the report that ends; indicators say by ``shown_in`` which reports show their rows.
    """
    asked = office.store.shown_in(report, office.year) if office.catalogue.shown_in(report) else ()
    words = page_of(office).words["provenance"]
    made = say(words["text"], {"title": office.method.title, "files": len(office.sources), "version": version("shnor")})
    return Together([*([table_shown(office, asked)] if len(asked) else []), Provenance(made, METHOD, words["link"])])


def show_method(office: Office) -> Together:
    """Report 99: the method with its criteria, what was changed and assumed in it, files with sha256, versions."""
    told = page_of(office).text(
        "method",
        title=office.method.title,
        method=office.method_name,
        description=office.method.description,
        rules=rules_in_words(office.method),
        document=office.method.document,
        scenario=office.scenario_name or None,
        public=office.audience == "public",
    )
    tables = [
        table_criteria(office),
        *([table_deviations(office)] if len(office.deviations) else []),
        table_assumptions(office),
        table_changes(office),
        table_sources(office),
    ]
    return Together([*told, *tables, *computed_by(office)])


def computed_by(about: Office | Region) -> list[Heading | Prose]:
    """The versions of what computed the page."""
    return page_of(about).text("versions", versions=", ".join(f"{name} {version(name)}" for name in VERSIONS))


def show_annex_of_region(region: Region) -> Together:
    """How the offices of a region were put side by side, which of them are there, versions."""
    methods = {office.method.title for office in region.offices.values()}
    common = methods.pop() if len(methods) == 1 else None
    told = page_of(region).text("method_of_region", method=common)
    rows = [(one.profile.title, True, None if common else one.method.title, None) for one in region.offices.values()]
    rows += [(row.municipality, False, None, row.reason) for row in region.absent.itertuples()]
    members = pd.DataFrame(rows, columns=["office", "present", "method", "reason"])
    return Together([*told, page_of(region).table("region_members", members), *computed_by(region)])


def table_shown(office: Office, rows: pd.DataFrame) -> Table:
    """Indicators whose row asks to be shown in the report: of the office, of its groups and of every school."""
    whose = rows["school_id"].map(office.school_names).where(rows["level"].eq("school"), rows["group"])
    units = [office.catalogue.of(name).unit for name in rows["indicator"]]
    frame = pd.DataFrame(
        {
            "label": rows["label"],
            "who": whose.where(whose.ne(""), rows["level"].map(choices("level"))),
            "shown": with_ranges(rows["value"], rows["cause"], rows["needs"]).mask(
                rows["cause"].eq(causes.HIDDEN), HIDDEN
            ),
            "form": [FORMATS[unit] for unit in units],
            "note": rows["note"],
        }
    )
    return page_of(office).table("shown_rows", frame)


def table_criteria(office: Office) -> Table:
    """The criteria of the method, where each comes from, and whether it could be assessed."""
    rows = [
        {
            "category": found.criterion.category,
            "criterion": found.criterion.title,
            "assessed": found.assessed > 0,
            "schools": found.assessed,
            "met": found.met if found.assessed else None,
            "reference": found.criterion.reference,
        }
        for found in criteria_found(office)
    ]
    return page_of(office).table("criteria", pd.DataFrame(rows))


def table_deviations(office: Office) -> Table:
    """What the profile and the scenario change in the method, and why."""
    words = page_of(office).words["values"]
    values = {
        name: [
            str(value).replace(".", ",") if isinstance(value, float) else words.get(value, str(value))
            for value in office.deviations[name]
        ]
        for name in ("method_value", "office_value")
    }
    found = office.deviations.assign(**values).rename(columns={"source": "file"})
    return page_of(office).table("deviations", found)


def table_assumptions(office: Office) -> Table:
    """Everything the document leaves open and how it was answered."""
    rows = []
    for criterion in office.method.criteria.values():
        rows += [(criterion.title, text) for text in criterion.assumptions.values()]
    for index in office.method.indices.values():
        rows += [(index.title, text) for text in index.assumptions.values()]
        rows += [
            (f"{index.title}: {one.reference}", one.assumption) for one in index.components.values() if one.assumption
        ]
    for category, decision in office.method.decisions.items():
        rows += [(f"Решение о категории {CATEGORIES[category]}", text) for text in decision.assumptions.values()]
    frame = pd.DataFrame(rows, columns=["where", "assumption"]).drop_duplicates()
    return page_of(office).table("assumptions", frame)


def table_changes(office: Office) -> Table:
    """What changed in the lists since the year before."""
    moved, before = changed_answers(office), office.year - 1
    compared = answers_compared(office)
    moved = moved.assign(decided=decisions_behind(office, moved))
    return page_of(office).table("changes", moved, before=before, now=office.year, compared=compared)


def table_sources(office: Office) -> Table:
    """Where every file came from, with its sha256; a document that all of them come from is named once, as the source.

    The public edition tells no sha256 and no rows of a file: whoever guesses what stands in it could try the guess.
    """
    documents = office.sources["document"].drop_duplicates()
    common = documents.iloc[0] if len(documents) == 1 and documents.notna().all() else ""
    frame = office.sources.assign(year=office.sources["year"].astype("Int64").astype("string"))
    closed = [*(["document"] if common else []), *(["rows", "sha256"] if office.audience == "public" else [])]
    return page_of(office).table("sources", frame.drop(columns=closed), common=common)
