"""How sure: intervals, partial pooling, sampling error, and indices under all choices at once.

General pieces take tables and return tables: :func:`wilson_interval`, :func:`pool_rates`, :func:`resample_rates`,
:func:`rank_draws`, :func:`lowest_ranked`, :func:`summarise_flags`, :func:`summarise_ranks`, :func:`sobol_draws`. For an index,
:func:`simulate` runs the replications and :func:`index_sensitivity` says which choice matters.
"""

from shnor_lib.statistics.uncertainty.choices import Choices, Factor, quasi_random_design
from shnor_lib.statistics.uncertainty.errors import UncertaintyError
from shnor_lib.statistics.uncertainty.evidence import Evidence
from shnor_lib.statistics.uncertainty.intervals import mean_interval, wilson_interval
from shnor_lib.statistics.uncertainty.pooling import PooledRates, pool_rates
from shnor_lib.statistics.uncertainty.ranking import (
    lowest_quota,
    lowest_ranked,
    rank_draws,
    summarise_flags,
    summarise_ranks,
)
from shnor_lib.statistics.uncertainty.resampling import resample_rates
from shnor_lib.statistics.uncertainty.sensitivity import (
    SobolDraws,
    index_sensitivity,
    mean_rank_shift,
    sobol_draws,
    unit_ranks,
)
from shnor_lib.statistics.uncertainty.simulation import Simulation, evaluate, simulate
