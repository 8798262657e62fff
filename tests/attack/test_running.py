"""Each form is told in a line; one that fails is told, fails the whole and stops no other."""

from __future__ import annotations

import re

import pytest

from tests.attack.running import FOLDER, NOT_FORMS, found_forms, run_forms

FORMS = sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith(NOT_FORMS))


def refuse() -> str:
    raise AssertionError("2 torn files\nthe rest of the story")


def test_a_line_a_form_and_a_failure_fails_the_whole(capsys):
    assert run_forms({"kills": refuse, "fuzz": lambda: "90 inputs, 0 exceptions"}) == 1
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d  kills     FAILED: AssertionError: 2 torn files  \(0 s\)", lines[0])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d  fuzz      90 inputs, 0 exceptions  \(0 s\)", lines[1])
    assert len(lines) == 2 and run_forms({"fuzz": lambda: "90 inputs"}) == 0


def test_nothing_tried_is_not_nothing_found(tmp_path):
    (tmp_path / "test_kills.py").touch()
    with pytest.raises(SystemExit, match="no form to run; there are: none"):
        found_forms(folder=tmp_path)
    (tmp_path / "kills.py").touch()
    with pytest.raises(SystemExit, match="no form fuz; there are: kills"):
        found_forms(["fuz"], tmp_path)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_has_its_attack_and_its_short_form(name):
    assert callable(found_forms([name])[name])
    assert (FOLDER / f"test_{name}.py").exists()
