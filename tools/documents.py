"""``python -m tools.documents`` (``make docs``) writes the generated documents anew: tables, indicators, the house in the README."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from shnor_lib.indicators import document_indicators
from shnor_lib.inputs.dictionary import document_tables

ROOT = Path(__file__).parents[1]
FLOORS = ["params", "inputs", "indicators", "statistics", "criteria", "office", "analyses", "whatif", "pages", "runs"]
"""Rooms of the library from the ground up."""


def documents() -> dict[str, str]:
    """Every generated document by its path in the repository."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return {
        "docs/tables.md": document_tables(),
        "docs/indicators.md": document_indicators(),
        "README.md": re.sub(
            r"(<!-- the house: make docs -->\n).*?(<!-- end of the house -->)",
            lambda found: found[1] + document_house() + found[2],
            readme,
            flags=re.DOTALL,
        ),
    }


def document_house() -> str:
    """Markdown table of the rooms of the library, from the ground up, each in the words of its own package."""
    rooms = "\n".join(f"| `shnor_lib/{room}/` | {first_line(room)} |" for room in FLOORS)
    return f"| room | what |\n|---|---|\n{rooms}\n"


def first_line(room: str) -> str:
    """What a package says of itself."""
    text = ast.get_docstring(ast.parse((ROOT / "shnor_lib" / room / "__init__.py").read_text(encoding="utf-8")))
    return text.splitlines()[0]


def main() -> None:
    """Write what has changed and say what that was."""
    for name, text in documents().items():
        if (ROOT / name).read_text(encoding="utf-8") != text:
            (ROOT / name).write_text(text, encoding="utf-8", newline="\n")
            print(name)


if __name__ == "__main__":
    main()
