"""The attacker finds a planted leak of every kind of relation, guesses nothing wrong, and tells nothing of what is well hidden."""

from pathlib import Path

import yaml

from shnor_lib.pages import specs
from shnor_lib.runs.audit import audit
from shnor_lib.runs.audit.facts import MUNICIPALITY, Cell
from shnor_lib.runs.audit.reading import quantities, stands_among
from tests.runs.audit.publishing import HIDDEN, publish, schools

VPR = {"procedure": "Процедура", "participants": "Участники"}
RATES = {"pass_rate": "Успеваемость, %", "quality_rate": "Качество, %", "below_minimum_rate": "Ниже минимума, %"}
MATHS = "Математика, 5 класс"


def told(root, limit=5):
    """What the attack tells: by single count, its least and largest values; every table is known and decided."""
    found = audit(root, limit, seconds=60)
    assert not found.reading.unknown and not found.is_undecided
    return {next(iter(one.kept.of)): (one.low, one.high) for one in found.found.told if len(one.kept.of) == 1}


def count(column, unit="c", part="VPR/maths/5", table="exam_results", year=2021):
    return Cell(table, unit, year, "", part, column)


def test_a_single_hidden_school_is_the_sum_less_the_others(tmp_path):
    root = publish(
        tmp_path,
        2021,
        details_vpr=schools(VPR, ("a", MATHS, "30"), ("b", MATHS, "16"), ("c", MATHS, HIDDEN)),
        results_vpr=(VPR, [[MATHS, "50"]]),
    )
    assert told(root) == {count("participants"): (4, 4)}


def test_two_hidden_schools_of_a_large_sum_are_safe(tmp_path):
    rows = (("a", MATHS, "30"), ("b", MATHS, HIDDEN), ("c", MATHS, HIDDEN))
    root = publish(tmp_path, 2021, details_vpr=schools(VPR, *rows), results_vpr=(VPR, [[MATHS, "50"]]))
    found = audit(root, 5, seconds=60)
    assert found.is_safe
    assert found.lines(60) == ["Раскрыть нельзя: проверено 3 скрытых ячеек."] or found.found.asked == 2


def test_two_hidden_schools_of_a_small_sum_are_told_within_two(tmp_path):
    rows = (("a", MATHS, "30"), ("b", MATHS, HIDDEN), ("c", MATHS, HIDDEN))
    root = publish(tmp_path, 2021, details_vpr=schools(VPR, *rows), results_vpr=(VPR, [[MATHS, "34"]]))
    assert told(root) == {count("participants", "b"): (1, 3), count("participants"): (1, 3)}


def test_the_last_part_of_a_whole(tmp_path):
    columns = {
        "participants": "Работ",
        "lowered": "Понизили, %",
        "confirmed": "Подтвердили, %",
        "raised": "Повысили, %",
    }
    root = publish(
        tmp_path,
        2021,
        journal_procedures=(
            {"procedure": "Процедура", **columns},
            [["ВПР, математика, 5 класс", "20", "40", "45", HIDDEN]],
        ),
    )
    assert told(root) == {count("raised", MUNICIPALITY, table="mark_comparison"): (3, 3)}


def test_a_falling_chain_of_scores(tmp_path):
    columns = {
        "procedure": "Процедура",
        "participants": "Участники",
        "score_60_plus_rate": "От 60, %",
        "score_80_plus_rate": "От 80, %",
    }
    root = publish(tmp_path, 2021, details_gia11=schools(columns, ("c", "Физика", "20", "0", HIDDEN)))
    assert told(root) == {count("score_80_plus", part="EGE/physics/11"): (0, 0)}


def test_a_compound_indicator_beside_its_parts(tmp_path):
    columns = {"procedure": "Процедура", "participants": "Участники", "below_minimum_rate": "Ниже минимума, %"}
    results = {"title": "Показатель", "value": "2021", "value_unit": "2021, единица", "denominator": "Участники"}
    root = publish(
        tmp_path,
        2021,
        details_gia11=schools(columns, ("c", "Математика", "10", "0"), ("c", "Математика (базовая)", "10", HIDDEN)),
        school_results=schools(
            results, ("c", "ЕГЭ, математика (базовая и профильная): ниже минимума", "10", "%", "20")
        ),
    )
    assert told(root)[count("mark_2", part="EGE/maths_base/11")] == (2, 2)


def test_the_report_of_the_next_year_shows_what_this_one_hides(tmp_path):
    compared = {"procedure_label": "Процедура", "year": "Год", "participants": "Участники"}
    publish(tmp_path, 2021, details_vpr=schools(VPR, ("c", MATHS, HIDDEN)))
    publish(tmp_path, 2022, results_compared=schools(compared, ("c", "ВПР, математика, 5 класс", "2021", "4")))
    assert told(tmp_path) == {count("participants"): (4, 4)}


def test_a_rounded_rate_of_a_known_whole(tmp_path):
    columns = {**VPR, "below_minimum_rate": "Ниже минимума, %"}
    root = publish(tmp_path, 2021, details_vpr=schools(columns, ("c", MATHS, "9", "33"), ("b", MATHS, "90", "33")))
    assert told(root) == {count("mark_2"): (3, 3)}


def test_marks_behind_their_mean(tmp_path):
    columns = {**VPR, **RATES, "learning_index": "СОУ"}
    root = publish(tmp_path, 2021, details_vpr=schools(columns, ("c", MATHS, "10", "100", HIDDEN, "0", "50,8")))
    assert told(root)[count("mark_5")] == (1, 1)


