"""Empty frames, short: three schools with next to nothing, a choice of tables without rows, figures and tables cut to no rows."""

import random

import pytest

from shnor_lib.inputs.dictionary import table_names
from shnor_lib.office.assemble import assemble_office
from tests.attack.frames import EDITIONS, HOLE, NEEDS, OF_NOTHING, OFFICES, edition, faults, faults_of_office, without
from tests.reports.checks import DEBRIS
from tests.reports.walking import office_of
from tests.runs.workspaces import make_workspace

NEXT_TO_NOTHING = ("nothing", "the register alone")
CHOSEN = random.Random(15)
WITHOUT = [
    (table, audience, CHOSEN.sample(sorted(NEEDS), 3))
    for table, audience in zip(CHOSEN.sample(table_names(), 2), EDITIONS, strict=True)
]


@pytest.mark.parametrize("name", NEXT_TO_NOTHING)
def test_reports_of_next_to_nothing_are_whole(name):
    assert faults_of_office(name, "internal") == []


@pytest.mark.parametrize(("table", "audience", "reports"), WITHOUT)
def test_reports_without_a_table_are_whole(table, audience, reports):
    office = edition(without(table, schools=3), audience)
    assert [fault for report in reports for fault in faults(report, office)] == []


@pytest.mark.parametrize("report", ["20_results", "30_objectivity", "40_context_risks", "90_support_plan"])
def test_frames_without_rows_are_spoken_of(report):
    assert faults(report, office_of(lambda name: True), cut=True) == []


def test_what_the_public_edition_hides_whole_is_not_said():
    office = edition(OFFICES["all hidden"](), "public")
    assert [fault for report in ("20_results", "70_dynamics") for fault in faults(report, office)] == []


@pytest.mark.parametrize("audience", EDITIONS)
def test_a_year_like_the_year_before_has_changes_of_nothing(tmp_path, audience):
    """The public edition of three schools with the same marks in both years failed where it looked for hidden changes."""
    office = assemble_office(make_workspace(tmp_path, {"alpha": [2020, 2021]}), "alpha", 2021, audience=audience)
    assert [fault for report in ("20_results", "70_dynamics") for fault in faults(report, office)] == []


@pytest.mark.parametrize(
    "text",
    [
        "По расчёту в перечне  школа",
        "Есть () школ",
        "Выполнено у 0 из 0 школ",
        "Перечень {list_word}",
        "В перечне все 0 школ",
        "Хуже предела – 2 школы из 14: ; случайно – 0,4",
        "Школы: .",
        "Хуже –",
        "Доля nan",
    ],
)
def test_a_hole_is_found(text):
    assert HOLE.search(text) or OF_NOTHING.search(text) or DEBRIS.search(text)
