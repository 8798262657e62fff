"""The warm engine gives what a kernel gives: every notebook here runs under both, and all they leave is compared."""

import os
import re
from contextlib import contextmanager
from copy import deepcopy
from functools import cache

import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from shnor_lib.runs import engine
from shnor_lib.runs.warm import WarmServer

RICH_DISPLAY = [
    "import pandas as pd\nfrom IPython.display import HTML, JSON, Image, Latex, Markdown, display, update_display",
    "marks = pd.DataFrame({'школа': ['0101', '0102'], 'качество': [0.5, 0.25]})\nmarks",
    "marks.style.set_uuid('t').format({'качество': '{:.0%}'}, decimal=',').background_gradient(subset='качество')",
    "display(HTML('<b>жирно</b>'), Markdown('*текст*'), Latex('$x$'), JSON({'n': [1, None]}))\n'последнее'",
    "display({'text/plain': 'запасное', 'application/x-own': {'tuple': (1, 2)}}, raw=True, metadata={'width': 3})",
    """class Shown:
    def _repr_mimebundle_(self, **kwargs):
        return {'text/plain': 'п', 'text/html': '<i>п</i>'}
Shown()""",
    """class Broken:
    def _repr_html_(self):
        raise ValueError('не рисуется')
    def __repr__(self):
        return 'обычный вид'
Broken()""",
    "Image(bytes.fromhex('89504e470d0a1a0a'), format='png')",
    "first = display('старое', display_id=True)\nprint('между')\ndisplay('прочее', display_id='named')",
    "first.update('новое')\nupdate_display(HTML('<b>обновлено</b>'), display_id='named')",
    "display('ещё раз', display_id='named')\nNone",
    "print('𝄞 — ', 'ё' * 3)\n_ = 5",
    "marks.shape;",
    "print(_10 if '_10' in dir() else 'нет', Out.keys(), In[-1], len(In))",
]
CLEARED = [
    "from IPython.display import clear_output, display\nprint('исчезнет')\nclear_output()\nprint('останется')",
    "for step in range(3):\n    clear_output(wait=True)\n    display(step)\n    print('шаг', step)",
    "print('не исчезнет: после ожидания ничего не показано')\nclear_output(wait=True)",
    "print('новая ячейка')",
    "shown = display('a', display_id='x')\nclear_output()\nshown.update('b')\ndisplay('c', display_id='x')",
]
FIGURES = [
    "import matplotlib\nimport matplotlib.pyplot as plt\nimport seaborn as sns",
    "print(matplotlib.get_backend(), plt.isinteractive())",
    "print(plt.rcParams['figure.figsize'], plt.rcParams['figure.dpi'], sns.axes_style()['axes.grid'])",
    "plt.plot([1, 2]);",
    "plt.plot([1, 2])\nplt.show()\nplt.plot([2, 1])\nplt.show()\nprint('после')",
    "figure, axes = plt.subplots()\naxes.plot([1, 3])\nfigure",
    "figure",
    "sns.set_theme()\nsns.barplot(x=['а', 'б'], y=[1, 2])\nplt.gcf().patch.set_alpha(0)\nplt.title('Качество, %');",
    "with plt.ioff():\n    silent, _ = plt.subplots()\nprint('нет рисунка')",
    "plt.figure()\nplt.close()\nprint('закрыт')",
    "from matplotlib_inline.backend_inline import set_matplotlib_formats",
    "set_matplotlib_formats('png', bbox_inches=None)\nplt.plot([1])",
    "%matplotlib inline\nplt.plot([3])\nplt.figure()\nplt.plot([4]);",
    "%config InlineBackend.close_figures = False\nplt.plot([5]);",
    "plt.plot([6])\nplt.gca().lines",
    "import pandas as pd\npd.Series([1, 2]).plot();",
]
STREAMS = [
    "import os, subprocess, sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')",
    "print('a', flush=True)\nprint('b', flush=True)\nprint('e', file=sys.stderr, flush=True)\nprint('c')",
    "from IPython.display import display\nprint('до')\nprint('err', file=sys.stderr)\ndisplay(1)\nprint('после')\n2",
    "for n in range(3000):\n    print(n)",
    "print('a\\rb\\x08c', end='')",
    "import logging\nlogging.warning('без настройки')\nlogging.getLogger('school').error('ошибка')",
    "import warnings\nwarnings.warn('внимание')\nwarnings.warn('устарело', DeprecationWarning)",
    "import threading\nthread = threading.Thread(target=print, args=['из потока'])\nthread.start()\nthread.join()",
    "print(sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.name, sys.stdin.read())",
    "sys.stdout.writelines(['x', 'y'])\nsys.stdout.write('z')",
    "try:\n    sys.stdout.write(b'bytes')\nexcept TypeError as error:\n    print(error)",
]
OUTSIDE_PYTHON = [  # one writer to a cell: a kernel reads them in another thread, so their order is a matter of luck
    "import os, subprocess, time\nos.system('echo из оболочки')\ntime.sleep(0.3)",
    "os.write(1, 'из C'.encode())\ntime.sleep(0.3)",
    "os.write(2, b'stderr')\ntime.sleep(0.3)",
    "subprocess.run(['printf', 'подпроцесс'])\ntime.sleep(0.3)",
    "!echo $HOME | wc -l",
    "print('рядом')",
]
MAGICS = [
    "%%capture kept\nprint('спрятано')\n1",
    "print(kept.stdout, kept.outputs)",
    "%%bash\necho из bash\necho в ошибки >&2",
    "%%html\n<p>разметка</p>",
    "%%javascript\n1",
    "%env SHNOR_TEST=да\nimport os\nos.environ['SHNOR_TEST']",
    "lines = !printf 'a\\nb'\nlines",
    "%who",
    "%whos str",
    "value = 3\n%reset_selective -f value\n'value' in dir()",
    "%load_ext autoreload\n%autoreload 2",
    "%alias_magic t time\n%precision 3\n1/3",
    "%%writefile tmp_module.py\nANSWER = 42",
    "import tmp_module\ntmp_module.ANSWER",
    "%run tmp_module.py\nANSWER",
    "%history -n",
    "?value\nlen?",
    "get_ipython().__class__.__name__, __name__, get_ipython().execution_count",
    "%xmode Minimal",
]
AWAIT = [
    "import asyncio\nawait asyncio.sleep(0.01)\n'дождались'",
    "async def tick():\n    await asyncio.sleep(0.01)\n    return 5\ntask = asyncio.create_task(tick())",
    "print(await task)",
    "async with asyncio.timeout(1):\n    print('в срок')",
    "print((await asyncio.gather(tick(), tick())))",
    "try:\n    asyncio.run(tick())\nexcept RuntimeError as error:\n    print(error)",
    "asyncio.get_event_loop().is_running()",
]
ERRORS = [  # each cell is tagged raises-exception, so that all of them run
    "1 / 0",
    "def deeper(x):\n    return x['нет']\ndeeper({})",
    "if True print('синтаксис')",
    "print('до')\nraise KeyError('после вывода')",
    "try:\n    int('x')\nexcept ValueError as error:\n    raise RuntimeError('причина выше') from error",
    "import pandas as pd\npd.DataFrame({'a': [1]})['b']",
    "input('Сколько школ? ')",
    "import getpass\ngetpass.getpass()",
    "%%bash\nexit 3",
    "%no_such_magic",
    "undefined_name",
    "raise KeyboardInterrupt",
    "class Own(Exception):\n    def __str__(self):\n        return 'многострочная\\nошибка'\nraise Own",
    "import asyncio\nasync def failing():\n    raise ValueError('в корутине')\nawait failing()",
    "import sys\nsys.exit(3)",
    "raise ExceptionGroup('группа', [ValueError(1), TypeError(2)])",
    "assert False, 'утверждение'",
    "class Bad:\n    def __repr__(self):\n        raise ValueError('repr')\nBad()",
]
WIDGETS = [
    "import ipywidgets as widgets\nslider = widgets.IntSlider(value=3)\nslider",
    "slider.value = 7",
    "slider",
]
OUTPUT_WIDGET = [
    "import ipywidgets as widgets\noutput = widgets.Output()",
    "with output:\n    print('внутри виджета')\nprint('снаружи')",
    "output",
    "output.outputs",
]
ENVIRONMENT = [
    "import os, sys\nprint(sys.path, os.environ['TERM'], os.environ['MPLBACKEND'], os.path.basename(os.getcwd()))",
    "print(__name__, __builtins__.__name__, '__file__' in dir(), sys.modules['__main__'].__dict__ is globals())",
    "import pickle\nclass Local: pass\ntype(pickle.loads(pickle.dumps(Local()))).__name__",
    "import inspect\ndef shown():\n    return 1\nprint(inspect.getsource(shown))",
    "print(sorted(name for name in dir() if not name.startswith('_')))",
    "import numpy, pandas\nprint(len(pandas.options.display.__dir__()), numpy.get_printoptions()['precision'])",
]

