"""Whatever is delivered, reading ends with tables and a list of problems, never with an exception.

``FUZZ_EXAMPLES=2000`` searches longer.
"""

import io
import os
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shnor_lib.inputs.checks import check_inputs, usable_tables
from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.inputs.sources import read_inputs
from shnor_lib.inputs.sources.problems import SEVERITIES
from shnor_lib.inputs.sources.rows import empty_rows
from tests.inputs.sources.delivery import SCHOOLS, book, put

FUZZ = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "15")), deadline=None, suppress_health_check=list(HealthCheck)
)

TABLES = st.sampled_from(table_names())
WORDS = st.sampled_from(
    [
        "01",
        "02",
        "edu200001",
        "5",
        "-1",
        "0",
        "57 %",
        "1 000",
        "1,5",
        "X",
        "–",
        "н/д",
        "ЕГЭ",
        "математика",
        "да",
        "нет",
        "школа",
    ]
    + [
        "муниципалитет",
        "сельские",
        "2020",
        "01.09.2021",
        "Иванов И.И.",
        "=cmd|' /C calc'!A0",
        "<script>",
        "../x",
        "{0}",
        "1e99",
    ]
)
CELLS = st.one_of(WORDS, st.text(max_size=10), st.just(""))


@st.composite
def sheets(draw, cell=CELLS):
    """A table and rows for it: a header of known, unknown and repeated columns, then cells of all kinds."""
    name = draw(TABLES)
    entry = table(name)
    known = [text for column in entry.columns.values() for text in (column.name, column.label)]
    header = draw(
        st.lists(
            st.one_of(st.sampled_from(known), st.sampled_from(known), st.text(max_size=8)), min_size=1, max_size=14
        )
    )
    rows = draw(st.lists(st.lists(cell, min_size=0, max_size=len(header) + 1), max_size=8))
    hints = draw(st.lists(st.lists(st.text(max_size=8), max_size=3), max_size=2))
    return name, [*hints, header, *rows]


def read(files: dict[str, bytes | str], *, checked: bool = False) -> None:
    """Read an office (and check it), and make sure of what the readers promise."""
    with TemporaryDirectory() as folder:
        put(Path(folder), {"schools.csv": SCHOOLS} | files)
        inputs = read_inputs(Path(folder), "demo", [2021])
    problems = check_inputs(inputs, 2021) if checked else inputs.problems
    assert set(problems["severity"]) <= set(SEVERITIES) and (problems["problem"] != "").all()
    assert {"01", "02", "03"} <= set(inputs.tables["schools"]["school_id"])
    for name, rows in usable_tables(inputs, problems).items():
        assert dict(rows.dtypes) == dict(empty_rows(table(name)).dtypes), name
        assert rows["source_row"].notna().all() and rows["year"].notna().all()


@FUZZ
@given(
    sheets(),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1251", "utf-16"]),
    st.booleans(),
)
def test_any_csv(sheet, delimiter, encoding, quoted):
    name, rows = sheet
    cells = ([cell.replace('"', '""') for cell in row] for row in rows)
    text = "\n".join(delimiter.join(f'"{cell}"' if quoted else cell for cell in row) for row in cells)
    read({f"{name}.more.csv": text.encode(encoding, errors="replace")}, checked=True)


@FUZZ
@given(st.binary(max_size=300))
def test_any_bytes(data):
    read({"staff.csv": data, "book.xlsx": data, "SOURCES.yml": data})


@FUZZ
@given(sheets(st.one_of(CELLS, st.floats(), st.booleans(), st.integers(-(10**12), 10**12), st.datetimes().map(str))))
def test_any_workbook(sheet):
    name, rows = sheet
    finite = [[cell if not isinstance(cell, float) or abs(cell) < 1e300 else None for cell in row] for row in rows]
    read({"book.xlsx": book(**{name: finite})})


@FUZZ
@given(st.data())
def test_any_damage_to_a_workbook(data):
    content = bytearray(book(Кадры=[["Код школы", "Учителя"], ["01", 12]]))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read({"book.xlsx": bytes(content)})


@FUZZ
@given(st.data())
def test_any_damage_to_the_parts_of_a_workbook(data):
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(Кадры=[["Код школы", "Учителя"], ["01", 12]]))) as old,
        zipfile.ZipFile(content, "w") as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            if name.endswith(("sheet1.xml", "workbook.xml", "sharedStrings.xml")):
                place = data.draw(st.integers(0, len(part)))
                new_text = data.draw(
                    st.sampled_from(
                        [b"", b"<c>", b"</row>", b'r="A0"', b"9", b"<v>", b"&x;", b'<c r="ZZZZZ9"><v>1</v></c>']
                    )
                )
                part = part[:place] + new_text + part[place + data.draw(st.integers(0, 3)) :]
            new.writestr(name, part)
    read({"book.xlsx": content.getvalue()})
