"""Views of report 30: marks of ВПР against the register, markers of biased results, and what they mean for the list."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses.objectivity import (
    MARKERS,
    PARTS,
    WHOLE_EXAM,
    Objectivity,
    absences,
    analyse_objectivity,
    journal_rows,
    markers_by_school,
    objectivity_facts,
    territory_index,
)
from shnor_lib.analyses.results import LEVELS, broken_between
from shnor_lib.criteria.decisions import INSUFFICIENT, YES
from shnor_lib.inputs.dictionary import label_of, procedure_label
from shnor_lib.office.office import Office
from shnor_lib.pages.charts import plot_stacked_shares
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.furniture import Heading, Prose
from shnor_lib.pages.numbers import FEW, NBSP, SCHOOLS_OF, agree, format_span
from shnor_lib.pages.page import Report, source_of
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views.results import LEVEL_OF, first_upper

PART_WORDS = {"lowered": "понизили", "confirmed": "подтвердили", "raised": "повысили"}
SHARES = {name: Column(first_upper(word), "percent") for name, word in PART_WORDS.items()}
AREAS = {"journal": "Отметки и журнал"} | dict.fromkeys(MARKERS, "Признаки")
SIDES_NOTE = (
    "▲ выше, ▼ ниже, ○ не отличается – значение уровня лежит вне или внутри интервала 95{nbsp}% (Уилсон) доли понизивших. Высокая доля "
    "может означать, что отметки журнала выше показанных на работе знаний, низкая – согласие с журналом или проверку с оглядкой на него. "
    "Около 5 сравнений из 100 окажутся «выше» или «ниже» случайно."
).format(nbsp="\u00a0")
MARKER_NOTES = {
    "inflated_mean": "Признак ФИОКО «завышенные значения среднего балла»: нижняя граница интервала школы выше верхней границы региона "
    "(среднее ± {spread}·s/√n). Первичные баллы. Бывает и у школ с действительно сильными учениками.",
    "against_journal": "Коэффициент Спирмена между отметкой журнала и баллом внутри школы; признак – коэффициент меньше нуля.",
    "sharp_change": "K – средний процент от максимума за прошлый год, делённый на процент тех же детей в следующем классе. Признак – K "
    "дальше {ranges} межквартильных размахов от квартилей школ муниципалитета; показана ближняя граница.",
}
MARKER_VALUES = {
    "inflated_mean": ("Нижняя граница школы", "Верхняя граница региона", 2),
    "against_journal": ("Коэффициент", "Граница", 2),
    "sharp_change": ("K", "Граница", 3),
}


def read_objectivity(office: Office) -> Objectivity:
    """Everything the report shows, computed once."""
    return analyse_objectivity(office)


def named_facts(found: Objectivity) -> dict[str, object]:
    """The facts with the word of the page for the level."""
    return objectivity_facts(found) | {"journal_level": LEVEL_OF[found.level]}


REPORT = Report("30_objectivity", named_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions


# --- marks and the journal ------------------------------------------------------------------------------------------------


def show_journal(found: Objectivity) -> Together:
    """The municipality beside region and country, then the schools."""
    if found.journal_year is None:
        return Together(page_of(found).text("journal"))
    shown: list[object] = [Heading(journal_heading(found)), table_levels(found)]
    schools = journal_rows(
        found, found.journal["level"].eq("school") & found.journal["part"].eq(WHOLE_EXAM), "school_id"
    )
    if schools.empty:
        return Together([*shown, Prose("Сравнения по школам нет: показаны только значения муниципалитета.")])
    schools = schools.reindex(list(found.office.school_names))
    schools = schools.assign(school=list(found.office.school_names.values())).reset_index(drop=True)
    return Together([*shown, plot_schools(found, schools), table_schools(found, schools)])


def journal_heading(found: Objectivity) -> str:
    """The finding on the schools, or on the municipality alone."""
    facts = named_facts(found)
    start = f"ВПР и журнал, {found.journal_year} год"
    if not facts["journal_compared"]:
        return f"{start}: доли понизивших, подтвердивших и повысивших отметку"
    return (
        f"{start}: понизивших больше, чем в среднем по {BY_LEVEL[found.level]}, в {facts['journal_above']} из "
        f"{agree(facts['journal_compared'], SCHOOLS_OF)}, меньше – в {facts['journal_below']}"
    )


BY_LEVEL = {"municipality": "муниципалитету", "region": "региону"}


def known_participants(frame: pd.DataFrame, label: str = "Участники") -> dict[str, Column | str]:
    """The column of participants, where anybody gives them; all works together are counted in works."""
    return {"participants": Column(label, "count")} if frame["participants"].notna().any() else {}


def table_levels(found: Objectivity) -> Table:
    """Municipality, region and country."""
    rows = found.journal["part"].eq(WHOLE_EXAM) & found.journal["level"].isin(LEVELS)
    frame = journal_rows(found, rows, "level")
    frame = frame.reindex([level for level in LEVELS if level in frame.index])
    frame = frame.assign(level_word=[first_upper(label_of("level", level)) for level in frame.index])
    unknown = "" if frame["participants"].notna().any() else "Число работ документ не называет. "
    special = broken_between("VPR", found.journal_year, found.journal_year)
    return page_of(found).table(
        "journal_levels",
        frame.reset_index(drop=True),
        more={"more": known_participants(frame, "Работ"), "slot2": SHARES},
        journal_year=found.journal_year,
        unknown=unknown,
        note=f" Особый год – {special}." if special else "",
    )


def plot_schools(found: Objectivity, schools: pd.DataFrame) -> Figure:
    """Bars of the schools."""
    return page_of(found).figure(
        "journal_shares", plot_stacked_shares, schools, facts={"journal_year": found.journal_year}, parts=PART_WORDS
    )


def table_schools(found: Objectivity, schools: pd.DataFrame) -> Table:
    """One row per school, in order of their codes."""
    position = Column(f"Понизили: против {LEVEL_OF[found.level]}", "position")
    return page_of(found).table(
        "journal_schools",
        with_few(schools),
        more={"more": known_participants(schools, "Работ"), "slot2": SHARES, "slot3": {"position": position}},
        journal_year=found.journal_year,
        SIDES_NOTE=SIDES_NOTE,
    )


def with_few(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with shares and positions of too few participants told as few."""
    names = [*PARTS, "low", "high", "position"]
    return frame.assign(**{name: frame[name].astype(object).mask(frame["few"].eq(True), FEW) for name in names})


