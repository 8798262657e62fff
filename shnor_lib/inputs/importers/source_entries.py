"""``SOURCES.yml`` learns which export a table came from; comments and the other entries stay."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString as Quoted

from shnor_lib.inputs.importers.extract import ImportRefused
from shnor_lib.inputs.sources.provenance import FILE_NAME, FolderSources
from shnor_lib.params.yaml_files import ParamsError, parse_yaml

LONGEST = 200


@dataclass(frozen=True)
class Entry:
    """What is said about a table: the document when nothing is said yet, and remarks to add."""

    document: str
    remarks: Sequence[str]


def updated_sources(data: bytes | None, entries: Mapping[str, Entry], *, document: str) -> bytes:
    """``SOURCES.yml`` with the entries added.

    Parameters
    ----------
    data : the file that stands there, ``None`` when there is none.
    entries : by name of the table's file.
    document : of the whole folder, when the file is new.

    Raises
    ------
    ImportRefused
        When the file cannot be read, or pins a table that would change by its sha256.
    """
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = 10_000
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    if data is None:
        tree = CommentedMap({"kind": "published", "document": Quoted(document)})
    else:
        try:
            known = parse_yaml(data, FolderSources, FILE_NAME)
        except ParamsError as error:
            raise ImportRefused(str(error), f"исправьте {FILE_NAME}.") from None
        if pinned := [name for name in entries if name in known.files and known.files[name].sha256]:
            raise ImportRefused(
                f"{FILE_NAME} закрепляет файл {', '.join(pinned)} суммой sha256.",
                "снимите sha256, если файл можно дополнить.",
            )
        tree = yaml.load(data.decode("utf-8-sig"))
    if not tree.get("files"):
        tree["files"] = CommentedMap()
    for name, entry in sorted(entries.items()):
        own = tree["files"].setdefault(name, CommentedMap())
        if not own:
            own["document"] = Quoted(entry.document[:LONGEST])
        remarks = own.setdefault("remarks", CommentedSeq())
        remarks.extend(Quoted(remark[:LONGEST]) for remark in entry.remarks if remark[:LONGEST] not in remarks)
    text = io.StringIO()
    yaml.dump(tree, text)
    return text.getvalue().encode("utf-8")
