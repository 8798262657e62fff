"""``python -m shnor_lib.cli`` is ``shnor``."""

from shnor_lib.cli import main

main()
