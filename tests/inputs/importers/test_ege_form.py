"""Municipal form of ЕГЭ results: merged header of three rows, municipality carried down, totals, a sheet a year."""

from datetime import datetime

import openpyxl
import pytest

from shnor_lib.inputs.sources import read_inputs
from tests.inputs.importers.exports import cells, export, office, refused_cells, take, told
from tests.inputs.sources.delivery import put

MEASURES = [
    "приняло участие",
    "не преодолен min порог",
    "высокобалльники \n(80-99 баллов)",
    "получили 100 баллов",
    "средний балл",
]
BLANK = [""] * 5


def sheet(year, *rows):
    return [
        [],
        [f"Информация о результатах ЕГЭ выпускников школ в {year} году"],
        [],
        ["Субъект Российской Федерации\n____"],
        [],
        [
            "Муниципальное образование",
            "Образовательная организация (школа)",
            "Профиль \n(при наличии)\xa0",
            "Всего выпускников",
            "из них",
        ],
        [
            "",
            "",
            "",
            "",
            "Русский язык, чел.",
            "",
            "",
            "",
            "",
            "Иностранные языки, чел.",
            "",
            "",
            "",
            "",
            "Музыка, чел.",
        ],
        ["", "", "", "", *MEASURES, *MEASURES, *MEASURES],
        [1, 2, 3, 4, *[5, 6, 7, 8, 9] * 3],
        *rows,
    ]


def line(name, school, russian, languages=BLANK):
    return [name, school, "", "", *russian, *languages]


ROWS = [
    line("ВСЕГО по региону", 40, [30, 2, 3, 1, 61], [5, 0, 1, 0, 55]),
    line("МО-26 (муниципальный округ)", "", [30, 2, 3, 1, 60], [5, 0, 1, 0, 55]),
    line("", 'МБОУ "СОШ № 1" ', [20, "", 3, 1, 63], [5, "", 1, "", 55]),
    line("", "МБОУ СОШ № 2", [10, 2, "", "", 54]),
    line("", "МБОУ «СОШ № 3»", BLANK),
]


def test_schools_and_totals(tmp_path):
    """Russian of the municipality: (20·63 + 10·54) / 30 = 60 as printed; the region prints 61."""
    workspace = office(tmp_path, 2023)
    imported = take(workspace, export(tmp_path, "форма.xlsx", **{"2023": sheet(2023, *ROWS)}), year=2023)
    columns = [
        "level",
        "school_id",
        "subject",
        "participants",
        "below_minimum",
        "score_80_plus",
        "score_100",
        "mean_score",
    ]
    found = cells(workspace, "exam_results", *columns, year=2023)
    assert [row for row in found if row[2] == "russian"] == [
        ("region", "", "russian", "30", "2", "4", "1", "61"),
        ("municipality", "", "russian", "30", "2", "4", "1", "60"),
        ("", "01", "russian", "20", "0", "4", "1", "63"),
        ("", "02", "russian", "10", "2", "0", "0", "54"),
    ]
    assert ("", "01", "foreign_languages", "5", "0", "1", "0", "55") in found
    wrong = [text for text, _ in told(imported, "замечание") if " по строкам " in text]
    assert wrong == [
        "среднее не равно среднему строк по участникам: ВСЕГО по региону, Русский язык, средний балл: напечатано 61, по строкам 60"
    ]
    assert ("предмет «Музыка» не распознан", "1") in told(imported, "отброшено")


def test_a_total_that_is_not_the_sum_is_told(tmp_path):
    workspace = office(tmp_path, 2023)
    rows = [ROWS[0], line("МО-26", "", [31, 2, 3, 1, 60], [5, 0, 1, 0, 55]), *ROWS[2:]]
    imported = take(workspace, export(tmp_path, "форма.xlsx", **{"2023": sheet(2023, *rows)}), year=2023)
    assert any(
        "МО-26, Русский язык, участники: напечатано 31, по строкам 30" in text
        for text, _ in told(imported, "замечание")
    )


