"""An office and a year, put together: what every notebook opens.

Reads the raw files as delivered, checks them, computes indicators and indices, judges the criteria and applies the experts'
decisions. Nothing here writes a file; :mod:`shnor_lib.runs` keeps the result in ``data/processed``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path

import pandas as pd

from shnor_lib.criteria.decisions import apply_expert_decisions, decide, require_persistence
from shnor_lib.criteria.indices import compute_indices
from shnor_lib.criteria.judge import LOW_PROCEDURE_COLUMNS, UNIT, Evidence, evaluate_criteria, low_procedure_details
from shnor_lib.criteria.targets import evaluate_targets, history_of_targets
from shnor_lib.indicators import (
    LONG,
    check_published_against_computed,
    check_published_names,
    compute_indicators,
    compute_indicators_of_offices,
    compute_with_published,
    split_name,
)
from shnor_lib.indicators.window import full_names
from shnor_lib.inputs.checks import check_inputs, join_problems, usable_tables
from shnor_lib.inputs.corrections import apply_corrections
from shnor_lib.inputs.dictionary import choices, table
from shnor_lib.inputs.sources import Inputs, read_inputs
from shnor_lib.inputs.sources.rows import empty_rows
from shnor_lib.office.disclosure import (
    is_guarded_rate,
    suppress_corrections,
    suppress_indicators,
    suppress_judged,
    suppress_problems,
    suppress_table,
    with_totals,
    without_telling_thresholds,
)
from shnor_lib.office.processed import OFFICE, changes_since, pack, read_prepared, unpack
from shnor_lib.params.models import (
    Method,
    Profile,
    Scenario,
    apply_changes,
    method_names,
    read_method,
    read_profile,
    read_region_profile,
    read_scenario,
    scenario_names,
)
from shnor_lib.params.yaml_files import ParamsError
from shnor_lib.workspace import find_workspace, processed_folder

HISTORY = 3
"""Years of data that are read: the year of the run and the two before it (more when a window of the method is longer)."""


WAVE_INDICATORS = ["below_minimum_rate[*]", "quality_rate[*]", "learning_quality_rate[*]", "learning_pass_rate[*]"]
"""What is monitored within a year."""


class DataInvalid(ValueError):
    """Input that cannot be used; ``problems`` holds every error with file, sheet, cell and remedy."""

    def __init__(self, municipality: str, year: int, problems: pd.DataFrame):
        self.municipality, self.year, self.problems = municipality, year, problems
        super().__init__(f"{municipality} {year}: ошибок в данных – {len(problems)}")


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


@dataclass(frozen=True)
class Office:
    """Everything known of one office and year.

    Attributes
    ----------
    tables : the input tables by name, years of the window together.
    problems, sources : what the checks found; where every file came from.
    corrections : cells of the delivered data that the office corrected, with the reason and the role.
    indicators : the long table of all levels, indices included; ``components`` what stands behind the indices.
    low_procedures : the procedures and years that the federal rule looked at (empty for methods without it).
    verdicts, identification : of the year of the run; ``previous`` is the identification of the year before (empty when
        there are no data for it).
    targets, target_history : the state of the programme's target indicators, and their values year by year.
    waves : indicators of the monitoring waves of the year, with ``wave``.
    variants : the other rules that the workspace offers for the same data.
    """

    municipality: str
    year: int
    audience: str
    profile: Profile
    method_name: str
    scenario_name: str | None
    method: Method
    tables: dict[str, pd.DataFrame]
    problems: pd.DataFrame
    sources: pd.DataFrame
    corrections: pd.DataFrame
    indicators: pd.DataFrame
    components: pd.DataFrame
    low_procedures: pd.DataFrame
    verdicts: pd.DataFrame
    identification: pd.DataFrame
    previous: pd.DataFrame
    targets: pd.DataFrame
    target_history: pd.DataFrame
    waves: pd.DataFrame
    variants: tuple[Variant, ...]

    @cached_property
    def schools(self) -> pd.DataFrame:
        """The registry of the year: one row per school."""
        return school_registry(self.tables["schools"], self.year)

    @cached_property
    def school_names(self) -> dict[str, str]:
        """Short names of the schools by id."""
        names = self.schools["short_name"].fillna(self.schools["name"]).fillna(self.schools["school_id"])
        return dict(zip(self.schools["school_id"], names, strict=True))

    @property
    def schools_total(self) -> int:
        """Number of schools: as the office publishes it, else as many as its registry names."""
        return count_schools(self.tables["schools"], self.year)


def count_schools(schools: pd.DataFrame, year: int) -> int:
    """Number of schools of one office: the published figure of the year, else the length of the registry."""
    published = schools[schools["level"].eq("municipality") & schools["year"].eq(year)]["schools"].dropna()
    return int(published.iloc[0]) if len(published) else len(school_registry(schools, year))


def school_registry(schools: pd.DataFrame, year: int) -> pd.DataFrame:
    """Schools known in a year: the rows of the year, or of the latest year before it that has any.

    Parameters
    ----------
    schools : the ``schools`` table of several years, with ``municipality``.
    """
    own = schools[schools["level"].eq("school") & schools["year"].le(year)]
    latest = own.groupby("municipality")["year"].transform("max")
    registry = own[own["year"].eq(latest)].drop_duplicates(UNIT, keep="first")
    return registry.sort_values(UNIT, kind="stable").reset_index(drop=True)


def effective_method(
    workspace: Path, profile: Profile, source: str, method: str | None, scenario: str | None
) -> tuple[str, Method, Scenario | None]:
    """The method of a run: the profile's or the named one, with the profile's overrides and the scenario's changes."""
    changes = read_scenario(workspace, scenario) if scenario else None
    name = method or (changes.method if changes else None) or profile.method
    read = read_method(workspace, name)
    if name == profile.method:
        read = apply_changes(read, profile.overrides, source)
    if changes:
        read = apply_changes(read, changes.changes, f"params/scenarios/{scenario}.yml")
    return name, read, changes


