"""A new office can be filled at once: every field explained, every file valid as it is."""

import re
from datetime import date

import openpyxl
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from shnor_lib.analyses.overview import Board
from shnor_lib.cli import main
from shnor_lib.inputs.sources.provenance import FileSource, FolderSources, read_sources
from shnor_lib.office.assemble import assemble_office
from shnor_lib.pages.views import overview
from shnor_lib.params.profiles import Profile
from shnor_lib.params.reading import read_method, read_profile
from shnor_lib.runs import RunRefused
from shnor_lib.runs.new_office import begin_workspace, create_office, school_year_end
from shnor_lib.runs.prepare import prepare_office
from shnor_lib.workspace import WorkspaceError, find_workspace

pytestmark = pytest.mark.usefixtures("warm_runs")


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


TYPED = {
    "Школы": [
        {"Код школы": code, "Полное название": name, "Краткое название": name, "Вид школы": "ООШ", "Город или село": "село", "Обучающиеся": 150}
        for code, name in (("1", "ООШ № 1"), ("2", "ООШ № 2"), ("3", "ООШ № 3"))
    ],
    "Результаты процедур": [
        {"Код школы": school, "Год": year, "Процедура": "ОГЭ", "Предмет": subject, "Класс": 9, "Участники": 20}
        | {"Отметка 2": twos, "Отметка 3": 10, "Отметка 4": 10 - twos, "Отметка 5": 0}
        for school, year, subject, twos in (
            ("1", 2026, "русский язык", 8), ("1", 2026, "математика", 8), ("1", 2025, "русский язык", 1), ("1", 2025, "математика", 1),
            ("2", 2026, "русский язык", 1), ("2", 2026, "математика", 8), ("2", 2025, "русский язык", 1), ("2", 2025, "математика", 8),
            ("3", 2026, "русский язык", 1), ("3", 2026, "математика", 1), ("3", 2025, "русский язык", 1), ("3", 2025, "математика", 1),
        )
    ],
}  # fmt: skip
"""What a person types: «ОГЭ» of two subjects in two years; 8 of 20 marks 2 are 40 %, 1 of 20 is 5 %."""


def type_in(book, sheet: str, rows: list[dict]) -> None:
    """Fill the white cells under the headings of a sheet of the template."""
    columns = {str(cell.value).removesuffix(" *").split(",")[0]: cell.column for cell in book[sheet][2] if cell.value}
    for number, row in enumerate(rows, start=3):
        for label, value in row.items():
            book[sheet].cell(number, columns[label], value)


def test_from_an_empty_template_to_list_plan_sheets_and_public_edition_by_the_federal_method_of_2025(
    tmp_path, monkeypatch
):
    """No method file is touched: the profile names ``fioko-2025``, a person fills in the template."""
    (tmp_path / "params").mkdir()
    (tmp_path / "data").mkdir()

    def shnor(*arguments: str) -> str:
        done = CliRunner().invoke(main, ["--workspace", str(tmp_path), *arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    shnor("new", "okrug", "-y", "2026")
    profile, sources = tmp_path / "params" / "okrug.yml", tmp_path / "data" / "raw" / "okrug" / "2026" / "SOURCES.yml"
    profile.write_text(
        profile.read_text(encoding="utf-8").replace("method: lesosibirsk-2020", "method: fioko-2025"), encoding="utf-8"
    )
    workbook = sources.with_name("book.xlsx")
    shnor("template", "-m", "okrug", "-y", "2026", str(workbook))
    book = openpyxl.load_workbook(workbook)
    for sheet, rows in TYPED.items():
        type_in(book, sheet, rows)
    book.save(workbook)
    shnor("check", "-m", "okrug", "-y", "2026")
    found = shnor("identify", "-m", "okrug", "-y", "2026", "--format", "csv").splitlines()
    assert [tuple(line.split(",")[:3]) for line in found[1:]] == [
        ("1", "low_results", "yes"), ("1", "risk_group", "no"),
        ("2", "low_results", "no"), ("2", "risk_group", "yes"),
        ("3", "low_results", "no"), ("3", "risk_group", "no"),
    ]  # fmt: skip
    asked = [
        word for report in ("50_identification", "90_support_plan", "95_school_passports") for word in ("-r", report)
    ]
    for audience in ("internal", "public"):
        shnor("run", "-m", "okrug", "-y", "2026", *asked, "--audience", audience)
    made = {page.relative_to(tmp_path).as_posix() for page in tmp_path.rglob("2026/**/*.html")}
    reports = {*asked[1::2], *(f"schools/{school}" for school in "123")}
    assert made == {f"{tree}/okrug/2026/{one}.html" for tree in ("reports", "public") for one in (*reports, "index")}
    page = (tmp_path / "public" / "okrug" / "2026" / "50_identification.html").read_text(encoding="utf-8")
    words = re.sub(r"<[^>]+>", "", page).replace("\u00a0", " ")
    assert "К категории «группа риска» отнесена 1 школа из 3 (33 %): ООШ № 2." in words
    plan = (tmp_path / "reports" / "okrug" / "2026" / "90_support_plan.html").read_text(encoding="utf-8")
    assert "Повод для адресных рекомендаций есть у 2 школ из 3" in re.sub(r"<[^>]+>", "", plan).replace("\u00a0", " ")
