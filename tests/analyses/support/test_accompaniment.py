"""Programmes of schools, curators and contracts on a day, by hand (N4, N5); promises outside the table of measures (N10)."""

from datetime import date

import pandas as pd

from shnor_lib.analyses.support.accompaniment import accompanied, companions, contracts, programmes
from shnor_lib.analyses.support.measures import by_date
from shnor_lib.analyses.support.plan import by_date_facts, support_facts
from shnor_lib.analyses.support.reports import by_reporter
from shnor_lib.inputs.dictionary import DTYPES, table
from shnor_lib.pages.views import reported
from shnor_lib.pages.views import school_passports as passports
from shnor_lib.pages.views.school_reported import help_by_papers, reports_of_school

ON = date(2021, 8, 31)


def rows(name: str, *told: dict) -> pd.DataFrame:
    columns = {key: DTYPES[column.type] for key, column in table(name).columns.items()}
    return pd.DataFrame(list(told)).reindex(columns=list(columns)).astype(columns)


def standing(frame: pd.DataFrame, key: str) -> dict[str, str]:
    return dict(zip(frame[key], frame["standing"], strict=True))


def test_N4_a_programme_is_in_force_until_its_last_day_once_it_is_approved():
    approved = {"approved_on": "2020-02-10"}
    found = programmes(
        rows(
            "school_programmes",
            {"school_id": "01", **approved, "ends_on": "2021-12-01"},
            {"school_id": "02", **approved, "ends_on": "2021-11-30"},
            {"school_id": "03", **approved, "ends_on": "2021-08-31"},
            {"school_id": "04", **approved, "ends_on": "2021-08-30"},
            {"school_id": "05", **approved},
            {"school_id": "06", "ends_on": "2022-12-31"},
            {"school_id": "07", "approved_on": "2021-09-01", "ends_on": "2022-12-31"},
        ),
        ON,
    )
    assert standing(found, "school_id") == {
        "01": "in_force",
        "02": "ends_soon",
        "03": "ends_soon",
        "04": "ended",
        "05": "undated",
        "06": "not_approved",
        "07": "not_approved",
    }


def test_N5_contracts_that_ran_out_stand_first_and_cancelled_ones_are_left_out():
    found = contracts(
        rows(
            "partnerships",
            {"school_id": "01", "partner_id": "02", "contract": "№ 1", "valid_until": "2022-08-31"},
            {"school_id": "01", "organisation": "колледж", "contract": "№ 2", "valid_until": "2021-06-30"},
            {"school_id": "03", "partner_id": "02", "contract": "№ 3"},
            {"school_id": "04", "partner_id": "02", "contract": "№ 4", "status": "cancelled"},
            {"school_id": "05", "partner_id": "02"},
        ),
        ON,
    )
    assert list(standing(found, "contract").items()) == [("№ 2", "ended"), ("№ 1", "in_force"), ("№ 3", "undated")]


def test_N5_who_is_not_named_is_unknown_and_who_has_left_is_not_counted():
    people = companions(
        rows(
            "curators",
            {"school_id": "01", "kind": "curator", "role": "методист"},
            {"school_id": "01", "kind": "mentor", "role": "завуч", "until": "2021-06-30"},
            {"school_id": "02", "kind": "mentor", "role": "завуч", "appointed_on": "2021-09-01"},
        ),
        ON,
    )
    assert standing(people, "role") == {"методист": "in_force", "завуч": "ended"}
    found = accompanied(
        ["01", "02"], programmes(rows("school_programmes"), ON), people, contracts(rows("partnerships"), ON)
    )
    told = found[["curators", "mentors", "contracts"]].astype(object).where(found.notna(), None).values.tolist()
    assert told == [[1, 0, None], [None, None, None]]


def test_N4_N5_demo_tells_each_school_its_programme_and_what_has_run_out(demo):
    html = reported.show_accompanied(demo, demo.accompanied)._repr_mimebundle_()["text/html"].replace("\u00a0", " ")
    assert "об утверждении не сообщено у 1, закончилась у 1" in html and "закончилось 1 из 5" in html
    assert support_facts(demo)["contracts_ended"] == 1


def test_N10_a_promise_stands_by_its_day_beside_the_measures(demo):
    """Of demo's four promises one is done, one was due on 30 June, one falls due each quarter, one in December."""
    found = by_date(demo.dated, demo.on)
    promised = found[found["kind"].eq("promise")]
    assert promised[["measure_id", "moment"]].values.tolist() == [
        ["обяз. 2", "late"],
        ["обяз. 3", "soon"],
        ["обяз. 4", "later"],
    ]
    facts = by_date_facts(found)
    assert [facts[name] for name in ("late", "promised_late", "promised_soon")] == [4, 1, 1]
    assert support_facts(demo)["commitments_overdue"] == 1


def test_K1_demo_says_on_which_day_it_counts_and_what_came_after(demo):
    html = reported.show_reports(demo, by_reporter(demo.reports))._repr_mimebundle_()["text/html"]
    assert "на 31.08.2021: дано 15 из 16, опаздывает 1" in html.replace("\u00a0", " ")
    after = reported.show_after(demo)._repr_mimebundle_()["text/html"].replace("\u00a0", " ")
    assert "После 31.08.2021 сообщено о выполнении 2 мер" in after and "06.09.2021" in after


def page_of_school(demo, school: str) -> str:
    """What the help part of a school's page says, in words."""
    known = passports.known_of(demo.office)
    page = passports.page_of(demo.office)
    parts = [*reports_of_school(known, page, school), *help_by_papers(known, page, school)]
    return " ".join(part._repr_mimebundle_()["text/html"] for part in parts).replace("\u00a0", " ")


def test_N4_the_page_of_a_school_tells_its_reports_its_programme_and_who_accompanies_it(demo):
    html = page_of_school(demo, "demo-05")
    assert (
        "на 31.08.2021: дано 1 из 2; опаздывает – «Провести открытые уроки и взаимное посещение уроков» за 2 квартал"
        in html
    )
    assert (
        "утверждена 10.02.2020 (приказ директора школы), действует с 02.03.2020 по 30.06.2021, срок кончился." in html
    )
    assert "Цели: снизить долю" in html and "куратор – методист управления образования" in html
    assert "соглашение № 1 – Фабричная, подписан 24.04.2020, действует по 30.06.2021, срок кончился" in html
    assert "договор № 7 – педагогический колледж" in html


def test_N4_a_programme_that_nobody_approved_says_so_and_a_school_without_papers_says_nothing(demo):
    assert "об утверждении к 31.08.2021 не сообщено" in page_of_school(demo, "demo-12")
    assert page_of_school(demo, "demo-02") == ""
