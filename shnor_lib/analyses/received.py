"""Lists received from above beside the calculation: where they agree, where they differ and why; and who decided besides it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from shnor_lib.analyses.identification import measured
from shnor_lib.analyses.naming import MOST_NAMED, answers_of, named
from shnor_lib.criteria.clarification import EXPERT, LIST, RECEIVED, list_in_words, standing_lists
from shnor_lib.criteria.decisions import INSUFFICIENT, NO, YES, list_of
from shnor_lib.criteria.measure import MET, NOT_ASSESSED, NOT_MET
from shnor_lib.inputs.dictionary import label_of
from shnor_lib.office.office import Office, once
from shnor_lib.params.titles import plural

ONLY_LIST, ONLY_CALCULATION, OPEN, NEITHER, SAME = "only_list", "only_calculation", "open", "neither", "same"
"""A list and the calculation of a school: named by one of them, without an answer of ours, named by neither (experts did), alike; in
the order in which they are read."""

MOST_SIGNS = 2
"""So many signs explain a difference."""

NOT_DECIDED = "методика муниципалитета такой категории не определяет"


@once
def standing(office: Office) -> pd.DataFrame:
    """The lists of the year that stand, a row for each school, with ``list``: the list in words."""
    rows = standing_lists(office.tables["received_lists"], office.year)
    return rows.assign(list=[list_in_words(*row) for row in rows[LIST].itertuples(index=False)])


@once
def compared(office: Office) -> pd.DataFrame:
    """Every list of the year that stands beside the calculation and what was decided, a row for each list and school.

    Schools that the list, the calculation or the final list names, those that differ first.

    Returns
    -------
    LIST, ``list``, category, school_id; ``named``: yes or no, whether the list names it; calculated, identified, decision; ``agreement``
    (:data:`ONLY_LIST` …); ground, place; ``decided``: what experts decided, empty without them.
    """
    parts = [pd.DataFrame(columns=[*COLUMNS])]
    for _, own in standing(office).groupby(["list", "category"], sort=False):
        answers = answers_of(office.identification, own["category"].iloc[0])
        listed = own.drop_duplicates("school_id").set_index("school_id")
        told = answers[["calculated", "identified"]].eq(YES).any(axis=1)
        wanted = set(listed.index) | set(told.index[told])
        schools = [school for school in office.school_names if school in wanted]
        rows = listed[["ground", "place"]].reindex(schools)
        rows = rows.join(answers[["calculated", "identified", "decision", "reason"]])
        rows["named"] = np.where(rows.index.isin(listed.index), YES, NO)
        rows["decided"] = rows["reason"].where(rows["decision"].eq(EXPERT), "")
        first = listed.iloc[0]
        parts.append(
            rows.reset_index(names="school_id").assign(**{one: first[one] for one in [*LIST, "list", "category"]})
        )
    rows = pd.concat([one for one in parts if len(one)] or parts, ignore_index=True)
    above, ours = rows["named"].eq(YES), rows["calculated"].eq(YES)
    unknown = rows["calculated"].isna() | rows["calculated"].eq(INSUFFICIENT)
    kinds = [above & ours, unknown, above, ours]
    rows["agreement"] = np.select(kinds, [SAME, OPEN, ONLY_LIST, ONLY_CALCULATION], NEITHER)
    order = [ONLY_LIST, ONLY_CALCULATION, OPEN, NEITHER, SAME]
    return rows.iloc[np.argsort(rows["agreement"].map(order.index), kind="stable")].reset_index(drop=True)[[*COLUMNS]]


COLUMNS = (
    *LIST,
    "list",
    "category",
    "school_id",
    "named",
    "calculated",
    "identified",
    "decision",
    "agreement",
    "ground",
    "place",
    "decided",
)


def telling_signs(office: Office, school_id: str, category: str, verdict: str) -> pd.DataFrame:
    """The criteria that explain an answer: those met, surest first; or those not met, nearest to their thresholds first.

    They are chosen by all data, also for the public. At most :data:`MOST_SIGNS` verdicts, with ``measured``: the indicator whose value is compared, empty where procedures are counted.
    """
    own = signs_of(office.whole or office, school_id, category)
    own = own[own["verdict"].eq(verdict)]
    far = own["margin"].astype(float).abs() / own["threshold"].astype(float).abs().replace(0, np.nan)
    indicators = {name: measured(criterion) for name, criterion in office.method.criteria.items()}
    own = own.assign(far=far, first=own["near"].eq(verdict == MET))
    telling = own.sort_values(["first", "far"], kind="stable").head(MOST_SIGNS)["criterion"]
    shown = signs_of(office, school_id, category).set_index("criterion").loc[telling].reset_index()
    return shown.assign(measured=shown["criterion"].map(indicators))


def signs_of(office: Office, school_id: str, category: str) -> pd.DataFrame:
    """The verdicts of a school on the criteria that decide on a category."""
    rows = office.verdicts
    return rows[rows["school_id"].eq(school_id) & rows["criterion"].isin(office.method.criteria_of(category))]


def why_open(office: Office, school_id: str, category: str) -> str:
    """Why there is no answer of ours on a school, in Russian."""
    if category not in office.method.decisions:
        return NOT_DECIDED
    own = signs_of(office, school_id, category)
    return "; ".join(dict.fromkeys(own.loc[own["verdict"].eq(NOT_ASSESSED), "reason"])) or "прошлые годы"


def counted(office: Office, school_id: str, category: str) -> tuple[int, int]:
    """How many criteria of a category a school meets, of how many that were assessed."""
    verdicts = signs_of(office, school_id, category)["verdict"]
    return int(verdicts.eq(MET).sum()), int(verdicts.isin([MET, NOT_MET]).sum())


def delivered(office: Office) -> pd.DataFrame:
    """Every list that came up to the year, newest first: year, LIST, category, ``schools`` it names, ``stands``: no later one replaces it."""
    rows = office.tables["received_lists"]
    rows = rows[rows["year"].le(office.year)]
    stand = pd.concat([standing_lists(rows, year) for year in rows["year"].unique()]) if len(rows) else rows
    key = ["year", *LIST, "category"]
    found = rows.groupby(key, dropna=False, sort=False)["school_id"].nunique().rename("schools").reset_index()
    found["stands"] = pd.MultiIndex.from_frame(found[key]).isin(pd.MultiIndex.from_frame(stand[key]))
    return found.sort_values(["year", "received_on"], ascending=False, kind="stable").reset_index(drop=True)


def received_facts(office: Office) -> dict[str, object]:
    """How many lists stand; which differ from the calculation and by whom, which agree, which are all there is; which list decides."""
    rows = compared(office)
    told: dict[str, list[str]] = {"differ": [], "brief": [], "alike": [], "alone": []}
    for (words, category), own in rows.groupby(["list", "category"], sort=False):
        abbreviation = category_word(office, category)
        inside = own.loc[own["named"].eq(YES), "school_id"]
        title = f"{words} ({abbreviation})"
        if not list_of(office.identification, category).judged or own["agreement"].eq(OPEN).all():
            told["alone"].append(f"{title}: {named(office, inside)}")
        elif own["agreement"].isin([ONLY_LIST, ONLY_CALCULATION, OPEN]).any():
            told["differ"].append(f"{title}: {told_difference(office, own)}")
            first = own.iloc[0]
            day = "" if pd.isna(first["received_on"]) else f" от {first['received_on']:%d.%m.%Y}"
            brief = f"{label_of('list_source', first['source'])}{day} ({abbreviation})"
            told["brief"].append(f"{brief}: {told_difference(office, own)}")
        else:
            told["alike"].append(f"{title}: {named(office, inside)}")
    unanswered = rows[rows["named"].eq(YES) & rows["identified"].eq(NO) & rows["decision"].ne(EXPERT)]
    facts: dict[str, object] = {f"received_{kind}_told": "; ".join(texts) or None for kind, texts in told.items()}
    return facts | {
        "received_unlisted_names": named(office, unanswered["school_id"]) or None,
        "received_lists": len(rows.groupby(["list", "category"])),
        "received_differ": int(rows.loc[rows["agreement"].isin([ONLY_LIST, ONLY_CALCULATION]), "school_id"].nunique()),
    }


def told_difference(office: Office, own: pd.DataFrame) -> str:
    """The schools of one list beside the calculation, by name: how many they share, who is in one of them only, who has no answer."""
    words = {ONLY_LIST: "только в списке", ONLY_CALCULATION: "только по расчёту", OPEN: "вывода по расчёту нет"}
    shared = int(own["agreement"].eq(SAME).sum())
    parts = [f"общих с расчётом {shared} {plural(shared, 'школа', 'школы', 'школ')}"]
    for kind, text in words.items():
        schools = own.loc[own["agreement"].eq(kind), "school_id"]
        parts += [f"{text} – {named(office, schools)}"] if len(schools) else []
    return ", ".join(parts)


def category_word(office: Office, category: str) -> str:
    """How a category is called in a sentence, also one that the method does not decide."""
    if category in office.method.decisions:
        return office.method.words(category).abbreviation
    return label_of("category", category)


def deciding_list(office: Office, category: str) -> str | None:
    """The received lists that decide on a category, in words; None where the calculation stands."""
    if not answers_of(office.identification, category)["decision"].eq(RECEIVED).any():
        return None
    own = standing(office)
    return "; ".join(own.loc[own["category"].eq(category), "list"].drop_duplicates())


def decided_told(office: Office, category: str) -> str | None:
    """Who decided on the list of a category besides the calculation: received lists, and experts by school; None where nobody did."""
    answers = answers_of(office.identification, category)
    experts = answers[answers["decision"].eq(EXPERT) & answers["identified"].ne(answers["calculated"])]
    told = [
        f"{office.school_names[row.Index]} ({'включена' if row.identified == YES else 'выведена'}) – {row.reason}"
        for row in experts.head(MOST_NAMED).itertuples()
    ]
    rest = len(experts) - MOST_NAMED
    lists = deciding_list(office, category)
    return "; ".join([*([lists] if lists else []), *told, *([f"и ещё {rest}"] if rest > 0 else [])]) or None
