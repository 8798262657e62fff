"""Strict YAML: hostile and mistyped files are refused with file, line and the allowed words."""

import io
import math
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from shnor_lib.params import yaml_tree
from shnor_lib.params.methods import Method
from shnor_lib.params.profiles import Profile
from shnor_lib.params.recipe import IndexRecipe
from shnor_lib.params.yaml_files import MAX_BYTES, ParamsError, parse_tree, parse_yaml

ROOT = Path(__file__).parents[2]
SHIPPED = [path for folder in ("params", "data", "shnor_lib", "tools") for path in (ROOT / folder).rglob("*.yml")]

PROFILE = """title: Округ
region: Область
document: Программа
method: fioko-2021
years: [2021]
"""
METHOD = """title: Правило
document: Документ
description: Описание
criteria:
  few_continue:
    category: low_results
    ground: results
    title: Мало продолживших
    short: Мало
    indicator: continued_to_grade10_rate
    rule: below
    threshold: 0.6
    reference: раздел 1
decisions:
  low_results: {reference: раздел 1}
"""


def refused(text: str | bytes, model: type = Profile) -> str:
    with pytest.raises(ParamsError) as caught:
        parse_yaml(text if isinstance(text, bytes) else text.encode(), model, "params/x.yml")
    return str(caught.value)


def test_a_sound_profile_is_read():
    assert parse_yaml(PROFILE.encode(), Profile, "params/x.yml").years == (2021,)


def test_unknown_key_names_line_and_nearest():
    message = refused(PROFILE + "metod: fioko-2021\n")
    assert "params/x.yml:6:" in message and "«metod»" in message and "«method»" in message


def test_every_problem_is_reported_at_once():
    message = refused("title: Округ\nyears: [2021]\nauthor: кто-то\n")
    assert message.count("params/x.yml:") == 4  # region, document, method are missing, author is unknown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1\nb: *x\n", "якоря и ссылки"),
        ("title: !!python/object/apply:os.system ['true']\n", "теги"),
        ("title: a\ntitle: b\n", "ключ повторяется"),
        (b"\xff\xfe", "UTF-8"),
        ("title: a\n---\ntitle: b\n", "params/x.yml:2: второй документ"),
        ("? [a]\n: b\n", "ключом может быть только слово"),
        ("years: [" + "9" * 5000 + "]", "не читается"),
        ("title: a\nregion: а\u2028б\n", "params/x.yml:2: невидимый перенос строки (U+2028)"),
        ("a: [", "params/x.yml:1"),
        ("a: " + "[" * 50 + "]" * 50, "вложенность"),
        (b"#" * 10, "params/x.yml"),
    ],
    ids=[
        *("alias", "tag", "repeated key", "encoding", "two documents", "key of several", "long number", "hidden break"),
        *("syntax", "depth", "empty"),
    ],
)
def test_hostile_yaml_is_refused(text, said):
    assert said in refused(text)


def test_too_large_file_is_refused(tmp_path):
    from shnor_lib.params.yaml_files import read_yaml

    path = tmp_path / "large.yml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(ParamsError, match="больше"):
        read_yaml(path, Profile)


def test_norwegian_words_and_octal_ids_stay_words():
    message = refused(PROFILE.replace("years: [2021]", "years: [no]"))
    assert "«no»" in message
    profile = parse_yaml(PROFILE.replace("title: Округ", "title: '0101'").encode(), Profile, "x")
    assert profile.title == "0101"


def test_unknown_rule_word_lists_the_allowed_ones():
    message = refused(METHOD.replace("rule: below", "rule: bellow"), Method)
    assert "bellow" in message and "lowest_share" in message and "params/x.yml:5" in message


def test_key_of_another_rule_is_refused_with_its_line():
    message = refused(METHOD.replace("threshold: 0.6", "threshold: 0.6\n    rounding: up"), Method)
    assert "params/x.yml:13: неизвестный ключ «criteria.few_continue.rounding»" in message
    assert "имелось в виду «rounding»" not in message


