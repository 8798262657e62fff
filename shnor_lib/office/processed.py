"""Whether what is kept of an office and year in ``data/processed`` still holds.

``prepared.json`` comes together with what it tells of and says what everything beside it was made from, so it is all that has to
be looked at to know whether anything must be computed. Like the fingerprints it compares, this needs nothing heavy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from shnor_lib.office.fingerprint import file_digest, library_digest, snapshot, versions
from shnor_lib.workspace import processed_folder

PREPARED = "prepared.json"
OFFICE = "office.zip"
"""Every frame of the office as Arrow files, and its other fields as JSON."""

PUBLIC_OFFICE = "public_office.zip"
"""The same of its public edition, once one was asked for."""

PARAMS_PREFIX = "params/"


def read_prepared(workspace: Path, municipality: str, year: int) -> dict | None:
    """What a run wrote down when it prepared an office and year; ``None`` when it did not, or the file is damaged."""
    try:
        prepared = json.loads((processed_folder(workspace, municipality, year) / PREPARED).read_bytes())
    except (OSError, ValueError):
        return None
    whole = isinstance(prepared, dict) and {"watched", "contents", "library", "versions", "outputs"} <= prepared.keys()
    return prepared if whole else None


def changes_since(workspace: Path, prepared: Mapping | None, folder: Path) -> list[str]:
    """Why what is kept of an office and year no longer holds, in words; empty when it does.

    Parameters
    ----------
    prepared : what :func:`read_prepared` gave.
    folder : where the files written with it lie.
    """
    if prepared is None:
        return ["ещё не рассчитано"]
    now = snapshot(workspace, **prepared["watched"])
    before = prepared["contents"]
    changed = sorted(name for name in {*now, *before} if now.get(name) != before.get(name))
    reasons = []
    for what, names in (
        ("параметры", [name for name in changed if name.startswith(PARAMS_PREFIX)]),
        ("данные", [name for name in changed if not name.startswith(PARAMS_PREFIX)]),
    ):
        if names:
            reasons.append(f"изменились {what}: {', '.join(names)}")
    if prepared["library"] != library_digest():
        reasons.append("изменилась библиотека shnor_lib")
    if prepared["versions"] != versions():
        others = [name for name, one in versions().items() if prepared["versions"].get(name) != one]
        reasons.append(f"другие версии: {', '.join(others)}")
    missing = [name for name, sha256 in prepared["outputs"].items() if file_digest(folder / name) != sha256]
    if missing:
        reasons.append(f"нет рассчитанного: {', '.join(missing)}")
    return reasons
