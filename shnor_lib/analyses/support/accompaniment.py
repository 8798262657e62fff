"""Who accompanies a school and by what papers: its programme, curators and mentors, contracts; what is in force on a day."""

from __future__ import annotations

from datetime import date

import pandas as pd

from shnor_lib.analyses.support.measures import not_cancelled

IN_FORCE, ENDS_SOON, ENDED, NOT_APPROVED, UNDATED = "in_force", "ends_soon", "ended", "not_approved", "undated"
MONTHS_AHEAD = 3
"""What ends within so many months after the day is told."""


def programmes(rows: pd.DataFrame, on: date) -> pd.DataFrame:
    """Programmes of schools with ``standing``: by its last day, ``not_approved`` where no day of approval was told by ``on``.

    Parameters
    ----------
    rows : ``school_programmes`` as they stand in the year.
    """
    approved = rows["approved_on"].le(pd.Timestamp(on))
    standing = _standing(rows["ends_on"], on).where(approved, NOT_APPROVED)
    return rows.assign(standing=standing).sort_values("school_id", kind="stable").reset_index(drop=True)


def contracts(rows: pd.DataFrame, on: date) -> pd.DataFrame:
    """Partnerships that have a contract or a day of one, with ``standing``; those that have ended first, then by their last day.

    ``rows``: ``partnerships`` as they stand in the year; cancelled ones are left out.
    """
    own = rows[rows[["contract", "signed_on", "valid_until"]].notna().any(axis=1)]
    own = own[not_cancelled(own)]
    found = own.assign(standing=_standing(own["valid_until"], on))
    return found.sort_values(["valid_until", "school_id"], kind="stable").reset_index(drop=True)


def companions(rows: pd.DataFrame, on: date) -> pd.DataFrame:
    """Curators, mentors and consultants with ``standing``: their last day, where one is named; one not yet appointed is left out."""
    own = rows[~rows["appointed_on"].gt(pd.Timestamp(on))]
    standing = _standing(own["until"], on).replace(UNDATED, IN_FORCE)
    return own.assign(standing=standing).sort_values(["school_id", "kind"], kind="stable").reset_index(drop=True)


def _standing(last: pd.Series, on: date) -> pd.Series:
    """How a day in force until ``last`` stands on a day; a missing one has no end that is known."""
    day = pd.Timestamp(on)
    standing = pd.Series(IN_FORCE, index=last.index, dtype=object)
    standing = standing.mask(last.le(day + pd.DateOffset(months=MONTHS_AHEAD)), ENDS_SOON)
    return standing.mask(last.lt(day), ENDED).mask(last.isna(), UNDATED)


def accompanied(
    schools: list[str], programme: pd.DataFrame, people: pd.DataFrame, papers: pd.DataFrame
) -> pd.DataFrame:
    """What each school has: ``programme`` (its standing), ``curators``, ``mentors``, ``contracts`` in force, and ``ended`` ones.

    A count is missing where the table does not speak of the school. Arguments: frames of :func:`programmes`, :func:`companions`,
    :func:`contracts`.
    """
    there = people[people["standing"].ne(ENDED)]
    valid, over = papers[papers["standing"].ne(ENDED)], papers[papers["standing"].eq(ENDED)]
    counted = {
        "curators": (there[there["kind"].eq("curator")], people),
        "mentors": (there[there["kind"].eq("mentor")], people),
        "contracts": (valid, papers),
        "ended": (over, papers),
    }
    counts = {
        name: [int(own["school_id"].eq(one).sum()) if told["school_id"].eq(one).any() else None for one in schools]
        for name, (own, told) in counted.items()
    }
    standing = programme.drop_duplicates("school_id").set_index("school_id")["standing"]
    found = pd.DataFrame({"school_id": schools, "programme": [standing.get(one) for one in schools], **counts})
    return found.astype({"school_id": "string", **dict.fromkeys(counts, "Int64")})
