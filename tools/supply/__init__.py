"""What the project is built of: the locked packages, their licences, what is known against them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.txt", "requirements-lab.txt", "requirements-supply.txt")
"""Lists of locked packages; a later one may repeat an earlier one."""


class Locked(NamedTuple):
    """A version of a package that a list pins."""

    name: str
    version: str
    lock: str
    """The first list that pins it."""
    hashes: tuple[str, ...]
    """``sha256:…`` of each file that may be installed."""


def read_locked(root: Path = ROOT) -> list[Locked]:
    """Every version of every package that a list pins, for any system and any Python, once and by name."""
    found: dict[tuple[str, str], Locked] = {}
    for lock in LOCKS:
        for block in re.split(r"\n(?=\S)", (root / lock).read_text(encoding="utf-8")):
            if pinned := re.match(r"([\w.-]+)==([^\s;]+)", block):
                hashes = tuple(re.findall(r"--hash=(\S+)", block))
                found.setdefault(pinned.groups(), Locked(*pinned.groups(), lock, hashes))
    return sorted(found.values())


def rounds(packages: Sequence[Locked]) -> list[list[Locked]]:
    """The same packages in as many lists as pip needs, which takes a list with one version of a package only.

    >>> [[one.version for one in now] for now in rounds([Locked("a", v, "", ()) for v in "123"])]
    [['1'], ['2'], ['3']]
    """
    lists: dict[int, list[Locked]] = defaultdict(list)
    seen = Counter[str]()
    for package in packages:
        lists[seen[package.name]].append(package)
        seen[package.name] += 1
    return list(lists.values())
