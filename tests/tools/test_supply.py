"""What the project is built of: the licence of every locked package, what is known against them, the bill of materials."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
import tomllib

import pytest

from tools.supply import LOCKS, ROOT, Locked, audit, read_locked
from tools.supply.audit import CLEAN, FOUND, KNOWN_BAD, NO_DATA
from tools.supply.licences import PAGE, installed_licences, written_licences

SUPPLY = ROOT / ".venv-supply" / ("Scripts" if sys.platform == "win32" else "bin")
PERMITTED = {
    *("MIT", "MIT-0", "MIT-CMU", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "ISC", "PSF-2.0", "MPL-2.0"),
    *("Zlib", "CC0-1.0"),
}
PERMITTED_WORDS = re.compile(r"(MIT|BSD|Apache|ISC|Python Software Foundation|PSFL|Mozilla)\b.*")
A, B = Locked("a", "1.0", "requirements.txt", ("sha256:0a",)), Locked("b", "2.0", "requirements-lab.txt", ())


# --- the lists ---------------------------------------------------------------------------------------------------------------


def test_a_version_is_read_once_whatever_it_is_locked_for(tmp_path):
    (tmp_path / LOCKS[0]).write_text(
        "a==1.0 ; python_full_version < '3.12' \\\n    --hash=sha256:0a \\\n    --hash=sha256:0b\n    # via b\n"
        "a==2.0 ; python_full_version >= '3.12' \\\n    --hash=sha256:0c\n"
    )
    (tmp_path / LOCKS[1]).write_text("a==2.0\nb-c==3.1.post1 \\\n    --hash=sha256:0d\n    # via\n    #   a==9.9\n")
    (tmp_path / LOCKS[2]).write_text("b-c==3.1.post1\n")
    assert read_locked(tmp_path) == [
        Locked("a", "1.0", LOCKS[0], ("sha256:0a", "sha256:0b")),
        Locked("a", "2.0", LOCKS[0], ("sha256:0c",)),
        Locked("b-c", "3.1.post1", LOCKS[1], ("sha256:0d",)),
    ]


def test_lists_agree():
    """A package that stands in two lists has the same versions in both; those asked for by name are locked."""
    of_list = [
        re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE) for lock in LOCKS
    ]
    for one, other in itertools.combinations(of_list, 2):
        both = dict(one).keys() & dict(other).keys()
        assert {row for row in one if row[0] in both} == {row for row in other if row[0] in both} and both
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]["supply"]
    assert set(asked) <= dict(of_list[2]).keys()


# --- licences ----------------------------------------------------------------------------------------------------------------


def test_the_page_has_the_licence_of_every_locked_package():
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+) \| (\S+) \| .+ \| (\S+) \|$", page, flags=re.MULTILINE)
    assert rows == [(one.name, one.version, one.lock) for one in read_locked()] and len(rows) > 150, "make licences"
    written, installed = written_licences(page), installed_licences()
    both = written.keys() & installed.keys()
    assert len(both) > 100
    assert {key: written[key] for key in both} == {key: installed[key] for key in both}, "make licences"


def test_every_licence_lets_an_office_use_and_pass_on():
    """Permissive ones, or MPL, whose files we do not change."""
    for package, licence in written_licences(PAGE.read_text(encoding="utf-8")).items():
        if licence.startswith("`"):
            assert set(re.split(r" AND | OR ", licence.strip("`"))) <= PERMITTED, package
        else:
            assert PERMITTED_WORDS.fullmatch(licence), package


# --- what is known against them ----------------------------------------------------------------------------------------------


def knowing(answers):
    """A database that knows something against the version everybody knows to be bad."""
    bad = [{"name": KNOWN_BAD.name, "version": KNOWN_BAD.version, "vulns": [{"id": "CVE-2016-10745"}]}]
    return lambda packages: bad if list(packages) == [KNOWN_BAD] else answers


def answer(package: Locked, *known: str) -> dict:
    return {"name": package.name, "version": package.version, "vulns": [{"id": one} for one in known]}


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([], id="no answer"),
        pytest.param([{"name": "jinja2", "skip_reason": "not found and could not be audited"}], id="not found"),
        pytest.param([answer(KNOWN_BAD)], id="knows nothing against a bad one"),
    ],
)
def test_without_a_database_nothing_was_checked(answers):
    code, lines = audit.audit([A, B], lambda packages: answers)
    assert code == NO_DATA == 3
    assert len(lines) == 1 and lines[0].startswith("no data: nothing was checked")


def test_what_is_known_is_told():
    code, lines = audit.audit([A, B], knowing([answer(A), answer(B, "PYSEC-1", "PYSEC-2")]))
    assert code == FOUND == 1
    assert lines == ["2 of 2 locked packages checked; something is known against 1", "b 2.0: PYSEC-1, PYSEC-2"]


def test_all_checked_and_nothing_known():
    code, lines = audit.audit([A, B], knowing([answer(A), answer(B)]))
    assert code == CLEAN == 0
    assert lines == ["2 of 2 locked packages checked; something is known against 0"]


@pytest.mark.parametrize("rest", [[], [{"name": "b", "skip_reason": "not found"}]])
def test_a_package_that_was_not_checked_is_named(rest):
    code, lines = audit.audit([A, B], knowing([answer(A), *rest]))
    assert code == NO_DATA
    assert lines[0].startswith("1 of 2 locked packages checked") and lines[1] == "no data, not checked: b 2.0"


FAKE = """
import json, pathlib, sys
lines = [line.split("==") for line in pathlib.Path(sys.argv[-1]).read_text().split()]
assert len(dict(lines)) == len(lines), "pip-audit refuses a list that names a package twice"
print(json.dumps({"dependencies": [{"name": name, "version": version, "vulns": []} for name, version in lines]}))
"""


def test_pip_audit_is_asked_for_every_version(tmp_path, monkeypatch):
    (tmp_path / "fake.py").write_text(FAKE)
    monkeypatch.setattr(audit, "PIP_AUDIT", [sys.executable, tmp_path / "fake.py"])
    newer = A._replace(version="1.1")
    asked = audit.ask_pip_audit([A, newer, B])
    assert sorted((one["name"], one["version"]) for one in asked) == [("a", "1.0"), ("a", "1.1"), ("b", "2.0")]


@pytest.mark.parametrize("command", [[sys.executable, "-c", "raise ConnectionError('no way')"], ["/nowhere/pip-audit"]])
def test_a_pip_audit_that_cannot_ask_is_no_data(command, monkeypatch, capsys):
    monkeypatch.setattr(audit, "PIP_AUDIT", command)
    assert audit.audit([A], audit.ask_pip_audit)[0] == NO_DATA
    assert re.search("no way|nowhere", capsys.readouterr().err)


# --- the bill of materials ---------------------------------------------------------------------------------------------------

VALIDATE = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
sys.exit(JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read()) is not None)
"""


