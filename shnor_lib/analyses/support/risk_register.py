"""The risks of a programme and the ways to reduce them, as its document lists them."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses.support.measures import in_force

WEIGHTS = {"low": 1, "medium": 2, "high": 3}
HIGH_FROM, MEDIUM_FROM = 6, 3


def risk_register(risks: pd.DataFrame, year: int) -> pd.DataFrame:
    """The risks in force in a year with their ``rating``.

    The rating is the product of probability and impact (low 1, medium 2, high 3): from 6 ``high``, from 3 ``medium``, else
    ``low``; ``unknown`` when the document does not give both. Our assumption: no document gives a scale.

    Examples
    --------
    >>> risks = pd.DataFrame({"risk_id": ["1", "2"], "year": 2021, "probability": ["high", None], "impact": ["medium", "high"]})
    >>> risk_register(risks, 2021)["rating"].tolist()
    ['high', 'unknown']
    """
    own = in_force(risks, year)
    weight = own["probability"].map(WEIGHTS).astype("Float64") * own["impact"].map(WEIGHTS).astype("Float64")
    rating = pd.Series("unknown", index=own.index, dtype="string")
    rating[weight.lt(MEDIUM_FROM).fillna(False)] = "low"
    rating[weight.ge(MEDIUM_FROM).fillna(False)] = "medium"
    rating[weight.ge(HIGH_FROM).fillna(False)] = "high"
    return own.assign(rating=rating)