def needs_region(method: Method) -> bool:
    """Whether a method ranks schools within the whole region."""
    ranked = [*method.criteria.values(), *method.indices.values()]
    return any(getattr(one, "population", None) == "region" for one in ranked)


@dataclass(frozen=True)
class Population:
    """What is known of all schools that an office is judged among: its own, or those of its whole region."""

    tables: dict[str, pd.DataFrame]
    problems: pd.DataFrame
    sources: pd.DataFrame
    indicators: pd.DataFrame
    corrections: pd.DataFrame


def gather(workspace: Path, municipalities: Iterable[str], years: list[int]) -> Population:
    """Read and check one or more offices together and compute their indicators; every row says its ``municipality``.

    Raises
    ------
    DataInvalid
        When the input of an office has errors; all of them are listed.
    """
    tables: dict[str, list[pd.DataFrame]] = {}
    problems, sources, indicators, corrections = [], [], [], []
    for municipality in municipalities:
        inputs, made = read_corrected(workspace, municipality, years)
        found, usable, computed = inspect_inputs(inputs, years[-1])
        errors = found[found["severity"].eq("error")]
        if len(errors):
            raise DataInvalid(municipality, years[-1], errors)
        problems.append(found.assign(municipality=municipality))
        sources.append(inputs.sources.assign(municipality=municipality))
        corrections.append(made.assign(municipality=municipality))
        indicators.append(computed.assign(municipality=municipality))
        for name, frame in usable.items():
            tables.setdefault(name, []).append(frame.assign(municipality=municipality))
    together = {
        name: parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True) for name, parts in tables.items()
    }
    return Population(
        together,
        pd.concat(problems, ignore_index=True),
        pd.concat(sources, ignore_index=True),
        pd.concat(indicators, ignore_index=True),
        pd.concat(corrections, ignore_index=True),
    )


def read_corrected(workspace: Path, municipality: str, years: Iterable[int]) -> tuple[Inputs, pd.DataFrame]:
    """What was delivered with the office's declared corrections made, and the corrections made."""
    years = list(years)
    inputs = read_inputs(workspace, municipality, years)
    declared = [one for one in read_profile(workspace, municipality).corrections if one.year in years]
    tables, made, problems = apply_corrections(inputs.tables, declared, f"params/{municipality}.yml")
    return replace(inputs, tables=tables, problems=join_problems([inputs.problems, problems])), made


