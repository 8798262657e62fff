"""Forms that came back from schools become the tables of an office: what came from whom, what is missing, what conflicts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from shnor_lib.inputs.checks import problems_found
from shnor_lib.inputs.dictionary import Table, table
from shnor_lib.inputs.faults import checks_in_words
from shnor_lib.inputs.importers.canonical import Resolution, Values, key_of, same, text_of, values_of
from shnor_lib.inputs.importers.delivery import Delivery, Incoming, incoming, merge_tables, open_delivery
from shnor_lib.inputs.importers.extract import ImportRefused
from shnor_lib.inputs.importers.opening import WORKBOOKS, read_bytes, shown_name
from shnor_lib.inputs.importers.source_entries import Entry
from shnor_lib.inputs.sources import Inputs, joined, limits
from shnor_lib.inputs.sources.problems import Problem, problems_frame
from shnor_lib.inputs.sources.protocols import BETWEEN, COLLECT_PROTOCOL, TAKEN, Line, read_protocol, taken_before
from shnor_lib.inputs.sources.rows import PREFILLED, Typed, frame_of, typed_rows
from shnor_lib.inputs.sources.sheets import Sheet, column_of
from shnor_lib.inputs.sources.workbooks import read_workbook
from shnor_lib.inputs.template import CONSTANT, tables_of_form
from shnor_lib.params.persons import mask_person

LABEL = "Форма школы"
DOCUMENT = "Формы, заполненные школами"
NAMED, NO_FORM, EMPTY = "школы", "нет формы", "не заполнено"
CAME_BEFORE = "в этот раз нет формы, прежняя собрана"
OF_SCHOOLS = (NAMED, TAKEN, NO_FORM, CAME_BEFORE)
"""Records of the protocol whose text is the codes of schools."""
ASKED = tables_of_form()
"""Tables of the form."""


@dataclass
class Form:
    """One returned workbook.

    Attributes
    ----------
    schools : the schools whose rows it holds.
    rows : by table, the rows with the code of their school.
    faults : why it is left out: what, where.
    remarks : what was noticed: warnings of the readers, rows dropped.
    """

    name: str
    sha256: str
    schools: list[str] = field(default_factory=list)
    rows: dict[str, list[Values]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def collect_forms(
    workspace: Path, municipality: str, year: int, folder: Path, *, resolution: Resolution = "refuse"
) -> Incoming:
    """Merge the forms of a folder into the tables of an office and year.

    A form with errors is left out; of a school that came twice with different values nothing is taken. The protocol keeps what
    earlier forms brought, those of the same name too.

    Parameters
    ----------
    folder : where the returned workbooks lie.

    Raises
    ------
    ImportRefused
        When the folder holds no workbook.
    """
    delivery = open_delivery(workspace, municipality, year)
    paths = _workbooks(folder)
    forms = [read_form(path, delivery) for path in paths]
    conflicts = conflicting_schools(forms, year)
    taken = [form for form in forms if not form.faults]
    new: dict[str, dict[tuple, tuple[str, Values]]] = {}  # of rows that forms repeat word for word the first
    for form in taken:
        for name, rows in form.rows.items():
            for values in rows:
                if values["school_id"] not in conflicts:
                    new.setdefault(name, {}).setdefault(key_of(table(name), values, year), (form.name, values))
    earlier = read_protocol(delivery.bytes_of(COLLECT_PROTOCOL))
    read = {form.name: form.sha256 for form in forms}
    again = taken_before(earlier, {form.name: form.sha256 for form in taken})
    earlier = [line for line in earlier if line.file and line.sha256 != read.get(line.file)]
    merges = merge_tables(delivery, {name: list(rows.values()) for name, rows in new.items()}, resolution, again)
    lines = [line for form in forms for line in _lines_of(form, conflicts)]
    lines += _missing(delivery, forms, conflicts, earlier)
    left_out = any(form.faults for form in forms) or bool(conflicts)
    remark = f"Собрано из форм школ; кто что прислал – в {COLLECT_PROTOCOL}"
    return incoming(
        delivery,
        merges,
        lines,
        resolution,
        protocol=COLLECT_PROTOCOL,
        earlier=earlier,
        lasting=(TAKEN,),
        document=DOCUMENT,
        entries={f"{name}.csv": Entry(DOCUMENT, [remark]) for name in merges},
        left_out=left_out,
    )


def _workbooks(folder: Path) -> list[Path]:
    files = (path for path in folder.iterdir() if not path.name.startswith(("~$", ".")))
    paths = sorted(path for path in files if path.suffix.lower() in WORKBOOKS)
    if not paths:
        raise ImportRefused(f"в папке {folder.name} нет книг .xlsx.", "положите в неё возвращённые формы.")
    if len(paths) > limits.MAX_FILES:
        raise ImportRefused(f"в папке {len(paths)} книг.", f"оставьте не более {limits.MAX_FILES}.")
    return paths


def read_form(path: Path, delivery: Delivery) -> Form:
    """Read a returned form; what is wrong with it becomes its faults, each with sheet and cell."""
    name = shown_name(path)
    try:
        data = read_bytes(path)
    except ImportRefused as refusal:
        return Form(name, "", faults=[refusal.cause])
    form = Form(name, hashlib.sha256(data).hexdigest())
    sheets, found = read_workbook(data, name)
    own_code = _only_code(sheets)
    reports: dict[str, list[Typed]] = {}
    for entry, sheet in sheets:
        if entry.name not in ASKED:
            if any(map(any, sheet.cells)):
                form.remarks.append(f"лист «{entry.label}» не из формы школы, не взят")
            continue
        if own_code is not None:
            sheet = _with_code(sheet, entry, own_code)
        typed = typed_rows(sheet, entry, delivery.year)
        found += typed.problems
        if entry.of_schools:
            reports.setdefault(entry.name, []).append(typed)
        _take(form, typed, delivery)
    found += _reports_checked(name, reports, found, delivery)
    for problem in found:
        place = " ".join(text for text in (problem.sheet, problem.cell) if text)
        text = f"{place}: {problem.problem} – {problem.remedy}"
        if problem.severity != "note":
            (form.faults if problem.severity == "error" else form.remarks).append(text)
    form.schools.sort()
    if not _is_filled(form) and not form.faults:
        form.faults.append("форма не заполнена: сверх вписанного заранее в ней ничего нет")
    return form


def _reports_checked(
    name: str, reports: Mapping[str, Sequence[Typed]], told: Sequence[Problem], delivery: Delivery
) -> list[Problem]:
    """What is wrong with the reports of a form, beside what is ``told`` of its cells alone: the checks of these tables."""
    tables = {
        one: frame_of(table(one), joined(table(one), [typed.columns for typed in parts]))
        for one, parts in reports.items()
    }
    headers = {(name, typed.sheet): typed.letters for parts in reports.values() for typed in parts}
    measures = delivery.inputs.tables["measures"]
    inputs = Inputs({"measures": measures, **tables}, problems=problems_frame(told), headers=headers)
    checks = [one for one, words in checks_in_words().items() if words.table in reports]
    found = [problems_found(one, inputs, delivery.year) for one in ("table_required", "table_duplicates", *checks)]
    return [one for problems in found for one in problems if one.file == name]


def _is_filled(form: Form) -> bool:
    """Whether anything stands in a form beside what the template filled in."""
    return any(
        name != "schools" or not set(values) <= {"school_id", *CONSTANT}
        for name, rows in form.rows.items()
        for values in rows
    )


def _only_code(sheets: Sequence[tuple[Table, Sheet]]) -> str | None:
    """The code of the school on the sheet «Школы», when one stands there."""
    for entry, sheet in sheets:
        place = _school_column(entry, sheet)
        if entry.name == "schools" and place is not None:
            codes = set(sheet.cells[place]) - {None}
            return codes.pop() if len(codes) == 1 else None
    return None


def _school_column(entry: Table, sheet: Sheet) -> int | None:
    heads = [column_of(text, entry) if text else None for text in sheet.top[-1]]
    return next((place for place, column in enumerate(heads) if column and column.name == "school_id"), None)


def _with_code(sheet: Sheet, entry: Table, code: str) -> Sheet:
    """The sheet with the school's code in every filled row that leaves it out."""
    place = _school_column(entry, sheet)
    if place is None:
        return sheet
    filled = map(any, zip(*sheet.cells, strict=True))
    codes = [own or (code if any_cell else None) for own, any_cell in zip(sheet.cells[place], filled, strict=True)]
    return replace(sheet, cells=[codes if one == place else cells for one, cells in enumerate(sheet.cells)])


