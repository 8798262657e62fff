"""Views of report 30: marks of ВПР against the register, markers of biased results, and what they mean for the list."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses import objectivity
from shnor_lib.analyses.naming import named
from shnor_lib.analyses.objectivity import MARKERS, Objectivity
from shnor_lib.analyses.results import LEVELS, broken_between
from shnor_lib.criteria.decisions import INSUFFICIENT, YES
from shnor_lib.inputs.dictionary import label_of, procedure_label
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.charts import plot_stacked_shares
from shnor_lib.pages.numbers import FEW, HIDDEN, agree, format_number, upper_first
from shnor_lib.pages.page import Report, source_of
from shnor_lib.pages.saying import say
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views.results import LEVEL_OF, lacking_told, telling


def named_facts(found: Objectivity) -> dict[str, object]:
    """The facts with the word of the page for the level."""
    facts = objectivity.objectivity_facts(found) | {"journal_level": LEVEL_OF[found.level]}
    lowered = objectivity.whole_exam(found, "school", objectivity.PARTS["lowered"])
    above = lowered.loc[lowered[f"position_{found.level}"].eq("above"), "school_id"]
    return facts | {
        "observed_names": named(found.office, found.observed),
        "journal_above_names": named(found.office, above),
    }


REPORT = Report("30_objectivity", named_facts)
read_objectivity = objectivity.analyse_objectivity
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


def show_journal(found: Objectivity) -> Together:
    """The municipality beside region and country, then the schools."""
    page, facts = page_of(found), named_facts(found)
    if found.journal_year is None:
        return Together(page.text("journal_absent"))
    facts |= {"year": found.journal_year, "by_level": page.words["by_level"][found.level]}
    shown: list[object] = [*page.text("journal", **facts), table_levels(found)]
    schools = objectivity.journal_rows(
        found, found.journal["level"].eq("school") & found.journal["part"].eq(objectivity.WHOLE_EXAM), "school_id"
    )
    if schools.empty:
        return Together([*shown, *page.text("journal_town")])
    schools = schools.reindex(found.office.schools["school_id"])
    names = schools.index.map(found.office.school_names)
    schools = schools.assign(school=names, school_id=schools.index).reset_index(drop=True)
    by_parts = int((found.journal["level"].eq("school") & found.journal["part"].ne(objectivity.WHOLE_EXAM)).any())
    whole = schools[list(objectivity.PARTS)].notna().all(axis=1) & ~schools["few"].eq(True)
    figure = [page.figure("journal_shares", plot_stacked_shares, schools[whole], facts=facts)] if whole.any() else []
    rows = telling(schools["position"].isin(["above", "below"]))
    facts |= {"level_of": LEVEL_OF[found.level], "by_parts": by_parts, "part": rows is not None}
    frame = with_few(schools) if facts["journal_compared"] else with_few(schools).drop(columns="position")
    table = page.table("journal_schools", frame, shown=rows, **facts)
    return Together([*shown, *figure, table])


def table_levels(found: Objectivity) -> Table:
    """Municipality, region and country."""
    rows = found.journal["part"].eq(objectivity.WHOLE_EXAM) & found.journal["level"].isin(LEVELS)
    frame = objectivity.journal_rows(found, rows, "level")
    frame = frame.reindex([level for level in LEVELS if level in frame.index])
    frame = frame.assign(level_word=[upper_first(label_of("level", level)) for level in frame.index])
    return page_of(found).table(
        "journal_levels",
        frame.reset_index(drop=True),
        journal_year=found.journal_year,
        uncounted=frame["participants"].isna().all(),
        special=broken_between("VPR", found.journal_year, found.journal_year) or None,
    )


def with_few(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with shares and positions of too few participants told as few, and what is hidden as hidden."""
    names, hidden = [*objectivity.PARTS, "low", "high", "position"], frame["hidden"].eq(True)
    told = {name: frame[name].astype(object).mask(frame["few"].eq(True), FEW) for name in names}
    return frame.assign(**{name: one.mask(hidden & one.isna(), HIDDEN) for name, one in told.items()})


