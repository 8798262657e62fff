"""The main job on the data that ship, for everybody: the public edition of the fullest office."""

import shutil
from pathlib import Path

from shnor_lib.runs import run_reports
from tests.reports.beside import other_numbers
from tests.reports.checks import LARGEST, problems, small_number_problems
from tests.reports.public_tree import tells_of_raw, ways_out

TOLD_OTHERWISE = frozenset({"graduates_gia9", "graduates_gia11"})
"""Counts of graduates are left out of the public edition, and with them years of which nothing else is known."""


def test_B6_public_edition_shows_nothing_of_few_pupils(all_reports, warm_server, tmp_path):
    workspace = Path(shutil.copytree(all_reports, tmp_path / "public"))
    how = {"municipalities": ["demo"], "years": [2021], "audience": "public"}
    assert run_reports(workspace, jobs=2, server=warm_server, **how).exit_code == 0
    folder = workspace / "public" / "demo" / "2021"
    for path in (folder / "index.html", *folder.glob("schools/*.html"), *folder.glob("[0-9][0-9]_*.html")):
        assert "числа менее 5\u00a0человек скрыты" in path.read_text(encoding="utf-8"), path.name
    for path in sorted(folder.glob("[0-9][0-9]_*.html")):
        html = path.read_text(encoding="utf-8")
        assert not problems(html, largest=LARGEST[path.stem]), path.stem
        assert not small_number_problems(html, 5), path.stem
    assert not ways_out(workspace / "public") and not tells_of_raw(workspace / "public", workspace)
    tables = (root / "demo" / "2021" / "tables" for root in (workspace / "reports", workspace / "public"))
    faults, shown, hidden = other_numbers(*tables, TOLD_OTHERWISE)
    assert faults == [] and hidden > 2_000 and shown / (shown + hidden) > 0.75, (shown, hidden)
    assert "[скрыто]" in (folder / "50_identification.html").read_text(encoding="utf-8")
