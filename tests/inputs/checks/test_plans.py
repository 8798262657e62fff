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


CAUSES = "school_id;cause;area;source;stated_by;stated_on\n"


def test_N3_a_cause_says_who_when_and_to_what_it_belongs(tmp_path):
    rows = "01;замены уроков;кадры;эксперт;методист;2021-03-01\n02;мало самостоятельной работы;;опрос;;\n"
    inputs = deliver(tmp_path, {}, causes=CAUSES + rows)
    assert found(inputs, "causes_area") == [("note", "C3")]
    assert sorted(found(inputs, "causes_stated")) == [("note", "E3"), ("note", "F3")]


COSTS = "measure_id;source;planned;spent\n"


def test_N7_money_belongs_to_a_measure_of_the_programme_and_stays_within_the_plan(tmp_path):
    measures = "measure_id;title\n1.1;Семинар\n1.2;Аудит\n"
    rows = "1.1;местный бюджет;100;100\n1.2;региональный бюджет;100;120,5\n1.3;;50;\n"
    inputs = deliver(tmp_path, {}, measures=measures, measure_costs=COSTS + rows)
    assert found(inputs, "costs_spent") == [("warning", "D3")]
    assert found(inputs, "costs_measures") == [("warning", "A4")]


def test_N6_deficits_of_managers_belong_to_no_subject(tmp_path):
    rows = "01;руководители;все предметы;анализ;2;1\n01;руководители;математика;анализ;2;1\n01;;математика;анализ;9;3\n"
    head = "school_id;staff;subject;deficit;teachers_assessed;teachers_with_deficit\n"
    inputs = deliver(tmp_path, {}, professional_deficits=head + rows)
    assert found(inputs, "deficits_staff") == [("warning", "C3")]


LISTS = "school_id;category;source;document;received_on;ground\n"


def test_a_received_list_that_names_an_unknown_school_or_category_is_refused_with_the_nearest(tmp_path):
    rows = "СОШ № 4;ШНОР;региональный;перечень;2021-02-01;\n01;ШНОРР;региональный;перечень;2021-02-01;\n"
    inputs = deliver(tmp_path, {}, received_lists=LISTS + rows)
    problems = check_inputs(inputs, 2021)
    told = problems[problems["table"].eq("received_lists") & problems["severity"].eq("error")].set_index("cell")
    assert told.index.tolist() == ["A2", "B3"]
    assert "СОШ № 1" in told.loc["A2", "allowed"] and "ШНОР" in told.loc["B3", "remedy"]


def test_a_list_is_not_received_before_its_school_year_nor_tomorrow(tmp_path):
    days = {"01": "2020-08-31", "02": "2020-09-01", "03": "2100-01-01", "edu200001": ""}
    rows = "".join(f"{school};ШНОР;федеральный;список;{day};\n" for school, day in days.items())
    inputs = deliver(tmp_path, {}, received_lists=LISTS + rows)
    assert found(inputs, "received_date") == [("warning", "E2"), ("warning", "E4")]


def test_a_school_is_in_one_received_list_on_one_ground(tmp_path):
    same, other = "01;ШНОР;региональный;перечень;2021-02-01;ВПР\n", "01;ШНОР;региональный;перечень;2021-02-01;ОГЭ\n"
    again = "01;ШНОР;региональный;перечень;2021-03-01;ОГЭ\n02;ШНОР;региональный;перечень;2021-02-01;ОГЭ\n"
    inputs = deliver(tmp_path, {}, received_lists=LISTS + same + other + again + same)
    assert found(inputs, "received_grounds") == [("warning", "F3")]
    assert len(found(inputs, "table_duplicates")) == 1


MEASURES = {
    "measures.csv": "measure_id;title;due;responsible\n1.1;Семинар;2 квартал 2021 года;методист\n1.2;Уроки;ежеквартально;завуч\n"
    "1.3;Договор;30.06.2021;директор\n"
}
REPORTS = "measure_id;school_id;period;status;reported_on;completed_on\n"


def test_reports_name_measures_of_the_programme_and_schools_of_the_register(tmp_path):
    rows = "1.1;01;2 квартал 2021;выполняется;2021-07-01;\n1.11;01;2 квартал 2021;выполняется;2021-07-01;\n"
    rows += "1.2;99;2 квартал 2021;выполняется;2021-07-01;\n1.2;;1 полугодие 2021;запланировано;2021-07-01;\n"
    inputs = deliver(tmp_path, MEASURES, measure_reports=REPORTS + rows)
    assert found(inputs, "reports_measure") == [("error", "A3")]
    told = check_inputs(inputs, 2021).query("check == 'reports_measure'")["problem"].item()
    assert told.startswith("Такой меры в программе нет; возможно, имелось в виду «1.1»")
    assert found(inputs, "schools_unknown") == [("error", "B4")]


