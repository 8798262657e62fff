"""What the transcriptions keep beside figures: the words of targets, and what of a document was left out."""

from datetime import date

import pytest
import yaml

from shnor_lib.analyses.context import Context
from shnor_lib.analyses.subject_changes import document_falls, published_changes
from shnor_lib.analyses.support import ordered
from shnor_lib.inputs.due import read_due
from shnor_lib.pages.views import context_risks, data_quality, overview, school_plans, support_plan, targets
from tests.published.conftest import WORKSPACE
from tests.published.test_reports import OFFICES, in_file, said
from tests.shipped import shipped

PRINTED = {
    "lesosibirsk": (
        5,
        "Снизится доля неуспешных учащихся по базовым предметам (математике, русскому языку и литературе)",
    ),
    "lesozavodsk": (11, "по итогам ВПР не более 10%, ОГЭ, ЕГЭ по обязательным предметам не более 5% количества баллов"),
    "kushva": (1, "Сокращение разрыва в образовательных результатах школьников"),
    "krasnokholm": (5, "Уровень соответствия качества образования современным образовательным стандартам – 80 %"),
    "iskitim": (17, "Доля ШНОР, имеющих доступ Интернет не менее 1 Мбит/сек"),
}


@pytest.mark.parametrize(("municipality", "year"), OFFICES)
def test_every_target_stands_in_the_words_of_the_document(municipality, year):
    office = shipped(municipality, year)
    number, words = PRINTED[municipality]
    assert [bool(one.printed) for one in office.profile.targets.values()] == [True] * number
    page = said(targets.table_words(office))
    assert words in page and all(one.reference in page for one in office.profile.targets.values())


@pytest.mark.parametrize(("municipality", "year"), OFFICES)
def test_what_was_left_out_is_told_with_its_place_and_reason(municipality, year):
    told = yaml.safe_load((WORKSPACE / f"data/raw/{municipality}/{year}/SOURCES.yml").read_text("utf-8"))["left_out"]
    page = together(said(data_quality.table_remarks(shipped(municipality, year))))
    assert told and [one["what"] for one in told if any(together(text) not in page for text in one.values())] == []


def together(text: str) -> str:
    """A text without spaces: a page breaks long words."""
    return "".join(text.split())


def test_lesozavodsk_section_III_six_causes_of_the_schools_own_programmes_and_five_of_context(lesozavodsk):
    # «Анализ школьных программ показал, что на низкие результаты … в основном влияют педагогические факторы»: six lines
    # «контекстными факторами, влияющими на низкие результаты, являются недостаток педагогов …, недостаток
    # высококвалифицированных педагогов, а также условия …»; «Фактором … может являться и значительная доля … свыше 55 лет»;
    # «нельзя не учитывать … слабо развитая социально-культурная инфраструктура сел, социально-экономические условия»
    rows = lesozavodsk.table("causes")
    assert rows["source"].value_counts().to_dict() == {"school": 6, "document": 6}
    named = lesozavodsk.row("causes", school_id="lzv-kurskoe")
    assert "(64%)" in named["cause"] and "(30%)" in named["cause"] and "около 73%" in named["cause"]
    assert rows["school_id"].notna().sum() == 1 and rows["place"].notna().all()
    assert rows["stated_on"].astype(str).unique().tolist() == ["2021-09-30"]


def test_kushva_section_1_five_causes_of_differences(kushva):
    # «обусловлено низким уровнем педагогических и руководящих кадров, несоответствием материальной базы …, недостатком
    # информационного обеспечения, социальным неблагополучием и невысоким уровнем образования родителей»
    assert kushva.table("causes")["area"].tolist() == ["staff", "resources", "resources", "families", "families"]


def test_kushva_and_lesozavodsk_the_plan_shows_causes_as_named():
    for (office, year), told in {
        ("kushva", 2020): (
            "Причин названо 5, все – для школ программы вместе",
            "невысокий уровень образования родителей",
        ),
        ("lesozavodsk", 2021): ("Причин названо 12, для школ программы вместе – 11", "завышение оценок учащимся"),
    }.items():
        plan = support_plan.support_plan(shipped(office, year))
        page = " ".join(said(school_plans.show_causes(plan, plan.causes)).split())
        assert all(words in page for words in (*told, "расчётом они не проверены")), page
    assert school_plans.show_causes(plan, plan.causes.iloc[:0]).items == []


def test_lesozavodsk_a_cause_of_all_schools_is_not_told_as_one_schools():
    plan = support_plan.support_plan(shipped("lesozavodsk", 2021))
    told = " ".join(school_plans.reasons(plan, ordered.school_plans(plan)))
    assert "названа для всех школ (школы с низкими результатами, 30.09.2021): " in told
    assert "школа (школы с низкими результатами" not in told


