"""The type checker finds nothing; it stands among the tests so that it takes its turn on the processors."""

import subprocess
import sys
from pathlib import Path


def test_types_agree():
    command = [sys.executable, "-m", "mypy"]
    checked = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
