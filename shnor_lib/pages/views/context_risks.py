"""Views of report 40: the conditions schools work in, the matrix of risk zones, staff, specialists, deficits, monitoring."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from shnor_lib.analyses.risks import (
    HIDDEN_NOTE,
    UNKNOWN,
    ZONE,
    by_locality,
    contradictions,
    deficit_map,
    described_schools,
    level_comparison,
    locality_contrast,
    monitored,
    risk_counts,
    risk_factors,
    risk_matrix,
    school_values,
    schools_by_choice,
    staff_norms,
    staffing_advice,
)
from shnor_lib.criteria.rules import unit_of
from shnor_lib.indicators import indicator_label
from shnor_lib.indicators.formulas import column_label
from shnor_lib.inputs.dictionary import choices, label_of
from shnor_lib.office.office import Office
from shnor_lib.pages.charts import plot_heatmap_risks
from shnor_lib.pages.furniture import Decisions, Heading, Headlines, Prose
from shnor_lib.pages.numbers import (
    HIDDEN,
    NBSP,
    NO_DATA,
    NOT_APPLICABLE,
    POSTS,
    SCHOOLS_OF,
    agree,
    format_count,
    format_number,
    format_percent,
    is_missing,
)
from shnor_lib.pages.page import Page
from shnor_lib.pages.phrases import decisions, headlines
from shnor_lib.pages.tables import Column, Table
from shnor_lib.pages.together import Together
from shnor_lib.pages.views.identification import FORMATS
from shnor_lib.pages.words import WORDS
from shnor_lib.params.profiles import RiskFactor

REPORT = "40_context_risks"
GROUPS = {
    "territory": "Территория",
    "staff": "Кадры",
    "infrastructure": "Условия обучения",
    "social": "Социальный состав",
}
TABLES_OF_GROUPS = {
    "territory": "«Школы»",
    "staff": "«Кадры» и «Опрос школ»",
    "infrastructure": "«Ресурсы» и «Опрос школ»",
    "social": "«Социальный паспорт»",
}
MORE = {"rural": "в сельских", "urban": "в городских", "equal": "одинаково", "open": "не сравнивается"}
TRAVEL = {0: "в крупном городе", 1: "туда и обратно за день", 2: "не менее двух дней", 3: "регулярно не добраться"}
ADVICE = {"add": "ввести", "enough": "достаточно", "unknown": NO_DATA}
MOST_LISTED = 5
STAFF_BY_LOCALITY = (
    "teachers_half_time_plus_rate",
    "teachers_first_category_rate",
    "teachers_highest_category_rate",
    "teachers_first_or_highest_category_rate",
    "teachers_age_55_plus_rate",
    "vacancies_rate",
)
EQUIPMENT_BY_LOCALITY = ("classrooms_equipped_rate", "computers_outdated_rate", "textbooks_under_3y_rate")
SOCIAL = (
    "unemployed_parents_families_rate",
    "one_working_parent_families_rate",
    "low_income_or_large_families_rate",
    "low_income_families_rate",
    "large_families_rate",
    "single_parent_families_rate",
    "parents_without_higher_education_rate",
)
EXPERIENCE = tuple(
    f"teachers_experience_rate[{band}]" for band in ("under_5", "5_10", "10_20", "20_30", "30_40", "40_plus")
)
STAFF_LEVELS = (
    "teachers_men_rate",
    "teachers_age_under_35_rate",
    "teachers_age_55_plus_rate",
    "teachers_pedagogical_education_rate",
    "teachers_first_category_rate",
    "teachers_highest_category_rate",
    "teachers_first_or_highest_category_rate",
    "teachers_raised_category_rate",
    "teachers_load_1_5_plus_rate",
    "teachers_off_profile_rate",
    "teachers_trained_year_rate",
    "teachers_trained_3y_rate",
    "teachers_retrained_rate",
    "managers_trained_year_rate",
    "vacancies_rate",
    "vacant_positions",
    "pupils_per_teacher",
)
STAFF_OF_SCHOOLS = {
    "teachers_age_under_35_rate": "До 35 лет",
    "teachers_age_55_plus_rate": "От 55 лет",
    "teachers_experience_rate[under_5]": "Стаж до 5 лет",
    "teachers_first_or_highest_category_rate": "Первая и высшая категория",
    "teachers_load_1_5_plus_rate": "Нагрузка от 1,5 ставки",
    "vacancies_rate": "Незанятые ставки",
    "teachers_trained_3y_rate": "Обучены за 3 года",
}
MONITORED = {
    "satisfaction_share": "Удовлетворены качеством",
    "teachers_first_or_highest_category_rate": "Первая и высшая категория",
    "teachers_raised_category_rate": "Категория за 3 года",
    "teachers_trained_3y_rate": "Обучены за 3 года",
    "classrooms_equipped_rate": "Кабинеты с оборудованием",
    "computers_outdated_rate": "Устаревшие компьютеры",
    "textbooks_under_3y_rate": "Новые учебники",
}


def page_of(office: Office) -> Page:
    """The page of this report for an office."""
    return Page(office, REPORT)


def factors_of(office: Office) -> dict[str, RiskFactor]:
    """The declared factors of the office."""
    return risk_factors(office.profile.risk_factors)


def matrix_of(office: Office) -> pd.DataFrame:
    """The matrix of the schools on the lists and of all others that have data."""
    whole = risk_matrix(office.indicators, office.schools, factors_of(office), office.year)
    return whole[whole["school_id"].isin(described_schools(whole, office.identification))].reset_index(drop=True)


def advice_of(office: Office) -> pd.DataFrame:
    """Staffing advice for every school of the registry."""
    norms = staff_norms(office.profile.staff_norms)
    return staffing_advice(office.tables["staff"], office.schools, norms, office.year)


def context_facts(office: Office) -> dict[str, object]:
    """What the matrix and the staff tables amount to."""
    matrix, factors = matrix_of(office), factors_of(office)
    by_school, by_factor = risk_counts(matrix, "school_id"), risk_counts(matrix, "factor")
    facts: dict[str, object] = {"context_schools": len(by_school)}
    vacancies = level_comparison(office.indicators, ["vacant_positions"], office.year)["value"]
    if len(vacancies):
        facts["context_vacancies"] = vacancies.iloc[0]
    if by_school.empty:
        return facts
    facts |= {
        "context_high_schools": int(by_school["high"].gt(0).sum()),
        "context_contradictions": len(contradictions(matrix)),
        "context_unknown": int(by_school["unknown"].sum()),
        "context_pairs": len(matrix),
        "advised_schools": int(advised(office)["school_id"].nunique()),
    }
    found = by_factor.sort_values("zone", ascending=False, kind="stable").iloc[0]
    facts |= {
        "context_top": factors[found["factor"]].zone,
        "context_top_zone": int(found["zone"]),
        "context_top_assessed": int(found["assessed"]),
    }
    more = locality_contrast(matrix, office.schools)["more"]
    if more.ne("open").any():
        facts |= {f"context_{place}_more": int(more.eq(place).sum()) for place in ("rural", "urban")}
    return facts


def advised(office: Office) -> pd.DataFrame:
    """Advice to add posts, for schools of the lists (the programme advises those)."""
    advice = advice_of(office)
    listed = office.identification.loc[office.identification["identified"].eq("yes"), "school_id"]
    return advice[advice["school_id"].isin(listed) & advice["advice"].eq("add")]


def show_headlines(office: Office) -> Headlines:
    """The findings about the conditions."""
    return Headlines(headlines(context_facts(office), REPORT))


def show_decisions(office: Office) -> Decisions:
    """What has to be decided about the conditions."""
    return Decisions(decisions(context_facts(office), REPORT))


# --- the conclusion and the matrix -----------------------------------------------------------------------------------


def show_conclusion(office: Office) -> Together:
    """The written conclusion: risk zones, town against country, contradictions, what nobody told."""
    matrix, factors = matrix_of(office), factors_of(office)
    if matrix.empty:
        text = (
            "Ни по одной школе сведений об условиях работы нет: матрица рисков не построена. Нужны таблицы «Кадры», «Ресурсы», "
            "«Социальный паспорт» и «Опрос школ» со строками школ. Ниже – то, что известно о муниципалитете в целом."
        )
        return Together(page_of(office).text("conclusion", text=text))
    counts = risk_counts(matrix, "factor")
    counts = counts.sort_values("zone", ascending=False, kind="stable")
    common = counts["zone"].gt(matrix["school_id"].nunique() / 2)
    most, some = counts[common], counts[~common & counts["zone"].gt(0)]
    silent = counts.loc[counts["assessed"].eq(0), "factor"]
    heading = "Заключение: " + (
        f"общие зоны риска – {factors[most['factor'].iloc[0]].zone}"
        + (f" и ещё {len(most) - 1}" if len(most) > 1 else "")
        if len(most)
        else "условий, общих для большинства школ, среди зон риска нет"
    )
    paragraphs = [
        listed_zones("В большинстве школ зона риска", most, factors),
        listed_zones("В отдельных школах зона риска", some, factors),
        *contrast_sentences(locality_contrast(matrix, office.schools), factors),
        " ".join(
            f"Сведения о школе {office.school_names[row.school_id]} расходятся – «{factors[row.factor].title}»: {row.note}."
            for row in contradictions(matrix).itertuples()
        ),
        f"Не оценены ни по одной школе: {', '.join(small(factors[name].short) for name in silent)}."
        if len(silent)
        else "",
        "Условия могут влиять на результаты, но не объясняют их полностью и не оценивают труд школы.",
    ]
    return Together(
        page_of(office).text("conclusion2", heading=heading, fact="\n\n".join(text for text in paragraphs if text))
    )


def small(text: str) -> str:
    """Words from the middle of a sentence: the first letter small."""
    return text[:1].lower() + text[1:]


def listed_zones(beginning: str, counts: pd.DataFrame, factors: dict[str, RiskFactor]) -> str:
    """A sentence with the risk zones and in how many schools each was found."""
    named = [
        f"{factors[row.factor].zone} ({format_count(row.zone)} из{NBSP}{format_count(row.assessed)})"
        for row in counts.head(MOST_LISTED).itertuples()
    ]
    rest = f" и ещё {len(counts) - MOST_LISTED}" if len(counts) > MOST_LISTED else ""
    return f"{beginning}: {', '.join(named)}{rest}." if named else ""


def contrast_sentences(contrast: pd.DataFrame, factors: dict[str, RiskFactor]) -> list[str]:
    """Where rural and urban schools differ, with both counts."""
    sentences = []
    for place, other, word in (("rural", "urban", "сельских"), ("urban", "rural", "городских")):
        own = contrast[contrast["more"].eq(place)]
        gap = own[f"{place}_zone"] / own[f"{place}_assessed"] - own[f"{other}_zone"] / own[f"{other}_assessed"]
        own = own.assign(gap=gap).sort_values("gap", ascending=False, kind="stable")
        named = [
            f"{factors[row['factor']].zone} ({row[f'{place}_zone']} из{NBSP}{row[f'{place}_assessed']} "
            f"против {row[f'{other}_zone']} из{NBSP}{row[f'{other}_assessed']})"
            for _, row in own.head(MOST_LISTED).iterrows()
        ]
        if named:
            sentences.append(f"В {word} школах чаще: {', '.join(named)}.")
    return sentences


def shown_value(value: float, factor: RiskFactor) -> str:
    """The value of a factor in words or per cent."""
    if is_missing(value):
        return NO_DATA
    if factor.indicator == "settlement_size_band":
        return list(choices("settlement_population").values())[int(value) - 1]
    if factor.indicator == "transport_difficulty":
        return TRAVEL[int(value)]
    unit = unit_of(factor.indicator)
    if unit == "flag":
        return "да" if value else "нет"
    return format_percent(value, 0) if unit == "rate" else format_number(value, 0)


def cell_of(row, factor: RiskFactor) -> str:
    """The value of a row of the matrix, or the code that stands for it."""
    return HIDDEN if row.note == HIDDEN_NOTE else shown_value(row.value, factor)


def with_level(row, factor: RiskFactor) -> str:
    """The value with its level of risk: "42 % – ■ высокий"."""
    return cell_of(row, factor) + ("" if row.level == UNKNOWN else f" – {WORDS['risk'][row.level]}")


def masked(rows: pd.DataFrame) -> pd.Series:
    """Values with the code of the public edition where they are hidden."""
    return rows["value"].astype(object).where(~rows["hidden"], HIDDEN)


def show_matrix(office: Office) -> Together:
    """The matrix of risk zones: levels as a figure, values as a table, and how many zones every school has."""
    matrix, factors = matrix_of(office), factors_of(office)
    if matrix.empty:
        return Together([])
    main = matrix[matrix["factor"].map(lambda name: factors[name].in_matrix)]
    main = main.assign(
        school=main["school_id"].map(office.school_names),
        risk=main["factor"].map(lambda name: factors[name].short),
        text=[cell_of(row, factors[row.factor]) for row in main.itertuples()],
    )
    high = int(main["level"].eq("high").sum())
    figure = page_of(office).figure("risk_levels", plot_heatmap_risks, main, facts={"high": high, "rows": len(main)})
    heading = f"Зоны риска: матрица для {agree(matrix['school_id'].nunique(), SCHOOLS_OF)}"
    return Together([Heading(heading), figure, table_matrix(office, main, factors), table_schools(office, matrix)])


def table_matrix(office: Office, main: pd.DataFrame, factors: dict[str, RiskFactor]) -> Table:
    """The values of the matrix, as the document prints them."""
    main = main.assign(hidden=main["note"].eq(HIDDEN_NOTE))
    wide = main.assign(value=masked(main)).pivot(index="school_id", columns="factor", values="value")
    columns: dict[str, Column | str] = {"school": "Школа"}
    for name in main["factor"].drop_duplicates():
        factor, unit = factors[name], unit_of(factors[name].indicator)
        if unit == "flag":
            columns[name] = Column(factor.short, "flag")
        elif unit == "rate":
            columns[name] = Column(factor.short, "percent", digits=0)
        else:
            wide[name] = [shown_value(value, factor) for value in wide[name]]
            columns[name] = factor.short
    frame = wide.reset_index()
    frame.insert(0, "school", frame["school_id"].map(office.school_names))
    unclear = contradictions(main)
    return page_of(office).table(
        "risk_matrix",
        frame,
        more={"more": columns},
        fact=" ".join(
            f"{office.school_names[row.school_id]}, «{factors[row.factor].title}»: {row.note}."
            for row in unclear.itertuples()
        ),
    )


def table_schools(office: Office, matrix: pd.DataFrame) -> Table:
    """How many conditions of each school are at each level, and which are of high risk."""
    factors = factors_of(office)
    zones = matrix[matrix["level"].eq("high")].groupby("school_id")["factor"]
    named = zones.agg(lambda names: "; ".join(factors[name].zone for name in names))
    counts = risk_counts(matrix, "school_id")
    frame = counts.assign(
        school=counts["school_id"].map(office.school_names),
        has_high=counts["high"].gt(0),
        named=counts["school_id"].map(named).fillna("нет"),
    )
    return page_of(office).table("risk_schools", frame)


def show_groups(office: Office) -> Together:
    """The conditions that are not in the matrix, by group: value and level for every school."""
    matrix, factors = matrix_of(office), factors_of(office)
    if matrix.empty:
        return Together([])
    known = set(matrix.loc[matrix["level"].ne(UNKNOWN), "factor"])
    shown: list[object] = [Heading(f"Оценено условий: {len(known)} из {len(factors)}"), table_zones(office, matrix)]
    for group, title in GROUPS.items():
        own = [name for name, one in factors.items() if one.group == group and name in known and not one.in_matrix]
        absent = [small(one.short) for name, one in factors.items() if one.group == group and name not in known]
        if not own:
            if absent:
                text = f"Не оценены ни по одной школе: {', '.join(absent)}. Нужны строки школ таблиц {TABLES_OF_GROUPS[group]}."
                shown += [Heading(f"{title}: сведений, кроме матрицы, нет", 3), Prose(text)]
            continue
        part = matrix[matrix["factor"].isin(own)]
        part = part.assign(cell=[with_level(row, factors[row.factor]) for row in part.itertuples()])
        zones = part[part["level"].isin(ZONE)]["factor"].value_counts()
        finding = f"чаще всего зона риска – {factors[zones.index[0]].zone}" if len(zones) else "зон риска не найдено"
        frame = part.pivot(index="school_id", columns="factor", values="cell").reset_index()
        frame.insert(0, "school", frame["school_id"].map(office.school_names))
        shown.append(Heading(f"{title}: {finding}", 3))
        shown.append(
            page_of(office).table(
                "risks",
                frame,
                named=f"risks_{group}",
                more={"more": {name: factors[name].short for name in own}},
                title=title,
                note=f"Не оценены ни по одной школе: {', '.join(absent)}." if absent else "",
            )
        )
    return Together(shown)


def table_zones(office: Office, matrix: pd.DataFrame) -> Table:
    """In how many schools each condition is a risk zone, in town and country."""
    factors = factors_of(office)
    frame = risk_counts(matrix, "factor").merge(locality_contrast(matrix, office.schools), on="factor")
    frame = frame.assign(title=frame["factor"].map(lambda name: factors[name].title), more_word=frame["more"].map(MORE))
    return page_of(office).table("risk_zones", frame[frame["assessed"].gt(0)])


def show_factors(office: Office) -> Together:
    """The borders under a heading that counts them."""
    return Together([Heading(f"Границы риска заданы для условий: {len(factors_of(office))}"), table_factors(office)])


def table_factors(office: Office) -> Table:
    """The declared borders of risk with their sources."""
    factors = factors_of(office)
    frame = pd.DataFrame(
        [
            {
                "title": factor.title,
                "medium": border_text(factor.medium, factor),
                "high": border_text(factor.high, factor),
                "reference": factor.reference,
                "assumption": factor.assumption or NOT_APPLICABLE,
            }
            for factor in factors.values()
        ]
    )
    return page_of(office).table("risk_factors", frame)


def border_text(border: float | None, factor: RiskFactor) -> str:
    """A border in words: "от 40 %", "ответ «да»"."""
    if border is None:
        return NOT_APPLICABLE
    if unit_of(factor.indicator) == "flag":
        return f"ответ «{shown_value(border, factor)}»"
    if factor.indicator in ("settlement_size_band", "transport_difficulty"):
        return shown_value(border, factor)
    return f"{'от' if factor.rule == 'at_least' else 'до'}{NBSP}{shown_value(border, factor)}"


# --- tables of the document by locality ------------------------------------------------------------------------------


def show_territory(office: Office) -> Together:
    """Settlement size and transport of the described schools in town and country (row Z2)."""
    described = matrix_of(office)["school_id"].unique()
    schools = office.schools[office.schools["school_id"].isin(described)]
    if not schools[["settlement_population", "transport"]].notna().any(axis=None):
        text = "Размер населённых пунктов и транспортная доступность не указаны: нужна таблица «Школы»."
        return Together(page_of(office).text("territory", text=text))
    urban, rural = (int(schools["locality"].eq(place).sum()) for place in ("urban", "rural"))
    tables = [
        table_by_choice(office, schools, column, title)
        for column, title in (
            ("settlement_population", "Размер населённого пункта"),
            ("transport", "Регулярность сообщения и близость крупного города (свыше 100 тыс. человек)"),
        )
    ]
    return Together([Heading(f"Территория: городских школ {urban}, сельских {rural}"), *tables])


def table_by_choice(office: Office, schools: pd.DataFrame, column: str, title: str) -> Table:
    """Schools by one answer of the registry in town and country."""
    choice = "transport" if column == "transport" else "settlement_population"
    frame = schools_by_choice(schools, column, choices(choice))
    frame = frame[frame[["urban", "rural"]].sum(axis=1).gt(0)]
    frame = frame.assign(answer=[label_of(choice, code) if code else "не указано" for code in frame["choice"]])
    return page_of(office).table(
        "by", frame, named=f"by_{column}", more={"more": {"answer": title.split(" и ")[0]}}, title=title
    )


def show_by_locality(office: Office) -> Together:
    """Staff, answers to the survey and equipment in town and country (row Z2)."""
    questions = tuple(f"survey_yes[{question}]" for question in choices("survey_question"))
    parts = [
        ("staff_by_locality", "Дефицит педагогических кадров: город и село", STAFF_BY_LOCALITY),
        ("survey_by_locality", "Ответы школ на контекстный опрос: город и село", questions),
        ("equipment_by_locality", "Дефицит базовой инфраструктуры: город и село", EQUIPMENT_BY_LOCALITY),
    ]
    tables = [table for name, caption, names in parts if (table := table_by_locality(office, name, caption, names))]
    if not tables:
        text = (
            "Сравнить город и село нельзя: в таблицах «Кадры», «Ресурсы», «Опрос школ» нет строк школ с указанной местностью "
            "или строк групп."
        )
        return Together(page_of(office).text("by_locality", text=text))
    return Together([Heading("Город и село: кадры, ответы школ, оснащённость"), *tables])


def table_by_locality(office: Office, name: str, caption: str, names: Sequence[str]) -> Table | None:
    """Counts and shares in town and country; nothing when neither has a value."""
    found = by_locality(office.indicators, office.tables["schools"], names, office.year)
    found = found[found[["urban", "rural"]].notna().any(axis=1)]
    if found.empty:
        return None
    survey = name == "survey_by_locality"
    whose = pd.unique(found[["urban_group", "rural_group"]].to_numpy().ravel())
    frame = found.assign(
        measure=[
            label_of("survey_question", one[len("survey_yes[") : -1]) if survey else indicator_label(one)
            for one in found["indicator"]
        ]
    )
    frame["measure"] = frame["measure"].str[:1].str.upper() + frame["measure"].str[1:]
    number, of = ("ответили «да»", "опрошено") if survey else ("число", "из")
    return page_of(office).table(
        "by_locality",
        frame,
        named=name,
        more={"more": {"measure": "Ответ школы" if survey else "Показатель"}},
        caption=caption,
        number=number,
        of=of,
        fact=", ".join(str(group) for group in whose if not is_missing(group)),
    )


def show_social(office: Office) -> Together:
    """The social context of every school that has it."""
    rows = school_values(office.indicators, SOCIAL, office.year)
    rows = rows.assign(value=masked(rows))
    rows = rows[rows["value"].notna()]
    if rows.empty:
        text = "Социальный состав школ не представлен: нужна таблица «Социальный паспорт» (social_context)."
        return Together(page_of(office).text("social", text=text))
    wide = rows.pivot(index="school_id", columns="indicator", values="value")
    frame = wide.reindex(columns=[name for name in SOCIAL if name in wide]).reset_index()
    frame.insert(0, "school", frame["school_id"].map(office.school_names))
    above = level_comparison(office.indicators, SOCIAL, office.year).set_index("indicator")["value"]
    columns: dict[str, Column | str] = {"school": "Школа"}
    columns |= {
        name: Column(indicator_label(name).removeprefix("Доля ").capitalize(), "percent", digits=0)
        for name in SOCIAL
        if name in wide
    }
    if len(above):
        total = pd.DataFrame([{"school": "Муниципалитет", **above.to_dict()}])
        frame = pd.concat([frame, total], ignore_index=True)
    table = page_of(office).table("social_context", frame, summary_rows=1 if len(above) else 0, more={"more": columns})
    return Together([Heading(f"Социальный состав известен у {agree(rows['school_id'].nunique(), SCHOOLS_OF)}"), table])


# --- staff, specialists, deficits, monitoring ------------------------------------------------------------------------


def show_staff(office: Office) -> Together:
    """Staff of the municipality beside region and country, and of every school (row L9)."""
    levels = level_comparison(office.indicators, STAFF_LEVELS, office.year)
    bands = level_comparison(office.indicators, EXPERIENCE, office.year)
    shown: list[object] = []
    if len(bands):
        shown.append(table_experience(office, bands))
    if len(levels):
        shown.append(table_staff_levels(office, levels))
    by_school = table_staff_schools(office)
    if by_school:
        shown.append(by_school)
    if not shown:
        text = "Кадры муниципалитета в целом не представлены: нужна таблица «Кадры» (staff)."
        return Together(page_of(office).text("staff", text=text))
    young = bands.set_index("indicator")["value"].get(EXPERIENCE[0])
    posts = levels.set_index("indicator")["value"].get("vacant_positions")
    facts = [
        "" if is_missing(young) else f"стаж до 5 лет у{NBSP}{format_percent(young, 0)} педагогов",
        "" if is_missing(posts) else f"не занято {agree(posts, POSTS)}",
    ]
    finding = ", ".join(fact for fact in facts if fact)
    return Together([Heading(f"Кадры: {finding}" if finding else "Кадры школ"), *shown])


def table_experience(office: Office, bands: pd.DataFrame) -> Table:
    """Teachers by length of service."""
    frame = bands.assign(
        band=[column_label(f"experience_{name[len('teachers_experience_rate[') : -1]}") for name in bands["indicator"]]
    )
    columns: dict[str, Column | str] = {
        "band": "Стаж",
        "number": Column("Педагогов", "count"),
        "value": Column("Доля", "percent"),
    }
    columns |= {
        level: Column(label_of("level", level).capitalize(), "percent")
        for level in ("region", "country")
        if frame[level].notna().any()
    }
    return page_of(office).table(
        "staff_experience",
        frame,
        more={"more": columns},
        note=f"Педагоги по стажу: всего {format_count(bands['number'].sum())}"
        if bands["number"].notna().all()
        else "Педагоги по стажу",
    )


def table_staff_levels(office: Office, levels: pd.DataFrame) -> Table:
    """Age, category, load, training and vacancies of the municipality beside region and country."""
    rate = levels["indicator"].map(unit_of).eq("rate")
    frame = levels.assign(
        measure=[short_label(name) for name in levels["indicator"]],
        form=[FORMATS[unit_of(name)] for name in levels["indicator"]],
        number=levels["number"].where(rate),
        of=levels["of"].where(rate),
        to_region=levels["to_region"].where(rate),
    )
    whole = frame["value"].mod(1).eq(0)
    posts = frame["indicator"].eq("vacant_positions")
    frame["form"] = frame["form"].mask(posts, "number").mask(posts & whole, "count")
    for column in ("number", "of", "to_region"):
        frame[column] = frame[column].astype(object).where(rate, NOT_APPLICABLE)
    for column in ("region", "country"):
        frame[column] = frame[column].astype(object).where(levels["indicator"].ne("vacant_positions"), NOT_APPLICABLE)
    columns: dict[str, Column | str] = {
        "measure": "Показатель",
        "number": Column("Число", "count"),
        "of": Column("Из", "count"),
        "value": Column("Муниципалитет", by_row="form"),
    }
    if levels["region"].notna().any():
        columns |= {"region": Column("Регион", by_row="form"), "to_region": Column("Разница с регионом", "points")}
    if levels["country"].notna().any():
        columns["country"] = Column("Страна", by_row="form")
    return page_of(office).table(
        "staff_levels",
        frame,
        more={"more": columns},
        note="Разница – муниципалитет минус регион. " if "to_region" in columns else "",
    )


def short_label(name: str) -> str:
    """The name of a staff indicator without the words common to all: "С первой категорией"."""
    label = indicator_label(name).removeprefix("Доля педагогов").lstrip(", –")
    return label[:1].upper() + label[1:]


def table_staff_schools(office: Office) -> Table | None:
    """The main figures of staff school by school."""
    return table_of_schools(office, "staff_schools", "Кадры по школам", STAFF_OF_SCHOOLS)


def table_of_schools(office: Office, name: str, caption: str, wanted: dict[str, str]) -> Table | None:
    """Rates of schools side by side; nothing when no school has any."""
    rows = school_values(office.indicators, wanted, office.year)
    rows = rows.assign(value=masked(rows))
    if rows["value"].isna().all():
        return None
    wide = rows.pivot(index="school_id", columns="indicator", values="value")
    wide = wide.reindex(columns=list(wanted)).dropna(axis="columns", how="all").dropna(axis="index", how="all")
    absent = [small(label) for one, label in wanted.items() if one not in wide]
    frame = wide.reset_index()
    frame.insert(0, "school", frame["school_id"].map(office.school_names))
    return page_of(office).table(
        "of_schools",
        frame,
        named=name,
        more={"more": {one: Column(wanted[one], "percent", digits=0) for one in wide}},
        caption=caption,
        note=f"Нет данных ни по одной школе: {', '.join(absent)}." if absent else "",
    )


def show_specialists(office: Office) -> Together:
    """Specialists for a hundred pupils, and advice on posts for the schools of the lists (row L10)."""
    advice = advice_of(office)
    if advice["posts"].isna().all():
        text = (
            "Ставки специалистов не представлены: рекомендации по штатному расписанию дать нельзя. Нужны столбцы «Психологи», "
            "«Социальные педагоги», «Логопеды», «Дефектологи» таблицы «Кадры» и численность обучающихся."
        )
        return Together(page_of(office).text("specialists", text=text))
    per_100 = advice.pivot(index="school_id", columns="specialist", values="per_100").reset_index()
    per_100.insert(0, "school", per_100["school_id"].map(office.school_names))
    norms = staff_norms(office.profile.staff_norms)
    shown = page_of(office).table(
        "specialists", per_100, more={"more": {name: Column(column_label(name), "score") for name in norms}}
    )
    listed = advised(office)
    found = listed["school_id"].nunique()
    frame = listed.assign(
        school=listed["school_id"].map(office.school_names),
        post=listed["specialist"].map(column_label),
        advice_word=listed["advice"].map(ADVICE),
    )
    table = page_of(office).table(
        "staffing_advice",
        frame,
        lacking=frame["lacking"].sum(),
        fact=" ".join((norm_text(name, norm) for name, norm in norms.items())),
    )
    heading = f"Специалисты: ставок по норме не хватает у {agree(found, SCHOOLS_OF)} из перечней"
    return Together([Heading(heading if found else "Специалисты: по норме ставок достаточно"), shown, table])


def norm_text(name: str, norm) -> str:
    """A norm in words with where it comes from."""
    children = "обучающихся" if norm.per == "pupils" else "детей с ОВЗ"
    origin = "; ".join(text for text in (norm.reference, norm.assumption) if text)
    return f"{column_label(name)}: ставка на {norm.children} {children} ({origin})."


def show_deficits(office: Office) -> Together:
    """The map of professional deficits (row L11)."""
    found = deficit_map(office.tables["professional_deficits"], office.year)
    if found.empty:
        text = "Карта профессиональных затруднений не представлена: нужна таблица «Профессиональные дефициты» (professional_deficits)."
        return Together(page_of(office).text("deficits", text=text))
    largest = found.sort_values("share", ascending=False, kind="stable").iloc[0]
    subject = label_of("subject", largest["subject"])
    frame = found.assign(subject_word=found["subject"].map(lambda code: label_of("subject", code)))
    table = page_of(office).table("deficit_map", frame)
    by_school = table_deficits_schools(office, list(found["subject"].unique()))
    heading = f"Чаще всего нужна помощь: {subject}, {largest['deficit']} – {format_percent(largest['share'], 0)} оценённых учителей"
    return Together([Heading(heading), table, *([by_school] if by_school else [])])


def table_deficits_schools(office: Office, subjects: list[str]) -> Table | None:
    """Share of teachers with deficits by school and subject."""
    labels = {f"teacher_deficit_rate[{subject}]": label_of("subject", subject).capitalize() for subject in subjects}
    return table_of_schools(office, "deficits_schools", "Доля педагогов с дефицитами по школам и предметам", labels)


def show_monitoring(office: Office) -> Together:
    """Satisfaction, qualification and equipment over the years and by school (row K3)."""
    years = list(range(office.year - 2, office.year + 1))
    found = monitored(office.indicators, MONITORED, years)
    by_school = table_of_schools(
        office, "monitoring_schools", "Удовлетворённость, квалификация, оснащённость по школам", MONITORED
    )
    if found.empty and by_school is None:
        text = "Удовлетворённость, квалификация и оснащённость школ не представлены: нужны таблицы «Удовлетворённость», «Кадры», «Ресурсы»."
        return Together(page_of(office).text("monitoring", text=text))
    turned = found["turn"].value_counts()
    table = page_of(office).table(
        "monitoring",
        found.assign(measure=found["indicator"].map(indicator_label)),
        more={"more": {f"y{year}": Column(f"{year} год", "percent") for year in years}},
    )
    heading = (
        f"Удовлетворённость, квалификация, оснащённость: лучше стало показателей – {turned.get('better', 0)}, "
        f"хуже – {turned.get('worse', 0)}"
        if found["change"].notna().any()
        else "Удовлетворённость, квалификация, оснащённость школ"
    )
    return Together([Heading(heading), *([table] if len(found) else []), *([by_school] if by_school else [])])
