"""How sure: intervals, partial pooling, sampling error, and indices under all choices at once.

General pieces take tables and return tables: :func:`wilson_interval`, :func:`pool_rates`, :func:`resample_rates`,
:func:`rank_draws`, :func:`lowest_ranked`, :func:`summarise_flags`, :func:`summarise_ranks`, :func:`sobol_draws`. For an index,
:func:`simulate` runs the replications and :func:`index_sensitivity` says which choice matters.
"""
