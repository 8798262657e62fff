"""Report 90 on shipped offices: what it says, and that it says what it could not compute."""

import re

import pytest

from shnor_lib.analyses.support.measures import by_date
from shnor_lib.analyses.support.plan import (
    SupportPlan,
    absent,
    by_school,
    by_school_facts,
    in_programme,
    recommendations_given,
    support_facts,
)
from shnor_lib.analyses.support.recommendations import recommendation_catalogue
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.pages.views import support_plan as view
from tests.analyses.support.conftest import planned

OFFICES = [("kushva", 2020), ("krasnokholm", 2021), ("lesozavodsk", 2021), ("iskitim", 2021)]


def said(shown) -> str:
    return shown._repr_mimebundle_()["text/html"].replace("\u00a0", " ")


def test_K1_kushva_shows_its_plan_and_claims_no_execution():
    plan = planned("kushva", 2020)
    assert support_facts(plan)["measures_reported"] == 0
    html = said(view.show_execution(plan))
    assert "О выполнении мер сведений нет: в документе – только план, 30 мер" in html
    assert "Просрочено" not in html
    assert "II квартал 2020 года: 22 меры из 30" in said(view.show_quarters(plan))
    assert view.show_recommendations(plan).items == [] and "recommendations" in absent(plan)


def test_L13_lesozavodsk_advises_its_three_schools_on_printed_figures():
    plan = planned("lesozavodsk", 2021)
    assert support_facts(plan)["recommended_schools"] == 3
    kurskoe = plan.recommendations[plan.recommendations["school_id"].eq("lzv-kurskoe")].set_index("basis")
    assert kurskoe.loc["computers_outdated_rate", ["recommendation", "value"]].tolist() == ["renew_equipment", 0.94]
    assert kurskoe.loc["teachers_age_55_plus_rate", ["recommendation", "value"]].tolist() == ["young_teachers", 0.44]
    assert view.show_partners(plan).items == [] and "нужно не менее 4" in said(view.show_absent(plan))


def test_I5_iskitim_shows_its_declared_partners():
    plan = planned("iskitim", 2021)
    declared = view.table_declared(plan)
    assert len(declared.frame) == 3 and "оценить партнёров нечем" in declared.caption
    assert set(declared.frame["school"]) == {"все школы программы"}
    assert "Гимназия № 1" in said(declared)
    assert support_facts(plan)["recommended_schools"] == 0


@pytest.mark.parametrize("municipality, year", OFFICES)
def test_every_view_of_a_real_office_can_be_shown(municipality, year):
    plan = planned(municipality, year)
    views = (
        view.show_headlines,
        view.show_decisions,
        view.show_execution,
        view.show_half_years,
        view.show_quarters,
        view.show_calendar,
        lambda plan: view.show_by_date(plan, by_date(plan.dated, plan.on)),
        view.show_unreported,
        view.show_measures,
        view.show_absent,
        view.show_recommendations,
        view.show_partners,
        view.show_events,
        view.show_risks,
    )
    for show in views:
        assert not re.search(r">(nan|NaT|None|&lt;NA&gt;)<", said(show(plan))), show.__name__


def test_L13_demo_tells_the_overdue_measures(demo):
    facts = support_facts(demo)
    assert [facts[name] for name in ("measures_total", "measures_done", "measures_overdue")] == [
        27,
        15,
        4,
    ]  # 2.6 by its reports
    assert "Подключить школу к интернету" in said(view.show_by_date(demo, by_date(demo.dated, demo.on)))


def test_the_school_whose_measure_is_longest_overdue_stands_first(demo):
    found = by_school(demo)
    schools = list(dict.fromkeys(found["school_id"]))
    longest = [found.loc[found["school_id"].eq(one), "late"].max() for one in schools]
    assert longest == [249, 186, 62, 62]
    assert found["late"].notna().eq(found["state"].eq("overdue")).all()
    assert by_school_facts(found) == {"schools": 4, "late": 4}
    assert (
        by_school(planned("kushva", 2020)).empty
        and view.show_by_school(planned("kushva", 2020), by_school(planned("kushva", 2020))).items == []
    )


def test_a_recommendation_that_the_programme_has_already_names_its_measure():
    plan = planned("lesozavodsk", 2021)
    entry = recommendation_catalogue().recommendations["find_partner"]
    assert in_programme(plan, entry) == "V-4.1"
    assert in_programme(planned("kushva", 2020), entry) is None


