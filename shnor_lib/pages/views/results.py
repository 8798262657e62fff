"""Views of report 20: results of ГИА-9, ГИА-11 and ВПР, of learning and of olympiads, school by school and never as a league table."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from shnor_lib.analyses import funnels as limits
from shnor_lib.analyses import note
from shnor_lib.analyses import results as analysis
from shnor_lib.analyses import subject_changes as moves
from shnor_lib.analyses.naming import named
from shnor_lib.analyses.results import LEVELS, Results, Section
from shnor_lib.indicators.catalogue import catalogue, part_label
from shnor_lib.inputs.dictionary import label_of, procedure_label
from shnor_lib.office.office import Office
from shnor_lib.pages import marks, numbers
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.charts import plot_dot_intervals, plot_funnels, plot_slope
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.numbers import FEW, HIDDEN, NBSP, NO_DATA, NOT_APPLICABLE, is_missing, lower_first, upper_first
from shnor_lib.pages.page import Page, Report
from shnor_lib.pages.saying import say
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.words import word

SPEC = report_spec("20_results")
SECTIONS, LEVEL_OF = SPEC.words["section"], SPEC.words["level_of"]
SCORED = ("score_60_plus_rate", "score_80_plus_rate", "score_100_count")
OTHER_SCORES = ("score_70_plus_rate", "score_90_plus_rate")
"""Shares that a document may print instead of those of SCORED."""
SPARKLINE, STRIP, SHARES, CHANGE = 44, 96, 150, 110
"""Widths of the drawings in tables, in pixels."""
MOST_NAMED = 8
SHEET = 40
"""More rows than a sheet holds: the page prints those that tell something, the file has all."""
UNSPLIT = 15
"""Rows that a printed table holds without a break: more subjects of olympiads stand in the file, the page names those with diplomas."""
OLYMPIADS = ("olympiad_participants", "olympiad_winners", "olympiad_prize_winners")


def named_facts(results: Results) -> dict[str, object]:
    """The facts with the words of the page for levels and stages."""
    facts = analysis.result_facts(results)
    facts["results_level"] = LEVEL_OF[results.level]
    if "learning_gap_part" in facts:
        facts["learning_gap_part"] = part_label("stage", facts["learning_gap_part"])
    return facts


REPORT = Report("20_results", named_facts)
read_results = analysis.analyse_results
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_schools(results: Results, tally: pd.DataFrame) -> Together:
    """How many results of each school are worse, no different, better; one figure and one table."""
    page, level = page_of(results), LEVEL_OF[results.level]
    facts = analysis.result_facts(results) | {"level_of": level}
    if note.all_schools(results).empty:
        return Together([*page.text("schools_absent"), *table_official_list(page)])
    if not facts["results_compared"]:
        return show_named(page, results)
    reading = results.office.profile.results
    least = {name: getattr(reading, name) for name in ("minimum_participants", "minimum_others")}
    drawn = [shares_drawn(page, row) for row in tally.to_dict("records")]
    shown = telling(tally["worse"].gt(tally["better"]))
    table = page.table(
        "results_by_school", tally.assign(drawn=drawn), shown=shown, part=shown is not None, **least, **facts
    )
    return Together([*page.text("schools", **facts), table])


def telling(rows: pd.Series) -> pd.Series | None:
    """Which rows of a table of schools a page prints: all that fit on a sheet, else those that tell something."""
    return None if len(rows) <= SHEET else rows.eq(True)


def shares_drawn(page: Page, row: dict) -> marks.Mark | None:
    """How the compared results of a school fall into worse, no different and better; nothing where none is compared."""
    if not row["compared"]:
        return None
    words = page.words["shares"]
    parts = [
        (words[name], int(row[name]), tone)
        for name, tone in (("worse", "alarm"), ("same", "third"), ("better", "first"))
    ]
    return marks.partition(parts, ", ".join(f"{word}: {count}" for word, count, _ in parts), width=SHARES)


def show_named(page: Page, results: Results) -> Together:
    """Results of schools that a document names without participants, beside the municipality."""
    named = note.named_results(results)
    table = page.table(
        "results_named",
        named.assign(named=[named_below(one.rows) if one.held else None for one in named.itertuples()]),
        below=named["below"].sum(),
        held=named["held"].sum(),
        results=named["results"].sum(),
    )
    return Together([*page.text("schools_named"), table])


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


def table_official_list(page: Page) -> list[Table]:
    """The low results of each school that an official list names instead of counts; nothing without such a list."""
    listed = note.official_list(page.office)
    if listed.empty:
        return []
    named = ["; ".join(f"{procedure_label(one)} ({year})" for one, year in own) for own in listed["procedures"]]
    return [page.table("official_list", listed.assign(join=named), low=listed["size"].sum())]


def table_graduates(page: Page, name: str) -> list[Table]:
    """Graduates with and without certificates and their way on, in the municipality year by year; nothing without data.

    The public edition shows the shares only: a count of a few graduates could tell of persons.
    """
    rows, public = note.graduates(page.office, name), page.office.audience == "public"
    if rows.empty:
        return []
    more = {"numbers": {} if public else page.words["graduates"]}
    return [page.table("graduates", rows, named=f"graduates_{name}", more=more, section=SECTIONS[name])]


def show_section(results: Results, name: str) -> Together:
    """One section of the note: the municipality by procedure, the years, the schools by procedure."""
    section, title, page = results.sections[name], SECTIONS[name], page_of(results)
    graduates = table_graduates(page, name)
    if section.year is None:
        years = results.office.profile.results.years
        return Together([*page.text("section_absent", section=title, years=years), *graduates])
    counts = analysis.comparison_counts(section.schools, results.level)
    kind = "compared" if counts["compared"] else "named" if counts["valued"] else "town"
    facts = counts | {"section": title, "year": section.year, "level_of": LEVEL_OF[results.level]}
    heading = page.text(f"section_{kind}", **facts)
    if kind == "compared":
        tables = [one for one in show_years(page, section) if isinstance(one, Table)]
        files = [file_of(page, one) for one in (*tables, table_municipality(page, results, section))]
        return Together([*heading, table_subjects(page, results, section), *graduates, *files])
    shown: list[object] = [*heading, *show_years(page, section)]
    shown.append(table_municipality(page, results, section))
    shown += page.text("subjects" if counts["valued"] else "subjects_absent", section=title)
    if counts["valued"]:
        for key, parts in note.groups_of_parts(section).items():
            of = say(page.words["parts"].get(key, "{section}, {key} класс"), {"section": title, "key": key})
            caption = f"{of}, {section.year} год"
            shown.append(matrix(page, results, section.schools, parts, f"matrix_{name}_{key}", caption))
    return Together([*shown, *graduates])


def file_of(page: Page, table: Table) -> Attachment:
    """A table that goes to files only."""
    return Attachment(table, say(page.words["files"]["table"], {"caption": table.caption}))


def table_subjects(page: Page, results: Results, section: Section) -> Table:
    """Subject by subject: the municipality over the years and beside the region, and which schools are worse and better."""
    frame, level = note.subjects(section, results.level), results.level
    names = results.office.school_names
    frame = frame.assign(
        procedure=procedures(frame["part"], section.name == "vpr"),
        kind=frame["rate"].map({True: "percent", False: "number"}),
        years=[years_drawn(row) for row in frame.to_dict("records")],
        drawn=[schools_drawn(page, row) for row in frame.to_dict("records")],
        **{
            side: [told_schools(page, row, side, names) for row in frame.to_dict("records")]
            for side in ("worse", "better")
        },
        **{f"{side}_ids": frame[side].map(";".join) for side in ("worse", "better")},
    )
    differs = frame["comparison"].isin(["worse", "better"])
    return page.table(
        "subjects",
        frame,
        named=f"subjects_{section.name}",
        shown=frame["compared"].gt(0) | differs,
        section=SECTIONS[section.name],
        year=section.year,
        level_of=LEVEL_OF[level],
        few=results.office.profile.results.minimum_participants,
    )


def years_drawn(row: dict) -> marks.Mark | None:
    """The municipality's value of a subject over the years; nothing for one year."""
    known = {year: value for year, value in row["values"].items() if not is_missing(value)}
    if len(known) < 2:
        return None
    says = ", ".join(f"{year}: {value_text(value, row['rate'])}" for year, value in known.items())
    scale = marks.Scale(0, 1 if row["rate"] else 100, SPARKLINE)
    return marks.sparkline(list(row["values"].values()), scale, says, reference=None)


