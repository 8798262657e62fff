"""Views of report 95: the list of schools, and a page for each that stands alone – answer, why, help, what is asked, results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from shnor_lib.analyses import passports
from shnor_lib.analyses.board import results_against_municipality
from shnor_lib.analyses.identification import measured
from shnor_lib.analyses.objectivity import MARKERS
from shnor_lib.analyses.passports import Known, of_school
from shnor_lib.analyses.risk_profile import chosen_by_school, profile_of, risk_profile
from shnor_lib.analyses.support.measures import DONE
from shnor_lib.criteria.clarification import decision_in_words
from shnor_lib.criteria.measure import NOT_ASSESSED
from shnor_lib.indicators import split_name
from shnor_lib.indicators.catalogue import part_label
from shnor_lib.indicators.causes import HIDDEN_WORD, NOT_DELIVERED, tables_needed
from shnor_lib.indicators.formulas import column_label
from shnor_lib.indicators.ranges import with_ranges
from shnor_lib.indicators.satisfaction import ASSESSED
from shnor_lib.inputs.breaks import series_breaks
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.office.office import Office
from shnor_lib.pages import marks, numbers
from shnor_lib.pages.furniture import Prose
from shnor_lib.pages.numbers import CODE_EXPLANATIONS, FEW, HIDDEN, NOT_APPLICABLE, is_missing, lower_first
from shnor_lib.pages.page import Report, format_of
from shnor_lib.pages.saying import say
from shnor_lib.pages.sheets import SchoolPage
from shnor_lib.pages.specs import report_spec
from shnor_lib.pages.tables import Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views import annex, received
from shnor_lib.pages.views.context_risks import shown_value, travel
from shnor_lib.pages.views.dynamics import years_drawn
from shnor_lib.pages.views.passport_subjects import olympiads_told, subjects_told
from shnor_lib.pages.views.school_needs import needs_of_school, table_needs
from shnor_lib.pages.views.school_reported import ended_periods, help_by_papers, reports_of_school, table_reports
from shnor_lib.pages.words import CATEGORIES
from shnor_lib.workspace import SCHOOLS_REPORT

MOST_NAMED = 3
"""So many signs and tables stand in a line of the list."""

MOST_PROCEDURES, MOST_LEARNING = 6, 6
"""So many results by grade and subject, and within the year, stand on a page that also has to say what to do."""

ONE_GRADE = ("OGE", "EGE")
"""Exams of one grade, which need not be said."""

SERIES_WIDTH, PLACE_WIDTH = 56, 130
"""Pixels of the drawings of a result: its years, and its place between the levels above."""
TONES = {"worse": "bad", "better": "good"}
SCALES = {"percent": (0.0, 1.0), "score": (0.0, 100.0)}
"""The whole range of a unit, the same in every row and for every school."""


REPORT = Report(SCHOOLS_REPORT, passports.passport_facts)
page_of, show_headlines, show_decisions = REPORT.page_of, REPORT.show_headlines, REPORT.show_decisions
known_of = passports.known_of


def show_schools(known: Known, found: pd.DataFrame) -> Together:
    """The list of the schools, the listed ones first."""
    office, words = known.office, report_spec(REPORT.name).words["list"]
    page = page_of(office)
    shorts = {name: criterion.short for name, criterion in office.method.criteria.items()}

    def why(row) -> str:
        signs = [shorts[one] for one in row.met]
        told = say(words["signs"], {"signs": some_of(signs)}) if signs else words["none" if row.assessed else "unknown"]
        if 0 < row.assessed < row.criteria:
            told += say(words["partly"], {"assessed": row.assessed, "criteria": row.criteria})
        return "; ".join([*row.decided, told])

    lacking = [row.lacking for row in found.itertuples()]
    results = results_against_municipality(office, found["school_id"]).melt("school_id", var_name="year").dropna()
    alike = len(found) > 1 and all(one == lacking[0] for one in lacking)
    frame = found.assign(
        state=[state_of(known, school) for school in found["school_id"]],
        why=[why(row) for row in found.itertuples()],
        drawn=years_drawn(results, list(found["school_id"])) if len(results) else None,
        lacks=None if alike else [some_of(one) or words["complete"] for one in lacking],
    )
    told = {
        "supported": int(found["supported"].eq(True).sum()),
        "drawn": len(results),
        "lacking": ", ".join(lacking[0]) or None if alike else None,
    }
    return Together(
        [*page.text("schools", **passports.passport_facts(office)), page.table("passport_schools", frame, **told)]
    )


def some_of(names: list[str]) -> str:
    """Names in a line, at most so many: «Кадры, Анкета школы и ещё 3»."""
    rest = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" и ещё {rest}" if rest > 0 else "")


def show_passports(known: Known) -> Together:
    """A page for every school in the order of school codes."""
    return Together(
        [passport(known, school) for school in known.office.schools.sort_values("school_id").to_dict("records")]
    )


def passport(known: Known, school: dict) -> SchoolPage:
    """The page of one school; what nothing is known of has no place on it."""
    office, school_id = known.office, school["school_id"]
    page, facts = page_of(office), passports.school_facts(known, school_id)
    name, state = office.school_names[school_id], state_of(known, school_id)

    def known_rows(table: str, show: Callable[..., Table]) -> list[Table]:
        found = show(known, of_school(rows_of_table(known, table), school_id), rows_of=school_id, **facts)
        return [found] if len(found.frame) else []

    told = besides_told(known, school_id)
    reasons = [*page.text("reasons", **facts), *experts(known, school_id), *received.told_of_school(page, school_id)]
    reasons += known_rows("signs", table_signs)
    help_given = [
        *page.text("help", **facts),
        *known_rows("measures", table_measures),
        *reports_of_school(known, page, school_id),
        *help_by_papers(known, page, school_id),
        *page.text("help_besides", **facts | told | partners_told(known, school_id)),
    ]
    asked = page.text("asked", **facts)
    results = [
        *page.text("results", **facts | told | olympiads_told(known, school_id)),
        *known_rows("results", table_results),
    ]
    columns = [known_rows("procedures", table_procedures), known_rows("learning", table_learning)]
    beside = tuple(Together(column) for column in columns if column)
    listed = 0 if passports.standing_on_lists(known, school_id)["listed"] else 1
    return SchoolPage(
        school_id,
        annex.show_title(office, f"{name}: {state}", about_school(school)),
        [
            *reasons,
            *page.text("changes", **facts | changes_told(known, school_id) | subjects_told(known, school_id)),
            *needs_of_school(known, page, school_id),
            *help_given,
            *asked,
            *page.text(
                "conditions", **facts | told | conditions_told(known, school_id) | profile_told(known, school_id)
            ),
            *results,
            *([beside] if len(beside) > 1 else beside),
        ],
        {"school": name, "state": state, "listed": listed},
    )


def show_files(known: Known) -> Together:
    """The rows behind the pages of all schools, one file a kind."""
    shows = {
        "signs": table_signs,
        "measures": table_measures,
        "results": table_results,
        "procedures": table_procedures,
        "learning": table_learning,
        "deficits": table_deficits,
        "conditions": table_conditions,
    }
    tables = [(name, show(known, rows_of_table(known, name))) for name, show in shows.items()]
    page = page_of(known.office)
    tables.append(("reports", table_reports(known, page, ended_periods(known))))
    tables.append(("needs", table_needs(known, page, known.ordered)))
    files = [page.attached(one, f"school_{name}") for name, one in tables if len(one.frame)]
    return Together([*page.text("files"), *files] if files else [])


def rows_of_table(known: Known, name: str) -> pd.DataFrame:
    """The rows of all schools that a table shows some of."""
    found = getattr(known, name)
    if name == "procedures":
        return found[~found["few"]]
    return found[found["school_id"].notna()]


def joined(office: Office, categories: Iterable[str]) -> str | None:
    """Categories in a sentence: «ШНОР и ШНСУ»."""
    return " и ".join(office.method.words(one).called for one in categories) or None


def state_of(known: Known, school_id: str) -> str:
    """The answer in words: «в перечне ШНОР и ШНСУ, как и год назад»."""
    found = passports.standing_on_lists(known, school_id)
    return page_of(known.office).text("state", **worded_answers(known.office, found))[0].text


def worded_answers(office: Office, found: Mapping[str, Any]) -> dict[str, object]:
    """Lists of categories as words."""
    return {name: joined(office, one) if isinstance(one, list) else int(one) for name, one in found.items()}


def experts(known: Known, school_id: str) -> list[Prose]:
    """What experts decided, with date and reason, and what the data alone say."""
    words, answers = report_spec(REPORT.name).words["experts"], of_school(known.office.identification, school_id)
    told = []
    for row in of_school(known.experts, school_id).itertuples():
        own = answers[answers["category"].eq(row.category)]
        facts = {
            "what": words[row.decision],
            "category": CATEGORIES[row.category],
            "told": decision_in_words(row.reason, row.decided_by, row.decided_on),
            "calculated": None if own.empty else words[own["calculated"].iloc[0]],
        }
        told += page_of(known.office).text("experts", **facts)
    return told


def changes_told(known: Known, school_id: str) -> dict[str, object]:
    """How the answers and the results of a school changed."""
    found = worded_answers(known.office, passports.standing_on_lists(known, school_id))
    own = of_school(known.changes, school_id)
    facts: dict[str, object] = dict.fromkeys(("direction", "change", "interval", "against", "years"))
    if len(own):
        row = own.iloc[0]
        facts["direction"] = row["direction"]
        if row["direction"] != "not_compared":
            facts["years"] = row["years"]
            if not is_missing(row["change"]):
                facts["change"] = numbers.format_number(row["change"], signed=True)
            if not (is_missing(row["low"]) or is_missing(row["high"])):
                facts["interval"] = numbers.format_interval(row["low"], row["high"])
            facts["against"] = report_spec(REPORT.name).words["against"]["region" if known.regional else "schools"]
    told = {f"is_{way}": int(facts["direction"] == way) for way in ("fall", "rise", "none", "not_compared")}
    return found | facts | told | {"public": int(known.office.audience == "public")}


def partners_told(known: Known, school_id: str) -> dict[str, object]:
    """The partners of a school in words, or None."""
    words, names = report_spec(REPORT.name).words["partner"], known.office.school_names
    told = []
    for row in of_school(known.partners, school_id).itertuples():
        subject = None if is_missing(row.subject) else label_of("subject", row.subject)
        remark = None if is_missing(row.remark) or not row.remark else row.remark
        shared = None if row.kind != "declared" or not len(known.plan.events) else together_told(known, row)
        beside = "; ".join(text for text in (subject, remark, shared) if text)
        other = "" if is_missing(row.other_id) else names.get(row.other_id, row.other_id)
        told.append(say(words[row.kind], {"other": other, "beside": f" ({beside})" if beside else ""}))
    return {"partners": "; ".join(told) or None}


def together_told(known: Known, pair) -> str | None:
    """How many events a declared pair joined together."""
    own = of_school(known.plan.pairs_together, pair.school_id)
    shared = own.loc[own["partner_id"].eq(pair.other_id), "together"]
    words = report_spec(REPORT.name).words["partner"]["together"]
    return say(words, {"events": int(shared.iloc[0])}) if len(shared) else None


def besides_told(known: Known, school_id: str) -> dict[str, object]:
    """What other reports found of a school, in words: events, lacking posts, markers of biased results, what was expected."""
    found, words = passports.besides(known, school_id), report_spec(REPORT.name).words
    posts = [
        f"{lower_first(column_label(name))} – {HIDDEN_WORD if is_missing(one) else numbers.format_number(one)}"
        for name, one in found["lacking"].items()
    ]
    markers = "; ".join(MARKERS[one] for one in found.get("markers", ()))
    told: dict[str, object] = dict.fromkeys(("expected", "result", "interval", "compared_word"))
    if "comparison" in found:
        told = {name: numbers.format_number(found[name], signed=True) for name in ("expected", "result")}
        told["interval"] = numbers.format_interval(found["low"], found["high"])
        told["compared_word"] = words["expected"][found["comparison"]]
    return told | {
        "events": found.get("events"),
        "posts": "; ".join(posts) or None,
        "markers": markers or None,
        "beyond": int(found.get("beyond", False)),
        "unbiased": int(found.get("unbiased", False)),
        "level": known.expected.level,
        "window": known.office.profile.expectation.window,
    }


def about_school(school: dict) -> str:
    """Who the school is, in one line; what the registry does not say is not mentioned."""

    told: dict[str, Callable[[Any], str]] = {
        "name": str,
        "kind": lambda code: label_of("school_kind", code),
        "locality": lambda code: label_of("locality", code),
        "settlement_population": lambda code: label_of("settlement_population", code),
        "transport": lambda code: f"крупный город – {travel()[code]}",
        "pupils": lambda number: numbers.agree(number, ("ученик", "ученика", "учеников")),
        "classes": lambda number: numbers.agree(number, ("класс", "класса", "классов")),
    }
    return "; ".join(say(school[name]) for name, say in told.items() if not is_missing(school.get(name))) + "."


def table_signs(known: Known, rows: pd.DataFrame, **facts: Any) -> Table:
    """The signs of both categories with value, threshold and participants."""
    office, words = known.office, report_spec(REPORT.name).words["border"]
    criteria = [office.method.criteria[criterion] for criterion in rows["criterion"]]
    forms = [format_of(office, measured(one)) for one in criteria]

    def why(row, criterion) -> str:
        if row.verdict == NOT_ASSESSED and row.cause == NOT_DELIVERED:
            return say(words["lacking"], {"tables": ", ".join(tables_needed([row.needs]))})
        told = row.reason.split(";")[0] if measured(criterion) else row.reason
        told += "" if is_missing(row.assessed) else f"; {ASSESSED.format(int(row.assessed))}"
        return f"{told}; {words['near']}" if row.near else told

    frame = rows.assign(
        title=[one.sign for one in criteria],
        form=forms,
        margin_form=["points" if form == "percent" else form for form in forms],
        why=[why(row, one) for row, one in zip(rows.itertuples(), criteria, strict=True)],
        value=with_ranges(rows["value"], rows["cause"], rows["needs"]),
    )
    if "hidden" in frame:
        for column in ("value", "margin", "participants"):
            frame[column] = frame[column].astype(object).mask(frame["hidden"].eq(True) & frame[column].isna(), HIDDEN)
    return page_of(office).table("school_signs", frame, **facts_of_all(facts))


def facts_of_all(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a table of one school; those of the file of all schools say nothing of one."""
    return dict(facts) if "rows_of" in facts else {"all": 1} | dict.fromkeys(COUNTED, 0)


