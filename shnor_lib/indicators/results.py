"""Results of ЕГЭ, ОГЭ, ГВЭ, ВПР and regional tests, procedure by procedure.

Two scales meet here. ВПР, ОГЭ, ГВЭ, regional tests and the base level of maths on ЕГЭ give marks 2..5; the other ЕГЭ
subjects give a test score 0..100 and a number of participants below the certificate minimum. An indicator that a scale
does not know has no rows for its procedures.
"""

from __future__ import annotations

import pandas as pd

from shnor_lib.indicators.catalogue import ROW, first_filled, indicator, mean, number, ratio, total

TITLE = "Результаты оценочных процедур"


def procedures(rows: pd.DataFrame) -> pd.Series:
    """Name of the procedure of each row.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> procedures(example(exam=["VPR", "OGE"], subject=["russian", "maths"], grade=[5, 9])).tolist()
    ['VPR/russian/5', 'OGE/maths/9']
    """
    if "procedure" in rows:
        return rows["procedure"]
    grade = rows["grade"].astype("Int64").astype(str)
    return (rows["exam"].astype(str) + "/" + rows["subject"].astype(str) + "/" + grade).astype("category")


def scored(exam_results: pd.DataFrame) -> pd.Series:
    """Which rows are on the 100-point scale: ЕГЭ except the base level of maths.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> scored(example(exam=["EGE", "EGE", "OGE"], subject=["maths", "maths_base", "maths"])).tolist()
    [True, False, False]
    """
    return (exam_results["exam"] == "EGE") & (exam_results["subject"] != "maths_base")


def marks(rows: pd.DataFrame, *wanted: int) -> pd.Series:
    """Number of the wanted marks in each row; missing when one of them is missing.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> marks(example(mark_4=[5, 2], mark_5=[3, None]), 4, 5).tolist()
    [8.0, nan]
    """
    names = "» и «".join(map(str, wanted))
    return sum(number(rows, f"mark_{mark}") for mark in wanted).rename(f"отметки «{names}»")


def participants_of(exam_results: pd.DataFrame) -> pd.Series:
    """Participants of each row: as given, else the sum of the four marks.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> participants_of(example(participants=[20, None], mark_2=[1, 1], mark_3=[9, 4], mark_4=[6, 3], mark_5=[4, 2])).tolist()
    [20.0, 10.0]
    """
    given = number(exam_results, "participants")
    return given.fillna(marks(exam_results, 2, 3, 4, 5)).rename("participants")


def _failed(exam_results: pd.DataFrame) -> pd.Series:
    """Participants below the minimum: mark 2, on the 100-point scale those below the certificate minimum."""
    by_mark = first_filled(exam_results, "mark_2", "below_minimum")
    failed = number(exam_results, "below_minimum").where(scored(exam_results), by_mark)
    return failed.rename("below_minimum")


def _of_participants(rows: pd.DataFrame, numerator: pd.Series) -> pd.DataFrame:
    """The numerator over the participants, procedure by procedure."""
    return ratio(rows, numerator, participants_of(rows)).assign(part=procedures(rows))


def _score_rate(exam_results: pd.DataFrame, column: str) -> pd.DataFrame:
    rows = exam_results.loc[scored(exam_results)]
    return _of_participants(rows, number(rows, column))


