"""Frames of the generator in the shape that the readers give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from shnor_lib.inputs.dictionary import DTYPES, table, table_names

Block = Mapping[str, object]
"""Columns of some rows: arrays of one length, or one value for all of them."""

Office = dict[int, dict[str, pd.DataFrame]]
"""Tables of one office: year → table → frame."""


def frame_of(name: str, year: int, blocks: Sequence[Block]) -> pd.DataFrame:
    """Stack blocks of rows into one typed frame of a table.

    All dictionary columns are there, empty ones missing; ``year`` is the folder's year unless a block says its own;
    ``level`` is ``school`` unless said otherwise; ``group`` and ``wave`` are "" unless said otherwise.

    Examples
    --------
    >>> frame_of("risks", 2021, [{"risk_id": ["1", "2"], "probability": "high"}])[["risk_id", "probability", "year"]]
      risk_id probability  year
    0       1        high  2021
    1       2        high  2021
    """
    entry = table(name)
    dtypes = {column.name: DTYPES[column.type] for column in entry.columns.values()} | {"year": "Int64"}
    defaults = {"level": "school", "group": "", "wave": "", "year": year}
    blocks = [block for block in blocks if block]
    lengths = [max((len(values) for values in block.values() if np.ndim(values)), default=1) for block in blocks]
    columns = {}
    for column, dtype in dtypes.items():
        default = defaults.get(column) if column in entry.columns or column == "year" else None
        parts = [
            np.broadcast_to(np.asarray(block.get(column, default), dtype=_plain_dtype(dtype)), length)
            for block, length in zip(blocks, lengths, strict=True)
        ]
        columns[column] = _typed(np.concatenate(parts), dtype) if parts else pd.array([], dtype=dtype)
    return pd.DataFrame(columns)


def _plain_dtype(dtype: str) -> type:
    return float if dtype == "Float64" else object


def _typed(values: np.ndarray, dtype: str) -> object:
    if dtype == "Float64":
        return pd.array(values, dtype=dtype)
    if dtype.startswith("datetime64"):
        return pd.to_datetime(pd.Series(values)).astype(dtype).array
    return pd.array([None if value is None else value for value in values], dtype=dtype)


def stack_years(office: Office) -> dict[str, pd.DataFrame]:
    """Tables of all years one under the other, with the origin columns, as the readers give them to everything else.

    Every dictionary table is there; ``source_file`` is «simulation», ``source_row`` counts from 2 as in a file with a
    header.
    """
    return {
        name: stack_frames(name, [frames[name] for frames in office.values() if name in frames])
        for name in table_names()
    }


def stack_frames(name: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One table of several years, with the origin columns."""
    rows = [frame.assign(source_row=np.arange(2, len(frame) + 2)) for frame in frames]
    together = (
        pd.concat(rows, ignore_index=True) if rows else table(name).empty().assign(source_row=pd.Series(dtype="int64"))
    )
    origin = {
        column: pd.array(np.full(len(together), text, dtype=object), dtype="string") for column, text in _ORIGIN.items()
    }
    return together.assign(**origin)


_ORIGIN = {"source_file": "simulation", "source_sheet": ""}
