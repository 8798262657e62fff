"""Imports add to the tables of an office, repeat by the byte and change nothing by hand silently."""

import hashlib

import pytest

from shnor_lib.inputs.importers import ImportRefused, import_files
from shnor_lib.inputs.sources import read_inputs
from tests.inputs.importers.exports import TITLE, cells, export, office, put_in, refused_cells, take
from tests.inputs.importers.test_participants import protocol_2020
from tests.inputs.sources.delivery import book
from tests.inputs.sources.test_workbooks import rebuilt

WORKS = [("sch200001", 3, "", "1", 6), ("sch200001", 4, "", "1", 12), ("sch200002", 4, "", "1", 12)]
MARKS = ("school_id", "mark_2", "mark_3", "mark_4")


def works(tmp_path, *rows, name="Математика 5.xlsx"):
    return export(tmp_path, name, Sheet1=protocol_2020(*(rows or WORKS)))


def files_of(workspace):
    folder = workspace / "data" / "raw" / "demo" / "2021"
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def edit(workspace, old, new, name="exam_results.csv"):
    path = workspace / "data" / "raw" / "demo" / "2021" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_same_import_again_changes_no_byte(tmp_path):
    workspace = office(tmp_path)
    take(workspace, works(tmp_path))
    before = files_of(workspace)
    assert import_files(workspace, "demo", 2021, [works(tmp_path)]).contents == {}
    again = take(workspace, works(tmp_path), works(tmp_path, *WORKS, name="Русский язык 5.xlsx"))
    assert again.merges["exam_results"].equal == 2
    assert {name: sha for name, sha in files_of(workspace).items() if name in ("schools.csv",)} == {
        "schools.csv": before["schools.csv"]
    }


def test_files_come_in_any_order(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
    paths = [works(tmp_path), works(tmp_path, *WORKS, name="Русский язык 5.xlsx")]
    take(office(first), *paths)
    take(office(second), *reversed(paths))
    assert files_of(first) == files_of(second)


def test_what_is_written_is_read_and_named_in_the_sources(tmp_path):
    workspace = office(tmp_path)
    path = works(tmp_path)
    take(workspace, path)
    inputs = read_inputs(workspace, "demo", [2021])
    assert inputs.problems.empty
    assert inputs.tables["exam_results"]["school_id"].tolist() == ["01", "02"]
    source = inputs.sources.set_index("file").loc["data/raw/demo/2021/exam_results.csv"]
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert source["document"] == "Протокол ВПР, выгрузка 2020 года"
    assert f"Математика 5.xlsx (sha256 {sha256[:12]})" in source["remarks"][0]
    protocol = (workspace / "data" / "raw" / "demo" / "2021" / "import_protocol.csv").read_text(encoding="utf-8-sig")
    assert f"Математика 5.xlsx;{sha256};" in protocol


def test_comments_and_entries_of_the_sources_stay(tmp_path):
    workspace = office(tmp_path)
    path = workspace / "data" / "raw" / "demo" / "2021" / "SOURCES.yml"
    path.write_text(
        '# заметка\nkind: published\ndocument: "Отчёт"\nfiles:\n  schools.csv:\n    place: "стр. 3"\n', encoding="utf-8"
    )
    take(workspace, works(tmp_path))
    text = path.read_text(encoding="utf-8")
    assert text.startswith(
        '# заметка\nkind: published\ndocument: "Отчёт"\nfiles:\n  schools.csv:\n    place: "стр. 3"\n  exam_results.csv:'
    )


def test_a_correction_by_hand_stops_the_import(tmp_path):
    workspace = office(tmp_path)
    take(workspace, works(tmp_path))
    edit(workspace, "01;VPR;maths;5;2;1;0;1", "01;VPR;maths;5;2;0;1;1")
    corrected = files_of(workspace)
    imported = take(workspace, works(tmp_path))
    assert [(one.column, one.old, one.new) for one in imported.differences] == [
        ("Отметка 2", "0", "1"),
        ("Отметка 3", "1", "0"),
    ]
    assert imported.differences[0].place == "exam_results.csv, F2"
    assert files_of(workspace) == corrected


@pytest.mark.parametrize(("resolution", "marks"), [("keep", ("0", "1", "1")), ("replace", ("1", "0", "1"))])
def test_a_difference_is_settled_only_when_asked_and_recorded(tmp_path, resolution, marks):
    workspace = office(tmp_path)
    take(workspace, works(tmp_path))
    edit(workspace, "01;VPR;maths;5;2;1;0;1", "01;VPR;maths;5;2;0;1;1")
    imported = take(workspace, works(tmp_path), resolution=resolution)
    assert not imported.differences
    assert cells(workspace, "exam_results", *MARKS)[0] == ("01", *marks)
    record = {"keep": "оставлено", "replace": "заменено"}[resolution]
    protocol = (workspace / "data" / "raw" / "demo" / "2021" / "import_protocol.csv").read_text(encoding="utf-8-sig")
    assert f";{record};1;01, ВПР, математика, 5 класс, Отметка 2: было 0" in protocol


def test_a_row_removed_by_hand_does_not_come_back_silently(tmp_path):
    workspace = office(tmp_path)
    take(workspace, works(tmp_path))
    path = workspace / "data" / "raw" / "demo" / "2021" / "exam_results.csv"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:2]) + "\n", encoding="utf-8")
    assert {one.old for one in take(workspace, works(tmp_path)).differences} == {"пусто"}
    take(workspace, works(tmp_path), resolution="keep")
    assert [row[0] for row in cells(workspace, "exam_results", "school_id")] == ["01"]


