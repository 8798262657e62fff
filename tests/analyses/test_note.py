"""The note on results: what is unknown is not counted, and what cannot be is not lacking."""

import dataclasses
from types import SimpleNamespace

import pandas as pd

from shnor_lib.analyses import note
from shnor_lib.analyses.results import Results, analyse_results, gaps
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.pages import tables
from shnor_lib.pages.views import objectivity
from shnor_lib.pages.views import results as view
from shnor_lib.params.profiles import ResultsReading
from tests.shipped import shipped


def with_named(found: Results, schools: pd.DataFrame) -> Results:
    """Results of which one section has these schools and the others none."""
    one = dataclasses.replace(found.sections["gia9"], schools=schools)
    empty = {name: dataclasses.replace(each, schools=each.schools.iloc[:0]) for name, each in found.sections.items()}
    return dataclasses.replace(found, sections=empty | {"gia9": one})


def test_a_result_without_the_municipality_s_is_not_among_those_not_below_it():
    """Two results a school: a of 40 and 60 % against 50 and an unknown one, b of 40 % against an unknown one."""
    found = analyse_results(shipped("lesosibirsk", 2020))
    first, second = found.office.schools["school_id"].iloc[:2]
    rows = pd.DataFrame(
        {
            "school_id": [first, first, second],
            "part": ["OGE/maths/9", "OGE/physics/9", "OGE/physics/9"],
            "measure": "quality_rate",
            "value": [0.4, 0.6, 0.4],
            "benchmark_municipality": [0.5, None, None],
        }
    )
    named = note.named_results(with_named(found, rows))
    assert named[["results", "held", "below"]].values.tolist() == [[2, 1, 1], [1, 0, pd.NA]]


def test_a_school_that_left_the_register_is_not_taken_for_the_municipality():
    found = analyse_results(shipped("demo", 2021))
    renamed = found.learning.assign(school_id=found.learning["school_id"].replace({"demo-01": "closed"}))
    [*_, years] = view.show_learning(dataclasses.replace(found, learning=renamed)).items
    frame = years.table.frame
    assert set(frame.loc[frame["school_id"].eq("closed"), "who"]) == {"closed"}
    assert frame.loc[frame["who"].eq("Муниципалитет"), "level"].eq("municipality").all()


def test_a_stage_that_a_school_does_not_have_is_not_lacking():
    found = analyse_results(shipped("demo", 2021))
    tables_ = [one for one in view.show_learning(found).items if isinstance(one, tables.Table)]
    cells = tables_[0].frame.set_index("school")
    assert cells.loc["НОШ Солнечная", ["primary/all", "basic/all", "secondary/all"]].tolist() == [
        "66\u00a0% ○",
        "[не применимо]",
        "[не применимо]",
    ]
    assert (
        cells.loc["Полевая", "secondary/all"] == "[не применимо]" and cells.loc["Дальняя", "secondary/all"] == "[мало]"
    )


def test_figure_and_table_of_learning_are_compared_with_one_level():
    found = analyse_results(shipped("demo", 2021))
    figure = next(one for one in view.show_learning(found).items if hasattr(one, "alt"))
    cells = view.show_learning(found).items[2].frame["primary/all"]
    assert f"хуже – {cells.str.endswith('▼').sum()}" in figure.alt


def test_more_than_eight_schools_are_a_number_and_all_of_them_in_the_file():
    found = analyse_results(shipped("demo", 2021))
    page = view.page_of(found)
    row = {"compared": 12, "worse": [f"s{place}" for place in range(9)], "better": ["s1", "s2"]}
    assert view.told_schools(page, row, "worse", {}) == "9\u00a0школ"
    assert view.told_schools(page, row, "better", {"s1": "А"}) == "А, s2"


def test_a_sheet_of_schools_is_printed_whole_and_a_longer_one_in_part():
    assert view.telling(pd.Series([True] * view.SHEET)) is None
    assert view.telling(pd.Series([True, *[False] * view.SHEET])).sum() == 1


def test_why_no_result_of_a_school_is_compared():
    """Too few pupils in every result, or none delivered: «[мало]» and «[нет данных]»."""
    found = analyse_results(shipped("demo", 2021))
    rows = note.all_schools(found)
    small = rows[rows["school_id"].eq("demo-12") & rows["few"]]
    tally = note.school_tally(with_named(found, small)).set_index("school_id")
    assert tally.loc["demo-12", "why"] == "too_few" and tally.loc["demo-01", "why"] == "not_delivered"
    hidden = small.assign(hidden=True, value=None, few=False)
    masked = note.school_tally(with_named(found, hidden)).set_index("school_id").loc["demo-12"]
    assert masked["why"] == "hidden" and masked["results"] == len(small)


def test_there_is_no_gap_where_a_school_is_hidden():
    """The lowest of three may be the hidden one; the year before has all three."""
    rows = pd.DataFrame(
        {
            "level": "school",
            "school_id": list("abc") * 2,
            "indicator": "quality_rate[OGE/maths/9]",
            "measure": "quality_rate",
            "part": "OGE/maths/9",
            "year": [2021] * 3 + [2020] * 3,
            "value": [0.4, 0.6, None, 0.3, 0.5, 0.7],
            "denominator": [20.0, 20.0, None, 20.0, 20.0, 20.0],
            "hidden": [False, False, True, False, False, False],
        }
    )
    assert gaps(rows, ResultsReading())[["year", "schools"]].values.tolist() == [[2020, 3]]
    assert len(gaps(rows.drop(columns="hidden"), ResultsReading())) == 2


def test_what_the_public_edition_hides_of_the_journal_is_told_as_hidden():
    shown = objectivity.show_journal(objectivity.read_objectivity(public_edition(shipped("demo", 2021)))).items
    cells = shown[-1].frame.set_index("school")
    assert cells.loc["Полевая", ["confirmed", "raised"]].tolist() == ["[скрыто]", "[скрыто]"]
    assert "position" not in shown[-1].shown_columns  # compared with none


def test_L8_subjects_of_olympiads_most_diplomas_first():
    rows = [
        ("school", "1", "municipal", None, 50, 9, 9),
        ("school", "1", "municipal", "maths", 30, 1, 2),
        ("school", "2", "municipal", "maths", 10, 0, 0),
        ("school", "1", "municipal", "physics", 20, 3, 4),
        ("school", "1", "regional", "physics", 4, 1, None),
        ("municipality", None, "regional", "physics", 7, 2, 1),
    ]
    columns = ["level", "school_id", "stage", "subject", "entries", "winners", "prize_winners"]
    olympiads = pd.DataFrame(rows, columns=columns).assign(year=2021)
    found = note.olympiad_subjects(SimpleNamespace(tables={"olympiads": olympiads}, year=2021))
    assert found[["stage", "subject", "entries", "winners", "prize_winners"]].values.tolist() == [
        ["municipal", "physics", 20, 3, 4],
        ["municipal", "maths", 40, 1, 2],
        ["regional", "physics", 7, 2, 1],
    ]
    assert found["schools"].fillna(-1).tolist() == [1, 1, -1]  # the municipality's own row says nothing of schools
