"""Finds the schools that need help by declared criteria, explains why, plans the help and shows whether it worked.

What a notebook of one's own needs stands here by name, whatever room it lives in; ``docs/api.md`` shows each by example. A name is
looked up when it is first asked for, so that a command loads only what it needs.
"""

from importlib import import_module

PLACES = {
    "open_office": "office.assemble",
    "open_region": "whatif.region",
    "judge_offices": "office.judging",
    "judge_with": "whatif.scenarios",
    "compare": "whatif.scenarios",
    "agreement": "whatif.scenarios",
    "catalogue": "indicators.catalogue",
    "composite_index": "statistics.composite.index",
    "IndexRecipe": "params.recipe",
    "wilson_interval": "statistics.uncertainty.intervals",
    "school_effects": "analyses.standing",
    "study_robustness": "whatif.robustness.study",
}
"""Where each name of the public interface lives."""

__all__ = list(PLACES)


def __getattr__(name: str) -> object:
    if name not in PLACES:
        raise AttributeError(f"в {__name__} нет имени «{name}»; есть: {', '.join(PLACES)}")
    return getattr(import_module(f"{__name__}.{PLACES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *PLACES})