def test_a_school_that_got_its_code_later_comes_in(tmp_path):
    workspace = office(tmp_path)
    path = works(tmp_path, *WORKS, ("sch555555", 4, "", "1", 12))
    take(workspace, path)
    edit(workspace, "edu200003", "edu555555", "schools.csv")
    imported = take(workspace, path)
    assert not imported.differences
    assert [row[0] for row in cells(workspace, "exam_results", "school_id")] == ["01", "02", "03"]


def test_two_exports_that_disagree_are_never_chosen_between(tmp_path):
    workspace = office(tmp_path)
    other = works(tmp_path, ("sch200001", 3, "", "1", 6), name="Математика 5 (2).xlsx")
    for resolution in ("refuse", "keep", "replace"):
        imported = take(workspace, works(tmp_path), other, resolution=resolution)
        [(_, _, text)] = refused_cells(imported)
        assert "Участники" in text and "2 – Математика 5.xlsx" in text and "1 – Математика 5 (2).xlsx" in text
        assert imported.left_out
        assert not (workspace / "data" / "raw" / "demo" / "2021" / "exam_results.csv").exists()


def test_files_that_disagree_on_one_procedure_bring_the_others(tmp_path):
    workspace = office(tmp_path)
    other = works(tmp_path, ("sch200001", 3, "", "1", 6), name="Математика 5 (2).xlsx")
    russian = works(tmp_path, ("sch200001", 3, "", "1", 6), name="Русский 7.xlsx")
    assert take(workspace, works(tmp_path), other, russian).left_out
    assert {row[0] for row in cells(workspace, "exam_results", "subject")} == {"russian"}
    assert {row[0] for row in cells(workspace, "mark_comparison", "subject")} == {"russian"}


def test_rows_of_a_workbook_are_compared_and_never_doubled(tmp_path):
    workspace = office(tmp_path)
    head = ["Код школы", "Процедура", "Предмет", "Класс", "Участники"]
    content = book(**{"Результаты процедур": [head, ["01", "ВПР", "математика", 5, 7]]})
    (workspace / "data" / "raw" / "demo" / "2021" / "книга.xlsx").write_bytes(content)
    imported = take(workspace, works(tmp_path), resolution="replace")
    assert ("Участники", "7", "2", ("keep",)) in [
        (one.column, one.old, one.new, one.settled_by) for one in imported.differences
    ]
    assert imported.differences[0].place == "книга.xlsx, лист Результаты процедур, E2"
    take(workspace, works(tmp_path), resolution="keep")
    assert [row[0] for row in cells(workspace, "exam_results", "school_id")] == ["01", "02"]
    of_first = read_inputs(workspace, "demo", [2021]).tables["exam_results"].query("school_id == '01'")
    kept = of_first[["participants", "mark_2", "mark_3"]].values.tolist()
    assert kept == [[7, 1, 0]]  # the cell stays, the empty ones are filled


