"""«Демонстрационный округ»: the shipped fictional office, with the ordinary dirt of real life planted in its files.

Its neighbour, a rural district without dirt, makes a fictional region of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Literal

import pandas as pd
from ruamel.yaml import YAML

from tools.simulation.frames import Office
from tools.simulation.office import simulate_office
from tools.simulation.schools import CAST_COLUMNS, draw_schools
from tools.simulation.writing import cells_of, write_tables, write_workbook_tables, write_year_sources

MUNICIPALITY = "demo"
TITLE = "Демонстрационный округ"
SEED = 214
NEIGHBOUR = "demo-rayon"
NEIGHBOUR_TITLE = "Демонстрационный район"
NEIGHBOUR_SEED = 219
NEIGHBOUR_SCHOOLS = 9
DOCUMENT = f"Вымышленные данные: генератор tools.simulation, зерно {SEED}. Ни одна школа не существует"

Expected = Literal["same", "missing", "warning"]


@dataclass(frozen=True)
class Dirt:
    """One piece of dirt in the shipped files.

    Attributes
    ----------
    year, table, where : the rows it is in, before the dirt; ``where`` maps columns to their values.
    about : what happened, in Russian.
    expected : what the reader and the checks must make of it: ``same`` – the clean value is read nevertheless;
        ``missing`` – read as no data; ``warning`` – a warning is reported for this table and year (and school).
    changes : new value of a column from the clean one.
    action : ``change`` the rows, ``drop`` them, or ``repeat`` them with the changes.
    """

    year: int
    table: str
    where: Mapping[str, object]
    about: str
    expected: Expected
    changes: Mapping[str, Callable[[object], object]] = field(default_factory=dict)
    action: Literal["change", "drop", "repeat"] = "change"


def _per_cent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")


def _more(step: int) -> Callable[[float], float]:
    return lambda count: count + step


def _typed_as(value: object) -> Callable[[object], object]:
    return lambda clean: value


_MUNICIPALITY_MATHS_5 = {"level": "municipality", "exam": "VPR", "subject": "maths", "grade": 5, "wave": ""}

PLANTED_DIRT: tuple[Dirt, ...] = (
    Dirt(2019, "exam_results", {"level": "school"}, "Весь файл сохранён с десятичной запятой", "same"),
    Dirt(
        2019,
        "staff",
        {"school_id": "demo-09"},
        "Пробелы после кода школы",
        "same",
        {"school_id": lambda code: f"{code}  "},
    ),
    Dirt(
        2019,
        "satisfaction",
        {"school_id": "demo-03"},
        "Доля записана процентом с запятой",
        "same",
        {"satisfied_share": _per_cent},
    ),
    Dirt(
        2019,
        "resources",
        {"school_id": "demo-12"},
        "Пустые ячейки",
        "missing",
        {"internet_mbps": _typed_as(None), "computers_outdated": _typed_as(None)},
    ),
    Dirt(
        2019,
        "social_context",
        {"school_id": "demo-13"},
        "Обучающихся больше, чем в реестре школ",
        "warning",
        {"pupils": _more(24)},
    ),
    Dirt(
        2020,
        "staff",
        {"school_id": "demo-10"},
        "Учителей 0 при работающих педагогах",
        "warning",
        {"teachers": _typed_as(0)},
    ),
    Dirt(2020, "staff", {"school_id": "demo-12"}, "Форма школы не сдана", "missing", action="drop"),
    Dirt(
        2020,
        "exam_results",
        _MUNICIPALITY_MATHS_5,
        "Итог муниципалитета на 1 меньше суммы школ",
        "warning",
        {"participants": _more(-1), "mark_3": _more(-1)},
    ),
    Dirt(
        2020,
        "satisfaction",
        {"school_id": "demo-07"},
        "Оценка старше трёх лет",
        "warning",
        {"assessed_year": _typed_as(2015)},
    ),
    Dirt(
        2020,
        "olympiads",
        {"school_id": "demo-02"},
        "Логин ФИС ОКО вместо кода школы",
        "same",
        {"school_id": _typed_as("edu000002")},
    ),
    Dirt(
        2020,
        "survey",
        {"school_id": "demo-11", "question": "fast_internet"},
        "В двух местах формы ответы разные",
        "warning",
        {"answer": lambda clean: not clean, "place": _typed_as("приложение к опросу")},
        action="repeat",
    ),
    Dirt(
        2021,
        "staff",
        {"school_id": "demo-08"},
        "Учителей с высшей категорией больше, чем педагогов",
        "warning",
        {"category_highest": _more(60)},
    ),
    Dirt(
        2021,
        "schools",
        {"school_id": "demo-04"},
        "Пробелы в конце названия",
        "same",
        {"name": lambda name: f"{name} \u00a0"},
    ),
    Dirt(
        2021,
        "schools",
        {"level": "municipality"},
        "Итог муниципалитета на 1 меньше суммы школ",
        "warning",
        {"pupils": _more(-1)},
    ),
    Dirt(
        2021,
        "satisfaction",
        {"school_id": "demo-10"},
        "Доля записана текстом с процентом",
        "same",
        {"satisfied_share": _per_cent},
    ),
    Dirt(
        2021,
        "social_context",
        {"school_id": "demo-05"},
        "ИНН вместо кода школы",
        "same",
        {"school_id": _typed_as("0000000005")},
    ),
    Dirt(2021, "resources", {"school_id": "demo-14"}, "Пустая ячейка", "missing", {"internet_mbps": _typed_as(None)}),
)
"""Everything that is wrong in the files of ``demo``, so that tests can ask the checks for each."""


def demo_cast() -> pd.DataFrame:
    """The fourteen schools of ``demo.yml``, each with a fictional ФИС ОКО login, РИС code and ИНН."""
    text = files("tools.simulation").joinpath("demo.yml").read_text(encoding="utf-8")
    cast = pd.DataFrame(YAML(typ="safe", pure=True).load(text)["schools"])
    numbers = range(1, len(cast) + 1)
    return cast.assign(aliases=[f"edu{number:06d};{990_000 + number};{number:010d}" for number in numbers])[
        CAST_COLUMNS
    ]


def demo_office() -> Office:
    """The clean tables of ``demo``, before the dirt."""
    return simulate_office(SEED, demo_cast(), title=TITLE)


def write_demo(workspace: Path) -> list[Path]:
    """Write ``data/raw/demo`` of a workspace: 2019 and 2020 as CSV, 2021 as a workbook with Russian headers.

    The same bytes each time. Returns the files written.
    """
    written = []
    for year, frames in demo_office().items():
        folder = workspace / "data" / "raw" / MUNICIPALITY / str(year)
        folder.mkdir(parents=True, exist_ok=True)
        tables = {name: with_dirt(cells_of(name, frame, year), name, year) for name, frame in frames.items()}
        if year == 2021:
            files_written = [write_workbook_tables(folder / f"{MUNICIPALITY}-{year}.xlsx", tables, year)]
        else:
            files_written = write_tables(folder, tables, decimal="," if year == 2019 else ".")
        place = "учебный год " + f"{year - 1}/{year % 100}"
        written += [
            *files_written,
            write_year_sources(folder, files_written, DOCUMENT, date=f"{year}-09-01", place=place),
        ]
    return written


def neighbour_office() -> Office:
    """The tables of the neighbour: schools of its own, region and country the same as those of ``demo``."""
    cast = draw_schools(NEIGHBOUR_SEED, NEIGHBOUR_SCHOOLS, prefix="rayon")
    office, demo = simulate_office(SEED, cast, title=NEIGHBOUR_TITLE), demo_office()
    for year, tables in office.items():
        own, shared = tables["mark_comparison"], demo[year]["mark_comparison"]
        above = ["region", "country"]
        tables["mark_comparison"] = pd.concat(
            [own[~own["level"].isin(above)], shared[shared["level"].isin(above)]], ignore_index=True
        )
    return office


def write_neighbour(workspace: Path) -> list[Path]:
    """Write ``data/raw/demo-rayon`` of a workspace as CSV; the same bytes each time. Returns the files written."""
    written = []
    for year, frames in neighbour_office().items():
        folder = workspace / "data" / "raw" / NEIGHBOUR / str(year)
        folder.mkdir(parents=True, exist_ok=True)
        files_written = write_tables(folder, {name: cells_of(name, frame, year) for name, frame in frames.items()})
        place = f"учебный год {year - 1}/{year % 100}"
        written += [*files_written, write_year_sources(folder, files_written, DOCUMENT, f"{year}-09-01", place)]
    return written


def with_dirt(cells: pd.DataFrame, name: str, year: int) -> pd.DataFrame:
    """The cells of a table with the dirt planted for it.

    Raises
    ------
    LookupError
        When a piece of dirt finds no row: the cast or the dirt must then be mended.
    """
    clean = cells
    for dirt in PLANTED_DIRT:
        if (dirt.year, dirt.table) != (year, name):
            continue
        rows = pd.Series(True, index=clean.index)
        for column, value in dirt.where.items():
            rows &= clean[column] == value
        if not rows.any():
            raise LookupError(
                f"{name} {year}: нет строки {dict(dirt.where)} для «{dirt.about}»; правьте simulation/demo.py"
            )
        if dirt.action == "drop":
            cells = cells.drop(index=rows.index[rows])
            continue
        changed = clean[rows].assign(
            **{column: [change(value) for value in clean.loc[rows, column]] for column, change in dirt.changes.items()}
        )
        if dirt.action == "repeat":
            cells = pd.concat([cells, changed.astype(object)], ignore_index=True)
        else:
            for column in dirt.changes:
                cells.loc[rows[rows].index, column] = changed[column].astype(object)
    return cells
