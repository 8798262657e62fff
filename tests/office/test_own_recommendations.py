"""Recommendations of a workspace and an office: added, put over the shipped ones, switched off, refused (N11, N12)."""

import shutil

import pytest

from shnor_lib.analyses.support.plan import SupportPlan, drawn_from
from shnor_lib.analyses.support.recommendations import office_recommendations
from shnor_lib.office.assemble import assemble_office
from shnor_lib.office.scope import scope_of
from shnor_lib.params.reading import read_profile
from shnor_lib.params.recommendations import recommendation_catalogue
from shnor_lib.params.yaml_files import ParamsError
from tests.shipped import ROOT


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    shutil.copytree(ROOT / "params", folder / "params")
    shutil.copytree(ROOT / "data" / "raw" / "demo", folder / "data" / "raw" / "demo")
    return folder


@pytest.fixture
def declare(workspace):
    path = workspace / "params" / "recommendations.yml"
    yield lambda text: path.write_text(text, encoding="utf-8")
    path.unlink(missing_ok=True)


OWN = """recommendations:
  visit_school:
    level: municipality
    schools: all
    title: Посетить школу
    text: Посетить школу рабочей группой и обсудить итоги с педагогическим советом
    areas: [management]
    when: [{rule: category, category: any, is: "yes"}]
    suggestion: true
  find_partner: {title: Заключить договор о партнёрстве}
  hear_parents: {off: true}
  raise_categories: {measures: ["2.2"]}
"""


def test_N12_entries_are_added_changed_switched_off_and_linked_to_measures(workspace, declare):
    declare(OWN)
    plan = SupportPlan(assemble_office(workspace, "demo", 2021))
    entries, shipped = office_recommendations(plan.office).recommendations, recommendation_catalogue().recommendations
    assert set(entries) == set(shipped) - {"hear_parents"} | {"visit_school"}
    changed = entries["find_partner"]
    assert changed.title == "Заключить договор о партнёрстве" and changed.when == shipped["find_partner"].when
    assert drawn_from(plan, changed).endswith("в изложении управления образования")
    assert drawn_from(plan, entries["visit_school"]) == "предложение управления образования"
    assert entries["raise_categories"].measures == ("2.2",) and entries["raise_categories"].own is None
    given = plan.recommendations
    assert set(given.loc[given["recommendation"].eq("visit_school"), "school_id"]) >= set(plan.supported)
    assert not given["recommendation"].eq("hear_parents").any()


def test_N12_the_office_stands_over_its_workspace(workspace, declare):
    declare(OWN)
    profile = workspace / "params" / "demo.yml"
    before = profile.read_text(encoding="utf-8")
    try:
        linked = 'hear_parents: {measures: ["4.2"]}'
        assert linked in before
        changed = "hear_parents: {off: false}\n  raise_categories: {title: Аттестовать педагогов}"
        profile.write_text(before.replace(linked, changed), encoding="utf-8")
        own = scope_of(workspace, "demo", 2021).profile.recommendations
    finally:
        profile.write_text(before, encoding="utf-8")
    assert own["raise_categories"].title == "Аттестовать педагогов" and own["raise_categories"].measures == ("2.2",)
    assert own["hear_parents"].off is False and own["visit_school"].suggestion


RULE = """recommendations:
  visit_school:
    level: school
    title: Посетить
    text: Посетить школу
    suggestion: true
    when: [{%s}]
"""


@pytest.mark.parametrize(
    "text, line, words",
    [
        (RULE % "rule: risk, factor: vacancy, level: high", 7, ["vacancy", "vacancies"]),
        (RULE % "rule: criterion_met, indicators: [mean_percents]", 7, ["mean_percents", "mean_percent"]),
        (RULE % "rule: criterion_met, criteria: [quality_gaps]", 7, ["quality_gaps", "quality_gap"]),
        (RULE % 'rule: category, category: low_result, is: "yes"', 7, ["low_result", "low_results"]),
        (RULE % "rule: at_least, indicator: vacancy_rate, threshold: 0.1, assumption: наше", 7, ["vacancies_rate"]),
        (RULE % "rule: ground_met, ground: resource", 7, ["resource", "resources"]),
        (RULE % "rule: vacancies", 7, ["criterion_met"]),
        ("recommendations:\n  closegaps: {off: true}\n", 2, ["closegaps", "close_gaps"]),
        ("recommendations:\n  visit: {title: Посетить}\n", 2, ["level", "sources или suggestion"]),
        ("recommendations:\n  close_gaps:\n    sources: [{document: moscow, measure: '1'}]\n", 3, ["moscow"]),
    ],
)
def test_N12_what_nobody_knows_is_refused_with_line_and_nearest_name(workspace, declare, text, line, words):
    declare(text)
    with pytest.raises(ParamsError) as refused:
        scope_of(workspace, "demo", 2021)
    assert all(word in str(refused.value) for word in words)
    assert str(refused.value).startswith(f"params/recommendations.yml:{line}:")


def test_N12_a_ground_that_a_method_has_of_its_own_gives_cause(workspace, declare):
    """Every criterion on results rests on «обученность» now: the schools are those that meet one of them."""
    method = workspace / "params" / "methods" / f"{read_profile(workspace, 'demo').method}.yml"
    before = method.read_text(encoding="utf-8")
    declare(RULE.replace("level: school", "level: school\n    schools: all") % "rule: ground_met, ground: learning")
    try:
        changed = before.replace("ground: results", "ground: learning")
        method.write_text(
            changed.replace("criteria:\n", "grounds: {learning: обученность}\n\ncriteria:\n", 1), encoding="utf-8"
        )
        office = assemble_office(workspace, "demo", 2021)
        given = SupportPlan(office).recommendations
    finally:
        method.write_text(before, encoding="utf-8")
    resting = [name for name, one in office.method.criteria.items() if one.ground == "learning"]
    met = office.verdicts[office.verdicts["criterion"].isin(resting) & office.verdicts["verdict"].eq("met")]
    assert set(given.loc[given["recommendation"].eq("visit_school"), "school_id"]) == set(met["school_id"]) != set()


def test_N11_a_measure_that_the_programme_does_not_have_is_refused(workspace, declare):
    declare("recommendations:\n  close_gaps:\n    measures: ['3.1', '3.11']\n")
    with pytest.raises(ParamsError, match=r"recommendations.yml:3: .*«3.11».*«3.1»"):
        assemble_office(workspace, "demo", 2021)
    assert assemble_office(workspace, "demo", 2019).year == 2019  # the programme had only its first measures then


def test_N12_the_shipped_catalogue_names_only_what_is_known(workspace):
    """Put over itself as a workspace's file, it is accepted whole."""
    text = (ROOT / "shnor_lib" / "params" / "recommendations.yml").read_text(encoding="utf-8")
    (workspace / "params" / "recommendations.yml").write_text(text, encoding="utf-8")
    try:
        assert scope_of(workspace, "demo", 2021).profile.recommendations
    finally:
        (workspace / "params" / "recommendations.yml").unlink()
