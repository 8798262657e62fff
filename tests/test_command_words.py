"""What commands say: Russian in help and refusals, the usual office of a workspace, completion, the log."""

import re
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from shnor_lib.cli import main
from shnor_lib.cli.journal import LOG, MOST_BYTES
from shnor_lib.params.reading import read_method
from tests.runs.workspaces import make_workspace

OURS = {
    "shnor",
    "zip",
    "pdf",
    "html",
    "csv",
    "json",
    "xlsx",
    "yml",
    "dask",
    "jupyter",
    "chromium",
    "chrome",
    "edge",
    "w",
}
"""Latin words that stand in Russian texts: the program, kinds of files, other programs, the folder of the test."""


@pytest.fixture
def workspace(tmp_path) -> Path:
    return make_workspace(tmp_path / "w", {"alpha": [2021], "beta": [2021]})


def shnor(workspace: Path, *arguments: str):
    return CliRunner().invoke(main, ["--workspace", str(workspace), *arguments], prog_name="shnor")


def foreign(text: str, known: set[str]) -> set[str]:
    """Latin words of a text that are no option, command, choice, file or number."""
    text = re.sub(r"--?[a-z-]+|\S*[/\\_.]\S*|\[[a-z|]+\]", " ", text)
    return {word.lower() for word in re.findall(r"[A-Za-z]+", text)} - known - OURS


@pytest.mark.parametrize("command", ["", *main.commands])
def test_help_has_no_word_of_another_language(workspace, command):
    answer = shnor(workspace, *filter(None, [command, "--help"]))
    choices = {
        word
        for one in main.commands.values()
        for option in one.params
        if isinstance(option.type, click.Choice)
        for word in option.type.choices
    }
    assert answer.exit_code == 0 and answer.output.startswith("Как вызвать: shnor")
    assert not foreign(answer.output, set(main.commands) | choices | {"params", "data", "reports"})


def test_the_list_of_commands_tells_each_in_a_whole_sentence(workspace):
    told = shnor(workspace, "--help").output.split("Команды:")[1]
    assert "..." not in told and all(name in told for name in main.commands)


@pytest.mark.parametrize(
    "arguments",
    [
        ["rum"],
        ["check", "--hlp"],
        ["check"],
        ["check", "-m"],
        ["check", "-m", "alpha", "-y", "год"],
        ["check", "-m", "alpha", "-y", "2021", "лишнее"],
        ["check", "-m", "nobody", "-y", "2021"],
        ["check", "-m", "alpha", "-y", "1066"],
        ["check", "-m", "alpha", "-y", "2021", "--out", "a.doc"],
        ["identify", "-m", "alpha", "-y", "2021", "--method", "none"],
        ["identify", "-m", "alpha", "-y", "2021", "--scenario", "none"],
        ["compare", "-m", "alpha", "-y", "2021"],
        ["compare", "-m", "alpha", "-y", "2021", "--scenario", "none"],
        ["run", "-j", "0"],
        ["run", "-r", "77"],
        ["run", "--audience", "press"],
        ["open", "-m", "alpha", "-y", "2021"],
        ["pack", "-m", "alpha", "-y", "2021"],
        ["new", "alpha"],
        ["new", "Альфа"],
        ["new"],
        ["year", "alpha", "2021"],
        ["year", "alpha", "9999"],
        ["import", "nofile.xlsx", "-m", "alpha", "-y", "2021"],
        ["import", str(Path(__file__)), "-m", "alpha", "-y", "2021"],
        ["import", str(Path(__file__)), "-m", "alpha", "-y", "2021", "--subject", "magic"],
        ["collect", "nofolder", "-m", "alpha", "-y", "2021"],
        ["template", "out.txt", "-y", "2021"],
        ["status", "-m", "nobody"],
    ],
)
def test_every_refusal_is_russian_with_a_cause_and_a_remedy(workspace, arguments):
    answer = shnor(workspace, *arguments)
    assert answer.exit_code in (1, 2, 3)
    lines = answer.stderr.splitlines()[-2:]
    assert [line.split(":")[0] for line in lines] == ["Ошибка", "Что сделать"]
    known = {
        *main.commands,
        *arguments,
        "alpha",
        "beta",
        "params",
        "methods",
        "scenarios",
        "internal",
        "public",
        "magic",
    }
    known |= {*re.findall("[a-z]+", " ".join(arguments)), "aliases", "m", "y", "nobody", "fioko"}
    if arguments[-1] == "magic":  # the codes of subjects are what is allowed
        lines = lines[:1]
    assert not foreign(" ".join(lines), known), lines


