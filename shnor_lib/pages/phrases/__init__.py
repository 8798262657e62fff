"""The sentences that reports say by rule: one module a report.

A sentence appears when its condition holds for the facts of an office and year; so the same situation is always told
in the same, respectful words, and "nothing of note" is said as well. To add a sentence, add one `Phrase` to `HEADLINES` (or to
`DECISIONS`, the list "Что решить") of the report's module; a fact it uses for the first time goes to `facts.py`.
"""

from shnor_lib.pages.numbers import is_missing
from shnor_lib.pages.phrases import (
    context,
    data,
    dynamics,
    lists,
    objectivity,
    overview,
    passports,
    plan,
    region,
    results,
    robustness,
    targets,
)
from shnor_lib.pages.phrases.facts import FACTS
from shnor_lib.pages.phrases.phrase import Evidence, Facts, Headline, Phrase

__all__ = ["DECISIONS", "FACTS", "HEADLINES", "Evidence", "Headline", "Phrase", "decisions", "headlines"]

MODULES = (lists, data, overview, results, objectivity, context, robustness, dynamics, targets, plan, passports, region)
"""In the order of importance: a page shared by several takes its sentences in this order."""

HEADLINES: tuple[Phrase, ...] = tuple(phrase for module in MODULES for phrase in module.HEADLINES)
DECISIONS: tuple[Phrase, ...] = tuple(phrase for module in MODULES for phrase in module.DECISIONS)


def headlines(facts: Facts, report: str, most: int = 6) -> list[Headline]:
    """The findings of a report, most important first.

    >>> found = headlines({"problems_errors": 0, "problems_warnings": 2}, "10_data_quality")
    >>> found[0].text.replace(chr(160), " ")
    'Ошибок в исходных данных нет, есть 2 замечания: расчёту не мешают, но проверить их стоит.'
    """
    found = triggered(HEADLINES, facts, report)[:most]
    return found or [Headline("nothing", "В представленных данных правила не нашли ничего существенного.")]


def decisions(facts: Facts, report: str) -> list[Headline]:
    """What the board is asked to decide."""
    return triggered(DECISIONS, facts, report)


def triggered(phrases: tuple[Phrase, ...], facts: Facts, report: str) -> list[Headline]:
    """The sentences of a list whose rule holds, in the order of the list."""
    unknown = sorted(set(facts) - set(FACTS))
    if unknown:
        raise KeyError(
            f"Неизвестные факты: {', '.join(unknown)}. Известные перечислены в FACTS (presentation/phrases/facts.py); "
            "новый факт сначала опишите там."
        )
    return [
        Headline(
            phrase.id,
            phrase.text(facts),
            {proof.fact: facts[proof.fact] for proof in phrase.evidence},
            phrase.evidence,
        )
        for phrase in phrases
        if report in phrase.reports
        and not any(is_missing(facts.get(fact)) for fact in (*phrase.needs, *(p.fact for p in phrase.evidence)))
        and phrase.condition(facts)
    ]
