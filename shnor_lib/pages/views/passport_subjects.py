"""What the page of a school says by subject: falls and rises, by the calculation and by documents, and olympiads."""

from __future__ import annotations

from shnor_lib.analyses.passports import Known, of_school
from shnor_lib.analyses.subject_changes import what_changed
from shnor_lib.indicators.causes import HIDDEN_WORD
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.pages.numbers import is_missing
from shnor_lib.pages.saying import say
from shnor_lib.pages.specs import report_spec
from shnor_lib.workspace import SCHOOLS_REPORT


def subjects_told(known: Known, school_id: str) -> dict[str, str | None]:
    """Subjects that moved more than chance, and those of which documents say so, with what the calculation says of the same."""
    words, moved, published = (
        report_spec(SCHOOLS_REPORT).words["by_subject"],
        of_school(known.subjects, school_id),
        of_school(known.published, school_id),
    )

    def calculated(way: str) -> str | None:
        own = moved[moved["direction"].eq(way)]
        return "; ".join(what_changed(row.exam, None, row.subject) for row in own.itertuples()) or None

    def documented(way: str) -> str | None:
        own = published[published["direction"].eq(way)]
        told = [
            say(
                words["published"],
                {
                    "what": what_changed(row.exam, row.stage, row.subject),
                    "since": str(row.since),
                    "year": str(row.year),
                    "answer": words[row.answer],
                },
            )
            for row in own.itertuples()
        ]
        return "; ".join(told) or None

    return {
        f"{kind}_{way}": told(way)
        for kind, told in (("subject", calculated), ("document", documented))
        for way in ("fall", "rise")
    }


def olympiads_told(known: Known, school_id: str) -> dict[str, object]:
    """Diplomas of a school by stage, the subjects in brackets."""
    told = []
    for row in of_school(known.olympiads, school_id).itertuples():
        subjects = ", ".join(f"{label_of('subject', subject)} – {count:.0f}" for subject, count in row.subjects or ())
        beside = f" ({subjects})" if subjects else ""
        diplomas = HIDDEN_WORD if is_missing(row.diplomas) else f"{row.diplomas:.0f}"
        told.append(f"{label_of('olympiad_stage', row.stage)} этап – {diplomas}{beside}")
    return {"olympiads": "; ".join(told) or None}
