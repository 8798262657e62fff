import pytest

from shnor_lib.inputs.faults import Shipped, checks_in_words
from shnor_lib.params.yaml_files import ParamsError, parse_yaml

ROW = """staff_trained:
  title: За год обучено не больше, чем за три года
  table: staff
  faults:
    more:
      column: trained_year
      relation: above
      than: [trained_3y]
      where: {level: [school]}
      text: За год больше, чем за три ({than})
      allowed: не больше
      remedy: Исправьте.
"""


def test_a_well_written_row_is_read():
    (one,) = parse_yaml(ROW.encode(), Shipped, "checks.yml").root.values()
    assert one.tables == ["staff"] and one.faults["more"].than == ("trained_3y",)


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


def test_what_is_said_of_a_check_is_said_of_each_fault():
    fault = checks_in_words()["read_level"].faults["no_group"]
    assert fault.column == "school_id" and fault.severity == "error" and fault.remedy.startswith("Заполните")