def test_a_rate_printed_to_its_last_digit_tells_its_whole(tmp_path):
    columns = {**VPR, "quality_rate": "Качество, %"}
    rows = (("a", MATHS, "60", "33,3333333333"), ("c", MATHS, HIDDEN, "45,4545454545"))
    root = publish(tmp_path, 2021, details_vpr=schools(columns, *rows), results_vpr=(VPR, [[MATHS, "71"]]))
    assert told(root)[count("participants")] == (11, 11)


def test_a_printed_nought_is_no_leak(tmp_path):
    columns = {**VPR, "below_minimum_rate": "Ниже минимума, %"}
    root = publish(tmp_path, 2021, details_vpr=schools(columns, ("c", MATHS, "9", "0")))
    assert told(root) == {}


def test_sums_that_do_not_add_up_are_left_out_and_told(tmp_path):
    rows = (("a", MATHS, "30"), ("c", MATHS, "16"))
    columns = {**VPR, "below_minimum_rate": "Ниже минимума, %"}
    table = schools(columns, *((*row, "50") for row in rows))
    root = publish(tmp_path, 2021, details_vpr=table, results_vpr=(VPR, [[MATHS, "50"]]))
    found = audit(root, 5, seconds=60)
    assert (found.found.without_sums, found.found.contradictory, found.found.told) == (1, 0, [])


def test_numbers_that_no_counts_fit_are_not_called_safe(tmp_path):
    columns = {**VPR, "pass_rate": "Успеваемость, %", "below_minimum_rate": "Ниже минимума, %"}
    root = publish(tmp_path, 2021, details_vpr=schools(columns, ("c", MATHS, "100", "50", "10")))
    found = audit(root, 5, seconds=60)
    assert found.is_undecided and not found.is_safe
    assert found.lines(60)[0] == "Числа открытых таблиц противоречат друг другу: мест – 1."


def test_a_table_that_is_unknown_is_refused(tmp_path):
    root = publish(
        tmp_path, 2021, details_vpr=schools(VPR, ("c", MATHS, HIDDEN)), new_pupils=schools({"n": "Число"}, ("c", "4"))
    )
    found = audit(root, 5, 60)
    assert not found.is_safe
    assert found.lines(120) == [
        "Неизвестно аудиту: таблиц и подписей – 1.",
        "  2021/tables/new_pupils.csv: таблицы «new_pupils» в runs/audit/quantities.yml нет",
    ]


def test_a_label_that_is_unknown_is_refused(tmp_path):
    root = publish(tmp_path, 2021, details_vpr=schools(VPR, ("c", "Алхимия, 5 класс", HIDDEN)))
    assert audit(root, 5, 60).reading.unknown == ["2021/tables/details_vpr.csv, строка 2: «Алхимия, 5 класс»"]


def test_no_time_is_not_safety(tmp_path):
    rows = (("a", MATHS, "30"), ("b", MATHS, HIDDEN), ("c", MATHS, HIDDEN))
    root = publish(tmp_path, 2021, details_vpr=schools(VPR, *rows), results_vpr=(VPR, [[MATHS, "50"]]))
    found = audit(root, 5, seconds=0)
    assert found.is_undecided and not found.is_safe
    assert found.lines(0)[0] == "Не успели за 0 с: не решено чисел – 2 из 2."


def test_an_interval_tells_how_many_stand_behind_a_rate(tmp_path):
    columns = {"subject_word": "Предмет", "deficit": "Затруднение", "assessed": "Оценено", "share": "Доля, %"}
    ends = {"low": "Интервал, от, %", "high": "Интервал, до, %"}
    row = ["математика", "проценты", HIDDEN, HIDDEN, "11,7620774233", "76,9275718724"]  # Wilson, 2 of 5
    root = publish(tmp_path, 2021, deficit_map=({**columns, **ends}, [row]))
    cell = count("teachers_with_deficit", MUNICIPALITY, "maths/проценты", "professional_deficits")
    assert told(root)[cell] == (2, 2)
    assert told(root)[cell._replace(column="teachers_assessed")] == (5, 5)


def test_every_table_that_a_report_declares_is_known_to_the_audit():
    known, files = quantities(), Path(specs.__file__).parent.glob("*.yml")
    declared = {name for path in files for name in yaml.safe_load(path.read_text("utf-8")).get("tables") or ()}
    assert len(declared) > 150
    lists = (*known.tables, *known.without_persons, *known.not_read)
    assert sorted(name for name in declared if not stands_among(name, lists)) == []


def test_the_page_of_a_region_tells_what_the_office_hides(tmp_path):
    taken = {"procedure": "Процедура", "participants": "Участники"}
    oge = schools(taken, ("a", "Математика", "30"), ("b", "Математика", "16"), ("c", "Математика", HIDDEN))
    root = publish(tmp_path / "office", 2021, title="Округ, 2021", details_gia9=oge)
    columns = {"figure": "Показатель", "office": "Муниципалитет", "shown": "Значение", "denominator": "Из числа"}
    rows = [["ОГЭ, математика", "Округ", "12 %", "49"], ["ОГЭ, математика", "Другой округ", "9 %", "500"]]
    publish(tmp_path / "region", 2021, region_indicators=(columns, rows))
    assert told(root)[count("participants", part="OGE/maths/9")] == (3, 3)
