"""The work that all reports of an office and year share, done once: read, check, compute, judge, keep as Parquet."""

from __future__ import annotations

import io
from operator import and_
from pathlib import Path
from typing import TYPE_CHECKING

from shnor_lib.office.fingerprint import digest, file_digest, library_digest, snapshot, versions
from shnor_lib.office.processed import OFFICE, PREPARED, PUBLIC_OFFICE, changes_since, read_prepared
from shnor_lib.runs.files import WriteFailed, json_bytes, write_json
from shnor_lib.runs.plan import REGIONS
from shnor_lib.runs.record import OfficeRun
from shnor_lib.runs.statuses import DATA_INVALID, MADE, PARAMS_INVALID
from shnor_lib.runs.transaction import write_together
from shnor_lib.workspace import processed_folder

if TYPE_CHECKING:
    import pandas as pd

    from shnor_lib.office.office import Office
    from shnor_lib.office.scope import Scope
    from shnor_lib.params.profiles import Profile

INDICATOR_FILE_COLUMNS = [
    "school_id",
    "year",
    "indicator",
    "value",
    "numerator",
    "denominator",
    "note",
    "cause",
    "needs",
]
BENCHMARK_FILE_COLUMNS = ["level", "group", *INDICATOR_FILE_COLUMNS[1:]]
NUMBERS = ("value", "numerator", "denominator", "threshold", "benchmark", "margin", "participants")
COUNTS = ("year", "criteria_met", "criteria_assessed", "criteria_total")


def prepare_office(workspace: Path, municipality: str, year: int, public: bool = False) -> dict:
    """Compute an office and year and write it whole to ``data/processed``.

    ``public``: with its public edition. ``status``; with it ``prepared`` (what ``prepared.json`` holds), or ``reason`` and what is wrong: ``problems`` of the data.
    """
    from shnor_lib.office.assemble import assemble_office
    from shnor_lib.office.disclosure.edition import public_edition
    from shnor_lib.office.gather import DataInvalid
    from shnor_lib.office.kept import pack_office
    from shnor_lib.office.scope import scope_of
    from shnor_lib.params.yaml_files import ParamsError

    try:
        scope = scope_of(workspace, municipality, year)
        neighbours = watched_neighbours(workspace, scope)
    except ParamsError as error:
        return {"status": PARAMS_INVALID, "reason": str(error), "problems": []}
    contents = snapshot(workspace, **scope.watched)  # before reading: what changes meanwhile will count as changed
    described = description(scope.profile, scope.watched, contents) | {
        "neighbours": neighbours,
        "minimum_participants": scope.profile.disclosure.minimum_participants,
        "method": {"name": scope.method_name, "title": scope.method.title, "document": scope.method.document},
    }
    try:
        office = assemble_office(workspace, municipality, year, scope=scope)
    except DataInvalid as error:
        problems = error.problems.astype("object").where(error.problems.notna(), "").astype(str).to_dict("records")
        reason = f"ошибок – {len(problems)}"
        return {"status": DATA_INVALID, "reason": reason, "problems": problems, "prepared": described}
    folder = processed_folder(workspace, municipality, year)
    files = office_files(office)
    if public:
        files[PUBLIC_OFFICE] = pack_office(public_edition(office))
    described |= {
        "rows": rows_by_table(office),
        "outputs": {name: digest(content) for name, content in files.items()},
    }
    files[PREPARED] = json_bytes(described)
    try:
        write_together(workspace, {folder / name: content for name, content in files.items()})
    except WriteFailed as error:
        return {"status": error.status, "reason": error.reason, "problems": []}
    return {"status": MADE, "reason": "", "prepared": described}


def description(of: Profile | OfficeRun, watched: dict, contents: dict) -> dict:
    """What ``prepared.json`` says of an office or a region: its profile, the files it was prepared from, the code that did it."""
    return {
        "watched": watched,
        "contents": contents,
        "library": library_digest(),
        "versions": versions(),
        "title": of.title,
        "fictional": of.fictional,
        "years": list(of.years),
    }


