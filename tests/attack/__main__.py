"""``python -m tests.attack [FORM]...`` (``make attack``): the long forms, one line each; exit code 1 if any fails."""

import sys

from tests.attack.running import found_forms, run_forms

if __name__ == "__main__":
    sys.exit(run_forms(found_forms(sys.argv[1:])))
