"""An ordinary workbook of an office and what people do to one: every mutation is seeded and keeps what the cells truly say."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

import xlsxwriter

from tests.inputs.sources.other_workbooks import PerCent, Sheet, ods_book, xls_book, xlsb_book

NBSP = "\u00a0"
KINDS = ("СОШ", "ООШ", "гимназия", "лицей")
COUNTS = (
    "pupils",
    "classes",
    "teachers",
    "category_highest",
    "textbooks",
    "computers",
    "respondents",
    "participants",
    "mark_2",
)
SUBJECTS = ("русский язык", "математика", "физика")


@dataclass
class Cell:
    """What is written, how it looks, and which true value it holds: table, row, column, value."""

    value: object
    format: str = ""
    truth: tuple[str, int, str, object] | None = None


Row = list[Cell | None]


@dataclass
class Page:
    """A sheet: its rows, which of them is the header, and what is hidden or merged."""

    name: str
    rows: list[Row]
    header: int = 0
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def body(self) -> list[Row]:
        return self.rows[self.header + 1 :]

    @property
    def width(self) -> int:
        return max(map(len, self.rows))

    def column(self, *names: str) -> Iterator[Cell]:
        """Filled cells of columns of the dictionary (all when none is named)."""
        for row in self.body:
            for cell in row:
                if cell and cell.truth and cell.value is not None and (not names or cell.truth[2] in names):
                    yield cell

    def numbers(self) -> list[Cell]:
        return [cell for cell in self.column() if type(cell.value) in (int, float)]


@dataclass
class Book:
    """The pages of a workbook; ``done`` names the mutations."""

    pages: list[Page]
    done: list[str] = field(default_factory=list)


def ordinary(random: Random) -> Book:
    """A filled workbook of six to nine schools: register, staff, resources, satisfaction, results, measures."""
    schools = [f"{number:04d}" for number in random.sample(range(101, 140), random.randint(6, 9))]
    names = [f"МБОУ «{random.choice(KINDS)} № {int(code)} п. Берёзовый»" for code in schools]
    pupils = {code: random.randint(60, 1400) for code in schools}
    pages = [
        _page(
            "schools",
            "Школы",
            {
                "school_id": ("Код школы", schools),
                "name": ("Полное название", names),
                "kind": ("Вид школы", [random.choice(KINDS) for _ in schools]),
                "locality": ("Город или село", [random.choice(("город", "село")) for _ in schools]),
                "distance_km": ("Расстояние до центра, км", [round(random.uniform(0.5, 90), 1) for _ in schools]),
                "pupils": ("Обучающиеся", list(pupils.values())),
                "classes": ("Классы", [max(9, pupils[code] // 24) for code in schools]),
                "small_school": ("Малокомплектная", [random.choice((True, False)) for _ in schools]),
            },
        ),
        _page(
            "staff",
            "Кадры",
            {
                "school_id": ("Код школы", schools),
                "teachers": ("Учителя", [random.randint(9, 70) for _ in schools]),
                "category_highest": ("Высшая категория", [random.randint(0, 9) for _ in schools]),
                "positions": ("Ставки", [round(random.uniform(9, 90), 2) for _ in schools]),
                "psychologists": ("Психологи", [random.choice((0, 0.5, 1, 1.25)) for _ in schools]),
            },
        ),
        _page(
            "resources",
            "Ресурсы",
            {
                "school_id": ("Код школы", schools),
                "textbooks": ("Учебный фонд", [random.randint(1000, 30000) for _ in schools]),
                "computers": ("Компьютеры", [random.randint(5, 120) for _ in schools]),
                "internet_mbps": ("Интернет, Мбит/с", [random.choice((0.5, 10, 100, 2.5)) for _ in schools]),
            },
        ),
        _page(
            "satisfaction",
            "Удовлетворённость",
            {
                "school_id": ("Код школы", schools),
                "respondents": ("Респонденты", [random.randint(5, 900) for _ in schools]),
                "overall_share": ("Удовлетворены в целом", [random.randint(20, 99) / 100 for _ in schools]),
                "recommend_share": ("Готовы рекомендовать", [random.randint(200, 999) / 1000 for _ in schools]),
            },
        ),
        _results(random, schools),
        _page(
            "measures",
            "Меры поддержки",
            {
                "measure_id": ("Номер меры", [str(number + 1) for number in range(5)]),
                "title": ("Мероприятие", [f"Семинар {number + 1} для учителей" for number in range(5)]),
                "status": ("Состояние", ["выполнено"] * 5),
                "completed_on": ("Выполнено (дата)", [date(2021, random.randint(1, 6), 15) for _ in range(5)]),
            },
        ),
    ]
    return Book(pages)


def _results(random: Random, schools: list[str]) -> Page:
    columns: dict[str, list] = {name: [] for name in ("school_id", "exam", "subject", "grade", "participants")}
    columns |= {f"mark_{mark}": [] for mark in (2, 3, 4, 5)} | {"mean_score": [], "max_score": []}
    for code in schools:
        for subject in random.sample(SUBJECTS, 2):
            marks = [random.randint(0, 30) for _ in range(4)]
            values = [code, "ВПР", subject, 8, sum(marks), *marks, round(random.uniform(1, 18), 2), 20]
            for name, value in zip(columns, values, strict=True):
                columns[name].append(value)
    heads = ("Код школы", "Процедура", "Предмет", "Класс", "Участники")
    heads += tuple(f"Отметка {mark}" for mark in (2, 3, 4, 5)) + ("Средний балл", "Максимальный балл")
    told = {name: (head, columns[name]) for name, head in zip(columns, heads, strict=True)}
    return _page("exam_results", "Результаты процедур", told)


def _page(table: str, label: str, columns: dict[str, tuple[str, list]]) -> Page:
    header: Row = [Cell(head) for head, _ in columns.values()]
    body = [
        [
            Cell(("да" if value else "нет") if isinstance(value, bool) else value, "", (table, row, name, value))
            for name, value in zip(columns, values, strict=True)
        ]
        for row, values in enumerate(zip(*(values for _, values in columns.values()), strict=True))
    ]
    return Page(label, [header, *body])


def comma(page: Page, random: Random) -> None:
    for cell in page.numbers():
        if isinstance(cell.value, float) and random.random() < 0.6:
            cell.value = str(cell.value).replace(".", random.choice(",."))


def as_text(page: Page, random: Random) -> None:
    for cell in page.numbers():
        if random.random() < 0.4:
            cell.value = f"{cell.value}{random.choice(('', ' ', NBSP, '  '))}"


def thousands(page: Page, random: Random) -> None:
    for cell in page.numbers():
        if isinstance(cell.value, int) and cell.value >= 1000:
            space = random.choice((" ", NBSP, "\u202f"))
            cell.value = f"{cell.value // 1000}{space}{cell.value % 1000:03d}"


def per_cents(page: Page, random: Random) -> None:
    for cell in page.column():
        if cell.truth[2].endswith("_share") and isinstance(cell.value, float):
            shown = f"{round(cell.value * 100, 6):g}"
            ways = [(f"{shown}%", ""), (f"{shown} %", ""), (f"{shown.replace('.', ',')}{NBSP}%", "")]
            cell.value, cell.format = random.choice([*ways, (cell.value, "0.0%"), (float(shown), "")])


def units(page: Page, random: Random) -> None:
    for cell in page.numbers():
        if cell.truth[2] != "school_id" and random.random() < 0.15:
            cell.value = f"{cell.value} {random.choice(('чел.', 'шт', '*', '(план)', '%'))}"


def english_thousands(page: Page, random: Random) -> None:
    for cell in page.numbers():
        if isinstance(cell.value, int) and cell.value >= 1000:
            cell.value = f"{cell.value // 1000}{random.choice(',.')}{cell.value % 1000:03d}"


def dates(page: Page, random: Random) -> None:
    for cell in page.column():
        if isinstance(day := cell.truth[3], date):
            ways = [day.strftime("%d.%m.%Y"), day.isoformat(), day.strftime("%d.%m.%Y г."), day.strftime("%d.%m.%y")]
            cell.value = random.choice([*ways, f"15 {day.month}", (day - date(1899, 12, 30)).days])


def taken_for_date(page: Page, random: Random) -> None:
    for cell in page.numbers():
        if isinstance(cell.value, float) and random.random() < 0.2:
            cell.value = date(2021, 1 + int(cell.value) % 12, 5)


def lost_zeros(page: Page, random: Random) -> None:
    for cell in page.column("school_id"):
        if str(cell.value).strip() == cell.truth[3]:
            cell.value = int(cell.value)


def codes_apart(page: Page, random: Random) -> None:
    for cell in page.column("school_id"):
        cell.value = random.choice(("{} ", " {}", "{}" + NBSP)).format(cell.value)


def by_name(page: Page, random: Random) -> None:
    if page.name != "Школы":
        for cell in page.column("school_id"):
            number = int(cell.truth[3])
            cell.value = random.choice(
                (
                    f"Школа № {number}",
                    f'МБОУ "СОШ №{number} п.Березовый"',
                    f"СОШ {number}",
                    f"сош N {number} п. Березовый",
                )
            )


def words(page: Page, random: Random) -> None:
    for cell in page.column("kind", "locality", "exam", "subject", "small_school", "status"):
        if isinstance(cell.value, str):
            ways = (
                str.upper,
                str.capitalize,
                lambda text: f" {text} ",
                lambda text: text.replace(" ", NBSP),
                str.lower,
            )
            cell.value = random.choice(ways)(cell.value)


def flags(page: Page, random: Random) -> None:
    for cell in page.column("small_school"):
        cell.value = random.choice(("Да", "+", 1, "истина", True) if cell.truth[3] else ("Нет", 0, "ложь", False, "-"))


def names_spelt(page: Page, random: Random) -> None:
    for cell in page.column("name"):
        text = cell.value.replace("«", '"').replace("»", '"') if random.random() < 0.5 else cell.value
        cell.value = text.replace(" ", random.choice(("  ", NBSP, "\n")), 1)
        cell.truth = None  # how a name is spelt is the office's


def fractions(page: Page, random: Random) -> None:
    for cell in page.numbers():
        if cell.truth[2] in COUNTS and random.random() < 0.2:
            cell.value = cell.value + random.choice((0.5, 1e-12))


def errors(page: Page, random: Random) -> None:
    for cell in page.numbers():
        if random.random() < 0.1:
            cell.value = random.choice(("=1/0", "=A1+B1", "#ДЕЛ/0!", "х", "–", "более 5", "10-12", "?"))


def header_words(page: Page, random: Random) -> None:
    for cell in page.rows[page.header]:
        if cell:
            ways = (str.upper, str.lower, lambda text: f" {text}  ", lambda text: f"{text}*", lambda text: f"{text}:")
            ways += (lambda text: text.replace(" ", "\n"), lambda text: text.replace(" ", NBSP).replace("ё", "е"))
            cell.value = random.choice(ways)(cell.value)


def title(page: Page, random: Random) -> None:
    lines: list[Row] = [[Cell(f"{page.name} муниципалитета за 2020/2021 учебный год")]]
    lines += [[] for _ in range(random.randint(0, 3))]
    _insert(page, 0, lines)
    page.merged.append((0, 0, page.width - 1))


def over_header(page: Page, random: Random) -> None:
    _insert(page, page.header, [[None, Cell("Сведения о школе")]])
    page.merged.append((page.header - 1, 1, 2))


def numbers_of_columns(page: Page, random: Random) -> None:
    page.rows.insert(page.header + 1, [Cell(number + 1) for number in range(len(page.rows[page.header]))])


def repeated_header(page: Page, random: Random) -> None:
    at = random.randint(page.header + 2, len(page.rows))
    page.rows.insert(at, [cell and Cell(cell.value) for cell in page.rows[page.header]])


def blank_rows(page: Page, random: Random) -> None:
    for _ in range(random.randint(1, 3)):
        page.rows.insert(random.randint(page.header + 1, len(page.rows)), [])


def blank_column(page: Page, random: Random) -> None:
    _column(page, random.randint(0, page.width), None, lambda row: None)


def numbered(page: Page, random: Random) -> None:
    _column(page, 0, random.choice(("№ п/п", "№")), lambda row: row)


def remarks_column(page: Page, random: Random) -> None:
    _column(page, page.width, "Примечание", lambda row: random.choice((None, "уточняется", 5)))


def under_the_table(page: Page, random: Random) -> None:
    total: Row = [None] * page.width
    total[0] = Cell(random.choice(("ИТОГО", "Итого:", "Всего по району", "ВСЕГО")))
    for place in range(1, page.width):
        found = [row[place].value for row in page.body if place < len(row) and row[place] and row[place].truth]
        if found and all(type(value) in (int, float) for value in found):
            total[place] = Cell(sum(found))
    page.rows += [total] if page.name != "Меры поддержки" else []
    page.rows += [
        [],
        [Cell(random.choice(("Примечание: данные на 1 сентября", "* по данным школ", "Исполнитель: отдел")))],
    ]


def subheading(page: Page, random: Random) -> None:
    page.rows.insert(
        random.randint(page.header + 1, len(page.rows)), [Cell(random.choice(("Городские школы", "Сельские")))]
    )


def last_year_beside(page: Page, random: Random) -> None:
    """A column stands twice: last year's numbers beside this year's."""
    place = random.randint(1, page.width - 1)
    head = page.rows[page.header][place]
    _column(page, place + 1, head and head.value, lambda row: 7)


def repeated_school(page: Page, random: Random) -> None:
    """A row stands twice, once with another number."""
    row = next(row for row in page.body if any(cell and cell.truth for cell in row))
    counts = [cell and cell.truth and cell.truth[2] in COUNTS and type(cell.value) is int for cell in row]
    page.rows.append(
        [cell and Cell(cell.value + 1 if count else cell.value) for cell, count in zip(row, counts, strict=True)]
    )


def moved_columns(page: Page, random: Random) -> None:
    order = random.sample(range(page.width), page.width)
    for row in page.rows[page.header :]:
        row[:] = [row[place] if place < len(row) else None for place in order]


def merged_codes(page: Page, random: Random) -> None:
    """The code of a school stands once for its rows."""
    before = None
    for row in page.body:
        code = next((cell for cell in row if cell and cell.truth and cell.truth[2] == "school_id"), None)
        if code and code.value == before:
            code.value = None
        elif code:
            before = code.value


def hidden(page: Page, random: Random) -> None:
    rows = [page.header + 1 + at for at in range(len(page.body))]
    page.hidden_rows |= set(random.sample(rows, 1))
    page.hidden_columns.add(random.randint(0, page.width - 1))


def hidden_sheet(page: Page, random: Random) -> None:
    page.hidden = True


def named_otherwise(page: Page, random: Random) -> None:
    page.name = random.choice((page.name.upper(), page.name.lower(), f"{page.name} ", f"{page.name}.2021"))


def _insert(page: Page, at: int, rows: list[Row]) -> None:
    page.rows[at:at] = rows
    page.header += len(rows)
    page.merged = [(row + len(rows) if row >= at else row, first, last) for row, first, last in page.merged]


def _column(page: Page, at: int, head: str | None, value: Callable[[int], object]) -> None:
    for number, row in enumerate(page.rows[page.header :]):
        row.extend([None] * (at - len(row)) if any(row) else [])
        if any(row) or number == 0:
            told = head if number == 0 else value(number)
            row.insert(at, None if told is None else Cell(told))


OF_CELLS = (
    comma,
    as_text,
    thousands,
    per_cents,
    units,
    english_thousands,
    dates,
    taken_for_date,
    lost_zeros,
    codes_apart,
)
OF_CELLS += (by_name, words, flags, names_spelt, fractions, errors)
OF_ROWS = (numbers_of_columns, repeated_header, blank_rows, under_the_table, repeated_school, subheading, merged_codes)
OF_COLUMNS = (blank_column, numbered, remarks_column, moved_columns, last_year_beside)
OF_SHEETS = (header_words, title, over_header, hidden, hidden_sheet, named_otherwise)


def mutate(book: Book, random: Random) -> Book:
    """Do to some pages some of what people do, cells first, the place of the table last."""
    for page in book.pages:
        for mutations, most in ((OF_CELLS, 3), (OF_COLUMNS, 1), (OF_ROWS, 2), (OF_SHEETS, 2)):
            for mutation in random.sample(mutations, random.randint(0, most)):
                book.done.append(f"{page.name.strip()}: {mutation.__name__}")
                mutation(page, random)
    if random.random() < 0.4:
        random.shuffle(book.pages)
    if random.random() < 0.4:
        extra = Page(random.choice(("Лист1", "Свод", "Диаграмма")), [[Cell("Черновик")], [Cell("Код школы"), Cell(12)]])
        book.pages.insert(random.randint(0, len(book.pages)), extra)
    return book


BOOKS = {"ods": ods_book, "xls": xls_book, "xlsb": xlsb_book}


def files_of(book: Book, kind: str, random: Random) -> dict[str, bytes]:
    """The files in which an office hands the workbook on, by name."""
    if kind == "csv":
        return {file_of(page, kind): _csv(page, random) for page in book.pages}
    name = f"книга.{kind}"
    return {name: written(book) if kind == "xlsx" else BOOKS[kind]([_sheet(page) for page in book.pages])}


def file_of(page: Page, kind: str) -> str:
    """The file that holds a page."""
    return f"{page.name.strip() if kind == 'csv' else 'книга'}.{kind}"


def _sheet(page: Page) -> Sheet:
    rows = [[cell and (PerCent(cell.value) if cell.format else cell.value) for cell in row] for row in page.rows]
    return Sheet(page.name, rows, page.hidden, page.hidden_rows, page.hidden_columns, page.merged)


def _csv(page: Page, random: Random) -> bytes:
    """A sheet as Excel saves it in CSV: what its cells show, as many in every row."""
    point, content = random.choice(".,"), io.StringIO(newline="")
    rows = [[_shown(cell, point) if cell else "" for cell in row] + [""] * (page.width - len(row)) for row in page.rows]
    csv.writer(content, delimiter=random.choice(";,\t"), lineterminator=random.choice(("\n", "\r\n"))).writerows(rows)
    return content.getvalue().encode(random.choice(("utf-8", "utf-8-sig")))


def _shown(cell: Cell, point: str) -> str:
    value = cell.value
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, bool):
        return "ИСТИНА" if value else "ЛОЖЬ"
    if isinstance(value, float):
        return (f"{value * 100:.1f}%" if cell.format else f"{value:.15g}").replace(".", point)
    if isinstance(value, str) and value.startswith("="):
        return "#ДЕЛ/0!"
    return "" if value is None else str(value)


def written(book: Book) -> bytes:
    """The workbook as an .xlsx."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": datetime(2021, 9, 1)})
        formats = {"": None, "0.0%": workbook.add_format({"num_format": "0.0%"})}
        day = workbook.add_format({"num_format": "dd.mm.yyyy"})
        for page in book.pages:
            sheet = workbook.add_worksheet(page.name)
            for at, row in enumerate(page.rows):
                for place, cell in enumerate(row):
                    value = cell and cell.value
                    if isinstance(value, date):
                        sheet.write_datetime(at, place, datetime(value.year, value.month, value.day), day)
                    elif isinstance(value, str) and value.startswith("="):
                        sheet.write_formula(at, place, value, None, "#DIV/0!" if "/0" in value else "")
                    elif value is not None:
                        sheet.write(at, place, value, formats[cell.format])
            for row, first, last in page.merged:
                text = next((cell.value for cell in page.rows[row] if cell), "")
                sheet.merge_range(row, first, row, last, text)
            for row in page.hidden_rows:
                sheet.set_row(row, None, None, {"hidden": True})
            for column in page.hidden_columns:
                sheet.set_column(column, column, None, None, {"hidden": True})
            if page.hidden and page is not book.pages[0]:
                sheet.hide()
    return content.getvalue()
