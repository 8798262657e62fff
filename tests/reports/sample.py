"""A notebook as papermill leaves it, made of awkward data: the material of the report tests."""

import json
from collections.abc import Iterable
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
from nbformat import NotebookNode, v4

from shnor_lib.pages.charts import (
    plot_distance_to_threshold,
    plot_dot_intervals,
    plot_slope,
    plot_stacked_shares,
    plot_timeline,
    plot_word_matrix,
)
from shnor_lib.pages.export.tables import ReportTable, table_files
from shnor_lib.pages.furniture import Decisions, Heading, Headlines, Prose, Provenance, Title
from shnor_lib.pages.phrases import decisions, headlines
from shnor_lib.pages.tables import Column, Table

HOSTILE = "<script>alert(1)</script>"
SCHOOLS = [
    "СОШ № 1",
    "СОШ № 2",
    "Средняя общеобразовательная школа с углублённым изучением отдельных предметов имени Героя Труда",
    HOSTILE,
    "=СУММ(A1:A9)",
    "Гимназия № 4",
    "Лицей № 5 «Перспектива»",
    "ООШ с. Курское",
    "СОШ № 8",
    "СОШ п. Верхний & Нижний",
    "СОШ № 10",
    "ООШ № 11",
    "НОШ № 12",
    "СОШ № 13",
]
CRITERIA = ["ОГЭ: доля «2»", "ЕГЭ: ниже порога", "ВПР: успеваемость", "Качество обученности", "Без аттестата"]
SOURCE = "форма сбора управления образования, 30.09.2021"


def write_tables(tables: Iterable[ReportTable], folder: Path, title: str) -> None:
    """Put the files of tables into a folder, as a run does."""
    for name, content in table_files(tables, title=title).items():
        (folder / name).write_bytes(content)


def output(shown: object) -> NotebookNode:
    """What a cell whose last expression is `shown` leaves in the notebook file."""
    bundle = json.loads(json.dumps(shown._repr_mimebundle_()))
    return v4.new_output("execute_result", data=bundle, execution_count=1)


def code(shown: object) -> NotebookNode:
    return v4.new_code_cell("show()", execution_count=1, outputs=[output(shown)])


def notebook(*cells: object) -> NotebookNode:
    """A notebook of the given cells; what is not a cell yet is shown by one."""
    made = [cell if isinstance(cell, NotebookNode) else code(cell) for cell in cells]
    for position, cell in enumerate(made):
        cell["id"] = f"cell-{position}"
    built = v4.new_notebook(cells=made)
    nbformat.validate(built)
    return built


def title(**changes) -> Title:
    return Title(
        **{
            "report": "Какие школы нуждаются в помощи",
            "municipality": "Демонстрационный округ",
            "year": 2021,
            "question": "У каких школ низкие образовательные результаты и какие работают в неблагоприятных условиях?",
            "fictional": True,
            **changes,
        }
    )


def identification_table() -> Table:
    low = ["yes", "no", "yes", "insufficient_data", "no", "no", "no", "yes", "no", "no", "no", "no", np.nan, "no"]
    adverse = ["no", "no", "yes", "insufficient_data", "no", "no", "no", "yes", "yes", "no", "no", "no", "no", "no"]
    below = [0.312, 0.12, 0.2497, np.nan, 0.0, 0.02, 0.031, 0.4, 0.2, 0.18, 0.0, 0.11, np.nan, 0.143]
    frame = pd.DataFrame(
        {
            "school": SCHOOLS,
            "low_results": low,
            "adverse_conditions": adverse,
            "below_minimum_rate": pd.Series(below, dtype=object).where(pd.notna(below), None),
            "threshold": 0.25,
            "low": np.array(below, dtype=float) - 0.05,
            "high": np.array(below, dtype=float) + 0.05,
            "participants": [64, 25, 1843, 0, 31, 80, 77, 10, 41, 33, 29, 18, np.nan, 56],
            "near_threshold": [v in (0.2497, 0.2) for v in below],
            "decision": ["calculated"] * 12 + ["expert", "calculated"],
        }
    )
    frame.loc[7, "participants"] = 5
    frame["below_minimum_rate"] = frame["below_minimum_rate"].astype(object)
    frame.loc[7, "below_minimum_rate"] = "[мало]"
    frame.loc[12, "below_minimum_rate"] = "[не применимо]"
    return Table(
        frame,
        name="identification",
        caption="Низкие результаты у трёх школ, ещё о двух данных недостаточно",
        columns={
            "school": "Школа",
            "low_results": Column("Низкие результаты", "identified"),
            "adverse_conditions": Column("Неблагоприятные условия", "identified"),
            "below_minimum_rate": Column("Ниже минимума", "percent", against="threshold", note="ОГЭ, русский язык"),
            "threshold": Column("Порог", "percent"),
            "low": Column("95 % интервал", "percent", to="high"),
            "participants": Column("Участники", "count", unit="чел."),
            "near_threshold": Column("Рядом с порогом", "flag"),
            "decision": Column("Основание", "decision"),
        },
        note="Порядок – по коду школы.",
        source=SOURCE,
    )


