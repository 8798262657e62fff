"""Views of report 60: how far the lists depend on choices and on chance, and results against expectation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps

import numpy as np
import pandas as pd

from shnor_lib.criteria.decisions import YES
from shnor_lib.criteria.rules import threshold_form
from shnor_lib.office.office import Office
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.charts import plot_criteria_matrix
from shnor_lib.pages.furniture import Decisions, Heading, Headlines
from shnor_lib.pages.markup import typeset
from shnor_lib.pages.numbers import (
    SCHOOLS_OF,
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
from shnor_lib.whatif.scenarios import BASE, DECISION_RULE, variants_of_region

REPORT = "60_robustness"
FRAGILE = 0.10
"""Our assumption: a change of one parameter by no more than this share of itself is small."""

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
CHANGES = ("enters", "leaves", "other")
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


def robustness_facts(study: Study) -> Mapping[str, object]:
    """Counts behind the headlines, each of which a table of the page proves."""
    words = study.certainty[study.certainty["category"].eq("low_results")]["word"]
    lists = scenario_rows(study)
    smallest = smallest_rows(study)
    facts: dict[str, object] = {
        "certain_always": int(words.eq("always").sum()),
        "certain_never": int(words.eq("never").sum()),
        "certain_often": int(words.eq("often").sum()),
        "certain_sometimes": int(words.eq("sometimes").sum()),
        "certain_doubtful": int(words.isin(["often", "sometimes"]).sum()),
        "certain_unknown": int(words.eq("unknown").sum()),
        "scenarios_total": len(lists),
        "scenarios_moving": int(lists["moves"].sum()),
        "fragile_count": int(smallest["fragile"].sum()),
    }
    top = top_choice(study)
    if top is not None:
        facts |= {"choice_top": CHOICES[top["group"]], "choice_top_share": float(top["total"])}
    rule = top_choice(study, rules_only=True)
    if rule is not None:
        facts["choice_rule"] = CHOICES[rule["group"]]
    if not study.expected.refusal:
        comparison = study.expected.schools["comparison"]
        facts |= {
            "above_expected": int(comparison.eq("better").sum()),
            "below_expected": int(comparison.eq("worse").sum()),
            "expected_schools": int(comparison.ne("not_compared").sum()),
        }
    return facts


def top_choice(study: Study, rules_only: bool = False) -> pd.Series | None:
    """The choice that the list of low results depends on most; none when the list never moves. Chance is not a rule."""
    own = study.matters[study.matters["category"].eq("low_results") & study.matters["total"].notna()]
    if rules_only:
        own = own[own["group"].ne("chance") & own["total"].gt(0)]
    return None if own.empty else own.loc[own["total"].idxmax()]


def show_headlines(study: Study | None) -> Headlines:
    """The findings about how sure the lists are."""
    if study is None:
        return Headlines([Headline("closed", CLOSED)])
    return Headlines(headlines(robustness_facts(study), REPORT))


def show_decisions(study: Study | None) -> Decisions:
    """What has to be decided about the rules and the doubtful schools."""
    found = decisions(robustness_facts(study), REPORT) if study else []
    return Decisions(found or ["Решений по устойчивости перечней не требуется."])


# --- how sure --------------------------------------------------------------------------------------------------------


@internal_only
def show_certainty(study: Study) -> Together:
    """How often each school is on each list when choices and chance vary."""
    office, family = study.office, study.office.method.robustness
    low = study.certainty[study.certainty["category"].eq("low_results")]["word"]
    count = {word: int(low.eq(word).sum()) for word in ("always", "often", "sometimes", "never")}
    unknown = int(low.eq("unknown").sum())
    heading = (
        f"В перечне ШНОР всегда – {count['always']}, часто – {count['often']}, иногда – {count['sometimes']}, "
        f"никогда – {count['never']} из {agree(len(low), SCHOOLS_OF)}"
    )
    if unknown:
        heading += f"; не определить – {format_count(unknown)}"
    if unknown == len(low):
        heading = f"Насколько надёжен перечень ШНОР, не определить: данных недостаточно о каждой из {agree(unknown, SCHOOLS_OF)}"
    frame = named(study.certainty, office)
    told = frame["word"].ne("unknown")  # a share of the few draws that gave an answer would mislead
    frame = frame.assign(probability=frame["probability"].where(told), error=frame["error"].where(told))
    table = page_of(study).table(
        "certainty",
        frame,
        draws=draws(study),
        always=family.always,
        often=family.often,
        never=family.never,
        fact="; ".join(CHOICES[name] for name in varied(study)),
        assumption=family.assumption,
    )
    return Together([Heading(heading), table, attach_counts(study)])


def attach_counts(study: Study) -> Attachment:
    """The counts of draws behind the probabilities."""
    counted = page_of(study).table("certainty_counts", named(study.counts, study.office))
    return Attachment(counted, "Сколько расчётов стоит за каждой вероятностью – в отдельном файле.")


def varied(study: Study) -> list[str]:
    """The choices that vary for the office, in the order of the report."""
    return [name for name in CHOICES if name in set(study.matters["group"])]


def draws(study: Study) -> int:
    """How many draws were judged."""
    return 2 ** int(np.ceil(np.log2(study.office.method.robustness.replications)))


@internal_only
def show_what_matters(study: Study) -> Together:
    """Which choice each list depends on most."""
    top = top_choice(study)
    if top is None:
        text = "Ни один из вариантов правил не меняет перечня ШНОР, поэтому раскладывать его изменчивость не на что."
        return Together(page_of(study).text("what_matters", text=text))
    frame = study.matters[study.matters["total"].notna()]
    most = frame.groupby("category")["total"].transform("max")
    frame = frame.assign(
        choice=frame["group"].map(CHOICES),
        category_word=frame["category"].map(CATEGORIES),
        top=frame["total"].eq(most),
    ).sort_values(["category", "total"], ascending=False, kind="stable")
    idle = frame["total"].eq(0) & frame["first"].eq(0)
    table = page_of(study).table("what_matters", frame[~idle], idle_choices=idle_choices(frame[idle]))
    heading = f"Сильнее всего перечень ШНОР зависит от выбора: {CHOICES[top['group']]}"
    return Together([Heading(heading), table, attach_movements(study)])


def idle_choices(frame: pd.DataFrame) -> str:
    """The choices that change nothing, in one sentence a category."""
    return " ".join(
        f"Перечня {word} не меняют: {'; '.join(own['choice'])}."
        for word, own in frame.groupby("category_word", sort=False)
    )


def attach_movements(study: Study) -> Attachment:
    """The results of the draws behind the Sobol indices: a row a base point, a column a set of values."""
    draws = study.movements
    names = ["first_set", *draws.groups, "second_set"]
    parts = [
        pd.DataFrame(draws.blocks(category), columns=names).assign(
            category_word=CATEGORIES[category], point=np.arange(1, len(draws.blocks(category)) + 1)
        )
        for category in draws.results
    ]
    moved = page_of(study).table(
        "list_movements",
        pd.concat(parts, ignore_index=True),
        more={"more": {name: Column(f"Из вторых: {CHOICES[name]}", "count") for name in draws.groups}},
    )
    return Attachment(moved, "Расчёты, по которым посчитаны эти доли, – в отдельном файле.")


# --- scenarios -------------------------------------------------------------------------------------------------------


def scenario_rows(study: Study) -> pd.DataFrame:
    """One row per scenario: how long its lists are and how many schools move."""
    variants = {variant.name: variant for variant in study.office.variants}
    rows = []
    for name in study.judged:
        if name == BASE:
            continue
        own = study.lists[study.lists["scenario"].eq(name)]
        listed = own.set_index("category")["listed"]
        rows.append(
            {
                "scenario": name,
                "short": typeset(variants[name].short),
                "title": typeset(variants[name].title),
                "why": typeset(variants[name].why),
                "low_results": listed.get("low_results"),
                "adverse_conditions": listed.get("adverse_conditions"),
                **{change: int(own[change].sum()) for change in CHANGES},
            }
        )
    columns = ["scenario", "short", "title", "why", "low_results", "adverse_conditions", *CHANGES]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(moves=(frame["enters"] + frame["leaves"]).gt(0).astype(bool))


@internal_only
def show_scenarios(study: Study) -> Together:
    """What every scenario changes: who enters, who leaves, which criterion did it."""
    office = study.office
    lists = scenario_rows(study)
    if lists.empty:
        text = "К методике муниципалитета не применим ни один сценарий из params/scenarios. " + refusals(study)
        return Together(page_of(study).text("scenarios", text=text))
    moving = int(lists["moves"].sum())
    nominal = study.judged[BASE].identification
    base = {
        "short": "По методике",
        "title": typeset(office.method.title),
        "why": "с этим сравниваются остальные",
        "moves": False,
        **{
            category: int(nominal.loc[nominal["category"].eq(category), "calculated"].eq(YES).sum())
            for category in office.method.decisions
        },
        **dict.fromkeys(CHANGES, 0),
    }
    table = page_of(study).table(
        "scenarios",
        pd.concat([lists, pd.DataFrame([base])], ignore_index=True).astype({name: "Int64" for name in CATEGORIES}),
        more={"more": {name: Column(word, "count", missing="[не применимо]") for name, word in CATEGORIES.items()}},
        refusals=refusals(study),
    )
    heading = f"Перечни меняют {moving} из {len(lists)} сценариев" if moving else "Ни один сценарий перечней не меняет"
    purposes = page_of(study).table("scenario_purposes", lists[lists["why"].ne("")])
    return Together([Heading(heading), table, table_changes(study), *plot_lists(study), purposes])


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
    """The answers of every scenario side by side: one matrix a category."""
    office = study.office
    shorts = {variant.name: typeset(variant.short) for variant in office.variants}
    figures: list[object] = []
    for category, word in CATEGORIES.items():
        parts = [
            answers.identification.assign(rule=shorts.get(name, "По методике"))
            for name, answers in study.judged.items()
            if answers.identification["category"].eq(category).any()
        ]
        if len(parts) < 2:
            continue
        frame = named(pd.concat(parts, ignore_index=True), office)
        frame = frame[frame["category"].eq(category)]
        moved = frame.groupby("school")["calculated"].nunique().gt(1).sum()
        if not moved:
            continue  # a matrix of equal columns would say nothing
        figures.append(
            page_of(study).figure(
                "scenario_matrix",
                plot_criteria_matrix,
                frame,
                named=f"scenario_matrix_{category}",
                facts={"word": word, "moved": moved, "school": frame["school"].nunique()},
            )
        )
    return figures


# --- flips -----------------------------------------------------------------------------------------------------------


def smallest_rows(study: Study) -> pd.DataFrame:
    """One row per school and category: the smallest change of one parameter that turns the answer over."""
    key = ["school_id", "category"]
    first = study.smallest.drop_duplicates(key)
    frame = study.office.identification[[*key, "calculated"]].merge(first, on=key, how="left")
    frame = named(frame, study.office)
    frame["form"] = [parameter_form(study.office, path) for path in frame["path"]]
    frame["parameter"] = [parameter_words(study.office, path) for path in frame["path"]]
    frame["fragile"] = frame["relative"].le(FRAGILE).fillna(False).astype(bool)
    return frame


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
    return threshold_form(office.method.criteria[path.split(".")[1]])


@internal_only
def show_flips(study: Study) -> Together:
    """How far each school is from another answer, in the terms of the rules."""
    office = study.office
    frame = smallest_rows(study)
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
    wide = study.flips.pivot(index="school_id", columns="criterion", values="flips_at").reindex(
        list(office.school_names)
    )
    wide.insert(0, "school", list(office.school_names.values()))
    own = study.flips.drop_duplicates("criterion").set_index("criterion")["threshold"].to_dict()
    frame = pd.concat([wide, pd.DataFrame([own | {"school": "Порог методики"}])], ignore_index=True)
    tables = []
    for category in office.method.decisions:
        criteria = {name: one for name, one in office.method.criteria.items() if one.category == category}
        columns = {
            name: Column(one.short, threshold_form(one), missing="[не применимо]") for name, one in criteria.items()
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
            expectation.table_model(expected, settings, "expected_model", source),
            expectation.attach_context(expected, schools, {"school": "Школа"}, "expected_context"),
        ]
    )


def named(frame: pd.DataFrame, office: Office) -> pd.DataFrame:
    """Rows with the words for school and category."""
    return frame.assign(
        school=frame["school_id"].map(office.school_names), category_word=frame["category"].map(CATEGORIES)
    )
