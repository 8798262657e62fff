"""A new office can be filled at once: every field explained, every file valid as it is."""

from datetime import date

import pytest
from ruamel.yaml import YAML

from shnor_lib.analyses.overview import Board
from shnor_lib.inputs.sources.provenance import FileSource, FolderSources, read_sources
from shnor_lib.office.assemble import assemble_office
from shnor_lib.pages.views import overview
from shnor_lib.params.profiles import Profile
from shnor_lib.params.reading import read_method, read_profile
from shnor_lib.runs import RunRefused
from shnor_lib.runs.new_office import begin_workspace, create_office, school_year_end
from shnor_lib.runs.prepare import prepare_office
from shnor_lib.workspace import WorkspaceError, find_workspace


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "params").mkdir()
    (tmp_path / "data").mkdir()
    return tmp_path


def test_the_profile_is_valid_and_says_what_was_asked(workspace):
    made = create_office(workspace, "novy-okrug", title='Округ "Новый"', year=2022)
    assert made[-2:] == ["params/novy-okrug.yml", "data/raw/novy-okrug/2022/SOURCES.yml"]
    profile = read_profile(workspace, "novy-okrug")
    assert (profile.title, profile.years) == ('Округ "Новый"', (2022,))
    assert read_method(workspace, profile.method)


def test_a_workspace_begins_in_an_empty_folder_only(tmp_path, monkeypatch):
    monkeypatch.delenv("SHNOR_WORKSPACE", raising=False)
    assert begin_workspace(tmp_path / "new") == find_workspace(tmp_path / "new") == (tmp_path / "new").resolve()
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert begin_workspace() == (tmp_path / "empty").resolve() == begin_workspace()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("")
    with pytest.raises(WorkspaceError):
        begin_workspace(tmp_path / "mine")
    monkeypatch.setenv("SHNOR_WORKSPACE", str(tmp_path / "mine"))
    with pytest.raises(WorkspaceError):
        begin_workspace()
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_a_workspace_without_methods_gets_them_and_one_with_methods_keeps_its_own(workspace):
    assert "params/methods/fioko-2021.yml" in create_office(workspace, "first", year=2022)
    (workspace / "params" / "methods" / "fioko-2021.yml").unlink()
    assert create_office(workspace, "second", year=2022) == ["params/second.yml", "data/raw/second/2022/SOURCES.yml"]


def test_every_field_of_the_profile_and_of_the_sources_is_explained(workspace):
    create_office(workspace, "novy-okrug", year=2022)
    profile = (workspace / "params" / "novy-okrug.yml").read_text(encoding="utf-8")
    sources = (workspace / "data" / "raw" / "novy-okrug" / "2022" / "SOURCES.yml").read_text(encoding="utf-8")
    assert [name for name in Profile.model_fields if f"{name}:" not in profile] == []
    assert [name for name in (*FolderSources.model_fields, *FileSource.model_fields) if f"{name}:" not in sources] == []


def uncommented(text: str) -> dict:
    """The file with its optional fields set: comments that are explanations begin with a capital letter."""
    lines = [line if line[2:3].isupper() else line.removeprefix("# ") for line in text.splitlines()]
    return YAML(typ="safe").load("\n".join(line for line in lines if not line.startswith("#")))


def test_the_explained_fields_are_valid_once_uncommented(workspace):
    create_office(workspace, "novy-okrug", year=2022)
    text = (workspace / "params" / "novy-okrug.yml").read_text(encoding="utf-8")
    _, _, body = text.partition("\n\n")
    fields = uncommented(body)
    fields["region_profile"] = "oblast"
    profile = Profile.model_validate(fields)
    assert set(fields) == set(Profile.model_fields)
    assert profile.targets and profile.overrides and profile.corrections and profile.risk_factors


def test_the_sources_are_valid_and_nothing_but_data_is_missing(workspace):
    create_office(workspace, "novy-okrug", year=2022)
    folder = workspace / "data" / "raw" / "novy-okrug" / "2022"
    sources, found = read_sources(folder, "SOURCES.yml")
    assert sources.kind == "published" and found == []
    prepared = prepare_office(workspace, "novy-okrug", 2022)
    assert prepared["status"] == "made"
    assert all(count == {"rows": 0, "schools": 0} for count in prepared["prepared"]["rows"].values())


def test_the_overview_of_an_office_without_data_asks_for_them_and_promises_nothing(workspace):
    create_office(workspace, "novy-okrug", year=2022)
    office = assemble_office(workspace, "novy-okrug", 2022)
    shown = [
        show(Board(office))._repr_mimebundle_()["text/plain"]
        for show in (overview.show_headlines, overview.show_decisions)
    ]
    assert shown == [
        "Сведений о школах нет, вывод сделать нельзя. Это не значит, что трудностей нет.",
        "Представить исходные таблицы, прежде всего реестр школ, и повторить расчёт.",
    ]
    for show in (
        overview.table_key_figures,
        overview.show_collected,
        overview.show_files,
        overview.show_published,
    ):
        show(office)._repr_mimebundle_()
    sheet = Board(office)
    overview.show_listed(sheet, sheet.listed)._repr_mimebundle_()
    for show in (overview.show_beside, overview.show_coming):
        show(sheet)._repr_mimebundle_()


@pytest.mark.parametrize(
    "existing", ["params/okrug.yml", "params/regions/okrug.yml", "data/raw/okrug/2022/SOURCES.yml"]
)
def test_an_existing_office_is_left_as_it_is(workspace, existing):
    path = workspace / existing
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("моё\n", encoding="utf-8")
    with pytest.raises(RunRefused, match="уже есть"):
        create_office(workspace, "okrug", year=2022)
    assert path.read_text(encoding="utf-8") == "моё\n"
    assert [one for one in workspace.rglob("*") if one.is_file()] == [path]


@pytest.mark.parametrize("name", ["../okrug", "Округ", "con", ""])
def test_a_name_that_cannot_be_a_folder_is_refused(workspace, name):
    with pytest.raises(WorkspaceError):
        create_office(workspace, name, year=2022)


def test_the_school_year_ends_in_the_next_calendar_year_from_september():
    assert [school_year_end(date(2021, month, 1)) for month in (1, 8, 9, 12)] == [2021, 2021, 2022, 2022]
