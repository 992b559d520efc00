"""Random edits, faults, kills and overlapping runs: no promise is broken, and two clean runs always suffice.

Three hundred schedules, the same ones in every run; `make soak N=10000` tells as many others, from a fresh seed.
"""

import logging

import pytest

from tests.faults.stories import Broken, tell

BLOCKS, WORLDS, CHAPTERS = 15, 4, 5


def test_there_are_three_hundred_schedules() -> None:
    assert BLOCKS * WORLDS * CHAPTERS == 300


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_schedule_of_faults_breaks_a_promise(block: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    for seed in range(block * WORLDS, (block + 1) * WORLDS):
        assert tell(seed, CHAPTERS) == CHAPTERS


def test_a_client_that_repeats_unclear_creates_breaks_a_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold the stories themselves to account: with the most usual mistake they must not pass."""
    from connectors.retry import Gateway  # noqa: PLC0415

    monkeypatch.setattr(Gateway, "create", Gateway.write_again)
    with pytest.raises(Broken, match="twins for"):
        _tell_many(60)


def _tell_many(worlds: int) -> None:
    for seed in range(worlds):
        tell(seed, 3)
