"""A region in a run: what its report is made from is what the runs of its offices have left."""

from __future__ import annotations

from shnor_lib.office.fingerprint import digest, file_digest, library_digest, versions
from shnor_lib.office.processed import PREPARED, changes_since, read_prepared
from shnor_lib.runs.files import write_json
from shnor_lib.runs.plan import REGIONS
from shnor_lib.runs.record import OfficeRun


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
    prepared = {
        "watched": {"files": [profile], "folders": []},
        "contents": contents,
        "library": library_digest(),
        "versions": versions(),
        "title": run.title,
        "fictional": run.fictional,
        "years": list(run.years),
        "municipalities": list(run.members),
        "rows": {},
        "outputs": {},
    }
    write_json(run.processed / PREPARED, prepared)
    return prepared
