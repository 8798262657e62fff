"""A category that a method declares: the reader, the checks, the template, the list and the words of pages follow it, without a line of code."""

import io
from pathlib import Path

import openpyxl
import pytest

from shnor_lib.inputs.dictionary import choices
from shnor_lib.inputs.own import CATEGORY_WORDS, enter
from shnor_lib.inputs.template import template_workbook
from shnor_lib.office.assemble import assemble_office, open_office
from shnor_lib.office.gather import read_corrected
from shnor_lib.pages.words import CATEGORIES
from shnor_lib.params.yaml_files import ParamsError
from shnor_lib.runs.prepare import prepare_office
from tests.runs.workspaces import make_workspace

CATEGORY = """
  far_schools:
    abbreviation: дальние
    title: Дальние школы
    when: {none: [{category: low_results}]}
    reference: решение муниципалитета
"""
HEADER = "school_id,category,decision,reason,decided_by,decided_on\n"


@pytest.fixture
def workspace(tmp_path: Path):
    folder = make_workspace(tmp_path, {"alpha": [2021], "beta": [2021]})
    method = folder / "params" / "methods" / "fioko-2021.yml"
    method.write_text(method.read_text(encoding="utf-8").rstrip("\n") + CATEGORY, encoding="utf-8")
    yield folder
    enter(tmp_path / "nowhere", None)


def experts(folder: Path, category: str) -> str:
    raw = folder / "data" / "raw" / "alpha" / "2021"
    first = (raw / "schools.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    row = f"{first},{category},exclude,рядом,комиссия,2021-06-01\n"
    (raw / "expert_decisions.csv").write_text(HEADER + row, encoding="utf-8")
    return first


@pytest.mark.parametrize("category", ["far_schools", "дальние"])
def test_a_new_category_reaches_reader_experts_list_and_pages(workspace, category):
    first = experts(workspace, category)
    office = assemble_office(workspace, "alpha", 2021)
    rows = office.identification[office.identification["category"].eq("far_schools")].set_index("school_id")
    assert rows.at[first, "decision"] == "expert" and rows.at[first, "identified"] == "no"
    low = office.identification[office.identification["category"].eq("low_results")].set_index("school_id")[
        "calculated"
    ]
    turned = {"yes": "no", "no": "yes", "insufficient_data": "insufficient_data"}
    assert rows["calculated"].to_dict() == low.map(turned).to_dict()
    assert CATEGORIES["far_schools"] == "дальние" and CATEGORIES["low_results"] == "ШНОР"


def test_the_template_offers_it_and_a_wrong_one_is_told(workspace):
    experts(workspace, "далние")
    enter(workspace, "alpha")
    problems = read_corrected(workspace, "alpha", [2021])[0].problems
    told = problems[problems["table"].eq("expert_decisions")].iloc[0]
    assert told["cell"] == "B2" and "дальние" in told["allowed"], told.to_dict()
    assert choices("category")["far_schools"] == "дальние"
    sheets = openpyxl.load_workbook(io.BytesIO(template_workbook(2021)))
    assert "дальние" in {cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row}


def test_a_prepared_office_knows_its_categories(workspace):
    prepare_office(workspace, "alpha", 2021)
    CATEGORY_WORDS.clear()
    office = open_office("alpha", 2021, workspace=workspace)
    assert "far_schools" in office.method.categories and CATEGORIES["far_schools"] == "дальние"


def test_the_method_of_the_office_has_the_first_word(workspace):
    path = workspace / "params" / "methods" / "fioko-2021.yml"
    text = path.read_text(encoding="utf-8").replace("  low_results:\n", "  low_results:\n    abbreviation: ШНРО\n", 1)
    path.write_text(text, encoding="utf-8")
    enter(workspace, "alpha")
    assert CATEGORIES["low_results"] == "ШНРО" and choices("category")["low_results"] == "ШНОР"


def test_a_broken_method_is_told_where_it_is_used(workspace):
    (workspace / "params" / "methods" / "aaa.yml").write_text("title: [\n", encoding="utf-8")
    enter(workspace, "alpha")
    assert CATEGORIES["far_schools"] == "дальние"


TARGET = """targets:
  far:
    title: Доля дальних школ
    schools: far_schools
    formula: share_identified
    goal: at_most
    value: 0.5
    year: 2023
    reference: паспорт
"""


def test_a_target_may_be_about_a_category_of_the_method(workspace):
    path = workspace / "params" / "alpha.yml"
    given = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    path.write_text(given + TARGET, encoding="utf-8")
    experts(workspace, "far_schools")
    office = assemble_office(workspace, "alpha", 2021)
    (row,) = office.targets.itertuples()
    assert (row.numerator, row.schools) == (0, 1)  # experts took one school off; of the others nothing is known
    path.write_text(given + TARGET.replace("far_schools", "fat_schools"), encoding="utf-8")
    line = given.count("\n") + 4
    with pytest.raises(
        ParamsError, match=rf"params/alpha.yml:{line}: .*«fat_schools» нет ни в одной методике.*«far_schools»"
    ):
        assemble_office(workspace, "alpha", 2021)
