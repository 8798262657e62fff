"""Any bytes, in any file that the project reads, end with tables and problems or with a refusal in words, never with an exception.

Each reader begins with small whole files (:func:`seeds`; those that once broke something are kept in ``corpus/<reader>``), which are
then damaged: bytes, words that mean something to readers, lines repeated and swapped, parts of archives each by itself. The same
number gives the same inputs.

Long form: ``python -m tests.attack fuzz`` (100,000 inputs). By coverage, where atheris is installed (it is no dependency of the project:
an environment of its own that sees the project's packages): ``python -m tests.attack.fuzz xlsx -runs=7000``.
"""

from __future__ import annotations

import gc
import io
import os
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import FunctionType
from zlib import crc32

from shnor_lib.inputs.checks import check_inputs, usable_tables
from shnor_lib.inputs.collect import collect_forms, read_form
from shnor_lib.inputs.importers import ImportRefused, import_files, recognised
from shnor_lib.inputs.importers.delivery import Delivery, open_delivery
from shnor_lib.inputs.importers.extract import Export
from shnor_lib.inputs.importers.opening import open_export
from shnor_lib.inputs.importers.procedures import Procedure
from shnor_lib.inputs.importers.scales import read_scales
from shnor_lib.inputs.sources import read_inputs
from shnor_lib.inputs.sources.folders import read_folder
from shnor_lib.inputs.template import Known, school_form
from shnor_lib.office.scope import scope_of
from shnor_lib.params.persons import MASK, mask_person, may_name_person, persons_declared
from shnor_lib.params.yaml_files import ParamsError, parse_tree
from tests.inputs.importers.exports import SCHOOLS as REGISTER
from tests.inputs.sources.delivery import SCHOOLS, SOURCES, book, put
from tests.inputs.sources.other_workbooks import ods, xls, xlsb

INPUTS = 100_000
SECONDS, MEGABYTES = 10, 500
LONGEST = 600
WHOLE = 20
CORPUS = Path(__file__).with_name("corpus")
ROOT = Path(__file__).parents[2]
METHODS = ("fioko-2021", "fioko-2025")

ROWS = [
    ["Код школы", "Учителя", "Высшая категория", "Ставки"],
    ["01", 12, 3, 14.5],
    ["02", 7, "н/д", ""],
    ["03", "5 %", -1, "1,5"],
]
TALE = [
    ["Код школы", "Номер меры", "Мероприятие", "Срок", "Ответственный (роль)"],
    ["01", "1.1", "Семинар, Иванова А.А.", "01.09.2021", "завуч"],
]
EXPORT = [
    ["Статистика по отметкам"], ["Предмет:", "Русский язык"], ["Класс:", "5"], [],
    ["Группы участников", "Кол-во ОО", "Кол-во участников", "2", "3", "4", "5"],
    ["МБОУ «СОШ № 1»", "", 20, 5, 50, 40, 5], ["СОШ № 2 (edu200002)", 1, 12, 0, 25, "50,5", 25], ["Иванов И.И.", "", 3, "", "", "", ""],
]  # fmt: skip
PROTOCOL = [
    ["Код ОО", "Класс", "Вариант", "ФИО", "Оценка", "Первичный балл"], ["101001", "9А", 1, "Иванов Иван Иванович", 4, 20],
    ["101002", "9Б", 2, "Ли А. А.", 5, "30,0"], ["", "", "", "", "", ""], ["ИТОГО", "", "", "", "", 50],
]  # fmt: skip
WORDS = [
    *("0", "-1", "1e999", "1,000", "2.000", "5%", "9" * 30, "NaN", "00:00", "2021-13-45", "31.02.2021", "X", "нет", "–", "=1+1", "'"),
    *("\0", "\ufeff", "\u202e", "\u00a0", "\r", "\n", "\t", ";", ",", '"', '""', "<", "&", "]]>", "<c>", "</row>", "&#0;", "&x;", "<!--"),
    *('r="A0"', 'r="ZZZZZ9"', 'r="A99999999"', 't="s"', 't="e"', 'hidden="1"', "<f>[1]Лист!A1</f>", "<v>9</v>", "<v>", 's="9999"'),
    *(': ', "- ", "&a ", "*a", "!!python/object:x", "{", "}", "[", "]", "|", ">", "? ", "---", "...", "%YAML 9.9", "<<: ", "~", "0x", "\\u"),
    *("Иванов Иван Иванович", "8 (913) 555-44-33", "а@б.рф", "паспорт 1", "школа", "Код школы", "Год", "01", "edu200001", "СОШ № 1"),
    *('table:number-rows-repeated="9999999"', 'text:c="99999999"', 'office:value-type="error"', 'table:visibility="collapse"'),
]  # fmt: skip


