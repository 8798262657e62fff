"""The order of tests, and what holds for all of them."""

import gc
import logging
import os
from pathlib import Path

import pytest
from hypothesis import settings

from shnor_lib.runs.child import ONE_THREAD

LONGEST = [
    *("test_whole", "test_engine", "test_benchmarks", "test_run_cluster", "test_engine_equality", "test_whole_again"),
    *("test_pages_in_browser", "test_run", "test_types", "test_whole_public", "test_simulation", "test_warm"),
    *("test_filled_by_hand", "test_packaging", "test_researchers_guide", "test_cli", "test_unknown_is_not_no"),
    *("test_robustness", "test_chapters", "test_uncertainty_simulation", "test_change"),
]

os.environ.update(ONE_THREAD)  # before numpy is loaded: processes share the processors, threads of BLAS would only wait

import papermill.engines  # noqa: F401  it loads our engine; examples of that module are collected, and it cannot come first

settings.register_profile("untimed", deadline=None)  # a busy machine is not the example's fault
settings.load_profile("untimed")

# nbclient leaves failed tasks behind. asyncio tells of them wherever they are collected; in the middle of a compilation that
# would compile too, to show the line, and Python 3.11 cannot do one inside the other.
logging.getLogger("asyncio").setLevel(logging.CRITICAL)


def pytest_collection_modifyitems(items):
    """Begin the modules that take long first: processes that share the modules then end about together.

    The first one makes all reports; those that look at them stand so late that they need not wait.
    """
    names = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: names.get(item.path.stem, len(names)))


def pytest_collection_finish():
    """Thousands of collected tests are no garbage: they need not be looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def shared_folder(tmp_path_factory):
    """Offices that ship are put together once, whichever process comes first."""
    from tests.shipped import keep_in

    own = tmp_path_factory.getbasetemp()
    keep_in(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(autouse=True)
def internal_numbers():
    """A page of the public edition that an earlier test made leaves its precision to nobody."""
    from shnor_lib.pages.numbers import print_for

    print_for("internal")


@pytest.fixture(scope="session")
def warm_server():
    """One server for all tests of a process: to load what reports need takes it seconds."""
    from shnor_lib.runs.warm import WarmServer

    with WarmServer(jobs=2) as server:
        yield server


@pytest.fixture(scope="module")
def warm_runs(warm_server):
    """Every run that is started in this process has a server that is warm already."""
    from shnor_lib.runs import run
    from shnor_lib.runs.pools import LocalPool

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "LocalPool", lambda jobs, server=None: LocalPool(jobs, server or warm_server))
        yield


@pytest.fixture(scope="session")
def all_reports(warm_server) -> Path:
    """A copy of the repository's params and data with all reports made, for all processes; to be read only."""
    from tests.shipped import make_all_reports

    return make_all_reports(warm_server)
