"""The short form of ``fuzz``: some inputs to every reader, the kept corpus always."""

import os
import sys
from pathlib import Path

import pytest

from tests.attack.fuzz import READERS, attack, by_coverage, inputs, seeds

pytestmark = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="processes are measured as on Linux")


@pytest.mark.parametrize("reader", READERS)
def test_damaged_files_end_in_words(reader):
    assert "0 broke one" in attack(len(seeds(reader)) + 12, seed=1, readers=(reader,))


@pytest.mark.parametrize("reader", ["csv", "ods"])
def test_the_same_number_gives_the_same_inputs(reader):
    assert list(inputs(reader, 30, 7)) == list(inputs(reader, 30, 7)) != list(inputs(reader, 30, 8))


def refuse(data: bytes) -> None:
    raise KeyError(data[:1])


@pytest.mark.parametrize(
    ("reader", "told"),
    [(refuse, "KeyError"), (lambda data: os._exit(1), "Died"), (lambda data: b"x" * (600 << 20), "Cost")],
)
def test_what_breaks_a_reader_is_found_and_kept(reader, told, monkeypatch, tmp_path):
    monkeypatch.setitem(READERS, "text", reader)
    monkeypatch.setattr("tests.attack.fuzz.CORPUS", tmp_path)
    with pytest.raises(AssertionError, match=f"3 inputs broke a reader.*text: {told}"):
        attack(3, readers=("text",))
    assert len(list(tmp_path.rglob(f"*.{told}"))) == 3


def test_without_atheris_nothing_is_said_to_be_tried(monkeypatch):
    monkeypatch.setitem(sys.modules, "atheris", None)
    with pytest.raises(SystemExit, match="nothing was fuzzed"):
        by_coverage("text", [])