def test_a_sheet_a_year_and_one_without_results(tmp_path):
    workspace = office(tmp_path, 2023)
    applied = [
        ["Информация о поданных заявлениях"],
        ["Муниципальное образование", "Образовательная организация (школа)"],
    ]
    applied += [["", "Русский язык, чел."], [1, 2], ["", "МБОУ СОШ № 1", 5]]
    sheets = {"2024": applied, "2023": sheet(2023, *ROWS), "2022": sheet(2022, *ROWS)}
    imported = take(workspace, export(tmp_path, "форма.xlsx", **sheets), year=2023)
    assert {year for (year,) in cells(workspace, "exam_results", "year", year=2023)} == {"", "2022"}
    assert ("строк листа без результатов (заявления или пустой лист)", "5") in told(imported, "отброшено")


def test_a_sheet_of_a_later_year_is_left_out_and_told(tmp_path):
    """The same rows for 2023 and 2022, in the folder of 2022: nothing would read the first there."""
    workspace = office(tmp_path, 2022)
    sheets = {"2023": sheet(2023, *ROWS), "2022": sheet(2022, *ROWS)}
    imported = take(workspace, export(tmp_path, "форма.xlsx", **sheets), year=2022)
    assert {year for (year,) in cells(workspace, "exam_results", "year", year=2022)} == {""}
    of_2022 = len(cells(workspace, "exam_results", "year", year=2022))
    said = "результаты 2023 года в папку 2022 года не вносятся, внесите файл и с -y 2023"
    assert (said, str(of_2022)) in told(imported, "отброшено") and not imported.left_out


def test_profiles_of_one_school_are_put_together(tmp_path):
    """20 of mean 63 and 10 of mean 54 in one school: 30 of mean 60."""
    workspace = office(tmp_path, 2023)
    rows = [ROWS[1], ROWS[2], line("", 'МБОУ "СОШ № 1"', [10, 2, "", "", 54])]
    take(workspace, export(tmp_path, "форма.xlsx", **{"2023": sheet(2023, *rows)}), year=2023)
    assert ("01", "30", "2", "60") in cells(
        workspace, "exam_results", "school_id", "participants", "below_minimum", "mean_score", year=2023
    )


def test_a_number_that_is_none_is_left_out_and_told(tmp_path):
    workspace = office(tmp_path, 2023)
    rows = [*ROWS[:3], line("", "МБОУ СОШ № 2", [10, "X", "", "", 54])]
    imported = take(workspace, export(tmp_path, "форма.xlsx", **{"2023": sheet(2023, *rows)}), year=2023)
    found = cells(workspace, "exam_results", "school_id", "participants", "below_minimum", "score_100", year=2023)
    assert ("02", "10", "", "0") in found
    assert refused_cells(imported) == [("2023", "F13", "МБОУ СОШ № 2, Русский язык, ниже минимума: «X» – не число")]


@pytest.mark.parametrize(
    ("value", "style", "why"),
    [
        ("5%", None, "«5%» – процент там, где нужно число"),
        (0.05, "0%", "«5%» – процент там, где нужно число"),
        (1, "0%", "«100%» – процент там, где нужно число"),
        ("=SUM(A1:B1)", None, "формула без вычисленного значения"),
        ("#DIV/0!", None, "ошибка вычисления"),
        (2.5, None, "«2.5» – число людей не бывает дробным"),
        ("–", None, "«–» – прочерк: поставьте 0 или оставьте ячейку пустой, если данных нет"),
        (datetime(2023, 1, 5), None, "«2023-01-05» – не число"),
    ],
)
def test_what_is_no_count_is_refused_with_its_cell(tmp_path, value, style, why):
    """As people type them with openpyxl's own types: a per cent, a formula without a value, an error, a date."""
    workspace = office(tmp_path, 2023)
    book = openpyxl.Workbook()
    book.active.title = "2023"
    for row in sheet(2023, line("МО-26", "", BLANK), line("", "МБОУ СОШ № 1", [20, 1, 3, 0, 63])):
        book.active.append(list(row))
    place = book.active["F11"]
    assert place.value == 1
    place.value = value
    if style:
        place.number_format = style
    book.save(tmp_path / "форма.xlsx")
    imported = take(workspace, tmp_path / "форма.xlsx", year=2023)
    assert refused_cells(imported) == [("2023", "F11", f"МБОУ СОШ № 1, Русский язык, ниже минимума: {why}")]
    columns = ["participants", "below_minimum", "score_80_plus", "mean_score"]
    assert cells(workspace, "exam_results", *columns, year=2023) == [("20", "", "3", "63")]


