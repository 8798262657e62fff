"""Runs: the notebooks of one office and year, executed, exported and written."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shnor_lib.runs.plan import RunRefused
    from shnor_lib.runs.run import Outcome, run_reports

__all__ = ["Outcome", "RunRefused", "run_reports"]


def __getattr__(name: str) -> object:
    """Most commands run nothing: what runs is imported when it is asked for."""
    if name not in __all__:
        raise AttributeError(f"в {__name__} нет имени «{name}»; есть: {', '.join(__all__)}")
    return getattr(import_module(f"{__name__}.{'plan' if name == 'RunRefused' else 'run'}"), name)