def test_kushva_measure_18_names_its_budget_and_no_sum(kushva):
    # «18. Внесение дополнений в план повышения квалификации … за счет средств субвенций областного бюджет»
    cost = kushva.row("measure_costs", measure_id="18")
    assert cost["source"] == "region" and cost[["planned", "spent"]].isna().all()
    assert "субвенций областного бюджет" in kushva.row("measures", measure_id="18")["title"]


def test_iskitim_section_1_three_causes_without_a_day(iskitim):
    # «разрыва …, обусловленных социально-экономическими характеристиками их семей, территориальной отдаленностью … и сложностью социума»
    rows = iskitim.table("causes")
    assert len(rows) == 3 and rows["stated_on"].isna().all()


# --- Лесосибирск ------------------------------------------------------------------------------------------------------

# «За 2018-2019 учебный год снизилось качество по предметам», school numbers as printed; Г «Гимназия», Л «Лицей»
FALLS = {
    "maths": "2 6 8 Г",
    "informatics": "4 9 Г",
    "social_studies": "4 6 Л",
    "geography": "4 6 Л",
    "physics": "1 2 4 5 6 9",
    "chemistry": "2 4 5 Г",
    "biology": "1 4 5 6 8 9 Г",
}
SCHOOLS = {"Г": "les-gymnasium", "Л": "les-lyceum"}


def schools(numbers: str) -> list[str]:
    return sorted(SCHOOLS.get(one, f"les-0{one}") for one in numbers.split())


def test_lesosibirsk_section_1_thirty_four_falls_of_schools_by_subject(lesosibirsk):
    rows = lesosibirsk.table("published_changes").query("level == 'school'")
    assert len(rows) == 34 and set(rows["direction"]) == {"fall"} and set(rows["year"]) == {2019}
    later = rows.query("stage == 'basic_secondary'")
    assert later.groupby("subject")["school_id"].agg(sorted).to_dict() == {one: schools(FALLS[one]) for one in FALLS}
    # «качество обученности в начальной школе снизилось в МБОУ «СОШ №2», «ООШ №5», «Лицей», «Гимназия»»
    first = rows.query("stage == 'primary'")
    assert sorted(first["school_id"]) == schools("2 5 Л Г") and set(first["subject"]) == {"all"}
    assert rows["place"].notna().all()


@pytest.mark.parametrize(
    ("exam", "direction", "printed"),
    [
        # «положительную динамику подготовки мотивированных учащихся … по предметам: математика, биология, литература и история»
        ("OGE", "rise", {"maths", "biology", "literature", "history"}),
        # «Положительная динамика за три года по предметам: математика, химия, биология, информатика и ИКТ, история,
        # иностранный язык и литература. Снизились результаты по физике и русскому языку»; «рост качества результатов»
        (
            "EGE",
            "rise",
            {"maths_any", "chemistry", "biology", "informatics", "history", "foreign_languages", "literature", "all"},
        ),
        ("EGE", "fall", {"physics", "russian"}),
    ],
)
def test_lesosibirsk_section_1_exams_that_rose_and_fell(lesosibirsk, exam, direction, printed):
    rows = lesosibirsk.table("published_changes").query("exam == @exam and direction == @direction")
    assert set(rows["subject"]) == printed and len(rows) == len(printed)
    assert set(rows["level"]) == {"municipality"} and set(rows["since"].dropna()) == {2017}


def test_lesosibirsk_section_1_the_rise_in_maths_agrees_with_the_published_shares():
    office = shipped("lesosibirsk", 2020)
    rows = published_changes(office)
    compared = rows[rows["measure"].notna()]
    # «математика … 51 % … 70 %»: качество ОГЭ 2017 и 2019 годов
    assert compared[["exam", "subject", "answer", "before", "now"]].values.tolist() == [
        ["OGE", "maths", "agrees", 0.51, 0.70]
    ]
    falls = document_falls(office, rows)
    assert falls["document_falls_schools"] == 9
    assert falls["document_falls_told"].startswith("СОШ № 4 – биология, химия, география, информатика, физика,")


