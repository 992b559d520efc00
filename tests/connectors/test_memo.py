"""What was worked out is a hint: it is believed where it was worked out from the same, by the same code."""

import sqlite3
from pathlib import Path

import pytest

from connectors.memo import KeptMemo, code
from connectors.memory import Memory


@pytest.fixture
def path(tmp_path: Path) -> Path:
    memory = Memory(tmp_path / "state.sqlite", "settings")
    memo = KeptMemo(memory)
    memo.note("match", "I_1", "from this", {"community": "Reef", "names": ["Ärger", "\ud800"]})
    memo.note("match", "I_2", "from that", None)
    memo.note("described", "I_1", "from both", True)
    memory.keep()
    memory.close()
    return tmp_path / "state.sqlite"


def test_a_result_is_known_for_what_it_was_worked_out_from_alone(path: Path) -> None:
    memo = KeptMemo(Memory(path, "settings"))
    assert memo.recall("match", "I_1", "from this") == {"community": "Reef", "names": ["Ärger", "\ud800"]}
    assert memo.recall("described", "I_1", "from both") is True
    assert memo.recall("match", "I_1", "from both") is None
    assert memo.recall("match", "I_2", "from this") is None
    assert memo.recall("match", "I_3", "from this") is None
    assert memo.recall("other", "I_1", "from this") is None


def test_the_last_result_of_a_place_is_the_one_that_is_known(path: Path) -> None:
    memo = KeptMemo(Memory(path, "settings"))
    memo.note("match", "I_1", "from that", "other")
    assert memo.recall("match", "I_1", "from this") is None
    assert memo.recall("match", "I_1", "from that") == "other"


def test_other_code_knows_nothing(path: Path) -> None:
    assert KeptMemo(Memory(path, "settings"), lambda: "other code").recall("match", "I_1", "from this") is None
    assert code() == code()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE memos SET found = replace(found, 'Reef', 'Rift')",
        "UPDATE memos SET found = 'null'",
        "UPDATE memos SET found = NULL",
        "UPDATE memos SET found = x'00ff'",
        "UPDATE memos SET given = 'from that'",
        "UPDATE memos SET sum = sum + 1",
        "UPDATE memos SET sum = 'many'",
        "UPDATE memos SET place = 'I_9' WHERE place = 'I_1' AND kind = 'match'",
        "DELETE FROM memos",
    ],
)
def test_a_row_that_is_damaged_by_hand_is_not_known(path: Path, damage: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(damage)
    connection.close()
    memory = Memory(path, "settings")
    memo = KeptMemo(memory)
    assert memo.recall("match", "I_1", "from this") is None
    assert memo.recall("match", "I_1", "from that") is None
    assert memo.recall("match", "I_9", "from this") is None
    assert memory.troubles == []


def test_without_its_table_everything_begins_anew(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE memos")
    connection.close()
    memory = Memory(path, "settings")
    memo = KeptMemo(memory)
    assert memo.recall("match", "I_1", "from this") is None
    assert ["no such table: memos" in one for one in memory.troubles] == [True]
    memo.note("match", "I_1", "from this", 1)
    memory.keep()
    memory.close()
    assert KeptMemo(Memory(path, "settings")).recall("match", "I_1", "from this") == 1


def test_a_reading_of_everything_keeps_results_and_other_settings_do_not(path: Path) -> None:
    memory = Memory(path, "settings")
    memory.forget()
    assert KeptMemo(memory).recall("described", "I_1", "from both") is True
    memory.close()
    assert KeptMemo(Memory(path, "others")).recall("described", "I_1", "from both") is None


def test_places_that_are_gone_are_forgotten(path: Path) -> None:
    memory = Memory(path, "settings")
    KeptMemo(memory).only({"I_2", "I_7"})
    memory.keep()
    memory.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT kind, place FROM memos").fetchall() == [("match", "I_2")]
    connection.close()