COUNTED = (
    *(
        "criteria",
        "criteria_met",
        "criteria_assessed",
        "near",
        "worse",
        "better",
        "compared",
        "procedures",
        "procedures_few",
    ),
    *("zones", "conditions", "measures", "overdue"),
)
"""Facts of one school that captions say."""


def table_measures(known: Known, rows: pd.DataFrame, **facts: Any) -> Table:
    """The school's own measures, the late ones first; the page of a school prints what is not done."""
    open_ones = rows["state"].ne(DONE)
    return page_of(known.office).table(
        "school_measures",
        rows.assign(due=[numbers.format_due(due) for due in rows["due"]]),
        shown=open_ones if "rows_of" in facts and open_ones.any() else None,
        on=known.office.profile.plan.monitoring(known.office.year),
        **facts_of_all(facts),
    )


def table_results(known: Known, rows: pd.DataFrame, **facts: Any) -> Table:
    """Key results: three years, place between the municipality and the region, a plain word; without participants nothing to draw."""
    office, year = known.office, known.office.year
    drawn = "rows_of" not in facts or rows["denominator"].notna().any() or rows["hidden"].any()
    frame = rows.assign(
        title=[result_title(office, indicator) for indicator in rows["indicator"]],
        form=[format_of(office, one) for one in rows["indicator"]],
    )
    frame["series"] = [series_mark(row, year) for row in frame.itertuples()]
    frame["place"] = [place_mark(row) for row in frame.itertuples()]
    for column in ("value", "low", "high"):
        frame[column] = frame[column].astype(object).mask(frame["few"], FEW)
    years = {"before_2": year - 2, "before_1": year - 1, "now": year}
    breaks = "; ".join(series_breaks(years.values())) or None if len(frame) else None
    several = int(frame["indicator"].str.contains("*", regex=False).sum()) if len(frame) else 0
    told = {"breaks": breaks, "several": several, **years, **facts_of_all(facts)}
    return page_of(office).table("school_results" if drawn else "plain_results", frame, named="school_results", **told)


