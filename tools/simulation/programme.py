"""The support programme of a made-up office: measures with their costs, causes, risks, exchange of experience,
partners, decisions, deficits.

Texts, due dates and dates of completion are in ``programme.yml``; which school they concern and what has been done by
31 August of a year is worked out here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from tools.simulation.drawing import Shares, stream
from tools.simulation.frames import Block
from tools.simulation.procedures import SIMULATED_YEARS
from tools.simulation.schools import standing, teaching

FIRST_PROGRAMME_YEAR = 2019
EVENTS_OF_THE_LAST = 3
"""Events that the last supported school joins in a year: one fewer than the four that programmes ask for."""


@cache
def programme() -> dict:
    """The texts of ``programme.yml``."""
    text = files("tools.simulation").joinpath("programme.yml").read_text(encoding="utf-8")
    return YAML(typ="safe", pure=True).load(text)


def supported_schools(cast: pd.DataFrame) -> list[str]:
    """Schools in the programme, the weakest first: a quarter of the office by standing when the programme began."""
    position = pd.Series(standing(cast, FIRST_PROGRAMME_YEAR), index=cast["school_id"].to_numpy())
    with_exams = position[(cast["kind"] != "НОШ").to_numpy()]
    weakest = (with_exams if len(with_exams) else position).sort_values(kind="stable")
    return list(weakest.index[: max(1, round(len(cast) / 4))])


def partner_of(cast: pd.DataFrame) -> dict[str, str]:
    """For each supported school a partner: of the stronger half the one nearest in context, taken once if possible."""
    position = pd.Series(standing(cast, FIRST_PROGRAMME_YEAR), index=cast["school_id"].to_numpy())
    context = cast.set_index("school_id")["context"]
    supported = supported_schools(cast)
    stronger = [school for school in position.index[position >= position.median()] if school not in supported]
    pairs: dict[str, str] = {}
    for school in supported:
        free = [partner for partner in stronger if partner not in pairs.values()] or stronger
        if free:
            pairs[school] = min(free, key=lambda partner: abs(context[partner] - context[school]))
    return pairs


def measure_block(cast: pd.DataFrame, year: int) -> Block:
    """Rows of ``measures`` as they stood on 31 August of a year."""
    supported = supported_schools(cast)
    today = date(year, 8, 31)
    rows = []
    for measure in programme()["measures"]:
        if measure["since"] > year or measure.get("school", 1) > len(supported):
            continue
        same = ("section", "title", "level", "cycle_stage", "due", "responsible", "expected_result")
        row = {"measure_id": measure["id"]} | {name: measure[name] for name in same}
        row["school_id"] = supported[measure["school"] - 1] if "school" in measure else None
        row["status"] = status_of(measure, today)
        if row["status"] == "done":
            row |= {"completed_on": date.fromisoformat(measure["finished"]), "evidence": measure["evidence"]}
        rows.append(row)
    return columns_of(rows)


def status_of(measure: dict, today: date) -> str:
    """What a measure or promise of ``programme.yml`` is on a day."""
    for status, key in (("cancelled", "cancelled"), ("done", "finished"), ("in_progress", "started")):
        if key in measure and date.fromisoformat(measure[key]) <= today:
            return status
    return "planned"


def risk_block() -> Block:
    """Rows of ``risks``."""
    return columns_of(
        [{"risk_id": risk["id"]} | {name: risk[name] for name in risk if name != "id"} for risk in programme()["risks"]]
    )


def deficit_blocks(cast: pd.DataFrame, seed: int, year: int, staff: pd.DataFrame) -> list[Block]:
    """Rows of ``professional_deficits``: one teacher in eight is assessed in each subject; training helps slowly."""
    everyone = staff.loc[staff["level"] == "school", "pedagogues"].to_numpy(int)
    shares = Shares(seed, "professional_deficits", len(cast))
    assessed = np.maximum(np.floor(everyone / 8), 1).astype(int)
    upper = (cast["kind"] != "НОШ").to_numpy()
    blocks = []
    for subject, deficits in programme()["deficits"].items():
        here = upper | (subject in ("russian", "maths", "world_around"))
        for deficit in deficits:
            found = shares.count(
                f"{subject}: {deficit}",
                assessed,
                0.40,
                -0.5 * teaching(cast) - 0.2 * (year - FIRST_PROGRAMME_YEAR),
                0.4,
            )
            counts = {"teachers_assessed": assessed[here], "teachers_with_deficit": found[here]}
            blocks.append(
                {"school_id": cast["school_id"].to_numpy()[here], "subject": subject, "deficit": deficit} | counts
            )
    return blocks


def manager_deficit_block(cast: pd.DataFrame, seed: int, year: int) -> Block:
    """Rows of ``professional_deficits`` for managers: one to three a school, by its size; training helps slowly."""
    assessed = np.clip(cast["pupils"].to_numpy() // 250, 1, 3).astype(int)
    shares = Shares(seed, "manager_deficits", len(cast))
    blocks = []
    for deficit in programme()["manager_deficits"]:
        found = shares.count(deficit, assessed, 0.35, -0.3 * teaching(cast) - 0.2 * (year - FIRST_PROGRAMME_YEAR), 0.4)
        counts = {"teachers_assessed": assessed, "teachers_with_deficit": found}
        who = {"school_id": cast["school_id"], "staff": "managers", "subject": "all", "deficit": deficit}
        blocks.append(pd.DataFrame(who | counts))
    return pd.concat(blocks, ignore_index=True).to_dict("series")


def cause_block(cast: pd.DataFrame, year: int) -> Block:
    """Rows of ``causes``: what experts, surveys and schools had named by 31 August of a year."""
    supported = supported_schools(cast)
    today = date(year, 8, 31)
    rows = []
    for cause in programme()["causes"]:
        stated = date.fromisoformat(cause["stated_on"])
        if stated <= today and cause["school"] <= len(supported):
            told = {name: cause[name] for name in ("cause", "area", "source", "stated_by")}
            rows.append({"school_id": supported[cause["school"] - 1], "stated_on": stated} | told)
    return columns_of(rows)


def cost_block(measures: Collection[str], year: int) -> Block:
    """Rows of ``measure_costs``: the money of a year for the measures of the programme."""
    own = [one for one in programme()["costs"] if one["year"] == year and one["id"] in measures]
    return columns_of(
        [{"measure_id": one["id"]} | {name: one.get(name) for name in ("source", "planned", "spent")} for one in own]
    )


def event_block(cast: pd.DataFrame, year: int) -> Block:
    """Rows of ``exchange_events``: six a school year; the last supported school joins only three of them."""
    supported = supported_schools(cast)
    partners = list(dict.fromkeys(partner_of(cast).values()))
    rows = []
    for number, event in enumerate(programme()["exchange_events"]):
        event_year = year - 1 if event["quarter"] == 4 else year
        joined = supported if number < EVENTS_OF_THE_LAST else supported[:-1]
        host = partners[number % len(partners) : number % len(partners) + 1] if partners else []
        rows.append(
            {
                "event_id": f"{year}-{number + 1}",
                "title": event["title"],
                "due": f"{event['month']} {event_year} года",
                "schools": "; ".join([*host, *joined]),
                "kind": event["kind"],
                "status": "cancelled" if (year, number) == (2020, 4) else "done",
            }
        )
    return columns_of(rows)


def partnership_block(cast: pd.DataFrame, year: int, contracts: list[dict[str, object]]) -> Block:
    """Rows of ``partnerships``: agreed in 2020, planned before; ``contracts`` of the pairs in their order."""
    subjects = ("russian", "maths")
    rows = [
        {
            "school_id": school,
            "partner_id": partner,
            "subject": subjects[number % 2],
            "status": "planned" if year < 2020 else "in_progress",
        }
        | contracts[number]
        for number, (school, partner) in enumerate(partner_of(cast).items())
    ]
    if rows and year >= 2021:
        rows.append({"school_id": rows[0]["school_id"], "status": "in_progress"} | programme()["organisation"])
    return columns_of(rows)


def decision_block(cast: pd.DataFrame, year: int) -> Block:
    """Rows of ``expert_decisions``: the fastest falling school is included, later the fastest rising excluded."""
    trend = cast.set_index("school_id")["trend"]
    supported = supported_schools(cast)
    texts = programme()["expert_decisions"]
    others = trend.drop(supported)
    rows = []
    if year >= 2020 and len(others):
        rows.append({"school_id": others.idxmin(), "decided_on": date(year, 9, 14)} | texts["include"])
    if year >= 2021:
        rows.append({"school_id": trend[supported].idxmax(), "decided_on": date(year, 9, 14)} | texts["exclude"])
    if year == 2019:
        rows.append({"school_id": supported[0], "decided_on": date(year, 12, 13)} | texts["confirm"])
    return columns_of(rows)


def received_block(cast: pd.DataFrame, seed: int, year: int) -> Block:
    """Rows of ``received_lists``: in February the region lists the supported schools but one, and a school near them.

    In 2021 a federal project has also chosen the two weakest.
    """
    random, texts = stream(seed, "received_lists", year), programme()["received_lists"]
    supported = supported_schools(cast)
    position = pd.Series(standing(cast, year), index=cast["school_id"].to_numpy()).drop(supported)
    near = list(position[cast.set_index("school_id")["kind"].reindex(position.index).ne("НОШ")].nsmallest(3).index)
    left_out = random.integers(len(supported)) if len(supported) > 1 else -1
    listed = [school for number, school in enumerate(supported) if number != left_out]
    listed += near[(place := random.integers(len(near))) : place + 1] if near else []
    lists = {"region": (sorted(listed), date(year, 2, 12))}
    if year == 2021:
        lists["federal"] = (sorted(supported[:2]), date(year, 1, 22))
    rows = []
    for source, (schools, received_on) in lists.items():
        words = texts[source] | {"document": texts[source]["document"].format(year=year), "received_on": received_on}
        rows += [{"school_id": school, "ground": random.choice(texts["grounds"])} | words for school in schools]
    return columns_of(rows)


def biased_block(cast: pd.DataFrame, seed: int, year: int) -> Block:
    """Rows of ``biased_schools``: two schools that the region names, whatever our own markers say."""
    random, texts = stream(seed, "biased_schools", year), programme()["biased_schools"]
    named = random.choice(cast["school_id"].to_numpy(), size=min(2, len(cast)), replace=False)
    words = {"source": texts["source"], "document": texts["document"].format(year=year)}
    return columns_of(
        [{"school_id": school, "ground": random.choice(texts["grounds"])} | words for school in sorted(named)]
    )


def published_blocks(seed: int, year: int) -> list[Block]:
    """Rows of ``published_indicators``: regional values, and the ОГЭ of two years before when no tables were kept."""
    random = stream(seed, "published_indicators", year)
    place = "доклад о состоянии образования, приложение 1"
    regional = {"continued_to_grade10_rate": 0.64, "olympiad_regional_national_rate": 0.024}
    blocks: list[Block] = [
        {
            "level": "region",
            "indicator": indicator,
            "value": round(base * (1 + 0.03 * random.standard_normal()), 4),
            "place": place,
        }
        for indicator, base in regional.items()
    ]
    if year - 2 < SIMULATED_YEARS[0]:
        for subject, base in (("russian", 0.58), ("maths", 0.55)):
            for level, above, participants in (("municipality", 0.0, 470), ("region", 0.02, 21_500)):
                value = round(base + above + 0.02 * random.standard_normal(), 3)
                row = {"level": level, "year": year - 2, "indicator": f"quality_rate[OGE/{subject}/9]", "value": value}
                blocks.append(row | {"participants": participants, "place": place})
    return [*blocks, *range_blocks(year)]


def range_blocks(year: int) -> list[Block]:
    """Rows of ``published_indicators`` that the made-up report of the region prints as ranges and approximations."""
    place = "доклад о состоянии образования, приложение 2"
    rows: list[Block] = [
        {"indicator": "special_needs_rate", "value_low": 0.11, "value_high": 0.13, "wording": "range"},
        {"indicator": "transported_rate", "value_low": 0.1, "wording": "above"},
        {"indicator": "second_shift_rate", "value": 0.2, "wording": "about"},
    ]
    return [{"level": "region", "place": place} | row for row in rows] if year == SIMULATED_YEARS[-1] else []


def published_change_blocks(cast: pd.DataFrame, seed: int, year: int) -> list[Block]:
    """Rows of ``published_changes``: which schools a made-up report names as fallen and risen, by their steady trend."""
    random = stream(seed, "published_changes", year)
    trends = cast[cast["kind"] != "НОШ"].sort_values("trend", kind="stable")
    fallen, risen = trends["school_id"].tolist()[:4], trends["school_id"].tolist()[4:][-3:]
    place = "доклад о состоянии образования, раздел 4"
    rows: list[Block] = []
    for direction, schools in (("fall", fallen), ("rise", risen)):
        for school in schools:
            subject = ("russian", "maths")[random.integers(2)]
            row = {"school_id": school, "subject": subject, "direction": direction, "place": place}
            rows.append(row | {"stage": "basic"})
            if year != 2020:  # no ОГЭ was held
                rows.append(row | {"exam": "OGE", "grade": 9, "since": year - (2 if year == 2021 else 1)})
    return rows


def low_procedure_block(exam_results: pd.DataFrame) -> Block:
    """Rows of ``low_procedures``: the official list for a year, in step with the counts.

    A procedure is low for a school when at least 30 % of 10 or more participants are below the minimum, in the
    procedures of the federal rule; base and profile maths of ЕГЭ together.
    """
    federal = {("VPR", 5), ("VPR", 6), ("OGE", 9), ("EGE", 11)}
    rows = exam_results[
        (exam_results["level"] == "school") & exam_results["subject"].isin(["russian", "maths", "maths_base"])
    ]
    rows = rows[[(exam, int(grade)) in federal for exam, grade in zip(rows["exam"], rows["grade"], strict=True)]]
    key = ["school_id", "exam", "subject", "grade"]
    of_ege = rows["exam"] == "EGE"
    subject = rows["subject"].mask(of_ege & (rows["subject"] != "russian"), "maths_any")
    counts = rows.assign(subject=subject).groupby(key)[["participants", "below_minimum"]].sum()
    low = counts[(counts["participants"] >= 10) & (counts["below_minimum"] >= 0.3 * counts["participants"])]
    share = (low["below_minimum"] / low["participants"]).round(3).rename("below_minimum_share")
    return {name: values.to_numpy() for name, values in share.reset_index().items()}


def columns_of(rows: list[dict[str, object]]) -> Block:
    """Columns of some rows, what a row does not say missing."""
    return (
        pd.DataFrame(rows, dtype=object).astype(object).where(lambda frame: frame.notna(), None).to_dict("series")
        if rows
        else {}
    )
