"""Run the benchmarks, all or the named ones, one after another, each in a process of its own.

Usage: ``python benchmarks [name ...] [--quick]``, the same as ``make bench``. Each prints its table and writes
``benchmarks/results/<name>.json``; ``--quick`` takes tiny sizes, to see that everything runs.
"""

import argparse
import subprocess
import sys
from pathlib import Path

QUICK = {
    "prepare": ["--quick"],
    "reports": ["--quick"],
    "growth": ["--quick"],
    "national": ["--quick"],
    "region": ["--quick"],
    "second_run": ["--quick"],
    "cluster": ["--quick"],
    "uncertainty": ["--rounds", "1"],
    "model": ["--quick"],
    "membership": ["--quick"],
}
"""The benchmarks in their order, with what makes them small."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name", help=f"{', '.join(QUICK)}; all when none is named")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, for CI")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in QUICK]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are: {', '.join(QUICK)}")
    failed = []
    for name in arguments.names or QUICK:
        script = Path(__file__).parent / f"bench_{name}.py"
        print(f"\n— {name} —", flush=True)
        if subprocess.run([sys.executable, script, *(QUICK[name] if arguments.quick else [])], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
