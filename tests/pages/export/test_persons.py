"""What leaves for a page, a table file, a drawing, a record or the screen names no person, whatever let him in."""

import io
import json

import openpyxl
import pytest

from shnor_lib.cli.saying import tell
from shnor_lib.office.fingerprint import snapshot
from shnor_lib.pages.export.persons import page_without_names
from shnor_lib.pages.export.tables import ReportTable, TableField, table_files
from shnor_lib.pages.figures import image_url, new_drawing
from shnor_lib.params.persons import MASK
from shnor_lib.runs.files import write_json

PERSON = "Свиристелову Аркадию\u00a0Никодимовичу"


@pytest.mark.parametrize(
    ("html", "left"),
    [
        (f"<p>Отдано {PERSON}, завучу</p>", f"<p>Отдано {MASK}, завучу</p>"),
        ("<td>Отдано <b>Свиристелову</b> А.&nbsp;Н.</td>", f"<td>Отдано {MASK}</td>"),
        ('<a href="x.html">СОШ № 1</a> – <a href="y.html">Аглая Никодимовна</a>', f"СОШ № 1 – {MASK}"),
        (f'<img alt="Схема: {PERSON}" src="data:x">', f'<img alt="Схема: {MASK}" src="data:x">'),
        (f"<title>{PERSON.upper()} &amp; школа</title>", f"<title>{MASK} &amp; школа</title>"),
        ("<style>.a::after{content:'А. А. Иванова'}</style>", "<style>.a::after{content:'А. А. Иванова'}</style>"),
    ],
)
def test_a_person_in_a_page_is_masked(html, left):
    assert page_without_names(html) == left


def test_the_rest_of_a_page_stays_to_the_sign():
    html = (
        '<p>«СОШ № 1» &lt; <a href="a">Школа Гагарина Ю.&nbsp;А.</a>, код 89123456789 &amp;&nbsp;<b>25\u00a0%</b></p>'
        "<td>Анна</td><td>Петрова</td><!--shnor:x--><script>a='Иванов Иван Иванович' < 1</script>"
    )
    assert page_without_names(html) == html


def test_files_of_tables_name_no_person():
    fields = [TableField("who", f"Роль {PERSON}", "", "text", 0, PERSON, ["завуч", PERSON, "=1"])]
    fields.append(TableField("pupils", "Дети", "чел.", "count", 0, "", [1, 2, 3]))
    table = ReportTable("who", f"Кто: {PERSON}", PERSON, f"Приказ, {PERSON}", ["who"], fields)
    files = table_files([table], title=f"Округ, {PERSON}")
    book = openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]))
    cells = [str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None]
    told = (
        files["who.csv"].decode("utf-8-sig") + files["datapackage.json"].decode() + " ".join([*cells, *book.sheetnames])
    )
    assert "виристел" not in told and MASK in files["who.csv"].decode("utf-8-sig")
    assert files["who.csv"].decode("utf-8-sig").splitlines()[1] == "завуч;1"


def test_a_drawing_names_no_person():
    drawings = []
    for title in (PERSON, MASK):
        drawing, axes = new_drawing()
        axes.set_title(title)
        drawings.append(image_url(drawing))
    assert drawings[0] == drawings[1]


def test_a_record_and_the_screen_name_no_person(tmp_path, capsys):
    write_json(tmp_path / "run.json", {"reason": [f"нет {PERSON}"], "share": 0.5})
    assert json.loads((tmp_path / "run.json").read_bytes()) == {"reason": [f"нет {MASK}"], "share": 0.5}
    tell(f"взято: {PERSON}\nвсего: 1")
    assert capsys.readouterr().out == f"взято: {MASK}\nвсего: 1\n"


def test_names_of_files_that_a_run_writes_down_name_no_person(tmp_path):
    for name in ("Свиристелов А.Н..csv", "Свиристелова А.Н..csv", "staff.csv"):
        (tmp_path / name).touch()
    found = snapshot(tmp_path, ["staff.csv"], ["."])
    assert sorted(found) == [f"./{MASK}.csv", f"./{MASK}.csv′", "./staff.csv", "staff.csv"]
