"""A list received from above, from its file to the answer of ``shnor identify``."""

import csv
import io

import pytest
from click.testing import CliRunner

from shnor_lib.cli import main
from tests.runs.workspaces import make_workspace

HEADER = "school_id,category,source,document,received_on,ground\n"
DECIDES = "\noverrides:\n  - {path: decisions.low_results.received, value: decides, why: список прислал регион}\n"


@pytest.fixture
def office(tmp_path):
    """An office with a list of one school, whose profile lets it decide; by the calculation nobody has two low procedures."""
    folder = make_workspace(tmp_path / "w", {"alpha": [2021]})
    (folder / "params" / "alpha.yml").open("a", encoding="utf-8").write(DECIDES)
    (folder / "params" / "scenarios").mkdir()
    scenario = "title: Другой порог\nwhy: проба\nchanges:\n  - {path: criteria.low_procedures.threshold, value: 0.25}\n"
    (folder / "params" / "scenarios" / "other.yml").write_text(scenario, encoding="utf-8")
    listed = folder / "data" / "raw" / "alpha" / "2021" / "received_lists.csv"

    def ask(row: str, *arguments: str):
        listed.write_text(HEADER + row, encoding="utf-8")
        command = ["--workspace", str(folder), "identify", "-m", "alpha", "-y", "2021", "--format", "csv", *arguments]
        return CliRunner().invoke(main, command)

    return ask


def answers(result) -> dict[str, tuple[str, str]]:
    rows = csv.DictReader(io.StringIO(result.stdout))
    return {row["school_id"]: (row["identified"], row["decision"]) for row in rows}


def test_N1_the_list_decides_on_every_school(office):
    found = office("СОШ № 2,ШНОР,региональный,перечень,01.02.2021,результаты ВПР\n")
    assert answers(found) == {"s01": ("no", "received"), "s02": ("yes", "received"), "s03": ("no", "received")}
    assert "региональный список «перечень», получен 01.02.2021: результаты ВПР" in found.stdout


def test_N1_without_a_list_of_the_year_the_calculation_stands(office):
    assert {decision for _, decision in answers(office("")).values()} == {"calculated"}


def test_N1_to_a_scenario_the_list_says_nothing_and_the_command_says_so(office):
    found = office("s02,ШНОР,региональный,перечень,01.02.2021,\n", "--scenario", "other")
    assert {decision for _, decision in answers(found).values()} == {"calculated"}
    assert "полученный список решает только вместе с методикой «fioko-2021»" in found.stderr


def test_N1_an_unknown_school_stops_the_office_with_the_nearest_names(office):
    found = office("СОШ № 22,ШНОР,региональный,перечень,01.02.2021,\n")
    assert found.exit_code == 3 and "received_lists.csv · A2" in found.stderr and "СОШ № 2" in found.stderr
