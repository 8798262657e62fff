"""What decides after the calculation and stands beside it: lists received from above, where the method lets them, then experts.

A list, federal, regional or municipal, is a source, a document and a day of receipt; its rows are ``municipality, school_id,
category, source, document, received_on, ground, year``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from shnor_lib.criteria.decisions import CATEGORY, NO, YES
from shnor_lib.inputs.dictionary import label_of

LIST = ["source", "document", "received_on"]
CALCULATED, RECEIVED, EXPERT = "calculated", "received", "expert"
"""Who decided on an answer, as the column ``decision`` says it."""


def standing_lists(received: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of the lists of a year that stand: of each office, category and source those received last.

    A list whose day is not named stands where its source sent none with a day.
    """
    own = received[received["year"].eq(year)]
    last = own.groupby(["municipality", "category", "source"])["received_on"].transform("max")
    return own[own["received_on"].eq(last) | last.isna()].reset_index(drop=True)


def list_in_words(source: str, document: object, received_on: object) -> str:
    """A list in a sentence.

    Examples
    --------
    >>> list_in_words("region", "Перечень ШНОР", pd.Timestamp(2021, 2, 12)), list_in_words("federal", None, pd.NaT)
    ('региональный список «Перечень ШНОР», получен 12.02.2021', 'федеральный список, дата получения не названа')
    """
    document = "" if pd.isna(document) else f" «{document}»"
    day = "дата получения не названа" if pd.isna(received_on) else f"получен {received_on:%d.%m.%Y}"
    return f"{label_of('list_source', source)} список{document}, {day}"


def apply_received_lists(
    identification: pd.DataFrame, lists: pd.DataFrame, categories: Collection[str]
) -> pd.DataFrame:
    """The answers with the lists of those categories that a received list decides; ``calculated`` stays as it is.

    A school is in such a category when any list that stands names it, and is not when lists came and none does. Where no list
    came, the calculation stands.

    Parameters
    ----------
    lists : of :func:`standing_lists`.
    """
    lists = lists[lists["category"].isin(list(categories))]
    if lists.empty or identification.empty:
        return identification
    words = lists.assign(told=[list_in_words(*row) for row in lists[LIST].itertuples(index=False)])
    came = words.groupby(["municipality", "category"])["told"].agg(lambda told: "; ".join(dict.fromkeys(told)))
    words["told"] += (": " + words["ground"]).fillna("").astype(object)
    named = words.groupby(CATEGORY)["told"].agg("; ".join)
    own, of = (pd.MultiIndex.from_frame(identification[key]) for key in (CATEGORY, ["municipality", "category"]))
    inside, lists_came = named.reindex(own).to_numpy(object), came.reindex(of).to_numpy(object)
    at = np.flatnonzero(pd.notna(lists_came))
    listed = pd.notna(inside[at])
    reasons = [
        f"школу называет {text}" if yes else f"школу не называет {all_lists}"
        for yes, text, all_lists in zip(listed, inside[at], lists_came[at], strict=True)
    ]
    return decided_otherwise(identification, at, np.where(listed, YES, NO).tolist(), RECEIVED, reasons)


def apply_expert_decisions(identification: pd.DataFrame, expert_decisions: pd.DataFrame) -> pd.DataFrame:
    """The list after expert clarification; the calculated answer stays in ``calculated``.

    Where experts decided, no verdict turns the list over: such a school is marked ``expert`` and is not ``near``.

    Parameters
    ----------
    expert_decisions : municipality, school_id, category, decision (include, exclude), reason, decided_by (a role), decided_on.

    Source: programme of Лесосибирск, section 2.1, "уточнение отдельных позиций на экспертном уровне".
    """
    listed, decided = (
        list(zip(*(frame[column] for column in CATEGORY), strict=True)) for frame in (identification, expert_decisions)
    )
    if len(set(decided)) < len(decided):
        raise ValueError("о школе и категории больше одного решения экспертов")
    place = dict(zip(listed, range(len(listed)), strict=True))
    made = expert_decisions[np.array([key in place for key in decided], dtype=bool)]
    at = [place[key] for key in decided if key in place]
    told = [decision_in_words(*row) for row in made[["reason", "decided_by", "decided_on"]].itertuples(index=False)]
    return decided_otherwise(
        identification, at, made["decision"].map({"include": YES, "exclude": NO}).tolist(), EXPERT, told
    )


def decision_in_words(reason: object, decided_by: object = None, decided_on: object = None, beside: str = "") -> str:
    """What experts decided it on, who they were and when; every page that shows a decision says it so.

    ``beside`` stands in the brackets too.

    Examples
    --------
    >>> decision_in_words("Результаты растут", "комиссия", pd.Timestamp(2021, 9, 14))
    'решение экспертов от 14.09.2021 (комиссия): Результаты растут'
    """
    day = "" if pd.isna(decided_on) else f" от {decided_on:%d.%m.%Y}"
    behind = "; ".join(filter(None, ["" if pd.isna(decided_by) else str(decided_by), beside]))
    why = "" if pd.isna(reason) else f": {reason}"
    return f"решение экспертов{day}" + (f" ({behind})" if behind else "") + why


def decided_otherwise(
    identification: pd.DataFrame, at: Sequence[int], answers: Sequence[str], decision: str, reasons: Sequence[str]
) -> pd.DataFrame:
    """The list with other answers in some rows: ``decision`` says by whom, no verdict turns them over, nothing is lacking."""
    told = {
        "identified": answers,
        "decision": decision,
        "reason": reasons,
        "cause": "",
        "needs": "",
        "near": False,
    }
    columns = {name: np.array(identification[name], dtype=object) for name in told}
    for name, words in told.items():
        columns[name][list(at)] = words
    return identification.assign(**columns | {"near": columns["near"].astype(bool)})
