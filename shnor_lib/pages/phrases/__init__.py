"""The sentences that reports say by rule: templates in YAML, one file a report or a group of reports.

A sentence appears when its condition holds for the facts of an office and year; so the same situation is always told
in the same, respectful words, and "nothing of note" is said as well. To add a sentence, add it to `headlines` (or to
`decisions`, the list "Что решить") of the report's file; a fact it uses for the first time goes to `facts.yml`.
"""

from shnor_lib.pages.phrases.phrase import Evidence, Facts, Headline, Phrase
from shnor_lib.pages.phrases.reading import facts as declared_facts
from shnor_lib.pages.phrases.reading import phrases

EACH = ("lists", "other_lists", "region_lists")
"""Facts that are several sets of facts, one of each list of schools."""

__all__ = ["Evidence", "Headline", "Phrase", "decisions", "declared_facts", "headlines", "phrases", "sayable"]


def headlines(facts: Facts, report: str, most: int = 6) -> list[Headline]:
    """The findings of a report, most important first.

    >>> found = headlines({"problems_errors": 0, "problems_warnings": 2}, "10_data_quality")
    >>> found[0].text.replace(chr(160), " ")
    'Ошибок в исходных данных нет, есть 2 замечания: расчёту не мешают, но проверить их стоит.'
    """
    found = triggered(phrases("headlines"), facts, report, most)
    return found or [Headline("nothing", "В представленных данных ничего существенного не найдено.")]


def decisions(facts: Facts, report: str) -> list[Headline]:
    """What the board is asked to decide."""
    return triggered(phrases("decisions"), facts, report)


def triggered(known: tuple[Phrase, ...], facts: Facts, report: str, most: int | None = None) -> list[Headline]:
    """The sentences of a list whose rule holds, in the order of the list; those said of several lists of schools count as one."""
    sets = {name: each for name in EACH if (each := facts.get(name))}
    unknown = sorted(
        {*facts, *(fact for each in sets.values() for one in each for fact in one)} - {*declared_facts(), *EACH}
    )
    if unknown:
        raise KeyError(
            f"Неизвестные факты: {', '.join(unknown)}. Известные перечислены в pages/phrases/facts.yml; "
            "новый факт сначала опишите там."
        )
    plain = {name: fact for name, fact in facts.items() if name not in EACH}
    besides = {name: fact for name, fact in plain.items() if not name.startswith("list_")}
    found = []
    for phrase in known:
        about = [besides | one for one in sets.get(phrase.each, ())] if phrase.each else [plain]
        found.append([said for one in about if (said := phrase.on(report, sayable(one)))])
    return [said for one in [one for one in found if one][:most] for said in one]


def sayable(facts: Facts) -> dict[str, object]:
    """The facts as sentences and headings may use them: what is counted among none is unknown, not 0.

    >>> sayable({"targets_fulfilled": 0, "targets_measured": 0, "targets_total": 5})
    {'targets_fulfilled': None, 'targets_measured': 0, 'targets_total': 5}
    """
    declared = declared_facts()
    among = {name: declared[name].of for name in facts if name in declared}
    return {name: None if facts.get(among.get(name, "")) == 0 else fact for name, fact in facts.items()}
