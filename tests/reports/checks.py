"""What every page of the project must satisfy, whatever made it.

`problems(html)` gives the sentences that say what is wrong; an empty list is a sound page. The numbers in the comments
are those of the list of checks the reports are held to. Checks that need more than the page take it as an argument:
`headline_problems` the executed notebook, `file_problems` the folder of tables, `status_problems` and
`small_number_problems` the headings of the columns.
"""

import base64
import csv
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import openpyxl
from bs4 import BeautifulSoup, Tag
from nbformat import NotebookNode

from shnor_lib.pages.export.html import script
from shnor_lib.pages.export.tables import ReportTable, collect_tables
from shnor_lib.pages.markup import HEADLINES_MIME, SOFT_HYPHEN
from shnor_lib.pages.numbers import CODE_EXPLANATIONS

NBSP = "\u00a0"
LARGEST_REPORT = 2_000_000
LARGEST = defaultdict(lambda: LARGEST_REPORT, {"95_school_passports": 5_000_000})
OWN_TAGS = re.compile(
    "html|head|meta|title|style|script|body|a|header|p|div|nav|ol|ul|li|main|section|h[1-4]|figure|figcaption|img|details|summary"
    "|table|caption|thead|tbody|tr|th|td|span|strong|em|code|pre|dl|dt|dd|footer|br|wbr|hr|blockquote|del|svg|g|line|polyline|path|rect|circle|text"
)
DEBRIS = re.compile(
    r"\b(nan|NaN|NaT|None|True|False|inf|Traceback|\w*Warning|\w+Error)\b|<NA>|<Figure|<Axes|In \[\d|Out\[\d|jp-Cell"
)
NOUNS = {
    "школ": (
        {"школа", "школу", "школы", "школе", "школой"},
        {"школы", "школ"},
        {"школ"},
        {"школах", "школам", "школами"},
    ),
    "критери": (
        {"критерий", "критерия", "критерию"},
        {"критерия", "критериев"},
        {"критериев"},
        {"критериях", "критериям"},
    ),
    "показател": (
        {"показатель", "показателя", "показателю"},
        {"показателя", "показателей"},
        {"показателей"},
        {"показателях", "показателям"},
    ),
    "участник": ({"участник", "участника"}, {"участника", "участников"}, {"участников"}, {"участникам", "участниках"}),
    "учител": ({"учитель", "учителя"}, {"учителя", "учителей"}, {"учителей"}, {"учителях", "учителям"}),
    "таблиц": (
        {"таблица", "таблицу", "таблицы", "таблице"},
        {"таблицы", "таблиц"},
        {"таблиц"},
        {"таблицах", "таблицам"},
    ),
    "ошиб": ({"ошибка", "ошибку", "ошибки", "ошибке"}, {"ошибки", "ошибок"}, {"ошибок"}, {"ошибках", "ошибкам"}),
    "замечани": (
        {"замечание", "замечания", "замечанию"},
        {"замечания", "замечаний"},
        {"замечаний"},
        {"замечаниях", "замечаниям"},
    ),
}


def problems(html: str, *, kind: str = "report", largest: int = LARGEST_REPORT) -> list[str]:
    """Everything wrong with a page; `kind` is "report" or "index"."""
    page = parsed(html)
    found = [problem for check in CHECKS for problem in check(page)]
    if kind == "report":
        found += [problem for check in REPORT_CHECKS for problem in check(page)]
    size = len(html.encode("utf-8"))
    if size > largest:  # 13
        found.append(f"страница весит {size} байт, можно {largest}")
    return found


@lru_cache(maxsize=1)
def parsed(html: str) -> BeautifulSoup:
    """A page, parsed once for all checks of it; they only read."""
    return BeautifulSoup(html, "html.parser")


def check_nothing_fetched(page: BeautifulSoup) -> list[str]:  # 1
    found = [
        f"<{tag.name}> загружает внешнее"
        for tag in page(["link", "iframe", "object", "embed", "base", "audio", "video"])
    ]
    for tag in page(True):
        for attribute in ("src", "srcset", "poster", "background", "data"):
            address = tag.get(attribute)
            if address and not address.startswith("data:"):
                found.append(f"<{tag.name} {attribute}> загружает {address[:60]}")
    for style in page("style"):
        found += [f"стиль загружает {address}" for address in re.findall(r"url\([^)]*\)|@import[^;]*", style.text)]
    return found


