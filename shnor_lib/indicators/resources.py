"""Resources of the school: textbooks, classrooms, computers and the internet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.formulas import Amount, Found, Rows, picked, ratio, total


@indicator
def textbooks_under_3y_rate(resources: Rows) -> Found:
    """Share of the textbook stock not older than three years.

    Parameters
    ----------
    resources : ``textbooks_under_3y, textbooks`` (copies).

    Notes
    -----
    Copies received in three years / stock, at most 1: new copies may already have left the stock. Missing when a count is missing
    or the stock is zero.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> textbooks_under_3y_rate(example(textbooks_under_3y=[600, 90, None], textbooks=[2000, 60, 10]))["value"].tolist()
    [0.3, 1.0, nan]
    """
    recent, stock = resources.amount("textbooks_under_3y"), resources.amount("textbooks")
    return ratio(resources, replace(recent, values=np.minimum(recent.values, stock.values)), stock)


@indicator
def fast_internet_flag(resources: Rows, schools: Rows) -> Found:
    """Whether the school has fast internet by the norm of its locality.

    Parameters
    ----------
    resources : ``internet_mbps`` (Mbit/s).
    schools : ``locality`` (urban, rural) of the same school and year.

    Notes
    -----
    1 when the speed is at least 100 Mbit/s in a town, 50 in a village, else 0; missing when the speed or the locality is.

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> resources, schools = example(internet_mbps=[100, 50, 50]), example(locality=["urban", "urban", "rural"])
    >>> fast_internet_flag(resources, schools)["value"].tolist()
    [1.0, 0.0, 1.0]
    """
    speed, locality = resources.amount("internet_mbps"), schools.words("locality")
    at = resources.beside(schools)
    norms = np.select([locality.of("urban"), locality.of("rural")], [100.0, 50.0], np.nan)
    norm = picked(norms, at)
    holds = np.where(speed.missing | np.isnan(norm), np.nan, speed.values >= norm)
    needs = ("resources.internet_mbps", "schools.locality")
    return total(resources, Amount(holds, "скорость интернета или местность", needs))
