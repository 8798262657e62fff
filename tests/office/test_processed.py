"""What is kept of an office comes back as it was, and counts as fresh exactly while nothing it was made from has changed."""

import shutil
from dataclasses import fields
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shnor_lib.office.assemble import assemble_office, open_office
from shnor_lib.office.fingerprint import digest, snapshot
from shnor_lib.office.kept import FRAMES, frame_bytes, frame_from, pack_office, unpack_office
from shnor_lib.office.processed import changes_since
from tests.runs.workspaces import make_workspace
from tests.shipped import ROOT, shipped

FOLDERS = sorted((folder.parent.name, int(folder.name)) for folder in (ROOT / "data" / "raw").glob("*/[0-9]*"))


@pytest.mark.parametrize(("municipality", "year"), FOLDERS)
def test_an_office_comes_back_equal(municipality, year):
    office = shipped(municipality, year)
    back = unpack_office(pack_office(office))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(back, name), getattr(office, name))
    for name, table in office.tables.items():
        pd.testing.assert_frame_equal(back.tables[name], table)
    plain = [field.name for field in fields(office) if field.name not in (*FRAMES, "tables")]
    assert {name: getattr(back, name) for name in plain} == {name: getattr(office, name) for name in plain}


def test_the_same_office_is_the_same_bytes(tmp_path):
    workspace = make_workspace(tmp_path, {"alpha": [2021]})
    assert pack_office(assemble_office(workspace, "alpha", 2021)) == pack_office(
        assemble_office(workspace, "alpha", 2021)
    )


@given(
    st.lists(
        st.tuples(
            st.none() | st.text(max_size=5),
            st.none() | st.integers(-(2**53), 2**53),
            st.none() | st.floats(allow_nan=False),
            st.none() | st.booleans(),
            st.none() | st.lists(st.integers(0, 9) | st.text(max_size=3), max_size=3).map(tuple),
        ),
        max_size=6,
    )
)
def test_any_frame_comes_back_equal(rows):
    frame = pd.DataFrame(rows, columns=["text", "whole", "number", "flag", "several"]).astype(
        {"text": "string", "whole": "Int64", "number": "Float64", "flag": "boolean", "several": object}
    )
    pd.testing.assert_frame_equal(frame_from(frame_bytes(frame)), frame)


def test_missing_values_keep_their_kind():
    frame = pd.DataFrame({"mixed": pd.Series([None, float("nan"), pd.NA, "нет", 0], dtype=object)})
    back = frame_from(frame_bytes(frame))["mixed"]
    assert back[0] is None and back[1] != back[1] and back[2] is pd.NA and list(back[3:]) == ["нет", 0]


def test_opening_uses_what_is_kept_only_while_it_holds(tmp_path, monkeypatch):
    from shnor_lib.runs.prepare import prepare_office

    workspace = make_workspace(tmp_path, {"alpha": [2021]})
    assert prepare_office(workspace, "alpha", 2021)["status"] == "made"
    kept = open_office("alpha", 2021, workspace=workspace)
    monkeypatch.setattr("shnor_lib.office.assemble.gather", lambda *_: pytest.fail("computed again"))
    assert kept.identification.equals(open_office("alpha", 2021, workspace=workspace).identification)
    raw = workspace / "data" / "raw" / "alpha" / "2021" / "exam_results.csv"
    raw.write_text(raw.read_text().replace("50,4,20", "50,5,19"))
    with pytest.raises(pytest.fail.Exception, match="computed again"):
        open_office("alpha", 2021, workspace=workspace)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    from shnor_lib.runs.prepare import prepare_office

    workspace = make_workspace(tmp_path_factory.mktemp("prepared"), {"alpha": [2021]})
    return workspace, prepare_office(workspace, "alpha", 2021)["prepared"]


def damaged(workspace: Path, name: str, how: str) -> None:
    path = workspace / name
    if how == "gone":
        path.unlink()
    elif how == "new":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"school_id\n")
    else:
        path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize(
    ("name", "how", "reason"),
    [
        ("data/raw/alpha/2021/schools.csv", "edited", "изменились данные: data/raw/alpha/2021/schools.csv"),
        ("data/raw/alpha/2021/schools.csv", "gone", "изменились данные: data/raw/alpha/2021/schools.csv"),
        ("data/raw/alpha/2021/staff.csv", "new", "изменились данные: data/raw/alpha/2021/staff.csv"),
        ("data/raw/alpha/2020/staff.csv", "new", "изменились данные: data/raw/alpha/2020/staff.csv"),
        ("params/alpha.yml", "edited", "изменились параметры: params/alpha.yml"),
        ("params/methods/fioko-2021.yml", "edited", "изменились параметры: params/methods/fioko-2021.yml"),
        ("params/indicators.yml", "new", "изменились параметры: params/indicators.yml"),
        ("data/processed/alpha/2021/office.zip", "edited", "нет рассчитанного: office.zip"),
        ("data/processed/alpha/2021/verdicts.parquet", "gone", "нет рассчитанного: verdicts.parquet"),
    ],
)
def test_every_change_is_seen_and_named(prepared, tmp_path, name, how, reason):
    original, described = prepared
    workspace = Path(shutil.copytree(original, tmp_path / "copy"))
    folder = workspace / "data" / "processed" / "alpha" / "2021"
    assert changes_since(workspace, described, folder) == []
    damaged(workspace, name, how)
    assert changes_since(workspace, described, folder) == [reason]


@pytest.mark.parametrize("name", [".hidden.csv", "~$schools.xlsx"])
def test_files_that_are_no_data_change_nothing(tmp_path, name):
    workspace = make_workspace(tmp_path, {"alpha": [2021]})
    before = snapshot(workspace, [], ["data/raw/alpha/2021"])
    (workspace / "data" / "raw" / "alpha" / "2021" / name).write_bytes(b"x")
    assert snapshot(workspace, [], ["data/raw/alpha/2021"]) == before


def test_an_absent_file_is_part_of_the_picture(tmp_path):
    assert snapshot(tmp_path, ["params/x.yml"], ["data/raw/x/2021"]) == {"params/x.yml": None}
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "x.yml").write_bytes(b"")
    assert snapshot(tmp_path, ["params/x.yml"], []) == {"params/x.yml": digest(b"")}
