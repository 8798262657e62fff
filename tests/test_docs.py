"""Documents say what the program does: generated pages are current, commands and files they name exist."""

import ast
import importlib
import json
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

from shnor_lib.cli import main
from tools.documents import FLOORS, document_house, documents
from tools.supply import LOCKS

ROOT = Path(__file__).parents[1]
SECURITY = ROOT / "docs" / "security.md"
GUIDES = [ROOT / "README.md", ROOT / "README.ru.md", ROOT / "CONTRIBUTING.md", SECURITY]


@pytest.mark.parametrize("name", ["docs/tables.md", "docs/indicators.md", "README.md"])
def test_a_generated_document_is_current(name):
    assert (ROOT / name).read_text(encoding="utf-8") == documents()[name], "make docs"


def test_the_readme_shows_the_house():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert document_house() in readme
    rooms = {path.parent.name for path in (ROOT / "shnor_lib").glob("*/__init__.py")}
    assert set(FLOORS) == rooms


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_command_of_a_guide_exists(guide):
    named = set(re.findall(r"\bshnor ([a-z]+)\b", guide.read_text(encoding="utf-8")))
    assert named and named <= set(main.commands), named - set(main.commands)


def test_every_line_to_type_has_options_that_exist():
    """Each line of README.ru.md that begins with the program."""
    guide = (ROOT / "README.ru.md").read_text(encoding="utf-8")
    typed = re.findall(r"""^shnor (?:--workspace "[^"]+" )?(.+)$""", guide, re.MULTILINE)
    assert len(typed) > 15
    for line in typed:
        name, *words = shlex.split(line.replace("\\", "/"))
        if name != "--version":
            known = {option for one in main.commands[name].params for option in one.opts}
            assert {word for word in words if word.startswith("-")} <= known, line


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_picture_of_a_guide_is_there_and_small(guide):
    for name in re.findall(r"\]\((docs/\w+\.png)\)", guide.read_text(encoding="utf-8")):
        assert 0 < (ROOT / name).stat().st_size <= 150_000, name


def test_every_recipe_is_one_place():
    """The headings a newcomer looks for, each with a place that exists and a test of it."""
    recipes = re.split(r"^## ", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    named = {recipe.split("\n")[0]: recipe for recipe in recipes}
    for what in ("An indicator", "A criterion", "A check", "A layout of exports", "A report", "An office", "A region"):
        assert re.search(r"`(params|shnor_lib|notebooks)/", named[what]), what


def test_hooks_need_no_address():
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert "://" not in hooks and hooks.count("language: system") == hooks.count("- id:") == 3


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_make_target_of_a_guide_exists(guide):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(
        re.findall(
            r"\bmake (reports|test|attack|audit|sbom|licences|docs|lab|bench|lint|clean|env)\b",
            guide.read_text(encoding="utf-8"),
        )
    ):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_file_of_a_guide_exists(guide):
    text = guide.read_text(encoding="utf-8")
    for name in set(re.findall(r"`((?:docs|shnor_lib|tests|tools)/[A-Za-z0-9_./-]+)`", text)):
        assert (ROOT / name).exists(), name


NAMES = {  # taken apart, so that this file does not name them either
    "-": [("index", "url"), ("trusted", "host")],
    ".": [("pypi", "org"), ("files", "pythonhosted"), ("registry", "npmjs")],
    "/": [("", "work", ""), ("..", "shared")],
}


def test_no_file_names_a_package_index_or_a_machine():
    pattern = re.compile("|".join(re.escape(sign.join(words)) for sign, names in NAMES.items() for words in names))
    tracked = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    )
    for path in [ROOT / name for name in tracked if name]:
        if path.suffix in (".xlsx", ".pyc", ".png"):
            continue
        found = pattern.search(path.read_text(encoding="utf-8", errors="ignore"))
        assert not found, f"{path.relative_to(ROOT)}: {found[0]}"


def test_bare_make_lists_the_targets():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in (
        "env",
        "reports",
        "test",
        "attack",
        "audit",
        "sbom",
        "licences",
        "docs",
        "lab",
        "bench",
        "lint",
        "clean",
    ):
        assert f'@echo "make {target} ' in makefile and re.search(rf"^{target}:", makefile, flags=re.MULTILINE)


def test_locked_environment_has_hashes_and_no_addresses():
    for name in LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text and "://" not in text


def test_conda_users_get_the_same_environment():
    """The list of ``make lab`` holds that of ``make env`` version by version, and conda installs it."""
    pinned = [
        set(re.findall(r"^([A-Za-z0-9_.-]+==\S+)", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE))
        for name in ("requirements.txt", "requirements-lab.txt")
    ]
    assert len(pinned[0]) > 100 and pinned[0] <= pinned[1]
    described = (ROOT / "environment.yml").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "-r requirements-lab.txt" in described and f"python{project['requires-python']}" in described


def test_each_part_of_security_says_what_is_promised_what_is_not_and_how_it_is_tried():
    for part in re.split(r"^## ", SECURITY.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        assert re.findall(r"^\*\*(.+?)\.\*\*", part, flags=re.MULTILINE) == ["Promised", "Not promised", "Tried"], part
        assert "`tests/" in part, part


def test_every_long_attack_stands_with_its_figures_in_security():
    forms = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "attack").glob("test_*.py")} - {"running"}
    assert set(re.findall(r"-m tests\.attack (\w+)", SECURITY.read_text(encoding="utf-8"))) - {"FORM"} == forms


# --- capabilities ----------------------------------------------------------------------------------------------------------

CAPABILITIES = [
    [cell.strip().strip("`") for cell in line.strip("|\n").split("|")]
    for line in (ROOT / "docs" / "capabilities.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [A-Z]\d+ \|", line)
]
ROWS = {"L": 15, "Z": 6, "K": 3, "H": 4, "I": 6, "B": 10}


def test_every_capability_has_its_row():
    rows = list(dict.fromkeys(row[0] for row in CAPABILITIES))
    assert [row for row in rows if row[0] != "N"] == [
        f"{letter}{n}" for letter, last in ROWS.items() for n in range(1, last + 1)
    ]
    of_2026 = [int(row[1:]) for row in rows if row[0] == "N"]
    assert of_2026 == sorted(of_2026)


@pytest.mark.parametrize(
    ("row", "what", "cell", "function", "test"), CAPABILITIES, ids=[row[0] for row in CAPABILITIES]
)
def test_a_capability_is_where_its_row_says(row, what, cell, function, test):
    notebook, _, call = cell.partition(": ")
    cells = json.loads((ROOT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    assert any(re.search(rf"\.{call}\(", "".join(one["source"])) for one in cells), cell
    module, _, name = function.rpartition(".")
    assert callable(getattr(importlib.import_module(module), name)), function
    file, _, name = test.partition("::")
    functions = {
        node.name
        for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert name in functions and name.startswith(f"test_{row}_"), test