def _take(form: Form, typed: Typed, delivery: Delivery) -> None:
    """Rows of a table with the code of the register; rows above the school are not a school's to fill in."""
    entry = typed.entry
    rows = values_of(entry, typed.columns, delivery.year)
    above = sum(values.get("level", "school") != "school" for values in rows)
    if above:
        form.remarks.append(f"лист «{entry.label}»: строк выше школы не взято – {above}")
    codes = {str(values["school_id"]) for values in rows if "school_id" in values}
    known = {code: delivery.schools.find(code) for code in codes}
    unknown, any_known = set(), bool(delivery.school_ids)
    for values in rows:
        if "level" in values or set(values) <= {*PREFILLED, *entry.key}:
            continue
        if "school_id" not in values:
            form.faults.append(f"лист «{entry.label}»: код школы не указан")
            continue
        code = str(values["school_id"])
        if known[code] is None and any_known:
            unknown.add(code)
            continue
        school = known[code] or code
        form.rows.setdefault(entry.name, []).append({**values, "school_id": school})
        if school not in form.schools:
            form.schools.append(school)
    shown = {f"кода «{mask_person(code)[:40]}» нет в реестре школ" for code in unknown}
    form.faults += sorted(shown - set(form.faults))


def conflicting_schools(forms: Sequence[Form], year: int) -> dict[str, list[str]]:
    """Schools of which several forms (or rows) state different values, and which values these are."""
    seen: dict[tuple[str, tuple], tuple[str, Values]] = {}
    conflicts: dict[str, list[str]] = {}
    rows = ((form, table(name), values) for form in forms for name, rows in form.rows.items() for values in rows)
    for form, entry, values in rows:
        if form.faults:
            continue
        other, earlier = seen.setdefault((entry.name, key_of(entry, values, year)), (form.name, values))
        for column in sorted({*earlier, *values}):
            before, now = earlier.get(column), values.get(column)
            if not same(before, now):
                stated = f"{text_of(before) or 'пусто'} ({other}), {text_of(now) or 'пусто'} ({form.name})"
                told = f"{entry.label}, {entry.columns[column].label}: {stated}"
                conflicts.setdefault(str(values["school_id"]), []).append(told)
    return conflicts


