"""``python -m shnor_lib`` is the command ``shnor``."""

from shnor_lib.cli import main

main()
