"""Checks of what is decided and planned: measures, their costs, events, partners, lists that were received, expert decisions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from shnor_lib.inputs.checks.registry import check, known, rows_found
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.inputs.own import SECTIONS
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem
from shnor_lib.inputs.sources.registry import registry_of
from shnor_lib.params.yaml_files import nearest


@check
def check_measures_completed(inputs: Inputs, year: int) -> list[Problem]:
    """Measures with a date of completion that are stated as something else than done."""
    measures = inputs.rows["measures"]
    undone = known(measures["status"]) & (measures["status"] != "done")
    status = [label_of("measure_status", code) for code in measures["status"]]
    return rows_found(inputs, "measures_completed.status", known(measures["completed_on"]) & undone, status=status)


@check
def check_measures_section(inputs: Inputs, year: int) -> list[Problem]:
    """Measures under a heading that is none of those the workspace declares."""
    sections = inputs.rows["measures"]["section"]
    other = known(sections) & ~np.isin(sections, SECTIONS) & bool(SECTIONS)
    near = [nearest(text or "", SECTIONS) for text in sections] if other.any() else ""
    return rows_found(inputs, "measures_section.other", other, near=near)


@check
def check_costs_measures(inputs: Inputs, year: int) -> list[Problem]:
    """Costs of measures that the programme does not have."""
    costs, numbers = inputs.rows["measure_costs"], set(inputs.rows["measures"]["measure_id"])
    unknown = [number not in numbers for number in costs["measure_id"]]
    near = [nearest(number, numbers) for number in costs["measure_id"]]
    return rows_found(inputs, "costs_measures.unknown", unknown, value=list(costs["measure_id"]), near=near)


@check
def check_deficits_staff(inputs: Inputs, year: int) -> list[Problem]:
    """Deficits of managers that are put to one subject."""
    deficits = inputs.rows["professional_deficits"]
    found = (deficits["staff"] == "managers") & (deficits["subject"] != "all")
    subjects = [label_of("subject", one) for one in deficits["subject"]]
    return rows_found(inputs, "deficits_staff.by_subject", found, subject=subjects)


@check
def check_partners_named(inputs: Inputs, year: int) -> list[Problem]:
    """Partnerships with neither a school nor another organisation."""
    pairs = inputs.rows["partnerships"]
    return rows_found(inputs, "partners_named.nobody", ~known(pairs["partner_id"]) & ~known(pairs["organisation"]))


@check
def check_events_schools(inputs: Inputs, year: int) -> list[Problem]:
    """Events whose list of schools names one the register does not know."""
    registry = registry_of(inputs.rows["schools"])
    listed = [
        [code for one in re.split(r"[;,\n]", codes or "") if (code := one.strip()) and not registry.knows(code)]
        for codes in inputs.rows["exchange_events"]["schools"]
    ]
    return rows_found(inputs, "events_schools.unknown", list(map(bool, listed)), value=list(map(", ".join, listed)))


@check
def check_low_procedures_excluded(inputs: Inputs, year: int) -> list[Problem]:
    """Schools in the official list of low results that are correctional, evening or closed ones."""
    listed, schools = inputs.rows["low_procedures"], inputs.rows["schools"]
    special = {school: kind for school, kind in schools.keys_of("school_id", "special_type") if school and kind}
    kinds = [special.get(school) for school in listed["school_id"]]
    labels = [label_of("special_type", kind) for kind in kinds]
    return rows_found(inputs, "low_procedures_excluded.special", list(map(bool, kinds)), kind=labels)


@check
def check_expert_date(inputs: Inputs, year: int) -> list[Problem]:
    """Expert decisions dated before the school year whose calculation they clarify."""
    decisions = inputs.rows["expert_decisions"]
    decided = decisions["decided_on"].astype("datetime64[Y]").astype(int) + 1970
    early = known(decisions["decided_on"]) & (decided < decisions["year"] - 1)
    return rows_found(inputs, "expert_date.early", early)


@check
def check_received_date(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Lists received on a day that has not come, or before the school year they speak of began."""
    lists = inputs.rows["received_lists"]
    received, before = lists["received_on"], (lists["year"] - 1).astype(int)
    begins = np.array([f"{one}-09-01" for one in before], dtype="datetime64[D]")
    yield from rows_found(inputs, "received_date.future", received > np.datetime64("today"))
    yield from rows_found(inputs, "received_date.early", received < begins, before=before)


@check
def check_received_grounds(inputs: Inputs, year: int) -> list[Problem]:
    """Schools named twice in one list that was received, on different grounds."""
    lists = inputs.rows["received_lists"]
    keys = lists.keys_of("school_id", "year", "category", "source", "document", "received_on")
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    earlier = np.array([first[key] for key in keys])
    differ = lists["ground"] != lists["ground"][earlier]
    return rows_found(inputs, "received_grounds.differ", differ, row=lists["source_row"][earlier].astype(int))
