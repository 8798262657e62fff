"""The attacker with a solver, short: one year of the office of nine tiny schools, by the reports that print the most numbers."""

from pathlib import Path

from shnor_lib.runs import run_reports
from shnor_lib.workspace import PUBLIC
from tests.attack.solver import TINY, YEARS, audited, tiny_office

REPORTS = ["20_results", "40_context_risks"]


def test_nothing_of_nine_tiny_schools_can_be_computed_back(tmp_path: Path, warm_server):
    tiny_office(tmp_path)
    asked = {"municipalities": [TINY], "years": YEARS[-1:], "reports": REPORTS, "audience": PUBLIC}
    assert run_reports(tmp_path, jobs=2, server=warm_server, **asked).exit_code == 0
    found = audited(tmp_path, TINY, seconds=300)
    assert found.is_safe, "\n".join(found.lines(300, most=100))
    assert found.found.asked > 1_000