def show_procedures(found: Objectivity) -> Together:
    """The municipality by procedure, beside the level above."""
    page, regional = page_of(found), found.level == "region"
    own = found.journal["level"].eq("municipality") & found.journal["part"].ne(objectivity.WHOLE_EXAM)
    if not own.any():
        return Together(page.text("procedures_absent"))
    frame = objectivity.journal_rows(found, own, "part")
    sides = {side: int(frame["position"].eq(side).sum()) for side in ("above", "below")}
    order = sorted(frame.index, key=lambda part: (int(part.split("/")[2]), procedure_label(part)))
    frame = frame.reindex(order)
    frame = with_few(frame.assign(procedure=[procedure_label(part) for part in frame.index]).reset_index(drop=True))
    table = page.table(
        "journal_procedures",
        frame if regional else frame.drop(columns=["above", "position"], errors="ignore"),
        journal_year=found.journal_year,
        regional=regional,
    )
    return Together([*page.text("procedures", regional=regional, rows=len(frame), **sides), table])


def show_markers(found: Objectivity, schools: pd.DataFrame) -> Together:
    """Which schools have which markers, the index of the territory, and whom an official list names."""
    listed = objectivity.officially_named(found)
    own = own_markers(found, schools)
    return own if listed.empty else Together([own, page_of(found).table("bias_listed", listed)])


def own_markers(found: Objectivity, schools: pd.DataFrame) -> Together:
    """The markers computed from the office's data."""
    page, facts = page_of(found), named_facts(found)
    if not facts["bias_total"]:
        return Together(page.text("markers_absent"))
    facts["unassessed"] = found.verdicts["verdict"].eq("not_assessed").all()
    heading = page.text("markers", **facts)
    if facts["unassessed"]:
        return Together([*heading, attached_markers(found, schools)])
    shown: list[object] = [*heading, table_markers(found, schools), table_honest(found)]
    if facts["bias_open"] < facts["bias_total"]:
        shown.append(table_index(found))
    return Together(shown)


def table_markers(found: Objectivity, frame: pd.DataFrame) -> Table:
    """One row per school, of :func:`objectivity.markers_by_school`: the answer, each marker, and where or why not."""
    shown = telling(frame["verdict"].eq("met"))
    return page_of(found).table(
        "bias_schools",
        frame,
        shown=shown,
        part=shown is not None,
        more={"markers": {marker: upper_first(title) for marker, title in MARKERS.items()}},
        assumption=found.office.profile.bias.assumption,
    )


def attached_markers(found: Objectivity, schools: pd.DataFrame) -> Attachment:
    """The same as a file, where no marker of any school was assessed."""
    return page_of(found).attached(table_markers(found, schools))


def table_honest(found: Objectivity) -> Table:
    """How many schools have each marker beside how many would if all results were what they seem."""
    frame, rules = found.honest[found.honest["assessed"].gt(0)].reset_index(), found.office.profile.bias
    changes = found.markers[found.markers["marker"].eq("sharp_change")]
    declared = found.office.method.robustness.components
    parts = {name: format_number(getattr(declared, name)) for name in ("school", "subject", "cohort", "pupil")}
    return page_of(found).table(
        "bias_honest",
        frame.assign(ahead=pd.Series(found.ahead_chance, index=frame.index).where(frame["sign"].eq("inflated_mean"))),
        points=points_ahead(found),
        components=declared.assumption,
        correlation=format_number(rules.journal_correlation),
        **{f"of_{whose}": quartiles_of(changes, whose) for whose in ("region", "municipality")},
        **parts,
    )


def points_ahead(found: Objectivity) -> str:
    """By how much the school of which the sensitivity of marker 1 is told is ahead."""
    return agree(found.office.profile.bias.ahead, ("балл", "балла", "баллов"))


def table_index(found: Objectivity) -> Table:
    """The index of the territory with what stands behind it."""
    facts = objectivity.objectivity_facts(found)
    low, high = objectivity.territory_index(found.remarks)
    frame = pd.DataFrame(
        {"total": [facts["bias_total"]], "met": [facts["bias_schools"]], "clear": [facts["bias_clear"]]}
        | {"open": [facts["bias_open"]], "low": [low], "high": [high]}
    )
    honest = found.honest.loc["any"]
    expected = 100 * (1 - honest["expected"] / honest["assessed"])
    return page_of(found).table("bias_index", frame, low=low, high=high, expected=expected)