def schools_drawn(page: Page, row: dict) -> marks.Mark | None:
    """The schools of a subject on one line around the value they are compared with; nothing where none is compared."""
    if not row["points"]:
        return None
    tones = {"worse": "bad", "better": "good", "same": "value"}
    scale = marks.Scale(0, 1 if row["rate"] else 100, STRIP)
    says = say(
        page.words["drawn"]["schools"],
        {side: len(row[side]) for side in ("worse", "better")} | {"compared": row["compared"]},
    )
    points = [(value, tones[code]) for value, code in row["points"] if not is_missing(value)]
    return marks.strip(points, scale, says, references={"municipality": row["against"]})


def told_schools(page: Page, row: dict, side: str, names: dict[str, str]) -> str | None:
    """The schools of one side by name, more than eight by number; nothing where none is compared."""
    if not row["compared"]:
        return None
    if len(row[side]) > MOST_NAMED:
        return numbers.agree(len(row[side]), ("школа", "школы", "школ"))
    return ", ".join(names.get(school, school) for school in row[side]) or page.words["drawn"]["none"]


def value_text(value: float, rate: bool) -> str:
    """A share as per cent, a score as it is."""
    return numbers.format_percent(value, 0) if rate else numbers.format_number(value, 1)


def short_label(procedure: str, with_grade: bool = True) -> str:
    """A procedure without what its section says already.

    >>> short_label("VPR/russian/5"), short_label("GVE/maths/9", with_grade=False), short_label("OGE/maths/9", False)
    ('русский язык, 5 класс', 'математика (ГВЭ)', 'математика')
    """
    exam, subject, grade = procedure.split("/")
    text = label_of("subject", subject)
    text += f" ({label_of('exam', exam)})" if exam not in ("OGE", "EGE", "VPR") else ""
    return text + (f", {grade} класс" if with_grade else "")


