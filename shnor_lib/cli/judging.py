"""Commands that judge without a notebook: the lists, and what moves when rules change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shnor_lib.cli.asking import (
    format_option,
    method_option,
    municipality_option,
    named_in,
    office_of,
    offices_of,
    or_region_option,
    together,
    year_option,
)
from shnor_lib.cli.group import main
from shnor_lib.cli.saying import fail, print_frame, tell
from shnor_lib.runs.statuses import Exit

if TYPE_CHECKING:
    import pandas as pd

    from shnor_lib.office.office import Office


@main.command(help="Назвать школы без отчётов. Те же выводы, что в отчёте 50; по региону – всех его муниципалитетов.")
@or_region_option
@year_option
@method_option
@click.option(
    "--scenario",
    metavar="ИМЯ",
    shell_complete=named_in("scenarios"),
    help="Именованные изменения методики из params/scenarios.",
)
@format_option
def identify(municipality: str, year: int, method: str | None, scenario: str | None, form: str) -> None:
    """The lists without a notebook: the same numbers as report 50."""
    from shnor_lib.office.assemble import open_office

    workspace, _, region = offices_of(municipality, year)
    if region:
        identify_region(workspace, municipality, year, method, scenario, form)
        return
    office = open_office(municipality, year, method=method, scenario=scenario, workspace=workspace)
    tell_decisions_left_out(office)
    if form == "json":
        tell(json.dumps(identification_document(office), ensure_ascii=False, indent=2))
    else:
        print_frame(identification_of(office, form), form)


def identify_region(
    workspace: Path, region: str, year: int, method: str | None, scenario: str | None, form: str
) -> None:
    """The lists of the offices of a region; those without usable data are named, with the code of a failure."""
    from shnor_lib.whatif.region import open_region

    opened = open_region(region, year, method=method, scenario=scenario, workspace=workspace)
    for office in opened.offices.values():
        tell_decisions_left_out(office)
    if form == "json":
        documents = [identification_document(office) for office in opened.offices.values()]
        tell(json.dumps({"region": region, "year": year, "offices": documents}, ensure_ascii=False, indent=2))
    elif opened.offices:
        found = {name: identification_of(office, form) for name, office in opened.offices.items()}
        print_frame(together(found).rename(columns={"municipality": "Муниципалитет"} if form == "table" else {}), form)
    if len(opened.absent):
        fail(
            Exit.SOME_FAILED if opened.offices else Exit.DATA_INVALID,
            "вывода нет: " + "; ".join(f"{row.municipality} – {row.reason}" for row in opened.absent.itertuples()),
            f"посмотрите, что не так: shnor check -m {opened.absent['municipality'].iloc[0]} -y {year}",
        )


def tell_decisions_left_out(office: Office) -> None:
    """That decisions of experts and lists that decide do not hold by another method, where there are any."""
    if office.in_force:
        return
    made, lists = (office.tables[name] for name in ("expert_decisions", "received_lists"))
    made = made["year"].eq(office.year).sum()
    deciding = [name for name, one in office.method.decisions.items() if one.received == "decides"]
    if (lists["year"].eq(office.year) & lists["category"].isin(deciding)).any():
        tell(
            f"{office.profile.title}: полученный список решает только вместе с методикой «{office.profile.method}» без сценария; "
            "показан расчёт.",
            err=True,
        )
    if made:
        tell(
            f"{office.profile.title}: решения экспертов (всего {made}) приняты по методике «{office.profile.method}»; "
            "к другой методике или сценарию они не применяются, показан расчёт.",
            err=True,
        )


def identification_of(office: Office, form: str) -> pd.DataFrame:
    """The identification as a command prints it: in words for people, in columns and codes for programs."""
    from shnor_lib.criteria.decisions import IDENTIFICATION_COLUMNS
    from shnor_lib.pages.screen import identification_in_words

    if form == "table":
        return identification_in_words(office.identification, office.school_names)
    return office.identification[IDENTIFICATION_COLUMNS]


def identification_document(office: Office) -> dict:
    """The identification with the verdicts under each school, ready for JSON."""
    from shnor_lib.criteria.decisions import IDENTIFICATION_COLUMNS
    from shnor_lib.criteria.judge import VERDICT_COLUMNS

    def records(frame: pd.DataFrame, columns: list[str], school: str) -> list[dict]:
        own = frame[frame["school_id"].eq(school)][[column for column in columns if column != "school_id"]]
        return json.loads(own.to_json(orient="records", force_ascii=False, double_precision=12))

    return {
        "municipality": office.municipality,
        "year": office.year,
        "method": office.method_name,
        "scenario": office.scenario_name,
        "schools": [
            {
                "school_id": school,
                "name": office.school_names[school],
                "identification": records(office.identification, IDENTIFICATION_COLUMNS, school),
                "verdicts": records(office.verdicts, VERDICT_COLUMNS, school),
            }
            for school in office.schools["school_id"]
        ],
    }


@main.command(
    help="Сравнить правила. Кто входит в перечни и кто выходит из них, если их изменить, и из-за каких критериев."
)
@municipality_option
@year_option
@method_option
@click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    required=True,
    metavar="ИМЯ",
    shell_complete=named_in("scenarios"),
    help="Сценарий; можно назвать несколько.",
)
@format_option
def compare(municipality: str, year: int, method: str | None, scenarios: tuple[str, ...], form: str) -> None:
    """Who enters and who leaves the lists when the rules change, and which criteria did it."""
    from shnor_lib.pages.screen import changes_in_words, summary_in_words
    from shnor_lib.whatif.scenarios import BASE, compare_with_base, judge_scenarios, rules_of, summarise_comparison

    workspace = office_of(municipality, year)
    judged = judge_scenarios(workspace, municipality, year, list(scenarios), method)
    changes = compare_with_base(judged)
    if form == "table":
        print_frame(summary_in_words(summarise_comparison(judged, changes)), form)
        tell()
        rules = {name: one.method for name, one in rules_of(workspace, municipality, list(scenarios), method).items()}
        if changes.empty:
            tell("Никто не входит в перечни и не выходит из них.")
            return
        changes = changes_in_words(changes, {name: one.criteria | rules[BASE].criteria for name, one in rules.items()})
    print_frame(changes, form)
