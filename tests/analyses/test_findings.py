"""Facts of the lists: what is known of schools that have no answer."""

from dataclasses import replace

from shnor_lib.analyses.findings import open_signs_told
from shnor_lib.criteria.decisions import INSUFFICIENT
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
