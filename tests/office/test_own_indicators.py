"""An indicator of a workspace's own: from ``params/indicators.yml`` into the list, what is kept and what is opened again."""

from pathlib import Path

import pytest

from shnor_lib.indicators import catalogue
from shnor_lib.office.assemble import assemble_office, open_office
from shnor_lib.office.scope import scope_of
from shnor_lib.params.yaml_files import ParamsError
from shnor_lib.runs.prepare import prepare_office
from tests.runs.workspaces import make_workspace

OWN = """classes:
  title: Наполняемость
  table: schools
  indicators:
    pupils_in_a_class_mean:
      label: Учеников в классе
      rule: pupils / classes
      formula: обучающиеся / классы
      unit: number
      pooling: ratio
      reference: наше наблюдение
"""
METHOD = """title: Малые классы
document: Наше правило
description: Классы меньше {small_classes.threshold} учеников
criteria:
  small_classes:
    category: low_results
    ground: resources
    title: "В классе меньше {threshold:ученика|учеников|учеников}"
    short: Малые классы
    indicator: pupils_in_a_class_mean
    rule: below
    threshold: 15
    reference: наше правило
decisions:
  low_results: {reference: наше правило}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = make_workspace(tmp_path, {"alpha": [2021]})
    (folder / "params" / "indicators.yml").write_text(OWN, encoding="utf-8")
    (folder / "params" / "methods" / "classes.yml").write_text(METHOD, encoding="utf-8")
    return folder


def test_it_judges_schools_under_its_own_name(workspace):
    office = assemble_office(workspace, "alpha", 2021, method="classes")
    values = office.verdicts.set_index("school_id")[["value", "verdict"]]
    assert values["value"].tolist() == [25.0, 25.0, 10.0]
    assert values["verdict"].tolist() == ["not_met", "not_met", "met"]
    assert office.identification["identified"].tolist() == ["no", "no", "yes"]
    assert office.method.criteria["small_classes"].title == "В классе меньше 15 учеников"


def test_what_is_kept_knows_it_still(workspace):
    assert prepare_office(workspace, "alpha", 2021)["status"] == "made"
    office = open_office("alpha", 2021, workspace=workspace)
    assert "pupils_in_a_class_mean" in office.catalogue
    assert "pupils_in_a_class_mean" in set(office.indicators["indicator"])
    assert office.catalogue.label("pupils_in_a_class_mean") == "Учеников в классе"
    assert "pupils_in_a_class_mean" not in catalogue(), "other workspaces do not have it"
    (workspace / "params" / "indicators.yml").write_text(OWN.replace("Учеников", "Детей"), encoding="utf-8")
    assert open_office("alpha", 2021, workspace=workspace).catalogue.label("pupils_in_a_class_mean") == "Детей в классе"


def test_a_column_that_nobody_delivered_is_named_and_never_zero(workspace):
    schools = workspace / "data" / "raw" / "alpha" / "2021" / "schools.csv"
    lines = [line.rpartition(",")[0] for line in schools.read_text(encoding="utf-8").splitlines()]
    schools.write_text("\n".join(lines) + "\n", encoding="utf-8")
    verdicts = assemble_office(workspace, "alpha", 2021, method="classes").verdicts
    assert set(verdicts["verdict"]) == {"not_assessed"} and verdicts["value"].isna().all()


def test_a_name_that_no_catalogue_has_is_refused_with_the_nearest(workspace):
    method = workspace / "params" / "methods" / "classes.yml"
    method.write_text(METHOD.replace("pupils_in_a_class_mean", "pupils_in_class_mean"), encoding="utf-8")
    with pytest.raises(
        ParamsError, match=r"params/methods/classes.yml:10: .*возможно, имелось в виду «pupils_in_a_class_mean»"
    ):
        scope_of(workspace, "alpha", 2021, method="classes")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("pupils / classes", "pupils / lessons", "нет числового столбца «lessons»"),
        ("unit: number", "unit: pupils", "недопустимое значение"),
        ("pupils_in_a_class_mean", "teachers_men_rate", "teachers_men_rate"),
        ("pupils / classes", "pupils * 2", "не понятно"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(workspace, old, new, said):
    (workspace / "params" / "indicators.yml").write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(ParamsError) as caught:
        scope_of(workspace, "alpha", 2021)
    assert str(caught.value).startswith("params/indicators.yml:") and said in str(caught.value)
