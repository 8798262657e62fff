"""Sentences on target indicators: report 80."""

from shnor_lib.pages.numbers import NBSP, NO_DATA, TARGETS, TARGETS_BY, TARGETS_OF, agree, format_count, plural
from shnor_lib.pages.phrases.phrase import Evidence, Facts, Phrase, has


def targets_unknown(facts: Facts) -> str:
    """The targets without data, one or many."""
    unknown = facts["targets_no_data"]
    told = "считать его достигнутым нельзя" if unknown == 1 else "считать их достигнутыми нельзя"
    return f"Нет данных для {agree(unknown, TARGETS_OF)} из{NBSP}{format_count(facts['targets_total'])}: {told}."


def collect_targets(facts: Facts) -> str:
    return f"Организовать сбор данных для {agree(facts['targets_no_data'], TARGETS_OF)}."


def mend_targets(facts: Facts) -> str:
    late = facts["targets_off_track"]
    return f"Пересмотреть меры по {agree(late, TARGETS_BY)}, {plural(late, 'отстающему', 'отстающим', 'отстающим')} от пути к цели."


TARGETS_ALL = Evidence("targets_total", "targets")
TARGETS_FULFILLED = Evidence("targets_fulfilled", "targets", where={"state": "достигнут"})
TARGETS_OFF_TRACK = Evidence("targets_off_track", "targets", where={"state": "отстаёт"})
TARGETS_NO_DATA = Evidence("targets_no_data", "targets", where={"state": NO_DATA})

HEADLINES: tuple[Phrase, ...] = (
    Phrase(
        "targets_fulfilled",
        ("80_targets",),
        ("targets_total", "targets_fulfilled", "targets_no_data"),
        lambda f: f["targets_no_data"] < f["targets_total"],
        lambda f: (
            f"{plural(f['targets_fulfilled'], 'Достигнут', 'Достигнуты', 'Достигнуто')} "
            f"{agree(f['targets_fulfilled'], TARGETS)} из{NBSP}{format_count(f['targets_total'])}."
        ),
        (TARGETS_FULFILLED, TARGETS_ALL),
    ),
    Phrase(
        "targets_off_track",
        ("80_targets",),
        ("targets_total", "targets_off_track"),
        has("targets_off_track"),
        lambda f: (
            f"{plural(f['targets_off_track'], 'Отстаёт', 'Отстают', 'Отстаёт')} от пути к цели "
            f"{agree(f['targets_off_track'], TARGETS)} из{NBSP}{format_count(f['targets_total'])}."
        ),
        (TARGETS_OFF_TRACK, TARGETS_ALL),
    ),
    Phrase(
        "targets_no_data",
        ("80_targets",),
        ("targets_total", "targets_no_data"),
        has("targets_no_data"),
        targets_unknown,
        (TARGETS_NO_DATA, TARGETS_ALL),
    ),
)

DECISIONS: tuple[Phrase, ...] = (
    Phrase(
        "mend_targets",
        ("80_targets",),
        ("targets_off_track",),
        has("targets_off_track"),
        mend_targets,
        (TARGETS_OFF_TRACK,),
    ),
    Phrase(
        "collect_targets",
        ("80_targets",),
        ("targets_no_data",),
        has("targets_no_data"),
        collect_targets,
        (TARGETS_NO_DATA,),
    ),
)
