"""Which procedure, stage, subject or indicator a printed label names: the words of the tables turned back into codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from shnor_lib.indicators.catalogue import catalogue
from shnor_lib.inputs.dictionary import choices, procedure_label

GRADES = range(1, 12)
NOTHING = "-"
"""What a row is about that counts no persons: a criterion, a flag, a number of posts."""


@cache
def _procedures() -> dict[str, str]:
    """Labels of every procedure there can be: whole, short («ВПР-4, математика»), and without what its table says anyway."""
    found = {}
    for exam, exam_label in choices("exam").items():
        for subject, name in choices("subject").items():
            found[f"{exam_label}, {name}".casefold()] = f"{exam}/{subject}/*"
            for grade in GRADES:
                code = f"{exam}/{subject}/{grade}"
                found[procedure_label(code).casefold()] = code
                found[f"{exam_label}-{grade}, {name}".casefold()] = code
    return found


def procedure_of(label: str, exam: str = "") -> str | None:
    """The procedure of a label; ``exam`` is the one that its table is about, so that labels leave it out.

    Examples
    --------
    >>> procedure_of("ВПР-4, математика"), procedure_of("Биология, 5 класс", "VPR"), procedure_of("Химия", "EGE")
    ('VPR/maths/4', 'VPR/biology/5', 'EGE/chemistry/11')
    >>> procedure_of("Математика (ГВЭ)", "OGE"), procedure_of("Математика (базовая)", "EGE")
    ('GVE/maths/9', 'EGE/maths_base/11')
    """
    text = label.casefold()
    if not exam:
        return _procedures().get(text)
    grade = {"OGE": ", 9 класс", "EGE": ", 11 класс"}.get(exam, "")
    for name in choices("exam").values():
        if text.endswith(f" ({name.casefold()})"):
            return _procedures().get(f"{name}, {text.removesuffix(f' ({name.casefold()})')}{grade}".casefold())
    return _procedures().get(f"{choices('exam')[exam]}, {text}{grade}".casefold())


def _choice(name: str) -> Callable[[str], str | None]:
    return lambda label: {text.casefold(): code for code, text in choices(name).items()}.get(label.casefold())


def stage_of(label: str) -> str | None:
    """The stage and subject of a label of the class register.

    Examples
    --------
    >>> stage_of("Основное общее, все предметы")
    'basic/all'
    """
    stage, _, subject = label.partition(", ")
    codes = [code for code in (_choice("stage")(stage), _choice("subject")(subject)) if code]
    return "/".join(codes) if len(codes) == 2 else None


PARTS: dict[str, Callable[[str], str | None]] = {
    "procedures": procedure_of,
    "VPR": lambda label: procedure_of(label, "VPR"),
    "OGE": lambda label: procedure_of(label, "OGE"),
    "EGE": lambda label: procedure_of(label, "EGE"),
    "stages": stage_of,
    "olympiad_stage": _choice("olympiad_stage"),
    "subject": _choice("subject"),
    "text": lambda label: label,
}
"""How a column names the part of a row."""


def indicator_of(label: str) -> str | None:
    """The full name of an indicator by its label.

    Examples
    --------
    >>> indicator_of("Доля участников ниже минимума (РКР, математика, 5 класс)")
    'below_minimum_rate[RKR/maths/5]'
    >>> indicator_of("Доля выпускников 11 класса с отличием")
    'honours_rate'
    """
    whole = {entry.label.casefold(): name for name, entry in catalogue().items()}
    if label.casefold() in whole:
        return whole[label.casefold()]
    outer = re.fullmatch(r"(.*?) \((.*)\)", label)
    if not outer or (name := whole.get(outer[1].casefold())) is None:
        return None
    words = {"procedure": "procedures", "stage": "stages", "olympiad_stage": "olympiad_stage", "subject": "subject"}
    part = PARTS[words.get(getattr(catalogue()[name], "per", None) or "", "text")](outer[2])
    return None if part is None else f"{name}[{part}]"


def _result_of(label: str) -> str | None:
    """«ВПР, русский язык: ниже минимума»: an indicator over the grades of a subject."""
    part, _, measure = label.partition(": ")
    name = {"ниже минимума": "below_minimum_rate", "качество": "quality_rate", "средний балл": "mean_score"}.get(
        measure
    )
    code = procedure_of(part)
    return None if name is None or code is None else f"{name}[{code}]"


def _learning_of(label: str) -> str | None:
    """«5–9 кл.: математика» of the class register, «РКР-5, математика» of a regional work."""
    grades, _, subject = label.partition(": ")
    stage = {"1–4 кл.": "primary", "5–9 кл.": "basic", "10–11 кл.": "secondary"}.get(grades)
    if stage:
        code = _choice("subject")(subject)
        return None if code is None else f"learning_quality_rate[{stage}/{code}]"
    code = procedure_of(label)
    return None if code is None else f"below_minimum_rate[{code}]"


def _below_minimum_of(label: str) -> str:
    """«ОГЭ, математика» among key figures; maths of ЕГЭ there is of both levels."""
    code = procedure_of(label)
    if code is None:
        return NOTHING
    return f"below_minimum_rate[{code.replace('EGE/maths/*', 'EGE/maths_any/11')}]"


MEASURES: dict[str, Callable[[str], str | None]] = {
    "indicators": indicator_of,
    "results": _result_of,
    "learning": _learning_of,
    "below_minimum": _below_minimum_of,
    "causes": lambda label: indicator_of(label) or NOTHING,
}
"""How a column names the indicator of a row."""
