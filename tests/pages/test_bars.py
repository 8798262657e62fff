"""A bar of states counts everything once, and says what is unknown as unknown."""

import pytest

from shnor_lib.pages.bars import PARTS, bar_of_states
from shnor_lib.pages.words import WORDS


@pytest.mark.parametrize("vocabulary", PARTS)
def test_a_bar_has_a_part_for_every_state(vocabulary):
    assert set(PARTS[vocabulary]) == set(WORDS[vocabulary])
    counts = {state: place + 1 for place, state in enumerate(PARTS[vocabulary])}
    legend = bar_of_states(vocabulary, counts, "Всё").legend
    assert [int(part.split()[0]) for part in legend.split(" · ")] == list(counts.values())


def test_the_words_of_a_part_agree_with_its_count():
    assert [bar_of_states("target_state", {"off_track": n}, "Цели").legend for n in (1, 21, 14)] == [
        "1 отстаёт",
        "21 отстаёт",
        "14 отстают",
    ]
    assert bar_of_states("status", {"unknown": 3}, "Меры").legend == "3 нет сведений"
