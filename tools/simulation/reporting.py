"""What was reported of the programme of a made-up office: measures by period, programmes of schools, curators, promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from shnor_lib.inputs.dictionary import choices
from shnor_lib.inputs.due import DATED, RECURRING, period_days, read_due, reporting_periods
from tools.simulation.drawing import stream
from tools.simulation.frames import Block
from tools.simulation.programme import columns_of, partner_of, programme, status_of, supported_schools

FIRST_YEAR = 2020
"""Reports on measures, programmes of schools and curators begin a year after the programme."""
LATEST_DAYS = 18
"""A report comes so many days after its period at the latest."""


def report_block(cast: pd.DataFrame, seed: int, year: int) -> Block:
    """Rows of ``measure_reports``: each period that has ended, until the measure is done, and what came by mid-September.

    A recurring measure is done in each period; ``unreported`` of ``programme.yml`` names periods of which nothing came.
    """
    supported, plan_year = supported_schools(cast), (date(year, 1, 1), date(year, 12, 31))
    draws, closed = stream(seed, "measure_reports", year), date(year, 9, 15)
    rows: list[dict[str, object]] = []
    for measure in programme()["measures"] if year >= FIRST_YEAR else ():
        if measure["since"] > year or measure.get("school", 1) > len(supported) or "started" not in measure:
            continue
        due = read_due(measure["due"], plan_year)
        due = (
            replace(due, start=due.start or due.end, end=max(due.end, plan_year[1])) if due.kind == DATED else due
        )  # an overdue measure is reported on until it is done
        started = date.fromisoformat(measure["started"])
        finished = date.fromisoformat(measure["finished"]) if "finished" in measure else None
        for period in reporting_periods(due, plan_year):
            start, end = period_days(period)
            on = end + timedelta(days=int(draws.integers(1, LATEST_DAYS)))
            if on > closed and finished and start <= finished <= closed:
                on = finished + timedelta(days=3)
            if (
                on > closed
                or end < started
                or period in measure.get("unreported", ())
                or (finished and finished < start)
            ):
                continue
            row = {"measure_id": measure["id"], "period": period, "reported_on": on, "status": status_of(measure, on)}
            if measure["level"] == "school":
                row["school_id"] = supported[measure["school"] - 1]
            if due.kind == RECURRING:
                done = end - timedelta(days=int(draws.integers(5, 40)))
                row |= {"status": "done", "completed_on": done, "evidence": measure["evidence"]}
            elif row["status"] == "done":
                row |= {"completed_on": finished, "evidence": measure["evidence"]}
            rows.append(row)
    return columns_of(rows)


def programme_block(cast: pd.DataFrame, year: int) -> Block:
    """Rows of ``school_programmes``: that of the first school has run out in 2021, that of the last is not approved."""
    texts, schools = programme()["school_programme"], supported_schools(cast) if year >= FIRST_YEAR else []
    rows = []
    for number, school in enumerate(schools):
        row = {"school_id": school, "title": texts["title"], "aims": texts["aims"], "starts_on": date(2020, 3, 2)}
        row["ends_on"] = date(2022 if number else 2021, 12 if number else 6, 31 if number else 30)
        if number < len(schools) - 1 or number == 0:
            row |= {"approved_on": date(2020, 2, 10 + number % 15), "document": texts["document"]}
        if year > FIRST_YEAR:
            row["results"] = texts["results"][number % len(texts["results"])]
        rows.append(row)
    return columns_of(rows)


def curator_block(cast: pd.DataFrame, year: int) -> Block:
    """Rows of ``curators``: each supported school has a curator, all but the last a mentor; the first mentor was there a year."""
    schools = supported_schools(cast) if year >= FIRST_YEAR else []
    rows = []
    for number, school in enumerate(schools):
        since = {"school_id": school, "appointed_on": date(2020, 9, 1)}
        rows.append(since | programme()["curator"])
        if number < len(schools) - 1:
            rows.append(since | programme()["mentor"] | ({"until": date(2021, 6, 30)} if number == 0 else {}))
    return columns_of(rows)


def contracts(cast: pd.DataFrame, year: int) -> list[dict[str, object]]:
    """What ``partnerships`` say of the contract of each pair: the first has run out in 2021, the second soon will."""
    ends = (date(2021, 6, 30), date(2021, 10, 15))
    if year < FIRST_YEAR:
        return [{} for _ in partner_of(cast)]
    return [
        {
            "contract": f"соглашение № {number + 1}",
            "signed_on": date(2020, 4, 24),
            "valid_until": ends[number] if number < len(ends) else date(2022, 8, 31),
        }
        for number in range(len(partner_of(cast)))
    ]


def profile_block(cast: pd.DataFrame, seed: int, year: int) -> Block:
    """Rows of ``risk_profile``: each supported school has been asked in the autumn of 2020; it works on three factors, the last on two.

    The more answers tell of a risk, the sooner a factor is chosen; the first school's level of its last factor is delivered as printed.
    """
    schools = supported_schools(cast) if year >= FIRST_YEAR else []
    factors = list(choices("profile_factor"))
    rows = []
    for number, school in enumerate(schools):
        draws = stream(seed, "risk_profile", school)
        answers = draws.integers(8, 25, size=len(factors))
        risky = draws.binomial(answers, draws.beta(1.6, 3.2, size=len(factors)))
        wanted = sorted(range(len(factors)), key=lambda at: -risky[at] / answers[at])
        chosen = wanted[: 2 if len(schools) > 1 and number == len(schools) - 1 else 3]
        for at, factor in enumerate(factors):
            row = {"school_id": school, "factor": factor, "answers": int(answers[at]), "risk_answers": int(risky[at])}
            rows.append(row | ({"chosen_on": date(2020, 10, 15)} if at in chosen else {}))
        if number == 0:
            rows[-1] |= {"level": "medium", "answers": None, "risk_answers": None}
    return columns_of(rows)


def commitment_block(year: int) -> Block:
    """Rows of ``commitments`` as they stood on 31 August of a year."""
    rows = []
    for promise in programme()["commitments"]:
        if promise["since"] > year:
            continue
        row = {"commitment_id": promise["id"]} | {
            name: promise[name] for name in ("title", "place", "due", "responsible")
        }
        row["status"] = status_of(promise, date(year, 8, 31))
        if row["status"] == "done":
            row |= {"completed_on": date.fromisoformat(promise["finished"]), "evidence": promise["evidence"]}
        rows.append(row)
    return columns_of(rows)
