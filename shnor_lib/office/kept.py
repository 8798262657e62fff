"""An office as one file, and back."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from shnor_lib.office.office import Office
from shnor_lib.office.processed import OFFICE, changes_since, pack, read_prepared, unpack
from shnor_lib.office.variants import Variant
from shnor_lib.params.methods import Method
from shnor_lib.params.profiles import Profile
from shnor_lib.workspace import processed_folder


def read_office(workspace: Path, municipality: str, year: int) -> Office | None:
    """The office and year as the last run prepared it; ``None`` when anything it was made from has changed since."""
    folder = processed_folder(workspace, municipality, year)
    if changes_since(workspace, read_prepared(workspace, municipality, year), folder):
        return None
    return unpack_office((folder / OFFICE).read_bytes())


def pack_office(office: Office) -> bytes:
    """An office as one file that :func:`unpack_office` reads back equal."""
    frames = {name: getattr(office, name) for name in FRAMES}
    frames |= {f"{TABLE_PREFIX}{name}": frame for name, frame in office.tables.items()}
    document = {name: getattr(office, name) for name in PLAIN}
    document |= {"profile": office.profile.model_dump_json(), "method": office.method.model_dump_json()}
    document["variants"] = [
        vars(one) | {"method": one.method and one.method.model_dump_json()} for one in office.variants
    ]
    return pack(frames, document)


def unpack_office(content: bytes) -> Office:
    """The office of :func:`pack_office`."""
    frames, document = unpack(content)
    return Office(
        **{name: document[name] for name in PLAIN},
        **{name: frames[name] for name in FRAMES},
        profile=Profile.model_validate_json(document["profile"]),
        method=Method.model_validate_json(document["method"]),
        tables={name.removeprefix(TABLE_PREFIX): frame for name, frame in frames.items() if name not in FRAMES},
        variants=tuple(
            Variant(**one | {"method": one["method"] and Method.model_validate_json(one["method"])})
            for one in document["variants"]
        ),
    )


FRAMES = tuple(field.name for field in fields(Office) if field.type == "pd.DataFrame")
PLAIN = ("municipality", "year", "audience", "method_name", "scenario_name")
TABLE_PREFIX = "table_"