NOTEBOOKS = {  # a kernel takes seconds to start, so those that do not disturb one another share one
    "rich display": RICH_DISPLAY,
    "figures": FIGURES,
    "streams": [*STREAMS, *OUTSIDE_PYTHON],
    "environment and magics": [*ENVIRONMENT, *MAGICS],
    "cleared output, await and widgets": [*CLEARED, *AWAIT, *WIDGETS],
    "errors": ERRORS,
}


# A kernel sends what is printed by the clock, so its pieces vary with the load of the machine: both sides join them.
QUIET_KERNEL = {"extra_arguments": ["--log-level=40"], "coalesce_streams": True, "execution_timeout": 120}


def notebook_of(sources, **metadata):
    cells = [
        new_markdown_cell("# Заголовок"),
        *(new_code_cell(source, metadata=metadata) for source in sources),
        new_code_cell(""),
    ]
    return new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )


@contextmanager
def outside_pytest():
    """ipykernel watches descriptors only outside pytest."""
    current = os.environ.pop("PYTEST_CURRENT_TEST")
    try:
        yield
    finally:
        os.environ["PYTEST_CURRENT_TEST"] = current


def execute(notebook, engine, directory):
    """Execute a notebook under one engine; return the executed notebook and the error papermill raised, if any."""
    directory.mkdir(parents=True)
    notebook_path, executed_path = directory / "in.ipynb", directory / "out.ipynb"
    papermill.iorw.write_ipynb(notebook, str(notebook_path))
    error = None
    with outside_pytest():
        try:
            papermill.execute_notebook(
                notebook_path, executed_path, engine_name=engine, progress_bar=False, cwd=directory, **QUIET_KERNEL
            )
        except Exception as raised:  # noqa: BLE001
            error = raised
    return papermill.iorw.load_notebook_node(str(executed_path)), error


