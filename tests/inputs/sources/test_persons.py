import pytest

from shnor_lib.inputs.dictionary import table, table_names
from shnor_lib.inputs.sources.persons import MASK, mask_person, names_person


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