LATER_CHECKS = {
    "corrections": "Объявленные исправления подходят к источнику",
    "published_names": "Опубликованные показатели есть в каталоге",
    "published_against_computed": "Опубликованные значения согласны с числами",
}
"""Checks made once indicators are known; the others are registered in :mod:`shnor_lib.inputs.checks`."""


def inspect_inputs(inputs: Inputs, year: int) -> tuple[pd.DataFrame, dict[str, pd.DataFrame], pd.DataFrame]:
    """Every problem of an office's data, the tables without impossible values, and the indicators computed from them."""
    found = check_inputs(inputs, year)
    published = inputs.tables["published_indicators"]
    found = join_problems([found, check_published_names(published)])
    usable = usable_tables(inputs, found)
    if found["severity"].eq("error").any():
        return found, usable, pd.DataFrame(columns=LONG)
    computed, counted = compute_with_published(usable)
    differing = check_published_against_computed(published, counted)
    return join_problems([found, differing]), usable, computed


def population_for(
    workspace: Path, municipality: str, profile: Profile, year: int, methods: Iterable[Method]
) -> Population:
    """The schools and years that the methods need to judge an office in a year."""
    return gather(workspace, *reach(workspace, municipality, profile, year, methods))


def reach(
    workspace: Path, municipality: str, profile: Profile, year: int, methods: Iterable[Method]
) -> tuple[list[str], list[int]]:
    """The offices and the years that the methods look at to judge an office in a year."""
    methods = list(methods)
    windows = [one.window for rules in methods for one in rules.criteria.values()]
    windows += [c.window for rules in methods for index in rules.indices.values() for c in index.components.values()]
    depth = (
        max([HISTORY, *windows]) + max(decision.years for rules in methods for decision in rules.decisions.values()) - 1
    )
    members = [municipality]
    if profile.region_profile and any(needs_region(rules) for rules in methods):
        members = list(read_region_profile(workspace, profile.region_profile).municipalities)
    return members, list(range(year - depth + 1, year + 1))


@dataclass(frozen=True)
class Scope:
    """By what an office and year is judged, and among which offices and years.

    Attributes
    ----------
    municipalities, years : what is read of ``data/raw``; the year of the run is the last one.
    params : the parameter files behind it, relative to the workspace.
    """

    profile: Profile
    method_name: str
    method: Method
    scenario_name: str | None
    municipalities: list[str]
    years: list[int]
    params: list[str]

    @property
    def watched(self) -> dict[str, list[str]]:
        """Everything the result depends on, as :func:`shnor_lib.office.fingerprint.snapshot` takes it."""
        folders = [f"data/raw/{municipality}/{year}" for municipality in self.municipalities for year in self.years]
        return {"files": self.params, "folders": [*folders, "params/methods", "params/scenarios"]}


def scope_of(
    workspace: Path, municipality: str, year: int, *, method: str | None = None, scenario: str | None = None
) -> Scope:
    """Read the parameters of an office and say what a year of it depends on.

    Raises
    ------
    ParamsError
        When the profile, method or scenario cannot be used.
    """
    profile = read_profile(workspace, municipality)
    source = f"params/{municipality}.yml"
    method_name, rules, _ = effective_method(workspace, profile, source, method, scenario)
    municipalities, years = reach(workspace, municipality, profile, year, [rules])
    params = [source, f"params/methods/{method_name}.yml"]
    params += [f"params/scenarios/{scenario}.yml"] if scenario else []
    params += [f"params/regions/{profile.region_profile}.yml"] if profile.region_profile else []
    return Scope(profile, method_name, rules, scenario, municipalities, years, params)


