"""The answer of an audit: nothing can be told, these numbers can, or it is not known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shnor_lib.inputs.dictionary import label_of, procedure_label, table
from shnor_lib.params.reading import read_profile
from shnor_lib.runs.audit.facts import MUNICIPALITY, Cell
from shnor_lib.runs.audit.reading import Reading, read_public
from shnor_lib.runs.audit.solving import Found, Told, attack
from shnor_lib.runs.audit.system import system_of
from shnor_lib.workspace import PAGES, PUBLIC


@dataclass(frozen=True)
class Audited:
    """What an audit read and found.

    Attributes
    ----------
    reading : facts, tables that are unknown to the audit, tables it leaves out.
    found : what can be told, and what time did not suffice for.
    """

    reading: Reading
    found: Found

    @property
    def is_safe(self) -> bool:
        """Whether everything that is read was decided, and nothing can be told."""
        return not (self.reading.unknown or self.found.told or self.is_undecided)

    @property
    def is_undecided(self) -> bool:
        """Whether some numbers were not decided: no time, or no counts fit what is published."""
        return bool(self.found.open or self.found.contradictory or not self.reading.facts)

    def lines(self, seconds: float, most: int = 20) -> list[str]:
        """The answer, its first line the whole of it; at most so many numbers are named."""
        found, unknown = self.found, self.reading.unknown
        if not self.reading.facts:
            answer = ["Открытых таблиц с числами людей нет: проверять нечего."]
        elif unknown:
            answer = [f"Неизвестно аудиту: таблиц и подписей – {len(unknown)}."]
        elif found.told:
            answer = [f"Раскрыть можно: чисел – {len(found.told)} из {found.asked}."]
        elif found.open:
            answer = [f"Не успели за {seconds:.0f} с: не решено чисел – {found.open} из {found.asked}."]
        elif found.contradictory:
            answer = [f"Числа открытых таблиц противоречат друг другу: мест – {found.contradictory}."]
        else:
            answer = [f"Раскрыть нельзя: проверено {found.asked} скрытых ячеек."]
        listed = [*unknown, *(told_line(one) for one in found.told)]
        answer += [f"  {line}" for line in listed[:most]]
        if len(listed) > most:
            answer.append(f"  … и ещё {len(listed) - most}")
        if found.without_sums:
            answer.append(
                f"Сумма школ не сходится с итогом муниципалитета (без неё проверено): мест – {found.without_sums}."
            )
        if self.reading.not_read:
            answer.append(f"Аудит не читает таблиц: {', '.join(sorted(self.reading.not_read))}.")
        return answer


def audit(root: Path, limit: int, seconds: float) -> Audited:
    """Attack the public edition of an office by everything it has published.

    Parameters
    ----------
    root : the folder with its years.
    limit : fewest participants that a published number may stand for.
    seconds : how long it may take.
    """
    reading = read_public(root)
    if reading.unknown or not reading.facts:
        return Audited(reading, Found())
    return Audited(reading, attack(*system_of(reading.facts, limit), limit, seconds))


def audit_published(workspace: Path, name: str, seconds: float) -> Audited:
    """Attack what an office of a workspace has published, by the limit of its profile."""
    limit = read_profile(workspace, name).disclosure.minimum_participants
    return audit(workspace / PAGES[PUBLIC] / name, limit, seconds)


def told_line(told: Told) -> str:
    """A number that can be told, in words: whose, of what, how large, and where it is hidden.

    Examples
    --------
    >>> from shnor_lib.runs.audit.system import Kept
    >>> cell = Cell("exam_results", "01", 2021, "", "VPR/maths/4", "mark_2")
    >>> told_line(Told(Kept({cell: 1}, False, ""), 3, 3))
    '01, 2021 год, Результаты процедур, ВПР, математика, 4 класс: Отметка 2 = 3; не напечатано'
    """
    first = next(iter(told.kept.of))
    words = []
    for cell, times in told.kept.of.items():
        named = table(cell.table).columns[cell.column].label
        same_row = cell._replace(column=first.column) == first
        words.append(f"{'−' if times < 0 else '+'} {named if same_row else f'{named} ({_part(cell)})'}")
    unit = "муниципалитет" if first.unit == MUNICIPALITY else first.unit
    size = f"= {told.low}" if told.low == told.high else f"от {told.low} до {told.high}"
    where = ", ".join(
        filter(
            None,
            [
                unit,
                f"{first.year} год",
                table(first.table).label,
                _part(first),
                first.wave and label_of("wave", first.wave),
            ],
        )
    )
    return f"{where}: {' '.join(words).removeprefix('+ ')} {size}; {f'скрыто: {told.kept.place}' if told.kept.hidden else 'не напечатано'}"


def _part(cell: Cell) -> str:
    return procedure_label(cell.part) if cell.table in ("exam_results", "mark_comparison") else cell.part
