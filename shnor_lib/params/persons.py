"""Nothing that names a person gets past the readers.

Columns of names and documents are dropped unread; names, telephones, addresses and document numbers inside texts are
masked, whatever text it is: a cell, a title of the profile, the name of a file. One grammar decides: a text is split into words, each
word gets a sign (a given name, a patronymic, an initial …), and a person is a row of signs. Every step is linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from shnor_lib.params.yaml_tree import Lines, ParamsError, parse_tree

MASK = "[имя удалено]"

_PERSON_HEADER = re.compile(
    r"\bф\W{0,2}и\W{0,2}о\b|фамили|\bимя\b|отчеств|дат\w* рожден|день рожден|\bд\W{0,2}р\b"
    r"|паспорт|снилс|свидетельств\w* о рожден|\bсери[яи]\b|номер\w* документ|документ\w*,? удостовер"
    r"|телефон|\bтел\b|e\W?mail|эл\w*\W{0,2}почт|домашн\w* адрес|адрес прожив|адрес регистр"
    r"|first ?name|last ?name|surname|patronymic|birth|passport|phone",
    re.IGNORECASE,
)

_NUMBERS = re.compile(
    r"(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})"
    r"|(?P<page>\b(?:t\.me|vk\.com|wa\.me|ok\.ru)/[\w.]{2,64})"
    r"|\bснилс\W{0,6}(?:страховой номер )?(?P<insured>(?:[0-9][ -]{0,2}){10}[0-9])(?![0-9])"
    r"|(?P<insurance>\b[0-9]{3}[ -][0-9]{3}[ -][0-9]{3}[ -][0-9]{2}\b)"
    r"|\b(?:паспорт\w{0,4}|сери[яию])[^0-9\n]{0,30}(?P<passport>[0-9]{2} ?-?[0-9]{2}[^0-9\n]{0,12}[0-9]{6})\b"
    r"|(?P<document>\b[0-9]{2} ?[0-9]{2} ?(?:№|n|номер)? ?(?<![0-9])[0-9]{6}\b)"
    r"|(?P<certificate>\b[ivxlу1х]{1,5}-[а-я]{2} ?(?:№|n)? ?[0-9]{6}\b)"
    r"|\b(?:тел|телефон\w{0,3}|моб|мобильн\w{1,3}|факс|phone|whatsapp|ватсап|звонить)\b[^\w(+]{0,5}"
    r"(?P<called>[0-9(+][0-9 ()+.-]{3,20}[0-9])"
    r"|(?P<phone>(?:\+ ?7|(?<![0-9+])[78])[ (.-]{0,3}"
    r"(?:[0-9]{3}[ ).-]{0,3}[0-9]{3}|[0-9]{4}[ ).-]{0,3}[0-9]{2}|[0-9]{5}[ ).-]{0,3}[0-9])[ .-]?[0-9]{2}[ .-]?[0-9]{2}(?![0-9]))"
    r"|(?P<local>\([0-9]{3,5}\) ?[0-9]{1,3}-[0-9]{2}-[0-9]{2}\b)"
    r"|(?P<alone>(?<![0-9])[0-9]{11}(?![0-9]))"
    r"|(?:дат\w{1,2} рожд\w{0,5}|рожд\.|род\.|родил\w{2,3}|рожд[её]н\w{0,2}|\bд\. ?р\.?|\bдр)\W{0,5}"
    r"(?P<born>[0-9]{1,4}[./ -](?:[0-9]{1,2}|[а-я]{3,8})[./ -][0-9]{1,4})"
    r"|(?P<birth>\b[0-9]{1,4}[./ -](?:[0-9]{1,2}|[а-я]{3,8})[./ -][0-9]{1,4} ?(?:г\.?|год[а-я]?)? ?(?:рожд[а-я]*|р\b))",
    re.IGNORECASE,
)
_DIGEST = re.compile("[0-9a-f]{64}")
"""The sum of a file: eleven digits in it are no telephone."""
_MAYBE_NUMBER = re.compile(r"[0-9]{2}|@|[a-zA-Z]/")

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SPACES = {
    ord(sign): " "
    for sign in "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\n\v\f"
}
_PLAIN = _SPACES | {ord(sign): "-" for sign in "‐‑‒–—−"} | {ord("ё"): "е", ord("Ё"): "Е"}
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\u0301]")
_LATIN_IN_RUSSIAN = re.compile(r"[а-яА-Я][a-zA-Z]|[a-zA-Z][а-яА-Я]")
_LOOK_ALIKE = str.maketrans("aceopxyABCEHKMOPTXY", "асеорхуАВСЕНКМОРТХУ")

_LATIN_PATRONYMIC = re.compile(r"[a-z]{2,}(?:ovich|evich|ovna|evna|ichna)")
_PATRONYMIC = re.compile(r"[а-я]{2,}(?:(?:о|е)вич(?:а|у|ем|е)?|(?:о|е)вн(?:а|ы|е|у|ой|ою)|ыч(?:а|у|ем|е)?)")
_PERSONS = re.compile(
    "[SGWN]{1,3}[Oo]|[SGWN]II[Oo]|[xsg]{1,3}o"  # Мамедов Али Гасан оглы
    "|[WN]GP[SGW]?|[SGWNP]{2}P[SG]?|[SGWNP]P(?:G[SP]|[SGWP])?|P[SG]{1,2}"  # Иванов Иван Иванович; Иван Иванович Иванов; Иванович Иван
    "|[SG],(?:GP?|II?)"  # Иванов, Иван; Иванова, А. А.
    "|[SGP][IJ][IJ](?:S(?![IJ][IJ]))?|[WN][IJ][IJ](?!S(?![IJ][IJ]))"  # Иванова А. А.; but not «Составила А. А.» before Иванова
    "|[IJ][IJ][SGP]|IIW|[SGP]I(?!S(?!I))|I[SGP]"  # А. А. Иванова; Иванова А.
    "|SGW?|GS"
    "|[sg]{1,2}p[sg]?|p[sg]{1,2}|[sSgG]ii(?:s(?!ii))?|ii[sSgG]|sg|gs"
)
"""Signs of a person, word after word: capital for words that begin with a capital letter."""
_DOUBTFUL = re.compile("R[SG]|WG|GW|WI(?!I)")
"""Signs of what may be a person: a surname after a role, a name beside a word."""


class Words(NamedTuple):
    """The words of ``persons.yml``: whole ones as sets, beginnings as tuples."""

    given: frozenset[str]
    given_words: frozenset[str]
    patronymics: frozenset[str]
    second: frozenset[str]
    given_genitive: frozenset[str]
    surnames_in_other_cases: tuple[str, ...]
    not_patronymics: frozenset[str]
    surnames: tuple[str, ...]
    not_surnames: tuple[str, ...]
    roles: tuple[str, ...]
    honours: frozenset[str]
    longer_honours: tuple[str, ...]
    given_or_held: tuple[str, ...]
    authors: tuple[tuple[str, str], ...]
    between: frozenset[str]
    schools: frozenset[str]
    abbreviations: frozenset[str]


@cache
def _words() -> Words:
    tree, _ = parse_tree(Path(__file__).with_name("persons.yml").read_bytes(), "params/persons.yml")
    lists = {name: text.split() for name, text in tree.items()}
    given = {form for name in lists["given"] for form in _forms(name)} | {*lists["given_forms"]}
    return Words(
        given=frozenset(given),
        given_words=frozenset(form for name in lists["given_words"] for form in (name, *_forms(name))),
        patronymics=frozenset(form for name in lists["patronymics"] for form in _forms(name)),
        second=frozenset(lists["patronymics_of_two_words"]),
        given_genitive=frozenset(_genitive(name) for name in lists["given"]) | {"павла", "льва"},
        surnames_in_other_cases=tuple(lists["surnames_in_other_cases"]),
        not_patronymics=frozenset(lists["not_patronymics"]),
        surnames=tuple(lists["surnames"]),
        not_surnames=tuple(lists["not_surnames"]),
        roles=tuple(lists["roles"]),
        honours=frozenset(lists["honours"]),
        longer_honours=tuple(one for one in lists["honours"] if len(one) > 3),
        given_or_held=tuple(lists["given_or_held"]),
        authors=tuple(tuple(one.split(".")) for one in lists["authors"]),
        between=frozenset(lists["between"]),
        schools=frozenset(lists["schools"]),
        abbreviations=frozenset(lists["abbreviations"]),
    )


def _forms(name: str) -> list[str]:
    """A given name in all cases.

    >>> _forms("анна")
    ['анна', 'анны', 'анни', 'анне', 'анну', 'анной', 'анною', 'анней']
    """
    stem, last = name[:-1], name[-1]
    endings = {"а": "ы и е у ой ою ей", "я": "и е ю ей ею", "й": "я ю ем е и", "ь": "я ю ем е и ью"}
    if last in endings:
        return [name, *(stem + ending for ending in endings[last].split())]
    return [name, *(name + ending for ending in ("а", "у", "ом", "ем", "е"))] if last not in "еиоуыэю" else [name]


def _genitive(name: str) -> str:
    """A given name in the genitive.

    >>> [_genitive(name) for name in ("анна", "ольга", "юрий", "игорь", "любовь", "али")]
    ['анны', 'ольги', 'юрия', 'игоря', 'любови', 'али']
    """
    forms, soft = _forms(name), name[-2:] in ("га", "ка", "ха", "ша", "жа", "ча")
    return name[:-1] + "и" if name == "любовь" or soft else forms[min(1, len(forms) - 1)]


def names_person(header: str) -> bool:
    """Whether a column header announces names, documents or addresses of persons.

    Examples
    --------
    >>> [names_person(header) for header in ("Ф.И.О. участника", "Номер документа", "Учителя")]
    [True, True, False]
    """
    return bool(_PERSON_HEADER.search(_seen(header)[:1000].translate(_PLAIN)))


def mask_person(text: str, kind: Literal["text", "code", "school", "shown"] = "text") -> str:
    """The text with persons masked; those a school or an event is named after stay.

    ``kind``: digits alone of a ``code`` are no telephone and no document; the name of a ``school`` may be «Школа Гагарина Ю. А.»;
    what is ``shown`` may be either.

    Examples
    --------
    >>> mask_person("завуч Петрова А.А., тел. 8 (999) 123-45-67")
    'завуч [имя удалено], тел. [имя удалено]'
    >>> mask_person("Гимназия им. Ю.А. Гагарина")
    'Гимназия им. Ю.А. Гагарина'
    """
    if len(text) < 5 or _DIGEST.fullmatch(text):
        return text
    seen = _seen(text)
    plain = seen.translate(_PLAIN)
    spans = sorted([*_numbers(plain, kind in ("code", "shown")), *_names(plain, _PERSONS, kind in ("school", "shown"))])
    if not spans:
        return text
    parts, end = [], 0
    for start, after in spans:
        if start >= end:
            parts += [seen[end:start], MASK]
        end = max(end, after)
    return "".join([*parts, seen[end:]])


@lru_cache(maxsize=1 << 15)
def mask_shown(text: str) -> str:
    """A text on its way out – to a page, a file, a message – with persons masked, whatever let them in.

    What was delivered is masked where it is read, by the rule of its column; this filter stands at the doors of what is made.

    Examples
    --------
    >>> [mask_shown(text) for text in ("Составила Петрова А.А., код 89123456789", "МОУ «Школа Гагарина Ю. А.»")]
    ['Составила [имя удалено], код 89123456789', 'МОУ «Школа Гагарина Ю. А.»']
    """
    return mask_person(text, "shown")


def mask_document(document: Any) -> Any:
    """What JSON can hold, with persons masked in every text; keys stay.

    Examples
    --------
    >>> mask_document({"reason": ["нет Петровой А.А."], "year": 2021})
    {'reason': ['нет [имя удалено]'], 'year': 2021}
    """
    if isinstance(document, str):
        return mask_shown(document)
    if isinstance(document, dict):
        return {key: mask_document(one) for key, one in document.items()}
    return [mask_document(one) for one in document] if isinstance(document, (list, tuple)) else document


def may_name_person(text: str) -> bool:
    """Whether a text that is not masked may still name a person: a surname after a role, a given name beside another word.

    Examples
    --------
    >>> [may_name_person(text) for text in ("директор Петрова", "директор школы", "улица Петрова")]
    [True, False, False]
    """
    return any(True for _ in _names(_seen(text).translate(_PLAIN), _DOUBTFUL))


def mask_tree(tree: Any, lines: Lines) -> Any:
    """The values of a YAML document with persons masked in every text and key; the lines of keys follow."""
    if isinstance(tree, str):
        return mask_person(tree)
    if isinstance(tree, list):
        tree[:] = [mask_tree(one, lines) for one in tree]
    elif isinstance(tree, dict):
        places = lines[id(tree)]
        named = {key: mask_person(key) if isinstance(key, str) else key for key in tree}
        if any(key != new for key, new in named.items()):
            lines[id(tree)] = {named[key]: line for key, line in places.items()}
        pairs = [(named[key], mask_tree(one, lines)) for key, one in tree.items()]
        tree.clear()
        tree.update(pairs)
    return tree


def persons_declared(data: bytes) -> list[tuple[int, str]]:
    """The lines of a YAML file that name persons, each with its text masked."""
    try:
        whole = " ".join(data.decode("utf-8-sig").split())
        if mask_person(whole) == whole:
            return []
        tree, lines = parse_tree(data, "")
    except (UnicodeDecodeError, ParamsError):
        return []  # whoever reads the file says what is wrong with it
    return [(line, mask_person(text)) for line, text in _texts(tree, lines, 1) if mask_person(text) != text]


def _texts(tree: Any, lines: Lines, line: int) -> Iterator[tuple[int, str]]:
    """Every text and key of a YAML document with its line."""
    if isinstance(tree, str):
        yield line, tree
    elif isinstance(tree, (dict, list)):
        places = lines[id(tree)]
        for key, one in tree.items() if isinstance(tree, dict) else enumerate(tree):
            if isinstance(key, str):
                yield places[key], key
            yield from _texts(one, lines, places[key])


def _seen(text: str) -> str:
    """The text as a reader sees it: without signs of no width, letters composed."""
    text = text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
    return _UNSEEN.sub("", text) if not text.isascii() else text


def _numbers(plain: str, of_codes: bool) -> Iterator[tuple[int, int]]:
    """Where telephones, addresses, documents and days of birth stand."""
    if not _MAYBE_NUMBER.search(plain):
        return
    for found in _NUMBERS.finditer(plain):
        kind = found.lastgroup or ""
        digits = re.sub("[^0-9]", "", found[kind])
        alone = len(digits) == len(found[kind])
        if alone and (kind == "document" or (of_codes and kind in ("phone", "alone"))):
            continue  # ten digits may be the number of an organisation
        if kind in ("phone", "alone") and not (
            len(digits) == 11 and (not alone or digits[:2] in ("79", "89") or _insurance(digits))
        ):
            continue
        yield found.span(kind)


def _insurance(digits: str) -> bool:
    """Whether eleven digits are a number of social insurance: its last two follow from the nine before.

    >>> _insurance("11223344595"), _insurance("11223344596")
    (True, False)
    """
    total = sum(int(digit) * weight for digit, weight in zip(digits[:9], range(9, 0, -1), strict=True))
    return int(digits[:9]) > 1_001_998 and total % 101 % 100 == int(digits[9:])


def _names(plain: str, persons: re.Pattern, of_school: bool = False) -> Iterator[tuple[int, int]]:
    """Where names of persons stand."""
    words = list(_WORD.finditer(plain))
    if len(words) < 2:
        return
    signs: list[str] = []  # of each word, and of what parts it from the one before
    places: list[int] = []
    before = ""
    for place, word in enumerate(words):
        if place:
            gap = plain[words[place - 1].end() : word.start()]
            parted = _parted(gap, words[place - 1])
            if parted:
                signs.append(parted)
                places.append(place)
        end = word.end()
        dotted = plain[end : end + 1] == "."
        sign = _sign(_russian(word[0]), dotted, before)
        signs.append(sign)
        places.append(place)
        before = sign
    for found in persons.finditer("".join(signs)):
        first, last = places[found.start()], places[found.end() - 1]
        person = [(words[places[at]][0].lower(), signs[at]) for at in range(*found.span()) if signs[at] != ","]
        by_school = of_school or found[0].startswith("II")
        if (
            _honoured(words, plain, first, by_school, person)
            or _author(person)
            or _abbreviated(words, first, last, found[0])
        ):
            continue
        start, end = words[first].start(), words[last].end()
        yield start, end + (len(words[last][0]) == 1 and plain[end : end + 1] == ".")


def _parted(gap: str, before: re.Match) -> str:
    """What parts two words that are not beside each other; of a word before a full stop only an initial is beside the next."""
    if gap.startswith(".") and len(before[0]) <= 2:
        gap = gap[1:]
        return "" if not gap.strip() else "|"
    if gap.startswith(",") and not gap[1:].strip():
        return ","
    return "" if gap and not gap.strip() else "|"


def _russian(word: str) -> str:
    """A word in which Latin letters stand among Russian ones, with those that look alike."""
    return word.translate(_LOOK_ALIKE) if _LATIN_IN_RUSSIAN.search(word) else word


@lru_cache(maxsize=1 << 14)
def _sign(word: str, dotted: bool, before: str) -> str:
    """The sign of a word: ``I`` or ``J`` an initial with or without a dot, ``P`` a patronymic, ``G`` a given name, ``S`` what may be
    a surname, ``O`` a word after a father's name, ``W`` another word with a capital, ``N`` one that is seldom a name; ``R`` a role, ``h`` an honour; ``x`` others."""
    words, low, capital = _words(), word.lower(), word[0].isupper()
    if len(word) == 1:
        return ("I" if dotted else "J") if capital else "i" if dotted else "x"
    if dotted and len(word) == 2 and capital and not word.isupper():
        return "h" if low in words.honours else "I"
    if before and before in "hb" and low in words.between:
        return "b"
    if low.startswith(words.roles):
        return "R"
    if low in words.honours or low.startswith(words.longer_honours):
        return "h"
    last = low.rpartition("-")[2]
    if last in words.second:
        return "O" if capital else "o"
    if _is_patronymic(low, words):
        return "P" if capital else "p"
    if (low in words.given or ("-" in low and words.given.issuperset(low.split("-")))) and (
        capital or low not in words.given_words
    ):
        return "G" if capital else "g"
    if low.startswith(words.not_surnames):
        return "N" if capital else "x"
    if len(low) > 3 and last.endswith(words.surnames):
        return "S" if capital else "s"
    return "W" if capital and low not in words.schools else "x"


