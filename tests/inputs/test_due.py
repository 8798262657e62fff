"""Due texts of the programmes: read as printed, never guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shnor_lib.inputs.due import DATED, KINDS, NONE, ONGOING, RECURRING, UNCLEAR, quarters_within, read_due
from tests.analyses.support.conftest import SHIPPED, shipped_table

YEAR = date(2020, 1, 1), date(2020, 12, 31)


@pytest.mark.parametrize(
    "text, start, end",
    [
        ("2 квартал 2020 года", "2020-04-01", "2020-06-30"),
        ("2-3 квартал 2020", "2020-04-01", "2020-09-30"),
        ("IV кв. 2021 г.", "2021-10-01", "2021-12-31"),
        ("I полугодие 2021 года", "2021-01-01", "2021-06-30"),
        ("сентябрь – октябрь 2020 года", "2020-09-01", "2020-10-31"),
        ("сентябрь 2020 – май 2021 года", "2020-09-01", "2021-05-31"),
        ("Август 2021", "2021-08-01", "2021-08-31"),
        ("февраль 2020 года", "2020-02-01", "2020-02-29"),
        ("октябрь, 2021", "2021-10-01", "2021-10-31"),
        ("01.03 2021", "2021-03-01", "2021-03-01"),
        ("2021-09-01", "2021-09-01", "2021-09-01"),
        ("2021", "2021-01-01", "2021-12-31"),
        ("2020-2022 годы", "2020-01-01", "2022-12-31"),
        ("в течение 2020/21 учебного года", "2020-09-01", "2021-08-31"),
        ("2021 – 2022 у.г.", "2021-09-01", "2022-08-31"),
    ],
)
def test_dates_of_a_span(text, start, end):
    due = read_due(text, YEAR)
    assert (due.kind, due.start, due.end) == (DATED, date.fromisoformat(start), date.fromisoformat(end))
    assert due.remark == ""


@pytest.mark.parametrize(
    "text, end",
    [
        ("До 1 июля 2020 года", "2020-07-01"),
        ("До 01.04.2021", "2021-04-01"),
        ("не позднее 15 мая 2021 г.", "2021-05-15"),
        ("до конца 2021 года", "2021-12-31"),
        ("до конца марта 2021", "2021-03-31"),
    ],
)
def test_a_deadline_has_an_end_and_no_start(text, end):
    due = read_due(text, YEAR)
    assert (due.kind, due.start, due.end) == (DATED, None, date.fromisoformat(end))


@pytest.mark.parametrize(
    "text, months",
    [
        ("ежегодно", ()),
        ("Ежеквартально", (3, 6, 9, 12)),
        ("В конце каждого полугодия", (6, 12)),
        ("2 раза в год", ()),
        ("2 раза в год (январь, июнь)", (1, 6)),
        ("не менее 4-х в год", ()),
        ("не реже одного раза в год", ()),
        ("Ежегодно, сентябрь", (9,)),
        ("Ежегодно по плану мониторинговых исследований", ()),
        ("По плану работы управления образования, 1 раз в полугодие", (6, 12)),
    ],
)
def test_again_and_again(text, months):
    due = read_due(text, YEAR)
    assert (due.kind, due.months, due.end) == (RECURRING, months, None)


def test_ongoing_means_the_years_of_the_plan_only_where_the_text_says_year():
    assert read_due("постоянно", YEAR).end is None
    assert read_due("Весь период", YEAR).kind == ONGOING
    within = read_due("В течение года", YEAR)
    assert (within.kind, within.start, within.end) == (ONGOING, *YEAR)


@pytest.mark.parametrize("text", [None, "", "  "])
def test_no_text_is_no_due_date(text):
    assert read_due(text, YEAR).kind == NONE


@pytest.mark.parametrize(
    "text, remark",
    [
        ("В период проведения ВПР", "срок зависит от другого события, даты которого программа не называет"),
        ("По плану работы управления", "срок стоит в другом плане"),
        ("март, апрель", "год не назван"),
        ("весна", "текст срока не разобран"),
        ("до июня 2021", "текст срока не разобран"),
        ("31.02.2021", "такой даты не бывает"),
        ("октябрь – август 2021", "срок кончается раньше, чем начинается"),
    ],
)
def test_what_is_not_understood_is_said_and_not_guessed(text, remark):
    due = read_due(text, YEAR)
    assert (due.kind, due.start, due.end, due.remark) == (UNCLEAR, None, None, remark)


def test_an_ambiguous_limit_keeps_its_remark():
    due = read_due("ежегодно по графику до 2022 года", YEAR)
    assert (due.kind, due.remark) == (RECURRING, "входит ли 2022 год, в программе не сказано")


@pytest.mark.parametrize(
    "text, quarters",
    [
        ("До 1 июля 2020 года", [2]),
        ("2-3 квартал 2020", [2, 3]),
        ("Ежеквартально", [1, 2, 3, 4]),
        ("Постоянно", [1, 2, 3, 4]),
        ("2 раза в год", []),
        ("декабрь 2019 – февраль 2020", [1]),
        ("2021 год", []),
        ("март, апрель", [1, 2]),
    ],
)
def test_quarters_of_the_plans_year(text, quarters):
    assert quarters_within(read_due(text, YEAR), YEAR) == [(2020, number) for number in quarters]


def test_a_school_year_has_five_quarters():
    year = date(2020, 9, 1), date(2021, 8, 31)
    assert quarters_within(read_due("в течение года", year), year) == [
        (2020, 3),
        (2020, 4),
        (2021, 1),
        (2021, 2),
        (2021, 3),
    ]


NOT_PLAIN = {
    "lesosibirsk": [],
    "lesozavodsk": ["IV-1.5", "V-2.8", "V-4.1"],
    "kushva": [],
    "krasnokholm": [],
    "iskitim": ["12"],
}


@pytest.mark.parametrize("municipality", SHIPPED)
def test_every_due_text_of_a_shipped_programme_is_read_or_listed(municipality):
    measures = shipped_table(municipality, "measures")
    read = [read_due(text, YEAR) for text in measures["due"].dropna()]
    assert all(due.remark != "текст срока не разобран" for due in read)
    listed = measures.loc[measures["due"].notna(), "measure_id"][[due.remark != "" for due in read]]
    assert listed.tolist() == NOT_PLAIN[municipality]


@given(st.text(max_size=40))
def test_any_text_gives_a_kind_and_a_dated_one_an_end(text):
    due = read_due(text, YEAR)
    assert due.kind in KINDS
    assert (due.kind == DATED) == (due.end is not None and due.kind != ONGOING)
    assert due.kind != UNCLEAR or due.remark


@given(st.integers(2000, 2090), st.integers(1, 4), st.integers(1, 4), st.sampled_from(["квартал", "кв."]))
def test_a_span_of_quarters_covers_just_them(year, first, last, word):
    due = read_due(f"{first}-{last} {word} {year} года", YEAR)
    period = date(year, 1, 1), date(year, 12, 31)
    if first > last:
        assert due.kind == UNCLEAR
    else:
        assert quarters_within(due, period) == [(year, number) for number in range(first, last + 1)]
