"""Workbooks of other programs are read as .xlsx are, or are an error: an office is never judged without them in silence."""

import pytest

from shnor_lib.inputs.sources import limits, read_inputs
from shnor_lib.inputs.sources.problems import FileRefused
from shnor_lib.inputs.sources.workbooks import open_workbook
from tests.inputs.importers.exports import cells, export, office, refused_cells, take
from tests.inputs.importers.test_mark_statistics import ROWS, sheet
from tests.inputs.sources.other_workbooks import ods, xls

TABLE = [["school_id", "teachers"], ["01", 12], ["СОШ № 2", 7]]


@pytest.mark.parametrize(("suffix", "write"), [("xls", xls), ("ods", ods)])
def test_a_table_in_the_folder_is_read(tmp_path, suffix, write):
    workspace = office(tmp_path)
    (workspace / "data" / "raw" / "demo" / "2021" / f"staff.{suffix}").write_bytes(write("staff", TABLE))
    staff = read_inputs(workspace, "demo", [2021]).tables["staff"]
    assert list(zip(staff["school_id"], staff["teachers"], strict=True)) == [("01", 12), ("02", 7)]


def test_a_workbook_that_is_not_read_is_an_error(tmp_path):
    workspace = office(tmp_path)
    (workspace / "data" / "raw" / "demo" / "2021" / "staff.xlsb").write_bytes(b"PK")
    problems = read_inputs(workspace, "demo", [2021]).problems
    [told] = problems[problems["file"].str.endswith(".xlsb")].itertuples()
    assert told.severity == "error" and ".xlsx" in told.remedy


def test_a_formula_without_a_value_is_told_in_ods_too(tmp_path):
    workspace = office(tmp_path)
    rows = [TABLE[0], ["01", "=SUM(1;2)"]]
    (workspace / "data" / "raw" / "demo" / "2021" / "staff.ods").write_bytes(ods("staff", rows))
    problems = read_inputs(workspace, "demo", [2021]).problems
    assert "B2" in set(problems.loc[problems["severity"].eq("error"), "cell"])


@pytest.mark.parametrize(("suffix", "write"), [("xls", xls), ("ods", ods)])
def test_an_export_of_another_program_is_imported(tmp_path, suffix, write):
    workspace = office(tmp_path, 2026)
    path = export(tmp_path, f"отметки.{suffix}", Sheet1=[[]])
    path.write_bytes(write("Sheet1", [row or [""] for row in sheet(*ROWS[:4])]))
    imported = take(workspace, path, year=2026)
    assert ("01", "3", "7") in cells(workspace, "exam_results", "school_id", "mark_2", "mark_5", year=2026)
    assert not refused_cells(imported)


def test_an_ods_that_repeats_a_cell_too_often_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_CELLS", 100)
    with pytest.raises(FileRefused):
        open_workbook(ods("staff", [["1"] * 11] * 10))