def test_the_hint_names_a_key_once_and_only_of_the_model_in_question():
    message = refused(METHOD.replace("threshold: 0.6", "threshold: 0.6\n    assumption: {}"), Method)
    assert "возможно, имелось в виду «assumptions»" in message and message.count("«assumptions»") == 1
    recipe = "indicators: [{id: a, parent: x, normalisation: {method: zscore, low: 1}}]\naggregates: [{id: x}]\nminimum_available: 1\n"
    assert "«indicators.0.normalisation.low»; допустимо: mean, method, sd" in refused(recipe, IndexRecipe)


def test_assumption_about_unknown_field_is_refused():
    message = refused(
        METHOD.replace("reference: раздел 1\ndec", "reference: раздел 1\n    assumptions: {treshold: почему}\ndec"),
        Method,
    )
    assert "«treshold»" in message and "threshold" in message


def ruamel(text: str) -> object:
    """The same document as the reference reader of YAML 1.2 has it; what it takes for a date stays text here."""
    reader = YAML(typ="safe", pure=True)
    reader.constructor.yaml_constructors = reader.constructor.yaml_constructors | {
        "tag:yaml.org,2002:timestamp": lambda constructor, node: constructor.construct_scalar(node)
    }
    return reader.load(text)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_ships_is_read_as_the_reference_reads_it(path):
    assert parse_tree(path.read_bytes(), "x")[0] == ruamel(path.read_text(encoding="utf-8"))


PLAIN_WORDS = [
    "no",
    "yes",
    "on",
    "12:30",
    "0101",
    "0o17",
    "0x1F",
    "0b11",
    "017",
    "1_000",
    "1e3",
    "1.",
    ".5",
    "-.inf",
    "+3",
]
PLAIN_WORDS += [
    "~",
    "null",
    "NULL",
    "True",
    "FALSE",
    "2021-06-30",
    "06-30",
    "1.2.3",
    "-",
    "0x",
    "e3",
    "ОО №1",
    "a:b",
    "=>",
]


@pytest.mark.parametrize("word", PLAIN_WORDS)
def test_a_plain_word_means_what_the_core_schema_says(word):
    assert parse_tree(f"- {word}\n".encode(), "x")[0] == ruamel(f"- {word}\n")


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=9).filter(
    lambda text: text[:1] != "?"
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS | st.sampled_from(PLAIN_WORDS)
KEYS = st.text("abc_яё0 ", min_size=1, max_size=4)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


@given(st.dictionaries(KEYS, TREES, max_size=4), st.booleans())
def test_made_up_documents_are_read_as_the_reference_reads_them(tree, flow):
    written = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style, writer.allow_unicode = flow, True
    writer.dump(tree, written)
    try:
        read = parse_tree(written.getvalue().encode(), "x")[0]
    except ParamsError:
        assert flow and re.search(
            r"(?:[\[{,]|: )\s*[?:]", written.getvalue()
        )  # words that libyaml does not take in brackets are refused
    else:
        assert read == ruamel(written.getvalue()) == tree


@pytest.mark.parametrize("text", ["[?0]", "a: [b, ?c]", "{?a: 1}", "яё: [?в]"])
def test_a_question_mark_that_begins_a_word_in_brackets_is_refused_not_misread(text):
    with pytest.raises(ParamsError, match="в кавычки"):
        parse_tree(text.encode(), "x.yml")
    assert parse_tree(b"- '?0'\n- ?0\n", "x")[0] == ["?0", "?0"]
    assert parse_tree(b"a: b?", "x")[0] == {"a": "b?"}


@given(st.text("ab:-[]{},#'\"|> \n0.e?", max_size=12))
def test_whatever_is_typed_is_read_or_refused_with_its_line(text):
    try:
        parse_tree(text.encode(), "x.yml")
    except ParamsError as error:
        assert error.problems[0].startswith("x.yml:")


def test_without_libyaml_the_same_is_read(monkeypatch):
    fast = [parse_tree(path.read_bytes(), "x")[0] for path in SHIPPED]
    monkeypatch.setattr(yaml_tree, "_Loader", yaml.SafeLoader)
    assert [parse_tree(path.read_bytes(), "x")[0] for path in SHIPPED] == fast


def test_no_number_is_read_as_one():
    assert math.isnan(parse_tree(b".nan", "x")[0])
