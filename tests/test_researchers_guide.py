"""The researchers' walk-through is true: its files are valid, its commands exist, its scenario moves the school it names."""

import ast
import re
import shlex
import shutil
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from shnor_lib.cli import main
from shnor_lib.params.methods import CriterionBase, Decision, Group, Method, Robustness
from shnor_lib.params.reading import read_scenario
from shnor_lib.params.scenarios import Scenario, apply_changes
from shnor_lib.params.yaml_files import parse_yaml
from shnor_lib.whatif.scenarios import BASE, answers_of, compare_with_base, rejudge
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


def test_every_word_of_the_criteria_language_is_in_its_list():
    told = set(re.findall(r"`([a-z_]+)`", GUIDE.split("## 7.")[1].split("## 8.")[0]))
    everywhere = {"category", "ground", "title_template", "short_template", "reference", "assumptions", "cuts"}
    words = {key for one in CriterionBase.by_word.values() for key in one.model_fields}
    words |= {*CriterionBase.by_word, *Decision.model_fields, *Group.model_fields, "weight", "weight_from"}
    assert words - told - everywhere - {"missed_cost"} == set()  # that one has its own place


def test_the_categories_of_the_guide_are_valid():
    (text,) = (block for block in BLOCKS if block.startswith("decisions:\n  low_results:\n    when"))
    criteria = "".join(
        f"  {name}: {{category: low_results, ground: results, title: т, short: т, indicator: pass_rate, rule: below, threshold: 0.5, reference: р}}\n"
        for name in ("grade_f", "grade_d", "enough_tested")
    )
    head = f"title: т\ndocument: д\ndescription: о\ncriteria:\n{criteria}"
    method = parse_yaml((head + text).encode(), Method, "guide")
    assert method.years_of("risk_group") == 2 and method.words("risk_group").abbreviation == "группа риска"


def test_commands_and_files_exist():
    commands = set(re.findall(r"^shnor ([a-z]+)", GUIDE, flags=re.MULTILINE))
    assert commands == {"compare", "run"} and commands <= set(main.commands)
    for name in re.findall(r"`((?:docs|params|tests)/[a-z0-9_./-]+)`", GUIDE):
        assert (ROOT / name).exists() or name.endswith(("wider-list.yml", "my-region.yml")), name


STEPS = re.findall(r"```([a-z]*)\n(.*?)```", GUIDE, flags=re.DOTALL)
FILE_NAMES = re.findall(r"`params/scenarios/([a-z0-9-]+)\.yml`", GUIDE)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory, warm_runs) -> Path:
    """A workspace as a stranger finds it, without the file that the guide asks to write."""
    workspace = tmp_path_factory.mktemp("stranger")
    shutil.copytree(ROOT / "params", workspace / "params")
    shutil.copytree(ROOT / "data" / "raw" / "demo", workspace / "data" / "raw" / "demo")
    return workspace


def test_the_walk_through_from_a_question_to_a_scenario_a_comparison_and_a_report(stranger):
    """Every file is written and every command typed as the guide says, in its order; the answers are those it shows."""
    names, asked, checked = iter(dict.fromkeys(FILE_NAMES)), None, 0
    for language, text in STEPS:
        if text.startswith("robustness:"):  # the guide goes on to other subjects
            break
        if language == "yaml":
            path = stranger / "params" / "scenarios" / f"{next(names)}.yml"
            path.write_text(text, encoding="utf-8")
        elif text.startswith("shnor "):
            asked = CliRunner().invoke(main, ["--workspace", str(stranger), *shlex.split(text)[1:]])
            assert asked.exit_code == 0, asked.output
        elif not text.startswith("make "):
            assert [line.rstrip() for line in asked.output.splitlines()] == [
                line.rstrip() for line in text.splitlines()
            ]
            checked += 1
    assert checked == 2
    tables = stranger / "reports" / "demo" / "2021" / "tables"
    assert (tables.parent / "60_robustness.html").exists()
    assert "Шире перечень;demo-08;Южная;ШНОР;нет;да" in (tables / "scenario_changes.csv").read_text(
        encoding="utf-8-sig"
    )
    rows = re.findall(r"^\| `.*?\|", GUIDE.split("## 5.")[0], flags=re.MULTILINE)
    listed = set(re.findall(r"`([a-z_]+)`", "".join(rows)))
    assert {path.stem for path in tables.glob("*.csv")} - {"scenario_purposes"} == listed - {
        "low_procedure_values"  # of methods that judge by procedures
    }


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", GUIDE, flags=re.DOTALL))
def test_imports_of_the_guide_exist(code):
    for node in ast.parse(code).body:
        if isinstance(node, ast.ImportFrom):
            module = import_module(node.module)
            assert all(hasattr(module, alias.name) for alias in node.names), ast.unparse(node)


def test_every_difference_from_coinr_has_the_test_it_names():
    named = set(re.findall(r"\| `(test_[a-z_0-9]+)` \|", GUIDE))
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) == 6 and all(f"def {name}(" in tests for name in named)
