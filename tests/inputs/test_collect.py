"""Forms that schools return: merged whole, with what came from whom, what is missing and what conflicts."""

import re
from hashlib import sha256

import pytest

from shnor_lib.inputs.collect import collect_forms
from shnor_lib.inputs.importers import ImportRefused
from shnor_lib.inputs.sources import read_inputs
from shnor_lib.inputs.sources.protocols import read_protocol
from shnor_lib.inputs.template import FIRST, Known, known_of, school_form
from tests.inputs.importers.exports import cells, office, put_in
from tests.inputs.test_template import columns_of, opened, saved


@pytest.fixture
def workspace(tmp_path):
    """The register of three schools stands in 2020; the forms are for 2021."""
    workspace = office(tmp_path / "w", 2020)
    (tmp_path / "forms").mkdir()
    return workspace


@pytest.fixture
def returned(tmp_path, workspace):
    known = known_of(read_inputs(workspace, "demo", [2020]).tables)

    def returned(name: str, school: str | None, code: str | None = None, **sheets: dict[str, object]) -> None:
        """A form of a school with values by sheet and label."""
        workbook = opened(school_form(2021, known.of_school(school) if school else Known()))
        if code:
            sheets.setdefault("Школы", {})["Код школы"] = code
        for title, values in sheets.items():
            places = columns_of(workbook[title])
            for label, value in values.items():
                workbook[title].cell(FIRST + 1, places[label]).value = value
        (tmp_path / "forms" / name).write_bytes(saved(workbook))

    return returned


def collected(workspace, **options):
    result = collect_forms(workspace, "demo", 2021, workspace.parent / "forms", **options)
    put_together(result)
    return result


def put_together(result):
    for path in result.contents:
        path.parent.mkdir(parents=True, exist_ok=True)
    put_in(result)


def lines(result, record):
    return [(line.file, line.text) for line in result.lines if line.record == record]


def test_forms_become_tables_and_the_protocol_says_whose(workspace, returned):
    returned("первая.xlsx", "01", Кадры={"Учителя": 20}, Школы={"Обучающиеся": 300})
    returned("вторая.xlsx", "02", Кадры={"Учителя": 10, "Высшая категория": 0}, Ресурсы={"Компьютеры": 5})
    result = collected(workspace)
    assert cells(workspace, "staff", "school_id", "teachers", "category_highest") == [
        ("02", "10", "0"),
        ("01", "20", ""),
    ]
    assert cells(workspace, "resources", "school_id", "computers") == [("02", "5")]
    assert lines(result, "школы") == [("вторая.xlsx", "02"), ("первая.xlsx", "01")]
    assert lines(result, "нет формы") == [("", "03")]
    assert "Ресурсы" in dict(lines(result, "не заполнено"))["первая.xlsx"]
    inputs = read_inputs(workspace, "demo", [2021])
    assert not inputs.problems["severity"].eq("error").any()
    assert set(inputs.sources["document"]) == {"Формы, заполненные школами"}


def test_collecting_again_changes_nothing_and_late_forms_come_in(workspace, returned):
    returned("01.xlsx", "01", Кадры={"Учителя": 20})
    collected(workspace)
    assert collected(workspace).contents == {}
    returned("02.xlsx", "02", Кадры={"Учителя": 10})
    collected(workspace)
    assert cells(workspace, "staff", "school_id", "teachers") == [("01", "20"), ("02", "10")]


def test_a_form_whose_sum_holds_a_telephone_is_known_again(workspace, returned):
    """One sum of 600 was masked in the protocol as a telephone: its form was then taken for another one of the same name."""
    returned("01.xlsx", "01", Кадры={"Учителя": 20})
    form = workspace.parent / "forms" / "01.xlsx"
    whole = form.read_bytes()[:-2]  # all but the length of the comment, which the archive ends with
    remarked = (whole + bytes([5, 0]) + b"%05d" % number for number in range(100_000))
    form.write_bytes(next(one for one in remarked if re.search(r"\D[78]9\d{9}\D", sha256(one).hexdigest())))
    collected(workspace)
    assert collected(workspace).contents == {}