@cache
def _shelf() -> Path:
    """A workspace that lives as long as the process."""
    global _kept
    _kept = TemporaryDirectory(prefix="shnor-fuzz-")
    return Path(_kept.name)


def _read(file: str) -> Callable[[bytes], None]:
    """Reading a folder with a file of this name; one in :data:`WHOLE` times the whole office is put together and checked."""

    def read(data: bytes) -> None:
        path = put(_shelf() / file, {"schools.csv": SCHOOLS, file: data})
        if crc32(data) % WHOLE:
            folder = read_folder(_shelf() / file, path, 2021)
            assert folder.rows["schools"] and all(one.problem for one in folder.problems)
            return
        inputs = read_inputs(_shelf() / file, "demo", [2021])
        problems = check_inputs(inputs, 2021)
        assert {"01", "02", "03"} <= set(inputs.tables["schools"]["school_id"]) and (problems["problem"] != "").all()
        for name, rows in usable_tables(inputs, problems).items():
            assert rows["source_row"].notna().all() and rows["year"].notna().all(), name

    return read


def _declare(file: str) -> Callable[[bytes], None]:
    """What the parameters of an office say, one file of them being this."""

    def declare(data: bytes) -> None:
        folder = _shelf() / "declared" / file.replace("/", "_")
        path = folder / "params" / file
        for name, whole in _params().items():
            (folder / "params" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "params" / name).write_bytes(whole)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        persons_declared(data)
        try:
            scope_of(folder, "demo", 2021)
        except ParamsError as error:
            assert str(error)

    return declare


@cache
def _params() -> dict[str, bytes]:
    names = ["demo.yml", *(f"methods/{name}.yml" for name in METHODS)]
    return {name: (ROOT / "params" / name).read_bytes() for name in names}


def _import(file: str) -> Callable[[bytes], None]:
    """An export of this name: opened and recognised; one in :data:`WHOLE` times its rows go to the tables of the office."""

    def take(data: bytes) -> None:
        path = _kept_office() / file
        path.write_bytes(data)
        try:
            if crc32(data) % WHOLE:
                readings, _ = open_export(path)
                recognised(
                    [Export(file, sheets, read_scales(None), 2021, None, Procedure(), None) for sheets in readings]
                )
            else:
                import_files(_kept_office(), "demo", 2021, [path])
        except ImportRefused as refusal:
            assert refusal.cause and refusal.remedy

    return take


def _collect(data: bytes) -> None:
    """A form that a school returned; one in :data:`WHOLE` times it goes to the tables of the office."""
    forms = _kept_office() / "forms"
    forms.mkdir(exist_ok=True)
    (forms / "form.xlsx").write_bytes(data)
    if crc32(data) % WHOLE:
        form = read_form(forms / "form.xlsx", _delivery())
        assert form.schools or form.faults
    else:
        collect_forms(_kept_office(), "demo", 2021, forms)


@cache
def _kept_office() -> Path:
    """The workspace of an office with a register, into which exports and forms come."""
    folder = _shelf() / "office"
    put(folder, {"schools.csv": REGISTER})
    (folder / "params" / "demo.yml").touch()
    return folder


@cache
def _delivery() -> Delivery:
    return open_delivery(_kept_office(), "demo", 2021)


def _tree(data: bytes) -> None:
    """A YAML document."""
    try:
        parse_tree(data, "x.yml")
    except ParamsError as error:
        assert str(error)


def _mask(data: bytes) -> None:
    """A text that may name persons."""
    text = data.decode(errors="replace")
    masked = mask_person(text)
    may_name_person(text)
    assert masked == text or MASK in masked


READERS: dict[str, Callable[[bytes], None]] = {
    "csv": _read("staff.csv"),
    "xlsx": _read("book.xlsx"),
    "xlsb": _read("book.xlsb"),
    "xls": _read("book.xls"),
    "ods": _read("book.ods"),
    "sources": _read("SOURCES.yml"),
    "profile": _declare("demo.yml"),
    "method": _declare(f"methods/{METHODS[0]}.yml"),
    "indicators": _declare("indicators.yml"),
    "form": _collect,
    "export": _import("ВПР 2021 Русский язык 5.xlsx"),
    "export_csv": _import("export.csv"),
    "yaml": _tree,
    "text": _mask,
}


