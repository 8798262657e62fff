"""The school itself: size, place, shifts and kind. Flags are 1 or 0 for a school and a share for a group of schools."""

from __future__ import annotations

import pandas as pd

from shnor_lib.indicators.catalogue import flag, indicator, mean, number, ratio, total
from shnor_lib.inputs.dictionary import choices

TITLE = "Школы"

GROUPS = {"urban": "городские", "rural": "сельские"}
"""Names of the groups of schools by locality, in the tables and in what is computed."""

HIGHEST_GRADE = {"НОШ": 4.0, "ООШ": 9.0, "СОШ": 11.0, "гимназия": 11.0, "лицей": 11.0}


def highest_grade(schools: pd.DataFrame) -> pd.Series:
    """The highest grade each school has: as given, else by its kind (НОШ 4, ООШ 9, СОШ, гимназия and лицей 11).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> highest_grade(example(kind=["ООШ", "СОШ", "other"], highest_grade=[None, 9, None])).tolist()
    [9.0, 9.0, nan]
    """
    given = number(schools, "highest_grade")
    return (
        given
        if "kind" not in schools
        else given.fillna(number(schools, schools["kind"].astype(object).map(HIGHEST_GRADE)))
    )


@indicator(
    table="schools",
    label="Число школ",
    formula="школы; у строк выше школы – опубликованное число",
    unit="count",
    better="none",
    pooling="sum",
    reference="Лесосибирск 2020, раздел 1; Лесозаводск 2021, раздел II",
)
def schools_count(schools: pd.DataFrame) -> pd.DataFrame:
    """Number of schools.

    Parameters
    ----------
    schools : rows of the register; ``schools`` in rows above the school.

    Notes
    -----
    1 for a school; above the school as given, missing when not given.

    References
    ----------
    Лесосибирск 2020, section 1 (9 schools); Лесозаводск 2021, section II (14 schools).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> schools_count(example(name=["А", "Б", "В"]))["value"].tolist()
    [1.0, 1.0, 1.0]
    """
    return total(schools, number(schools, "schools").mask(schools["level"] == "school", 1.0))


@indicator(
    table="schools",
    label="Число обучающихся",
    formula="обучающиеся",
    unit="count",
    better="none",
    pooling="sum",
    reference="Лесосибирск 2020, раздел 1; Кушва 2020",
)
def pupils_count(schools: pd.DataFrame) -> pd.DataFrame:
    """Number of pupils.

    Parameters
    ----------
    schools : ``pupils`` (persons).

    Notes
    -----
    As given; missing when not given.

    References
    ----------
    Лесосибирск 2020, section 1 (6743 pupils); Кушва 2020 (4742 pupils).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> pupils_count(example(pupils=[300, 25, None]))["value"].tolist()
    [300.0, 25.0, nan]
    """
    return total(schools, "pupils")


@indicator(
    table="schools",
    label="Городская школа",
    formula="город – 1, село – 0; по школам – доля",
    unit="flag",
    better="none",
    reference="Лесозаводск 2021, раздел II",
    across_levels=True,
)
def urban_school_flag(schools: pd.DataFrame) -> pd.DataFrame:
    """Whether the school stands in a town.

    Parameters
    ----------
    schools : ``locality`` (urban, rural).

    Notes
    -----
    1 or 0; a group of schools gets the share, from the published numbers of schools where the register gives them (all and
    those of the group «городские» or «сельские»). Missing when the locality is not given.

    References
    ----------
    Лесозаводск 2021, section II (8 urban schools, 57 %; 6 rural, 43 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> urban_school_flag(example(locality=["urban", "rural", None]))["value"].tolist()
    [1.0, 0.0, nan]
    """
    return _locality_flag(schools, "urban")


@indicator(
    table="schools",
    label="Сельская школа",
    formula="село – 1, город – 0; по школам – доля",
    unit="flag",
    better="none",
    reference="Лесозаводск 2021, раздел II",
    across_levels=True,
)
def rural_school_flag(schools: pd.DataFrame) -> pd.DataFrame:
    """Whether the school stands in a village.

    Parameters
    ----------
    schools : ``locality`` (urban, rural).

    Notes
    -----
    1 or 0; a group of schools gets the share, from the published numbers of schools where the register gives them (all and
    those of the group «городские» or «сельские»). Missing when the locality is not given.

    References
    ----------
    Лесозаводск 2021, section II (8 urban schools, 57 %; 6 rural, 43 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> rural_school_flag(example(locality=["urban", "rural", None]))["value"].tolist()
    [0.0, 1.0, nan]
    """
    return _locality_flag(schools, "rural")


