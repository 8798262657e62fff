"""Other rules for the same data: the scenarios and methods of a workspace as they apply to an office."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shnor_lib.office.scope import effective_method
from shnor_lib.params.methods import Method
from shnor_lib.params.profiles import Profile
from shnor_lib.params.reading import (
    method_names,
    read_scenario,
    scenario_names,
)
from shnor_lib.params.yaml_files import ParamsError


@dataclass(frozen=True)
class Variant:
    """Other rules for the same data: a scenario of the workspace, or another of its methods.

    Attributes
    ----------
    short : a title for headings of columns.
    method : empty when the rules cannot be applied to the office; ``problem`` then says why.
    """

    name: str
    kind: str
    title: str
    short: str
    why: str
    method: Method | None
    problem: str = ""


def read_variants(
    workspace: Path, municipality: str, profile: Profile, method_name: str, scenario_name: str | None = None
) -> tuple[Variant, ...]:
    """The scenarios of a workspace and its other methods, as they apply to an office; what is in force already is left out."""
    source = f"params/{municipality}.yml"
    variants = []
    for name in scenario_names(workspace):
        if name == scenario_name:
            continue
        words, rules, problem = (name, name, ""), None, ""
        try:
            scenario = read_scenario(workspace, name)
            words = (scenario.title, scenario.short or name, scenario.why or "")
            rules = effective_method(workspace, profile, source, None, name)[1]
        except ParamsError as error:
            problem = str(error)
        variants.append(Variant(name, "scenario", *words, rules, problem))
    for name in method_names(workspace):
        if name == method_name:
            continue
        try:
            _, rules, _ = effective_method(workspace, profile, source, name, None)
        except ParamsError as error:
            variants.append(Variant(name, "method", name, name, "", None, str(error)))
        else:
            variants.append(Variant(name, "method", rules.title, rules.short or name, rules.description, rules))
    return tuple(variants)