def test_I5_demo_partners_work_in_comparable_conditions(demo):
    pairs = demo.partners.pairs.dropna(subset=["partner_id"])
    assert len(pairs) >= 2
    assert pairs["distance"].le(demo.office.profile.partners.farthest).all()
    candidates = demo.partners.candidates.set_index("school_id")["candidate"]
    assert candidates[pairs["partner_id"]].all()


def test_I5_declared_partners_that_need_help_themselves_are_said_so(demo):
    declared = demo.partnerships.set_index("school_id")
    assert declared["fit"].to_dict() == {"demo-05": True, "demo-06": False, "demo-11": False, "demo-12": False}
    assert declared.loc["demo-11", "remark"] == "ей самой нужна помощь"
    facts = support_facts(demo)
    assert (facts["declared_unfit"], facts["declared_judged"]) == (3, 4)
    assert facts["partners_new"] == facts["partner_pairs"] - 1  # one pair is declared already, and stays


def test_I5_the_public_edition_proposes_the_same_pairs_and_gives_the_same_advice(demo):
    public, key = SupportPlan(public_edition(demo.office)), ["school_id", "partner_id"]
    assert len(demo.partners.pairs) and public.partners.pairs[key].equals(demo.partners.pairs[key])
    advice = ["school_id", "recommendation", "basis"]
    assert public.recommendations[advice].equals(demo.recommendations[advice])
    assert 0 < public.recommendations["value"].notna().sum() < demo.recommendations["value"].notna().sum()


def test_L12_demo_checks_four_events_and_the_school_that_joined_too_few(demo):
    assert demo.events_found["verdict"] == "met"
    assert demo.joined.set_index("school_id").loc["demo-12", "shortage"] == 1
    assert demo.pairs_together.set_index("school_id").loc["demo-12", "together"] == 0


def test_H4_demo_rates_its_risks(demo):
    assert demo.risks["rating"].value_counts().to_dict() == {"medium": 2, "high": 3, "low": 2}


def test_L6_a_school_whose_results_are_to_be_checked_is_nobodys_partner(demo):
    candidates = demo.partners.candidates.set_index("school_id")
    assert candidates.loc["demo-10", "reason"] == (
        "результаты нужно перепроверить: баллы расходятся с отметками журнала"
    )
    assert "demo-10" not in set(demo.partners.pairs["partner_id"])
    assert candidates.loc["demo-02", "candidate"]  # a gymnasium above the region: a remark, no obstacle
    html = said(view.show_partners(demo))
    assert "до проверки в партнёры не предлагается" in html
    assert "у партнёра признак: средний балл выше регионального" in html


def test_a_norm_of_events_is_spoken_of_only_where_the_programme_sets_one(demo):
    told = "Норма задана муниципалитету в целом"
    rayon = planned("demo-rayon", 2021)
    assert rayon.events_found["demanded"] is None and len(rayon.joined)
    assert told in said(view.show_events(demo)) and told not in said(view.show_events(rayon))


def test_a_programme_that_no_recommendation_is_drawn_from_is_not_said_to_lack_them(demo):
    rayon = planned("demo-rayon", 2021)
    assert recommendations_given(rayon)["in_programme"].isna().all()
    html = said(view.show_recommendations(rayon))
    assert "Меры программы<" not in html and "по данным не определить" in html
    linked = recommendations_given(demo).set_index("title")["in_programme"]
    assert linked["Составить индивидуальные маршруты"] == "3.1, 3.2" and linked["Принять школьную программу"] == ""


def test_where_nothing_comes_soon_the_nearest_dates_are_printed():
    html = said(view.show_by_date(plan := planned("krasnokholm", 2021), by_date(plan.dated, plan.on)))
    assert "в ближайшие три месяца сроков нет" in html and "31.12.2021" in html and "31.12.2022" not in html


def test_what_the_data_cannot_tell_is_one_table_and_no_heading_over_nothing():
    plan = planned("iskitim", 2021)
    assert absent(plan) == ["recommendations", "partners", "events", "risks"]
    html = said(view.show_absent(plan))
    assert html.count("<h2") == 1 and "Таблица «Обмен опытом»" in html
    assert absent(planned("demo", 2021)) == [] and view.show_absent(planned("demo", 2021)).items == []
