"""The law of leases: whatever the order of their requests, no two runs hold one at the same time (decision D12).

Each run is a thread; a scheduler lets one request happen at a time, in an order that Hypothesis draws. The clock is the
scheduler's, rows are dated coarsely, with ids that tell nothing about their order, and what a run heard of the time
elsewhere may be wrong.
"""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.errors import GuardRefused, LeaseLost
from sync.leasing import Lease, LeaseHeld, LeaseRules, WritePermit, unexpired
from sync.model.runs import LeaseRow, RunResult

START = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)
WRONG_BY = (None, 0, 0, 4, -4, -125, -3600, 3600)
"""By so many seconds what a run heard of the time is wrong; None: it heard nothing."""


class World:
    """The rows of Runs, the time, and whose turn it is."""

    def __init__(self, runs: int, choices: random.Random) -> None:
        self.rows: dict[str, LeaseRow] = {}
        self.now = START
        self.holders: set[int] = set()
        self.clashes = 0
        self.held = 0
        self._choices = choices
        self._waiting: dict[int, datetime] = {}
        self._alive = set(range(runs))
        self._turn = threading.Condition()

    def step(self, run: int, ready_at: datetime | None = None) -> None:
        """Wait until the scheduler gives *run* a turn, not before *ready_at*."""
        with self._turn:
            self._waiting[run] = ready_at or self.now
            self._schedule()
            while run in self._waiting:
                self._turn.wait()

    def leave(self, run: int) -> None:
        """Take no more turns."""
        with self._turn:
            self._alive.discard(run)
            self._schedule()

    def _schedule(self) -> None:
        """Let time go by and choose the next one, once all are waiting."""
        if self._waiting.keys() < self._alive or not self._waiting:
            return
        self.now += timedelta(milliseconds=self._choices.choice((0, 1, 40, 400)))
        ready = sorted(run for run, at in self._waiting.items() if at <= self.now)
        if not ready:
            run, self.now = min(self._waiting.items(), key=lambda one: (one[1], one[0]))
            ready = [run]
        del self._waiting[self._choices.choice(ready)]
        self._turn.notify_all()


class Book:
    """One run's way to the rows."""

    def __init__(self, world: World, run: int, choices: random.Random) -> None:
        self._world, self._run, self._choices = world, run, choices

    def exists(self) -> bool:
        return True

    def server_now(self) -> datetime:
        return self._world.now

    def about_now(self) -> datetime | None:
        wrong_by = self._choices.choice(WRONG_BY)
        return None if wrong_by is None else self._world.now + timedelta(seconds=wrong_by)

    def leases(self) -> Sequence[LeaseRow]:
        self._world.step(self._run)
        return list(self._world.rows.values())

    def open(self, run: str, _started: datetime, until: datetime | None) -> str:
        self._world.step(self._run)
        record_id = f"rec{self._choices.randrange(10**9)}"
        assert until
        created = self._world.now.replace(microsecond=0)
        self._world.rows[record_id] = LeaseRow(record_id, run, created, until)
        return record_id

    def renew(self, record_id: str, until: datetime, still: Callable[[], None]) -> None:
        still()
        self._world.rows[record_id] = replace(self._world.rows[record_id], until=until)

    def end(self, _run: str, record_id: str, _ended: datetime, _result: RunResult) -> None:
        self._world.step(self._run)
        self._world.rows.pop(record_id, None)

    def give_up(self, record_ids: Sequence[str], _result: str) -> None:
        for one in record_ids:
            self._world.rows.pop(one, None)

    def beat(self, _ended: datetime) -> None: ...

    def last_success(self) -> datetime | None: ...

    def forget(self, _days: int, _is_ours: Callable[[str], bool]) -> int:
        return 0


def play(seed: int, runs: int, rules: LeaseRules) -> World:
    """Let so many runs ask for a lease at once, each twice; return what came of it."""
    choices = random.Random(seed)
    world = World(runs, choices)

    def one_run(number: int) -> None:
        book = Book(world, number, choices)
        try:
            for _ in range(2):
                lease = Lease(
                    book,
                    rules,
                    START,
                    sleep=lambda seconds: world.step(number, world.now + timedelta(seconds=seconds)),
                )
                try:
                    lease.take()
                    lease.confirm()
                    world.holders.add(number)
                    world.held += 1
                    for _ in range(8):  # so many writes
                        world.clashes += len(world.holders) > 1
                        world.step(number)
                    world.holders.discard(number)
                except (LeaseHeld, LeaseLost):
                    pass
                lease.give_back(START)
        finally:
            world.leave(number)

    threads = [threading.Thread(target=one_run, args=(number,)) for number in range(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads), "the schedule got stuck"
    return world


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(min_value=0), st.integers(min_value=2, max_value=3))
def test_no_two_runs_hold_the_lease_at_once(seed: int, runs: int) -> None:
    world = play(seed, runs, LeaseRules())
    assert world.clashes == 0


