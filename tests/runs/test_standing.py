"""``shnor status``: from an empty folder to the board's page it says the next step, and each step changes it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from shnor_lib.cli import main
from tests.runs.workspaces import EXAM_RESULTS, SCHOOLS, make_workspace, show_schools, write_notebook


@pytest.fixture
def workspace(tmp_path, warm_runs) -> Path:
    workspace = make_workspace(tmp_path / "w", {"alpha": [2021]})
    write_notebook(workspace, "01_first", show_schools("schools_first"))
    return workspace


def status(workspace: Path, *arguments: str) -> str:
    answer = CliRunner().invoke(main, ["--workspace", str(workspace), "status", *arguments])
    assert answer.exit_code == 0, answer.stderr
    return " ".join(answer.stdout.split())


def run(workspace: Path) -> int:
    return CliRunner().invoke(main, ["--workspace", str(workspace), "run", "-m", "alpha", "-r", "01"]).exit_code


def test_every_step_leads_to_the_next(workspace):
    raw = workspace / "data" / "raw" / "alpha" / "2021"
    (raw / "schools.csv").unlink(), (raw / "exam_results.csv").unlink()
    assert "файлов нет" in status(workspace) and "Дальше: shnor template -m alpha -y 2021" in status(workspace)
    (raw / "schools.csv").write_text(SCHOOLS.replace("500,20", "пятьсот,20"), encoding="utf-8")
    (raw / "exam_results.csv").write_text(EXAM_RESULTS, encoding="utf-8")
    assert "запуск сделает все (ещё не рассчитано)" in status(workspace)
    assert run(workspace) == 3
    assert "ошибок – 1" in status(workspace) and "Дальше: shnor check -m alpha -y 2021" in status(workspace)
    (raw / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    assert status(workspace).endswith("Дальше: shnor check -m alpha -y 2021, затем shnor run -m alpha -y 2021")
    assert run(workspace) == 0
    told = status(workspace)
    assert "методика fioko-2021" in told and "таблиц 2 из" in told
    assert "запуск сделает 00" in told and "запуск сделает 01 (изменился состав отчётов)" in told


def test_a_change_is_told_with_what_changed(workspace):
    assert run(workspace) == 0
    results = workspace / "data" / "raw" / "alpha" / "2021" / "exam_results.csv"
    results.write_text(EXAM_RESULTS.replace("50,4,20", "50,5,19"), encoding="utf-8")
    assert "изменились данные: data/raw/alpha/2021/exam_results.csv" in status(workspace)


def test_years_outside_the_profile_are_past_or_to_come(workspace):
    for year in (2020, 2022):
        make_workspace_year(workspace, year)
    assert "Прошлое" in status(workspace, "-y", "2020") and "Дальше" not in status(workspace, "-y", "2020")
    assert "Дальше: shnor year alpha 2022" in status(workspace, "-y", "2022")


def make_workspace_year(workspace: Path, year: int) -> None:
    raw = workspace / "data" / "raw" / "alpha" / str(year)
    raw.mkdir()
    (raw / "schools.csv").write_text(SCHOOLS, encoding="utf-8")


def test_a_wrong_profile_is_the_first_thing_to_mend(workspace):
    profile = workspace / "params" / "alpha.yml"
    profile.write_text(profile.read_text(encoding="utf-8") + "metod: x\n", encoding="utf-8")
    told = status(workspace)
    assert "params/alpha.yml" in told and "metod" in told and "Дальше: исправьте params/alpha.yml" in told


def test_what_a_run_could_not_make_has_its_cause_once(workspace):
    method = workspace / "params" / "methods" / "fioko-2021.yml"
    sound = method.read_text(encoding="utf-8")
    method.write_text(sound.replace("below_minimum_rate", "below_minimum_rat", 1), encoding="utf-8")
    assert run(workspace) == 4
    told = status(workspace)
    assert told.count("показателя «below_minimum_rat» нет в каталоге") == 1, told
    assert "01_first" in told.split("Не получились: ")[1].split(" – ")[0], told
