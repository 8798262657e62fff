"""Ranges in cells and files (row N9): printed as the document has them, in the unit of the column."""

import numpy as np

from shnor_lib.indicators.ranges import Range
from shnor_lib.pages.cells import Column, shown, shown_of_row, stored_value

PER_CENT, NUMBER = Column("Доля", "percent"), Column("Число", "count")


def test_N9_a_cell_prints_the_range_of_the_document():
    assert shown(Range(0.39, 0.4, "range"), PER_CENT).text == "39–40\u00a0%"
    assert shown(Range(600, np.nan, "above"), NUMBER).text == "более 600"
    assert shown_of_row(Range(0.1, 0.1, "about"), Column("Доля", by_row="form"), "percent").text == "около 10\u00a0%"
    assert stored_value(Range(np.nan, 0.05, "at_most"), PER_CENT) == "не более 5\u00a0%"
