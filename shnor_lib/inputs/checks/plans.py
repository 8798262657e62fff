"""Checks of what is decided and planned: measures, events, partners, lists of low results, expert decisions."""

from __future__ import annotations

import pandas as pd

from shnor_lib.inputs.checks.registry import check, rows_found
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import join_problems
from shnor_lib.inputs.sources.registry import registry_of


@check("У каждой меры есть срок", "measures")
def check_measures_due(inputs: Inputs, year: int) -> pd.DataFrame:
    """Measures without a due date."""
    measures = inputs.tables["measures"]
    return rows_found(
        inputs,
        "measures",
        measures["due"].isna(),
        "У меры нет срока",
        column="due",
        value=measures["title"],
        allowed="дата, квартал, месяц, интервал или «постоянно»",
        remedy="Впишите срок из программы.",
    )


@check("У каждой меры есть ответственный", "measures")
def check_measures_responsible(inputs: Inputs, year: int) -> pd.DataFrame:
    """Measures nobody answers for."""
    measures = inputs.tables["measures"]
    return rows_found(
        inputs,
        "measures",
        measures["responsible"].isna(),
        "У меры нет ответственного",
        column="responsible",
        value=measures["title"],
        allowed="роль или должность, без имён",
        remedy="Впишите роль ответственного из программы.",
    )


@check("Состояние меры согласуется с датой выполнения", "measures")
def check_measures_completed(inputs: Inputs, year: int) -> pd.DataFrame:
    """Measures with a date of completion that are not stated as done, and the other way round."""
    measures = inputs.tables["measures"]
    dated, done = measures["completed_on"].notna(), measures["status"] == "done"
    return join_problems(
        [
            rows_found(
                inputs,
                "measures",
                dated & ~done,
                "Есть дата выполнения, а состояние – «{status}»",
                words={"status": measures["status"].map(lambda code: label_of("measure_status", code))},
                column="status",
                allowed="«выполнено» или пустая дата",
                remedy="Исправьте состояние или уберите дату.",
            ),
            rows_found(
                inputs,
                "measures",
                done & ~dated,
                "Мера выполнена, а дата выполнения не указана",
                severity="note",
                column="completed_on",
                allowed="дата выполнения",
                remedy="Впишите дату.",
            ),
        ]
    )


@check("Участники обмена опытом есть в реестре", "exchange_events")
def check_events_schools(inputs: Inputs, year: int) -> pd.DataFrame:
    """Events whose list of schools names one the register does not know."""
    registry = registry_of(inputs.tables["schools"])
    codes = inputs.tables["exchange_events"]["schools"].str.split(r"[;,\n]", regex=True).explode().str.strip()
    codes = codes.loc[codes.notna() & (codes != "")]
    unknown = codes.loc[~codes.str.lower().isin([*registry.schools, *registry.ambiguous])]
    listed = unknown.groupby(level=0).agg(", ".join)
    return rows_found(
        inputs,
        "exchange_events",
        listed.notna(),
        "В списке школ есть неизвестные реестру",
        column="schools",
        value=listed,
        allowed="коды школ из таблицы «Школы» через точку с запятой",
        remedy="Исправьте код школы.",
    )


@check("Школа не партнёр самой себе", "partnerships")
def check_partners_self(inputs: Inputs, year: int) -> pd.DataFrame:
    """Partnerships of a school with itself."""
    partnerships = inputs.tables["partnerships"]
    return rows_found(
        inputs,
        "partnerships",
        partnerships["school_id"] == partnerships["partner_id"],
        "Школа указана партнёром самой себе",
        column="partner_id",
        allowed="код другой школы",
        remedy="Исправьте код партнёра.",
    )


@check(
    "В перечне низких результатов нет школ, которых федеральное правило не рассматривает", "low_procedures", "schools"
)
def check_low_procedures_excluded(inputs: Inputs, year: int) -> pd.DataFrame:
    """Schools in the official list of low results that are correctional, evening or closed ones."""
    listed, schools = inputs.tables["low_procedures"], inputs.tables["schools"]
    special = schools.dropna(subset=["special_type", "school_id"]).drop_duplicates("school_id", keep="last")
    kind = listed["school_id"].map(special.set_index("school_id")["special_type"])
    return rows_found(
        inputs,
        "low_procedures",
        kind.notna(),
        "Школа особого типа ({kind}): федеральное правило её не рассматривает",
        words={"kind": kind.map(lambda code: label_of("special_type", code))},
        column="school_id",
        allowed="общеобразовательные школы без особого типа",
        remedy="Уберите строку или исправьте «Особый тип» школы.",
    )


@check("В перечне низких результатов нет процедур без единого участника ниже минимума", "low_procedures")
def check_low_procedures_share(inputs: Inputs, year: int) -> pd.DataFrame:
    """Procedures listed as low with nobody below the minimum."""
    return rows_found(
        inputs,
        "low_procedures",
        inputs.tables["low_procedures"]["below_minimum_share"] == 0,
        "Результат назван низким, а ниже минимума никого",
        column="below_minimum_share",
        allowed="доля больше нуля",
        remedy="Исправьте долю или уберите строку.",
    )


@check("Экспертное решение принято после того, как получены результаты", "expert_decisions")
def check_expert_date(inputs: Inputs, year: int) -> pd.DataFrame:
    """Expert decisions dated before the school year whose calculation they clarify."""
    decisions = inputs.tables["expert_decisions"]
    return rows_found(
        inputs,
        "expert_decisions",
        decisions["decided_on"].dt.year < decisions["year"] - 1,
        "Решение принято раньше, чем получены результаты",
        column="decided_on",
        allowed="дата после расчёта",
        remedy="Исправьте дату или примите решение заново.",
    )
