"""Every number of report 60 can be computed again from the files beside it.

The views are shown, their tables written as CSV as a run writes them, and read back; the rest knows nothing but these files and
the parameters of the method (how many criteria are enough, the bounds of the words).
"""

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import sobol
from scipy import stats

from shnor_lib.pages.export.tables import ReportTable, table_csv, unique_tables
from shnor_lib.pages.markup import TABLE_MIME
from shnor_lib.pages.numbers import NBSP
from shnor_lib.pages.views import robustness as view
from shnor_lib.params.methods import Robustness
from shnor_lib.statistics.composite.influence import correlation_ratio
from tests.reports.checks import recount
from tests.shipped import shipped
from tests.whatif.test_robustness import with_family

REL = 1e-9
ENOUGH = {"ШНОР": 2, "ШНСУ": 1}
SHOWN = (
    view.show_certainty,
    view.show_standing,
    view.show_what_matters,
    view.show_scenarios,
    view.show_flips,
    view.show_pooled,
    view.show_methods,
    view.show_places,
    view.show_expectation,
)
DRAWS = 64


@pytest.fixture(scope="module")
def study():
    return view.open_study(with_family(shipped("demo", 2021), replications=DRAWS))


@pytest.fixture(scope="module")
def report_tables(study) -> dict[str, ReportTable]:
    bundles = [show(study)._repr_mimebundle_() for show in SHOWN]
    return {
        table.name: table
        for table in unique_tables(ReportTable.from_json(one) for bundle in bundles for one in bundle[TABLE_MIME])
    }


@pytest.fixture(scope="module")
def files(report_tables) -> dict[str, pd.DataFrame]:
    """The CSV files as anybody reads them: headings without units, numbers as numbers, per cent as shares."""
    return {name: read_back(table_csv(table)) for name, table in report_tables.items()}


def read_back(content: bytes) -> pd.DataFrame:
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    frame = pd.DataFrame(rows, columns=heading)
    for name in frame:
        numbers = pd.to_numeric(frame[name].str.replace(",", "."), errors="coerce")
        codes = frame[name].str.startswith("[")
        if len(frame) and numbers.notna().any() and (numbers.notna() | codes).all():
            frame[name] = numbers / 100 if name.endswith((", %", ", п. п.")) else numbers
    return frame.rename(columns=lambda name: re.sub(r", (%.*|п\. п\.|в единицах.*)$", "", name))


def heading_of(show, study) -> str:
    return show(study).items[0].text.replace(NBSP, " ")