@pytest.mark.parametrize(
    ("year", "winners", "prize_winners"),
    [
        # «2 призёра по экологии, 2 призёра по ОБЖ, по одному призёру по биологии и физической культуре»
        (2017, {}, {"ecology": 2, "life_safety": 2, "biology": 1, "physical_education": 1}),
        # «6 призёров: география, химия, физика, информатика, обществознание, история»
        (2018, {}, dict.fromkeys(("geography", "chemistry", "physics", "informatics", "social_studies", "history"), 1)),
        # «ПОБЕДИТЕЛЬ … по химии; призёр по астрономии; … по технологии; … по МХК; … по физической культуре»
        (2019, {"chemistry": 1}, dict.fromkeys(("astronomy", "technology", "world_art", "physical_education"), 1)),
        # «ПОБЕДИТЕЛЬ по МХК, призёр по химии, экологии, МХК, три призёра по физической культуре»
        (2020, {"world_art": 1}, {"chemistry": 1, "ecology": 1, "world_art": 1, "physical_education": 3}),
    ],
)
def test_lesosibirsk_section_1_olympiads_by_subject(lesosibirsk, year, winners, prize_winners):
    rows = lesosibirsk.table("olympiads").query("year == @year and stage == 'regional'")
    subjects = rows[rows["subject"].notna()].set_index("subject")
    for column, printed in (("winners", winners), ("prize_winners", prize_winners)):
        assert subjects[column].dropna().to_dict() == printed
        whole = rows.loc[rows["subject"].isna(), column].dropna().tolist()
        assert sum(printed.values()) == sum(whole)


def test_lesosibirsk_section_1_physics_of_2016(lesosibirsk):
    # «приглашены на региональный этап в количестве 9 человек. Результат – 3 призёра регионального этапа ВсОШ по физике»
    physics = lesosibirsk.row("olympiads", year=2016)
    assert (physics["subject"], physics["participants"], physics["prize_winners"]) == ("physics", 9, 3)


def test_lesosibirsk_section_1_hours_and_ages(lesosibirsk):
    # «149 педагогов имеют нагрузку до 30 часов, 53 педагога до 36 часов, около 10% педагогов свыше 36 часов (по РФ … 21,5 ч.)»
    staff = lesosibirsk.row("staff", level="municipality")
    assert (staff["load_to_30"], staff["load_to_36"]) == (149, 53)
    load = lesosibirsk.row("published_indicators", indicator="teachers_load_36_plus_rate")
    assert (load["value"], load["wording"]) == (0.1, "about")
    assert lesosibirsk.indicator("teachers_mean_load", level="country")["value"] == 21.5
    # «пенсионного возраста … 10% (по РФ – 11%), от 36 до 60 лет – 64% (по РФ -66%), … 35 лет - 26%»
    ages = {"teachers_age_pension_rate": (0.10, 0.11), "teachers_age_36_60_rate": (0.64, 0.66)}
    for indicator, (city, country) in ages.items():
        assert lesosibirsk.indicator(indicator)["value"] == city
        assert lesosibirsk.indicator(indicator, level="country")["value"] == country


def ranges(office, **where) -> dict[str, tuple]:
    """The ranges an office prints: indicator to ends and wording."""
    rows = office.table("published_indicators")
    rows = rows[rows["wording"].notna()]
    for column, value in where.items():
        rows = rows[rows[column].eq(value)]
    known = rows[["value_low", "value_high"]].astype(object).where(rows[["value_low", "value_high"]].notna(), None)
    return dict(
        zip(rows["indicator"], zip(known["value_low"], known["value_high"], rows["wording"], strict=True), strict=True)
    )


def test_lesosibirsk_section_1_ranges_of_groups_of_schools(lesosibirsk):
    # «В остальных ОУ математика от 57% до 79%, русский язык от 54% до 76%»; ОГЭ, математика: «все ОУ выше 50%»
    assert ranges(lesosibirsk, level="group") == {
        "learning_quality_rate[primary/maths]": (0.57, 0.79, "range"),
        "learning_quality_rate[primary/russian]": (0.54, 0.76, "range"),
        "quality_rate[OGE/maths/9]": (0.5, None, "above"),
    }


def test_lesosibirsk_section_1_three_subjects_above_the_region(lesosibirsk):
    # «Доля получивших «4» и «5» выше, чем в среднем по краю по немецкому языку, истории и биологии в 11 классе»
    above = {indicator for indicator, told in ranges(lesosibirsk).items() if told == (None, None, "above_region")}
    assert above == {f"quality_rate[VPR/{subject}/11]" for subject in ("german", "history", "biology")}
    note = lesosibirsk.indicator("quality_rate[VPR/german/11]", year=2020)
    assert (note["cause"], note["note"]) == ("as_range", "опубликовано: выше региона")


