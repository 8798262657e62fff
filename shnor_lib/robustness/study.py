"""Everything that report 60 shows of an office, computed once."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from shnor_lib.expectation import Expected, expected_of_offices
from shnor_lib.office import Office
from shnor_lib.robustness.draws import Bench
from shnor_lib.robustness.flips import flip_thresholds, smallest_changes
from shnor_lib.robustness.summary import certainty, index_certainty, what_matters
from shnor_lib.scenarios import (
    BASE,
    Answers,
    agreement,
    answers_of,
    compare_with_base,
    evidence_for_variants,
    judge_variants,
    summarise_comparison,
)


@dataclass(frozen=True)
class Study:
    """How far the lists of an office depend on choices and on chance.

    Attributes
    ----------
    judged : the office's own answers under ``base``, then those of every variant that applies to it; ``refused`` says why
        the others do not.
    changes, lists : who enters and leaves in every variant, and how long the lists are.
    methods : agreement of the office's method with every other method, a row a category.
    flips, smallest : thresholds at which verdicts turn over; one-parameter changes that turn an answer over.
    certainty, places, matters : what the draws say of schools, of places in the indices, and of the choices themselves.
    expected : results held against what the social context leads to expect.
    """

    office: Office
    judged: dict[str, Answers]
    refused: dict[str, str]
    changes: pd.DataFrame
    lists: pd.DataFrame
    methods: pd.DataFrame
    flips: pd.DataFrame
    smallest: pd.DataFrame
    certainty: pd.DataFrame
    places: pd.DataFrame
    matters: pd.DataFrame
    expected: Expected


def study_office(office: Office) -> Study:
    """Judge an office by every variant and in every draw, and hold its results against expectation.

    Raises
    ------
    ValueError
        For a public edition: its hidden numbers would judge other schools than the method did.
    """
    if office.audience == "public":
        raise ValueError(
            "устойчивость перечней считается по полным данным: в открытой редакции числа скрыты и вывод вышел бы другим"
        )
    evidence = evidence_for_variants(office)
    variants, refused = judge_variants(office, evidence)
    judged = {BASE: answers_of(office)} | variants
    changes = compare_with_base(judged)
    bench = Bench(office, evidence)
    drawn = bench.draw()
    return Study(
        office=office,
        judged=judged,
        refused=refused,
        changes=changes,
        lists=summarise_comparison(judged, changes),
        methods=_agreement_of_methods(office, judged),
        flips=flip_thresholds(office),
        smallest=smallest_changes(office),
        certainty=certainty(bench, drawn),
        places=index_certainty(drawn),
        matters=what_matters(bench),
        expected=expected_of_offices([office]),
    )


def _agreement_of_methods(office: Office, judged: dict[str, Answers]) -> pd.DataFrame:
    """Agreement of the office's method with each variant that is another method or another reference group."""
    parts = [
        agreement(judged[BASE].identification, judged[variant.name].identification).assign(variant=variant.name)
        for variant in office.variants
        if variant.name in judged and is_other_method(office, variant.name)
    ]
    columns = ["variant", "category", "both", "first_only", "second_only", "neither", "open", "agreed", "kappa"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def is_other_method(office: Office, name: str) -> bool:
    """Whether a variant asks the question in another way: another method, or a cut among other schools."""
    variant = next(one for one in office.variants if one.name == name)
    if variant.kind == "method":
        return True
    pairs = [(one, office.method.criteria.get(key)) for key, one in variant.method.criteria.items()]
    groups = [(getattr(one, "population", None), getattr(one, "within", None)) for one, _ in pairs]
    own = [(getattr(one, "population", None), getattr(one, "within", None)) for _, one in pairs]
    return groups != own
