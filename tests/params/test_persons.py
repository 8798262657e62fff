import re
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.params.persons import MASK, mask_person, may_name_person, names_person, persons_declared
from shnor_lib.params.yaml_files import ParamsError, Strict, read_yaml
from tests.attack.persons import traces

DIGEST = "a42e815c58f3977fe531a80ffd4659121c3b9f876a89869042816c369ed80776"
"""The sha256 of a file with eleven digits that a telephone may have."""


def test_the_sum_of_a_file_is_no_person():
    assert mask_person(DIGEST) == DIGEST
    for text in (DIGEST[:42] + " 89869042816", DIGEST[1:], DIGEST + " Иванова А.А."):
        assert MASK in mask_person(text)


@pytest.mark.parametrize(
    "header",
    [
        "ФИО",
        "Ф.И.О. участника",
        "Фамилия",
        "Фамилия Имя Отчество",
        "Имя",
        "Отчество ребёнка",
        "Дата рождения",
        "Паспорт",
        "СНИЛС",
        "Серия",
        "Номер документа",
        "Телефон",
        "Контактный телефон",
        "e-mail",
        "E-mail директора",
        "Эл. почта",
        "Адрес проживания",
        "surname",
    ],
)
def test_headers_of_persons(header):
    assert names_person(header)


def test_no_column_of_the_dictionary_is_taken_for_a_person():
    for name in table_names():
        for column in table(name).columns.values():
            assert not names_person(column.label), column.label
            assert not names_person(column.name), column.name


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Иванова А.А.", MASK),
        ("Иванова А. А., директор", f"{MASK}, директор"),
        ("директор А.А. Иванова", f"директор {MASK}"),
        ("Иванова Анна Ивановна", MASK),
        ("Салтыков-Щедрин М.Е.", MASK),
        ("звонить +7 (999) 123-45-67", f"звонить {MASK}"),
        ("ivanova@example.org", MASK),
        ("112-233-445 95", MASK),
        ("ИВАНОВА АННА ИВАНОВНА", MASK),
        ("Анна Ивановна Иванова, завуч", f"{MASK}, завуч"),
        ("обратиться: Анна Ивановна", f"обратиться: {MASK}"),
        ("тел. (38453) 2-14-55", f"тел. {MASK}"),
        ("паспорт 3204 123456", f"паспорт {MASK}"),
        ("14.05.2006 г.р.", f"{MASK}."),
    ],
)
def test_persons_in_texts_are_masked(text, masked):
    assert mask_person(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "директор школы",
        "Гимназия им. Ю.А. Гагарина",
        "Школа имени А.С. Пушкина",
        "Управление образования",
        "1.2. Программа",
        "Чтения памяти Д.С. Лихачёва",
        "ООО «Ромашка»",
        "до 28.02.2021",
        "СОШ с. Курское",
        "приказ № 123-45",
        "МБОУ СОШ РАЙОННАЯ",
        "Школа имени Анны Ивановны Зыковой",
        "Гимназия имени Льва Николаевича Толстого",
        "с 01.09.2021 по 2025 год",
    ],
)
def test_roles_and_those_a_school_is_named_after_stay(text):
    assert mask_person(text) == text


STRINGS = YAML(typ="safe", pure=True).load(Path(__file__).with_name("persons.yml").read_text(encoding="utf-8"))
PLANTED = [text for texts in STRINGS["persons"].values() for text in texts]


@pytest.mark.parametrize("text", PLANTED)
def test_a_person_is_masked_however_written(text):
    masked = mask_person(text)
    assert MASK in masked and mask_person(masked) == masked
    assert not re.search(
        r"[0-9]{2}|@|[А-ЯЁ]\w*[ое]вн|[А-ЯЁ]\w*ич\b|Иванов|Петров|\bЛи\b|Шмидт|Гук",
        masked.replace(MASK, "").split(", 2 ")[0],
    )


@pytest.mark.parametrize("text", PLANTED)
def test_a_person_is_masked_inside_a_sentence(text):
    masked = mask_person(f"Ответственный за план: {text}; срок 1 квартал")
    assert MASK in masked and "срок 1 квартал" in masked


BEFORE = ("Составила", "Методика", "Дисциплина", "МБОУ", "г. Энск", "СОШ № 1,", "Отв.:", "1.", "5А", "и")
AFTER = ("", " сообщила", ", директор", "; Петров И. И.", " 12.05.2021", " А", " Школа № 1")


@pytest.mark.parametrize("before", BEFORE)
def test_no_neighbour_of_a_person_leaves_a_piece_of_him(before):
    for after in AFTER:
        for person in PLANTED:
            masked = mask_person(text := f"{before} {person}{after}")
            assert not traces(masked), f"{text} → {masked}"


@pytest.mark.parametrize("text", STRINGS["kept"])
def test_schools_streets_documents_stay(text):
    assert mask_person(text) == text and not may_name_person(text)


@pytest.mark.parametrize("text", STRINGS["doubtful"])
def test_of_what_may_be_a_person_the_check_asks(text):
    assert mask_person(text) == text and may_name_person(text)


PIECES = [
    "а",
    "А.",
    "А. А. ",
    "Иванов ",
    "1",
    "8 (",
    "1-",
    "а@",
    "a.a",
    "@",
    "а-",
    "паспорт 1",
    "тел. ",
    "а\u0301",
    " ",
    "дата рожд",
    "им. Героя ",
]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), min_size=1, max_size=3))
def test_time_grows_with_the_length_alone(pieces):
    text = ("".join(pieces) or "а") * 100_000
    began = process_time()
    for read in (mask_person, may_name_person, names_person):
        read(text[:100_000])
    assert process_time() - began < 4


class Titles(Strict):
    title: str
    people: dict[str, list[str]]


DECLARED = """\
title: Отдел образования, начальник Иванова А.А.
people:
  Пётр Ильич Сорокин:
    - методист
    - тел. 8 (999) 123-45-67
"""


def test_persons_in_a_yaml_file_are_masked_and_told_with_their_lines(tmp_path):
    path = tmp_path / "office.yml"
    path.write_text(DECLARED, encoding="utf-8")
    read = read_yaml(path, Titles)
    assert read.title == f"Отдел образования, начальник {MASK}"
    assert read.people == {MASK: ["методист", f"тел. {MASK}"]}
    assert [line for line, _ in persons_declared(path.read_bytes())] == [1, 3, 5]


def test_an_error_of_a_yaml_file_names_no_person_and_its_line(tmp_path):
    path = tmp_path / "office.yml"
    path.write_text(DECLARED.replace("- методист", "- 5"), encoding="utf-8")
    with pytest.raises(ParamsError, match=r"office.yml:4: .*имя удалено") as found:
        read_yaml(path, Titles, "office.yml")
    assert "Сорокин" not in str(found.value)