def _is_patronymic(low: str, words: Words) -> bool:
    if low in words.patronymics or _LATIN_PATRONYMIC.fullmatch(low):
        return True
    return bool(_PATRONYMIC.fullmatch(low)) and low.rstrip("аеоуыюй") not in words.not_patronymics


def _honoured(words: list[re.Match], plain: str, first: int, by_school: bool, person: list[tuple[str, str]]) -> bool:
    """Whether a person is the one whom a school, a street or an event is called after; ``by_school``: a school needs no honour."""
    for place in range(first - 1, max(first - 9, -1), -1):
        gap = plain[words[place].end() : words[place + 1].start()]
        if any(sign in gap for sign in ";:!?,") or (". " in gap and len(words[place][0]) > 4):
            return False
        low = words[place][0].lower()
        if place == first - 1 and low in _words().schools and by_school:
            return True
        if _sign(words[place][0], False, "") == "h":
            return not low.startswith(_words().given_or_held) or _called_after(person)
        if low not in _words().between and _sign(words[place][0], False, "h") != "b":
            return False
    return False


def _called_after(person: list[tuple[str, str]]) -> bool:
    """Whether words, each with its sign, may be whom an event is called after: in the genitive, the surname last."""
    if re.search("S.|[a-z]", "".join(sign for _, sign in person)):
        return False
    for low, sign in person:
        if sign == "G" and low not in _words().given_genitive:
            return False
        if sign == "P" and not low.endswith(("ича", "ыча", "ны")):
            return False
        if sign == "S" and low.endswith(_words().surnames_in_other_cases):
            return False
    return True


def _author(person: list[tuple[str, str]]) -> bool:
    """Whether words, each with its sign, are an author of what is published, by surname and initials."""
    initials = "".join(low for low, sign in person if sign in "IJi")
    return any(
        initials == those and low.startswith(surname) and len(low) - len(surname) <= 2
        for surname, those in _words().authors
        for low, sign in person
        if sign in "SsW"
    )


def _abbreviated(words: list[re.Match], first: int, last: int, signs: str) -> bool:
    """Whether what looks like two initials is an abbreviation: «т. д.», «г. о.»."""
    initials = "".join(words[place][0] for place in range(first, last + 1) if len(words[place][0]) == 1)
    if initials.islower():
        return initials in _words().abbreviations
    return "W" in signs and initials.lower() in _words().abbreviations
