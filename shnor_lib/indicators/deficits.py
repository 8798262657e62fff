"""Professional deficits of teachers, subject by subject."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.formulas import Found, Rows, ratio

TEACHERS, MANAGERS = "teachers", "managers"
"""Whose deficits a row of ``professional_deficits`` tells; an empty cell means teachers."""


def deficits_of(deficits: pd.DataFrame, staff: str = TEACHERS) -> pd.DataFrame:
    """The rows of the ``professional_deficits`` table that tell of teachers or of managers.

    Examples
    --------
    >>> deficits_of(pd.DataFrame({"staff": [None, "managers", "teachers"]})).index.tolist()
    [0, 2]
    """
    return deficits[deficits["staff"].fillna(TEACHERS).eq(staff)]


@indicator
def teacher_deficit_rate(professional_deficits: Rows) -> Found:
    """Share of assessed teachers of a subject who show a professional deficit, over all deficits assessed.

    Parameters
    ----------
    professional_deficits : ``staff, subject, deficit, teachers_assessed, teachers_with_deficit`` (persons); rows of managers are
        left out.

    Notes
    -----
    Sum of those with a deficit / sum of those assessed, over the deficits of the subject: the mean share over deficits. Missing
    when a count of any deficit is missing or nobody was assessed.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> deficits = example(subject=["maths"] * 3, deficit=["задания на доказательство"] * 3, teachers_assessed=[20, 0, 10],
    ...                    teachers_with_deficit=[3, 0, None])
    >>> teacher_deficit_rate(deficits)["value"].tolist()
    [0.15, nan, nan]
    """
    professional_deficits = professional_deficits.take(~professional_deficits.words("staff").of(MANAGERS))
    shown, assessed = (professional_deficits.amount(one) for one in ("teachers_with_deficit", "teachers_assessed"))
    subjects, group = professional_deficits.groups(professional_deficits.words("subject"))
    gaps = np.bincount(group, weights=shown.missing | assessed.missing) > 0
    with_deficit, of = (np.bincount(group, weights=np.nan_to_num(one.values)) for one in (shown, assessed))
    named = replace(shown, values=np.where(gaps, np.nan, with_deficit))
    return ratio(subjects, named, replace(assessed, values=of)).per(subjects.words("subject"))
