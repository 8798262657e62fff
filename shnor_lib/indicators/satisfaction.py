"""Satisfaction with the school by the independent quality assessment (НОК)."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.causes import NOT_DELIVERED
from shnor_lib.indicators.formulas import Amount, Found, Rows, State, joined, matched, mean, picked

CARRIED_YEARS = 3
"""A school is assessed at least once in three years, so its last value stands for that long."""
ASSESSED = "оценка {} года"
"""What is told of a value that is carried on from an earlier year."""


def assessed_in(note: str) -> int | None:
    """The year that a value was carried on from, by its note; None of a value of its own year.

    Examples
    --------
    >>> assessed_in(ASSESSED.format(2019)), assessed_in("по данным 14 школ")
    (2019, None)
    """
    found = re.fullmatch(ASSESSED.format(r"(\d{4})"), note)
    return int(found[1]) if found else None


def satisfied(satisfaction: Rows) -> Amount:
    """Share of the satisfied: as given, else K5 = 0.3·recommend + 0.2·conditions + 0.5·overall."""
    recommend, conditions, overall = (
        satisfaction.amount(f"{one}_share") for one in ("recommend", "conditions", "overall")
    )
    return satisfaction.amount("satisfied_share").or_else(0.3 * recommend + 0.2 * conditions + 0.5 * overall)


@indicator
def satisfaction_share(satisfaction: Rows, schools: Rows) -> Found:
    """Share of those satisfied with the quality of education.

    Parameters
    ----------
    satisfaction : ``satisfied_share`` or ``recommend_share, conditions_share, overall_share`` (0..1); ``respondents`` (persons);
        ``assessed_year``.
    schools : the register, whose years are the years the value is wanted for.

    Notes
    -----
    As given, else K5 = 0.3·recommend + 0.2·conditions + 0.5·overall. The last assessment of a school stands for its own and the
    next three years, the note names its year; an older one is missing, as is a share that was not given or whose year was not:
    the year of the row would make a change out of an old answer.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> answers = example(satisfied_share=[0.38, 0.7, None], respondents=[100, 80, 50], assessed_year=[2019, 2017, 2021])
    >>> satisfaction_share(answers, example(name=["А", "Б", "В"]))["value"].tolist()
    [0.38, nan, nan]
    """
    share, respondents = satisfied(satisfaction), satisfaction.amount("respondents")
    when = satisfaction.amount("assessed_year")
    assessed = when.values
    targets, latest = [], []
    for year in np.union1d(satisfaction.year, schools.year):
        offices = np.union1d(satisfaction.office[satisfaction.year == year], schools.office[schools.year == year])
        _, first = np.unique(satisfaction.unit, return_index=True)
        wanted = first[np.isin(satisfaction.office[first], offices)]
        known = np.flatnonzero(assessed <= year)
        order = np.lexsort((share.values[known], assessed[known], satisfaction.unit[known]))
        units, last = np.unique(satisfaction.unit[known][order][::-1], return_index=True)
        place = matched(satisfaction.unit[wanted], units)
        targets.append(replace(satisfaction.take(wanted), year=np.full(len(wanted), year)))
        latest.append(np.where(place >= 0, known[order][::-1][last][place] if len(units) else -1, -1))
    rows, at = joined(*targets), np.concatenate(latest)
    age = rows.year - picked(assessed, at)
    current = np.where(age <= CARRIED_YEARS, picked(share.values, at), np.nan)
    people = np.where(np.isnan(current), np.nan, picked(respondents.values, at))
    rates = mean(rows, replace(share, values=current, name="доля удовлетворённых"), replace(respondents, values=people))
    needs = "; ".join(share.needs)
    old = age > CARRIED_YEARS
    undated = np.unique(satisfaction.unit[np.isnan(assessed) & ~np.isnan(share.values)])
    no_year = (at < 0) & np.isin(rows.unit, undated)
    cases = [(no_year, State("год оценки не указан", NOT_DELIVERED, "; ".join(when.needs)))]
    cases.append((at < 0, State("оценки ещё не было", NOT_DELIVERED, needs)))
    for year in np.unique(assessed[at[at >= 0]]):
        of_year = picked(assessed, at) == year
        cases.append((old & of_year, State(f"{ASSESSED.format(int(year))} старше трёх лет", NOT_DELIVERED, needs)))
        cases.append((~np.isnan(current) & (age > 0) & of_year, State(ASSESSED.format(int(year)))))
    return rates.told(*cases)
