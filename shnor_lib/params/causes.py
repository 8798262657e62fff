"""What others say in another language, said in Russian: the system, YAML, the models of parameters, Python itself."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Mapping
from typing import Any

SYSTEM = {
    errno.ENOENT: "такого файла или папки нет",
    errno.EACCES: "нет прав, или файл открыт в другой программе",
    errno.EPERM: "система этого не разрешает",
    errno.EROFS: "диск только для чтения",
    errno.ENOSPC: "нет места на диске",
    errno.EDQUOT: "исчерпано место, отведённое на диске",
    errno.EFBIG: "файл слишком велик для диска",
    errno.EIO: "диск не читается",
    errno.EBUSY: "файл занят другой программой",
    errno.ENAMETOOLONG: "имя слишком длинное",
    errno.EINVAL: "имя не годится для файла",
    errno.EISDIR: "это папка, а не файл",
    errno.ENOTDIR: "часть пути – файл, а не папка",
    errno.EEXIST: "на этом месте уже есть файл",
    errno.ELOOP: "ссылка ведёт сама на себя",
    errno.EMFILE: "открыто слишком много файлов",
    errno.ENOMEM: "не хватает памяти",
    errno.ESTALE: "сетевая папка пропала",
    errno.ETIMEDOUT: "сетевая папка не отвечает",
}
"""What the system refuses, by its number."""

YAML = {
    "cannot start any token": "отступ сделан табуляцией, или слово начинается с @, ` или %: возьмите его в кавычки",
    "mapping values are not allowed": "лишнее двоеточие или отступ; текст с двоеточием возьмите в кавычки",
    "found unexpected": "не закрыта кавычка",
    "escape": "обратная черта в двойных кавычках: возьмите текст в одинарные",
    "hex": "обратная черта в двойных кавычках: возьмите текст в одинарные",
    "',' or": "не закрыта скобка, или в ней не хватает запятой",
    "indicator": "посреди списка строка с другим отступом или без «-»",
    "expected key": "строка с другим отступом, или после кавычки есть лишнее",
    "expected <block end>": "строка с другим отступом, или после кавычки есть лишнее",
    "node content": "нет значения, а стоит запятая или скобка",
    "expected ':'": "после ключа нет двоеточия",
    "directive": "строка начинается с %",
    "<document start>": "после конца документа есть лишнее",
    "character": "недопустимый знак",
}
"""What libyaml says, by a part of it."""

MODELS = {
    "missing": "обязательного ключа нет",
    "invalid_key": "ключ должен быть словом",
    "model_type": "нужны ключи со значениями",
    "model_attributes_type": "нужны ключи со значениями",
    "dict_type": "нужны ключи со значениями",
    "list_type": "нужен список",
    "tuple_type": "нужен список",
    "too_short": "нужно не меньше {min_length}, а есть {actual_length}",
    "too_long": "нужно не больше {max_length}, а есть {actual_length}",
    "string_type": "нужен текст; число, да и нет берут в кавычки",
    "string_unicode": "нужен текст",
    "string_too_short": "знаков нужно не меньше {min_length}",
    "string_too_long": "знаков нужно не больше {max_length}",
    "string_pattern_mismatch": "нужен вид {pattern}",
    "bool_type": "нужно true или false",
    "bool_parsing": "нужно true или false",
    "int_type": "нужно целое число",
    "int_parsing": "нужно целое число",
    "int_parsing_size": "нужно целое число короче",
    "int_from_float": "нужно целое число",
    "float_type": "нужно число",
    "float_parsing": "нужно число",
    "finite_number": "нужно конечное число",
    "greater_than": "нужно больше {gt}",
    "greater_than_equal": "нужно не меньше {ge}",
    "less_than": "нужно меньше {lt}",
    "less_than_equal": "нужно не больше {le}",
    "union_tag_not_found": "нет ключа {discriminator}",
    "default_factory_not_called": "не определяется, пока не исправлено остальное",
    "recursion_loop": "значение содержит само себя",
}
"""What a model of parameters refuses, by the type of the error, beside those that need to know the model."""

_RUSSIAN = re.compile("[А-Яа-яЁё]")


def of_system(error: BaseException) -> str:
    """Why the system refuses.

    Examples
    --------
    >>> of_system(OSError(errno.ENOSPC, "No space left on device")), of_system(OSError(9999, "Odd"))
    ('нет места на диске', 'система отказала, код 9999')
    """
    number = getattr(error, "errno", None)
    return SYSTEM.get(number, f"система отказала, код {number}" if number else "система отказала")


def of_yaml(said: str | None) -> str:
    """Why a text is no YAML.

    Examples
    --------
    >>> of_yaml("found unexpected end of stream"), of_yaml("did not find what it likes")
    ('не закрыта кавычка', 'проверьте отступы, кавычки и двоеточия')
    """
    return next((ours for part, ours in YAML.items() if part in (said or "")), "проверьте отступы, кавычки и двоеточия")


def of_model(error: Mapping[str, Any]) -> str:
    """What is wrong with a value, of an error as pydantic tells it: what it is and what is allowed.

    Examples
    --------
    >>> of_model({"type": "int_parsing", "input": "три"}), of_model({"type": "less_than_equal", "input": 30, "ctx": {"le": 1}})
    ('недопустимое значение «три» (нужно целое число)', 'недопустимое значение 30 (нужно не больше 1)')
    """
    kind, words = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(words["error"])
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        expected = (words.get("expected") or words["expected_tags"]).replace(" or ", ", ")
        return f"недопустимое значение {words.get('tag') or shown(error.get('input'))}; допустимо: {expected}"
    ours = MODELS.get(kind)
    return f"недопустимое значение {shown(error.get('input'))}" + (f" ({ours.format_map(words)})" if ours else "")


def of_python(error: BaseException) -> str:
    """An error that nobody waited for: its text where it is ours, else its name.

    Examples
    --------
    >>> of_python(ValueError("нет школы")), of_python(KeyError("school"))
    ('нет школы', 'внутренняя ошибка KeyError')
    """
    text = str(error)
    return text if _RUSSIAN.search(text) else f"внутренняя ошибка {type(error).__name__}"


def shown(value: object) -> str:
    """A value as it stands in a file of parameters, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    cut = text if len(text) <= 60 else text[:57] + "…"
    return f"«{cut}»" if isinstance(value, str) else cut
