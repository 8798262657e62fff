"""Questions, exams, subjects, breaks and risk factors that a workspace declares: from one entry of YAML to every place that reads codes."""

import io
from pathlib import Path

import openpyxl
import pytest

from shnor_lib.analyses.results import section_of
from shnor_lib.analyses.risks import risk_factors
from shnor_lib.inputs.breaks import broken_between, not_alike, series_breaks, unlike_others, was_held
from shnor_lib.inputs.dictionary import choices, procedure_label
from shnor_lib.inputs.own import enter
from shnor_lib.inputs.template import template_workbook
from shnor_lib.office.assemble import assemble_office, open_office
from shnor_lib.office.gather import DataInvalid, inspect
from shnor_lib.office.scope import scope_of
from shnor_lib.params.yaml_files import ParamsError
from shnor_lib.runs.prepare import prepare_office
from shnor_lib.workspace import WorkspaceError, check_id
from tests.runs.workspaces import make_workspace

SURVEY = "hot_meals: в школе кормят горячим\n"
PROCEDURES = "exams:\n  NIKO: {label: НИКО, grades: [6, 8]}\nsubjects:\n  drawing: черчение\n"
BREAKS = """- {exam: NIKO, year: 2020, not_held: ["*"], text: НИКО не проводились}
- {exam: NIKO, year: 2019, subjects: [drawing], text: черчения ещё не было, municipalities: [beta]}
"""
RISKS = """risk_factors:
  no_hot_meals:
    title: Нет горячего питания
    short: Питание
    zone: нет горячего питания
    group: social
    indicator: survey_yes
    part: hot_meals
    rule: at_most
    high: 0
    reference: решение муниципалитета
"""
FILES = {"survey": SURVEY, "procedures": PROCEDURES, "breaks": BREAKS, "risk_factors": RISKS}


@pytest.fixture
def workspace(tmp_path: Path):
    folder = make_workspace(tmp_path, {"alpha": [2021], "beta": [2021]})
    for name, text in FILES.items():
        (folder / "params" / f"{name}.yml").write_text(text, encoding="utf-8")
    raw = folder / "data" / "raw" / "alpha" / "2021"
    first = (raw / "schools.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    (raw / "survey.csv").write_text(
        f"school_id,question,answer\n{first},в школе кормят горячим,нет\n", encoding="utf-8"
    )
    rows = f"{first},НИКО,Черчение,8,20,4,6,6,4\n{first},НИКО,черчение,7,20,4,6,6,4\n"
    header = "school_id,exam,subject,grade,participants,mark_2,mark_3,mark_4,mark_5\n"
    (raw / "exam_results.csv").write_text(header + rows, encoding="utf-8")
    yield folder
    enter(tmp_path / "nowhere", None)


def test_codes_reach_reader_check_indicator_template_and_risk(workspace):
    office = assemble_office(workspace, "alpha", 2021)
    found = office.indicators[office.indicators["level"].eq("school")].set_index("indicator")["value"]
    assert found["pass_rate[NIKO/drawing/8]"] == 0.8 and found["survey_yes[hot_meals]"] == 0
    assert procedure_label("NIKO/drawing/8") == "НИКО, черчение, 8 класс" and section_of("NIKO/drawing/8") == "vpr"
    problems = inspect(workspace, "alpha", [2021]).problems
    assert problems[problems["check"].eq("exam_grade")]["cell"].tolist() == ["D3"], "grade 7 is not one of theirs"
    assert "no_hot_meals" in risk_factors(office.profile.risk_factors)
    lists = openpyxl.load_workbook(io.BytesIO(template_workbook(2021)))
    words = {cell for sheet in lists for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"НИКО", "черчение", "в школе кормят горячим"} <= words


def test_breaks_hold_where_they_are_declared(workspace):
    enter(workspace, "alpha")
    assert not was_held("NIKO/drawing/8", 2020) and broken_between("NIKO/drawing/8", 2019, 2019) == ""
    enter(workspace, "beta")
    assert broken_between("NIKO/drawing/8", 2019, 2019) == "2019: черчения ещё не было"


def test_two_exams_of_nine_graders_in_a_region_of_the_experiment_break_its_series_alone(workspace):
    beta = workspace / "params" / "beta.yml"
    region = next(line for line in beta.read_text(encoding="utf-8").splitlines() if line.startswith("region:"))
    beta.write_text(beta.read_text(encoding="utf-8").replace(region, "region: Опытная область"), encoding="utf-8")
    (workspace / "params" / "breaks.yml").write_text(
        "- {exam: OGE, year: 2026, kept: [russian, maths], text: ОГЭ по двум предметам, regions: [Опытная область]}\n",
        encoding="utf-8",
    )
    enter(workspace, "beta")
    assert not_alike("OGE/physics/9", 2025, 2026) == "2026: ОГЭ по двум предметам" and not not_alike(
        "OGE/maths/9", 2025, 2026
    )
    enter(workspace, "alpha")
    assert not_alike("OGE/physics/9", 2025, 2026) == ""


