"""Funnels of an office: like with like by hand, counts that agree with rows, and nothing to read from a public edition."""

import numpy as np
import pandas as pd
import pytest

from shnor_lib.analyses.funnels import beside_others, funnel_facts, funnels_by_subject, funnels_of, subject_facts
from shnor_lib.analyses.results import analyse_results
from shnor_lib.office.disclosure.edition import public_edition
from shnor_lib.pages.figures import Figure
from shnor_lib.pages.views import results as view
from tests.shipped import shipped


@pytest.fixture(scope="module")
def results():
    return analyse_results(shipped("demo", 2021))


def test_a_school_is_held_against_its_own_procedures_by_hand():
    """Maths is hard (40 of 100 below) and russian easy (10): a takes maths alone and is no worse for it."""
    rows = pd.DataFrame(
        {
            "school_id": ["a", "b", "b", "c"],
            "part": ["maths", "maths", "russian", "russian"],
            "value": [0.4, 0.4, 0.2, 0.0],
            "denominator": [50.0, 50.0, 50.0, 50.0],
        }
    )
    own, variance = beside_others(rows, None)
    assert own["results"].tolist() == [50, 100, 50]
    assert own["difference"].tolist() == pytest.approx([0.0, (20 + 10 - 20 - 5) / 100, -0.1])
    assert variance == pytest.approx((0.4 * 0.6 + 0.1 * 0.9) / 2)
    assert beside_others(rows, 17.0)[1] == 17.0**2


def test_counts_agree_with_the_rows_and_limits_narrow_with_results(results):
    found = funnels_of(results)
    assert found.found["measure"].tolist() == ["below_minimum_rate", "quality_rate", "mean_percent"]
    for one in found.found.itertuples():
        own = found.schools[found.schools["measure"].eq(one.measure)]
        outside = ~own["difference"].between(own["low_near"], own["high_near"])
        assert own["comparison"].ne("same").tolist() == outside.tolist() and len(own) == one.schools
        assert one.worse + one.better == outside.sum() and own.loc[own["far"], "comparison"].ne("same").all()
        assert one.by_chance == pytest.approx(0.025 * one.schools)
        lines = found.lines[found.lines["measure"].eq(one.measure)]
        assert np.all(np.diff(lines["high_near"]) < 0) and np.all(np.diff(lines["low_far"]) > 0)
    assert funnel_facts(found)["worse_any"] == found.schools.query("comparison == 'worse'")["school_id"].nunique()


def test_a_lower_value_of_marks_two_is_better_and_of_quality_worse(results):
    worse = funnels_of(results).schools.query("comparison == 'worse'")
    assert worse.loc[worse["measure"].eq("below_minimum_rate"), "difference"].gt(0).all()
    assert worse.loc[worse["measure"].ne("below_minimum_rate"), "difference"].lt(0).all() and len(worse)


def test_nothing_is_drawn_in_the_public_edition_and_of_few_schools():
    hidden = analyse_results(public_edition(shipped("demo", 2021)))
    assert all(frame.empty for frame in (funnels_of(hidden).schools, funnels_of(hidden).lines))
    shown = view.show_funnels(hidden)
    assert len(shown.items) == 1 and "скрытые числа" in shown.items[0].text
    few = view.show_funnels(analyse_results(shipped("lesozavodsk", 2021)))
    assert "нельзя" in few.items[0].text and not any(isinstance(one, Figure) for one in few.items)


def test_the_page_says_how_many_and_how_many_by_luck(results):
    heading, figure, table, points = view.show_funnels(results).items
    assert len(points.table.frame) == 42  # to a file
    assert "2" in heading.text and "14" in heading.text
    assert table.frame["by_chance"].tolist() == pytest.approx([0.35] * 3)
    assert "случайно" in figure.caption and figure.drawing.axes and len(figure.drawing.axes) == 3


def test_subjects_are_held_within_limits_of_their_own_and_counted_beside_chance(results):
    found = funnels_by_subject(results)
    facts = subject_facts(found)
    assert len(found.schools) == facts["points"] and facts["by_chance"] == pytest.approx(0.025 * facts["points"])
    assert facts["worse"] + facts["better"] == found.schools["comparison"].ne("same").sum()
    exams = [one.split("/")[0] for one in found.found["measure"]]
    assert exams == sorted(exams, key=["OGE", "GVE", "EGE", "VPR"].index)
    assert view.show_subject_funnels(analyse_results(public_edition(shipped("demo", 2021)))).items == []
