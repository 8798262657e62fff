"""Files of numbers: they hold what the page shows, open in Excel as data, and repeat byte for byte."""

import csv
import json
from dataclasses import asdict

import openpyxl
import pandas as pd
import pytest

from shnor_lib.pages.export.html import ReportError
from shnor_lib.pages.export.tables import ReportTable, collect_tables, harmless, sheet_name, unique_tables
from shnor_lib.pages.tables import Column, Table
from tests.reports.sample import notebook, sample_notebook, write_tables

COLUMNS = {"school": "Школа", "rate": Column("Доля", "percent"), "pupils": Column("Обучающиеся", "count", unit="чел.")}


def shown(
    name: str = "schools", schools: tuple[str, ...] = ("=1+1", "+7", "-5", "@x", "\tx", "\rx", "СОШ № 1; «А»")
) -> Table:
    frame = pd.DataFrame(
        {"school": schools, "rate": [-0.125] * len(schools), "pupils": range(1200, 1200 + len(schools))}
    )
    return Table(frame, name, "Доля по школам", COLUMNS, note="Примечание", source="отчёт, 2021")


def rows_of(path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines, delimiter=";"))


def test_a_csv_opens_in_russian_excel_and_runs_nothing(tmp_path):
    write_tables(collect_tables(notebook(shown())), tmp_path, title="Проба")
    assert (tmp_path / "schools.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    heading, *rows = rows_of(tmp_path / "schools.csv")
    assert heading == ["Школа", "Доля, %", "Обучающиеся, чел."]
    assert [row[0] for row in rows] == ["'=1+1", "'+7", "'-5", "'@x", "'\tx", "'\rx", "СОШ № 1; «А»"]
    assert rows[0][1:] == ["-12,5", "1200"]  # a negative number is a number, not a formula


def test_the_workbook_has_cover_contents_notes_and_a_sheet_a_table(tmp_path):
    write_tables(collect_tables(notebook(shown(), shown("other"))), tmp_path, title="Демонстрационный округ, 2021")
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    assert book.sheetnames == ["Обложка", "Содержание", "Примечания", "1 Доля по школам", "2 Доля по школам"]
    assert book["Обложка"]["A1"].value == "Демонстрационный округ, 2021"
    assert book["Содержание"]["A2"].hyperlink.location == "'1 Доля по школам'!A1"
    assert [cell.value for cell in book["Содержание"][3]] == ["2 Доля по школам", "Доля по школам", "other.csv"]
    assert ["1 Доля по школам", "Примечание"] in [[cell.value for cell in row] for row in book["Примечания"].rows]
    sheet = book["1 Доля по школам"]
    assert [cell.value for cell in sheet[4]] == ["Школа", "Доля, %", "Обучающиеся, чел."]
    assert [cell.value for cell in sheet[5]] == ["=1+1", -12.5, 1200]
    assert sheet["A5"].data_type == "s"  # text, not a formula
    assert sheet["A2"].value == "Источник: отчёт, 2021"
    assert sheet["A3"].hyperlink.location == "'Содержание'!A1"
    assert not any(each.merged_cells.ranges for each in book.worksheets)


def test_every_sheet_keeps_its_heading_in_sight_and_filters_under_it(tmp_path):
    write_tables(collect_tables(notebook(shown(), shown("empty", schools=()))), tmp_path, title="Проба")
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    found = [(sheet.auto_filter.ref, sheet.freeze_panes) for sheet in book.worksheets[1:]]
    assert found[0] == ("A1:C3", "A2") and found[1][1] == "A2"
    assert found[2:] == [("A4:C11", "B5"), ("A4:C5", "B5")]


def test_names_of_sheets_are_words_that_excel_accepts():
    captions = ["Доля [1/2]: 'все' * школы? \\ да", "Признаки ШНОР и ШНСУ по всем школам округа", "", "Щ" * 40]
    names = [sheet_name(number, caption) for number, caption in enumerate([*captions, *captions], start=98)]
    assert names[:4] == ["98 Доля 1 2 все школы да", "99 Признаки ШНОР и ШНСУ по всем", "100", "101"]
    assert len(set(names)) == len(names) and max(map(len, names)) <= 31
    assert not any(set(name) & set("[]:*?/\\'") for name in names)


def test_files_repeat_byte_for_byte(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        write_tables(collect_tables(sample_notebook()), folder, title="Проба")
    names = sorted(path.name for path in first.iterdir())
    assert {"identification.csv", "tables.xlsx", "datapackage.json"} <= set(names)
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_the_data_package_describes_the_files(tmp_path):
    write_tables(collect_tables(notebook(shown())), tmp_path, title="Проба")
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    (resource,) = package["resources"]
    assert resource["bytes"] == (tmp_path / resource["path"]).stat().st_size
    assert [field["name"] for field in resource["schema"]["fields"]] == rows_of(tmp_path / "schools.csv")[0]
    assert resource["schema"]["fields"][1]["decimalChar"] == ","
    assert "[скрыто]" in resource["schema"]["missingValues"]


def test_tables_behind_figures_are_collected_too():
    assert [table.name for table in collect_tables(sample_notebook())] == [
        "totals",
        "identification",
        "distance_numbers",
        "sources",
    ]


def test_a_table_can_be_kept_as_json_and_read_back():
    (table,) = collect_tables(notebook(shown()))
    assert ReportTable.from_json(json.loads(json.dumps(asdict(table)))) == table


def test_one_name_for_two_tables_is_refused_and_for_one_is_not():
    same = collect_tables(notebook(shown())) * 2
    assert len(unique_tables(same)) == 1
    other = collect_tables(notebook(shown(schools=("СОШ № 9",))))
    with pytest.raises(ReportError, match="занято дважды"):
        unique_tables([*same, *other])


@pytest.mark.parametrize("text", ["=A1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["СОШ № 1", "", "5 − 4", "[нет данных]"])
def test_other_text_stays(text):
    assert harmless(text) == text
