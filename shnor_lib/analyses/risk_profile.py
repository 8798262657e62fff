"""The risk profile of schools: the level of every declared factor by questionnaires, and the factors a school chose to work on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shnor_lib.analyses.risks import HIGH, LEVELS, LOW, MEDIUM, UNKNOWN
from shnor_lib.analyses.support.measures import in_force
from shnor_lib.inputs.own import RISK_PROFILES
from shnor_lib.office.office import Office
from shnor_lib.params.profiles import RiskProfile

COLUMNS = ["school_id", "factor", "level", "chosen", "chosen_on"]


def profile_of(office: Office) -> RiskProfile | None:
    """The risk profile that the office has named."""
    name = office.profile.risk_profile
    return RISK_PROFILES[name] if name else None


def profile_levels(rows: pd.DataFrame, profile: RiskProfile) -> pd.DataFrame:
    """Every factor of the profile in every school that has one.

    Parameters
    ----------
    rows : the ``risk_profile`` table of a year: ``level`` as delivered, else ``risk_answers`` of ``answers``.

    Returns
    -------
    school_id, factor, level (``high``, ``medium``, ``low``, ``unknown``), chosen, chosen_on; by school, in the order of the profile.

    Examples
    --------
    >>> asked = RiskProfile(title="п", short="п", factors=("motivation", "parents"), medium=0.25, high=0.5, least_chosen=1, reference="р")
    >>> rows = pd.DataFrame({"school_id": ["1"], "factor": ["motivation"], "level": [None], "risk_answers": [6], "answers": [12],
    ...     "chosen_on": ["2021-10-01"]})
    >>> profile_levels(rows, asked)[["level", "chosen"]].values.tolist()
    [['high', True], ['unknown', False]]
    """
    own = rows[rows["factor"].isin(profile.factors)]
    pairs = pd.MultiIndex.from_product([sorted(own["school_id"].unique()), profile.factors], names=COLUMNS[:2])
    found = own.set_index(COLUMNS[:2]).reindex(pairs).reset_index()
    risky, answers = (found[name].to_numpy(dtype=float, na_value=np.nan) for name in ("risk_answers", "answers"))
    share = risky / np.where(answers > 0, answers, np.nan)
    counted = np.select(
        [np.isnan(share), share >= profile.high, share >= profile.medium], [UNKNOWN, HIGH, MEDIUM], default=LOW
    )
    given = found["level"].astype(object)
    level = given.where(given.notna(), pd.Series(counted, index=found.index))
    return found.assign(level=level, chosen=found["chosen_on"].notna())[COLUMNS]


def risk_profile(office: Office) -> pd.DataFrame:
    """:func:`profile_levels` of the office as they stand in its year; empty without a profile or rows."""
    profile = profile_of(office)
    rows = in_force(office.tables["risk_profile"], office.year)
    return profile_levels(rows, profile) if profile and len(rows) else pd.DataFrame(columns=COLUMNS)


def chosen_by_school(levels: pd.DataFrame, least: int) -> pd.DataFrame:
    """How many factors of a school stand at each level, how many it chose, whether that is enough.

    school_id, high, medium, low, unknown, chosen, ``enough``, ``high_factors`` and ``chosen_factors`` (codes).
    """
    rows = []
    for school, own in levels.groupby("school_id", sort=True):
        chosen = own[own["chosen"]]
        rows.append(
            {"school_id": school}
            | {level: int(own["level"].eq(level).sum()) for level in LEVELS}
            | {"chosen": len(chosen), "enough": len(chosen) >= least}
            | {"high_factors": own.loc[own["level"].eq(HIGH), "factor"].tolist()}
            | {"chosen_factors": chosen["factor"].tolist()}
        )
    return pd.DataFrame(rows, columns=["school_id", *LEVELS, "chosen", "enough", "high_factors", "chosen_factors"])
