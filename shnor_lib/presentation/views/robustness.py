"""Views of report 60: how far the lists depend on choices and on chance, and results against expectation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps

import numpy as np
import pandas as pd

from shnor_lib.findings import unit_of
from shnor_lib.identification import YES
from shnor_lib.indicators import indicator_label
from shnor_lib.office import Office
from shnor_lib.params import Criterion, ShareOfSchools
from shnor_lib.presentation.charts import plot_criteria_matrix, plot_dot_intervals
from shnor_lib.presentation.furniture import Decisions, Heading, Headlines, Prose
from shnor_lib.presentation.numbers import (
    SCHOOLS,
    SCHOOLS_IN,
    SCHOOLS_OF,
    agree,
    format_count,
    format_number,
    format_percent,
)
from shnor_lib.presentation.phrases import Headline, decisions, headlines
from shnor_lib.presentation.tables import Column, Table
from shnor_lib.presentation.together import Together
from shnor_lib.presentation.views.identification import CATEGORY_WORDS, source_of
from shnor_lib.region import region_of
from shnor_lib.robustness import Study, study_office
from shnor_lib.scenarios import BASE, DECISION_RULE

REPORT = "60_robustness"
FRAGILE = 0.10
"""Our assumption: a change of one parameter by no more than this share of itself is small."""

CHOICES = {
    "threshold": "пороги критериев",
    "at_least": "сколько критериев достаточно",
    "rounding": "округление доли школ",
    "ties": "правило для равных",
    "window": "число лет",
    "minimum_participants": "наименьшее число участников",
    "kind": "пункты или проценты отставания",
    "normalisation": "нормировка индексов",
    "weights": "веса в индексах",
    "chance": "случайность малых чисел",
}
CHANGES = ("enters", "leaves", "other")
VERDICTS = {"met": "выполнен", "not_met": "не выполнен", "not_assessed": "не оценён", "not_in_method": "нет в методике"}
CONCLUSIONS = ("вывод", "вывода", "выводов")
CLOSED = (
    "В открытой редакции отчёт не строится: пороги переключения и вероятности позволили бы восстановить скрытые числа. "
    "Полный отчёт есть в редакции для служебного пользования."
)


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
        "fragile_count": int(smallest.loc[smallest["fragile"], "school"].nunique()),
    }
    top = top_choice(study)
    if top is not None:
        facts |= {"choice_top": CHOICES[top["group"]], "choice_top_share": float(top["total"])}
    if not study.expected.refusal:
        comparison = study.expected.schools["comparison"]
        facts |= {
            "above_expected": int(comparison.eq("better").sum()),
            "below_expected": int(comparison.eq("worse").sum()),
            "expected_schools": int(comparison.ne("not_compared").sum()),
        }
    return facts


def top_choice(study: Study) -> pd.Series | None:
    """The choice that the list of low results depends on most; none when the list never moves."""
    own = study.matters[study.matters["category"].eq("low_results") & study.matters["total"].notna()]
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
    heading = (
        f"В перечне ШНОР всегда – {count['always']}, часто – {count['often']}, иногда – {count['sometimes']}, "
        f"никогда – {count['never']} из {agree(len(low), SCHOOLS_OF)}"
    )
    frame = named(study.certainty, office)
    table = Table(
        frame,
        name="certainty",
        caption=f"Как часто школа попадает в перечень, если менять правила и случай: {format_count(draws(study))} расчётов",
        columns={
            "school": "Школа",
            "category_word": "Категория",
            "answer": Column("По методике", "identified"),
            "word": Column("В перечне", "certainty"),
            "probability": Column("Вероятность", "percent", digits=0),
            "error": Column("Ошибка расчёта", "percent", note="стандартная ошибка вероятности от числа расчётов"),
            "failed_share": Column(
                "Без вывода", "percent", digits=0, note="доля расчётов, в которых данных не хватило"
            ),
        },
        row_header=("school", "category_word"),
        note=(
            f"Всегда – не реже {format_percent(family.always, 0)} расчётов, часто – не реже {format_percent(family.often, 0)}, "
            f"никогда – реже {format_percent(family.never, 0)}, иногда – между ними; доли – от расчётов, давших вывод. "
            f"Меняются одновременно: {'; '.join(CHOICES[name] for name in varied(study))}. Наше допущение: {family.assumption}. "
            "Решения экспертов не учитываются: сравнивается расчёт."
        ),
        source=source_of(office),
    )
    return Together([Heading(heading), table])


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
        return Together([Heading("Перечень ШНОР не зависит от выбора правил"), Prose(text)])
    frame = study.matters[study.matters["total"].notna()]
    most = frame.groupby("category")["total"].transform("max")
    frame = frame.assign(
        choice=frame["group"].map(CHOICES),
        category_word=frame["category"].map(CATEGORY_WORDS),
        top=frame["total"].eq(most),
    ).sort_values(["category", "total"], ascending=False, kind="stable")
    table = Table(
        frame,
        name="what_matters",
        caption="Доля изменчивости перечня, которую объясняет каждый выбор",
        columns={
            "choice": "Выбор",
            "category_word": "Категория",
            "first": Column("Сам по себе", "percent", digits=0),
            "first_low": Column("Интервал 95 % (сам по себе)", "percent", digits=0, to="first_high"),
            "total": Column("Вместе с другими", "percent", digits=0),
            "total_low": Column("Интервал 95 % (вместе)", "percent", digits=0, to="total_high"),
            "top": Column("Сильнее всего", "flag"),
        },
        row_header=("choice", "category_word"),
        note=(
            "Индексы Соболя: результат – сколько школ входит в перечень или выходит из него. «Вместе с другими» – доля изменчивости, "
            "которая остаётся, если все прочие выборы закреплены; суммы больше 100 % означают, что выборы действуют совместно. "
            "Значения около нуля могут выходить немного отрицательными от случайности расчёта."
        ),
        source=source_of(study.office),
    )
    return Together([Heading(f"Сильнее всего перечень ШНОР зависит от выбора: {CHOICES[top['group']]}"), table])


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
                "short": variants[name].short,
                "title": variants[name].title,
                "why": variants[name].why,
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
        return Together([Heading("Сценариев для сравнения нет"), Prose(text)])
    moving = int(lists["moves"].sum())
    nominal = study.judged[BASE].identification
    base = {
        "short": "По методике",
        "title": office.method.title,
        "why": "с этим сравниваются остальные",
        "moves": False,
        **{
            category: int(nominal.loc[nominal["category"].eq(category), "calculated"].eq(YES).sum())
            for category in office.method.decisions
        },
        **dict.fromkeys(CHANGES, 0),
    }
    table = Table(
        pd.concat([lists, pd.DataFrame([base])], ignore_index=True).astype({name: "Int64" for name in CATEGORY_WORDS}),
        name="scenarios",
        caption="Длина перечней при других правилах и сколько школ меняют положение",
        columns={
            "short": "Сценарий",
            "title": "Что меняется",
            **{name: Column(word, "count", missing="[не применимо]") for name, word in CATEGORY_WORDS.items()},
            "enters": Column("Входят", "count"),
            "leaves": Column("Выходят", "count"),
            "other": Column("Иначе", "count", note="вывод появился или пропал из-за нехватки данных"),
            "moves": Column("Меняет", "flag"),
        },
        summary_rows=1,
        note=refusals(study),
        source=source_of(office),
    )
    heading = f"Перечни меняют {moving} из {len(lists)} сценариев" if moving else "Ни один сценарий перечней не меняет"
    purposes = Table(
        lists[lists["why"].ne("")],
        name="scenario_purposes",
        caption="Зачем нужен каждый сценарий",
        columns={"short": "Сценарий", "why": "Зачем"},
    )
    return Together([Heading(heading), table, table_changes(study), *plot_lists(study), purposes])


def refusals(study: Study) -> str:
    """Which variants do not apply to the office, in one sentence."""
    if not study.refused:
        return ""
    short = {variant.name: variant.short for variant in study.office.variants}
    region = [short[name] for name, why in study.refused.items() if why.startswith("нужны данные")]
    others = [short[name] for name, why in study.refused.items() if not why.startswith("нужны данные")]
    parts = []
    if region:
        parts.append(f"Сравнение внутри области требует данных всех её муниципалитетов: {', '.join(region)}.")
    if others:
        parts.append(f"К методике муниципалитета не относятся: {', '.join(others)}.")
    return " ".join(parts)


def table_changes(study: Study) -> Table:
    """Every school whose calculated answer a scenario changes, and the criteria that did it."""
    office = study.office
    variants = {variant.name: variant for variant in office.variants}
    frame = named(study.changes, office)
    frame = frame.assign(
        short=[variants[name].short for name in frame["scenario"]],
        because=[because(row.criteria, office, variants[row.scenario].method.criteria) for row in frame.itertuples()],
    )
    return Table(
        frame,
        name="scenario_changes",
        caption="Кто входит в перечни, кто выходит и какие критерии это сделали",
        columns={
            "short": "Сценарий",
            "school": "Школа",
            "category_word": "Категория",
            "before": Column("По методике", "identified"),
            "after": Column("По сценарию", "identified"),
            "because": "Почему",
        },
        row_header=("short", "school", "category_word"),
        note="Сравнивается расчёт: решения экспертов, принятые по действующей методике, на сценарии не переносятся.",
        source=source_of(office),
        empty="Ни один сценарий не меняет вывода ни об одной школе.",
    )


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
    shorts = {variant.name: variant.short for variant in office.variants}
    figures: list[object] = []
    for category, word in CATEGORY_WORDS.items():
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
            plot_criteria_matrix(
                frame,
                name=f"scenario_matrix_{category}",
                caption=f"{word}: вывод меняется хотя бы в одном сценарии у {moved} из {agree(frame['school'].nunique(), SCHOOLS_OF)}",
                numbers="scenario_changes",
                row="school",
                column="rule",
                code="calculated",
                vocabulary="identified",
                source=source_of(office),
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


def threshold_form(criterion: Criterion) -> str:
    """The kind of number in which a method states the threshold of a criterion."""
    if isinstance(criterion, ShareOfSchools) or criterion.rule == "low_in_procedures":
        return "percent"
    if getattr(criterion, "kind", "") == "relative":
        return "percent"
    if unit_of(criterion.indicator) == "rate":
        return "points" if hasattr(criterion, "benchmark") else "percent"
    return "number"


@internal_only
def show_flips(study: Study) -> Together:
    """How far each school is from another answer, in the terms of the rules."""
    office = study.office
    frame = smallest_rows(study)
    fragile = int(frame.loc[frame["fragile"], "school"].nunique())
    movable = frame[frame["path"].notna()]
    fixed = len(frame) - len(movable)
    smallest = Table(
        movable,
        name="smallest_changes",
        caption="Наименьшее изменение одного параметра, которое меняет вывод о школе",
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
        note=(
            f"Изменение – доля параметра; небольшое – не больше {format_percent(FRAGILE, 0)}. 0 % значит, что параметр стоит ровно на "
            "границе: например, четверть школ не целое число и вывод зависит от округления. Ещё "
            f"{agree(fixed, CONCLUSIONS)} ни один параметр по отдельности не меняет."
        ),
        source=source_of(office),
        empty="Ни один параметр по отдельности не меняет ни одного вывода.",
    )
    heading = "Небольшой сдвиг одного параметра не меняет ни одного вывода"
    if fragile:
        heading = f"Небольшой сдвиг одного параметра меняет вывод о {agree(fragile, SCHOOLS_IN)}"
    return Together([Heading(heading), smallest, table_flips(study)])


def table_flips(study: Study) -> Table:
    """The threshold at which each verdict turns over: schools down, criteria across, the method's own thresholds below."""
    office = study.office
    wide = study.flips.pivot(index="school_id", columns="criterion", values="flips_at").reindex(
        list(office.school_names)
    )
    wide.insert(0, "school", list(office.school_names.values()))
    own = study.flips.drop_duplicates("criterion").set_index("criterion")["threshold"].to_dict()
    frame = pd.concat([wide, pd.DataFrame([own | {"school": "Порог методики"}])], ignore_index=True)
    columns: dict[str, Column | str] = {"school": "Школа"}
    columns |= {
        name: Column(one.short, threshold_form(one), missing="[не применимо]")
        for name, one in office.method.criteria.items()
    }
    return Table(
        frame,
        name="flip_thresholds",
        caption="При каком пороге переключается каждый критерий",
        columns=columns,
        summary_rows=1,
        note=(
            "Порог – в единицах методики: доля школ, отставание или само значение. Для доли школ – доля, при которой школа входит в "
            "неё последней. [не применимо] стоит там, где критерий не оценён или никакой порог вывода не меняет."
        ),
        source=source_of(office),
    )