def test_the_bill_of_materials_is_valid_and_whole(tmp_path):
    if not SUPPLY.exists():
        pytest.skip("the bill of materials is not tried: its tool is not installed; «make sbom» installs it")
    (line,) = re.findall(
        r"^\t\$\(SUPPLY\)/(cyclonedx-py .+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    made, spoilt = tmp_path / "sbom.cdx.json", tmp_path / "spoilt.cdx.json"
    program, *words = line.replace("sbom.cdx.json", str(made)).split()
    subprocess.run([SUPPLY / program, *words], cwd=ROOT, check=True, capture_output=True)
    bill = json.loads(made.read_text(encoding="utf-8"))
    spoilt.write_text(json.dumps(bill | {"components": [{"name": "nameless kind"}]}), encoding="utf-8")
    codes = [subprocess.run([SUPPLY / "python", "-c", VALIDATE, of], check=False).returncode for of in (made, spoilt)]
    assert codes == [0, 1]
    listed = {(one["name"], one["version"]): one["externalReferences"][0]["hashes"] for one in bill["components"]}
    locked = {(one.name, one.version): one.hashes for one in read_locked() if one.lock == LOCKS[0]}
    assert {key: {f"sha256:{one['content']}" for one in of} for key, of in listed.items()} == {
        key: set(of) for key, of in locked.items()
    }
    assert bill["metadata"]["component"]["name"] == "shnor"
