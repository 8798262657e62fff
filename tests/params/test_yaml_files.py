"""Strict YAML: hostile and mistyped files are refused with file, line and the allowed words."""

import pytest

from shnor_lib.params.methods import Method
from shnor_lib.params.profiles import Profile
from shnor_lib.params.yaml_files import MAX_BYTES, ParamsError, parse_yaml

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
        ("a: [", "params/x.yml:1"),
        ("a: " + "[" * 50 + "]" * 50, "вложенность"),
        (b"#" * 10, "params/x.yml"),
    ],
    ids=["alias", "tag", "repeated key", "encoding", "syntax", "depth", "empty"],
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
    assert "'no'" in message
    profile = parse_yaml(PROFILE.replace("title: Округ", "title: '0101'").encode(), Profile, "x")
    assert profile.title == "0101"


def test_unknown_rule_word_lists_the_allowed_ones():
    message = refused(METHOD.replace("rule: below", "rule: bellow"), Method)
    assert "bellow" in message and "lowest_share" in message and "params/x.yml:5" in message


def test_key_of_another_rule_is_refused_with_its_line():
    message = refused(METHOD.replace("threshold: 0.6", "threshold: 0.6\n    rounding: up"), Method)
    assert "params/x.yml:13: неизвестный ключ «criteria.few_continue.rounding»" in message


def test_assumption_about_unknown_field_is_refused():
    message = refused(
        METHOD.replace("reference: раздел 1\ndec", "reference: раздел 1\n    assumptions: {treshold: почему}\ndec"),
        Method,
    )
    assert "«treshold»" in message and "threshold" in message
