"""Why a school is advised something: what stands in the plan is what the list says of the school."""

from bs4 import BeautifulSoup

from shnor_lib.analyses.support.ordered import school_plans
from shnor_lib.analyses.support.plan import SupportPlan
from shnor_lib.office.assemble import assemble_office
from shnor_lib.pages.views.school_plans import show_school_plans
from tests.runs.workspaces import make_workspace


def test_a_school_without_an_answer_is_not_told_to_be_on_the_list(tmp_path):
    """One procedure is too little for an answer: data are to be collected, and nobody is said to stand on a list."""
    office = assemble_office(make_workspace(tmp_path / "w", {"alpha": [2021]}), "alpha", 2021)
    assert set(office.identification["identified"]) == {"insufficient_data"}
    plan = SupportPlan(office)
    shown = show_school_plans(plan, school_plans(plan))
    told = BeautifulSoup(shown._repr_mimebundle_()["text/html"], "html.parser").get_text(" ")
    assert "вывода о категории ШНОР нет" in told and "школа в перечне" not in told
