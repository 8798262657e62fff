"""Numbers behind a page that are too many to print: a sentence with the link to their file."""

from __future__ import annotations

from dataclasses import dataclass

from shnor_lib.pages.markup import TABLE_MIME, download_mark, prose
from shnor_lib.pages.tables import Table


@dataclass(frozen=True)
class Attachment:
    """A table that goes to files only; the page says what it is for.

    Parameters
    ----------
    table : Shown nowhere; its caption is the title of the sheet.
    sentence : What can be computed again from it.
    """

    table: Table
    sentence: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        link = download_mark(self.table.name)
        return {
            "text/html": f'<div class="notes attachment"><p>{prose(self.sentence)}</p>{link}</div>',
            "text/plain": self.sentence,
            TABLE_MIME: [self.table.payload()],
        }
