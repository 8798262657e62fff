"""The order of tests, and what holds for all of them."""

import logging

from hypothesis import settings

LONGEST = ["test_whole", "test_engine", "test_pages_in_browser", "test_run_cluster", "test_benchmarks"]

settings.register_profile("untimed", deadline=None)  # a busy machine is not the example's fault
settings.load_profile("untimed")

# nbclient leaves failed tasks behind. asyncio tells of them wherever they are collected; in the middle of a compilation that
# would compile too, to show the line, and Python 3.11 cannot do one inside the other.
logging.getLogger("asyncio").setLevel(logging.CRITICAL)


def pytest_collection_modifyitems(items):
    """Begin the modules that take minutes first: processes that share the modules then end about together."""
    names = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: names.get(item.path.stem, len(names)))
