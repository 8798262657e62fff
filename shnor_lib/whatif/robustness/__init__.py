"""How far the lists depend on choices and on chance.

:func:`pooled_verdicts` says what the small numbers of a school do; :class:`Bench` judges an office in many draws
of the declared family of choices, and :func:`certainty`, :func:`index_certainty` and :func:`what_matters` read the draws.
"""

from shnor_lib.whatif.robustness.draws import Bench, Drawn
from shnor_lib.whatif.robustness.family import Factor, factors_of_method
from shnor_lib.whatif.robustness.pooled import pooled_answers, pooled_verdicts
from shnor_lib.whatif.robustness.study import Study, study_robustness
from shnor_lib.whatif.robustness.summary import certainty, index_certainty, what_matters, word_of

__all__ = [
    "Bench",
    "Drawn",
    "Factor",
    "Study",
    "certainty",
    "factors_of_method",
    "index_certainty",
    "pooled_answers",
    "pooled_verdicts",
    "study_robustness",
    "what_matters",
    "word_of",
]
