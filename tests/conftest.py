"""The order of tests, and what holds for all of them."""

import gc
import logging
import os

import pytest
from hypothesis import settings

from shnor_lib.runs.child import ONE_THREAD

LONGEST = ["test_whole", "test_engine", "test_pages_in_browser", "test_run_cluster", "test_benchmarks"]

os.environ.update(ONE_THREAD)  # before numpy is loaded: processes share the processors, threads of BLAS would only wait

settings.register_profile("untimed", deadline=None)  # a busy machine is not the example's fault
settings.load_profile("untimed")

# nbclient leaves failed tasks behind. asyncio tells of them wherever they are collected; in the middle of a compilation that
# would compile too, to show the line, and Python 3.11 cannot do one inside the other.
logging.getLogger("asyncio").setLevel(logging.CRITICAL)


def pytest_collection_modifyitems(items):
    """Begin the modules that take minutes first: processes that share the modules then end about together."""
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
