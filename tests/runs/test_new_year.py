"""``shnor year`` and ``shnor new --from``: an office goes on to another year, a new office begins like one that is there."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from shnor_lib.cli import main
from shnor_lib.inputs.sources import read_inputs
from shnor_lib.params.reading import read_profile
from tests.runs.workspaces import make_workspace, show_schools, write_notebook


@pytest.fixture
def workspace(tmp_path) -> Path:
    return make_workspace(tmp_path / "w", {"alpha": [2021]})


def shnor(workspace: Path, *arguments: str):
    return CliRunner().invoke(main, ["--workspace", str(workspace), *arguments])


def test_a_year_begins_with_folder_profile_and_what_rarely_changes(workspace):
    answer = shnor(workspace, "year", "alpha", "2022")
    assert (
        answer.exit_code == 0 and "3 школы" in answer.stdout and "большинство ВПР перенесено на осень" in answer.stdout
    )
    assert read_profile(workspace, "alpha").years == (2021, 2022)
    schools = read_inputs(workspace, "alpha", [2022]).tables["schools"]
    assert schools["short_name"].tolist() == ["СОШ № 1", "СОШ № 2", "ООШ № 3"] and schools["pupils"].isna().all()
    checked = shnor(workspace, "check", "-m", "alpha", "-y", "2022")
    assert checked.exit_code == 0 and "ошибок – 0" in checked.stdout
    assert shnor(workspace, "year", "alpha", "2022").exit_code == 2


def test_the_workbook_says_which_columns_the_method_asks_for(workspace):
    assert shnor(workspace, "year", "alpha", "2022").exit_code == 0
    book = load_workbook(workspace / "data" / "raw" / "alpha" / "2022" / "alpha-2022.xlsx")
    fills = {cell.value: cell.fill.fgColor.rgb for cell in book["Результаты процедур"][2]}
    green = fills["Отметка 2"]
    asked = [label for label, fill in fills.items() if fill == green]
    assert "Участники" in asked and "Средний балл" not in asked and "Процедура *" not in asked
    told = [row[1].value for row in book["Инструкция"].iter_rows() if row[1].value]
    assert any("зелёным заголовком" in line for line in told)


def test_a_folder_that_is_there_is_left_alone_and_the_profile_gets_the_year(workspace):
    raw = workspace / "data" / "raw" / "alpha" / "2022"
    raw.mkdir()
    (raw / "staff.csv").write_text("school_id,teachers\ns01,12\n", encoding="utf-8")
    assert shnor(workspace, "year", "alpha", "2022").exit_code == 0
    assert [path.name for path in raw.iterdir()] == ["staff.csv"] and 2022 in read_profile(workspace, "alpha").years


def test_a_run_names_a_filled_year_that_the_profile_lacks(workspace, warm_runs):
    write_notebook(workspace, "01_first", show_schools("schools_first"))
    (workspace / "data" / "raw" / "alpha" / "2022").mkdir()
    answer = shnor(workspace, "run", "-m", "alpha", "-r", "01")
    assert (
        answer.exit_code == 0
        and "за 2022 год есть данные" in answer.stderr
        and "shnor year alpha 2022" in answer.stderr
    )


def test_years_that_cannot_be_found_leave_everything_as_it_was(workspace):
    profile = workspace / "params" / "alpha.yml"
    profile.write_text(
        profile.read_text(encoding="utf-8").replace("years: [2021]", '"years": [2021]'), encoding="utf-8"
    )
    answer = shnor(workspace, "year", "alpha", "2022")
    assert answer.exit_code == 2 and "Впишите 2022 в years" in answer.stderr
    assert not (workspace / "data" / "raw" / "alpha" / "2022").exists()


def test_a_workbook_of_another_year_is_told(workspace):
    raw = workspace / "data" / "raw" / "alpha"
    assert shnor(workspace, "year", "alpha", "2022").exit_code == 0
    (raw / "2022" / "alpha-2022.xlsx").rename(raw / "2021" / "book.xlsx")
    (raw / "2021" / "schools.csv").unlink()
    told = " ".join(shnor(workspace, "check", "-m", "alpha", "-y", "2021").stdout.split())
    assert "Книга сделана для 2022 года, а лежит в папке 2021 года" in told and "A1" in told


def test_an_office_begins_like_another_without_what_is_that_ones_alone(workspace):
    profile = workspace / "params" / "alpha.yml"
    own = 'short_title: Альфа\ncorrections:\n  - {table: staff, year: 2021, key: {school_id: s01}, column: teachers, expected: 1, value: 2, reason: р, corrected_by: специалист}\nplan:\n  monitoring_date: "05-31"\n'
    profile.write_text(profile.read_text(encoding="utf-8") + own, encoding="utf-8")
    answer = shnor(workspace, "new", "gamma", "--from", "alpha", "--title", "Округ «Гамма»", "-y", "2023")
    made, like = read_profile(workspace, "gamma"), read_profile(workspace, "alpha")
    assert answer.exit_code == 0 and made.title == "Округ «Гамма»" and made.years == (2023,)
    assert made.method == like.method and made.plan == like.plan
    assert not made.corrections and not made.fictional and made.short_title != "Альфа"
    assert shnor(workspace, "new", "delta", "--from", "nobody").exit_code == 2
