"""How a command, a report, or the work on a whole office and year ended: codes, words, and what a user does about it."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    DONE = 0
    SOME_FAILED = 1
    USAGE = 2
    DATA_INVALID = 3
    PARAMS_INVALID = 4


MADE = "made"
UP_TO_DATE = "up_to_date"
WAITING = "waiting"
OUTDATED = "outdated"
NOT_ASKED = "not_asked"
FAILED = "failed"
TIMEOUT = "timeout"
DIED = "died"
LOST = "lost"
SCHEDULER_LOST = "scheduler_lost"
CANCELLED = "cancelled"
DISK_FULL = "disk_full"
LOCKED = "locked"
UNWRITABLE = "unwritable"
DATA_INVALID = "data_invalid"
PARAMS_INVALID = "params_invalid"
OTHER_VERSION = "other_version"

STATUS_WORDS = {
    MADE: "готов",
    UP_TO_DATE: "не изменился",
    WAITING: "ждёт таблиц",
    OUTDATED: "сделан по прежним данным",
    NOT_ASKED: "не заказан",
    FAILED: "ошибка",
    TIMEOUT: "ошибка: предел времени",
    DIED: "ошибка: процесс прерван",
    LOST: "ошибка: рабочий узел потерян",
    SCHEDULER_LOST: "ошибка: планировщик потерян",
    CANCELLED: "отменён",
    DISK_FULL: "ошибка: нет места на диске",
    LOCKED: "ошибка: файл занят",
    UNWRITABLE: "ошибка: файл не записывается",
    DATA_INVALID: "ошибка в данных",
    PARAMS_INVALID: "ошибка в параметрах",
    OTHER_VERSION: "ошибка: другая версия библиотеки",
}
CURRENT = frozenset({MADE, UP_TO_DATE})
"""The page shows what the present data, parameters, notebook and library give."""
FAILURES = frozenset(STATUS_WORDS) - CURRENT - {WAITING, OUTDATED, NOT_ASKED}
"""Something was asked for and is not there."""

_SEE_NOTEBOOK = "откройте блокнот в JupyterLab с теми же параметрами или повторите с --debug; остальные отчёты сделаны."
REMEDIES = {
    FAILED: _SEE_NOTEBOOK,
    TIMEOUT: "увеличьте предел (--time-limit СЕКУНДЫ) или исправьте ячейку, которая не кончается.",
    DIED: "проверьте, хватает ли памяти, уменьшите --jobs; если отчёт прерывается всегда, исправьте названную ячейку.",
    SCHEDULER_LOST: "запустите планировщик снова (dask scheduler) и повторите: готовое заново делаться не будет.",
    LOST: "проверьте рабочие узлы кластера и повторите: готовое заново делаться не будет.",
    CANCELLED: "повторите команду: готовое заново делаться не будет.",
    DISK_FULL: "освободите место и повторите команду: готовое заново делаться не будет.",
    LOCKED: "закройте файл в Excel или браузере и повторите команду.",
    UNWRITABLE: "проверьте права на папки reports и data/processed и повторите команду.",
    DATA_INVALID: "исправьте перечисленное в файлах и повторите команду.",
    PARAMS_INVALID: "исправьте названные строки и повторите команду.",
    OTHER_VERSION: "установите на рабочие узлы ту же версию shnor, что и здесь.",
}
"""What a user does about each failure."""
