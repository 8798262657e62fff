"""A workspace's own indicators: refused with file and line when a row is wrong, and carried to every place an indicator goes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from shnor_lib.cli import main
from shnor_lib.criteria.rules import threshold_form
from shnor_lib.indicators import catalogue, compute_store, read_catalogue
from shnor_lib.indicators.formulas import example
from shnor_lib.office.assemble import assemble_office
from shnor_lib.office.disclosure.suppress import suppress_indicators
from shnor_lib.office.kept import pack_office, unpack_office
from shnor_lib.pages.page import format_of
from shnor_lib.pages.views.annex import show_annex
from shnor_lib.pages.views.school_passports import result_title
from shnor_lib.params.yaml_files import ParamsError
from shnor_lib.runs.prepare import prepare_office

OWN = """
own_staff:
  title: Свои показатели
  table: staff
  indicators:
    young_men_rate:
      label: Мужчин на одного молодого педагога
      rule: men / age_under_35
      formula: мужчины / до 35 лет
      reference: проверка
      shown_in: [40_context_risks]
    psychologists_per_teacher:
      label: Психологов на сто педагогов
      rule: 100 psychologists / pedagogues | teachers
      formula: 100 · ставки / педагоги
      unit: number
      reference: проверка
"""


def workspace(folder: Path, text: str) -> Path:
    (folder / "params").mkdir()
    (folder / "params" / "indicators.yml").write_text(text, encoding="utf-8")
    return folder


def test_own_rows_stand_after_those_of_the_package(tmp_path):
    known = read_catalogue(workspace(tmp_path, OWN))
    assert list(known) == [*catalogue(), "young_men_rate", "psychologists_per_teacher"]
    assert set(known.own["own_staff"].indicators) == {"young_men_rate", "psychologists_per_teacher"}
    assert known.own["own_staff"].title == "Свои показатели"
    assert known["psychologists_per_teacher"].needs == "staff.psychologists; staff.pedagogues; staff.teachers"
    assert [one.name for one in known.shown_in("40_context_risks")] == ["young_men_rate"]


def test_without_a_file_the_catalogue_is_that_of_the_package(tmp_path):
    assert read_catalogue(tmp_path) is catalogue()


@pytest.mark.parametrize(
    ("wrong", "right", "line", "told"),
    [
        ("men / age_under_35", "man / age_under_35", 8, ["нет числового столбца «man»", "«men»"]),
        ("men / age_under_35", "men / staf.age_under_35", 8, ["нет таблицы «staf»", "«staff»"]),
        ("men / age_under_35", "(men + managers) / age_under_35", 8, ["правило", "не понятно", "часть / целое"]),
        ("men / age_under_35", "men", 6, ["rate нужно целое"]),
        ("unit: number", "unit: thing", 16, ["unit", "недопустимое значение", "'count'"]),
        ("    young_men_rate:", "    young_men_index:", 6, ["rate кончается на _rate или _share"]),
        ("    young_men_rate:", "    teachers_men_rate:", 6, ["teachers_men_rate", "уже занято"]),
        ("[40_context_risks]", "[40_context]", 11, ["отчёта «40_context» нет", "«40_context_risks»"]),
        ("formula: мужчины", "formule: мужчины", 9, ["неизвестный ключ", "«formula»"]),
        ("  table: staff", "  table: staf", 4, ["нет таблицы «staf»", "«staff»"]),
        ("    psychologists_per_teacher:", "    young_men_rate:", 12, ["ключ повторяется"]),
    ],
)
def test_a_wrong_row_is_refused_with_file_and_line(tmp_path, wrong, right, line, told):
    assert OWN.count(wrong) == 1
    with pytest.raises(ParamsError) as refused:
        read_catalogue(workspace(tmp_path, OWN.replace(wrong, right)))
    assert any(one.startswith(f"params/indicators.yml:{line}: ") for one in refused.value.problems), (
        refused.value.problems
    )
    for words in told:
        assert words in str(refused.value), refused.value.problems


def test_a_second_definition_in_another_chapter_is_refused(tmp_path):
    text = OWN + OWN.replace("own_staff:", "again:").split("    psychologists")[0]
    with pytest.raises(
        ParamsError, match=r"params/indicators.yml:2\d: «again.indicators.young_men_rate»: .*уже занято"
    ):
        read_catalogue(workspace(tmp_path, text))


def test_a_taken_name_is_told_with_the_other_faults(tmp_path):
    text = OWN.replace("    young_men_rate:", "    teachers_men_rate:").replace("unit: number", "unit: thing")
    with pytest.raises(ParamsError) as refused:
        read_catalogue(workspace(tmp_path, text))
    assert [one.split(": ")[0] for one in refused.value.problems] == [
        f"params/indicators.yml:{line}" for line in (6, 16)
    ]


def test_what_nobody_delivered_is_unknown_with_its_column(tmp_path):
    known = read_catalogue(workspace(tmp_path, OWN))
    rows = compute_store({"staff": example(men=[3, 1], pedagogues=[20, 10])}, known).long()
    own = rows[rows["indicator"].eq("young_men_rate")]
    assert own["value"].isna().all() and len(own) == 2
    assert set(own["cause"]) == {"not_delivered"} and set(own["needs"]) == {"staff.age_under_35"}


# --- from the workspace's YAML to the list ---------------------------------------------------------------------------

SCHOOLS = "school_id,name,kind,locality,highest_grade,pupils\n" + "".join(
    f"{n:03},Школа {n},СОШ,urban,11,{n}00\n" for n in range(1, 7)
)
STAFF = "school_id,pedagogues,men,age_under_35\n" + "".join(
    f"{n:03},40,{n},{10 if n < 6 else ''}\n" for n in range(1, 7)
)
PROFILE = """
title: Проверочный округ
short_title: Проверочный округ
region: Область
document: проверка
method: own
years: [2021]
fictional: true
targets:
  young:
    title: Мужчин среди молодых
    indicator: young_men_rate
    schools: all
    goal: at_most
    value: 0.5
    year: 2023
    reference: проверка
