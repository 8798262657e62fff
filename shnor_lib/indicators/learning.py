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


@indicator
def learning_marks_index(learning_marks: Rows) -> Found:
    """How much of the material the pupils learned, by their marks of the year, 0 to 100.

    Parameters
    ----------
    learning_marks : ``stage, subject, mark_2 … mark_5, not_attested, pupils`` (persons).

    Notes
    -----
    (100·n5 + 64·n4 + 36·n3 + 16·n2 + 7·not attested) / pupils. The not attested, when not given, are the pupils without a mark.
    Missing when a count is missing or there are no pupils.

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
    return ratio(learning_marks, learned.called("отметки"), pupils_of(learning_marks)).per(stages(learning_marks))
