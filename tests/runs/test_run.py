"""A run makes what is asked for, each report on its own, every file whole, and only what has changed."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from shnor_lib.runs import Outcome, RunRefused, run_reports
from tests.reports.public_tree import tells_of_raw, texts, ways_out
from tests.runs.workspaces import make_workspace, pages, show_schools, unfinished, write_notebook
from tests.shipped import ROOT

FIRST, SECOND = "01_first", "02_second"


@pytest.fixture(scope="module")
def run(warm_server):
    def run(workspace: Path, *reports: str, **options) -> Outcome:
        return run_reports(workspace, reports=reports or (FIRST, SECOND), jobs=2, server=warm_server, **options)

    return run


@pytest.fixture(scope="module")
def made(tmp_path_factory, run):
    """A workspace of two offices whose reports have just been made; tests work on copies."""
    workspace = make_workspace(tmp_path_factory.mktemp("made") / "office", {"alpha": [2021], "beta": [2020, 2021]})
    write_notebook(workspace, FIRST, show_schools("schools_first"))
    write_notebook(workspace, SECOND, show_schools("schools_second"))
    assert run(workspace).exit_code == 0
    return workspace


@pytest.fixture
def workspace(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "office", dirs_exist_ok=True))


def run_document(workspace: Path, municipality: str = "alpha", year: int = 2021, tree: str = "reports") -> dict:
    return json.loads((workspace / tree / municipality / str(year) / "run.json").read_bytes())


def statuses(outcome: Outcome) -> dict[str, dict[str, str]]:
    """Status of every report that was asked for, by office and year."""
    return {
        f"{one.municipality} {one.year}": {
            name: report.status for name, report in one.reports.items() if report.status not in ("not_asked", "waiting")
        }
        for one in outcome.offices
    }


def index_rows(page: Path) -> list[list[str]]:
    soup = BeautifulSoup(page.read_bytes(), "html.parser")
    return [[cell.text.strip() for cell in row(["th", "td"])] for row in soup.tbody("tr")]


def break_schools(workspace: Path, municipality: str, year: int = 2021) -> None:
    path = workspace / "data" / "raw" / municipality / str(year) / "schools.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("СОШ,urban,500", "СОШ,urban,пятьсот"), encoding="utf-8")


# --- what a run leaves -----------------------------------------------------------------------------------------------


def test_everything_promised_is_there(made):
    folder = made / "reports" / "alpha" / "2021"
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert present == {
        "01_first.html",
        "02_second.html",
        "index.html",
        "run.json",
        "tables/schools_first.csv",
        "tables/schools_second.csv",
        "tables/tables.xlsx",
        "tables/datapackage.json",
    }
    assert (made / "reports" / "index.html").exists()
    assert not unfinished(made)


def test_published_tables_have_the_columns_of_the_specification(made):
    folder = made / "data" / "processed" / "alpha" / "2021"
    columns = {
        name: list(pd.read_parquet(folder / f"{name}.parquet")) for name in ("indicators", "verdicts", "identification")
    }
    assert columns == {
        "indicators": ["school_id", "year", "indicator", "value", "numerator", "denominator", "note", "cause", "needs"],
        "verdicts": [
            *("school_id", "category", "criterion", "verdict", "value", "threshold"),
            *("benchmark", "margin", "participants", "reason", "reference", "cause", "needs", "near"),
        ],
        "identification": [
            *("school_id", "category", "identified", "criteria_met"),
            *("criteria_assessed", "criteria_total", "decision", "reason", "cause", "needs", "near"),
        ],
    }


READING = re.findall(r"```\w+\n(.*?)```", (ROOT / "docs" / "runs.md").read_text(encoding="utf-8"), flags=re.DOTALL)
BELOW = [["alpha", 2021, 0.5], ["beta", 2020, 0.5], ["beta", 2021, 0.5]]


def example_of(program: str) -> str:
    """How the guide reads what is kept of all offices with a program."""
    (text,) = (one for one in READING if program in one)
    return text


def read_as_the_guide_says(program: str) -> object:
    names: dict = {}
    exec(example_of(program), names)  # noqa: S102  the guide's own words
    return names["indicators"]


def test_parquet_of_all_offices_reads_as_one_table_partitioned_by_municipality_and_year(made, monkeypatch):
    monkeypatch.chdir(made)
    assert below_minimum(read_as_the_guide_says("pyarrow").query("year == folder_year")) == BELOW


def test_duckdb_reads_it_as_the_guide_says(made, monkeypatch):
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(made)
    assert below_minimum(with_year_of_the_folder(duckdb.sql(example_of("DuckDB")).df())) == BELOW


def test_polars_reads_it_as_the_guide_says(made, monkeypatch):
    pytest.importorskip("polars")
    monkeypatch.chdir(made)
    frame = pd.DataFrame(read_as_the_guide_says("polars").to_dicts())
    frame["municipality"] = [Path(one).parts[-3] for one in frame["filename"]]
    assert below_minimum(with_year_of_the_folder(frame)) == BELOW


def with_year_of_the_folder(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the year of their folder; the others are of the years looked back at."""
    return frame[
        [int(Path(name).parts[-2]) == year for name, year in zip(frame["filename"], frame["year"], strict=True)]
    ]


