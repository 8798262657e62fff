"""A public run on trial publishes what is safe, and leaves what was published before when it is not."""

import pytest
from click.testing import CliRunner

from shnor_lib.cli import main
from shnor_lib.runs import audit, trial
from shnor_lib.runs.audit.answer import Audited
from shnor_lib.runs.audit.facts import Cell
from shnor_lib.runs.audit.reading import Reading
from shnor_lib.runs.audit.solving import Found, Told
from shnor_lib.runs.audit.system import Kept
from tests.runs.workspaces import make_workspace, show_schools, write_notebook

pytestmark = pytest.mark.usefixtures("warm_runs")

LEAK = Told(Kept({Cell("exam_results", "s01", 2021, "", "VPR/maths/5", "mark_2"): 1}, True, "20_results.csv"), 2, 2)
SAFE = Audited(Reading(facts=["one"]), Found(asked=7))
TELLING = Audited(Reading(facts=["one"]), Found(told=[LEAK], asked=7))
SLOW = Audited(Reading(facts=["one"]), Found(asked=7, open=3))


@pytest.fixture
def workspace(tmp_path):
    workspace = make_workspace(tmp_path / "w", {"alpha": [2021]})
    write_notebook(workspace, "01_first", show_schools("schools_first"))
    return workspace


def published(workspace):
    tree = workspace / "public"
    return {path.relative_to(tree): path.read_bytes() for path in tree.rglob("*") if path.is_file()}


def run_on_trial(workspace, monkeypatch, answer):
    monkeypatch.setattr(audit, "audit_published", lambda *asked: answer)
    asked = [
        "--workspace",
        str(workspace),
        "run",
        "-m",
        "alpha",
        "-r",
        "01",
        "--audience",
        "public",
        "--audit",
        "--force",
    ]
    return CliRunner().invoke(main, asked)


def test_what_is_safe_is_published(workspace, monkeypatch):
    told = run_on_trial(workspace, monkeypatch, SAFE)
    assert told.exit_code == 0 and "alpha: Раскрыть нельзя: проверено 7 скрытых ячеек." in told.stdout
    assert (workspace / "public" / "alpha" / "2021" / "01_first.html").exists()
    assert not (workspace / "data" / "processed" / trial.KEPT).exists()


@pytest.mark.parametrize("answer", [TELLING, SLOW], ids=["told", "not decided"])
def test_what_is_not_safe_is_not_published(workspace, monkeypatch, answer):
    told = run_on_trial(workspace, monkeypatch, answer)
    assert told.exit_code == 1 and "открытое издание не выложено" in told.stderr and "Открыть" not in told.stdout
    assert not (workspace / "public").exists()
    assert run_on_trial(workspace, monkeypatch, SAFE).exit_code == 0
    before = published(workspace)
    write_notebook(workspace, "01_first", show_schools("schools_otherwise"))
    assert run_on_trial(workspace, monkeypatch, answer).exit_code == 1
    assert published(workspace) == before


def test_a_trial_that_was_killed_is_put_back_by_the_next_run(workspace, monkeypatch):
    assert run_on_trial(workspace, monkeypatch, SAFE).exit_code == 0
    before = published(workspace)
    trial.begin(workspace)
    (workspace / "public" / "alpha" / "2021" / "01_first.html").unlink()
    (workspace / "public" / "alpha" / "2021" / "02_untried.html").write_text("не проверено", encoding="utf-8")
    assert CliRunner().invoke(main, ["--workspace", str(workspace), "run", "-m", "alpha", "-r", "01"]).exit_code == 0
    assert published(workspace) == before


def test_only_the_public_edition_can_be_on_trial(workspace):
    told = CliRunner().invoke(main, ["--workspace", str(workspace), "run", "--audit"])
    assert told.exit_code == 2 and "--audience public" in told.stderr
