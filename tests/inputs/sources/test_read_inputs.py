import hashlib
from pathlib import Path

import pytest

from shnor_lib.inputs.dictionary import table_names
from shnor_lib.inputs.sources import limits, read_inputs
from shnor_lib.workspace import WorkspaceError
from tests.inputs.sources.delivery import SCHOOLS, SOURCES, book, deliver, put, told, workspace


def test_every_table_is_there_and_typed_also_when_absent(tmp_path):
    inputs = deliver(tmp_path, {})
    assert set(inputs.tables) == set(table_names()) and len(inputs.tables["schools"]) == 3 and told(inputs) == []
    assert inputs.tables["staff"].empty and str(inputs.tables["staff"]["teachers"].dtype) == "Float64"


def test_csv_and_workbook_give_the_same_rows(tmp_path):
    from_csv = deliver(tmp_path / "a", {}, staff="Код школы;Учителя\n01;12\n02;7\n").tables["staff"]
    from_book = deliver(
        tmp_path / "b", {"x.xlsx": book(Кадры=[["Код школы", "Учителя"], ["01", 12], ["02", 7]])}
    ).tables["staff"]
    columns = [column for column in from_csv if not column.startswith("source_")]
    assert from_csv[columns].equals(from_book[columns])
    assert from_book["source_file"].unique().tolist() == ["data/raw/demo/2021/x.xlsx"] and from_book[
        "source_sheet"
    ].unique().tolist() == ["Кадры"]


def test_several_files_may_feed_one_table(tmp_path):
    header = "school_id;exam;subject;grade;participants\n"
    inputs = deliver(
        tmp_path,
        {
            "exam_results.vpr.csv": header + "01;ВПР;математика;5;20\n",
            "exam_results.oge.csv": header + "01;ОГЭ;математика;9;30\n",
        },
    )
    assert inputs.tables["exam_results"]["exam"].tolist() == ["OGE", "VPR"] and told(inputs) == []


def test_every_file_has_its_source_with_its_sha256(tmp_path):
    text = "Код школы;Учителя\n01;12\n"
    sources = (
        SOURCES + "files:\n  staff.csv: {place: таблица 1, kind: published, stated_years: [2021], remarks: [прим.]}\n"
    )
    frame = deliver(tmp_path, {"SOURCES.yml": sources}, staff=text).sources.set_index("file")
    staff = frame.loc["data/raw/demo/2021/staff.csv"]
    assert (
        staff["sha256"] == hashlib.sha256(text.encode()).hexdigest()
        and staff["rows"] == 1
        and staff["tables"] == ("staff",)
    )
    assert (staff["kind"], staff["document"], staff["place"], staff["remarks"]) == (
        "published",
        "Пример",
        "таблица 1",
        ("прим.",),
    )
    assert frame.loc["data/raw/demo/2021/schools.csv", "kind"] == "demonstration"


def test_a_file_listed_but_gone_is_an_error(tmp_path):
    inputs = deliver(tmp_path, {"SOURCES.yml": SOURCES + "files:\n  staff.csv: {}\n"})
    assert [(severity, "staff.csv" in text) for severity, _, text in told(inputs)] == [("error", True)]


def test_a_file_changed_after_its_sha256_was_noted_is_an_error(tmp_path):
    sources = SOURCES + f"files:\n  schools.csv: {{sha256: {'0' * 64}}}\n"
    assert ["sha256" in text for _, _, text in told(deliver(tmp_path, {"SOURCES.yml": sources}))] == [True]


def test_what_is_no_table_is_told_and_hidden_and_lock_files_are_not(tmp_path):
    inputs = deliver(
        tmp_path, {"notes.txt": "x", "old.doc": "x", "unknown.csv": "x", "~$staff.xlsx": "x", ".hidden": "x"}
    )
    assert inputs.problems["severity"].tolist() == ["warning"] * 3
    assert [file.rsplit("/", 1)[1] for file in inputs.problems["file"]] == ["notes.txt", "old.doc", "unknown.csv"]


def test_aliases_resolve_in_every_table_and_unknown_schools_are_errors(tmp_path):
    inputs = deliver(tmp_path, {}, staff="school_id;teachers\nEDU200001;12\nedu200009;7\n")
    assert inputs.tables["staff"]["school_id"].tolist() == ["01", "edu200009"]
    (problem,) = inputs.problems.to_dict("records")
    assert (problem["severity"], problem["check"], problem["cell"]) == ("error", "schools_unknown", "A3")
    assert "02 (ООШ № 2)" in problem["allowed"]


def test_an_unknown_partner_is_only_a_warning(tmp_path):
    inputs = deliver(tmp_path, {}, partnerships="school_id;partner_id\n01;gymnasium-of-another-town\n")
    assert inputs.problems["severity"].tolist() == ["warning"]


def test_a_code_of_two_schools_is_an_error_at_both(tmp_path):
    inputs = deliver(tmp_path, {"schools.csv": "school_id;aliases\n01;x\n02;x\n"})
    assert [(severity, cell) for severity, cell, _ in told(inputs, "schools_ambiguous")] == [
        ("error", "B2"),
        ("error", "B3"),
    ]


