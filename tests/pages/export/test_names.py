"""Names of schools in sentences lead to their pages, and to no others."""

import re

import pytest

from shnor_lib.pages.export.names import SchoolNames
from shnor_lib.pages.markup import LINK_PATTERN, prose

NAMES = {
    "Южная": "s1",
    "Южная гимназия": "s2",
    "СОШ № 1": "s3",
    "СОШ № 10": "s4",
    "Центральная": "s5",
    "Южная у реки": "",  # a partner without a page
    "Школа <&>": "s6",
}


def linked(text: str, names: dict[str, str] = NAMES) -> str:
    """The text as a paragraph with each link as ``[page: words]``."""
    html = SchoolNames(names).linked(f"<p>{prose(text)}</p>")
    return re.sub(r"</?p>", "", LINK_PATTERN.sub(r"[\2: \3]", html)).replace("\u00a0", " ")


@pytest.mark.parametrize(
    "text, shown",
    [
        ("В перечне Южная и СОШ № 10.", "В перечне [s1: Южная] и [s4: СОШ № 10]."),
        ("Вошли: Южная гимназия, Центральная.", "Вошли: [s2: Южная гимназия], [s5: Центральная]."),
        ("Школа Южная – третья; СОШ № 1 – первая.", "Школа [s1: Южная] – третья; [s3: СОШ № 1] – первая."),
        ("Партнёры Южная у реки, Южная.", "Партнёры Южная у реки, [s1: Южная]."),
        ("Школа Южная добавлена. Южная, СОШ № 1.", "Школа Южная добавлена. [s1: Южная], [s3: СОШ № 1]."),
        ("СОШ № 1, снова СОШ № 1. И ещё СОШ № 1.", "[s3: СОШ № 1], снова СОШ № 1. И ещё [s3: СОШ № 1]."),
        ("Партнёр: партнёр Южная не подходит.", "Партнёр: партнёр [s1: Южная] не подходит."),
        ("Школа <&> есть", "[s6: Школа &lt;&amp;&gt;] есть"),
    ],
)
def test_a_name_leads_to_its_page_once_in_a_sentence(text, shown):
    assert linked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Южная часть округа",
        "Котельная, ул. Южная, 5",
        "Библиотека «Южная», станция Южная",
        "Новая Южная, Южная-2",
        "Канская СОШ № 1, СОШ № 1 имени Гагарина, СОШ № 1 г. Канска, СОШ № 1-бис, СОШ № 1/2, МСОШ № 1, СОШ № 12",
        "центральная, южная",
    ],
)
def test_words_that_mean_something_else_lead_nowhere(text):
    assert "[" not in linked(text)


def test_headings_links_drawings_and_attributes_stay_as_they_are():
    html = (
        '<h2 id="a">СОШ № 1</h2><p><a href="#a">СОШ № 1</a></p><svg><text>СОШ № 1</text></svg>'
        '<img alt="СОШ № 1"><thead><tr><th>СОШ № 1</th></tr></thead><!--shnor:to:school:x-->СОШ № 1<!--shnor:end-->'
    )
    assert SchoolNames(NAMES).linked(html) == html


def test_cells_and_items_are_each_their_own_sentence():
    html = SchoolNames(NAMES).linked("<ul><li>Южная</li><li>Южная; <strong>Южная</strong></li></ul><td>Южная</td>")
    assert len(LINK_PATTERN.findall(html)) == 3


def test_without_pages_nothing_is_looked_for():
    assert SchoolNames({}).linked("<p>Южная</p>") == SchoolNames({"Южная": ""}).linked("<p>Южная</p>") == "<p>Южная</p>"
