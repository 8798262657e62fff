"""Искитимский район, plan for 2021: directions, road map, partner schools."""

import pytest


def test_point_16_partners(iskitim):
    partners = iskitim.table("partnerships").merge(iskitim.table("schools"), left_on="partner_id", right_on="school_id")
    assert partners["short_name"].tolist() == ["Гимназия № 1", "СОШ ст. Евсино", "СОШ с. Лебедевка"]
    assert iskitim.table("partnerships")["school_id"].isna().all()  # declared for all schools with low results


@pytest.mark.parametrize(
    ("section", "points"),
    [
        pytest.param("I. ", range(1, 11), id="direction I"),
        pytest.param("II. ", range(11, 13), id="direction II"),
        pytest.param("III. ", range(13, 16), id="direction III"),
        pytest.param("IV. ", range(16, 21), id="direction IV"),
        pytest.param("V. ", range(21, 23), id="direction V"),
    ],
)
def test_directions(iskitim, section, points):
    measures = iskitim.table("measures")
    own = measures[measures["section"].str.startswith(section)]
    assert own["measure_id"].tolist() == [str(point) for point in points]
    assert own[["title", "due", "responsible"]].notna().all(axis=None)


def test_road_map(iskitim):
    measures = iskitim.table("measures")
    road_map = measures[measures["section"] == "«Дорожная карта»"]
    assert len(road_map) == 19
    assert road_map[["title", "responsible", "expected_result"]].notna().all(axis=None)
    assert road_map["due"].isna().sum() == 7  # as printed


def test_road_map_improvement(iskitim):
    measure = iskitim.row("measures", measure_id="R-17")
    assert "максимальное и стабильное улучшение" in measure["title"]