def _lines_of(form: Form, conflicts: Mapping[str, list[str]]) -> list[Line]:
    def line(record: str, text: str, count: str = "", name: str = "") -> Line:
        return Line(form.name, form.sha256, LABEL, "", name, record, count, text)

    lines = [line(NAMED, BETWEEN.join(form.schools) or "не названы", str(len(form.schools)))]
    lines += [line("не взята", fault) for fault in form.faults]
    lines += [line("замечание", remark) for remark in form.remarks]
    if form.faults:
        return lines
    for name, rows in sorted(form.rows.items()):
        owners = sorted({str(values["school_id"]) for values in rows} - set(conflicts))
        if owners:
            lines.append(line(TAKEN, BETWEEN.join(owners), str(len(rows)), name))
    for school in form.schools:
        lines += [line("расхождение", f"{school}: {text}") for text in conflicts.get(school, []) if form.name in text]
    empty = [table(name).label for name in ASKED if name not in form.rows]
    if empty:
        lines.append(line(EMPTY, BETWEEN.join(empty), str(len(empty))))
    return lines


def _missing(
    delivery: Delivery, forms: Sequence[Form], conflicts: Mapping[str, list[str]], earlier: Sequence[Line]
) -> list[Line]:
    """Schools of the register that no form is of, those apart that an earlier protocol has one of."""
    came = {school for form in forms for school in form.schools}
    before = {school for line in earlier if line.record == TAKEN for school in line.text.split(BETWEEN)}
    absent = [school for school in delivery.school_ids if school not in came]
    told = [(CAME_BEFORE if school in before else NO_FORM, school) for school in absent]
    told += [("ничего не взято: формы расходятся", school) for school in sorted(conflicts)]
    return [Line("", "", LABEL, "", "", record, "1", school) for record, school in told]
