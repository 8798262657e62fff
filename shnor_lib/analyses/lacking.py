"""What the data lack that the method asks for: columns, and of which schools."""

from __future__ import annotations

import pandas as pd

from shnor_lib.criteria.clarification import standing_lists
from shnor_lib.indicators.causes import NOT_DELIVERED
from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.office.office import Office
from shnor_lib.params.methods import Method, Pooled

COLUMNS = ["table", "columns", "schools", "criteria"]


def lacking_columns(office: Office) -> pd.DataFrame:
    """The columns whose cells are empty, or whose rows are absent, in the years of a sign that could not be judged for that.

    Returns
    -------
    A row for each column, or for several any one of which would do: ``table``, ``columns`` (names, a tuple; empty where the
    table has no row of the schools), ``schools`` (ids, a tuple in the order of the registry) and ``criteria`` (names, a tuple),
    most schools first.
    """
    open_signs = office.verdicts[office.verdicts["cause"].eq(NOT_DELIVERED)]
    windows = {name: window_of(office.method, one) for name, one in office.method.criteria.items()}
    found: dict[tuple[str, tuple[str, ...]], tuple[dict[str, None], dict[str, None]]] = {}
    for sign in open_signs.itertuples():
        wanted = needed(sign.needs)
        either = {(place, name) for place, columns in wanted if len(columns) > 1 for name in columns}
        for place, columns in wanted:
            rows = office.tables[place]
            rows = rows[rows["school_id"].eq(sign.school_id) & rows["year"].gt(office.year - windows[sign.criterion])]
            if rows.empty:
                columns = ()
            elif rows[list(columns)].notna().any(axis=None) or (len(columns) == 1 and (place, *columns) in either):
                continue
            schools, criteria = found.setdefault((place, columns), ({}, {}))
            schools[sign.school_id] = criteria[sign.criterion] = None
    order = {school: place for place, school in enumerate(office.schools["school_id"])}
    rows = [
        (place, columns, tuple(sorted(schools, key=lambda one: order.get(one, len(order)))), tuple(criteria))
        for (place, columns), (schools, criteria) in found.items()
    ]
    return pd.DataFrame(sorted(rows, key=lambda row: -len(row[2])), columns=COLUMNS)


def awaited_lists(office: Office) -> list[str]:
    """Categories that a received list decides on and of which none of the year is there."""
    lists = standing_lists(office.tables["received_lists"].assign(municipality=office.municipality), office.year)
    deciding = [name for name, one in office.method.decisions.items() if one.received == "decides"]
    return [name for name in deciding if name not in set(lists["category"])]


def needed(needs: str) -> list[tuple[str, tuple[str, ...]]]:
    """Tables and columns of the needs of a value; of several columns any one would do.

    >>> needed("staff.category_first; staff.teachers | pedagogues; progression")
    [('staff', ('category_first',)), ('staff', ('teachers', 'pedagogues'))]
    """
    found = []
    for need in dict.fromkeys(needs.split("; ")):
        place, _, first = need.split(" | ")[0].partition(".")
        others = (one.rpartition(".")[2] for one in need.split(" | ")[1:])
        columns = table(place).columns if place in table_names() else {}
        if named := tuple(name for name in (first, *others) if name in columns):
            found.append((place, named))
    return found


def window_of(method: Method, measured: Pooled) -> int:
    """How many years a criterion looks at, with those that the components of its index look at."""
    index = method.indices.get(measured.indicator)
    parts = index.components.values() if index else ()
    return max([measured.window, *(window_of(method, one) for one in parts if one.indicator != measured.indicator)])
