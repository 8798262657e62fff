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


def test_lesozavodsk_section_III_six_causes_of_the_schools_own_programmes_and_five_of_context(lesozavodsk):
    # «Анализ школьных программ показал, что на низкие результаты … в основном влияют педагогические факторы»: six lines
    # «контекстными факторами, влияющими на низкие результаты, являются недостаток педагогов …, недостаток
    # высококвалифицированных педагогов, а также условия …»; «Фактором … может являться и значительная доля … свыше 55 лет»;
    # «нельзя не учитывать … слабо развитая социально-культурная инфраструктура сел, социально-экономические условия»
    rows = lesozavodsk.table("causes")
    assert rows["source"].value_counts().to_dict() == {"school": 6, "document": 6}
    named = lesozavodsk.row("causes", school_id="lzv-kurskoe")
    assert "(64%)" in named["cause"] and "(30%)" in named["cause"] and "около 73%" in named["cause"]
    assert rows["school_id"].notna().sum() == 1 and rows["place"].notna().all()
    assert rows["stated_on"].astype(str).unique().tolist() == ["2021-09-30"]


def test_kushva_section_1_five_causes_of_differences(kushva):
    # «обусловлено низким уровнем педагогических и руководящих кадров, несоответствием материальной базы …, недостатком
    # информационного обеспечения, социальным неблагополучием и невысоким уровнем образования родителей»
    assert kushva.table("causes")["area"].tolist() == ["staff", "resources", "resources", "families", "families"]


def test_kushva_measure_18_names_its_budget_and_no_sum(kushva):
    # «18. Внесение дополнений в план повышения квалификации … за счет средств субвенций областного бюджет»
    cost = kushva.row("measure_costs", measure_id="18")
    assert cost["source"] == "region" and cost[["planned", "spent"]].isna().all()
    assert "субвенций областного бюджет" in kushva.row("measures", measure_id="18")["title"]


def test_iskitim_section_1_three_causes_without_a_day(iskitim):
    # «разрыва …, обусловленных социально-экономическими характеристиками их семей, территориальной отдаленностью … и сложностью социума»
    rows = iskitim.table("causes")
    assert len(rows) == 3 and rows["stated_on"].isna().all()