def series_mark(row, year: int) -> marks.Mark | str:
    """The years of a result as a line; the code where every year is hidden."""
    low, high = SCALES[row.form]
    values = [row.before_2, row.before_1, None if row.few else row.value]
    if row.hidden and all(is_missing(value) for value in values):
        return HIDDEN
    told = [
        f"{year - 2 + place}: {shown(value, row.form)}" for place, value in enumerate(values) if not is_missing(value)
    ]
    return marks.sparkline(
        values, marks.Scale(low, high, SERIES_WIDTH), "; ".join(told) or numbers.NO_DATA, reference=None
    )


def place_mark(row) -> marks.Mark | str:
    """A result with its interval between the municipality and the region; the code where it is not shown."""
    if row.hidden and is_missing(row.value):
        return HIDDEN
    if row.few:
        return FEW
    words = report_spec(REPORT.name).words["place"]
    references = {"municipality": row.benchmark_municipality, "region": row.benchmark_region}
    told = [say(words["value"], {"value": shown(row.value, row.form)})]
    if not is_missing(row.low):
        told.append(say(words["interval"], {"interval": interval_text(row.low, row.high, row.form)}))
    told += [
        say(words[level], {"value": shown(value, row.form)})
        for level, value in references.items()
        if not is_missing(value)
    ]
    scale = marks.Scale(*SCALES[row.form], PLACE_WIDTH)
    tone = TONES.get(row.comparison_municipality, "value")
    return marks.interval(row.value, (row.low, row.high), scale, "; ".join(told), references=references, tone=tone)