def assemble_office(
    workspace: Path,
    municipality: str,
    year: int,
    *,
    method: str | None = None,
    scenario: str | None = None,
    audience: str = "internal",
    scope: Scope | None = None,
) -> Office:
    """Read, check, compute and judge one office and year.

    Parameters
    ----------
    scope : what :func:`scope_of` gave for the same method and scenario, when it is already there.

    Raises
    ------
    ParamsError
        When the profile, method or scenario cannot be used.
    DataInvalid
        When the input has errors; all of them are listed.
    """
    scope = scope or scope_of(workspace, municipality, year, method=method, scenario=scenario)
    population = gather(workspace, scope.municipalities, scope.years)
    judged = judge(scope.method, population, year)
    has_before = population.tables["schools"]["year"].lt(year).any()
    previous = (
        judge(scope.method, population, year - 1).identification if has_before else judged.identification.iloc[:0]
    )

    def own(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["municipality"].eq(municipality)].reset_index(drop=True)

    indicators, identification = own(judged.indicators), own(judged.identification)
    total = count_schools(own(population.tables["schools"]), year)
    target_history = history_of_targets(scope.profile.targets, indicators, identification, total, year)
    return Office(
        municipality=municipality,
        year=year,
        audience=audience,
        profile=scope.profile,
        method_name=scope.method_name,
        scenario_name=scope.scenario_name,
        method=scope.method,
        tables={name: own(frame) for name, frame in population.tables.items()},
        problems=own(population.problems),
        sources=own(population.sources),
        corrections=own(population.corrections),
        indicators=indicators,
        components=own(judged.components),
        low_procedures=own(judged.low_procedures),
        verdicts=own(judged.verdicts),
        identification=identification,
        previous=own(previous),
        targets=evaluate_targets(scope.profile.targets, target_history, indicators, year),
        target_history=target_history,
        waves=compute_waves({name: own(frame) for name, frame in population.tables.items()}, year),
        variants=read_variants(workspace, municipality, scope.profile, scope.method_name, scope.scenario_name),
    )


def compute_waves(tables: dict[str, pd.DataFrame], year: int) -> pd.DataFrame:
    """Indicators of the entry, interim and final monitoring of a year: the long table with ``wave``."""
    waved = [frame.loc[frame["year"].eq(year), "wave"].dropna() for frame in tables.values() if "wave" in frame]
    present = {wave for waves in waved for wave in waves}
    rows = [
        compute_indicators(tables, wave=wave, only=WAVE_INDICATORS).assign(wave=wave)
        for wave in choices("wave")
        if wave in present
    ]
    found = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=[*LONG, "wave"])
    return found[found["year"].eq(year)].reset_index(drop=True)


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


@dataclass(frozen=True)
class Judged:
    """Schools judged by a method in one year: the frames of :class:`Office` of the same names, of all municipalities."""

    indicators: pd.DataFrame
    components: pd.DataFrame
    low_procedures: pd.DataFrame
    verdicts: pd.DataFrame
    identification: pd.DataFrame


def judge(method: Method, population: Population, year: int) -> Judged:
    """Compute the indices, judge the criteria and decide on every school of a population for one year.

    Rows of years after ``year`` are not looked at.
    """
    tables, indicators = population.tables, population.indicators
    schools = school_registry(tables["schools"], year)
    past = indicators[indicators["year"].le(year)]
    years = [year - back for back in range(max(decision.years for decision in method.decisions.values()))]
    indices = compute_indices(method, schools, past, years)
    evidence = Evidence(
        schools=schools,
        indicators=pd.concat([past, indices.rows], ignore_index=True) if len(indices.rows) else past,
        low_procedures=official_lists(tables["low_procedures"]),
        complete_lists=complete_lists(population.sources),
        components={
            name: tuple(one.indicator for one in index.components.values()) for name, index in method.indices.items()
        },
    )
    verdicts = [evaluate_criteria(method, evidence, each) for each in years]
    decided = require_persistence([decide(each, method) for each in verdicts], method)
    experts = tables["expert_decisions"]
    details = (
        []
        if schools.empty
        else [
            low_procedure_details(criterion, evidence, year)
            for criterion in method.criteria.values()
            if criterion.rule == "low_in_procedures"
        ]
    )
    return Judged(
        indicators=evidence.indicators,
        components=indices.components,
        low_procedures=pd.concat([pd.DataFrame(columns=LOW_PROCEDURE_COLUMNS), *details])
        if not details
        else pd.concat(details),
        verdicts=verdicts[0],
        identification=apply_expert_decisions(decided, experts[experts["year"].eq(year)]),
    )


