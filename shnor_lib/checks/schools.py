"""Checks of schools and what they tell of themselves: size, staff, satisfaction; and of tables that contradict each other."""

from __future__ import annotations

import pandas as pd

from shnor_lib.checks.registry import check, rows_found, rows_where
from shnor_lib.sources import Inputs
from shnor_lib.sources.problems import join_problems, shown_values
from shnor_lib.tables import table, table_names

SCHOOL_YEAR = ["level", "group", "school_id", "year"]

SAME_WITHIN = 0.05
"""Figures of one thing in two tables may differ by this share: they are counted on different days."""
SAME_WITHIN_PUPILS = 5
"""… or by so many pupils."""
STALE_AFTER = 3
"""A school's satisfaction is assessed at least once in so many years."""

_SAME_THINGS = (
    ("social_context", "pupils", "pupils"),
    ("conditions", "pupils", "pupils"),
    ("conditions", "special_needs_pupils", "special_needs_pupils"),
    ("social_context", "disabled", "special_needs_pupils"),
)
"""Columns that tell the same as a column of the table «Школы»."""


@check("В школе есть обучающиеся", "schools", discards=True)
def check_schools_pupils(inputs: Inputs, year: int) -> pd.DataFrame:
    """Schools with no pupil at all."""
    schools = inputs.tables["schools"]
    return rows_found(
        inputs, "schools", rows_where(schools, (schools["level"] == "school") & (schools["pupils"] == 0)), "В школе ноль обучающихся",
        column="pupils", allowed="число обучающихся больше нуля", remedy="Впишите число или оставьте ячейку пустой.",
    )  # fmt: skip


@check("В школе есть учителя", "staff", discards=True)
def check_staff_none(inputs: Inputs, year: int) -> pd.DataFrame:
    """Schools that report no teacher and nothing else of their staff."""
    staff = inputs.tables["staff"]
    parts = list(dict.fromkeys(name for rule in table("staff").parts[:1] for name in rule.parts))
    nothing = ~(staff[parts] > 0).any(axis=1).fillna(False).astype(bool)
    found = [
        rows_found(
            inputs, "staff", rows_where(staff, (staff["level"] == "school") & nothing & (staff[column] == 0)), text, column=column,
            allowed="число больше нуля", remedy="Впишите число или оставьте ячейку пустой.",
        )
        for column, text in (("teachers", "В школе ноль учителей"), ("pedagogues", "В школе ноль педагогов"))
    ]  # fmt: skip
    return join_problems(found)


@check("Категорий и возрастных групп не больше, чем педагогов", "staff", discards=True)
def check_staff_sums(inputs: Inputs, year: int) -> pd.DataFrame:
    """Groups of teachers that exclude each other and yet together are more than all teachers."""
    staff = inputs.tables["staff"]
    everyone = staff["pedagogues"].fillna(staff["teachers"])
    found = []
    for first, second in (("category_first", "category_highest"), ("age_under_35", "age_55_plus")):
        fits = (staff[first] <= everyone) & (staff[second] <= everyone)
        wrong = rows_where(staff, fits & (everyone > 0) & (staff[first] + staff[second] > everyone))
        labels = [table("staff").columns[name].label for name in (first, second)]
        found += [
            rows_found(
                inputs, "staff", wrong, f"«{labels[0]}» и «{labels[1]}» вместе больше, чем педагогов (" +
                shown_values(everyone.loc[wrong.index]) + ")", column=column, allowed="вместе не больше числа педагогов",
                remedy="Исправьте одно из чисел.",
            )
            for column in (first, second)
        ]  # fmt: skip
    return join_problems(found)


@check("За год обучено не больше, чем за три года", "staff")
def check_staff_trained(inputs: Inputs, year: int) -> pd.DataFrame:
    """More staff trained in one year than in three."""
    staff = inputs.tables["staff"]
    wrong = rows_where(staff, staff["trained_year"] > staff["trained_3y"])
    return rows_found(
        inputs, "staff", wrong, "За год обучено больше, чем за три года (" + shown_values(wrong["trained_3y"]) + ")", column="trained_year",
        allowed="не больше числа обученных за 3 года", remedy="Исправьте одно из чисел.",
    )  # fmt: skip


@check("Удовлетворённость оценена не раньше трёх лет назад", "satisfaction")
def check_satisfaction_stale(inputs: Inputs, year: int) -> pd.DataFrame:
    """Assessments older than three years, or from the future."""
    rows = inputs.tables["satisfaction"]
    rows = rows.loc[rows["year"] == year]
    age = rows["year"] - rows["assessed_year"]
    stale, future = rows_where(rows, age > STALE_AFTER), rows_where(rows, age < 0)
    return join_problems(
        [
            rows_found(
                inputs, "satisfaction", stale, "Оценка устарела: ей больше трёх лет", column="assessed_year",
                allowed=f"{year - STALE_AFTER}…{year}", remedy="Внесите последнюю независимую оценку.",
            ),
            rows_found(
                inputs, "satisfaction", future, "Год оценки позже года данных", column="assessed_year",
                allowed=f"{year - STALE_AFTER}…{year}", remedy="Исправьте год оценки.",
            ),
        ]
    )  # fmt: skip


