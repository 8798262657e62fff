"""Results against what the social context leads to expect (row B10): the blocks that reports 60 and 05 share."""

from __future__ import annotations

import pandas as pd

from shnor_lib.analyses.expectation import Expected, expectation_counts, named_inputs
from shnor_lib.indicators import Catalogue
from shnor_lib.office.office import Office
from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.page import Page
from shnor_lib.pages.saying import say
from shnor_lib.pages.tables import Table
from shnor_lib.params.profiles import Expectation
from shnor_lib.whatif.region import Region

FORMS = {"n": "count", "fit": "percent", "fit_unseen": "percent", "residual_sd": "number", "by_chance": "number"}
"""What is told of the model, and how each number is printed."""


def page_of(about: Office | Region) -> Page:
    """The page of these blocks for an office or a region."""
    return Page(about, "expectation")


def named_facts(page: Page, expected: Expected, settings: Expectation) -> dict[str, object]:
    """The facts with what the expectation must not be taken for, in the words of the page."""
    facts = expectation_counts(expected) | {"schools": expected.n, "others": expected.n - 1, "level": settings.level}
    facts |= {"assumption": settings.assumption, "reference": page.words["reference"][expected.reference]}
    return facts | {"how": say(page.words["explained"]["how"], facts), "told": None}


def tables_model(page: Page, expected: Expected, level: float, known: Catalogue, prefix: str) -> list[Table]:
    """How well the context tells results, also of schools that the model did not see, and how they go with each indicator."""
    rows = [(page.words["measure"][name], getattr(expected, name), form) for name, form in FORMS.items()]
    fit = pd.DataFrame(rows, columns=["measure", "value", "form"])
    model = expected.coefficients.assign(label=[known.label(one) for one in expected.coefficients["predictor"]])
    return [
        page.table("fit", fit, named=f"{prefix}_fit"),
        page.table("model", model, named=f"{prefix}_model", level=level),
    ]


def attach_context(page: Page, expected: Expected, schools: pd.DataFrame, known: Catalogue, prefix: str) -> Attachment:
    """What the model was made from, so that anybody can fit it again.

    Parameters
    ----------
    schools : ``municipality, school_id`` and the columns that name a school in the file.
    """
    inputs, predictors = named_inputs(expected, schools)
    labels = {one: known.label(one) for one in predictors}
    return page.attachment("context", inputs, named=f"{prefix}_context", more={"predictors": labels})
