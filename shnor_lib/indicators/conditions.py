"""Conditions of learning and support: the target indicators of the programmes that no other chapter covers."""

from __future__ import annotations

import pandas as pd

from shnor_lib.indicators.catalogue import flag, indicator, ratio

TITLE = "Условия и поддержка"


@indicator(
    table="conditions",
    label="Дорожная карта разработана и реализуется",
    formula="да – 1, нет – 0; по школам – доля",
    unit="flag",
    better="high",
    reference="Искитим 2021, показатель 1",
)
def roadmap_flag(conditions: pd.DataFrame) -> pd.DataFrame:
    """Whether the school has made and carries out its roadmap.

    Parameters
    ----------
    conditions : ``roadmap`` (yes or no).

    Notes
    -----
    1 or 0; a group of schools gets the share of its yes. Missing when not answered.

    References
    ----------
    Искитим 2021, indicator 1 (target 100 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> roadmap_flag(example(roadmap=[True, False, None]))["value"].tolist()
    [1.0, 0.0, nan]
    """
    return flag(conditions, "roadmap")


@indicator(
    table="conditions",
    label="Педагоги участвуют в профессиональных сообществах",
    formula="да – 1, нет – 0; по школам – доля",
    unit="flag",
    better="high",
    reference="Искитим 2021, показатель 12",
)
def communities_flag(conditions: pd.DataFrame) -> pd.DataFrame:
    """Whether the pedagogues take part in regional communities and district methodical unions.

    Parameters
    ----------
    conditions : ``communities`` (yes or no).

    Notes
    -----
    1 or 0; a group of schools gets the share of its yes. Missing when not answered.

    References
    ----------
    Искитим 2021, indicator 12 (target 50 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> communities_flag(example(communities=[True, False, None]))["value"].tolist()
    [1.0, 0.0, nan]
    """
    return flag(conditions, "communities")


@indicator(
    table="conditions",
    label="Обучение на базе технологичных площадок",
    formula="да – 1, нет – 0; по школам – доля",
    unit="flag",
    better="high",
    reference="Искитим 2021, показатель 13",
)
def technology_base_flag(conditions: pd.DataFrame) -> pd.DataFrame:
    """Whether subjects are taught at technology sites such as «Точка роста» or «Кванториум».

    Parameters
    ----------
    conditions : ``technology_base`` (yes or no).

    Notes
    -----
    1 or 0; a group of schools gets the share of its yes. Missing when not answered.

    References
    ----------
    Искитим 2021, indicator 13 (target 20 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> technology_base_flag(example(technology_base=[True, False, None]))["value"].tolist()
    [1.0, 0.0, nan]
    """
    return flag(conditions, "technology_base")


@indicator(
    table="conditions",
    label="База цифрового, естественнонаучного и гуманитарного профилей",
    formula="да – 1, нет – 0; по школам – доля",
    unit="flag",
    better="high",
    reference="Искитим 2021, показатель 14",
)
def profile_base_flag(conditions: pd.DataFrame) -> pd.DataFrame:
    """Whether the school has the base for digital, science and humanities programmes.

    Parameters
    ----------
    conditions : ``profile_base`` (yes or no).

    Notes
    -----
    1 or 0; a group of schools gets the share of its yes. Missing when not answered.

    References
    ----------
    Искитим 2021, indicator 14 (target 0 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> profile_base_flag(example(profile_base=[True, False, None]))["value"].tolist()
    [1.0, 0.0, nan]
    """
    return flag(conditions, "profile_base")


@indicator(
    table="conditions",
    label="Оценка на основе международных практик",
    formula="да – 1, нет – 0; по школам – доля",
    unit="flag",
    better="high",
    reference="Искитим 2021, показатель 15",
)
def international_assessment_flag(conditions: pd.DataFrame) -> pd.DataFrame:
    """Whether quality was assessed after the practice of international studies.

    Parameters
    ----------
    conditions : ``international_assessment`` (yes or no).

    Notes
    -----
    1 or 0; a group of schools gets the share of its yes. Missing when not answered.

    References
    ----------
    Искитим 2021, indicator 15 (target 100 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> international_assessment_flag(example(international_assessment=[True, False, None]))["value"].tolist()
    [1.0, 0.0, nan]
    """
    return flag(conditions, "international_assessment")


@indicator(
    table="conditions",
    label="Работодатели участвуют в управлении",
    formula="да – 1, нет – 0; по школам – доля",
    unit="flag",
    better="high",
    reference="Искитим 2021, показатель 16",
)
def employers_involved_flag(conditions: pd.DataFrame) -> pd.DataFrame:
    """Whether employers and associations take part in decisions on the development of the school.

    Parameters
    ----------
    conditions : ``employers_involved`` (yes or no).

    Notes
    -----
    1 or 0; a group of schools gets the share of its yes. Missing when not answered.

    References
    ----------
    Искитим 2021, indicator 16 (target 100 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> employers_involved_flag(example(employers_involved=[True, False, None]))["value"].tolist()
    [1.0, 0.0, nan]
    """
    return flag(conditions, "employers_involved")


@indicator(
    table="conditions",
    label="Программы в сетевой форме",
    formula="да – 1, нет – 0; по школам – доля",
    unit="flag",
    better="high",
    reference="Искитим 2021, показатель 17",
)
def network_programmes_flag(conditions: pd.DataFrame) -> pd.DataFrame:
    """Whether the school carries out programmes in the network form.

    Parameters
    ----------
    conditions : ``network_programmes`` (yes or no).

    Notes
    -----
    1 or 0; a group of schools gets the share of its yes. Missing when not answered.

    References
    ----------
    Искитим 2021, indicator 17 (target 20 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> network_programmes_flag(example(network_programmes=[True, False, None]))["value"].tolist()
    [1.0, 0.0, nan]
    """
    return flag(conditions, "network_programmes")


