"""The short form of the kills, and that its eyes are open."""

from __future__ import annotations

import os

import pytest

from tests.attack.kills import Trial, kill_all, state_of, torn

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a process is forked and killed as POSIX does")


def test_killed_commands_leave_the_old_or_the_new_and_the_next_one_says_so():
    counts = kill_all(20, names=("import", "template elsewhere", "new workspace", "year", "run"))
    assert [word for word in counts if word.startswith("fault")] == []
    assert counts["закончена"] + counts["отменена"] and counts["repeated"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.json", b"{"), ("a.csv", b"a,b\n1"), ("a.xlsx", b"PK\x03\x04"), ("a.html", b"<html>"), ("a.yml", b"a: [1")],
)
def test_a_torn_file_is_seen(name, content):
    assert torn(name, content)
    trial = Trial("x", [], old={name: b"old"}, new={name: b"new"})
    assert state_of(trial, name, content) == "torn"
    assert (state_of(trial, name, b"old"), state_of(trial, name, b"new")) == ("old", "new")
