"""Views of report 90: who reported on the measures, what was done after the day of the count, who accompanies the schools."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses.support.accompaniment import ENDED, ENDS_SOON, NOT_APPROVED
from shnor_lib.analyses.support.plan import SupportPlan, support_facts
from shnor_lib.analyses.support.reports import by_period, reports_open
from shnor_lib.pages.together import Together
from shnor_lib.pages.views.support_plan import page_of


def show_reports(plan: SupportPlan, found: pd.DataFrame) -> Together:
    """Reports on the measures by the day of the count: of whom, for which periods, what is owed; nothing where nobody ever reported.

    ``found`` of :func:`shnor_lib.analyses.support.reports.by_reporter`.
    """
    page, facts = page_of(plan), support_facts(plan) | {"on": plan.on}
    if not plan.reports["given"].any():
        return Together([])
    owed = reports_open(plan.reports)
    shown = [*page.text("reports", **facts), *([page.table("plan_reports_open", owed, **facts)] if len(owed) else [])]
    files = [
        page.attachment("plan_reporters", found, **facts),
        page.attachment("plan_reports_periods", by_period(plan.reports), **facts),
        page.attachment("plan_reports", plan.reports, **facts),
    ]
    return Together([*shown, *files])


def show_after(plan: SupportPlan) -> Together:
    """What was done after the day of the count; nothing where nothing is known of it."""
    if plan.after.empty:
        return Together([])
    page, facts = page_of(plan), {"on": plan.on, "done_after": len(plan.after)}
    return Together([*page.text("after", **facts), page.table("plan_after", plan.after, **facts)])


def show_commitments(plan: SupportPlan) -> Together:
    """What the programme promises outside its table of measures, as a file."""
    if plan.commitments.empty:
        return Together([])
    return Together([page_of(plan).attachment("plan_commitments", plan.commitments, on=plan.on)])


def show_accompanied(plan: SupportPlan, found: pd.DataFrame) -> Together:
    """Programmes of the schools, their curators and mentors, contracts: what is in force, what has ended or soon will.

    ``found``: a row a school (:func:`shnor_lib.analyses.support.accompaniment.accompanied`).
    """
    if found.empty:
        return Together([])
    page, papers = page_of(plan), plan.contracts
    facts = {
        "on": plan.on,
        "schools": len(found),
        "with_programme": int(found["programme"].notna().sum()),
        "not_approved": int(found["programme"].eq(NOT_APPROVED).sum()),
        "programmes_ended": int(found["programme"].eq(ENDED).sum()),
        "contracts": len(papers),
        "contracts_ended": int(papers["standing"].eq(ENDED).sum()),
        "contracts_ending": int(papers["standing"].eq(ENDS_SOON).sum()),
    }
    known = found.drop(columns="school_id").notna().any(axis=1)
    shown = [*page.text("accompanied", **facts), page.table("plan_accompanied", found, shown=known, **facts)]
    if len(papers):
        running_out = papers["standing"].isin([ENDED, ENDS_SOON])
        shown.append(page.table("plan_contracts", papers, shown=running_out if running_out.any() else None, **facts))
    files = [("plan_programmes", plan.programmes), ("plan_companions", plan.companions)]
    return Together([*shown, *(page.attachment(name, frame, **facts) for name, frame in files if len(frame))])
