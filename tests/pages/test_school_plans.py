"""Why a school is advised something: what stands in the plan is what the list says of the school."""

from types import SimpleNamespace

import pandas as pd
from bs4 import BeautifulSoup

from shnor_lib.analyses.support.ordered import school_plans
from shnor_lib.analyses.support.plan import SupportPlan
from shnor_lib.analyses.support.recommendations import recommend
from shnor_lib.office.assemble import assemble_office
from shnor_lib.pages.views import school_reported
from shnor_lib.pages.views.school_plans import show_school_plans
from tests.runs.workspaces import REPOSITORY, make_workspace
from tests.shipped import shipped


def test_a_school_without_an_answer_is_not_told_to_be_on_the_list(tmp_path):
    """One procedure is too little for an answer: data are to be collected, and nobody is said to stand on a list."""
    office = assemble_office(make_workspace(tmp_path / "w", {"alpha": [2021]}), "alpha", 2021)
    assert set(office.identification["identified"]) == {"insufficient_data"}
    plan = SupportPlan(office)
    shown = show_school_plans(plan, school_plans(plan))
    told = BeautifulSoup(shown._repr_mimebundle_()["text/html"], "html.parser").get_text(" ")
    assert "вывода о категории ШНОР нет" in told and "школа в перечне" not in told


def test_what_collecting_would_not_tell_is_not_asked_for():
    """By the rule of 2025 no school of the invented office has an answer on the risk group: the series is broken, nothing lacks."""
    office = assemble_office(REPOSITORY, "demo", 2021, method="fioko-2025")
    broken = office.identification.query("category == 'risk_group' and cause == 'not_comparable'")["school_id"]
    asked = recommend(office).query("recommendation == 'collect_data'")["school_id"]
    assert len(broken) > 5 and not set(broken) & set(asked)


def test_a_school_without_a_programme_is_told_of_its_curators_all_the_same():
    nothing = SimpleNamespace(plan=SimpleNamespace(programmes=pd.DataFrame({"school_id": []})))
    assert school_reported.programme_told(nothing, "1") == dict.fromkeys(school_reported.PROGRAMME)
    office = shipped("demo", 2021)
    plan = SupportPlan(office)
    school = plan.programmes["school_id"].iloc[0]
    told = school_reported.programme_told(SimpleNamespace(plan=plan), school)
    assert set(told) == set(school_reported.PROGRAMME) and told["programme"]
