"""A category, a procedure, a question and a risk factor: one entry of YAML each, from the template to the public edition."""

import io
from pathlib import Path

import openpyxl
import pytest

from shnor_lib.inputs.own import enter
from shnor_lib.inputs.template import template_workbook
from shnor_lib.office.assemble import assemble_office
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.office.gather import inspect
from tests.reports.test_categories import said
from tests.runs.workspaces import make_workspace

ENTRIES = {
    "procedures": "exams:\n  NIKO: {label: НИКО, grades: [8]}\nsubjects:\n  drawing: черчение\n",
    "survey": "hot_meals: в школе кормят горячим\n",
    "risk_factors": """risk_factors:
  no_hot_meals: {title: Горячее питание, short: Питание, zone: нет горячего питания, group: social, indicator: survey_yes,
    part: hot_meals, rule: at_most, high: 0, in_matrix: true, reference: решение муниципалитета}
""",
}
CRITERION = """  weak_drawing: {category: watched, ground: results, title: "НИКО: не менее {threshold:%} ниже минимума", short: НИКО,
    indicator: below_minimum_rate, parts: [NIKO/drawing/8], rule: at_least, threshold: 0.3, reference: решение муниципалитета}

decisions:
  watched: {abbreviation: под наблюдением, title: Школы под наблюдением, reference: решение муниципалитета}
"""
RESULTS = """s01,NIKO,черчение,8,40,20,10,5,5
s02,НИКО,drawing,8,40,4,16,10,10
s03,НИКО,черчение,8,20,4,6,5,5
s03,НИКО,черчение,9,20,4,6,5,5
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder: Path = make_workspace(tmp_path_factory.mktemp("entries"), {"alpha": [2021]})
    params, raw = folder / "params", folder / "data" / "raw" / "alpha" / "2021"
    for name, text in ENTRIES.items():
        (params / f"{name}.yml").write_text(text, encoding="utf-8")
    method = params / "methods" / "fioko-2021.yml"
    text = method.read_text(encoding="utf-8")
    assert text.count("\ndecisions:\n") == 1
    method.write_text(text.replace("\ndecisions:\n", CRITERION), encoding="utf-8")
    with (raw / "exam_results.csv").open("a", encoding="utf-8") as rows:
        rows.write(RESULTS)
    (raw / "survey.csv").write_text(
        "school_id,question,answer\ns01,в школе кормят горячим,нет\ns02,hot_meals,да\n", encoding="utf-8"
    )
    yield folder
    enter(folder / "nowhere", None)


@pytest.fixture(scope="module")
def office(workspace):
    return assemble_office(workspace, "alpha", 2021)


def test_the_template_offers_them_and_the_check_knows_their_grades(workspace, office):
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(2021)))
    words = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"НИКО", "черчение", "в школе кормят горячим", "под наблюдением"} <= words
    problems = inspect(workspace, "alpha", [2021]).problems
    assert problems.loc[problems["check"].eq("exam_grade"), "cell"].tolist() == ["D8"]


def test_the_list_is_made(office):
    answers = office.identification[office.identification["category"].eq("watched")].set_index("school_id")
    assert answers["identified"].to_dict() == {"s01": "yes", "s02": "no", "s03": "no"}


PAGES = {
    "50_identification": ("категории «под наблюдением» отнесена", "НИКО: не менее 30 % ниже минимума"),
    "40_context_risks": ("Горячее питание", "нет горячего питания"),
    "95_school_passports": ("под наблюдением", "Высокий риск: питание – нет", "НИКО, черчение, 8 класс"),
    "90_support_plan": ("НИКО: не менее 30 % ниже минимума", "Разобрать результаты с учителями"),
    "99_method": ("под наблюдением – «НИКО: не менее 30 % ниже минимума» (решение муниципалитета)",),
}


@pytest.mark.parametrize("audience", ["internal", "public"])
@pytest.mark.parametrize("report", PAGES)
def test_N12_the_pages_and_their_public_edition_name_them(office, report, audience):
    edition = public_edition(office) if audience == "public" else office
    text = said(report, edition).replace("\u00a0", " ")
    assert [words for words in PAGES[report] if words not in text] == []