def below_minimum(frame: pd.DataFrame) -> list[list]:
    """Municipality, year and value of one school's share below the minimum in ОГЭ maths, as every reader must give it."""
    found = frame[frame["indicator"].eq("below_minimum_rate[OGE/maths/9]") & frame["school_id"].eq("s03")]
    return found.sort_values(["municipality", "year"])[["municipality", "year", "value"]].to_numpy().tolist()


def test_run_json_tells_what_the_reports_were_made_from(made):
    document = run_document(made)
    assert [one["file"] for one in document["inputs"]] == [
        "data/raw/alpha/2021/SOURCES.yml",
        "data/raw/alpha/2021/exam_results.csv",
        "data/raw/alpha/2021/schools.csv",
    ]
    assert all(len(one["sha256"]) == 64 for one in document["inputs"] + document["params"])
    assert [one["file"] for one in document["params"]] == ["params/alpha.yml", "params/methods/fioko-2021.yml"]
    assert document["method"]["name"] == "fioko-2021"
    assert {"shnor", "python", "pandas", "library_sha256"} <= set(document["versions"])
    asked = [one for one in document["reports"] if one["report"] in (FIRST, SECOND)]
    assert [(one["status"], one["reason"]) for one in asked] == [("made", "страницы ещё нет")] * 2
    assert all(one["seconds"] > 0 for one in asked)
    assert document["started"] <= document["finished"]


def test_a_report_waits_for_its_tables_and_the_index_names_them(made):
    waiting = {one["report"]: one for one in run_document(made)["reports"]}["40_context_risks"]
    assert waiting["status"] == "waiting" and "staff" in waiting["missing_tables"]
    rows = {row[0]: row[1:] for row in index_rows(made / "reports" / "alpha" / "2021" / "index.html")}
    assert rows[waiting["title"]][0] == "◊ ждёт таблиц"
    assert "Кадры" in rows[waiting["title"]][1]


def test_pages_do_not_depend_on_the_clock_or_on_the_number_of_jobs(workspace, run, warm_server):
    before = pages(workspace)
    shutil.rmtree(workspace / "reports")
    shutil.rmtree(workspace / "data" / "processed")
    time.sleep(1.1)
    run_reports(workspace, reports=[FIRST, SECOND], jobs=1, server=warm_server)
    assert pages(workspace) == before


def test_kernel_engine_gives_the_same_bytes(workspace, run):
    page = workspace / "reports" / "alpha" / "2021" / f"{FIRST}.html"
    warm = page.read_bytes()
    page.unlink()
    outcome = run(workspace, FIRST, municipalities=["alpha"], engine="kernel")
    assert outcome.exit_code == 0 and page.read_bytes() == warm


