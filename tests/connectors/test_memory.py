"""What is kept between runs is a hint: whatever becomes of the file, a run goes on and remembers nothing wrong."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.memory import FORMAT, MAGIC, NOT_OURS, Memory
from sync.errors import MemoryLost

ISSUES = {f"I_{number}": {"id": f"I_{number}", "title": f"Ärger {number} " + "x" * 300} for number in range(500)}


def filled(path: Path | None, fingerprint: str = "one") -> Memory:
    memory = Memory(path, fingerprint)
    shelf = memory.shelf("GitHub")
    for key, issue in ISSUES.items():
        shelf.put("issue", key, issue)
    shelf.set_mark("since", "2026-01-01T00:00:00Z")
    memory.keep()
    return memory


@pytest.fixture
def path(tmp_path: Path) -> Path:
    filled(tmp_path / "state" / "memory.sqlite").close()
    return tmp_path / "state" / "memory.sqlite"


def is_whole(memory: Memory) -> bool:
    shelf = memory.shelf("GitHub")
    return dict(shelf.items("issue")) == ISSUES and shelf.mark("since") == "2026-01-01T00:00:00Z"


def is_empty(memory: Memory) -> bool:
    shelf = memory.shelf("GitHub")
    return not list(shelf.items("issue")) and not shelf.mark("since") and not shelf.count("issue")


def test_answers_are_kept_between_runs(path: Path) -> None:
    memory = Memory(path, "one")
    assert is_whole(memory)
    assert memory.troubles == []
    assert memory.shelf("GitHub").get("issue", "I_7") == ISSUES["I_7"]
    assert memory.shelf("Asana").get("issue", "I_7") is None
    assert memory.shelf("GitHub").keys("issue") == ISSUES.keys()


def test_without_a_file_nothing_is_kept_but_all_is_remembered_for_the_run() -> None:
    memory = filled(None)
    assert is_whole(memory)
    memory.close()
    assert is_empty(Memory(None, "one"))


def test_what_is_staged_is_let_go(path: Path) -> None:
    memory = Memory(path, "one")
    memory.shelf("GitHub").put("issue", "I_new", {})
    memory.shelf("GitHub").set_mark("since", "later")
    memory.forget()
    memory.let_go()
    assert is_whole(memory)


def test_what_is_staged_is_lost_with_the_run(path: Path) -> None:
    memory = Memory(path, "one")
    memory.forget()
    memory.close()
    assert is_whole(Memory(path, "one"))


def test_put_drop_and_replace_tell_whether_anything_changed() -> None:
    shelf = Memory().shelf("Asana")
    assert shelf.put("task", "1", {"a": 1, "b": 2})
    assert not shelf.put("task", "1", {"b": 2, "a": 1})
    assert shelf.put("task", "1", {"a": 2, "b": 2})
    assert not shelf.drop("task", "2")
    assert shelf.replace("task", [("2", {}), ("3", {})])
    assert not shelf.replace("task", [("3", {}), ("2", {})])
    assert shelf.replace("task", [("3", {})])
    assert dict(shelf.items("task")) == {"3": {}}
    assert shelf.drop("task", "3")
    assert list(shelf.items("task")) == []


def test_other_settings_remember_nothing(path: Path) -> None:
    memory = Memory(path, "two")
    assert is_empty(memory)
    assert len(memory.troubles) == 1
    assert "settings" in memory.troubles[0]


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_remembers_nothing_wrong(path: Path, share: float) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    _nothing_wrong(path)


@settings(max_examples=60, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), length=st.sampled_from([1, 4, 4096]))
def test_a_flipped_bit_or_a_lost_page_is_noticed_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, place: float, bit: int, length: int
) -> None:
    path = tmp_path_factory.mktemp("state") / "memory.sqlite"
    filled(path).close()
    content = bytearray(path.read_bytes())
    start = int(place * len(content))
    for at in range(start, min(start + length, len(content))):
        content[at] ^= 1 << bit
    path.write_bytes(content)
    _nothing_wrong(path)


def _nothing_wrong(path: Path) -> None:
    """Read all of a damaged file: either it is as it was written, or that is told and a new file is begun."""
    memory = Memory(path, "one")
    shelf = memory.shelf("GitHub")
    try:
        right = is_whole(memory) or is_empty(memory)
    except MemoryLost as error:
        memory.start_over(str(error))
        right = is_empty(memory)
        assert memory.troubles
    assert right
    shelf.put("issue", "I_1", ISSUES["I_1"])
    memory.keep()
    memory.close()
    again = Memory(path, "one")
    if path.read_bytes()[: len(MAGIC)] == MAGIC:
        assert again.shelf("GitHub").get("issue", "I_1") == ISSUES["I_1"]
    else:  # nobody can tell it from a file of somebody else any more
        assert NOT_OURS in again.troubles[0]
        assert is_empty(again)
    again.close()


def test_an_older_copy_is_an_older_memory(path: Path) -> None:
    older = path.read_bytes()
    memory = Memory(path, "one")
    memory.shelf("GitHub").set_mark("since", "2026-02-01T00:00:00Z")
    memory.keep()
    memory.close()
    path.write_bytes(older)
    assert is_whole(Memory(path, "one"))


def test_a_file_of_another_version_is_replaced(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    memory = Memory(path, "one")
    assert is_empty(memory)
    assert "another version" in memory.troubles[0]
    memory.close()
    assert Memory(path, "one").troubles == []


def test_the_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "precious.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE precious (word)")
    connection.close()
    before = path.read_bytes()
    memory = filled(path)
    assert NOT_OURS in memory.troubles[0]
    assert is_whole(memory)
    memory.close()
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", ["# Precious words\n", "{}", "x" * 5000])
def test_a_file_that_is_no_memory_at_all_is_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "README.md"
    path.write_text(content)
    path.chmod(0o644)
    memory = filled(path)
    assert NOT_OURS in memory.troubles[0]
    assert is_whole(memory)
    memory.close()
    assert path.read_text() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_folder_in_its_place_is_left_alone(tmp_path: Path) -> None:
    memory = filled(tmp_path)
    assert is_whole(memory)
    assert len(memory.troubles) == 1
    assert "no file" in memory.troubles[0]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_text("precious")
    path = tmp_path / "memory.sqlite"
    path.symlink_to(target)
    filled(path).close()
    assert target.read_text() == "precious"
    assert not path.is_symlink()
    assert is_whole(Memory(path, "one"))


def test_a_folder_that_cannot_be_made_costs_a_full_reading(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memory = filled(tmp_path / "file" / "memory.sqlite")
    assert is_whole(memory)
    assert len(memory.troubles) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_costs_a_full_reading(path: Path) -> None:
    path.chmod(0)
    memory = Memory(path, "one")
    assert is_empty(memory)
    assert len(memory.troubles) == 1


def test_a_file_in_use_is_left_to_the_other_run(path: Path) -> None:
    first = Memory(path, "one")
    second = Memory(path, "one")
    assert is_empty(second)
    assert "another run" in second.troubles[0]
    second.shelf("GitHub").put("issue", "I_1", {})
    second.keep()
    second.close()
    assert is_whole(first)


def test_a_memory_that_cannot_be_kept_is_told_and_used_on(path: Path) -> None:
    memory = Memory(path, "one")
    memory._connection.execute("PRAGMA query_only = 1")
    with pytest.raises(MemoryLost):
        memory.shelf("GitHub").put("issue", "I_1", {})
    memory.start_over("the disk is full")
    assert is_empty(memory)
    assert any("the disk is full" in trouble for trouble in memory.troubles)


def test_the_file_is_readable_by_its_owner_only(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    Memory(path, "one").close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_marks_go_by_service(path: Path) -> None:
    memory = Memory(path, "one")
    memory.shelf("Asana").set_mark("since", "x")
    memory.shelf("Asana").set_mark("since", "")
    assert memory.shelf("Asana").mark("since") == ""
    assert is_whole(memory)
