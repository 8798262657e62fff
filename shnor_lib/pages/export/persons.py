"""The door of pages: no person gets into HTML, whatever let him as far as here."""

import re
from functools import lru_cache
from html import escape, unescape

from shnor_lib.params.persons import mask_shown

_INLINE = "a|abbr|b|code|em|i|span|strong|sub|sup"
_BLOCKS = re.compile(rf"(<(?:script|style)\b.*?</(?:script|style)>|<(?!/?(?:{_INLINE})\b|!--)[^>]*>)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SAID = re.compile(r'(?<= )(alt|title|content|label|aria-label)="([^"]+)"')


def page_without_names(html: str) -> str:
    """A page with persons masked: in the text of each paragraph, cell and heading, and in what is read aloud of a tag.

    A text in which somebody is masked loses its links and stresses.

    Examples
    --------
    >>> page_without_names('<p>Составила <b>Петрова</b> А.\xa0А.</p><img alt="Схема Петровой А. А.">')
    '<p>Составила [имя удалено]</p><img alt="Схема [имя удалено]">'
    """
    parts = _BLOCKS.split(html)
    parts[::2] = map(_text, parts[::2])
    parts[1::2] = [
        _SAID.sub(_value, tag) if '="' in tag and tag[1:6] not in ("scrip", "style") else tag for tag in parts[1::2]
    ]
    return "".join(parts)


@lru_cache(maxsize=1 << 15)
def _text(html: str) -> str:
    plain = unescape(_TAG.sub("", html))
    masked = mask_shown(plain)
    return html if masked == plain else escape(masked)


def _value(said: re.Match) -> str:
    return f'{said[1]}="{_text(said[2])}"'
