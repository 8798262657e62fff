"""``shnor status``: how offices and years stand, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shnor_lib.cli.asking import all_option, chosen_workspace, named_or_usual, usual_offices_option, usual_years_option
from shnor_lib.cli.group import main
from shnor_lib.cli.saying import tell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shnor_lib.runs.record import ReportRun
    from shnor_lib.runs.standing import Standing

MOST_ABSENT = 6


@main.command(
    help="Показать, что есть и что дальше. Данные, методика, отчёты готовые и устаревшие, что сделает запуск и почему."
)
@usual_offices_option
@usual_years_option
@all_option
def status(municipalities: tuple[str, ...], years: tuple[int, ...], everything: bool) -> None:
    """How the offices and years of the workspace stand, and the next step of each."""
    from shnor_lib.cli.problems import wrapped
    from shnor_lib.runs.standing import standings

    found = standings(chosen_workspace(), *named_or_usual(municipalities, years, everything))
    for one in found:
        method = f"; методика {one.known.method}" if one.known.method else ""
        tell(f"{one.known.name} {one.year} – {one.known.title}{method}")
        for line in told(one):
            for part in wrapped(line, "  ", "    "):
                tell(part)
    if not found:
        tell("Ни одного муниципалитета с такими годами нет; есть: shnor status.")


def told(one: Standing) -> list[str]:
    """What is said of an office and year, line by line; the last is the next step."""
    from shnor_lib.inputs.dictionary import table_names

    if one.is_past:
        return [f"Прошлое: файлов – {one.files}; отчётов за этот год нет, его данные читают отчёты следующих лет."]
    lines = []
    if one.problem:
        lines.append(f"Профиль: {one.problem}")
    elif not one.files:
        lines.append("Данные: файлов нет.")
    elif one.tables is None:
        lines.append(f"Данные: файлов – {one.files}; {one.invalid or 'ещё не прочитаны или изменились'}.")
    else:
        absent = one.absent
        shown = ", ".join(absent[:MOST_ABSENT]) + (
            f" и ещё {len(absent) - MOST_ABSENT}" if len(absent) > MOST_ABSENT else ""
        )
        lines.append(
            f"Данные: таблиц {len(one.tables)} из {len(table_names())}" + (f"; нет: {shown}." if absent else ".")
        )
    if one.reports:
        lines.append(f"Отчёты: {how_reports_stand(one.reports)}.")
    elif one.changes and one.files:
        lines.append(f"Отчёты: запуск сделает все ({'; '.join(one.changes)}).")
    if one.failed:
        causes: dict[str, list[str]] = {}
        for name, why in one.failed.items():
            causes.setdefault(why, []).append(name)
        lines.append("Не получились: " + "; ".join(f"{', '.join(same)} – {why}" for why, same in causes.items()) + ".")
    if one.public:
        lines.append(f"Открытая редакция: {how_reports_stand(one.public)}.")
    return [*lines, f"Дальше: {one.next_step}"]


def how_reports_stand(reports: Mapping[str, ReportRun]) -> str:
    """How many reports are up to date, which a run would make and why, which wait for tables."""
    from shnor_lib.runs.statuses import UP_TO_DATE, WAITING

    parts = [f"готовы – {sum(one.status == UP_TO_DATE for one in reports.values())}"]
    numbers: dict[str, list[str]] = {}
    for name, one in reports.items():
        if one.status != UP_TO_DATE:
            numbers.setdefault("" if one.status == WAITING else one.reason, []).append(name.split("_")[0])
    waiting = numbers.pop("", [])
    parts += [f"запуск сделает {', '.join(same)} ({reason})" for reason, same in numbers.items()]
    return "; ".join([*parts, *([f"ждут таблиц – {', '.join(waiting)}"] if waiting else [])])
