"""The command line: exit codes, one line of cause and one of remedy, and nothing on stdout but what was asked for."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from shnor_lib.cli import main
from tests.runs.workspaces import make_workspace, show_schools, write_notebook


@pytest.fixture(scope="module")
def workspace(tmp_path_factory, warm_runs):
    workspace = make_workspace(tmp_path_factory.mktemp("office") / "w", {"alpha": [2020, 2021], "beta": [2021]})
    broken = workspace / "data" / "raw" / "beta" / "2021" / "schools.csv"
    broken.write_text(broken.read_text(encoding="utf-8").replace("500,20", "пятьсот,20"), encoding="utf-8")
    write_notebook(workspace, "01_first", show_schools("schools_first"))
    return workspace


@pytest.fixture
def shnor(workspace):
    def shnor(*arguments: str, within: Path = workspace):
        return CliRunner().invoke(main, ["--workspace", str(within), *arguments])

    return shnor


def run_in_process(workspace: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", "from shnor_lib.cli import main; main()", "--workspace", str(workspace)]
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)


def cause_and_remedy(errors: str) -> list[str]:
    lines = errors.splitlines()
    assert [line.split(":")[0] for line in lines[-2:]] == ["Ошибка", "Что сделать"]
    assert "Traceback" not in errors
    return lines[-2:]


# --- usage -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum"], "нет команды «rum»; возможно, имелось в виду «run»"),
        (["run", "--forse"], "нет параметра --forse; возможно, имелось в виду «--force»"),
        (["run", "-j", "0"], "нужно целое число от 1 до 256"),
        (["run", "--audience", "all"], "«all»; нужно одно из: internal, public"),
        (["import", r"C:\Выгрузки\*.xlsx"], r"ФАЙЛ «C:\Выгрузки\*.xlsx»; нужен файл, который есть"),
        (["collect", "it's not"], "ПАПКА «it's not»; нужна папка, которая есть"),
        (["run", "-m"], "параметр -m требует значения"),
        (["identify", "-m", "alpha"], "не указан '-y' / '--year'"),
        (["run", "-m", "alfa"], "Муниципалитет «alfa» не найден"),
        (["run", "-m", "../alpha"], "допустимы строчные латинские буквы"),
        (["run", "-m", "alpha", "-y", "2012"], "Год 2012 неизвестен"),
        (["run", "-r", "01_frist"], "Отчёт «01_frist» неизвестен"),
        (["run", "--cluster", "tcp://127.0.0.1:9"], "не отвечает"),
        (["check", "-m", "alpha", "-y", "2012"], "Год 2012 неизвестен"),
        (["identify", "-m", "alfa", "-y", "2021"], "Муниципалитет «alfa» не найден"),
        (["identify", "-m", "alpha", "-y", "2021", "--method", "fioko"], "метод «fioko» не найден"),
        (["identify", "-m", "alpha", "-y", "2021", "--scenario", "none"], "сценарий «none» не найден"),
        (["compare", "-m", "alpha", "-y", "2012", "--scenario", "x"], "Год 2012 неизвестен"),
        (["new", "alpha"], "«alpha» уже есть"),
    ],
)
def test_what_is_not_understood_is_exit_2(shnor, arguments, said, monkeypatch):
    monkeypatch.setattr("shnor_lib.runs.cluster.CONNECT_SECONDS", 1)
    result = shnor(*arguments)
    assert result.exit_code == 2 and result.stdout == ""
    assert said in cause_and_remedy(result.stderr)[0]


def test_a_folder_that_is_no_workspace_is_exit_2(shnor, tmp_path):
    result = shnor("run", within=tmp_path)
    assert result.exit_code == 2 and "не рабочая папка" in cause_and_remedy(result.stderr)[0]


def test_no_command_shows_the_help(shnor):
    result = shnor()
    assert result.exit_code == 2 and "identify" in result.stderr


@pytest.mark.parametrize("command", ["run", "check", "identify", "compare", "new"])
def test_help_of_every_command_is_russian(shnor, command):
    result = shnor(command, "--help")
    assert result.exit_code == 0
    text = " ".join(result.output.split())
    described = [option.help for option in main.commands[command].params if not isinstance(option, click.Argument)]
    for words in (main.commands[command].help, *described):
        assert re.search("[а-яё]", words) and words[-1] == "."
    assert " ".join(main.commands[command].help.split()[:3]) in text


@pytest.mark.parametrize("module", ["shnor_lib", "shnor_lib.cli"])
def test_the_package_is_the_command(module):
    done = subprocess.run([sys.executable, "-m", module, "rum"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "нет команды «rum»" in done.stderr


HEAVY = {"matplotlib", "nbconvert", "papermill", "scipy", "seaborn", "SALib", "distributed", "xlsxwriter"}


@pytest.mark.parametrize(
    ("arguments", "needless"),
    [(["--help"], {"numpy", "pandas"} | HEAVY), (["check", "-m", "alpha", "-y", "2021"], HEAVY)],
)
def test_a_command_loads_only_what_it_needs(workspace, arguments, needless):
    code = (
        "import sys; from click.testing import CliRunner; from shnor_lib.cli import main; "
        "assert CliRunner().invoke(main, sys.argv[1:]).exit_code == 0; print(*sys.modules)"
    )
    command = [sys.executable, "-c", code, "--workspace", str(workspace), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not needless & {name.split(".")[0] for name in done.stdout.split()}


# --- data and parameters ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["identify"], ["check", "--format", "json"]])
def test_invalid_data_are_exit_3_with_the_place(shnor, command):
    result = shnor(*command, "-m", "beta", "-y", "2021")
    assert result.exit_code == 3
    cause_and_remedy(result.stderr)
    told = result.stderr if command == ["identify"] else result.stdout
    assert "data/raw/beta/2021/schools.csv" in told and "F2" in told and "пятьсот" in told


def test_check_tells_every_problem_in_every_format(shnor):
    records = json.loads(shnor("check", "-m", "beta", "-y", "2021", "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(shnor("check", "-m", "beta", "-y", "2021", "--format", "csv").stdout)))
    assert [row["problem"] for row in rows] == [record["problem"] for record in records]
    (error,) = [record for record in records if record["severity"] == "error"]
    assert (error["file"], error["cell"], error["value"]) == ("data/raw/beta/2021/schools.csv", "F2", "пятьсот")
    assert error["allowed"] and error["remedy"]


def test_sound_data_are_exit_0(shnor):
    assert shnor("check", "-m", "alpha", "-y", "2021").exit_code == 0


def test_wrong_parameters_are_exit_4_with_file_and_line(tmp_path, shnor):
    workspace = make_workspace(tmp_path, {"alpha": [2021]})
    with (workspace / "params" / "alpha.yml").open("a", encoding="utf-8") as profile:
        profile.write("metod: x\n")
    for command in (["identify", "-m", "alpha", "-y", "2021"], ["run", "-m", "alpha"]):
        result = shnor(*command, within=workspace)
        assert result.exit_code == 4
        assert "params/alpha.yml:7: неизвестный ключ «metod»" in cause_and_remedy(result.stderr)[0]


def test_a_traceback_is_shown_only_with_debug(workspace):
    result = run_in_process(workspace, "identify", "-m", "beta", "-y", "2021")
    assert result.returncode == 3 and "Traceback" not in result.stderr
    command = [sys.executable, "-c", "from shnor_lib.cli import main; main()", "--workspace", str(workspace), "--debug"]
    debug = subprocess.run(
        [*command, "identify", "-m", "beta", "-y", "2021"], capture_output=True, text=True, check=False
    )
    assert "Traceback" in debug.stderr and "DataInvalid" in debug.stderr


# --- identify --------------------------------------------------------------------------------------------------------


def test_identify_as_csv_prints_exactly_the_columns_of_the_table(shnor):
    rows = list(csv.reader(io.StringIO(shnor("identify", "-m", "alpha", "-y", "2021", "--format", "csv").stdout)))
    assert rows[0] == [
        *("school_id", "category", "identified", "criteria_met", "criteria_assessed", "criteria_total"),
        *("decision", "reason", "cause", "needs", "near"),
    ]
    assert [row[0] for row in rows[1:]] == ["s01", "s02", "s03"]


def test_identify_as_json_adds_the_verdicts_of_each_school(shnor):
    document = json.loads(shnor("identify", "-m", "alpha", "-y", "2021", "--format", "json").stdout)
    assert (document["municipality"], document["year"], document["method"]) == ("alpha", 2021, "fioko-2021")
    for school in document["schools"]:
        assert school["identification"][0]["identified"] in ("yes", "no", "insufficient_data")
        assert all(verdict["verdict"] in ("met", "not_met", "not_assessed") for verdict in school["verdicts"])


# --- a region --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def of_region(tmp_path_factory):
    workspace = make_workspace(
        tmp_path_factory.mktemp("region") / "w", {"alpha": [2021], "beta": [2021], "late": [2020]}
    )
    regions = workspace / "params" / "regions"
    regions.mkdir()
    for name, offices in (("both", "[alpha, beta]"), ("wide", "[alpha, late]")):
        profile = f"kind: region\ntitle: Область {name}\nmunicipalities: {offices}\nyears: [2021]\nfictional: true\n"
        (regions / f"{name}.yml").write_text(profile, encoding="utf-8")

    def shnor(*arguments: str):
        return CliRunner().invoke(main, ["--workspace", str(workspace), *arguments])

    return shnor


def test_identify_and_check_answer_for_every_office_of_a_region(of_region):
    for command in ("identify", "check"):
        alone = [of_region(command, "-m", name, "-y", "2021", "--format", "csv").stdout for name in ("alpha", "beta")]
        result = of_region(command, "-m", "both", "-y", "2021", "--format", "csv")
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        for name, text in zip(("alpha", "beta"), alone, strict=True):
            own = [row for row in rows if row["municipality"] == name]
            assert own == [{"municipality": name} | row for row in csv.DictReader(io.StringIO(text))]
        assert result.exit_code == 0 and next(iter(rows[0])) == "municipality"
    document = json.loads(of_region("identify", "-m", "both", "-y", "2021", "--format", "json").stdout)
    assert document["region"] == "both" and [one["municipality"] for one in document["offices"]] == ["alpha", "beta"]


def test_an_office_of_a_region_without_data_is_named_and_the_others_answer(of_region):
    listed = of_region("identify", "-m", "wide", "-y", "2021", "--format", "csv")
    assert listed.exit_code == 1 and "alpha,s01" in listed.stdout
    assert "late – нет данных за год" in cause_and_remedy(listed.stderr)[0]
    checked = of_region("check", "-m", "wide", "-y", "2021", "--format", "csv")
    assert checked.exit_code == 3 and "late 2021: ошибок – 1" in cause_and_remedy(checked.stderr)[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["identify", "-m", "both", "-y", "2012"], "Год 2012 неизвестен"),
        (["identify", "-m", "bath", "-y", "2021"], "«bath» не найден"),
        (["identify", "-m", "both", "-y", "2021", "--method", "fioko"], "метод «fioko» не найден"),
        (["identify", "-m", "both", "-y", "2021", "--scenario", "none"], "сценарий «none» не найден"),
        (["compare", "-m", "both", "-y", "2021", "--scenario", "x"], "«both» – регион, а нужен муниципалитет"),
    ],
)
def test_what_is_wrong_with_a_question_about_a_region_is_exit_2(of_region, arguments, said):
    result = of_region(*arguments)
    assert result.exit_code == 2 and result.stdout == "" and said in cause_and_remedy(result.stderr)[0]


# --- run and new -----------------------------------------------------------------------------------------------------


def test_run_says_a_line_for_each_report_and_what_failed_on_stderr(workspace):
    result = run_in_process(workspace, "run", "-r", "01_first", "-j", "2")
    assert result.returncode == 1
    lines = result.stdout.splitlines()
    assert [line for line in lines if re.match(r"\[[12] из 2\] alpha 2021 01_first: готов, ", line)]
    assert lines[-1] == "Открыть: reports/index.html"
    assert [line for line in lines if line.startswith("beta 2021 данные: ошибка в данных")]
    assert "data/raw/beta/2021/schools.csv · F2" in result.stderr
    assert "beta 2021: ошибка в данных" in cause_and_remedy(result.stderr)[0]
    again = run_in_process(workspace, "run", "-m", "alpha", "-r", "01_first")
    assert (again.returncode, again.stdout, again.stderr) == (
        0,
        "Отчёты – не изменились: 2\nОткрыть: reports/index.html\n",
        "",
    )


def test_the_environment_may_name_the_workspace(workspace):
    command = [sys.executable, "-c", "from shnor_lib.cli import main; main()", "check", "-m", "alpha", "-y", "2021"]
    environment = os.environ | {"SHNOR_WORKSPACE": str(workspace)}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, cwd="/", check=False)
    assert result.returncode == 0, result.stderr


def test_new_prints_the_files_to_fill(shnor, tmp_path):
    (tmp_path / "params" / "methods").mkdir(parents=True)
    (tmp_path / "params" / "methods" / "own.yml").write_text("title: Своя\n", encoding="utf-8")
    (tmp_path / "data").mkdir()
    result = shnor("new", "novy", "--title", "Новый", "-y", "2022", within=tmp_path)
    told = "Дальше: впишите в params/novy.yml регион, документ и методику, затем shnor template -m novy -y 2022 книга.xlsx\n"
    assert (result.exit_code, result.stdout) == (0, "params/novy.yml\ndata/raw/novy/2022/SOURCES.yml\n" + told)
