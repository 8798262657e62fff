"""A person written into any column of any table, its file's and its sheet's name, SOURCES.yml or params is in no table and no problem."""

import pytest

from shnor_lib.inputs.checks import check_inputs
from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.inputs.sources import read_inputs
from shnor_lib.params.persons import MASK
from tests.inputs.sources.delivery import SCHOOLS, book, put

PERSONS = (
    "Зябликовой\u00a0Анне  Аристарховне",
    "зябликов а.а.",
    "А. А. ЗЯБЛИКОВ",
    "Зябликов Илья Ильич, тел. 8 (913) 555-44-33",
)
TRACES = ("зяблик", "аристарх", "ильич", "555-44")


def left_of_persons(inputs, year: int) -> list[str]:
    """Texts of tables, problems and sources that still tell of a person."""
    frames = [*inputs.tables.values(), check_inputs(inputs, year), inputs.sources]
    texts = {str(value) for frame in frames for column in frame for value in frame[column].dropna()}
    return [text for text in texts if any(trace in text.lower() for trace in TRACES)]


@pytest.mark.parametrize("person", PERSONS)
@pytest.mark.parametrize("name", table_names())
def test_no_column_lets_a_person_in(name, person, tmp_path):
    columns = table(name).columns.values()
    header = [column.label for column in columns]
    row = [f"школа: {person}" if column.type == "text" else person for column in columns]
    put(
        tmp_path,
        {"schools.csv": SCHOOLS, f"{name}.зябликов а.а..xlsx": book(**{table(name).label[:31]: [header, row]})},
    )
    inputs = read_inputs(tmp_path, "demo", [2021])
    assert left_of_persons(inputs, 2021) == []
    assert inputs.problems["problem"].str.contains("имя|имен|человек|личн").any() or MASK in "".join(
        inputs.problems["value"]
    )


def test_no_yaml_file_lets_a_person_in_and_each_is_told(tmp_path):
    person = PERSONS[3]
    sources = f"kind: published\ndocument: 'Отчёт, составил {person}'\nleft_out:\n  - {{what: '{person}', place: с. 1, why: '{person}'}}\n"
    put(tmp_path, {"schools.csv": SCHOOLS, "SOURCES.yml": sources})
    for file in ("params/demo.yml", "params/methods/m.yml"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(f"title: '{person}'\n", encoding="utf-8")
    inputs = read_inputs(tmp_path, "demo", [2021])
    assert left_of_persons(inputs, 2021) == []
    told = inputs.problems[inputs.problems["check"] == "persons_text"]
    assert sorted(zip(told["file"].str.rpartition("/")[2], told["cell"], strict=True)) == [
        ("SOURCES.yml", "A2"), ("SOURCES.yml", "A4"), ("demo.yml", "A1"), ("m.yml", "A1"),
    ]  # fmt: skip
