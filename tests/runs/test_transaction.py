"""Files of one command come together or not at all, and a journal from a stranger writes nothing outside its folder."""

import errno
import json
import os
import threading

import pytest

from shnor_lib.office.fingerprint import digest
from shnor_lib.runs import transaction
from shnor_lib.runs.files import WriteFailed
from shnor_lib.runs.plan import RunRefused
from shnor_lib.runs.transaction import heal, journal_of, write_together

KEY = "0123456789ab"


class Killed(BaseException):
    """What ends a process in these tests: nothing of the library catches it."""


@pytest.fixture
def root(tmp_path):
    for name in ("params", "data/raw"):
        (tmp_path / "w" / name).mkdir(parents=True)
    (tmp_path / "w" / "params" / "a.yml").write_bytes(b"old a")
    (tmp_path / "w" / "params" / "gone.yml").write_bytes(b"old gone")
    return tmp_path / "w"


def wanted(root):
    return {
        root / "data" / "raw" / "x" / "2021" / "b.csv": b"new b",
        root / "params" / "a.yml": b"new a",
        root / "params" / "gone.yml": None,
    }


def standing(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != transaction.LOCK
    }


OLD = {"params/a.yml": b"old a", "params/gone.yml": b"old gone"}
NEW = {"data/raw/x/2021/b.csv": b"new b", "params/a.yml": b"new a"}


def killed_at(monkeypatch, number):
    """Every call that changes the disk is counted; at one of them the process ends."""
    counted = []

    def counting(call):
        def changed(*arguments, **options):
            counted.append(call)
            if len(counted) == number:
                raise Killed
            return call(*arguments, **options)

        return changed

    for name in ("fsync", "replace", "link", "unlink", "mkdir", "rmdir"):
        monkeypatch.setattr(os, name, counting(getattr(os, name)))
    return counted


def test_files_come_together_with_their_folders(root):
    write_together(root, wanted(root))
    assert standing(root) == NEW


@pytest.mark.parametrize("number", range(1, 26))
def test_a_kill_at_any_call_leaves_the_old_or_the_new(root, monkeypatch, number):
    with monkeypatch.context() as patched:
        counted = killed_at(patched, number)
        try:
            write_together(root, wanted(root))
        except Killed:
            pass
        else:
            assert len(counted) < number, "the kills above covered every call"
    told = heal(root)
    assert standing(root) in (OLD, NEW)
    assert (root / "data" / "raw" / "x").exists() == (standing(root) == NEW), "no folder without its files"
    if told:
        assert ("закончена" if standing(root) == NEW else "отменена") in told
    assert heal(root) == ""


@pytest.mark.parametrize("number", range(1, 14))
def test_a_kill_while_it_is_put_back_leaves_the_old_or_the_new(root, monkeypatch, number):
    replace = os.replace

    def hold(source, target):
        if target != root / "params" / "a.yml":
            return replace(source, target)
        patched.setattr(os, "replace", replace)
        killed_at(patched, number)
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patched, pytest.raises((Killed, WriteFailed)) as ended:
        patched.setattr(os, "replace", hold)
        write_together(root, wanted(root))
    told = heal(root)
    assert standing(root) in (OLD, NEW)
    if ended.type is WriteFailed:
        assert standing(root) == OLD and told == ""


@pytest.mark.parametrize(
    ("call", "number", "status"),
    [("fsync", errno.ENOSPC, "disk_full"), ("replace", errno.EACCES, "locked"), ("mkdir", errno.EROFS, "unwritable")],
)
def test_an_error_on_the_way_puts_everything_back(root, monkeypatch, call, number, status):
    done, original = [], getattr(os, call)

    def failing(*arguments, **options):
        done.append(arguments)
        if len(done) == 3:
            raise OSError(number, os.strerror(number))
        return original(*arguments, **options)

    monkeypatch.setattr(os, call, failing)
    with pytest.raises(WriteFailed) as failed:
        write_together(root, wanted(root))
    assert failed.value.status == status
    assert standing(root) == OLD and not (root / "data" / "raw" / "x").exists()


