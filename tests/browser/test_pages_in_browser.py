"""Pages in a real browser: offline, accessible, valid, whole on paper, narrow enough for a phone.

Needs Chromium, node, pdftotext and the modules of this folder (`npm ci` in tests/browser); without them the tests are skipped and
say what is missing. `browser_problems` is for any finished page.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from shnor_lib.pages.cells import Column
from shnor_lib.pages.export.html import Beside, export_html
from shnor_lib.pages.export.index import office_index, reports_index
from shnor_lib.pages.tables import Table
from shnor_lib.runs import run_reports
from tests.pages.export.test_index import BROKEN, OFFICE
from tests.reports.sample import notebook, sample_notebook, title
from tests.shipped import REGION, ROOT, pages_of
from tools.simulation import simulate_office
from tools.simulation.schools import draw_schools
from tools.simulation.writing import cells_of, write_tables, write_year_sources

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def missing_tools() -> str:
    """What the browser checks lack on this machine, in words; empty when nothing."""
    if shutil.which("node") is None:
        return "нет node"
    if not Path(CHROMIUM).exists():
        return f"нет браузера {CHROMIUM} (переменная CHROMIUM)"
    if shutil.which("pdftotext") is None:
        return "нет pdftotext (poppler-utils)"
    if not (HERE / "node_modules" / "playwright-core").exists():
        return "нет модулей node: выполните npm ci в tests/browser"
    return ""


needs_browser = pytest.mark.skipif(bool(missing_tools()), reason=missing_tools() or "всё есть")


def browser_problems(*pages: Path) -> dict[str, list[str]]:
    """Problems the browser finds: page -> sentences."""
    command = ["node", str(HERE / "check_pages.mjs"), *(str(page) for page in pages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


AWKWARD = {
    "report": lambda: export_html(sample_notebook()),
    "office": lambda: office_index(OFFICE),
    "refused": lambda: office_index(BROKEN),
    "all": lambda: reports_index([OFFICE, BROKEN]),
}

SOUND = """<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>Проба</title>
<style>@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } }</style></head>
<body><main><h1>Проба</h1><p>Текст.</p></main></body></html>"""

BREAKAGES = {
    "request": ("<p>", '<img src="https://example.invalid/a.png" alt="рисунок"><p>', "запрос https://example.invalid"),
    "console": ("<p>", "<script>console.error('плохо')</script><p>", "консоль: плохо"),
    "contrast": ("<p>", '<p style="color:#ccc">', "axe color-contrast"),
    "no description": ("<p>", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><p>', "axe image-alt"),
    "no dark scheme": ("background: #111; color: #eee", "background: #fff", "тёмной схемы нет"),
    "dark on dark": ("color: #eee", "color: #333", "тёмная схема, контраст"),
    "too wide": ("<p>", '<p style="width:700px">', "на ширине 320"),
    "off the sheet": ("<p>", '<pre style="width:900px">Строка</pre><p>', "на листе А4 не помещается <pre>"),
    "invalid": ("<p>", "<p><div>Блок</div></p><p>", "строка 3:"),
    "language of print": ('lang="ru"', 'lang="en"', "не указан русский язык"),
    "torn table": (
        "<p>",
        '<table id="t"><thead style="display:table-row-group"><tr><th scope="col">А</th></tr></thead><tbody>'
        + '<tr><td style="height:300px">1</td></tr>' * 6
        + "</tbody></table><p>",
        "на печати разорвано: t",
    ),
    "header not repeated": (
        "<p>",
        '<div class="long"><table id="t"><thead style="display:table-row-group"><tr><th scope="col">А</th></tr></thead>'
        + "<tbody>"
        + '<tr><td style="height:300px">1</td></tr>' * 6
        + "</tbody></table></div><p>",
        "шапка таблицы t не повторяется",
    ),
}


PROFILE = """\
title: 'Округ «Новый "Край"» <b>'
region: Условная область
document: Вымышленный документ
method: lesosibirsk-2020
years: [2021]
fictional: true
"""
HOSTILE_NAMES = [
    "<script>alert(1)</script>",
    "Ш" * 200,
    "Средняя общеобразовательная школа имени " + "выдающегося земляка " * 7 + "№ 1",
    "Средняя общеобразовательная школа имени " + "выдающегося земляка " * 7 + "№ 2",
    'Школа «Имени "Икс" & Ко»',
]


def hostile_office(workspace: Path, office: str, names: list[str], tables: tuple[str, ...]) -> None:
    """An office of schools with these names and no other tables than these."""
    (workspace / "params" / f"{office}.yml").write_text(PROFILE, encoding="utf-8")
    folder = workspace / "data" / "raw" / office / "2021"
    folder.mkdir(parents=True)
    cast = draw_schools(5, len(names), prefix=office).assign(name=names, short_name=names)
    made = simulate_office(5, cast, [2021])[2021]
    written = write_tables(folder, {name: cells_of(name, made[name], 2021) for name in tables})
    write_year_sources(folder, written, "Вымышленные данные", date="2021-09-01", place="весь год")


@pytest.fixture(scope="module")
def hostile_pages(tmp_path_factory, warm_server) -> list[Path]:
    """Pages of an office whose names are long, alike or look like markup, and of one school without any results."""
    workspace = tmp_path_factory.mktemp("hostile")
    for shared in ("params/methods", "notebooks"):
        shutil.copytree(ROOT / shared, workspace / shared, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    hostile_office(workspace, "hostile", HOSTILE_NAMES, ("schools", "exam_results", "learning_marks"))
    hostile_office(workspace, "lonely", HOSTILE_NAMES[:1], ("schools",))
    shown = ["00_overview", "50_identification", "95_school_passports"]
    assert run_reports(workspace, reports=shown, jobs=2, server=warm_server).exit_code == 0
    folders = [workspace / "reports" / office / "2021" for office in ("hostile", "lonely")]
    pages = [folder / f"{name}.html" for folder in folders for name in ("00_overview", "50_identification")]
    return [*pages, folders[0] / "schools" / "hostile-002.html"]


@pytest.fixture(scope="module")
def found(tmp_path_factory, all_reports) -> dict[str, list[str]]:
    """What the browser says of all pages of this module, opened one after another; reports are under their numbers."""
    folder = tmp_path_factory.mktemp("pages")
    pages = {name: SOUND.replace(sound, broken, 1) for name, (sound, broken, _) in BREAKAGES.items()}
    for name, html in (pages | {"sound": SOUND} | {name: make() for name, make in AWKWARD.items()}).items():
        (folder / f"{name.replace(' ', '_')}.html").write_text(html, encoding="utf-8")
    reports = [*pages_of(all_reports, "demo", 2021).values(), *pages_of(all_reports, REGION, 2021).values()]
    schools = sorted(reports[0].parent.glob("schools/*.html"))[:2]
    shown = browser_problems(*sorted(folder.iterdir()), *reports, *schools)
    return {Path(page).stem: problems for page, problems in shown.items()}


@needs_browser
def test_reports_are_sound_in_a_browser_and_on_paper(found):
    reports = {name: problems for name, problems in found.items() if name[:2].isdigit()}
    assert len(reports) == 14 and {name: problems for name, problems in reports.items() if problems} == {}


@needs_browser
def test_pages_of_schools_are_sound_in_a_browser_and_on_paper(found):
    schools = {name: problems for name, problems in found.items() if name.startswith("demo-")}
    assert len(schools) == 2 and {name: problems for name, problems in schools.items() if problems} == {}


@needs_browser
def test_pages_of_awkward_data_are_sound(found):
    assert {name: found[name] for name in AWKWARD} == {name: [] for name in AWKWARD}


@needs_browser
def test_names_of_every_kind_keep_the_layout(hostile_pages):
    assert all("<script>alert" not in page.read_text(encoding="utf-8") for page in hostile_pages)
    shown = browser_problems(*hostile_pages)
    assert len(shown) == 5 and {page: problems for page, problems in shown.items() if problems} == {}


@needs_browser
def test_each_breakage_is_named(found):
    assert found["sound"] == []
    silent = {
        name: found[name.replace(" ", "_")]
        for name, (_, _, expected) in BREAKAGES.items()
        if not any(expected in problem for problem in found[name.replace(" ", "_")])
    }
    assert silent == {}


def test_the_lock_names_no_registry():
    assert "resolved" not in (HERE / "package-lock.json").read_text(encoding="utf-8")


OPTIONS = """
import { chromium } from "playwright-core";
const browser = await chromium.launch({ executablePath: process.argv[1], args: ["--no-sandbox"] });
const page = await browser.newPage();
await page.goto(process.argv[2]);
const options = await page.locator(".masthead option").allTextContents();
console.log(JSON.stringify(options));
await browser.close();
"""


@needs_browser
def test_schools_of_one_name_are_told_apart_by_their_offices(tmp_path):
    names = {"office": ["А", "Б", "Б"], "school": ["Первая", "Первая", "Вторая"], "school_id": ["1", "1", "2"]}
    columns = {"office": "Муниципалитет", "school": Column("Школа", link="school_id")}
    frame = pd.DataFrame({"municipality": ["a", "b", "b"]} | names)
    sheets = {("a", "1"): "a/2021/1", ("b", "1"): "b/2021/1", ("b", "2"): "b/2021/2"}
    table = Table(frame, "schools", "Три школы", columns, row_header=("office", "school"), sheets=sheets)
    beside = Beside(offices=frozenset({"a/2021", "b/2021"}))
    page = tmp_path / "page.html"
    page.write_text(export_html(notebook(title(), table), beside=beside), encoding="utf-8")
    command = ["node", "--input-type=module", "-e", OPTIONS, CHROMIUM, page.as_uri()]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=120, check=False)
    assert json.loads(done.stdout or "[]") == ["–", "Вторая", "Первая, А", "Первая, Б"], done.stderr
