"""Reports of ФИС ОКО by groups of participants: marks, primary scores, comparison with the journal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from shnor_lib.inputs.importers.cells import cell, number, plain, whole
from shnor_lib.inputs.importers.counts import Counts, counts_from_percents
from shnor_lib.inputs.importers.extract import Export, Extract, Layout, Unit
from shnor_lib.inputs.importers.fis_reports import Hierarchy, Report, has_code, reports, stated_maximum, titled
from shnor_lib.inputs.importers.participants import DIGITS
from shnor_lib.inputs.importers.taking import address, place_of

MARKS = ["2", "3", "4", "5"]
ROWS = {"понизили": "lowered", "подтвердили": "confirmed", "повысили": "raised", "всего": "total"}
OUTCOMES = ("lowered", "confirmed", "raised")
EMPTY = "нет числа участников"
"""Why a group without participants has no values; every other reason is a fault of the file."""

Values = dict[str, object]
Group = tuple[int, Unit, Values | str]
"""The row of a group, whom it is about, and its values or why it has none."""


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
            for at, unit, values in self.groups(report, extract, noticed):
                read += 1
                cell_of_group = address(at, 0)
                if isinstance(values, str):
                    text = f"{unit.code or unit.name or unit.level}: {values}"
                    extract.remark(
                        "отброшено" if values == EMPTY else "не взято",
                        text,
                        None,
                        report.sheet.name,
                        cell_of_group,
                        unit,
                    )
                    continue
                taken += 1
                extract.add(self.table, unit, at=place_of(report.sheet, at, 0), **asdict(procedure), **values)
            extract.remark("прочитано", self.read_as, read, report.sheet.name)
            extract.remark("взято", self.taken_as, taken, report.sheet.name)
            for text, count in noticed.items():
                extract.remark("замечание", text, count, report.sheet.name)
        return extract


def _lines(report: Report) -> Iterator[tuple[int, Unit, int, Counts | str]]:
    """Groups with a line each: row, unit, participants and the counts behind the shares, or why there are none."""
    hierarchy = Hierarchy()
    for at, row in enumerate(report.below, report.header + 1):
        empty = not any(row[report.participants :])
        if empty and not has_code(cell(row, 0)):  # a note under the table or a blank line
            continue
        unit = hierarchy.unit(cell(row, 0))
        participants = whole(cell(row, report.participants))
        shares = {place: cell(row, place) for place in report.columns()}
        wrong = [place for place, text in shares.items() if text and number(text) is None]
        counts = None if participants is None or wrong else counts_from_percents([*shares.values()], participants)
        if empty:
            counts = EMPTY
        elif participants is None:
            counts = f"число участников в ячейке {address(at, report.participants)} – не целое число"
        elif wrong:
            counts = f"доля в ячейке {address(at, wrong[0])} – не число"
        yield at, unit, participants or 0, counts or "доли не складываются в 100 %"


def _has_marks(report: Report) -> bool:
    """Whether the columns are exactly 2, 3, 4, 5."""
    return [plain(report.heads[place]) for place in report.columns()] == MARKS


def _marks(report: Report, extract: Extract, noticed: Counter[str]) -> Iterator[Group]:
    """Participants and counts of marks."""
    maximum = stated_maximum(report.sheet.rows[: report.header])
    for at, unit, participants, counts in _lines(report):
        if isinstance(counts, str):
            yield at, unit, counts
        else:
            if not counts.fitting:
                text = f"{unit.code or unit.level}: доли не отвечают целому числу участников ({participants})"
                extract.remark("замечание", text, None, report.sheet.name, address(at, 0), unit)
            noticed["групп, где округление поправлено до суммы"] += counts.adjusted
            marks = {f"mark_{mark}": count for mark, count in zip(MARKS, counts.values, strict=True)}
            yield at, unit, {"participants": participants, "max_score": maximum, **marks}


def _scores(report: Report) -> list[int]:
    """The scores of the header, 0, 1, … in order; empty when it is another header."""
    scores = [whole(report.heads[place]) for place in report.columns()]
    return scores if len(scores) > 1 and scores == list(range(len(scores))) else []


def _distribution(report: Report, extract: Extract, noticed: Counter[str]) -> Iterator[Group]:
    """Participants, mean, sample deviation and maximum."""
    scores = _scores(report)
    for at, unit, participants, counts in _lines(report):
        if isinstance(counts, str) or not participants:
            yield at, unit, counts if isinstance(counts, str) else EMPTY
        else:
            mean, deviation = moments(scores, counts.values)
            found = {"participants": participants, "mean_score": mean, "score_sd": deviation}
            yield at, unit, found | {"max_score": scores[-1]}


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
    blocks: list[tuple[int, Unit, dict[str, tuple[str, str]]]] = []
    hierarchy = Hierarchy()
    per_cent = next((place for place in report.columns() if "%" in report.heads[place]), report.participants + 1)
    for at, row in enumerate(report.below, report.header + 1):
        name = _row_of(cell(row, 0))
        if name is None and cell(row, 0):
            blocks.append((at, hierarchy.unit(cell(row, 0)), {}))
        elif name and blocks:
            blocks[-1][2][name] = cell(row, report.participants), cell(row, per_cent)
    return ((at, unit, _counts(lines)) for at, unit, lines in blocks if lines)


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
