"""The settings file as it is written: it says what was meant, and what stood there stays."""

import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.settings.writing import Entry, PersonEntry, completed, whole_file

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
BLOCKS = st.sampled_from(("github", "asana", "airtable.names"))
ENTRIES = st.lists(
    st.builds(Entry, BLOCKS, WORDS.filter(bool), WORDS | st.integers(0, 99), WORDS),
    max_size=6,
    unique_by=lambda one: one.path,
)


def at(tree: dict[str, Any], path: tuple[str, ...]) -> Any:
    """Return what stands at a path."""
    for name in path:
        tree = tree[name]
    return tree


@settings(max_examples=150, derandomize=True, deadline=None)
@given(ENTRIES, WORDS)
def test_a_new_file_says_what_was_meant(entries: list[Entry], name: str) -> None:
    tree = tomllib.loads(whole_file(entries, [PersonEntry("ana", "12", name)]))
    assert [at(tree, one.path) for one in entries] == [one.value for one in entries]
    assert tree["people"] == [{"github": "ana", "asana": "12"}]


@settings(max_examples=150, derandomize=True, deadline=None)
@given(ENTRIES, st.integers(0, 6))
def test_completing_a_file_keeps_what_stands_in_it(entries: list[Entry], number: int) -> None:
    before = whole_file(entries[:number]) + "# a person's word\n"
    after = completed(before, entries[number:])
    tree = tomllib.loads(after)
    assert [at(tree, one.path) for one in entries] == [one.value for one in entries]
    lines = iter(after.split("\n"))
    assert all(line in lines for line in before.split("\n"))
