"""Nothing that names a person gets past the readers.

Columns of names and documents are dropped unread; names, telephones, addresses and document numbers inside texts are
masked.
"""

from __future__ import annotations

import re

MASK = "[имя удалено]"

_PERSON_HEADER = re.compile(
    r"\bф\W{0,2}и\W{0,2}о\b|фамили|\bимя\b|отчеств|дат\w* рожден|день рожден|\bд\W{0,2}р\b"
    r"|паспорт|снилс|свидетельств\w* о рожден|\bсери[яи]\b|номер\w* документ|документ\w*,? удостовер"
    r"|телефон|\bтел\b|e\W?mail|эл\w*\W{0,2}почт|домашн\w* адрес|адрес прожив|адрес регистр"
    r"|first ?name|last ?name|surname|patronymic|birth|passport|phone",
    re.IGNORECASE,
)
_NAME = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_PATRONYMIC = r"[А-ЯЁ][а-яё]*(?:вич|вна|чна|оглы|кызы)\b"
_INITIAL = r"[А-ЯЁ]\."
_HONOURED = r"(?:[Ии]м\.|[Ии]мени|[Пп]амяти|[Гг]ероя [А-Яа-яё ]{0,40}|[Мм]аршала|[Гг]енерала|[Аа]кадемика) ?"
_PATTERNS = (
    rf"{_NAME} {{0,2}}{_INITIAL} ?{_INITIAL}",
    rf"{_INITIAL} ?{_INITIAL} ?{_NAME}",
    rf"{_NAME} {_NAME} {_PATRONYMIC}",
    rf"{_NAME} {_PATRONYMIC}(?: {_NAME})?",
    r"\b[А-ЯЁ]{2,}(?:-[А-ЯЁ]+)? [А-ЯЁ]{2,} [А-ЯЁ]{2,}(?:ВИЧ|ВНА|ЧНА|ОГЛЫ|КЫЗЫ)\b",
    r"\b[0-9]{3}-[0-9]{3}-[0-9]{3}[ -][0-9]{2}\b",
    r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+",
    r"(?:\+7|\b8)[ (-]{0,2}[0-9]{3}[ )-]{0,2}[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}\b",
    r"\([0-9]{3,5}\) ?[0-9]{1,3}-[0-9]{2}-[0-9]{2}\b",
    r"\b[0-9]{2} ?[0-9]{2} (?:№ ?)?[0-9]{6}\b",
    r"\b[0-9]{1,2}\.[0-9]{2}\.[0-9]{4} ?(?:г\. ?р\b|года? рожд)",
)
_PERSON = re.compile(rf"(?P<honoured>{_HONOURED}(?:{'|'.join(_PATTERNS[:5])}))|{'|'.join(_PATTERNS)}")


def names_person(header: str) -> bool:
    """Whether a column header announces names, documents or addresses of persons.

    Examples
    --------
    >>> [names_person(header) for header in ("Ф.И.О. участника", "Номер документа", "Учителя")]
    [True, True, False]
    """
    return bool(_PERSON_HEADER.search(header))


def mask_person(text: str) -> str:
    """The text with persons masked; those a school or an event is named after stay.

    Examples
    --------
    >>> mask_person("завуч Петрова А.А., тел. 8 (999) 123-45-67")
    'завуч [имя удалено], тел. [имя удалено]'
    >>> mask_person("Гимназия им. Ю.А. Гагарина")
    'Гимназия им. Ю.А. Гагарина'
    """
    return _PERSON.sub(lambda found: found[0] if found["honoured"] else MASK, text)
