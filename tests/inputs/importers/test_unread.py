"""Files that no layout reads: which export it is, what it lacks, what to do."""

import pytest

from shnor_lib.inputs.importers import ImportRefused
from shnor_lib.inputs.sources import limits
from tests.inputs.importers.exports import TITLE, export, office, take
from tests.inputs.importers.test_ege_form import sheet as form
from tests.inputs.importers.test_mark_statistics import HEAD, ROWS
from tests.inputs.importers.test_ris_gia import EGE, ege


def refusal(tmp_path, *rows):
    with pytest.raises(ImportRefused) as refused:
        take(office(tmp_path), export(tmp_path, "в.xlsx", Лист=rows))
    return refused.value


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("Выполнение заданий", ["Группы участников", "Кол-во ОО", "Кол-во участников", "1", "2", "3К1"]),
        ("Достижение планируемых результатов", ["№", "Планируемые результаты", "Макс. балл", "Регион", "Вся выборка"]),
    ],
)
def test_exports_by_tasks_are_known_and_say_why_they_are_not_used(tmp_path, title, head):
    told = refusal(tmp_path, [title], [], [TITLE], head, ["Вся выборка", 100, 5000, 50, 60, 70])
    assert str(told).startswith(f"в.xlsx: ФИС ОКО «{title}» – ")
    assert "внесите «Статистику по отметкам»" in told.remedy


def test_an_unknown_layout_names_the_nearest_and_the_header_it_lacks(tmp_path):
    rows = [["Статистика по отметкам"], [TITLE], [HEAD[0], HEAD[1], "Участники, чел.", *HEAD[3:]], *ROWS]
    assert "нет: кол-во участников" in str(refusal(tmp_path / "fis", *rows))
    rows = [["01 - Русский язык 2021.05.30"], [*EGE[:-1], "Тест"], ege(101001, "Зябликов", 40, 60)]
    told = str(refusal(tmp_path / "ris", *rows))
    assert "похоже на «протокол РИС ГИА»: есть столбцы «Код ОО»" in told
    assert "Зябликов" not in told
    rows = [["приняло" if one == "приняло участие" else one for one in row] for row in form(2021)]
    assert "нет: приняло участие" in str(refusal(tmp_path / "ege", *rows))


def test_another_workbook_is_refused_with_what_to_do(tmp_path):
    path = export(tmp_path, "в.xlsx", Лист=[["Код ОО"]]).rename(tmp_path / "в.numbers")
    with pytest.raises(ImportRefused) as refused:
        take(office(tmp_path), path)
    assert ".xlsx" in refused.value.remedy


def test_an_export_wider_than_any_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_COLUMNS", 30)
    with pytest.raises(ImportRefused, match="дальше столбца 30"):
        take(office(tmp_path), export(tmp_path, "в.xlsx", Лист=[["Код ОО", *[None] * 29, "x"]]))
    path = export(tmp_path, "в.csv", Лист=[["Код ОО"]])
    path.write_text("Код;ОО" + "," * 31, encoding="utf-8")  # of two ways to read it one is left
    with pytest.raises(ImportRefused, match="не распознан"):
        take(tmp_path, path)
