"""Professional deficits of teachers, subject by subject."""

from __future__ import annotations

import pandas as pd

from shnor_lib.indicators.catalogue import ROW, indicator, number, ratio

TITLE = "Профессиональные дефициты"


@indicator(
    table="professional_deficits",
    label="Доля педагогов с профессиональными дефицитами",
    formula="сумма «с дефицитом» / сумма «оценено» по всем дефицитам предмета",
    unit="rate",
    better="low",
    per="subject",
    reference="Лесосибирск 2020, раздел 4, мероприятие 7 (карта затруднений)",
)
def teacher_deficit_rate(professional_deficits: pd.DataFrame) -> pd.DataFrame:
    """Share of assessed teachers of a subject who show a professional deficit, over all deficits assessed.

    Parameters
    ----------
    professional_deficits : ``subject, deficit, teachers_assessed, teachers_with_deficit`` (persons).

    Notes
    -----
    Sum of those with a deficit / sum of those assessed, over the deficits of the subject: the mean share over deficits. Missing
    when a count of any deficit is missing or nobody was assessed.

    References
    ----------
    Лесосибирск 2020, section 4, measure 7 (map of professional difficulties).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> deficits = example(subject=["maths"] * 3, deficit=["задания на доказательство"] * 3, teachers_assessed=[20, 0, 10],
    ...                    teachers_with_deficit=[3, 0, None])
    >>> teacher_deficit_rate(deficits)["value"].tolist()
    [0.15, nan, nan]
    """
    counts = professional_deficits[[*ROW, "subject"]].assign(
        shown=number(professional_deficits, "teachers_with_deficit"),
        assessed=number(professional_deficits, "teachers_assessed"),
    )
    counts["missing"] = counts["shown"].isna() | counts["assessed"].isna()
    subjects = counts.groupby([*ROW, "subject"], observed=True, as_index=False).agg(
        shown=("shown", "sum"), assessed=("assessed", "sum"), missing=("missing", "max")
    )
    missing = subjects["missing"].astype(bool)
    shown = subjects["shown"].mask(missing).rename("teachers_with_deficit")
    return ratio(subjects, shown, subjects["assessed"].rename("teachers_assessed")).assign(part=subjects["subject"])
