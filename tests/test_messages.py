"""No message in another language: every text that code can say is read, and every error that others could word for us."""

import ast
import errno
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import papermill  # noqa: F401  looks for the engines of shnor_lib: before its modules
import pytest
import yaml
from click import Choice
from pydantic import BaseModel, ValidationError

from shnor_lib.cli import main
from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.params.causes import MODELS, SYSTEM, YAML, of_system
from shnor_lib.params.reading import read_method
from shnor_lib.params.scenarios import Change, apply_changes
from shnor_lib.params.yaml_files import ParamsError, Strict, in_words, parse_tree, read_yaml
from tests.shipped import ROOT

LIBRARY = ROOT / "shnor_lib"
SAYING = {
    *("echo", "tell", "fail", "print_error", "refused", "said", "warn", "problem"),
    *("Misfit", "Remark", "Line", "Outcome", "Unseen"),
}
"""What is called to say something; whatever is raised is said, too."""
OF_OTHERS = {("runs/shell.py", "write() argument must be str, not {}"), ("runs/shell.py", "Kernel died")}
"""Texts that Python and Jupyter have for the same."""
NAMES = {
    *(
        "shnor",
        "pip",
        "install",
        "dask",
        "worker",
        "scheduler",
        "distributed",
        "papermill",
        "jupyter",
        "tcp",
        "tls",
        "sha",
    ),
    *("csv", "json", "xlsx", "zip", "pdf", "yaml", "excel", "libreoffice", "jupyterlab", "python", "utf", "windows"),
    *("params", "data", "parameters", "sources", "internal", "public", "audience", "base", "state", "and"),
    *("null", "true", "false", "nan", "markdown", "title", "table", "figure", "prose", "column", "format", "report"),
}
"""Names that a Russian text may hold: programs, kinds of files, folders, parts of notebooks, values of YAML."""


def modules() -> list[Path]:
    return sorted(LIBRARY.rglob("*.py"))


