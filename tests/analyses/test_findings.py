"""Facts of the lists: what is known of schools that have no answer."""

from dataclasses import replace
from types import SimpleNamespace

from shnor_lib.analyses.change import change_facts, school_changes
from shnor_lib.analyses.findings import open_signs_told
from shnor_lib.criteria.decisions import INSUFFICIENT
from shnor_lib.pages.phrases import phrases
from tests.shipped import shipped


def test_a_school_without_an_answer_is_named_with_the_criteria_it_meets():
    office = shipped("demo", 2021)
    assert open_signs_told(office) == "", "every school that meets a criterion has an answer"
    met = office.verdicts[office.verdicts["verdict"].eq("met") & office.verdicts["category"].eq("low_results")]
    school = met["school_id"].iloc[0]
    titles = [office.method.criteria[one].title for one in met.loc[met["school_id"].eq(school), "criterion"]]
    answers = office.identification
    answers = answers.assign(identified=answers["identified"].where(answers["school_id"].ne(school), INSUFFICIENT))
    told = open_signs_told(replace(office, identification=answers))
    assert told.startswith(f"{office.school_names[school]} – «") and all(title in told for title in titles)
    none = office.verdicts.assign(verdict="not_met")
    assert open_signs_told(replace(office, identification=answers, verdicts=none)) == ""


def test_a_school_that_could_not_be_compared_is_told_beside_those_that_did_not_change():
    office = shipped("demo", 2021)
    found = school_changes(office)
    few = SimpleNamespace(tested=found.tested.head(3).assign(direction="same"), regional=found.regional)
    facts = change_facts(few, office)
    assert facts["changes_tested"] + facts["changes_untested"] == len(office.schools) == 14
    (told,) = [one for one in phrases("headlines") if one.id == "changes_none"]
    assert "ни одной из 3 школ" in (text := told.text(facts).replace("\u00a0", " ")) and "ещё о 11 школах" in text
    assert "ещё" not in told.text(facts | {"changes_untested": 0})