def judge_offices(
    method: Method, tables: dict[str, pd.DataFrame], year: int, sources: pd.DataFrame | None = None
) -> Judged:
    """Identification of many offices at once from their tables: a region or a country without opening every office.

    Only the indicators that the method looks at are computed; verdicts and identification of each office are those it has
    alone. Memory grows with the schools: a country is judged in portions of whole municipalities, unless the method ranks
    schools within the region.

    Parameters
    ----------
    tables : input tables by name, checked, each with ``municipality``; those that nobody has may be absent.
    sources : ``municipality, tables, complete`` of the files, where official lists are declared complete.
    """
    present = {name: tables[name] for name in tables if len(tables[name])}
    judged_on = ("schools", "low_procedures", "expert_decisions")
    empty = {name: empty_rows(table(name)).assign(municipality=pd.Series(dtype="string")) for name in judged_on}
    none = pd.DataFrame()
    population = Population(
        tables=empty | present,
        problems=none,
        sources=pd.DataFrame(columns=["municipality", "tables", "complete"]) if sources is None else sources,
        indicators=compute_indicators_of_offices(present, only=needed_indicators(method)),
        corrections=none,
    )
    return judge(method, population, year)


def needed_indicators(method: Method) -> list[str]:
    """Patterns of the indicators that the criteria and indices of a method look at."""
    measured = [*method.criteria.values(), *(c for index in method.indices.values() for c in index.components.values())]
    patterns = [name for one in measured for name in full_names(one.indicator, one.parts)]
    return [name for name in dict.fromkeys(patterns) if name not in method.indices]


def official_lists(low_procedures: pd.DataFrame) -> pd.DataFrame:
    """Rows of the official lists with the name of their procedure."""
    names = (
        low_procedures["exam"]
        + "/"
        + low_procedures["subject"]
        + "/"
        + low_procedures["grade"].astype("Int64").astype("string")
    )
    return low_procedures.assign(procedure=names)


def lists_some_schools(sources: pd.DataFrame, year: int) -> bool:
    """Whether SOURCES.yml declares that the registry of the year names only some of the schools (``complete: false``)."""
    registry = sources["tables"].map(lambda tables: "schools" in tables).astype(bool) & sources["year"].eq(year)
    return bool(sources.loc[registry, "complete"].eq(False).fillna(False).any())


def complete_lists(sources: pd.DataFrame) -> frozenset[str]:
    """Municipalities whose official list of low procedures is declared complete in SOURCES.yml."""
    holds_list = sources["tables"].map(lambda tables: "low_procedures" in tables).astype(bool)
    whole = sources[holds_list & sources["complete"].eq(True).fillna(False)]
    return frozenset(whole["municipality"])


def open_office(
    municipality: str,
    year: int,
    *,
    audience: str = "internal",
    method: str | None = None,
    scenario: str | None = None,
    workspace: str | Path | None = None,
) -> Office:
    """The office and year that a notebook shows: from ``data/processed`` when it is up to date, else computed now.

    Parameters
    ----------
    audience : ``internal`` or ``public``; the public edition masks small numbers.
    """
    root = find_workspace(workspace)
    kept = None if method or scenario else read_office(root, municipality, year)
    office = kept or assemble_office(root, municipality, year, method=method, scenario=scenario)
    return public_edition(office) if audience == "public" else office


def public_edition(office: Office) -> Office:
    """The office as the public may see it: numbers of few pupils are hidden in every frame, and cannot be computed back.

    Verdicts and lists stay: they are decisions, not numbers. Hidden rows carry ``hidden``.
    """
    limit = office.profile.disclosure.minimum_participants
    components = office.components.groupby("index")["indicator"].unique() if len(office.components) else {}
    indicators = suppress_indicators(office.indicators, limit, dict(components))
    gone = indicators.loc[indicators["hidden"] & indicators["level"].eq("school"), ["school_id", "year", "indicator"]]
    procedures = gone.assign(procedure=gone["indicator"].map(lambda name: split_name(name)[1]))[
        ["school_id", "year", "procedure"]
    ]
    of_components = office.components.assign(participants=float("nan"))
    return replace(
        office,
        audience="public",
        tables={
            name: suppress_table(name, with_totals(name, frame) if name in SUMMED else frame, limit)
            for name, frame in office.tables.items()
        },
        problems=suppress_problems(office.problems),
        corrections=suppress_corrections(office.corrections),
        indicators=indicators,
        components=suppress_judged(of_components, limit, ["value", "normalised"], gone).drop(columns="participants"),
        low_procedures=suppress_judged(
            office.low_procedures,
            limit,
            ["value", "participants"],
            procedures,
            rates=office.low_procedures["value"].notna(),
        ),
        verdicts=public_verdicts(office, gone, limit),
        target_history=public_targets(office, office.target_history, limit),
        waves=pd.concat([suppress_indicators(rows, limit) for _, rows in office.waves.groupby("wave", sort=False)])
        if len(office.waves)
        else office.waves,
        targets=public_targets(office, office.targets, limit),
    )


