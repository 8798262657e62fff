"""The researchers' walk-through is true: its files are valid, its commands exist, its scenario moves the school it names."""

import ast
import re
from importlib import import_module

import pytest

from shnor_lib.cli import main
from shnor_lib.params import Robustness, Scenario, apply_changes, read_scenario
from shnor_lib.presentation.views import robustness as view
from shnor_lib.scenarios import BASE, answers_of, compare_with_base, rejudge
from shnor_lib.yaml_files import parse_yaml
from tests.shipped import ROOT, shipped

GUIDE = (ROOT / "docs" / "researchers.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, flags=re.DOTALL)


def test_the_first_file_is_the_one_that_ships():
    assert parse_yaml(BLOCKS[0].encode(), Scenario, "guide") == read_scenario(ROOT, "threshold-35")


def test_the_second_file_moves_the_schools_it_names():
    office = shipped("demo", 2021)
    scenario = parse_yaml(BLOCKS[1].encode(), Scenario, "guide")
    judged = {
        BASE: answers_of(office),
        "threshold-35": rejudge(office, apply_changes(office.method, read_scenario(ROOT, "threshold-35").changes, "a")),
        "wider-list": rejudge(office, apply_changes(office.method, scenario.changes, "b")),
    }
    changes = compare_with_base(judged)
    assert changes[["scenario", "school_id", "change"]].values.tolist() == [
        ["wider-list", "demo-08", "enters"],
        ["wider-list", "demo-14", "other"],
    ]
    assert changes.loc[0, ["criteria", "expert"]].tolist() == ["lowest_results: not_met → met", "include"]


def test_the_family_of_choices_is_shown_with_its_defaults():
    given = parse_yaml(
        re.sub(r"^  ", "", BLOCKS[2].split("\n", 1)[1], flags=re.MULTILINE).encode(), Robustness, "guide"
    )
    assert given == Robustness()


def test_commands_and_files_exist():
    commands = set(re.findall(r"^shnor ([a-z]+)", GUIDE, flags=re.MULTILINE))
    assert commands == {"compare", "run"} and commands <= set(main.commands)
    for name in re.findall(r"`((?:docs|params|tests)/[a-z0-9_./-]+)`", GUIDE):
        assert (ROOT / name).exists() or name.endswith("wider-list.yml"), name


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", GUIDE, flags=re.DOTALL))
def test_imports_of_the_guide_exist(code):
    for node in ast.parse(code).body:
        if isinstance(node, ast.ImportFrom):
            module = import_module(node.module)
            assert all(hasattr(module, alias.name) for alias in node.names), ast.unparse(node)


def test_the_tables_it_lists_are_those_of_the_report():
    listed = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| `.*?\|", GUIDE, flags=re.MULTILINE))))
    source = (ROOT / "shnor_lib" / "presentation" / "views" / "robustness.py").read_text(encoding="utf-8")
    made = set(re.findall(r'^        name="([a-z_]+)"', source, flags=re.MULTILINE))
    assert listed == made - {"scenario_purposes", "expected_difference"}
    assert view.REPORT in GUIDE
