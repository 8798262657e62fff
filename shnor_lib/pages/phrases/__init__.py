"""The sentences that reports say by rule: templates in YAML, one file a report or a group of reports.

A sentence appears when its condition holds for the facts of an office and year; so the same situation is always told
in the same, respectful words, and "nothing of note" is said as well. To add a sentence, add it to `headlines` (or to
`decisions`, the list "Что решить") of the report's file; a fact it uses for the first time goes to `facts.yml`.
"""

from shnor_lib.pages.phrases.phrase import Evidence, Facts, Headline, Phrase
from shnor_lib.pages.phrases.reading import facts as declared_facts
from shnor_lib.pages.phrases.reading import phrases

__all__ = ["Evidence", "Headline", "Phrase", "decisions", "declared_facts", "headlines", "phrases", "sayable"]


def headlines(facts: Facts, report: str, most: int = 6) -> list[Headline]:
    """The findings of a report, most important first.

    >>> found = headlines({"problems_errors": 0, "problems_warnings": 2}, "10_data_quality")
    >>> found[0].text.replace(chr(160), " ")
    'Ошибок в исходных данных нет, есть 2 замечания: расчёту не мешают, но проверить их стоит.'
    """
    found = triggered(phrases("headlines"), facts, report)[:most]
    return found or [Headline("nothing", "В представленных данных ничего существенного не найдено.")]


def decisions(facts: Facts, report: str) -> list[Headline]:
    """What the board is asked to decide."""
    return triggered(phrases("decisions"), facts, report)


def triggered(known: tuple[Phrase, ...], facts: Facts, report: str) -> list[Headline]:
    """The sentences of a list whose rule holds, in the order of the list."""
    unknown = sorted(set(facts) - set(declared_facts()))
    if unknown:
        raise KeyError(
            f"Неизвестные факты: {', '.join(unknown)}. Известные перечислены в pages/phrases/facts.yml; "
            "новый факт сначала опишите там."
        )
    told = sayable(facts)
    return [said for phrase in known if (said := phrase.on(report, told))]


def sayable(facts: Facts) -> dict[str, object]:
    """The facts as sentences and headings may use them: what is counted among none is unknown, not 0.

    >>> sayable({"targets_fulfilled": 0, "targets_measured": 0, "targets_total": 5})
    {'targets_fulfilled': None, 'targets_measured': 0, 'targets_total': 5}
    """
    declared = declared_facts()
    among = {name: declared[name].of for name in facts if name in declared}
    return {name: None if facts.get(among.get(name, "")) == 0 else fact for name, fact in facts.items()}
