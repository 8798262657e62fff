"""A sheet: what is printed together on one A4 page, set small, with parts that may stand side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shnor_lib.pages.furniture import Title
from shnor_lib.pages.markup import HEADING_MIME, PAGES_MIME, TITLE_MIME, school_page
from shnor_lib.pages.together import Together


@dataclass(frozen=True)
class Sheet:
    """Objects that make one printed page.

    Parameters
    ----------
    items : Display objects in order; a tuple of them stands side by side where there is room.
    """

    items: Sequence[object | tuple[object, ...]]

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        parts = [SideBySide(item) if isinstance(item, tuple) else item for item in self.items]
        bundle = Together(parts)._repr_mimebundle_()
        return {**bundle, "text/html": f'<section class="sheet">{bundle["text/html"]}</section>'}


@dataclass(frozen=True)
class SchoolPage:
    """The page of one school: in a notebook shown in its place, in a run a file of its own, ``schools/<school>.html``.

    Parameters
    ----------
    school_id : whose page it is.
    title : the title block of the page, with the name of the school.
    items : display objects in order; a tuple of them stands side by side where there is room.
    index : what the index of the office and year says of the school: ``name``, ``state`` and how ``listed`` it is (0 first).
    """

    school_id: str
    title: Title
    items: Sequence[object | tuple[object, ...]]
    index: Mapping[str, object] = field(default_factory=dict)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = Sheet([self.title, *self.items])._repr_mimebundle_()
        page = {
            "name": school_page(self.school_id),
            "title": self.title.report,
            "html": bundle["text/html"],
            "headings": bundle.get(HEADING_MIME, []),
            "index": dict(self.index),
        }
        return {mime: content for mime, content in bundle.items() if mime != TITLE_MIME} | {PAGES_MIME: [page]}


@dataclass(frozen=True)
class SideBySide:
    """Objects beside each other where there is room, under each other where not."""

    items: tuple[object, ...]

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        parts = [item._repr_mimebundle_()["text/html"] for item in self.items]
        bundle = Together(self.items)._repr_mimebundle_()
        html = "".join(f"<div>{part}</div>" for part in parts)
        return {**bundle, "text/html": f'<div class="side-by-side">{html}</div>'}
