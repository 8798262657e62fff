"""The command line.

Exit codes: 0 done; 1 some reports failed, the others are there; 2 usage; 3 data invalid; 4 parameters invalid. Errors go to
stderr, a line of cause and a line of remedy; ``--debug`` shows the traceback.
"""

from shnor_lib.cli import auditing, data, judging, offices, reports, standing
from shnor_lib.cli.group import main

__all__ = ["auditing", "data", "judging", "main", "offices", "reports", "standing"]