SUMMED = ("olympiads", "professional_deficits")
"""Input tables of which reports show the municipality's sum."""


def public_verdicts(office: Office, gone: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Verdicts without the numbers that would tell a hidden indicator: its own value, and a pooled one with a single gap.

    Parameters
    ----------
    gone : hidden indicators of schools: school_id, year, indicator.
    """
    numbers = ["value", "threshold", "benchmark", "margin", "participants"]
    split = [split_name(name) for name in gone["indicator"]]
    gone = gone.assign(function=[function for function, _ in split], part=[part or "" for _, part in split])
    touched = []
    rates = set()
    for name, criterion in office.method.criteria.items():
        indicator = getattr(criterion, "indicator", None)
        if indicator is None:
            continue
        if is_guarded_rate(indicator):
            rates.add(name)
        own = gone[gone["indicator"].eq(indicator) | gone["function"].eq(indicator)]
        if criterion.parts:
            own = own[
                own["part"].map(lambda part, of=criterion.parts: any(fnmatchcase(part, one) for one in of)).astype(bool)
            ]
            own = own[own.groupby("school_id")["school_id"].transform("size").eq(1)]
        touched.append(own[["school_id"]].assign(criterion=name))
    hidden = pd.concat(touched) if touched else None
    of_rates = office.verdicts["criterion"].isin(rates)
    verdicts = suppress_judged(office.verdicts, limit, numbers, hidden, of_rates)
    return without_telling_thresholds(verdicts, office.verdicts["margin"])


def public_targets(office: Office, targets: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Targets without the numbers of few pupils; targets that count schools stay."""
    of_pupils = {
        name
        for name, target in office.profile.targets.items()
        if target.formula == "pooled" and target.indicator and is_guarded_rate(target.indicator)
    }
    return suppress_judged(
        targets.rename(columns={"denominator": "participants"}),
        limit,
        ["value", "numerator", "participants"],
        rates=targets["target"].isin(of_pupils),
    ).rename(columns={"participants": "denominator"})


def read_office(workspace: Path, municipality: str, year: int) -> Office | None:
    """The office and year as the last run prepared it; ``None`` when anything it was made from has changed since."""
    folder = processed_folder(workspace, municipality, year)
    if changes_since(workspace, read_prepared(workspace, municipality, year), folder):
        return None
    return unpack_office((folder / OFFICE).read_bytes())


def pack_office(office: Office) -> bytes:
    """An office as one file that :func:`unpack_office` reads back equal."""
    frames = {name: getattr(office, name) for name in FRAMES}
    frames |= {f"{TABLE_PREFIX}{name}": frame for name, frame in office.tables.items()}
    document = {name: getattr(office, name) for name in PLAIN}
    document |= {"profile": office.profile.model_dump_json(), "method": office.method.model_dump_json()}
    document["variants"] = [
        vars(one) | {"method": one.method and one.method.model_dump_json()} for one in office.variants
    ]
    return pack(frames, document)


def unpack_office(content: bytes) -> Office:
    """The office of :func:`pack_office`."""
    frames, document = unpack(content)
    return Office(
        **{name: document[name] for name in PLAIN},
        **{name: frames[name] for name in FRAMES},
        profile=Profile.model_validate_json(document["profile"]),
        method=Method.model_validate_json(document["method"]),
        tables={name.removeprefix(TABLE_PREFIX): frame for name, frame in frames.items() if name not in FRAMES},
        variants=tuple(
            Variant(**one | {"method": one["method"] and Method.model_validate_json(one["method"])})
            for one in document["variants"]
        ),
    )


FRAMES = tuple(field.name for field in fields(Office) if field.type == "pd.DataFrame")
PLAIN = ("municipality", "year", "audience", "method_name", "scenario_name")
TABLE_PREFIX = "table_"
