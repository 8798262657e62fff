"""Made-up public tables, as few as a leak needs."""

import csv
import json
from pathlib import Path

HIDDEN = "[скрыто]"


def publish(root: Path, year: int, title: str = "", **tables: tuple[dict[str, str], list[list[str]]]) -> Path:
    """Write tables of a year, with the title of the year's package: by name, the headers of the columns by id, and rows of texts."""
    folder = root / str(year) / "tables"
    folder.mkdir(parents=True)
    resources = []
    for name, (headers, rows) in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=";").writerows([headers.values(), *rows])
        fields = [{"name": header, "columnId": one} for one, header in headers.items()]
        resources.append({"name": name, "path": f"{name}.csv", "schema": {"fields": fields}})
    (folder / "datapackage.json").write_text(json.dumps({"title": title, "resources": resources}), encoding="utf-8")
    return root


SCHOOL = {"school_id": "Школа, код", "school": "Школа"}


def schools(columns: dict[str, str], *rows: tuple[str, ...]) -> tuple[dict[str, str], list[list[str]]]:
    """A table of schools: each row begins with the code, which is the name too."""
    return {**SCHOOL, **columns}, [[row[0], *row] for row in rows]
