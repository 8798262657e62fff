"""The catalogue of indicators: what is known of each besides its formula, and what they are called.

Every indicator is described in ``indicators.yml``; one that needs a formula is one decorated function in a chapter of this
package besides. Its name is its id everywhere: in methods, tables, reports. A workspace adds rows of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import translate
from functools import cache, wraps
from pathlib import Path

import pandas as pd

from shnor_lib.indicators.declared import FORMULAS, Chapter, Indicator, Per, read_own_chapters, shipped_chapters
from shnor_lib.indicators.formulas import ROW, Found, column_label
from shnor_lib.inputs.dictionary import label_of, procedure_label

NUMBERS = ["value", "numerator", "denominator"]
LONG = [*ROW, "indicator", *NUMBERS, "note", "cause", "needs"]


def indicator(function: Callable[..., Found], name: str = "") -> Callable[..., pd.DataFrame]:
    """Declare the decorated function as the formula of the indicator of its name; called with frames, it gives a frame."""
    name = name or function.__name__
    if name in FORMULAS or not any(name in chapter.formulas for chapter in shipped_chapters().values()):
        raise ValueError(f"показатель {name} описан дважды, или его нет среди formulas в indicators.yml")
    FORMULAS[name] = function

    @wraps(function)
    def on_frames(*frames: pd.DataFrame) -> pd.DataFrame:
        return catalogue()[name].on(*frames)

    return on_frames


class Catalogue(Mapping[str, Indicator]):
    """Indicators by name, in the order of the chapters: those of the package, and a workspace's own.

    Examples
    --------
    >>> catalogue().label("below_minimum_rate[OGE/maths/9]")
    'Доля участников ниже минимума (ОГЭ, математика, 9 класс)'
    """

    def __init__(self, entries: Iterable[Indicator], own: Mapping[str, Chapter] | None = None):
        self._entries = {entry.name: entry for entry in entries}
        self.own = dict(own or {})

    __hash__, __eq__ = object.__hash__, object.__eq__

    def __reduce__(self) -> tuple:
        return _restored, (self.own,)

    def __getitem__(self, name: str) -> Indicator:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def of(self, name: str) -> Indicator | None:
        """The indicator of a full name (``name[part]``); ``None`` for an index of a method."""
        return self._entries.get(split_name(name)[0])

    def label(self, name: str) -> str:
        """Russian name of an indicator by its full name."""
        function, part = split_name(name)
        entry = self[function]
        return entry.label if part is None else f"{entry.label} ({part_label(entry.per, part)})"

    def unit(self, name: str) -> str:
        """Unit of an indicator by its full name; an index of a method counts as ``index``."""
        entry = self.of(name)
        return entry.unit if entry else "index"

    def shown_in(self, report: str) -> list[Indicator]:
        """Indicators whose row asks to be shown in a report."""
        return [entry for entry in self.values() if report in entry.shown_in]

    def as_frame(self) -> pd.DataFrame:
        """The catalogue as a table: name, label, unit, better, table, formula, reference.

        Examples
        --------
        >>> found = catalogue().as_frame()
        >>> found[found["table"].eq("staff") & found["label"].str.contains("мужчин")]["name"].tolist()
        ['teachers_men_rate']
        """
        columns = ["name", "label", "unit", "better", "table", "formula", "reference"]
        return pd.DataFrame([[getattr(one, column) for column in columns] for one in self.values()], columns=columns)

    def with_rows(self, chapters: Mapping[str, Chapter]) -> Catalogue:
        """The catalogue with rows of a workspace after its own."""
        if not chapters:
            return self
        own = [one for chapter in chapters.values() for one in chapter.indicators.values()]
        return Catalogue([*self.values(), *own], chapters)


@cache
def catalogue() -> Catalogue:
    """The indicators of the package."""
    import shnor_lib.indicators  # noqa: F401  the chapters declare themselves on import

    chapters = shipped_chapters().values()
    return Catalogue(one for chapter in chapters for one in (*chapter.indicators.values(), *chapter.formulas.values()))


def _restored(own: Mapping[str, Chapter]) -> Catalogue:
    """A catalogue by its own chapters; the formulas of the package are its code."""
    return catalogue().with_rows(own)


def read_catalogue(workspace: Path) -> Catalogue:
    """The indicators of the package and of the workspace's own ``params/indicators.yml``.

    Raises
    ------
    ParamsError
        When a row cannot be used; file, line and what is allowed are named.
    """
    return _restored(read_own_chapters(workspace, catalogue()))


@cache
def split_name(name: str) -> tuple[str, str | None]:
    """Split an indicator's full name into the function's name and the part in brackets.

    Examples
    --------
    >>> split_name("pass_rate[OGE/maths/9]")
    ('pass_rate', 'OGE/maths/9')
    >>> split_name("teachers_trained_3y_rate")
    ('teachers_trained_3y_rate', None)
    """
    found = re.fullmatch(r"([a-z0-9_]+)(?:\[([^\]]+)\])?", name)
    if not found:
        raise ValueError(f"«{name}» – не имя показателя; нужно имя или имя[часть]")
    return found[1], found[2]


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether the full name of an indicator fits one of the patterns (``*`` stands for anything).

    Examples
    --------
    >>> matches("mean_percent[VPR/russian/5]", ["mean_percent[VPR/*]"])
    True
    """
    return any(_expression(pattern).match(name) for pattern in patterns)


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """A pattern of full names as a regular expression; brackets are letters like any other."""
    return re.compile(translate(re.sub(r"[\[\]]", r"[\g<0>]", pattern)))


def part_label(per: Per | None, part: str) -> str:
    """Russian words for what stands in an indicator's brackets.

    Examples
    --------
    >>> part_label("stage", "basic/maths"), part_label("olympiad_stage", "regional")
    ('основное общее, математика', 'региональный')
    """
    if per in ("procedure", "exam"):
        return procedure_label(part)
    if per == "stage":
        stage, _, subject = part.partition("/")
        return ", ".join(filter(None, [label_of("stage", stage), label_of("subject", subject) if subject else ""]))
    if per == "experience":
        return column_label(f"experience_{part}").lower()
    choice = {"question": "survey_question"}.get(per, per)
    return label_of(choice, part) if choice else part


def indicator_label(name: str) -> str:
    """Russian name of an indicator of the package by its full name; the name itself of one that a workspace declared."""
    return catalogue().label(name) if catalogue().of(name) else name
