"""The input workbook: what it offers, and that what is filled in is read back."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.inputs.sources import read_inputs, sheet_name
from shnor_lib.inputs.sources.workbooks import read_workbook
from shnor_lib.inputs.template import (
    CONSTANT,
    FIRST,
    HEADER,
    Known,
    forms_of_schools,
    known_of,
    school_form,
    template_workbook,
)
from tests.inputs.sources.delivery import put

REPOSITORY = Path(__file__).parents[2]
ORIGIN = ["source_file", "source_sheet", "source_row", "source_other"]


@pytest.fixture(scope="module")
def last_year():
    return read_inputs(REPOSITORY, "demo", [2020])


@pytest.fixture(scope="module")
def known(last_year):
    return known_of(last_year.tables)


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(workbook: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def columns_of(sheet) -> dict[str, int]:
    return {str(cell.value).rstrip(" *"): cell.column for cell in sheet[HEADER + 1] if cell.value}


def shown(column, value):
    """A value as a person fills it in."""
    if pd.isna(value) or value == "":
        return None
    if column.type == "choice":
        return column.choices[value]
    if column.type == "flag":
        return "да" if value else "нет"
    if column.type == "date":
        return value.to_pydatetime()
    return value.item() if hasattr(value, "item") else value


def fill(sheet, entry, rows: pd.DataFrame) -> None:
    places = columns_of(sheet)
    for number, (_, row) in enumerate(rows.iterrows(), FIRST + 1):
        for column in entry.columns.values():
            sheet.cell(number, places[column.label]).value = shown(column, row[column.name])


def test_a_filled_workbook_is_read_back_as_it_was(tmp_path, last_year):
    """Every table of the demonstration office of 2020, filled by hand into an empty template."""
    workbook = opened(template_workbook(2020))
    for name in table_names():
        fill(workbook[sheet_name(name)], table(name), last_year.tables[name])
    put(tmp_path, {"книга.xlsx": saved(workbook)}, 2020)
    again = read_inputs(tmp_path, "demo", [2020])
    assert again.problems.empty
    for name in table_names():
        before = last_year.tables[name].drop(columns=ORIGIN)
        pd.testing.assert_frame_equal(again.tables[name].drop(columns=ORIGIN), before, obj=name)


def test_the_office_is_filled_in(tmp_path, last_year, known):
    put(tmp_path, {"книга.xlsx": template_workbook(2021, known)})
    inputs = read_inputs(tmp_path, "demo", [2021])
    assert set(inputs.problems["severity"]) == {"note"}
    schools = last_year.tables["schools"].query("level == 'school'").reset_index(drop=True)
    found = inputs.tables["schools"]
    pd.testing.assert_frame_equal(found[["school_id", *CONSTANT]], schools[["school_id", *CONSTANT]])
    assert found["pupils"].isna().all() and schools["pupils"].notna().all()


def test_prefilled_rows_wait_for_values(tmp_path, known):
    """Staff of the first school filled into its row; the other rows stay without values."""
    workbook = opened(template_workbook(2021, known))
    sheet = workbook["Кадры"]
    places = columns_of(sheet)
    assert sheet.cell(FIRST + 1, places["Код школы"]).value == "demo-01"
    sheet.cell(FIRST + 1, places["Учителя"]).value = 40
    put(tmp_path, {"книга.xlsx": saved(workbook)})
    staff = read_inputs(tmp_path, "demo", [2021]).tables["staff"]
    assert staff[["school_id", "teachers"]].values.tolist() == [["demo-01", 40]]


def test_procedures_of_last_year_are_repeated_without_results(known):
    sheet = opened(template_workbook(2021, known))["Результаты процедур"]
    places = columns_of(sheet)
    first = [sheet.cell(FIRST + 1, places[label]).value for label in ("Код школы", "Процедура", "Участники")]
    assert first[0] == "demo-01" and first[1] in ("ВПР", "ЕГЭ", "ОГЭ") and first[2] is None


def test_codes_show_the_name_and_hold_the_code(known):
    sheet = opened(template_workbook(2021, known))["Кадры"]
    cell = sheet.cell(FIRST + 1, columns_of(sheet)["Код школы"])
    assert cell.value == "demo-01" and cell.number_format == '@" – Северная"'


def test_the_same_office_gives_the_same_bytes(known):
    assert template_workbook(2021, known) == template_workbook(2021, known)
    assert school_form(2021) == school_form(2021)


def test_every_column_has_its_hint_and_its_rule():
    workbook = opened(template_workbook(2021))
    for name in table_names():
        sheet = workbook[sheet_name(name)]
        places = columns_of(sheet)
        ruled = {cells.min_col: rule for rule in sheet.data_validations.dataValidation for cells in rule.sqref.ranges}
        for column in table(name).columns.values():
            place = places[column.label]
            assert column.meaning.rstrip(".") in sheet.cell(HEADER, place).value, (name, column.name)
            rule = ruled[place]
            assert rule.promptTitle and rule.prompt, (name, column.name)
            kinds = {"choice": "list", "flag": "list", "count": "whole", "number": "decimal", "share": "decimal"}
            kinds |= {"year": "whole", "date": "date"}
            assert rule.type == kinds.get(column.type), (name, column.name)


def test_lists_hold_every_choice_and_ranges_the_limits():
    workbook = opened(template_workbook(2021))
    sheet, lists = workbook["Школы"], workbook["Списки"]
    rules = {cells.min_col: rule for rule in sheet.data_validations.dataValidation for cells in rule.sqref.ranges}
    places = columns_of(sheet)
    distance = rules[places["Расстояние до центра, км"]]
    assert (distance.formula1, distance.formula2) == ("0", "5000")
    title, _, area = rules[places["Вид школы"]].formula1.rpartition("!")
    assert title == "'Списки'"
    labels = [row[0].value for row in lists[area.replace("$", "")]]
    assert labels == list(table("schools").columns["kind"].choices.values())


def test_shares_and_dates_as_people_write_them(tmp_path):
    workbook = opened(template_workbook(2021))
    schools, satisfaction, decisions = (workbook[name] for name in ("Школы", "Удовлетворённость", "Экспертные решения"))
    schools.cell(FIRST + 1, columns_of(schools)["Код школы"]).value = "01"
    places = columns_of(satisfaction)
    satisfaction.cell(FIRST + 1, places["Код школы"]).value = "01"
    satisfaction.cell(FIRST + 1, places["Доля удовлетворённых"]).value = 0.57
    satisfaction.cell(FIRST + 1, places["Готовы рекомендовать"]).value = "57 %"
    places = columns_of(decisions)
    given = {"Код школы": "01", "Категория": "ШНОР", "Решение": "включить", "Основание": "протокол"}
    given |= {"Кем принято (роль)": "комиссия", "Дата решения": date(2021, 9, 1)}
    for label, value in given.items():
        decisions.cell(FIRST + 1, places[label]).value = value
    put(tmp_path, {"книга.xlsx": saved(workbook)})
    inputs = read_inputs(tmp_path, "demo", [2021])
    assert inputs.problems.empty
    assert inputs.tables["satisfaction"][["satisfied_share", "recommend_share"]].values.tolist() == [[0.57, 0.57]]
    assert inputs.tables["expert_decisions"]["decided_on"].tolist() == [pd.Timestamp(2021, 9, 1)]


def test_a_school_form_asks_a_school_only_what_is_its_own(known):
    sheets, problems = read_workbook(school_form(2021, known.of_school("demo-02")), "форма.xlsx")
    assert problems == []
    names = [entry.name for entry, _ in sheets]
    assert "staff" in names and "social_context" in names
    assert not {"measures", "published_indicators", "expert_decisions", "satisfaction"} & set(names)
    for _, sheet in sheets:
        heads = [head.rstrip(" *") for head in sheet.top[-1]]
        assert not {"Уровень", "Группа", "Число школ"} & set(heads)
        place = heads.index("Код школы")
        assert set(sheet.cells[place]) - {None} <= {"demo-02"}


def test_a_form_for_every_school(known):
    forms = forms_of_schools(2021, known)
    assert list(forms)[:2] == ["demo-01 Северная.xlsx", "demo-02 Гимназия Садовая.xlsx"] and len(forms) == 14


def test_codes_that_are_no_file_names_get_numbers(known):
    odd = known.schools.head(2).assign(
        school_id=["../../etc", "01/2"], short_name=[None, "СОШ № 1/2 «..\\Заря»"], name=None
    )
    assert list(forms_of_schools(2021, Known(odd))) == ["школа-1.xlsx", "школа-2 СОШ № 1 2 Заря.xlsx"]


def test_a_hostile_name_is_no_formula(known):
    schools = known.schools.head(1).assign(name="=cmd|' /C calc'!A0", short_name='=1+1"]@', aliases="http://x")
    workbook = opened(template_workbook(2021, Known(schools)))
    cells = [cell for sheet in workbook for row in sheet for cell in row if isinstance(cell.value, str)]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert (
        workbook["Школы"].cell(FIRST + 1, columns_of(workbook["Школы"])["Полное название"]).value
        == "=cmd|' /C calc'!A0"
    )


def report_rows(content: bytes, *labels: str) -> list[tuple]:
    sheet = opened(content)["Отчёты о мерах"]
    places = columns_of(sheet)
    rows = sheet.iter_rows(min_row=FIRST + 1, values_only=True)
    return [tuple(row[places[label] - 1] for label in labels) for row in rows if any(row)]


def test_a_school_finds_its_measures_with_their_periods_and_only_picks_a_state():
    """In 2021 the school of demo's measure 3.2 has it for three quarters; it is called by its name and keeps only its number."""
    year = date(2021, 1, 1), date(2021, 12, 31)
    known = known_of(read_inputs(REPOSITORY, "demo", [2020]).tables, year)
    form = school_form(2021, known.of_school("demo-06"), reports=True)
    assert opened(form).sheetnames == ["Инструкция", "Школы", "Отчёты о мерах", "Программы школ", "Списки"]
    quarters = [(f"{number} квартал 2021 года", None) for number in (1, 2, 3)]
    rows = report_rows(form, "Номер меры", "Период", "Состояние")
    assert [row[1:] for row in rows if row[0] == "3.2"][:3] == quarters
    assert {row[0] for row in rows} == {"3.2", "4.2"}
    sheet = opened(form)["Отчёты о мерах"]
    assert sheet.cell(FIRST + 1, 1).number_format.startswith('@" – Организовать занятия')
    assert report_rows(school_form(2021, known.of_school("demo-01")), "Номер меры") == []


def test_the_form_of_a_quarter_asks_for_what_ends_in_it_and_for_what_is_overdue():
    """Measures 3.1 and 4.1 were due in 2020, and the office had not told that they are done."""
    year = date(2021, 1, 1), date(2021, 12, 31)
    known = known_of(read_inputs(REPOSITORY, "demo", [2020]).tables, year)
    second = known.of_period(date(2021, 4, 1), date(2021, 6, 30)).of_school("demo-05")
    assert report_rows(school_form(2021, second, reports=True), "Номер меры", "Период") == [
        (measure, "2 квартал 2021 года") for measure in ("2.6", "3.1", "4.1")
    ]


def test_the_office_reports_on_its_own_measures_in_its_own_workbook():
    known = known_of(read_inputs(REPOSITORY, "demo", [2020]).tables, (date(2021, 1, 1), date(2021, 12, 31)))
    rows = report_rows(template_workbook(2021, known), "Номер меры", "Код школы", "Период")
    assert ("5.4", None, "1 квартал 2021 года") in rows and not [row for row in rows if row[1]]
