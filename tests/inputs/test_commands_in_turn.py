"""Commands that write, typed one after another on an office whose register is a workbook: `check` is no worse after any of them."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from shnor_lib.cli import main
from shnor_lib.inputs.template import FIRST
from shnor_lib.runs.statuses import Exit
from tests.inputs.importers.exports import export
from tests.inputs.importers.test_ris_gia import EGE, ege
from tests.inputs.sources.delivery import book
from tests.inputs.test_template import columns_of

OFFICE, YEAR = "sosnovka", 2021
SCHOOLS = [["Код школы", "Краткое название", "Вид школы", "Обучающиеся", "Старший класс", "Другие коды"]]
SCHOOLS += [[f"{one:02d}", f"СОШ № {one}", "СОШ", 200 + one, 11, f"10100{one}"] for one in (1, 2, 3)]


class Typed:
    """An office in the making: what is typed, and what `check` says after it."""

    def __init__(self, root: Path) -> None:
        self.root, self.workspace = root, root / "w"
        for name in ("params", "data"):
            (self.workspace / name).mkdir(parents=True)

    def shnor(self, *arguments):
        result = CliRunner().invoke(main, ["--workspace", str(self.workspace), *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def folder(self, year=YEAR):
        return self.workspace / "data" / "raw" / OFFICE / str(year)

    def told(self, year=YEAR):
        """Errors and warnings of `check` with their places, and how it ends."""
        result = self.shnor("check", "-m", OFFICE, "-y", year, "--format", "csv")
        rows = csv.DictReader(io.StringIO(result.stdout.lstrip("\ufeff")))
        grave = {
            (one["severity"], one["check"], one["table"], one["problem"]) for one in rows if one["severity"] != "note"
        }
        return grave, result.exit_code

    def does_no_harm(self, *arguments, year=YEAR, ends=Exit.DONE):
        """Type a command; `check` finds nothing that it did not find before, and ends no worse."""
        before, code = self.told(year)
        result = self.shnor(*arguments)
        assert result.exit_code == ends, result.output
        after, code_after = self.told(year)
        assert after <= before, (arguments, after - before)
        assert code_after <= code
        return result


@pytest.fixture
def office(tmp_path):
    office = Typed(tmp_path)
    assert office.shnor("new", OFFICE, "-y", YEAR).exit_code == Exit.DONE
    (office.folder() / "Школы.xlsx").write_bytes(book(Школы=SCHOOLS))
    return office


def fill(path: Path, title: str, *rows: dict[str, object]) -> None:
    workbook = openpyxl.load_workbook(path)
    places = columns_of(workbook[title])
    for number, row in enumerate(rows):
        for label, value in row.items():
            workbook[title].cell(FIRST + 1 + number, places[label]).value = value
    workbook.save(path)


def test_check_is_no_worse_after_any_command_that_writes(office):
    here = ("-m", OFFICE, "-y", YEAR)
    assert office.told()[1] == Exit.DONE
    forms = office.root / "формы"
    assert office.shnor("template", *here, "--school-form", forms).exit_code == Exit.DONE
    for number, path in enumerate(sorted(forms.glob("*.xlsx")), 1):
        fill(path, "Ресурсы", {"Компьютеры": 10 * number, "Кабинеты": 20})
    office.does_no_harm("collect", forms, *here)
    office.does_no_harm("collect", forms, *here)
    rows = [["Результаты ЕГЭ"], ["01 - Русский язык 2021.05.30"], EGE]
    rows += [ege(101000 + 1 + at % 3, f"Зябликов{letter}", 40, 30 + 5 * at) for at, letter in enumerate("абвгдежзикл")]
    protocol = export(office.root, "ЕГЭ.xlsx", Лист=rows)
    office.does_no_harm("import", protocol, *here)
    office.does_no_harm("import", protocol, *here, "--keep")
    office.does_no_harm("import", protocol, *here, "--replace")
    office.does_no_harm("template", *here, office.folder() / "книга.xlsx")
    fill(office.folder() / "книга.xlsx", "Кадры", {"Учителя": 20}, {"Учителя": 21}, {"Учителя": 22})
    office.does_no_harm("new", "drugoy", "--from", OFFICE, "-y", YEAR)
    office.does_no_harm("year", OFFICE, YEAR + 1)
    assert office.told(YEAR + 1)[1] == Exit.DONE
    next_year = ("-m", OFFICE, "-y", YEAR + 1)
    office.does_no_harm("import", protocol, *next_year, year=YEAR)
    office.does_no_harm("template", *next_year, office.folder(YEAR + 1) / "вторая книга.xlsx", year=YEAR + 1)


def test_a_refused_form_and_a_refused_cell_leave_check_as_it_was_or_say_it_there(office):
    here = ("-m", OFFICE, "-y", YEAR)
    forms = office.root / "формы"
    office.shnor("template", *here, "--school-form", forms)
    first, second, _ = sorted(forms.glob("*.xlsx"))
    fill(first, "Ресурсы", {"Компьютеры": 12})
    fill(second, "Ресурсы", {"Компьютеры": "1,000"})
    before = office.told()
    office.shnor("collect", forms, *here)
    after, code = office.told()
    assert {one for one in after - before[0] if one[0] == "error"} == set()
    assert code <= before[1]
    rows = [
        ["Результаты ЕГЭ"],
        ["01 - Русский язык 2021.05.30"],
        EGE,
        ege(101001, "Зябликов", 40, "57%"),
        ege(101002, "Щеглов", 40, 57),
    ]
    result = office.shnor("import", export(office.root, "ЕГЭ.xlsx", Лист=rows), *here)
    assert result.exit_code == Exit.SOME_FAILED
    told = office.shnor("check", *here, "--format", "csv").stdout
    [line] = [one for one in csv.DictReader(io.StringIO(told.lstrip("\ufeff"))) if one["check"] == "read_import"]
    assert (line["file"], line["sheet"], line["cell"], line["severity"]) == ("ЕГЭ.xlsx", "Лист", "M4", "warning")
