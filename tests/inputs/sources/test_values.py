from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shnor_lib.inputs.dictionary import DTYPES, Column, table
from shnor_lib.inputs.sources.values import allowed_for, array_of, convert


def column(kind: str, **more: object) -> Column:
    return Column(name="x", label="Икс", type=kind, meaning="", **more)


def read(kind: str, text: str, **more: object) -> object:
    """The value of one text, or "unreadable"."""
    (value,), unreadable = convert(column(kind, **more), [text])
    assert array_of(DTYPES[kind], [value]).dtype == DTYPES[kind]
    return "unreadable" if unreadable else value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("0", 0),
        ("12,0", 12),
        ("1 234", 1234),
        ("1\u00a0234\u202f567", 1234567),
        ("+7", 7),
        ("-3", -3),
        ("\u22123", -3),
        ("12.5", "unreadable"),
        ("12 чел.", "unreadable"),
        ("12 13", "unreadable"),
        ("1,234.5", "unreadable"),
        ("X", "unreadable"),
        ("-", "unreadable"),
        ("–", "unreadable"),
        ("2021-05-01", "unreadable"),
        ("1e3", 1000),
        ("1e300", "unreadable"),
        ("١٢", "unreadable"),
        ("", "unreadable"),
    ],
)
def test_counts(text, value):
    assert read("count", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.57", 0.57),
        ("0,57", 0.57),
        ("57 %", 0.57),
        ("57%", 0.57),
        ("5,7 %", 0.057),
        ("57", 57),
        ("100 %", 1),
        ("%", "unreadable"),
    ],
)
def test_shares_also_with_the_sign(text, value):
    assert read("share", text) == value


def test_a_number_with_a_unit_is_no_per_cent():
    assert read("number", "57 %") == 0.57
    assert read("number", "57 %", unit="балл") == "unreadable"


@pytest.mark.parametrize("text", ["да", "ДА", "yes", "1", "Истина", "+"])
def test_yes(text):
    assert bool(read("flag", text)) is True


@pytest.mark.parametrize("text", ["нет", "Нет", "no", "0"])
def test_no(text):
    assert bool(read("flag", text)) is False


def test_a_flag_is_not_guessed():
    assert read("flag", "частично") == "unreadable"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2021-09-01", "2021-09-01"),
        ("01.09.2021", "2021-09-01"),
        ("1.9.2021 г.", "2021-09-01"),
        ("2021-09-01 00:00:00", "2021-09-01"),
        ("31.02.2021", "unreadable"),
        ("01.09.21", "unreadable"),
        ("сентябрь", "unreadable"),
        ("0001-01-01", "unreadable"),
    ],
)
def test_dates(text, value):
    found = read("date", text)
    assert found == (value if value == "unreadable" else date.fromisoformat(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2021", 2021),
        ("2020/21", 2021),
        ("2020-2021", 2021),
        ("2020–2021 уч. год", 2021),
        ("2021 г.", 2021),
        ("1999/00", "unreadable"),
        ("2019-2021", "unreadable"),
        ("21", "unreadable"),
        ("1850", "unreadable"),
    ],
)
def test_years_are_those_the_school_year_ends_in(text, value):
    assert read("year", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("EGE", "EGE"), ("ege", "EGE"), ("ЕГЭ", "EGE"), ("  егэ", "EGE"), ("экзамен", "unreadable")],
)
def test_choices_by_code_or_label(text, value):
    assert read("choice", text, allowed="exam") == value


def test_every_code_and_label_of_the_dictionary_is_read_back():
    exam_results = table("exam_results")
    for one in exam_results.columns.values():
        for code, label in one.choices.items():
            for text in (code, label, label.upper()):
                assert convert(one, [text]) == ([code], [])


@pytest.mark.parametrize("kind", ["count", "number", "share", "flag", "date", "year"])
@pytest.mark.parametrize("text", ["н/д", "Нет данных", "…"])
def test_words_for_no_data_are_missing_not_wrong(kind, text):
    assert pd.isna(read(kind, text))


def test_ids_and_texts_stay_as_they_are():
    assert read("id", "007012") == "007012"
    assert read("text", "н/д") == "н/д"


def test_an_empty_cell_is_missing_and_not_unreadable():
    assert convert(column("count"), [None, "3"]) == ([None, 3], [])


def test_what_is_allowed_is_said_with_the_limits():
    assert allowed_for(table("exam_results").columns["grade"]) == "целое число от 1 до 11"
    assert allowed_for(column("count")) == "целое число 0, 1, 2, …"
    assert "ЕГЭ (EGE)" in allowed_for(column("choice", allowed="exam"))


@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=20), st.sampled_from(sorted(DTYPES)))
def test_any_text_is_a_value_or_missing_or_unreadable(texts, kind):
    values, unreadable = convert(column(kind, allowed="exam" if kind == "choice" else None), texts)
    typed = array_of(DTYPES[kind], values)
    assert len(values) == len(texts) and typed.dtype == DTYPES[kind]
    assert list(pd.isna(typed)) == [value is None for value in values]
    assert all(values[place] is None and texts[place] is not None for place in unreadable)


@given(st.integers(0, 10**9), st.sampled_from(["{}", "{:,}", " {} ", "{}.0", "{},00"]))
def test_a_written_count_is_read_back(number, form):
    text = form.format(number).replace(",", " " if form == "{:,}" else ",").strip()
    assert read("count", text) == number
