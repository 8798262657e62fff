"""Quality and standard of learning by the marks of the school year, by stage and subject."""

from __future__ import annotations

import numpy as np

from shnor_lib.indicators.catalogue import indicator
from shnor_lib.indicators.formulas import Amount, Found, Rows, Words, ratio
from shnor_lib.indicators.results import marks, weighed_marks


def stages(learning_marks: Rows) -> Words:
    """Stage and subject of each row, as they stand in the brackets: ``basic/maths``."""
    stage, subject = learning_marks.words("stage"), learning_marks.words("subject")
    key = stage.codes * (len(subject.labels) + 1) + subject.codes
    _, first, codes = np.unique(key, return_index=True, return_inverse=True)
    return Words(codes.ravel(), [f"{one}/{of}" for one, of in zip(stage.at(first), subject.at(first), strict=True)])


def pupils_of(learning_marks: Rows) -> Amount:
    """Pupils behind the marks: as given, else the four marks and the not attested together."""
    counted = marks(learning_marks, 2, 3, 4, 5) + learning_marks.amount("not_attested")
    return learning_marks.amount("pupils").or_else(counted)


def _of_pupils(learning_marks: Rows, numerator: Amount) -> Found:
    """The numerator over the pupils, stage and subject by stage and subject."""
    return ratio(learning_marks, numerator, pupils_of(learning_marks)).per(stages(learning_marks))


@indicator(
    table="learning_marks",
    label="Успеваемость по журналу",
    formula="(n3 + n4 + n5) / обучающиеся, не аттестованные остаются",
    unit="rate",
    better="high",
    per="stage",
    reference="Лесосибирск 2020, раздел 1; Лесозаводск 2021, раздел II",
)
def learning_pass_rate(learning_marks: Rows) -> Found:
    """Share of pupils whose mark of the year is 3 or better.

    Parameters
    ----------
    learning_marks : ``stage, subject, mark_3, mark_4, mark_5, pupils`` (persons).

    Notes
    -----
    (n3 + n4 + n5) / pupils; the exempt are not among the pupils, the not attested are. Missing when a count is missing or there are
    no pupils.

    References
    ----------
    Лесосибирск 2020, section 1; Лесозаводск 2021, section II (99–99.5 %).

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> journal = example(stage=["basic"] * 3, subject=["maths"] * 3, mark_3=[8, 0, 5], mark_4=[6, 0, 5],
    ...                   mark_5=[4, 0, None], pupils=[20, 0, 20])
    >>> learning_pass_rate(journal)["value"].tolist()
    [0.9, nan, nan]
    """
    return _of_pupils(learning_marks, marks(learning_marks, 3, 4, 5))


@indicator(
    table="learning_marks",
    label="Качество обученности по журналу",
    formula="(n4 + n5) / обучающиеся",
    unit="rate",
    better="high",
    per="stage",
    reference="Лесосибирск 2020, разделы 1 и 2.1; Лесозаводск 2021, раздел II",
)
def learning_quality_rate(learning_marks: Rows) -> Found:
    """Share of pupils whose mark of the year is 4 or 5.

    Parameters
    ----------
    learning_marks : ``stage, subject, mark_4, mark_5, pupils`` (persons).

    Notes
    -----
    (n4 + n5) / pupils, the not attested included. Missing when a count is missing or there are no pupils.

    References
    ----------
    Лесосибирск 2020, sections 1 (83.6 % in primary school) and 2.1 («качество обученности»); Лесозаводск 2021, section II (39–40 %).

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> journal = example(stage=["basic"] * 3, subject=["maths"] * 3, mark_4=[6, 0, 5],
    ...                   mark_5=[4, 0, None], pupils=[20, 0, 20])
    >>> learning_quality_rate(journal)["value"].tolist()
    [0.5, nan, nan]
    """
    return _of_pupils(learning_marks, marks(learning_marks, 4, 5))


@indicator(
    table="learning_marks",
    label="Стандарт обученности по журналу",
    formula="(n3 + n4 + n5) / обучающиеся (документ не определяет; принята успеваемость)",
    unit="rate",
    better="high",
    per="stage",
    reference="Лесосибирск 2020, раздел 2.1 (определение – допущение)",
)
def learning_standard_rate(learning_marks: Rows) -> Found:
    """Share of pupils who meet the standard of learning.

    Parameters
    ----------
    learning_marks : ``stage, subject, mark_3, mark_4, mark_5, pupils`` (persons).

    Notes
    -----
    The documents do not define «стандарт обученности»; by default it is the share of marks 3 and better, as
    :func:`learning_pass_rate`. A method that means something else names another indicator. Missing when a
    count is missing or there are no pupils.

    References
    ----------
    Лесосибирск 2020, section 2.1; Краснохолм 2021, passport (80 %).

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> journal = example(stage=["basic"] * 3, subject=["maths"] * 3, mark_3=[8, 0, 5], mark_4=[6, 0, 5],
    ...                   mark_5=[4, 0, None], pupils=[20, 0, 20])
    >>> learning_standard_rate(journal)["value"].tolist()
    [0.9, nan, nan]
    """
    return _of_pupils(learning_marks, marks(learning_marks, 3, 4, 5))


@indicator(
    table="learning_marks",
    label="Степень обученности (СОУ) по журналу",
    formula="(100·n5 + 64·n4 + 36·n3 + 16·n2 + 7·не аттестованы) / обучающиеся",
    unit="index",
    better="high",
    per="stage",
    reference="В. П. Симонов, степень обученности учащихся",
)
def learning_marks_index(learning_marks: Rows) -> Found:
    """How much of the material the pupils learned, by their marks of the year, 0 to 100.

    Parameters
    ----------
    learning_marks : ``stage, subject, mark_2 … mark_5, not_attested, pupils`` (persons).

    Notes
    -----
    (100·n5 + 64·n4 + 36·n3 + 16·n2 + 7·not attested) / pupils. The not attested, when not given, are the pupils without a mark.
    Missing when a count is missing or there are no pupils.

    References
    ----------
    Симонов В. П., степень обученности учащихся (СОУ).

    Examples
    --------
    >>> from shnor_lib.indicators.formulas import example
    >>> journal = example(stage=["basic"] * 3, subject=["maths"] * 3, mark_2=[1, 0, 0], mark_3=[1, 0, 0],
    ...                   mark_4=[1, 0, 5], mark_5=[1, 0, None], not_attested=[1, 0, 0], pupils=[5, 0, 9])
    >>> learning_marks_index(journal)["value"].tolist()
    [44.6, nan, nan]
    """
    without_mark = learning_marks.amount("pupils") - marks(learning_marks, 2, 3, 4, 5)
    not_attested = learning_marks.amount("not_attested").or_else(without_mark)
    learned = weighed_marks(learning_marks, {5: 100, 4: 64, 3: 36, 2: 16}) + 7 * not_attested
    return _of_pupils(learning_marks, learned.called("отметки"))
