"""Graduates of grades 9 and 11: certificates and going on to grade 10."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.causes import NOT_HELD
from shnor_lib.indicators.formulas import Found, Rows, State, ratio
from shnor_lib.inputs.breaks import ATTESTATION, was_held

_NOT_HELD = State("ГИА не проводилась, аттестаты выданы по годовым отметкам", NOT_HELD, ATTESTATION)


@indicator
def attestation_passed_rate(progression: Rows) -> Found:
    """Share of graduates of grades 9 and 11 who passed the final attestation.

    Parameters
    ----------
    progression : ``grade9_graduates, grade9_without_certificate, grade11_graduates, without_certificate`` (persons).

    Notes
    -----
    (graduates − those without a certificate) / graduates, both grades together. A grade counts when both of its numbers are given;
    with one grade alone the note says which. Missing when no grade is given or there are no graduates, and in a year in which
    certificates were given without the attestation (2020): nobody could fail it.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> graduates = example(grade9_graduates=[30, 20, None], grade9_without_certificate=[2, 1, 0],
    ...                     grade11_graduates=[10, None, 0], without_certificate=[0, None, 0])
    >>> attestation_passed_rate(graduates)["value"].tolist()
    [0.95, 0.95, nan]
    """
    grade9, grade11 = progression.amount("grade9_graduates"), progression.amount("grade11_graduates")
    passed9 = grade9 - progression.amount("grade9_without_certificate")
    passed11 = grade11 - progression.amount("without_certificate")
    cancelled = _cancelled(progression)
    given = (~passed9.missing | ~passed11.missing) & ~cancelled
    passed = np.nan_to_num(passed9.values) + np.nan_to_num(passed11.values)
    graduates = np.where(passed9.missing, 0, grade9.values) + np.where(passed11.missing, 0, grade11.values)
    together, of = passed9 + passed11, grade9 + grade11
    rates = ratio(
        progression,
        replace(together, values=np.where(given, passed, np.nan), name="выпускники с аттестатом"),
        replace(of, values=np.where(given, graduates, np.nan), name="выпускники"),
    )
    valued = ~np.isnan(rates.value)
    return rates.told(
        (cancelled, _NOT_HELD),
        (valued & passed11.missing, State("учтён только 9 класс")),
        (valued & passed9.missing, State("учтён только 11 класс")),
    )


@indicator
def grade9_passed_rate(progression: Rows) -> Found:
    """Share of graduates of grade 9 who passed the final attestation.

    Parameters
    ----------
    progression : ``grade9_graduates, grade9_without_certificate`` (persons).

    Notes
    -----
    (graduates − those without a certificate) / graduates; missing in a year without the attestation.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> grade9_passed_rate(example(grade9_graduates=[50, 0, 20], grade9_without_certificate=[1, 0, None]))["value"].tolist()
    [0.98, nan, nan]
    """
    return _passed(progression, "grade9_graduates", "grade9_without_certificate")


@indicator
def grade11_passed_rate(progression: Rows) -> Found:
    """Share of graduates of grade 11 who passed the final attestation.

    Parameters
    ----------
    progression : ``grade11_graduates, without_certificate`` (persons).

    Notes
    -----
    As of grade 9: missing in a year without the attestation.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> grade11_passed_rate(example(grade11_graduates=[25, 0, 20], without_certificate=[1, 0, None]))["value"].tolist()
    [0.96, nan, nan]
    """
    return _passed(progression, "grade11_graduates", "without_certificate")


def _passed(progression: Rows, graduates: str, without: str) -> Found:
    cancelled = _cancelled(progression)
    passed = progression.amount(graduates) - progression.amount(without)
    rates = ratio(progression, replace(passed, values=np.where(cancelled, np.nan, passed.values)), graduates)
    return rates.told((cancelled, _NOT_HELD))


def _cancelled(progression: Rows) -> np.ndarray:
    """Rows of years in which certificates were given without the attestation."""
    return np.isin(progression.year, [year for year in np.unique(progression.year) if not was_held(ATTESTATION, year)])
