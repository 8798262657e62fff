"""Olympiads and contests: who takes part and who wins."""

from __future__ import annotations

import pandas as pd

from shnor_lib.indicators.catalogue import ROW, beside, first_filled, indicator, notes, number, ratio

TITLE = "Олимпиады"


@indicator(
    table="olympiads",
    beside=("schools",),
    label="Доля участников олимпиад",
    formula="участники этапа / обучающиеся школы",
    unit="rate",
    better="high",
    per="olympiad_stage",
    reference="Лесосибирск 2020, разделы 1 и 2.1",
)
def olympiad_participants_rate(olympiads: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Share of the pupils who took part in one stage of olympiads and contests.

    Parameters
    ----------
    olympiads : ``stage, participants`` (persons, each once).
    schools : ``pupils`` of the same school and year.

    Notes
    -----
    participants of the stage / pupils of the school. Missing when a count is missing or there are no pupils.

    References
    ----------
    Лесосибирск 2020, sections 1 (412 pupils, 605 entries) and 2.1.

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> olympiads = example(stage=["regional"] * 3, participants=[3, 1, None])
    >>> schools = example(pupils=[600, 0, 100])
    >>> olympiad_participants_rate(olympiads, schools)["value"].tolist()
    [0.005, nan, nan]
    """
    pupils = beside(olympiads, schools, "pupils")["pupils"]
    return ratio(olympiads, "participants", pupils).assign(part=olympiads["stage"])


@indicator(
    table="olympiads",
    beside=("schools",),
    label="Доля участников региональных и всероссийских олимпиад",
    formula="(участники регионального + всероссийского этапов) / обучающиеся школы",
    unit="rate",
    better="high",
    reference="Лесосибирск 2020, раздел 2.1",
)
def olympiad_regional_national_rate(olympiads: pd.DataFrame, schools: pd.DataFrame) -> pd.DataFrame:
    """Share of the pupils who took part in regional and national olympiads and contests.

    Parameters
    ----------
    olympiads : ``stage, participants`` (persons, each once in a stage).
    schools : ``pupils`` of the same school and year.

    Notes
    -----
    (regional + national participants) / pupils; a pupil of both stages counts twice, as the source gives no persons. Without a
    national row the regional stage stands alone and the note says so; without a regional one the value is missing.

    References
    ----------
    Лесосибирск 2020, section 2.1 («0,5 % и ниже учащихся за последние 3 года»).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> olympiads = example(stage=["regional"] * 3, participants=[3, 1, None])
    >>> schools = example(pupils=[600, 0, 100])
    >>> olympiad_regional_national_rate(olympiads, schools)["value"].tolist()
    [0.005, nan, nan]
    """
    counts = olympiads[ROW].assign(participants=number(olympiads, "participants"))
    stages = {stage: counts[olympiads["stage"] == stage].drop_duplicates(ROW) for stage in ("regional", "national")}
    upper = counts[olympiads["stage"].isin(list(stages))].drop_duplicates(ROW)[ROW].reset_index(drop=True)
    regional = beside(upper, stages["regional"], "participants")["participants"]
    national = beside(upper, stages["national"], "participants")["participants"]
    together = (regional + national.fillna(0)).rename("участники регионального этапа")
    rates = ratio(upper, together, beside(upper, schools, "pupils")["pupils"])
    alone = notes((rates["value"].notna() & national.isna(), "всероссийский этап не указан"))
    return rates.assign(note=rates["note"].astype(str).where(rates["value"].isna(), alone.astype(str)))


@indicator(
    table="olympiads",
    label="Доля победных участий в олимпиадах",
    formula="победители / участия в этапе (если не указаны – участники)",
    unit="rate",
    better="high",
    per="olympiad_stage",
    reference="Лесосибирск 2020, раздел 1",
)
def olympiad_winners_rate(olympiads: pd.DataFrame) -> pd.DataFrame:
    """Share of the entries of one stage that won.

    Parameters
    ----------
    olympiads : ``stage, winners``; ``entries`` or ``participants``.

    Notes
    -----
    winners / entries of the stage (participants where entries are not given): one pupil may win in several subjects.
    Missing when a count is missing or nobody took part.

    References
    ----------
    Лесосибирск 2020, section 1 (59 winners of the municipal stage).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> olympiads = example(stage=["municipal"] * 3, winners=[3, 0, None], participants=[20, 0, 10])
    >>> olympiad_winners_rate(olympiads)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(olympiads, "winners", first_filled(olympiads, "entries", "participants")).assign(
        part=olympiads["stage"]
    )


@indicator(
    table="olympiads",
    label="Доля призовых участий в олимпиадах",
    formula="призёры / участия в этапе (если не указаны – участники)",
    unit="rate",
    better="high",
    per="olympiad_stage",
    reference="Лесосибирск 2020, раздел 1",
)
def olympiad_prize_winners_rate(olympiads: pd.DataFrame) -> pd.DataFrame:
    """Share of the entries of one stage that took a prize.

    Parameters
    ----------
    olympiads : ``stage, prize_winners``; ``entries`` or ``participants``.

    Notes
    -----
    prize_winners / entries of the stage (participants where entries are not given): one pupil may win in several subjects.
    Missing when a count is missing or nobody took part.

    References
    ----------
    Лесосибирск 2020, section 1 (105 prize-winners of the municipal stage).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> olympiads = example(stage=["municipal"] * 3, prize_winners=[3, 0, None], participants=[20, 0, 10])
    >>> olympiad_prize_winners_rate(olympiads)["value"].tolist()
    [0.15, nan, nan]
    """
    return ratio(olympiads, "prize_winners", first_filled(olympiads, "entries", "participants")).assign(
        part=olympiads["stage"]
    )


@indicator(
    table="olympiads",
    label="Участий на одного участника олимпиад",
    formula="участий / участники этапа",
    unit="number",
    better="none",
    per="olympiad_stage",
    reference="Лесосибирск 2020, раздел 1",
)
def olympiad_entries_per_participant(olympiads: pd.DataFrame) -> pd.DataFrame:
    """How many olympiads one participant enters on average.

    Parameters
    ----------
    olympiads : ``stage, entries, participants``.

    Notes
    -----
    entries / participants of the stage. Missing when a count is missing or nobody took part.

    References
    ----------
    Лесосибирск 2020, section 1 (605 entries of 412 pupils).

    Examples
    --------
    >>> from shnor_lib.indicators.catalogue import example
    >>> olympiads = example(stage=["municipal"] * 3, entries=[30, 0, None], participants=[20, 0, 10])
    >>> olympiad_entries_per_participant(olympiads)["value"].tolist()
    [1.5, nan, nan]
    """
    return ratio(olympiads, "entries", "participants").assign(part=olympiads["stage"])
