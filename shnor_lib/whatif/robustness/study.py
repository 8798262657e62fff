"""Everything that report 60 shows of an office, computed once."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from shnor_lib.analyses.expectation import Expected, expected_of_offices
from shnor_lib.analyses.standing import Standing, school_effects, told_of_office
from shnor_lib.criteria.flips import flip_thresholds, smallest_changes
from shnor_lib.criteria.judge import measure_criteria
from shnor_lib.criteria.measure import Evidence
from shnor_lib.office.office import Office
from shnor_lib.office.variants import Variant
from shnor_lib.statistics.uncertainty.sensitivity import SobolDraws
from shnor_lib.whatif.region import Region, RegionIncomplete, population_of_variants
from shnor_lib.whatif.robustness.draws import Bench
from shnor_lib.whatif.robustness.pooled import pooled_answers, pooled_verdicts
from shnor_lib.whatif.robustness.summary import (
    certainty,
    draw_counts,
    index_certainty,
    moved_schools,
    place_counts,
    shares_of_choices,
)
from shnor_lib.whatif.scenarios import (
    AGREEMENT_COLUMNS,
    BASE,
    Answers,
    agreement,
    answers_of,
    compare_with_base,
    evidence_for_variants,
    judge_variants,
    summarise_comparison,
    variants_of_region,
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
    pooled, pooled_changes : rates of small schools drawn to that of all schools, and the answers that change by it.
    certainty, places, matters : what the draws say of schools, of places in the indices, and of the choices themselves.
    counts, place_counts, movements : the counts of draws behind ``certainty``, ``places`` and ``matters``; no movements when
        nothing varies.
    standing : what is known of the results of schools.
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
    pooled: pd.DataFrame
    pooled_changes: pd.DataFrame
    certainty: pd.DataFrame
    places: pd.DataFrame
    matters: pd.DataFrame
    counts: pd.DataFrame
    place_counts: pd.DataFrame
    movements: SobolDraws | None
    standing: Standing
    expected: Expected


def study_robustness(office: Office, region: Region | None = None) -> Study:
    """Judge an office by every variant and in every draw, and hold its results against expectation.

    Parameters
    ----------
    region : the office's region, for the variants that rank schools within it, refused without it, and for the components of
        results.

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
    measured = measure_criteria(office.method, evidence, office.year)
    variants, refused = judge_variants_within(office, evidence, region)
    judged = {BASE: answers_of(office)} | variants
    changes = compare_with_base(judged)
    told = told_of_office(office, neighbours(office, region))
    bench = Bench(office, evidence, told)
    drawn, by_chance = bench.draw(), bench.draw_chance()
    pooled = pooled_verdicts(office, measured)
    movements = moved_schools(bench)
    return Study(
        office=office,
        judged=judged,
        refused=refused,
        changes=changes,
        lists=summarise_comparison(judged, changes),
        methods=_agreement_of_methods(office, judged),
        flips=flip_thresholds(office.method, measured, office.verdicts),
        smallest=smallest_changes(office.method, measured, office.verdicts, office.identification),
        pooled=pooled,
        pooled_changes=pooled_answers(office, measured, pooled),
        certainty=certainty(bench, drawn, by_chance),
        places=index_certainty(drawn),
        matters=shares_of_choices(movements),
        counts=draw_counts(drawn, by_chance),
        place_counts=place_counts(drawn),
        movements=movements,
        standing=school_effects(office, told),
        expected=expected_of_offices([office]),
    )


def neighbours(office: Office, region: Region | None) -> list[Office]:
    """The other offices of a region that have usable data."""
    return [one for name, one in region.offices.items() if name != office.municipality] if region else []


def judge_variants_within(
    office: Office, evidence: Evidence, region: Region | None
) -> tuple[dict[str, Answers], dict[str, str]]:
    """The variants judged, those of the region among the schools of the region; it is not asked for half a region."""
    if region is None:
        return judge_variants(office, evidence)
    try:
        return judge_variants(office, evidence, population_of_variants(region, office))
    except RegionIncomplete as error:
        judged, refused = judge_variants(office, evidence)
        return judged, refused | dict.fromkeys(variants_of_region(office), str(error))


def _agreement_of_methods(office: Office, judged: dict[str, Answers]) -> pd.DataFrame:
    """Agreement of the office's method with each variant that is another method or another reference group."""
    parts = [
        agreement(judged[BASE].identification, judged[variant.name].identification).assign(variant=variant.name)
        for variant in office.variants
        if variant.name in judged and is_other_method(office, variant)
    ]
    columns = ["variant", *AGREEMENT_COLUMNS]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def is_other_method(office: Office, variant: Variant) -> bool:
    """Whether a variant asks the question in another way: another method, or a cut among other schools."""
    if variant.kind == "method":
        return True
    pairs = [(one, office.method.criteria.get(name)) for name, one in variant.method.criteria.items()]
    asked = ("population", "within")
    return any(getattr(one, key, None) != getattr(own, key, None) for one, own in pairs for key in asked)
