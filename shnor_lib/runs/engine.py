"""A papermill engine that executes notebooks in warm children: ``papermill --engine shnor-warm``, or by that name.

Parameters, tags and the executed notebook stay papermill's. Every notebook has a child of its own. In a process that
already is a fresh warm child the notebook runs right there, so that a report's execution and export share one child.

papermill imports this module whenever it is itself imported: heavy imports stay inside the functions.
"""

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import Engine
from papermill.exceptions import PapermillException
from papermill.log import logger

from shnor_lib.runs.child import Note, announce, claim_fresh_child
from shnor_lib.runs.warm import Outcome, shared_server


class WarmEngine(Engine):
    """Executes a notebook in a fresh process that already holds the libraries."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man, kernel_name, log_output=False, stdout_file=None, stderr_file=None, execution_timeout=None, **kwargs
    ):
        """Execute the notebook of ``nb_man``; ``execution_timeout`` limits each cell, in seconds."""
        _require_python(nb_man.nb, kernel_name)
        not_here = ("input_path", "timeout", "start_timeout", "startup_timeout")
        options = {name: value for name, value in kwargs.items() if name not in not_here}
        options |= {"timeout": execution_timeout or kwargs.get("timeout"), "kernel_name": kernel_name}
        log = {"log_output": log_output, "stdout_file": stdout_file, "stderr_file": stderr_file}
        if claim_fresh_child():
            _execute_here(nb_man, log=logger, **log, **options)
        else:
            _execute_in_child(nb_man, log, options)


def _require_python(notebook, kernel_name):
    kernel = notebook.metadata.get("kernelspec", {})
    language = kernel.get("language") or notebook.metadata.get("language_info", {}).get("name") or "python"
    if language.lower() != "python":
        raise PapermillException(
            f"движок shnor-warm исполняет только блокноты на Python, а ядро «{kernel_name}» этого блокнота "
            f"на языке {language}: уберите --engine shnor-warm или смените ядро блокнота"
        )


def _execute_here(nb_man, **options):
    from shnor_lib.runs.shell import NotebookClient

    NotebookClient(nb_man, **options).execute()


def _execute_in_child(nb_man, log, options):
    from papermill.clientwrap import PapermillNotebookClient

    client = PapermillNotebookClient(nb_man, log=logger, **log)

    def repeat_step(content):
        step, index, executed = content
        cell = nb_man.nb.cells[index]
        if executed:
            _take_execution(cell, executed)
            for output in executed.get("outputs", []):
                client.log_output_message(output)
        getattr(nb_man, step)(cell, cell_index=index)

    outcome = shared_server().run(execute_cells, {"notebook": nb_man.nb, "options": options}, on_note=repeat_step)
    if outcome.status != "done":
        if outcome.cell:
            cell = nb_man.nb.cells[outcome.cell.index]
            nb_man.cell_exception(cell, cell_index=outcome.cell.index)
            nb_man.cell_complete(cell, cell_index=outcome.cell.index)
        raise _error_of(outcome)
    executed, error = outcome.value
    nb_man.nb.metadata.update({name: value for name, value in executed.metadata.items() if name != "papermill"})
    for cell, executed_cell in zip(nb_man.nb.cells, executed.cells, strict=True):
        _take_execution(cell, executed_cell)
    if error:
        raise error


def execute_cells(notebook, options):
    """Execute a notebook in this fresh child, telling the caller every step; return it and what stopped it, if any."""
    claim_fresh_child()
    try:
        _execute_here(_StepsToCaller(notebook), log=logger, **options)
    except Exception as error:  # noqa: BLE001  raised again by the caller
        return notebook, error
    return notebook, None


class _StepsToCaller:
    """Stands in for papermill's execution manager, which stays with the caller."""

    def __init__(self, notebook):
        self.nb = notebook

    def cell_start(self, cell, cell_index):
        announce(Note(("cell_start", cell_index, None)))

    def cell_exception(self, cell, cell_index, exception):
        announce(Note(("cell_exception", cell_index, None)))

    def cell_complete(self, cell, cell_index):
        announce(Note(("cell_complete", cell_index, cell)))

    def autosave_cell(self):
        """The caller saves after every cell."""


def _take_execution(cell, executed):
    if cell.cell_type != "code":
        return
    cell.outputs = executed.outputs
    cell.execution_count = executed.execution_count
    cell.metadata.update({name: value for name, value in executed.metadata.items() if name != "papermill"})


def _error_of(outcome: Outcome) -> Exception:
    cause = f"{outcome.cause}\n{outcome.cell.source if outcome.cell else outcome.traceback or ''}"
    return {"timeout": CellTimeoutError, "died": DeadKernelError, "failed": RuntimeError}[outcome.status](cause)
