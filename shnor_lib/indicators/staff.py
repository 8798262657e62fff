"""Staff of the school: categories, age, experience, load, training, vacancies and specialists."""

from __future__ import annotations

import pandas as pd

from shnor_lib.indicators.catalogue import beside, first_filled, indicator, number, ratio, total
from shnor_lib.inputs.dictionary import table

TITLE = "Кадры"


def people(staff: pd.DataFrame) -> pd.Series:
    """The whole of which the staff counts are parts: pedagogues where filled, else teachers.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> people(example(pedagogues=[20, None], teachers=[15, 9])).tolist()
    [20.0, 9.0]
    """
    return first_filled(staff, "pedagogues", "teachers")


@indicator(
    table="staff",
    label="Доля педагогов с первой категорией",
    formula="первая категория / педагоги (если не указаны – учителя)",
    unit="rate",
    better="high",
    reference="Лесозаводск 2021, раздел III; Лесосибирск 2020, раздел 1",
)
def teachers_first_category_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues with the first qualification category.

    Parameters
    ----------
    staff : ``category_first``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    category_first / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесозаводск 2021, section III (19 % in the town, 78 % in the village); Лесосибирск 2020, section 1.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> teachers_first_category_rate(example(category_first=[3, 1, None], pedagogues=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "category_first", people(staff))


@indicator(
    table="staff",
    label="Доля педагогов с высшей категорией",
    formula="высшая категория / педагоги (если не указаны – учителя)",
    unit="rate",
    better="high",
    reference="Лесозаводск 2021, раздел III; Лесосибирск 2020, раздел 1",
)
def teachers_highest_category_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues with the highest qualification category.

    Parameters
    ----------
    staff : ``category_highest``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    category_highest / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесозаводск 2021, section III (24 % in the town, 11 % in the village); Лесосибирск 2020, section 1.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> staff = example(category_highest=[3, 1, None], pedagogues=[20, 0, 10])
    >>> teachers_highest_category_rate(staff)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "category_highest", people(staff))


@indicator(
    table="staff",
    label="Доля педагогов с первой или высшей категорией",
    formula="(первая + высшая категория) / педагоги (если не указаны – учителя)",
    unit="rate",
    better="high",
    reference="Лесозаводск 2021, раздел III (матрица риска)",
)
def teachers_first_or_highest_category_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues with the first or the highest category.

    Parameters
    ----------
    staff : ``category_first, category_highest``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    (first + highest) / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесозаводск 2021, section III, risk matrix (29, 55, 89 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> staff = example(category_first=[2, 1, None], category_highest=[1, 0, 2], pedagogues=[20, 0, 10])
    >>> teachers_first_or_highest_category_rate(staff)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(
        staff,
        number(staff, "category_first") + number(staff, "category_highest").rename("category_first"),
        people(staff),
    )


@indicator(
    table="staff",
    label="Доля педагогов, подтвердивших или повысивших категорию за 3 года",
    formula="подтвердили или повысили категорию / педагоги (если не указаны – учителя)",
    unit="rate",
    better="high",
    reference="Лесосибирск 2020, раздел 2.1",
)
def teachers_raised_category_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues who confirmed or raised their category within three years.

    Parameters
    ----------
    staff : ``category_raised_3y``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    category_raised_3y / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of staff potential.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> staff = example(category_raised_3y=[3, 1, None], pedagogues=[20, 0, 10])
    >>> teachers_raised_category_rate(staff)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "category_raised_3y", people(staff))


@indicator(
    table="staff",
    label="Доля педагогов с нагрузкой от 1,5 ставки",
    formula="нагрузка от 1,5 ставки / педагоги (если не указаны – учителя)",
    unit="rate",
    better="low",
    reference="Лесосибирск 2020, раздел 2.1",
)
def teachers_load_1_5_plus_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues who work one and a half rates or more.

    Parameters
    ----------
    staff : ``load_1_5_plus``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    load_1_5_plus / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of staff potential; overload speaks against it.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> teachers_load_1_5_plus_rate(example(load_1_5_plus=[3, 1, None], pedagogues=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "load_1_5_plus", people(staff))


@indicator(
    table="staff",
    label="Доля педагогов – участников конкурсов за 3 года",
    formula="участники конкурсов / педагоги (если не указаны – учителя)",
    unit="rate",
    better="high",
    reference="Лесосибирск 2020, раздел 2.1",
)
def teachers_contest_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues who took part in regional or national contests within three years.

    Parameters
    ----------
    staff : ``contest_participants_3y``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    contest_participants_3y / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of staff potential.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> staff = example(contest_participants_3y=[3, 1, None], pedagogues=[20, 0, 10])
    >>> teachers_contest_rate(staff)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "contest_participants_3y", people(staff))