def test_the_law_would_notice_a_settle_time_below_the_stamps_granularity() -> None:
    worlds = [play(seed, 3, LeaseRules(settle_seconds=0)) for seed in range(120)]
    assert any(world.clashes for world in worlds)
    assert any(world.held for world in worlds)


def test_somebody_gets_the_lease_in_most_orders() -> None:
    assert sum(play(seed, 2, LeaseRules()).held > 0 for seed in range(20)) >= 15


def test_leases_stand_until_their_moment_and_in_the_order_of_their_making() -> None:
    old = LeaseRow("recZ", "old", START, START + timedelta(seconds=60))
    young = LeaseRow("recA", "young", START + timedelta(seconds=1), START + timedelta(seconds=90))
    twin = LeaseRow("recB", "twin", START + timedelta(seconds=1), START + timedelta(seconds=90))
    assert unexpired([twin, young, old], START) == [old, young, twin]
    assert unexpired([twin, young, old], START + timedelta(seconds=60)) == [young, twin]


def test_a_permit_lets_pass_without_a_lease_and_asks_it_under_one() -> None:
    permit = WritePermit()
    permit()
    lease = Lease(Book(World(1, random.Random(0)), 0, random.Random(0)), LeaseRules(), START)
    with permit.under(lease), pytest.raises(LeaseLost):
        permit()
    permit()


def test_a_book_that_does_not_know_the_time_is_no_book_for_leases() -> None:
    class Timeless(Book):
        def server_now(self) -> datetime:
            return None  # type: ignore[return-value]

        def about_now(self) -> datetime | None:
            return None

    lease = Lease(Timeless(World(1, random.Random(0)), 0, random.Random(0)), LeaseRules(), START)
    with pytest.raises(GuardRefused, match="what time it is"):
        lease.take()


class Alone(Book):
    """The book of a run that is alone, which heard elsewhere that it is so many seconds later than it is."""

    def __init__(self, wrong_by: float | None = 0) -> None:
        super().__init__(World(1, random.Random(0)), 0, random.Random(0))
        self.asked: list[str] = []
        self.wrong_by = wrong_by

    def about_now(self) -> datetime | None:
        return None if self.wrong_by is None else self._world.now + timedelta(seconds=self.wrong_by)

    def leases(self) -> Sequence[LeaseRow]:
        self.asked.append("leases")
        return super().leases()

    def open(self, run: str, started: datetime, until: datetime | None) -> str:
        self.asked.append("open")
        return super().open(run, started, until)

    def end(self, run: str, record_id: str, ended: datetime, result: RunResult) -> None:
        self.asked.append("end")
        super().end(run, record_id, ended, result)

    def clear(self) -> None:
        """Delete all rows, as a person may."""
        self._world.rows.clear()


def taken(book: Alone, rules: LeaseRules | None = None) -> Lease:
    lease = Lease(book, rules or LeaseRules(), START, sleep=lambda _seconds: None)
    lease.take()
    return lease


def test_a_lease_takes_three_requests_and_its_second_look_none_where_the_first_was_just_made() -> None:
    book = Alone()
    lease = taken(book)
    lease.confirm()
    lease.give_back(START)
    assert book.asked == ["open", "leases", "end"]


def test_a_look_that_is_not_fresh_is_made_once_more() -> None:
    class Slow(LeaseRules):
        fresh = property(lambda _self: 0.0)  # type: ignore[assignment]

    book = Alone()
    lease = taken(book, Slow())
    book.clear()
    with pytest.raises(LeaseLost, match="gone"):
        lease.confirm()


@pytest.mark.parametrize("wrong_by", [-125, -6, 6, 3600])
def test_a_row_that_was_opened_by_a_wrong_clock_is_ended_and_never_used_again(wrong_by: float) -> None:
    book = Alone(wrong_by)
    lease = Lease(book, LeaseRules(), START, sleep=lambda _seconds: None)
    name = lease.run
    lease.take()
    assert book.asked == ["open", "end", "open", "leases"]
    [row] = book.leases()
    assert row.run == lease.run != name
    assert abs((row.until - row.created_at).total_seconds() - 120) < 2


def test_where_no_clock_was_heard_airtable_is_asked_first() -> None:
    book = Alone(None)
    taken(book)
    assert book.asked == ["leases", "open", "leases"]


def test_what_is_left_of_a_lease_is_reckoned_by_the_clock_of_airtable_alone() -> None:
    rules = LeaseRules(5)
    taken(Alone(0), rules).ensure()
    with pytest.raises(LeaseLost):
        taken(Alone(-4), rules).ensure()


@pytest.mark.parametrize(("seconds", "left", "every"), [(120, 30, 30), (600, 30, 30), (8, 2, 2)])
def test_short_leases_keep_a_quarter_in_hand(seconds: float, left: float, every: float) -> None:
    rules = LeaseRules(seconds)
    assert (rules.left_at_least, rules.renewed_every) == (left, every)
