"""Views of report 60: how far the lists depend on choices and on chance, and results against expectation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps

import pandas as pd

from shnor_lib.criteria.rules import threshold_form
from shnor_lib.office.office import Office
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.charts import plot_criteria_matrix
from shnor_lib.pages.furniture import Decisions, Heading, Headlines
from shnor_lib.pages.markup import typeset
from shnor_lib.pages.numbers import (
    agree,
    format_count,
    format_percent,
    plural,
)
from shnor_lib.pages.page import Page, source_of
from shnor_lib.pages.phrases import Headline, decisions, headlines
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views import expectation
from shnor_lib.pages.words import CATEGORIES
from shnor_lib.params.methods import Criterion
from shnor_lib.whatif.region import region_of
from shnor_lib.whatif.robustness import Study, study_office
from shnor_lib.whatif.robustness.findings import (
    FRAGILE,
    WORDS,
    answers_of_scenarios,
    base_row,
    certainties,
    choices_that_matter,
    draw_count,
    flip_thresholds,
    list_movements,
    robustness_facts,
    scenario_rows,
    smallest_rows,
)
from shnor_lib.whatif.scenarios import DECISION_RULE, variants_of_region

REPORT = "60_robustness"
CHOICES = {
    "threshold": "пороги критериев",
    "at_least": "сколько критериев достаточно",
    "rounding": "округление доли школ",
    "ties": "правило для равных",
    "window": "за сколько лет берутся результаты",
    "minimum_participants": "наименьшее число участников",
    "kind": "отставание в пунктах или в процентах",
    "treatment": "правка крайних значений в индексах",
    "normalisation": "нормировка индексов",
    "aggregation": "способ соединения составляющих",
    "weights": "веса в индексах",
    "chance": "случайность малых чисел",
}
VERDICTS = {"met": "выполнен", "not_met": "не выполнен", "not_assessed": "не оценён", "not_in_method": "нет в методике"}
ASSESSMENTS = ("оценка", "оценки", "оценок")
CONCLUSIONS = ("вывод", "вывода", "выводов")
CLOSED = (
    "В открытой редакции отчёт не строится: пороги переключения и вероятности позволили бы восстановить скрытые числа. "
    "Полный отчёт есть в редакции для служебного пользования."
)


def page_of(study: Study) -> Page:
    """The page of this report for an office."""
    return Page(study.office, REPORT)


def open_study(office: Office) -> Study | None:
    """Everything the report shows, computed once; nothing in the public edition."""
    return None if office.audience == "public" else study_office(office, region_of(office))


def internal_only(show: Callable[[Study], object]) -> Callable[[Study | None], object]:
    """A view that shows nothing in the public edition."""

    @wraps(show)
    def shown(study: Study | None) -> object:
        return Together([]) if study is None else show(study)

    return shown


# --- headlines -------------------------------------------------------------------------------------------------------


def named_facts(study: Study) -> dict[str, object]:
    """The facts with the words of the page for choices."""
    facts = robustness_facts(study)
    return facts | {name: CHOICES[facts[name]] for name in ("choice_top", "choice_rule") if name in facts}


def show_headlines(study: Study | None) -> Headlines:
    """The findings about how sure the lists are."""
    if study is None:
        return Headlines([Headline("closed", CLOSED)])
    return Headlines(headlines(named_facts(study), REPORT))


def show_decisions(study: Study | None) -> Decisions:
    """What has to be decided about the rules and the doubtful schools."""
    found = decisions(named_facts(study), REPORT) if study else []
    return Decisions(found or ["Решений по устойчивости перечней не требуется."])


# --- how sure --------------------------------------------------------------------------------------------------------


@internal_only
def show_certainty(study: Study) -> Together:
    """How often each school is on each list when choices and chance vary."""
    family, facts, page = study.office.method.robustness, robustness_facts(study), page_of(study)
    unknown = facts["certain_unknown"]
    total = sum(facts[f"certain_{word}"] for word in WORDS)
    heading = "certainty_open" if unknown == total else "certainty"
    table = page.table(
        "certainty",
        certainties(study),
        draws=draw_count(study),
        always=family.always,
        often=family.often,
        never=family.never,
        choices="; ".join(CHOICES[name] for name in varied(study)),
        assumption=family.assumption,
    )
    counts = Attachment(
        page.table("certainty_counts", study.counts),
        "Сколько расчётов стоит за каждой вероятностью – в отдельном файле.",
    )
    open_cases = f"; не определить – {format_count(unknown)}" if unknown else ""
    return Together([*page.text(heading, schools=total, open_cases=open_cases, **facts), table, counts])


def varied(study: Study) -> list[str]:
    """The choices that vary for the office, in the order of the report."""
    return [name for name in CHOICES if name in set(study.matters["group"])]


@internal_only
def show_what_matters(study: Study) -> Together:
    """Which choice each list depends on most."""
    facts, page = named_facts(study), page_of(study)
    if "choice_top" not in facts:
        return Together(page.text("what_matters_nothing"))
    frame, idle = choices_that_matter(study)
    told = " ".join(
        f"Перечня {CATEGORIES[category]} не меняют: {'; '.join(CHOICES[name] for name in names)}."
        for category, names in idle.items()
    )
    table = page.table("what_matters", frame.assign(choice=frame["group"].map(CHOICES)), idle_choices=told)
    columns = {name: Column(f"Из вторых: {CHOICES[name]}", "count") for name in study.movements.groups}
    moved = page.table("list_movements", list_movements(study), more={"more": columns})
    attached = Attachment(moved, "Расчёты, по которым посчитаны эти доли, – в отдельном файле.")
    return Together([*page.text("what_matters", **facts), table, attached])


# --- scenarios -------------------------------------------------------------------------------------------------------


def told_of(study: Study, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of scenarios with their words; the method itself is the one without a variant."""
    variants = {variant.name: variant for variant in study.office.variants}
    base = {"short": "По методике", "title": study.office.method.title, "why": "с этим сравниваются остальные"}
    words = {
        word: [typeset(getattr(variants[name], word) if name in variants else text) for name in frame["scenario"]]
        for word, text in base.items()
    }
    return frame.assign(**words)