@indicator(
    table="staff",
    label="Доля педагогов, преподающих не по профилю диплома",
    formula="преподают не по профилю / педагоги (если не указаны – учителя)",
    unit="rate",
    better="low",
    reference="Лесосибирск 2020, раздел 2.1",
)
def teachers_off_profile_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues who teach subjects outside their diploma.

    Parameters
    ----------
    staff : ``off_profile``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    off_profile / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 2.1, index of staff potential; it speaks against the school.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> teachers_off_profile_rate(example(off_profile=[3, 1, None], pedagogues=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "off_profile", people(staff))


@indicator(
    table="staff",
    label="Доля педагогов от 55 лет",
    formula="от 55 лет / педагоги (если не указаны – учителя)",
    unit="rate",
    better="low",
    reference="Лесозаводск 2021, раздел III (матрица риска)",
)
def teachers_age_55_plus_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues aged 55 and over.

    Parameters
    ----------
    staff : ``age_55_plus``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    age_55_plus / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесозаводск 2021, section III, risk matrix (25, 42, 44 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> teachers_age_55_plus_rate(example(age_55_plus=[3, 1, None], pedagogues=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "age_55_plus", people(staff))


@indicator(
    table="staff",
    label="Доля педагогов до 35 лет",
    formula="до 35 лет / педагоги (если не указаны – учителя)",
    unit="rate",
    better="high",
    reference="Искитим 2021, показатель 8",
)
def teachers_age_under_35_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues younger than 35.

    Parameters
    ----------
    staff : ``age_under_35``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    age_under_35 / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Искитим 2021, indicator 8 (target 20 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> teachers_age_under_35_rate(example(age_under_35=[3, 1, None], pedagogues=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "age_under_35", people(staff))


@indicator(
    table="staff",
    label="Доля мужчин среди педагогов",
    formula="мужчины / педагоги (если не указаны – учителя)",
    unit="rate",
    better="none",
    reference="Лесосибирск 2020, раздел 1",
)
def teachers_men_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of men among the pedagogues.

    Parameters
    ----------
    staff : ``men``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    men / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 1 (68 of 698, 9.7 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> teachers_men_rate(example(men=[3, 1, None], pedagogues=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "men", people(staff))


@indicator(
    table="staff",
    label="Доля педагогов с педагогическим образованием",
    formula="педагогическое образование / педагоги (если не указаны – учителя)",
    unit="rate",
    better="high",
    reference="Лесосибирск 2020, раздел 1",
)
def teachers_pedagogical_education_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues with a pedagogical education.

    Parameters
    ----------
    staff : ``pedagogical_education``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    pedagogical_education / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 1 (694 of 698).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> staff = example(pedagogical_education=[3, 1, None], pedagogues=[20, 0, 10])
    >>> teachers_pedagogical_education_rate(staff)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "pedagogical_education", people(staff))


@indicator(
    table="staff",
    label="Доля педагогов, работающих не менее чем на 0,5 ставки",
    formula="не менее 0,5 ставки / педагоги (если не указаны – учителя)",
    unit="rate",
    better="high",
    reference="Лесозаводск 2021, раздел III",
)
def teachers_half_time_plus_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues who work at least half a rate.

    Parameters
    ----------
    staff : ``half_time_plus``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    half_time_plus / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесозаводск 2021, section III.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> teachers_half_time_plus_rate(example(half_time_plus=[3, 1, None], pedagogues=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "half_time_plus", people(staff))


@indicator(
    table="staff",
    label="Доля педагогов, повысивших квалификацию за год",
    formula="повысили квалификацию за год / педагоги (если не указаны – учителя)",
    unit="rate",
    better="high",
    reference="Лесосибирск 2020, раздел 1",
)
def teachers_trained_year_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues trained within the school year.

    Parameters
    ----------
    staff : ``trained_year``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    trained_year / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 1 (301 of 698, 43 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> teachers_trained_year_rate(example(trained_year=[3, 1, None], pedagogues=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "trained_year", people(staff))


@indicator(
    table="staff",
    label="Доля педагогов, повысивших квалификацию за 3 года",
    formula="повысили квалификацию за 3 года / педагоги (если не указаны – учителя)",
    unit="rate",
    better="high",
    reference="Искитим 2021, показатель 9; Лесозаводск 2021, разделы I и VII; Краснохолм 2021, паспорт",
)
def teachers_trained_3y_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues trained within the last three years.

    Parameters
    ----------
    staff : ``trained_3y``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    trained_3y / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Искитим 2021, indicator 9 (100 %); Лесозаводск 2021, sections I and VII; Краснохолм 2021, passport (100 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> teachers_trained_3y_rate(example(trained_3y=[3, 1, None], pedagogues=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "trained_3y", people(staff))


@indicator(
    table="staff",
    label="Доля педагогов, прошедших переподготовку",
    formula="прошли переподготовку / педагоги (если не указаны – учителя)",
    unit="rate",
    better="high",
    reference="Лесосибирск 2020, раздел 1",
)
def teachers_retrained_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of pedagogues with a professional retraining.

    Parameters
    ----------
    staff : ``retrained``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    retrained / people. Missing when a count is missing or the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 1 (53 of 698).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> teachers_retrained_rate(example(retrained=[3, 1, None], pedagogues=[20, 0, 10]))["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(staff, "retrained", people(staff))


@indicator(
    table="staff",
    label="Доля педагогов по стажу",
    formula="стаж в пределах полосы / педагоги (если не указаны – учителя)",
    unit="rate",
    better="none",
    per="experience",
    reference="Лесосибирск 2020, раздел 1",
)
def teachers_experience_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Shares of pedagogues by years of experience.

    Parameters
    ----------
    staff : ``experience_under_5 … experience_40_plus``, ``pedagogues`` or ``teachers`` (persons).

    Notes
    -----
    Each band / people; the part in brackets is the band: ``teachers_experience_rate[under_5]``. Missing when a count is missing or
    the whole is zero.

    References
    ----------
    Лесосибирск 2020, section 1 (116, 97, 109, 174, 168, 34 of 698).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> bands = teachers_experience_rate(example(experience_under_5=[3, 1, None], pedagogues=[20, 0, 10]))
    >>> bands.loc[bands["part"] == "under_5", "value"].tolist()
    [0.15, nan, nan]
    """
    bands = [column for column in table("staff").columns if column.startswith("experience_")]
    shares = [ratio(staff, band, people(staff)).assign(part=band.removeprefix("experience_")) for band in bands]
    return pd.concat(shares, ignore_index=True)


@indicator(
    table="staff",
    label="Доля руководителей, повысивших квалификацию за год",
    formula="руководители, обученные за год / руководители",
    unit="rate",
    better="high",
    reference="Лесосибирск 2020, раздел 1",
)
def managers_trained_year_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of school managers trained within the year.

    Parameters
    ----------
    staff : ``managers_trained_year, managers`` (persons).

    Notes
    -----
    managers_trained_year / managers. Missing when a count is missing or there are no managers.

    References
    ----------
    Лесосибирск 2020, section 1 (30 managers, 69 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> managers_trained_year_rate(example(managers_trained_year=[3, 1, None], managers=[4, 0, 2]))["value"].tolist()
    [0.75, nan, nan]
    """
    return ratio(staff, "managers_trained_year", "managers")


@indicator(
    table="staff",
    label="Доля незанятых ставок",
    formula="вакансии / ставки",
    unit="rate",
    better="low",
    reference="Лесосибирск 2020, раздел 1; Лесозаводск 2021, раздел III",
)
def vacancies_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of posts that nobody holds.

    Parameters
    ----------
    staff : ``vacancies, positions`` (rates).

    Notes
    -----
    vacancies / positions. Missing when one is missing or there are no posts.

    References
    ----------
    Лесосибирск 2020, section 1 (47 rates needed); Лесозаводск 2021, section III (staff deficit).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> vacancies_rate(example(vacancies=[1.5, 1, None], positions=[30, 0, 20]))["value"].tolist()
    [0.05, nan, nan]
    """
    return ratio(staff, "vacancies", "positions")


@indicator(
    table="staff",
    label="Укомплектованность педагогическими кадрами",
    formula="(ставки − вакансии) / ставки",
    unit="rate",
    better="high",
    reference="Лесозаводск 2021, раздел VII",
)
def staffing_completeness_rate(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of posts that are held.

    Parameters
    ----------
    staff : ``vacancies, positions`` (rates).

    Notes
    -----
    (positions − vacancies) / positions. Missing when one is missing or there are no posts.

    References
    ----------
    Лесозаводск 2021, section VII («процент укомплектованности»).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> staffing_completeness_rate(example(vacancies=[1.5, 1, None], positions=[30, 0, 20]))["value"].tolist()
    [0.95, nan, nan]
    """
    held = number(staff, "positions") - number(staff, "vacancies")
    return ratio(staff, held.rename("vacancies"), "positions")


@indicator(
    table="staff",
    label="Незанятые ставки",
    formula="вакансии",
    unit="count",
    better="low",
    pooling="sum",
    reference="Лесосибирск 2020, раздел 1",
)
def vacant_positions(staff: pd.DataFrame) -> pd.DataFrame:
    """Number of posts that nobody holds.

    Parameters
    ----------
    staff : ``vacancies`` (rates).

    Notes
    -----
    As given; missing when not given.

    References
    ----------
    Лесосибирск 2020, section 1 (47 rates).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> vacant_positions(example(vacancies=[1.5, 0, None]))["value"].tolist()
    [1.5, 0.0, nan]
    """
    return total(staff, "vacancies")


@indicator(
    table="staff",
    beside=("schools",),
    label="Педагоги-психологи на 100 обучающихся",
    formula="100 · ставки / обучающиеся",
    unit="number",
    better="high",
    reference="Лесосибирск 2020, раздел 2.1 (дополнительные ставки)",
)
def psychologists_per_100_pupils(staff: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Psychologists (rates) for every 100 pupils.

    Parameters
    ----------
    staff : ``psychologists`` (rates).
    schools : ``pupils`` of the same school and year.

    Notes
    -----
    100 · rates / pupils. Missing when one is missing or there are no pupils.

    References
    ----------
    Лесосибирск 2020, section 2.1 (additional posts of psychologists and social pedagogues).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> staff, schools = example(psychologists=[1, 0.5, 1]), example(pupils=[400, 0, None])
    >>> psychologists_per_100_pupils(staff, schools)["value"].tolist()
    [0.25, nan, nan]
    """
    return _per_100_pupils(staff, schools, "psychologists")


@indicator(
    table="staff",
    beside=("schools",),
    label="Социальные педагоги на 100 обучающихся",
    formula="100 · ставки / обучающиеся",
    unit="number",
    better="high",
    reference="Лесосибирск 2020, раздел 2.1 (дополнительные ставки)",
)
def social_pedagogues_per_100_pupils(staff: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Social pedagogues (rates) for every 100 pupils.

    Parameters
    ----------
    staff : ``social_pedagogues`` (rates).
    schools : ``pupils`` of the same school and year.

    Notes
    -----
    100 · rates / pupils. Missing when one is missing or there are no pupils.

    References
    ----------
    Лесосибирск 2020, section 2.1 (additional posts of psychologists and social pedagogues).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> staff, schools = example(social_pedagogues=[1, 0.5, 1]), example(pupils=[400, 0, None])
    >>> social_pedagogues_per_100_pupils(staff, schools)["value"].tolist()
    [0.25, nan, nan]
    """
    return _per_100_pupils(staff, schools, "social_pedagogues")


@indicator(
    table="staff",
    beside=("schools",),
    label="Логопеды на 100 обучающихся",
    formula="100 · ставки / обучающиеся",
    unit="number",
    better="high",
    reference="Лесосибирск 2020, раздел 2.1 (дополнительные ставки)",
)
def speech_therapists_per_100_pupils(staff: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Speech therapists (rates) for every 100 pupils.

    Parameters
    ----------
    staff : ``speech_therapists`` (rates).
    schools : ``pupils`` of the same school and year.

    Notes
    -----
    100 · rates / pupils. Missing when one is missing or there are no pupils.

    References
    ----------
    Лесосибирск 2020, section 2.1 (additional posts of psychologists and social pedagogues).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> staff, schools = example(speech_therapists=[1, 0.5, 1]), example(pupils=[400, 0, None])
    >>> speech_therapists_per_100_pupils(staff, schools)["value"].tolist()
    [0.25, nan, nan]
    """
    return _per_100_pupils(staff, schools, "speech_therapists")


@indicator(
    table="staff",
    beside=("schools",),
    label="Дефектологи на 100 обучающихся",
    formula="100 · ставки / обучающиеся",
    unit="number",
    better="high",
    reference="Лесосибирск 2020, раздел 2.1 (дополнительные ставки)",
)
def defectologists_per_100_pupils(staff: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Defectologists (rates) for every 100 pupils.

    Parameters
    ----------
    staff : ``defectologists`` (rates).
    schools : ``pupils`` of the same school and year.

    Notes
    -----
    100 · rates / pupils. Missing when one is missing or there are no pupils.

    References
    ----------
    Лесосибирск 2020, section 2.1 (additional posts of psychologists and social pedagogues).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> staff, schools = example(defectologists=[1, 0.5, 1]), example(pupils=[400, 0, None])
    >>> defectologists_per_100_pupils(staff, schools)["value"].tolist()
    [0.25, nan, nan]
    """
    return _per_100_pupils(staff, schools, "defectologists")


@indicator(
    table="staff",
    beside=("schools",),
    label="Педагоги дополнительного образования на 100 обучающихся",
    formula="100 · ставки / обучающиеся",
    unit="number",
    better="high",
    reference="Лесосибирск 2020, раздел 2.1 (дополнительные ставки)",
)
def additional_education_per_100_pupils(staff: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Teachers of additional education (rates) for every 100 pupils.

    Parameters
    ----------
    staff : ``additional_education`` (rates).
    schools : ``pupils`` of the same school and year.

    Notes
    -----
    100 · rates / pupils. Missing when one is missing or there are no pupils.

    References
    ----------
    Лесосибирск 2020, section 2.1 (additional posts of psychologists and social pedagogues).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> staff, schools = example(additional_education=[1, 0.5, 1]), example(pupils=[400, 0, None])
    >>> additional_education_per_100_pupils(staff, schools)["value"].tolist()
    [0.25, nan, nan]
    """
    return _per_100_pupils(staff, schools, "additional_education")


@indicator(
    table="staff",
    beside=("schools",),
    label="Обучающихся на одного учителя",
    formula="обучающиеся / учителя (если не указаны – педагоги)",
    unit="number",
    better="none",
    reference="общепринятый школьный показатель",
)
def pupils_per_teacher(staff: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Pupils for one teacher.

    Parameters
    ----------
    staff : ``teachers`` or ``pedagogues`` (persons).
    schools : ``pupils`` of the same school and year.

    Notes
    -----
    pupils / teachers. Missing when one is missing or there are no teachers.

    References
    ----------
    The usual school statistic.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> pupils_per_teacher(example(teachers=[20, 0, 5]), example(pupils=[300, 10, None]))["value"].tolist()
    [15.0, nan, nan]
    """
    pupils = beside(staff, schools, "pupils")["pupils"]
    return ratio(staff, pupils, first_filled(staff, "teachers", "pedagogues"))


def _per_100_pupils(staff: pd.DataFrame, schools: pd.DataFrame, specialists: str) -> pd.DataFrame:
    """Rates of one kind of specialists for every 100 pupils of the school."""
    return ratio(staff, 100 * number(staff, specialists), beside(staff, schools, "pupils")["pupils"])
