"""``python -m tools.supply.licences`` (``make licences``) writes docs/licences.md: the licence of every locked package.

A licence is read from the metadata of the package as installed, or else of its locked file, fetched and held against its hash.
A locked version never changes: what the page has of it already is not fetched again.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from email import message_from_bytes
from email.message import Message
from importlib.metadata import distributions
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name, parse_wheel_filename

from tools.supply import ROOT, Locked, read_locked, rounds

PAGE = ROOT / "docs" / "licences.md"
LONGEST_WORDS = 40
"""Letters; what is longer in the field of the licence is its text."""
HEAD = """# Licences

Written by `make licences` from the metadata of the packages; correct the lists of locked packages, not this page. As code: the
SPDX expression that a package declares. As words: what it says where it declares none.

| package | version | licence | locked in |
|---|---|---|---|
"""


def licence_of(metadata: Message) -> str:
    """What a package declares: an SPDX expression as code, else its words.

    >>> from email import message_from_string
    >>> licence_of(message_from_string("License: mit"))
    '`MIT`'
    >>> licence_of(message_from_string("License: UNKNOWN\\nClassifier: License :: OSI Approved :: BSD License"))
    'BSD License'
    >>> licence_of(message_from_string("Name: nothing"))
    'not declared'
    """
    declared = (metadata.get("License-Expression") or metadata.get("License") or "").strip()
    try:
        return f"`{canonicalize_license_expression(declared)}`"
    except InvalidLicenseExpression:
        pass
    if declared not in ("", "UNKNOWN") and "\n" not in declared and len(declared) <= LONGEST_WORDS:
        return declared
    told = [line.split(" :: ") for line in metadata.get_all("Classifier", [])]
    return ", ".join(words[-1] for words in told if words[:2] == ["License", "OSI Approved"]) or "not declared"


def installed_licences() -> dict[tuple[str, str], str]:
    """Licences of the packages of this environment, by name and version."""
    return {(canonicalize_name(one.metadata["Name"]), one.version): licence_of(one.metadata) for one in distributions()}


def fetched_licences(packages: Sequence[Locked]) -> dict[tuple[str, str], str]:
    """Licences of the locked files themselves: those for Windows and Python 3.12, which every package has."""
    found = {}
    for now in rounds(packages):
        with TemporaryDirectory() as folder:
            wanted = Path(folder) / "wanted.txt"
            lines = [f"{one.name}=={one.version} --hash={' --hash='.join(one.hashes)}\n" for one in now]
            wanted.write_text("".join(lines), encoding="utf-8")
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "-r", wanted]
            system = ["--only-binary=:all:", "--platform=win_amd64", "--python-version=3.12"]
            subprocess.run([*pip, *system, "--dest", folder], check=True)
            for wheel in Path(folder).glob("*.whl"):
                name, version, *_ = parse_wheel_filename(wheel.name)
                with zipfile.ZipFile(wheel) as held:
                    (inside,) = [file for file in held.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", file)]
                    found[name, str(version)] = licence_of(message_from_bytes(held.read(inside)))
    return found


def written_licences(page: str) -> dict[tuple[str, str], str]:
    """Licences that the page has already, by name and version."""
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (.+) \| \S+ \|$", page, flags=re.MULTILINE)
    return {(name, version): licence for name, version, licence in rows}


def document_licences(packages: Sequence[Locked], licences: Mapping[tuple[str, str], str]) -> str:
    """The text of ``docs/licences.md``: a row for each locked version."""
    rows = [f"| {one.name} | {one.version} | {licences[one.name, one.version]} | {one.lock} |\n" for one in packages]
    return HEAD + "".join(rows)


def main() -> None:
    """Write the page anew."""
    packages = read_locked()
    known = written_licences(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    known |= installed_licences()
    known |= fetched_licences([one for one in packages if (one.name, one.version) not in known])
    PAGE.write_text(document_licences(packages, known), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
