"""A sheet: what is printed together on one A4 page, set small, with parts that may stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
        parts = [_SideBySide(item) if isinstance(item, tuple) else item for item in self.items]
        bundle = Together(parts)._repr_mimebundle_()
        return {**bundle, "text/html": f'<section class="sheet">{bundle["text/html"]}</section>'}


@dataclass(frozen=True)
class _SideBySide:
    items: tuple[object, ...]

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bundle = Together(self.items)._repr_mimebundle_()
        return {**bundle, "text/html": f'<div class="side-by-side">{bundle["text/html"]}</div>'}