def test_public_edition_is_a_tree_of_its_own(workspace, run):
    internal = pages(workspace)
    assert run(workspace, municipalities=["alpha"], audience="public").exit_code == 0
    public = workspace / "public"
    assert {path.relative_to(public).as_posix() for path in public.rglob("*") if path.is_file()} == {
        "index.html",
        *(f"alpha/2021/{name}" for name in ("index.html", "run.json", f"{FIRST}.html", f"{SECOND}.html")),
        *(f"alpha/2021/tables/{name}" for name in ("schools_first.csv", "schools_second.csv")),
        *(f"alpha/2021/tables/{name}" for name in ("tables.xlsx", "datapackage.json")),
    }
    assert "Открытая редакция" in (public / "alpha" / "2021" / f"{FIRST}.html").read_text(encoding="utf-8")
    assert not ways_out(public) and not tells_of_raw(public, workspace)
    assert run_document(workspace, tree="public")["audience"] == "public"
    assert "числа менее 5\u00a0человек скрыты" in (public / "alpha" / "2021" / "index.html").read_text(encoding="utf-8")
    changed = {name for name, page in pages(workspace).items() if page != internal[name]}
    assert changed == {"reports/index.html", "reports/alpha/2021/index.html"}  # they lead to it


def ways_to_public(workspace: Path) -> list[str]:
    indexes = ("index.html", "alpha/2021/index.html", "beta/2021/index.html")
    soups = [BeautifulSoup((workspace / "reports" / name).read_bytes(), "html.parser") for name in indexes]
    return [link["href"] for soup in soups for link in soup("a", string="Открытая редакция")]


def test_the_internal_index_leads_to_the_public_edition_while_it_is_there(workspace, run):
    assert ways_to_public(workspace) == []
    run(workspace, municipalities=["alpha"], audience="public")
    assert ways_to_public(workspace) == ["../public/index.html", "../../../public/alpha/2021/index.html"]
    after_public = pages(workspace)
    assert set(statuses(run(workspace))["alpha 2021"].values()) == {"up_to_date"} and pages(workspace) == after_public
    shutil.rmtree(workspace / "public")
    run(workspace)
    assert ways_to_public(workspace) == []


def test_the_public_edition_is_kept_while_nothing_has_changed(workspace, run):
    edition = {"municipalities": ["alpha"], "audience": "public"}
    run(workspace, **edition)
    index = workspace / "public" / "index.html"
    before = index.stat().st_mtime_ns
    assert set(statuses(run(workspace, **edition))["alpha 2021"].values()) == {"up_to_date"}
    path = workspace / "data" / "raw" / "alpha" / "2021" / "exam_results.csv"
    path.write_text(path.read_text().replace("s03,OGE,maths,9,10,5,3,2,0", "s03,OGE,maths,9,10,4,4,2,0"))
    assert index.stat().st_mtime_ns == before
    assert set(statuses(run(workspace, **edition))["alpha 2021"].values()) == {"made"}


def test_a_failed_public_edition_quotes_no_cell(workspace, run):
    run(workspace, municipalities=["alpha"], audience="public")
    break_schools(workspace, "alpha")
    assert run(workspace, municipalities=["alpha"], audience="public").exit_code == 3
    public = workspace / "public" / "alpha" / "2021"
    assert "Отчёты не созданы" in (public / "index.html").read_text(encoding="utf-8")
    assert not [path for path in (workspace / "public").rglob("*.*") if "пятьсот" in texts(path)]


def test_a_public_edition_inside_the_internal_one_is_removed(workspace, run):
    folder = workspace / "reports" / "alpha" / "2021" / "public"
    for name, document in (("alpha", '{"audience": "public"}'), ("beta", "{}")):
        earlier = workspace / "reports" / name / "2021" / "public"
        earlier.mkdir()
        (earlier / "run.json").write_text(document)
    run(workspace)
    assert not folder.exists() and earlier.exists()  # a folder that no run has made stays


# --- only what has changed -------------------------------------------------------------------------------------------


