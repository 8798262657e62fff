"""Views of report 20: results of ГИА-9, ГИА-11 and ВПР, of learning and of olympiads, school by school and never as a league table."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from shnor_lib.analyses.results import (
    COMPULSORY,
    LEVELS,
    Results,
    Section,
    absences,
    analyse_results,
    below_town,
    main_measure,
    result_facts,
    tally,
    widest_gap,
)
from shnor_lib.indicators import applicable_procedures
from shnor_lib.indicators.catalogue import catalogue, part_label
from shnor_lib.inputs.dictionary import label_of, procedure_label
from shnor_lib.office.office import Office
from shnor_lib.pages.charts import plot_dot_intervals, plot_slope, plot_stacked_shares
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.furniture import Decisions, Heading, Headlines, Prose
from shnor_lib.pages.numbers import (
    FEW,
    HIDDEN,
    NBSP,
    NO_DATA,
    NOT_APPLICABLE,
    POINTS,
    RESULTS_OF,
    YEARS,
    agree,
    format_count,
    format_interval,
    format_number,
    format_percent,
    is_missing,
)
from shnor_lib.pages.page import Page
from shnor_lib.pages.phrases import decisions, headlines
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.words import word

REPORT = "20_results"
SECTIONS = {"gia9": "ГИА-9", "gia11": "ГИА-11", "vpr": "ВПР"}
AREAS = SECTIONS | {"learning": "Обучение по журналу", "olympiads": "Олимпиады", "changes": "Изменения"}
LEVEL_OF = {"municipality": "муниципалитета", "region": "региона", "country": "страны"}
MARKED = {
    "participants": Column("Участники", "count"),
    "mean_score": Column("Средний балл", "number"),
    "mean_percent": Column("Средний процент от максимума", "number"),
    "pass_rate": Column("Успеваемость", "percent"),
    "quality_rate": Column("Качество", "percent"),
    "below_minimum_rate": Column("Ниже минимума", "percent"),
    "learning_index": Column("СОУ", "number"),
}
SCORED = {
    "score_60_plus_rate": Column("От 60 баллов", "percent"),
    "score_80_plus_rate": Column("От 80 баллов", "percent"),
    "score_100_count": Column("100 баллов, человек", "count"),
}
OTHER_SCORES = {
    "score_70_plus_rate": Column("От 70 баллов", "percent"),
    "score_90_plus_rate": Column("От 90 баллов", "percent"),
}
"""Shares that a document may print instead of those of SCORED."""
STAGES = ("primary", "basic", "secondary", "basic_secondary", "all")
DIRECTIONS = {"fall": "хуже", "rise": "лучше"}
MARKS_NOTE = (
    "▼ хуже, ▲ лучше, ○ не отличается – значение уровня выше, ниже или внутри интервала школы; 95 из 100 таких интервалов "
    "содержат истинное значение, поэтому около 5 сравнений из 100 окажутся «хуже» или «лучше» случайно."
)
UNKNOWN_NOTE = "Где число участников не указано, названа разница с муниципалитетом; случайна ли она, сказать нельзя."


def page_of(results: Results) -> Page:
    """The page of this report for an office."""
    return Page(results.office, REPORT)


def measure_columns(section: str) -> dict[str, Column]:
    """The measures of a section; the mean on the 100-point scale is its own per cent of the maximum and has no СОУ."""
    if section != "gia11":
        return MARKED
    return {name: column for name, column in MARKED.items() if name not in ("mean_percent", "learning_index")} | SCORED


def read_results(office: Office) -> Results:
    """Everything the report shows, computed once."""
    return analyse_results(office)


def show_headlines(results: Results) -> Headlines:
    """The findings about results."""
    return Headlines(headlines(named_facts(results), REPORT))


def show_decisions(results: Results) -> Decisions:
    """What has to be decided about results."""
    return Decisions(decisions(named_facts(results), REPORT))


def named_facts(results: Results) -> dict[str, object]:
    """The facts with the words of the page for levels and stages."""
    facts = result_facts(results)
    facts["results_level"] = LEVEL_OF[results.level]
    if "learning_gap_part" in facts:
        facts["learning_gap_part"] = part_label("stage", facts["learning_gap_part"])
    return facts


def show_schools(results: Results) -> Together:
    """How many results of each school are worse, no different, better; one figure and one table."""
    office, level = results.office, results.level
    compared = pd.concat([section.schools for section in results.sections.values()])
    if compared.empty:
        text = "Результатов по школам нет. Нужна таблица «Результаты процедур» (exam_results) со строками школ."
        listed = table_official_list(office)
        return Together([Heading("Результаты школ не представлены"), Prose(text), *([listed] if listed else [])])
    counted = tally(compared, level).set_index("school_id").reindex(list(office.school_names)).fillna(0).astype(int)
    frame = counted.assign(school=list(office.school_names.values())).reset_index(drop=True)
    known = int(frame["compared"].sum())
    if not known:
        return show_named(results, compared)
    heading = (
        f"Хуже {LEVEL_OF[level]} – {format_number(frame['worse'].sum(), 0)} из {agree(known, RESULTS_OF)}, "
        f"лучше – {format_number(frame['better'].sum(), 0)}"
    )
    table = page_of(results).table(
        "results_by_school",
        frame,
        level_of=LEVEL_OF[level],
        minimum_participants=results.office.profile.results.minimum_participants,
        MARKS_NOTE=MARKS_NOTE,
    )
    shares = frame.assign(
        **{name: frame[name] / frame["compared"].where(frame["compared"] > 0) for name in ("worse", "same", "better")}
    )
    figure = page_of(results).figure("results_shares", plot_stacked_shares, shares, facts={"level_of": LEVEL_OF[level]})
    return Together([Heading(heading), figure, table])


def show_named(results: Results, compared: pd.DataFrame) -> Together:
    """Results of schools that a document names without participants, beside the municipality."""
    office = results.office
    worse = below_town(compared)
    rows = [
        {
            "school": label,
            "results": int(own.sum()),
            "below": int(worse[own].eq(True).sum()),
            "named": named_below(compared[own & worse.eq(True).fillna(False)]),
        }
        for school, label in office.school_names.items()
        if (own := compared["school_id"].eq(school) & compared["value"].notna()).any()
    ]
    below = int(worse.eq(True).sum())
    table = page_of(results).table(
        "results_named", pd.DataFrame(rows), below=below, value=int(compared["value"].notna().sum())
    )
    return Together([Heading("Результаты школ названы без числа участников"), table])


def named_below(own: pd.DataFrame) -> str:
    """Procedures with the school's value and the municipality's, in words."""
    return (
        "; ".join(
            f"{label_of('exam', row.part.split('/')[0])}, {short_label(row.part)} – {shown_value(row.value, row.measure)} "
            f"({shown_value(row.benchmark_municipality, row.measure)})"
            for row in own.itertuples()
        )
        or "нет"
    )


def table_official_list(office: Office) -> Table | None:
    """The low results of each school that an official list names instead of counts; None without such a list."""
    low = office.low_procedures
    if low.empty:
        return None
    low = low[low["low"].eq("met") & low["source"].eq("official_list")]
    low = low.assign(text=[f"{procedure_label(row.procedure)} ({row.year})" for row in low.itertuples()])
    listed = low.groupby("school_id")["text"].agg(["size", "; ".join]).reindex(list(office.school_names)).dropna()
    if listed.empty:
        return None
    frame = listed.reset_index().assign(school=lambda frame: frame["school_id"].map(office.school_names))
    return Page(office, REPORT).table("official_list", frame, low=len(low))


GRADUATES = {
    "gia9": ("continued_to_grade10_rate", "grade9_without_certificate_rate"),
    "gia11": ("without_certificate_rate", "honours_rate"),
}
"""What becomes of the graduates of a section."""


def table_graduates(office: Office, name: str) -> Table | None:
    """Graduates with and without certificates and their way on, in the municipality year by year; None without data.

    The public edition shows the shares only: a count of a few graduates could tell of persons.
    """
    rows = office.indicators
    rows = rows[rows["level"].eq("municipality") & rows["indicator"].isin(GRADUATES[name])]
    counts = office.audience != "public"
    rows = rows[rows["value"].notna() | (rows["numerator"].notna() & counts)].sort_values(["indicator", "year"])
    if rows.empty:
        return None
    frame = rows.assign(
        figure=[catalogue()[name].label for name in rows["indicator"]], year_text=rows["year"].astype(str)
    )
    numbers = {"numerator": Column("Число", "count"), "denominator": Column("Выпускников", "count")} if counts else {}
    return Page(office, REPORT).table(
        "graduates", frame, named=f"graduates_{name}", more={"more": numbers}, section=SECTIONS[name]
    )


def show_section(results: Results, name: str) -> Together:
    """One section of the note: the municipality by procedure, the years, the schools by procedure."""
    section, title = results.sections[name], SECTIONS[name]
    graduates = table_graduates(results.office, name) if name in GRADUATES else None
    if section.year is None:
        years = results.office.profile.results.years
        text = f"За {agree(years, YEARS)} результатов нет. Нужна таблица «Результаты процедур» (exam_results)."
        return Together([Heading(f"{title}: результатов нет"), Prose(text), *([graduates] if graduates else [])])
    shown: list[object] = [Heading(section_heading(results, section)), *show_years(results, name)]
    shown.append(table_municipality(results, name))
    if section.schools["value"].notna().any():
        shown.append(Heading(f"{title}: школы по предметам", 3))
        shown += [
            matrix(results, section.schools, parts, f"matrix_{name}_{key}", caption)
            for key, parts, caption in groups_of(section)
        ]
    else:
        shown.append(Prose("Результатов по школам нет: показаны только значения муниципалитета."))
    return Together([*shown, graduates] if graduates else shown)


def section_heading(results: Results, section: Section) -> str:
    """The finding of a section."""
    start = f"{SECTIONS[section.name]}, {section.year} год"
    code = section.schools[f"comparison_{results.level}"]
    known = int(code.ne("not_compared").sum())
    if known:
        worse, better = int(code.eq("worse").sum()), int(code.eq("better").sum())
        return f"{start}: хуже {LEVEL_OF[results.level]} {worse} из {agree(known, RESULTS_OF)} школ, лучше {better}"
    if section.schools["value"].notna().any():
        return f"{start}: участники не указаны, случайность разницы не оценить"
    return f"{start}: данные только по муниципалитету"


def short_label(procedure: str, with_grade: bool = True) -> str:
    """A procedure without what its section says already.

    >>> short_label("VPR/russian/5"), short_label("GVE/maths/9", with_grade=False), short_label("OGE/maths/9", False)
    ('русский язык, 5 класс', 'математика (ГВЭ)', 'математика')
    """
    exam, subject, grade = procedure.split("/")
    text = label_of("subject", subject)
    text += f" ({label_of('exam', exam)})" if exam in ("GVE", "RKR") else ""
    return text + (f", {grade} класс" if with_grade else "")


def groups_of(section: Section) -> list[tuple[str, list[str], str]]:
    """The procedures of a section in tables narrow enough for a sheet: compulsory and chosen subjects, grades of ВПР."""
    title, parts = SECTIONS[section.name], sorted(section.schools["part"].unique())
    if section.name == "vpr":
        grades = sorted({part.split("/")[2] for part in parts}, key=int)
        return [
            (
                grade,
                [part for part in parts if part.endswith(f"/{grade}")],
                f"{title}, {grade} класс, {section.year} год",
            )
            for grade in grades
        ]
    compulsory = [part for part in parts if part.split("/")[1] in COMPULSORY]
    chosen = [part for part in parts if part not in compulsory]
    groups = [
        ("compulsory", compulsory, f"{title}: обязательные предметы, {section.year} год"),
        ("chosen", chosen, f"{title}: предметы по выбору, {section.year} год"),
    ]
    return [group for group in groups if group[1]]


def shown_value(value: float, measure: str) -> str:
    """A rate as per cent, a score as it is."""
    return format_percent(value, 0) if catalogue()[measure].unit == "rate" else format_number(value, 1)


def matrix_cell(row: object, level: str) -> str:
    """A value with the mark of its comparison; a code when it is not there."""
    if getattr(row, "hidden", False) is True:
        return HIDDEN
    if row.few:
        return FEW
    if is_missing(row.value):
        return NO_DATA
    text = shown_value(row.value, row.measure)
    code = getattr(row, f"comparison_{level}")
    if code != "not_compared":
        return f"{text} {word('comparison', code).mark}"
    town = row.benchmark_municipality
    if is_missing(town):
        return text
    unit, scale = (f"{NBSP}п.{NBSP}п.", 100) if catalogue()[row.measure].unit == "rate" else ("", 1)
    difference = (row.value - town) * scale
    side = "выше" if difference > 0 else "ниже"
    return (
        f"{text}, {side} на{NBSP}{format_number(abs(difference), 0)}{unit}"
        if round(difference)
        else f"{text}, как в муниципалитете"
    )


def matrix(
    results: Results,
    compared: pd.DataFrame,
    parts: list[str],
    name: str,
    caption: str,
    labels: dict[str, str] | None = None,
) -> Table:
    """Schools by procedures, a value with its mark in every cell, the levels above in the last rows."""
    office, level = results.office, results.level
    labels = labels or {part: first_upper(short_label(part, with_grade=False)) for part in parts}
    own = compared[compared["part"].isin(parts)]
    cells = {(row.school_id, row.part): matrix_cell(row, level) for row in own.itertuples()}
    possible = {}
    if "/" in parts[0] and parts[0].count("/") == 2:
        found = applicable_procedures(office.schools, parts)
        possible = {(row.school_id, row.procedure): row.applicable for row in found.itertuples()}
    rows = [
        {"school": label}
        | {
            part: cells.get((school, part), NOT_APPLICABLE if possible.get((school, part)) is False else NO_DATA)
            for part in parts
        }
        for school, label in office.school_names.items()
    ]
    above = level_rows(own, parts)
    few = (
        f"[мало] – меньше {office.profile.results.minimum_participants} участников. "
        if any(FEW in row.values() for row in rows)
        else ""
    )
    known = own[f"comparison_{level}"].ne("not_compared").any()
    compared_with = f"Сравнение со значением {LEVEL_OF[level]}: {MARKS_NOTE} " if known else ""
    unknown = (
        UNKNOWN_NOTE if own["low"].isna().any() and own["benchmark_municipality"].notna().any() and not known else ""
    )
    return page_of(results).table(
        "matrix",
        pd.DataFrame([*rows, *above]),
        summary_rows=len(above),
        named=name,
        more={"more": {part: labels[part] for part in parts}},
        caption=caption,
        fact=f"{compared_with}{few}{unknown}".strip(),
    )


def level_rows(own: pd.DataFrame, parts: list[str]) -> list[dict[str, str]]:
    """The values of municipality, region and country under a matrix."""
    first = own.drop_duplicates("part").set_index("part")
    rows = []
    for level in LEVELS:
        values = first[f"benchmark_{level}"].reindex(parts)
        if values.notna().any():
            measures = first["measure"].reindex(parts)
            texts = {
                part: NO_DATA if is_missing(values[part]) else shown_value(values[part], measures[part])
                for part in parts
            }
            rows.append({"school": first_upper(label_of("level", level))} | texts)
    return rows


def first_upper(text: str) -> str:
    return text[0].upper() + text[1:]


def table_municipality(results: Results, name: str) -> Table:
    """The municipality by procedure: every measure, the region and the country beside the main one."""
    section = results.sections[name]
    rows = section.rows[section.rows["level"].eq("municipality") & section.rows["year"].eq(section.year)]
    values = rows.pivot_table(index="part", columns="measure", values="value", aggfunc="first", observed=True)
    frame = values.reset_index()
    frame["procedure"] = [first_upper(short_label(part, name == "vpr")) for part in frame["part"]]
    town = section.town.set_index("part")
    frame["word"] = town["comparison_region"].reindex(frame["part"]).fillna("not_compared").to_numpy()
    for level in ("region", "country"):
        frame[level] = [
            NO_DATA if is_missing(value) else shown_value(value, main_measure(part))
            for part, value in zip(frame["part"], town[f"benchmark_{level}"].reindex(frame["part"]), strict=True)
        ]
    code = section.schools[f"comparison_{results.level}"]
    for kind in ("worse", "better"):
        counted = code.eq(kind).groupby(section.schools["part"]).sum()
        frame[f"schools_{kind}"] = counted.reindex(frame["part"]).to_numpy()
    columns: dict[str, Column | str] = {"procedure": "Процедура"}
    measures = measure_columns(name)
    columns |= known_columns(frame, measures)
    if name == "gia11" and "score_80_plus_rate" not in columns:
        columns |= known_columns(frame, OTHER_SCORES)
    without_scale(frame)
    if town["benchmark_region"].notna().any():
        columns |= {"region": "Регион", "word": Column("Сравнение с регионом", "comparison")}
    if town["benchmark_country"].notna().any():
        columns |= {"country": "Страна"}
    if code.ne("not_compared").any():
        columns |= {
            "schools_worse": Column("Школ хуже", "count", missing=NOT_APPLICABLE),
            "schools_better": Column("Школ лучше", "count", missing=NOT_APPLICABLE),
        }
    absent = [column.label for measure, column in measures.items() if measure not in columns and measure in MARKED]
    counts = counted_persons(rows)
    note = "Регион и страна – качество, на ЕГЭ средний балл. " if "region" in columns else ""
    note += f"Не представлены: {', '.join(absent).lower().replace('соу', 'СОУ')}. " if absent else ""
    note += f"Названы только числом участников: {counts}." if counts else ""
    return page_of(results).table(
        "results",
        frame,
        named=f"results_{name}",
        more={"more": columns},
        section=SECTIONS[name],
        year=section.year,
        note=note.strip(),
    )


def known_columns(frame: pd.DataFrame, columns: dict[str, Column]) -> dict[str, Column]:
    """The measures that have a value anywhere."""
    return {name: column for name, column in columns.items() if name in frame and frame[name].notna().any()}


def without_scale(frame: pd.DataFrame) -> None:
    """Say of each measure that belongs to the other scale that it does not apply."""
    scored = frame["part"].map(main_measure).eq("mean_score") | frame["part"].str.contains("/maths_any/")
    for names, rows in ((("quality_rate", "learning_index"), scored), (tuple(SCORED), ~scored)):
        for name in names:
            if name in frame:
                frame[name] = frame[name].astype(object).mask(rows & frame[name].isna(), NOT_APPLICABLE)


def counted_persons(rows: pd.DataFrame) -> str:
    """Counts that the document gives without the number of participants."""
    alone = rows[rows["value"].isna() & rows["numerator"].notna() & ~rows["measure"].eq("score_100_rate")]
    return "; ".join(
        f"{short_label(row.part, with_grade=False)}, {catalogue()[row.measure].label.removeprefix('Доля ').lower()} – {format_number(row.numerator, 0)}"
        for row in alone.itertuples()
    )


def show_years(results: Results, name: str) -> list[object]:
    """The municipality over the years: table with breaks marked, and a figure of the largest changes."""
    section = results.sections[name]
    series = section.series
    years = [column for column in series.columns if isinstance(column, int)]
    if len(years) < 2 or series["change"].notna().sum() == 0:
        return [Prose(f"{SECTIONS[name]}: значения есть за один год, динамики нет.")]
    series = series[series["change"].notna()].reset_index(drop=True)
    rates = series["measure"].map(lambda measure: catalogue()[measure].unit).eq("rate")
    known = series[years]
    frame = series.assign(
        procedure=[first_upper(short_label(part, name == "vpr")) for part in series["part"]],
        whole=known.ffill(axis=1).iloc[:, -1] - known.bfill(axis=1).iloc[:, 0],
        kind=rates.map({True: "percent", False: "number"}),
        change_kind=rates.map({True: "points", False: "number"}),
        moved=[moved_word(change, beyond) for change, beyond in zip(series["change"], series["beyond"], strict=True)],
        breaks=series["breaks"].where(series["breaks"].ne(""), "нет"),
    )
    frame.columns = [f"y{column}" if isinstance(column, int) else column for column in frame.columns]
    tested = int(series["beyond"].notna().sum())
    changed = int(series["beyond"].eq(True).sum())
    fell, rose = int(series["change"].lt(0).sum()), int(series["change"].gt(0).sum())
    caption = (
        f"{SECTIONS[name]} по годам: больше случайного изменились {changed} из {tested} значений муниципалитета"
        if tested
        else f"{SECTIONS[name]} по годам: снизилось {fell}, выросло {rose} из {len(frame)} значений муниципалитета"
    )
    longer = known.notna().sum(axis=1).gt(2).any()
    table = page_of(results).table(
        "years",
        frame,
        named=f"years_{name}",
        more={
            "more": {f"y{year}": Column(f"{year} год", by_row="kind") for year in years},
            "slot2": {"whole": Column("Изменение за все годы", by_row="change_kind")} if longer else {},
        },
        caption=caption,
    )
    return [table, plot_years(results, name, frame, years)] if name != "vpr" else [table]


def moved_word(change: float, beyond: object) -> str:
    """Where a value moved, and whether by more than chance where that could be tested.

    >>> moved_word(-0.1, None), moved_word(0.1, True), moved_word(-0.1, False)
    ('снизилось', 'выросло больше случайного', 'в пределах случайного')
    """
    if not is_missing(beyond) and not beyond:
        return "в пределах случайного"
    side = "выросло" if change > 0 else "снизилось" if change < 0 else "не изменилось"
    return side if is_missing(beyond) else f"{side} больше случайного"


def plot_years(results: Results, name: str, frame: pd.DataFrame, years: list[int]) -> Figure:
    """The procedures of one section over the years, the four with the largest changes named."""
    same = frame[frame["kind"].eq(frame["kind"].mode()[0])]
    order = same["change"].abs().sort_values(ascending=False, kind="stable").index[:4]
    named = same.loc[order, "procedure"].tolist()
    long = same.melt(id_vars="procedure", value_vars=[f"y{year}" for year in years], var_name="year")
    long = long.assign(year=long["year"].str[1:].astype(int))
    as_percent = same["kind"].iloc[0] == "percent"
    largest = same.loc[order[0]]
    change = round(abs(largest["change"]) * (100 if as_percent else 1))
    by = f"{format_count(change)}{NBSP}п.{NBSP}п." if as_percent else agree(change, POINTS)
    direction = "выросло" if largest["change"] > 0 else "снизилось"
    subject = largest["procedure"].lower()
    caption = f"{SECTIONS[name]} по годам: сильнее всего {direction} значение по предмету «{subject}», на{NBSP}{by}"
    return page_of(results).figure(
        "lines",
        plot_slope,
        long,
        named=f"lines_{name}",
        facts={"caption": caption, "name_": name},
        highlight=tuple(named),
        as_percent=as_percent,
        label="доля «4» и «5»" if as_percent else "средний балл",
        alt=f"Линии муниципалитета по годам {years[0]}–{years[-1]}, предметов: {len(same)}; названы: {', '.join(named)}."[
            :300
        ],
    )


def show_changes(results: Results) -> Together:
    """Results of schools that fell or rose since the latest year before by more than chance."""
    changes, year = results.changes, results.office.year
    if changes.empty:
        text = (
            "Для проверки нужны результаты школ с числом участников за два года: таблица «Результаты процедур» (exam_results). "
            "Ухудшения и улучшения, названные документом без числа участников, показаны в динамике муниципалитета."
        )
        return Together(page_of(results).text("changes", year=year, text=text))
    found = changes[changes["direction"].ne("none")]
    names = results.office.school_names
    units = found["measure"].map({measure: catalogue()[measure].unit for measure in found["measure"].unique()})
    rates = units.eq("rate")
    frame = found.assign(
        school=found["school_id"].map(names),
        measure_label=[
            f"{label_of('exam', part.split('/')[0])}, {short_label(part)}: {catalogue()[measure].label.lower()}"
            for part, measure in zip(found["part"], found["measure"], strict=True)
        ],
        direction_word=found["direction"].map(DIRECTIONS),
        compared_with=found["year_before"].astype(int).astype(str)
        + found["breaks"].map(lambda text: " *" if text else ""),
        people=found["participants_before"].map(format_count) + " и " + found["participants"].map(format_count),
        kind=rates.map({True: "percent", False: "number"}),
        change_kind=rates.map({True: "points", False: "number"}),
    )
    frame = frame.assign(order=frame["direction"].eq("rise")).sort_values(
        ["order", "school_id", "indicator"], kind="stable"
    )
    falls, rises = int(found["direction"].eq("fall").sum()), int(found["direction"].eq("rise").sum())
    table = page_of(results).table(
        "results_changes",
        frame,
        falls=falls + rises,
        changes=len(changes),
        falls2=falls,
        rises=rises,
        minimum_participants=results.office.profile.results.minimum_participants,
        false_discovery=results.office.profile.results.false_discovery,
        note=f"* Разрыв ряда: {'; '.join(sorted(set(found['breaks']) - {''}))}."
        if found["breaks"].ne("").any()
        else "",
    )
    return Together(
        [
            Heading(
                f"Больше случайного ухудшились {falls} из {agree(len(changes), RESULTS_OF)} школ, улучшились {rises}"
            ),
            table,
        ]
    )


def show_learning(results: Results) -> Together:
    """Quality and standard of learning by stage and subject, school by school, and the years."""
    if results.learning_year is None:
        text = "Годовых отметок нет. Нужна таблица «Успеваемость по журналу» (learning_marks)."
        return Together(page_of(results).text("learning", text=text))
    year, compared = results.learning_year, results.learning_schools
    town = results.learning[results.learning["level"].eq("municipality") & results.learning["year"].eq(year)]
    figure = plot_learning(results)
    shown: list[object] = [Heading(learning_heading(results, town)), *([figure] if figure else [])]
    for measure, key, title in (
        ("learning_quality_rate", "quality", "Качество обучения"),
        ("learning_standard_rate", "standard", "Стандарт обученности"),
    ):
        own = compared[compared["measure"].eq(measure)]
        parts = sorted(
            own["part"].unique(), key=lambda part: (STAGES.index(part.split("/")[0]), part.split("/")[1] != "all", part)
        )
        if not parts:
            shown.append(
                Prose(
                    f"{title} по школам не посчитан. Нужны отметки школ в таблице «Успеваемость по журналу» (learning_marks)."
                )
            )
            continue
        labels = {part: first_upper(part_label("stage", part)) for part in parts}
        shown.append(
            matrix(results, own, parts, f"learning_{key}", f"{title} по уровням и предметам, {year} год", labels)
        )
    shown.append(table_learning_years(results))
    return Together(shown)


def learning_heading(results: Results, town: pd.DataFrame) -> str:
    """The finding on quality of learning in the municipality."""
    quality = town[town["measure"].eq("learning_quality_rate") & town["part"].str.endswith("/all")]
    quality = quality.sort_values(
        "part", key=lambda parts: parts.str.split("/").str[0].map(STAGES.index), kind="stable"
    )
    told = ", ".join(
        f"{part_label('stage', row.part).removesuffix(', все предметы')} – {format_percent(row.value, 0)}"
        for row in quality.itertuples()
    )
    return (
        f"Качество обучения, {results.learning_year} год: {told}"
        if told
        else f"Качество обучения, {results.learning_year} год"
    )


def table_learning_years(results: Results) -> Table:
    """Quality and standard of learning over the years: the municipality, and schools for all subjects together."""
    rows = results.learning[results.learning["measure"].isin(("learning_quality_rate", "learning_standard_rate"))]
    several = (
        rows["level"].eq("school") & rows["part"].str.endswith("/all") & rows["measure"].eq("learning_quality_rate")
    )
    wide = rows[rows["level"].eq("municipality") | several].pivot_table(
        index=["level", "school_id", "measure", "part"], columns="year", values="value", aggfunc="first", observed=True
    )
    years = list(wide.columns)
    frame = wide.set_axis([f"y{year}" for year in years], axis=1).reset_index()
    frame = frame[frame["level"].eq("municipality") | (frame[[f"y{year}" for year in years]].notna().sum(axis=1) > 1)]
    frame = frame.assign(
        who=frame["school_id"].map(results.office.school_names).fillna("Муниципалитет"),
        stage=[first_upper(part_label("stage", part)) for part in frame["part"]],
        label=frame["measure"].map({"learning_quality_rate": "качество", "learning_standard_rate": "стандарт"}),
    )
    return page_of(results).table(
        "learning_years", frame, more={"more": {f"y{year}": Column(f"{year} год", "percent") for year in years}}
    )


def plot_learning(results: Results) -> Figure | None:
    """Quality of learning of the schools at the stage most schools have, with intervals."""
    own = results.learning_schools
    own = own[own["measure"].eq("learning_quality_rate") & own["part"].str.endswith("/all") & own["low"].notna()]
    if len(own) < 2:
        return None
    part = own["part"].value_counts().sort_index().idxmax()
    own = (
        own[own["part"].eq(part)]
        .set_index("school_id")
        .reindex(list(results.office.school_names))
        .dropna(subset=["value"])
    )
    level = "municipality"
    code = own[f"comparison_{level}"]
    stage = part_label("stage", part).removesuffix(", все предметы")
    frame = own.assign(school=own.index.map(results.office.school_names), comparison=code)
    return page_of(results).figure(
        "learning_dots",
        plot_dot_intervals,
        frame,
        facts={
            "stage": stage,
            "code": int(code.eq("worse").sum()),
            "own": len(own),
            "code2": int(code.eq("better").sum()),
        },
        benchmark=float(own[f"benchmark_{level}"].iloc[0]),
    )


def show_gaps(results: Results) -> Together:
    """The gap between the highest and the lowest value among the schools, now and the year before."""
    if results.gaps.empty:
        text = (
            "Для разрыва нужны значения не меньше двух школ: таблицы «Успеваемость по журналу» (learning_marks) и "
            "«Результаты процедур» (exam_results)."
        )
        return Together(page_of(results).text("gaps", text=text))
    key = ["measure", "part"]
    ordered = results.gaps[results.gaps["part"].map(is_key_part)].sort_values("year", kind="stable")
    latest = ordered.drop_duplicates(key, keep="last")
    before = ordered[~ordered.index.isin(latest.index)].drop_duplicates(key, keep="last")
    frame = latest.merge(before[[*key, "year", "gap"]], on=key, how="left", suffixes=("", "_before"))
    wide = widest_gap(results)
    names = results.office.school_names
    frame = frame.assign(
        label=[gap_label(measure, part) for measure, part in zip(frame["measure"], frame["part"], strict=True)],
        year_text=frame["year"].astype(int).astype(str),
        low_text=ends_text(frame, "lowest", names),
        high_text=ends_text(frame, "highest", names),
        change=frame["gap"] - frame["gap_before"],
        widest=[
            wide is not None and (row.measure, row.part) == (wide["measure"], wide["part"])
            for row in frame.itertuples()
        ],
    ).sort_values("label", kind="stable")
    narrower, compared = int(frame["change"].lt(0).sum()), int(frame["change"].notna().sum())
    heading = (
        f"Разрыв между школами сократился по {narrower} из {compared} показателей"
        if compared
        else f"Разрыв между школами посчитан за один год, показателей – {len(frame)}"
    )
    rates = frame["measure"].map(lambda measure: catalogue()[measure].unit).eq("rate")
    tables = [table_gaps(results, frame[rates], "rates", "points")]
    tables += [table_gaps(results, frame[~rates], "scores", "number")] if (~rates).any() else []
    return Together([Heading(heading), *tables])


def table_gaps(results: Results, frame: pd.DataFrame, scale: str, difference: str) -> Table:
    """Gaps of one kind of numbers: rates, or mean scores of ЕГЭ."""
    caption = "Разрыв между школами с наибольшим и наименьшим значением"
    few_named = frame["schools"].min() < len(results.office.schools) / 2
    part_of_schools = (
        "Где названа меньшая часть школ, настоящий разрыв может быть шире показанного. " if few_named else ""
    )
    return page_of(results).table(
        "gaps",
        frame,
        named=f"gaps_{scale}",
        more={
            "more": {"gap": Column("Разрыв", difference)},
            "slot2": {"gap_before": Column("Разрыв годом раньше", difference)},
            "slot3": {"widest": Column("Самый широкий в обучении", "flag")} if scale == "rates" else {},
        },
        note=f"{caption}: качество" if scale == "rates" else f"{caption}: средний балл ЕГЭ",
        part_of_schools=part_of_schools,
    )


def ends_text(frame: pd.DataFrame, end: str, names: Mapping[str, str]) -> list[str]:
    """The value at one end of a gap with the school's name."""
    return [
        f"{shown_value(value, measure)} – {names[school]}"
        for value, measure, school in zip(frame[end], frame["measure"], frame[f"{end}_school"], strict=True)
    ]


