from shnor_lib.inputs.checks import check_inputs
from tests.inputs.sources.delivery import deliver


def found(inputs, check: str) -> list[tuple[str, str]]:
    problems = check_inputs(inputs, 2021)
    chosen = problems[problems["check"] == check]
    return list(chosen[["severity", "cell"]].itertuples(index=False, name=None))


def test_measures_have_a_due_date_and_somebody_responsible(tmp_path):
    inputs = deliver(tmp_path, {}, measures="measure_id;title;due;responsible\n1;Семинар;;директор\n2;Аудит;июнь;\n")
    assert found(inputs, "measures_due") == [("warning", "C2")]
    assert found(inputs, "measures_responsible") == [("warning", "D3")]


def test_the_state_of_a_measure_agrees_with_its_date(tmp_path):
    rows = "1;А;выполняется;2021-05-01\n2;Б;выполнено;\n3;В;выполнено;2021-05-01\n4;Г;запланировано;\n5;Д;;2021-05-01\n"
    inputs = deliver(tmp_path, {}, measures="measure_id;title;status;completed_on\n" + rows)
    assert found(inputs, "measures_completed") == [("warning", "C2"), ("note", "D3")]


def test_events_name_schools_of_the_register(tmp_path):
    inputs = deliver(tmp_path, {}, exchange_events="event_id;title;schools\n1;А;01; \n2;Б;01, EDU200002\n3;В;01,99\n")
    assert found(inputs, "events_schools") == [("warning", "C4")]


def test_a_school_is_no_partner_of_its_own(tmp_path):
    inputs = deliver(tmp_path, {}, partnerships="school_id;partner_id\n01;edu200001\n01;02\n")
    assert found(inputs, "partners_self") == [("warning", "B2")]


def test_special_schools_are_not_on_the_list_of_low_results(tmp_path):
    inputs = deliver(
        tmp_path,
        {"schools.csv": "school_id;special_type\n01;вечерняя\n02;\n"},
        low_procedures="school_id;exam;subject;grade\n01;ОГЭ;математика;9\n02;ОГЭ;математика;9\n",
    )
    assert found(inputs, "low_procedures_excluded") == [("warning", "A2")]


def test_a_low_result_has_somebody_below_the_minimum(tmp_path):
    inputs = deliver(
        tmp_path,
        {},
        low_procedures="school_id;exam;subject;grade;below_minimum_share\n01;ОГЭ;математика;9;0\n02;ОГЭ;математика;9;35 %\n",
    )
    assert found(inputs, "low_procedures_share") == [("warning", "E2")]


DECISIONS = "school_id;category;decision;reason;decided_by;decided_on\n"


def test_decisions_are_complete_and_about_known_schools(tmp_path):
    rows = "01;ШНОР;включить;;комиссия;2021-10-01\n99;ШНОР;исключить;ошибка;комиссия;2021-10-01\n"
    inputs = deliver(tmp_path, {}, expert_decisions=DECISIONS + rows)
    assert found(inputs, "table_required") == [("error", "D2")] and found(inputs, "schools_unknown") == [
        ("error", "A3")
    ]


def test_decisions_come_after_the_results(tmp_path):
    rows = "01;ШНОР;включить;основание;комиссия;2019-12-31\n02;ШНОР;включить;основание;комиссия;2021-10-01\n"
    assert found(deliver(tmp_path, {}, expert_decisions=DECISIONS + rows), "expert_date") == [("warning", "F2")]
