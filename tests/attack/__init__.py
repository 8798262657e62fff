"""Attacks on what docs/security.md promises: each has a short form in ``make test`` and a long one in ``make attack``.

A form is a module of this folder, ``tests/attack/<form>.py`` (``kills``, ``fuzz``, ``solver``, ``persons``, ``frames``), with a function

``attack() -> str``
    The long form. Returns its figures as one line («300 kills, 0 torn files»), raises (an ``assert`` is enough) where the promise
    does not hold. What it makes it makes in temporary folders; it ends by itself, and how long it takes is an argument or a
    constant of the module, never of the environment. It needs no network; where something it needs is missing, it raises.

The short form is a test, ``tests/attack/test_<form>.py``: the same functions of the module with small sizes, a few seconds in all.

``make attack`` (``python -m tests.attack``) runs every form there is, ``python -m tests.attack kills`` that one. Each prints a line
with its date, figures and seconds; a form that fails does not stop the others, and the exit code is then 1. Nothing is written
down by hand of how many forms there are: a new module is found by its being there. Its part of docs/security.md (promised, not promised, tried)
names it as ``python -m tests.attack kills`` with its figures; a test asks for that.
"""