def test_without_a_register_one_problem_a_table_says_it_all(tmp_path):
    put(tmp_path, {"staff.csv": "school_id;teachers\n01;12\n02;7\n"})
    inputs = read_inputs(tmp_path, "demo", [2021])
    assert [(severity, cell) for severity, cell, _ in told(inputs)] == [("error", "A2")]


def test_a_year_without_a_register_uses_that_of_another_year(tmp_path):
    put(tmp_path, {"staff.csv": "school_id;teachers\nedu200001;12\n"}, 2020)
    inputs = deliver(tmp_path, {}, years=(2020, 2021))
    assert inputs.tables["staff"]["school_id"].tolist() == ["01"] and told(inputs) == []


def test_years_are_read_together(tmp_path):
    put(tmp_path, {"schools.csv": SCHOOLS, "staff.csv": "school_id;teachers\n01;12\n"}, 2020)
    inputs = deliver(tmp_path, {}, years=(2020, 2021), staff="school_id;teachers\n01;13\n")
    assert inputs.tables["staff"][["year", "teachers"]].values.tolist() == [[2020, 12], [2021, 13]]


def test_the_year_reported_on_must_be_there_and_its_past_may_be_absent(tmp_path):
    assert [severity for severity, *_ in told(deliver(tmp_path, {}, years=(2019, 2020, 2021)))] == ["note", "note"]
    later = read_inputs(tmp_path, "demo", [2021, 2022])
    assert [(severity, "2022" in text) for severity, _, text in told(later)] == [("error", True)]


def test_of_a_row_stated_by_two_folders_the_later_statement_counts(tmp_path):
    header = "school_id;exam;subject;grade;participants;year\n"
    earlier = header + "01;ВПР;математика;5;20;2020\n01;ВПР;русский язык;5;21;2020\n"
    put(tmp_path, {"schools.csv": SCHOOLS, "exam_results.csv": earlier}, 2020)
    later = header + "01;ВПР;математика;5;25;2020\n01;ВПР;русский язык;5;21;2020\n01;ВПР;математика;5;30;2021\n"
    inputs = deliver(tmp_path, {}, years=(2020, 2021), exam_results=later)
    assert inputs.tables["exam_results"]["participants"].tolist() == [25, 21, 30]
    assert [(severity, cell) for severity, cell, _ in told(inputs)] == [("warning", "A2")]
    assert inputs.problems.loc[0, "file"] == "data/raw/demo/2020/exam_results.csv"


def test_a_link_out_of_the_workspace_is_not_followed(tmp_path):
    folder = put(tmp_path / "office", {"schools.csv": SCHOOLS})
    (tmp_path / "secret.csv").write_text("school_id;teachers\n01;12\n", encoding="utf-8")
    (folder / "staff.csv").symlink_to(tmp_path / "secret.csv")
    inputs = read_inputs(tmp_path / "office", "demo", [2021])
    assert inputs.tables["staff"].empty and [severity for severity, *_ in told(inputs)] == ["error"]


def test_links_that_lead_nowhere_and_folders_are_told(tmp_path):
    folder = put(tmp_path, {"schools.csv": SCHOOLS})
    (folder / "staff.csv").symlink_to(folder / "staff.csv")
    (folder / "resources.csv").symlink_to(folder / "gone.csv")
    (folder / "survey.csv").mkdir()
    assert [severity for severity, *_ in told(read_inputs(tmp_path, "demo", [2021]))] == ["warning"] * 3


def test_a_file_that_cannot_be_opened_is_told_and_the_others_are_read(tmp_path, monkeypatch):
    open_file = Path.open

    def locked(self, *arguments, **options):
        if self.name == "staff.csv":
            raise PermissionError(13, "Permission denied")
        return open_file(self, *arguments, **options)

    put(tmp_path, {"schools.csv": SCHOOLS, "staff.csv": "school_id;teachers\n01;12\n"})
    monkeypatch.setattr(Path, "open", locked)
    inputs = read_inputs(tmp_path, "demo", [2021])
    assert told(inputs) == [("error", "", "Не открывается: нет прав, или файл открыт в другой программе")]
    assert len(inputs.tables["schools"]) == 3


def test_files_too_large_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_CSV_BYTES", 10)
    assert [text for _, _, text in told(deliver(tmp_path, {}))] == ["Файл слишком велик"]


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_FILES", 1)
    assert [severity for severity, *_ in told(deliver(tmp_path, {}))] == ["error"]


@pytest.mark.parametrize("office", ["../demo", "Demo", ""])
def test_an_office_is_an_id(tmp_path, office):
    with pytest.raises(WorkspaceError):
        read_inputs(workspace(tmp_path), office, [2021])


def test_a_broken_file_does_not_stop_the_others(tmp_path):
    inputs = deliver(tmp_path, {"x.xlsx": b"no workbook"}, staff="school_id;teachers\n01;12\n")
    assert len(inputs.tables["staff"]) == 1 and [severity for severity, *_ in told(inputs)] == ["error"]
