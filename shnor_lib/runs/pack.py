"""``shnor pack``: the pages of an office and year as one zip that works where it is unpacked, with PDFs where a browser is installed."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from shnor_lib.runs.record import RUN_FILE
from shnor_lib.runs.transaction import write_together
from shnor_lib.workspace import PUBLIC, report_folder

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "msedge", "chrome")
WINDOWS_BROWSERS = (
    r"Microsoft\Edge\Application\msedge.exe",
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
)
PDF_SECONDS = 120
_LINK = re.compile(r'<a (?:[^>]* )?href="([^"#]*)(?:#[^"]*)?"[^>]*>(.*?)</a>', re.DOTALL)
_NO_CLOCK = (2000, 1, 1, 0, 0, 0)


class NothingToPack(ValueError):
    """An office and year without pages."""


def board_page(workspace: Path, municipality: str, year: int, audience: str = "internal") -> Path:
    """Where the page of an office that one opens first stands: the board's page, of a region its own; else the index."""
    folder = report_folder(workspace, municipality, year, audience)
    pages = [folder / name for name in ("00_overview.html", "05_region.html", "index.html")]
    return next((page for page in pages if page.exists()), pages[-1])


def pack(workspace: Path, municipality: str, year: int, audience: str = "internal") -> tuple[Path, int, str]:
    """Put the zip in place whole, beside the folder of the internal pages: the public tree holds nothing but its pages.

    Returns
    -------
    Its path, how many PDFs are in it, and why there are none (empty when there are).

    Raises
    ------
    NothingToPack
        When no page was made.
    WriteFailed
        When the zip cannot be written.
    """
    folder = report_folder(workspace, municipality, year, audience)
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    kept = [name for name in names if not name.startswith(".") and name != RUN_FILE]
    pages = [name for name in kept if name.endswith(".html")]
    if set(pages) <= {"index.html"}:
        raise NothingToPack(f"отчётов {municipality} за {year} год нет")
    contents = {name: (folder / name).read_bytes() for name in kept}
    for name in pages:
        contents[name] = without_dead_links(contents[name].decode("utf-8"), name, contents).encode("utf-8")
    browser = find_browser()
    printed = print_pages(browser, contents, pages) if browser else {}
    why = (
        ""
        if printed
        else "браузер Chromium, Chrome или Edge не найден"
        if not browser
        else "браузер не напечатал ни страницы"
    )
    edition = "-public" if audience == PUBLIC else ""
    target = report_folder(workspace, municipality, year).parent / f"{municipality}-{year}{edition}.zip"
    write_together(workspace, {target: zipped(contents | printed)})
    return target, len(printed), why


def without_dead_links(html: str, page: str, contents: Mapping[str, bytes]) -> str:
    """A page whose links to what is not packed are plain words.

    >>> without_dead_links('<a href="b.html">Б</a> <a href="../x.html">Х</a> <a href="#c">В</a>', "a.html", {"b.html": b""})
    '<a href="b.html">Б</a> Х <a href="#c">В</a>'
    """

    def kept(link: re.Match) -> str:
        address, words = link.groups()
        if not address:
            return link.group()
        target = os.path.normpath(PurePosixPath(page).parent / address).replace(os.sep, "/")
        return link.group() if target in contents else words

    return _LINK.sub(kept, html)


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """The files as a zip; the same files give the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(contents):
            packed.writestr(zipfile.ZipInfo(name, _NO_CLOCK), contents[name], zipfile.ZIP_DEFLATED)
    return file.getvalue()


def find_browser() -> str:
    """A browser that prints pages to PDF; empty when none is installed. ``CHROMIUM`` names another."""
    named = [os.environ.get("CHROMIUM", ""), *BROWSERS]
    folders = [os.environ.get(name, "") for name in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")]
    places = [os.path.join(folder, place) for folder in folders if folder for place in WINDOWS_BROWSERS]
    found = (shutil.which(one) for one in (*named, *places) if one)
    return next(filter(None, found), "")


def print_pages(browser: str, contents: Mapping[str, bytes], pages: list[str]) -> dict[str, bytes]:
    """The reports and the pages of the schools as PDFs, ``pdf/<name>.pdf``; a page that the browser does not print is left out."""
    printed = {}
    with tempfile.TemporaryDirectory(prefix="shnor-pack-") as temporary:
        root = Path(temporary)
        flags = ["--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-sync"]
        flags += [f"--user-data-dir={root / 'profile'}", "--no-pdf-header-footer"]
        flags += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        for name in (name for name in pages if PurePosixPath(name).name != "index.html"):
            page, pdf = root / "page.html", root / "page.pdf"
            page.write_bytes(contents[name])
            pdf.unlink(missing_ok=True)
            command = [browser, *flags, f"--print-to-pdf={pdf}", page.as_uri()]
            try:
                subprocess.run(command, capture_output=True, timeout=PDF_SECONDS, check=False)
            except (OSError, subprocess.TimeoutExpired):
                continue
            if pdf.exists():
                printed[f"pdf/{name.removesuffix('.html')}.pdf"] = pdf.read_bytes()
    return printed
