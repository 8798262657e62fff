"""Checks of what is decided and planned: measures, events, partners, lists of low results, expert decisions."""

from __future__ import annotations

import re

import numpy as np

from shnor_lib.inputs.checks.registry import check, known, rows_found
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem
from shnor_lib.inputs.sources.registry import registry_of


@check("Состояние меры согласуется с датой выполнения", "measures")
def check_measures_completed(inputs: Inputs, year: int) -> list[Problem]:
    """Measures with a date of completion that are not stated as done, and the other way round."""
    measures = inputs.rows["measures"]
    dated, done = known(measures["completed_on"]), measures["status"] == "done"
    return rows_found(
        inputs,
        "measures",
        dated & ~done & known(measures["status"]),
        "Есть дата выполнения, а состояние – «{status}»",
        words={"status": [label_of("measure_status", code) for code in measures["status"]]},
        column="status",
        allowed="«выполнено» или пустая дата",
        remedy="Исправьте состояние или уберите дату.",
    ) + rows_found(
        inputs,
        "measures",
        done & ~dated,
        "Мера выполнена, а дата выполнения не указана",
        severity="note",
        column="completed_on",
        allowed="дата выполнения",
        remedy="Впишите дату.",
    )


@check("Участники обмена опытом есть в реестре", "exchange_events")
def check_events_schools(inputs: Inputs, year: int) -> list[Problem]:
    """Events whose list of schools names one the register does not know."""
    registry = registry_of(inputs.rows["schools"])
    listed = [
        [code for one in re.split(r"[;,\n]", codes or "") if (code := one.strip()) and not registry.knows(code)]
        for codes in inputs.rows["exchange_events"]["schools"]
    ]
    return rows_found(
        inputs,
        "exchange_events",
        np.array(list(map(bool, listed))),
        "В списке школ есть неизвестные реестру",
        column="schools",
        value=list(map(", ".join, listed)),
        allowed="коды школ из таблицы «Школы» через точку с запятой",
        remedy="Исправьте код школы.",
    )


@check(
    "В перечне низких результатов нет школ, которых федеральное правило не рассматривает", "low_procedures", "schools"
)
def check_low_procedures_excluded(inputs: Inputs, year: int) -> list[Problem]:
    """Schools in the official list of low results that are correctional, evening or closed ones."""
    listed, schools = inputs.rows["low_procedures"], inputs.rows["schools"]
    special = {school: kind for school, kind in schools.keys_of("school_id", "special_type") if school and kind}
    kinds = [special.get(school) for school in listed["school_id"]]
    return rows_found(
        inputs,
        "low_procedures",
        np.array(list(map(bool, kinds))),
        "Школа особого типа ({kind}): федеральное правило её не рассматривает",
        words={"kind": [label_of("special_type", kind) for kind in kinds]},
        column="school_id",
        allowed="общеобразовательные школы без особого типа",
        remedy="Уберите строку или исправьте «Особый тип» школы.",
    )


@check("Экспертное решение принято после того, как получены результаты", "expert_decisions")
def check_expert_date(inputs: Inputs, year: int) -> list[Problem]:
    """Expert decisions dated before the school year whose calculation they clarify."""
    decisions = inputs.rows["expert_decisions"]
    decided = decisions["decided_on"].astype("datetime64[Y]").astype(int) + 1970
    return rows_found(
        inputs,
        "expert_decisions",
        known(decisions["decided_on"]) & (decided < decisions["year"] - 1),
        "Решение принято раньше, чем получены результаты",
        column="decided_on",
        allowed="дата после расчёта",
        remedy="Исправьте дату или примите решение заново.",
    )