def procedures(parts: Iterable[str], with_grade: bool) -> list[str]:
    """Procedures as a table names them in its rows or columns."""
    return [upper_first(short_label(part, with_grade)) for part in parts]


def shown_value(value: float, measure: str) -> str:
    """A rate as per cent, a score as it is."""
    return value_text(value, catalogue()[measure].unit == "rate")


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
        f"{text}, {side} на{NBSP}{numbers.format_number(abs(difference), 0)}{unit}"
        if round(difference)
        else f"{text}, как в муниципалитете"
    )


def matrix(
    page: Page,
    results: Results,
    compared: pd.DataFrame,
    parts: list[str],
    name: str,
    caption: str,
    labels: dict[str, str] | None = None,
    level: str = "",
) -> Table:
    """Schools by procedures, a value with its mark in every cell, the levels above in the last rows.

    A school without any value is in the file alone.
    """
    office, level = results.office, level or results.level
    labels = labels or dict(zip(parts, procedures(parts, with_grade=False), strict=True))
    own = compared[compared["part"].isin(parts)]
    cells = {(row.school_id, row.part): matrix_cell(row, level) for row in own.itertuples()}
    cells = dict.fromkeys(note.impossible(office, parts), NOT_APPLICABLE) | cells
    rows = [
        {"school": office.school_names[school], "school_id": school}
        | {part: cells.get((school, part), NO_DATA) for part in parts}
        for school in office.schools["school_id"]
    ]
    above = [row | {"school_id": NOT_APPLICABLE} for row in level_rows(own, parts)]
    known = own[f"comparison_{level}"].ne("not_compared").any()
    few = any(FEW in row.values() for row in rows)
    return page.table(
        "matrix",
        pd.DataFrame([*rows, *above]),
        named=name,
        more={"parts": labels},
        summary_rows=len(above),
        shown=[any(row[part] not in (NO_DATA, NOT_APPLICABLE) for part in parts) for row in [*rows, *above]],
        caption=caption,
        level_of=LEVEL_OF[level] if known else None,
        few=office.profile.results.minimum_participants if few else None,
        unknown=not known and own["low"].isna().any() and own["benchmark_municipality"].notna().any(),
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
            rows.append({"school": upper_first(label_of("level", level))} | texts)
    return rows


def table_municipality(page: Page, results: Results, section: Section) -> Table:
    """The municipality by procedure: every measure, the region and the country beside the main one."""
    name, frame = section.name, note.town_values(section, results.level)
    frame["procedure"] = procedures(frame["part"], name == "vpr")
    for level in ("region", "country"):
        values = zip(frame["part"], frame[f"benchmark_{level}"], strict=True)
        frame[level] = [
            None if is_missing(value) else shown_value(value, analysis.main_measure(part)) for part, value in values
        ]
    if "score_80_plus_rate" in frame and frame["score_80_plus_rate"].notna().any():
        frame = frame.drop(columns=list(OTHER_SCORES), errors="ignore")
    without_scale(frame)
    regional = frame["region"].notna().any()
    counts = "; ".join(
        f"{short_label(row.part, with_grade=False)}, {catalogue()[row.measure].label.removeprefix('Доля ').lower()} – {numbers.format_count(row.numerator)}"
        for row in note.counted_persons(section).itertuples()
    )
    return page.table(
        "results_of_points" if name == "gia11" else "results",
        frame if regional else frame.drop(columns="comparison"),
        named=f"results_{name}",
        section=SECTIONS[name],
        year=section.year,
        regional=regional,
        counts=counts or None,
    )


def without_scale(frame: pd.DataFrame) -> None:
    """Say of each measure that belongs to the other scale that it does not apply."""
    for name, rows in note.other_scale(frame, SCORED, ("quality_rate", "learning_index")).items():
        if frame[name].notna().any():
            frame[name] = frame[name].astype(object).mask(rows & frame[name].isna(), NOT_APPLICABLE)


def kinds(rates: pd.Series) -> dict[str, pd.Series]:
    """How values and their changes are printed: shares, or scores."""
    return {
        "kind": rates.map({True: "percent", False: "number"}),
        "change_kind": rates.map({True: "points", False: "number"}),
    }


def show_years(page: Page, section: Section) -> list[object]:
    """The municipality over the years: table with breaks marked, and a figure of the largest changes."""
    name, title = section.name, SECTIONS[section.name]
    series, years = note.series_of(section)
    if len(years) < 2 or series.empty:
        return page.text("years_absent", section=title)
    frame = series.assign(
        procedure=procedures(series["part"], name == "vpr"),
        moved=[moved_word(change, beyond) for change, beyond in zip(series["change"], series["beyond"], strict=True)],
        breaks=series["breaks"].replace("", "нет"),
        **kinds(series["rate"]),
    )
    columns = {f"y{year}": f"{year} год" for year in years}
    table = page.table(
        "years",
        frame,
        named=f"years_{name}",
        more={"years": columns},
        section=title,
        **note.series_counts(series),
    )
    return [table] if name == "vpr" else [table, *plot_years(page, name, frame, years)]


def moved_word(change: float, beyond: object) -> str:
    """Where a value moved, and whether by more than chance where that could be tested.

    >>> moved_word(-0.1, None), moved_word(0.1, True), moved_word(-0.1, False)
    ('снизилось', 'выросло больше случайного', 'в пределах случайного')
    """
    if not is_missing(beyond) and not beyond:
        return "в пределах случайного"
    side = "выросло" if change > 0 else "снизилось" if change < 0 else "не изменилось"
    return side if is_missing(beyond) else f"{side} больше случайного"


def plot_years(page: Page, name: str, frame: pd.DataFrame, years: list[int]) -> list[Figure]:
    """The procedures of one section over the years, the four with the largest changes named; nothing where none has two years."""
    same, top = note.largest_changes(frame)
    if top["change"].isna().all():
        return []
    largest, named = top.iloc[0], top["procedure"].tolist()
    long = same.melt(id_vars="procedure", value_vars=[f"y{year}" for year in years], var_name="year")
    change = round(abs(largest["change"]) * (100 if largest["rate"] else 1))
    facts = {
        "section": SECTIONS[name],
        "key": name,
        "direction": "выросло" if largest["change"] > 0 else "снизилось",
        "subject": lower_first(largest["procedure"]),
        "beyond": None if is_missing(largest["beyond"]) else bool(largest["beyond"]),
        "by": f"{numbers.format_count(change)}{NBSP}п.{NBSP}п."
        if largest["rate"]
        else numbers.agree(change, numbers.POINTS),
    }
    described = (
        f"Линии муниципалитета по годам {years[0]}–{years[-1]}, предметов: {len(same)}; названы: {', '.join(named)}."
    )
    drawn = page.figure(
        "lines",
        plot_slope,
        long.assign(year=long["year"].str[1:].astype(int)),
        named=f"lines_{name}",
        facts=facts,
        highlight=tuple(named),
        as_percent=bool(largest["rate"]),
        label="доля «4» и «5»" if largest["rate"] else "средний балл",
        alt=described[:300],
    )
    return [drawn]


def show_changes(results: Results) -> Together:
    """Which schools fell or rose against the region or the others by more than chance, one row a school."""
    page, reading, found = page_of(results), results.office.profile.results, results.changes
    if found.tested.empty:
        return Together(page.text("changes_absent", year=results.office.year, least=reading.minimum_others + 1))
    facts = analysis.change_facts(found, results.office)
    frame = note.changes_of_schools(results)
    frame["subjects"] = [
        "; ".join(f"{label_of('exam', part.split('/')[0])}, {short_label(part)}" for part in own) or None
        for own in frame["subjects"]
    ]
    frame["drawn"] = changes_drawn(page, frame)
    moved = frame["direction"].isin(["fall", "rise"])
    table = page.table(
        "results_changes",
        frame,
        shown=moved,
        minimum_participants=reading.minimum_participants,
        confidence=reading.confidence,
        cohort=found.used.cohort,
        pupil=found.used.pupil,
        **facts,
    )
    rows = page.attachment("results_compared", note.results_compared(results))
    return Together([*page.text("changes", **facts), table if moved.any() else file_of(page, table), rows])


def show_subject_changes(results: Results) -> Together:
    """Falls and rises by subject with the schools named: by the calculation, and apart from it what documents publish."""
    page, office = page_of(results), results.office
    published = moves.published_changes(office)
    facts = moves.subject_change_facts(office, published)
    frame = moves.subjects_moved(office)
    frame = frame.assign(
        label=[moves.what_changed(row.exam, None, row.subject) for row in frame.itertuples()],
        **{way: [listed(office, own) for own in frame[way]] for way in ("fallen", "risen")},
    )
    moved = frame[frame["fallen"].notna() | frame["risen"].notna()]
    every = moves.changes_by_subject(office)
    every["label"] = [moves.what_changed(row.exam, None, row.subject) for row in every.itertuples()]
    shown: list[object] = page.text("subjects_moved", **facts)
    shown += [page.table("subjects_moved", moved)] if len(moved) else []
    if len(every):
        shown.append(page.attachment("subject_changes", every, confidence=office.profile.results.confidence))
    if len(published):
        table = page.table("published_changes", published_rows(page, office, published), **facts)
        shown += [*page.text("published_changes", **facts), table]
    return Together(shown)


def published_rows(page: Page, office: Office, published: pd.DataFrame) -> pd.DataFrame:
    """What documents publish, a row for each subject and direction: the schools named, and what the calculation says of which."""
    frame, words = moves.published_together(published), page.words["answers"]

    def calculated(row) -> str | None:
        if published["answer"].eq(moves.UNTESTED).all():
            return None
        of_answer = {answer: getattr(row, answer) for answer in words if getattr(row, answer)}
        if len(of_answer) == 1:
            told = words[next(iter(of_answer))]
        else:
            told = "; ".join(f"{words[answer]}: {listed(office, own)}" for answer, own in of_answer.items())
        return "; ".join(filter(None, [told, printed_numbers(page, row.numbers)]))

    return frame.assign(
        label=[upper_first(moves.what_changed(row.exam, row.stage, row.subject)) for row in frame.itertuples()],
        years_text=[f"{row.since}{NBSP}→{NBSP}{row.year}" for row in frame.itertuples()],
        named=[listed(office, row.named) or label_of("level", row.level) for row in frame.itertuples()],
        calculated=[calculated(row) for row in frame.itertuples()],
    )


def printed_numbers(page: Page, numbers: Iterable[tuple]) -> str:
    """Published values of two years in words, of schools with their names; empty without any."""
    told = [
        f"{'' if is_missing(school) else page.office.school_names.get(school, school) + ' – '}"
        f"{shown_value(before, measure)}{NBSP}→ {shown_value(now, measure)}"
        for school, measure, before, now in numbers
    ]
    return page.words["said"]["by_numbers"] + ", ".join(told) if told else ""


def listed(office: Office, schools: Iterable[str]) -> str | None:
    """Names of schools in a cell."""
    return ", ".join(office.school_names.get(school, school) for school in schools) or None


def changes_drawn(page: Page, frame: pd.DataFrame) -> list[marks.Mark | None]:
    """The change of each school with its interval beside none, on one scale; nothing where it cannot be told."""
    scale = marks.Scale.over([*frame["low"], *frame["high"]], CHANGE, include=[0.0])
    tones, words = {"fall": "bad", "rise": "good"}, page.words["drawn"]
    return [
        None
        if is_missing(row.change)
        else marks.interval(
            row.change,
            (row.low, row.high),
            scale,
            say(words["change"], {"change": numbers.format_number(row.change, signed=True)}),
            references={"municipality": 0.0},
            tone=tones.get(row.direction, "value"),
        )
        for row in frame.itertuples()
    ]


def show_funnels(results: Results) -> Together:
    """Which schools lie beyond what chance and usual differences of schools explain, by each measure."""
    page, found = page_of(results), limits.funnels_of(results)
    if found.found.empty:
        closed = results.office.audience == "public"
        return Together(page.text("funnels_closed" if closed else "funnels_absent", least=limits.LEAST_SCHOOLS))
    titles = page.words["funnel"]
    panels, facts = {measure: titles[measure] for measure in found.found["measure"]}, limits.funnel_facts(found)
    worse = found.schools.loc[found.schools["comparison"].eq("worse"), "school_id"]
    facts["worse_names"] = named(results.office, worse)
    table = page.table("funnels", found.found, **facts)
    figure = page.figure("funnels", plot_funnels, found.schools, facts=facts, lines=found.lines, panels=panels)
    numbers_behind = page.attachment("funnel_schools", found.schools)
    return Together([*page.text("funnels", **facts), figure, table, numbers_behind])


def show_subject_funnels(results: Results) -> Together:
    """The same subject by subject as small multiples; nothing where the schools are too few or values are hidden."""
    page, found = page_of(results), limits.funnels_by_subject(results)
    if found.found.empty:
        return Together([])
    facts = limits.subject_facts(found)
    panels = {one: subject_label(one) for one in found.found["measure"]}
    frame = found.found.assign(subject=found.found["measure"].map(panels))
    figure = page.figure("subject_funnels", plot_funnels, found.schools, facts=facts, lines=found.lines, panels=panels)
    counts = page.table("subject_funnels", frame[frame["worse"].gt(0) | frame["better"].gt(0)], **facts)
    schools = found.schools.assign(subject=found.schools["measure"].map(panels))
    return Together(
        [*page.text("subject_funnels", **facts), figure, counts, page.attachment("subject_funnel_schools", schools)]
    )


def subject_label(subject: str) -> str:
    """Exam and subject in words: "ВПР, русский язык"."""
    exam, name = subject.split("/")
    return f"{label_of('exam', exam)}, {label_of('subject', name)}"


def show_learning(results: Results) -> Together:
    """Quality and standard of learning by stage and subject, school by school, and the years."""
    page, year = page_of(results), results.learning_year
    if year is None:
        return Together(page.text("learning_absent"))
    told = ", ".join(
        f"{part_label('stage', row.part).removesuffix(', все предметы')} – {numbers.format_percent(row.value, 0)}"
        for row in note.town_learning(results).itertuples()
    )
    shown: list[object] = [*page.text("learning", year=year, told=f": {told}" if told else "")]
    shown += plot_learning(page, results)
    for measure, title in page.words["learning"].items():
        own, parts = note.learning_parts(results, measure)
        if not parts:
            shown += page.text("learning_schools_absent", title=title)
            continue
        labels = {part: upper_first(part_label("stage", part)) for part in parts}
        caption = f"{title} по уровням и предметам, {year} год"
        level = note.learning_level(results)
        table = matrix(page, results, own, parts, measure.removesuffix("_rate"), caption, labels, level)
        printed = measure == "learning_quality_rate" and len(table.frame) <= SHEET
        shown.append(table if printed else file_of(page, table))
    frame = note.learning_years(results)
    frame["stage"] = [upper_first(part_label("stage", part)) for part in frame["part"]]
    names, of_school = frame["school_id"].map(results.office.school_names), frame["level"].eq("school")
    frame["who"] = names.fillna(frame["school_id"]).where(of_school, upper_first(label_of("level", "municipality")))
    frame["school_id"] = frame["school_id"].where(of_school, NOT_APPLICABLE)
    years = {name: f"{name[1:]} год" for name in frame if name[1:].isdigit()}
    return Together([*shown, page.attachment("learning_years", frame, more={"years": years})])


def plot_learning(page: Page, results: Results) -> list[Figure]:
    """Quality of learning of the schools at the stage most schools have, with intervals; nothing for fewer than two."""
    own = note.learning_compared(results)
    if own.empty:
        return []
    level = note.learning_level(results)
    code = own[f"comparison_{level}"].tolist()
    stage = part_label("stage", own["part"].iloc[0]).removesuffix(", все предметы")
    facts = {"stage": stage, "worse": code.count("worse"), "better": code.count("better"), "schools": len(own)}
    facts |= {"level_of": LEVEL_OF[level]}
    frame, benchmark = own.assign(comparison=code), float(own[f"benchmark_{level}"].iloc[0])
    words = {"benchmark": benchmark, "benchmark_label": label_of("level", level)}
    return [page.figure("learning_dots", plot_dot_intervals, frame, facts=facts, **words)]


def show_gaps(results: Results) -> Together:
    """The gap between the highest and the lowest value among the schools, now and in the year that had one before, which is named."""
    page = page_of(results)
    if results.gaps.empty:
        return Together(page.text("gaps_absent"))
    frame, names = note.latest_gaps(results), results.office.school_names
    ends = {
        f"{end}_text": [
            f"{HIDDEN if is_missing(value) else shown_value(value, measure)} – {names[school]}"
            for value, measure, school in zip(frame[column], frame["measure"], frame[f"{column}_school"], strict=True)
        ]
        for end, column in (("low", "lowest"), ("high", "highest"))
    }
    labels = [gap_label(measure, part) for measure, part in zip(frame["measure"], frame["part"], strict=True)]
    frame = frame.assign(label=labels, **ends).sort_values("label", kind="stable")
    change = frame["change"].dropna()
    facts = {"narrower": len(change[change < 0]), "compared": len(change), "rows": len(frame)}
    if "hidden" in frame and frame["hidden"].any():
        facts |= {"narrower": None, "compared": None}
    shown: list[object] = page.text("gaps" if len(change) else "gaps_one_year", **facts)
    for scale, rows in (("rates", frame[frame["rate"]]), ("scores", frame[~frame["rate"]])):
        if scale == "rates" or len(rows):
            few_named = bool(rows["schools"].min() < len(results.office.schools) / 2)
            public = results.office.audience == "public"
            shown.append(page.table(f"gaps_{scale}", rows, few_named=few_named, public=public))
    return Together(shown)


def gap_label(measure: str, part: str) -> str:
    """A measure with its procedure or stage in words.

    >>> gap_label("quality_rate", "GVE/maths/9"), gap_label("learning_quality_rate", "primary/all")
    ('ГВЭ: математика, 9 класс', 'Обучение: начальное общее')
    """
    if measure.startswith("learning_"):
        return f"Обучение: {part_label('stage', part).removesuffix(', все предметы')}"
    exam, subject, grade = part.split("/")
    return f"{label_of('exam', exam)}: {label_of('subject', subject)}, {grade} класс"


def show_olympiads(results: Results) -> Together:
    """Olympiads: the municipality by stage and year, the schools in the year of the run."""
    office, page = results.office, page_of(results)
    totals = note.olympiads(results)
    if totals.empty:
        return Together(page.text("olympiads_absent"))
    schools = note.olympiad_schools(office)
    facts = dict.fromkeys(OLYMPIADS) | analysis.result_facts(results)
    by_school = (
        [page.attachment("olympiads_schools", schools, year=office.year)]
        if len(schools)
        else page.text("olympiads_schools_absent")
    )
    table = page.table("olympiads", totals, summed=bool(totals["schools"].gt(0).any()))
    subjects = olympiad_subjects(page, office)
    return Together([*page.text("olympiads", year=office.year, **facts), table, *subjects, *by_school])


def olympiad_subjects(page: Page, office: Office) -> list[object]:
    """The subjects of each stage in the year of the run; a sentence names those with diplomas and those without."""
    frame = note.olympiad_subjects(office)
    if frame.empty:
        return []
    first = frame[frame["stage"].eq(frame["stage"].iloc[0])]
    diplomas = first["winners"] + first["prize_winners"]
    names = first["subject"].map(lambda subject: label_of("subject", subject))
    best = [f"{name} – {count:.0f}" for name, count in zip(names, diplomas, strict=True) if count > 0]
    none = [name for name, count in zip(names, diplomas, strict=True) if count == 0]
    facts = {"stage": page.words["stage_of"][first["stage"].iloc[0]], "best": ", ".join(best) or None}
    told = page.text("olympiads_subjects", none=", ".join(none) or None, **facts)
    summed = bool(frame["schools"].notna().any())
    table = page.table("olympiads_subjects", frame, year=office.year, summed=summed)
    return [*told, table if len(frame) <= UNSPLIT else file_of(page, table)]


def show_details(results: Results) -> Together:
    """What could not be computed; every measure of every school and procedure goes to files."""
    page = page_of(results)
    lacking = analysis.absences(results)
    shown: list[object] = [*page.text("details"), *lacking_told(page, "results_absent", lacking)]
    shown += [
        file_of(page, table_details(page, section))
        for section in results.sections.values()
        if section.schools["value"].notna().any()
    ]
    return Together(shown)


def lacking_told(page: Page, name: str, lacking: pd.DataFrame) -> list[object]:
    """What could not be computed as a table; a sentence where nothing is lacking."""
    return [page.table(name, lacking)] if len(lacking) else page.text("nothing_absent")


def table_details(page: Page, section: Section) -> Table:
    """One row per school and procedure of a section; a value of few participants is not shown."""
    name, frame = section.name, note.details(section)
    frame["procedure"] = procedures(frame["part"], name == "vpr")
    without_scale(frame)
    for measure in frame.columns.intersection(section.rows["measure"].unique()).difference(["participants"]):
        if frame[measure].notna().any():
            gone = frame["gone"].map(lambda names, measure=measure: measure in names)
            shown = frame[measure].astype(object)
            shown = shown.mask(gone & shown.isna(), HIDDEN)
            frame[measure] = shown.mask(frame["few"] & ~shown.isin([NOT_APPLICABLE, HIDDEN]), FEW)
    if "participants" in frame:
        told = frame["participants"].astype(object)
        frame["participants"] = told.mask(told.isna() & frame["gone"].map(bool), HIDDEN)
    frame["interval"] = [
        FEW
        if row.few
        else HIDDEN
        if row.gone and is_missing(row.low)
        else numbers.format_interval(
            row.low, row.high, 0 if row.measure == "quality_rate" else 1, as_percent=row.measure == "quality_rate"
        )
        for row in frame.itertuples()
    ]
    words = {}
    for level in LEVELS:
        if frame[f"comparison_{level}"].ne("not_compared").any():
            frame[f"word_{level}"] = frame[f"comparison_{level}"].astype(object).mask(frame["few"], FEW)
            words[f"word_{level}"] = f"Сравнение: {label_of('level', level)}"
    return page.table(
        "details_of_points" if name == "gia11" else "details",
        frame,
        named=f"details_{name}",
        more={"levels": words},
        section=SECTIONS[name],
        year=section.year,
    )
