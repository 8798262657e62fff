"""Exploring a method: its thresholds and weights moved by hand, the list that follows, and a scenario that keeps the choice."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from shnor_lib.criteria.measure import Evidence
from shnor_lib.criteria.rules import rule_of
from shnor_lib.indicators.catalogue import split_name
from shnor_lib.office.office import Office
from shnor_lib.params.methods import Criterion, Method
from shnor_lib.params.scenarios import Change, Scenario, apply_changes
from shnor_lib.params.titles import filled, said_as
from shnor_lib.whatif.scenarios import BASE, Answers, answers_of, compare_with_base, evidence_of, paired, rejudge

HEADER = "# Сценарий сохранён из блокнота explore_thresholds. Сравнить: shnor compare -m {municipality} -y {year} --scenario {name}\n"


@dataclass(frozen=True)
class Adjustable:
    """A number of a method that a hand may move.

    Attributes
    ----------
    path : of the scenario's change; ``group`` is ``threshold``, ``enough`` or ``weight``.
    low, high, step : the range that makes sense for it, the method's own ``value`` inside.
    how : how a title says it (:mod:`shnor_lib.params.titles`): its unit.
    """

    path: str
    group: str
    label: str
    value: float
    low: float
    high: float
    step: float
    how: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is a whole number."""
        return self.group == "enough"

    @property
    def choices(self) -> list[tuple[str, float]]:
        """The values it may be moved to with their words, in order; the method's own is one of them.

        Examples
        --------
        >>> Adjustable("criteria.low.threshold", "threshold", "Низшая часть", 0.25, 0.1, 0.4, 0.1, "%").choices
        [('10 %', 0.1), ('20 %', 0.2), ('25 %', 0.25), ('30 %', 0.3), ('40 %', 0.4)]
        """
        count = round((self.high - self.low) / self.step)
        values = sorted({*(round(self.low + place * self.step, 10) for place in range(count + 1)), self.value})
        return [(filled(f"{{value:{self.how}}}" if self.how else "{value}", {"value": one}), one) for one in values]


def adjustables(method: Method) -> tuple[Adjustable, ...]:
    """Everything of a method that may be moved: thresholds, how many criteria are enough, weights of indices.

    A threshold that is a share of schools moves between 0 and 1, any other one between nothing and twice itself, a rate no further
    than 100 %.
    """
    found = []
    for name, criterion in method.criteria.items():
        if "threshold" not in rule_of(criterion).adjustable:
            continue
        value, how = criterion.threshold, how_said(criterion)
        if rule_of(criterion).threshold_is == "share":
            low, high, step = 0.01, 0.99, 0.01
        elif value == 0:
            low, high, step = -1.0, 1.0, 0.01
        elif how == "%" and value > 0:
            low, high, step = 0.0, min(1.0, 2 * value), 0.01 if value >= 0.1 else value / 10
        else:
            low, high = sorted((0.0, 2 * value))
            step = abs(value) / 20
        path = f"criteria.{name}.threshold"
        found.append(Adjustable(path, "threshold", criterion.short, value, low, high, step, how))
    for category, decision in method.decisions.items():
        if decision.when is not None:
            continue
        total = len(method.criteria_of(category))
        label = method.words(category).abbreviation + ": нужно признаков"
        found.append(Adjustable(f"decisions.{category}.at_least", "enough", label, decision.at_least, 1, total, 1))
    for name, index in method.indices.items():
        if len(index.components) > 1:
            for component, one in index.components.items():
                path = f"indices.{name}.components.{component}.weight"
                found.append(Adjustable(path, "weight", one.short, one.weight, 0.0, max(5.0, 2 * one.weight), 0.25))
    return tuple(found)


def how_said(criterion: Criterion) -> str:
    """How a threshold is said: as the title of its criterion says it; one that no title says, as a share or a bare number."""
    said = (said_as(template, "threshold") for template in (criterion.title_template, criterion.short_template))
    how = next((one for one in said if one is not None), None)
    share = rule_of(criterion).threshold_is == "share" or split_name(criterion.indicator)[0].endswith(
        ("_rate", "_share")
    )
    return "%" if how == "part" or (how is None and share) else how or ""