def test_what_is_so_from_a_year_on_parts_the_years_before_from_those_since(workspace):
    (workspace / "params" / "breaks.yml").write_text(
        "- {exam: OGE, year: 2026, kept: [russian, maths], text: ОГЭ по двум предметам, lasting: true}\n"
        "- {exam: VPR, year: 2027, not_held: ['*'], text: ВПР отменены, lasting: true}\n",
        encoding="utf-8",
    )
    enter(workspace, "alpha")
    told = "с 2026 года: ОГЭ по двум предметам"
    assert [not_alike("OGE/physics/9", *years) for years in ((2025, 2026), (2024, 2028), (2026, 2028), (2023, 2025))] == [
        told, told, "", "",
    ]  # fmt: skip
    assert not_alike("OGE/maths/9", 2025, 2027) == "" == broken_between("OGE/physics/9", 2026, 2027)
    assert broken_between("OGE/physics/9", 2025, 2027) == told
    assert [unlike_others("OGE/physics/9", year, 2027) for year in (2025, 2026, 2027)] == [told, "", ""]
    assert unlike_others("OGE/physics/9", 2024, 2025) == "", "what is to come parts nothing yet"
    assert [was_held("VPR/maths/5", year) for year in (2026, 2027, 2030)] == [True, False, False]
    assert series_breaks([2025, 2027]) == [told, "с 2027 года: ВПР отменены"]
    assert series_breaks([2027, 2028]) == [] == series_breaks([])


def test_what_is_kept_knows_them_and_a_change_makes_it_stale(workspace, tmp_path):
    assert prepare_office(workspace, "alpha", 2021)["status"] == "made"
    enter(tmp_path / "nowhere", None)
    assert "NIKO" not in choices("exam")
    open_office("alpha", 2021, workspace=workspace)
    assert choices("exam")["NIKO"] == "НИКО"
    (workspace / "params" / "procedures.yml").write_text(PROCEDURES.replace("черчение", "рисунок"), encoding="utf-8")
    with pytest.raises(DataInvalid):
        open_office("alpha", 2021, workspace=workspace)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("survey", "hot_meals", "needs_repair", "уже занято"),
        ("survey", "в школе кормят горячим", "дефицит учебных материалов", "уже занято"),
        ("procedures", "label: НИКО", "label: ВПР", "уже занято"),
        ("procedures", "drawing", "maths", "уже занято"),
        ("procedures", "[6, 8]", "[6, 12]", "12"),
        ("procedures", "subjects", "subject", "subjects"),
        ("breaks", "exam: NIKO, year: 2020", "exam: NIK, year: 2020", "возможно, имелось в виду «NIKO»"),
        ("breaks", "[beta]", "[betta]", "возможно, имелось в виду «beta»"),
        ("breaks", "municipalities: [beta]", "regions: [Нигде]", "Нигде"),
        ("breaks", "[drawing]", "[drawings]", "возможно, имелось в виду «drawing»"),
        ("risk_factors", "part: hot_meals", "part: hot_meal", "возможно, имелось в виду «hot_meals»"),
        ("risk_factors", "high: 0", "high: 3", "не доля"),
        ("risk_factors", "indicator: survey_yes", "indicator: survey_yess", "survey_yes"),
    ],
)
def test_a_wrong_entry_is_refused_with_file_line_and_nearest(workspace, file, old, new, said):
    (workspace / "params" / f"{file}.yml").write_text(FILES[file].replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ParamsError) as caught:
        scope_of(workspace, "alpha", 2021)
    assert str(caught.value).startswith(f"params/{file}.yml:") and said in str(caught.value)


def test_a_norm_of_posts_that_no_column_counts_is_refused_with_the_nearest_and_the_way(workspace):
    norms = "staff_norms:\n  psychologist: {per: pupils, children: 300, reference: решение муниципалитета}\n"
    (workspace / "params" / "risk_factors.yml").write_text(norms, encoding="utf-8")
    with pytest.raises(ParamsError, match=r"^params/risk_factors.yml:2: .*«psychologists».*со столбца этой таблицы"):
        scope_of(workspace, "alpha", 2021)


@pytest.mark.parametrize("name", FILES)
def test_no_office_takes_the_name_of_a_list(name):
    with pytest.raises(WorkspaceError, match="имя занято"):
        check_id(name, "Муниципалитет")
