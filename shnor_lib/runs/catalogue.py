"""The reports: every notebook named ``NN_name.ipynb`` is one, and the tables it cannot do without are declared here."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shnor_lib.office.fingerprint import digest
from shnor_lib.workspace import SCHOOLS_REPORT, report_notebooks

REGION_REPORT = "05_region"
READS_REGION = frozenset({"60_robustness"})
"""Reports of an office that also look at the other offices of its region."""
PARAMETERS = ("municipality", "year", "audience")
REGION_PARAMETERS = ("region", "year", "audience")

_SCHOOLS = "schools"
_RESULTS = ("exam_results", "low_procedures", "learning_marks", "progression", "olympiads", "published_indicators")
_CONDITIONS = ("conditions", "social_context", "staff", "resources", "survey", "published_indicators", "low_procedures")

_SUPPORT = ("measures", "exchange_events", "partnerships", "professional_deficits")


@dataclass(frozen=True)
class Need:
    """Rows a report cannot do without: of any level in any of the tables, or of named schools in any of others."""

    any_level: tuple[str, ...] = ()
    of_schools: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """All of the tables, each once."""
        return tuple(dict.fromkeys((*self.any_level, *self.of_schools)))

    def is_met(self, rows: Mapping[str, Mapping[str, int]]) -> bool:
        """Whether there are such rows.

        Parameters
        ----------
        rows : by table, the number of rows and how many of them are of schools: ``{"staff": {"rows": 9, "schools": 7}}``.

        Examples
        --------
        >>> Need(of_schools=("staff",)).is_met({"staff": {"rows": 2, "schools": 0}})
        False
        """
        wanted = (("rows", self.any_level), ("schools", self.of_schools))
        return any(rows.get(table, {}).get(kind, 0) for kind, tables in wanted for table in tables)


NAMED_SCHOOLS = Need(of_schools=(_SCHOOLS,))

NEEDS: dict[str, tuple[Need, ...]] = {
    "00_overview": (),
    "10_data_quality": (),
    "20_results": (Need(_RESULTS),),
    "30_objectivity": (Need(("mark_comparison", "exam_results")),),
    "40_context_risks": (Need((*_CONDITIONS, "risk_profile")),),
    "50_identification": (NAMED_SCHOOLS,),
    "60_robustness": (NAMED_SCHOOLS, Need(of_schools=_RESULTS + _CONDITIONS)),
    "70_dynamics": (Need(_RESULTS),),
    "80_targets": (Need((*_RESULTS, *_CONDITIONS, "measures")),),
    "85_effectiveness": (Need(("measures", "partnerships")),),
    "90_support_plan": (Need(_SUPPORT, of_schools=_RESULTS + _CONDITIONS),),
    SCHOOLS_REPORT: (NAMED_SCHOOLS,),
    "99_method": (),
}
"""What each report needs; all of its needs must be met. A notebook that is not named here needs nothing."""


class NotebookError(ValueError):
    """A notebook that cannot be a report, and what to mend in it."""


@dataclass(frozen=True)
class Report:
    """A notebook that is run for every office and year.

    Attributes
    ----------
    report : id, also the name of the page: ``50_identification``.
    title, question : the heading of the notebook's first cell and the text under it.
    sha256 : of the notebook file.
    problem : why it cannot be run; empty when it can.
    """

    report: str
    path: Path
    title: str
    question: str
    sha256: str
    problem: str = ""

    def missing_tables(self, rows: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
        """Names of the tables the report waits for: of each need that is not met."""
        unmet = [need for need in NEEDS.get(self.report, ()) if not need.is_met(rows)]
        return tuple(dict.fromkeys(table for need in unmet for table in need.tables))


def offered_reports(workspace: Path) -> dict[str, Report]:
    """Every report by id, in order, that of regions included."""
    return {name: read_report(path) for name, path in report_notebooks(workspace).items()}


def read_report(path: Path) -> Report:
    """The report of a notebook file; one that cannot be run says so in ``problem`` instead of stopping the others."""
    content = path.read_bytes()
    title, question, problem = path.stem, "", ""
    try:
        cells = json.loads(content)["cells"]
        title, question = _heading(cells) or (path.stem, "")
        check_parameters(cells, path.name, REGION_PARAMETERS if path.stem == REGION_REPORT else PARAMETERS)
    except NotebookError as error:
        problem = str(error)
    except (ValueError, KeyError, TypeError):
        problem = f"{path.name} – не блокнот Jupyter"
    return Report(path.stem, path, title, question, digest(content), problem)


def _heading(cells: list[dict]) -> tuple[str, str] | None:
    for cell in cells:
        if cell["cell_type"] == "markdown":
            title, _, rest = _source(cell).strip().partition("\n")
            return title.lstrip("# ").strip(), rest.strip()
    return None


def _source(cell: dict) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def check_parameters(cells: list[dict], name: str, parameters: tuple[str, ...]) -> None:
    """Refuse a notebook whose parameters papermill would silently ignore.

    Raises
    ------
    NotebookError
        When there is not exactly one cell tagged ``parameters``, or it does not assign every parameter of a run.
    """
    tagged = [cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", ())]
    if len(tagged) != 1:
        raise NotebookError(
            f"В блокноте {name} ячеек с меткой parameters – {len(tagged)}, а нужна одна: "
            f"papermill подставит в неё {', '.join(parameters)}"
        )
    try:
        statements = ast.parse(_source(tagged[0])).body
    except SyntaxError as error:
        raise NotebookError(f"В блокноте {name} ячейка parameters не читается, строка {error.lineno}") from None
    assigned = {
        target.id
        for statement in statements
        for target in (getattr(statement, "targets", None) or [getattr(statement, "target", None)])
        if isinstance(target, ast.Name)
    }
    absent = [parameter for parameter in parameters if parameter not in assigned]
    if absent:
        raise NotebookError(f"В блокноте {name} ячейка parameters не задаёт {', '.join(absent)}")
