"""Checks of the documents: what a source claims against what it holds, and answers that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from shnor_lib.inputs.checks.registry import check, known, rows_found
from shnor_lib.inputs.dictionary import label_of, table
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem, problem
from shnor_lib.inputs.sources.values import missing


@check
def check_source_remark(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Remarks that those who entered the data left in SOURCES.yml."""
    for source in inputs.sources.itertuples():
        for remark in source.remarks:
            name = source.tables[0] if len(source.tables) == 1 else ""
            yield problem("source_remark.remark", remark=remark, table=name, file=source.file, year=source.year)


@check
def check_source_kind(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Files of unstated kind, and offices where demonstration figures stand beside published ones."""
    told = set(
        inputs.problems.loc[inputs.problems["check"] == "read_sources", "year"]
    )  # no SOURCES.yml, or a wrong one
    kinds = [None if missing(kind) else kind for kind in inputs.sources["kind"]]
    for file, folder, kind in zip(inputs.sources["file"], inputs.sources["year"], kinds, strict=True):
        if kind is None and folder not in told:
            yield problem("source_kind.unstated", file=file, year=folder)
        if kind == "demonstration" and "published" in kinds:
            yield problem("source_kind.mixed", file=file, year=folder)


@check
def check_source_stated_years(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Documents that claim to cover other years than their rows do."""
    for source in inputs.sources.itertuples():
        stated = _listed(source.stated_years)
        for name in source.tables if stated else ():
            rows = inputs.rows[name]
            held = _listed(set(rows["year"][rows["source_file"] == source.file]))
            if held and table(name).years and held != stated:
                place = {"table": name, "file": source.file, "year": source.year}
                yield problem("source_stated_years.others", value=held, stated=stated, **place)


@check
def check_survey_contradicts(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Different answers to one question about the same schools in two places of the source."""
    survey = inputs.rows["survey"]
    together: dict[tuple, list[int]] = {}
    for position, key in enumerate(survey.keys_of("level", "group", "school_id", "year", "question")):
        together.setdefault(key, []).append(position)
    given = survey.keys_of("answer", "schools_yes", "place")
    for (_, group, _, _, question), positions in together.items():
        if all(len({given[one][which] for one in positions} - {None}) < 2 for which in (0, 1)):
            continue
        asked = label_of("survey_question", question) + (f" – {group}" if group else "")
        answers = ", ".join(_answer(*given[one]) for one in positions)
        last = np.arange(len(survey)) == positions[-1]
        yield from rows_found(inputs, "survey_contradicts.differ", last, asked=asked, answers=answers)


@check
def check_published_range(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Rows without anything printed, and words that do not suit what is filled in."""
    rows = inputs.rows["published_indicators"]
    value, low, high = (known(rows[name]) for name in ("value", "value_low", "value_high"))
    beside = np.isin(rows["wording"], ("above_region", "below_region"))
    yield from rows_found(inputs, "published_range.nothing", ~(value | low | high | beside))
    suits = {"range": low & high, "about": value & ~low & ~high}
    suits |= dict.fromkeys(("above_region", "below_region"), ~(value | low | high))
    suits |= dict.fromkeys(("above", "at_least"), low & ~high) | dict.fromkeys(("below", "at_most"), high & ~low)
    names, cells = ("значение", "нижний край", "верхний край"), zip(value, low, high, strict=True)
    filled = [" и ".join(name for name, there in zip(names, row, strict=True) if there) for row in cells]
    for code, fits in suits.items():
        where, wording = (rows["wording"] == code) & ~fits, label_of("wording", code)
        yield from rows_found(inputs, "published_range.wording", where, wording=wording, filled=filled)


@check
def check_published_changes_of(inputs: Inputs, year: int) -> Iterator[Problem]:
    """Changes of neither a procedure nor the journal, and of both."""
    rows = inputs.rows["published_changes"]
    exam, stage = known(rows["exam"]), known(rows["stage"])
    yield from rows_found(inputs, "published_changes_of.neither", ~exam & ~stage)
    yield from rows_found(inputs, "published_changes_of.both", exam & stage)


@check
def check_published_changes_contradict(inputs: Inputs, year: int) -> Iterator[Problem]:
    """A fall in one place of the document, a rise of the same in another."""
    rows = inputs.rows["published_changes"]
    together: dict[tuple, list[int]] = {}
    key = ("level", "group", "school_id", "year", "exam", "stage", "subject", "grade", "since")
    for position, one in enumerate(rows.keys_of(*key)):
        together.setdefault(one, []).append(position)
    told = rows.keys_of("direction", "place")
    for positions in together.values():
        if len({told[one][0] for one in positions}) > 1:
            words = [
                f"{label_of('direction', told[one][0])} ({told[one][1] or 'место не указано'})" for one in positions
            ]
            last = np.arange(len(rows)) == positions[-1]
            yield from rows_found(inputs, "published_changes_contradict.differ", last, told="; ".join(words))


def _answer(answer: bool | None, schools_yes: float | None, place: str | None) -> str:
    if answer is not None:
        words = "«да»" if answer else "«нет»"
    else:
        words = "нет ответа" if schools_yes is None else f"«да» – школ: {schools_yes:g}"
    return words if place is None else f"{words} ({place})"


def _listed(years: Iterable[float]) -> str:
    return ", ".join(str(int(one)) for one in sorted(years))