def prepare_region(run: OfficeRun) -> dict:
    """Write down what the report of a region and year depends on: its profile, and each office as it was prepared.

    An office whose data or parameters cannot be used counts by the absence of a valid preparation.
    """
    profile = f"{REGIONS}/{run.municipality}.yml"
    contents = {profile: file_digest(run.workspace / profile)}
    for name in run.members:
        prepared = read_prepared(run.workspace, name, run.year)
        folder = run.workspace / "data" / "processed" / name / str(run.year)
        valid = prepared if not changes_since(run.workspace, prepared, folder) else None
        contents[f"data/processed/{name}/{run.year}/{PREPARED}"] = digest(valid["contents"]) if valid else None
    described = description(run, {"files": [profile], "folders": []}, contents)
    described |= {"municipalities": list(run.members), "rows": {}, "outputs": {}}
    write_json(run.processed / PREPARED, described)
    return described


def watched_neighbours(workspace: Path, scope: Scope) -> dict[str, list[str]]:
    """What the comparison within the region depends on besides the office itself; nothing without a region in its profile."""
    from shnor_lib.params.reading import read_region_profile

    if not scope.profile.region_profile:
        return {"files": [], "folders": []}
    others = [
        name
        for name in read_region_profile(workspace, scope.profile.region_profile).municipalities
        if name not in scope.municipalities
    ]
    return {
        "files": [f"params/{name}.yml" for name in others],
        "folders": [f"data/raw/{name}/{year}" for name in others for year in scope.years],
    }


def office_files(office: Office) -> dict[str, bytes]:
    """Every file that is kept of an office and year: the published tables as Parquet, and the office itself."""
    from shnor_lib.criteria.decisions import IDENTIFICATION_COLUMNS
    from shnor_lib.criteria.judge import VERDICT_COLUMNS
    from shnor_lib.office.kept import pack_office

    of_schools = office.indicators["level"].eq("school")
    tables = {
        "indicators": office.indicators.loc[of_schools, INDICATOR_FILE_COLUMNS],
        "benchmarks": office.indicators.loc[~of_schools, BENCHMARK_FILE_COLUMNS],
        "verdicts": office.verdicts[VERDICT_COLUMNS],
        "identification": office.identification[IDENTIFICATION_COLUMNS],
    }
    files = {f"{name}.parquet": parquet_bytes(frame) for name, frame in tables.items()}
    return files | {OFFICE: pack_office(office)}


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as a Parquet file; a column has its type whether or not it has a value, so that files of offices read as one table."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = {**dict.fromkeys(NUMBERS, pa.float64()), **dict.fromkeys(COUNTS, pa.int64()), "near": pa.bool_()}
    columns = {name: pa.array(column, kinds.get(name, pa.string()), from_pandas=True) for name, column in frame.items()}
    sink = io.BytesIO()
    parquet.write_table(pa.table(columns), sink)
    return sink.getvalue()


def rows_by_table(office: Office) -> dict[str, dict[str, int]]:
    """How many rows the folder of the year holds of each table, and how many of them are of schools.

    Schools that the data name only as partners of others are not counted among the schools: no report is about them.
    """
    folder = f"/{office.year}/"
    counts = {name: _count_rows(frame, folder) for name, frame in office.tables.items()}
    partners = set(office.school_names) - set(office.schools["school_id"])
    told = office.tables["schools"]
    counts["schools"]["schools"] = _count_rows(told[~told["school_id"].isin(partners)], folder)["schools"]
    return counts


def _count_rows(frame: pd.DataFrame, folder: str) -> dict[str, int]:
    delivered = [isinstance(file, str) and folder in file for file in frame["source_file"].tolist()]
    if "level" in frame:
        of_schools = [isinstance(level, str) and level == "school" for level in frame["level"].tolist()]
    else:
        of_schools = frame["school_id"].notna().tolist() if "school_id" in frame else []
    return {"rows": sum(delivered), "schools": sum(map(and_, delivered, of_schools))}