@internal_only
def show_scenarios(study: Study) -> Together:
    """What every scenario changes: who enters, who leaves, which criterion did it."""
    page, rows = page_of(study), scenario_rows(study)
    if rows.empty:
        return Together(page.text("scenarios_absent", refusals=refusals(study)))
    lists = told_of(study, rows)
    all_rows = told_of(study, pd.concat([rows, pd.DataFrame([base_row(study)])], ignore_index=True))
    table = page.table(
        "scenarios",
        all_rows.astype(dict.fromkeys(CATEGORIES, "Int64")),
        more={"more": {name: Column(word, "count", missing="[не применимо]") for name, word in CATEGORIES.items()}},
        refusals=refusals(study),
    )
    facts = robustness_facts(study)
    heading = page.text("scenarios" if facts["scenarios_moving"] else "scenarios_none", **facts)
    purposes = page.table("scenario_purposes", lists[lists["why"].ne("")])
    return Together([*heading, table, table_changes(study), *plot_lists(study), purposes])


def refusals(study: Study) -> str:
    """Which variants were not applied to the office and why, in sentences."""
    if not study.refused:
        return ""
    short = {variant.name: f"«{variant.short}»" for variant in study.office.variants}
    of_region = [name for name in variants_of_region(study.office) if name in study.refused]
    parts = []
    if of_region:
        why = (
            study.refused[of_region[0]] if study.office.profile.region_profile else "муниципалитет не отнесён к области"
        )
        parts.append(f"Среди школ области не сравнивалось ({why}): {', '.join(short[name] for name in of_region)}.")
    others = [short[name] for name in study.refused if name not in of_region]
    if others:
        parts.append(f"К методике муниципалитета не относятся: {', '.join(others)}.")
    return " ".join(parts)


def table_changes(study: Study) -> Table:
    """Every school whose calculated answer a scenario changes, and the criteria that did it."""
    office = study.office
    variants = {variant.name: variant for variant in office.variants}
    frame = named(study.changes, office)
    frame = frame.assign(
        short=[typeset(variants[name].short) for name in frame["scenario"]],
        because=[because(row.criteria, office, variants[row.scenario].method.criteria) for row in frame.itertuples()],
    )
    return page_of(study).table("scenario_changes", frame)


def because(criteria: str, office: Office, others: Mapping[str, Criterion]) -> str:
    """Changed verdicts in words, those that changed alike together."""
    if criteria == DECISION_RULE:
        return "правило решения: сколько критериев достаточно"
    titles = {name: one.short for name, one in (dict(others) | dict(office.method.criteria)).items()}
    alike: dict[str, list[str]] = {}
    for change in criteria.split("; "):
        name, moved = change.split(": ")
        alike.setdefault(moved, []).append(titles[name])
    parts = []
    for moved, names in alike.items():
        before, after = moved.split(" → ")
        parts.append(f"{VERDICTS[before]} → {VERDICTS[after]}: {', '.join(names)}")
    return "; ".join(parts)