def show_meaning(found: Objectivity) -> Together:
    """What the markers mean for the identification."""
    page, marked = page_of(found), found.remarks[found.remarks["verdict"].eq("met")]
    if marked.empty:
        unknown = found.remarks["verdict"].eq("not_assessed").sum()
        return Together(page.text("meaning_open" if unknown else "meaning_none", open=unknown, all=len(found.remarks)))
    heading, table = page.text("meaning", **objectivity.list_counts(found)), table_list(found, marked)
    return Together([*heading, table if found.observed else page.attached(table)])


def table_list(found: Objectivity, marked: pd.DataFrame) -> Table:
    """Schools with markers, their answer on the list and how to read it."""
    rows = found.office.identification
    low = rows[rows["category"].eq(found.office.method.main)].set_index("school_id")["identified"]
    frame = marked.assign(
        on_list=marked["school_id"].map(low),
        number=marked["markers"].map(len),
        only_high=marked["school_id"].isin(objectivity.marked_high(marked)),
        named=["; ".join(MARKERS[marker] for marker in names) for names in marked["markers"]],
    )
    word = page_of(found).called["list_word"]
    frame["reading"] = [reading(low.get(row.school_id), row.beyond, row.only_high, word) for row in frame.itertuples()]
    alarm = found.office.profile.bias.false_alarm
    return page_of(found).table("bias_list", frame, shown=frame["beyond"].eq(True), false_alarm=alarm)


def reading(identified: str | None, beyond: bool, only_high: bool, word: str) -> str:
    """How the answer on the main list, called ``word``, is to be read beside the markers."""
    if not beyond:
        return "Такие признаки бывают и при настоящих результатах: по ним одним о школе судить нельзя."
    if identified == YES:
        return "Школа в перечне. Если проверка подтвердит признаки, настоящие результаты ещё ниже; помощь нужна в любом случае."
    if identified == INSUFFICIENT:
        return f"Данных для вывода о категории {word} недостаточно, а имеющиеся нужно проверить: трудности могут быть не видны."
    if only_high:
        return "Высокие результаты нужно проверить; место вне перечня следует из них и само ничего о них не говорит."
    return f"Результаты нужно проверить: низкие могут быть не видны. Вывод о категории {word} принять после проверки."


def show_details(found: Objectivity) -> Together:
    """What could not be computed, and every marker of every school and procedure."""
    page = page_of(found)
    assessed = found.markers["verdict"].ne("not_assessed")
    heading = page.text("details", assessed=assessed.sum())
    shown: list[object] = [*heading, *lacking_told(page, "objectivity_absent", objectivity.absences(found))]
    for marker, title in MARKERS.items():
        own = found.markers[found.markers["marker"].eq(marker)]
        if not (number := int(assessed[own.index].sum())):
            continue
        table, met = table_marker(found, marker, own), int(own["verdict"].eq("met").sum())
        facts = {"marker": upper_first(title), "assessed": number, "met": met}
        said = say(page.words["files"]["some" if met else "none"], facts)
        shown.append(table if any(table.shown) else Attachment(table, said))
    return Together(shown)


def table_marker(found: Objectivity, marker: str, own: pd.DataFrame) -> Table:
    """One marker, school by school and procedure by procedure."""
    rules, year = found.office.profile.bias, found.office.year
    few = own["participants"].lt(rules.minimum_participants)
    return page_of(found).table(
        f"bias_{marker}",
        own.assign(**{name: own[name].astype(object).mask(few, FEW) for name in ("value", "bound")}),
        shown=own["verdict"].eq("met") & own["school_id"].isin(found.observed),
        marker=upper_first(MARKERS[marker]),
        met=own["verdict"].eq("met").sum(),
        assessed=own["verdict"].ne("not_assessed").sum(),
        expected=found.honest.loc[marker, "expected"],
        ahead=found.ahead_chance,
        points=points_ahead(found),
        spread=f"{rules.spread:g}".replace(".", ","),
        ranges=f"{rules.quartile_ranges:g}",
        breaks=broken_between("VPR", year - 1, year) or None,
        source_of=source_of(found.office),
    )


def quartiles_of(own: pd.DataFrame, whose: str) -> str | None:
    """In which procedures marker 3 was held against whose quartiles, and of how many schools; nothing where in none."""
    rows = own[own["quartiles"].eq(whose)].drop_duplicates("procedure") if "quartiles" in own else own.iloc[:0]
    told = [
        f"{procedure_label(one.procedure)} – {agree(int(one.schools), ('школа', 'школы', 'школ'))}"
        for one in rows.itertuples()
    ]
    return "; ".join(told) or None
