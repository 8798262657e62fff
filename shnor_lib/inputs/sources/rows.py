"""From a sheet of texts to the typed rows of a table, with every cell that did not convert told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pandas as pd

from shnor_lib.inputs.dictionary import Column, Table, table
from shnor_lib.inputs.sources.persons import mask_persons, names_person
from shnor_lib.inputs.sources.problems import Found, Problem, column_letter, problems_of_rows
from shnor_lib.inputs.sources.sheets import Sheet, column_of
from shnor_lib.inputs.sources.values import allowed_for, convert
from shnor_lib.params.yaml_files import nearest

ORIGIN = {"source_file": "string", "source_sheet": "string", "source_row": "Int64"}

NAMES_ALLOWED = ("name", "short_name", "aliases", "group", "schools", "indicator")
"""Text columns in which a person's name is part of a school's name or cannot stand."""

DISTINCT_HINTS = 200
"""For so many distinct words the nearest one on the list is looked for."""

_PREFILLED = {"level", "group", "school_id", "year", "wave"}


def typed_rows(sheet: Sheet, entry: Table, year: int) -> tuple[pd.DataFrame, dict[str, str], list[Found]]:
    """Typed rows of one sheet.

    Parameters
    ----------
    year : the year of the folder; rows that state no year of their own belong to it.

    Returns
    -------
    The rows, the letters of the columns, and the problems.
    """
    columns, found = _columns(sheet, entry)
    letters = {column.name: column_letter(position) for position, column in columns.items()}
    texts = sheet.cells[list(columns)].set_axis([column.name for column in columns.values()], axis=1)
    filled = texts.notna().any(axis=1).to_numpy()
    texts = texts.loc[filled].reset_index(drop=True)
    place = {(sheet.file, sheet.name): letters}
    values = {"source_file": sheet.file, "source_sheet": sheet.name, "source_row": sheet.rows[filled], "year": year}
    wrong = {}
    for column in columns.values():
        values[column.name], wrong[column.name] = convert(column, texts[column.name])
        if column.type == "text" and column.name not in NAMES_ALLOWED:
            values[column.name], wrong[column.name] = _without_persons(values[column.name])
    if "year" in wrong:
        values["year"] = values["year"].fillna(year)
    typed = empty_rows(entry)
    rows = typed.reindex(range(len(texts))).assign(**values)
    rows = rows.astype({name: dtype for name, dtype in typed.dtypes.items() if rows[name].dtype != dtype})
    for column in columns.values():
        if wrong[column.name].any():
            offending = rows.loc[wrong[column.name]]
            if column.type == "text":
                found.append(_person_problems(offending, place, entry, column))
            else:
                found.append(_unreadable(offending, place, entry, column, texts[column.name]))
    found += _failed_cells(sheet, entry, letters)
    without_values = _prefilled(texts, entry)
    rows = rows.loc[~without_values].reset_index(drop=True)
    if without_values.any():
        found.append(
            Problem(
                "note",
                "read_row",
                f"Строк без единого значения: {without_values.sum()}",
                table=entry.name,
                file=sheet.file,
                sheet=sheet.name,
                year=year,
                allowed="пустая строка – «нет данных»",
            )
        )
    rows, without_level = _complete_levels(rows, entry, place)
    return rows, letters, found + without_level


def empty_rows(entry: Table) -> pd.DataFrame:
    """No rows of a table, with all its columns typed and the columns of origin."""
    return _empty_rows(entry.name).copy(deep=False)


@cache
def _empty_rows(name: str) -> pd.DataFrame:
    origin = {column: pd.Series(dtype=dtype) for column, dtype in ORIGIN.items()}
    return table(name).empty().assign(**origin)


def _columns(sheet: Sheet, entry: Table) -> tuple[dict[int, Column], list[Found]]:
    """Which column of the dictionary stands where, and the problems of the header."""
    columns: dict[int, Column] = {}
    problems = []
    row = len(sheet.top)
    where = {"table": entry.name, "file": sheet.file, "sheet": sheet.name}
    for position, header in enumerate(sheet.top[-1]):
        cell = f"{column_letter(position)}{row}"
        column = column_of(header, entry) if header else None
        if column and column in columns.values():
            first = next(column_letter(place) for place, known in columns.items() if known == column)
            problems.append(
                Problem(
                    "error",
                    "read_header",
                    f"Столбец «{column.label}» повторяется: столбцы {first} и {column_letter(position)}",
                    cell=cell,
                    value=header[:60],
                    allowed="каждый столбец один раз",
                    remedy="Оставьте один из столбцов.",
                    **where,
                )
            )
        elif column:
            columns[position] = column
        elif not header:
            if position in sheet.cells and sheet.cells[position].notna().any():
                problems.append(
                    Problem(
                        "warning",
                        "read_header",
                        f"Столбец {column_letter(position)} без заголовка не прочитан",
                        cell=cell,
                        allowed="заголовок из шаблона над каждым столбцом",
                        remedy="Подпишите столбец или очистите его.",
                        **where,
                    )
                )
        elif names_person(header):
            problems.append(
                Problem(
                    "warning",
                    "persons_column",
                    f"Столбец «{_short(header)}» с личными данными не прочитан",
                    cell=cell,
                    allowed="данные без имён и документов людей",
                    remedy="Удалите столбец из файла.",
                    **where,
                )
            )
        else:
            near = nearest(header, [name for known in entry.columns.values() for name in (known.name, known.label)])
            hint = near if "возможно" in near else ""
            problems.append(
                Problem(
                    "error",
                    "read_header",
                    f"Неизвестный столбец «{_short(header)}»{hint}",
                    cell=cell,
                    value=_short(header),
                    allowed=", ".join(known.label for known in entry.columns.values()),
                    remedy="Исправьте заголовок или удалите столбец.",
                    **where,
                )
            )
    missing = [column for column in entry.columns.values() if column.required and column not in columns.values()]
    problems += [
        Problem(
            "error",
            "read_header",
            f"Нет обязательного столбца «{column.label}»",
            cell=f"A{row}",
            allowed=column.meaning,
            remedy=f"Добавьте столбец «{column.label}» ({column.name}).",
            **where,
        )
        for column in missing
    ]
    return columns, problems


def _short(header: str) -> str:
    return mask_persons(pd.Series([" ".join(header.split())[:60]]))[0]


def _unreadable(rows: pd.DataFrame, place: Mapping, entry: Table, column: Column, texts: pd.Series) -> pd.DataFrame:
    texts = texts.loc[rows.index]
    return problems_of_rows(
        rows,
        place,
        severity="error",
        check="read_cell",
        table=entry.name,
        column=column.name,
        value=texts,
        text=f"«{column.label}»: значение не прочитано",
        allowed=allowed_for(column),
        remedy=_remedy_by_list(column, texts) if column.type == "choice" else _remedy_by_form(column, texts),
    )


def _remedy_by_list(column: Column, texts: pd.Series) -> pd.Series:
    """How to mend words that are not on the list: the nearest ones that are."""
    words = [word for pair in column.choices.items() for word in pair]
    hints = {text: nearest(text, words) for text in texts.unique()[:DISTINCT_HINTS]}
    near = {text: hint.replace("; ", ": ") for text, hint in hints.items() if "возможно" in hint}
    return "Выберите значение из списка" + texts.map(near).astype("string").fillna("") + "."


def _remedy_by_form(column: Column, texts: pd.Series) -> pd.Series:
    """How to mend what is no number, date or flag."""
    remedy = pd.Series("Исправьте ячейку; если данных нет, оставьте её пустой.", index=texts.index)
    remedy[texts.isin(["-", "–", "—"])] = "Если это ноль, напишите 0; если данных нет, оставьте ячейку пустой."
    if column.type in ("count", "number", "share"):
        dated = texts.str.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}")
        remedy[dated] = "Excel принял число за дату: задайте ячейке числовой формат и впишите число."
    return remedy


def _without_persons(values: pd.Series) -> tuple[pd.Series, pd.Series]:
    masked = mask_persons(values).astype("string")
    return masked, (masked != values).fillna(False).astype(bool)


def _person_problems(rows: pd.DataFrame, place: Mapping, entry: Table, column: Column) -> pd.DataFrame:
    return problems_of_rows(
        rows,
        place,
        severity="warning",
        check="persons_text",
        table=entry.name,
        column=column.name,
        value="",
        text=f"«{column.label}»: похоже на имя, телефон или документ человека; при чтении закрыто",
        allowed="роль или должность, без имён",
        remedy="Замените имя ролью, например «директор школы».",
    )


def _failed_cells(sheet: Sheet, entry: Table, letters: Mapping[str, str]) -> list[Found]:
    """Cells of formulas that gave no value; those outside the table do not matter."""
    rows = set(map(str, sheet.rows)) if sheet.failed else set()
    return [
        Problem(
            "error",
            "read_cell",
            f"В ячейке {fault}",
            table=entry.name,
            file=sheet.file,
            sheet=sheet.name,
            cell=cell,
            allowed="готовое значение",
            remedy="Откройте книгу в Excel, пересчитайте (F9) и сохраните, или впишите число.",
        )
        for cell, fault in sheet.failed.items()
        if cell.rstrip("0123456789") in letters.values() and cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") in rows
    ]


def _prefilled(texts: pd.DataFrame, entry: Table) -> pd.Series:
    """Rows that a template has filled in for a school and that then were given no value."""
    if not entry.levels or entry.name == "schools":
        return pd.Series(False, index=texts.index)
    given = [name for name in texts if name not in _PREFILLED and name not in entry.key]
    return texts[given].isna().all(axis=1)


def _complete_levels(rows: pd.DataFrame, entry: Table, place: Mapping) -> tuple[pd.DataFrame, list[Found]]:
    """Fill in the level a row does not state; rows whose level cannot be told are reported and left out."""
    if "wave" in entry.columns:
        rows["wave"] = rows["wave"].fillna("")
    if not entry.levels:
        return rows, []
    has_school, has_group = rows["school_id"].notna(), rows["group"].notna()
    level = rows["level"].mask(rows["level"].isna() & has_school, "school")
    level = level.mask(level.isna() & has_group, "group")
    faults = {
        "Не указаны ни школа, ни уровень строки": level.isna(),
        "Строка уровня «школа» без кода школы": (level == "school") & ~has_school,
        "Строка уровня «группа школ» без имени группы": (level == "group") & ~has_group,
        "У строки выше школы указан код школы": ~level.isin(["school"]) & level.notna() & has_school,
    }
    rows = rows.assign(level=level.astype("string"), group=rows["group"].fillna(""))
    wrong = pd.Series(False, index=rows.index)
    found: list[Found] = []
    for text, fault in faults.items():
        fault = fault.fillna(False).astype(bool)
        if not fault.any():
            continue
        wrong |= fault
        found.append(
            problems_of_rows(
                rows.loc[fault],
                place,
                severity="error",
                check="read_level",
                table=entry.name,
                column="school_id",
                text=text,
                allowed="код школы; или уровень выше школы без кода, для группы – с её именем",
                remedy="Заполните «Код школы» либо «Уровень» и «Группа».",
            )
        )
    return rows.loc[~wrong].reset_index(drop=True), found