def plot_lists(study: Study) -> list[object]:
    """The answers of every scenario side by side: one matrix a category; of equal columns it would say nothing."""
    figures: list[object] = []
    for category, word in CATEGORIES.items():
        frame, moved = answers_of_scenarios(study, category)
        if moved:
            figures.append(
                page_of(study).figure(
                    "scenario_matrix",
                    plot_criteria_matrix,
                    told_of(study, frame),
                    named=f"scenario_matrix_{category}",
                    facts={"word": word, "moved": moved, "school": len(set(frame["school_id"]))},
                )
            )
    return figures


# --- flips -----------------------------------------------------------------------------------------------------------


def told_parameters(study: Study) -> pd.DataFrame:
    """The smallest changes with the words and the kind of number of their parameter."""
    frame = smallest_rows(study)
    return named(frame, study.office).assign(
        form=[parameter_form(study.office, path) for path in frame["path"]],
        parameter=[parameter_words(study.office, path) for path in frame["path"]],
    )


def parameter_words(office: Office, path: object) -> str | None:
    """What a path of the method stands for; nothing for an answer that no parameter moves."""
    if not isinstance(path, str):
        return None
    chapter, name, field = path.split(".")
    if chapter == "decisions":
        return "сколько критериев достаточно"
    words = {"threshold": "порог", "minimum_participants": "наименьшее число участников"}
    return f"{office.method.criteria[name].short}: {words[field]}"


def parameter_form(office: Office, path: object) -> str:
    """The kind of number of a parameter."""
    if not isinstance(path, str) or not path.endswith(".threshold"):
        return "count"
    return threshold_form(office.method.criteria[path.split(".")[1]], office.catalogue)


@internal_only
def show_flips(study: Study) -> Together:
    """How far each school is from another answer, in the terms of the rules."""
    office = study.office
    frame = told_parameters(study)
    fragile = int(frame["fragile"].sum())
    movable = frame["path"].notna()
    fixed = agree(int((~movable).sum()), CONCLUSIONS)
    limit = format_percent(FRAGILE, 0)
    tables = [
        table_changes_of_one(
            frame[frame["fragile"]],
            office,
            name="fragile_changes",
            caption=f"Выводы, которые меняет сдвиг одного параметра не больше чем на {limit}",
            note=(
                "Изменение – доля параметра. 0 % значит, что параметр стоит ровно на границе: например, четверть от числа школ не целая и "
                "вывод зависит от округления."
            ),
            empty=f"Сдвиг на {limit} и меньше не меняет ни одного вывода.",
        ),
        table_changes_of_one(
            frame[movable & ~frame["fragile"]],
            office,
            name="smallest_changes",
            caption="Наименьшее изменение одного параметра, которое меняет каждый из остальных выводов",
            note=f"Ещё {fixed} ни один параметр по отдельности не меняет.",
            empty="Других выводов ни один параметр по отдельности не меняет.",
        ),
    ]
    heading = f"Сдвиг одного параметра на {limit} и меньше не меняет ни одного вывода"
    if fragile:
        heading = f"Небольшой сдвиг одного параметра меняет {agree(fragile, CONCLUSIONS)} из {format_count(len(frame))}"
    return Together([Heading(heading), *tables, *tables_flips(study), *attach_evidence(study)])


def table_changes_of_one(frame: pd.DataFrame, office: Office, **words: str) -> Table:
    """Changes of one parameter that turn answers over."""
    return Table(
        frame,
        columns={
            "school": "Школа",
            "category_word": "Категория",
            "calculated": Column("Вывод", "identified"),
            "parameter": "Параметр",
            "now": Column("Сейчас", by_row="form"),
            "flips_at": Column("Меняется при", by_row="form"),
            "relative": Column("Изменение", "percent", digits=0),
            "becomes": Column("Вывод тогда", "identified"),
        },
        row_header=("school", "category_word"),
        source=source_of(office),
        **words,
    )


