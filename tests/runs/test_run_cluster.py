"""The same run on a Dask cluster: scheduler and workers are processes of their own, and some of them die."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path

import dask
import pytest
import yaml

distributed = pytest.importorskip("distributed", reason="the extra «cluster» is not installed: no cluster was tried")
from distributed.comm import CommClosedError

from shnor_lib.cli.reports import explain_failures
from shnor_lib.office.fingerprint import library_digest
from shnor_lib.runs import RunRefused, run_reports
from shnor_lib.runs.cluster import OtherVersion, look_around, run_on_worker, trouble_of
from shnor_lib.runs.pools import outcome_of
from tests.runs.workspaces import REPOSITORY, make_workspace, pages, show_schools, unfinished, write_notebook

REPORTS = ["01_first", "02_second", "03_third"]
SLOW = "import time\ntime.sleep(0.5)"


class Cluster:
    """A scheduler and its workers on this machine, with an environment of their own."""

    def __init__(self, folder: Path, **environment: str):
        self._folder, self._environment = folder, environment
        self._file = folder / "scheduler.json"
        self._processes: list[subprocess.Popen] = []
        self._start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        deadline = time.monotonic() + 60
        while not self._written() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.address = json.loads(self._file.read_text())["address"]

    def _written(self) -> bool:
        """Whether the scheduler has said where it is: the file is there before its last line is."""
        return self._file.exists() and self._file.read_text().rstrip().endswith("}")

    def add_worker(self, **environment: str) -> subprocess.Popen:
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard"]
        return self._start("distributed.cli.dask_worker", *options, **environment)

    def _start(self, module: str, *options: str, **environment: str) -> subprocess.Popen:
        command = [sys.executable, "-m", module, "--scheduler-file", str(self._file), *options]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, cwd=self._folder, env=os.environ | self._environment | environment, **quiet)
        self._processes.append(process)
        return process

    def wait_for_worker(self) -> None:
        """Until the scheduler knows one: to be started takes a worker longer than a run waits, on a busy machine."""
        with distributed.Client(self.address, set_as_default=False, timeout=60) as client:
            client.wait_for_workers(1, timeout=60)

    def stop(self) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait()

    def stop_scheduler(self) -> None:
        self._processes[0].kill()
        self._processes[0].wait()


@pytest.fixture
def cluster(tmp_path):
    """A scheduler without workers."""
    cluster = Cluster(tmp_path)
    yield cluster
    cluster.stop()


@pytest.fixture
def patient(monkeypatch):
    """A worker that is just being started may take its time on a busy machine."""
    monkeypatch.setattr("shnor_lib.runs.cluster.CONNECT_SECONDS", 60)


@pytest.fixture(scope="module")
def staffed(tmp_path_factory):
    """A scheduler with one worker, that loads what reports need once for all tests."""
    cluster = Cluster(tmp_path_factory.mktemp("staffed"))
    cluster.add_worker()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def original(tmp_path_factory, warm_server):
    """A workspace and its pages as a run on this machine makes them."""
    workspace = make_workspace(tmp_path_factory.mktemp("office"), {"alpha": [2021], "beta": [2021]})
    for report in REPORTS:
        write_notebook(workspace, report, show_schools(f"table_{report}"), SLOW)
    assert run_reports(workspace, reports=REPORTS, jobs=2, server=warm_server).exit_code == 0
    made = pages(workspace)
    shutil.rmtree(workspace / "reports")
    shutil.rmtree(workspace / "data" / "processed")
    return workspace, made


@pytest.fixture
def workspace(original, tmp_path):
    return Path(shutil.copytree(original[0], tmp_path / "copy"))


def made_reports(workspace: Path) -> list[Path]:
    return list((workspace / "data" / "processed").glob("*/2021/made/internal/0*_*.json"))


def when(condition, action) -> threading.Thread:
    def wait_and_act():
        deadline = time.monotonic() + 120
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.05)
        action()

    thread = threading.Thread(target=wait_and_act, daemon=True)
    thread.start()
    return thread


def test_B8_pages_are_those_of_a_local_run_although_a_worker_is_killed_in_the_middle(staffed, workspace, original):
    doomed = staffed.add_worker()
    killing = when(lambda: len(made_reports(workspace)) >= 2, doomed.kill)
    outcome = run_reports(workspace, reports=REPORTS, cluster=staffed.address)
    killing.join()
    assert doomed.poll() is not None and outcome.exit_code == 0
    assert pages(workspace) == original[1]
    assert not unfinished(workspace)


def test_a_report_that_always_kills_its_process_is_recorded_once_and_stops_nobody(staffed, workspace):
    log = workspace / "attempts"
    write_notebook(workspace, "02_second", f"open({str(log)!r}, 'a').write('x')\nimport os\nos._exit(9)")
    outcome = run_reports(workspace, municipalities=["alpha"], reports=REPORTS, cluster=staffed.address)
    assert outcome.exit_code == 1
    assert {name: outcome.offices[0].reports[name].status for name in REPORTS} == {
        "01_first": "made",
        "02_second": "died",
        "03_third": "made",
    }
    assert log.read_text() == "x"


@pytest.mark.parametrize(
    ("instant", "meanwhile"),
    [
        ("wait_for_workers", "ждали рабочие узлы"),
        ("nthreads", "считали рабочие узлы"),
        ("run", "рабочие узлы искали рабочую папку"),
    ],
)
def test_a_scheduler_that_dies_before_there_is_work_refuses_the_run(
    cluster, workspace, monkeypatch, instant, meanwhile
):
    asked = getattr(distributed.Client, instant)

    def asked_of_a_dead_one(client, *arguments, **options):
        cluster.stop_scheduler()
        return asked(client, *arguments, **options)

    cluster.add_worker()
    cluster.wait_for_worker()
    monkeypatch.setattr(distributed.Client, instant, asked_of_a_dead_one)
    with pytest.raises(RunRefused) as refused:
        run_reports(workspace, cluster=cluster.address)
    assert refused.value.cause == f"Планировщик Dask «{cluster.address}» пропал, пока {meanwhile}."
    assert not (workspace / "reports").exists() and not unfinished(workspace)


def test_a_scheduler_that_dies_loses_the_rest_under_its_name_and_the_next_run_goes_on(
    cluster, workspace, original, warm_server, capsys
):
    cluster.add_worker()
    cluster.wait_for_worker()
    killing = when(lambda: made_reports(workspace), cluster.stop_scheduler)
    outcome = run_reports(workspace, reports=REPORTS, cluster=cluster.address)
    killing.join()
    assert outcome.exit_code == 1
    statuses = {report.status for run in outcome.offices for name, report in run.reports.items() if name in REPORTS}
    assert "scheduler_lost" in statuses and statuses <= {"made", "scheduler_lost"}, [
        report.reason for run in outcome.offices for report in run.reports.values()
    ]
    explain_failures(outcome)
    assert capsys.readouterr().err.splitlines() == [
        "Ошибка: связь с планировщиком Dask потеряна посреди работы",
        "Что сделать: запустите планировщик снова (dask scheduler) и повторите: готовое заново делаться не будет.",
    ]
    written = json.loads((workspace / "reports" / "alpha" / "2021" / "run.json").read_bytes())
    assert {one["status"] for one in written["reports"] if one["report"] in REPORTS} <= {"made", "scheduler_lost"}
    assert run_reports(workspace, reports=REPORTS, jobs=2, server=warm_server).exit_code == 0
    assert pages(workspace) == original[1]


def test_a_result_lost_on_its_way_from_a_scheduler_that_dies_is_lost():
    """The race of the test above that it seldom meets: the task has ended, its scheduler dies while the result is fetched."""

    class Fetched(Future):
        def result(self, timeout=None):
            raise CommClosedError("ConnectionPool.gather: Connection reset by peer")

    fetched = Fetched()
    fetched.set_result("is still with its worker")
    ending = outcome_of(fetched, trouble_of)
    assert (ending.status, ending.cause) == ("scheduler_lost", "связь с планировщиком Dask потеряна посреди работы")


def certificates(folder: Path) -> None:
    """An authority of our own and one certificate signed by it, by the commands of the guide."""
    guide = (REPOSITORY / "docs" / "runs.md").read_text(encoding="utf-8")
    commands = [line for line in guide.splitlines() if line.startswith("openssl ")]
    assert len(commands) == 3
    folder.mkdir()
    for command in commands:
        subprocess.run(shlex.split(command), check=True, cwd=folder, capture_output=True)


def settings_of_the_guide(folder: Path) -> dict:
    """The settings of Dask that the guide gives, with the certificates of a folder."""
    guide = (REPOSITORY / "docs" / "runs.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```yaml\n(distributed:.*?)```", guide, re.DOTALL)
    return yaml.safe_load(block.replace("/etc/dask/certs", str(folder)))


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed: TLS was not tried")
def test_with_certificates_a_run_goes_on_as_before_and_who_has_none_is_refused(workspace, original, tmp_path):
    for authority in ("ours", "other"):
        certificates(tmp_path / authority)
    (tmp_path / "config").mkdir()
    given = {authority: settings_of_the_guide(tmp_path / authority) for authority in ("ours", "other")}
    (tmp_path / "config" / "tls.yaml").write_text(yaml.safe_dump(given["ours"]), encoding="utf-8")
    ours, other = (dask.config.merge(dask.config.config, one) for one in given.values())
    cluster = Cluster(tmp_path, DASK_CONFIG=str(tmp_path / "config"))
    try:
        assert cluster.address.startswith("tls://")
        cluster.add_worker()
        with dask.config.set(ours):
            cluster.wait_for_worker()
            assert run_reports(workspace, reports=REPORTS, cluster=cluster.address).exit_code == 0
        assert pages(workspace) == original[1]
        for address in (cluster.address, cluster.address.replace("tls://", "tcp://")):
            with pytest.raises(RunRefused, match="не отвечает"):
                run_reports(workspace, cluster=address)
        with dask.config.set(other), pytest.raises(RunRefused, match="не отвечает"):
            run_reports(workspace, cluster=cluster.address)
    finally:
        cluster.stop()


def test_an_unreachable_scheduler_is_refused_within_seconds(workspace):
    started = time.monotonic()
    with pytest.raises(RunRefused, match="не отвечает"):
        run_reports(workspace, cluster="tcp://127.0.0.1:9")
    assert time.monotonic() - started < 15
    assert not (workspace / "reports").exists()


@pytest.mark.parametrize("address", ["nonsense://x", "127.0.0.1:port"])
def test_an_address_that_is_none_is_refused(workspace, address):
    with pytest.raises(RunRefused, match="не отвечает"):
        run_reports(workspace, cluster=address)


def test_a_cluster_without_workers_is_refused(cluster, workspace, monkeypatch):
    monkeypatch.setattr("shnor_lib.runs.cluster.CONNECT_SECONDS", 1)
    with pytest.raises(RunRefused, match="нет рабочих узлов"):
        run_reports(workspace, cluster=cluster.address)


def test_a_worker_with_another_library_is_refused(cluster, workspace, tmp_path, patient):
    import shnor_lib

    other = tmp_path / "other"
    shutil.copytree(Path(shnor_lib.__file__).parent, other / "shnor_lib", ignore=shutil.ignore_patterns("__pycache__"))
    (other / "shnor_lib" / "one_more_module.py").write_text('"""A later version."""\n')
    cluster.add_worker(PYTHONPATH=str(other))
    with pytest.raises(RunRefused, match="другая версия shnor_lib"):
        run_reports(workspace, cluster=cluster.address)


def test_a_worker_that_joins_later_with_another_library_does_no_work():
    with pytest.raises(OtherVersion):
        run_on_worker(print, {}, 1, "0" * 64)


def test_a_worker_says_what_it_sees(tmp_path):
    token = tmp_path / "token"
    assert look_around(token) == (library_digest(), None)
    token.write_bytes(b"here")
    assert look_around(token) == (library_digest(), b"here")