def is_key_part(part: str) -> bool:
    """Whether a gap is shown: russian and maths of the procedures, learning over all subjects."""
    words = part.split("/")
    return words[1] == "all" if len(words) == 2 else words[1] in COMPULSORY


def gap_label(measure: str, part: str) -> str:
    """A measure with its procedure or stage in words."""
    if measure.startswith("learning_"):
        return f"Обучение: {part_label('stage', part).removesuffix(', все предметы')}"
    return f"{label_of('exam', part.split('/')[0])}: {short_label(part)}"


def show_olympiads(results: Results) -> Together:
    """Olympiads: the municipality by stage and year, the schools in the year of the run."""
    totals, office = results.olympiads, results.office
    if totals.empty:
        return Together(page_of(results).text("olympiads"))
    rates = office.indicators[
        office.indicators["level"].eq("municipality")
        & office.indicators["indicator"].str.startswith("olympiad_participants_rate[")
    ]
    shares = {(row.indicator.split("[")[1].rstrip("]"), row.year): row.value for row in rates.itertuples()}
    frame = totals.assign(
        stage_word=[first_upper(label_of("olympiad_stage", stage)) for stage in totals["stage"]],
        year_text=totals["year"].astype(str),
        current=totals["year"].eq(office.year),
        share=[shares.get((row.stage, row.year)) for row in totals.itertuples()],
    ).astype({"share": float})
    table = page_of(results).table(
        "olympiads",
        frame,
        note="Итог муниципалитета – сумма по школам, которые дали сведения." if totals["schools"].gt(0).any() else "",
    )
    shown: list[object] = [Heading(olympiad_heading(frame, office.year)), table]
    schools = table_olympiad_schools(results)
    return Together(
        [*shown, schools]
        if schools
        else [*shown, Prose("Олимпиады по школам: нужны строки школ в таблице «Олимпиады» (olympiads).")]
    )