def show_procedures(found: Objectivity) -> Together:
    """The municipality by procedure, beside the level above."""
    own = found.journal["level"].eq("municipality") & found.journal["part"].ne(WHOLE_EXAM)
    if not own.any():
        text = "Нужны строки муниципалитета или школ по предметам в таблице «Отметки ВПР и журнал» (mark_comparison)."
        return Together(page_of(found).text("procedures", text=text))
    frame = journal_rows(found, own, "part")
    above, below = int(frame["position"].eq("above").sum()), int(frame["position"].eq("below").sum())
    order = sorted(frame.index, key=lambda part: (int(part.split("/")[2]), procedure_label(part)))
    frame = frame.reindex(order)
    frame = frame.assign(procedure=[procedure_label(part) for part in frame.index]).reset_index(drop=True)
    columns = {"procedure": "Процедура"} | known_participants(frame) | SHARES
    heading = "Отметки и журнал по предметам и классам"
    if found.level == "region":
        heading = (
            f"По предметам: понизивших больше, чем в регионе, в {above} из {len(frame)} процедур, меньше – в {below}"
        )
        columns |= {
            "above": Column("Понизили в регионе", "percent"),
            "position": Column("Понизили: против региона", "position"),
        }
    return Together(
        [
            Heading(heading),
            page_of(found).table(
                "journal_procedures",
                with_few(frame),
                more={"more": columns},
                journal_year=found.journal_year,
                note=SIDES_NOTE if found.level == "region" else "",
            ),
        ]
    )


# --- markers ----------------------------------------------------------------------------------------------------------------


def show_markers(found: Objectivity) -> Together:
    """Which schools have which markers, and the index of the territory."""
    facts = named_facts(found)
    if not facts["bias_total"]:
        return Together(page_of(found).text("markers"))
    if found.verdicts["verdict"].eq("not_assessed").all():
        heading = "Признаки необъективности не оценены: нет данных"
    else:
        heading = markers_heading(facts)
    shown: list[object] = [Heading(heading), table_markers(found)]
    if facts["bias_open"] < facts["bias_total"]:
        shown.append(table_index(found))
    return Together(shown)


def markers_heading(facts: dict[str, object]) -> str:
    """The finding on the markers."""
    if facts["bias_open"] == facts["bias_total"]:
        return "Ни у одной школы не оценены все признаки необъективности, среди оценённых их не найдено"
    return (
        f"Признаки есть у {facts['bias_schools']} из {agree(facts['bias_total'], SCHOOLS_OF)}, не найдены у "
        f"{facts['bias_clear']}, оценены не все у {facts['bias_open']}"
    )


def table_markers(found: Objectivity) -> Table:
    """One row per school: the answer, each marker, and where or why not."""
    frame = markers_by_school(found)
    for marker in MARKERS:
        frame[marker] = frame[marker].astype(object).where(frame[marker].notna(), "[не применимо]")
    return page_of(found).table(
        "bias_schools",
        frame,
        more={"more": {marker: Column(first_upper(title), "marker") for marker, title in MARKERS.items()}},
        assumption=found.office.profile.bias.assumption,
    )


