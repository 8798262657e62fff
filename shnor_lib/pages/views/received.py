"""Views of lists received from above: beside the calculation in report 50, on the page of a school, and as delivered in report 10."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses import received
from shnor_lib.analyses.received import ONLY_CALCULATION, ONLY_LIST, OPEN, SAME
from shnor_lib.criteria.measure import MET, NOT_MET
from shnor_lib.office.office import Office
from shnor_lib.pages.numbers import is_missing
from shnor_lib.pages.page import Page
from shnor_lib.pages.together import Together
from shnor_lib.pages.views import identification, overview


def show_received(office: Office, lists: pd.DataFrame) -> Together:
    """The lists of the year beside the calculation, and each school on which they differ with the reason; nothing without lists.

    ``lists``: rows of :func:`shnor_lib.analyses.received.compared`.
    """
    page = identification.page_of(office)
    if lists.empty:
        return Together([])
    frame = lists.assign(why=[why(page, row) for row in lists.itertuples()])
    differs = frame["agreement"].ne(SAME)
    decides = received.deciding_list(office, office.method.main) is not None
    facts = received.received_facts(office) | {"list_received_decides": int(decides)}
    table = page.table("received", frame, shown=differs, same=int((~differs).sum()))
    return Together([*page.text("received", **facts), table])


def why(page: Page, row) -> str | None:
    """Why a list and the calculation differ on a school: its signs with value and threshold, what is lacking, what experts decided."""
    office, way = page.office, row.agreement
    met, assessed = received.counted(office, row.school_id, row.category)
    verdict = {ONLY_LIST: NOT_MET, ONLY_CALCULATION: MET}.get(way)
    signs = received.telling_signs(office, row.school_id, row.category, verdict) if verdict else None
    told = [] if signs is None else [overview.ground(overview.page_of(office), one) for one in signs.itertuples()]
    facts = {
        "met": met,
        "assessed": assessed,
        "signs": "; ".join(told) or None,
        "lacking": received.why_open(office, row.school_id, row.category) if way == OPEN else None,
        "decided": row.decided or None,
        "is_only_list": int(way == ONLY_LIST),
        "is_only_calculation": int(way == ONLY_CALCULATION),
    }
    return overview.said(page, "received_why", facts) or None


def told_of_school(page: Page, school_id: str) -> list:
    """What each list of the year says of a school, for its page."""
    rows, shown = received.compared(page.office), []
    for row in rows[rows["school_id"].eq(school_id)].itertuples():
        facts = {
            "category": received.category_word(page.office, row.category),
            "list": row.list,
            "inside": int(row.named == "yes"),
            "ground": None if is_missing(row.ground) else row.ground,
        }
        shown += page.text("received", **facts)
    return shown