def changes_of(method: Method, values: Mapping[str, float]) -> tuple[Change, ...]:
    """The changes that moved values are; values left where the method has them are none.

    Raises :class:`KeyError` for a path that cannot be moved.
    """
    own = {one.path: one for one in adjustables(method)}
    changes = []
    for path, value in values.items():
        if path not in own:
            raise KeyError(f"параметр «{path}» не двигается; можно: {', '.join(own)}")
        value = round(value) if own[path].whole else round(float(value), 6)
        if value != own[path].value:
            changes.append(Change(path=path, value=value))
    return tuple(changes)


@dataclass(frozen=True)
class Explored:
    """The office judged with moved values: the changed method, its answers and what they change."""

    changes: tuple[Change, ...]
    method: Method
    answers: Answers
    moved: pd.DataFrame


class Explorer:
    """An office whose method is moved by hand; measurements are taken once, so that a slider is followed at once."""

    def __init__(self, office: Office):
        self.office = office
        self.evidence: Evidence = evidence_of(office, [office.method])

    def explore(self, values: Mapping[str, float]) -> Explored:
        """Judge the office with moved values.

        Raises :class:`ParamsError` when the moved method is not valid, such as an index without weights.
        """
        changes = changes_of(self.office.method, values)
        method = apply_changes(self.office.method, changes, "выбранные значения")
        base = answers_of(self.office)
        answers = rejudge(self.office, method, self.evidence) if changes else base
        moved = compare_with_base({BASE: base, "explored": answers})
        return Explored(changes, method, answers, moved)


def chosen_scenario(office: Office, name: str, title: str, changes: tuple[Change, ...], why: str = "") -> str:
    """Content of the scenario that keeps the changes chosen for an office, tried on its method.

    Raises
    ------
    ValueError
        When nothing is changed, or the office was itself opened with a scenario, whose changes would be lost.
    """
    if office.scenario_name:
        raise ValueError(
            f"муниципалитет открыт со сценарием «{office.scenario_name}»: его изменения в новый сценарий не попадут; "
            "откройте его без сценария"
        )
    if not changes:
        raise ValueError("ни одно значение не изменено: сохранять нечего")
    method = office.method_name if office.method_name != office.profile.method else None
    scenario = Scenario(title=title.strip(), why=why.strip() or None, method=method, changes=changes)
    apply_changes(office.method, scenario.changes, f"{name}.yml")
    return scenario_text(scenario, HEADER.format(municipality=office.municipality, year=office.year, name=name))


def scenario_text(scenario: Scenario, header: str = "") -> str:
    """A scenario as YAML; words are quoted, so that a title cannot turn into a key or a number.

    Examples
    --------
    >>> scenario = Scenario(title="Порог: 35 %", changes=[Change(path="criteria.low.threshold", value=0.35)])
    >>> print(scenario_text(scenario), end="")
    title: "Порог: 35 %"
    changes:
    - path: criteria.low.threshold
      value: 0.35
    """
    plain: dict = {"title": DoubleQuotedScalarString(scenario.title)}
    if scenario.why:
        plain["why"] = DoubleQuotedScalarString(scenario.why)
    if scenario.method:
        plain["method"] = scenario.method
    plain["changes"] = [{"path": one.path, "value": one.value} for one in scenario.changes]
    writer, text = YAML(), io.StringIO()
    writer.width = 4096
    writer.dump(plain, text)
    return header + text.getvalue()


def answers_by_school(office: Office, explored: Explored) -> pd.DataFrame:
    """A school a row: its answer by the values chosen in the column of each category, what ``moved`` as (category, before, after);
    schools with a moved answer come first."""
    now = explored.answers.identification
    both = paired(office.identification, now)
    both = both[both["before"].ne(both["after"])]
    told = pd.Series(list(zip(both["category"], both["before"], both["after"], strict=True)), index=both["school_id"])
    moved = told.groupby(level=0).agg(list)
    wide = now.pivot(index="school_id", columns="category", values="calculated").reset_index()
    wide["moved"] = [moved.get(school, []) for school in wide["school_id"]]
    return wide.sort_values("moved", key=lambda lists: lists.map(len).eq(0), kind="stable", ignore_index=True)