def tables_flips(study: Study) -> list[Table]:
    """The threshold at which each verdict turns over, a table a category: schools down, criteria across, the method's own below."""
    office = study.office
    wide, own = flip_thresholds(study, office.school_names)
    frame = pd.concat([wide, pd.DataFrame([own | {"school_id": "Порог методики"}])], ignore_index=True)
    tables = []
    for category in office.method.decisions:
        criteria = {name: one for name, one in office.method.criteria.items() if one.category == category}
        columns = {
            name: Column(one.short, threshold_form(one, office.catalogue), missing="[не применимо]")
            for name, one in criteria.items()
        }
        tables.append(
            page_of(study).table(
                "flip_thresholds",
                frame,
                named=f"flip_thresholds_{category}",
                more={"more": columns},
                category_word=CATEGORIES[category],
            )
        )
    return tables


def attach_evidence(study: Study) -> list[Attachment]:
    """What the criteria were judged on, from which the thresholds above are found."""
    office = study.office
    criteria = office.method.criteria
    frame = named(office.verdicts, office)
    frame = frame.assign(
        short=[criteria[name].short for name in frame["criterion"]],
        rule=[criteria[name].rule for name in frame["criterion"]],
        minimum_participants=[criteria[name].minimum_participants for name in frame["criterion"]],
    )
    values = page_of(study).table("criterion_values", frame)
    attached = [Attachment(values, "Значения, по которым оценены критерии, – в отдельном файле.")]
    if len(office.low_procedures):
        procedures = page_of(study).table(
            "low_procedure_values",
            office.low_procedures.assign(
                school=office.low_procedures["school_id"].map(office.school_names),
                year=office.low_procedures["year"].astype(int).astype(str),
            ),
        )
        attached.append(Attachment(procedures, "Доли участников ниже минимума по процедурам – в отдельном файле."))
    return attached


# --- small schools ---------------------------------------------------------------------------------------------------


@internal_only
def show_pooled(study: Study) -> Together:
    """Criteria on rates where few pupils decide, and what they would say if small schools leaned on all the others."""
    office = study.office
    if study.pooled.empty:
        text = "Нужны доли с числом участников хотя бы по пяти школам; по критериям методики таких данных нет."
        return Together(page_of(study).text("pooled", text=text))
    criteria = office.method.criteria
    frame = named(study.pooled, office)
    frame = frame.assign(
        short=[criteria[name].short for name in frame["criterion"]],
        what=[
            f"{criteria[one.criterion].short}: {one.procedure}, {one.year}"
            if one.procedure
            else criteria[one.criterion].short
            for one in frame.itertuples()
        ],
        changed=frame["verdict"].ne(frame["verdict_pooled"]),
        unsure=frame["low"].le(frame["threshold"]) & frame["high"].ge(frame["threshold"]),
    )
    changed, unsure = int(frame["changed"].sum()), int(frame["unsure"].sum())
    shown = frame[frame["unsure"] | frame["changed"]].sort_values(["school_id", "what"], kind="stable")
    heading = (
        f"Рядом с порогом из-за малого числа участников – {agree(unsure, ASSESSMENTS)} из {format_count(len(frame))}; "
        f"с опорой на остальные школы {plural(changed, 'меняется', 'меняются', 'меняется')} {format_count(changed)}"
    )
    moved = study.pooled_changes
    answers = (
        "Выводов о школах это не меняет."
        if moved.empty
        else "Вывод изменился бы: "
        + "; ".join(f"{office.school_names[one.school_id]} ({CATEGORIES[one.category]})" for one in moved.itertuples())
        + "."
    )
    table = page_of(study).table("pooled_rates", shown, answers=answers)
    everything = page_of(study).table("pooled_evidence", frame)
    return Together([Heading(heading), table, Attachment(everything, "Доли всех школ – в отдельном файле.")])


# --- methods ---------------------------------------------------------------------------------------------------------


@internal_only
def show_methods(study: Study) -> Together:
    """The office's method against other methods and other reference groups."""
    office = study.office
    if study.methods.empty:
        text = "Другой методики, которую можно применить к этим данным, в params/methods нет."
        return Together(page_of(study).text("methods", text=text))
    variants = {variant.name: variant for variant in office.variants}
    frame = study.methods.assign(
        rule=[typeset(variants[name].title) for name in study.methods["variant"]],
        category_word=study.methods["category"].map(CATEGORIES),
        told=study.methods["both"] + study.methods["neither"],
    )
    low = frame[frame["category"].eq("low_results")]
    told = low[low["agreed"].notna()]
    heading = "Сравнить методики не удалось: по другой методике данных недостаточно"
    if len(told):
        worst = told.loc[told["agreed"].idxmin()]
        compared = int(worst[["both", "first_only", "second_only", "neither"]].sum())
        heading = f"О ШНОР разные методики и группы сравнения дают один вывод не меньше чем в {int(worst['told'])} случаях из {compared}"
    table = page_of(study).table("methods_agreement", frame, title=office.method.title, refusals=refusals(study))
    return Together([Heading(heading), table])


