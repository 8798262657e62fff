"""Identification: verdicts become a decision on each category, and experts clarify it afterwards.

The calculated result is three-valued: ``yes``, ``no`` or ``insufficient_data``. A school is ``no`` only when the criteria that
could not be assessed cannot change the answer; an expert decision is applied after the calculation and kept beside it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from shnor_lib.criteria.measure import MET, NOT_ASSESSED, NOT_MET, UNIT
from shnor_lib.params.methods import Method

YES, NO, INSUFFICIENT = "yes", "no", "insufficient_data"
IDENTIFICATION_COLUMNS = [
    "school_id",
    "category",
    "identified",
    "criteria_met",
    "criteria_assessed",
    "criteria_total",
    "decision",
    "reason",
]
CATEGORY = [*UNIT, "category"]


def decide(verdicts: pd.DataFrame, method: Method) -> pd.DataFrame:
    """Whether each school belongs to each category, from the verdicts alone.

    ``yes``: enough criteria are met, all required ones among them. ``no``: even if every criterion that was not assessed were
    met, it would not be enough. ``insufficient_data``: the criteria that were not assessed could change the answer.

    Parameters
    ----------
    verdicts : municipality, school_id, category, criterion, verdict, reason.

    Returns
    -------
    DataFrame
        ``municipality`` and ``IDENTIFICATION_COLUMNS``; ``decision`` is ``calculated``.
    """
    if verdicts.empty:
        return pd.DataFrame(columns=["municipality", *IDENTIFICATION_COLUMNS])
    titles = {name: criterion.title for name, criterion in method.criteria.items()}
    required = {(category, name) for category, decision in method.decisions.items() for name in decision.required}
    rows = verdicts.assign(
        met=verdicts["verdict"].eq(MET),
        open=verdicts["verdict"].eq(NOT_ASSESSED),
        required=[pair in required for pair in zip(verdicts["category"], verdicts["criterion"], strict=True)],
        words=verdicts["criterion"].map(titles),
    )
    rows["required_lost"] = rows["required"] & rows["verdict"].eq(NOT_MET)
    rows["required_open"] = rows["required"] & rows["open"]
    decided = rows.groupby(CATEGORY, sort=False).agg(
        criteria_met=("met", "sum"),
        open=("open", "sum"),
        criteria_total=("met", "size"),
        lost=("required_lost", "any"),
        required_open=("required_open", "any"),
    )
    decided["criteria_assessed"] = decided["criteria_total"] - decided["open"]
    enough = decided.index.get_level_values("category").map(
        {name: one.at_least for name, one in method.decisions.items()}
    )
    yes = (decided["criteria_met"] >= enough) & ~decided["lost"] & ~decided["required_open"]
    no = decided["lost"] | (decided["criteria_met"] + decided["open"] < enough)
    decided["identified"] = np.select([yes, no], [YES, NO], default=INSUFFICIENT)
    decided["decision"] = "calculated"
    words = rows[rows["met"]].groupby(CATEGORY)["words"].agg("; ".join).rename("met_words")
    missing = (
        rows[rows["open"]]
        .groupby(CATEGORY)["reason"]
        .agg(lambda reasons: "; ".join(dict.fromkeys(reasons)))
        .rename("open_words")
    )
    decided = decided.join(words).join(missing)
    met_words, open_words = decided["met_words"].fillna(""), decided["open_words"].fillna("")
    decided["reason"] = np.select(
        [decided["identified"].eq(YES), decided["identified"].eq(NO) & met_words.eq(""), decided["identified"].eq(NO)],
        [
            "выполнено: " + met_words,
            "ни один из оценённых критериев не выполнен",
            "выполнено, но недостаточно для категории: " + met_words,
        ],
        default=np.where(met_words == "", "", "выполнено: " + met_words + ". ") + "не оценено: " + open_words,
    )
    return decided.reset_index()[["municipality", *IDENTIFICATION_COLUMNS]]


def require_persistence(decided: list[pd.DataFrame], method: Method) -> pd.DataFrame:
    """The decision of the last year for categories that must hold in several years.

    Parameters
    ----------
    decided : results of :func:`decide`, the year of the run first, then the years before it.

    Notes
    -----
    With ``years: 3, years_identified: 2`` a school is ``yes`` when it is identified in at least two of the three years, ``no``
    when the years without an answer cannot make it so.
    """
    current = decided[0].set_index(CATEGORY)
    for category, decision in method.decisions.items():
        if decision.years == 1:
            continue
        own = current.index.get_level_values("category") == category
        index = current.index[own]
        answers = [frame.set_index(CATEGORY)["identified"].reindex(index) for frame in decided[: decision.years]]
        answers += [pd.Series(pd.NA, index=index)] * (decision.years - len(answers))
        yes = sum(answer.eq(YES).fillna(False).astype(int) for answer in answers)
        unknown = sum((answer.isna() | answer.eq(INSUFFICIENT).fillna(False)).astype(int) for answer in answers)
        result = np.select(
            [yes >= decision.years_identified, yes + unknown < decision.years_identified],
            [YES, NO],
            default=INSUFFICIENT,
        )
        current.loc[own, "identified"] = result
        current.loc[own, "reason"] = (
            f"признак за {decision.years} года: "
            + yes.astype(str)
            + f" из нужных {decision.years_identified}; "
            + current.loc[own, "reason"]
        ).to_numpy()
    return current.reset_index()[["municipality", *IDENTIFICATION_COLUMNS]]


def apply_expert_decisions(identification: pd.DataFrame, expert_decisions: pd.DataFrame) -> pd.DataFrame:
    """The list after expert clarification; the calculated answer stays in ``calculated``.

    Parameters
    ----------
    expert_decisions : municipality, school_id, category, decision (include, exclude), reason, decided_by (a role), decided_on.

    Source: programme of Лесосибирск, section 2.1, "уточнение отдельных позиций на экспертном уровне".
    """
    decisions = expert_decisions[[*CATEGORY, "decision", "reason", "decided_by"]].rename(
        columns={"decision": "expert", "reason": "expert_reason"}
    )
    joined = identification.merge(decisions, on=CATEGORY, how="left", validate="one_to_one")
    decided = joined["expert"].notna()
    return identification.assign(
        calculated=identification["identified"],
        identified=np.where(
            decided, joined["expert"].map({"include": YES, "exclude": NO}), identification["identified"]
        ),
        decision=np.where(decided, "expert", "calculated"),
        reason=np.where(
            decided,
            joined["expert_reason"].fillna("") + " (" + joined["decided_by"].fillna("") + ")",
            identification["reason"],
        ),
    )
