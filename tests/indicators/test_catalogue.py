"""Every indicator is declared, documented and runnable in the same way."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from shnor_lib.indicators import catalogue, indicator_label, matches, split_name
from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.declared import FORMULAS, Formula, Row
from shnor_lib.inputs.dictionary import table_names
from tools.documents import BETTER, POOLING, UNITS, document_indicators

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", catalogue())
def test_indicator_is_documented(name: str) -> None:
    entry = catalogue()[name]
    assert entry.label[0].isupper() and not entry.label.endswith(".")
    assert entry.formula and entry.reference
    assert entry.unit in UNITS and entry.better in BETTER and entry.pooling in POOLING
    assert {entry.table, *entry.beside} <= set(table_names())
    if isinstance(entry, Row):  # a row says it all
        return
    text = inspect.getdoc(getattr(entry.function, "func", entry.function))
    for section in ("Parameters", "Notes", "Examples"):
        assert f"\n{section}\n---" in text, f"{name} has no section {section}"
    assert re.search(rf">>> .*\b{name}\(", text), f"{name} has no example that calls it"
    assert "missing" in text.lower() or entry.unit == "count", f"{name} does not say when it is missing"


@pytest.mark.parametrize("name", catalogue())
def test_name_tells_the_unit(name: str) -> None:
    entry = catalogue()[name]
    suffixes = {"rate": ("_rate", "_share"), "flag": ("_flag", "_yes"), "index": ("_index",)}
    if entry.unit in suffixes:
        assert name.endswith(suffixes[entry.unit])
    else:
        assert not name.endswith(("_rate", "_share", "_flag", "_index"))


def test_documentation_is_current() -> None:
    committed = (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8")
    assert committed == document_indicators(), "write document_indicators() to docs/indicators.md"


def test_an_indicator_is_declared_once() -> None:
    with pytest.raises(ValueError, match="описан дважды"):

        @indicator
        def teachers_men_rate(staff):
            return staff


def test_every_formula_is_described_and_computed() -> None:
    assert set(FORMULAS) == {entry.name for entry in catalogue().values() if isinstance(entry, Formula)}


def test_patterns_take_brackets_as_they_stand() -> None:
    assert matches("pass_rate[OGE/maths/9]", ["pass_rate[OGE/*]"])
    assert not matches("pass_rate[OGE/maths/9]", ["pass_rate[EGE/*]"])
    assert not matches("pass_rateO", ["pass_rate[OGE]"])


def test_a_bad_name_is_refused() -> None:
    with pytest.raises(ValueError, match="нужно имя или имя"):
        split_name("Доля мужчин")


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("teachers_men_rate", "Доля мужчин среди педагогов"),
        ("learning_quality_rate[basic/all]", "Качество обученности по журналу (основное общее, все предметы)"),
        ("marks_lowered_rate[VPR]", "Доля понизивших отметку относительно журнала (ВПР)"),
        ("olympiad_participants_rate[regional]", "Доля участников олимпиад (региональный)"),
        ("teachers_experience_rate[under_5]", "Доля педагогов по стажу (стаж до 5 лет)"),
        (
            "survey_yes[mentoring]",
            "Ответ «да» на вопрос анкеты (организовано наставничество для молодых и новых учителей)",
        ),
        ("teacher_deficit_rate[maths]", "Доля педагогов с профессиональными дефицитами (математика)"),
        ("minimum_programme_flag[OGE]", "Программа «минимум» выполнена (ОГЭ)"),
    ],
)
def test_label_of_a_full_name(name: str, label: str) -> None:
    assert indicator_label(name) == label
