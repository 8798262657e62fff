"""Checks of what is decided and planned: measures, events, partners, lists of low results, expert decisions."""

from __future__ import annotations

import pandas as pd

from shnor_lib.checks.registry import check, rows_found, rows_where
from shnor_lib.sources import Inputs
from shnor_lib.sources.problems import join_problems, shown_values
from shnor_lib.sources.registry import registry_of
from shnor_lib.tables import label_of


@check("У каждой меры есть срок", "measures")
def check_measures_due(inputs: Inputs, year: int) -> pd.DataFrame:
    """Measures without a due date."""
    measures = inputs.tables["measures"]
    return rows_found(
        inputs, "measures", rows_where(measures, measures["due"].isna()), "У меры нет срока", column="due", value=measures["title"],
        allowed="дата, квартал, месяц, интервал или «постоянно»", remedy="Впишите срок из программы.",
    )  # fmt: skip


@check("У каждой меры есть ответственный", "measures")
def check_measures_responsible(inputs: Inputs, year: int) -> pd.DataFrame:
    """Measures nobody answers for."""
    measures = inputs.tables["measures"]
    return rows_found(
        inputs, "measures", rows_where(measures, measures["responsible"].isna()), "У меры нет ответственного", column="responsible",
        value=measures["title"], allowed="роль или должность, без имён", remedy="Впишите роль ответственного из программы.",
    )  # fmt: skip


@check("Состояние меры согласуется с датой выполнения", "measures")
def check_measures_completed(inputs: Inputs, year: int) -> pd.DataFrame:
    """Measures with a date of completion that are not stated as done, and the other way round."""
    measures = inputs.tables["measures"]
    dated = measures["completed_on"].notna()
    not_done = rows_where(measures, dated & measures["status"].isin(["planned", "in_progress", "cancelled"]))
    undated = rows_where(measures, (measures["status"] == "done") & ~dated)
    return join_problems(
        [
            rows_found(
                inputs, "measures", not_done, "Есть дата выполнения, а мера не выполнена", column="status",
                value=not_done["status"].map(lambda code: label_of("measure_status", code)),
                allowed="«выполнено» или пустая дата", remedy="Исправьте состояние или уберите дату.",
            ),
            rows_found(
                inputs, "measures", undated, "Мера выполнена, а дата выполнения не указана", severity="note", column="completed_on",
                allowed="дата выполнения", remedy="Впишите дату.",
            ),
        ]
    )  # fmt: skip


@check("Участники обмена опытом есть в реестре", "exchange_events")
def check_events_schools(inputs: Inputs, year: int) -> pd.DataFrame:
    """Events whose list of schools names one the register does not know."""
    events = inputs.tables["exchange_events"]
    registry = registry_of(inputs.tables["schools"])
    codes = events["schools"].str.split(r"[;,\n]", regex=True).explode().str.strip()
    codes = codes.loc[codes.notna() & (codes != "")]
    unknown = codes.loc[~codes.str.lower().isin([*registry.schools, *registry.ambiguous])]
    listed = unknown.groupby(level=0).agg(", ".join)
    return rows_found(
        inputs, "exchange_events", events.loc[listed.index], "В списке школ есть неизвестная реестру", column="schools", value=listed,
        allowed="коды школ из таблицы «Школы» через точку с запятой", remedy="Исправьте код школы.",
    )  # fmt: skip


@check("Школа не партнёр самой себе", "partnerships")
def check_partners_self(inputs: Inputs, year: int) -> pd.DataFrame:
    """Partnerships of a school with itself."""
    partnerships = inputs.tables["partnerships"]
    return rows_found(
        inputs, "partnerships", rows_where(partnerships, partnerships["school_id"] == partnerships["partner_id"]),
        "Школа указана партнёром самой себе", column="partner_id", allowed="код другой школы", remedy="Исправьте код партнёра.",
    )  # fmt: skip


@check("В перечне низких результатов нет школ, которых федеральное правило не рассматривает", "low_procedures")
def check_low_procedures_excluded(inputs: Inputs, year: int) -> pd.DataFrame:
    """Schools in the official list of low results that are correctional, evening or closed ones."""
    schools = inputs.tables["schools"]
    special = schools.loc[schools["special_type"].notna()].drop_duplicates("school_id", keep="last").set_index("school_id")["special_type"]
    listed = inputs.tables["low_procedures"]
    kind = listed["school_id"].map(special)
    wrong = rows_where(listed, kind.notna())
    labels = kind.loc[wrong.index].map(lambda code: label_of("special_type", code)).astype(object)
    return rows_found(
        inputs, "low_procedures", wrong, "Школа особого типа (" + labels + "): федеральное правило её не рассматривает", column="school_id",
        allowed="общеобразовательные школы без особого типа", remedy="Уберите строку или исправьте «Особый тип» школы.",
    )  # fmt: skip


@check("Доли перечня низких результатов похожи на низкие", "low_procedures")
def check_low_procedures_share(inputs: Inputs, year: int) -> pd.DataFrame:
    """Procedures listed as low with nobody below the minimum."""
    listed = inputs.tables["low_procedures"]
    wrong = rows_where(listed, listed["below_minimum_share"] == 0)
    return rows_found(
        inputs, "low_procedures", wrong, "Результат назван низким, а ниже минимума никого: " + shown_values(wrong["below_minimum_share"]),
        column="below_minimum_share", allowed="доля больше нуля", remedy="Исправьте долю или уберите строку.",
    )  # fmt: skip


@check("Экспертное решение принято не раньше года данных", "expert_decisions")
def check_expert_date(inputs: Inputs, year: int) -> pd.DataFrame:
    """Expert decisions dated before the school year whose calculation they clarify has begun."""
    decisions = inputs.tables["expert_decisions"]
    wrong = rows_where(decisions, decisions["decided_on"].dt.year < decisions["year"] - 1)
    return rows_found(
        inputs, "expert_decisions", wrong, "Решение принято раньше, чем получены результаты", column="decided_on",
        allowed="дата после расчёта", remedy="Исправьте дату или примите решение заново.",
    )  # fmt: skip
