"""A table that goes to files only: a sentence and a link on the page, every number in the file."""

import pandas as pd

from shnor_lib.pages.attachment import Attachment
from shnor_lib.pages.markup import TABLE_MIME
from shnor_lib.pages.tables import Column, Table


def test_the_page_has_a_sentence_and_the_file_has_the_numbers():
    draws = Table(
        pd.DataFrame({"school": ["А", "Б"], "listed": [3, 61]}),
        "draw_counts",
        "Сколько расчётов",
        {"school": "Школа", "listed": Column("В перечне", "count")},
    )
    shown = Attachment(draws, "Расчёты – в файле, доля < 5 %.")._repr_mimebundle_()
    assert "<table" not in shown["text/html"] and "61" not in shown["text/html"]
    assert "доля &lt; 5\u00a0%" in shown["text/html"] and "shnor:download:table:draw_counts" in shown["text/html"]
    (payload,) = shown[TABLE_MIME]
    assert payload["fields"][1]["values"] == [3, 61]