# --- methods ---------------------------------------------------------------------------------------------------------


@internal_only
def show_methods(study: Study) -> Together:
    """The office's method against other methods and other reference groups."""
    office = study.office
    if study.methods.empty:
        text = "Другой методики, которую можно применить к этим данным, в params/methods нет."
        return Together([Heading("Методики не сравниваются"), Prose(text)])
    variants = {variant.name: variant for variant in office.variants}
    frame = study.methods.assign(
        rule=[variants[name].title for name in study.methods["variant"]],
        category_word=study.methods["category"].map(CATEGORY_WORDS),
        told=study.methods["both"] + study.methods["neither"],
    )
    low = frame[frame["category"].eq("low_results")]
    told = low[low["agreed"].notna()]
    heading = "Сравнить методики не удалось: по другой методике данных недостаточно"
    if len(told):
        worst = told.loc[told["agreed"].idxmin()]
        compared = int(worst[["both", "first_only", "second_only", "neither"]].sum())
        heading = f"О ШНОР методики говорят одно и то же не меньше чем в {int(worst['told'])} случаях из {compared}"
    table = Table(
        frame,
        name="methods_agreement",
        caption=f"Методика «{office.method.title}» рядом с другими на тех же данных",
        columns={
            "rule": "С чем сравнивается",
            "category_word": "Категория",
            "both": Column("В обоих перечнях", "count"),
            "first_only": Column("Только по методике", "count"),
            "second_only": Column("Только по другой", "count"),
            "neither": Column("Ни в одном", "count"),
            "open": Column("Не сравнить", "count", note="хотя бы одной из методик данных не хватило"),
            "agreed": Column("Совпадает", "percent", digits=0, missing="[не применимо]"),
            "kappa": Column(
                "Каппа Коэна", "score", missing="[не применимо]", note="0 – совпадение случайное, 1 – полное"
            ),
        },
        row_header=("rule", "category_word"),
        note=refusals(study),
        source=source_of(office),
    )
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
        return Together([Heading("Мест в индексах нет"), Prose(text)])
    frame = study.places.assign(
        school=study.places["school_id"].map(office.school_names),
        title=[office.method.indices[name].title for name in study.places["index"]],
    )
    family = office.method.robustness
    sure = int((frame["p_lowest"].ge(family.always) | frame["p_lowest"].lt(family.never)).sum())
    table = Table(
        frame,
        name="index_places",
        caption="Вероятность низшей четверти и место школы в каждом индексе",
        columns={
            "title": "Индекс",
            "school": "Школа",
            "score": Column("Индекс, 0–100", "score", digits=1),
            "rank": Column("Место", "count", note="1 – наиболее благополучная школа"),
            "rank_5": Column("Место с вероятностью 90 %", "number", digits=0, to="rank_95"),
            "p_lowest": Column("Низшая четверть, вероятность", "percent", digits=0),
            "p_lowest_error": Column("Ошибка расчёта", "percent"),
            "failed_share": Column("Без результата", "percent", digits=0),
        },
        row_header=("title", "school"),
        note="Меняются веса составляющих, нормировка и сами доли в пределах случайности малых чисел.",
        source=source_of(office),
    )
    heading = f"В низшей четверти индекса школа заведомо находится или нет в {sure} случаях из {len(frame)}"
    return Together([Heading(heading), table])


