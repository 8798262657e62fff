"""Checks of schools and of what they tell of themselves, also where two tables tell different things."""

from __future__ import annotations

import pandas as pd

from shnor_lib.inputs.checks.registry import check, matched, rows_found
from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import join_problems

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

_NOT_ADDED = ("grade", "highest_grade", "schools", "schools_yes", "schools_asked")
"""Whole numbers that are no amounts, or that only rows above the school have."""


@check("В школе есть обучающиеся", "schools", discards=True)
def check_schools_pupils(inputs: Inputs, year: int) -> pd.DataFrame:
    """Schools with no pupil at all."""
    schools = inputs.tables["schools"]
    return rows_found(
        inputs,
        "schools",
        (schools["level"] == "school") & (schools["pupils"] == 0),
        "В школе ноль обучающихся",
        column="pupils",
        allowed="число обучающихся больше нуля",
        remedy="Впишите число или оставьте ячейку пустой.",
    )


@check("В школе есть учителя", "staff", discards=True)
def check_staff_none(inputs: Inputs, year: int) -> pd.DataFrame:
    """Schools that report no teacher; where somebody is counted among none, the check of wholes tells it."""
    staff = inputs.tables["staff"]
    parts = list(table("staff").parts[0].parts)
    somebody = (staff[parts] > 0).any(axis=1)
    faults = {
        "teachers": ("В школе ноль учителей", ~(somebody & staff["pedagogues"].isna())),
        "pedagogues": ("В школе ноль педагогов", ~somebody),
    }
    return join_problems(
        rows_found(
            inputs,
            "staff",
            (staff["level"] == "school") & (staff[column] == 0) & untold,
            text,
            column=column,
            allowed="число больше нуля",
            remedy="Впишите число или оставьте ячейку пустой.",
        )
        for column, (text, untold) in faults.items()
    )


@check("Категорий и возрастных групп вместе не больше, чем педагогов", "staff", discards=True)
def check_staff_sums(inputs: Inputs, year: int) -> pd.DataFrame:
    """Groups of teachers that exclude each other and yet together are more than all teachers."""
    staff = inputs.tables["staff"]
    everyone = staff["pedagogues"].fillna(staff["teachers"])
    found = []
    for pair in (("category_first", "category_highest"), ("age_under_35", "age_55_plus")):
        each_fits = (staff[list(pair)].max(axis=1) <= everyone) & (everyone > 0)
        labels = " и ".join(f"«{table('staff').columns[name].label}»" for name in pair)
        found += [
            rows_found(
                inputs,
                "staff",
                each_fits & (staff[pair[0]] + staff[pair[1]] > everyone),
                f"{labels} вместе больше, чем педагогов ({{everyone}})",
                words={"everyone": everyone},
                column=column,
                allowed="вместе не больше числа педагогов",
                remedy="Исправьте одно из чисел.",
            )
            for column in pair
        ]
    return join_problems(found)


@check("За год обучено не больше, чем за три года", "staff")
def check_staff_trained(inputs: Inputs, year: int) -> pd.DataFrame:
    """More staff trained in one year than in three."""
    staff = inputs.tables["staff"]
    return rows_found(
        inputs,
        "staff",
        staff["trained_year"] > staff["trained_3y"],
        "За год обучено больше, чем за три года ({three})",
        words={"three": staff["trained_3y"]},
        column="trained_year",
        allowed="не больше числа обученных за 3 года",
        remedy="Исправьте одно из чисел.",
    )


@check("Удовлетворённость оценена не раньше трёх лет назад", "satisfaction")
def check_satisfaction_stale(inputs: Inputs, year: int) -> pd.DataFrame:
    """Assessments older than three years, or from the future."""
    satisfaction = inputs.tables["satisfaction"]
    age = satisfaction["year"] - satisfaction["assessed_year"]
    faults = {"Оценка устарела: ей больше трёх лет": age > STALE_AFTER, "Год оценки позже года данных": age < 0}
    return join_problems(
        rows_found(
            inputs,
            "satisfaction",
            where,
            text,
            column="assessed_year",
            allowed=f"последние {STALE_AFTER} года",
            remedy="Внесите последнюю независимую оценку и её год.",
        )
        for text, where in faults.items()
    )


