"""The annex lists what an office changed in its method, and is silent when it changed nothing."""

from pathlib import Path

from shnor_lib.office.assemble import assemble_office
from shnor_lib.pages.tables import Table
from shnor_lib.pages.views.annex import show_method
from tests.runs.workspaces import make_workspace

OVERRIDE = """overrides:
  - path: criteria.low_procedures.threshold
    value: 0.25
    why: Смотрим строже
"""


def tables_of(workspace: Path) -> dict:
    shown = show_method(assemble_office(workspace, "alpha", 2021)).items
    return {table.name: table for table in shown if isinstance(table, Table)}


def test_files_of_unknown_source_stand_in_the_annex(tmp_path):
    workspace = make_workspace(tmp_path, {"alpha": [2021]})
    for sources in workspace.glob("data/raw/alpha/*/SOURCES.yml"):
        sources.unlink()
    sources = tables_of(workspace)["sources"]
    assert len(sources.frame) and sources.frame["document"].isna().all() and "нет данных" in sources.html()


def test_what_was_changed_is_listed_with_its_reason(tmp_path):
    workspace = make_workspace(tmp_path, {"alpha": [2021]})
    assert "deviations" not in tables_of(workspace)
    profile = workspace / "params" / "alpha.yml"
    profile.write_text(profile.read_text(encoding="utf-8") + OVERRIDE, encoding="utf-8")
    (row,) = tables_of(workspace)["deviations"].frame.to_dict("records")
    assert row["title"] == "Не менее 25 % участников ниже минимума в двух и более процедурах"
    assert (row["method_value"], row["office_value"], row["why"]) == ("0,3", "0,25", "Смотрим строже")
