import pytest

from shnor_lib.inputs.checks.declared import DECLARED, RELATIONS, Shipped
from shnor_lib.params.yaml_files import ParamsError, parse_yaml

ROW = """staff_trained:
  title: За год обучено не больше, чем за три года
  table: staff
  faults:
    - column: trained_year
      relation: above
      than: [trained_3y]
      where: {level: [school]}
      text: За год больше, чем за три ({than})
      allowed: не больше
      remedy: Исправьте.
"""


def test_a_well_written_row_is_read():
    (one,) = parse_yaml(ROW.encode(), Shipped, "checks.yml").root.values()
    assert one.needs == ["staff"] and one.faults[0].than == ("trained_3y",)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("column: trained_year", "column: trained_yaer", "«trained_yaer»"),
        ("[trained_3y]", "[school.pupils]", "нет таблицы «school»"),
        ("relation: above", "relation: more", "above"),
        ("relation: above", "relation: empty", "than"),
        ("[school]", "[scool]", "«scool»"),
        ("remedy:", "remedi:", "remedi"),
    ],
)
def test_a_wrong_row_is_refused(right, wrong, told):
    with pytest.raises(ParamsError, match=told):
        parse_yaml(ROW.replace(right, wrong).encode(), Shipped, "checks.yml")


def test_every_relation_is_used_by_a_row():
    assert {fault.relation for one in DECLARED.values() for fault in one.faults} == set(RELATIONS)
