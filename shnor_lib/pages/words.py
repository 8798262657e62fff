"""The closed lists of words that stand in cells and charts for verdicts and comparisons.

A reader who prints in grey, or cannot tell red from green, reads the word; the mark repeats it by shape and the
colour comes last. Each list maps the code used in tables of data to its `Word`.
"""

from dataclasses import dataclass

from shnor_lib.pages.numbers import NBSP, NO_DATA


@dataclass(frozen=True)
class Word:
    """What a code is called, the shape that repeats it, and how strongly a cell is tinted."""

    text: str
    mark: str
    tone: str  # "strong", "medium", "plain" or "faint": the style sheet and the charts know these four

    def __str__(self) -> str:
        text = self.text.replace("не ", f"не{NBSP}")
        return f"{self.mark}{NBSP}{text}" if self.mark else text


CATEGORIES = {"low_results": "ШНОР", "adverse_conditions": "ШНСУ"}
"""The categories of schools as the documents call them."""

WORDS: dict[str, dict[str, Word]] = {
    "verdict": {
        "met": Word("выполнен", "■", "strong"),
        "not_met": Word("не выполнен", "□", "plain"),
        "not_assessed": Word("не оценён", "◊", "faint"),
    },
    "identified": {
        "yes": Word("да", "■", "strong"),
        "no": Word("нет", "□", "plain"),
        "insufficient_data": Word("недостаточно данных", "◊", "faint"),
    },
    "comparison": {
        "worse": Word("хуже", "▼", "strong"),
        "same": Word("не отличается", "○", "plain"),
        "better": Word("лучше", "▲", "medium"),
        "not_compared": Word("не сравнивается", "◊", "faint"),
    },
    "position": {
        "above": Word("выше", "▲", "medium"),
        "same": Word("не отличается", "○", "plain"),
        "below": Word("ниже", "▼", "medium"),
        "not_compared": Word("не сравнивается", "◊", "faint"),
    },
    "marker": {
        "met": Word("есть", "■", "medium"),
        "not_met": Word("не найдено", "□", "plain"),
        "not_assessed": Word("не оценено", "◊", "faint"),
    },
    "severity": {
        "error": Word("ошибка", "■", "strong"),
        "warning": Word("замечание", "▲", "medium"),
        "note": Word("к сведению", "○", "plain"),
    },
    "risk": {
        "high": Word("высокий", "■", "strong"),
        "medium": Word("средний", "▲", "medium"),
        "low": Word("низкий", "□", "plain"),
        "unknown": Word(NO_DATA, "", "faint"),
    },
    "target_state": {
        "fulfilled": Word("достигнут", "■", "medium"),
        "start": Word("точка отсчёта", "○", "plain"),
        "on_track": Word("на пути", "▲", "plain"),
        "off_track": Word("отстаёт", "▼", "strong"),
        "no_data": Word(NO_DATA, "", "faint"),
    },
    "status": {
        "done": Word("выполнено", "■", "medium"),
        "in_progress": Word("выполняется", "▲", "plain"),
        "planned": Word("запланировано", "□", "plain"),
        "overdue": Word("просрочено", "▼", "strong"),
        "cancelled": Word("отменено", "◊", "faint"),
        "unknown": Word(NO_DATA, "", "faint"),
    },
    "certainty": {
        "always": Word("всегда", "■", "strong"),
        "often": Word("часто", "▲", "medium"),
        "sometimes": Word("иногда", "○", "plain"),
        "never": Word("никогда", "□", "plain"),
        "unknown": Word("не определить", "◊", "faint"),
    },
    "decision": {
        "calculated": Word("по расчёту", "", "plain"),
        "expert": Word("решение эксперта", "▲", "medium"),
    },
}


def word(vocabulary: str, code: str) -> Word:
    """The word for a code.

    >>> str(word("verdict", "not_met"))
    '□\\xa0не\\xa0выполнен'

    Raises
    ------
    KeyError
        For a list or a code that does not exist, naming those that do.
    """
    if vocabulary not in WORDS:
        raise KeyError(f"Нет списка слов «{vocabulary}»; есть: {', '.join(WORDS)} (pages/words.py).")
    if code not in WORDS[vocabulary]:
        raise KeyError(
            f"В списке слов «{vocabulary}» нет кода {code!r}; есть: {', '.join(WORDS[vocabulary])} (pages/words.py)."
        )
    return WORDS[vocabulary][code]
