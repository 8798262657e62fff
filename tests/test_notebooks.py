"""Notebooks are thin, clean and ask one question each; they are checked by reading their cells."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
REPORTS = sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))
PARAMETERS = {"municipality": "str", "year": "int", "audience": "str"}
REGION_PARAMETERS = {"region": "str", "year": "int", "audience": "str"}
FORBIDDEN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.If,
    ast.IfExp,
    ast.Try,
    ast.With,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
    ast.GeneratorExp,
)

every_notebook = pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
every_report = pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)


def code_cells(path: Path) -> list:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


@every_notebook
def test_notebook_is_valid_and_clean(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in code_cells(path):
        assert cell.outputs == [] and cell.execution_count is None
    assert notebook.metadata.kernelspec.name == "python3"


@every_report
def test_report_has_one_typed_parameters_cell_first(path):
    cells = code_cells(path)
    tagged = [place for place, cell in enumerate(cells) if "parameters" in cell.metadata.get("tags", [])]
    assert tagged == [0], "papermill needs exactly one cell tagged parameters, and it comes first"
    statements = ast.parse(cells[0].source).body
    found = {node.target.id: ast.unparse(node.annotation) for node in statements if isinstance(node, ast.AnnAssign)}
    assert len(found) == len(statements), "the parameters cell holds typed parameters only"
    assert found in (PARAMETERS, REGION_PARAMETERS)
    assert "#" in cells[0].source, "parameters are commented"


@every_report
def test_report_cells_only_call(path):
    for cell in code_cells(path):
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, FORBIDDEN), f"{path.stem}: {type(node).__name__} in a cell:\n{cell.source}"
        assert not re.search(
            r"\bpd\.|read_csv|read_excel|\.\./|/tmp|open\(",
            cell.source.replace("open_office(", "").replace("open_region(", ""),
        ), cell.source


@every_report
def test_report_begins_with_a_title_and_ends_with_the_annex(path):
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[0].cell_type == "markdown" and notebook.cells[0].source.startswith("# ")
    assert "annex.show_annex" in notebook.cells[-1].source
    assert any(re.search(r"annex\.show_title|view\.show_answer", cell.source) for cell in notebook.cells)


@every_report
def test_report_text_is_russian(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            words = re.findall(r"[A-Za-z]{4,}", cell.source)
            assert re.search("[а-яё]", cell.source.lower()) and not words, words
