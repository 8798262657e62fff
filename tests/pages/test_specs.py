"""Specifications of tables and figures: their words are templates and their conditions comparisons, refused with the line."""

import pytest

from shnor_lib.pages.specs import HERE, ReportSpec, report_spec
from shnor_lib.params.yaml_files import ParamsError, parse_yaml

SPEC = """tables:
  plan:
    caption: "Мер: {rows:мера/меры/мер}"
    columns: [measure_id]
    note:
      - {when: public, say: "Малые числа скрыты."}
"""


@pytest.mark.parametrize("report", sorted(path.stem for path in HERE.glob("*.yml") if path.stem != "columns"))
def test_every_specification_is_read(report):
    assert report_spec(report).tables


@pytest.mark.parametrize(
    "change, line, message",
    [
        (("мера/меры/мер", "мера/меры"), 3, "нет вида «мера/меры»"),
        (("caption", "captoin"), 3, "неизвестный ключ «tables.plan.captoin»"),
        (("when: public", "when: public or internal"), 6, "условие «public or internal» не читается"),
        (("скрыты.", "скрыты: {."), 6, "скобка без пары"),
    ],
)
def test_a_wrong_specification_is_refused_with_file_and_line(change, line, message):
    with pytest.raises(ParamsError) as refused:
        parse_yaml(SPEC.replace(*change).encode(), ReportSpec, "own.yml")
    assert any(one.startswith(f"own.yml:{line}: ") and message in one for one in refused.value.problems), refused.value