def table_index(found: Objectivity) -> Table:
    """The index of the territory with what stands behind it."""
    facts = objectivity_facts(found)
    low, high = territory_index(found.remarks)
    frame = pd.DataFrame(
        {"total": [facts["bias_total"]], "met": [facts["bias_schools"]], "clear": [facts["bias_clear"]]}
        | {"open": [facts["bias_open"]], "low": [low], "high": [high]}
    )
    return page_of(found).table("bias_index", frame, index_ends=f"{format_span(low, high)} из{NBSP}100")


# --- the list ---------------------------------------------------------------------------------------------------------------


def show_meaning(found: Objectivity) -> Together:
    """What the markers mean for the identification."""
    marked = found.remarks[found.remarks["verdict"].eq("met")]
    if marked.empty:
        unknown = int(found.remarks["verdict"].eq("not_assessed").sum())
        if not unknown:
            text = "Признаков не найдено: перечень ШНОР они не ставят под сомнение."
            return Together(page_of(found).text("meaning", text=text))
        text = (
            f"Признаки оценены не полностью у {agree(unknown, SCHOOLS_OF)} из {len(found.remarks)}. Если таких школ в перечне ШНОР нет, "
            "это не подтверждает, что их результаты не низкие."
        )
        return Together(page_of(found).text("meaning2", text=text))
    on_list = len(marked) - len(found.unlisted)
    heading = f"Среди школ с признаками в перечне ШНОР {on_list}, вне перечня {len(found.unlisted)}"
    return Together([Heading(heading), table_list(found, marked)])


def table_list(found: Objectivity, marked: pd.DataFrame) -> Table:
    """Schools with markers, their answer on the list and how to read it."""
    rows = found.office.identification
    low = rows[rows["category"].eq("low_results")].set_index("school_id")["identified"]
    frame = marked.assign(
        on_list=~marked["school_id"].isin(found.unlisted),
        named=["; ".join(MARKERS[marker] for marker in names) for names in marked["markers"]],
    )
    frame["reading"] = [reading(low.get(row.school_id), row.markers) for row in frame.itertuples()]
    return page_of(found).table("bias_list", frame)


def reading(identified: str | None, marked: tuple[str, ...]) -> str:
    """How the answer on the list of schools with low results is to be read beside the markers."""
    if identified == YES:
        return "Школа в перечне. Если проверка подтвердит признаки, настоящие результаты ещё ниже; помощь нужна в любом случае."
    if identified == INSUFFICIENT:
        return "Данных для вывода о ШНОР недостаточно, а имеющиеся нужно проверить: трудности могут быть не видны."
    if marked == ("inflated_mean",):
        return "Результаты высокие и могут быть настоящими. Если проверка их не подтвердит, вывод о ШНОР надо пересмотреть."
    return "Результаты нужно проверить: низкие могут быть не видны. Вывод о ШНОР принять после проверки."


# --- what was missing, and every number ---------------------------------------------------------------------------------------


def show_details(found: Objectivity) -> Together:
    """What could not be computed, and every marker of every school and procedure."""
    frame = absences(found)
    absent = page_of(found).table("objectivity_absent", frame.assign(area=frame["area"].map(AREAS)))
    shown: list[object] = [Heading("Чего не хватило и признаки по процедурам"), absent]
    for marker in MARKERS:
        own = found.markers[found.markers["marker"].eq(marker)]
        if own["verdict"].ne("not_assessed").any():
            shown.append(table_marker(found, marker, own))
    return Together(shown)


def table_marker(found: Objectivity, marker: str, own: pd.DataFrame) -> Table:
    """One marker, school by school and procedure by procedure."""
    rules, year = found.office.profile.bias, found.office.year
    note = MARKER_NOTES[marker].format(
        spread=f"{rules.spread:g}".replace(".", ","), ranges=f"{rules.quartile_ranges:g}"
    )
    breaks = broken_between("VPR", year - 1, year) if marker == "sharp_change" else ""
    value, bound, digits = MARKER_VALUES[marker]
    met, assessed = int(own["verdict"].eq("met").sum()), int(own["verdict"].ne("not_assessed").sum())
    few = own["participants"].lt(rules.minimum_participants)
    return page_of(found).table(
        "bias",
        own.assign(
            value=own["value"].astype(object).mask(few, FEW),
            bound=own["bound"].astype(object).mask(few, FEW),
        ),
        named=f"bias_{marker}",
        more={
            "more": {"value": Column(value, "number", digits=digits, against="bound")},
            "slot2": {"bound": Column(bound, "number", digits=digits)},
        },
        first_upper=first_upper(MARKERS[marker]),
        met=met,
        assessed=assessed,
        value=value,
        bound=bound,
        note=note,
        note2=f" Условия менялись: {breaks}." if breaks else "",
        source_of=source_of(found.office),
    )
