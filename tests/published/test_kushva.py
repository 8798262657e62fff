"""Кушвинский ГО, plan of 31.01.2020 № 34."""

import pytest


def test_section_1_schools_and_pupils(kushva):
    assert kushva.indicator("schools_count", year=2020)["value"] == 7
    assert kushva.indicator("pupils_count", year=2020)["value"] == 4742
    assert kushva.table("schools").query("level == 'school'").empty  # the document names none


def test_section_1_special_needs(kushva, per_cent):
    row = kushva.indicator("special_needs_rate", year=2020)
    assert (row["numerator"], row["denominator"]) == (277, 4742)
    assert str(per_cent(row["value"], 1)) == "5.8"


@pytest.mark.parametrize(
    ("direction", "measures"),
    [pytest.param(*pair, id=f"section 4: direction {pair[0]}") for pair in ((1, 10), (2, 6), (3, 9), (4, 3), (5, 2))],
)
def test_section_4_measures_by_direction(kushva, direction, measures):
    assert kushva.table("measures")["section"].str.startswith(f"{direction}. ").sum() == measures


def test_section_4_thirty_measures(kushva):
    measures = kushva.table("measures")
    assert measures["measure_id"].tolist() == [str(number) for number in range(1, 31)]
    assert measures[["title", "due", "responsible"]].notna().all(axis=None)


@pytest.mark.parametrize(
    ("number", "due", "responsible"),
    [
        pytest.param("3", "До 1 июля 2020 года", "УО КГО", id="section 4: item 3"),
        pytest.param("5", "Ежеквартально", "ИМО, ОУ", id="section 4: item 5, reports of schools"),
        pytest.param("16", "4 квартал 2020 года", "ОУ", id="section 4: item 16, satisfaction"),
        pytest.param("19", "2-3 квартал 2020 года", "ИМО, ОУ", id="section 4: item 19"),
        pytest.param("29", "2 квартал 2020", "УО КГО, ИМО, ОУ", id="section 4: item 29, equipment"),
    ],
)
def test_section_4_due_and_responsible(kushva, number, due, responsible):
    measure = kushva.row("measures", measure_id=number)
    assert (measure["due"], measure["responsible"]) == (due, responsible)
