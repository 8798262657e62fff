"""The order for training: whom to train in what, by subject and deficit, from the map of professional deficits."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses.support.measures import TOTAL
from shnor_lib.indicators.deficits import MANAGERS, TEACHERS, deficits_of
from shnor_lib.office.office import Office

COLUMNS = ["staff", "subject", "deficit", "schools", "school_ids", "people", "assessed", "share", "falls"]


def training_order(office: Office, school_id: str | None = None) -> pd.DataFrame:
    """The order for training of an office, or one school of it, and year, teachers before managers, most people first (:func:`order_for_training`).

    Empty in the public edition: a total without its hidden numbers would be another one.
    """
    deficits, changes = office.tables["professional_deficits"], office.tables["published_changes"]
    now = deficits[deficits["year"].eq(office.year) & deficits["school_id"].notna()]
    now = now if school_id is None else now[now["school_id"].eq(school_id)]
    shown = now if office.audience != "public" else now.iloc[:0]
    return order_for_training(shown, changes[changes["year"].eq(office.year)])


def order_for_training(deficits: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Whom to train in what.

    Parameters
    ----------
    deficits : rows of schools of ``professional_deficits`` of one year.
    changes : ``school_id, subject, direction``: published falls and rises of results of the year.

    Returns
    -------
    One row a deficit that anybody shows: ``staff``, ``subject`` (missing for managers), ``deficit``, how many ``schools`` and which
    (``school_ids`` with semicolons), ``people`` with it, how many were ``assessed`` and their ``share``, and in how many of these schools
    the results of the subject fell (missing for subjects of which nothing is published); last a row :data:`TOTAL`. The total counts places of training: who has two
    deficits takes two. A school that did not count its people is not in the order.

    Examples
    --------
    >>> deficits = pd.DataFrame({"school_id": ["1", "2", "1"], "staff": [None, None, "managers"], "subject": ["maths", "maths", "all"],
    ...     "deficit": ["задачи", "задачи", "анализ"], "teachers_assessed": [4, 6, 2], "teachers_with_deficit": [1, 2, 1]})
    >>> changes = pd.DataFrame({"school_id": ["2"], "subject": ["maths"], "direction": ["fall"]})
    >>> order_for_training(deficits, changes)[["staff", "school_ids", "people", "share", "falls"]].values.tolist()
    [['teachers', '1;2', 3, 0.3, 1], ['managers', '1', 1, 0.5, <NA>], ['total', nan, 4, nan, <NA>]]
    """
    rows = []
    fell = changes[changes["direction"].eq("fall")]
    fallen, told = set(zip(fell["school_id"], fell["subject"], strict=True)), set(changes["subject"])
    for staff in (TEACHERS, MANAGERS):
        own = deficits_of(deficits, staff)
        own = own[own["teachers_with_deficit"].gt(0).fillna(False)]
        found = []
        for (subject, deficit), group in own.groupby(["subject", "deficit"], sort=False, observed=True):
            schools = sorted(group["school_id"].unique())
            people, assessed = group["teachers_with_deficit"].sum(), group["teachers_assessed"].sum()
            found.append(
                {
                    "staff": staff,
                    "subject": subject if staff == TEACHERS else None,
                    "deficit": deficit,
                    "schools": len(schools),
                    "school_ids": ";".join(schools),
                    "people": int(people),
                    "assessed": int(assessed),
                    "share": people / assessed,
                    "falls": sum((school, subject) in fallen for school in schools)
                    if subject in told and staff == TEACHERS
                    else None,
                }
            )
        rows += sorted(found, key=lambda row: (-row["people"], -row["schools"]))
    if rows:
        rows.append({"staff": TOTAL, "people": sum(row["people"] for row in rows)})
    return pd.DataFrame(rows, columns=COLUMNS).astype(
        {"schools": "Int64", "people": int, "assessed": float, "share": float, "falls": "Int64"}
    )


def training_facts(order: pd.DataFrame) -> dict[str, int]:
    """How many places of training are ordered, for teachers and for managers, and in how many schools."""
    places = order.groupby("staff")["people"].sum()
    schools = {one for ids in order["school_ids"].dropna() for one in ids.split(";")}
    return {
        "places": int(places.get(TOTAL, 0)),
        "teachers": int(places.get(TEACHERS, 0)),
        "managers": int(places.get(MANAGERS, 0)),
        "schools": len(schools),
    }