def test_the_lists_and_comparisons_of_the_screen_are_in_words(workspace):
    (workspace / "params" / "scenarios").mkdir(exist_ok=True)
    criterion = next(iter(read_method(workspace, "fioko-2021").criteria))
    strict = f"title: Строже\nshort: Строже\nchanges: [{{path: criteria.{criterion}.threshold, value: 0.01}}]\n"
    (workspace / "params" / "scenarios" / "strict.yml").write_text(strict, encoding="utf-8")
    listed = shnor(workspace, "identify", "-m", "alpha", "-y", "2021").stdout
    assert "В перечне" in listed and not foreign(re.sub(r"\bs0\d", " ", listed), set())
    compared = shnor(workspace, "compare", "-m", "alpha", "-y", "2021", "--scenario", "strict")
    assert compared.exit_code == 0 and "своя методика" in compared.stdout
    assert not foreign(re.sub(r"\bs0\d", " ", compared.stdout), {"strict"})
    (workspace / "params" / "scenarios" / "strict.yml").write_text(strict.replace("0.01", "0.301"), encoding="utf-8")
    compared = shnor(workspace, "compare", "-m", "alpha", "-y", "2021", "--scenario", "strict")
    assert compared.stdout.endswith("\nНикто не входит в перечни и не выходит из них.\n")


def test_the_usual_office_and_year_need_not_be_named(workspace):
    (workspace / ".shnor.yml").write_text("municipality: beta\nyear: 2021\n", encoding="utf-8")
    assert shnor(workspace, "check", "--format", "csv").stdout.count("table_absent") > 5
    assert shnor(workspace, "check", "-m", "alpha").exit_code == 0
    assert shnor(workspace, "status").stdout.count(" 2021 –") == 1 and "beta 2021" in shnor(workspace, "status").stdout
    assert "alpha 2021" in shnor(workspace, "status", "-m", "alpha").stdout
    assert shnor(workspace, "status", "--all").stdout.count(" 2021 –") == 2
    (workspace / ".shnor.yml").write_text("municipality: beta\nyear: 2019\n", encoding="utf-8")
    assert "Год 2019 неизвестен" in shnor(workspace, "run").stderr
    (workspace / ".shnor.yml").write_text("municipality: beta\nyaer: 2021\n", encoding="utf-8")
    answer = shnor(workspace, "check")
    assert answer.exit_code == 4 and ".shnor.yml:2" in answer.stderr and "year" in answer.stderr


def test_a_shell_is_offered_what_is_there(workspace):
    def offered(*typed: str) -> list[str]:
        completion = ShellComplete(main, {}, "shnor", "_SHNOR_COMPLETE")
        words = ["--workspace", str(workspace), *typed]
        return [one.value for one in completion.get_completions(words[:-1], words[-1])]

    assert offered("check", "-m", "a") == ["alpha"] and offered("check", "-m", "") == ["alpha", "beta"]
    assert offered("check", "-y", "") == ["2021"] and "50_identification" in offered("run", "-r", "50")
    assert offered("identify", "--method", "f") == ["fioko-2021"]


def test_the_log_tells_every_command_and_no_person(workspace):
    shnor(workspace, "check", "-m", "alpha", "-y", "2021")
    shnor(workspace, "import", "Петрова Анна Ивановна.xlsx", "-m", "alpha", "-y", "2021")
    shnor(workspace, "check", "--help")
    lines = (workspace / LOG).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3 and "код 0" in lines[0] and lines[0].endswith("check -m alpha -y 2021")
    assert "код 2" in lines[1] and "Петрова" not in lines[1] and lines[2].startswith("    недопустимое значение ФАЙЛ")


def test_a_long_log_begins_anew_and_a_link_is_not_written_through(workspace, tmp_path):
    (workspace / LOG).write_text("x" * (MOST_BYTES + 1), encoding="utf-8")
    shnor(workspace, "check", "-m", "alpha", "-y", "2021")
    assert (workspace / LOG).stat().st_size < 1000 and (workspace / f"{LOG}.1").stat().st_size > MOST_BYTES
    (workspace / LOG).unlink()
    (workspace / LOG).symlink_to(tmp_path / "elsewhere")
    shnor(workspace, "check", "-m", "alpha", "-y", "2021")
    assert not (tmp_path / "elsewhere").exists()