def test_unchanged_second_run_makes_nothing_and_loads_nothing(workspace):
    files = [path for path in (workspace / "reports").rglob("*") if path.is_file() and path.name != "run.json"]
    times = {path: path.stat().st_mtime_ns for path in files}
    code = (
        "import sys; from shnor_lib.runs import run_reports; "
        f"outcome = run_reports({str(workspace)!r}, reports=[{FIRST!r}, {SECOND!r}]); "
        "print(outcome.exit_code, sorted({'pandas', 'numpy', 'papermill', 'pydantic', 'jinja2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0 []\n"
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert {one["status"] for one in run_document(workspace)["reports"]} == {"up_to_date", "waiting", "not_asked"}


def test_content_counts_and_not_time(workspace, run):
    for path in (workspace / "data" / "raw").rglob("*.csv"):
        os.utime(path, (0, 0))
    assert statuses(run(workspace))["alpha 2021"] == {FIRST: "up_to_date", SECOND: "up_to_date"}


def test_changed_data_redo_their_office_and_the_years_that_look_back_at_them(workspace, run):
    path = workspace / "data" / "raw" / "beta" / "2020" / "exam_results.csv"
    path.write_text(path.read_text().replace("s03,OGE,maths,9,10,5,3,2,0", "s03,OGE,maths,9,10,4,4,2,0"))
    outcome = run(workspace)
    assert statuses(outcome) == {
        "alpha 2021": {FIRST: "up_to_date", SECOND: "up_to_date"},
        "beta 2020": {FIRST: "made", SECOND: "made"},
        "beta 2021": {FIRST: "made", SECOND: "made"},
    }
    document = run_document(workspace, "beta", 2020)
    assert document["preparation"]["reason"] == "изменились данные: data/raw/beta/2020/exam_results.csv"
    assert {one["reason"] for one in document["reports"] if one["status"] == "made"} == {"изменились данные"}


def test_a_changed_profile_redoes_its_office_only(workspace, run):
    with (workspace / "params" / "beta.yml").open("a", encoding="utf-8") as profile:
        profile.write("short_title: Бета\n")
    outcome = run(workspace)
    assert statuses(outcome)["alpha 2021"] == {FIRST: "up_to_date", SECOND: "up_to_date"}
    assert statuses(outcome)["beta 2021"] == {FIRST: "made", SECOND: "made"}
    assert run_document(workspace, "beta")["preparation"]["reason"] == "изменились параметры: params/beta.yml"


def test_a_changed_notebook_redoes_its_report_only(workspace, run):
    write_notebook(workspace, SECOND, show_schools("schools_second"), show_schools("added"))
    outcome = run(workspace, municipalities=["alpha"])
    assert statuses(outcome) == {"alpha 2021": {FIRST: "up_to_date", SECOND: "made"}}
    assert outcome.offices[0].reports[SECOND].reason == "изменился блокнот"
    tables = {path.name for path in (workspace / "reports" / "alpha" / "2021" / "tables").iterdir()}
    assert {"schools_first.csv", "schools_second.csv", "added.csv"} <= tables


def test_one_report_keeps_the_tables_of_the_others_and_says_that_they_are_older(workspace, run):
    path = workspace / "data" / "raw" / "alpha" / "2021" / "schools.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("500,20", "510,20"), encoding="utf-8")
    outcome = run(workspace, FIRST, municipalities=["alpha"])
    assert statuses(outcome) == {"alpha 2021": {FIRST: "made", SECOND: "outdated"}}
    folder = workspace / "reports" / "alpha" / "2021"
    assert "510" in (folder / "tables" / "schools_first.csv").read_text(encoding="utf-8-sig")
    assert "500" in (folder / "tables" / "schools_second.csv").read_text(encoding="utf-8-sig")
    assert "△ прежний: данные, правила или программа с тех пор изменились" in [
        row[1] for row in index_rows(folder / "index.html")
    ]


@pytest.mark.parametrize("how", ["deleted", "edited"])
def test_a_page_that_is_not_what_was_made_is_made_again(workspace, run, how):
    page = workspace / "reports" / "alpha" / "2021" / f"{FIRST}.html"
    original = page.read_bytes()
    if how == "deleted":
        page.unlink()
    else:
        page.write_bytes(original + b"<!-- -->")
    assert statuses(run(workspace, municipalities=["alpha"])) == {"alpha 2021": {FIRST: "made", SECOND: "up_to_date"}}
    assert page.read_bytes() == original


@pytest.mark.parametrize("name", ["index.html", "tables/tables.xlsx", "tables/schools_first.csv", "run.json"])
def test_a_missing_file_beside_the_pages_is_written_again(workspace, run, name):
    path = workspace / "reports" / "alpha" / "2021" / name
    path.unlink()
    assert statuses(run(workspace, municipalities=["alpha"])) == {
        "alpha 2021": {FIRST: "up_to_date", SECOND: "up_to_date"}
    }
    assert path.exists()


def test_missing_index_of_all_offices_is_written_again(workspace, run):
    index = workspace / "reports" / "index.html"
    before = index.read_bytes()
    index.unlink()
    run(workspace, municipalities=["alpha"])
    assert index.read_bytes() == before


def test_force_redoes_everything_to_the_same_bytes(workspace, run):
    before = pages(workspace)
    outcome = run(workspace, municipalities=["alpha"], force=True)
    assert statuses(outcome) == {"alpha 2021": {FIRST: "made", SECOND: "made"}}
    assert outcome.offices[0].reports[FIRST].reason == "велено сделать заново (--force)"
    assert pages(workspace) == before


def test_a_report_whose_tables_are_gone_leaves_with_its_page(workspace, run):
    write_notebook(workspace, "20_results", show_schools("results"))
    page = workspace / "reports" / "alpha" / "2021" / "20_results.html"
    assert run(workspace, "20_results", municipalities=["alpha"]).exit_code == 0 and page.exists()
    (workspace / "data" / "raw" / "alpha" / "2021" / "exam_results.csv").unlink()
    outcome = run(workspace, "20_results", municipalities=["alpha"])
    assert outcome.exit_code == 0 and outcome.offices[0].reports["20_results"].status == "waiting"
    assert not page.exists() and not (page.parent / "tables" / "results.csv").exists()


# --- what goes wrong harms itself only -------------------------------------------------------------------------------

BROKEN = {
    "failed": "pupils = {}\npupils['седьмой']",
    "died": "import os\nos._exit(7)",
    "timeout": "while True:\n    pass",
    "disk_full": (
        "import errno\nimport os\ndef full(descriptor):\n"
        "    raise OSError(errno.ENOSPC, 'No space left on device')\nos.fsync = full"
    ),
    "locked": (
        "import os\ndef held(source, target, real=os.replace):\n    if str(target).endswith('.html'):\n"
        "        raise PermissionError(13, 'Permission denied')\n    return real(source, target)\nos.replace = held"
    ),
}


@pytest.mark.parametrize("status", BROKEN)
def test_a_report_that_fails_fails_alone_under_its_own_name(workspace, run, status):
    before = pages(workspace)
    write_notebook(workspace, SECOND, BROKEN[status])
    write_notebook(workspace, FIRST, show_schools("schools_first"), show_schools("more"))
    outcome = run(workspace, municipalities=["alpha"], time_limit=4)
    assert outcome.exit_code == 1
    assert statuses(outcome) == {"alpha 2021": {FIRST: "made", SECOND: status}}
    report = {one["report"]: one for one in run_document(workspace)["reports"]}[SECOND]
    assert report["status"] == status and report["reason"]
    assert report["cell"] == (5 if status in ("failed", "died", "timeout") else None)  # after the injected parameters
    page = f"reports/alpha/2021/{SECOND}.html"
    assert pages(workspace)[page] == before[page], "the page of the earlier run stays"
    assert "▲ прежний: новый не получился" in [
        row[1] for row in index_rows(workspace / "reports" / "alpha" / "2021" / "index.html")
    ]
    assert not unfinished(workspace)


def test_a_failed_report_without_an_earlier_page_is_an_error_in_the_index(workspace, run):
    write_notebook(workspace, "03_third", BROKEN["failed"])
    run(workspace, "03_third", municipalities=["alpha"])
    rows = {row[0]: row[1:] for row in index_rows(workspace / "reports" / "alpha" / "2021" / "index.html")}
    assert rows["Отчёт 03_third"][0] == "▼ ошибка"
    assert "KeyError: 'седьмой'" in rows["Отчёт 03_third"][1]


def test_a_failed_report_is_tried_again(workspace, run):
    write_notebook(workspace, SECOND, BROKEN["failed"])
    run(workspace, municipalities=["alpha"])
    assert statuses(run(workspace, municipalities=["alpha"]))["alpha 2021"] == {FIRST: "up_to_date", SECOND: "failed"}


@pytest.mark.parametrize(
    ("parameters", "said"),
    [("municipality = 'demo'\nyear = 2021", "audience"), ("municipality: str = (", "не читается")],
)
def test_parameters_that_papermill_would_lose_are_refused(workspace, run, parameters, said):
    write_notebook(workspace, SECOND, parameters=parameters)
    outcome = run(workspace, municipalities=["alpha"])
    assert statuses(outcome)["alpha 2021"] == {FIRST: "up_to_date", SECOND: "failed"}
    assert said in outcome.offices[0].reports[SECOND].reason


def test_one_name_for_two_tables_is_told_and_earlier_files_stay(workspace, run):
    csv = workspace / "reports" / "alpha" / "2021" / "tables" / "schools_first.csv"
    before = csv.read_bytes()
    other = "Table(office.schools, 'schools_first', 'Школы', {'name': 'Школа'})"
    write_notebook(workspace, SECOND, other)
    outcome = run(workspace, municipalities=["alpha"])
    assert outcome.exit_code == 1
    assert "schools_first" in outcome.offices[0].unwritten["reason"]
    assert csv.read_bytes() == before
    write_notebook(workspace, SECOND, show_schools("schools_second"))
    assert run(workspace, municipalities=["alpha"]).exit_code == 0


def test_invalid_data_stop_their_office_only_and_touch_no_report(workspace, run):
    before = pages(workspace)
    break_schools(workspace, "alpha")
    outcome = run(workspace)
    assert outcome.exit_code == 1, "the reports of the other office are there"
    assert statuses(outcome)["alpha 2021"][FIRST] == "data_invalid"
    assert statuses(outcome)["beta 2021"] == {FIRST: "up_to_date", SECOND: "up_to_date"}
    after = pages(workspace)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"reports/index.html", "reports/alpha/2021/index.html"} and set(before) == set(after)
    assert "пятьсот" in after["reports/alpha/2021/index.html"].decode()
    assert "ошибка" in next(row[2] for row in index_rows(workspace / "reports" / "index.html") if "alpha" in row[0])
    (problem,) = run_document(workspace)["problems"]
    assert (problem["cell"], problem["value"]) == ("F2", "пятьсот")


