"""The rules in force: what an office changes is listed with its reason, and a number out of its unit is refused with its line."""

import shutil
from pathlib import Path

import pytest

from shnor_lib.office.scope import scope_of
from shnor_lib.params.yaml_files import ParamsError
from tests.shipped import ROOT

OVERRIDE = """overrides:
  - path: criteria.low_continuation.threshold
    value: VALUE
    why: В округе два колледжа
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "params", tmp_path / "params")
    return tmp_path


def changed(workspace: Path, name: str, old: str, new: str) -> int:
    """Replace a piece of a parameter file and say on which line it stands."""
    path = workspace / "params" / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def overridden(workspace: Path, value: str) -> None:
    path = workspace / "params" / "lesosibirsk.yml"
    path.write_text(OVERRIDE.replace("VALUE", value) + path.read_text(encoding="utf-8"), encoding="utf-8")


def refused(workspace: Path, municipality: str, **rules: str) -> str:
    with pytest.raises(ParamsError) as caught:
        scope_of(workspace, municipality, 2020, **rules)
    return str(caught.value)


@pytest.mark.parametrize("municipality", sorted(path.stem for path in (ROOT / "params").glob("*.yml")))
def test_what_ships_fits_its_units_and_changes_no_method(municipality):
    assert scope_of(ROOT, municipality, 2021).deviations.empty


def test_an_override_is_listed_with_its_reason_and_stands_in_the_heading(workspace):
    overridden(workspace, "0.30")
    scope = scope_of(workspace, "lesosibirsk", 2020)
    title = "Менее 30 % учащихся продолжили обучение на старшей ступени"
    assert scope.method.criteria["low_continuation"].title == title
    assert scope.deviations.to_dict("records") == [
        {
            "source": "params/lesosibirsk.yml",
            "path": "criteria.low_continuation.threshold",
            "title": title,
            "method_value": 0.6,
            "office_value": 0.3,
            "why": "В округе два колледжа",
        }
    ]


def test_a_change_that_changes_nothing_is_no_deviation(workspace):
    overridden(workspace, "0.60")
    assert scope_of(workspace, "lesosibirsk", 2020).deviations.empty


def test_a_scenario_gives_its_own_reason():
    (found,) = scope_of(ROOT, "lesosibirsk", 2020, scenario="threshold-35").deviations.itertuples()
    assert (found.source, found.method_value, found.office_value) == ("params/scenarios/threshold-35.yml", 0.25, 0.35)
    assert found.title.startswith("35 % школ") and found.why.startswith("Насколько длиннее")


def test_thirty_for_a_share_in_an_override_is_refused_with_its_line(workspace):
    overridden(workspace, "30")
    message = refused(workspace, "lesosibirsk")
    assert message.startswith("params/lesosibirsk.yml:3: «criteria.low_continuation.threshold»: 30 – не доля")
    assert message.endswith("напишите 0.3")


def test_thirty_for_a_share_in_a_method_is_refused_with_its_line(workspace):
    line = changed(workspace, "methods/lesosibirsk-2020.yml", "threshold: 0.60", "threshold: 60")
    assert f"params/methods/lesosibirsk-2020.yml:{line}: " in refused(workspace, "lesosibirsk")


def test_thirty_for_a_share_in_a_scenario_is_refused_with_its_line(workspace):
    text = "title: С\nchanges:\n  - path: criteria.low_satisfaction.threshold\n    value: 40\n"
    (workspace / "params" / "scenarios" / "own.yml").write_text(text, encoding="utf-8")
    assert refused(workspace, "lesosibirsk", scenario="own").startswith("params/scenarios/own.yml:4: ")


def test_a_difference_of_shares_has_their_unit_and_points_have_none(workspace):
    changed(workspace, "methods/lesosibirsk-2020.yml", "threshold: 0.05\n", "threshold: 5\n")
    message = refused(workspace, "lesosibirsk")
    assert message.count("не доля") == 1 and "напишите 0.05" in message  # «20 баллов» beside it stays


@pytest.mark.parametrize(("old", "new"), [("value: 0.14", "value: 14"), ("value: 0.80", "value: 80")])
def test_goals_of_targets_fit_their_unit(workspace, old, new):
    line = changed(workspace, "demo.yml", old, new)
    message = refused(workspace, "demo")
    assert message.startswith(f"params/demo.yml:{line}: «targets.") and "не доля" in message


@pytest.mark.parametrize("section", ["expectation", "partners"])
def test_a_result_is_not_explained_by_its_own_table(workspace, section):
    path = workspace / "params" / "lesosibirsk.yml"
    given = f"{section}:\n  context:\n    - low_income_families_rate\n    - mean_mark\n"
    path.write_text(given + path.read_text(encoding="utf-8"), encoding="utf-8")
    message = refused(workspace, "lesosibirsk")
    assert message.startswith(f"params/lesosibirsk.yml:4: «{section}.context.1»") and "не объясняют" in message
