"""Olympiads and contests: who takes part and who wins."""

from __future__ import annotations

import numpy as np

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.formulas import Found, Rows, State, ratio


@indicator
def olympiad_regional_national_rate(olympiads: Rows, schools: Rows) -> Found:
    """Share of the pupils who took part in regional and national olympiads and contests.

    Parameters
    ----------
    olympiads : ``stage, participants`` (persons, each once in a stage).
    schools : ``pupils`` of the same school and year.

    Notes
    -----
    (regional + national participants) / pupils; a pupil of both stages counts twice, as the source gives no persons. Without a
    national row the regional stage stands alone and the note says so; without a regional one the value is missing.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> olympiads = example(stage=["regional"] * 3, participants=[3, 1, None])
    >>> schools = example(pupils=[600, 0, 100])
    >>> olympiad_regional_national_rate(olympiads, schools)["value"].tolist()
    [0.005, nan, nan]
    """
    stage, participants = olympiads.words("stage"), olympiads.amount("participants")
    upper = olympiads.take(stage.of("regional", "national")).groups()[0]
    rows = [np.flatnonzero(stage.of(one)) for one in ("regional", "national")]
    regional, national = (participants.at(own).at(upper.beside(olympiads.take(own))) for own in rows)
    together = regional + national.where(~national.missing, 0.0)
    rates = ratio(
        upper, together.called("участники регионального этапа"), schools.amount("pupils").at(upper.beside(schools))
    )
    return rates.told((~np.isnan(rates.value) & national.missing, State("всероссийский этап не указан")))