def check_only_own_script(page: BeautifulSoup) -> list[str]:  # 2
    found = ["на странице есть чужой <script>" for each in page("script") if each.text != script()]
    for tag in page(True):
        found += [f"<{tag.name} {name}> выполняет код" for name in tag.attrs if name.startswith("on")]
        if str(tag.get("href", "")).strip().lower().startswith("javascript:"):
            found.append("ссылка выполняет код")
        if tag.has_attr("style"):
            found.append(f"<{tag.name} style>: политика страницы не даст применить этот стиль")
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    if policy is None or "default-src 'none'" not in policy.get("content", ""):
        return [*found, "нет политики default-src 'none'"]
    for part in page(["style", "script"]):
        digest = base64.b64encode(hashlib.sha256(part.text.encode("utf-8")).digest()).decode("ascii")
        if f"'sha256-{digest}'" not in policy["content"]:
            found.append(f"политика страницы не признаёт её <{part.name}>: сумма не совпадает")
    return found


def check_language_and_title(page: BeautifulSoup) -> list[str]:  # 3
    found = []
    if page.html is None or page.html.get("lang") != "ru":
        found.append('нет lang="ru"')
    if page.find("meta", attrs={"charset": "utf-8"}) is None:
        found.append("нет charset utf-8")
    if len(page("title")) != 1 or not page.title.text.strip():
        found.append("нужен один непустой <title>")
    return found


def check_headings(page: BeautifulSoup) -> list[str]:  # 4
    found = []
    levels = [int(heading.name[1]) for heading in page(re.compile(r"^h[1-6]$"))]
    if levels.count(1) != 1:
        found.append(f"заголовков h1 – {levels.count(1)}, нужен один")
    found += [f"после h{before} сразу h{after}" for before, after in pairwise(levels) if after > before + 1]
    return found


