"""Checks against the year before: what changed too much, what vanished, and what did not change at all."""

from __future__ import annotations

import pandas as pd

from shnor_lib.checks.registry import check, rows_found, rows_where
from shnor_lib.sources import Inputs
from shnor_lib.sources.problems import Problem, join_problems, shown_values
from shnor_lib.tables import table, table_names

CHANGE = 0.25
"""A larger change of the pupils or teachers of a school in one year is questioned."""
CHANGE_FROM = 10
"""Smaller numbers may change by any share."""
COPIED_SCHOOLS, COPIED_FIGURES = 3, 6
"""A table of at least so many schools and figures, all as the year before, is taken for a copy."""

_PROCEDURE_TABLES = ("measures", "risks", "low_procedures", "exchange_events", "partnerships", "expert_decisions", "published_indicators")


@check("Численность изменилась за год не больше чем на четверть")
def check_years_change(inputs: Inputs, year: int) -> pd.DataFrame:
    """Schools whose pupils or teachers changed by more than 25 % in a year."""
    found = []
    for name, column in (("schools", "pupils"), ("staff", "teachers"), ("staff", "pedagogues")):
        now, before = _two_years(inputs.tables[name], year)
        if now.empty or before.empty:
            continue
        earlier = now["school_id"].map(before.drop_duplicates("school_id").set_index("school_id")[column]).astype("Float64")
        changed = (now[column] - earlier).abs() > CHANGE * earlier
        wrong = rows_where(now, changed & (earlier >= CHANGE_FROM))
        label = table(name).columns[column].label
        found.append(
            rows_found(
                inputs, name, wrong, f"«{label}»: год назад было " + shown_values(earlier.loc[wrong.index]) + ", изменение больше чем на четверть",
                column=column, allowed=f"изменение за год до {CHANGE:.0%}", remedy="Проверьте число; если оно верно, исправлять ничего не нужно.",
            )
        )  # fmt: skip
    return join_problems(found)


@check("Школы прошлого года есть в реестре", "schools")
def check_years_vanished(inputs: Inputs, year: int) -> pd.DataFrame:
    """Schools of the year before that are no longer in the register."""
    now, before = _two_years(inputs.tables["schools"], year)
    gone = before.loc[~before["school_id"].isin(now["school_id"])] if len(now) else before.iloc[:0]
    names = gone["short_name"].fillna(gone["name"]).fillna("")
    return rows_found(
        inputs, "schools", gone, f"Школа была в реестре {year - 1} года, в {year} году её нет", column="school_id",
        value=(gone["school_id"] + " " + names).str.strip(), allowed="школы прошлого года или решение о закрытии",
        remedy="Верните школу в реестр или примечанием в SOURCES.yml укажите, что она закрыта.",
    )  # fmt: skip


@check("Новые школы реестра", "schools")
def check_years_new(inputs: Inputs, year: int) -> pd.DataFrame:
    """Schools that the register of the year before did not have."""
    now, before = _two_years(inputs.tables["schools"], year)
    new = now.loc[~now["school_id"].isin(before["school_id"])] if len(before) else now.iloc[:0]
    return rows_found(
        inputs, "schools", new, f"Новая школа: в реестре {year - 1} года её нет", severity="note", column="school_id",
        allowed="новая школа или новый код прежней школы", remedy="Если изменился код, впишите прежний в «Другие коды».",
    )  # fmt: skip


@check("Таблица не скопирована с прошлого года")
def check_years_copied(inputs: Inputs, year: int) -> pd.DataFrame:
    """Tables in which every figure of every school is the same as the year before."""
    found = []
    for name in table_names():
        entry = table(name)
        figures = [c.name for c in entry.columns.values() if c.type in ("count", "number", "share") and c.name not in entry.key and c.name != "highest_grade"]
        if name in _PROCEDURE_TABLES or not figures:
            continue
        now, before = _two_years(inputs.tables[name], year)
        if now.empty or before.empty:
            continue
        key = [column for column in entry.key if column != "year"]
        both = now.drop_duplicates(key).merge(before.drop_duplicates(key), on=key, suffixes=("", "_before"))
        if both["school_id"].nunique() < COPIED_SCHOOLS or len(both) < len(now):
            continue
        here = both[figures]
        there = both[[f"{column}_before" for column in figures]].set_axis(figures, axis=1)
        same = (here == there) | (here.isna() & there.isna())
        if bool(same.fillna(False).all(axis=None)) and int((here > 0).sum().sum()) >= COPIED_FIGURES:
            found.append(
                Problem(
                    "warning", "", f"Все числа таблицы «{entry.label}» те же, что год назад", table=name, year=year,
                    file=both["source_file"].iloc[0], sheet=both["source_sheet"].iloc[0], allowed="числа этого года",
                    remedy="Проверьте, что таблица заполнена заново, а не скопирована.",
                )
            )  # fmt: skip
    return join_problems(found)


def _two_years(rows: pd.DataFrame, year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """School rows of the year and of the year before."""
    schools = rows.loc[rows["level"] == "school"] if "level" in rows else rows
    return schools.loc[schools["year"] == year], schools.loc[schools["year"] == year - 1]
