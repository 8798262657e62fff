"""``python -m tools.documents`` (``make docs``) writes the generated documents anew: tables, indicators, the house in the README."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from shnor_lib.indicators import catalogue
from shnor_lib.indicators.declared import shipped_chapters
from shnor_lib.inputs.dictionary import Column, shipped_choices, table, table_names

ROOT = Path(__file__).parents[1]
FLOORS = [
    "params",
    "inputs",
    "indicators",
    "statistics",
    "criteria",
    "office",
    "analyses",
    "whatif",
    "pages",
    "runs",
    "cli",
]
"""Rooms of the library from the ground up."""
UNITS: dict[str, str] = {
    "rate": "доля",
    "flag": "да/нет; доля школ",
    "score": "балл",
    "percent": "0–100",
    "index": "индекс 0–100",
    "count": "число",
    "number": "величина",
}
BETTER = {"high": "больше", "low": "меньше", "none": "–"}
POOLING = {"ratio": "сумма к сумме", "mean": "среднее по участникам", "sum": "сумма", "none": "не сводится"}
PARTS: dict[str, str] = {
    "procedure": "процедура",
    "exam": "экзамен",
    "stage": "уровень/предмет",
    "olympiad_stage": "этап",
    "subject": "предмет",
    "question": "вопрос",
    "experience": "стаж",
}


def documents() -> dict[str, str]:
    """Every generated document by its path in the repository."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    return {
        "docs/tables.md": document_tables(),
        "docs/indicators.md": document_indicators(),
        "README.md": re.sub(
            r"(<!-- the house: make docs -->\n).*?(<!-- end of the house -->)",
            lambda found: found[1] + document_house() + found[2],
            readme,
            flags=re.DOTALL,
        ),
    }


def document_tables() -> str:
    """Markdown documentation of every input table (Russian), the text of ``docs/tables.md``."""
    lines = [
        "# Входные таблицы",
        "",
        "Страница создана из `shnor_lib/inputs/dictionary.yml`; правьте словарь, а не её.",
        "",
    ]
    for name in table_names():
        entry = table(name)
        lines += [f"## {entry.label} – `{name}`", ""]
        lines += [f"{entry.meaning} Строка: {entry.row}. Ключ: {', '.join(entry.key)}.", ""]
        lines += ["| столбец | заголовок | тип | допустимо | смысл |", "|---|---|---|---|---|"]
        lines += [documented(column) for column in entry.columns.values()] + [""]
    return "\n".join(lines)


def documented(column: Column) -> str:
    """The row of a column of an input table."""
    codes = shipped_choices(column.allowed) if column.allowed else {}
    allowed = ", ".join(f"{code} ({label})" for code, label in codes.items())
    most = "" if column.maximum is None else f"{column.maximum:g}"
    if column.minimum is not None:
        allowed = f"{column.minimum:g}…{most}"
    elif most:
        allowed = f"до {most}"
    required = " (обязателен)" if column.required else ""
    unit = f", {column.unit}" if column.unit else ""
    return f"| `{column.name}` | {column.label} | {column.type}{unit}{required} | {allowed} | {column.meaning} |"


def document_indicators() -> str:
    """Markdown documentation of every indicator (Russian), the text of ``docs/indicators.md``."""
    lines = [
        "# Показатели",
        "",
        "Страница создана из пакета `shnor_lib/indicators`: строки – `indicators.yml`, формулы – функции глав; правьте их, а не её.",
        "",
        "Доля – от 0 до 1; значение всегда равно числителю, делённому на знаменатель. Уточнение в скобках (процедура,",
        "уровень и предмет, этап) входит в имя: `quality_rate[OGE/maths/9]`. Столбец «лучше» – какое направление хорошо",
        "для обучающегося; «сведение» – как из школ и лет получается значение группы, муниципалитета и трёх лет.",
    ]
    titles = {name: of.title for of in shipped_chapters().values() for name in (*of.indicators, *of.formulas)}
    chapter = None
    for entry in catalogue().values():
        if titles[entry.name] != chapter:
            chapter = titles[entry.name]
            lines += ["", f"## {chapter}", ""]
            lines += ["| имя | показатель | формула | единица | лучше | сведение | таблицы | источник |"]
            lines += ["|---|---|---|---|---|---|---|---|"]
        name = entry.name + (f"[{PARTS[entry.per]}]" if entry.per else "")
        tables = ", ".join(f"`{source}`" for source in entry.tables)
        cells = [f"`{name}`", entry.label, entry.formula, UNITS[entry.unit], BETTER[entry.better]]
        lines.append("| " + " | ".join([*cells, POOLING[entry.pooling], tables, entry.reference]) + " |")
    return "\n".join(lines) + "\n"


def document_house() -> str:
    """Markdown table of the rooms of the library, from the ground up, each in the words of its own package."""
    rooms = "\n".join(f"| `shnor_lib/{room}/` | {first_line(room)} |" for room in FLOORS)
    return f"| room | what |\n|---|---|\n{rooms}\n"


def first_line(room: str) -> str:
    """What a package says of itself."""
    text = ast.get_docstring(ast.parse((ROOT / "shnor_lib" / room / "__init__.py").read_text(encoding="utf-8")))
    return text.splitlines()[0]


def main() -> None:
    """Write what has changed and say what that was."""
    for name, text in documents().items():
        if (ROOT / name).read_text(encoding="utf-8") != text:
            (ROOT / name).write_text(text, encoding="utf-8", newline="\n")
            print(name)


if __name__ == "__main__":
    main()