def test_participants_that_are_no_number_leave_no_result(tmp_path):
    workspace = office(tmp_path, 2023)
    rows = [line("МО-26", "", BLANK), line("", "МБОУ СОШ № 1", ["двадцать", 1, 3, 0, 63], [5, 0, 1, 0, 55])]
    rows += [line("", "МБОУ СОШ № 2", ["", 1, 3, 0, 63], [5, 0, 1, 0, 55])]
    imported = take(workspace, export(tmp_path, "форма.xlsx", **{"2023": sheet(2023, *rows)}), year=2023)
    assert [cell for _, cell, _ in refused_cells(imported)] == ["E11", "E12"]
    assert cells(workspace, "exam_results", "subject", year=2023) == [("foreign_languages",), ("foreign_languages",)]


def test_an_empty_count_is_nought_only_where_the_form_shows_it(tmp_path):
    """«Ниже минимума» of school 1 is empty beside a printed 0: unknown. Its 80–99 are 0: the total is school 2's alone."""
    workspace = office(tmp_path, 2023)
    rows = [line("МО-26", "", [35, 3, 4, 0, 60]), line("", "МБОУ СОШ № 1", [20, "", "", 0, 63])]
    rows += [line("", "МБОУ СОШ № 2", [15, 0, 4, "", 56])]
    imported = take(workspace, export(tmp_path, "форма.xlsx", **{"2023": sheet(2023, *rows)}), year=2023)
    found = cells(workspace, "exam_results", "school_id", "below_minimum", "score_80_plus", "score_100", year=2023)
    assert found == [("", "3", "4", "0"), ("01", "", "0", "0"), ("02", "0", "4", "0")]
    assert [line.cell for line in imported.lines if "0 не принят" in line.text] == ["F11"]


@pytest.mark.parametrize("second", ["Английский язык (устный), чел.", "Английский язык, чел."])
def test_two_columns_of_one_procedure_refuse_only_it(tmp_path, second):
    workspace = office(tmp_path, 2023)
    rows = sheet(2023, line("МО-26", "", BLANK))
    rows[6][9], rows[6][14] = "Английский язык, чел.", second
    rows += [[*line("", "МБОУ СОШ № 1", [20, 1, 3, 0, 63], [5, 0, 1, 0, 55]), 5, 0, 0, 0, 54]]
    imported = take(workspace, export(tmp_path, "форма.xlsx", **{"2023": rows}), year=2023)
    assert cells(workspace, "exam_results", "subject", "participants", year=2023) == [("russian", "20")]
    [(_, _, text)] = refused_cells(imported)
    assert "английский язык" in text and "лист «2023», J11" in text and "лист «2023», O11" in text


def test_a_sum_of_profiles_lacks_what_one_of_them_lacks(tmp_path):
    workspace = office(tmp_path, 2023)
    rows = [line("МО-26", "", BLANK), line("", "МБОУ СОШ № 1", [20, 0, 3, 1, 63])]
    rows += [line("", "МБОУ СОШ № 1", [10, "X", 2, 0, 54])]
    take(workspace, export(tmp_path, "форма.xlsx", **{"2023": sheet(2023, *rows)}), year=2023)
    found = cells(workspace, "exam_results", "participants", "below_minimum", "score_100", year=2023)
    assert found == [("30", "", "1")]