@cache
def seeds(reader: str) -> list[bytes]:
    """Whole files of a reader, and those kept because they once broke it."""
    latin = [[str(cell) for cell in row] for row in ROWS]
    lines = ["\n".join(mark.join(map(str, row)) for row in table) for table in (ROWS, TALE) for mark in ";,\t"]
    made = {
        "csv": [text.encode(code) for text in lines for code in ("utf-8-sig", "cp1251", "utf-16")],
        "xlsx": [book(Кадры=ROWS), book(Меры=TALE, Лист2=[["заметка"]])],
        "xlsb": [xlsb("Кадры", ROWS), xlsb("Меры поддержки", TALE)],
        "xls": [xls("staff", ROWS), xls("staff", latin)],
        "ods": [ods("Кадры", ROWS), ods("Меры поддержки", TALE)],
        "sources": [(ROOT / "data/raw/demo/2021/SOURCES.yml").read_bytes(), SOURCES.encode()],
        "profile": [_params()["demo.yml"]],
        "method": [_params()[f"methods/{name}.yml"] for name in METHODS],
        "indicators": [INDICATORS.encode()],
        "form": [school_form(2021, Known())],
        "export": [book(Лист1=EXPORT), book(Протокол=PROTOCOL)],
        "export_csv": ["\n".join(";".join(map(str, row)) for row in table).encode(code) for table in (EXPORT, PROTOCOL) for code in ("utf-8", "cp1251")],
        "yaml": [_params()["demo.yml"], INDICATORS.encode(), b"a: &x [1, 'b', null]\nc: |\n  text\n? [k]\n: {d: ~, e: 0x1F}\n"],
        "text": [line.encode() for line in ("Составила Петрова А. А., тел. 8 (913) 555-44-33", "паспорт 3204 123456, д.р. 14.05.2006, Анне Ивановне")],
    }  # fmt: skip
    kept = sorted((CORPUS / reader).glob("*")) if (CORPUS / reader).is_dir() else []
    return made[reader] + [path.read_bytes() for path in kept]


INDICATORS = """\
chapters:
  own:
    title: Своё
    table: staff
    indicators:
      own_share:
        title: Доля учителей
        unit: share
        numerator: teachers
        denominator: positions
"""


def damaged(data: bytes, random: Random) -> bytes:
    """A file with a few of its bytes, words or lines changed; of an archive one part, sometimes the archive itself."""
    if data[:2] == b"PK" and random.random() < 0.9:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as whole:
                parts = {part: whole.read(part) for part in whole.namelist()}
        except Exception:  # noqa: BLE001  it has been damaged before
            parts = {}
        if not parts:
            return _damaged(data, random)
        names = [name for name in parts if "sheet" in name or "content" in name or "hared" in name] or list(parts)
        chosen = random.choice(names if random.random() < 0.8 else list(parts))
        parts[chosen] = _damaged(parts[chosen], random)
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as changed:
            for name, content in parts.items():
                changed.writestr(name, content)
        return file.getvalue()
    return _damaged(data, random)


def _damaged(data: bytes, random: Random) -> bytes:
    content = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        start = random.randint(0, len(content))
        after = min(len(content), start + random.choice((0, 1, 2, 8, 40)))
        match random.randrange(7):
            case 0:
                content[start:after] = random.randbytes(after - start)
            case 1 | 2:
                content[start:after] = random.choice(WORDS).encode()
            case 3:
                del content[start:after]
            case 4:
                content[start:start] = content[start:after] * random.choice((2, 10, 300))
            case 5:
                there = random.randint(0, len(content))
                content[start:start] = content[there : there + random.choice((4, 40, 400))]
            case 6:
                lines = bytes(content).split(b"\n")
                random.shuffle(lines)
                content = bytearray(b"\n".join(lines))
    return bytes(content[:1_000_000])


def inputs(reader: str, count: int, seed: int) -> Iterator[bytes]:
    """So many damaged files of a reader, after its whole ones."""
    random = Random(f"{reader} {seed}")
    yield from seeds(reader)
    for _ in range(count - len(seeds(reader))):
        data = random.choice(seeds(reader))
        for _ in range(random.choice((1, 1, 2, 4))):
            data = damaged(data, random)
        yield data


def _cost() -> tuple[float, int]:
    """Processor seconds of this process and its ended children; megabytes that it holds."""
    return sum(os.times()[:4]), _megabytes("VmRSS")


