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
    found = scope_of(ROOT, municipality, 2021).deviations  # who decides is the office's own; numbers are the method's
    assert found["path"].str.fullmatch(r"decisions\.\w+\.received").all() and found["why"].ne("").all()


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


LOW_CONTINUATION = "    pooling: latest\n    minimum_participants: 10\n    rule: below\n    threshold: 0.60\n"
WRONG_WORDS = {
    "an unknown key": ("rule: below_own\n    by: kind\n    threshold: {СОШ: 0.6}", 2, "неизвестный ключ.*«thresholds»"),
    "no threshold at all": ("rule: below_own", 0, "by и thresholds"),
    "an unknown kind": (
        "rule: below_own\n    by: kind\n    thresholds: {СОШ: 0.6, гимнозия: 0.7}",
        2,
        "«гимнозия».*«гимназия»",
    ),
    "sixty for a share": ("rule: below_own\n    by: kind\n    thresholds: {СОШ: 60}", 2, "60 – не доля.*0.6"),
    "a column that nobody knows": ("rule: below_own\n    threshold_from: pass_rat", 1, "«pass_rat».*«pass_rate»"),
    "a part that nobody knows": (
        "rule: below\n    threshold: 0.6\n    pooling: minimum\n    also: [pass_rat]",
        3,
        "«pass_rate»",
    ),
    "parts without their way": ("rule: below\n    threshold: 0.6\n    also: [pass_rate]", 2, "нужно pooling"),
    "no such scale": ("rule: graded\n    scale: letter\n    grades: [D]", 1, "нет шкалы «letter».*«letters»"),
    "no such grade": ("rule: graded\n    scale: letters\n    grades: [E]", 2, "нет оценки «E».*A, D"),
    "every grade": ("rule: graded\n    scale: letters\n    grades: [A, D]", 2, "названы все оценки"),
    "a scale of its own": (
        "rule: graded\n    scale: letters\n    grades: [D]\n    cuts: {grades: {A: 1, B: null}, reference: р}",
        3,
        "cuts",
    ),
    "nothing asked": (
        "rule: low_in_procedures\n    threshold: 0.3\n    distinct: null\n    repeated: null",
        3,
        "distinct или repeated",
    ),
    "more years than the window": (
        "rule: low_in_procedures\n    threshold: 0.3\n    distinct: null",
        0,
        "не помещаются в окно",
    ),
}


@pytest.mark.parametrize("words, down, said", WRONG_WORDS.values(), ids=WRONG_WORDS)
def test_a_wrong_word_of_a_rule_is_refused_with_its_line(workspace, words, down, said):
    name = "methods/lesosibirsk-2020.yml"
    changed(
        workspace,
        name,
        "\ncriteria:\n",
        "\nscales:\n  letters: {grades: {A: 0.8, D: null}, reference: р}\n\ncriteria:\n",
    )
    changed(workspace, name, "title: Менее {threshold:%} учащихся продолжили", "title: Мало учащихся продолжили")
    line = changed(workspace, name, LOW_CONTINUATION, f"    {words}\n")
    with pytest.raises(ParamsError, match=said) as caught:
        scope_of(workspace, "lesosibirsk", 2020)
    first = line if down else 0
    assert str(caught.value).startswith(f"params/{name}:{first + down if down else ''}"), str(caught.value)


@pytest.mark.parametrize(
    "grades, said",
    [
        ("{A: 0.8, D: 0.4}", "нижней границы"),
        ("{A: 0.8, B: 0.8, D: null}", "с одного балла"),
        ("{A: 80, D: null}", "80 – не доля"),
    ],
)
def test_a_wrong_scale_is_refused_with_its_line(workspace, grades, said):
    name = "methods/lesosibirsk-2020.yml"
    changed(workspace, name, "title: Менее {threshold:%} учащихся продолжили", "title: Мало учащихся продолжили")
    changed(workspace, name, LOW_CONTINUATION, "    rule: graded\n    scale: letters\n    grades: [D]\n")
    scales = f"\nscales:\n  letters:\n    grades: {grades}\n    reference: р\n\ncriteria:\n"
    line = changed(workspace, name, "\ncriteria:\n", scales) + 3
    message = refused(workspace, "lesosibirsk")
    assert message.startswith(f"params/{name}:{line}: ") and said in message, message


def test_an_index_made_of_itself_is_an_indicator_that_nobody_knows(workspace):
    line = changed(
        workspace,
        "methods/lesosibirsk-2020.yml",
        "{indicator: distance_km, direction",
        "{indicator: social_wellbeing_index, direction",
    )
    message = refused(workspace, "lesosibirsk")
    assert message.startswith(f"params/methods/lesosibirsk-2020.yml:{line}: ") and "нет в каталоге" in message
