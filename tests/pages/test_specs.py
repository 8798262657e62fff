"""Specifications of tables and figures: their words are templates and their conditions comparisons, refused with the line."""

from types import SimpleNamespace

import pandas as pd
import pytest

from shnor_lib.pages.page import Page, Report
from shnor_lib.pages.saying import Condition, say_all
from shnor_lib.pages.specs import HERE, ReportSpec, column_spec, report_spec
from shnor_lib.params.yaml_files import ParamsError, parse_yaml

SPEC = """tables:
  plan:
    caption: "Мер: {rows:мера/меры/мер}"
    columns: [measure_id]
    note:
      - {when: public, say: "Малые числа скрыты."}
"""


@pytest.mark.parametrize("report", sorted(path.stem for path in HERE.glob("*.yml") if path.stem != "columns"))
def test_every_specification_is_read(report):
    assert report_spec(report).tables


@pytest.mark.parametrize(
    "change, line, message",
    [
        (("мера/меры/мер", "мера/меры"), 3, "нет вида «мера/меры»"),
        (("caption", "captoin"), 3, "неизвестный ключ «tables.plan.captoin»"),
        (("when: public", "when: public or internal"), 6, "условие «public or internal» не читается"),
        (("скрыты.", "скрыты: {."), 6, "скобка без пары"),
    ],
)
def test_a_wrong_specification_is_refused_with_file_and_line(change, line, message):
    with pytest.raises(ParamsError) as refused:
        parse_yaml(SPEC.replace(*change).encode(), ReportSpec, "own.yml")
    assert any(one.startswith(f"own.yml:{line}: ") and message in one for one in refused.value.problems), refused.value


def test_parts_of_a_text_are_joined_as_their_first_sign_asks():
    parts = ["Всего {all}", ", из них {open}", "; нет {absent}", "в списке"]
    assert say_all(parts, {"all": 3, "open": 1, "absent": None}) == "Всего 3, из них 1 в списке"


@pytest.mark.parametrize("share, holds", [(None, True), (float("nan"), True), (0, False)])
def test_a_fact_may_be_asked_to_be_unknown(share, holds):
    assert Condition(("share unknown",)).holds({"share": share}) is holds


def test_a_column_without_values_is_left_out_and_told(monkeypatch):
    tables = {
        "results": {
            "caption": "Результаты",
            "columns": [
                {"who": "Кто"},
                {"pass_rate": {}},
                {"learning_index": {}},
                {"+years": {"format": "percent", "if_any": "told"}},
            ],
            "note": ["Не представлены: {absent}."],
        }
    }
    page = Page(SimpleNamespace(school_names={}), "20_results")
    monkeypatch.setattr(page, "spec", ReportSpec.model_validate({"tables": tables}))
    frame = pd.DataFrame({"who": ["А"], "pass_rate": [0.5], "learning_index": [None], "y2020": [0.1]})
    years = {"y2020": "2020 год", "y2021": "Данные 2021 года"}
    table = page.table("results", frame, more={"years": years})
    assert {name: column.format for name, column in table.columns.items()} == {
        "who": "text",
        "pass_rate": "percent",
        "y2020": "percent",
    }
    assert table.note == "Не представлены: СОУ, данные 2021 года."


def test_a_column_of_a_specification_knows_no_other_keys():
    with pytest.raises(ValueError, match="digitz"):
        column_spec({"low": {"digitz": 2}}, "results")


def test_a_report_that_the_public_edition_does_not_build_says_so():
    closed = Report("60_robustness", lambda about: {})
    assert "В открытой редакции отчёт не строится" in closed.show_headlines(None).findings[0].text
    assert closed.show_decisions(None).items == ["Решений по устойчивости перечней не требуется."]


@pytest.mark.parametrize(("beyond", "end"), [(True, "на 5"), (False, "случайно"), (None, "не определить")])
def test_the_largest_change_of_a_figure_says_what_chance_makes_of_it(beyond, end):
    caption = report_spec("20_results").figures["lines"].caption
    facts = {"section": "ГИА-9", "direction": "снизилось", "subject": "математика", "by": "5", "beyond": beyond}
    assert say_all(caption, facts).replace("\u00a0", " ").endswith(end)


def test_the_heading_of_certainty_counts_only_words_that_some_school_has():
    heading = report_spec("60_robustness").texts["certainty"].heading
    words = ("always", "almost_always", "often", "sometimes", "almost_never", "never", "unknown")
    nobody = {f"certain_{word}": 0 for word in words} | {"schools": 0, "list_word": "ШНОР"}
    assert "0" not in say_all(heading, nobody)
    counts = nobody | {"schools": 5, "certain_often": 3, "certain_never": 2}
    assert say_all(heading, counts).replace("\u00a0", " ") == "В перечне ШНОР: часто – 3; никогда – 2; всего – 5 школ"
    unknown = nobody | {"schools": 3, "certain_unknown": 3}
    assert say_all(heading, unknown).endswith("о каждой из 3\N{NO-BREAK SPACE}школ")
