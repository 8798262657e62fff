"""The order of tests, and how much of a machine they take."""

from hypothesis import settings

from shnor_lib.runs.pools import available_processors

LONGEST = ["test_whole", "test_engine", "test_pages_in_browser", "test_run_cluster", "test_benchmarks"]

settings.register_profile("suite", max_examples=50, deadline=None)
settings.load_profile("suite")


def pytest_xdist_auto_num_workers():
    """One process more than processors: some tests wait for limits, workers and kernels."""
    return available_processors() + 1


def pytest_collection_modifyitems(items):
    """Begin the modules that take minutes first: processes that share the modules then end about together."""
    names = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: names.get(item.path.stem, len(names)))
