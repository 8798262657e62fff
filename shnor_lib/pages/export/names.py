"""Names of schools in sentences, as links to their pages."""

import re
from collections.abc import Mapping
from html import escape

from shnor_lib.pages.markup import school_link

_LINKS_AND_HEADINGS = r"<!--shnor:to:.*?<!--shnor:end-->|<(h[1-6]|a|svg|thead|summary)\b.*?</\1>"
_TAG = r"<(?P<tag>/?[a-z0-9]+)[^>]*>|<[^>]*>"
_SENTENCE_ENDS = r"(?P<end>[.!?](?=\s))"
_SPACE = "[ \u00a0]"
_WORD_BEFORE = rf"(?:^|(?<=>)|(?<=[,;:(–]{_SPACE})|(?<={_SPACE}и{_SPACE})|(?<=\()|(?<=партнёр{_SPACE})|(?<=(?:школа|Школа|речне){_SPACE})|(?<=[а-яё)]{{6}}[.!?]{_SPACE}))"
_WORD_AFTER = rf"(?=$|[<.,;:)!?]|{_SPACE}(?:[–(]|не{_SPACE}|и{_SPACE}|или{_SPACE}))"
_GOES_ON = (
    rf"(?![\w-]|[./]\d|{_SPACE}(?:[А-ЯЁ№\d«]|имени\b|им\.|(?:г|с|п|д|ст|пос)\.|(?:города|района|села|пос[её]лка)\b))"
)
_OTHER_SCHOOL = re.compile(rf"[А-ЯЁ][а-яё-]+(?:ая|яя|ое|ий|ый|ой){_SPACE}$")
LONGEST_ADJECTIVE = 40
_INLINE = {"span", "strong", "em", "b", "i", "br"}


class SchoolNames:
    """The names of an office's schools, to be found in the HTML of a page.

    A name is found whole and the longest first; not in headings, links, drawings and heads of tables. Where a text may mean something else
    nothing is found: a name of one word (Южная) counts only where names are listed or stand before a dash, «Канская СОШ № 1»
    and «СОШ № 1 имени Гагарина» are not «СОШ № 1».

    Parameters
    ----------
    sheets : the page of each school (see :func:`school_link`) by its name; empty for a name that leads nowhere, which no shorter
        name inside it is taken for.
    """

    def __init__(self, sheets: Mapping[str, str]):
        by_length = sorted(sheets, key=len, reverse=True)
        self._sheets = {_as_html(name): sheets[name] for name in by_length}
        self._found = None
        if any(sheets.values()):
            longer = "|".join(_pattern(name) for name in by_length if " " in name)
            words = "|".join(_pattern(name) for name in by_length if " " not in name)
            ways = [rf"(?<![\w-])(?:{longer}){_GOES_ON}"] if longer else []
            ways += [rf"{_WORD_BEFORE}(?:{words}){_WORD_AFTER}"] if words else []
            name = rf"(?P<name>{'|'.join(ways)})"
            self._found = re.compile(f"{_LINKS_AND_HEADINGS}|{_TAG}|{_SENTENCE_ENDS}|{name}", re.DOTALL)

    def linked(self, html: str) -> str:
        """HTML with a mark of a link around the names of schools, once in a sentence."""
        if self._found is None:
            return html
        told: set[str] = set()

        def link(piece: re.Match) -> str:
            if name := piece["name"]:
                sheet = self._sheets[name.replace("\u00a0", " ")]
                if (
                    sheet
                    and sheet not in told
                    and not _OTHER_SCHOOL.search(html, max(0, piece.start() - LONGEST_ADJECTIVE), piece.start())
                ):
                    told.add(sheet)
                    return school_link(sheet, name)
            elif piece["end"] or (piece["tag"] and piece["tag"].removeprefix("/") not in _INLINE):
                told.clear()
            return piece[0]

        return self._found.sub(link, html)


def _as_html(name: str) -> str:
    return escape(name.replace("\u00a0", " "))


def _pattern(name: str) -> str:
    return re.escape(_as_html(name)).replace(r"\ ", _SPACE)
