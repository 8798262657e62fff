"""The closed lists of words that stand in cells and charts for verdicts and comparisons.

A reader who prints in grey, or cannot tell red from green, reads the word; the mark repeats it by shape and the
colour comes last. Each list maps the code used in tables of data to its `Word`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shnor_lib.inputs.own import CATEGORY_WORDS
from shnor_lib.pages.numbers import NBSP
from shnor_lib.params.yaml_files import Strict, read_yaml


@dataclass(frozen=True)
class Word:
    """What a code is called, the shape that repeats it, and how strongly a cell is tinted."""

    text: str
    mark: str
    tone: str

    def __str__(self) -> str:
        text = self.text.replace("не ", f"не{NBSP}")
        return f"{self.mark}{NBSP}{text}" if self.mark else text


class _Categories(Mapping[str, str]):
    """The abbreviation of every category, as the method of the office has it."""

    def __getitem__(self, category: str) -> str:
        return CATEGORY_WORDS[category].abbreviation

    def __iter__(self) -> Iterator[str]:
        return iter(CATEGORY_WORDS)

    def __len__(self) -> int:
        return len(CATEGORY_WORDS)


CATEGORIES = _Categories()
"""The categories of schools as the documents call them."""

FORMATS = {
    "rate": "percent",
    "flag": "count",
    "percent": "score",
    "score": "score",
    "index": "score",
    "count": "count",
    "number": "number",
}
"""How the numbers of each unit are printed: unit of the catalogue to format of a column."""


class WordsFile(Strict):
    """`words.yml`: list -> code -> its word, mark and tone."""

    words: dict[str, dict[str, tuple[str, str, Literal["strong", "medium", "plain", "faint"]]]]


WORDS: dict[str, dict[str, Word]] = {
    name: {code: Word(*parts) for code, parts in known.items()}
    for name, known in read_yaml(Path(__file__).with_name("words.yml"), WordsFile, "pages/words.yml").words.items()
}


def word(vocabulary: str, code: str) -> Word:
    """The word for a code.

    >>> str(word("comparison", "same"))
    '○\\xa0не\\xa0отличается'

    Raises
    ------
    KeyError
        For a list or a code that does not exist, naming those that do.
    """
    if vocabulary not in WORDS:
        raise KeyError(f"Нет списка слов «{vocabulary}»; есть: {', '.join(WORDS)} (pages/words.yml).")
    if code not in WORDS[vocabulary]:
        raise KeyError(
            f"В списке слов «{vocabulary}» нет кода {code!r}; есть: {', '.join(WORDS[vocabulary])} (pages/words.yml)."
        )
    return WORDS[vocabulary][code]
