"""Checks against the year before: what changed too much, what vanished, and what did not change at all."""

from __future__ import annotations

import pandas as pd

from shnor_lib.inputs.checks.registry import check, matched, rows_found
from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem, join_problems

CHANGE = 0.25
"""A larger change of the pupils or teachers of a school in one year is questioned."""
CHANGE_FROM = 10
"""Smaller numbers may change by any share."""
COPIED_SCHOOLS, COPIED_FIGURES = 3, 6
"""A table of at least so many schools and figures above zero, all as the year before, is taken for a copy."""


@check("Численность изменилась за год не больше чем на четверть")
def check_years_change(inputs: Inputs, year: int) -> pd.DataFrame:
    """Schools whose pupils or teachers changed by more than 25 % in a year; a zero is told by another check."""
    found = []
    for name, column in (("schools", "pupils"), ("staff", "teachers"), ("staff", "pedagogues")):
        now, before = _two_years(inputs.tables[name], year)
        earlier = matched(now, before, ["school_id"], [column])[column]
        found.append(
            rows_found(
                inputs,
                name,
                ((now[column] - earlier).abs() > CHANGE * earlier) & (earlier >= CHANGE_FROM) & (now[column] > 0),
                f"«{table(name).columns[column].label}»: год назад было {{earlier}}, изменение больше чем на четверть",
                words={"earlier": earlier},
                column=column,
                allowed=f"изменение за год до {CHANGE:.0%}",
                remedy="Проверьте число; если оно верно, исправлять ничего не нужно.",
            )
        )
    return join_problems(found)


@check("Школы прошлого года есть в реестре", "schools")
def check_years_vanished(inputs: Inputs, year: int) -> pd.DataFrame:
    """Schools of the year before that are no longer in the register."""
    now, before = _two_years(inputs.tables["schools"], year)
    gone = before.loc[~before["school_id"].isin(now["school_id"]) & bool(len(now))]
    names = gone["short_name"].fillna(gone["name"]).fillna(gone["school_id"])
    return join_problems(
        Problem(
            "warning",
            "",
            f"Школа «{name}» была в реестре {year - 1} года, в {year} году её нет",
            table="schools",
            file=now["source_file"].iloc[0],
            sheet=now["source_sheet"].iloc[0],
            school_id=school,
            year=year,
            value=school,
            allowed="школы прошлого года или решение о закрытии",
            remedy="Верните школу в реестр или примечанием в SOURCES.yml укажите, что она закрыта.",
        )
        for school, name in zip(gone["school_id"], names, strict=True)
    )


@check("Новые школы реестра", "schools")
def check_years_new(inputs: Inputs, year: int) -> pd.DataFrame:
    """Schools that the register of the year before did not have."""
    now, before = _two_years(inputs.tables["schools"], year)
    return rows_found(
        inputs,
        "schools",
        ~now["school_id"].isin(before["school_id"]) & bool(len(before)),
        f"Новая школа: в реестре {year - 1} года её нет",
        severity="note",
        column="school_id",
        allowed="новая школа или новый код прежней школы",
        remedy="Если изменился код, впишите прежний в «Другие коды».",
    )


@check("Таблица не скопирована с прошлого года")
def check_years_copied(inputs: Inputs, year: int) -> pd.DataFrame:
    """Tables of counts in which every figure of every school is the same as the year before."""
    found = []
    for name in table_names():
        entry = table(name)
        types = {column.name: column.type for column in entry.columns.values() if column.name not in entry.key}
        figures = [column for column, kind in types.items() if kind in ("count", "number", "share")]
        now, before = _two_years(inputs.tables[name], year)
        if not entry.levels or name == "published_indicators" or before.empty:
            continue
        if now["school_id"].nunique() < COPIED_SCHOOLS:
            continue
        key = [column for column in entry.key if column != "year"]
        here, there = (rows.drop_duplicates(key).set_index(key)[figures] for rows in (now, before))
        counted = [column for column in figures if column != "highest_grade"]
        enough = (
            len(here) == len(there) and (here[counted] > 0).to_numpy(dtype=bool, na_value=False).sum() >= COPIED_FIGURES
        )
        if enough and here.sort_index().equals(there.sort_index()):
            found.append(
                Problem(
                    "warning",
                    "",
                    f"Все числа таблицы «{entry.label}» те же, что год назад",
                    table=name,
                    year=year,
                    file=now["source_file"].iloc[0],
                    sheet=now["source_sheet"].iloc[0],
                    allowed="числа этого года",
                    remedy="Проверьте, что таблица заполнена заново, а не скопирована.",
                )
            )
    return join_problems(found)


def _two_years(rows: pd.DataFrame, year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """School rows of the year and of the year before."""
    schools = rows.loc[rows["level"] == "school"] if "level" in rows else rows
    return schools.loc[schools["year"] == year], schools.loc[schools["year"] == year - 1]
