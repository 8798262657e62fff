"""Runs: the notebooks of one office and year, executed, exported and written."""
