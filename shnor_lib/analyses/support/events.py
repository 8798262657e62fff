"""Exchange of experience between schools: whether there were as many events as the programme demands, and who took part.

The number is demanded of the office («не менее 4-х в год»); how many of them a school joined is shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from shnor_lib.analyses.support.measures import CANCELLED, DONE, not_cancelled
from shnor_lib.criteria.measure import MET, NOT_ASSESSED, NOT_MET


def event_participants(events: pd.DataFrame) -> pd.DataFrame:
    """Who takes part: one row per event and school with ``event_id, school_id, status``; cancelled events are left out."""
    held = events[not_cancelled(events) & events["schools"].notna()]
    listed = held.assign(school_id=held["schools"].str.split(r"[;,\n]", regex=True)).explode("school_id")
    listed["school_id"] = listed["school_id"].str.strip()
    listed = listed[listed["school_id"].ne("")]
    return listed[["event_id", "school_id", "status"]].drop_duplicates().reset_index(drop=True)


def events_check(events: pd.DataFrame, demanded: int | None) -> dict[str, object]:
    """Whether the office held as many events as the programme demands in a year.

    Parameters
    ----------
    events : rows of ``exchange_events`` of the year.
    demanded : number a year; None when the programme names none.

    Returns
    -------
    ``planned`` (not cancelled), ``done``, ``cancelled``, ``demanded``, ``shortage`` (demanded minus done) and ``verdict``:
    not assessed without a demand or without any event reported.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["1", "2"], "status": ["done", "cancelled"], "schools": ["a; b", "a"]})
    >>> events_check(events, 4)["shortage"], events_check(events, 4)["verdict"]
    (3, 'not_met')
    """
    cancelled = int(events["status"].eq(CANCELLED).sum())
    done = int(events["status"].eq(DONE).sum())
    found = {"planned": len(events) - cancelled, "done": done, "cancelled": cancelled, "demanded": demanded}
    if demanded is None or events.empty:
        return found | {"shortage": None, "verdict": NOT_ASSESSED}
    return found | {"shortage": max(0, demanded - done), "verdict": MET if done >= demanded else NOT_MET}


def participation(events: pd.DataFrame, schools: Iterable[str], demanded: int | None) -> pd.DataFrame:
    """How many events each school joined: ``school_id, done, planned, shortage`` (missing without a demanded number)."""
    joined = event_participants(events)
    rows = []
    for school in schools:
        own = joined[joined["school_id"].eq(school)]
        done = int(own["status"].eq(DONE).sum())
        shortage = pd.NA if demanded is None else max(0, demanded - done)
        rows.append({"school_id": school, "done": done, "planned": len(own), "shortage": shortage})
    return pd.DataFrame(rows, columns=["school_id", "done", "planned", "shortage"])


def pair_events(events: pd.DataFrame, partnerships: pd.DataFrame) -> pd.DataFrame:
    """Declared pairs with the number of events held that both schools joined: ``school_id, partner_id, together``.

    A partner declared for all schools of the programme (no ``school_id``) has no pair to count.
    """
    joined = event_participants(events)
    held = joined[joined["status"].eq(DONE)]
    done = {school: set(own) for school, own in held.groupby("school_id")["event_id"]}
    pairs = partnerships.dropna(subset=["school_id", "partner_id"])
    together = [
        len(done.get(school, set()) & done.get(partner, set()))
        for school, partner in zip(pairs["school_id"], pairs["partner_id"], strict=True)
    ]
    return pairs[["school_id", "partner_id"]].assign(together=together).reset_index(drop=True)
