"""The row of the region, out of a protocol of ВПР that holds the schools of several municipalities."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from shnor_lib.inputs import dictionary
from shnor_lib.inputs.dictionary import procedure_label
from shnor_lib.inputs.importers.extract import ExtractedRow, Remark, Unit
from shnor_lib.inputs.importers.participants import DIGITS, MARKS
from shnor_lib.params.profiles import BiasMarkers

PROCEDURE = ["exam", "subject", "grade", "year"]
MARK_COUNTS = [f"mark_{mark}" for mark in MARKS]
COMPARED = ["lowered", "confirmed", "raised"]
OF_SCHOOLS = ["participants", "mean_score", "score_sd", "max_score", *MARK_COUNTS]
BEFORE = ["participants", "mean_score", "max_score"]

Made = tuple[int, ExtractedRow, Remark]
"""The number of the file that a row comes from, the row, what the protocol tells of it."""


def region_rows(files: Sequence[Sequence[ExtractedRow]]) -> list[Made]:
    """Results and comparison with the journal of all schools of the files together, procedure by procedure.

    A procedure has a row only when its schools are of several municipalities and no file brings a row of the region. A school
    that comes twice counts once. Regional figures of ГИА are published, so only ВПР is added up. Where the files hold the
    year before as well, the region's row has the quartiles of what became of the same children (:func:`ratios_together`).
    """
    return [*_added_up(files, "exam_results", results_together), *_added_up(files, "mark_comparison", marks_together)]


def results_together(schools: pd.DataFrame) -> dict[str, object]:
    """Participants, mean, sample deviation, maximum and marks of the pupils of all schools; what not every school has is left out.

    Parameters
    ----------
    schools : ``OF_SCHOOLS``, a row a school.

    Notes
    -----
    Squares about the common mean are those within schools, (n − 1)·s², and between them, n·(mean − common mean)². A school of
    one pupil has none of the first. The deviations of schools are rounded already: theirs together has a digit less.

    Examples
    --------
    >>> two = pd.DataFrame({"participants": [2, 1], "mean_score": [9.0, 12.0], "score_sd": [2.8284, np.nan], "max_score": [20, 20]})
    >>> results_together(two.reindex(columns=OF_SCHOOLS))
    {'participants': 3, 'mean_score': 10.0, 'score_sd': 2.646, 'max_score': 20.0}
    """
    if schools["participants"].isna().any():
        return {}
    people, mean, sd = (schools[name].to_numpy(float) for name in OF_SCHOOLS[:3])
    found: dict[str, object] = {"participants": int(people.sum())}
    common = float(np.average(mean, weights=people))
    squares = np.where(people > 1, (people - 1) * sd**2, 0) + people * (mean - common) ** 2
    if not np.isnan(common):
        found["mean_score"] = round(common, DIGITS)
    if people.sum() > 1 and not np.isnan(squares).any():
        found["score_sd"] = round(float(np.sqrt(squares.sum() / (people.sum() - 1))), DIGITS - 1)
    if schools["max_score"].nunique(dropna=False) == 1 and schools["max_score"].notna().all():
        found["max_score"] = float(schools["max_score"].iloc[0])
    if schools[MARK_COUNTS].notna().all(axis=None):
        found |= {name: int(schools[name].sum()) for name in MARK_COUNTS}
    return found | ratios_together(schools)


def ratios_together(schools: pd.DataFrame) -> dict[str, object]:
    """How many schools of the region have K, the result of the same children a year ago over this year's, and its quartiles.

    Parameters
    ----------
    schools : ``participants, mean_score, max_score`` of a procedure, a row a school, and ``<name>_before`` of the grade below in
        the year before; without the latter nothing is told.

    Notes
    -----
    K = per cent of the maximum before / per cent now, as marker 3 of ФИОКО takes it
    (:func:`shnor_lib.analyses.objectivity.sharp_changes`): schools with fewer pupils in either year than a result needs, or with
    nothing now, have none. Quartiles by linear interpolation; of fewer schools than they need nothing is told.

    Examples
    --------
    >>> schools = pd.DataFrame({"participants": [20] * 8 + [3], "mean_score": 10.0, "max_score": 20, "participants_before": 20,
    ...     "mean_score_before": [8.0, 9, 9, 10, 10, 11, 11, 12, 20], "max_score_before": 20})
    >>> ratios_together(schools)
    {'ratio_schools': 8, 'ratio_q1': 0.9, 'ratio_q3': 1.1}
    """
    needed = BiasMarkers()
    whole = schools.reindex(columns=[*BEFORE, *(f"{name}_before" for name in BEFORE)]).astype(float)
    people = whole[["participants", "participants_before"]].min(axis=1, skipna=False)
    whole = whole[people.ge(needed.minimum_participants) & whole["mean_score"].gt(0)]
    now, before = (whole[f"mean_score{at}"] / whole[f"max_score{at}"] for at in ("", "_before"))
    ratio = (before / now).dropna()
    if len(ratio) < needed.minimum_schools:
        return {}
    low, high = (round(float(end), DIGITS) for end in ratio.quantile([0.25, 0.75]))
    return {"ratio_schools": len(ratio), "ratio_q1": low, "ratio_q3": high}


def with_year_before(schools: pd.DataFrame) -> pd.DataFrame:
    """Rows of schools and procedures beside what the grade below had in the subject a year before: ``<name>_before``."""
    key, values = ["school", *PROCEDURE], [name for name in BEFORE if name in schools]
    before = schools[[*key, *values]].assign(grade=schools["grade"] + 1, year=schools["year"] + 1)
    return schools.merge(before, on=key, how="left", suffixes=("", "_before"))


def marks_together(schools: pd.DataFrame) -> dict[str, object]:
    """Marks below, equal to and above the journal over the schools that have them; nothing when none has."""
    known = schools.reindex(columns=COMPARED).dropna()
    return {name: int(known[name].sum()) for name in COMPARED} if len(known) else {}


def _added_up(
    files: Sequence[Sequence[ExtractedRow]], table: str, together: Callable[[pd.DataFrame], dict[str, object]]
) -> list[Made]:
    rows = [(place, row) for place, file in enumerate(files) for row in file if row.table == table]
    stated = {_procedure(row) for _, row in rows if row.unit.level == "region"}
    own = pd.DataFrame(
        [
            {"file": place, "school": row.unit.code, "territory": row.unit.territory, **row.values}
            for place, row in rows
            if row.unit.level == "school" and row.values["exam"] == "VPR" and _procedure(row) not in stated
        ]
    )
    if own.empty:
        return []
    own = with_year_before(own.drop_duplicates(["school", *PROCEDURE]))
    own = own.reindex(columns=list(dict.fromkeys([*own, *OF_SCHOOLS])))
    made = []
    for procedure, schools in own.groupby(PROCEDURE, sort=True):
        territories = schools.loc[schools["territory"].ne(""), "territory"].nunique()
        if territories > 1 and (values := together(schools)):
            key = dict(zip(PROCEDURE, procedure, strict=True))
            said = f"{procedure_label('/'.join(map(str, procedure[:3])))}, {key['year']} год"
            summed = f"школ {len(schools)}, муниципалитетов {territories}"
            if of_ratios := values.get("ratio_schools"):
                summed += f"; квартили изменения результатов одних детей – по школам: {of_ratios}"
            text = f"строка региона в таблице «{dictionary.table(table).label}» ({said}) – сумма по выгрузке: {summed}"
            row = ExtractedRow(table, Unit("region"), key | values)
            made.append((int(schools["file"].iloc[0]), row, Remark("замечание", text)))
    return made


def _procedure(row: ExtractedRow) -> tuple:
    return tuple(row.values.get(name) for name in PROCEDURE)
