"""Law 4, walked: no sentence and no table of any report says 0, «нет» or «выполнен у 0 из 9» of what nobody assessed.

Every report is made in this process of the five real offices, of the public edition of the fullest one, and of offices that
delivered the register and one table alone.
"""

import re
from itertools import chain

import pandas as pd
import pytest

from shnor_lib.analyses.support.measures import office_measures
from shnor_lib.criteria.decisions import NO, YES
from shnor_lib.criteria.measure import NOT_ASSESSED
from shnor_lib.inputs.dictionary import table_names
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.office.office import Office
from shnor_lib.pages.tables import Table
from shnor_lib.runs.catalogue import NEEDS
from tests.reports.walking import office_with, reports_of, sentences, shown
from tests.shipped import shipped

REAL = [("iskitim", 2021), ("krasnokholm", 2021), ("kushva", 2020), ("lesosibirsk", 2020), ("lesozavodsk", 2021)]
COUNTED_AMONG = {
    "criteria_assessed": ("criteria_met",),
    "compared": ("worse", "same", "better", "worse_share", "same_share", "better_share"),
    "assessed": ("zone", "share"),
    "urban_assessed": ("urban_zone",),
    "rural_assessed": ("rural_zone",),
}
"""Columns of one table: how many were assessed, and what is counted among them."""
SAID = {
    "ШНОР": r"(^|, )ШНОР – \d|вывод сделан, ШНОР нет|с низкими результатами нет|не отнесена к школам с низкими|нужен партнёр, по расчёту нет",
    "ШНСУ": r"(^|, )ШНСУ – \d|в неблагоприятных условиях нет|не отнесена к школам в неблагоприятных",
    "критерии": r"выполнен у \d|признак есть у \d|(?<!Программа )(?<!просроченное )есть у \d+ из|критериев: \d+ из|(Критерии: выполнено|Признаки: есть) \d|Рядом с порогом – \d",
    "изменения": r"Изменений нет|по сравнению с \d+ годом: \d|[Вв]ошл[аио]\w* .*\d",
    "цели": r"[Дд]остигнут[аоы]? (целей: )?\d|[Дд]остигнуто \d",
    "меры": r"мер выполнено: \d|Выполнено мер: \d|Выполнен[аоы]? \d+ мер|просроченных нет|осталось? без мер",
    "план": r"Сроки всех мер|состояние на [\d.]+: 0|План мер: 0|или назван не до конца: 0|своих мер \d",
}
"""What is said of each subject where something of it is known; of nothing it may not be said."""
OF_NOTHING = re.compile(r"\b(из|среди) 0\b")


def unknown_subjects(office: Office) -> list[str]:
    """The subjects of ``SAID`` of which nothing is known in an office."""
    answers, before = office.identification, office.previous
    judged = answers[answers["identified"].isin([YES, NO])]["category"]
    measures = office_measures(office)
    known = {
        "ШНОР": judged.eq("low_results").any(),
        "ШНСУ": judged.eq("adverse_conditions").any(),
        "критерии": office.verdicts["verdict"].ne(NOT_ASSESSED).any(),
        "изменения": len(before) and (len(judged) or before["identified"].isin([YES, NO]).any()),
        "цели": office.targets["state"].ne("no_data").any(),
        "меры": measures["status"].notna().any(),
        "план": len(measures),
    }
    return [subject for subject in SAID if not known[subject]]


def faults_of_words(text: str, unknown: list[str]) -> list[str]:
    """What a sentence says of nothing."""
    plain = text.replace("\u00a0", " ")
    found = [f"{subject}: {plain}" for subject in unknown if re.search(SAID[subject], plain)]
    return found + ([f"из 0: {plain}"] if OF_NOTHING.search(plain) else [])


def faults_of_numbers(table: Table) -> list[str]:
    """Counts and shares of a table over nothing assessed that are not missing."""
    found = []
    for base, counted in COUNTED_AMONG.items():
        if base in table.shown_columns:
            rows = table.frame[table.frame[base].eq(0).to_numpy()]
            found += [
                f"{table.name}.{one}" for one in counted if one in table.shown_columns and rows[one].notna().any()
            ]
    return found


def faults(office: Office, about: str = "") -> list[str]:
    """Everything that the reports of an office say of nothing; ``about`` a table: those that rest on it, and the list if it judges any."""
    unknown, found = unknown_subjects(office), []
    also = ("80_targets",) if "критерии" in unknown else ("80_targets", "50_identification")
    for report in reports_of(office):
        told = not about or report in also or about in {*chain(*tables_of(report))}
        for piece in shown(report, office) if told and report not in LEFT_OUT else ():
            found += [f"{report} {fault}" for text in sentences(piece) for fault in faults_of_words(text, unknown)]
            if isinstance(piece, Table):
                found += [f"{report} {fault}" for fault in faults_of_numbers(piece)]
    return list(dict.fromkeys(found))


def tables_of(report: str) -> list[tuple[str, ...]]:
    """The tables that each need of a report names."""
    return [need.tables for need in NEEDS[report]]


LEFT_OUT = ("10_data_quality", "60_robustness")
"""Reports that say nothing of schools, or draw thousands of lists."""


@pytest.mark.parametrize(("municipality", "year"), REAL)
def test_a_real_office_says_nothing_of_nothing(municipality, year):
    assert faults(shipped(municipality, year)) == []


def test_the_public_edition_says_nothing_of_nothing():
    assert faults(public_edition(shipped("lesozavodsk", 2021))) == []


@pytest.mark.parametrize("table", table_names())
def test_an_office_with_one_table_says_nothing_of_nothing(table):
    assert faults(office_with(table), about=table) == []


@pytest.mark.parametrize(
    "text",
    [
        "ШНОР – 0 (не оценено 3) из 3 школ",
        "Не менее 30 % участников ниже минимума: выполнен у 0 из 3 школ",
        "Выполненных критериев: 0 из 3 пар «школа – критерий»",
        "Изменения вывода по сравнению с 2020 годом: 0",
        "Достигнуто целей: 0 из 17",
        "Объявленные пары без общих мероприятий: 0 из 0",
    ],
)
def test_what_was_said_of_nothing_is_found(text):
    assert faults_of_words(text, list(SAID))


def test_zero_over_nothing_is_found_in_a_table():
    columns = {"school": "Школа", "criteria_met": "Выполнено", "criteria_assessed": "Оценено"}
    frame = pd.DataFrame({"school": ["1", "2"], "criteria_met": [0, 0], "criteria_assessed": [2, 0]})
    assert faults_of_numbers(Table(frame, "reasons", "Основания", columns)) == ["reasons.criteria_met"]
