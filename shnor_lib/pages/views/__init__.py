"""What each report shows: one module a report, one function a sentence-and-object pair of its notebook.

A view selects, labels and orders what the library computed; it computes nothing.
"""
