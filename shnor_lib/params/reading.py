"""Parameter files of a workspace by name: an office, a method, a scenario, a region.

Each reader raises :class:`UnknownName` for a name that is not there and :class:`ParamsError` for a file that cannot be used.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from shnor_lib.params.methods import Method
from shnor_lib.params.profiles import OwnRisks, Profile, RegionProfile, RiskCatalogue, RiskProfile, RiskProfiles
from shnor_lib.params.recommendations import OwnRecommendations
from shnor_lib.params.scenarios import Scenario
from shnor_lib.params.yaml_files import ParamsError, declared_file, nearest, read_yaml
from shnor_lib.workspace import OWN_RECOMMENDATIONS, OWN_RISKS, parameter_names


def _read(workspace: Path, folder: str, name: str, model: type, what: str) -> Any:
    available = parameter_names(workspace, folder)
    if name not in available:
        raise UnknownName(f"{what} «{name}» не найден(а) в {Path('params') / folder}{nearest(name, available)}")
    file = (Path("params") / folder / f"{name}.yml").as_posix()
    return read_yaml(declared_file(workspace, file), model, file)


class UnknownName(ParamsError):
    """An office, method or scenario that the workspace does not have."""

    def __init__(self, problem: str):
        super().__init__([problem])


def read_profile(workspace: Path, municipality: str) -> Profile:
    """Read ``params/<municipality>.yml``."""
    return _read(workspace, "", municipality, Profile, "муниципалитет")


@cache
def risk_catalogue() -> RiskCatalogue:
    """The shipped factors and norms of ``risk_factors.yml``."""
    return read_yaml(Path(__file__).with_name("risk_factors.yml"), RiskCatalogue, "shnor_lib/params/risk_factors.yml")


@cache
def risk_profiles() -> dict[str, RiskProfile]:
    """The shipped risk profiles of ``risk_profiles.yml``."""
    file = Path(__file__).with_name("risk_profiles.yml")
    return read_yaml(file, RiskProfiles, "shnor_lib/params/risk_profiles.yml").profiles


def read_own_recommendations(workspace: Path) -> OwnRecommendations:
    """Read ``params/recommendations.yml``: recommendations of every office of the workspace; none without it."""
    path = declared_file(workspace, OWN_RECOMMENDATIONS)
    return read_yaml(path, OwnRecommendations, OWN_RECOMMENDATIONS) if path.exists() else OwnRecommendations()


def read_own_risks(workspace: Path) -> OwnRisks:
    """Read ``params/risk_factors.yml``: factors and norms of every office of the workspace; none without it."""
    path = declared_file(workspace, OWN_RISKS)
    return read_yaml(path, OwnRisks, OWN_RISKS) if path.exists() else OwnRisks()


def read_region_profile(workspace: Path, region: str) -> RegionProfile:
    """Read the region profile ``params/regions/<region>.yml``."""
    return _read(workspace, "regions", region, RegionProfile, "регион")


def read_method(workspace: Path, name: str) -> Method:
    """Read ``params/methods/<name>.yml``."""
    return _read(workspace, "methods", name, Method, "метод")


def read_scenario(workspace: Path, name: str) -> Scenario:
    """Read ``params/scenarios/<name>.yml``."""
    return _read(workspace, "scenarios", name, Scenario, "сценарий")


def method_names(workspace: Path) -> list[str]:
    """Names of the methods of a workspace, in alphabetical order."""
    return parameter_names(workspace, "methods")


def scenario_names(workspace: Path) -> list[str]:
    """Names of the scenarios of a workspace, in alphabetical order."""
    return parameter_names(workspace, "scenarios")
