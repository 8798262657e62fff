"""Safe HTML from text, stable anchors, and the marks by which the exporter finds what to number.

Every object of this package shows itself as HTML that JupyterLab can print as it is. Where the finished page needs
something only the whole page knows (the number of a table, the place of its file), the HTML holds a comment, a *mark*,
which the exporter replaces. Text from data is escaped, so data cannot forge a mark.
"""

import re
from html import escape
from itertools import pairwise

from shnor_lib.pages.numbers import NBSP
from shnor_lib.workspace import RESERVED_ON_WINDOWS

TABLE_MIME = "application/vnd.shnor.table+json"
FIGURE_MIME = "application/vnd.shnor.figure+json"
HEADING_MIME = "application/vnd.shnor.heading+json"
TITLE_MIME = "application/vnd.shnor.title+json"
HEADLINES_MIME = "application/vnd.shnor.headlines+json"
FURNITURE_MIME = "application/vnd.shnor.furniture+json"
PAGES_MIME = "application/vnd.shnor.pages+json"
REPORT_MIMES = (TABLE_MIME, FIGURE_MIME, HEADING_MIME, TITLE_MIME, HEADLINES_MIME, FURNITURE_MIME)

MARK_PATTERN = re.compile(r"<!--shnor:(number|see|download):(table|figure):([a-z0-9_]+)-->")
ABBREVIATIONS_MARK = "<!--shnor:abbreviations-->"
"""Where the exporter says what the abbreviations of the page mean: before its first paragraph."""
LINK_PATTERN = re.compile(r"<!--shnor:to:(school|report):([a-zA-Z0-9_/-]+)-->(.*?)<!--shnor:end-->", re.DOTALL)
NAME_PATTERN = re.compile(r"[a-z][a-z0-9_]{0,59}")

SOFT_HYPHEN = "\u00ad"
_SYLLABLE = re.compile(
    "[аеёиоуыэюя](?:[бвгджзйклмнпрстфхцчшщ][ьъ]?(?=[бвгджзйклмнпрстфхцчшщ]))?(?=[бвгджзйклмнпрстфхцчшщ]+[аеёиоуыэюя])",
    re.IGNORECASE,
)

# fmt: off
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}
# fmt: on


def number_mark(kind: str, name: str) -> str:
    """Where the exporter writes "Таблица 1." or "Рисунок 1."."""
    return f"<!--shnor:number:{kind}:{name}-->"


def see_mark(kind: str, name: str) -> str:
    """Where the exporter writes a link to a numbered table or figure of the same page."""
    return f"<!--shnor:see:{kind}:{name}-->"


def download_mark(name: str) -> str:
    """Where the exporter writes the link to the file of a table."""
    return f"<!--shnor:download:table:{name}-->"


def school_link(sheet: str, html: str) -> str:
    """HTML that leads to the sheet of a school where it stands: ``school_page`` of its own office, or ``office/year/school_page``."""
    return f"<!--shnor:to:school:{sheet}-->{html}<!--shnor:end-->"


def report_link(report: str, html: str) -> str:
    """HTML that leads to another report of the same office and year, where its page stands beside this one."""
    return f"<!--shnor:to:report:{report}-->{html}<!--shnor:end-->"


def school_page(school_id: str) -> str:
    """The file name of a school's sheet: its id, with every sign that a file name may not have as its code.

    >>> school_page("s01"), school_page("СОШ/1"), school_page("con")
    ('s01', '_421__41e__428__2f_1', 'con_')
    """
    name = "".join(sign if re.fullmatch("[a-z0-9-]", sign) else f"_{ord(sign):x}_" for sign in school_id)
    return f"{name}_" if name in RESERVED_ON_WINDOWS else name


def slug(text: str) -> str:
    """A Latin anchor for a Russian heading.

    >>> slug("Три школы — с низкими результатами"), slug("§ 5")
    ('tri-shkoly-s-nizkimi-rezultatami', 'r-5')
    """
    latin = "".join(_LATIN.get(letter, letter) for letter in text.lower())
    words = re.findall(r"[a-z0-9]+", latin)
    anchor = "-".join(words)[:60].rstrip("-")
    return anchor if anchor[:1].isalpha() else f"r-{anchor}".rstrip("-")


def checked_name(name: str) -> str:
    """`name` if it can be an anchor and a file name, otherwise an error that says what can."""
    if not NAME_PATTERN.fullmatch(name):
        raise ValueError(
            f"Имя таблицы или рисунка {name!r} не подходит: нужны строчные латинские буквы, цифры и «_», "
            "первая — буква, не длиннее 60 знаков. Пример: identified_schools."
        )
    return name


def typeset(text: str) -> str:
    """Prose with its numbers kept together with their signs: "25 %", "№ 4", "§ 2".

    >>> typeset("25 % и 10% в СОШ № 4").replace(NBSP, "_")
    '25_% и 10_% в СОШ №_4'
    """
    return keep_names(re.sub(r"(?<=\d) ?%", f"{NBSP}%", text))


def keep_names(text: str) -> str:
    """A name whose number is never torn from it: "СОШ № 4"."""
    return re.sub(r"(?<=[№§]) (?=\d)", NBSP, text)


def prose(text: str) -> str:
    """Text of ours (captions, notes, findings) as escaped HTML; cells of data are only escaped."""
    return escape(typeset(text))


def hyphenated(text: str) -> str:
    """Text whose long Russian words may be broken between syllables, two letters or more on either side.

    >>> hyphenated("Удовлетворённость учёбой").replace(SOFT_HYPHEN, "|")
    'Удов|лет|во|рён|ность учёбой'
    """

    def broken(found: re.Match) -> str:
        long = found.group()
        ends = [one.end() for one in _SYLLABLE.finditer(long) if 2 <= one.end() <= len(long) - 2]
        return SOFT_HYPHEN.join(long[start:end] for start, end in pairwise([0, *ends, len(long)]))

    return re.sub(r"\w{8,}", broken, text)


def paragraphs(text: str) -> str:
    """Plain text as escaped paragraphs; a blank line parts them.

    >>> paragraphs("А < Б\\n\\nВ")
    '<p>А &lt; Б</p><p>В</p>'
    """
    parts = [" ".join(part.split("\n")).strip() for part in re.split(r"\n\s*\n", text)]
    return "".join(f"<p>{prose(part)}</p>" for part in parts if part)