@indicator(
    table="schools",
    label="Есть 10–11 классы",
    formula="старший класс 11 – 1, иначе 0; по школам – доля",
    unit="flag",
    better="none",
    reference="Лесозаводск 2021, раздел II",
)
def secondary_school_flag(schools: pd.DataFrame) -> pd.DataFrame:
    """Whether the school has grades 10 and 11.

    Parameters
    ----------
    schools : ``highest_grade`` or ``kind``.

    Notes
    -----
    1 when the highest grade is above 9, else 0; missing when neither the grade nor the kind tells.

    References
    ----------
    Лесозаводск 2021, section II (12 of 14 schools).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> secondary_school_flag(example(kind=["СОШ", "ООШ", None]))["value"].tolist()
    [1.0, 0.0, nan]
    """
    grade = highest_grade(schools)
    return flag(schools, (grade > 9).astype(float).where(grade.notna()).rename("highest_grade"))


@indicator(
    table="schools",
    label="Малокомплектная школа",
    formula="малокомплектная – 1, иначе 0; по школам – доля",
    unit="flag",
    better="low",
    reference="Лесосибирск 2020, раздел 2.1",
)
def small_school_flag(schools: pd.DataFrame) -> pd.DataFrame:
    """Whether the school is small by its official status.

    Parameters
    ----------
    schools : ``small_school`` (yes or no).

    Notes
    -----
    1 or 0; a group of schools gets the share. Missing when not given.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of social well-being («малокомплектность»).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> small_school_flag(example(small_school=[True, False, None]))["value"].tolist()
    [1.0, 0.0, nan]
    """
    return flag(schools, "small_school")


@indicator(
    table="schools",
    label="Расстояние до центра, км",
    formula="расстояние до муниципального центра; по школам – среднее",
    unit="number",
    better="low",
    pooling="mean",
    reference="Лесосибирск 2020, раздел 2.1",
)
def distance_km(schools: pd.DataFrame) -> pd.DataFrame:
    """Distance from the school to the municipal centre, km.

    Parameters
    ----------
    schools : ``distance_km`` (km).

    Notes
    -----
    As given; a group of schools gets the plain mean. Missing when not given.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of social well-being (remoteness from educational centres).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> distance_km(example(distance_km=[0, 42.5, None]))["value"].tolist()
    [0.0, 42.5, nan]
    """
    return mean(schools, "distance_km", pd.Series(1.0, index=schools.index))


@indicator(
    table="schools",
    label="Размер населённого пункта, ступень",
    formula="номер ступени: 1 – менее 1 тыс., 8 – более 1 млн человек",
    unit="number",
    better="high",
    pooling="none",
    reference="Лесозаводск 2021, раздел III",
)
def settlement_size_band(schools: pd.DataFrame) -> pd.DataFrame:
    """Which of the eight bands of population the settlement falls into.

    Parameters
    ----------
    schools : ``settlement_population`` (band).

    Notes
    -----
    1 for under 1,000 people … 8 for over a million; missing when not given. An order, not a quantity: schools are not put together.

    References
    ----------
    Лесозаводск 2021, section III (table of settlement sizes).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> settlement_size_band(example(settlement_population=["under_1000", "over_1000000", None]))["value"].tolist()
    [1.0, 8.0, nan]
    """
    return _choice_order(schools, "settlement_population", first=1)


@indicator(
    table="schools",
    label="Трудность поездки в крупный город, ступень",
    formula="0 – школа в крупном городе … 3 – регулярного сообщения нет",
    unit="number",
    better="low",
    pooling="none",
    reference="Лесозаводск 2021, раздел III",
)
def transport_difficulty(schools: pd.DataFrame) -> pd.DataFrame:
    """How hard a trip to the nearest big city is, four steps.

    Parameters
    ----------
    schools : ``transport`` (band).

    Notes
    -----
    0 in a big city, 1 a day trip, 2 two days, 3 no regular transport; missing when not given. An order: schools are not put together.

    References
    ----------
    Лесозаводск 2021, section III (table of transport).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> transport_difficulty(example(transport=["in_city", "no_regular", None]))["value"].tolist()
    [0.0, 3.0, nan]
    """
    return _choice_order(schools, "transport", first=0)


@indicator(
    table="schools",
    label="Средняя наполняемость класса",
    formula="обучающиеся / классы",
    unit="number",
    better="none",
    reference="общепринятый школьный показатель",
)
def class_size(schools: pd.DataFrame) -> pd.DataFrame:
    """Pupils in a class on average.

    Parameters
    ----------
    schools : ``pupils`` (persons), ``classes``.

    Notes
    -----
    pupils / classes. Missing when one is missing or there are no classes.

    References
    ----------
    The usual school statistic.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> class_size(example(pupils=[300, 10, None], classes=[12, 0, 5]))["value"].tolist()
    [25.0, nan, nan]
    """
    return ratio(schools, "pupils", "classes")


