"""Two places of the given files that state different values of one row: their procedure is not taken, the others are."""

from __future__ import annotations

from collections.abc import Sequence

from shnor_lib.inputs.dictionary import procedure_label, table
from shnor_lib.inputs.importers.canonical import Key, key_of, row_label, same, shortened, text_of
from shnor_lib.inputs.importers.extract import ExtractedRow, Remark

PROCEDURE = ("exam", "subject", "grade", "year")

Found = tuple[ExtractedRow, str | None]
"""A row and the school behind it, ``None`` above the schools."""


def without_clashes(files: Sequence[tuple[str, Sequence[Found]]], year: int) -> list[tuple[list[Found], list[Remark]]]:
    """Rows of each file without the procedures that two places state differently, and what is told of these.

    What is refused is a procedure of all schools (of a table without procedures, the row): where one of two columns is
    empty, nobody knows whether the other one is meant.

    Parameters
    ----------
    files : their names and rows.
    year : the year of the folder.
    """
    refused: dict[tuple, tuple[int, str]] = {}
    seen: dict[tuple[str, Key], tuple[int, ExtractedRow, dict[str, object]]] = {}
    for at, (name, rows) in enumerate(files):
        for row, school in rows:
            entry = table(row.table)
            values = shortened({"level": row.unit.level, "school_id": school, **row.values}, year)
            key = entry.name, key_of(entry, values, year)
            if key not in seen:
                seen[key] = at, row, values
                continue
            first, other, held = seen[key]
            column = next((one for one in values if one in held and not same(held[one], values[one])), None)
            if column is not None and _scope(row, school) not in refused:
                places = [(held, files[first][0], other.place), (values, name, row.place)]
                stated = "; ".join(
                    f"{text_of(own[column])} – {', '.join(filter(None, (file, place)))}" for own, file, place in places
                )
                about = f"{_label(row) or entry.label}: {row_label(entry, values)}, {entry.columns[column].label}"
                refused[_scope(row, school)] = at, f"{about}: {stated}. Оставьте одно из двух и повторите"
    return [
        (
            [(row, school) for row, school in rows if _scope(row, school) not in refused],
            [Remark("не взято", text) for place, text in refused.values() if place == at],
        )
        for at, (_, rows) in enumerate(files)
    ]


def _scope(row: ExtractedRow, school: str | None) -> tuple:
    if "exam" in row.values:
        return tuple(row.values.get(name) for name in PROCEDURE)
    return row.table, row.unit.level, school


def _label(row: ExtractedRow) -> str:
    if "exam" not in row.values:
        return ""
    said = procedure_label("/".join(str(row.values[name]) for name in PROCEDURE[:3]))
    return f"{said}, {row.values['year']} год" if row.values.get("year") else said