@check("Численность в разных таблицах одна и та же", "schools")
def check_pupils_contradict(inputs: Inputs, year: int) -> pd.DataFrame:
    """Pupils counted differently in the register, the social passport and the conditions."""
    schools = inputs.tables["schools"].drop_duplicates(SCHOOL_YEAR)
    found = []
    for name, column, stated in _SAME_THINGS:
        rows = inputs.tables[name].reset_index(drop=True)
        if rows.empty:
            continue
        other = rows[SCHOOL_YEAR].merge(schools[[*SCHOOL_YEAR, stated]], on=SCHOOL_YEAR, how="left")[stated]
        difference = (rows[column] - other).abs()
        largest = rows[column].where(rows[column] > other, other)
        wrong = rows_where(rows, (difference > SAME_WITHIN * largest) & (difference > SAME_WITHIN_PUPILS))
        label = table("schools").columns[stated].label
        found.append(
            rows_found(
                inputs, name, wrong, f"В таблице «Школы» другое число – «{label}»: " + shown_values(other.loc[wrong.index]), column=column,
                allowed=f"расхождение не больше {SAME_WITHIN:.0%} или {SAME_WITHIN_PUPILS} человек", remedy="Сверьте числа двух таблиц.",
            )
        )  # fmt: skip
    return join_problems(found)


@check("Итог муниципалитета равен сумме по школам")
def check_municipality_total(inputs: Inputs, year: int) -> pd.DataFrame:
    """Counts of the municipality that its schools exceed, or that its schools, all of them counted, do not reach."""
    size = _number_of_schools(inputs.tables["schools"])
    found = []
    for name in table_names():
        entry = table(name)
        counts = [column.name for column in entry.columns.values() if column.type == "count" and column.name not in ("grade", "highest_grade", "schools")]
        if not entry.levels or not counts or name in ("survey", "published_indicators"):
            continue
        key = [column for column in dict.fromkeys([*entry.key, "year"]) if column not in ("level", "group", "school_id")]
        rows = inputs.tables[name]
        stated = rows.loc[rows["level"] == "municipality"].reset_index(drop=True)
        if stated.empty:
            continue
        schools = rows.loc[rows["level"] == "school"].drop_duplicates([*key, "school_id"]).groupby(key, dropna=False)[counts]
        total, filled = schools.sum(min_count=1), schools.count()
        places = stated[key].merge(total.reset_index(), on=key, how="left")
        known = stated[key].merge(filled.reset_index(), on=key, how="left")
        everyone = stated["year"].map(size).astype("Float64")
        for column in counts:
            added = places[column]
            off = (added > stated[column]) | ((added != stated[column]) & (known[column] >= everyone))
            wrong = rows_where(stated, off)
            found.append(
                rows_found(
                    inputs, name, wrong, f"«{entry.columns[column].label}»: по школам в сумме " + shown_values(added.loc[wrong.index]) +
                    ", в строке муниципалитета " + shown_values(wrong[column]), column=column, allowed="итог равен сумме по школам",
                    remedy="Исправьте итог или числа школ.",
                )
            )  # fmt: skip
    return join_problems(found)


@check("Школ в реестре не больше, чем указано в итоге", "schools")
def check_schools_number_contradict(inputs: Inputs, year: int) -> pd.DataFrame:
    """A register with more schools than the municipality says it has."""
    schools = inputs.tables["schools"]
    registered = schools.loc[schools["level"] == "school"].groupby("year")["school_id"].nunique()
    stated = schools.loc[schools["level"] == "municipality"]
    number = stated["year"].map(registered).astype("Float64")
    wrong = rows_where(stated, number > stated["schools"])
    return rows_found(
        inputs, "schools", wrong, "В реестре школ больше, чем указано: " + shown_values(number.loc[wrong.index]), column="schools",
        allowed="число школ реестра", remedy="Исправьте число школ или уберите из реестра лишнюю школу.",
    )  # fmt: skip


def _number_of_schools(schools: pd.DataFrame) -> pd.Series:
    """Schools of each year: as many as the register or the municipality's own row says, whichever is more."""
    registered = schools.loc[schools["level"] == "school"].groupby("year")["school_id"].nunique().astype("Float64")
    stated = schools.loc[schools["level"] == "municipality"].groupby("year")["schools"].max()
    return pd.concat([registered, stated], axis=1).max(axis=1).astype("Float64")
