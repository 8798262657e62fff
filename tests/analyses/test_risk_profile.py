"""The risk profile of 500+ in a workspace of its own (N13): levels by hand, what was chosen, who chose fewer than three, wrong entries."""

import pandas as pd
import pytest

from shnor_lib.analyses.risk_profile import chosen_by_school, profile_levels, risk_profile
from shnor_lib.inputs.dictionary import choices
from shnor_lib.inputs.own import enter
from shnor_lib.office.assemble import assemble_office
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.office.scope import scope_of
from shnor_lib.params.reading import risk_profiles
from shnor_lib.params.yaml_files import ParamsError
from tests.reports.test_categories import said
from tests.runs.workspaces import make_workspace

PROFILE = risk_profiles()["risk-500plus"]
ROWS = """school_id,factor,level,risk_answers,answers,chosen_on
s01,motivation,,6,12,2021-10-01
s01,parents,,3,12,2021-10-01
s01,discipline,,2,12,2021-10-01
s02,motivation,высокий,0,12,
s02,wellbeing,,,,2021-10-01
"""


@pytest.fixture
def workspace(tmp_path):
    folder = make_workspace(tmp_path, {"alpha": [2021]})
    (folder / "data" / "raw" / "alpha" / "2021" / "risk_profile.csv").write_text(ROWS, encoding="utf-8")
    name(folder, "risk-500plus")
    yield folder
    enter(tmp_path / "nowhere", None)


def name(folder, profile):
    path = folder / "params" / "alpha.yml"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("risk_profile:")]
    path.write_text("\n".join([*lines, f"risk_profile: {profile}", ""]), encoding="utf-8")


def test_the_shipped_profile_has_the_twelve_factors_of_the_dictionary_and_asks_for_three():
    assert list(PROFILE.factors) == list(choices("profile_factor")) and len(PROFILE.factors) == 12
    assert PROFILE.least_chosen == 3 and PROFILE.assumption


def test_N13_the_level_follows_the_share_of_answers_where_none_is_delivered(workspace):
    """6 of 12 is a half, 3 of 12 a quarter, 2 of 12 less; a delivered level stands over the answers; no answer is no low risk."""
    levels = risk_profile(assemble_office(workspace, "alpha", 2021)).set_index(["school_id", "factor"])
    found = levels["level"].to_dict()
    assert [found["s01", one] for one in ("motivation", "parents", "discipline")] == ["high", "medium", "low"]
    assert found["s02", "motivation"] == "high" and found["s02", "wellbeing"] == "unknown" == found["s01", "wellbeing"]
    assert len(levels) == 24
    counted = chosen_by_school(levels.reset_index(), 3).set_index("school_id")
    assert counted["enough"].to_dict() == {"s01": True, "s02": False}
    assert counted.loc["s01", ["high", "medium", "low", "unknown", "chosen"]].tolist() == [1, 1, 1, 9, 3]
    assert counted.loc["s02", "chosen_factors"] == ["wellbeing"]


def test_a_number_of_answers_of_nothing_says_nothing():
    rows = pd.DataFrame([["a", "motivation", None, 0, 0, None]], columns=ROWS.splitlines()[0].split(","))
    assert set(profile_levels(rows, PROFILE)["level"]) == {"unknown"}


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_the_pages_tell_levels_and_who_chose_too_few(workspace, audience):
    office = assemble_office(workspace, "alpha", 2021)
    office = public_edition(office) if audience == "public" else office
    context = said("40_context_risks", office).replace("\u00a0", " ")
    assert "Профиль «500+» есть у 2 школ, меньше 3 факторов выбрала 1 школа" in context
    passports = said("95_school_passports", office).replace("\u00a0", " ")
    assert (
        "Профиль «500+»: высокий риск – учебная мотивация; школа выбрала для работы: школьное благополучие" in passports
    )
    assert "(нужно не менее 3 факторов)." in passports


def test_an_office_that_names_no_profile_shows_none(workspace):
    path = workspace / "params" / "alpha.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("risk_profile: risk-500plus\n", ""), encoding="utf-8")
    office = assemble_office(workspace, "alpha", 2021)
    assert risk_profile(office).empty and "500+" not in said("40_context_risks", office)


OWN = """factors:
  far_home: дорога домой
profiles:
  ours:
    title: Наш профиль
    short: Наш профиль
    factors: [motivation, far_home]
    medium: 0.3
    high: 0.6
    least_chosen: 1
    reference: решение муниципалитета
"""


def test_a_workspace_declares_a_profile_with_a_factor_of_its_own(workspace):
    (workspace / "params" / "risk_profiles.yml").write_text(OWN, encoding="utf-8")
    name(workspace, "ours")
    with (workspace / "data" / "raw" / "alpha" / "2021" / "risk_profile.csv").open("a", encoding="utf-8") as rows:
        rows.write("s01,дорога домой,,3,10,\n")
    levels = risk_profile(assemble_office(workspace, "alpha", 2021)).set_index(["school_id", "factor"])["level"]
    assert levels.to_dict() == {
        ("s01", "motivation"): "medium", ("s01", "far_home"): "medium",
        ("s02", "motivation"): "high", ("s02", "far_home"): "unknown",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[motivation, far_home]", "[motivation, far_hom]", "возможно, имелось в виду «far_home»"),
        ("high: 0.6", "high: 0.2", "высокий риск (high) начинается за средним"),
        ("least_chosen: 1", "least_chosen: 3", "выбрать 3 факторов нельзя: их 2"),
        ("far_home: дорога", "motivation: дорога", "уже занято"),
        ("medium:", "midium:", "medium"),
    ],
)
def test_a_wrong_profile_is_refused_with_file_line_and_nearest(workspace, old, new, told):
    (workspace / "params" / "risk_profiles.yml").write_text(OWN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ParamsError) as caught:
        scope_of(workspace, "alpha", 2021)
    assert str(caught.value).startswith("params/risk_profiles.yml:") and told in str(caught.value)


def test_a_profile_that_nobody_declares_is_refused_with_the_nearest(workspace):
    name(workspace, "risk-500")
    with pytest.raises(ParamsError, match=r"params/alpha.yml:\d+: .*возможно, имелось в виду «risk-500plus»"):
        scope_of(workspace, "alpha", 2021)
