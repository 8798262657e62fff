"""Other rules for the same data: the scenarios and methods of a workspace as they apply to an office."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from shnor_lib.office.rules import effective_method
from shnor_lib.params.methods import Method
from shnor_lib.params.profiles import Profile
from shnor_lib.params.reading import method_names, read_scenario, scenario_names
from shnor_lib.params.yaml_files import ParamsError


@dataclass(frozen=True)
class Variant:
    """Other rules for the same data: a scenario of the workspace, or another of its methods.

    Attributes
    ----------
    short : a title for headings of columns.
    rules : the method as JSON; empty when the rules cannot be applied to the office, ``problem`` then says why.
    """

    name: str
    kind: str
    title: str
    short: str
    why: str
    rules: str = ""
    problem: str = ""

    @cached_property
    def method(self) -> Method | None:
        """The rules; nothing when they cannot be applied to the office."""
        return Method.model_validate_json(self.rules) if self.rules else None


def read_variants(
    workspace: Path, municipality: str, profile: Profile, method_name: str, scenario_name: str | None = None
) -> tuple[Variant, ...]:
    """The scenarios of a workspace and its other methods, as they apply to an office.

    What is in force already is left out, and so are methods that are examples.
    """
    others = [("scenario", name) for name in scenario_names(workspace) if name != scenario_name]
    others += [("method", name) for name in method_names(workspace) if name != method_name]
    found = (_variant(workspace, municipality, profile, *one) for one in others)
    return tuple(one for one in found if one.kind == "scenario" or one.method is None or not one.method.example)


def _variant(workspace: Path, municipality: str, profile: Profile, kind: str, name: str) -> Variant:
    words = (name, name, "")
    asked = (None, name) if kind == "scenario" else (name, None)
    try:
        if kind == "scenario":
            scenario = read_scenario(workspace, name)
            words = (scenario.title, scenario.short or name, scenario.why or "")
        method = effective_method(workspace, profile, f"params/{municipality}.yml", *asked).method
        if kind == "method":
            words = (method.title, method.short or name, method.description)
    except ParamsError as error:
        return Variant(name, kind, *words, problem=str(error))
    return Variant(name, kind, *words, rules=method.model_dump_json())
