import pytest

from shnor_lib.inputs.sources.provenance import read_sources

GOOD = """\
kind: published
document: Программа
files:
  staff.csv:
    place: раздел III, таблица 1
    date: 2021-09-30
    complete: true
    stated_years: [2019, 2020]
    remarks: ["Числа округлены."]
"""


def read(folder, text: str | None):
    if text is not None:
        (folder / "SOURCES.yml").write_text(text, encoding="utf-8")
    return read_sources(folder, "data/raw/demo/2021/SOURCES.yml")


def test_sources_are_read(tmp_path):
    sources, found = read(tmp_path, GOOD)
    staff = sources.files["staff.csv"]
    assert not found and sources.kind == "published" and staff.date == "2021-09-30"
    assert staff.stated_years == (2019, 2020) and staff.complete and staff.remarks == ("Числа округлены.",)


def test_what_was_left_out_of_the_tables_is_a_note_with_its_place_and_reason(tmp_path):
    sources, found = read(tmp_path, GOOD + "left_out:\n  - {what: Бюджет, place: раздел 6, why: суммы не напечатаны}\n")
    (note,) = sources.problems("SOURCES.yml")
    assert not found and (note.severity, note.check) == ("note", "source_left_out")
    assert (note.problem, note.cell, note.remedy) == ("Бюджет", "раздел 6", "суммы не напечатаны")


def test_no_sources_is_a_warning_that_shows_the_two_lines(tmp_path):
    sources, (problem,) = read(tmp_path, None)
    assert problem.severity == "warning" and "kind: published" in problem.allowed and sources.kind is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("kind: published\nkinds: x\n", 2),
        ("kind: demo\n", 1),
        ("document: x\nfiles:\n  a.csv:\n    page: 3\n", 4),
        ("kind: published\nkind: published\n", 2),
        ("document: &a x\nkind: published\n", 1),
        ("kind: !!python/object:os.system x\n", 1),
        ("files: [\n", 2),
        ("files:\n  a.csv: {sha256: 123}\n", 2),
        ("left_out:\n  - {what: Бюджет, place: раздел 6}\n", 2),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path, text, line):
    _, found = read(tmp_path, text)
    assert found[0].severity == "error" and f"строка {line}:" in found[0].problem and found[0].cell == f"A{line}"
