"""The social passport of the school: its families and pupils."""

from __future__ import annotations

import pandas as pd

from shnor_lib.indicators.catalogue import indicator, ratio

TITLE = "Социальный контекст"


@indicator(
    table="social_context",
    label="Доля малообеспеченных семей",
    formula="малообеспеченные семьи / семьи",
    unit="rate",
    better="low",
    reference="Лесосибирск 2020, раздел 2.1; Ястребов, Пинская, Косарецкий 2014",
)
def low_income_families_rate(social_context: pd.DataFrame) -> pd.DataFrame:
    """Share of families with a low income.

    Parameters
    ----------
    social_context : ``low_income``, ``families`` (families).

    Notes
    -----
    low_income / families. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of social well-being; Ястребов, Пинская, Косарецкий 2014.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> low_income_families_rate(example(low_income=[3, 1, None], families=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(social_context, "low_income", "families")


@indicator(
    table="social_context",
    label="Доля многодетных семей",
    formula="многодетные семьи / семьи",
    unit="rate",
    better="low",
    reference="Лесосибирск 2020, раздел 2.1; Ястребов, Пинская, Косарецкий 2014",
)
def large_families_rate(social_context: pd.DataFrame) -> pd.DataFrame:
    """Share of families with many children.

    Parameters
    ----------
    social_context : ``large``, ``families`` (families).

    Notes
    -----
    large / families. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of social well-being; Ястребов, Пинская, Косарецкий 2014.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> large_families_rate(example(large=[3, 1, None], families=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(social_context, "large", "families")


@indicator(
    table="social_context",
    label="Доля малообеспеченных и многодетных семей",
    formula="малообеспеченные или многодетные семьи / семьи",
    unit="rate",
    better="low",
    reference="Лесозаводск 2021, раздел III; Лесосибирск 2020, раздел 2.1",
)
def low_income_or_large_families_rate(social_context: pd.DataFrame) -> pd.DataFrame:
    """Share of families with a low income or many children.

    Parameters
    ----------
    social_context : ``low_income_or_large``, ``families`` (families).

    Notes
    -----
    low_income_or_large / families. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесозаводск 2021, section III (73 % in Курское); Лесосибирск 2020, section 2.1.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> social_context = example(low_income_or_large=[3, 1, None], families=[20, 0, 10])
    >>> low_income_or_large_families_rate(social_context)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(social_context, "low_income_or_large", "families")


@indicator(
    table="social_context",
    label="Доля неполных семей",
    formula="неполные семьи / семьи",
    unit="rate",
    better="low",
    reference="Лесосибирск 2020, раздел 2.1; Ястребов, Пинская, Косарецкий 2014",
)
def single_parent_families_rate(social_context: pd.DataFrame) -> pd.DataFrame:
    """Share of families with one parent.

    Parameters
    ----------
    social_context : ``single_parent``, ``families`` (families).

    Notes
    -----
    single_parent / families. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of social well-being; Ястребов, Пинская, Косарецкий 2014.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> single_parent_families_rate(example(single_parent=[3, 1, None], families=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(social_context, "single_parent", "families")


@indicator(
    table="social_context",
    label="Доля семей с безработными родителями",
    formula="семьи с безработными родителями / семьи",
    unit="rate",
    better="low",
    reference="Лесозаводск 2021, раздел III",
)
def unemployed_parents_families_rate(social_context: pd.DataFrame) -> pd.DataFrame:
    """Share of families with parents out of work.

    Parameters
    ----------
    social_context : ``parents_unemployed``, ``families`` (families).

    Notes
    -----
    parents_unemployed / families. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесозаводск 2021, section III (64 % in Курское).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> social_context = example(parents_unemployed=[3, 1, None], families=[20, 0, 10])
    >>> unemployed_parents_families_rate(social_context)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(social_context, "parents_unemployed", "families")


@indicator(
    table="social_context",
    label="Доля семей, где работает один родитель",
    formula="работает один родитель / семьи",
    unit="rate",
    better="low",
    reference="Лесозаводск 2021, раздел III",
)
def one_working_parent_families_rate(social_context: pd.DataFrame) -> pd.DataFrame:
    """Share of families where one parent works.

    Parameters
    ----------
    social_context : ``one_working_parent``, ``families`` (families).

    Notes
    -----
    one_working_parent / families. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесозаводск 2021, section III (30 % in Курское).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> social_context = example(one_working_parent=[3, 1, None], families=[20, 0, 10])
    >>> one_working_parent_families_rate(social_context)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(social_context, "one_working_parent", "families")


@indicator(
    table="social_context",
    label="Доля семей без высшего образования у родителей",
    formula="родители без высшего образования / семьи",
    unit="rate",
    better="low",
    reference="Лесосибирск 2020, раздел 2.1; Ястребов, Пинская, Косарецкий 2014",
)
def parents_without_higher_education_rate(social_context: pd.DataFrame) -> pd.DataFrame:
    """Share of families where no parent has a higher education.

    Parameters
    ----------
    social_context : ``parents_without_higher_education``, ``families`` (families).

    Notes
    -----
    parents_without_higher_education / families. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of social well-being; Ястребов, Пинская, Косарецкий 2014.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> social_context = example(parents_without_higher_education=[3, 1, None], families=[20, 0, 10])
    >>> parents_without_higher_education_rate(social_context)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(social_context, "parents_without_higher_education", "families")


@indicator(
    table="social_context",
    label="Доля обучающихся с девиантным поведением",
    formula="обучающиеся с девиантным поведением / обучающиеся",
    unit="rate",
    better="low",
    reference="Лесосибирск 2020, раздел 2.1; Ястребов, Пинская, Косарецкий 2014",
)
def deviant_pupils_rate(social_context: pd.DataFrame) -> pd.DataFrame:
    """Share of pupils with deviant behaviour (on record).

    Parameters
    ----------
    social_context : ``deviant_pupils``, ``pupils`` (persons).

    Notes
    -----
    deviant_pupils / pupils. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of social well-being; Ястребов, Пинская, Косарецкий 2014.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> deviant_pupils_rate(example(deviant_pupils=[3, 1, None], pupils=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(social_context, "deviant_pupils", "pupils")


@indicator(
    table="social_context",
    label="Доля обучающихся без учебной мотивации",
    formula="обучающиеся без учебной мотивации / обучающиеся",
    unit="rate",
    better="low",
    reference="Лесосибирск 2020, раздел 2.1; Ястребов, Пинская, Косарецкий 2014",
)
def unmotivated_pupils_rate(social_context: pd.DataFrame) -> pd.DataFrame:
    """Share of pupils without motivation to learn.

    Parameters
    ----------
    social_context : ``unmotivated_pupils``, ``pupils`` (persons).

    Notes
    -----
    unmotivated_pupils / pupils. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of social well-being; Ястребов, Пинская, Косарецкий 2014.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> unmotivated_pupils_rate(example(unmotivated_pupils=[3, 1, None], pupils=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(social_context, "unmotivated_pupils", "pupils")


@indicator(
    table="social_context",
    label="Доля обучающихся со слабым знанием русского языка",
    formula="обучающиеся со слабым знанием русского языка / обучающиеся",
    unit="rate",
    better="low",
    reference="Лесосибирск 2020, раздел 2.1; Ястребов, Пинская, Косарецкий 2014",
)
def weak_russian_pupils_rate(social_context: pd.DataFrame) -> pd.DataFrame:
    """Share of pupils with weak Russian.

    Parameters
    ----------
    social_context : ``weak_russian_pupils``, ``pupils`` (persons).

    Notes
    -----
    weak_russian_pupils / pupils. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of social well-being; Ястребов, Пинская, Косарецкий 2014.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> weak_russian_pupils_rate(example(weak_russian_pupils=[3, 1, None], pupils=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(social_context, "weak_russian_pupils", "pupils")


@indicator(
    table="social_context",
    label="Доля обучающихся с ОВЗ и инвалидов (социальный паспорт)",
    formula="обучающиеся с ОВЗ и инвалиды / обучающиеся",
    unit="rate",
    better="none",
    reference="Лесосибирск 2020, раздел 2.1; Ястребов, Пинская, Косарецкий 2014",
)
def disabled_pupils_rate(social_context: pd.DataFrame) -> pd.DataFrame:
    """Share of pupils with special needs or disabilities, by the social passport.

    Parameters
    ----------
    social_context : ``disabled``, ``pupils`` (persons).

    Notes
    -----
    disabled / pupils. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of social well-being; Ястребов, Пинская, Косарецкий 2014.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> disabled_pupils_rate(example(disabled=[3, 1, None], pupils=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(social_context, "disabled", "pupils")
