"""``shnor check`` as an analyst reads it: problems in groups with the remedy whole, one line at the end, what the method lacks."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from shnor_lib.analyses.lacking import lacking_columns
from shnor_lib.cli import main
from shnor_lib.office.assemble import assemble_office
from tests.runs.workspaces import make_workspace


@pytest.fixture
def workspace(tmp_path) -> Path:
    return make_workspace(tmp_path / "w", {"alpha": [2021]})


def check(workspace: Path, *arguments: str):
    command = ["--workspace", str(workspace), "check", "-m", "alpha", "-y", "2021", *arguments]
    return CliRunner().invoke(main, command)


def deliver(workspace: Path, name: str, text: str) -> None:
    (workspace / "data" / "raw" / "alpha" / "2021" / f"{name}.csv").write_text(text, encoding="utf-8")


def test_equal_problems_are_told_once_and_no_line_is_cut(workspace):
    deliver(workspace, "staff", "school_id,teachers\ns01,много\ns02,много\ns03,много\n")
    answer = check(workspace)
    lines = answer.stdout.splitlines()
    assert (
        answer.exit_code == 3
        and max(map(len, lines)) <= 110
        and "→ Исправьте ячейку; если данных нет, оставьте её пустой." in answer.stdout
    )
    assert lines.count("ОШИБКИ – данные нельзя использовать") == 1
    assert [line for line in lines if "staff.csv" in line] == ["  data/raw/alpha/2021/staff.csv, B2 и ещё 2"]
    assert answer.stdout.count("«много»") == 1 and answer.stdout.count("Не представлены таблицы") == 1
    assert lines[-1].startswith("Итог: ошибок – 3, замечаний – 0, к сведению – ")


def test_what_is_of_no_year_is_told_too(workspace):
    profile = workspace / "params" / "alpha.yml"
    profile.write_text(
        profile.read_text(encoding="utf-8").replace("title: ", "title: Зябликов А. П., "), encoding="utf-8"
    )
    answer = check(workspace)
    assert answer.exit_code == 0 and "params/alpha.yml, A1" in answer.stdout and "Зябликов" not in answer.output


def test_what_the_method_needs_is_told_by_column_and_school(workspace):
    deliver(
        workspace,
        "exam_results",
        "school_id,exam,subject,grade,participants\ns01,OGE,maths,9,50\ns02,OGE,maths,9,4\ns03,OGE,maths,9,4\n",
    )
    answer = check(workspace)
    assert answer.exit_code == 0 and "Методика «Правило ФИОКО»: не хватает" in answer.stdout
    told = " ".join(answer.stdout.split("не хватает")[1].split())
    assert "«Результаты процедур»: столбца «Отметка 2» или «Ниже минимума» нет ни у одной школы." in told


def test_a_column_that_some_schools_lack_names_them(workspace):
    header = "school_id,exam,subject,grade,participants,mark_2,mark_3,mark_4,mark_5\n"
    deliver(workspace, "exam_results", header + "s01,OGE,maths,9,50,4,20,20,6\ns02,OGE,maths,9,40,,,,\n")
    lacking = lacking_columns(assemble_office(workspace, "alpha", 2021))
    assert lacking[["table", "columns", "schools"]].values.tolist() == [
        ["exam_results", ("mark_2", "below_minimum"), ("s02",)],
        ["exam_results", (), ("s03",)],
    ]
    told = " ".join(check(workspace).stdout.split())
    assert "столбца «Отметка 2» или «Ниже минимума» нет у 1 школы из 3 (СОШ № 2)" in told
    assert "«Результаты процедур»: нет строк 1 школы из 3 (ООШ № 3) за 2021 год." in told


def test_results_of_the_year_before_are_none_of_the_year(workspace):
    """The rule looks at one year; a new folder holds the results of the year before and none of its own."""
    method = workspace / "params" / "methods" / "fioko-2021.yml"
    method.write_text(method.read_text(encoding="utf-8").replace("window: 3", "window: 1"), encoding="utf-8")
    rows = "school_id,year,exam,subject,grade,participants,mark_2,mark_3,mark_4,mark_5\ns01,2020,OGE,maths,9,50,4,20,20,6\n"
    deliver(workspace, "exam_results", rows)
    assert "«Результаты процедур»: нет строк школ за 2021 год." in " ".join(check(workspace).stdout.split())


def test_a_list_that_decides_and_is_not_there_is_told(workspace):
    with (workspace / "params" / "alpha.yml").open("a", encoding="utf-8") as profile:
        profile.write("overrides: [{path: decisions.low_results.received, value: decides, why: Решение совета}]\n")
    said = "О категории ШНОР решает полученный список, а списка за 2021 год нет"
    assert said in " ".join(check(workspace).stdout.split())
    deliver(workspace, "received_lists", "school_id,category,source,document\ns01,low_results,region,Перечень\n")
    assert said not in " ".join(check(workspace).stdout.split())


def test_an_office_that_names_no_school_is_not_told_that_all_is_there(workspace):
    deliver(workspace, "schools", "level,pupils\nmunicipality,990\n")
    deliver(workspace, "exam_results", "level,exam,subject,grade,participants\nmunicipality,OGE,maths,9,50\n")
    assert "ни одна школа не названа" in check(workspace).stdout


@pytest.mark.parametrize("kind", [".xlsx", ".csv", ".html"])
def test_everything_goes_into_a_file_that_excel_or_a_browser_opens(workspace, tmp_path, kind):
    deliver(workspace, "staff", 'school_id,teachers\ns01,"=cmd()|<b>"\ns02,много\n')
    out = tmp_path / f"problems{kind}"
    answer = check(workspace, "--out", str(out))
    assert answer.exit_code == 3 and answer.stdout.splitlines()[0] == str(out) and "B2" not in answer.stdout
    if kind == ".html":
        page = out.read_text(encoding="utf-8")
        assert "=cmd()|&lt;b&gt;" in page and "<b>" not in page and "много" in page
        return
    frame = (
        pd.read_csv(out, sep=";", dtype=str)
        if kind == ".csv"
        else pd.read_excel(out, sheet_name=3, header=3, dtype=str, engine="openpyxl")
    )
    errors = frame[frame["Важность"].eq("ошибка")]
    assert errors["Ячейка"].tolist() == ["B2", "B3"] and errors["Что в ячейке"].iloc[0].lstrip("'").startswith("=cmd()")


def test_another_kind_of_file_is_refused_before_anything_is_read(workspace, tmp_path):
    answer = check(workspace, "--out", str(tmp_path / "problems.docx"))
    assert answer.exit_code == 2 and ".xlsx, .csv, .html" in answer.stderr


def test_a_school_without_the_grade_does_not_lack_its_graduates():
    """A primary school of the invented office has no graduates of grade 9: nothing is asked of it."""
    office = assemble_office(Path(__file__).parents[1], "demo", 2021)
    row = office.verdicts.query("school_id == 'demo-14' and criterion == 'low_continuation'").iloc[0]
    assert (row["cause"], row["reason"]) == ("not_applicable", "в школе нет 9 класса")
    assert lacking_columns(office).empty