def totals_table() -> Table:
    frame = pd.DataFrame(
        {"figure": ["Школы, всего", "ШНОР", "ШНСУ"], "schools": [14, 3, 3], "share": ["[не применимо]", 3 / 14, 3 / 14]}
    )
    columns = {
        "figure": "Показатель",
        "schools": Column("Школ", "count"),
        "share": Column("Доля всех школ", "percent", digits=0),
    }
    return Table(frame, "totals", "Сколько школ в каждой категории", columns)


def facts() -> dict:
    """What the library would count in `identification_table`."""
    low = list_facts("low_results", "ШНОР", 3, 1) | {"list_previous_count": 2}
    adverse = list_facts("adverse_conditions", "ШНСУ", 3, 1) | {"list_with_main_count": 2}
    adverse |= {"list_main_word": "ШНОР", "list_main_category": "low_results"}
    return low | {
        "lists": (low, adverse),
        "other_lists": (adverse,),
        "schools_total": 14,
        "near_threshold_count": 2,
        "expert_changed_count": 1,
    }


def list_facts(category: str, word: str, count: int | None, open_count: int | None = None, total: int = 14) -> dict:
    """Facts of one list."""
    return {
        "list_category": category,
        "list_abbreviation": word,
        "list_word": word,
        "list_count": count,
        "list_share_of_all": count / total if count is not None else None,
        "list_insufficient_count": open_count,
        "list_may_share": 0,
    }


def verdicts() -> pd.DataFrame:
    codes = np.array(["met", "not_met", "not_met", "not_assessed"])
    grid = codes[(np.add.outer(np.arange(len(SCHOOLS)) * 3, np.arange(len(CRITERIA)) * 5)) % 4]
    return pd.DataFrame(
        [(school, criterion, grid[i, j]) for i, school in enumerate(SCHOOLS) for j, criterion in enumerate(CRITERIA)],
        columns=["school", "criterion", "verdict"],
    )


def distances() -> pd.DataFrame:
    margin = np.array(
        [0.12, -0.13, -0.0003, np.nan, -0.25, -0.2, -0.22, 0.15, -0.05, -0.07, -0.25, -0.14, np.nan, -0.1]
    )
    verdict = np.where(np.isnan(margin), "not_assessed", np.where(margin > 0, "met", "not_met"))
    return pd.DataFrame(
        {"school": SCHOOLS, "margin": margin, "low": margin - 0.05, "high": margin + 0.05, "verdict": verdict}
    )


def intervals() -> pd.DataFrame:
    value = np.array([52, 61, 48.5, np.nan, 70, 66, 64, 40, 58, 57, 63, 55, 59, 60.0])
    comparison = ["worse", "same", "worse", None, "better", "better", "same", "worse"] + ["same"] * 6
    return pd.DataFrame(
        {
            "school": SCHOOLS,
            "value": value / 100,
            "low": value / 100 - 0.05,
            "high": value / 100 + 0.05,
            "comparison": comparison,
        }
    )


