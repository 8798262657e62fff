"""Exploration: sliders of a method, what follows from them, and a scenario that is written safely and read back."""

import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient

from shnor_lib.pages.views.exploration import Panel, plot_explored
from shnor_lib.params.reading import read_scenario
from shnor_lib.params.scenarios import Change, Scenario
from shnor_lib.params.yaml_files import ParamsError, parse_yaml
from shnor_lib.runs.save_scenario import save_scenario
from shnor_lib.whatif.exploration import Explorer, adjustables, changes_of, scenario_text
from shnor_lib.whatif.scenarios import BASE, compare_with_base, judge_scenarios
from shnor_lib.workspace import WorkspaceError
from tests.shipped import ROOT, shipped

THRESHOLD = "criteria.lowest_results.threshold"
ENOUGH = "decisions.low_results.at_least"
WEIGHTS = "indices.staff_potential_index.components.{}.weight"


@pytest.fixture
def workspace(tmp_path):
    shutil.copytree(ROOT / "params", tmp_path / "params")
    (tmp_path / "data").mkdir()
    return tmp_path


@pytest.fixture(scope="module")
def office():
    return shipped("lesosibirsk", 2020)


def test_everything_that_moves_stands_inside_its_range(office):
    found = adjustables(office.method)
    assert {one.group for one in found} == {"threshold", "enough", "weight"}
    for one in found:
        assert one.low <= one.value <= one.high and one.step > 0
    assert not any(one.path.startswith("indices.resource") for one in found), "one component has no weight to move"


def test_only_moved_values_are_changes(office):
    own = {one.path: one.value for one in adjustables(office.method)}
    assert changes_of(office.method, own) == ()
    assert changes_of(office.method, own | {THRESHOLD: 0.35}) == (Change(path=THRESHOLD, value=0.35),)
    with pytest.raises(KeyError, match="не двигается"):
        changes_of(office.method, {"criteria.lowest_results.rule": 1})


def test_moved_values_are_judged_as_the_scenario_would_be():
    demo = shipped("demo", 2021)
    explored = Explorer(demo).explore({THRESHOLD: 0.35, ENOUGH: 1})
    assert explored.moved.set_index("school_id")["change"].to_dict() == {"demo-08": "enters", "demo-14": "other"}


def test_an_index_without_weights_judges_nobody(workspace):
    panel = Panel(shipped("demo", 2021), workspace, save_scenario)
    for name in panel.office.method.indices["staff_potential_index"].components:
        panel.sliders[WEIGHTS.format(name)].value = 0.0
    verdicts = panel.explored.answers.verdicts
    assert set(verdicts.loc[verdicts["criterion"].eq("lowest_staff_potential"), "verdict"]) == {"not_assessed"}


def test_the_list_and_the_figure_follow_the_sliders(workspace):
    panel = Panel(shipped("demo", 2021), workspace, save_scenario)
    before, figure = panel.lists.value, panel.figure.value
    panel.sliders[THRESHOLD].value = 0.5
    assert panel.explored.changes == (Change(path=THRESHOLD, value=0.5),)
    assert "признак есть у 7 из 14 школ" in panel.figure.value and panel.figure.value != figure
    assert "Числа: ." not in panel.figure.value, "nothing here needs the page around it"
    panel.criterion.value = "low_continuation"
    assert "−22,7" in panel.figure.value, "demo-01: 60 % less 82.7 %"
    panel.sliders[ENOUGH].value = 1
    assert panel.lists.value != before
    panel.reset.click()
    assert panel.lists.value == before and panel.explored.changes == ()


def test_weights_stand_folded_under_their_index(workspace):
    panel = Panel(shipped("demo", 2021), workspace, save_scenario)
    left = panel.box.children[0].children
    assert [part.value for part in left if type(part).__name__ == "HTML"] == ["<b>Пороги</b>", "<b>Решение</b>"]
    titles = [one.title for one in panel.office.method.indices.values() if len(one.components) > 1]
    assert [*left[-1].titles] == [*(f"Веса: {title}" for title in titles), "Сохранить как сценарий"]


def test_a_slider_says_its_value_with_the_unit_of_its_title(workspace):
    panel = Panel(shipped("demo", 2021), workspace, save_scenario)
    said = {path.removeprefix("criteria."): slider.label for path, slider in panel.sliders.items()}
    assert said["lowest_results.threshold"] == "25 %" and said["score_gap_region.threshold"] == "20 баллов"
    assert said["low_olympiad_participation.threshold"] == "0,5 %" and said[ENOUGH] == "2"
    assert said[WEIGHTS.format("off_profile")] == "1"
    assert ("19 баллов", 19) in panel.sliders["criteria.score_gap_region.threshold"].options
    assert panel.sliders["criteria.low_continuation.threshold"].options[-1] == ("100 %", 1)


def test_criteria_are_called_by_the_values_chosen(workspace):
    panel = Panel(shipped("demo", 2021), workspace, save_scenario)
    panel.criterion.value = "low_continuation"
    panel.sliders[THRESHOLD].value = 0.35
    assert panel.sliders[THRESHOLD].description == "Низшая доля 35 %"
    assert panel.criterion.options[0] == ("Низшая доля 35 %", "lowest_results")
    assert panel.criterion.value == "low_continuation" and "Мало продолживших учёбу" in panel.figure.value


