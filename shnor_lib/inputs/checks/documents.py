"""Checks of the documents: what a source claims against what it holds, and answers that contradict each other."""

from __future__ import annotations

import pandas as pd

from shnor_lib.inputs.checks.registry import check, rows_found
from shnor_lib.inputs.dictionary import label_of, table
from shnor_lib.inputs.sources import Inputs
from shnor_lib.inputs.sources.problems import Problem, join_problems


@check("Примечания к источникам")
def check_source_remark(inputs: Inputs, year: int) -> pd.DataFrame:
    """Remarks that those who entered the data left in SOURCES.yml."""
    return join_problems(
        Problem(
            "note",
            "",
            remark,
            table=source.tables[0] if len(source.tables) == 1 else "",
            file=source.file,
            year=source.year,
        )
        for source in inputs.sources.itertuples()
        for remark in source.remarks
    )


@check("Указано, опубликованы данные или демонстрационные, и они не смешаны")
def check_source_kind(inputs: Inputs, year: int) -> pd.DataFrame:
    """Files of unstated kind, and offices where demonstration figures stand beside published ones."""
    sources = inputs.sources
    told = inputs.problems.loc[inputs.problems["check"] == "read_sources", "year"]  # no SOURCES.yml, or a wrong one
    unstated = sources.loc[sources["kind"].isna() & ~sources["year"].isin(told)]
    mixed = sources.loc[(sources["kind"] == "demonstration") & (sources["kind"].nunique() > 1)]
    return join_problems(
        [
            *(
                Problem(
                    "warning",
                    "",
                    "Не указано, опубликованы данные или демонстрационные",
                    file=source.file,
                    year=source.year,
                    allowed="kind: published или kind: demonstration",
                    remedy="Укажите kind в SOURCES.yml.",
                )
                for source in unstated.itertuples()
            ),
            *(
                Problem(
                    "warning",
                    "",
                    "Демонстрационные данные смешаны с опубликованными",
                    file=source.file,
                    year=source.year,
                    allowed="у одного муниципалитета – данные одного вида",
                    remedy="Перенесите демонстрационные файлы в другую рабочую папку.",
                )
                for source in mixed.itertuples()
            ),
        ]
    )


@check("Документ содержит те годы, которые заявляет")
def check_source_stated_years(inputs: Inputs, year: int) -> pd.DataFrame:
    """Documents that claim to cover other years than their rows do."""
    found = []
    for source in inputs.sources.itertuples():
        for name in source.tables:
            rows = inputs.tables[name]
            stated = sorted(source.stated_years)
            held = sorted(rows.loc[rows["source_file"] == source.file, "year"].unique().tolist())
            if stated and held and table(name).years and held != stated:
                found.append(
                    Problem(
                        "warning",
                        "",
                        f"Документ заявляет годы {_listed(stated)}; в таблице – {_listed(held)}",
                        table=name,
                        file=source.file,
                        year=source.year,
                        value=_listed(held),
                        allowed=_listed(stated),
                        remedy="Уточните у составителя документа, за какие годы приведены данные.",
                    )
                )
    return join_problems(found)


@check("Ответы на один вопрос опроса не расходятся", "survey")
def check_survey_contradicts(inputs: Inputs, year: int) -> pd.DataFrame:
    """Different answers to one question about the same schools in two places of the source."""
    survey = inputs.tables["survey"]
    key = ["level", "group", "school_id", "year", "question"]
    grouped = survey.groupby(key, dropna=False, sort=False)
    differ = (grouped["answer"].transform("nunique") > 1) | (grouped["schools_yes"].transform("nunique") > 1)
    found = []
    for _, rows in survey.loc[differ].groupby(key, dropna=False, sort=False):
        last = rows.iloc[-1]
        answers = ", ".join(
            _answer(*row) for row in rows[["answer", "schools_yes", "place"]].itertuples(index=False, name=None)
        )
        question = label_of("survey_question", last["question"]) + (f" – {last['group']}" if last["group"] else "")
        found.append(
            rows_found(
                inputs,
                "survey",
                pd.Series(True, index=[last.name]),
                f"Ответы на вопрос «{question}» расходятся: {answers}",
                column="answer",
                allowed="один ответ",
                remedy="Уточните ответ у школы или составителя документа и оставьте верный.",
            )
        )
    return join_problems(found)


def _answer(answer: object, schools_yes: object, place: object) -> str:
    if pd.notna(answer):
        words = "«да»" if answer else "«нет»"
    else:
        words = "нет ответа" if pd.isna(schools_yes) else f"«да» – школ: {schools_yes:g}"
    return words if pd.isna(place) else f"{words} ({place})"


def _listed(years: list[int]) -> str:
    return ", ".join(str(int(one)) for one in years)
