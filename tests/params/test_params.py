"""Parameter files that ship are sound, and changes to a method are checked."""

from pathlib import Path

import pytest

from shnor_lib.indicators.catalogue import catalogue
from shnor_lib.params import reading as params
from shnor_lib.params.scenarios import Change, apply_changes
from shnor_lib.params.yaml_files import ParamsError
from shnor_lib.workspace import OWN_INDICATORS, WorkspaceError, check_id, parameter_names

ROOT = Path(__file__).parents[2]
METHODS = sorted(path.stem for path in (ROOT / "params" / "methods").glob("*.yml"))
OFFICES = parameter_names(ROOT)


@pytest.mark.parametrize("name", METHODS)
def test_method_that_ships_is_sound(name):
    method = params.read_method(ROOT, name)
    known = set(catalogue()) | set(method.indices)
    for criterion in method.criteria.values():
        assert criterion.indicator in known
    for index in method.indices.values():
        assert {component.indicator for component in index.components.values()} <= set(catalogue())
        assert index.recipe("i").indicator_ids == tuple(index.components)


@pytest.mark.parametrize("name", OFFICES)
def test_office_that_ships_is_sound(name):
    profile = params.read_profile(ROOT, name)
    assert params.read_method(ROOT, profile.method)
    for year in profile.years:
        assert (ROOT / "data" / "raw" / name / str(year)).is_dir()


def test_five_real_and_two_fictional_offices_ship():
    assert OFFICES == ["demo", "demo-rayon", "iskitim", "krasnokholm", "kushva", "lesosibirsk", "lesozavodsk"]


def test_lesosibirsk_has_the_seven_criteria_and_three_indices_of_section_2_1():
    method = params.read_method(ROOT, "lesosibirsk-2020")
    categories = [criterion.category for criterion in method.criteria.values()]
    assert categories.count("low_results") == 7 and categories.count("adverse_conditions") == 3
    assert len(method.indices) == 3


def test_change_moves_one_threshold_and_leaves_the_method_alone():
    method = params.read_method(ROOT, "lesosibirsk-2020")
    changed = apply_changes(method, (Change(path="criteria.lowest_results.threshold", value=0.35),), "s")
    assert changed.criteria["lowest_results"].threshold == 0.35
    assert method.criteria["lowest_results"].threshold == 0.25


def test_change_reaches_into_lists():
    method = params.read_method(ROOT, "lesosibirsk-2020")
    changed = apply_changes(method, (Change(path="criteria.lowest_results.parts.0", value="EGE/*/11"),), "s")
    assert changed.criteria["lowest_results"].parts[0] == "EGE/*/11"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("criteria.lowest_result.threshold", 0.3, "«lowest_results»"),
        ("criteria.lowest_results.treshold", 0.3, "«threshold»"),
        ("criteria.lowest_results.threshold", 3, "нужно меньше 1"),
        ("criteria.lowest_results.threshold.deep", 3, "нет «deep»"),
        ("decisions.low_results.missed_cost", 0, "missed_cost"),
        ("decisions.low_results.missed_cost", -3, "missed_cost"),
        ("decisions.low_results.missed_cost", "дорого", "missed_cost"),
        ("decisions.low_results.missed_cost", float("nan"), "missed_cost"),
        ("robustness.components.population", "country", "population"),
    ],
)
def test_impossible_change_is_refused(path, value, said):
    with pytest.raises(ParamsError, match=said):
        apply_changes(params.read_method(ROOT, "lesosibirsk-2020"), (Change(path=path, value=value),), "s.yml")


def test_a_cost_of_missed_schools_needs_chance():
    method = params.read_method(ROOT, "lesosibirsk-2020")
    changes = tuple(
        Change(path=path, value=value)
        for path, value in (("robustness.chance", None), ("decisions.low_results.missed_cost", 3))
    )
    assert apply_changes(method, changes[1:], "s").decisions["low_results"].cut == 0.25
    with pytest.raises(ParamsError, match="отключает"):
        apply_changes(method, changes, "s")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2", "нужно не меньше 3"),
        ("-5", "нужно не меньше 3"),
        ("true", "нужно целое число"),
        ("5.0", "нужно целое число"),
        ('"5"', "нужно целое число"),
        ("101", "нужно не больше 100"),
    ],
)
def test_a_limit_that_would_tell_persons_is_refused_with_its_line(tmp_path, written, said):
    shipped = (ROOT / "params" / "kushva.yml").read_text(encoding="utf-8")
    (tmp_path / "params").mkdir()
    office, line = tmp_path / "params" / "kushva.yml", len(shipped.splitlines()) + 2
    office.write_text(f"{shipped.rstrip()}\ndisclosure:\n  minimum_participants: {written}\n", encoding="utf-8")
    with pytest.raises(ParamsError, match=rf"params/kushva\.yml:{line}: .*{said}"):
        params.read_profile(tmp_path, "kushva")


def test_a_limit_of_three_is_allowed(tmp_path):
    shipped = (ROOT / "params" / "kushva.yml").read_text(encoding="utf-8").rstrip()
    (tmp_path / "params").mkdir()
    limited = f"{shipped}\ndisclosure:\n  minimum_participants: 3\n"
    (tmp_path / "params" / "kushva.yml").write_text(limited, encoding="utf-8")
    assert params.read_profile(tmp_path, "kushva").disclosure.minimum_participants == 3


def test_unknown_office_is_refused_with_the_nearest_name():
    with pytest.raises(params.UnknownName, match="demo"):
        params.read_profile(ROOT, "demmo")


def test_the_file_of_own_indicators_is_no_office(tmp_path):
    (tmp_path / "params").mkdir()
    for name in (OWN_INDICATORS, "params/alpha.yml"):
        (tmp_path / name).write_bytes(b"")
    assert parameter_names(tmp_path) == ["alpha"]
    with pytest.raises(params.UnknownName):
        params.read_profile(tmp_path, "indicators")
    with pytest.raises(WorkspaceError, match="имя занято"):
        check_id("indicators", "Муниципалитет")
