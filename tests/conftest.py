"""The order of tests."""

LONGEST = ["test_whole", "test_engine", "test_pages_in_browser", "test_run_cluster", "test_benchmarks"]


def pytest_collection_modifyitems(items):
    """Begin the modules that take minutes first: processes that share the modules then end about together."""
    names = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: names.get(item.path.stem, len(names)))