def olympiad_heading(frame: pd.DataFrame, year: int) -> str:
    """The finding on the municipal stage."""
    own = frame[frame["stage"].eq("municipal") & frame["year"].eq(year)]
    if own.empty or is_missing(own["participants"].iloc[0]):
        return "Олимпиады по этапам и годам"
    row = own.iloc[0]
    parts = [f"участников {format_number(row['participants'], 0)}"]
    parts += [
        f"{label} {format_number(row[name], 0)}"
        for name, label in (("winners", "победителей"), ("prize_winners", "призёров"))
        if not is_missing(row[name])
    ]
    return f"Муниципальный этап олимпиад, {year} год: {', '.join(parts)}"


def table_olympiad_schools(results: Results) -> Table | None:
    """Olympiads of the schools in the year of the run."""
    office = results.office
    rows = office.tables["olympiads"]
    rows = rows[rows["level"].eq("school") & rows["year"].eq(office.year)]
    if rows.empty:
        return None
    rates = office.indicators[office.indicators["year"].eq(office.year) & office.indicators["level"].eq("school")]
    rates = rates[rates["indicator"].str.startswith("olympiad_participants_rate[")].set_index(
        ["school_id", "indicator"]
    )["value"]
    frame = rows.assign(
        school=rows["school_id"].map(office.school_names),
        stage_word=[first_upper(label_of("olympiad_stage", stage)) for stage in rows["stage"]],
        share=[
            rates.get((school, f"olympiad_participants_rate[{stage}]"))
            for school, stage in zip(rows["school_id"], rows["stage"], strict=True)
        ],
    ).sort_values(
        ["school_id", "stage"],
        key=lambda column: (
            column.map({"municipal": 0, "regional": 1, "national": 2}) if column.name == "stage" else column
        ),
        kind="stable",
    )
    return page_of(results).table("olympiads_schools", frame.astype({"share": float}), year=office.year)


