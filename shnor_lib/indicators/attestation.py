"""The programmes «минимум» and «максимум» of Искитимский район: final attestation in the compulsory subjects.

The footnotes that define the programmes are lost; the definitions here are the default reading and are marked as such.
"""

from __future__ import annotations

import pandas as pd

from shnor_lib.indicators.catalogue import ROW, indicator, notes, number
from shnor_lib.indicators.results import below_minimum_rate

TITLE = "Программы «минимум» и «максимум»"

COMPULSORY = {
    "OGE": ("OGE/russian/9", "OGE/maths/9"),
    "EGE": ("EGE/russian/11", "EGE/maths_any/11"),
}
"""Procedures no graduate may fail in the programme «минимум»; maths of ЕГЭ at either level."""

COMPARED = {"OGE": ("russian", "maths"), "EGE": ("russian", "maths")}
"""Subjects whose mean scores the programme «максимум» compares with the region."""


def _both_subjects(schools: pd.DataFrame, holds: list[pd.Series], exam: str, missing: str) -> pd.DataFrame:
    """1 when both subjects hold, 0 when one does not, missing when one is not known."""
    together = pd.concat(holds, axis=1)
    value = together.min(axis=1, skipna=False)
    return schools.assign(
        value=value.to_numpy(),
        numerator=value.to_numpy(),
        denominator=value.where(value.isna(), 1.0).to_numpy(),
        note=notes((value.isna(), missing)),
        part=exam,
    )


@indicator(
    table="exam_results",
    label="Программа «минимум» выполнена",
    formula="нет выпускников ниже минимума по двум обязательным предметам",
    unit="flag",
    better="high",
    per="exam",
    reference="Искитим 2021, показатель 2 (определение – допущение)",
)
def minimum_programme_flag(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Whether no graduate fell below the minimum in the two compulsory subjects.

    Parameters
    ----------
    exam_results : ОГЭ and ЕГЭ in Russian and maths as for :func:`~shnor_lib.indicators.results.below_minimum_rate`.

    Notes
    -----
    1 when the number below the minimum is 0 in both subjects of the exam in brackets (ЕГЭ maths at either level), else 0; missing
    when one of the two results is not known. Schools only; schools without the exam have no row.

    References
    ----------
    Искитим 2021, indicator 2 (its footnote is lost; default reading).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> oge = example(exam=["OGE"] * 4, subject=["russian", "maths"] * 2, grade=[9] * 4, school_id=["1", "1", "2", "2"],
    ...               participants=[20, 20, 9, 9], mark_2=[0, 0, 0, 1])
    >>> minimum_programme_flag(oge)["value"].tolist()
    [1.0, 0.0]
    """
    of_schools = exam_results[(exam_results["level"] == "school") & exam_results["exam"].isin(list(COMPULSORY))]
    rates = below_minimum_rate(of_schools)
    rates["failed"] = rates["numerator"].where(rates["value"].notna())
    found = []
    for exam, procedures in COMPULSORY.items():
        results = rates[rates["part"].isin(list(procedures))]
        schools = results[ROW].drop_duplicates().sort_values(ROW, ignore_index=True)
        failed = [_matched(schools, results[results["part"] == procedure], "failed") for procedure in procedures]
        holds = [(count == 0).astype(float).where(count.notna()) for count in failed]
        found.append(_both_subjects(schools, holds, exam, "нет результата по обязательному предмету"))
    return pd.concat(found, ignore_index=True)


@indicator(
    table="exam_results",
    label="Программа «максимум» выполнена",
    formula="средний балл школы не ниже регионального по двум обязательным предметам",
    unit="flag",
    better="high",
    per="exam",
    reference="Искитим 2021, показатель 3 (определение – допущение)",
    across_levels=True,
)
def maximum_programme_flag(exam_results: pd.DataFrame) -> pd.DataFrame:
    """Whether the mean of the school is not below the region in both compulsory subjects.

    Parameters
    ----------
    exam_results : ОГЭ and ЕГЭ in Russian and maths with ``mean_score`` (points) of schools and of the region.

    Notes
    -----
    1 when the mean score is at least that of the region in both subjects of the exam in brackets (ЕГЭ maths: profile), else 0;
    missing when a mean of the school or of the region is. Schools only; schools without the exam have no row.

    References
    ----------
    Искитим 2021, indicator 3 (its footnote is lost; default reading).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> oge = example(level=["school", "school", "region", "region"], school_id=["1", "1", "", ""], exam=["OGE"] * 4,
    ...               subject=["russian", "maths"] * 2, grade=[9] * 4, mean_score=[26, 15, 25, 15])
    >>> maximum_programme_flag(oge)["value"].tolist()
    [1.0]
    """
    means = exam_results[[*ROW, "exam", "subject"]].assign(mean_score=number(exam_results, "mean_score"))
    found = []
    for exam, subjects in COMPARED.items():
        results = means[(means["exam"] == exam) & means["subject"].isin(list(subjects))]
        of_schools, of_region = results[results["level"] == "school"], results[results["level"] == "region"]
        schools = of_schools[ROW].drop_duplicates().sort_values(ROW, ignore_index=True)
        holds = []
        for subject in subjects:
            own = _matched(schools, of_schools[of_schools["subject"] == subject], "mean_score")
            region = of_region[of_region["subject"] == subject].drop_duplicates("year").set_index("year")["mean_score"]
            benchmark = schools["year"].map(region).astype(float)
            holds.append((own >= benchmark).astype(float).where(own.notna() & benchmark.notna()))
        found.append(_both_subjects(schools, holds, exam, "нет среднего балла школы или региона"))
    return pd.concat(found, ignore_index=True)


def _matched(schools: pd.DataFrame, results: pd.DataFrame, column: str) -> pd.Series:
    """The column of the results for each school, missing where the school has none."""
    return schools.merge(results.drop_duplicates(ROW)[[*ROW, column]], on=ROW, how="left")[column]