def test_invalid_data_of_the_only_office_asked_for_is_exit_3(workspace, run):
    break_schools(workspace, "alpha")
    assert run(workspace, municipalities=["alpha"]).exit_code == 3


def test_a_deleted_file_of_one_office_makes_only_that_office_fail(tmp_path, run):
    workspace = make_workspace(tmp_path, {"alpha": [2021], "beta": [2021]})
    write_notebook(workspace, FIRST, show_schools("schools_first"))
    shutil.rmtree(workspace / "data" / "raw" / "alpha")
    outcome = run(workspace, FIRST)
    assert outcome.exit_code == 1
    assert statuses(outcome) == {"alpha 2021": statuses(outcome)["alpha 2021"], "beta 2021": {FIRST: "made"}}
    assert set(statuses(outcome)["alpha 2021"].values()) == {"data_invalid"}
    assert [path.name for path in (workspace / "reports" / "alpha" / "2021").glob("*.html")] == ["index.html"]


def test_invalid_parameters_are_exit_4_and_touch_no_report(workspace, run):
    before = pages(workspace)
    with (workspace / "params" / "alpha.yml").open("a", encoding="utf-8") as profile:
        profile.write("metod: fioko-2021\n")
    outcome = run(workspace, municipalities=["alpha"])
    assert outcome.exit_code == 4
    assert "params/alpha.yml:7: неизвестный ключ «metod»" in outcome.offices[0].reason
    name = f"reports/alpha/2021/{FIRST}.html"
    assert pages(workspace)[name] == before[name]
    assert run(workspace).exit_code == 1, "with the other office there"