@check("Численность в разных таблицах одна и та же", "schools")
def check_pupils_contradict(inputs: Inputs, year: int) -> pd.DataFrame:
    """Pupils counted differently in the register, the social passport and the conditions."""
    found = []
    for name, column, stated in _SAME_THINGS:
        rows = inputs.tables[name]
        other = matched(rows, inputs.tables["schools"], SCHOOL_YEAR, [stated])[stated]
        difference = (rows[column] - other).abs()
        larger = rows[column].where(rows[column] > other, other)
        found.append(
            rows_found(
                inputs,
                name,
                (difference > SAME_WITHIN * larger) & (difference > SAME_WITHIN_PUPILS),
                f"В таблице «Школы» другое число – «{table('schools').columns[stated].label}»: {{other}}",
                words={"other": other},
                column=column,
                allowed=f"расхождение не больше {SAME_WITHIN:.0%} или {SAME_WITHIN_PUPILS} человек",
                remedy="Сверьте числа двух таблиц.",
            )
        )
    return join_problems(found)


@check("Итог муниципалитета равен сумме по школам")
def check_municipality_total(inputs: Inputs, year: int) -> pd.DataFrame:
    """Counts of the municipality that its schools exceed, or that its schools, all of them counted, do not reach."""
    everyone = _number_of_schools(inputs.tables["schools"])
    found = []
    for name in table_names():
        entry, rows = table(name), inputs.tables[name]
        counts = [
            column.name for column in entry.columns.values() if column.type == "count" and column.name not in _NOT_ADDED
        ]
        stated = rows.loc[rows["level"] == "municipality"] if entry.levels else rows.iloc[:0]
        if stated.empty or not counts:
            continue
        key = [column for column in dict.fromkeys([*entry.key, "year"]) if column not in SCHOOL_YEAR[:3]]
        schools = rows.loc[rows["level"] == "school"].groupby(key, dropna=False)[counts]
        added = matched(stated, schools.sum(min_count=1).reset_index(), key, counts)
        filled = matched(stated, schools.count().reset_index(), key, counts)
        number = stated["year"].map(everyone).astype("Float64")
        for column in counts:
            complete = filled[column] >= number
            differs = (added[column] > stated[column]) | (complete & (added[column] != stated[column]))
            found.append(
                rows_found(
                    inputs,
                    name,
                    differs,
                    f"«{entry.columns[column].label}»: по школам в сумме {{added}}, в строке муниципалитета {{stated}}",
                    words={"added": added[column], "stated": stated[column]},
                    column=column,
                    allowed="итог равен сумме по школам",
                    remedy="Исправьте итог или числа школ.",
                )
            )
    return join_problems(found)


@check("Школ в реестре не больше, чем указано в итоге", "schools")
def check_schools_number_contradict(inputs: Inputs, year: int) -> pd.DataFrame:
    """A register with more schools than the municipality says it has."""
    schools = inputs.tables["schools"]
    registered = schools.loc[schools["level"] == "school"].groupby("year")["school_id"].nunique()
    number = schools["year"].map(registered).astype("Float64")
    return rows_found(
        inputs,
        "schools",
        (schools["level"] == "municipality") & (number > schools["schools"]),
        "В реестре школ больше, чем указано: {number}",
        words={"number": number},
        column="schools",
        allowed="число школ реестра",
        remedy="Исправьте число школ или уберите из реестра лишнюю школу.",
    )


def _number_of_schools(schools: pd.DataFrame) -> pd.Series:
    """Schools of each year: as many as the register or the municipality's own row says, whichever is more."""
    registered = schools.loc[schools["level"] == "school"].groupby("year")["school_id"].nunique()
    stated = schools.loc[schools["level"] == "municipality"].groupby("year")["schools"].max()
    return pd.concat([registered, stated], axis=1).max(axis=1)
