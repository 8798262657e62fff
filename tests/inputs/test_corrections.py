"""Declared corrections: made while the source holds what they expect, refused loudly once it does not."""

from types import SimpleNamespace

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from shnor_lib.inputs.corrections import apply_corrections
from shnor_lib.inputs.dictionary import table
from shnor_lib.pages.views.data_quality import table_corrections
from shnor_lib.params.profiles import Correction

SOURCE = "params/m.yml"


def staff() -> dict[str, pd.DataFrame]:
    rows = pd.DataFrame(
        {"level": "school", "group": "", "school_id": ["1", "2"], "teachers": [20.0, 0.0], "year": [2021, 2021]}
    )
    return {"staff": pd.concat([table("staff").empty(), rows]).astype(table("staff").empty().dtypes.to_dict())}


def correction(**fields) -> Correction:
    declared = {
        "table": "staff",
        "year": 2021,
        "key": {"school_id": "2"},
        "column": "teachers",
        "expected": 0,
        "value": 18,
        "reason": "Описка в форме, письмо школы",
        "corrected_by": "специалист отдела образования",
    }
    return Correction.model_validate(declared | fields)


def test_correction_is_made_and_listed_and_the_input_stays():
    tables = staff()
    corrected, made, problems = apply_corrections(tables, [correction()], SOURCE)
    assert corrected["staff"]["teachers"].tolist() == [20, 18] and tables["staff"]["teachers"].tolist() == [20, 0]
    assert made[["key", "expected", "value"]].values.tolist() == [["school_id = 2", 0, 18]] and problems.empty


def test_report_10_shows_what_was_corrected_why_and_by_whom():
    declared = [correction(), correction(key={"school_id": "1"}, expected=20, value=None)]
    _, made, _ = apply_corrections(staff(), declared, SOURCE)
    shown = table_corrections(SimpleNamespace(corrections=made))
    rows = [[cell.text.strip() for cell in row("td")] for row in BeautifulSoup(shown.html(), "html.parser").tbody("tr")]
    why = ["Описка в форме, письмо школы", "специалист отдела образования"]
    assert rows == [["Учителя", "0", "18", *why], ["Учителя", "20", "пусто", *why]]


def test_correction_can_blank_a_cell():
    corrected, _, problems = apply_corrections(staff(), [correction(value=None)], SOURCE)
    assert corrected["staff"]["teachers"].isna().tolist() == [False, True] and problems.empty


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"expected": 5}, "в источнике теперь «0.0», а ожидалось «5»"),
        ({"expected": None}, "в источнике теперь «0.0»"),
        ({"key": {"school_id": "9"}}, "строк с таким ключом 0"),
        ({"key": {}}, "строк с таким ключом 2"),
        ({"table": "stuff"}, "«staff»"),
        ({"column": "teacher"}, "«teachers»"),
        ({"key": {"school": "2"}}, "нет столбца «school»"),
        ({"value": "много"}, "не подходит столбцу"),
    ],
)
def test_correction_that_does_not_fit_is_an_error_and_changes_nothing(fields, said):
    corrected, made, problems = apply_corrections(staff(), [correction(**fields)], SOURCE)
    assert said in problems["problem"].iloc[0] and problems["severity"].tolist() == ["error"]
    assert problems["file"].iloc[0] == SOURCE and "удалите исправление" in problems["remedy"].iloc[0]
    assert made.empty and corrected["staff"]["teachers"].tolist() == [20, 0]


def test_every_misfit_is_told_at_once():
    _, made, problems = apply_corrections(
        staff(), [correction(expected=1), correction(), correction(expected=2)], SOURCE
    )
    assert len(made) == 1 and len(problems) == 2