def test_base_maths_is_taken_as_a_mark(tmp_path):
    rows = sheet(2023, line("МО-26 (муниципальный округ)", "", BLANK), line("", "МБОУ СОШ № 1", [20, 1, 0, 0, 3.8]))
    rows[6][4] = "Математика (базовая), чел."
    workspace = office(tmp_path, 2023)
    take(workspace, export(tmp_path, "форма.xlsx", **{"2023": rows}), year=2023)
    columns = ["subject", "participants", "below_minimum", "score_80_plus", "score_100", "mean_score", "max_score"]
    assert cells(workspace, "exam_results", *columns, year=2023) == [("maths_base", "20", "1", "", "", "3.8", "5")]


def test_a_name_that_two_municipalities_have_is_nobodys_until_one_is_stated(tmp_path):
    workspace = office(tmp_path, 2023)
    rows = [line("МО-26", "", BLANK), line("", "СОШ №1", [20, 1, 3, 0, 63]), line("", "МБОУ СШ № 2", [10, 2, 1, 0, 54])]
    rows += [
        line("МО-27", "", BLANK),
        line("", "Средняя школа № 1", [30, 1, 3, 0, 61]),
        line("ИТОГО", "", [60, 4, 7, 0, 61]),
    ]
    path = export(tmp_path, "форма.xlsx", **{"2023": sheet(2023, *rows)})
    imported = take(workspace, path, year=2023)
    assert ("02", "10") in cells(workspace, "exam_results", "school_id", "participants", year=2023)
    [(_, _, text)] = refused_cells(imported)
    assert "«СОШ № 1»" in text and "МО-26, МО-27" in text and "--territory" in text
    assert not [line for line in imported.lines if line.record == "школа не найдена" and "ИТОГО" in line.text]
    take(workspace, path, year=2023, territory="МО-27")
    assert ("01", "30") in cells(workspace, "exam_results", "school_id", "participants", year=2023)


def test_what_was_not_taken_reaches_the_checks_until_the_file_is_mended(tmp_path):
    workspace = office(tmp_path, 2023)
    rows = [line("МО-26", "", BLANK), line("", "МБОУ СОШ № 1", [20, "5%", 3, 0, 63])]
    take(workspace, export(tmp_path, "форма.xlsx", **{"2023": sheet(2023, *rows)}), year=2023)
    problems = read_inputs(workspace, "demo", [2023]).problems
    [told] = problems[problems["check"].eq("read_import")].to_dict("records")
    assert (told["file"], told["sheet"], told["cell"], told["severity"]) == ("форма.xlsx", "2023", "F11", "warning")
    assert "«5%»" in told["problem"] and told["year"] == 2023
    rows[1] = line("", "МБОУ СОШ № 1", [20, 1, 3, 0, 63])
    take(workspace, export(tmp_path, "форма.xlsx", **{"2023": sheet(2023, *rows)}), year=2023)
    assert not read_inputs(workspace, "demo", [2023]).problems["check"].eq("read_import").any()


def test_a_school_of_the_past_is_told_and_not_written_where_checks_refuse_it(tmp_path):
    """School 2 stands in the register of 2022 only: its row of the sheet of 2022 would be an unknown code in the folder of 2023."""
    workspace = office(tmp_path, 2022)
    put(workspace, {"schools.csv": "school_id;name\n01;МБОУ СОШ № 1\n"}, 2023)
    older = [
        line("МО-26", "", BLANK),
        line("", "МБОУ СОШ № 1", [21, 1, 3, 0, 62]),
        line("", "МБОУ СОШ № 2", [9, 1, 1, 0, 50]),
    ]
    sheets = {"2023": sheet(2023, *older[:2]), "2022": sheet(2022, *older)}
    imported = take(workspace, export(tmp_path, "форма.xlsx", **sheets), year=2023)
    assert cells(workspace, "exam_results", "school_id", "year", year=2023) == [("01", ""), ("01", "2022")]
    [(_, _, text)] = refused_cells(imported)
    assert text.startswith("школы есть в реестре прошлых лет, но не 2023 года: 02") and text.endswith("с -y 2022")
    problems = read_inputs(workspace, "demo", [2022, 2023]).problems
    assert not problems["check"].eq("schools_unknown").any()
