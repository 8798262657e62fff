"""By which rules an office is judged: the method, what its profile and a scenario change in it, thresholds in their units."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from shnor_lib.criteria.rules import rule_of
from shnor_lib.indicators import Catalogue, read_catalogue
from shnor_lib.inputs.dictionary import choices, table, table_names
from shnor_lib.inputs.own import CATEGORY_WORDS, RISK_PROFILES
from shnor_lib.params.methods import Criterion, Graded, Method, OwnThreshold, Pooled
from shnor_lib.params.profiles import MAIN, OwnRisks, Profile
from shnor_lib.params.reading import read_method, read_scenario
from shnor_lib.params.scenarios import Scenario, apply_changes, value_at
from shnor_lib.params.yaml_files import ParamsError, line_of, nearest

DEVIATION_COLUMNS = ["source", "path", "title", "method_value", "office_value", "why"]


class Declared(NamedTuple):
    """A change of the method as a file declares it, and its place in the file."""

    file: str
    place: tuple
    path: str
    value: Any
    why: str | None


class Rules(NamedTuple):
    """The rules in force.

    ``name``: of the method; ``method`` has every declared change made, ``given`` is as its file has it.
    """

    name: str
    method: Method
    scenario: Scenario | None
    given: Method
    declared: tuple[Declared, ...]


def columns_asked(method: Method, known: Catalogue) -> frozenset[tuple[str, str]]:
    """Table and column of everything that the criteria of a method look at, of what its indices are made of too."""
    names: set[str] = set()
    for criterion in method.criteria.values():
        for name, _ in criterion.asks:
            names |= set(method.components_of(name)) if name in method.indices else {name}
    needs = [need for name in names if (entry := known.of(name)) for need in entry.needs.split("; ")]
    columns = {
        (table_name, one)
        for table_name, _, rest in (need.partition(".") for need in needs)
        for one in rest.split(" | ")
    }
    return frozenset((name, one.rpartition(".")[2]) for name, one in columns if name in table_names())


def effective_method(workspace: Path, profile: Profile, source: str, method: str | None, scenario: str | None) -> Rules:
    """The method of a run: the profile's or the named one, with the profile's overrides and the scenario's changes.

    Raises
    ------
    ParamsError
        When a file cannot be read, a change is impossible, an indicator is not known, or a threshold does not fit its unit.
    """
    chosen = read_scenario(workspace, scenario) if scenario else None
    name = method or (chosen.method if chosen else None) or profile.method
    given = rules = read_method(workspace, name)
    declared: list[Declared] = []
    files = [(source, "overrides", profile.overrides, None)] if name == profile.method else []
    files += [(f"params/scenarios/{scenario}.yml", "changes", chosen.changes, chosen.why)] if chosen else []
    for file, key, changes, why in files:
        rules = apply_changes(rules, changes, file)
        declared += [
            Declared(file, (key, place, "value"), one.path, one.value, one.why or why)
            for place, one in enumerate(changes)
        ]
    found = Rules(name, rules, chosen, given, tuple(declared))
    refuse_misfits(workspace, misfits_of_method(found, read_catalogue(workspace)))
    return found


def in_force(profile: Profile, method: str, scenario: str | None) -> bool:
    """Whether a method is the one that the office decides by: its profile's, without a scenario.

    Decisions of experts were made of what this method calculated; of another one they say nothing.
    """
    return method == profile.method and scenario is None


def deviations(rules: Rules) -> pd.DataFrame:
    """What differs from the method as its file has it, each with its reason.

    ``source`` (the file that changes it), ``path``, ``title`` of the criterion, index or category it belongs to,
    ``method_value``, ``office_value`` and ``why`` (empty when the file gives no reason).
    """
    last = {one.path: one for one in rules.declared}
    rows = [
        (
            one.file,
            path,
            _title(rules.method, path),
            _told(value_at(rules.given, path)),
            _told(one.value),
            one.why or "",
        )
        for path, one in last.items()
        if _told(value_at(rules.given, path)) != _told(one.value)
    ]
    return pd.DataFrame(rows, columns=DEVIATION_COLUMNS).astype(
        {name: "object" if name.endswith("value") else "string" for name in DEVIATION_COLUMNS}
    )


def _told(value: Any) -> Any:
    """A value for a cell: a word or a number as it is, anything else as JSON."""
    return value if value is None or isinstance(value, (str, int, float)) else json.dumps(value, ensure_ascii=False)


def _title(method: Method, path: str) -> str:
    kind, _, rest = path.partition(".")
    name = rest.partition(".")[0]
    match kind:
        case "criteria":
            return method.criteria[name].title
        case "indices":
            return method.indices[name].title
        case "decisions":
            return method.words(name).abbreviation
    return method.title


class Misfit(NamedTuple):
    """An indicator that nobody knows, or a number that cannot be in its unit: where it stands and what is wrong."""

    file: str
    place: tuple
    path: str
    problem: str


def refuse_misfits(workspace: Path, misfits: Iterator[Misfit]) -> None:
    """Raise for the misfits found, each with file and line."""
    problems = [
        f"{one.file}:{line_of(workspace / one.file, one.place)}: «{one.path}»: {one.problem}" for one in misfits
    ]
    if problems:
        raise ParamsError(problems)


def misfits_of_method(rules: Rules, known: Catalogue) -> Iterator[Misfit]:
    """Indicators that are in no catalogue, and thresholds that do not fit: 30 for a share, where 0.30 is meant."""
    method, changed = rules.method, {one.path: one for one in rules.declared}
    all_names = [*known, *method.indices]

    def found(problem: str | None, *steps: str | int) -> Iterator[Misfit]:
        path = ".".join(map(str, steps))
        one = changed.get(path)
        file, place = (one.file, one.place) if one else (f"params/methods/{rules.name}.yml", steps)
        if problem:
            yield Misfit(file, place, path, problem)

    for name, index in method.indices.items():
        taken = (
            f"имя «{name}» уже есть в каталоге показателей; дайте индексу или показателю другое"
            if name in known
            else None
        )
        yield from found(taken, "indices", name)
        for part, component in index.components.items():
            for problem, *steps in _unknown_asked(component, [one for one in all_names if one != name or one in known]):
                yield from found(problem, "indices", name, "components", part, *steps)
    for name, criterion in method.criteria.items():
        for problem, *steps in _unknown_asked(criterion, all_names):
            yield from found(problem, "criteria", name, *steps)
        yield from found(_threshold(criterion, known), "criteria", name, "threshold")
        if isinstance(criterion, OwnThreshold):
            for word, value in criterion.thresholds.items():
                problem = _unknown_word(criterion, word) or _misfit(criterion.indicator, value, known)
                yield from found(problem, "criteria", name, "thresholds", word)
        if isinstance(criterion, Graded):
            for grade, begin in criterion.cuts.ascending[1:]:
                yield from found(_misfit(criterion.indicator, begin, known), "scales", criterion.scale, "grades", grade)


def misfits_of_profile(profile: Profile, file: str, known: Catalogue) -> Iterator[Misfit]:
    """The same for targets with their goals, risk factors with their borders, and contexts that are part of the result."""
    numbers: list[tuple[tuple, str | None, float | None]] = []
    for name, target in profile.targets.items():
        counted = target.formula.startswith("share_")
        numbers.append((("targets", name, "value"), None if counted else target.indicator, target.value))
        if target.condition:
            numbers.append((("targets", name, "condition", 1), target.indicator, target.condition[1]))
    named = [(("targets", name, "indicator"), one.indicator) for name, one in profile.targets.items() if one.indicator]
    problems = [(place, _unknown(indicator, known)) for place, indicator in named]
    problems += [(("targets", name, "schools"), _unjudged(one.schools)) for name, one in profile.targets.items()]
    problems += [(place, _misfit(indicator, value, known)) for place, indicator, value in numbers if value is not None]
    problems += [
        ((section, "context", number), _unknown(name, known) or _circular(name, one.indicator, known))
        for section, one in (("expectation", profile.expectation), ("partners", profile.partners))
        for number, name in enumerate(one.context)
    ]
    if profile.risk_profile is not None and profile.risk_profile not in RISK_PROFILES:
        near = nearest(profile.risk_profile, RISK_PROFILES)
        problems.append((("risk_profile",), f"рискового профиля «{profile.risk_profile}» нет{near}"))
    yield from _misfits(file, problems)
    yield from misfits_of_risks(profile, file, known)


def misfits_of_risks(risks: OwnRisks, file: str, known: Catalogue) -> Iterator[Misfit]:
    """Indicators and questions of the survey that nobody knows, and borders that do not fit."""
    problems = []
    for name, factor in risks.risk_factors.items():
        place = ("risk_factors", name)
        problems.append(((*place, "indicator"), _unknown(factor.indicator, known)))
        if factor.indicator in known and known[factor.indicator].per == "question":
            problems.append(((*place, "part"), _unasked(factor.part)))
        borders = [(side, getattr(factor, side)) for side in ("medium", "high")]
        problems += [((*place, side), _misfit(factor.indicator, at, known)) for side, at in borders if at is not None]
    yield from _misfits(file, problems)


def _misfits(file: str, problems: Iterable[tuple[tuple, str | None]]) -> Iterator[Misfit]:
    return (Misfit(file, place, ".".join(map(str, place)), problem) for place, problem in problems if problem)


def _unknown_asked(one: Pooled, known: list[str]) -> Iterator[tuple]:
    """What is wrong with the indicators that a criterion or component looks at, with the key of each."""
    yield _unknown(one.indicator, known), "indicator"
    for place, name in enumerate(one.also):
        yield _unknown(name, known), "also", place
    for key in ("threshold_from", "weight_from"):
        if name := getattr(one, key, None):
            yield _unknown(name, known), key


def _unknown_word(criterion: OwnThreshold, word: str) -> str | None:
    """What is wrong with the kind of school that a threshold is for, if anything."""
    column = table("schools").columns[criterion.by]
    allowed = choices(column.allowed) if column.allowed else ["4", "9", "11"]
    return None if word in allowed else f"«{word}» нет среди значений «{column.label}»{nearest(word, allowed)}"


def _unjudged(category: str) -> str | None:
    """What is wrong with the schools that a target is about: they are all, or those of a category."""
    allowed = ["all", MAIN, *CATEGORY_WORDS]
    if category in allowed:
        return None
    return f"категории «{category}» нет ни в одной методике{nearest(category, allowed)}"


def _unknown(indicator: str, known: Iterable[str]) -> str | None:
    return None if indicator in known else f"показателя «{indicator}» нет в каталоге{nearest(indicator, known)}"


def _unasked(question: str | None) -> str | None:
    asked = choices("survey_question")
    return None if question in asked else f"вопроса «{question or ''}» нет в анкете{nearest(question or '', asked)}"


def _circular(condition: str, result: str, known: Catalogue) -> str | None:
    """What is wrong with a condition by which a result is explained: it must not be counted from the table of that result."""
    if result not in known or known[condition].table != known[result].table:
        return None
    return (
        f"«{known[condition].label}» считается по той же таблице, что и результат «{known[result].label}»: результат не "
        "объясняют им самим; назовите показатель условий"
    )


def _threshold(criterion: Criterion, known: Catalogue) -> str | None:
    """What is wrong with the threshold of a criterion, if anything."""
    rule = rule_of(criterion)
    if "threshold" not in rule.adjustable or rule.threshold_is == "share":
        return None
    if getattr(criterion, "kind", "points") == "points":
        low = -1 if rule.threshold_is == "difference" else 0
        return _misfit(criterion.indicator, criterion.threshold, known, low=low)
    below = criterion.rule == "below_benchmark_by" and criterion.threshold > 1
    return _out_of_share(criterion.threshold, "отставание в долях от среднего") if below else None


def _misfit(indicator: str | None, value: float, known: Catalogue, low: float = 0) -> str | None:
    """What is wrong with a number held against an indicator (``None``: a share of schools), when it is a share."""
    entry = known.get(indicator) if indicator else None
    if indicator and (entry is None or entry.unit not in ("rate", "flag")) or low <= value <= 1:
        return None
    return _out_of_share(value, f"«{entry.label}» – доля" if entry else "доля школ")


def _out_of_share(value: float, what: str) -> str:
    remedy = f"напишите {value / 100:g}" if 1 < value <= 100 else "задайте число от 0 до 1"
    return f"{value:g} – не доля: {what}, она задаётся числом от 0 до 1; {remedy}"
