"""From the draws to words: how sure each answer is, how sure each place in an index, and which choice the lists depend on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shnor_lib.analyses.standing import LOWEST
from shnor_lib.criteria.decisions import YES
from shnor_lib.params.methods import Robustness
from shnor_lib.statistics.uncertainty.ranking import lowest_ranked, rank_draws, summarise_flags
from shnor_lib.statistics.uncertainty.sensitivity import SobolDraws, sobol_draws
from shnor_lib.whatif.robustness.draws import Bench, Drawn

ALWAYS, ALMOST_ALWAYS, OFTEN, SOMETIMES, ALMOST_NEVER, NEVER, UNKNOWN = WORDS = (
    "always",
    "almost_always",
    "often",
    "sometimes",
    "almost_never",
    "never",
    "unknown",
)
SENSITIVITY_BASE = 256
MOST_FAILED = 0.5
"""Our assumption: with more draws than this without an answer, no word is said of a school."""


def certainty(bench: Bench, drawn: Drawn, by_chance: Drawn | None = None) -> pd.DataFrame:
    """How often each school is on each list over the draws, and beside it over those of chance alone.

    school_id, category, answer (calculated by the method itself), probability (0..1, of the draws with an answer), error
    (Monte Carlo standard error), failed_share (draws whose data were too few for an answer), word: ``always`` and ``never`` of all
    draws and of none, ``almost_always``, ``often``, ``sometimes``, ``almost_never`` by the bounds of the method, ``unknown`` when
    most draws gave no answer; chance (the probability that the method's own rules list the school; missing without draws of chance
    or where most of them gave no answer).
    """
    identification = bench.office.identification.set_index(["school_id", "category"])["calculated"]
    parts = {}
    for category, flags in drawn.answers.items():
        found = parts[category] = summarise_flags(flags)
        told = _told(found)
        found["word"] = [word_of(value, bench.method.robustness) for value in told]
        found["chance"] = _told(summarise_flags(by_chance.answers[category])) if by_chance else np.nan
        found["answer"] = [identification.get((school, category)) for school in found.index]
    columns = ["school_id", "category", "answer", "probability", "error", "failed_share", "word", "chance"]
    return _one_under_another(parts, "category", columns).sort_values("school_id", kind="stable", ignore_index=True)


def _told(found: pd.DataFrame) -> pd.Series:
    """Shares of draws of which most gave an answer."""
    return found["probability"].where(found["failed_share"] <= MOST_FAILED)


def word_of(probability: float, family: Robustness) -> str:
    """The word for a share of draws.

    Examples
    --------
    >>> [word_of(value, Robustness()) for value in (1.0, 0.999, 0.6, 0.2, 0.001, 0.0, float("nan"))]
    ['always', 'almost_always', 'often', 'sometimes', 'almost_never', 'never', 'unknown']
    """
    if np.isnan(probability):
        return UNKNOWN
    if probability in (0, 1):
        return ALWAYS if probability else NEVER
    if probability >= family.often:
        return ALMOST_ALWAYS if probability >= family.always else OFTEN
    return SOMETIMES if probability >= family.never else ALMOST_NEVER


def index_certainty(drawn: Drawn) -> pd.DataFrame:
    """For every index and school: score, place (1 is the best) with its spread, and the probability of the lowest quarter.

    index, school_id, score, rank, rank_5, rank_50, rank_95, p_lowest, p_lowest_error, failed_share.
    """
    columns = ["score", "rank", "rank_5", "rank_50", "rank_95", "p_lowest", "p_lowest_error", "failed_share"]
    parts = {name: simulation.summary(share=LOWEST) for name, simulation in drawn.indices.items()}
    return _one_under_another(parts, "index", ["index", "school_id", *columns])


def _one_under_another(parts: dict[str, pd.DataFrame], key: str, columns: list[str]) -> pd.DataFrame:
    """Frames of schools, each told by its name in the column ``key``."""
    told = [part.rename_axis("school_id").reset_index().assign(**{key: name}) for name, part in parts.items()]
    return pd.concat(told, ignore_index=True)[columns] if told else pd.DataFrame(columns=columns)


def what_matters(bench: Bench, base: int = SENSITIVITY_BASE) -> pd.DataFrame:
    """How much of the movement of each list every choice explains (Sobol indices).

    The result is the number of schools that enter or leave the list of the method; with base points of a balanced design it
    is judged ``base`` × (choices + 2) times.

    category, group (the choice), first (share of the variance that goes when the choice is fixed), total (share that stays
    when all others are), each with ``_low`` and ``_high`` (95 %), and failed_share. Missing when the list never moves.
    """
    return shares_of_choices(moved_schools(bench, base))


def shares_of_choices(draws: SobolDraws | None) -> pd.DataFrame:
    """What :func:`what_matters` returns, from draws already judged; no rows when nothing varies."""
    if draws is None:
        return pd.DataFrame(columns=["category", "group", "first", "total"])
    return draws.indices().rename(columns={"result": "category"})


def moved_schools(bench: Bench, base: int = SENSITIVITY_BASE) -> SobolDraws | None:
    """How many schools enter or leave each list in the draws of :func:`what_matters`; none when nothing varies."""
    if not bench.factors:
        return None
    listed = bench.office.identification
    nominal = {
        category: set(listed.loc[listed["category"].eq(category) & listed["calculated"].eq(YES), "school_id"])
        for category in bench.method.decisions
    }

    def moved(design: pd.DataFrame) -> pd.DataFrame:
        answers = bench.judge(design).answers
        return pd.DataFrame(
            {
                category: (flags.eq(1) != flags.columns.isin(list(nominal[category]))).sum(axis=1).astype(float)
                for category, flags in answers.items()
            }
        )

    return sobol_draws(
        moved,
        [factor.name for factor in bench.factors],
        [factor.group for factor in bench.factors],
        base,
        bench.method.robustness.seed,
    )


def draw_counts(drawn: Drawn, by_chance: Drawn | None = None) -> pd.DataFrame:
    """How many draws put each school on each list, off it, or gave no answer: what :func:`certainty` is counted from.

    category, school_id, listed, not_listed, open; and the same of chance alone as ``chance_listed`` and so on.
    """
    told = {"": drawn} | ({"chance_": by_chance} if by_chance else {})
    parts = {
        category: pd.concat([_counted(one.answers[category]).add_prefix(whose) for whose, one in told.items()], axis=1)
        for category in drawn.answers
    }
    columns = [f"{whose}{name}" for whose in told for name in ("listed", "not_listed", "open")]
    return _one_under_another(parts, "category", ["category", "school_id", *columns])


def _counted(flags: pd.DataFrame) -> pd.DataFrame:
    """Draws that put each school on a list, off it, or gave no answer."""
    return pd.DataFrame({"listed": flags.eq(1).sum(), "not_listed": flags.eq(0).sum(), "open": flags.isna().sum()})


def place_counts(drawn: Drawn) -> pd.DataFrame:
    """How many draws gave each school each place in each index: what :func:`index_certainty` is counted from.

    index, school_id, place (missing for draws without a score), draws, lowest (in how many of them the school is in the
    lowest quarter).
    """
    parts = []
    for name, simulation in drawn.indices.items():
        ranks = rank_draws(simulation.scores[name], simulation.nominal.recipe.tie_digits)
        long = pd.DataFrame(
            {
                "index": name,
                "school_id": np.tile(ranks.columns.to_numpy(), len(ranks)),
                "place": ranks.to_numpy().ravel(),
                "lowest": lowest_ranked(ranks, LOWEST).to_numpy().ravel(),
            }
        )
        counted = long.groupby(["index", "school_id", "place"], dropna=False)["lowest"].agg(["size", "sum"])
        parts.append(counted.rename(columns={"size": "draws", "sum": "lowest"}).reset_index())
    columns = ["index", "school_id", "place", "draws", "lowest"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
