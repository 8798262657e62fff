"""Specifications of tables and figures: their words are templates that can be read."""

import pytest

from shnor_lib.pages.saying import template
from shnor_lib.pages.specs import HERE, report_spec


def texts_of(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else []
    return [text for part in parts for text in texts_of(part)]


@pytest.mark.parametrize("report", sorted(path.stem for path in HERE.glob("*.yml") if path.stem != "columns"))
def test_every_text_is_a_template(report):
    for text in texts_of(report_spec(report).model_dump()):
        template(text)
