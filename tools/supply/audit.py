"""``python -m tools.supply.audit [osv]`` (``make audit``): what is known against the locked packages, by pip-audit.

Every version of every list is asked for, whatever system or Python it is locked for. Without a database pip-audit says «No known
vulnerabilities found» and ends with 0, so it is asked first for a version that is known to be bad: who knows nothing against that
knows nothing.

Exit codes: 0 every package was checked and nothing is known; 1 something is known; 3 no data, or not of every package.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.supply import ROOT, Locked, read_locked, rounds

PIP_AUDIT = [ROOT / ".venv-supply" / ("Scripts/pip-audit.exe" if sys.platform == "win32" else "bin/pip-audit")]
KNOWN_BAD = Locked("jinja2", "2.4.1", "", ())
"""Templates of it could leave their sandbox (CVE-2016-10745)."""
CLEAN, FOUND, NO_DATA = 0, 1, 3
Answer = dict[str, str | list[dict]]
"""What is said of one package: ``name`` with ``version`` and ``vulns``, or with ``skip_reason``."""


def ask_pip_audit(packages: Sequence[Locked], service: str = "pypi") -> list[Answer]:
    """What a service knows of these packages; nothing of those it could not be asked for."""
    answers = []
    options = ["--disable-pip", "--no-deps", "--progress-spinner=off", "--format=json", "-s", service]
    for now in rounds(packages):
        with TemporaryDirectory() as folder:
            wanted = Path(folder) / "wanted.txt"
            wanted.write_text("".join(f"{one.name}=={one.version}\n" for one in now), encoding="utf-8")
            try:
                done = subprocess.run([*PIP_AUDIT, *options, "-r", wanted], capture_output=True, check=False)
                answers += json.loads(done.stdout)["dependencies"]
            except OSError as error:
                print(f"pip-audit: {error}", file=sys.stderr)
            except ValueError:
                last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
                print(f"pip-audit: {last}", file=sys.stderr)
    return answers


def audit(packages: Sequence[Locked], ask: Callable[[Sequence[Locked]], list[Answer]]) -> tuple[int, list[str]]:
    """Exit code and what to say of some packages."""
    if not any(answer.get("vulns") for answer in ask([KNOWN_BAD])):
        why = f"the database does not answer, or knows nothing against {KNOWN_BAD.name} {KNOWN_BAD.version}, which is known to be bad"
        return NO_DATA, [f"no data: nothing was checked ({why})"]
    known = {(one["name"], one["version"]): one["vulns"] for one in ask(packages) if "vulns" in one}
    unchecked = [f"{one.name} {one.version}" for one in packages if (one.name, one.version) not in known]
    bad = [f"{' '.join(of)}: {', '.join(one['id'] for one in against)}" for of, against in known.items() if against]
    counts = f"{len(packages) - len(unchecked)} of {len(packages)} locked packages checked"
    missing = [f"no data, not checked: {', '.join(unchecked)}"] if unchecked else []
    lines = [f"{counts}; something is known against {len(bad)}", *bad, *missing]
    return FOUND if bad else NO_DATA if unchecked else CLEAN, lines


def main() -> int:
    """Check every locked package and say what was found."""
    service = sys.argv[1] if len(sys.argv) > 1 else "pypi"
    code, lines = audit(read_locked(), lambda packages: ask_pip_audit(packages, service))
    print(f"{date.today()}, {service}: " + "\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