def test_a_report_has_a_date_and_a_period(tmp_path):
    rows = "1.1;01;2 квартал 2021;выполняется;;\n1.1;02;весна;выполняется;2021-07-01;\n"
    inputs = deliver(tmp_path, MEASURES, measure_reports=REPORTS + rows)
    assert found(inputs, "table_required") == [("error", "E2")]
    assert found(inputs, "read_cell") == [("error", "C3")]


def test_nothing_is_reported_or_done_before_the_measure_or_the_period_begins(tmp_path):
    """Measure 1.1 begins on 1 April 2021, that of one day may be done before it; what is only planned may be told ahead of it."""
    rows = "1.1;01;2 квартал 2021;выполняется;2021-03-31;\n1.1;02;2 квартал 2021;выполнено;2021-04-01;2021-03-31\n"
    rows += "1.2;01;2 квартал 2021;выполняется;2021-03-31;\n1.2;02;2 квартал 2021;выполнено;2021-04-01;2021-04-01\n"
    rows += "1.1;03;2 квартал 2021;запланировано;2021-03-30;\n1.3;01;2 квартал 2021;выполнено;2021-05-03;2021-05-02\n"
    inputs = deliver(tmp_path, MEASURES, measure_reports=REPORTS + rows)
    told = check_inputs(inputs, 2021).query("check == 'reports_early'")
    assert sorted(zip(told["cell"], told["problem"].str[:22], strict=True)) == [
        ("E2", "Мера ещё не началась, "),
        ("E2", "Отчёт дан раньше, чем "),
        ("E4", "Отчёт дан раньше, чем "),
        ("E6", "Отчёт дан раньше, чем "),
        ("F3", "Мера выполнена раньше,"),
    ]


def test_two_reports_of_one_school_and_period_are_told_whatever_the_spelling(tmp_path):
    rows = "1.1;01;2 квартал 2021;выполняется;2021-07-01;\n1.1;01;II кв. 2021 г.;выполнено;2021-07-02;2021-06-30\n"
    rows += "1.1;02;2 квартал 2021;выполнено;2021-07-02;\n1.1;01;июнь 2021;выполнено;2021-07-02;2021-06-30\n"
    inputs = deliver(tmp_path, MEASURES, measure_reports=REPORTS + rows)
    assert found(inputs, "table_duplicates") == [("error", "C3")]


def test_the_state_of_a_report_agrees_with_its_dates(tmp_path):
    rows = "1.1;01;2 квартал 2021;выполняется;2021-07-01;2021-06-30\n1.1;02;2 квартал 2021;выполнено;2021-07-01;2021-07-02\n"
    inputs = deliver(tmp_path, MEASURES, measure_reports=REPORTS + rows)
    assert found(inputs, "reports_completed") == [("warning", "F2"), ("warning", "F3")]


def test_programmes_curators_and_contracts_end_after_they_begin(tmp_path):
    inputs = deliver(
        tmp_path,
        {},
        school_programmes="school_id;starts_on;ends_on\n01;2021-09-01;2020-09-01\n02;2020-09-01;2021-09-01\n",
        curators="school_id;kind;role;appointed_on;until\n01;куратор;методист;2021-09-01;2020-09-01\n02;наставник;завуч;2020-09-01;\n",
        partnerships="school_id;partner_id;organisation;signed_on;valid_until\n01;02;;2021-09-01;2020-09-01\n01;;колледж;2020-09-01;2021-09-01\n02;;;;\n",
        commitments="commitment_id;title;due\n1;Отчёт;\n2;Доклад;до 1 мая 2021\n",
    )
    assert found(inputs, "programmes_dates") == [("warning", "C2")]
    assert found(inputs, "curators_dates") == [("warning", "E2")]
    assert found(inputs, "partners_contract") == [("warning", "E2")]
    assert found(inputs, "partners_named") == [("error", "B4")]
    assert found(inputs, "commitments_due") == [("warning", "C2")]


def test_the_office_and_the_reports_tell_one_end_of_a_measure(tmp_path):
    """Done in May, and in July not yet: told; done by a report only is a note; each school for itself; a quarterly measure goes on."""
    rows = "1;А;до 1 июня 2021;выполнено;2021-05-20\n2;Б;до 1 июня 2021;отменено;\n3;В;до 1 июня 2021;выполняется;\n"
    rows += "4;Г;ежеквартально;выполняется;\n"
    measures = "measure_id;title;due;status;completed_on\n" + rows
    told = "1;;1 квартал 2021;выполняется;2021-04-05;\n1;;2 квартал 2021;выполняется;2021-07-05;\n"
    told += "2;;2 квартал 2021;выполнено;2021-07-05;\n3;;2 квартал 2021;выполнено;2021-07-05;\n4;;2 квартал 2021;выполнено;2021-07-05;\n"
    inputs = deliver(tmp_path, {"measures.csv": measures}, measure_reports=REPORTS + told)
    assert found(inputs, "reports_contradict") == [("warning", "D3"), ("warning", "D4"), ("note", "D5")]