def _megabytes(word: str) -> int:
    return int(Path("/proc/self/status").read_text().partition(f"{word}:")[2].split()[0]) // 1024


def _feed(reader: str, given: Connection) -> None:
    """Read what is given, one input after another, and tell of each its seconds, megabytes at most and what it broke."""
    while True:
        data = given.recv_bytes()
        Path("/proc/self/clear_refs").write_text("5")  # the peak is forgotten
        began, held = _cost()
        fault = ""
        try:
            READERS[reader](data)
        except Exception as error:  # noqa: BLE001  whatever it is, it is what is looked for
            fault = f"{type(error).__name__}: {error}"
        seconds, megabytes = _cost()[0] - began, _megabytes("VmHWM") - held
        if not fault and (seconds > SECONDS or megabytes > MEGABYTES):
            fault = f"Cost: {seconds:.1f} s, {megabytes} MB"
        given.send((seconds, megabytes, fault))


class Fed:
    """A reader in a process of its own: one that an input ends or hangs is told of, and begun anew."""

    def __init__(self, reader: str) -> None:
        self.reader, self.process = reader, None
        _shelf()

    def __call__(self, data: bytes) -> tuple[float, int, str]:
        if not self.process:
            self.ours, theirs = Pipe()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of threads: none of them does anything here
                self.process = get_context("fork").Process(target=_feed, args=(self.reader, theirs), daemon=True)
                self.process.start()
            theirs.close()
        try:
            self.ours.send_bytes(data)
            if self.ours.poll(LONGEST):
                return self.ours.recv()
            ended = f"Hung: {LONGEST} s"
        except (EOFError, ConnectionError):
            self.process.join()
            ended = f"Died: {self.process.exitcode}"
        self.end()
        return 0.0, 0, ended

    def end(self) -> None:
        if self.process:
            self.process.kill()
            self.process.join()
            self.ours.close()
        self.process = None


def attack(count: int = INPUTS, seed: int = 0, readers: tuple[str, ...] = tuple(READERS)) -> str:
    """Give each reader its part of the inputs; what breaks one is left in ``corpus/<reader>`` and raised at the end.

    An input breaks a reader by an exception, by ending or hanging its process, and by costing more than :data:`SECONDS` of a
    processor or :data:`MEGABYTES`.
    """
    broken, slowest, largest = [], (0.0, ""), (0, "")
    for reader in readers:
        fed = Fed(reader)
        for data in inputs(reader, count // len(readers), seed):
            seconds, megabytes, fault = fed(data)
            slowest, largest = max(slowest, (seconds, reader)), max(largest, (megabytes, reader))
            if fault:
                (CORPUS / reader).mkdir(parents=True, exist_ok=True)
                (CORPUS / reader / f"{len(broken):03}.{fault.partition(':')[0]}").write_bytes(data)
                broken.append(f"{reader}: {fault}")
        fed.end()
    assert not broken, f"{len(broken)} inputs broke a reader: {broken[:5]}"
    return (
        f"{count // len(readers) * len(readers)} inputs to {len(readers)} readers, 0 broke one, "
        f"the slowest {slowest[0]:.1f} s ({slowest[1]}), the largest {largest[0]} MB ({largest[1]})"
    )


def by_coverage(reader: str, options: list[str]) -> None:
    """Let libFuzzer look for inputs that reach other code of a reader; ends the process, with 0 where nothing broke.

    Raises
    ------
    SystemExit
        atheris is not installed: nothing was tried.
    """
    try:
        import atheris
    except ImportError:
        raise SystemExit("atheris is not installed: nothing was fuzzed by coverage") from None

    begun, broken = _shelf() / "seeds", CORPUS / reader
    begun.mkdir()
    broken.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(reader)):
        (begun / str(number)).write_bytes(data)
    for function in gc.get_objects():
        if isinstance(function, FunctionType) and str(function.__module__).startswith(("shnor_lib", "yaml")):
            atheris.instrument_func(function)
    atheris.Setup(
        [sys.argv[0], f"-timeout={LONGEST}", "-max_len=1000000", f"-artifact_prefix={broken}/", *options, str(begun)],
        READERS[reader],
        custom_mutator=lambda data, most, seed: damaged(data, Random(seed))[:most],
    )
    atheris.Fuzz()


if __name__ == "__main__":
    by_coverage(sys.argv[1], sys.argv[2:])