# --- expectation -----------------------------------------------------------------------------------------------------


@internal_only
def show_expectation(study: Study) -> Together:
    """Results against what the social context leads to expect (row B10)."""
    office, expected = study.office, study.expected
    if expected.refusal:
        text = (
            f"Ожидаемый результат не рассчитан: {expected.refusal}. Школы нескольких муниципалитетов области можно объединить "
            "(expected_of_offices, см. docs/researchers.md)."
        )
        return Together([Heading("Результаты с ожиданием по контексту не сравниваются"), Prose(text)])
    settings = office.profile.expectation
    frame = expected.schools.assign(school=expected.schools["school_id"].map(office.school_names))
    better, worse = (frame["comparison"].eq(code).sum() for code in ("better", "worse"))
    heading = f"Результаты выше ожидаемых по социальному контексту – {agree(int(better), SCHOOLS)}, ниже – {format_count(int(worse))}"
    level = format_percent(settings.level, 0)
    table = Table(
        frame.assign(reason=frame["reason"].where(frame["reason"].ne(""), "[не применимо]")),
        name="expected_results",
        caption="Результат школы и результат, ожидаемый по социальному контексту",
        columns={
            "school": "Школа",
            "value": Column("Результат", "number", note="разница с муниципалитетом, процент от максимального балла"),
            "expected": Column("Ожидается", "number"),
            "low": Column(f"Интервал {level}", "number", to="high"),
            "difference": Column("Выше ожидаемого на", "number"),
            "comparison": Column("Сравнение", "comparison"),
            "participants": Column("Участники", "count"),
            "reason": "Почему не сравнивается",
        },
        note=(
            f"Ожидание – линейная регрессия по {expected.n} школам; о каждой школе судит модель, которая её не видела. Объяснено "
            f"{format_percent(expected.fit, 0)} различий, на новых школах – {format_percent(expected.fit_unseen, 0)}; обычное "
            f"отклонение {format_number(expected.residual_sd)}. Случайно вне интервала оказалось бы около "
            f"{format_number(expected.by_chance)} школы. Модель описывает связь и не объясняет причин: отклонение – повод изучить "
            f"опыт или помочь, а не оценка. Наше допущение: {settings.assumption}."
        ),
        source=source_of(office),
    )
    model = Table(
        expected.coefficients.assign(label=[indicator_label(name) for name in expected.coefficients["predictor"]]),
        name="expected_model",
        caption="Как результат связан с контекстом: изменение на одно стандартное отклонение показателя",
        columns={
            "label": "Показатель контекста",
            "coefficient": Column("Изменение результата", "number"),
            "low": Column(f"Интервал {level}", "number", to="high"),
        },
        source=source_of(office),
    )
    figure = plot_dot_intervals(
        frame,
        benchmark=0.0,
        benchmark_label="как ожидается:",
        value="difference",
        low="difference_low",
        high="difference_high",
        label="выше ожидаемого, процент от максимального балла",
        name="expected_difference",
        caption=f"Вне интервала ожидания – {int(better + worse)} из {agree(expected.n, SCHOOLS_OF)}",
        numbers="expected_results",
        source=source_of(office),
    )
    return Together([Heading(heading), table, figure, model])


def named(frame: pd.DataFrame, office: Office) -> pd.DataFrame:
    """Rows with the words for school and category."""
    return frame.assign(
        school=frame["school_id"].map(office.school_names), category_word=frame["category"].map(CATEGORY_WORDS)
    )
