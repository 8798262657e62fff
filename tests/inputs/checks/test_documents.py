import pytest

from shnor_lib.inputs.checks import check_inputs
from shnor_lib.inputs.sources import read_inputs
from tests.inputs.sources.delivery import SCHOOLS, SOURCES, deliver, put

SURVEY = "school_id;question;answer;place\n"
LOW = "school_id;exam;subject;grade;year\n01;ВПР;русский язык;5;2019\n01;ОГЭ;математика;9;2021\n"


def texts(inputs, check: str) -> list[str]:
    problems = check_inputs(inputs, 2021)
    return problems.loc[problems["check"] == check, "problem"].tolist()


def sources(**files: str) -> dict[str, str]:
    return {
        "SOURCES.yml": SOURCES + "files:\n" + "".join(f"  {name}.csv: {{{text}}}\n" for name, text in files.items())
    }


def test_remarks_are_shown(tmp_path):
    inputs = deliver(tmp_path, sources(schools='remarks: ["Числа округлены.", "Год не указан."]'))
    assert texts(inputs, "source_remark") == ["Год не указан.", "Числа округлены."]


def test_what_was_left_out_of_a_document_is_told_once(tmp_path):
    left_out = "left_out:\n  - {what: Бюджет, place: раздел 6, why: суммы не напечатаны}\n"
    assert texts(deliver(tmp_path, {"SOURCES.yml": SOURCES + left_out}), "source_left_out") == ["Бюджет"]


def test_a_document_that_claims_other_years_than_it_holds_is_told(tmp_path):
    inputs = deliver(tmp_path, sources(low_procedures="stated_years: [2019, 2020]"), low_procedures=LOW)
    assert texts(inputs, "source_stated_years") == ["Документ заявляет годы 2019, 2020; в таблице – 2019, 2021"]


@pytest.mark.parametrize("stated", ["stated_years: [2021, 2019]", "place: таблица 1"])
def test_a_document_that_holds_what_it_claims_is_not(tmp_path, stated):
    assert texts(deliver(tmp_path, sources(low_procedures=stated), low_procedures=LOW), "source_stated_years") == []


def test_the_kind_must_be_stated_and_not_mixed(tmp_path):
    unstated = deliver(tmp_path / "a", {"SOURCES.yml": "document: x\n"})
    assert texts(unstated, "source_kind") == ["Не указано, опубликованы данные или демонстрационные"]
    mixed = deliver(tmp_path / "b", sources(staff="kind: published"), staff="school_id;teachers\n01;5\n")
    assert texts(mixed, "source_kind") == ["Демонстрационные данные смешаны с опубликованными"]


def test_without_sources_the_kind_is_not_asked_for_twice(tmp_path):
    folder = put(tmp_path, {"schools.csv": SCHOOLS})
    (folder / "SOURCES.yml").unlink()
    inputs = read_inputs(tmp_path, "demo", [2021])
    assert texts(inputs, "source_kind") == [] and len(texts(inputs, "read_sources")) == 1


def test_a_survey_that_contradicts_itself_is_told_with_both_places(tmp_path):
    rows = "01;fast_internet;да;таблица 5\n01;fast_internet;нет;раздел IV\n02;fast_internet;нет;таблица 5\n"
    (text,) = texts(deliver(tmp_path, {}, survey=SURVEY + rows), "survey_contradicts")
    assert "«да» (таблица 5), «нет» (раздел IV)" in text


def test_the_same_answer_in_two_places_is_no_contradiction(tmp_path):
    rows = "01;fast_internet;да;таблица 5\n01;fast_internet;да;раздел IV\n01;mentoring;нет;раздел IV\n"
    assert texts(deliver(tmp_path, {}, survey=SURVEY + rows), "survey_contradicts") == []


def test_groups_contradict_themselves_by_their_numbers(tmp_path):
    survey = "level;group;question;schools_yes;schools_asked;place\n" + "".join(
        f"группа школ;сельские;fast_internet;{number};3;{place}\n"
        for number, place in ((1, "таблица 5"), (0, "раздел IV"))
    )
    (text,) = texts(deliver(tmp_path, {}, survey=survey), "survey_contradicts")
    assert "сельские" in text and "школ: 1 (таблица 5)" in text and "школ: 0 (раздел IV)" in text


def test_N9_printed_values_are_a_number_or_a_range_in_order(tmp_path):
    header = "level;indicator;value;value_low;value_high;wording;participants\n"
    rows = (
        "region;pupils_count;;;;;30\nregion;class_size;;30;20;;\nregion;second_shift_rate;0,5;0,1;0,4;;\n"
        "region;transported_rate;;0,1;;range;\nregion;rural_school_flag;0,4;;;about;\n"
        "municipality;special_needs_rate;;;;выше региона;\nmunicipality;small_school_flag;0,4;;;выше региона;\n"
    )
    inputs = deliver(tmp_path, {}, published_indicators=header + rows)
    problems = check_inputs(inputs, 2021)
    found = problems[problems["check"] == "published_range"]
    assert dict(zip(found["cell"], found["problem"], strict=True)) == {
        "C2": "Нет ни значения, ни границы",
        "D3": "Нижний край больше верхнего (20)",
        "C4": "Значение больше верхнего края (0.4)",
        "F5": "«диапазон» не подходит к заполненному: нижний край",
        "F8": "«выше региона» не подходит к заполненному: значение",
    }


def test_L5_published_changes_are_of_an_exam_or_of_the_journal_and_agree(tmp_path):
    header = "school_id;exam;stage;subject;grade;direction;since;place\n"
    rows = (
        "01;ОГЭ;;математика;9;снижение;;раздел 1\n01;ОГЭ;;математика;9;рост;;раздел 2\n"
        "02;;;физика;;снижение;;раздел 1\n02;ОГЭ;основное общее;физика;;снижение;2022;раздел 1\n"
        "02;;основное общее;физика;;рост;2019;раздел 1\n"
    )
    problems = check_inputs(deliver(tmp_path, {}, published_changes=header + rows), 2021)
    found = problems[problems["check"].str.startswith("published_changes")]
    assert sorted(zip(found["check"], found["cell"], found["problem"], strict=True)) == [
        (
            "published_changes_contradict",
            "F3",
            "В разных местах документа сказано разное: снижение (раздел 1); рост (раздел 2)",
        ),
        ("published_changes_of", "B4", "Не указано, чего касается изменение"),
        ("published_changes_of", "C5", "Указаны и процедура, и уровень образования"),
        ("published_changes_of", "G5", "Год, с которым сравнивает документ, позже года изменения (2021)"),
    ]


def test_L8_subjects_of_an_olympiad_are_together_not_more_than_all_of_it(tmp_path):
    header = "school_id;stage;subject;participants;entries;winners;prize_winners\n"
    rows = (
        "01;муниципальный;;40;60;5;\n01;муниципальный;математика;30;30;3;1\n01;муниципальный;физика;25;;3;1\n"
        "02;муниципальный;физика;25;25;3;1\n"
    )
    problems = check_inputs(deliver(tmp_path, {}, olympiads=header + rows), 2021)
    found = problems[problems["check"] == "olympiads_parts"]
    assert found[["cell", "problem"]].values.tolist() == [
        ["F2", "«Победители» по предметам вместе – 6, а всего 5"],
    ]
