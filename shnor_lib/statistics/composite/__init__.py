"""Composite indices: a tree of indicators normalised, weighted and combined by a checked recipe.

Three layers, one family a module: *vector* functions over numpy arrays (``normalise_values``, ``aggregate_values``),
*frame* functions over tables (``normalise_frame``, ``treat_outliers``), and the *index* (``composite_index``) that applies a whole
:class:`IndexRecipe`. Errors are :class:`CompositeError` and name the node.
"""
