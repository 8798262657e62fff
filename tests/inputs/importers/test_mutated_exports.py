"""Exports as people hand them on, mutated by a seed: what comes in is true, the rest is told.

``MUTATED_WORKBOOKS=1000`` searches longer.
"""

import os
from random import Random

import pytest

from shnor_lib.inputs.importers import ImportRefused
from shnor_lib.inputs.sources.protocols import REFUSED
from tests.inputs.importers.exports import export, office, take, written
from tests.inputs.importers.test_ege_form import BLANK, line
from tests.inputs.importers.test_ege_form import sheet as ege_sheet
from tests.inputs.importers.test_mark_statistics import sheet as marks_sheet
from tests.inputs.importers.test_ris_gia import EGE, ege
from tests.inputs.sources.mutated import Book, Cell, Page, files_of

BOOKS = int(os.environ.get("MUTATED_WORKBOOKS", "30"))
NBSP = "\u00a0"
NAMES = ("01", "02", "03")
PAPER = {"01": "101001", "02": "101002", "03": "101003"}


def same_number(value, random):
    """The number as somebody else's program or hand writes it."""
    shown = f"{value:g}"
    return random.choice((value, shown, shown.replace(".", ","), f" {shown}{NBSP}", f"{shown} "))


def broken(value, random):
    """What stands where a number stood and is none, or is another."""
    ways = (
        f"{value:g} чел.",
        f"{value:g}*",
        f"{value:g}%",
        "#ДЕЛ/0!",
        "2021-03-05",
        "–",
        f"{value:g},000",
        10**15,
    )
    return random.choice(ways)


def put_aside(rows, random, first):
    """Blank rows among the rows, a note under them."""
    for _ in range(random.randint(0, 2)):
        rows.insert(random.randint(first, len(rows)), [])
    return [*rows, [], [random.choice(("Примечание: данные на 1 сентября", "* по данным школ"))]]


def marks_of_fis(random):
    """«Статистика по отметкам»: what is true of each school, and the sheet; shares have two digits."""
    truth, rows = {}, [["Вся выборка", 35000, 1500000, 4.5, 30.5, 45, 20], ["Регион", 600, 20000, 5, 30, 45, 20]]
    for school in NAMES:
        marks = [random.randint(0, 20) for _ in range(3)] + [random.randint(1, 20)]
        total = sum(marks)
        cells = [total, *(round(100 * mark / total, 2) for mark in marks)]
        wrong = random.random() < 0.3
        at = random.randrange(5)
        shown = [
            broken(one, random) if wrong and place == at else same_number(one, random)
            for place, one in enumerate(cells)
        ]
        if random.random() < 0.3 and not wrong:
            shown[1:] = [f"{str(one).strip()}%" for one in shown[1:]]
        rows.append([f"СОШ № {int(school)} (edu20000{int(school)})", 1, *shown])
        truth[school] = {"participants": total} | {
            f"mark_{mark}": count for mark, count in zip((2, 3, 4, 5), marks, strict=True)
        }
    return truth, marks_sheet(*put_aside(rows, random, 2), year=2021)


def form_of_ege(random):
    """«Информация о результатах ЕГЭ»: the counts of Russian of each school, without totals that could fill them in."""
    truth, rows = {}, [line("МО-26 (муниципальный округ)", "", BLANK)]
    for school in NAMES:
        values = [
            random.randint(20, 90),
            random.randint(1, 9),
            random.randint(1, 9),
            random.randint(1, 4),
            random.randint(400, 800) / 10,
        ]
        at = random.randrange(5) if random.random() < 0.4 else None
        shown = [broken(one, random) if place == at else same_number(one, random) for place, one in enumerate(values)]
        rows.append(line("", f"МБОУ СОШ № {int(school)}", shown))
        names = ("participants", "below_minimum", "score_80_plus", "score_100", "mean_score")
        truth[school] = dict(zip(names, values, strict=True)) | {"score_80_plus": values[2] + values[3]}
    return truth, ege_sheet(2021, *put_aside(rows, random, 1))


def protocol_of_ege(random):
    """РИС ГИА: scores of the persons of each school; who has no number is told and not counted."""
    truth, rows = (
        {},
        [
            ["Результаты ЕГЭ"],
            ["01 - Русский язык 2021.05.30"],
            [random.choice((str.upper, str.lower))(head) for head in EGE],
        ],
    )
    people = []
    for school in NAMES:
        scores = []
        for number in range(random.randint(3, 9)):
            score = random.randint(10, 100)
            lost = random.random() < 0.1
            people.append(
                ege(PAPER[school], f"Человек{school}{number}", 10, (broken if lost else same_number)(score, random))
            )
            scores += [] if lost else [score]
        if scores:
            truth[school] = {"participants": len(scores), "mean_score": round(sum(scores) / len(scores), 4)}
            truth[school] |= {"score_80_plus": sum(score >= 80 for score in scores)}
    random.shuffle(people)
    return truth, put_aside(rows + people, random, 3)


def saved(kind, sheets, random):
    """The export in another format; a text is its last sheet alone."""
    pages = [Page(name, [[Cell(one) for one in row] for row in rows]) for name, rows in sheets.items()]
    [content] = files_of(Book(pages[-1:] if kind == "csv" else pages), kind, random).values()
    return content


@pytest.mark.parametrize("made", [marks_of_fis, form_of_ege, protocol_of_ege])
def test_what_comes_in_of_a_mutated_export_is_true_and_the_rest_is_told(made, tmp_path):
    right = 0
    for seed in range(BOOKS):
        random = Random(seed)
        truth, rows = made(random)
        folder = tmp_path / str(seed)
        workspace = office(folder)
        (workspace / "data/raw/demo/2021/schools.csv").write_text(
            "Код школы;Краткое название;Другие коды\n"
            + "".join(f"{one};СОШ № {int(one)};edu20000{int(one)}, {PAPER[one]}\n" for one in NAMES),
            encoding="utf-8",
        )
        sheets = {"Лист1": [["Черновик"]], "Свод": rows} if random.random() < 0.3 else {"Свод": rows}
        kind = "xlsx" if seed % 3 else random.choice(("csv", "ods", "xls", "xlsb"))
        path = export(folder, f"выгрузка.{kind}", **sheets)
        if kind != "xlsx":
            path.write_bytes(saved(kind, sheets, random))
        try:
            imported = take(workspace, path, year=2021)
        except ImportRefused:
            continue
        refused = " ".join(one.text for one in imported.lines if one.record == REFUSED)
        year = 2021
        found = written(workspace, "exam_results", year)
        found = found[found["school_id"].notna()].set_index("school_id")
        for school, values in truth.items():
            told = any(name in refused for name in (f"№ {int(school)},", f"edu20000{int(school)}", PAPER[school]))
            assert school in found.index or told, (seed, school, refused)
            for name, value in values.items() if school in found.index else ():
                text = found.loc[school, name]
                if isinstance(text, str):
                    assert float(text) == pytest.approx(value), (seed, school, name, rows)
                    right += 1
                else:
                    assert told, (seed, school, name, refused)
    assert right > BOOKS * 4
