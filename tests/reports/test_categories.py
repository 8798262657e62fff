"""Every report of an office whose method declares other categories: the federal list of risk, five of an office's own, none that is known."""

from dataclasses import replace
from pathlib import Path

import pytest

from shnor_lib.analyses.overview import Board
from shnor_lib.analyses.support.plan import SupportPlan
from shnor_lib.inputs.own import enter
from shnor_lib.office.assemble import assemble_office
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.office.scope import scope_of
from shnor_lib.pages.tables import Table
from shnor_lib.pages.views import overview
from shnor_lib.params.scenarios import Change, apply_changes
from shnor_lib.runs.catalogue import NEEDS
from tests.reports.walking import ROOT, sentences, shown
from tests.runs.workspaces import METHOD, make_workspace

OF_AN_OFFICE = tuple(report for report in NEEDS if report != "05_region")
DRAWS = "60_robustness"
"""The report that draws many lists; asked of the small office alone."""

CRITERION = """  {name}:
    category: {name}
    ground: results
    title: "ОГЭ по математике: без двойки не менее {{threshold:%}}"
    short: Не менее {{threshold:%}}
    indicator: pass_rate
    parts: [OGE/maths/9]
    rule: at_least
    threshold: {threshold}
    window: 1
    reference: наше правило
"""
FOREIGN = ("ШНОР", "ШНСУ", "low_results", "adverse_conditions")
"""Words and codes of categories that a method of an office's own does not declare."""


def own_method(categories: dict[str, tuple[str, float, str]]) -> str:
    """A method with a criterion a category: code -> abbreviation, threshold and what else is said of it."""
    criteria = "".join(CRITERION.format(name=name, threshold=one[1]) for name, one in categories.items())
    decisions = "".join(
        f"  {name}: {{abbreviation: {word}, title: Школы категории {word}, reference: наше правило{more}}}\n"
        for name, (word, _, more) in categories.items()
    )
    return (
        f"title: Своё правило\ndocument: Наше правило\ndescription: Своё\ncriteria:\n{criteria}decisions:\n{decisions}"
    )


METHODS = {
    "one": {"needy": ("нуждаются", 0.3, "")},
    "two": {"strong": ("сильные", 0.9, ", purpose: share"), "needy": ("нуждаются", 0.3, "")},
    "five": {f"grade_{one}": (f"ступень {one}", one / 10, "") for one in (3, 5, 6, 8, 9)},
}


@pytest.fixture(scope="module", params=METHODS)
def own(request, tmp_path_factory):
    """An office of three schools with a method of one, two or five categories of its own."""
    name = request.param
    folder: Path = make_workspace(tmp_path_factory.mktemp(name), {"alpha": [2021]})
    (
        folder / "params" / "methods" / f"{METHOD}.yml"
    ).unlink()  # report 60 compares with the other methods of a workspace
    (folder / "params" / "methods" / f"{name}.yml").write_text(own_method(METHODS[name]), encoding="utf-8")
    profile = folder / "params" / "alpha.yml"
    text = profile.read_text(encoding="utf-8").replace("method: fioko-2021", f"method: {name}")
    text += "targets:\n  on_list: {title: Доля школ перечня, formula: share_identified, goal: at_most, value: 0.1, year: 2023, reference: правило}\n"
    profile.write_text(text, encoding="utf-8")
    yield name, assemble_office(folder, "alpha", 2021)
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
    return "\n".join([*(line for piece in pieces for line in sentences(piece)), *tables]).replace("\u00a0", " ")


@pytest.mark.parametrize("audience", ["internal", "public"])
@pytest.mark.parametrize("report", OF_AN_OFFICE)
def test_N2_reports_speak_only_of_the_categories_that_the_method_declares(own, report, audience):
    name, office = own
    text = said(report, office if audience == "internal" else public_edition(office))
    assert text and [word for word in FOREIGN if word in text] == []
    if audience == "public" or report not in ("00_overview", "50_identification"):
        return
    everybody = "СОШ № 1, СОШ № 2, ООШ № 3"
    told = {
        "one": (f"«нуждаются» отнесены 3 школы из 3 (100 %): {everybody}.",),
        "two": ("«сильные» отнесены 2 школы из 3 (67 %): СОШ № 1, СОШ № 2. Их опыт может помочь другим школам.",),
        "five": (
            f"«ступень 5» отнесены 3 школы из 3 (100 %): {everybody}.",
            "«ступень 9» отнесены 2 школы из 3 (67 %)",
        ),
    }
    if report == "50_identification":
        assert all(f"К категории {one}" in text for one in told[name])
    else:
        main = {"one": "«нуждаются»", "two": "«нуждаются»", "five": "«ступень 3»"}[name]
        assert f"Утвердить перечень {main}: {everybody}. Голосование" in text
        assert f"Помощь нужна 3\u00a0школам: {everybody}" in overview.show_answer(Board(office), report).answer


def test_N2_targets_and_the_plan_follow_the_main_category(own):
    name, office = own
    (target,) = office.targets.itertuples()
    assert target.value == 1.0, "all three are on the list that the target names"
    assert office.method.main == ("grade_3" if name == "five" else "needy")
    assert len(SupportPlan(office).supported) == 3


@pytest.mark.parametrize("report", [one for one in OF_AN_OFFICE if one not in (DRAWS, "20_results", "30_objectivity")])
def test_the_federal_list_of_risk_reaches_the_reports(federal, report):
    text = said(report, federal)
    assert "ШНСУ" not in text, "the rule of 2025 knows no such list"
    if report == "50_identification":
        assert "К категории «группа риска» отнесены 2 школы из 14, вывод сделан о 12: Заречная, Полевая." in text
    if report == "00_overview":
        assert "К категории «группа риска» отнесены 2 школы (вывод сделан о 12 из 14): Заречная, Полевая." in text
