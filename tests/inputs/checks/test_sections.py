"""Headings of programmes are a catalogue of the workspace: one list, offered by the template, checked, in its order on the pages."""

import io

import pytest
from openpyxl import load_workbook

from shnor_lib.analyses.support.measures import programme_of
from shnor_lib.inputs.checks import check_inputs
from shnor_lib.inputs.own import enter
from shnor_lib.inputs.sources import read_inputs
from shnor_lib.inputs.template import template_workbook
from shnor_lib.office.assemble import assemble_office
from shnor_lib.params.yaml_files import ParamsError
from tests.runs.workspaces import make_workspace

MEASURES = (
    "measure_id;section;title;due\n1;Ресурсы;Закупить учебники;2021-09-01\n2;Кадры;Обучить учителей;2021-10-01\n"
    "3;Кадрi;Обучить директоров;2021-11-01\n"
)


@pytest.fixture
def workspace(tmp_path):
    workspace = make_workspace(tmp_path / "w", {"alpha": [2021]})
    (workspace / "data" / "raw" / "alpha" / "2021" / "measures.csv").write_text(MEASURES, encoding="utf-8")
    yield workspace
    enter(make_workspace(tmp_path / "plain", {"alpha": [2021]}), None)


def declare(workspace, text: str) -> None:
    (workspace / "params" / "sections.yml").write_text(text, encoding="utf-8")
    enter(workspace, "alpha")


def sections_told(workspace) -> list[tuple[str, str]]:
    found = check_inputs(read_inputs(workspace, "alpha", [2021]), 2021)
    rows = found[found["check"].eq("measures_section")]
    return list(zip(rows["cell"], rows["problem"], strict=True))


def test_without_the_list_any_heading_will_do(workspace):
    assert sections_told(workspace) == []
    order = programme_of(assemble_office(workspace, "alpha", 2021))["section"]
    assert order.tolist() == ["Ресурсы", "Кадры", "Кадрi"]


def test_the_list_is_checked_with_the_nearest_and_gives_the_order(workspace):
    declare(workspace, "- Кадры\n- Ресурсы\n")
    ((cell, text),) = sections_told(workspace)
    assert cell == "B4" and "возможно, имелось в виду «Кадры»" in text
    order = programme_of(assemble_office(workspace, "alpha", 2021))["section"]
    assert order.tolist() == ["Кадры", "Ресурсы", "Кадрi"]


def test_the_template_offers_the_headings(workspace):
    declare(workspace, "- Кадры\n- Ресурсы\n")
    book = load_workbook(io.BytesIO(template_workbook(2021)))
    lists = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["Списки"].columns}
    assert lists["разделы программы"] == ["Кадры", "Ресурсы"]


@pytest.mark.parametrize(("text", "line"), [("- Кадры\n- Ресурсы\n- Кадры\n", 3), ("[]\n", 1), ("- 12\n", 1)])
def test_a_wrong_list_is_refused_with_its_place(workspace, text, line):
    with pytest.raises(ParamsError, match=rf"params/sections.yml:{line}"):
        declare(workspace, text)