def check_anchors(page: BeautifulSoup) -> list[str]:  # 4
    ids = [tag["id"] for tag in page(id=True)]
    found = [f"id {each!r} повторяется" for each in sorted({each for each in ids if ids.count(each) > 1})]
    found += [f"id {each!r} не латинский" for each in ids if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", each)]
    for link in page("a", href=re.compile("^#")):
        if link["href"][1:] not in ids:
            found.append(f"ссылка {link['href']} никуда не ведёт")
    for tag in page(attrs={"aria-labelledby": True}):
        if tag["aria-labelledby"] not in ids:
            found.append(f"aria-labelledby {tag['aria-labelledby']!r} никуда не ведёт")
    return found


def check_contents(page: BeautifulSoup) -> list[str]:  # 4
    chapters = [heading.get("id") for heading in page("h2")]
    if len(chapters) < 2:
        return []
    contents = page.find("nav")
    if contents is None:
        return ["нет содержания"]
    listed = {link["href"][1:] for link in contents("a")}
    return [f"раздела {chapter!r} нет в содержании" for chapter in chapters if chapter not in listed]


def check_images(page: BeautifulSoup) -> list[str]:  # 5
    found = []
    for image in page("img"):
        alt = image.get("alt", "")
        if not 20 <= len(alt) <= 300 or not re.search("[а-яё]", alt.lower()):
            found.append(f"описание картинки (alt) негодно: {alt[:40]!r}, знаков {len(alt)}")
        figure = image.find_parent("figure")
        if figure is None or figure.figcaption is None or not figure.figcaption.text.strip():
            found.append(f"у картинки {alt[:40]!r} нет подписи (figcaption)")
    return found


def check_tables(page: BeautifulSoup) -> list[str]:  # 6
    found = []
    for table in page("table"):
        name = table.get("id", "без имени")
        if table.caption is None or not table.caption.text.strip():
            found.append(f"таблица {name}: нет caption")
        for header in table("th"):
            if header.get("scope") not in ("col", "row"):
                found.append(f"таблица {name}: у заголовка «{header.text}» нет scope")
            if not header.text.strip():
                found.append(f"таблица {name}: пустой заголовок")
        if table("th", scope="col") == []:
            found.append(f"таблица {name}: нет заголовков столбцов")
    return found


def check_numbering(page: BeautifulSoup) -> list[str]:  # 6
    found = []
    for kind, captions in (("Таблица", page("caption")), ("Рисунок", page("figcaption"))):
        for position, caption in enumerate(captions, start=1):
            if not caption.text.strip().startswith(f"{kind}{NBSP}{position}."):
                found.append(f"ждали «{kind} {position}.», а стоит «{caption.text.strip()[:30]}»")
    return found


def check_no_debris(page: BeautifulSoup) -> list[str]:  # 7
    return [f"в тексте осталось {match.group()!r}" for match in DEBRIS.finditer(shown_text(page))]


def check_number_formats(page: BeautifulSoup) -> list[str]:  # 8
    found = []
    for cell in page("td", class_="number"):
        text = cell.text.strip()
        if re.search(r"\d\.\d", text):
            found.append(f"десятичная точка: {text}")
        if re.search(r"\d{4}", text):
            found.append(f"разряды не отделены: {text}")
        if "-" in text:
            found.append(f"дефис вместо минуса: {text}")
    found += [f"перед % нет неразрывного пробела: {match}" for match in re.findall(r"\d ?%", own_text(page))]
    return found


def check_plurals(page: BeautifulSoup) -> list[str]:  # 9
    return wrong_plurals(shown_text(page))


def wrong_plurals(text: str) -> list[str]:
    found = []
    for stem, (singular, paucal, many, oblique) in NOUNS.items():
        for digits, noun in re.findall(
            rf"(?<![\d,–.№])(?<![№§]{NBSP})(?<![№§] )(\d[\d{NBSP}]*)[ {NBSP}]({stem}[а-яё]*)", text
        ):
            number = int(digits.replace(NBSP, ""))
            last, teen = number % 10, 11 <= number % 100 <= 14
            right = singular if last == 1 and not teen else paucal if 2 <= last <= 4 and not teen else many
            known = singular | paucal | many | oblique
            if noun in known and noun not in right | (set() if right is singular else oblique):
                found.append(f"неверная форма слова: {digits} {noun}")
    return found


def check_only_own_tags(page: BeautifulSoup) -> list[str]:  # 22
    return sorted(
        {
            f"чужой тег <{tag.name}>: текст данных не экранирован"
            for tag in page(True)
            if not OWN_TAGS.fullmatch(tag.name)
        }
    )


def check_codes_explained(page: BeautifulSoup) -> list[str]:
    found = []
    for table in page("table"):
        wrapper = table.find_parent("div", class_="table")
        notes = wrapper.find("div", class_="notes") if wrapper else None
        explained = notes.text if notes else ""
        cells = [cell.text for cell in table(["td", "th"])]
        for code in CODE_EXPLANATIONS:
            if any(code in text for text in cells) and code not in explained:
                found.append(f"таблица {table.get('id')}: обозначение {code} не объяснено под ней")
    return found


CHECKS: tuple[Callable[[BeautifulSoup], list[str]], ...] = (
    check_nothing_fetched,
    check_only_own_script,
    check_language_and_title,
    check_headings,
    check_anchors,
    check_images,
    check_tables,
    check_number_formats,
    check_plurals,
    check_only_own_tags,
)
REPORT_CHECKS: tuple[Callable[[BeautifulSoup], list[str]], ...] = (
    check_contents,
    check_no_debris,
    check_numbering,
    check_codes_explained,
)


def shown_text(page: BeautifulSoup) -> str:
    """The text a reader sees, element after element."""
    texts = page.body.strings if page.body else ()
    return "\n".join(text for text in texts if text.strip() and text.parent.name != "script")


def own_text(page: BeautifulSoup) -> str:
    """The text of ours: cells with words from data are left out."""
    data = ("td", "th")
    return "\n".join(
        string
        for string in page.body.strings
        if string.parent.name != "script"
        and not any(
            parent.name in data and parent.get("scope") != "col" and "number" not in parent.get("class", [])
            for parent in string.parents
        )
    )


def headline_problems(executed_notebook: NotebookNode) -> list[str]:  # 10
    """Numbers of the headlines that cannot be counted again from the tables of the same page."""
    tables = {table.name: table for table in collect_tables(executed_notebook)}
    found = []
    for cell in executed_notebook.cells:
        for output in cell.get("outputs", ()):
            for headline in output.get("data", {}).get(HEADLINES_MIME, ()):
                for proof in headline["evidence"]:
                    stated = headline["numbers"][proof["fact"]]
                    if proof["table"] not in tables:
                        found.append(f"{headline['id']}: на странице нет таблицы {proof['table']}")
                        continue
                    counted = recount(tables[proof["table"]], proof)
                    if counted is None or abs(counted - stated) > 1e-9 * max(1, abs(stated)):
                        found.append(f"{headline['id']}: сказано {proof['fact']} = {stated}, по таблице {counted}")
    return found


def recount(table: ReportTable, proof: Mapping) -> float | None:
    """The number a proof leads to."""
    rows = [dict(zip((field.id for field in table.fields), row, strict=True)) for row in table.rows]
    chosen = [row for row in rows if all(str(row.get(column)) == text for column, text in proof["where"].items())]
    if proof["measure"] == "rows":
        return len(chosen)
    if proof["measure"] == "share":
        return len(chosen) / len(rows) if rows else None
    scale = next(0.01 if field.unit in ("%", "п. п.") else 1 for field in table.fields if field.id == proof["column"])
    values = [row[proof["column"]] * scale for row in chosen]
    if proof["measure"] == "value":
        return values[0] if len(values) == 1 else None
    return sum(values)


def file_problems(html: str, folder: Path) -> list[str]:  # 10
    """Differences between the tables of a page, the CSV files and the sheets of the workbook."""
    page = parsed(html)
    workbook = folder / "tables.xlsx"
    sheets = sheets_of(workbook, workbook.stat().st_mtime_ns)
    found = []
    for table in page("table"):
        name = table["id"].removeprefix("table-")
        file = folder / f"{name}.csv"
        if not file.exists():
            found.append(f"{name}: нет файла CSV")
            continue
        with file.open(encoding="utf-8-sig", newline="") as lines:
            heading, *rows = list(csv.reader(lines, delimiter=";"))
        if name not in sheets:
            found.append(f"{name}: нет листа в tables.xlsx")
            continue
        if sheets[name] != [[unguarded(cell) for cell in row] for row in [heading, *rows]]:
            found.append(f"{name}: CSV и лист различаются")
        if school := table.get("data-rows-of"):
            code = next(place for place, one in enumerate(heading) if one.endswith(", код"))
            rows = [row for row in rows if unguarded(row[code]) == school]
        found += [f"{name}: {problem}" for problem in page_file_problems(table, heading, rows)]
    return found


@lru_cache(maxsize=1)
def sheets_of(workbook: Path, written: int) -> dict[str, list[list[str]]]:
    """Headings and rows of the sheet of every table, by the name of its file as the contents have it; pages share one workbook."""
    book = openpyxl.load_workbook(workbook, data_only=False)
    return {
        file.removesuffix(".csv"): [
            [cell_text(cell) for cell in row] for row in book[sheet].iter_rows(min_row=4, values_only=True)
        ]
        for sheet, _, file in book["Содержание"].iter_rows(min_row=2, values_only=True)
    }


def page_file_problems(table: Tag, heading: list[str], rows: list[list[str]]) -> list[str]:
    labels, printed = labels_and_rows(table)
    marks = [header.get("class") == ["mark"] for header in table.thead("th")]
    if table.find_parent("div", class_="part"):
        told = [[cell for cell, drawn in zip(cells, marks, strict=True) if not drawn] for cells in printed]
        rows = like_printed(rows, told)
    if len(printed) != len(rows):
        return [f"на странице строк {len(printed)}, в файле {len(rows)}"]
    found, position = [], 0
    for column, label in enumerate(labels):
        if marks[column]:
            continue
        places = [place for place in range(position, len(heading)) if names_column(heading[place], label)]
        if not places:
            found.append(f"столбца «{label}» в файле нет: {heading[position:]}")
            continue
        position = places[0]
        ranged = heading[position].startswith(f"{label}, от")
        for cells, row in zip(printed, rows, strict=True):
            text, stored = (
                words_of(cells[column]),
                [unguarded(value) for value in row[position : position + 1 + ranged]],
            )
            if not same_cell(text, stored):
                found.append(f"«{label}»: на странице {text!r}, в файле {stored}")
        position += 1 + ranged
    return found


def like_printed(rows: list[list[str]], printed: list[list[Tag]]) -> list[list[str]]:
    """The rows of a file that a page prints some of: for each printed row the next one with all of its words."""
    found, at = [], 0
    for cells in printed:
        words = [words_of(cell) for cell in cells if "number" not in cell.get("class", [])]
        words = [re.sub(rf"^[^\w\[(«\"'<=+@-]+{NBSP}", "", word).replace(NBSP, " ") for word in words]
        while at < len(rows) and not holds(rows[at], words):
            at += 1
        found += rows[at : at + 1]
        at += 1
    return found


def holds(row: list[str], words: list[str]) -> bool:
    """Whether a row of a file has all of these words; a date is stored as year, month and day."""
    stored = {unguarded(each).replace(NBSP, " ") for each in row}
    return all(word in stored or iso_date(word) in stored for word in words)


def iso_date(words: str) -> str:
    return re.sub(r"^(\d\d)\.(\d\d)\.(\d{4})$", r"\3-\2-\1", words)


def names_column(heading: str, label: str) -> bool:
    """Whether a heading of a file is that of a column of the page: with its unit or as the first of two, not its code or unit."""
    return heading == label or (
        heading.startswith(f"{label}, ") and not heading.endswith((", код", ", единица", f"{label}, до"))
    )


def label_of(header: Tag) -> str:
    unit = header.find("span", class_="unit")
    text = header.text.removesuffix(unit.text) if unit else header.text
    return text.replace(NBSP, " ").replace(SOFT_HYPHEN, "").strip()


def same_cell(text: str, stored: list[str]) -> bool:
    """Whether a printed cell is its stored value, rounded half up."""
    if [text] == stored:
        return True
    numbers = [to_number(value) for value in stored]
    if any(number is None for number in numbers):
        words = re.sub(rf"^[^\w\[(«\"'<=+@-]+{NBSP}", "", text).replace(NBSP, " ")
        return any(value.replace(NBSP, " ") in (words, iso_date(words)) for value in stored)
    found = re.findall(rf"[+\u2212]?\d[\d{NBSP}]*(?:,\d+)?", text)
    if len(found) != len(numbers):
        return False
    return all(rounded_like(number, shown) == to_number(shown) for number, shown in zip(numbers, found, strict=True))


def rounded_like(number: Decimal, shown: str) -> Decimal:
    digits = len(shown.partition(",")[2])
    return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def to_number(text: str) -> Decimal | None:
    plain = str(text).replace("\u2212", "-").replace(NBSP, "").replace(",", ".")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def unguarded(text: str) -> str:
    """A CSV cell without the apostrophe that keeps a spreadsheet from running it."""
    return text[1:] if re.match(r"'[=+\-@\t\r]", text) else text


def cell_text(value: object) -> str:
    if isinstance(value, int | float):
        return format(Decimal(repr(value)), "f").removesuffix(".0").replace(".", ",")
    return "" if value is None else str(value)


def status_problems(
    html: str,
    table: str,
    *,
    value: str,
    threshold: str,
    status: str,
    met: str,
    met_when: Callable[[Decimal, Decimal], bool],
) -> list[str]:  # 11
    """Rows whose printed status does not follow from their printed value and threshold.

    `value`, `threshold` and `status` are headings of columns, `met` the word that means the rule holds.
    """
    found = []
    for row in printed_rows(parsed(html).find("table", id=f"table-{table}")):
        shown, limit = first_number(row[value]), first_number(row[threshold])
        if shown is None or limit is None:
            continue
        if met_when(shown, limit) != row[status].endswith(met):
            found.append(f"{row}: по напечатанным числам вывод другой")
    return found


def small_number_problems(html: str, limit: int, *, participants: str = "Участники") -> list[str]:  # 12
    """Rows of a public page that print a rate of fewer participants than the limit."""
    found = []
    for table in parsed(html)("table"):
        for row in printed_rows(table):
            count = first_number(row.get(participants, ""))
            rates = [text for text in row.values() if "%" in text]
            if count is not None and 0 < count < limit and rates:
                found.append(f"таблица {table['id']}: участников {count}, а напечатано {', '.join(rates)}")
    return found


def printed_rows(table: Tag) -> list[dict[str, str]]:
    """The rows of a table as a reader sees them: heading -> text."""
    labels, rows = labels_and_rows(table)
    return [dict(zip(labels, map(words_of, cells), strict=True)) for cells in rows]


def labels_and_rows(table: Tag) -> tuple[list[str], list[list[Tag]]]:
    """The headings of the columns, and the rows that have a cell for each of them."""
    labels = [label_of(header) for header in table.thead("th")]
    rows = [row(["th", "td"]) for body in table("tbody") for row in body("tr")]
    return labels, [cells for cells in rows if len(cells) == len(labels)]


def words_of(cell: Tag) -> str:
    """What a cell says: its text, or the name of the shape that stands in its place."""
    shape = cell.find(attrs={"role": "img", "aria-label": True}) if not cell.find("svg") else None
    return shape["aria-label"] if shape else cell.text.strip()


def first_number(text: str) -> Decimal | None:
    match = re.search(rf"[+\u2212]?\d[\d{NBSP}]*(?:,\d+)?", text)
    return to_number(match.group()) if match else None