@indicator(
    table="conditions",
    label="Условия для качественного образования обеспечены",
    formula="да – 1, нет – 0; по школам – доля",
    unit="flag",
    better="high",
    reference="Лесозаводск 2021, раздел VII, показатель 1",
)
def conditions_provided_flag(conditions: pd.DataFrame) -> pd.DataFrame:
    """Whether the conditions for a good general education of every child are provided.

    Parameters
    ----------
    conditions : ``conditions_provided`` (yes or no).

    Notes
    -----
    1 or 0; a group of schools gets the share of its yes. Missing when not answered.

    References
    ----------
    Лесозаводск 2021, section VII, first target.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> conditions_provided_flag(example(conditions_provided=[True, False, None]))["value"].tolist()
    [1.0, 0.0, nan]
    """
    return flag(conditions, "conditions_provided")


@indicator(
    table="conditions",
    label="Доля детей с ОВЗ, обучающихся по адаптированным программам",
    formula="обучаются по адаптированной программе / дети с ОВЗ и инвалиды",
    unit="rate",
    better="high",
    reference="Искитим 2021, показатель 4",
)
def special_needs_adapted_rate(conditions: pd.DataFrame) -> pd.DataFrame:
    """Share of pupils with special needs taught by an adapted programme.

    Parameters
    ----------
    conditions : ``special_needs_adapted``, ``special_needs_pupils`` (persons).

    Notes
    -----
    special_needs_adapted / special_needs_pupils. Missing when a count is missing or the whole is zero.

    References
    ----------
    Искитим 2021, indicator 4 (target 100 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> conditions = example(special_needs_adapted=[3, 1, None], special_needs_pupils=[20, 0, 10])
    >>> special_needs_adapted_rate(conditions)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(conditions, "special_needs_adapted", "special_needs_pupils")


@indicator(
    table="conditions",
    label="Доля детей с ОВЗ, получивших психолого-педагогическую помощь",
    formula="получили помощь / дети с ОВЗ и инвалиды",
    unit="rate",
    better="high",
    reference="Искитим 2021, показатель 5",
)
def special_needs_supported_rate(conditions: pd.DataFrame) -> pd.DataFrame:
    """Share of pupils with special needs who got psychological, pedagogical and social help.

    Parameters
    ----------
    conditions : ``special_needs_supported``, ``special_needs_pupils`` (persons).

    Notes
    -----
    special_needs_supported / special_needs_pupils. Missing when a count is missing or the whole is zero.

    References
    ----------
    Искитим 2021, indicator 5 (target 100 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> conditions = example(special_needs_supported=[3, 1, None], special_needs_pupils=[20, 0, 10])
    >>> special_needs_supported_rate(conditions)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(conditions, "special_needs_supported", "special_needs_pupils")


@indicator(
    table="conditions",
    label="Доля испытывающих трудности, получивших помощь",
    formula="получили помощь / испытывают трудности",
    unit="rate",
    better="high",
    reference="Искитим 2021, показатель 6",
)
def difficulty_supported_rate(conditions: pd.DataFrame) -> pd.DataFrame:
    """Share of pupils with difficulties who got psychological, pedagogical and social help.

    Parameters
    ----------
    conditions : ``difficulty_supported``, ``difficulty_pupils`` (persons).

    Notes
    -----
    difficulty_supported / difficulty_pupils. Missing when a count is missing or the whole is zero.

    References
    ----------
    Искитим 2021, indicator 6 (target 90 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> conditions = example(difficulty_supported=[3, 1, None], difficulty_pupils=[20, 0, 10])
    >>> difficulty_supported_rate(conditions)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(conditions, "difficulty_supported", "difficulty_pupils")


@indicator(
    table="conditions",
    label="Доля детей с ОВЗ, обучающихся дистанционно",
    formula="обучаются дистанционно / дети с ОВЗ и инвалиды",
    unit="rate",
    better="high",
    reference="Искитим 2021, показатель 7",
)
def special_needs_distance_rate(conditions: pd.DataFrame) -> pd.DataFrame:
    """Share of pupils with special needs taught with distance technologies.

    Parameters
    ----------
    conditions : ``special_needs_distance``, ``special_needs_pupils`` (persons).

    Notes
    -----
    special_needs_distance / special_needs_pupils. Missing when a count is missing or the whole is zero.

    References
    ----------
    Искитим 2021, indicator 7 (target 50 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> conditions = example(special_needs_distance=[3, 1, None], special_needs_pupils=[20, 0, 10])
    >>> special_needs_distance_rate(conditions)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(conditions, "special_needs_distance", "special_needs_pupils")


@indicator(
    table="conditions",
    label="Доля обучающихся с применением дистанционных технологий",
    formula="обучаются дистанционно / обучающиеся",
    unit="rate",
    better="high",
    reference="Искитим 2021, показатель 10",
)
def distance_pupils_rate(conditions: pd.DataFrame) -> pd.DataFrame:
    """Share of pupils taught with distance technologies.

    Parameters
    ----------
    conditions : ``distance_pupils``, ``pupils`` (persons).

    Notes
    -----
    distance_pupils / pupils. Missing when a count is missing or the whole is zero.

    References
    ----------
    Искитим 2021, indicator 10 (target 10 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> distance_pupils_rate(example(distance_pupils=[3, 1, None], pupils=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(conditions, "distance_pupils", "pupils")