def test_a_method_that_cannot_be_used_is_exit_4(workspace, run):
    (workspace / "params" / "methods" / "fioko-2021.yml").write_text("title: [\n", encoding="utf-8")
    outcome = run(workspace, municipalities=["alpha"])
    assert outcome.exit_code == 4 and "params/methods/fioko-2021.yml:" in outcome.offices[0].reason


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"municipalities": ["alfa"]}, "alpha"),
        ({"municipalities": ["alpha"], "years": [2012]}, "2021"),
        ({"reports": ["01_frist"]}, FIRST),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(workspace, options, said):
    with pytest.raises(RunRefused) as refused:
        run_reports(workspace, **options)
    assert said in refused.value.remedy


def test_two_runs_at_once_on_one_workspace_are_refused(workspace, run):
    write_notebook(workspace, SECOND, "import time\ntime.sleep(60)")
    code = f"from shnor_lib.runs import run_reports; run_reports({str(workspace)!r}, reports=[{SECOND!r}])"
    other = subprocess.Popen([sys.executable, "-c", code])
    try:
        holder = workspace / "data" / "processed" / ".run.json"
        wait_until(lambda: holder.exists() and str(other.pid) in holder.read_text())
        with pytest.raises(RunRefused, match=f"уже идёт другой запуск \\(процесс {other.pid}"):
            run(workspace)
    finally:
        other.kill()
        other.wait()
    write_notebook(workspace, SECOND, show_schools("schools_second"))
    assert run(workspace).exit_code == 0, "the lock ends with its run"