def test_a_disk_without_links_keeps_copies(root, monkeypatch):
    def no_links(*_, **__):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    write_together(root, wanted(root))
    assert standing(root) == NEW


def left(root, monkeypatch, at="replace", number=2):
    """A transaction killed when its first file is about to be put in place."""
    calls, original = [], getattr(os, at)

    def killed(*arguments, **options):
        calls.append(arguments)
        if len(calls) == number:
            raise Killed
        return original(*arguments, **options)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(os, at, killed)
        write_together(root, wanted(root))


def test_what_was_changed_since_is_left_to_a_person(root, monkeypatch):
    left(root, monkeypatch)
    (root / "params" / "a.yml").write_bytes(b"edited since")
    before = standing(root)
    with pytest.raises(RunRefused) as refused:
        heal(root)
    assert "params/a.yml с тех пор изменён" in refused.value.cause and "удалите" in refused.value.remedy
    assert standing(root) == before


def test_a_torn_new_file_is_undone(root, monkeypatch):
    left(root, monkeypatch)
    next((root / "params").glob(".shnor-*.new")).write_bytes(b"new")
    assert "отменена" in heal(root)
    assert standing(root) == OLD


def test_the_next_transaction_heals_first(root, monkeypatch):
    left(root, monkeypatch)
    write_together(root, {root / "params" / "c.yml": b"c"})
    assert standing(root) == NEW | {"params/c.yml": b"c"}


def journal(root, name, **more):
    document = {"key": KEY, "folders": [], "files": [{"file": name, "new": digest(b"evil"), "old": None}]} | more
    journal_of(root).parent.mkdir(parents=True, exist_ok=True)
    journal_of(root).write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize(
    "name",
    ["../outside/x.txt", "/etc/cron.d/x", "params/../../outside/x.txt", "link/x.txt", ".", "", "params//x.txt", "a\0b"],
)
def test_a_journal_of_a_stranger_leads_nowhere_outside(root, tmp_path, name):
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "link").symlink_to(outside)
    (outside / f".shnor-{KEY}-0.new").write_bytes(b"evil")
    journal(root, name)
    before = standing(tmp_path)
    with pytest.raises(RunRefused, match="Удалите этот файл"):
        heal(root)
    assert standing(tmp_path) == before


@pytest.mark.parametrize(
    "more",
    [{"key": "../../x"}, {"key": 1}, {"files": []}, {"files": [1]}, {"folders": ["../outside"]}, {"folders": None}],
)
def test_what_is_no_journal_is_refused(root, more):
    journal(root, "params/x.yml", **more)
    with pytest.raises(RunRefused, match="не журнал"):
        heal(root)


def test_a_link_in_place_of_a_new_file_is_not_put_in_place(root, tmp_path):
    (tmp_path / "secret").write_bytes(b"evil")
    (root / "params" / f".shnor-{KEY}-0.new").symlink_to(tmp_path / "secret")
    journal(root, "params/x.yml")
    assert "отменена" in heal(root)
    assert standing(root) == OLD and (tmp_path / "secret").exists()


def test_another_folder_keeps_nothing_of_the_program(tmp_path):
    folder = tmp_path / "forms"
    write_together(folder, {folder / f"{number}.xlsx": b"form" for number in range(3)})
    assert sorted(os.listdir(folder)) == ["0.xlsx", "1.xlsx", "2.xlsx"]


def test_writers_of_one_folder_by_two_paths_wait_for_each_other(root, tmp_path):
    other, failures = tmp_path / "link", []
    other.symlink_to(root)

    def write(by, number):
        try:
            for turn in range(5):
                write_together(by, {by / "params" / f"{name}.yml": f"{number} {turn}".encode() for name in "abc"})
        except (WriteFailed, RunRefused) as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(by, number)) for number, by in enumerate((root, other, root))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    contents = {path.read_bytes() for path in (root / "params").glob("[abc].yml")}
    assert len(contents) == 1 and next(iter(contents)).endswith(b" 4")
