"""Several files of one command are put in place together: all of them or none, even if the command is killed between two.

A journal is written first: every file, with the digests of what stands there and of what will. Then all new files are written
beside their places and what they stand in for is kept beside them; then they are put in place one by one; the journal goes last.
Whoever finds a journal can tell by the digests what was done: with every new file whole it is completed, else all is put back.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from shnor_lib.office.fingerprint import digest
from shnor_lib.runs.files import UNFINISHED, failed_write, write_new
from shnor_lib.runs.plan import RunRefused
from shnor_lib.workspace import WorkspaceError, relative_name, safe_path

JOURNAL, LOCK = ".shnor.journal", ".shnor.lock"
"""In ``data/processed`` of a workspace; in another folder that files are written to, in the folder itself."""

LOCK_SECONDS = 60
MAX_BYTES = 20_000_000
"""A larger journal is none."""

_PART = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class _File:
    """A file of a transaction: its place below the root, the digests of what is to stand there and of what stood; ``None``: nothing."""

    file: str
    new: str | None
    old: str | None


class _Transaction:
    """The files of one journal, below one root."""

    def __init__(self, root: Path, key: str, files: list[_File], folders: list[str]):
        self.root, self.key, self.files, self.folders = root, key, files, folders
        self._at = root

    def places(self) -> Iterator[tuple[_File, Path, Path, Path]]:
        """Of each file: its place, where the new one waits, where the earlier one is kept."""
        for number, one in enumerate(self.files):
            self._at = self.root / one.file
            beside = self._at.with_name(f"{UNFINISHED}{self.key}-{number}")
            yield one, self._at, beside.with_suffix(".new"), beside.with_suffix(".old")

    def write(self, contents: Mapping[str, bytes | None]) -> None:
        """Do it all; an error on the way puts everything back.

        Raises
        ------
        WriteFailed
            As :func:`~shnor_lib.runs.files.write_whole`; every file is as it was, or the journal is left to tell the next command.
        """
        journal = journal_of(self.root)
        document = {"key": self.key, "files": list(map(asdict, self.files)), "folders": self.folders}
        self._at = journal
        try:
            write_new(journal.with_suffix(".new"), json.dumps(document, ensure_ascii=False).encode("utf-8"), mode="wb")
            os.replace(journal.with_suffix(".new"), journal)
            for one, place, new, old in self.places():
                place.parent.mkdir(parents=True, exist_ok=True)
                if (content := contents[one.file]) is not None:
                    write_new(new, content)
                if one.old is not None:
                    _keep(place, old)
            self.complete()
        except OSError as error:
            failed = failed_write(error, self._at)
            with suppress(OSError):
                self.put_back()
            raise failed from None

    def can_be_completed(self) -> bool:
        """Whether every new file is in its place or waits whole beside it, where nothing else has come since."""
        for one, place, new, _ in self.places():
            now, waits = _digest_of(place), one.new is not None and _holds(new, one.new)
            if now != one.new and not (now == one.old and (waits or one.new is None)):
                return False
        return True

    def changed_since(self) -> str:
        """A file that is neither what it was nor what it was to be, or whose earlier content is gone; empty when all can be put back."""
        for one, place, _, old in self.places():
            now = _digest_of(place)
            if now != one.old and (now != one.new or (one.old is not None and not _holds(old, one.old))):
                return one.file
        return ""

    def complete(self) -> None:
        """Put in place what waits, then forget the rest."""
        for one, place, new, _ in self.places():
            if one.new is None:
                place.unlink(missing_ok=True)
            elif os.path.lexists(new):
                os.replace(new, place)
        self._forget()

    def put_back(self) -> None:
        """Undo: what waits goes first, so that from then on nothing completes this; then the earlier files are put back."""
        for _, _, new, _ in self.places():
            new.unlink(missing_ok=True)
        for one, place, _, old in self.places():
            now = _digest_of(place)
            if now != one.old and one.old is None:
                place.unlink()
            elif now != one.old:
                os.replace(old, place)
        self._forget()
        for folder in reversed(self.folders):
            with suppress(OSError):  # something else came into it
                (self.root / folder).rmdir()

    def _forget(self) -> None:
        for _, _, _, old in self.places():
            old.unlink(missing_ok=True)
        for path in (journal_of(self.root), journal_of(self.root).with_suffix(".new")):
            path.unlink(missing_ok=True)


def write_together(root: Path, contents: Mapping[Path, bytes | None]) -> None:
    """Put files below a folder in place, and delete those whose content is ``None``: all together or nothing.

    Parameters
    ----------
    root : the workspace, or another folder; the commands that come to it after a kill complete or undo what they find.

    Raises
    ------
    WriteFailed
        As :func:`~shnor_lib.runs.files.write_whole`; then every file is as it was.
    RunRefused
        When another command writes for longer than a minute, or left something that only a person can decide.
    """
    given, root = root, root.resolve()
    with _only_writer(root):
        _heal(root)
        named: dict[str, bytes | None] = {}
        files: list[_File] = []
        folders: dict[str, None] = {}
        for path, content in contents.items():
            name = relative_name(given, path)
            try:
                earlier = _digest_of(path)
            except OSError as error:
                raise failed_write(error, path) from None
            coming = None if content is None else digest(content)
            if earlier != coming:
                named[name] = content
                files.append(_File(name, coming, earlier))
                folders |= dict.fromkeys(_missing_folders(root, root / name))
        if files:
            _Transaction(root, secrets.token_hex(6), files, list(folders)).write(named)


def heal(root: Path) -> str:
    """Complete or undo what a killed command left below a folder; says in one Russian line what was done, empty where nothing was.

    Raises
    ------
    WriteFailed
        When a file cannot be put in place, as :func:`~shnor_lib.runs.files.write_whole`.
    RunRefused
        When the journal is none that a command writes, leads out of the folder, or a file was changed since.
    """
    root = root.resolve()
    if not any(map(os.path.lexists, (journal_of(root), journal_of(root).with_suffix(".new")))):
        return ""
    with _only_writer(root):
        return _heal(root)


def journal_of(root: Path) -> Path:
    """Where the journal of a folder stands."""
    return _own_folder(root) / JOURNAL


def _own_folder(root: Path) -> Path:
    return root / "data" / "processed" if (root / "params").is_dir() and (root / "data").is_dir() else root


@contextmanager
def _only_writer(root: Path) -> Iterator[None]:
    """One process at a time writes several files below a folder: a journal that another one finds is of a process that has ended."""
    from filelock import FileLock, Timeout  # most commands write nothing, and it takes longer to load than they take

    path = _own_folder(root) / LOCK
    lock = FileLock(path, timeout=LOCK_SECONDS)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise RunRefused(
            f"В папку {root.name} уже минуту пишет другая команда.", "Дождитесь её окончания и повторите."
        ) from None
    except OSError as error:
        raise failed_write(error, path) from None
    try:
        yield
    finally:
        if path.parent == root:  # no folder of the program: nothing of it stays there
            with suppress(OSError):
                path.unlink()
        lock.release()


def _heal(root: Path) -> str:
    journal = journal_of(root)
    try:
        journal.with_suffix(".new").unlink(missing_ok=True)
        found = _read(root, journal)
        if found is None:
            return ""
        count = f"файлов – {len(found.files)}"
        if found.can_be_completed():
            found.complete()
            return f"Прерванная запись закончена: {count}."
        if changed := found.changed_since():
            raise RunRefused(
                f"Прошлая запись прервана ({count}), а {changed} с тех пор изменён: её не закончить и не отменить.",
                f"Проверьте этот файл, затем удалите {relative_name(root, journal)} и повторите прерванную команду.",
            )
        found.put_back()
        return f"Прерванная запись отменена: {count}; повторите прерванную команду."
    except OSError as error:
        raise failed_write(error, found._at if found else journal) from None


def _read(root: Path, journal: Path) -> _Transaction | None:
    """The transaction of a journal; ``None`` without one. It may come from a stranger: what leads out of the folder is refused."""
    if not os.path.lexists(journal):
        return None
    try:
        if journal.is_symlink() or journal.stat().st_size > MAX_BYTES:
            raise ValueError
        document = json.loads(journal.read_bytes())
        key, folders = document["key"], [str(one) for one in document["folders"]]
        files = [_File(**{name: one[name] for name in ("file", "new", "old")}) for one in document["files"]]
        if not _PART.fullmatch(key) or not files:
            raise ValueError
        for name in (*folders, *(one.file for one in files)):
            if name == "." or relative_name(root, safe_path(root, name)) != name:
                raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, WorkspaceError):
        raise RunRefused(
            f"{relative_name(root, journal)} – не журнал записи, которую прервали, или ведёт за пределы папки.",
            "Удалите этот файл: записано по нему ничего не будет.",
        ) from None
    return _Transaction(root, key, files, folders)


def _missing_folders(root: Path, path: Path) -> list[str]:
    """Folders below the root that a file brings along, outer ones first."""
    inside = [folder for folder in reversed(path.parents) if folder.is_relative_to(root) and folder != root]
    return [relative_name(root, folder) for folder in inside if not folder.exists()]


def _digest_of(path: Path) -> str | None:
    """sha256 of a file; ``None`` when nothing is there, empty when it is no file."""
    if not path.exists():
        return None
    return digest(path.read_bytes()) if path.is_file() else ""


def _holds(path: Path, sha256: str) -> bool:
    """Whether what was written beside a place is there whole; a link is not, wherever it leads."""
    return not path.is_symlink() and _digest_of(path) == sha256


def _keep(place: Path, old: Path) -> None:
    """The earlier file under another name: a link where the disk has them, else a copy."""
    try:
        os.link(place, old)
    except OSError:
        with open(place, "rb") as earlier:
            write_new(old, earlier.read())
