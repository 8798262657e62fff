"""The engine as papermill meets it and as the runner uses it inside a warm child, forked and started ahead."""

import io
import json
import subprocess
import sys

import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillException, PapermillExecutionError

from shnor_lib.runs import engine, warm
from shnor_lib.runs.engine import WarmEngine
from shnor_lib.runs.warm import WarmServer


def write_notebook(path, *sources, language="python"):
    cells = [new_code_cell(source) for source in sources]
    kernel = {"name": "python3" if language == "python" else "ir", "display_name": language, "language": language}
    papermill.iorw.write_ipynb(new_notebook(cells=cells, metadata={"kernelspec": kernel}), str(path))
    return path


def texts_of(notebook):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return [
        output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue") for output in outputs
    ]


def count_images(notebook):
    return sum("image/png" in output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", []))


def execute_in_place(path, **options):
    """What a report's task does in its child: papermill with this engine, on the spot."""
    return papermill.execute_notebook(path, None, engine_name="shnor-warm", progress_bar=False, **options)


@pytest.fixture(scope="module", params=["fork", "spawn"])
def server(request):
    """Forked children are as warm as for a run; of those started ahead each would load everything anew."""
    if request.param == "fork":
        yield request.getfixturevalue("warm_server")
        return
    with WarmServer(start=request.param, warm_up=["papermill"]) as server:
        yield server


@pytest.fixture
def execute(server, tmp_path, monkeypatch):
    """Run cells through papermill in a process that is not a warm child, on either kind of children."""
    monkeypatch.setattr(engine, "shared_server", lambda: server)

    def execute(*sources, **options):
        path = write_notebook(tmp_path / "in.ipynb", *sources)
        return papermill.execute_notebook(
            path, tmp_path / "out.ipynb", engine_name="shnor-warm", progress_bar=False, **options
        )

    return execute


def test_papermill_knows_the_engine():
    assert papermill_engines.get_engine("shnor-warm") is WarmEngine


def test_parameters_and_tags_stay_papermills(tmp_path):
    notebook = new_notebook(
        cells=[
            new_code_cell("year = 2019", metadata={"tags": ["parameters"]}),
            new_code_cell("year + 1"),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    papermill.iorw.write_ipynb(notebook, str(tmp_path / "in.ipynb"))
    executed = papermill.execute_notebook(
        tmp_path / "in.ipynb", tmp_path / "out.ipynb", {"year": 2021}, engine_name="shnor-warm", progress_bar=False
    )
    assert [cell.metadata.tags for cell in executed.cells] == [["parameters"], ["injected-parameters"], []]
    assert texts_of(executed) == ["2022"]
    assert executed.metadata.papermill.parameters == {"year": 2021}
    assert [cell.metadata.papermill.status for cell in executed.cells] == ["completed"] * 3
    assert [cell.execution_count for cell in executed.cells] == [1, 2, 3]
    assert json.loads((tmp_path / "out.ipynb").read_text())["cells"][2]["outputs"][0]["data"] == {
        "text/plain": ["2022"]
    }


def test_figures_appear_even_after_a_warm_up_that_drew(tmp_path):
    path = write_notebook(
        tmp_path / "in.ipynb", "import matplotlib.pyplot as plt\nplt.plot([1, 2]);", "plt.plot([2])\nplt.show()"
    )
    (tmp_path / "drawing.py").write_text(
        "import matplotlib.pyplot as plt\ndef draw():\n    plt.plot([1, 2])\n    plt.close('all')\n"
        "def figures(): return plt.get_fignums()\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(tmp_path))
        with WarmServer(start="fork", warm_up=[*warm.WARM_UP, "drawing:draw"]) as server:
            outcome = server.run(execute_in_place, {"path": str(path)})
    assert count_images(outcome.value) == 2


def test_nothing_one_notebook_does_reaches_the_next(execute):
    look = (
        "import os, pandas as pd\n"
        "print(os.environ.get('PATCHED'), pd.DataFrame({'a': [1]}).shape, pd.options.display.max_rows)"
    )
    spoil = (
        "os.environ['PATCHED'] = 'да'\npd.DataFrame.shape = (0, 0)\npd.options.display.max_rows = 3\npd.read_csv = None"
    )
    for _ in range(2):
        assert texts_of(execute(look, spoil, "pd.read_csv is None")) == ["None (1, 1) 60\n", "True"]


def test_an_error_stops_the_notebook_and_is_papermills(execute, tmp_path):
    with pytest.raises(PapermillExecutionError) as raised:
        execute("print('до')", "raise KeyError('качество')", "print('после')")
    assert (raised.value.ename, raised.value.evalue, raised.value.exec_count) == ("KeyError", "'качество'", 2)
    left = papermill.iorw.load_notebook_node(str(tmp_path / "out.ipynb"))
    assert texts_of(left) == ["до\n", "'качество'"]


@pytest.mark.parametrize(
    ("deadly", "how"),
    [("os._exit(4)", "код выхода 4"), ("os.kill(os.getpid(), 9)", "SIGKILL"), ("ctypes.string_at(0)", "сигнал 11")],
)
def test_a_dead_process_is_told_with_its_cell(deadly, how, execute, tmp_path):
    with pytest.raises(DeadKernelError, match=how) as raised:
        execute("import ctypes, os\nprint('до')", deadly, "print('после')")
    assert "в ячейке 2" in str(raised.value) and deadly in str(raised.value)
    left = papermill.iorw.load_notebook_node(str(tmp_path / "out.ipynb"))
    assert texts_of(left) == ["до\n"]
    assert [cell.metadata.papermill.status for cell in left.cells] == ["completed", "failed", "pending"]


def test_a_hanging_cell_is_stopped_at_its_limit(execute):
    with pytest.raises(CellTimeoutError, match="по пределу времени 1 с в ячейке 2"):
        execute("print('до')", "while True: pass", execution_timeout=1)


def test_input_is_refused(execute):
    with pytest.raises(PapermillExecutionError) as raised:
        execute("input('Сколько школ?')")
    assert raised.value.ename == "StdinNotImplementedError"


def test_leaving_early_without_error(execute):
    assert texts_of(execute("print('до')\nimport sys\nsys.exit()", "print('после')"))[0] == "до\n"
    assert texts_of(execute("print('до')", "exit")) == ["до\n"]
    with pytest.raises(DeadKernelError):
        execute("exit", "print('после')")


def test_a_notebook_may_run_a_notebook(execute, tmp_path):
    inner = write_notebook(tmp_path / "inner.ipynb", "print('внутренний', 'outer' in dir())")
    executed = execute(
        "import papermill\nouter = 1",
        f"inner = papermill.execute_notebook({str(inner)!r}, None, engine_name='shnor-warm', progress_bar=False)",
        "inner.cells[0].outputs[0].text, outer",
    )
    assert texts_of(executed) == ["('внутренний False\\n', 1)"]


def test_outputs_go_to_the_log_and_files_on_request(execute, caplog):
    out, err = io.StringIO(), io.StringIO()
    with caplog.at_level("INFO", logger="papermill"):
        execute(
            "import sys\nprint('в журнал')\nprint('ошибка', file=sys.stderr)\n42",
            log_output=True,
            stdout_file=out,
            stderr_file=err,
        )
    assert (out.getvalue(), err.getvalue()) == ("в журнал\n", "ошибка\n")
    assert {"в журнал\n", "ошибка\n", "42"} <= set(caplog.messages)


def test_other_languages_are_refused(tmp_path):
    path = write_notebook(tmp_path / "in.ipynb", "1", language="R")
    with pytest.raises(PapermillException, match="только блокноты на Python"):
        papermill.execute_notebook(path, None, engine_name="shnor-warm", progress_bar=False)


def test_the_command_line_takes_the_engine_and_stays_quiet(tmp_path):
    path = write_notebook(tmp_path / "in.ipynb", "import seaborn\nprint('готово')")
    command = ["-m", "papermill", str(path), str(tmp_path / "out.ipynb"), "--engine", "shnor-warm", "--no-progress-bar"]
    finished = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True)
    assert texts_of(papermill.iorw.load_notebook_node(str(tmp_path / "out.ipynb"))) == ["готово\n"]
    assert "encryption" not in finished.stderr and "Warning" not in finished.stderr
    assert finished.stdout == ""


def test_a_report_task_runs_its_notebook_in_its_own_child(server, tmp_path):
    path = write_notebook(
        tmp_path / "in.ipynb", "import os\nos.getpid()", "import matplotlib.pyplot as plt\nplt.plot([1]);"
    )
    outcome = server.run(execute_and_tell, {"path": str(path)})
    executed, pid = outcome.value
    assert texts_of(executed)[0] == str(pid)
    assert count_images(executed) == 1


def execute_and_tell(path):
    import os

    return execute_in_place(path), os.getpid()


@pytest.mark.parametrize(
    ("source", "status", "cause"),
    [
        ("1 / 0", "failed", "ошибка в ячейке 2: ZeroDivisionError: division by zero"),
        ("os._exit(3)", "died", "процесс завершил сам себя в ячейке 2 (код выхода 3)"),
        ("while True: pass", "timeout", "остановлен по пределу времени 1 с в ячейке 2"),
    ],
)
def test_how_a_report_task_ends_is_told_with_the_cell(source, status, cause, server, tmp_path):
    path = write_notebook(tmp_path / "in.ipynb", "import os", source)
    limit = 1 if status == "timeout" else 60
    outcome = server.run(execute_in_place, {"path": str(path), "execution_timeout": limit})
    assert (outcome.status, outcome.cause, outcome.cell.source) == (status, cause, source)


def test_an_error_after_the_notebook_blames_no_cell(server, tmp_path):
    path = write_notebook(tmp_path / "in.ipynb", "1")
    outcome = server.run(execute_and_fail, {"path": str(path)})
    assert (outcome.error, outcome.cell) == ("OSError: диск полон", None)


def execute_and_fail(path):
    execute_in_place(path)
    raise OSError("диск полон")
