"""Documents say what the program does: generated pages are current, commands and files they name exist."""

import re
import subprocess
from pathlib import Path

import pytest

from shnor_lib.cli import main
from shnor_lib.tables import document_tables

ROOT = Path(__file__).parents[1]
GUIDES = [ROOT / "README.md", ROOT / "README.ru.md"]


def test_documentation_of_the_tables_is_current():
    assert (ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == document_tables()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_command_of_a_guide_exists(guide):
    named = set(re.findall(r"\bshnor ([a-z]+)\b", guide.read_text(encoding="utf-8")))
    assert named and named <= set(main.commands), named - set(main.commands)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_make_target_of_a_guide_exists(guide):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(
        re.findall(r"\bmake (reports|test|lab|bench|lint|clean|env)\b", guide.read_text(encoding="utf-8"))
    ):
        assert re.search(rf"^{target}:", makefile, flags=re.M)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_file_of_a_guide_exists(guide):
    text = guide.read_text(encoding="utf-8")
    for name in set(re.findall(r"`((?:docs|shnor_lib|tests)/[A-Za-z0-9_./-]+)`", text)):
        assert (ROOT / name).exists(), name


def test_no_file_names_a_package_index_or_a_machine():
    pattern = re.compile(r"index-url|trusted-host|pypi\.org|files\.pythonhosted|registry\.npmjs|/work/|\.\./shared")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    for path in [ROOT / name for name in tracked if name]:
        if path.suffix in (".xlsx", ".pyc", ".png") or path == Path(__file__):
            continue
        found = pattern.search(path.read_text(encoding="utf-8", errors="ignore"))
        assert not found, f"{path.relative_to(ROOT)}: {found[0]}"


def test_bare_make_lists_the_targets():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("env", "reports", "test", "lab", "bench", "lint", "clean"):
        assert f'@echo "make {target} ' in makefile and re.search(rf"^{target}:", makefile, flags=re.M)


def test_locked_environment_has_hashes_and_no_addresses():
    for name in ("requirements.txt", "requirements-lab.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text and "://" not in text
    assert "-r requirements-lab.txt" in (ROOT / "environment.yml").read_text(encoding="utf-8")