@indicator(
    table="exam_results",
    label="Число участников",
    formula="участники; если не указаны – сумма отметок",
    unit="count",
    better="none",
    pooling="sum",
    per="procedure",
    reference="Лесосибирск 2020, раздел 1",
)
def participants(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Number of participants with a result.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``participants`` or ``mark_2 … mark_5`` (persons).

    Notes
    -----
    As given, else the sum of the four marks; missing when one of them is missing.

    References
    ----------
    Лесосибирск 2020, section 1 (analytical notes).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> vpr = example(exam=["VPR"] * 3, subject=["maths"] * 3, grade=[5] * 3, participants=[20, 0, None])
    >>> participants(vpr)["value"].tolist()
    [20.0, 0.0, nan]
    """
    return total(exam_results, participants_of(exam_results)).assign(part=procedures(exam_results))


@indicator(
    table="exam_results",
    label="Успеваемость",
    formula="(n3 + n4 + n5) / N; на ЕГЭ – (N − ниже минимума) / N",
    unit="rate",
    better="high",
    per="procedure",
    reference="Краснохолм 2021, паспорт; Лесосибирск 2020, раздел 1",
)
def pass_rate(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Share of participants with mark 3 or better; on ЕГЭ, of those who reached the minimum.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``mark_2 … mark_5``, on ЕГЭ ``below_minimum``; ``participants`` (persons).

    Notes
    -----
    (n3 + n4 + n5) / N; on the 100-point scale (N − below minimum) / N. Missing when a count is missing or N is zero.

    References
    ----------
    The usual school statistic «успеваемость» (общая успеваемость), used in Лесосибирск 2020, section 1.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> oge = example(exam=["OGE"] * 3, subject=["maths"] * 3, grade=[9] * 3, mark_2=[2, 0, None], mark_3=[8, 0, 5],
    ...               mark_4=[6, 0, 5], mark_5=[4, 0, 5])
    >>> pass_rate(oge)["value"].tolist()
    [0.9, nan, nan]
    """
    reached = participants_of(exam_results) - number(exam_results, "below_minimum")
    passed = reached.where(scored(exam_results), marks(exam_results, 3, 4, 5))
    return _of_participants(exam_results, passed.rename("число получивших «3» и выше (ЕГЭ – достигших минимума)"))


@indicator(
    table="exam_results",
    label="Качество обученности",
    formula="(n4 + n5) / N",
    unit="rate",
    better="high",
    per="procedure",
    reference="Лесосибирск 2020, раздел 2.1",
)
def quality_rate(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Share of participants with marks 4 and 5.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``mark_4, mark_5, participants`` (persons).

    Notes
    -----
    (n4 + n5) / N; not defined on the 100-point scale of ЕГЭ. Missing when a count is missing or N is zero.

    References
    ----------
    Лесосибирск 2020, sections 1 and 2.1 («качество обученности»).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> oge = example(exam=["OGE"] * 3, subject=["maths"] * 3, grade=[9] * 3, participants=[20, 0, 10],
    ...               mark_4=[6, 0, 2], mark_5=[4, 0, None])
    >>> quality_rate(oge)["value"].tolist()
    [0.5, nan, nan]
    """
    marked = exam_results.loc[~scored(exam_results)]
    return _of_participants(marked, marks(marked, 4, 5))


@indicator(
    table="exam_results",
    label="Степень обученности (СОУ)",
    formula="(100·n5 + 64·n4 + 36·n3 + 16·n2) / N",
    unit="index",
    better="high",
    per="procedure",
    reference="В. П. Симонов, степень обученности учащихся",
)
def learning_index(exam_results: pd.DataFrame) -> pd.DataFrame:
    """How much of the material the participants learned, by their marks, 0 to 100.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``mark_2 … mark_5, participants`` (persons).

    Notes
    -----
    (100·n5 + 64·n4 + 36·n3 + 16·n2) / N; not defined on the 100-point scale. Missing when a mark is missing or N is zero.

    References
    ----------
    Симонов В. П., степень обученности учащихся (СОУ).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> oge = example(exam=["OGE"] * 3, subject=["maths"] * 3, grade=[9] * 3, mark_2=[1, 0, 0], mark_3=[1, 0, 0],
    ...               mark_4=[1, 0, 5], mark_5=[1, 0, None])
    >>> learning_index(oge)["value"].tolist()
    [54.0, nan, nan]
    """
    marked = exam_results.loc[~scored(exam_results)]
    learned = (
        100 * number(marked, "mark_5")
        + 64 * number(marked, "mark_4")
        + 36 * number(marked, "mark_3")
        + 16 * number(marked, "mark_2")
    )
    return _of_participants(marked, learned.rename("отметки"))


@indicator(
    table="exam_results",
    label="Средняя отметка",
    formula="(5·n5 + 4·n4 + 3·n3 + 2·n2) / N",
    unit="score",
    better="high",
    per="procedure",
    reference="общепринятый школьный показатель",
)
def mean_mark(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Mean mark of the participants, 2 to 5.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``mark_2 … mark_5, participants`` (persons).

    Notes
    -----
    (5·n5 + 4·n4 + 3·n3 + 2·n2) / N; not defined on the 100-point scale. Missing when a mark is missing or N is zero.

    References
    ----------
    The usual school statistic; no document defines it otherwise.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> oge = example(exam=["OGE"] * 3, subject=["maths"] * 3, grade=[9] * 3, mark_2=[1, 0, 0], mark_3=[1, 0, 0],
    ...               mark_4=[1, 0, 5], mark_5=[1, 0, None])
    >>> mean_mark(oge)["value"].tolist()
    [3.5, nan, nan]
    """
    marked = exam_results.loc[~scored(exam_results)]
    points = sum(mark * number(marked, f"mark_{mark}") for mark in (2, 3, 4, 5))
    return _of_participants(marked, points.rename("отметки"))


@indicator(
    table="exam_results",
    label="Доля участников ниже минимума",
    formula="отметка «2» / N; на ЕГЭ – ниже минимума / N; математика ЕГЭ – база и профиль вместе",
    unit="rate",
    better="low",
    per="procedure",
    reference="Лесозаводск 2021, раздел I; Краснохолм 2021, паспорт; ФИОКО 2021",
)
def below_minimum_rate(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Share of participants who did not reach the minimum.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``mark_2``, on ЕГЭ ``below_minimum``; ``participants`` (persons).

    Notes
    -----
    Mark 2 / N on ВПР, ОГЭ, ГВЭ and base maths (``below_minimum`` when the mark is not given); below the certificate minimum
    / N on ЕГЭ. The two levels of ЕГЭ maths are also put together as ``EGE/maths_any/11``: (base mark 2 + profile below the
    minimum) / all; one level alone stands for both when the school gives no other. Missing when a count is missing or N is zero.

    References
    ----------
    Лесозаводск 2021, section I; Краснохолм 2021, passport; ФИОКО, low-result schools 2021 (30 % rule).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> oge = example(exam=["OGE"] * 3, subject=["maths"] * 3, grade=[9] * 3, participants=[20, 0, 10], mark_2=[3, 0, None])
    >>> below_minimum_rate(oge)["value"].tolist()
    [0.15, nan, nan]
    """
    single = _of_participants(exam_results, _failed(exam_results))
    of_ege = (exam_results["exam"] == "EGE") & exam_results["subject"].isin(["maths", "maths_base", "maths_any"])
    if not of_ege.any():
        return single
    maths = exam_results.loc[of_ege].assign(failed=_failed(exam_results), people=participants_of(exam_results))
    maths["missing"] = maths["failed"].isna() | maths["people"].isna()
    given_together = maths.loc[maths["subject"] == "maths_any", [*ROW, "grade"]].assign(given=True)
    levels = maths[maths["subject"] != "maths_any"].groupby([*ROW, "grade"], observed=True, as_index=False)
    both = levels.agg(failed=("failed", "sum"), people=("people", "sum"), missing=("missing", "max"))
    both = both.merge(given_together, on=[*ROW, "grade"], how="left")
    both = both[both["given"].isna()].assign(exam="EGE", subject="maths_any")
    failed = both["failed"].mask(both["missing"].astype(bool)).rename("below_minimum")
    together = ratio(both, failed, both["people"].rename("participants")).assign(part=procedures(both))
    return pd.concat([single, together], ignore_index=True)


@indicator(
    table="exam_results",
    label="Средний балл",
    formula="средний балл процедуры",
    unit="score",
    better="high",
    pooling="mean",
    per="procedure",
    reference="Лесосибирск 2020, раздел 2.1",
)
def mean_score(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Mean score: primary points, on ЕГЭ the test score 0..100.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``mean_score`` (points), ``participants`` (persons).

    Notes
    -----
    As given; missing when not given or nobody took part. Primary points of different years are not comparable: maxima change.

    References
    ----------
    Лесосибирск 2020, section 2.1 («средний балл»).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> ege = example(exam=["EGE"] * 3, subject=["physics"] * 3, grade=[11] * 3, mean_score=[48.5, 50, None],
    ...               participants=[10, 0, 5])
    >>> mean_score(ege)["value"].tolist()
    [48.5, nan, nan]
    """
    return mean(exam_results, "mean_score", participants_of(exam_results)).assign(part=procedures(exam_results))


@indicator(
    table="exam_results",
    label="Стандартное отклонение балла",
    formula="выборочное стандартное отклонение (n − 1)",
    unit="score",
    better="none",
    pooling="none",
    per="procedure",
    reference="ФИОКО, признаки необъективности ВПР",
)
def score_sd(exam_results: pd.DataFrame) -> pd.DataFrame:
    """How widely the scores of one school spread.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``score_sd`` (points, n−1), ``participants`` (persons).

    Notes
    -----
    As given; missing when not given or nobody took part; schools are not put together.

    References
    ----------
    ФИОКО, markers of biased ВПР results (x̄ ± 1.96·s/√n).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> vpr = example(exam=["VPR"] * 3, subject=["maths"] * 3, grade=[5] * 3, score_sd=[4.5, 3, None], participants=[20, 0, 9])
    >>> score_sd(vpr)["value"].tolist()
    [4.5, nan, nan]
    """
    return mean(exam_results, "score_sd", participants_of(exam_results)).assign(part=procedures(exam_results))


@indicator(
    table="exam_results",
    label="Средний процент выполнения",
    formula="100 · средний балл / максимальный балл; на ЕГЭ – средний балл",
    unit="percent",
    better="high",
    pooling="mean",
    per="procedure",
    reference="Лесосибирск 2020, раздел 2.1 (20 баллов на шкале 0–100 – допущение)",
)
def mean_percent(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Mean score as per cent of the maximum, so that procedures and years can stand side by side.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``mean_score, max_score`` (points), ``participants`` (persons).

    Notes
    -----
    100 · mean score / maximum; ЕГЭ is on 0..100 already. Missing when a part is missing, the maximum is not above zero, or
    nobody took part.

    References
    ----------
    Лесосибирск 2020, section 2.1 asks for «20 points»; only a 100-point scale makes sense of it (our assumption).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> results = example(exam=["VPR", "VPR", "EGE"], subject=["maths", "maths", "physics"], grade=[5, 5, 11],
    ...                   mean_score=[10, 10, 48], max_score=[20, None, None], participants=[20, 20, 10])
    >>> mean_percent(results)["value"].tolist()
    [50.0, nan, 48.0]
    """
    largest = number(exam_results, "max_score").mask(scored(exam_results), 100.0)
    percent = 100 * number(exam_results, "mean_score") / largest.where(largest > 0)
    percent = percent.rename("средний или максимальный балл")
    return mean(exam_results, percent, participants_of(exam_results)).assign(part=procedures(exam_results))


@indicator(
    table="exam_results",
    label="Доля получивших от 60 баллов",
    formula="получили 60 баллов и выше / N",
    unit="rate",
    better="high",
    per="procedure",
    reference="Лесосибирск 2020, раздел 1",
)
def score_60_plus_rate(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Share of ЕГЭ participants with 60 points or more.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``score_60_plus, participants`` (persons).

    Notes
    -----
    Those with 60 points or more / N, on the 100-point scale only. Missing when a count is missing or N is zero.

    References
    ----------
    Лесосибирск 2020, section 1 (ГИА-11).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> ege = example(exam=["EGE"] * 3, subject=["russian"] * 3, grade=[11] * 3, participants=[10, 0, 8],
    ...               score_60_plus=[3, 0, None])
    >>> score_60_plus_rate(ege)["value"].tolist()
    [0.3, nan, nan]
    """
    return _score_rate(exam_results, "score_60_plus")


@indicator(
    table="exam_results",
    label="Доля получивших от 70 баллов",
    formula="получили 70 баллов и выше / N",
    unit="rate",
    better="high",
    per="procedure",
    reference="Лесосибирск 2020, раздел 1",
)
def score_70_plus_rate(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Share of ЕГЭ participants with 70 points or more.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``score_70_plus, participants`` (persons).

    Notes
    -----
    Those with 70 points or more / N, on the 100-point scale only. Missing when a count is missing or N is zero.

    References
    ----------
    Лесосибирск 2020, section 1 (ГИА-11).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> ege = example(exam=["EGE"] * 3, subject=["russian"] * 3, grade=[11] * 3, participants=[10, 0, 8],
    ...               score_70_plus=[3, 0, None])
    >>> score_70_plus_rate(ege)["value"].tolist()
    [0.3, nan, nan]
    """
    return _score_rate(exam_results, "score_70_plus")


@indicator(
    table="exam_results",
    label="Доля получивших от 80 баллов",
    formula="получили 80 баллов и выше / N",
    unit="rate",
    better="high",
    per="procedure",
    reference="Лесосибирск 2020, раздел 1",
)
def score_80_plus_rate(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Share of ЕГЭ participants with 80 points or more.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``score_80_plus, participants`` (persons).

    Notes
    -----
    Those with 80 points or more / N, on the 100-point scale only. Missing when a count is missing or N is zero.

    References
    ----------
    Лесосибирск 2020, section 1 (ГИА-11).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> ege = example(exam=["EGE"] * 3, subject=["russian"] * 3, grade=[11] * 3, participants=[10, 0, 8],
    ...               score_80_plus=[3, 0, None])
    >>> score_80_plus_rate(ege)["value"].tolist()
    [0.3, nan, nan]
    """
    return _score_rate(exam_results, "score_80_plus")


@indicator(
    table="exam_results",
    label="Доля получивших от 90 баллов",
    formula="получили 90 баллов и выше / N",
    unit="rate",
    better="high",
    per="procedure",
    reference="Лесосибирск 2020, раздел 1",
)
def score_90_plus_rate(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Share of ЕГЭ participants with 90 points or more.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``score_90_plus, participants`` (persons).

    Notes
    -----
    Those with 90 points or more / N, on the 100-point scale only. Missing when a count is missing or N is zero.

    References
    ----------
    Лесосибирск 2020, section 1 (ГИА-11).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> ege = example(exam=["EGE"] * 3, subject=["russian"] * 3, grade=[11] * 3, participants=[10, 0, 8],
    ...               score_90_plus=[3, 0, None])
    >>> score_90_plus_rate(ege)["value"].tolist()
    [0.3, nan, nan]
    """
    return _score_rate(exam_results, "score_90_plus")


@indicator(
    table="exam_results",
    label="Доля получивших 100 баллов",
    formula="получили 100 баллов / N",
    unit="rate",
    better="high",
    per="procedure",
    reference="Лесосибирск 2020, раздел 1",
)
def score_100_rate(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Share of ЕГЭ participants with the highest score.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``score_100, participants`` (persons).

    Notes
    -----
    Those with 100 points / N, on the 100-point scale only. Missing when a count is missing or N is zero.

    References
    ----------
    Лесосибирск 2020, section 1 (ГИА-11).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> ege = example(exam=["EGE"] * 3, subject=["russian"] * 3, grade=[11] * 3, participants=[10, 0, 8], score_100=[1, 0, None])
    >>> score_100_rate(ege)["value"].tolist()
    [0.1, nan, nan]
    """
    return _score_rate(exam_results, "score_100")


@indicator(
    table="exam_results",
    label="Число получивших 100 баллов",
    formula="получили 100 баллов",
    unit="count",
    better="high",
    pooling="sum",
    per="procedure",
    reference="Лесосибирск 2020, раздел 1",
)
def score_100_count(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Number of ЕГЭ participants with the highest score.

    Parameters
    ----------
    exam_results : ``exam, subject, grade``; ``score_100`` (persons).

    Notes
    -----
    As given, on the 100-point scale only; missing when not given.

    References
    ----------
    Лесосибирск 2020, section 1 (ГИА-11: «1 человек набрал 100 баллов»).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> ege = example(exam=["EGE"] * 3, subject=["russian"] * 3, grade=[11] * 3, score_100=[1, 0, None])
    >>> score_100_count(ege)["value"].tolist()
    [1.0, 0.0, nan]
    """
    rows = exam_results.loc[scored(exam_results)]
    return total(rows, "score_100").assign(part=procedures(rows))