"""
METHOD = """
title: Своя методика
document: проверка
description: проверка
indices:
  staff_index:
    title: Индекс
    reference: проверка
    minimum_available: 0.5
    components:
      young: {indicator: young_men_rate, direction: -1, short: Молодые, reference: проверка}
      men: {indicator: teachers_men_rate, direction: -1, short: Мужчины, reference: проверка}
criteria:
  young:
    category: adverse_conditions
    ground: staff
    title: Мужчин на молодого педагога не меньше {threshold}
    short: Молодые
    indicator: young_men_rate
    rule: at_least
    threshold: 0.4
    reference: проверка
decisions:
  adverse_conditions: {at_least: 1, reference: проверка}
"""


@pytest.fixture(scope="module")
def office_folder(tmp_path_factory) -> Path:
    folder = workspace(tmp_path_factory.mktemp("own"), OWN)
    (folder / "params" / "town.yml").write_text(PROFILE, encoding="utf-8")
    (folder / "params" / "methods").mkdir()
    (folder / "params" / "methods" / "own.yml").write_text(METHOD, encoding="utf-8")
    raw = folder / "data" / "raw" / "town" / "2021"
    raw.mkdir(parents=True)
    (raw / "SOURCES.yml").write_text("kind: demonstration\ndocument: Проверка\n", encoding="utf-8")
    (raw / "schools.csv").write_text(SCHOOLS, encoding="utf-8")
    (raw / "staff.csv").write_text(STAFF, encoding="utf-8")
    return folder


def test_an_own_indicator_called_like_an_index_of_the_method_is_refused(office_folder, tmp_path):
    folder = tmp_path / "taken"
    shutil.copytree(office_folder, folder)
    method = folder / "params" / "methods" / "own.yml"
    method.write_text(METHOD.replace("staff_index:", "young_men_rate:"), encoding="utf-8")
    with pytest.raises(ParamsError, match=r"methods/own.yml:6: «indices.young_men_rate»: имя .* уже есть в каталоге"):
        assemble_office(folder, "town", 2021)


def test_an_own_indicator_travels_to_criterion_index_target_and_list(office_folder):
    """Schools 1–5 have n men on 10 young teachers; the sixth does not say how many are young."""
    office = assemble_office(office_folder, "town", 2021)
    verdicts = office.verdicts.set_index("school_id")
    assert verdicts["verdict"].tolist() == ["not_met"] * 3 + ["met"] * 2 + ["not_assessed"]
    assert verdicts["value"].tolist()[:5] == [0.1, 0.2, 0.3, 0.4, 0.5]
    assert office.identification["identified"].tolist() == ["no"] * 3 + ["yes"] * 2 + ["insufficient_data"]
    young = office.components[office.components["component"].eq("young")]
    assert young["normalised"].tolist()[:5] == pytest.approx([100, 75, 50, 25, 0])
    target = office.targets.iloc[0]
    assert target["value"] == pytest.approx(15 / 50) and target["state"] == "held"
    rows = office.indicators[office.indicators["indicator"].eq("young_men_rate")]
    assert rows.loc[rows["level"].eq("municipality"), "value"].tolist() == [pytest.approx(0.3)]
    shown = office.store.shown_in("40_context_risks", 2021)
    assert set(shown["label"]) == {"Мужчин на одного молодого педагога"} and len(shown) == 8
    assert shown["value"].tolist()[:5] == [0.1, 0.2, 0.3, 0.4, 0.5]
    lacking = rows[rows["school_id"].eq("006")].iloc[0]
    assert (lacking["cause"], lacking["needs"]) == ("not_delivered", "staff.age_under_35")
    if "cause" in verdicts:
        assert verdicts.loc["006", ["cause", "needs"]].tolist() == ["not_delivered", "staff.age_under_35"]


def test_an_own_indicator_stands_in_the_report_it_asks_for(office_folder):
    office = assemble_office(office_folder, "town", 2021)
    shown, _ = show_annex(office, "40_context_risks").items
    page = shown.html()
    assert shown.name == "shown_rows"
    assert "Мужчин на одного молодого педагога" in page and "Школа 5" in page and "50" in page
    assert len(show_annex(office, "00_overview").items) == 1, "only how the page was made"


def test_criteria_on_an_own_indicator_are_told_in_its_own_unit(office_folder):
    office = assemble_office(office_folder, "town", 2021)
    assert format_of(office, "young_men_rate") == "percent"
    assert result_title(office, "young_men_rate").startswith("Мужчин на одного молодого педагога")
    assert threshold_form(office.method.criteria["young"], office.catalogue) == "percent"


def test_an_office_keeps_its_own_indicators(office_folder):
    kept = unpack_office(pack_office(assemble_office(office_folder, "town", 2021)))
    assert kept.catalogue.label("young_men_rate") == "Мужчин на одного молодого педагога"


def test_few_pupils_of_an_own_indicator_are_hidden(tmp_path):
    own = OWN.replace("table: staff", "table: schools").replace("men / age_under_35", "transported_pupils / pupils")
    known = read_catalogue(workspace(tmp_path, own.split("    psychologists")[0]))
    schools = example(municipality=["m"] * 3, transported_pupils=[2, 30, 40], pupils=[100, 90, 80])
    rows = compute_store({"schools": schools}, known, only=["young_men_rate"]).long(municipality=True)
    shown = suppress_indicators(rows, 5, known=known).set_index("school_id")
    assert shown.loc["1", "hidden"] and pd.isna(shown.loc["1", "value"]) and shown.loc["1", "cause"] == "hidden"


def test_an_own_indicator_is_in_the_files_that_are_kept(office_folder):
    made = prepare_office(office_folder, "town", 2021)
    assert made["status"] == "made", made
    table = pd.read_parquet(office_folder / "data" / "processed" / "town" / "2021" / "indicators.parquet")
    assert table.loc[table["indicator"].eq("young_men_rate"), "value"].tolist()[:5] == [0.1, 0.2, 0.3, 0.4, 0.5]


@pytest.mark.parametrize(
    ("file", "found", "other", "told"),
    [
        ("indicators.yml", "men / age_under_35", "man / age_under_35", "params/indicators.yml:8: "),
        ("methods/own.yml", "indicator: young_men_rate\n", "indicator: yong_men_rate\n", "«young_men_rate»"),
        ("town.yml", "indicator: young_men_rate\n", "indicator: yong_men_rate\n", "params/town.yml:"),
    ],
)
def test_the_command_line_leaves_with_4(office_folder, file, found, other, told):
    path = office_folder / "params" / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(found, other), encoding="utf-8")
    try:
        asked = ["--workspace", str(office_folder), "identify", "-m", "town", "-y", "2021"]
        result = CliRunner().invoke(main, asked)
    finally:
        path.write_text(text, encoding="utf-8")
    assert result.exit_code == 4, result.output
    assert told in result.output
