"""Graduates of grades 9 and 11: certificates and going on to grade 10."""

from __future__ import annotations

import pandas as pd

from shnor_lib.indicators.catalogue import indicator, notes, number, ratio

TITLE = "Выпускники и продолжение обучения"


@indicator(
    table="progression",
    label="Доля продолживших обучение в 10 классе",
    formula="продолжили в 10 классе / выпускники 9 класса",
    unit="rate",
    better="high",
    reference="Лесосибирск 2020, раздел 2.1",
)
def continued_to_grade10_rate(progression: pd.DataFrame) -> pd.DataFrame:
    """Share of grade 9 graduates who went on to grade 10, in any school.

    Parameters
    ----------
    progression : ``continued_to_grade10, grade9_graduates`` (persons).

    Notes
    -----
    continued_to_grade10 / grade9_graduates. Missing when a count is missing or there are no graduates.

    References
    ----------
    Лесосибирск 2020, section 2.1 (fewer than 60 %).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> graduates = example(continued_to_grade10=[3, 1, None], grade9_graduates=[20, 0, 10])
    >>> continued_to_grade10_rate(graduates)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(progression, "continued_to_grade10", "grade9_graduates")


@indicator(
    table="progression",
    label="Доля выпускников 9 класса без аттестата",
    formula="без аттестата / выпускники 9 класса",
    unit="rate",
    better="low",
    reference="Лесозаводск 2021, раздел II",
)
def grade9_without_certificate_rate(progression: pd.DataFrame) -> pd.DataFrame:
    """Share of grade 9 graduates without a certificate.

    Parameters
    ----------
    progression : ``grade9_without_certificate, grade9_graduates`` (persons).

    Notes
    -----
    grade9_without_certificate / grade9_graduates. Missing when a count is missing or there are no graduates.

    References
    ----------
    Лесозаводск 2021, section II (96–98 % pass).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> graduates = example(grade9_without_certificate=[3, 1, None], grade9_graduates=[20, 0, 10])
    >>> grade9_without_certificate_rate(graduates)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(progression, "grade9_without_certificate", "grade9_graduates")


@indicator(
    table="progression",
    label="Доля выпускников 11 класса без аттестата",
    formula="без аттестата / выпускники 11 класса",
    unit="rate",
    better="low",
    reference="Лесосибирск 2020, раздел 1; Лесозаводск 2021, раздел II",
)
def without_certificate_rate(progression: pd.DataFrame) -> pd.DataFrame:
    """Share of grade 11 graduates without a certificate.

    Parameters
    ----------
    progression : ``without_certificate, grade11_graduates`` (persons).

    Notes
    -----
    without_certificate / grade11_graduates. Missing when a count is missing or there are no graduates.

    References
    ----------
    Лесосибирск 2020, section 1 (13 graduates); Лесозаводск 2021, section II (98–100 % pass).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> graduates = example(without_certificate=[3, 1, None], grade11_graduates=[20, 0, 10])
    >>> without_certificate_rate(graduates)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(progression, "without_certificate", "grade11_graduates")


@indicator(
    table="progression",
    label="Доля выпускников 11 класса с отличием",
    formula="аттестат с отличием / выпускники 11 класса",
    unit="rate",
    better="high",
    reference="Лесосибирск 2020, раздел 1",
)
def honours_rate(progression: pd.DataFrame) -> pd.DataFrame:
    """Share of grade 11 graduates with honours.

    Parameters
    ----------
    progression : ``honours, grade11_graduates`` (persons).

    Notes
    -----
    honours / grade11_graduates. Missing when a count is missing or there are no graduates.

    References
    ----------
    Лесосибирск 2020, section 1 (29 graduates).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> graduates = example(honours=[3, 1, None], grade11_graduates=[20, 0, 10])
    >>> honours_rate(graduates)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(progression, "honours", "grade11_graduates")


@indicator(
    table="progression",
    label="Доля успешно прошедших ГИА",
    formula="(выпускники 9 и 11 классов − без аттестата) / выпускники",
    unit="rate",
    better="high",
    reference="Лесозаводск 2021, раздел VII",
)
def attestation_passed_rate(progression: pd.DataFrame) -> pd.DataFrame:
    """Share of graduates of grades 9 and 11 who passed the final attestation.

    Parameters
    ----------
    progression : ``grade9_graduates, grade9_without_certificate, grade11_graduates, without_certificate`` (persons).

    Notes
    -----
    (graduates − those without a certificate) / graduates, both grades together. A grade counts when both of its numbers are given;
    with one grade alone the note says which. Missing when no grade is given or there are no graduates.

    References
    ----------
    Лесозаводск 2021, section VII, third target.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> graduates = example(grade9_graduates=[30, 20, None], grade9_without_certificate=[2, 1, 0],
    ...                     grade11_graduates=[10, None, 0], without_certificate=[0, None, 0])
    >>> attestation_passed_rate(graduates)["value"].tolist()
    [0.95, 0.95, nan]
    """
    grade9, grade11 = number(progression, "grade9_graduates"), number(progression, "grade11_graduates")
    passed9 = grade9 - number(progression, "grade9_without_certificate")
    passed11 = grade11 - number(progression, "without_certificate")
    given = pd.concat([passed9.notna(), passed11.notna()], axis=1).any(axis=1)
    passed = (passed9.fillna(0) + passed11.fillna(0)).where(given).rename("выпускники с аттестатом")
    graduates = grade9.where(passed9.notna(), 0) + grade11.where(passed11.notna(), 0)
    rates = ratio(progression, passed, graduates.where(given).rename("выпускники"))
    valued = rates["value"].notna()
    one_grade = notes(
        (valued & passed11.isna(), "учтён только 9 класс"), (valued & passed9.isna(), "учтён только 11 класс")
    )
    return rates.assign(note=rates["note"].astype(str).where(~valued, one_grade.astype(str)))
