"""Checks of the documents: what a source claims against what it holds, and answers that contradict each other."""

from __future__ import annotations

import pandas as pd

from shnor_lib.checks.registry import check, rows_found
from shnor_lib.sources import Inputs
from shnor_lib.sources.problems import Problem, join_problems
from shnor_lib.tables import label_of, table


@check("Примечания к источникам")
def check_source_remark(inputs: Inputs, year: int) -> pd.DataFrame:
    """Remarks that those who entered the data left in SOURCES.yml."""
    sources = inputs.sources
    return join_problems(
        Problem("note", "", remark, table=_only(tables), file=file, year=folder, allowed=document or "")
        for file, tables, document, folder, remarks in zip(
            sources["file"], sources["tables"], sources["document"].fillna(""), sources["year"], sources["remarks"], strict=True
        )
        for remark in remarks
    )


@check("Указано, опубликованы данные или демонстрационные, и они не смешаны")
def check_source_kind(inputs: Inputs, year: int) -> pd.DataFrame:
    """Files of unstated kind, and offices where demonstration figures stand beside published ones."""
    sources = inputs.sources
    told = inputs.problems.loc[inputs.problems["check"] == "read_sources", "year"]  # no SOURCES.yml, or a wrong one
    unstated = sources.loc[sources["kind"].isna() & ~sources["year"].isin(told), ["file", "year"]]
    found = [
        Problem(
            "warning", "", "Не указано, опубликованы данные или демонстрационные", file=file, year=folder,
            allowed="kind: published или kind: demonstration", remedy="Укажите kind в SOURCES.yml.",
        )
        for file, folder in unstated.itertuples(index=False)
    ]  # fmt: skip
    if sources["kind"].nunique() > 1:
        found += [
            Problem(
                "warning", "", "Демонстрационные данные смешаны с опубликованными", file=file, year=folder,
                allowed="в одной папке – данные одного вида", remedy="Перенесите демонстрационные файлы в другую рабочую папку.",
            )
            for file, folder in sources.loc[sources["kind"] == "demonstration", ["file", "year"]].itertuples(index=False)
        ]  # fmt: skip
    return join_problems(found)


@check("Документ содержит те годы, которые заявляет")
def check_source_stated_years(inputs: Inputs, year: int) -> pd.DataFrame:
    """Documents that claim to cover other years than their rows do."""
    found = []
    for source in inputs.sources.itertuples():
        stated = sorted(source.stated_years)
        for name in source.tables if stated else ():
            rows = inputs.tables[name]
            years = sorted(rows.loc[rows["source_file"] == source.file, "year"].dropna().unique().tolist())
            if table(name).years and years and years != stated:
                found.append(
                    Problem(
                        "warning", "", f"Документ заявляет годы {_listed(stated)}; в таблице – {_listed(years)}", table=name,
                        file=source.file, year=source.year, value=_listed(years), allowed=_listed(stated),
                        remedy="Уточните у составителя документа, за какие годы приведены данные.",
                    )
                )  # fmt: skip
    return join_problems(found)


@check("Ответы на один вопрос опроса не расходятся", "survey")
def check_survey_contradicts(inputs: Inputs, year: int) -> pd.DataFrame:
    """Different answers to one question about the same schools in two places of the source."""
    survey = inputs.tables["survey"]
    key = ["level", "group", "school_id", "year", "question"]
    grouped = survey.groupby(key, dropna=False, sort=False)
    several = (grouped["answer"].transform("nunique") > 1) | (grouped["schools_yes"].transform("nunique") > 1)
    found = []
    for (*_, question), rows in survey.loc[several].groupby(key, dropna=False, sort=False):
        answers = ", ".join(
            f"«{_answer(answer, count)}»" + (f" ({place})" if pd.notna(place) else "")
            for answer, count, place in zip(rows["answer"], rows["schools_yes"], rows["place"], strict=True)
        )
        group = rows["group"].iloc[0]
        found.append(
            rows_found(
                inputs, "survey", rows.iloc[[-1]], f"Ответы на вопрос «{label_of('survey_question', question)}»" +
                (f" ({group})" if group else "") + f" расходятся: {answers}", column="answer",
                allowed="один ответ", remedy="Уточните ответ у школы или составителя документа и оставьте верный.",
            )
        )  # fmt: skip
    return join_problems(found)


def _answer(answer: object, schools_yes: object) -> str:
    if pd.notna(answer):
        return "да" if answer else "нет"
    return "нет ответа" if pd.isna(schools_yes) else f"«да» у {schools_yes:g} школ"


def _only(tables: tuple[str, ...]) -> str:
    return tables[0] if len(tables) == 1 else ""


def _listed(years: list[int]) -> str:
    return ", ".join(str(int(one)) for one in years)
