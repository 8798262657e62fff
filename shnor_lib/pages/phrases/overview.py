"""Sentences on the board's page: report 00, what it takes from the other reports."""

from shnor_lib.pages.numbers import MEASURES, NBSP, TARGETS_OF, agree, format_count, plural
from shnor_lib.pages.phrases.dynamics import review_stayed
from shnor_lib.pages.phrases.phrase import Evidence, Facts, Phrase, has
from shnor_lib.pages.phrases.plan import report_measures, settle_overdue
from shnor_lib.pages.phrases.results import changes_told
from shnor_lib.pages.phrases.targets import collect_targets, mend_targets


def targets_told(facts: Facts) -> str:
    done, late, unknown = (facts[f"targets_{state}"] for state in ("fulfilled", "off_track", "no_data"))
    return (
        f"Из {agree(facts['targets_total'], TARGETS_OF)} программы {plural(done, 'достигнут', 'достигнуты', 'достигнуто')} "
        f"{format_count(done)}"
        + (f", {plural(late, 'отстаёт', 'отстают', 'отстаёт')} {format_count(late)}" if late else "")
        + (f", для{NBSP}{format_count(unknown)} данных нет" if unknown else "")
        + "."
    )


def chapter(fact: str, figure: str, column: str = "number") -> Evidence:
    """Proof from the table of the board's page that sums up the other reports."""
    return Evidence(fact, "chapters", "value", column, {"figure": figure})


HEADLINES: tuple[Phrase, ...] = (
    Phrase(
        "overview_targets",
        ("00_overview",),
        ("targets_total", "targets_fulfilled", "targets_off_track", "targets_no_data"),
        lambda f: f["targets_no_data"] < f["targets_total"],
        targets_told,
        (
            chapter("targets_fulfilled", "Целевые показатели: достигнуты"),
            chapter("targets_total", "Целевые показатели: достигнуты", "of"),
            chapter("targets_off_track", "Целевые показатели: отстают"),
            chapter("targets_no_data", "Целевые показатели: нет данных"),
        ),
    ),
    Phrase(
        "overview_targets_unknown",
        ("00_overview",),
        ("targets_total", "targets_no_data"),
        lambda f: 0 < f["targets_total"] == f["targets_no_data"],
        lambda f: (
            f"Ни для одного из{NBSP}{agree(f['targets_total'], TARGETS_OF)} программы данных пока нет: "
            "считать их достигнутыми нельзя."
            if f["targets_total"] > 1
            else f"Для {agree(1, TARGETS_OF)} программы, других она не называет, данных пока нет: "
            "считать его достигнутым нельзя."
        ),
        (
            chapter("targets_total", "Целевые показатели: нет данных", "of"),
            chapter("targets_no_data", "Целевые показатели: нет данных"),
        ),
    ),
    Phrase(
        "overview_measures",
        ("00_overview",),
        ("measures_total", "measures_done", "measures_overdue", "measures_reported"),
        has("measures_reported"),
        lambda f: (
            f"{plural(f['measures_done'], 'Выполнена', 'Выполнены', 'Выполнено')} "
            f"{agree(f['measures_done'], MEASURES)} программы из{NBSP}{format_count(f['measures_total'])}"
            + (
                f", {plural(f['measures_overdue'], 'просрочена', 'просрочены', 'просрочено')} "
                f"{format_count(f['measures_overdue'])}."
                if f["measures_overdue"]
                else ", просроченных нет."
            )
        ),
        (
            chapter("measures_done", "Меры программы: выполнены"),
            chapter("measures_total", "Меры программы: выполнены", "of"),
            chapter("measures_overdue", "Меры программы: просрочены"),
        ),
    ),
    Phrase(
        "overview_changes",
        ("00_overview",),
        ("changes_tested", "changes_falls", "changes_rises", "changes_broken"),
        lambda f: f["changes_falls"] + f["changes_rises"] > 0,
        changes_told,
        (
            chapter("changes_tested", "Результаты школ: ухудшились больше, чем случайно", "of"),
            chapter("changes_falls", "Результаты школ: ухудшились больше, чем случайно"),
            chapter("changes_rises", "Результаты школ: улучшились больше, чем случайно"),
            chapter("changes_broken", "Результаты школ: из изменившихся – менялась сама процедура"),
        ),
    ),
)

DECISIONS: tuple[Phrase, ...] = (
    Phrase(
        "overview_mend_targets",
        ("00_overview",),
        ("targets_off_track",),
        has("targets_off_track"),
        mend_targets,
        (chapter("targets_off_track", "Целевые показатели: отстают"),),
    ),
    Phrase(
        "overview_collect_targets",
        ("00_overview",),
        ("targets_no_data",),
        has("targets_no_data"),
        collect_targets,
        (chapter("targets_no_data", "Целевые показатели: нет данных"),),
    ),
    Phrase(
        "overview_report_measures",
        ("00_overview",),
        ("measures_unknown",),
        has("measures_unknown"),
        report_measures,
        (chapter("measures_unknown", "Меры программы: нет сведений"),),
    ),
    Phrase(
        "overview_settle_overdue",
        ("00_overview",),
        ("measures_overdue",),
        has("measures_overdue"),
        settle_overdue,
        (chapter("measures_overdue", "Меры программы: просрочены"),),
    ),
    Phrase(
        "overview_review_stayed",
        ("00_overview",),
        ("moves_stayed",),
        has("moves_stayed"),
        review_stayed,
        (chapter("moves_stayed", "Перечень ШНОР: второй год подряд"),),
    ),
)
