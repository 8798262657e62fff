"""The charts of the reports: a tidy frame in, a `Figure` out.

Every chart is readable in grey: a word or a shape carries the meaning, colour repeats it. Rows keep the order of the
frame, so the notebook decides it (by school code unless asked). Nothing is estimated here: intervals, verdicts and
comparisons are columns of the frame.

Every function takes, besides its own arguments, the words of the figure (`FigureWords`): always `name`, `caption` and
`numbers` (a `Table`, or the name of a table of the same page); when needed `source`, `reading` and `alt`. Without `alt`
the description is made from the data.
"""

from shnor_lib.pages.charts.bars import plot_stacked_shares
from shnor_lib.pages.charts.calendar import plot_timeline
from shnor_lib.pages.charts.dots import plot_distance_to_threshold, plot_dot_intervals
from shnor_lib.pages.charts.funnels import plot_funnels
from shnor_lib.pages.charts.lines import plot_slope
from shnor_lib.pages.charts.matrices import plot_word_matrix
from shnor_lib.pages.charts.nothing import plot_nothing
from shnor_lib.pages.charts.panels import plot_panels

__all__ = [
    "plot_distance_to_threshold",
    "plot_dot_intervals",
    "plot_funnels",
    "plot_nothing",
    "plot_panels",
    "plot_slope",
    "plot_stacked_shares",
    "plot_timeline",
    "plot_word_matrix",
]
