"""The short form of ``persons``, and that its eyes are open."""

import io
import json
import zipfile

import pandas as pd
import pytest

from tests.attack.persons import PERSONS, naming, plant_and_search, traces
from tests.inputs.sources.delivery import book

PERSON = "Зябликовой Анне Аристарховне"


def test_no_command_and_no_file_names_a_planted_person():
    assert "0 of" in plant_and_search(("90_support_plan",))


@pytest.mark.parametrize("person", PERSONS)
def test_every_planted_person_is_seen_in_a_text(person):
    assert traces(person) and traces(person.upper()) and traces(f"план, {person}; срок")


def zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", "<p>Зябли<b>ковой</b> А.&nbsp;А.</p>".encode()),
        ("a.html", "<td>Иванова&nbsp;Анна</td>".encode()),
        ("a.json", json.dumps({"a": [PERSON]}).encode()),
        ("a.xlsx", book(Лист=[["план", PERSON.upper()]])),
        ("a.zip", zipped("b.zip", zipped(f"{PERSON}.csv", b"a"))),
        ("a.parquet", pd.DataFrame({"a": [PERSON] * 99}).to_parquet()),
        (f"{PERSON}.csv", b"a;b"),
    ],
)
def test_a_person_in_a_file_is_seen(name, content, tmp_path):
    (tmp_path / "old.csv").write_text(PERSON, encoding="utf-8")
    old = {"old.csv": (tmp_path / "old.csv").read_bytes()}
    assert naming(tmp_path, old) == (0, {})
    (tmp_path / name).write_bytes(content)
    assert list(naming(tmp_path, old)[1]) == [name]


def test_what_the_owner_of_a_file_wrote_may_stay_but_not_more(tmp_path):
    old = {"SOURCES.yml": f"document: {PERSON}\n".encode()}
    (tmp_path / "SOURCES.yml").write_bytes(old["SOURCES.yml"] + b"files: {}\n")
    assert naming(tmp_path, old) == (1, {})
    (tmp_path / "SOURCES.yml").write_bytes(old["SOURCES.yml"] * 2)
    assert naming(tmp_path, old)[0] == 1 and naming(tmp_path, old)[1]
