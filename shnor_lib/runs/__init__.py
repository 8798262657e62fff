"""Runs: the notebooks of one office and year, executed, exported and written."""

from shnor_lib.runs.plan import RunRefused
from shnor_lib.runs.run import Outcome, run_reports

__all__ = ["Outcome", "RunRefused", "run_reports"]
