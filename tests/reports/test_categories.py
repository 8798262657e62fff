"""Every report of an office whose method declares other categories: the federal list of risk, five of an office's own, none that is known."""

from dataclasses import replace
from pathlib import Path

import pytest

from shnor_lib.inputs.own import enter
from shnor_lib.office.assemble import assemble_office
from shnor_lib.office.scope import scope_of
from shnor_lib.pages.tables import Table
from shnor_lib.params.scenarios import Change, apply_changes
from shnor_lib.runs.catalogue import NEEDS
from tests.reports.walking import ROOT, sentences, shown
from tests.runs.workspaces import make_workspace

OF_AN_OFFICE = tuple(report for report in NEEDS if report != "05_region")
DRAWS = "60_robustness"
"""The report that draws many lists; asked of the small office alone."""

CRITERION = """  grade_{number}:
    category: grade_{number}
    ground: results
    title: "ОГЭ по математике: без двойки не менее {{threshold:%}}"
    short: Ступень {number}
    indicator: pass_rate
    parts: [OGE/maths/9]
    rule: at_least
    threshold: 0.{number}
    window: 1
    reference: наше правило
"""
DECISION = (
    "  grade_{number}: {{abbreviation: ступень {number}, title: Школы ступени {number}, reference: наше правило}}\n"
)


@pytest.fixture(scope="module")
def five(tmp_path_factory):
    folder: Path = make_workspace(tmp_path_factory.mktemp("five"), {"alpha": [2021]})
    numbers = (3, 5, 6, 8, 9)
    method = "title: Пять ступеней\ndocument: Наше правило\ndescription: Пять ступеней\ncriteria:\n"
    method += "".join(CRITERION.format(number=one) for one in numbers)
    method += "decisions:\n" + "".join(DECISION.format(number=one) for one in numbers)
    (folder / "params" / "methods" / "five.yml").write_text(method, encoding="utf-8")
    profile = folder / "params" / "alpha.yml"
    profile.write_text(
        profile.read_text(encoding="utf-8").replace("method: fioko-2021", "method: five"), encoding="utf-8"
    )
    yield assemble_office(folder, "alpha", 2021)
    enter(folder, None)


@pytest.fixture(scope="module")
def federal():
    """The rule of 2025 where ВПР of 2020 and 2021 are called the same procedures: otherwise nothing is known of the risk group."""
    scope = scope_of(ROOT, "demo", 2021, method="fioko-2025")
    across = Change(path="criteria.same_procedure.across_breaks", value=True)
    return assemble_office(
        ROOT, "demo", 2021, scope=replace(scope, method=apply_changes(scope.method, (across,), "the test"))
    )


def said(report, office) -> str:
    """Sentences and cells of a report."""
    pieces = shown(report, office)
    tables = [piece.frame.to_csv() + " ".join(map(str, piece.columns)) for piece in pieces if isinstance(piece, Table)]
    return "\n".join([*(line for piece in pieces for line in sentences(piece)), *tables])


@pytest.mark.parametrize("report", OF_AN_OFFICE)
def test_five_categories_of_an_office_reach_every_report(five, report):
    text = said(report, five)
    assert text and "grade_3" not in " ".join(text.split("\n")[:3])
    if report in ("00_overview", "50_identification"):
        assert "ступени 3 – СОШ № 1, СОШ № 2, ООШ № 3" in text, (
            "all three have at least three in ten without the mark 2"
        )
        assert "ступени 9 – СОШ № 1, СОШ № 2" in text


@pytest.mark.parametrize("report", [one for one in OF_AN_OFFICE if one not in (DRAWS, "20_results", "30_objectivity")])
def test_the_federal_list_of_risk_reaches_the_reports(federal, report):
    text = said(report, federal)
    if report in ("00_overview", "50_identification"):
        assert "Другие категории методики: Школы группы риска – Заречная, Полевая (вывод сделан о 12 из 14)" in text