def shown(value: float, form: str) -> str:
    """A value as the column prints it."""
    return numbers.format_percent(value) if form == "percent" else numbers.format_score(value)


def result_title(office: Office, indicator: str) -> str:
    """A short name of a result: "ОГЭ, математика: ниже минимума"."""
    measure, part = split_name(indicator)
    entry = office.catalogue[measure]
    if entry.per == "procedure":
        exam, subject, grade = part.split("/")
        place = f"{label_of('exam', exam)}, {label_of('subject', subject)}" + (
            "" if grade == "*" or exam in ONE_GRADE else f", {grade} класс"
        )
    else:
        place = part_label(entry.per, part) if part else office.catalogue.label(indicator)
    return f"{place}: {report_spec(REPORT.name).words['measure'].get(measure, entry.label.lower())}"


def interval_text(low: float, high: float, form: str) -> str:
    """An interval as text."""
    return numbers.format_interval(low, high, 0 if form == "percent" else 1, as_percent=form == "percent")


def table_procedures(known: Known, rows: pd.DataFrame, **facts: Any) -> Table:
    """Results of the year by grade and subject; a page that says what to do prints those that differ from the municipality first."""
    short = [short_procedure(part) for part in rows["part"]]
    shown = None
    if facts.get("advice") and len(rows) > MOST_PROCEDURES:
        telling = rows["comparison_municipality"].map({"worse": 0, "better": 1}).fillna(2)
        first = telling.sort_values(kind="stable").index[:MOST_PROCEDURES]
        shown = rows.index.isin(first)
    return page_of(known.office).table(
        "school_procedures", rows.assign(short=short), shown=shown, **facts_of_all(facts)
    )


