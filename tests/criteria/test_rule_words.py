"""Every rule word judged on written sentences: met, not met, exactly at the threshold, missing, too few participants."""

from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

from shnor_lib.criteria.judge import evaluate_criteria
from shnor_lib.criteria.measure import Evidence
from shnor_lib.criteria.rules import RULES
from shnor_lib.indicators import Store
from shnor_lib.params.methods import CriterionBase, Method

YEAR = 2021
SENTENCES = [
    pytest.param(sentence, id=f"{path.stem}: {sentence['says']}")
    for path in sorted(Path(__file__).parent.glob("*.yml"))
    for sentence in YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
]


def method_of(criterion: dict, **more: dict) -> Method:
    return Method.model_validate(
        {
            "title": "t",
            "document": "d",
            "description": "d",
            "criteria": {
                "judged": {"category": "low_results", "ground": "results", "title": "t", "short": "t", "reference": "r"}
                | criterion
            },
            "decisions": {"low_results": {"reference": "r"}},
        }
        | more
    )


def rules_of(sentence: dict) -> Method:
    scales = {name: {"grades": grades, "reference": "r"} for name, grades in sentence.get("scales", {}).items()}
    return method_of(sentence["criterion"], scales=scales)


def row(level: str, school: str | None, name: str, year: int, value: float | None, count: float | None) -> dict:
    numerator = None if value is None or count is None else value * count
    return {
        "municipality": "m",
        "level": level,
        "group": "",
        "school_id": school,
        "year": year,
        "indicator": name,
        "value": value,
        "numerator": numerator,
        "denominator": count,
        "note": "",
    }


def evidence_of(sentence: dict) -> Evidence:
    name = sentence["criterion"]["indicator"]
    full = f"{name}[{sentence['part']}]" if "part" in sentence else name
    rows = [row("school", school, full, YEAR, *pair) for school, pair in sentence.get("values", {}).items()]
    for column, own in sentence.get("columns", {}).items():
        rows += [row("school", school, column, YEAR, value, None) for school, value in own.items()]
    for level, value in sentence.get("above", {}).items():
        told = row(level, None, full, YEAR, *(value if isinstance(value, list) else (value, 1000)))
        rows.append(told | {"note": sentence.get("put_together", {}).get(level, "")})
    rows += [
        row("school", school, f"{name}[{procedure}]", year, value, count)
        for school, procedure, year, value, count in sentence.get("procedures", [])
    ]
    listed = pd.DataFrame(sentence.get("listed", []), columns=["school_id", "procedure", "year"])
    ids = sorted({one["school_id"] for one in rows if one["school_id"]} | set(sentence.get("schools", [])))
    schools = pd.DataFrame({"municipality": "m", "school_id": ids})
    for column, field, default in (
        ("kind", "kinds", "СОШ"),
        ("locality", "localities", "urban"),
        ("special_type", "special_types", None),
    ):
        schools[column] = [sentence.get(field, {}).get(school, default) for school in ids]
    schools["highest_grade"] = [sentence.get("grades", {}).get(school, 11) for school in ids]
    indicators = pd.DataFrame(rows, columns=list(row("school", "x", "x", 1, 0.0, 1.0)))
    return Evidence(
        schools=schools,
        store=Store.of_long(indicators),
        low_procedures=listed.assign(municipality="m", below_minimum_share=float("nan")),
        complete_lists=frozenset({"m"}) if sentence.get("complete_list") else frozenset(),
    )


@pytest.mark.parametrize("sentence", SENTENCES)
def test_rule_word(sentence):
    verdicts = evaluate_criteria(rules_of(sentence), evidence_of(sentence), YEAR).set_index("school_id")
    found = {school: verdicts.at[school, "verdict"] for school in sentence["expect"]}
    assert found == sentence["expect"], verdicts[["value", "threshold", "benchmark", "margin", "reason"]].to_string()
    for school, margin in sentence.get("margin", {}).items():
        assert verdicts.at[school, "margin"] == pytest.approx(margin, abs=1e-9)
    for school, threshold in sentence.get("threshold", {}).items():
        assert verdicts.at[school, "threshold"] == pytest.approx(threshold, abs=1e-9)
    for school, text in sentence.get("reason", {}).items():
        assert text in verdicts.at[school, "reason"]
    for school, cause in sentence.get("cause", {}).items():
        assert verdicts.at[school, "cause"] == cause


def test_N14_every_rule_word_has_a_sentence_and_an_entry():
    written = {sentence.values[0]["criterion"]["rule"] for sentence in SENTENCES}
    assert set(CriterionBase.by_word) == written
    assert set(CriterionBase.by_word.values()) == set(RULES)
