"""Views of report 70: who entered and left the lists, trends with their uncertainty, waves, and the half-yearly rating."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses.dynamics import (
    MOVES,
    WAVES,
    largest_and_most_stable,
    list_moves,
    rating,
    series_breaks,
    trends,
    wave_changes,
    yearly_deviation,
)
from shnor_lib.analyses.findings import list_facts
from shnor_lib.indicators import indicator_label
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.office.office import Office
from shnor_lib.pages.charts import plot_slope
from shnor_lib.pages.furniture import Decisions, Heading, Headlines
from shnor_lib.pages.numbers import SCHOOLS, agree
from shnor_lib.pages.page import Page
from shnor_lib.pages.phrases import decisions, headlines
from shnor_lib.pages.tables import Column
from shnor_lib.pages.together import Together
from shnor_lib.pages.words import CATEGORIES

REPORT = "70_dynamics"
RESULTS = ["mean_percent[VPR/*/*]", "mean_percent[OGE/*/9]", "mean_percent[EGE/*/11]"]
GROUPS = {"top": "верхняя треть", "middle": "средняя треть", "bottom": "нижняя треть", "not_told_apart": "не различимы"}
MAX_TRENDS = 4


def page_of(office: Office) -> Page:
    """The page of this report for an office."""
    return Page(office, REPORT)


def deviations(office: Office) -> pd.DataFrame:
    """Deviation of every school from the municipality in the years of the window."""
    return yearly_deviation(office.indicators, RESULTS, list(office.indicators["year"].unique()))


def dynamics_facts(office: Office) -> dict[str, object]:
    """How the lists moved and which schools improve steadily."""
    facts: dict[str, object] = dict(list_facts(office))
    facts["lists_compared"] = int(len(office.previous) > 0)
    found = trends(deviations(office))
    facts["improving_count"] = len(largest_and_most_stable(found, schools=len(found)))
    facts["trends_total"] = int(found["slope"].notna().sum())
    return facts


def show_headlines(office: Office) -> Headlines:
    """The findings about change."""
    return Headlines(headlines(dynamics_facts(office), REPORT))


def show_decisions(office: Office) -> Decisions:
    """What has to be decided about change."""
    return Decisions(decisions(dynamics_facts(office), REPORT))


def show_moves(office: Office) -> Together:
    """The lists of two years side by side."""
    if office.previous.empty:
        text = f"Данных за {office.year - 1} год нет: сравнить перечни нельзя. Нужны таблицы предыдущего года."
        return Together(page_of(office).text("moves", text=text))
    moves = list_moves(office.previous, office.identification)
    count = {name: int(moves["move"].eq(name).sum()) for name in MOVES}
    heading = f"Вошли в перечни – {count['entered']}, вышли – {count['left']}, остаются – {count['stayed']}"
    frame = moves[moves["move"].ne("absent")].assign(
        school=moves["school_id"].map(office.school_names),
        category_word=moves["category"].map(CATEGORIES),
        move_word=moves["move"].map(MOVES),
    )
    table = page_of(office).table("list_moves", frame, year=office.year - 1, year2=office.year)
    return Together([Heading(heading), table])


def show_trends(office: Office) -> Together:
    """Trend of every school's results against the municipality, with its interval."""
    series = deviations(office)
    found = trends(series)
    years = sorted(int(year) for year in series["year"].unique())
    if found["slope"].notna().sum() == 0:
        text = (
            "Для тренда нужны результаты школ не меньше чем за три года: таблица «Результаты процедур» (exam_results). "
            "Изменения муниципалитета в целом, если они известны, показывает отчёт «Результаты»."
        )
        return Together(page_of(office).text("trends", text=text))
    best = largest_and_most_stable(found, schools=MAX_TRENDS)
    names = [office.school_names.get(school, school) for school in best["school_id"]]
    heading = (
        f"Устойчиво улучшаются {agree(len(best), SCHOOLS)}"
        if len(best)
        else "Устойчивого улучшения нет ни у одной школы"
    )
    frame = found.assign(
        school=found["school_id"].map(office.school_names), chance=found["p"].lt(0.05).map({True: "да", False: "нет"})
    )
    table = page_of(office).table("trends", frame, fact=" ".join(f"{text}." for text in series_breaks(years)))
    figure = page_of(office).figure(
        "trend_lines",
        plot_slope,
        series.assign(school=series["school_id"].map(office.school_names)),
        facts={
            "note": f"Разница с муниципалитетом по годам: выделены {', '.join(names)}"
            if names
            else "Разница с муниципалитетом по годам"
        },
        highlight=tuple(names),
    )
    return Together([Heading(heading), figure, table])


def show_waves(office: Office) -> Together:
    """The monitoring waves of the year: entry, interim, final."""
    names = [
        name
        for name in office.waves["indicator"].unique()
        if name.startswith(("below_minimum_rate[", "learning_quality_rate["))
    ]
    found = wave_changes(office.waves, names)
    if found.empty:
        text = "Промежуточного мониторинга нет: в таблицах «Результаты процедур» и «Успеваемость по журналу» не заполнен столбец «Волна»."
        return Together(page_of(office).text("waves", text=text))
    frame = found.assign(
        school=found["school_id"].map(office.school_names),
        measure=[indicator_label(name) for name in found["indicator"]],
    )
    table = page_of(office).table(
        "waves", frame, more={"more": {wave: Column(label_of("wave", wave).capitalize(), "percent") for wave in WAVES}}
    )
    measured = frame["school"].nunique()
    return Together([Heading(f"Мониторинг внутри года есть у {agree(measured, ('школы', 'школ', 'школ'))}"), table])


def show_rating(office: Office) -> Together:
    """The rating with intervals of places, in the order of school codes."""
    if office.audience == "public":
        text = (
            "Часть чисел скрыта, и по оставшимся места школ вышли бы другими. Рейтинг с интервалами мест – в отчёте для служебного "
            "пользования."
        )
        return Together(page_of(office).text("rating", text=text))
    year_names = sorted(
        name
        for name in office.indicators.loc[office.indicators["year"].eq(office.year), "indicator"].unique()
        if name.startswith("mean_percent[")
    )
    found = rating(office.indicators, year_names, office.year)
    if found.empty:
        text = (
            "Для рейтинга нужны результаты процедур не меньше двух школ: таблица «Результаты процедур» (exam_results)."
        )
        return Together(page_of(office).text("rating2", text=text))
    apart = int(found["group"].ne("not_told_apart").sum())
    frame = found.assign(school=found["school_id"].map(office.school_names), group_word=found["group"].map(GROUPS))
    table = page_of(office).table("rating", frame, apart=apart, found=len(found))
    return Together([Heading(f"Рейтинг различает {agree(apart, SCHOOLS)} из {len(found)}"), table])
