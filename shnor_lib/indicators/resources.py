"""Resources of the school: textbooks, classrooms, computers and the internet."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import beside, flag, indicator, mean, number, ratio

TITLE = "Ресурсы"


@indicator(
    table="resources",
    label="Доля учебного фонда не старше 3 лет",
    formula="экземпляры не старше 3 лет / учебный фонд, не более 1",
    unit="rate",
    better="high",
    reference="Лесосибирск 2020, раздел 2.1",
)
def textbooks_under_3y_rate(resources: pd.DataFrame) -> pd.DataFrame:
    """Share of the textbook stock not older than three years.

    Parameters
    ----------
    resources : ``textbooks_under_3y, textbooks`` (copies).

    Notes
    -----
    Copies received in three years / stock, at most 1: new copies may already have left the stock. Missing when a count is missing
    or the stock is zero.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of educational potential; form ОО-2, library table.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> textbooks_under_3y_rate(example(textbooks_under_3y=[600, 90, None], textbooks=[2000, 60, 10]))["value"].tolist()
    [0.3, 1.0, nan]
    """
    recent = np.minimum(number(resources, "textbooks_under_3y"), number(resources, "textbooks"))
    return ratio(resources, recent.rename("textbooks_under_3y"), "textbooks")


@indicator(
    table="resources",
    label="Доля кабинетов с проекторами и интерактивными досками",
    formula="кабинеты с оборудованием / кабинеты",
    unit="rate",
    better="high",
    reference="Лесозаводск 2021, раздел III (матрица риска)",
)
def classrooms_equipped_rate(resources: pd.DataFrame) -> pd.DataFrame:
    """Share of classrooms with projectors or interactive boards.

    Parameters
    ----------
    resources : ``classrooms_equipped``, ``classrooms`` (rooms).

    Notes
    -----
    classrooms_equipped / classrooms. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесозаводск 2021, section III (44 of 47 and 1 of 8; risk matrix 100, 86, 13 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> resources = example(classrooms_equipped=[3, 1, None], classrooms=[20, 0, 10])
    >>> classrooms_equipped_rate(resources)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(resources, "classrooms_equipped", "classrooms")


@indicator(
    table="resources",
    label="Доля устаревших компьютеров",
    formula="устаревшие компьютеры / компьютеры",
    unit="rate",
    better="low",
    reference="Лесозаводск 2021, раздел III (матрица риска)",
)
def computers_outdated_rate(resources: pd.DataFrame) -> pd.DataFrame:
    """Share of outdated, weak computers.

    Parameters
    ----------
    resources : ``computers_outdated``, ``computers`` (pieces).

    Notes
    -----
    computers_outdated / computers. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесозаводск 2021, section III (52 of 174 and 15 of 16; risk matrix 67, 0, 94 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> computers_outdated_rate(example(computers_outdated=[3, 1, None], computers=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(resources, "computers_outdated", "computers")


@indicator(
    table="resources",
    beside=("schools",),
    label="Компьютеров на 100 обучающихся",
    formula="100 · компьютеры / обучающиеся",
    unit="number",
    better="high",
    reference="Лесозаводск 2021, раздел III",
)
def computers_per_100_pupils(resources: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Computers for every 100 pupils.

    Parameters
    ----------
    resources : ``computers`` (pieces).
    schools : ``pupils`` of the same school and year.

    Notes
    -----
    100 · computers / pupils. Missing when one is missing or there are no pupils.

    References
    ----------
    Лесозаводск 2021, section III (deficit of the basic infrastructure).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> resources, schools = example(computers=[60, 5, 7]), example(pupils=[400, 0, None])
    >>> computers_per_100_pupils(resources, schools)["value"].tolist()
    [15.0, nan, nan]
    """
    return ratio(resources, 100 * number(resources, "computers"), beside(resources, schools, "pupils")["pupils"])


@indicator(
    table="resources",
    label="Скорость интернета, Мбит/с",
    formula="скорость доступа, Мбит/с; по школам – среднее",
    unit="number",
    better="high",
    pooling="mean",
    reference="Искитим 2021, показатель 11; Лесозаводск 2021, раздел III",
)
def internet_mbps(resources: pd.DataFrame) -> pd.DataFrame:
    """Speed of the school internet, Mbit/s.

    Parameters
    ----------
    resources : ``internet_mbps`` (Mbit/s).

    Notes
    -----
    As given; a group of schools gets the plain mean. Missing when not given.

    References
    ----------
    Искитим 2021, indicator 11; Лесозаводск 2021, section III.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> internet_mbps(example(internet_mbps=[100, 0.5, None]))["value"].tolist()
    [100.0, 0.5, nan]
    """
    speed = number(resources, "internet_mbps")
    return mean(resources, speed, pd.Series(1.0, index=resources.index))


@indicator(
    table="resources",
    label="Интернет не менее 1 Мбит/с",
    formula="скорость доступа ≥ 1 Мбит/с",
    unit="flag",
    better="high",
    reference="Искитим 2021, показатель 11",
)
def internet_1_mbps_flag(resources: pd.DataFrame) -> pd.DataFrame:
    """Whether the school has at least 1 Mbit/s.

    Parameters
    ----------
    resources : ``internet_mbps`` (Mbit/s).

    Notes
    -----
    1 when the speed is 1 Mbit/s or more, else 0; missing when not given.

    References
    ----------
    Искитим 2021, indicator 11 (target 100 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> internet_1_mbps_flag(example(internet_mbps=[100, 0.5, None]))["value"].tolist()
    [1.0, 0.0, nan]
    """
    speed = number(resources, "internet_mbps")
    return flag(resources, (speed >= 1).astype(float).where(speed.notna()).rename("internet_mbps"))


@indicator(
    table="resources",
    beside=("schools",),
    label="Скоростной интернет",
    formula="скорость доступа ≥ 100 Мбит/с в городе, ≥ 50 Мбит/с в селе",
    unit="flag",
    better="high",
    reference="Лесозаводск 2021, раздел III",
)
def fast_internet_flag(resources: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Whether the school has fast internet by the norm of its locality.

    Parameters
    ----------
    resources : ``internet_mbps`` (Mbit/s).
    schools : ``locality`` (urban, rural) of the same school and year.

    Notes
    -----
    1 when the speed is at least 100 Mbit/s in a town, 50 in a village, else 0; missing when the speed or the locality is.

    References
    ----------
    Лесозаводск 2021, section III («город – не менее 100 Мб/с, село – не менее 50 Мб/с»).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> resources, schools = example(internet_mbps=[100, 50, 50]), example(locality=["urban", "urban", "rural"])
    >>> fast_internet_flag(resources, schools)["value"].tolist()
    [1.0, 0.0, 1.0]
    """
    speed = number(resources, "internet_mbps")
    norm = beside(resources, schools, "locality")["locality"].astype(object).map({"urban": 100.0, "rural": 50.0})
    norm = number(resources, norm)
    fast = (speed >= norm).astype(float).where(speed.notna() & norm.notna())
    return flag(resources, fast.rename("скорость интернета или местность"))
