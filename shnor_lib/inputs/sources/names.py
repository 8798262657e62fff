"""Names and codes of schools as people write them: spellings that mean the same lead to the same school, when it is one."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ALIKE = str.maketrans("abcehkmoptxy", "авсенкмортху")
"""Latin letters that look like Russian ones."""
_LIKE_LATIN = str.maketrans({russian: latin for latin, russian in _ALIKE.items()})
_WORD = re.compile(r"[^\W\d_]+")
_FORM = re.compile(
    r"\b(?:муниципальн\w+|государственн\w+|областн\w+|краев\w+|бюджетн\w+|казенн\w+|автономн\w+|(?:обще)?образовательн\w+ учреждени\w+"
    r"|[мгко]?[мгбкао]{0,2}о?оу)\b"
)
"""Words of the legal form."""
_KINDS = (
    (r"\bобщеобразовательн\w+\s+(?=(?:средн|основн|начальн)\w+ школ)", ""),
    (r"\bсредн\w+ (?:общеобразовательн\w+ )?школ\w+|\bсш\b", "сош"),
    (r"\bосновн\w+ (?:общеобразовательн\w+ )?школ\w+", "оош"),
    (r"\bначальн\w+ (?:общеобразовательн\w+ )?школ\w+(?! ?-)", "нош"),
)
_HONOUR = re.compile(r"\bим\b(?!.*\b(?:филиал|корпус|отделени|структурн)).*")
TOTALS = ("итого", "всего", "примечание", "среднее по")
"""A row whose name begins so is no school."""


def spelt(text: str) -> str:
    """A name in one spelling: case, quotes, «ё», dashes, №, zeros before numbers, Latin letters among Russian ones, kinds.

    Examples
    --------
    >>> spelt('МБОУ "Cредняя школа N 05"'), spelt("МБОУ СШ №5")
    ('мбоу сош 5', 'мбоу сош 5')
    >>> spelt("Лицей им. А.С. Пушкина"), spelt("лицей имени Пушкина")
    ('лицей им пушкина', 'лицей им пушкина')
    """
    words = text.casefold().replace("ё", "е")
    words = re.sub(r"(?:№|\bno?[.°º]?(?=\s*\d)|\bномер\b)\s*", " ", words)
    if re.search("[а-я]", words):
        words = _WORD.sub(_in_russian, words)
    words = re.sub(r"\s*[‐-―−-]\s*", "-", words)
    words = re.sub(r"\b(?:имени|им)\b\.?\s*", "им ", words)
    words = re.sub(r"(?<=\bим )(?:[а-я]\.\s*)+|(?<=[а-я])\s+[а-я]\.\s*[а-я]\.", " ", words)
    words = re.sub(r"[^\w\s-]", " ", words)
    words = re.sub(r"\b0+(?=\d)", "", words)
    words = re.sub(r"\s+", " ", words).strip()
    for pattern, kind in _KINDS:
        words = re.sub(pattern, kind, words)
    return re.sub(r"\s+", " ", words).strip()


def numbers_of(name: str) -> list[str]:
    """Numbers in a name that has letters too.

    Examples
    --------
    >>> numbers_of("Школа № 03"), numbers_of("03")
    (['3'], [])
    """
    return re.findall(r"\d+", spelt(name)) if re.search(r"[^\W\d_]{2}", name) else []


def latin_letters(text: str) -> str:
    """Latin letters that stand among the Russian ones of a word, as they are written.

    Examples
    --------
    >>> latin_letters("МБOУ Cредняя школа"), latin_letters("школа IT")
    ('O, C', '')
    """
    mixed = (word for word in _WORD.findall(text) if re.search("[а-яё]", word, re.IGNORECASE))
    return ", ".join(dict.fromkeys(letter for word in mixed for letter in re.findall("[a-zA-Z]", word)))


def is_total(text: str) -> bool:
    """Whether a row is named as a total or a note, not as a school."""
    return text.strip(' *«"').casefold().startswith(TOTALS)


def core(name: str) -> str:
    """A spelt name without its legal form, its words in order of the alphabet.

    Examples
    --------
    >>> core(spelt("МБОУ СОШ № 5")), core(spelt("Берёзовская средняя общеобразовательная школа"))
    ('5 сош', 'березовская сош')
    """
    return " ".join(sorted(_FORM.sub(" ", name).split()))


def without_honour(name: str) -> str:
    """A spelt name without whom the school is named after."""
    return _HONOUR.sub("", name).strip()


def code_key(code: str) -> str:
    """A code in one spelling: no spaces and zeros before it, no Russian letters among Latin ones.

    Examples
    --------
    >>> code_key("0101"), code_key("еdu200001 ")
    ('101', 'edu200001')
    """
    text = re.sub(r"\s", "", code).casefold()
    if re.search("[a-z]", text):
        text = text.translate(_LIKE_LATIN)
    return text.lstrip("0") or text


class Names:
    """Names of schools; each leads to its school by the strictest spelling in which it belongs to one school alone."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """``names``: pairs of a school and one of its names."""
        self._maps: tuple[dict[str, set[str]], ...] = ({}, {}, {})
        for school, name in names:
            full = spelt(name)
            keys = (full, core(full), core(without_honour(full)))
            for known, key in zip(self._maps, keys, strict=True):
                if key and re.search(r"[^\W\d_]{2}", key):
                    known.setdefault(key, set()).add(school)

    def find(self, name: str) -> str | None:
        """The one school a name means; ``None`` when it means none or several."""
        full = spelt(name)
        spelt_full, cores, bare = self._maps
        tries = [(spelt_full, full), (cores, core(full))]
        tries.append((cores, core(without_honour(full))) if _HONOUR.search(full) else (bare, core(full)))
        for known, key in tries:
            if found := known.get(key):
                return next(iter(found)) if len(found) == 1 else None
        return None


def _in_russian(word: re.Match) -> str:
    changed = word[0].translate(_ALIKE)
    return changed if re.fullmatch("[а-я]+", changed) else word[0]
