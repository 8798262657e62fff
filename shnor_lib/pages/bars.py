"""Everything of one kind by its state, as one bar with its words."""

from __future__ import annotations

from collections.abc import Mapping

from shnor_lib.pages.furniture import Bar
from shnor_lib.pages.marks import partition
from shnor_lib.pages.numbers import format_count
from shnor_lib.pages.saying import say

PARTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "status": {
        "done": ("first", "выполнено"),
        "in_progress": ("second", "выполняется"),
        "planned": ("third", "запланировано"),
        "overdue": ("alarm", "просрочено"),
        "cancelled": ("fourth", "отменено"),
        "unknown": ("fifth", "нет сведений"),
    },
    "target_state": {
        "fulfilled": ("first", "достигнуто"),
        "held": ("second", "выполнено с начала"),
        "on_track": ("second", "на пути"),
        "start": ("third", "первый год"),
        "same": ("third", "без заметных изменений"),
        "off_track": ("alarm", "{count:отстаёт|отстают}"),
        "open": ("fourth", "не определить"),
        "no_data": ("fifth", "нет данных"),
    },
}
"""The parts of a bar in order: of each state its fill and how so many are called."""


def bar_of_states(vocabulary: str, counts: Mapping[str, int], title: str) -> Bar:
    """A bar that partitions things by their state; its words count every part.

    Parameters
    ----------
    vocabulary : a list of words of :data:`PARTS`.
    counts : how many are in each state.

    Examples
    --------
    >>> bar_of_states("status", {"done": 2, "overdue": 1}, "3 меры").legend
    '2 выполнено · 1 просрочено'
    """
    parts = [
        (say(words, {"count": counts.get(state, 0)}), counts.get(state, 0), fill)
        for state, (fill, words) in PARTS[vocabulary].items()
    ]
    legend = " · ".join(f"{format_count(count)} {words}" for words, count, _ in parts if count)
    return Bar(title, partition(parts, f"{title}: {legend}"), legend)
