"""The sentences and facts of the YAML files beside this module, read as strictly as parameters: closed keys, line numbers."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from shnor_lib.pages.phrases.phrase import Evidence, Phrase
from shnor_lib.pages.saying import Condition, Template
from shnor_lib.params.yaml_files import Strict, nearest, parse_yaml

FILES = (
    "lists",
    "data",
    "overview",
    "results",
    "objectivity",
    "context",
    "robustness",
    "dynamics",
    "targets",
    "effectiveness",
    "plan",
    "passports",
    "region",
)
"""In the order of importance: a page shared by several takes its sentences in this order."""


def _proof(value: str | dict[str, str]) -> str | dict[str, str]:
    for text in [value] if isinstance(value, str) else value.values():
        Evidence.read("", text)
    return value


class Fact(Strict):
    """What a fact is, among how many it is counted, and where a page that says it lets it be counted again.

    ``of``: the fact that counts those it is counted among; ``proof`` holds everywhere alike, or report by report.
    """

    means: str = Field(alias="is")
    of: str = ""
    proof: Annotated[str | dict[str, str], AfterValidator(_proof)] = Field(default_factory=dict)

    def proofs(self, name: str, reports: Iterable[str]) -> dict[str, Evidence]:
        texts = dict.fromkeys(reports, self.proof) if isinstance(self.proof, str) else self.proof
        return {report: Evidence.read(name, text) for report, text in texts.items()}


def _described(value: object) -> object:
    return {"is": value} if isinstance(value, str) else value


class FactsFile(Strict):
    """`facts.yml`; a fact without a proof is just its meaning."""

    facts: dict[str, Annotated[Fact, BeforeValidator(_described)]]

    @model_validator(mode="after")
    def counted_among_facts(self) -> "FactsFile":
        for name, fact in self.facts.items():
            if fact.of and fact.of not in self.facts:
                raise ValueError(
                    f"факт «{name}» считается среди «{fact.of}», а такого факта нет{nearest(fact.of, self.facts)}"
                )
        return self


@cache
def facts() -> dict[str, Fact]:
    """Every fact a sentence may rest on."""
    return _file("facts", FactsFile).facts


def _declared(named: Iterable[str]) -> None:
    for fact in named:
        if fact not in facts():
            raise ValueError(f"нет факта «{fact}»{nearest(fact, facts())}; новый сначала опишите в facts.yml")


def _condition(value: object) -> Condition:
    condition = Condition((value,) if isinstance(value, str) else tuple(value))
    _declared(condition.named)
    return condition


def _template(value: str) -> Template:
    template = Template(value)
    _declared(template.named)
    return template


Rule = Annotated[str | list[str], AfterValidator(_condition)]
Text = Annotated[str, AfterValidator(_template)]


class Part(Strict):
    """A piece of a sentence, said when its condition holds."""

    when: Rule = Field(default=Condition(()), alias="if")
    say: Text


def _parts(value: object) -> object:
    pieces = value if isinstance(value, list) else [value]
    return [{"say": piece} if isinstance(piece, str) else piece for piece in pieces]


class Sentence(Strict):
    """A sentence of its own, or (`as`) that of another report, proved by the tables of this one.

    ``each``: it is said of every list of schools that the fact holds, one after another. It cites the proofs of every fact it names, or of those in `cite`: where the table of a fact is not on the page.
    """

    reports: tuple[str, ...] = ()
    each: Literal["", "lists", "other_lists", "region_lists"] = ""
    when: Rule = Condition(())
    cite: list[str] | None = None
    say: Annotated[tuple[Part, ...], BeforeValidator(_parts)] = ()
    same_as: str = Field(default="", alias="as")

    @model_validator(mode="after")
    def says_something(self) -> "Sentence":
        if bool(self.say) == bool(self.same_as):
            raise ValueError("нужен текст (say) или имя такого же предложения другого отчёта (as), что-то одно")
        return self


class SentencesFile(Strict):
    """Sentences of a report, most important first; those of `decisions` stand under "Что решить"."""

    reports: tuple[str, ...]
    headlines: dict[str, Sentence]
    decisions: dict[str, Sentence]


def _file(name: str, model: type) -> object:
    data = files("shnor_lib.pages.phrases").joinpath(f"{name}.yml").read_bytes()
    return parse_yaml(data, model, f"shnor_lib/pages/phrases/{name}.yml")


@cache
def phrases(kind: str) -> tuple[Phrase, ...]:
    """The `headlines` or the `decisions` of all reports, in the order of importance."""
    read = [(file.reports, name, one) for file in _sentences() for name, one in getattr(file, kind).items()]
    by_name = {name: one for _, name, one in read}
    return tuple(_phrase(name, one.reports or reports, by_name.get(one.same_as, one)) for reports, name, one in read)


@cache
def _sentences() -> tuple[SentencesFile, ...]:
    return tuple(_file(name, SentencesFile) for name in FILES)


def _phrase(name: str, reports: tuple[str, ...], said: Sentence) -> Phrase:
    phrase = Phrase(name, reports, said.when, tuple((part.when, part.say) for part in said.say), {}, said.each)
    cited = phrase.named if said.cite is None else said.cite
    proofs = {fact: declared.proofs(fact, reports) for fact, declared in facts().items() if fact in cited}
    return replace(phrase, proofs=proofs)
