"""An office as one file, and back: every frame as an Arrow file, everything else as JSON."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa

from shnor_lib.indicators.declared import Chapter
from shnor_lib.inputs.own import enter
from shnor_lib.office.office import Office
from shnor_lib.office.processed import OFFICE, PUBLIC_OFFICE, changes_since, read_prepared
from shnor_lib.office.variants import Variant
from shnor_lib.params.methods import Method
from shnor_lib.params.profiles import Profile
from shnor_lib.workspace import processed_folder

FRAMES = tuple(field.name for field in fields(Office) if field.type == "pd.DataFrame")
PLAIN = ("municipality", "year", "audience", "method_name", "scenario_name")
TABLE_PREFIX, DOCUMENT, ARROW = "table_", "office.json", ".arrow"
DTYPES = b"shnor.dtypes"
WORDS = "words"


def read_office(workspace: Path, municipality: str, year: int) -> Office | None:
    """The office and year as the last run prepared it; ``None`` when anything it was made from has changed since."""
    enter(workspace, municipality)
    folder = processed_folder(workspace, municipality, year)
    if changes_since(workspace, read_prepared(workspace, municipality, year), folder):
        return None
    return unpack_office((folder / OFFICE).read_bytes())


def read_public(workspace: Path, municipality: str, year: int) -> Office | None:
    """The public edition of an office that :func:`read_office` found to hold; ``None`` where no run asked for one."""
    prepared = read_prepared(workspace, municipality, year)
    if not prepared or PUBLIC_OFFICE not in prepared["outputs"]:
        return None
    return unpack_office((processed_folder(workspace, municipality, year) / PUBLIC_OFFICE).read_bytes())


def pack_office(office: Office) -> bytes:
    """An office as one file that :func:`unpack_office` reads back equal; the same content gives the same bytes."""
    document = {name: getattr(office, name) for name in PLAIN}
    document |= {"profile": office.profile.model_dump_json(), "method": office.method.model_dump_json()}
    document["own_indicators"] = {name: one.model_dump(mode="json") for name, one in office.own_indicators.items()}
    document["variants"] = [asdict(one) for one in office.variants]
    frames = {name: getattr(office, name) for name in FRAMES}
    frames |= {f"{TABLE_PREFIX}{name}": frame for name, frame in office.tables.items()}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:  # not compressed: Arrow buffers already are
        file.writestr(_entry(DOCUMENT), json.dumps(document, ensure_ascii=False, sort_keys=True))
        for name, frame in frames.items():
            file.writestr(_entry(f"{name}{ARROW}"), frame_bytes(frame))
    return archive.getvalue()


def unpack_office(content: bytes) -> Office:
    """The office of :func:`pack_office`."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        document = json.loads(file.read(DOCUMENT))
        names = [name for name in file.namelist() if name.endswith(ARROW)]
        frames = {name.removesuffix(ARROW): frame_from(file.read(name)) for name in names}
    return Office(
        **{name: document[name] for name in PLAIN},
        **{name: frames.pop(name) for name in FRAMES},
        profile=Profile.model_validate_json(document["profile"]),
        method=Method.model_validate_json(document["method"]),
        tables={name.removeprefix(TABLE_PREFIX): frame for name, frame in frames.items()},
        own_indicators={name: Chapter.model_validate(one) for name, one in document["own_indicators"].items()},
        variants=tuple(Variant(**one) for one in document["variants"]),
    )


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name)  # dated 1980: a clock would change the bytes


def frame_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as an Arrow file that :func:`frame_from` reads back equal, dtypes and columns of tuples included."""
    dtypes, columns = {}, []
    for name, column in frame.items():
        dtypes[name] = _kind(column)
        columns.append(_arrow(column, dtypes[name]))
    table = pa.table(columns, names=list(dtypes))
    schema = table.schema.with_metadata({DTYPES: json.dumps(dtypes, ensure_ascii=False)})
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, schema, options=pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)) as file:
        file.write_table(table)
    return sink.getvalue()


def _kind(column: pd.Series) -> str:
    """The dtype of a column; ``words`` for objects that are words without exception."""
    only_words = column.dtype == object and pd.api.types.infer_dtype(column, skipna=False) == "string"
    return WORDS if only_words else str(column.dtype)


def _arrow(column: pd.Series, kind: str) -> pa.Array:
    if kind == "object":
        texts = [json.dumps(value, ensure_ascii=False, default=_missing) for value in column.tolist()]
        return pa.array(texts, pa.string())
    return pa.array(column.array if isinstance(column.dtype, pd.api.extensions.ExtensionDtype) else column.to_numpy())


def frame_from(content: bytes) -> pd.DataFrame:
    """The frame of :func:`frame_bytes`."""
    table = pa.ipc.open_file(pa.BufferReader(content), options=pa.ipc.IpcReadOptions(use_threads=False)).read_all()
    dtypes = json.loads(table.schema.metadata[DTYPES])
    columns = {name: _column(values, dtypes[name]) for name, values in zip(dtypes, table.columns, strict=True)}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(table)), copy=False)


def _column(values: pa.ChunkedArray, dtype: str) -> object:
    if dtype == "object":
        texts = values.to_pylist()
        known = {text: _from_json_text(text) for text in set(texts)}
        return pd.Series([known[text] for text in texts], dtype=object)
    if dtype == WORDS:
        return pd.Series(values.to_numpy(), dtype=object)
    kind = _dtype(dtype)
    return kind.__from_arrow__(values) if hasattr(kind, "__from_arrow__") else values.to_numpy().copy()


_dtype = cache(pd.api.types.pandas_dtype)


def _missing(value: object) -> dict[str, str]:
    return {"missing": repr(value)}


def _from_json_text(text: str) -> object:
    value = json.loads(text)
    if isinstance(value, dict):
        return pd.NA
    return tuple(value) if isinstance(value, list) else value