@pytest.mark.parametrize("name", ["книга.xlsx", "book.xlsx"])  # after the tables in order of names, and before them
def test_cells_of_a_workbook_and_of_its_table_stay_where_they_stand(tmp_path, name):
    """A row that both tell of is one; a later import rewrites the table with its own cells, no more and no fewer."""
    workspace = office(tmp_path)
    head = ["Код школы", "Процедура", "Предмет", "Класс", "Участники"]
    (workspace / "data" / "raw" / "demo" / "2021" / name).write_bytes(
        book(**{"Результаты процедур": [head, ["01", "ВПР", "математика", 5, 7]]})
    )
    take(workspace, works(tmp_path), resolution="keep")
    take(workspace, works(tmp_path, ("sch200001", 3, "", "1", 6), name="Русский 7.xlsx"))
    told = cells(workspace, "exam_results", "school_id", "subject", "participants", "mark_2", "mark_4")
    assert sorted(told) == [
        ("01", "maths", "", "1", "1"),
        ("01", "russian", "1", "1", "0"),
        ("02", "maths", "1", "0", "1"),
    ]
    again = take(workspace, works(tmp_path, ("sch200001", 3, "", "1", 14)))
    settled = {one.column: one.settled_by for one in again.differences}
    assert settled["Участники"] == ("keep",) and settled["Отметка 2"] == ("keep", "replace") and not again.contents


def test_a_broken_table_is_not_rewritten(tmp_path):
    workspace = office(tmp_path, exam_results="school_id;exam;subject;grade;participants\n01;ВПР;математика;5;много\n")
    with pytest.raises(ImportRefused, match=r"exam_results.csv \(E2\)"):
        take(workspace, works(tmp_path))


def test_a_pinned_table_is_not_rewritten(tmp_path):
    workspace = office(tmp_path)
    path = workspace / "data" / "raw" / "demo" / "2021" / "SOURCES.yml"
    path.write_text(f"kind: published\nfiles:\n  exam_results.csv:\n    sha256: {'0' * 64}\n", encoding="utf-8")
    with pytest.raises(ImportRefused, match="sha256"):
        take(workspace, works(tmp_path))


def test_a_hostile_name_is_no_formula_and_no_person(tmp_path):
    workspace = office(tmp_path, 2026)
    head = ["Группы участников", "Кол-во ОО", "Кол-во участников", "2", "3", "4", "5"]
    rows = [["Статистика"], [TITLE], head, ["Страна", 1, 4, 25, 25, 25, 25], ["Регион", 1, 4, 25, 25, 25, 25]]
    rows += [["Район (reg1_m1)", 1, 4, 25, 25, 25, 25], ["СОШ № 1 (edu200001)", 1, 4, 25, 25, 25, 25]]
    rows += [["=cmd|'/c calc'!A1 Иванов И.И. (edu1)", 1, 4, 25, 25, 25, 25]]
    path = export(tmp_path, "статистика.xlsx", Лист=[])
    content = book(Лист=[[f" {text}" if isinstance(text, str) else text for text in row] for row in rows])
    path.write_bytes(content)
    imported = take(workspace, path, year=2026)
    said = "".join(content.decode() for content in imported.contents.values())
    assert "Иванов" not in said
    assert not [cell for line in said.splitlines() for cell in line.split(";") if cell.startswith("=")]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("чужая.xlsx", book(Лист=[["что-то", "другое"], [1, 2]]), "вид выгрузки не распознан"),
        ("старая.doc", b"\xd0\xcf\x11\xe0", "такие файлы не читаются"),
        ("битая.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "содержимое книги не разбирается"),
        ("битая.xlsx", b"PK\x03\x04", "архив книги повреждён"),
        (
            "бомба.xlsx",
            rebuilt(book(Лист=[["а"]]), {"xl/media/bomb.xml": bytes(16 << 20)}),
            "сжата подозрительно сильно",
        ),
    ],
    ids=["foreign", "no table", "damaged old one", "damaged", "bomb"],
)
def test_a_foreign_or_hostile_file_is_refused(tmp_path, name, content, said):
    workspace = office(tmp_path)
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ImportRefused, match=said) as refused:
        import_files(workspace, "demo", 2021, [path])
    assert str(tmp_path) not in refused.value.cause + refused.value.remedy


def test_strangers_and_an_empty_register_are_refused(tmp_path):
    workspace = office(tmp_path)
    path = works(tmp_path, ("sch777777", 4, "", "1", 12))
    with pytest.raises(ImportRefused, match="ни одна школа файла не найдена в реестре .sch777777"):
        take(workspace, path)
    (workspace / "data" / "raw" / "demo" / "2021" / "schools.csv").unlink()
    with pytest.raises(ImportRefused, match="нет таблицы «Школы»"):
        put_in(import_files(workspace, "demo", 2021, [path]))
