"""The house stands as drawn: nothing imports upward, only the roof writes files, no module is an attic."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "shnor_lib"
FLOORS = [
    "workspace",
    "params",
    "inputs",
    "indicators",
    "statistics",
    "criteria",
    "office",
    "analyses",
    "whatif",
    "pages",
    "runs",
    "cli",
    "__main__",
]
"""Rooms from the ground up, one a floor; a module may import its own room and those below."""

ATTICS = {"utils", "helpers", "common", "misc", "process", "handle", "manage"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def module_name(path: Path) -> str:
    """Name of the top module or package inside shnor_lib that a file belongs to."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def floor_of(name: str) -> int:
    return FLOORS.index(name)


def imported(path: Path) -> set[str]:
    """Top modules of shnor_lib that a file imports, also inside functions."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("shnor_lib"):
            parts = node.module.split(".")
            names |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("shnor_lib.")}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_nothing_imports_upward(path):
    own = module_name(path)
    if own == "__init__":
        return
    upward = {name for name in imported(path) if floor_of(name) > floor_of(own)}
    assert not upward, f"{own} stands below {upward}"


def test_every_module_has_its_floor():
    standing = {module_name(path) for path in MODULES} - {"__init__"}
    assert standing == set(FLOORS)


def test_no_attics():
    assert not {path.stem for path in MODULES} & ATTICS


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{path} has no docstring"


def test_only_the_roof_knows_papermill():
    knowing = {
        module_name(path)
        for path in MODULES
        if "papermill" in path.read_text(encoding="utf-8").replace("``papermill", "")
    }
    importing = {
        module_name(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(
            name.split(".")[0] == "papermill"
            for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
        )
    }
    assert importing <= {"runs"} and knowing >= importing
