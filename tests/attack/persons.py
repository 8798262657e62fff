"""Persons written into every text of an office leave no trace in anything that is written or said.

A copy of a small office (``demo-rayon`` with the programme of ``demo``) is planted with made-up persons: every text of its tables and
school names, every Russian text of its profile, method, region and SOURCES.yml, a correction, names of files and sheets, forms of schools,
exports; in a second office every cell of a row. Then the commands are given, and every file that they write or change, by name and content –
pages, CSV, parts of workbooks, JSON, Parquet, members of archives, the log – and every word they say is searched for those persons.

Long form: ``python -m tests.attack persons`` (all reports in both editions).
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from pyarrow import parquet
from ruamel.yaml import YAML

from shnor_lib.inputs.dictionary import table
from shnor_lib.inputs.sources import read_inputs
from shnor_lib.inputs.sources.sheets import table_of
from shnor_lib.inputs.template import FIRST, HEADER, known_of, school_form
from tests.inputs.importers.exports import export

ROOT = Path(__file__).parents[2]
OFFICE, YEAR = "demo-rayon", 2021
WRONG = "wrong"
METHOD = "lesosibirsk-2020"
STRINGS = YAML(typ="safe").load((ROOT / "tests/params/persons.yml").read_text(encoding="utf-8"))["persons"]
PERSONS = [person for persons in STRINGS.values() for person in persons]
TRACES = re.compile(
    r"иванов|иваныч|петров|сергеевн|федоров|семенович|кузнецов|ильинич|ильич|фомич|кузьмич|никитич|саввич|мамедов|оглы|алиев|кызы|щедрин"
    r"|евграфович|шмидт|корсаков|карлович|шевченко|черных о|\bким е|саакян|вазген|хабибул|рафаэлевн|сорокин|зяблик|аристархо|ivanov"
    r"|112\D?233\D?445\D?9|3204\D{0,9}123456|32\D?04\D{0,9}123456|ая № 123456|14\D05\D(?:20)?06|2006-05-14|14 мая 2006"
    r"|999\D{0,3}123\D?45\D?67|123-45-67|2-14-55|@example|@mail\.example|почта\.рф"
)
"""What is left of any of the persons, in any case form, in a text as :func:`plain` makes it."""
KEPT = {"group", "aliases", "schools", "indicator"}
"""Columns whose words lead to rows of other tables."""
LOOK_ALIKE = str.maketrans("aceopxyABCEHKMOPTXY", "асеорхуАВСЕНКМОРТХУ")
EMBEDDED = re.compile(r"base64,[A-Za-z0-9+/=]+")
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u0301]")
TAG = re.compile(r"<[^<>]*>")


# --- planting -----------------------------------------------------------------------------------------------------------------


class Planter:
    """Writes persons into texts, one after another, and counts the texts."""

    def __init__(self) -> None:
        self.planted, self._next = 0, cycle(PERSONS)

    def person(self) -> str:
        self.planted += 1
        return next(self._next)

    def words(self) -> str:
        """A person who is more than digits: those alone may be the code of a school."""
        return next(person for _ in PERSONS if not (person := self.person()).isdigit())

    def beside(self, text: str) -> str:
        """The text with a person after it."""
        return f"{text}, {self.person()}" if text else self.person()

    def table(self, path: Path) -> None:
        """Every text of a table that is a file of its own."""
        columns = table(path.stem).columns
        header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";")
        texts = [at for at, name in enumerate(header) if columns[name].type == "text" and name not in KEPT]
        for row in rows:
            for at in texts:
                row[at] = self.beside(row[at])
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([header, *rows])

    def tree(self, tree: object) -> object:
        """Every Russian text of a YAML document, but those that must be short."""
        if isinstance(tree, dict):
            return {key: one if key == "short" else self.tree(one) for key, one in tree.items()}
        if isinstance(tree, list):
            return [self.tree(one) for one in tree]
        return self.beside(tree) if isinstance(tree, str) and re.search("[а-я]", tree) else tree

    def document(self, path: Path, **changed: object) -> None:
        yaml = YAML(typ="safe")
        tree = self.tree(yaml.load(path.read_text(encoding="utf-8")) | changed)
        with path.open("w", encoding="utf-8") as file:
            yaml.dump(tree, file)


def make_office(folder: Path) -> int:
    """A workspace ``w`` and what comes from outside (``exports``, ``forms``), planted with persons; how many texts name one."""
    workspace, planter = folder / "w", Planter()
    shutil.copytree(ROOT / "data/raw" / OFFICE / str(YEAR), workspace / "data/raw" / OFFICE / str(YEAR))
    for name in (f"methods/{METHOD}.yml", "regions/demo-region.yml"):
        (workspace / "params" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "params" / name, workspace / "params" / name)
        planter.document(workspace / "params" / name)
    shutil.copy(ROOT / "params/demo.yml", workspace / f"params/{OFFICE}.yml")
    raw = workspace / "data/raw" / OFFICE / str(YEAR)
    known = known_of(read_inputs(workspace, OFFICE, [YEAR]).tables)
    _make_forms(folder / "forms", known, planter)
    _make_exports(folder, planter)
    teachers = next(csv.DictReader(io.StringIO((raw / "staff.csv").read_text(encoding="utf-8")), delimiter=";"))
    correction = {
        "table": "staff", "year": YEAR, "key": {"school_id": teachers["school_id"]}, "column": "teachers",
        "expected": int(teachers["teachers"]), "value": int(teachers["teachers"]) + 1,
        "reason": "по журналу замещений", "corrected_by": "начальник отдела",
    }  # fmt: skip
    planter.document(workspace / f"params/{OFFICE}.yml", years=[YEAR], corrections=[correction], recommendations={})
    planter.document(raw / "SOURCES.yml")
    for path in sorted(raw.glob("*.csv")):
        planter.table(path)
    _make_wrong(workspace, planter)
    (raw / f"отчёт, {planter.person().replace('/', '-')}.csv").write_text("Код школы;Учителя\n", encoding="utf-8")
    book = openpyxl.Workbook()
    book.active.title = "Зябликов А. П."
    book.active.append([planter.person() for _ in range(9)])
    book.save(raw / "Кадры, Зябликова Анна Аристарховна.xlsx")
    return planter.planted + 2  # in the name of a file and of its sheet


def _make_wrong(workspace: Path, planter: Planter) -> None:
    """The office :data:`WRONG`: a person in every cell of a row of every table, whatever it should hold."""
    shutil.copy(workspace / f"params/{OFFICE}.yml", workspace / f"params/{WRONG}.yml")
    raw = shutil.copytree(workspace / f"data/raw/{OFFICE}/{YEAR}", workspace / f"data/raw/{WRONG}/{YEAR}")
    for path in sorted(raw.glob("*.csv")):
        header = path.read_text(encoding="utf-8").partition("\n")[0]
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerow(planter.words() for _ in header.split(";"))


def _make_forms(folder: Path, known, planter: Planter) -> None:
    """Forms of schools: a person in every text that is there, and in the names of files and of a sheet."""
    folder.mkdir()
    for number, school in enumerate(("rayon-001", "rayon-002", "rayon-003")):
        book = openpyxl.load_workbook(io.BytesIO(school_form(YEAR, known.of_school(school))))
        for sheet in book.worksheets[1:]:
            entry = table_of(sheet.title)
            for cell in sheet[FIRST + 1] if entry and sheet.cell(FIRST + 1, 1).value else ():
                column = entry.column_by_header(str(sheet.cell(HEADER + 1, cell.column).value).rstrip(" *"))
                if column and column.type == "text" and column.name not in KEPT:
                    cell.value = planter.beside(str(cell.value or ""))
        book.create_sheet("Зябликовой А.П.").append([planter.person()])
        book.save(folder / f"{number} Зябликов А. П..xlsx")
    planter.planted += 6  # in names of files and of sheets


def _make_exports(folder: Path, planter: Planter) -> None:
    """Protocols of two layouts whose schools, participants, marks and scores are partly persons."""
    rows = [
        ["Логин школы", "Регион", "ФИО", "Код обучающегося", "Отметка за предыдущий год", "Вариант", "Всего баллов"]
    ]
    for number in range(1, 40):
        school = f"sch00000{number % 3 + 1}" if number % 7 else planter.person()
        mark = 4 if number % 5 else planter.person()
        rows.append([school, planter.person(), planter.person(), number, mark, "1", 20])
    export(folder, "ВПР 2021 Русский язык 5 класс, Зябликова Анна.xlsx", **{"Зябликов А. П.": rows})
    rows = [["groups", "user", "id", "code", "otc", "gender", "klass", "var-1", "var-2", "sum", "a-1-grade"]]
    for number in range(1, 30):
        user = f"sch00000{number % 3 + 1}" if number % 9 else planter.person()
        rows.append(
            ["reg99_m002", user, 1, 60001, 3, "", "5а", "1", "", number % 20 if number % 5 else planter.person(), "X"]
        )
    export(folder, "Математика 5, Зябликов А. П..xlsx", Sheet1=rows)
    planter.planted += 3  # in names of files and of a sheet


# --- what is done -------------------------------------------------------------------------------------------------------------


def commands(folder: Path, reports: tuple[str, ...] = ()) -> list[tuple[int, list[str]]]:
    """The commands that read the office, each given in ``folder``, and how each ends; of which reports, all by default."""
    office, wrong = (["-m", name, "-y", str(YEAR)] for name in (OFFICE, WRONG))
    run = ["run", *office, *(word for report in reports for word in ("-r", report))]
    exports = sorted(str(path) for path in (folder / "exports").iterdir())
    return [
        (3, ["check", *wrong]),
        (3, ["check", *wrong, "--out", "out/wrong.html"]),
        (1, ["import", *office, *exports, "--replace"]),
        (0, ["collect", *office, "forms", "--replace"]),
        (0, ["check", *office]),
        (0, ["check", *office, "--out", "out/check.xlsx"]),
        (0, ["template", *office, "out/book.xlsx"]),
        (0, ["template", *office, "--school-form", "out/forms"]),
        (0, ["identify", *office, "--format", "json"]),
        (0, run),
        (0, [*run, "--audience", "public"]),
        (0, ["pack", *office]),
        (0, ["pack", *office, "--audience", "public"]),
        (0, ["status", *office]),
    ]


def given(folder: Path, arguments: list[str], ends: int) -> str:
    """What a command says, which must end so."""
    command = [sys.executable, "-m", "shnor_lib", "--workspace", "w", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=3600)
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert done.returncode == ends and "нутренняя ошибка" not in said, f"{arguments}: {done.returncode}, {said[-1000:]}"
    return said


# --- what is searched ---------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """A text as a reader sees it, in small letters: nothing unseen, one space for all, look-alikes as Russian letters."""
    seen = UNSEEN.sub("", unicodedata.normalize("NFC", html.unescape(text)))
    return " ".join(seen.translate(LOOK_ALIKE).lower().replace("ё", "е").split())


def traces(text: str) -> Counter[str]:
    """Pieces of persons in a text, as Russian and as Latin letters, across tags too."""
    low = unicodedata.normalize("NFC", text).lower()
    return Counter(found for one in (plain(text), plain(TAG.sub("", text)), low) for found in TRACES.findall(one))


def texts(name: str, content: bytes) -> Iterator[str]:
    """What can be read in a file: the name it has, its text, the members of an archive, the cells of a Parquet table."""
    yield name
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from texts(member, archive.read(member))
    elif content.startswith(b"PAR1"):
        read = parquet.read_table(io.BytesIO(content))
        yield str(read.schema.metadata)
        yield json.dumps(read.to_pydict(), ensure_ascii=False, default=str)
    else:
        text = EMBEDDED.sub("", content.decode("utf-8", "replace"))
        yield text
        if text and name.endswith((".json", ".ipynb")):
            yield json.dumps(json.loads(text), ensure_ascii=False)


def _of_file(name: str, content: bytes) -> Counter[str]:
    return sum((traces(text) for text in texts(name, content)), Counter())


def naming(folder: Path, planted: dict[str, bytes]) -> tuple[int, dict[str, set[str]]]:
    """How many files were written or changed since, and those that name a person, with what they name.

    A file of the office to which a command added something keeps what its owner wrote; nothing else may be in it.
    """
    written, named = 0, {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or planted.get(name) == (content := path.read_bytes()):
            continue
        written += 1
        more = _of_file(name, content) - (_of_file(name, planted[name]) if name in planted else Counter())
        if more:
            named[name] = set(more)
    return written, named


def plant_and_search(reports: tuple[str, ...] = ()) -> str:
    """Plant, command, search.

    Raises
    ------
    AssertionError
        A file or a word of a command names a person, or a command breaks.
    """
    with TemporaryDirectory(prefix="shnor-persons-") as place:
        folder = Path(place)
        planted_texts = make_office(folder)
        planted = {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }
        (folder / "out").mkdir()
        named: dict[str, set[str]] = {}
        asked = commands(folder, reports)
        for ends, arguments in asked:
            if found := traces(given(folder, arguments, ends)):
                named[f"shnor {' '.join(arguments)}"] = set(found)
        written, of_files = naming(folder, planted)
        named |= of_files
    assert not named, f"{len(named)} of {written} files and {len(asked)} commands name a person: {named}"
    return f"{planted_texts} texts planted, {len(asked)} commands: 0 of {written} files and no line of theirs name a person"


def attack() -> str:
    """All reports in both editions."""
    return plant_and_search()