@indicator(
    table="schools",
    label="Доля обучающихся во вторую смену",
    formula="обучающиеся во вторую смену / обучающиеся",
    unit="rate",
    better="low",
    reference="Лесозаводск 2021, раздел II",
)
def second_shift_rate(schools: pd.DataFrame) -> pd.DataFrame:
    """Share of pupils taught in the second shift.

    Parameters
    ----------
    schools : ``second_shift_pupils``, ``pupils`` (persons).

    Notes
    -----
    second_shift_pupils / pupils. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесозаводск 2021, section II (about 20 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> second_shift_rate(example(second_shift_pupils=[3, 1, None], pupils=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(schools, "second_shift_pupils", "pupils")


@indicator(
    table="schools",
    label="Доля детей с ОВЗ и инвалидов",
    formula="дети с ОВЗ и инвалиды / обучающиеся",
    unit="rate",
    better="none",
    reference="Кушва 2020, раздел 1",
)
def special_needs_rate(schools: pd.DataFrame) -> pd.DataFrame:
    """Share of pupils with special needs or disabilities.

    Parameters
    ----------
    schools : ``special_needs_pupils``, ``pupils`` (persons).

    Notes
    -----
    special_needs_pupils / pupils. Missing when a count is missing or the whole is zero.

    References
    ----------
    Кушва 2020 (277 of 4742, 5.8 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> special_needs_rate(example(special_needs_pupils=[3, 1, None], pupils=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(schools, "special_needs_pupils", "pupils")


@indicator(
    table="schools",
    label="Доля обучающихся на подвозе",
    formula="обучающиеся на подвозе / обучающиеся",
    unit="rate",
    better="none",
    reference="Лесозаводск 2021, раздел II",
)
def transported_rate(schools: pd.DataFrame) -> pd.DataFrame:
    """Share of pupils brought by bus.

    Parameters
    ----------
    schools : ``transported_pupils``, ``pupils`` (persons).

    Notes
    -----
    transported_pupils / pupils. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесозаводск 2021, section II (more than 600 pupils in eight schools).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> transported_rate(example(transported_pupils=[3, 1, None], pupils=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(schools, "transported_pupils", "pupils")


@indicator(
    table="schools",
    label="Школа работает в две смены",
    formula="есть вторая смена – 1, иначе 0; по школам – доля",
    unit="flag",
    better="low",
    reference="Лесозаводск 2021, раздел II",
)
def second_shift_school_flag(schools: pd.DataFrame) -> pd.DataFrame:
    """Whether the school works in two shifts.

    Parameters
    ----------
    schools : ``second_shift_pupils`` (persons).

    Notes
    -----
    1 when anyone learns in the second shift, else 0; missing when not given.

    References
    ----------
    Лесозаводск 2021, section II (35 % of the schools).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> second_shift_school_flag(example(second_shift_pupils=[40, 0, None]))["value"].tolist()
    [1.0, 0.0, nan]
    """
    shift = number(schools, "second_shift_pupils")
    return flag(schools, (shift > 0).astype(float).where(shift.notna()))


def _locality_flag(schools: pd.DataFrame, code: str) -> pd.DataFrame:
    """Whether a school stands in the locality; for a municipality, the published number of its schools that do.

    A row above the school counts its ``schools``; a municipality takes them from its group of that locality.
    """
    locality = schools["locality"] if "locality" in schools else pd.Series(pd.NA, index=schools.index, dtype="string")
    here = (locality == code).astype(float).where(locality.notna())
    whole = number(schools, "schools").mask(schools["level"] == "school", 1.0)
    count = here * whole
    of_group = schools["group"] == GROUPS[code]
    in_group = schools.assign(count=whole)[of_group].drop_duplicates("year").set_index("year")["count"]
    count = count.fillna(schools["year"].map(in_group).astype(float).where(schools["level"] == "municipality"))
    return ratio(schools, count.rename("locality"), whole.rename("schools"))


def _choice_order(schools: pd.DataFrame, column: str, first: int) -> pd.DataFrame:
    """The place of the chosen code in the list of the dictionary, counted from ``first``."""
    places = {code: place for place, code in enumerate(choices(column), start=first)}
    chosen = schools[column].astype(object).map(places) if column in schools else column
    return mean(schools, number(schools, chosen), pd.Series(1.0, index=schools.index))