def short_procedure(part: str) -> str:
    """A procedure in little room.

    >>> short_procedure("VPR/maths/5"), short_procedure("OGE/maths/9")
    ('ВПР-5, математика', 'ОГЭ, математика')
    """
    exam, subject, grade = part.split("/")
    return f"{label_of('exam', exam)}{'' if exam in ONE_GRADE else f'-{grade}'}, {label_of('subject', subject)}"


def table_learning(known: Known, rows: pd.DataFrame, **facts: Any) -> Table:
    """Region-wide checks and marks of the journal inside the year."""
    words = report_spec(REPORT.name).words

    def title(indicator: str) -> str:
        measure, part = split_name(indicator)
        if known.office.catalogue[measure].per == "procedure":
            return short_procedure(part)
        stage, subject = part.split("/")
        told = {"stage": words["stage"].get(stage, label_of("stage", stage)), "subject": label_of("subject", subject)}
        return say(words["journal"]["title"], told)

    titles = [title(indicator) for indicator in rows["indicator"]]
    told = {"checks": int(rows["indicator"].str.startswith(passports.WAVE_CHECK).any())}
    cut = facts.get("advice") and len(rows) > MOST_LEARNING
    shown = [place < MOST_LEARNING for place in range(len(rows))] if cut else None
    return page_of(known.office).table(
        "school_learning", rows.assign(title=titles), shown=shown, **told, **facts_of_all(facts)
    )