def test_the_protocol_keeps_what_earlier_forms_brought_those_of_the_same_name_too(workspace, returned):
    def kept() -> list[tuple[str, str, str]]:
        protocol = read_protocol((workspace / "data/raw/demo/2021/collect_protocol.csv").read_bytes())
        return [(line.file, line.table or line.record, line.text) for line in protocol if line.record != "не заполнено"]

    forms = workspace.parent / "forms"
    returned("01.xlsx", "01", Кадры={"Учителя": 20})
    returned("02.xlsx", "02", Кадры={"Учителя": "много"})
    assert lines(collected(workspace), "нет формы") == [("", "03")]  # that of 02 is there and goes back
    (forms / "01.xlsx").unlink()
    returned("02.xlsx", "02", Кадры={"Учителя": 10})
    result = collected(workspace)
    assert lines(result, "нет формы") == [("", "03")]
    assert lines(result, "в этот раз нет формы, прежняя собрана") == [("", "01")]
    assert [one for one in kept() if one[0] == "02.xlsx"] == [
        ("02.xlsx", record, "02") for record in ("школы", "schools", "staff")
    ]
    returned("02.xlsx", "02", Ресурсы={"Компьютеры": 5})  # another form of the same name
    collected(workspace)
    assert kept() == [
        ("", "в этот раз нет формы, прежняя собрана", "01"),
        ("", "нет формы", "03"),
        *(("01.xlsx", record, "01") for record in ("школы", "schools", "staff")),
        *(("02.xlsx", record, "02") for record in ("schools", "staff", "школы", "resources", "schools")),
    ]
    before = kept()
    assert collected(workspace).contents == {} and kept() == before


def test_of_a_school_that_came_twice_differently_nothing_is_taken(workspace, returned):
    returned("01.xlsx", "01", Кадры={"Учителя": 20}, Ресурсы={"Компьютеры": 5})
    returned("01 исправленная.xlsx", "01", Кадры={"Учителя": 21}, Ресурсы={"Компьютеры": 5})
    returned("02.xlsx", "02", Кадры={"Учителя": 10})
    result = collected(workspace)
    assert cells(workspace, "staff", "school_id", "teachers") == [("02", "10")]
    assert result.left_out
    text = "01: Кадры, Учителя: 21 (01 исправленная.xlsx), 20 (01.xlsx)"
    assert lines(result, "расхождение") == [("01 исправленная.xlsx", text), ("01.xlsx", text)]


def test_the_same_form_twice_is_no_conflict(workspace, returned):
    for name in ("01.xlsx", "01 копия.xlsx"):
        returned(name, "01", Кадры={"Учителя": 20})
    result = collected(workspace)
    assert cells(workspace, "staff", "school_id", "teachers") == [("01", "20")] and not result.left_out


@pytest.mark.parametrize(
    ("school", "values", "said"),
    [
        ("01", {"Кадры": {"Учителя": "много"}}, "Кадры C3: «Учителя»: значение не прочитано"),
        ("01", {}, "форма не заполнена"),
        (None, {"Кадры": {"Учителя": 3}}, "Не указаны ни школа, ни уровень строки"),
    ],
)
def test_a_form_with_a_fault_goes_back_and_the_others_come_in(workspace, returned, school, values, said):
    returned("плохая.xlsx", school, **values)
    returned("02.xlsx", "02", Кадры={"Учителя": 10})
    result = collected(workspace)
    assert any(said in text for _, text in lines(result, "не взята"))
    assert cells(workspace, "staff", "school_id", "teachers") == [("02", "10")] and result.left_out


def test_an_unknown_code_goes_back(workspace, returned):
    returned("чужая.xlsx", None, code="99", Кадры={"Учителя": 3})
    assert lines(collected(workspace), "не взята") == [("чужая.xlsx", "кода «99» нет в реестре школ")]


def test_the_code_is_enough_on_one_sheet_and_may_be_an_alias(workspace, returned):
    returned("форма.xlsx", None, code="edu200003", Кадры={"Учителя": 3}, Ресурсы={"Компьютеры": 5})
    collected(workspace)
    assert cells(workspace, "staff", "school_id", "teachers") == [("03", "3")]
    assert cells(workspace, "resources", "school_id", "computers") == [("03", "5")]


def test_a_present_value_is_not_overwritten_silently(workspace, returned):
    returned("01.xlsx", "01", Кадры={"Учителя": 20})
    collected(workspace)
    returned("01.xlsx", "01", Кадры={"Учителя": 22})
    result = collected(workspace)
    assert [(one.old, one.new) for one in result.differences] == [("20", "22")] and result.contents == {}
    collected(workspace, resolution="replace")
    assert cells(workspace, "staff", "school_id", "teachers") == [("01", "22")]


def test_persons_in_a_form_are_not_kept(workspace, returned):
    returned("Зябликова А.П..xlsx", "01", Кадры={"Учителя": 20})
    result = collected(workspace)
    assert "Зябликова" not in repr(result.lines) + "".join(content.decode() for content in result.contents.values())


def test_an_empty_folder_is_refused(workspace):
    with pytest.raises(ImportRefused, match="нет книг"):
        collected(workspace)