def test_every_school_stands_in_the_list_and_at_the_threshold(workspace):
    """What moved comes first, with the answer before and after; every school has its name and marker on the axis."""
    panel = Panel(shipped("demo", 2021), workspace, save_scenario)
    panel.sliders[ENOUGH].value, panel.sliders[THRESHOLD].value = 1, 0.35
    rows = BeautifulSoup(panel.lists.value, "html.parser").tbody("tr")
    told = [[cell.get_text(" ", strip=True).replace("\xa0", " ") for cell in row(["th", "td"])] for row in rows]
    assert len(told) == 14 and told[0] == ["Южная", "■ да", "□ нет", "ШНОР: нет → да"]
    assert "Изменилось ответов: 2 из 28" in panel.lists.value
    figure = plot_explored(panel.office, panel.explored, "lowest_results").drawing
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == [*panel.office.school_names.values()]
    markers = sum(len(drawn.get_offsets()) for drawn in axes.collections if hasattr(drawn, "get_offsets"))
    assert markers >= 14 and figure.get_size_inches()[0] * 96 < 934 - 430 - 70


def test_the_button_writes_what_compare_reads(workspace):
    office = shipped("lesosibirsk", 2020)
    shutil.copytree(ROOT / "data" / "raw" / "lesosibirsk", workspace / "data" / "raw" / "lesosibirsk")
    panel = Panel(office, workspace, save_scenario)
    panel.sliders[ENOUGH].value = 1
    panel.name.value, panel.title.value = "one-is-enough", "Достаточно: одного # из семи"
    panel.save.click()
    assert "params/scenarios/one-is-enough.yml" in panel.message.value
    saved = read_scenario(workspace, "one-is-enough")
    assert saved.title == "Достаточно: одного # из семи" and saved.method is None
    assert saved.changes == (Change(path=ENOUGH, value=1),)
    judged = judge_scenarios(workspace, "lesosibirsk", 2020, ["one-is-enough"])
    listed = compare_with_base(judged)
    assert listed["change"].tolist() == ["enters"] and set(judged) == {BASE, "one-is-enough"}


def test_nothing_is_overwritten_silently(workspace, office):
    changes = (Change(path=THRESHOLD, value=0.35),)
    before = (workspace / "params" / "scenarios" / "threshold-35.yml").read_bytes()
    with pytest.raises(WorkspaceError, match="уже есть"):
        save_scenario(workspace, office, "threshold-35", "мой", changes)
    assert (workspace / "params" / "scenarios" / "threshold-35.yml").read_bytes() == before
    save_scenario(workspace, office, "threshold-35", "мой", changes, replace_existing=True)
    assert read_scenario(workspace, "threshold-35").title == "мой"
    assert not list((workspace / "params" / "scenarios").glob(".*")), "nothing unfinished is left"


@pytest.mark.parametrize("name", ["../evil", "", "Порог", "a/b", "con", "x" * 65, "a.yml"])
def test_a_name_that_is_no_slug_writes_nothing(workspace, office, name):
    before = sorted(workspace.rglob("*"))
    with pytest.raises(WorkspaceError):
        save_scenario(workspace, office, name, "т", (Change(path=THRESHOLD, value=0.35),))
    assert sorted(workspace.rglob("*")) == before


def test_a_link_that_leads_out_of_the_workspace_is_refused(workspace, office, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    shutil.rmtree(workspace / "params" / "scenarios")
    (workspace / "params" / "scenarios").symlink_to(outside, target_is_directory=True)
    with pytest.raises(WorkspaceError, match="за пределы"):
        save_scenario(workspace, office, "mine", "т", (Change(path=THRESHOLD, value=0.35),))
    assert not list(outside.iterdir())


def test_nothing_changed_or_an_invalid_value_is_not_saved(workspace, office):
    with pytest.raises(ValueError, match="сохранять нечего"):
        save_scenario(workspace, office, "mine", "т", ())
    with pytest.raises(ParamsError):
        save_scenario(workspace, office, "mine", "т", (Change(path=THRESHOLD, value=7),))
    assert not (workspace / "params" / "scenarios" / "mine.yml").exists()


@pytest.mark.parametrize("title", ["key: value", "no", "12:30", '"', "- a", "&x", "# c", "много\nстрок"])
def test_any_title_comes_back_as_it_was(title):
    scenario = Scenario(title=title, changes=(Change(path=THRESHOLD, value=0.35),))
    assert parse_yaml(scenario_text(scenario).encode(), Scenario, "s") == scenario


def test_the_notebook_runs_without_a_screen(workspace, monkeypatch):
    shutil.copytree(ROOT / "data" / "raw" / "lesosibirsk", workspace / "data" / "raw" / "lesosibirsk")
    monkeypatch.setenv("SHNOR_WORKSPACE", str(workspace))
    notebook = nbformat.read(ROOT / "notebooks" / "explore_thresholds.ipynb", as_version=4)
    parameters = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    parameters.source = 'municipality = "lesosibirsk"\nyear = 2020'
    done = NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    shown = done.cells[-1].outputs[0]["data"]
    assert "application/vnd.jupyter.widget-view+json" in shown
