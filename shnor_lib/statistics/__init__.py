"""Composite indices, uncertainty, intervals; knows nothing of schools."""