def sample_notebook() -> NotebookNode:
    """Every object of the presentation, with headings, notes, codes and an annex."""
    found = Headlines(headlines(facts(), "50_identification"))
    progress = v4.new_code_cell("work()", outputs=[v4.new_output("stream", name="stderr", text="50%|████ 3/6")])
    injected = v4.new_code_cell("municipality = 'demo'", metadata={"tags": ["injected-parameters"]})
    years = pd.DataFrame(
        [
            (s, y, 0.5 + 0.02 * i + 0.03 * (y - 2019) * (-1) ** i)
            for i, s in enumerate(SCHOOLS[:6])
            for y in (2019, 2020, 2021)
        ],
        columns=["school", "year", "value"],
    )
    shares = pd.DataFrame(
        {
            "label": ["Русский язык, 5 класс", "Математика, 5 класс", "История, 6 класс"],
            "lowered": [0.342, 0.5, np.nan],
            "confirmed": [0.593, 0.45, np.nan],
            "raised": [0.065, 0.05, np.nan],
        }
    )
    measures = pd.DataFrame(
        {
            "title": [
                "Диагностика профессиональных дефицитов учителей математики",
                "Договор со школой-партнёром",
                "Курсы",
            ],
            "start": ["2021-01-15", "2021-02-01", "2021-03-01"],
            "due": ["2021-04-01", "2021-06-15", None],
            "status": ["done", "overdue", "planned"],
        }
    )
    risks = pd.DataFrame(
        [
            (s, r, ["high", "medium", "low", None][(i + j) % 4], f"{10 * i + j} %")
            for i, s in enumerate(SCHOOLS[:4])
            for j, r in enumerate(["Учителя старше 55 лет", "Кабинеты оборудованы", "Устаревшие компьютеры"])
        ],
        columns=["school", "risk", "level", "text"],
    )
    sources = pd.DataFrame(
        {
            "file": ["exam_results.csv", "schools.csv"],
            "document": ["Муниципальная программа, раздел III", "Реестр"],
            "date": ["2021-09-30", "2021-09-01"],
            "sha256": ["ab" * 32, "0f" * 32],
        }
    )
    return notebook(
        v4.new_markdown_cell("# Выявление школ\n\nЭтот текст – для того, кто открыл ноутбук."),
        injected,
        progress,
        title(),
        found,
        Decisions(decisions(facts(), "50_identification")),
        Heading("Низкие результаты у трёх школ из четырнадцати"),
        Prose(f"Школа {HOSTILE} – тоже школа.\n\nВторой абзац."),
        totals_table(),
        identification_table(),
        Heading("Кто и какой критерий выполнил", 3),
        plot_word_matrix(
            verdicts(),
            name="criteria_matrix",
            caption="Чаще других выполнен критерий ОГЭ",
            numbers="identification",
            source=SOURCE,
            reading="Строка – школа, столбец – критерий. Закрашенная клетка: критерий выполнен.",
        ),
        Heading("Две школы стоят у самого порога", 3),
        plot_distance_to_threshold(
            distances(),
            name="distance",
            caption="Две школы находятся у самого порога",
            as_percent=True,
            source=SOURCE,
            numbers=Table(
                distances(),
                "distance_numbers",
                "Расстояние до порога по школам",
                {
                    "school": "Школа",
                    "margin": Column("Расстояние", "points"),
                    "verdict": Column("Критерий", "verdict"),
                },
            ),
        ),
        v4.new_markdown_cell(
            "## Профиль школ\n\nТекст **из ноутбука** с <b>разметкой</b> и [ссылкой](#metod-i-dannye)."
        ),
        plot_dot_intervals(
            intervals(),
            name="intervals",
            caption="Три школы ниже области",
            numbers="identification",
            benchmark=0.6,
            benchmark_label="область",
            as_percent=True,
            label="Успеваемость",
            source=SOURCE,
        ),
        plot_slope(
            years,
            name="slope",
            caption="Результаты выросли у половины школ",
            numbers="identification",
            highlight=tuple(SCHOOLS[:3]),
            as_percent=True,
            label="Качество",
            source=SOURCE,
        ),
        plot_stacked_shares(
            shares,
            name="marks",
            caption="Каждую третью отметку понизили",
            numbers="identification",
            parts={"lowered": "понизили", "confirmed": "подтвердили", "raised": "повысили"},
            source=SOURCE,
        ),
        plot_timeline(
            measures,
            name="plan",
            caption="Одна мера просрочена",
            numbers="identification",
            start="start",
            today=pd.Timestamp("2021-07-01"),
            source=SOURCE,
        ),
        plot_word_matrix(
            risks,
            name="risks",
            caption="Высокий риск – у одной школы",
            numbers="identification",
            column="risk",
            code="level",
            vocabulary="risk",
            text="text",
            source=SOURCE,
        ),
        Heading("Метод и данные"),
        Table(
            sources,
            "sources",
            "Откуда взяты данные",
            {
                "file": "Файл",
                "document": "Документ",
                "date": Column("Дата", "date"),
                "sha256": Column("Контрольная сумма", "hash"),
            },
        ),
        Provenance("Расчёт по методике fioko-2021.", "99_method", "Пороги и их источники"),
    )
