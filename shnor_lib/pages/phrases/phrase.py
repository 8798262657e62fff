"""A sentence of a report: the rule that triggers it, its words, and how its numbers are counted again."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from shnor_lib.pages.saying import Condition, Facts, Template, known, say

_PROOF = re.compile(r"(?:(sum|share) )?(\w+)(?:\.([\w{}]+))?(?:\[(.*)\])?")


@dataclass(frozen=True)
class Evidence:
    """How a number of a sentence is counted again from a table of the same page.

    Parameters
    ----------
    fact : The fact it proves.
    table : Name of the `Table` on the page.
    measure : `rows`: how many rows satisfy `where`; `share`: that number over all rows; `sum`: total of `column` over
        those rows; `value`: the one cell of `column` in the one such row.
    column : Column id, for `sum` and `value`.
    where : Column id -> text as printed (for words, without the shape).
    """

    fact: str
    table: str
    measure: str = "rows"
    column: str = ""
    where: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, fact: str, text: str) -> "Evidence":
        """The proof written as `table`, `table[column=word; column=word]`, `table.column[…]`, `sum table.column`, `share table[…]`.

        >>> Evidence.read("list_share", "totals.share[figure={list_word}]").of({"list_word": "ШНОР"})
        Evidence(fact='list_share', table='totals', measure='value', column='share', where={'figure': 'ШНОР'})
        """
        found = _PROOF.fullmatch(text)
        if not found:
            raise ValueError(f"доказательство «{text}» не читается; пример: plan_measures[state=выполнено]")
        measure, table, column, words = found.groups()
        where = dict(pair.split("=", 1) for pair in words.split("; ")) if words else {}
        return cls(fact, table, measure or ("value" if column else "rows"), column or "", where)

    def of(self, facts: Facts) -> "Evidence":
        """The proof with the words that it takes from facts, in braces: what a list of schools is called."""
        where = {say(column, facts): say(text, facts) for column, text in self.where.items()}
        return replace(self, column=say(self.column, facts), where=where)


@dataclass(frozen=True)
class Headline:
    """A sentence that was triggered, with the numbers it holds and the proof of each."""

    id: str
    text: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Phrase:
    """A sentence and the rule that triggers it.

    Parameters
    ----------
    id : Latin, unique.
    reports : In which reports it may stand.
    when : The rule.
    parts : Its text in parts, each said when its own condition holds. A part without one is always said.
    proofs : Where each of its facts can be counted again: fact -> report -> proof.
    each : The fact that holds several sets of facts (the lists of schools): the sentence is said of each.
    """

    id: str
    reports: tuple[str, ...]
    when: Condition
    parts: tuple[tuple[Condition, Template], ...]
    proofs: Mapping[str, Mapping[str, Evidence]]
    each: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """Facts without which nothing can be said: those of the rule and of the parts always said."""
        always = [template.named for condition, template in self.parts if not condition.alternatives]
        return tuple(dict.fromkeys((*self.when.named, *(fact for named in always for fact in named))))

    @property
    def named(self) -> Iterable[str]:
        """Every fact the sentence rests on, also of its optional parts."""
        return dict.fromkeys((*self.needs, *(fact for part in self.parts for one in part for fact in one.named)))

    def text(self, facts: Facts) -> str:
        return "".join(template.said(facts) for condition, template in self.parts if condition.holds(facts))

    def evidence(self, report: str, facts: Facts) -> tuple[Evidence, ...]:
        """Proofs of its facts on the page of a report."""
        found = [(fact, proofs[report]) for fact, proofs in self.proofs.items() if report in proofs]
        return tuple(proof.of(facts) for fact, proof in found if known(facts, fact))

    def on(self, report: str, facts: Facts) -> Headline | None:
        """The sentence as a page says it, if its rule holds and nothing it needs is missing."""
        if (
            report not in self.reports
            or not all(known(facts, fact) for fact in self.needs)
            or not self.when.holds(facts)
        ):
            return None
        evidence = self.evidence(report, facts)
        return Headline(self.id, self.text(facts), {proof.fact: facts[proof.fact] for proof in evidence}, evidence)
