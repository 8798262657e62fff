"""Minima of ЕГЭ and scales of ВПР: dated parameters with their source, in ``scales.yml``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import Field

from shnor_lib.params.yaml_files import Strict, parse_yaml, read_yaml


class VprScale(Strict):
    """First primary score of each mark, and the maximum."""

    subject: str
    grade: int = Field(ge=1, le=11)
    mark_3: int
    mark_4: int
    mark_5: int
    maximum: int

    def mark(self, score: float) -> int:
        """Mark of a primary score.

        Examples
        --------
        >>> scale = VprScale(subject="maths", grade=4, mark_3=6, mark_4=10, mark_5=15, maximum=20)
        >>> [scale.mark(score) for score in (5, 6, 14, 15)]
        [2, 3, 4, 5]
        """
        return 2 + (score >= self.mark_3) + (score >= self.mark_4) + (score >= self.mark_5)


class Years(Strict):
    """The years something was in force, and where that stands."""

    years: tuple[int, ...]
    source: str


class VprYears(Years):
    """Scales of some years."""

    scales: tuple[VprScale, ...]


class EgeYears(Years):
    """Minima of some years."""

    minima: dict[str, int]


class Scales(Strict):
    """All minima and scales; of several that fit the first counts."""

    ege_minima: tuple[EgeYears, ...] = ()
    vpr_scales: tuple[VprYears, ...] = ()

    def ege_minimum(self, subject: str, year: int) -> int | None:
        """Least test score that passes."""
        of_year = (row.minima.get(subject) for row in self.ege_minima if year in row.years)
        return next((minimum for minimum in of_year if minimum is not None), None)

    def vpr_scale(self, subject: str, grade: int, year: int) -> tuple[VprScale, str] | None:
        """Scale of a work, and its source."""
        of_year = ((scale, row.source) for row in self.vpr_scales if year in row.years for scale in row.scales)
        return next((found for found in of_year if (found[0].subject, found[0].grade) == (subject, grade)), None)


@cache
def shipped_scales() -> Scales:
    """The scales that ship with the package."""
    data = files("shnor_lib.inputs.importers").joinpath("scales.yml").read_bytes()
    return parse_yaml(data, Scales, "scales.yml")


def read_scales(path: Path | None = None) -> Scales:
    """The scales that ship, those of a file before them.

    Raises :class:`ParamsError` when the file is not as ``scales.yml`` is.
    """
    shipped = shipped_scales()
    if path is None:
        return shipped
    own = read_yaml(path, Scales, path.name)
    return Scales(ege_minima=(*own.ege_minima, *shipped.ege_minima), vpr_scales=(*own.vpr_scales, *shipped.vpr_scales))
