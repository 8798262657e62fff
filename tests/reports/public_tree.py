"""What the tree of the public edition must not hold: ways out of it, digests of what is not published, places on a disk."""

import hashlib
import io
import re
import zipfile
from pathlib import Path

import pandas as pd
from bs4 import BeautifulSoup

SHORTEST = 8
"""Of a digest this many letters would let a guess be tried."""


def texts(path: Path) -> str:
    """Everything a file says, archives and Parquet included."""
    data = path.read_bytes()
    if path.suffix == ".parquet":
        return pd.read_parquet(path).to_csv()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return re.sub(r"base64,[A-Za-z0-9+/=]+", "", data.decode("utf-8", "replace"))


def ways_out(tree: Path) -> list[str]:
    """Links of the pages of a tree that lead out of it or to nothing, as ``page -> address``."""
    return [
        f"{page.relative_to(tree)} -> {address}"
        for page in sorted(tree.rglob("*.html"))
        for address in _addresses(page)
        if not _leads_within(tree, page, address)
    ]


def _addresses(page: Path) -> list[str]:
    soup = BeautifulSoup(page.read_bytes(), "html.parser")
    found = [tag.get(name) for name in ("href", "src", "action") for tag in soup.find_all(attrs={name: True})]
    return [address for address in found if not address.startswith(("#", "data:"))]


def _leads_within(tree: Path, page: Path, address: str) -> bool:
    target = (page.parent / address.partition("#")[0]).resolve()
    return target.is_relative_to(tree.resolve()) and target.is_file()


def tells_of_raw(tree: Path, workspace: Path) -> list[str]:
    """Files of a tree with a digest of a delivered file or of a file of parameters, whole or shortened, or a place on this disk."""
    given = [path for name in ("data/raw", "params") for path in (workspace / name).rglob("*") if path.is_file()]
    digests = {hashlib.sha256(path.read_bytes()).hexdigest()[:SHORTEST]: path.name for path in given}
    written = re.compile("|".join([*digests, re.escape(str(workspace)), r"/(?:home|tmp|root)/", r"[A-Z]:\\\\"]))
    return [
        f"{path.relative_to(tree)}: {digests.get(match.group(), match.group())}"
        for path in sorted(tree.rglob("*"))
        if path.is_file() and (match := written.search(texts(path)))
    ]
