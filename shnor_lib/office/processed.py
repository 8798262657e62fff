"""What is kept of an office and year in ``data/processed``, whether it still holds, and how frames come back as they were.

``prepared.json`` is written last and says what everything beside it was made from, so it is all that has to be looked at to know
whether anything must be computed. Heavy imports stay inside the functions that need them.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from shnor_lib.office.fingerprint import file_digest, library_digest, snapshot, versions
from shnor_lib.workspace import processed_folder

if TYPE_CHECKING:
    import pandas as pd

PREPARED = "prepared.json"
OFFICE = "office.zip"
"""Every frame of the office as Arrow files, and its other fields as JSON."""

PARAMS_PREFIX = "params/"
_OBJECTS = b"shnor.objects"


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


def pack(frames: Mapping[str, pd.DataFrame], document: Mapping) -> bytes:
    """Frames and a JSON document as one file; the same content gives the same bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:  # not compressed: Arrow buffers already are
        file.writestr(_entry("office.json"), json.dumps(document, ensure_ascii=False, sort_keys=True))
        for name, frame in frames.items():
            file.writestr(_entry(f"{name}.arrow"), frame_bytes(frame))
    return archive.getvalue()


def unpack(content: bytes) -> tuple[dict[str, pd.DataFrame], dict]:
    """The frames and the document of :func:`pack`."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        document = json.loads(file.read("office.json"))
        names = [name for name in file.namelist() if name.endswith(".arrow")]
        return {name.removesuffix(".arrow"): frame_from(file.read(name)) for name in names}, document


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name)  # dated 1980: a clock would change the bytes


def frame_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as an Arrow file that :func:`frame_from` reads back equal, dtypes and columns of tuples included."""
    import pandas as pd
    import pyarrow as pa

    objects = [name for name in frame if frame[name].dtype == object]
    written = frame.assign(**{name: pd.Series(map(_json_text, frame[name]), frame.index, "string") for name in objects})
    table = pa.Table.from_pandas(written, preserve_index=False)
    table = table.replace_schema_metadata(table.schema.metadata | {_OBJECTS: json.dumps(objects).encode()})
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as file:
        file.write_table(table)
    return sink.getvalue()


def frame_from(content: bytes) -> pd.DataFrame:
    """The frame of :func:`frame_bytes`."""
    import pyarrow as pa

    table = pa.ipc.open_file(pa.BufferReader(content)).read_all()
    frame = table.to_pandas()
    objects = json.loads(table.schema.metadata[_OBJECTS])
    return frame.assign(**{name: _objects_from(frame[name]) for name in objects})


def _json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda missing: {"missing": repr(missing)})


def _objects_from(texts: pd.Series) -> pd.Series:
    import pandas as pd

    known = {text: _from_json_text(text) for text in texts.unique()}
    return pd.Series(list(map(known.__getitem__, texts.tolist())), texts.index, object)


def _from_json_text(text: str) -> object:
    import pandas as pd

    value = json.loads(text)
    if isinstance(value, dict):
        return pd.NA
    return tuple(value) if isinstance(value, list) else value