def test_a_killed_run_leaves_earlier_pages_and_is_continued(tmp_path, run):
    workspace = make_workspace(tmp_path, {"alpha": [2021]})
    write_notebook(workspace, FIRST, show_schools("schools_first"))
    write_notebook(workspace, SECOND, "import time\ntime.sleep(60)")
    code = f"from shnor_lib.runs import run_reports; run_reports({str(workspace)!r}, reports=[{FIRST!r}, {SECOND!r}])"
    killed = subprocess.Popen([sys.executable, "-c", code])
    record = workspace / "data" / "processed" / "alpha" / "2021" / "made" / "internal" / f"{FIRST}.json"
    wait_until(record.exists)
    killed.kill()
    killed.wait()
    half_written = workspace / "reports" / "alpha" / "2021" / ".shnor-0123.part"
    half_written.write_bytes(b"<html>")
    write_notebook(workspace, SECOND, show_schools("schools_second"))
    outcome = run(workspace)
    assert statuses(outcome) == {"alpha 2021": {FIRST: "up_to_date", SECOND: "made"}}
    assert not half_written.exists()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent another way on Windows")
def test_an_interrupted_run_says_what_was_cancelled(tmp_path):
    workspace = make_workspace(tmp_path, {"alpha": [2021]})
    write_notebook(workspace, FIRST, show_schools("schools_first"))
    write_notebook(workspace, SECOND, "import time\ntime.sleep(60)")
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # background jobs of a shell ignore it
    program = f"{heard}; from shnor_lib.cli import main; main()"
    command = [sys.executable, "-c", program, "--workspace", str(workspace), "run"]
    interrupted = subprocess.Popen(
        [*command, "-r", FIRST, "-r", SECOND],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    record = workspace / "data" / "processed" / "alpha" / "2021" / "made" / "internal" / f"{FIRST}.json"
    wait_until(record.exists)
    time.sleep(0.5)
    interrupted.send_signal(signal.SIGINT)
    _, errors = interrupted.communicate(timeout=30)
    assert interrupted.returncode == 1 and "запуск прерван" in errors and "Traceback" not in errors
    reports = {one["report"]: one["status"] for one in run_document(workspace)["reports"]}
    assert (reports[FIRST], reports[SECOND]) == ("made", "cancelled")


def wait_until(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