def table_deficits(known: Known, rows: pd.DataFrame, **facts: Any) -> Table:
    """Professional deficits of the teachers."""
    return page_of(known.office).table("school_deficits", rows, **facts_of_all(facts))


def table_conditions(known: Known, rows: pd.DataFrame) -> Table:
    """The conditions of all schools, for the file."""
    return page_of(known.office).table("school_conditions", worded_conditions(known, rows))


def worded_conditions(known: Known, rows: pd.DataFrame) -> pd.DataFrame:
    """Conditions in words: what it is, in the school, in the municipality."""
    return rows.assign(
        title=[known.context.factors[factor].short for factor in rows["factor"]],
        here=[
            HIDDEN if row.hidden else shown_value(row.value, known.context.factors[row.factor], known.office)
            for row in rows.itertuples()
        ],
        there=[of_municipality(known, factor) for factor in rows["factor"]],
    )


def conditions_told(known: Known, school_id: str) -> dict[str, object]:
    """The zones of risk of a school in a sentence for each level."""
    words = report_spec(REPORT.name).words["condition"]
    frame = worded_conditions(known, of_school(known.conditions, school_id))
    told: dict[str, list[str]] = {"high": [], "medium": []}
    for row in frame[frame["level"].isin(list(told))].itertuples():
        form = words["alone"] if row.there in CODE_EXPLANATIONS else words["told"]
        told[row.level].append(say(form, {"title": lower_first(row.title), "here": row.here, "there": row.there}))
    beside = int(frame["level"].isin(list(told)).any() and not frame["there"].isin(list(CODE_EXPLANATIONS)).all())
    return {level: "; ".join(zones) or None for level, zones in told.items()} | {"beside": beside}


def profile_told(known: Known, school_id: str) -> dict[str, object]:
    """The factors of high risk in the school's risk profile and those it chose to work on."""
    profile, levels = profile_of(known.office), of_school(risk_profile(known.office), school_id)
    if profile is None or levels.empty:
        return {"profile": None, "profile_high": None, "profile_chosen": None, "profile_lacking": 0}
    found = chosen_by_school(levels, profile.least_chosen).iloc[0]
    high, chosen = (
        ", ".join(label_of("profile_factor", one) for one in found[f"{which}_factors"]) or None
        for which in ("high", "chosen")
    )
    return {
        "profile": profile.short,
        "profile_high": high,
        "profile_chosen": chosen,
        "profile_lacking": 0 if found["enough"] else profile.least_chosen,
    }


def of_municipality(known: Known, factor: str) -> str:
    """The value of the municipality, or the share of schools that answered yes."""
    declared = known.context.factors[factor]
    value = known.above.get(declared.name)
    if declared.indicator in ("settlement_size_band", "transport_difficulty"):
        return NOT_APPLICABLE
    if known.office.catalogue.unit(declared.indicator) == "flag" and not is_missing(value):
        return f"«да» {numbers.format_percent(value, 0)}"
    return shown_value(value, declared, known.office)