def numbers_in(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


# --- how sure --------------------------------------------------------------------------------------------------------


def word(probability: float, failed: float) -> str:
    if failed > 0.5:
        return "не определить"
    if probability in (0, 1):
        return "всегда" if probability else "никогда"
    bounds = Robustness()
    return (
        "почти всегда"
        if probability >= bounds.always
        else "часто"
        if probability >= bounds.often
        else "иногда"
        if probability >= bounds.never
        else "почти никогда"
    )


def test_the_plain_difference_of_a_school_and_the_level_of_a_procedure_follow_from_the_results(files):
    results, shown = files["standing_results"], files["standing"].set_index("Школа")
    apart = (results["Средний процент от максимума"] - results["Уровень процедуры"]) * results["Участники"]
    whole = results.groupby("Школа")["Участники"].sum()
    plain = apart.groupby(results["Школа"]).sum() / whole
    np.testing.assert_allclose(shown["Как есть"], plain[shown.index], rtol=REL, atol=1e-9)
    assert shown["Результатов"].to_dict() == results["Школа"].value_counts().to_dict()
    assert (results.groupby(["Год", "Процедура"])["Школа"].nunique() > 1).all()


def test_probability_error_failed_share_and_word_follow_from_the_counts_of_draws(files, study):
    both = files["certainty"].merge(files["certainty_counts"], on=["Школа", "Категория"], suffixes=("", ", расчётов"))
    assert len(both) == len(files["certainty"]) == 28
    k, told = both["В перечне, расчётов"], both["В перечне, расчётов"] + both["Не в перечне"]
    assert (told + both["Без вывода, расчётов"]).eq(DRAWS).all()
    q = (k + 2) / (told + 4)
    np.testing.assert_allclose(both["Доля расчётов"], k / told, rtol=REL)
    listed, not_listed = both["Только случай: в перечне"], both["Только случай: не в перечне"]
    assert (listed + not_listed + both["Только случай: без вывода"]).eq(DRAWS).all()
    np.testing.assert_allclose(both["Только случай, вероятность"], listed / (listed + not_listed), rtol=REL)
    np.testing.assert_allclose(both["Ошибка расчёта"], np.sqrt(q * (1 - q) / (told + 4)), rtol=REL)
    np.testing.assert_allclose(both["Без вывода"], 1 - told / DRAWS, rtol=REL, atol=1e-15)
    assert both["В перечне"].tolist() == [word(*pair) for pair in zip(k / told, both["Без вывода"], strict=True)]
    low = both.loc[both["Категория"].eq("ШНОР"), "В перечне"].value_counts()
    words = ("всегда", "почти всегда", "часто", "иногда", "почти никогда", "никогда")
    assert numbers_in(heading_of(view.show_certainty, study)) == [*(low[one] for one in words if one in low), 14]


def test_sobol_indices_follow_from_the_moves_of_the_draws(files, report_tables):
    """Saltelli (2010): by hand, and with the intervals by SALib from the seed of the method."""
    columns = list(files["list_movements"].columns)
    choices = [name.removeprefix("Из вторых: ") for name in columns[3:-1]]
    for category, rows in files["list_movements"].groupby("Категория"):
        raw = rows[columns[2:]].to_numpy()
        values = (raw - raw.mean()) / raw.std()
        a, mixed, b = values[:, 0], values[:, 1:-1], values[:, -1]
        spread = np.r_[a, b].var()
        first = (b[:, None] * (mixed - a[:, None])).mean(axis=0) / spread
        total = ((a[:, None] - mixed) ** 2).mean(axis=0) / 2 / spread
        problem = {"num_vars": len(choices), "names": choices, "bounds": [[0, 1]] * len(choices)}
        found = sobol.analyze(
            problem, raw.ravel(), calc_second_order=False, num_resamples=200, seed=Robustness().seed + 1
        )
        shown = files["what_matters"][files["what_matters"]["Категория"].eq(category)].set_index("Выбор")
        for place, choice in enumerate(choices):
            if choice not in shown.index:
                assert first[place] == total[place] == 0, choice
                continue
            row = shown.loc[choice]
            for index, key, own, interval in (
                (first, "S1", "Сам по себе", "Интервал 95 % (сам по себе)"),
                (total, "ST", "Вместе с другими", "Интервал 95 % (вместе)"),
            ):
                assert row[own] == pytest.approx(index[place], rel=1e-6)
                reach = found[f"{key}_conf"][place]
                assert row[f"{interval}, от"] == pytest.approx(row[own] - reach, rel=1e-6)
                assert row[f"{interval}, до"] == pytest.approx(row[own] + reach, rel=1e-6)
        assert shown.loc[shown["Сильнее всего"].eq("да")].index.tolist() == [choices[int(total.argmax())]]


# --- scenarios and methods -------------------------------------------------------------------------------------------


def answers(files, short: str | None = None) -> pd.Series:
    """Answers by school and category: of the method, or of a scenario."""
    own = files["certainty"].set_index(["Школа", "Категория"])["По методике"].copy()
    if short:
        moved = files["scenario_changes"].query("Сценарий == @short").set_index(["Школа", "Категория"])
        assert (own.loc[moved.index] == moved["По методике"]).all()
        own.loc[moved.index] = moved["По сценарию"]
    return own


def test_lengths_of_lists_and_who_enters_and_leaves_follow_from_the_changes(files, study):
    before = answers(files)
    moving = 0
    for row in files["scenarios"].to_dict("records"):
        own = row["Сценарий"] == "По методике"
        after = answers(files, None if own else row["Сценарий"])
        for category in ("ШНОР", "ШНСУ"):
            if not np.isnan(row[category]):  # a method without the category
                assert row[category] == after.xs(category, level="Категория").eq("да").sum()
        enters, leaves = after.eq("да") & before.ne("да"), before.eq("да") & after.eq("нет")
        other = after.ne(before) & ~enters & ~leaves
        assert [row["Входят"], row["Выходят"], row["Иначе"]] == [enters.sum(), leaves.sum(), other.sum()]
        assert row["Меняет"] == ("да" if enters.any() or leaves.any() else "нет")
        moving += row["Меняет"] == "да"
    assert numbers_in(heading_of(view.show_scenarios, study)) == [moving, len(files["scenarios"]) - 1]


def test_agreement_of_methods_follows_from_the_changes(files, study):
    shorts = files["scenarios"].set_index("Что меняется")["Сценарий"]
    told = []
    for row in files["methods_agreement"].to_dict("records"):
        before = answers(files).xs(row["Категория"], level="Категория")
        after = answers(files, shorts[row["С чем сравнивается"]]).xs(row["Категория"], level="Категория")
        clear = before.isin(["да", "нет"]) & after.isin(["да", "нет"])
        a, b = before[clear].eq("да"), after[clear].eq("да")
        counts = [(a & b).sum(), (a & ~b).sum(), (~a & b).sum(), (~a & ~b).sum(), (~clear).sum()]
        names = ["В обоих перечнях", "Только по методике", "Только по другой", "Ни в одном", "Не сравнить"]
        assert [row[name] for name in names] == counts
        assert row["Совпадает"] == pytest.approx((a == b).mean(), rel=REL)
        if row["Категория"] == "ШНОР":
            told.append((row["Совпадает"], (a == b).sum(), clear.sum()))
    assert numbers_in(heading_of(view.show_methods, study)) == list(min(told)[1:])


# --- flips -----------------------------------------------------------------------------------------------------------


def flips_by_hand(values: pd.DataFrame) -> pd.Series:
    """The threshold at which each verdict turns over, from the values alone."""
    rule = values["Правило"].iloc[0]
    value = pd.to_numeric(values["Значение"], errors="coerce").where(values["Оценка"].ne("не определено"))
    benchmark = pd.to_numeric(values["С чем сравнивается"], errors="coerce")
    if rule == "lowest_share":
        return (value.rank(method="min") - 0.5) / value.notna().sum()
    if rule == "below_benchmark_by":
        return benchmark - value
    assert rule in ("below", "at_most"), rule
    return value


def test_flip_thresholds_follow_from_the_values_of_the_criteria(files):
    values = files["criterion_values"]
    checked = 0
    for category, name in (("ШНОР", "low_results"), ("ШНСУ", "adverse_conditions")):
        shown = files[f"flip_thresholds_{name}"].set_index("Школа")
        for short, own in values[values["Категория"].eq(category)].groupby("Критерий"):
            by_hand = flips_by_hand(own).set_axis(own["Школа"])
            flips = pd.to_numeric(shown[short], errors="coerce").reindex(by_hand.index)
            if by_hand.abs().max() > 0:
                np.testing.assert_allclose(flips, by_hand, rtol=1e-6, atol=1e-9, err_msg=short)
            checked += flips.notna().sum()
    assert checked > 120


def answer_of(verdicts: pd.Series, enough: int) -> str:
    met, unknown = verdicts.eq("есть").sum(), verdicts.eq("не определено").sum()
    return "да" if met >= enough else "нет" if met + unknown < enough else "недостаточно данных"


def one_parameter_changes(verdicts: pd.DataFrame, flips: pd.Series, own: pd.Series, enough: int) -> list[tuple]:
    """Every change of one parameter that turns an answer over: size, parameter, value, answer."""
    given = verdicts["Оценка"]
    now = answer_of(given, enough)
    found = []
    for other in range(1, len(given) + 1):
        found.append((abs(other - enough) / enough, "сколько критериев достаточно", other, answer_of(given, other)))
    turned = {"есть": "нет", "нет": "есть"}
    for short, row in verdicts.iterrows():
        if not np.isnan(flips[short]):
            changed = given.where(given.index != short, turned[row["Оценка"]])
            size = abs(flips[short] - own[short]) / abs(own[short])
            found.append((size, f"{short}: порог", flips[short], answer_of(changed, enough)))
        people, needed = pd.to_numeric(row["Участники"], errors="coerce"), row["Нужно участников"]
        if row["Правило"] == "lowest_share" or not needed or np.isnan(people) or row["Оценка"] == "не определено":
            continue
        changed = given.where(given.index != short, "не определено")
        size = (people + 1 - needed) / needed
        found.append((size, f"{short}: наименьшее число участников", people + 1, answer_of(changed, enough)))
    return [one for one in found if one[3] != now]


def test_the_smallest_change_of_each_answer_follows_from_flips_and_verdicts(files, study):
    shown = pd.concat([files["fragile_changes"], files["smallest_changes"]]).set_index(["Школа", "Категория"])
    assert (files["fragile_changes"]["Изменение"] <= 0.1).all() and (files["smallest_changes"]["Изменение"] > 0.1).all()
    for category, name in (("ШНОР", "low_results"), ("ШНСУ", "adverse_conditions")):
        flips = files[f"flip_thresholds_{name}"].set_index("Школа")
        own = flips.loc["Порог методики"]
        values = files["criterion_values"]
        for school, verdicts in values[values["Категория"].eq(category)].groupby("Школа"):
            of_school = pd.to_numeric(flips.loc[school], errors="coerce")
            found = one_parameter_changes(verdicts.set_index("Критерий"), of_school, own, ENOUGH[category])
            if (school, category) not in shown.index:
                assert not found, (school, category, found)
                continue
            row = shown.loc[(school, category)]
            assert row["Изменение"] == pytest.approx(min(found)[0], rel=1e-6, abs=1e-9)
            scale = 100 if row["Сейчас, единица"] in ("%", "п. п.") else 1
            same = [one for one in found if one[1] == row["Параметр"]]
            assert any(one[2] == pytest.approx(row["Меняется при"] / scale, rel=1e-6) for one in same), row
            assert row["Вывод тогда"] in {one[3] for one in same}
    assert numbers_in(heading_of(view.show_flips, study)) == [len(files["fragile_changes"]), 28]


def test_pooled_rates_follow_from_participants_and_one_typical_rate_a_criterion(files, study):
    every = files["pooled_evidence"]
    typical = (every["С опорой на остальные"] - every["Вес своих данных"] * every["Доля"]) / (
        1 - every["Вес своих данных"]
    )
    strength = every["Участники"] * (1 / every["Вес своих данных"] - 1)
    for numbers in (typical, strength):
        spread = numbers.groupby(every["Критерий"]).agg(["min", "max"])
        np.testing.assert_allclose(spread["min"], spread["max"], rtol=1e-5)
    shown = files["pooled_rates"].set_index(["Школа", "Критерий"])
    z, n, p = stats.norm.ppf(0.975), every["Участники"], every["Доля"]
    centre, reach = p + z**2 / (2 * n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = (centre - reach) / (1 + z**2 / n), (centre + reach) / (1 + z**2 / n)
    low, high = low.where(p > 0, 0.0), high.where(p < 1, 1.0)
    unsure = low.le(every["Порог"]) & high.ge(every["Порог"])
    changed = every["Оценка"].ne(every["Оценка тогда"])
    for place in every.index[unsure | changed]:
        row = shown.loc[tuple(every.loc[place, ["Школа", "Критерий"]])]
        assert [row["Интервал 95 %, от"], row["Интервал 95 %, до"]] == pytest.approx(
            [low[place], high[place]], abs=1e-9
        )
        assert row["С опорой на остальные"] == every.loc[place, "С опорой на остальные"]
    assert len(shown) == (unsure | changed).sum()
    assert numbers_in(heading_of(view.show_pooled, study)) == [unsure.sum(), len(every), changed.sum()]


# --- indices ---------------------------------------------------------------------------------------------------------


def test_places_and_the_lowest_quarter_follow_from_the_counts(files, study):
    shown = files["index_places"].set_index(["Индекс", "Школа"])
    sure = 0
    for key, own in files["place_counts"].groupby(["Индекс", "Школа"]):
        row, told = shown.loc[key], own[pd.to_numeric(own["Место"], errors="coerce").notna()]
        places = np.repeat(pd.to_numeric(told["Место"]), told["Расчётов"].astype(int))
        low, high = np.percentile(places, [5, 95])
        assert [row["Место в 90 % расчётов, от"], row["Место в 90 % расчётов, до"]] == pytest.approx([low, high])
        k, n = told["Из них в низшей четверти"].sum(), told["Расчётов"].sum()
        q = (k + 2) / (n + 4)
        assert row["Низшая четверть, доля расчётов"] == pytest.approx(k / n, rel=REL)
        assert row["Ошибка расчёта"] == pytest.approx(np.sqrt(q * (1 - q) / (n + 4)), rel=REL)
        assert row["Без результата"] == pytest.approx(1 - n / DRAWS)
        sure += k / n >= Robustness().always or k / n < Robustness().never
    assert numbers_in(heading_of(view.show_places, study)) == [sure, len(shown)]


def test_scores_and_places_of_the_method_follow_from_the_components(files):
    parts = files["place_components"]
    normalised, weight = (pd.to_numeric(parts[name], errors="coerce") for name in ("Нормированное", "Вес"))
    known = parts.assign(top=normalised * weight, whole=weight.where(normalised.notna()))
    sums = known.groupby(["Индекс", "Школа"])[["top", "whole"]].sum()
    shown = files["index_places"].set_index(["Индекс", "Школа"]).loc[sums.index]
    score = sums["top"] / sums["whole"]
    np.testing.assert_allclose(shown["Значение, 0–100"], score, rtol=1e-6)
    places = score.round(6).groupby(level="Индекс").rank(ascending=False, method="min")
    assert shown["Место"].tolist() == places.tolist()


def test_the_weight_and_the_influence_of_a_component_follow_from_the_components(files):
    shown, parts = files["index_influence"].set_index(["Индекс", "Составляющая"]), files["place_components"]
    scores = files["index_places"].set_index(["Индекс", "Школа"])["Значение, 0–100"]
    parts = parts.assign(
        normalised=pd.to_numeric(parts["Нормированное"], errors="coerce"),
        weight=pd.to_numeric(parts["Вес"], errors="coerce"),
        score=scores.reindex(pd.MultiIndex.from_frame(parts[["Индекс", "Школа"]])).to_numpy(),
    )
    weights = parts.groupby(["Индекс", "Составляющая"])["weight"].mean()
    weights = weights / weights.groupby(level="Индекс").transform("sum")
    np.testing.assert_allclose(shown["Вес"], weights[shown.index], rtol=1e-6)
    for key, own in parts.groupby(["Индекс", "Составляющая"]):
        told = correlation_ratio(own["normalised"].to_numpy(), own["score"].to_numpy(float))
        if np.isnan(told.ratio):
            assert key not in shown.index
            continue
        row = shown.loc[key]
        assert row["Влияние"] == pytest.approx(told.ratio, rel=1e-6)
        assert row["Влияние случайной составляющей"] == pytest.approx(told.by_luck, rel=1e-6)
        assert row["Школ"] == own[["normalised", "score"]].notna().all(axis=1).sum()
    alone = shown[shown.groupby(level="Индекс")["Вес"].transform("size").eq(1)]
    assert alone["Влияние"].tolist() == pytest.approx([1.0]), "one component is the index itself"


# --- expectation -----------------------------------------------------------------------------------------------------


def test_expected_results_follow_from_a_model_fitted_again_without_each_school(files, study):
    context, shown = files["expected_context"].drop(columns="Школа, код"), files["expected_results"]
    assert context["Школа"].tolist() == shown["Школа"].tolist()
    y, x, variance = (
        context["Результат"].to_numpy(),
        context.iloc[:, 2:-1].to_numpy(float),
        context.iloc[:, -1].to_numpy(),
    )
    exact = 1 / np.sqrt(variance)
    x = (x - x.mean(axis=0)) / x.std(axis=0, ddof=1)
    design = np.column_stack([np.ones(len(y)), x])
    np.testing.assert_allclose(shown["Результат"], y, rtol=REL)
    unseen = np.empty(len(y))
    for row in range(len(y)):
        others = np.arange(len(y)) != row
        left = design[others] * exact[others, None]
        coefficients, sse, *_ = np.linalg.lstsq(left, y[others] * exact[others], rcond=None)
        unseen[row] = design[row] @ coefficients
        freedom = len(left) - left.shape[1]
        error = np.sqrt(sse[0] / freedom * (variance[row] + design[row] @ np.linalg.inv(left.T @ left) @ design[row]))
        half = stats.t.ppf(0.95, freedom) * error
        assert shown["Ожидается"][row] == pytest.approx(unseen[row], rel=1e-6)
        assert shown["Интервал 90 %, от"][row] == pytest.approx(unseen[row] - half, rel=1e-6, abs=1e-6)
        assert shown["Интервал 90 %, до"][row] == pytest.approx(unseen[row] + half, rel=1e-6, abs=1e-6)
        difference = y[row] - unseen[row]
        assert shown["Выше ожидаемого на"][row] == pytest.approx(difference, rel=1e-6, abs=1e-6)
        assert shown["Сравнение"][row] == (
            "лучше" if difference > half else "хуже" if difference < -half else "не отличается"
        )
    slopes, sse, *_ = np.linalg.lstsq(design * exact[:, None], y * exact, rcond=None)
    freedom = len(y) - design.shape[1]
    spread, sd = ((y - np.average(y, weights=1 / variance)) ** 2 / variance).sum(), np.sqrt(sse[0] / freedom)
    fit = [len(y), 1 - sse[0] / spread, 1 - ((y - unseen) ** 2 / variance).sum() / spread, sd, 0.1 * len(y)]
    units = files["expected_fit"]["Значение, единица"].eq("%")
    np.testing.assert_allclose(files["expected_fit"]["Значение"] / np.where(units, 100, 1), fit, rtol=1e-6)
    model = files["expected_model"]
    reach = stats.t.ppf(0.95, freedom) * sd * np.sqrt(np.diag(np.linalg.inv(design.T / variance @ design)))[1:]
    np.testing.assert_allclose(model.iloc[:, 1], slopes[1:], rtol=1e-6)
    np.testing.assert_allclose(model["Интервал 90 %, от"], slopes[1:] - reach, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(model["Интервал 90 %, до"], slopes[1:] + reach, rtol=1e-6, atol=1e-6)
    outside = shown["Сравнение"].value_counts()
    heading, by_chance = heading_of(view.show_expectation, study).rsplit("–", 1)
    assert numbers_in(heading) == [outside.get("лучше", 0), outside.get("хуже", 0), 14]
    assert by_chance.strip() == "0,7"  # 14 schools, 5 of 100 on each side of an interval of 90 %


# --- the page as a whole ---------------------------------------------------------------------------------------------


def test_every_headline_is_counted_again_from_the_tables(study, report_tables):
    found = view.show_headlines(study).findings
    assert len(found) >= 5
    for headline in found:
        assert headline.evidence, f"{headline.id} points to no table"
        for proof in headline.evidence:
            proof_of = {key: getattr(proof, key) for key in ("where", "measure", "column")}
            assert recount(report_tables[proof.table], proof_of) == pytest.approx(headline.numbers[proof.fact])


def test_no_table_of_the_page_is_left_unexplained(files):
    """A new table of numbers must come with a test here."""
    words_only = {"scenario_purposes"}
    evidence = {"certainty_counts", "list_movements", "criterion_values", "place_counts", "place_components", "expected_context", "pooled_evidence"}  # fmt: skip
    evidence |= {"scenario_changes", "standing_results"}
    computed = {
        "certainty",
        "standing",
        "result_components",
        "what_matters",
        "scenarios",
        "methods_agreement",
        "fragile_changes",
        "smallest_changes",
        "flip_thresholds_low_results",
        "flip_thresholds_adverse_conditions",
        "index_places",
        "index_influence",
        "pooled_rates",
        "expected_results",
        "expected_fit",
        "expected_model",
    }
    assert set(files) == words_only | evidence | computed
