"""What the transcriptions keep beside figures: the words of targets, and what of a document was left out."""

import pytest
import yaml

from shnor_lib.pages.views import data_quality, targets
from tests.published.conftest import WORKSPACE
from tests.published.test_reports import OFFICES, said
from tests.shipped import shipped

PRINTED = {
    "lesosibirsk": (
        5,
        "Снизится доля неуспешных учащихся по базовым предметам (математике, русскому языку и литературе)",
    ),
    "lesozavodsk": (11, "по итогам ВПР не более 10%, ОГЭ, ЕГЭ по обязательным предметам не более 5% количества баллов"),
    "kushva": (1, "Сокращение разрыва в образовательных результатах школьников"),
    "krasnokholm": (5, "Уровень соответствия качества образования современным образовательным стандартам – 80 %"),
    "iskitim": (17, "Доля ШНОР, имеющих доступ Интернет не менее 1 Мбит/сек"),
}


@pytest.mark.parametrize(("municipality", "year"), OFFICES)
def test_every_target_stands_in_the_words_of_the_document(municipality, year):
    office = shipped(municipality, year)
    number, words = PRINTED[municipality]
    assert [bool(one.printed) for one in office.profile.targets.values()] == [True] * number
    page = said(targets.table_words(office))
    assert words in page and all(one.reference in page for one in office.profile.targets.values())


@pytest.mark.parametrize(("municipality", "year"), OFFICES)
def test_what_was_left_out_is_told_with_its_place_and_reason(municipality, year):
    told = yaml.safe_load((WORKSPACE / f"data/raw/{municipality}/{year}/SOURCES.yml").read_text("utf-8"))["left_out"]
    page = together(said(data_quality.table_remarks(shipped(municipality, year))))
    assert told and [one["what"] for one in told if any(together(text) not in page for text in one.values())] == []


def together(text: str) -> str:
    """A text without spaces: a page breaks long words."""
    return "".join(text.split())
