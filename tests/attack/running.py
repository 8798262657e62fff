"""Finds the long forms of this folder and runs them one after another."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parent
NOT_FORMS = ("__", "test_", "running")


def found_forms(names: Sequence[str] = (), folder: Path = FOLDER) -> dict[str, Callable[[], str]]:
    """The ``attack`` of every form in a folder, or of those named.

    Raises
    ------
    SystemExit
        There is no such form, or none at all: nothing tried is not nothing found.
    """
    there = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith(NOT_FORMS))
    unknown = sorted(set(names) - set(there))
    if unknown or not there:
        raise SystemExit(f"no form {', '.join(unknown) or 'to run'}; there are: {', '.join(there) or 'none'}")
    return {name: import_module(f"tests.attack.{name}").attack for name in names or there}


def run_forms(forms: Mapping[str, Callable[[], str]]) -> int:
    """Run each form, print its line (date, name, figures, seconds) as it ends; 1 if any failed, else 0."""
    failed = 0
    for name, attack in forms.items():
        began = time.monotonic()
        try:
            figures = attack()
        except Exception as error:  # noqa: BLE001  whatever it is, it is told and the others run
            failed = 1
            traceback.print_exc()
            figures = f"FAILED: {type(error).__name__}: {error}".splitlines()[0]
        print(f"{date.today()}  {name:<8}  {figures}  ({time.monotonic() - began:.0f} s)", flush=True)
    return failed
