"""Reports of ФИС ОКО by groups of participants: marks, primary scores, comparison with the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from shnor_lib.inputs.importers.cells import cell, number, plain, whole
from shnor_lib.inputs.importers.counts import Counts, counts_from_percents
from shnor_lib.inputs.importers.extract import Export, Extract, Layout, Unit
from shnor_lib.inputs.importers.fis_reports import Hierarchy, Report, reports, stated_maximum, titled
from shnor_lib.inputs.importers.participants import DIGITS

MARKS = ["2", "3", "4", "5"]
ROWS = {"понизили": "lowered", "подтвердили": "confirmed", "повысили": "raised", "всего": "total"}
OUTCOMES = ("lowered", "confirmed", "raised")

Values = dict[str, object]
Group = tuple[Unit, Values | str]
"""A group of a report with its values, or why it has none."""


@dataclass(frozen=True)
class GroupReport:
    """A report by groups.

    Attributes
    ----------
    table : the canonical table its rows go to.
    fits : whether a sheet is of this report.
    groups : its groups; remarks on single ones are told on the way, those that are counted go into the counter.
    read_as, taken_as : how the protocol counts what was read and taken.
    """

    label: str
    table: str
    fits: Callable[[Report], object]
    groups: Callable[[Report, Extract, Counter[str]], Iterator[Group]]
    read_as: str
    taken_as: str

    def recognises(self, export: Export) -> bool:
        """Whether a sheet has groups of participants and the columns (or rows) of this report."""
        return any(map(self.fits, reports(export)))

    def read(self, export: Export) -> Extract:
        """Read the values of every group; one without them is left out and told."""
        extract = Extract(self.label)
        for report in filter(self.fits, reports(export)):
            procedure = titled(export, report.sheet.rows[: report.header], self.label, extract)
            read = taken = 0
            noticed: Counter[str] = Counter()
            for unit, values in self.groups(report, extract, noticed):
                read += 1
                if isinstance(values, str):
                    extract.remark("отброшено", f"{unit.code or unit.level}: {values}", 1, report.sheet.name)
                    continue
                taken += 1
                extract.add(self.table, unit, **asdict(procedure), **values)
            extract.remark("прочитано", self.read_as, read, report.sheet.name)
            extract.remark("взято", self.taken_as, taken, report.sheet.name)
            for text, count in noticed.items():
                extract.remark("замечание", text, count, report.sheet.name)
        return extract


def _lines(report: Report) -> Iterator[tuple[Unit, int | None, Counts | None]]:
    """Groups with a line each: unit, participants and the counts behind the shares, where these add up."""
    hierarchy = Hierarchy()
    for row in report.below:
        if cell(row, 0):
            participants = whole(cell(row, report.participants))
            shares = [cell(row, place) for place in report.columns()]
            counts = None if participants is None else counts_from_percents(shares, participants)
            yield hierarchy.unit(cell(row, 0)), participants, counts


def _has_marks(report: Report) -> bool:
    """Whether the columns are exactly 2, 3, 4, 5."""
    return [plain(report.heads[place]) for place in report.columns()] == MARKS


def _marks(report: Report, extract: Extract, noticed: Counter[str]) -> Iterator[Group]:
    """Participants and counts of marks."""
    maximum = stated_maximum(report.sheet.rows[: report.header])
    for unit, participants, counts in _lines(report):
        if participants is None:
            yield unit, "нет числа участников"
        elif counts is None:
            yield unit, "доли отметок не складываются в 100 %"
        else:
            if not counts.fitting:
                text = f"{unit.code or unit.level}: доли не отвечают целому числу участников ({participants})"
                extract.remark("замечание", text, 1, report.sheet.name)
            noticed["групп, где округление поправлено до суммы"] += counts.adjusted
            marks = {f"mark_{mark}": count for mark, count in zip(MARKS, counts.values, strict=True)}
            yield unit, {"participants": participants, "max_score": maximum, **marks}


def _scores(report: Report) -> list[int]:
    """The scores of the header, 0, 1, … in order; empty when it is another header."""
    scores = [whole(report.heads[place]) for place in report.columns()]
    return scores if len(scores) > 1 and scores == list(range(len(scores))) else []


def _distribution(report: Report, extract: Extract, noticed: Counter[str]) -> Iterator[Group]:
    """Participants, mean, sample deviation and maximum."""
    scores = _scores(report)
    for unit, participants, counts in _lines(report):
        if not participants or counts is None:
            yield unit, "нет участников или доли баллов не складываются в 100 %"
        else:
            mean, deviation = moments(scores, counts.values)
            found = {"participants": participants, "mean_score": mean, "score_sd": deviation}
            yield unit, found | {"max_score": scores[-1]}


def moments(scores: Sequence[int], counts: Sequence[int]) -> tuple[float, float | None]:
    """Mean and sample standard deviation (n−1) of a distribution; no deviation for one participant.

    Examples
    --------
    >>> moments([0, 1, 2], [1, 0, 1])
    (1.0, 1.4142)
    """
    total = sum(counts)
    mean = sum(score * count for score, count in zip(scores, counts, strict=True)) / total
    squares = sum(count * (score - mean) ** 2 for score, count in zip(scores, counts, strict=True))
    return round(mean, DIGITS), round((squares / (total - 1)) ** 0.5, DIGITS) if total > 1 else None


def _row_of(text: str) -> str | None:
    words = plain(text)
    return next((name for word, name in ROWS.items() if words.startswith(word)), None)


def _has_outcomes(report: Report) -> bool:
    """Whether rows «Понизили», «Подтвердили», «Повысили» stand under the groups."""
    return any(_row_of(cell(row, 0)) == "lowered" for row in report.below[:20])


def _comparison(report: Report, extract: Extract, noticed: Counter[str]) -> Iterator[Group]:
    """How many marks are below, equal to and above the journal: a block of four rows for every group."""
    blocks: list[tuple[Unit, dict[str, tuple[str, str]]]] = []
    hierarchy = Hierarchy()
    per_cent = next((place for place in report.columns() if "%" in report.heads[place]), report.participants + 1)
    for row in filter(lambda row: cell(row, 0), report.below):
        name = _row_of(cell(row, 0))
        if name is None:
            blocks.append((hierarchy.unit(cell(row, 0)), {}))
        elif blocks:
            blocks[-1][1][name] = cell(row, report.participants), cell(row, per_cent)
    return ((unit, _counts(lines)) for unit, lines in blocks)


def _counts(lines: dict[str, tuple[str, str]]) -> dict[str, int] | str:
    """Counts of a block, from its numbers or else from its per cent; or why there are none.

    Examples
    --------
    >>> _counts({"lowered": ("2", "40"), "confirmed": ("3", "60"), "raised": ("0", "0"), "total": ("5", "100")})
    {'lowered': 2, 'confirmed': 3, 'raised': 0}
    >>> _counts({"lowered": ("2", ""), "confirmed": ("3", ""), "raised": ("1", ""), "total": ("5", "")})
    'строки не складываются в «Всего»'
    """
    if not set(OUTCOMES) <= set(lines):
        return "нет строк «Понизили», «Подтвердили», «Повысили»"
    total = whole(lines.get("total", ("", ""))[0])
    numbers = {name: whole(lines[name][0]) for name in OUTCOMES}
    if None not in numbers.values():
        return numbers if total in (None, sum(numbers.values())) else "строки не складываются в «Всего»"
    if total is None or any(number(lines[name][1]) is None for name in OUTCOMES):
        return "нет чисел участников"
    counts = counts_from_percents([lines[name][1] for name in OUTCOMES], total)
    return dict(zip(OUTCOMES, counts.values, strict=True)) if counts else "доли не складываются в 100 %"


REPORTS = (
    GroupReport(
        "ФИС ОКО «Статистика по отметкам»", "exam_results", _has_marks, _marks, "строк групп", "групп с отметками"
    ),
    GroupReport(
        "ФИС ОКО «Сравнение отметок с отметками по журналу»",
        "mark_comparison",
        _has_outcomes,
        _comparison,
        "групп",
        "групп со сравнением",
    ),
    GroupReport(
        "ФИС ОКО «Распределение первичных баллов»",
        "exam_results",
        _scores,
        _distribution,
        "строк групп",
        "групп с баллами",
    ),
)
GROUP_REPORTS = tuple(Layout(report.label, report.recognises, report.read) for report in REPORTS)
"""The layouts, in the order in which they are tried."""
