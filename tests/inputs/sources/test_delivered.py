import os

import pytest

from shnor_lib.inputs.sources import delivered, folders, read_inputs
from shnor_lib.inputs.sources.delivered import FileRefused, Kept, read_delivered
from tests.inputs.sources.delivery import SCHOOLS, put, told


class Writer:
    """Somebody who writes to a file each time it has been looked at."""

    def __init__(self, monkeypatch, path, times: int) -> None:
        self.left, self.path, self.fstat = times, path, os.fstat
        monkeypatch.setattr(delivered.os, "fstat", self)

    def __call__(self, number: int) -> os.stat_result:
        found = self.fstat(number)
        if self.left:
            self.left -= 1
            with self.path.open("ab") as file:
                file.write(b"x")
        return found


def test_a_file_that_changed_while_it_was_read_is_read_again(tmp_path, monkeypatch):
    path = tmp_path / "staff.csv"
    path.write_bytes(b"abc")
    Writer(monkeypatch, path, 2)
    assert read_delivered(path) == b"abcxx"


def test_a_file_that_never_stands_still_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "staff.csv"
    path.write_bytes(b"abc")
    Writer(monkeypatch, path, 100)
    with pytest.raises(FileRefused, match="меняется"):
        read_delivered(path)


def test_a_refused_file_is_an_error_and_the_others_are_read(tmp_path, monkeypatch):
    folder = put(tmp_path, {"schools.csv": SCHOOLS, "staff.csv": "school_id;teachers\n01;12\n"})
    Writer(monkeypatch, folder / "staff.csv", 100)
    inputs = read_inputs(tmp_path, "demo", [2021])
    assert [(severity, text) for severity, _, text in told(inputs)] == [("error", "Файл меняется, пока его читают")]
    assert len(inputs.tables["schools"]) == 3 and inputs.tables["staff"].empty


def test_a_file_is_typed_once_for_its_content(tmp_path, monkeypatch):
    folder = put(tmp_path, {"schools.csv": SCHOOLS})
    folders.READ.forget()
    read, typed = [], folders.typed_rows
    monkeypatch.setattr(folders, "typed_rows", lambda *one: read.append(one) or typed(*one))
    first, again = (read_inputs(tmp_path, "demo", [2021]).tables["schools"] for _ in range(2))
    assert len(read) == 1 and first.equals(again)
    (folder / "schools.csv").write_text(SCHOOLS.replace("400", "401"), encoding="utf-8")
    assert read_inputs(tmp_path, "demo", [2021]).tables["schools"]["pupils"].tolist()[0] == 401 and len(read) == 2


def test_no_more_is_kept_than_allowed():
    kept, made = Kept(5), []
    for key in "abcab":
        kept.get((key,), lambda key=key: (made.append(key), 2))
    assert made == ["a", "b", "c", "a", "b"]