def show_details(results: Results) -> Together:
    """Every measure of every school and procedure, for analysts."""
    shown: list[object] = [Heading("Чего не хватило и все показатели школ"), table_absences(results)]
    shown += [
        table_details(results, name)
        for name, section in results.sections.items()
        if section.schools["value"].notna().any()
    ]
    return Together(shown)


def table_details(results: Results, name: str) -> Table:
    """One row per school and procedure of a section; a value of few participants is not shown."""
    section, office = results.sections[name], results.office
    rows = section.rows[section.rows["level"].eq("school") & section.rows["year"].eq(section.year)]
    wide = rows.pivot_table(
        index=["school_id", "part"], columns="measure", values="value", aggfunc="first", observed=True
    )
    compared = section.schools.set_index(["school_id", "part"])
    frame = (
        wide.reindex(compared.index)
        .join(compared.drop(columns=["indicator", "municipality"], errors="ignore"), rsuffix="_row")
        .reset_index()
    )
    frame["school"] = frame["school_id"].map(office.school_names)
    frame["procedure"] = [first_upper(short_label(part, name == "vpr")) for part in frame["part"]]
    measures = {measure: column for measure, column in measure_columns(name).items() if measure != "participants"}
    columns = known_columns(frame, measures)
    without_scale(frame)
    for measure in columns:
        frame[measure] = frame[measure].astype(object).mask(frame["few"] & frame[measure].ne(NOT_APPLICABLE), FEW)
    if "hidden" in rows:
        hidden = rows[rows["hidden"].eq(True)].groupby(["school_id", "part"], observed=True)["measure"].agg(set)
        places = frame.set_index(["school_id", "part"]).index.map(hidden)
        for measure in columns:
            gone = [isinstance(names, set) and measure in names for names in places]
            frame[measure] = frame[measure].mask(pd.Series(gone, index=frame.index) & frame[measure].isna(), HIDDEN)
    frame["interval"] = [
        FEW
        if row.few
        else format_interval(
            row.low, row.high, 0 if row.measure == "quality_rate" else 1, as_percent=row.measure == "quality_rate"
        )
        for row in frame.itertuples()
    ]
    head: dict[str, Column | str] = {"school": "Школа", "procedure": "Процедура"}
    head |= (
        {"participants": MARKED["participants"]}
        if "participants" in frame and frame["participants"].notna().any()
        else {}
    )
    head |= columns | {"interval": "Интервал 95 %"}
    for level in LEVELS:
        if frame[f"comparison_{level}"].ne("not_compared").any():
            frame[f"word_{level}"] = frame[f"comparison_{level}"].astype(object).mask(frame["few"], FEW)
            head |= {f"word_{level}": Column(f"Сравнение: {label_of('level', level)}", "comparison")}
    return page_of(results).table(
        "details", frame, named=f"details_{name}", more={"more": head}, section=SECTIONS[name], year=section.year
    )


def table_absences(results: Results) -> Table:
    """What could not be computed and which table would allow it."""
    frame = absences(results)
    return page_of(results).table("results_absent", frame.assign(area=frame["area"].map(AREAS)))
