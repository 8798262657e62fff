"""``python -m shnor_lib.simulation --workspace DIR`` writes the shipped files of ``data/raw/demo`` anew."""

from __future__ import annotations

import argparse
from pathlib import Path

from shnor_lib.simulation.demo import write_demo


def main() -> None:
    """Write the demonstration data and say where."""
    parser = argparse.ArgumentParser(description="Пересоздать вымышленные данные демонстрационного округа")
    parser.add_argument(
        "--workspace", type=Path, default=Path(), help="рабочая папка, в которой лежит data/raw (по умолчанию текущая)"
    )
    written = write_demo(parser.parse_args().workspace)
    print(f"Записано файлов: {len(written)}, папка {written[0].parent.parent}")


if __name__ == "__main__":
    main()
