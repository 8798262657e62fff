import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shnor_lib.workspace import (
    WorkspaceError,
    check_id,
    check_year,
    find_workspace,
    raw_folder,
    relative_name,
    safe_path,
)


@pytest.fixture
def office(tmp_path, monkeypatch):
    monkeypatch.delenv("SHNOR_WORKSPACE", raising=False)
    for name in ("params", "data"):
        (tmp_path / "office" / name).mkdir(parents=True)
    return tmp_path / "office"


def test_the_nearest_folder_above_with_params_and_data_is_the_workspace(office, monkeypatch):
    inner = office / "data" / "raw" / "demo"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert find_workspace() == office.resolve()


def test_the_folder_named_wins_over_the_environment_and_that_over_the_climb(office, tmp_path, monkeypatch):
    other = tmp_path / "other"
    for name in ("params", "data"):
        (other / name).mkdir(parents=True)
    monkeypatch.setenv("SHNOR_WORKSPACE", str(other))
    monkeypatch.chdir(office)
    assert find_workspace() == other.resolve()
    monkeypatch.chdir(other)
    assert find_workspace(office) == office.resolve()


def test_a_folder_without_params_is_no_workspace(tmp_path, monkeypatch):
    monkeypatch.delenv("SHNOR_WORKSPACE", raising=False)
    with pytest.raises(WorkspaceError, match="не рабочая папка"):
        find_workspace(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WorkspaceError, match="--workspace"):
        find_workspace()


@pytest.mark.parametrize("name", ["demo", "lesosibirsk-2020", "a_b", "7"])
def test_latin_slugs_are_ids(name):
    assert check_id(name) == name


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "a/b", "Demo", "демо", "a b", "-a", "a-", "a\n", "a.b", "con", "x" * 65, "a--b", None]
)
def test_anything_else_is_no_id(name):
    with pytest.raises(WorkspaceError, match="допустимы"):
        check_id(name)


@pytest.mark.parametrize("year", [1989, 2101, "2021", True, 2021.0, None])
def test_no_year(year):
    with pytest.raises(WorkspaceError, match="1990"):
        check_year(year)


@pytest.mark.parametrize("parts", [("..",), ("data", "..", "..", "x"), ("/etc/passwd",), ("data", "\0")])
def test_no_path_leaves_the_workspace(office, parts):
    with pytest.raises(WorkspaceError, match="за пределы"):
        safe_path(office, *parts)


def test_no_link_leaves_the_workspace(office, tmp_path):
    (tmp_path / "secret").mkdir()
    (office / "data" / "raw").symlink_to(tmp_path / "secret")
    with pytest.raises(WorkspaceError, match="за пределы"):
        raw_folder(office, "demo", 2021)


def test_a_link_inside_the_workspace_is_followed(office):
    (office / "data" / "elsewhere").mkdir()
    (office / "data" / "raw").symlink_to(office / "data" / "elsewhere")
    assert raw_folder(office, "demo", 2021).is_relative_to(office.resolve())


@given(st.lists(st.text(max_size=12), max_size=4))
def test_whatever_is_typed_stays_inside(tmp_path_factory, parts):
    root = tmp_path_factory.getbasetemp()
    try:
        path = safe_path(root, *parts)
    except WorkspaceError:
        return
    assert os.path.realpath(path) == os.path.realpath(root) or path.resolve().is_relative_to(root.resolve())


def test_files_are_called_by_their_place_in_the_workspace(office, tmp_path):
    assert relative_name(office, office / "data" / "x.csv") == "data/x.csv"
    link = tmp_path / "link"
    link.symlink_to(office)
    assert relative_name(link, link / "data" / "x.csv") == "data/x.csv"
    assert relative_name(link, safe_path(link, "data", "x.csv")) == "data/x.csv"
