"""Quarterly forms of forty schools, one command a quarter: a second quarter adds its rows, what was collected before stays."""

import io
from collections import Counter
from datetime import date

import openpyxl
import pytest
from click.testing import CliRunner

from shnor_lib.cli import main
from shnor_lib.inputs.collect import collect_forms
from shnor_lib.inputs.due import period_days
from shnor_lib.inputs.sources import read_inputs
from shnor_lib.inputs.template import FIRST, forms_of_schools, known_of
from shnor_lib.runs.statuses import Exit
from tests.inputs.importers.exports import cells, put_in
from tests.inputs.sources.delivery import put
from tests.inputs.test_template import columns_of, opened, saved

SCHOOLS = [f"{number:02d}" for number in range(1, 41)]
MEASURES = (
    "measure_id;title;level;school_id;due;status\n"
    "1;Открытые уроки;school;;ежеквартально;\n"
    "2;Лекторий;school;;1 раз в полугодие;\n"
    "3;Ремонт;municipality;;2021 год;\n"
    "4;Наставник;school;07;1 квартал 2021;\n"
)
QUARTERS = {"1 квартал 2021 года": date(2021, 4, 5), "2 квартал 2021 года": date(2021, 7, 5)}


@pytest.fixture
def workspace(tmp_path):
    register = "school_id;short_name\n" + "".join(f"{one};Школа {one}\n" for one in SCHOOLS)
    put(tmp_path / "w", {"schools.csv": register, "measures.csv": MEASURES})
    return tmp_path / "w"


def returned(workspace, quarter: str, **change) -> None:
    """Forty forms as schools return them: the state, the day and the evidence picked in each row that stands there."""
    tables = read_inputs(workspace, "demo", [2021]).tables
    known = known_of(tables, (date(2021, 1, 1), date(2021, 12, 31))).of_period(*period_days(quarter))
    folder = workspace.parent / "forms"
    folder.mkdir(exist_ok=True)
    for name, content in forms_of_schools(2021, known, reports=True).items():
        workbook = opened(content)
        sheet = workbook["Отчёты о мерах"]
        places = columns_of(sheet)
        for row in range(FIRST + 1, sheet.max_row + 1):
            if sheet.cell(row, places["Номер меры"]).value:
                given = {
                    "Состояние": "выполняется",
                    "Дата отчёта": QUARTERS[quarter],
                    "Подтверждение": "справка",
                } | change
                for label, value in given.items():
                    sheet.cell(row, places[label]).value = value
        programme = workbook["Программы школ"]
        programme.cell(FIRST + 1, columns_of(programme)["Название программы"]).value = "Программа школы"
        (folder / name).write_bytes(saved(workbook))


def collected(workspace, **options):
    result = collect_forms(workspace, "demo", 2021, workspace.parent / "forms", **options)
    put_in(result)
    return result


def rows(workspace) -> list[tuple]:
    return cells(workspace, "measure_reports", "measure_id", "school_id", "period", "status", "reported_on")


def test_forty_forms_of_a_quarter_come_in_and_the_next_quarter_adds_its_rows(workspace):
    returned(workspace, "1 квартал 2021 года")
    result = collected(workspace)
    first = rows(workspace)
    assert not result.left_out and len(first) == 41  # measure 1 of each school, measure 4 of school 07
    assert Counter(period for _, _, period, _, _ in first) == {"1 квартал 2021 года": 41}
    assert len(cells(workspace, "school_programmes", "school_id", "title")) == 40

    returned(workspace, "2 квартал 2021 года")
    result = collected(workspace)
    both = rows(workspace)
    assert result.differences == [] and not result.left_out
    assert (
        both[: len(first)] == first and len(both) == 41 + 81
    )  # measures 1 and 2 of each, and 4, which is not done yet
    assert Counter(period for _, _, period, _, _ in both[len(first) :]) == {
        "2 квартал 2021 года": 41,
        "1 полугодие 2021 года": 40,
    }
    assert collected(workspace).contents == {}
    inputs = read_inputs(workspace, "demo", [2021])
    assert not inputs.problems["severity"].eq("error").any()


@pytest.fixture
def one_form(workspace):
    """The form of school 01 for the first quarter, with some cells of its first rows set."""
    known = known_of(read_inputs(workspace, "demo", [2021]).tables, (date(2021, 1, 1), date(2021, 12, 31)))
    (content,) = forms_of_schools(2021, known.of_school("01"), reports=True).values()

    def one_form(*told: dict[str, object]):
        workbook = openpyxl.load_workbook(io.BytesIO(content))
        sheet = workbook["Отчёты о мерах"]
        places = columns_of(sheet)
        for row, values in enumerate(told, FIRST + 1):
            for label, value in values.items():
                sheet.cell(row, places[label]).value = value
        folder = workspace.parent / "forms"
        folder.mkdir(exist_ok=True)
        (folder / "01.xlsx").write_bytes(saved(workbook))
        return [line.text for line in collected(workspace).lines if line.record in ("не взята", "замечание")]

    return one_form


def test_a_status_without_a_date_an_unknown_measure_or_period_and_two_statuses_are_told_with_their_cells(one_form):
    done = {"Состояние": "выполнено", "Дата отчёта": date(2021, 4, 5)}
    assert one_form({"Состояние": "выполнено"}) == [
        "Отчёты о мерах E3: «Дата отчёта»: ячейка пуста – Заполните ячейку."
    ]
    [told] = one_form(done | {"Номер меры": "44"})
    assert told.startswith("Отчёты о мерах A3: Такой меры в программе нет; возможно, имелось в виду «4»")
    [told] = one_form(done | {"Период": "весна"})
    assert told.startswith("Отчёты о мерах C3: «Период»: значение не прочитано")
    twice = {"Номер меры": "1", "Период": "1 квартал 2021"}
    [told] = one_form(done | twice, done | twice | {"Состояние": "отменено"})
    assert told.startswith("Отчёты о мерах C4: Строка повторяет строку 3")


def test_a_date_before_the_period_is_remarked_and_the_form_comes_in(workspace, one_form):
    [told] = one_form({"Состояние": "выполняется", "Дата отчёта": date(2020, 12, 31)})
    assert told.startswith("Отчёты о мерах E3: Отчёт дан раньше, чем начался период «1 квартал 2021 года»")
    assert rows(workspace) == [("1", "01", "1 квартал 2021 года", "in_progress", "2020-12-31")]


def test_a_changed_status_of_a_collected_quarter_is_not_written_silently(workspace, one_form):
    one_form({"Состояние": "выполняется", "Дата отчёта": date(2021, 4, 5)})
    one_form({"Состояние": "выполнено", "Дата отчёта": date(2021, 4, 5)})
    assert rows(workspace) == [("1", "01", "1 квартал 2021 года", "in_progress", "2021-04-05")]
    collected(workspace, resolution="replace")
    assert rows(workspace) == [("1", "01", "1 квартал 2021 года", "done", "2021-04-05")]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--period", "2 квартал 2021"], "--period нужен только форме школ"),
        (["-m", "demo", "--school-form", "--period", "весна"], "период «весна» не понят"),
    ],
)
def test_a_period_that_is_none_or_is_not_for_schools_is_refused(tmp_path, options, said):
    told = CliRunner().invoke(main, ["template", "-y", "2021", str(tmp_path / "forms.xlsx"), *options])
    assert told.exit_code == Exit.USAGE and said in told.stderr and not list(tmp_path.iterdir())
