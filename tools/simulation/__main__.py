"""``python -m tools.simulation --workspace DIR`` writes the shipped files of ``data/raw/demo`` anew."""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.simulation.demo import write_demo, write_neighbour


def main() -> None:
    """Write the demonstration data and say where."""
    parser = argparse.ArgumentParser(description="Пересоздать вымышленные данные демонстрационных округа и района")
    parser.add_argument(
        "--workspace", type=Path, default=Path(), help="рабочая папка, в которой лежит data/raw (по умолчанию текущая)"
    )
    workspace = parser.parse_args().workspace
    for write in (write_demo, write_neighbour):
        written = write(workspace)
        print(f"Записано файлов: {len(written)}, папка {written[0].parent.parent}")


if __name__ == "__main__":
    main()
