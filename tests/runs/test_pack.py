"""`shnor pack`: a zip whose links work where it is unpacked, with PDFs or one line that says why there are none."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from shnor_lib.runs import pack as packing
from shnor_lib.runs.pack import NothingToPack, board_page, pack
from shnor_lib.workspace import report_folder


@pytest.fixture
def workspace(tmp_path) -> Path:
    folder, public = (tmp_path / tree / "alpha" / "2021" for tree in ("reports", "public"))
    pages = {
        "00_overview.html": '<a href="schools/a.html">А</a> <a href="index.html">Все</a> <a rel="next" href="20_x.html">Дальше</a>',
        "index.html": '<a href="../../index.html">Все муниципалитеты</a> <a href="tables/t.csv">Числа</a>',
        "schools/a.html": '<a href="../00_overview.html#top">Главное</a> <a href="../../../b/2021/schools/c.html">Чужая</a>',
        "tables/t.csv": "1",
        "run.json": "{}",
    }
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    public.mkdir(parents=True)
    (public / "00_overview.html").write_text("открытая", encoding="utf-8")
    return tmp_path


def names(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as packed:
        return {name: packed.read(name).decode("utf-8", "replace") for name in packed.namelist()}


def test_every_link_of_the_zip_works_from_its_folder(workspace, monkeypatch):
    monkeypatch.setattr(packing, "find_browser", lambda: "")
    target, printed, why = pack(workspace, "alpha", 2021)
    assert (printed, "не найден" in why) == (0, True) and target.name == "alpha-2021.zip"
    found = names(target)
    assert sorted(found) == ["00_overview.html", "index.html", "schools/a.html", "tables/t.csv"]
    for page, text in found.items():
        for address in re.findall(r'href="([^"#]+)', text):
            assert str((Path("/") / page).parent.joinpath(address).resolve()).lstrip("/") in found, (page, address)
    assert "Дальше" in found["00_overview.html"] and "Чужая" in found["schools/a.html"]
    first = target.read_bytes()
    pack(workspace, "alpha", 2021)
    assert target.read_bytes() == first


def test_the_public_edition_is_packed_alone(workspace, monkeypatch):
    monkeypatch.setattr(packing, "find_browser", lambda: "")
    target, _, _ = pack(workspace, "alpha", 2021, "public")
    assert target == workspace / "reports" / "alpha" / "alpha-2021-public.zip"
    assert names(target) == {"00_overview.html": "открытая"}


def test_a_browser_that_prints_nothing_is_told(workspace, monkeypatch):
    monkeypatch.setattr(packing, "find_browser", lambda: "/bin/false")
    target, printed, why = pack(workspace, "alpha", 2021)
    assert target.exists() and printed == 0 and "не напечатал" in why


def test_without_pages_there_is_nothing_to_pack(workspace):
    with pytest.raises(NothingToPack, match="beta за 2021"):
        pack(workspace, "beta", 2021)
    index = report_folder(workspace, "beta", 2021) / "index.html"
    index.parent.mkdir(parents=True)
    index.write_text("<p>Ждут таблиц</p>", encoding="utf-8")
    with pytest.raises(NothingToPack):
        pack(workspace, "beta", 2021)
    index.unlink()
    assert board_page(workspace, "alpha", 2021).name == "00_overview.html"
    assert not board_page(workspace, "beta", 2021).exists()
