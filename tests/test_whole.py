"""The main job on the data that ship: every report is made and passes the checks of a report."""

import json
import re

import pytest

from tests.reports.checks import LARGEST, file_problems, problems
from tests.shipped import REGION, ROOT, SHIPPED, pages_of

REPORTS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb") if path.stem != "05_region")


@pytest.mark.parametrize("year", [2019, 2020, 2021])
def test_all_reports_are_made_for_demo(all_reports, year):
    assert sorted(pages_of(all_reports, "demo", year)) == REPORTS


@pytest.mark.parametrize(("municipality", "year"), SHIPPED)
def test_what_every_office_leaves(all_reports, municipality, year):
    folder = all_reports / "reports" / municipality / str(year)
    made = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert {"00_overview", "10_data_quality"} <= set(pages_of(all_reports, municipality, year))
    assert (folder / "index.html").exists() and (folder / "tables" / "tables.xlsx").exists() and made["reports"]
    assert (all_reports / "reports" / "index.html").exists()


@pytest.mark.parametrize(("municipality", "year"), SHIPPED)
def test_every_report_passes_the_checks(all_reports, municipality, year):
    for name, path in pages_of(all_reports, municipality, year).items():
        html = path.read_text(encoding="utf-8")
        assert not problems(html, largest=LARGEST[name]), f"{municipality} {year} {name}"
        assert not file_problems(html, path.parent / "tables"), f"{municipality} {year} {name}"


@pytest.mark.parametrize(("municipality", "year"), SHIPPED)
def test_every_page_of_a_school_passes_the_checks(all_reports, municipality, year):
    folder = all_reports / "reports" / municipality / str(year)
    for path in sorted(folder.glob("schools/*.html")):
        html = path.read_text(encoding="utf-8")
        assert not problems(html, largest=150_000), f"{municipality} {year} {path.name}"
        assert not file_problems(html, folder / "tables"), f"{municipality} {year} {path.name}"


def test_every_link_leads_to_a_file(all_reports):
    dead = [
        f"{page.relative_to(all_reports)}: {address}"
        for page in (all_reports / "reports").rglob("*.html")
        for address in set(re.findall(r'<a [^>]*href="([^"#]+)"', page.read_text(encoding="utf-8")))
        if not (page.parent / address).exists()
    ]
    assert dead == []


@pytest.mark.parametrize(("municipality", "year"), SHIPPED)
def test_every_file_with_a_column_of_schools_has_their_codes(all_reports, municipality, year):
    files = sorted((all_reports / "reports" / municipality / str(year) / "tables").glob("*.csv"))
    heads = {path.name: path.read_text(encoding="utf-8-sig").split("\n", 1)[0].split(";") for path in files}
    assert heads and [name for name, head in heads.items() if "Школа" in head and "Школа, код" not in head] == []


@pytest.mark.parametrize(("municipality", "year"), [("demo", 2021)])
def test_every_report_of_the_fictional_office_says_so(all_reports, municipality, year):
    for path in pages_of(all_reports, municipality, year).values():
        assert "Демонстрационные данные: вымышленный муниципалитет" in path.read_text(encoding="utf-8")


def test_report_of_a_region_passes_the_checks(all_reports):
    page = pages_of(all_reports, REGION, 2021)["05_region"]
    assert not problems(page.read_text(encoding="utf-8"))


def test_overview_of_lesozavodsk_prints_its_published_figures(all_reports):
    page = pages_of(all_reports, "lesozavodsk", 2021)["00_overview"]
    figures = page.parent / "tables" / "municipality_figures.csv"
    text = (page.read_text(encoding="utf-8") + figures.read_text(encoding="utf-8-sig")).replace("\u00a0", " ")
    for figure in (
        "3 школы из 14 (21 %)",
        "57,1 %",
        "42,9 %",
        "18,6 %",
        "23,7 %",
        "33,9 %",
        "77,8 %",
        "11,1 %",
        "44,4 %",
        "93,6 %",
        "12,5 %",
        "29,9 %",
        "93,8 %",
    ):
        assert figure in text, figure


def test_data_quality_of_lesozavodsk_tells_both_contradictions(all_reports):
    text = (
        pages_of(all_reports, "lesozavodsk", 2021)["10_data_quality"].read_text(encoding="utf-8").replace("\u00a0", " ")
    )
    assert "Документ заявляет годы 2019, 2020; в таблице – 2019, 2021" in text
    assert "проведён скоростной интернет" in text and "Сведения противоречат друг другу в 2 случаях" in text