# --- indices ---------------------------------------------------------------------------------------------------------


@internal_only
def show_places(study: Study) -> Together:
    """How sure the place of each school in each index is."""
    office = study.office
    if study.places.empty:
        text = (
            "Индексы не рассчитаны: нужны таблицы социального паспорта, кадров и ресурсов."
            if office.method.indices
            else f"Методика «{office.method.title}» индексов не использует."
        )
        return Together(page_of(study).text("places", text=text))
    words = index_words(office)
    frame = study.places.assign(
        school=study.places["school_id"].map(office.school_names), title=study.places["index"].map(words)
    )
    family = office.method.robustness
    sure = int((frame["p_lowest"].ge(family.always) | frame["p_lowest"].lt(family.never)).sum())
    table = page_of(study).table("index_places", frame, always=family.always, never=family.never)
    heading = f"В {sure} случаях из {len(frame)} ясно, входит ли школа в низшую четверть индекса"
    return Together([Heading(heading), table, *attach_places(study)])


def index_words(office: Office) -> dict[str, str]:
    """Short words for the indices: those of the criterion that judges each, else its title."""
    short = {one.indicator: one.short for one in office.method.criteria.values()}
    return {name: short.get(name, index.title) for name, index in office.method.indices.items()}


def attach_places(study: Study) -> list[Attachment]:
    """How many draws gave each place, and the components behind the scores."""
    office = study.office
    words = index_words(office)
    places = page_of(study).table(
        "place_counts",
        study.place_counts.assign(
            school=study.place_counts["school_id"].map(office.school_names),
            title=study.place_counts["index"].map(words),
        ),
    )
    components = office.components[office.components["year"].eq(office.year)]
    short = {
        (name, key): one.short for name, index in office.method.indices.items() for key, one in index.components.items()
    }
    scores = page_of(study).table(
        "place_components",
        components.assign(
            school=components["school_id"].map(office.school_names),
            title=components["index"].map(words),
            part=[
                short[one.index_name, one.component]
                for one in components.rename(columns={"index": "index_name"}).itertuples()
            ],
        ),
    )
    return [
        Attachment(places, "Сколько расчётов дали каждое место – в отдельном файле."),
        Attachment(scores, "Составляющие индексов – в отдельном файле."),
    ]


# --- expectation -----------------------------------------------------------------------------------------------------


@internal_only
def show_expectation(study: Study) -> Together:
    """Results against what the social context leads to expect (row B10)."""
    office, expected = study.office, study.expected
    if expected.refusal:
        text = (
            f"Ожидаемый результат не рассчитан: {expected.refusal}. Если школ в муниципалитете мало, их сравнивает отчёт региона: "
            "он строит ожидание по школам всех муниципалитетов вместе."
        )
        return Together(page_of(study).text("expectation", text=text))
    settings, source = office.profile.expectation, source_of(office)
    frame = expected.schools.assign(school=expected.schools["school_id"].map(office.school_names))
    left = frame[frame["comparison"].eq("not_compared")]
    columns = {"school": Column("Школа"), **expectation.columns_of(expected, settings)}
    if len(left):
        columns["reason"] = Column("Почему не сравнивается", missing="[не применимо]")
    table = page_of(study).table(
        "expected_results",
        frame.assign(reason=frame["reason"].replace("", None)),
        more={"more": columns},
        expectation=expectation.note_of(expected, settings),
        source=source,
    )
    schools = frame[["municipality", "school_id", "school"]]
    return Together(
        [
            Heading(expectation.heading_of(expected)),
            table,
            expectation.plot_difference(frame, expected, "expected_difference", "expected_results", source),
            expectation.table_fit(expected, "expected_fit", source),
            expectation.table_model(expected, settings, study.office.catalogue, "expected_model", source),
            expectation.attach_context(
                expected, schools, {"school": "Школа"}, study.office.catalogue, "expected_context"
            ),
        ]
    )


def named(frame: pd.DataFrame, office: Office) -> pd.DataFrame:
    """Rows with the words for school and category."""
    return frame.assign(
        school=frame["school_id"].map(office.school_names), category_word=frame["category"].map(CATEGORIES)
    )
