"""Categories that cannot be judged, from the command line: exit 4, the file, its line, the nearest name."""

import pytest
from click.testing import CliRunner

from shnor_lib.cli import main
from tests.runs.workspaces import make_workspace

pytestmark = pytest.mark.usefixtures("warm_runs")

METHOD = "params/methods/fioko-2021.yml"
OWN = {
    "a category without a rule": (
        "  watched: {title: Под наблюдением, abbreviation: наблюдение, reference: р}\n",
        "у категории «watched» нет ни критериев, ни when",
    ),
    "a cycle of categories": (
        (
            "  watched: {title: Под наблюдением, abbreviation: наблюдение, reference: р, when: {all: [{category: second}]}}\n"
            "  second: {title: Вторая, abbreviation: вторая, reference: р, when: {all: [{category: watched}]}}\n"
        ),
        "категории замкнуты в кольцо: watched → second → watched",
    ),
    "a criterion that nobody declares": (
        "  watched: {title: Под наблюдением, abbreviation: наблюдение, reference: р, when: {all: [low_in_procedure]}}\n",
        "нет критерия «low_in_procedure»; возможно, имелось в виду «low_procedures»",
    ),
}


def refused(workspace, *command: str) -> str:
    """What each command says that is refused for its parameters."""
    told = CliRunner().invoke(main, ["--workspace", str(workspace), *command, "-m", "alpha", "-y", "2021"])
    assert told.exit_code == 4, told.output
    return told.stderr


@pytest.mark.parametrize("command", ["identify", "run"])
@pytest.mark.parametrize("fault", OWN)
def test_a_category_that_cannot_be_judged(tmp_path, fault, command):
    workspace, (entry, named) = make_workspace(tmp_path, {"alpha": [2021]}), OWN[fault]
    path = workspace / METHOD
    text = path.read_text(encoding="utf-8")
    line = text[: text.index("\ndecisions:\n")].count("\n") + 3
    path.write_text(text.replace("\ndecisions:\n", f"\ndecisions:\n{entry}"), encoding="utf-8")
    told = refused(workspace, command)
    assert f"{METHOD}:{line}: " in told and named in told


@pytest.mark.parametrize("command", ["identify", "run"])
def test_a_rule_on_an_indicator_that_does_not_exist(tmp_path, command):
    workspace = make_workspace(tmp_path, {"alpha": [2021]})
    path = workspace / METHOD
    text = path.read_text(encoding="utf-8")
    line = text[: text.index("indicator: below_minimum_rate")].count("\n") + 1
    path.write_text(text.replace("below_minimum_rate", "below_minimum_rat", 1), encoding="utf-8")
    said = refused(workspace, command)
    assert f"{METHOD}:{line}: " in said and "возможно, имелось в виду «below_minimum_rate»" in said