def test_lesosibirsk_section_3_commitments_with_their_dates(lesosibirsk):
    rows = lesosibirsk.table("commitments").set_index("commitment_id")
    assert len(rows) == 21 and rows["place"].notna().all()
    printed = {
        "3.9": "до 1 января 2021 года",  # «5.До 1 января 2021г … выданы рекомендации по штатному расписанию»
        "3.10": "до 1 января 2021 года",  # «6. До 1 января 2021г выявлены профессиональные дефициты»
        "3.13": "1 раз в год",  # «регулярный мониторинг по идентификации школ – 1 раз в год»
        "3.14": "1 раз в год",  # «Разрабатываются «дорожные карты» - 1 раз в год»
        "3.15": "2 раза в год",  # «промежуточный мониторинг ШНРО/ШНСУ динамики изменений – 2 раза в год»
        "3.16": "май – август 2023 года",  # «Май – август 2023 год – анализ итогов, обобщение практики»
        "3.6": "не менее 4-х в год",  # «Проведение мероприятий (не менее 4-х в год) по обмену опытом между школами»
    }
    assert rows.loc[list(printed), "due"].to_dict() == printed
    assert rows.index[rows["due"].isna()].tolist() == ["3.4", "3.5", "3.8", "3.18"]
    year = (date(2020, 9, 1), date(2021, 8, 31))
    assert {read_due(text, year).remark for text in rows["due"].dropna()} == {""}


def test_lesosibirsk_section_1_pages_say_ranges_and_comparisons_as_printed():
    office = shipped("lesosibirsk", 2020)
    board, staff = in_file(overview.show_published(office)), said(context_risks.show_staff(Context(office)))
    for words in ("57–79 %", "54–76 %", "более 50 %", "выше региона", "около 10 %", "школы, кроме СОШ № 6"):
        assert words in board, words
    assert "около 10 %" in staff and "21,5" in staff and "66,0 %" in staff


# --- Лесозаводский ГО -------------------------------------------------------------------------------------------------


def test_lesozavodsk_section_II_ranges_as_printed(lesozavodsk):
    assert ranges(lesozavodsk) == {
        "transported_count": (600, None, "above"),  # «В восемь школ осуществляется подвоз более 600 детей»
        "learning_quality_rate[all/all]": (0.39, 0.40, "range"),  # «обучающихся на "4" и "5" (39-40%)»
        "learning_pass_rate[all/all]": (0.99, 0.995, "range"),  # «уровень успеваемости учащихся (99-99,5%)»
        "grade9_passed_rate": (
            0.96,
            0.98,
            "range",
        ),  # «основного общего образования за последние три года от 96 до 98 %»
        "grade11_passed_rate": (0.98, 1.0, "range"),  # «Среди выпускников 11 классов … от 98 до 100 %»
        "special_needs_adapted_count": (20, 30, "range"),  # «От 20 до 30 детей с ограниченными возможностями здоровья»
        "pedagogues_count": (460, None, "above"),  # «работают более 460 педагогов»
        "teachers_experience_20_plus_rate": (
            0.70,
            None,
            "above",
        ),  # «Больше 70% педагогов имеют стаж работы более 20 лет»
        "teachers_trained_year_count": (300, None, "above"),  # «повышают свою квалификацию более 300 педагогов»
    }
    # «Доля учителей в возрасте от 25 до 30 лет составляет 8 %, а учителей пенсионного возраста – 30 %»
    assert lesozavodsk.indicator("teachers_age_25_30_rate")["value"] == 0.08
    assert lesozavodsk.indicator("teachers_age_pension_rate")["value"] == 0.30


def test_lesozavodsk_section_II_ege_rises_in_two_subjects(lesozavodsk):
    # «динамика улучшения результатов ЕГЭ, в том числе по русскому языку и математике»
    rows = lesozavodsk.table("published_changes")
    assert rows[["exam", "subject", "direction"]].values.tolist() == [
        ["EGE", "russian", "rise"],
        ["EGE", "maths_any", "rise"],
    ]


def test_lesozavodsk_section_III_each_school_has_its_programme(lesozavodsk):
    # «каждая школа, показавшая низкие образовательные результаты, разработала школьную программу, план мероприятий»
    rows = lesozavodsk.table("school_programmes")
    assert rows["school_id"].tolist() == ["lzv-01", "lzv-03", "lzv-kurskoe"] and rows["approved_on"].isna().all()


def test_lesozavodsk_section_II_the_board_reads_ranges_as_printed():
    board = in_file(overview.show_published(shipped("lesozavodsk", 2021)))
    for words in (
        "более 600",
        "39–40 %",
        "99–99,5 %",
        "96–98 %",
        "98–100 %",
        "20–30",
        "более 460",
        "более 70 %",
        "более 300",
    ):
        assert words in board, words
