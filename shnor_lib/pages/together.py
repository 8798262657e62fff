"""Several display objects shown by one call, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Together:
    """Objects shown one after another as one output of a notebook cell."""

    items: Sequence[object]

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        together: dict = {"text/html": "", "text/plain": ""}
        for item in self.items:
            for mime, content in item._repr_mimebundle_().items():
                if mime.startswith("text/"):
                    together[mime] = together.get(mime, "") + content + "\n"
                elif isinstance(content, list):
                    together[mime] = together.get(mime, []) + content
                else:
                    together.setdefault(mime, content)
        return together
