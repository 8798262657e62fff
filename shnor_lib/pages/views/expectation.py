"""Results against what the social context leads to expect (row B10): the blocks that reports 60 and 05 share."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses.expectation import Expected, expectation_counts, named_inputs
from shnor_lib.indicators import Catalogue
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.charts import plot_dot_intervals
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.numbers import SCHOOLS, SCHOOLS_OF, agree, format_count, format_percent
from shnor_lib.pages.tables import Column, Table
from shnor_lib.params.profiles import Expectation

REFERENCES = {"municipality": "со средним по муниципалитету", "region": "со средним по области"}
SHARE_UNIT = "% от максимального балла"


def heading_of(expected: Expected) -> str:
    """What the comparison found, in one line."""
    counts = expectation_counts(expected)
    return (
        f"Выше ожидаемого по социальному контексту – {agree(counts['better'], SCHOOLS)}, ниже – {format_count(counts['worse'])} "
        f"из {format_count(expected.n)}"
    )


def note_of(expected: Expected, settings: Expectation) -> str:
    """How the expectation is made and what it must not be taken for."""
    return (
        f"Ожидаемый результат школы посчитан по остальным {format_count(expected.n - 1)}: каким он бывает у школ с такими же семьями. "
        f"Интервал {format_percent(settings.level, 0)} – где результат такой школы обычно и лежит. Это описание связи, а не причины: "
        "отклонение – повод изучить опыт или помочь, но не оценка работы школы. "
        f"Наше допущение: {settings.assumption}."
    )


def columns_of(expected: Expected, settings: Expectation) -> dict[str, Column]:
    """Columns of the table of schools, after those that name the school."""
    return {
        "value": Column("Результат", "number", note=f"разница {REFERENCES[expected.reference]}, {SHARE_UNIT}"),
        "expected": Column("Ожидается", "number"),
        "low": Column(f"Интервал {format_percent(settings.level, 0)}", "number", to="high"),
        "difference": Column("Выше ожидаемого на", "number"),
        "comparison": Column("Сравнение", "comparison"),
        "participants": Column("Участники", "count", note="во всех процедурах вместе"),
    }


def table_fit(expected: Expected, name: str, source: str = "") -> Table:
    """How well the context tells results, on the schools of the model and on schools that it did not see."""
    rows = [
        ("Школ, по которым построена модель", expected.n, "count"),
        ("Какую долю различий между школами объясняет контекст", expected.fit, "percent"),
        ("Та же доля на школах, которых модель не видела", expected.fit_unseen, "percent"),
        (f"Обычное отклонение результата от ожидаемого, {SHARE_UNIT}", expected.residual_sd, "number"),
        ("Сколько школ оказалось бы вне интервала случайно", expected.by_chance, "number"),
    ]
    return Table(
        pd.DataFrame(rows, columns=["measure", "value", "form"]),
        name=name,
        caption="Насколько можно верить ожиданию",
        columns={"measure": "О модели", "value": Column("Значение", by_row="form")},
        source=source,
    )


def table_model(expected: Expected, settings: Expectation, known: Catalogue, name: str, source: str = "") -> Table:
    """How results go with each indicator of the context."""
    coefficients = expected.coefficients
    return Table(
        coefficients.assign(label=[known.label(one) for one in coefficients["predictor"]]),
        name=name,
        caption="Как результат связан с контекстом: на сколько он иной, если показатель выше на одно стандартное отклонение",
        columns={
            "label": "Показатель контекста",
            "coefficient": Column("Изменение результата", "number", unit=SHARE_UNIT),
            "low": Column(f"Интервал {format_percent(settings.level, 0)}", "number", to="high"),
        },
        note="Показатели связаны между собой, поэтому вклад одного нельзя понимать как действие его одного.",
        source=source,
    )


def attach_context(
    expected: Expected, schools: pd.DataFrame, columns: dict[str, str], known: Catalogue, name: str
) -> Attachment:
    """What the model was made from, so that anybody can fit it again.

    Parameters
    ----------
    schools : ``municipality, school_id`` and the columns that name a school in the file.
    """
    inputs, predictors = named_inputs(expected, schools)
    table = Table(
        inputs,
        name=name,
        caption="Результаты и социальный контекст, по которым построена модель",
        columns={
            **columns,
            "value": Column("Результат", "number", unit=SHARE_UNIT),
            **{one: Column(known.label(one), "percent") for one in predictors},
        },
        row_header=tuple(columns),
    )
    return Attachment(table, "Результаты и показатели контекста всех школ модели – в отдельном файле.")


def plot_difference(frame: pd.DataFrame, expected: Expected, name: str, numbers: str, source: str = "") -> Figure:
    """How far each school is from what is expected of it, with the interval."""
    outside = expectation_counts(expected)["outside"]
    return plot_dot_intervals(
        frame,
        benchmark=0.0,
        benchmark_label="как ожидается:",
        value="difference",
        low="difference_low",
        high="difference_high",
        label=f"выше ожидаемого, {SHARE_UNIT}",
        name=name,
        caption=f"Вне интервала ожидания – {outside} из {agree(expected.n, SCHOOLS_OF)}",
        numbers=numbers,
        source=source,
    )