def comparable(notebook):
    """What must be equal: everything but clocks, process ids, addresses and random ids."""
    clocks = {"start_time", "end_time", "duration", "input_path", "output_path", "execution", "id"}

    def steady(node):
        if isinstance(node, dict):
            return {name: steady(value) for name, value in node.items() if name not in clocks}
        if isinstance(node, list):
            return [steady(item) for item in node]
        if isinstance(node, str):
            node = re.sub(r"/ipykernel_\d+/", "/ipykernel_N/", node)
            return re.sub(r"0x[0-9a-f]{6,}|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", "ID", node)
        return node

    whole = steady(notebook)
    for widgets in whole["metadata"].get("widgets", {}).values():  # models under random ids
        widgets["state"] = sorted(map(str, widgets["state"].values()))
    return whole


@pytest.fixture(scope="module")
def by_kernel(tmp_path_factory):
    """What a kernel leaves, run once a notebook."""

    @cache
    def executed(name):
        return execute(tagged_notebook(name), None, tmp_path_factory.mktemp("kernel") / "workspace")

    return executed


def tagged_notebook(name):
    return notebook_of(NOTEBOOKS[name], tags=["raises-exception"] if name == "errors" else [])


@pytest.fixture(scope="module")
def servers(warm_server):
    """A warm server for each way to start children."""
    with WarmServer(start="spawn") as spawning:
        yield {"fork": warm_server, "spawn": spawning}


RUNS = [*((name, "fork") for name in NOTEBOOKS), ("figures", "spawn"), ("streams", "spawn")]


@pytest.mark.parametrize(("name", "start"), RUNS)
def test_same_as_a_kernel(name, start, servers, by_kernel, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "shared_server", lambda: servers[start])
    by_warm, warm_error = execute(tagged_notebook(name), "shnor-warm", tmp_path / "workspace")
    expected, kernel_error = by_kernel(name)
    expected, found = comparable(expected), comparable(by_warm)
    for expected_cell, found_cell in zip(expected["cells"], found["cells"], strict=True):
        assert found_cell == expected_cell, expected_cell["source"]
    assert found == expected
    assert repr(warm_error)[:80] == repr(kernel_error)[:80]
    assert any(cell.get("outputs") for cell in by_warm.cells), "a notebook without outputs compares nothing"


def test_an_output_widget_keeps_what_is_printed_in_it(servers, tmp_path, monkeypatch):
    """As a kernel leaves it; written down here, since nbclient sometimes waits for ever on it (its issue 312)."""
    monkeypatch.setattr(engine, "shared_server", lambda: servers["fork"])
    executed, error = execute(notebook_of(OUTPUT_WIDGET), "shnor-warm", tmp_path / "workspace")
    assert error is None
    outside, (widget_shown,), (shown,) = (cell.outputs for cell in executed.cells[2:5])
    assert [(output.name, output.text) for output in outside] == [("stdout", "снаружи\n")]
    kept = "({'output_type': 'stream', 'name': 'stdout', 'text': 'внутри виджета\\n'},)"
    assert shown.data["text/plain"] == kept
    assert widget_shown.data["text/plain"] == f"Output(outputs={kept})"
    states = executed.metadata.widgets["application/vnd.jupyter.widget-state+json"].state.values()
    (widget,) = (state["state"] for state in states if state["model_name"] == "OutputModel")
    assert widget["outputs"] == [{"name": "stdout", "output_type": "stream", "text": "внутри виджета\n"}]


def test_a_difference_would_be_seen(by_kernel):
    first, _ = by_kernel("rich display")
    other = deepcopy(first)
    other.cells[2].outputs[0].data["text/plain"] += " "
    assert comparable(other) != comparable(first)
    del other.cells[3].outputs[0]
    assert comparable(other) != comparable(first)
