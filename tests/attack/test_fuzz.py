"""The short form of ``fuzz``: some inputs to every reader, the kept corpus always."""

import pytest

from tests.attack.fuzz import READERS, attack, inputs, seeds


@pytest.mark.parametrize("reader", READERS)
def test_damaged_files_end_in_words(reader):
    assert "0 exceptions" in attack(len(seeds(reader)) + 12, seed=1, readers=(reader,))


@pytest.mark.parametrize("reader", ["csv", "ods"])
def test_the_same_number_gives_the_same_inputs(reader):
    assert list(inputs(reader, 30, 7)) == list(inputs(reader, 30, 7)) != list(inputs(reader, 30, 8))


def test_an_exception_of_a_reader_is_found(monkeypatch, tmp_path):
    def broken(data: bytes) -> None:
        raise KeyError(data[:1])

    monkeypatch.setitem(READERS, "text", broken)
    monkeypatch.setattr("tests.attack.fuzz.CORPUS", tmp_path)
    with pytest.raises(AssertionError, match="3 inputs broke a reader.*text: KeyError"):
        attack(3, readers=("text",))
    assert len(list(tmp_path.rglob("*.KeyError"))) == 3