def models() -> list[type[BaseModel]]:
    """Every model of a file of parameters."""
    for path in modules():
        if "BaseModel" in (text := path.read_text("utf-8")) or "Strict" in text or "RootModel" in text:
            __import__(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    found, new = set(), {BaseModel}
    while new:
        new = {below for one in new for below in one.__subclasses__()} - found
        found |= new
    ours = {one for one in found if one.__module__.startswith("shnor_lib.") and one not in (Strict,)}
    for one in ours:
        one.model_rebuild()
    return sorted(ours, key=lambda one: (one.__module__, one.__qualname__))


def literals_of(schema: Any) -> set[Any]:
    """Every word that a schema allows in a place."""
    if isinstance(schema, (list, tuple)):
        return {word for one in schema for word in literals_of(one)}
    if not isinstance(schema, dict):
        return set()
    own = set(schema["expected"]) if schema.get("type") == "literal" else set()
    return own | {word for one in schema.values() for word in literals_of(one)}


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Words of the program that stand in Russian texts as they are typed: keys, columns, options, commands, codes."""
    keys = {field.alias or name for model in models() for name, field in model.model_fields.items()}
    columns = {column for name in table_names() for column in table(name).columns}
    lists = [column.choices for name in table_names() for column in table(name).columns.values() if column.choices]
    codes = {code for one in lists for code in one}
    options = {option for command in main.commands.values() for option in command.params}
    literals = {str(word) for model in models() for word in literals_of(model.__pydantic_core_schema__)}
    typed = {word for one in options for word in (one.type.choices if isinstance(one.type, Choice) else ())}
    return {*keys, *columns, *table_names(), *codes, *literals, *typed, *main.commands, *NAMES}


def foreign(text: str, known: set[str]) -> list[str]:
    """Words of another language in a text; what stands in quotes, options and files are names."""
    text = re.sub(
        r"«[^»]*»|'[^']*'|\"[^\"]*\"|(?<!\w)--?[a-z][a-z-]*|[\w*<>]*[/\\_.][\w*/\\.]+|\[\w+\]|\{[^{}]*\}", " ", text
    )
    return [word for word in re.findall(r"[A-Za-z]{2,}", text) if word.lower() not in known]


def said(source: str) -> list[str]:
    """The literals of what a module raises or says."""
    found = []
    for node in ast.walk(ast.parse(source)):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Raise) or getattr(called, "id", getattr(called, "attr", None)) in SAYING:
            inside = [part for one in ast.walk(node) if isinstance(one, ast.JoinedStr) for part in one.values]
            found += [
                one.value
                for one in ast.walk(node)
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and one not in inside
            ]
            for one in ast.walk(node):
                if isinstance(one, ast.JoinedStr):
                    found.append("".join(part.value if isinstance(part, ast.Constant) else "{}" for part in one.values))
    return found


def test_the_words_of_another_language_are_found(known):
    assert foreign("Input should be a valid string", known) == ["Input", "should", "be", "valid", "string"]
    assert not foreign("нужен ключ threshold: «any words» в params/x.yml, shnor check -m", known)
    assert said('raise ValueError(f"no {x} here")\nclick.echo("b")\nother("c")') == ["no {} here", "b"]


def test_nothing_that_is_raised_or_said_is_in_another_language(known):
    texts = {
        (path.relative_to(LIBRARY).as_posix(), text) for path in modules() for text in said(path.read_text("utf-8"))
    }
    assert len(texts) > 500
    told = {(path, text): foreign(text, known) for path, text in texts - OF_OTHERS}
    # a word alone is a key, a code or a mode of a file; a sentence has two
    assert not {place: words for place, words in told.items() if len(words) > 1 or (words and " " in place[1])}


def test_texts_of_checks_and_causes_are_russian(known):
    faults = yaml.safe_load((LIBRARY / "inputs" / "checks.yml").read_text("utf-8"))
    texts = [
        fault[key]
        for check in faults.values()
        for fault in check["faults"].values()
        for key in ("text", "allowed", "remedy")
        if key in fault
    ]
    texts += [*SYSTEM.values(), *YAML.values(), *MODELS.values()]
    assert len(texts) > 200 and not {text: words for text in texts if (words := foreign(text, known))}


TYPES = {
    "any": [],
    "bool": ["bool_type", "bool_parsing"],
    "default": ["default_factory_not_called"],
    "definition-ref": ["recursion_loop"],
    "definitions": [],
    "dict": ["dict_type", "too_short", "too_long"],
    "float": ["float_type", "float_parsing", "finite_number"],
    "function-after": ["value_error"],
    "function-before": ["value_error"],
    "function-wrap": ["value_error", "union_tag_invalid"],
    "int": ["int_type", "int_parsing", "int_parsing_size", "int_from_float"],
    "list": ["list_type", "too_short", "too_long"],
    "literal": ["literal_error"],
    "model": ["model_type"],
    "model-field": [],
    "model-fields": ["missing", "extra_forbidden", "invalid_key", "model_attributes_type"],
    "no-info": [],
    "nullable": [],
    "str": ["string_type", "string_unicode", "string_too_short", "string_too_long", "string_pattern_mismatch"],
    "tagged-union": ["union_tag_invalid", "union_tag_not_found"],
    "tuple": ["tuple_type", "too_short", "too_long", "missing"],
    "union": [],
    "with-info": [],
}
"""Which errors each kind of a pydantic schema gives."""
BOUNDS = {"gt": "greater_than", "ge": "greater_than_equal", "lt": "less_than", "le": "less_than_equal"}
WORDED = {"value_error", "literal_error", "union_tag_invalid", "missing", "extra_forbidden"}
"""Errors that say more than a text of their type."""


def kinds_of(schema: Any) -> set[str]:
    """Every kind of schema in a schema, and the bounds of its numbers."""
    if isinstance(schema, (list, tuple)):
        return {kind for one in schema for kind in kinds_of(one)}
    if not isinstance(schema, dict):
        return set()
    own = {schema["type"]} if isinstance(schema.get("type"), str) else set()
    inside = {kind for key, one in schema.items() if key not in ("metadata", "serialization") for kind in kinds_of(one)}
    return own | inside | ({*BOUNDS} & {*schema} if own & {"int", "float"} else set())


def test_every_error_that_a_model_can_give_has_a_text():
    for model in models():
        for kind in kinds_of(model.__pydantic_core_schema__):
            types = [BOUNDS[kind]] if kind in BOUNDS else TYPES[kind]
            assert set(types) <= {*MODELS, *WORDED}, (model, kind)


ODD = [
    True,
    "x",
    "",
    "x" * 3000,
    1.5,
    -1e9,
    10**30,
    float("nan"),
    None,
    [],
    {},
    [1],
    {"a": 1},
    {1: 2},
    [{}],
    [None, "x"],
]


def tries(model: type[BaseModel]) -> list[Any]:
    """Documents that a model should not like: of another kind, and with each key odd."""
    return [
        *ODD,
        *({field.alias or name: odd} for name, field in model.model_fields.items() if name != "root" for odd in ODD),
    ]


class Names(defaultdict):
    """The names that checks of models look at: none."""

    def __init__(self):
        super().__init__(set)


@pytest.mark.parametrize("model", models(), ids=lambda one: one.__name__[:40])
def test_what_a_model_refuses_is_told_in_russian(model, known):
    for document in tries(model):
        try:
            model.model_validate(document, context=Names())
        except ValidationError as error:
            for one in error.errors():
                told = re.sub(r"; (допустимо|возможно).*", "", in_words(one, model), flags=re.DOTALL)
                assert re.search("[а-я]", told) and not foreign(told, known), told


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (
            "criteria.lowest_results.threshold",
            "много",
            "«criteria.lowest_results.threshold»: недопустимое значение «много» (нужно число)",
        ),
        ("criteria.lowest_results.window", 1.5, "недопустимое значение 1.5 (нужно целое число)"),
        (
            "criteria.lowest_results.population",
            "moon",
            "недопустимое значение «moon»; допустимо: 'municipality', 'region'",
        ),
    ],
)
def test_a_change_that_a_method_refuses_is_told_in_russian(path, value, said):
    with pytest.raises(ParamsError, match=r"params/x\.yml: изменённый метод недопустим") as refused:
        apply_changes(read_method(ROOT, "lesosibirsk-2020"), (Change(path=path, value=value),), "params/x.yml")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "a: [1, 2\nb: 3\n",
        "a: 'x\n",
        'a: "x\\q"\n',
        "a:\n\tb: 1\n",
        "- a\nb: 1\n",
        "a: b: c\n",
        "a: @x\n",
        "%YAML 9\n---\na",
    ]
    + [
        "a: |x\n",
        "a: {b: 1\n",
        "a: }\n",
        "\x01",
        "a: *\n",
        "a: !<\n",
        'a: "\\xZZ"\n',
        "'a' b: c\n",
        "[a]]",
        'a: "b\n---\nc"\n',
    ],
)
def test_what_is_no_yaml_is_told_in_russian(text, known):
    with pytest.raises(ParamsError) as refused:
        parse_tree(text.encode(), "x.yml")
    told = str(refused.value)
    assert re.match(r"x\.yml:\d+: ", told) and not foreign(told, known)


def test_what_the_system_refuses_is_told_in_russian(tmp_path, known):
    for number in errno.errorcode:
        assert not foreign(of_system(OSError(number, "English words")), known)
    with pytest.raises(ParamsError, match=r"файл не читается \(такого файла или папки нет\)"):
        read_yaml(tmp_path / "none.yml", Change, "none.yml")
