"""The laws of decision D8, over random histories: what holds after every run, whatever happened before it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sync.hours.dates import work_date
from sync.hours.ledger import settle
from sync.hours.sealing import Seal, is_sealed, may_have_been_sealed, sealing_of, seals
from sync.hours.values import Posting, Whereabouts, WorkItem
from sync.model.contract import Allocation, Contracts
from sync.model.issue import Closing, EmptyHours, Issue, LoggedHours, UnknownHours
from sync.model.work import UNPLACED, Row
from tests.hours.building import QUARTERS, issue

GRACE = 14
OWNERS = ("I_1", "I_2")
PROJECTS = {"a": "reef", "b": "reef", "c": "lagoon"}
"""Three lines of four allocations: ``a1`` to ``a4`` and ``b1`` … of one community, ``c1`` … of another."""


@dataclass(frozen=True)
class World:
    """Everything the ledger looks at: what people say in *issues* and *wheres*, and what runs wrote in *rows*."""

    today: date
    allocations: Mapping[str, Allocation]
    issues: Mapping[str, Issue]
    wheres: Mapping[str, Whereabouts]
    rows: Mapping[str, tuple[Posting, ...]]

    def contracts(self, complete: bool = True) -> Contracts:
        return Contracts(allocations=self.allocations, complete=complete)

    def item(self, owner: str) -> WorkItem:
        about = self.issues[owner]
        return WorkItem(
            owner=owner,
            hours=about.hours,
            work_date=work_date(about, self.today, UTC),
            where=self.wheres[owner],
            postings=self.rows[owner],
            delivered=not about.closing.undelivered,
        )

    def settled(self, owner: str) -> tuple[Posting, ...]:
        return settle(self.item(owner), self.contracts(), self.today).postings

    def sealed(self, owner: str) -> dict[str, int]:
        """Return the item's sealed minutes by allocation."""
        keys = {f"{owner}@{one.id}": one for one in self.allocations.values() if is_sealed(one)}
        return {one.id: one.sealing.rows[key] for key, one in keys.items() if one.sealing and key in one.sealing.rows}

    def sealed_minutes(self, owner: str) -> int:
        return sum(self.sealed(owner).values())


def first_world() -> World:
    allocations = {
        f"{line}{number}": Allocation(f"{line}{number}", f"{line}{number}", project + line, start, end)
        for line, project in PROJECTS.items()
        for number, (start, end) in enumerate(QUARTERS.values(), 1)
    }
    return World(
        today=date(2025, 1, 10),
        allocations=allocations,
        issues={owner: issue(EmptyHours(), id=owner) for owner in OWNERS},
        wheres=dict.fromkeys(OWNERS, Whereabouts(frozenset({"reefa"}))),
        rows=dict.fromkeys(OWNERS, ()),
    )


def written(world: World, rows: Mapping[str, tuple[Posting, ...]]) -> World:
    return replace(world, rows={**world.rows, **rows})


def complete_run(world: World) -> World:
    """Write all rows, then the seals; allocations with rows of unknown hours count as not read."""
    world = written(world, {owner: world.settled(owner) for owner in OWNERS})
    ledger = [Row(f"{owner}@{one.allocation_id}", minutes=one.minutes) for owner in OWNERS for one in world.rows[owner]]
    unread = {row.allocation_id for row in ledger if isinstance(world.issues[row.owner].hours, UnknownHours)}
    allocations = dict(world.allocations)
    for decided in seals(world.contracts(), allocations.keys() - unread, world.today, GRACE):
        name = decided.allocation_id
        sealing = sealing_of(name, ledger, world.today) if isinstance(decided, Seal) else None
        allocations[name] = replace(allocations[name], sealing=sealing)
    return replace(world, allocations=allocations)


def total(rows: tuple[Posting, ...]) -> int:
    return sum(row.counted for row in rows)


def by_allocation(rows: tuple[Posting, ...]) -> dict[str, int]:
    return {row.allocation_id: row.counted for row in rows}


# ---- the laws ----------------------------------------------------------------------------------------------------


def rows_add_up(world: World, owner: str) -> None:
    about, sealed = world.issues[owner], world.sealed_minutes(owner)
    logged = about.hours.minutes if isinstance(about.hours, LoggedHours) else 0
    if about.closing.undelivered:
        assert total(world.settled(owner)) == sealed
    elif not isinstance(about.hours, UnknownHours):
        assert total(world.settled(owner)) == max(logged, sealed)


def sealed_rows_say_their_seal(world: World, owner: str) -> None:
    found = by_allocation(world.settled(owner))
    assert world.sealed(owner).items() <= found.items()


def a_sealed_period_counts_nothing_else(world: World, owner: str) -> None:
    if not isinstance(world.issues[owner].hours, UnknownHours):
        sealed = {one.id for one in world.allocations.values() if is_sealed(one)}
        counted = sum(row.counted for row in world.settled(owner) if row.allocation_id in sealed)
        assert counted == world.sealed_minutes(owner)


def minutes_lie_where_the_evidence_says(world: World, owner: str) -> None:
    """Judge unsealed minutes of work whose hours and place are known, except where the allocation is gone."""
    about, where = world.item(owner), world.wheres[owner]
    if isinstance(about.hours, UnknownHours) or not about.delivered or not where.decided:
        return
    known = world.allocations
    rows = [
        (row, known.get(row.allocation_id))
        for row in world.settled(owner)
        if row.counted and (not row.placed or row.allocation_id in known)
    ]
    for row, one in rows:
        if one is None or not is_sealed(one):
            assert one is None or one.project_id in where.project_ids
            assert not row.by_person or where.by_person
            reopened = one is not None and may_have_been_sealed(one, world.today, GRACE)
            assert not about.work_date.explicit or row.dated_by == about.work_date.evidence or reopened
            if len(where.named & known.keys()) == 1:
                named = known[min(where.named & known.keys())]
                over = named.end is not None and named.end < world.today
                in_time = row.by_person and one is not None and row.end is not None and one.holds(row.end)
                assert one is named or is_sealed(named) or (over and (row.late or in_time))


def without_evidence_nothing_moves(world: World, owner: str) -> None:
    unsure = replace(world.item(owner), where=Whereabouts(decided=False))
    before, after = (
        by_allocation(unsure.postings),
        by_allocation(settle(unsure, world.contracts(), world.today).postings),
    )
    open_ones = [name for name in after if name not in world.allocations or not is_sealed(world.allocations[name])]
    gained = [after[name] - max(before.get(name, 0), 0) for name in open_ones]
    assert not (any(gain > 0 for gain in gained) and any(gain < 0 for gain in gained))


def every_item_has_a_row(world: World, owner: str) -> None:
    assert world.settled(owner)


def settling_again_changes_nothing(world: World, owner: str) -> None:
    once = world.settled(owner)
    assert written(world, {owner: once}).settled(owner) == once


def the_order_of_reading_is_irrelevant(world: World, owner: str, chance: Random) -> None:
    rows, allocations = list(world.rows[owner]), list(world.allocations.items())
    chance.shuffle(rows)
    chance.shuffle(allocations)
    shuffled = replace(world, allocations=dict(allocations), rows={**world.rows, owner: tuple(rows)})
    assert settle(shuffled.item(owner), shuffled.contracts(), world.today) == settle(
        world.item(owner), world.contracts(), world.today
    )


def what_could_not_be_read_changes_nothing(world: World, owner: str) -> None:
    """Only sealed rows are restored."""
    stored, sealed = world.rows[owner], world.sealed(owner)
    unread = replace(world.item(owner), hours=UnknownHours("no answer"), delivered=True)
    for found in (
        settle(unread, world.contracts(), world.today).postings,
        settle(world.item(owner), world.contracts(complete=False), world.today).postings,
    ):
        if stored or sealed:
            expected = {row.allocation_id: row.minutes for row in stored} | sealed
            assert {row.allocation_id: row.minutes for row in found} == expected
            assert {row for row in stored if row.allocation_id not in sealed} <= set(found)


def a_crash_is_made_good(world: World, owner: str, chance: Random) -> None:
    before = {row.allocation_id: row for row in world.rows[owner]}
    after = {row.allocation_id: row for row in world.settled(owner)}
    changed = [name for name, row in after.items() if before.get(name) != row]
    some = {name: after[name] for name in changed if chance.random() < 0.5}
    cut = written(world, {owner: tuple((before | some).values())})
    if not isinstance(world.issues[owner].hours, UnknownHours):
        assert total(cut.settled(owner)) == total(world.settled(owner))


def only_time_places_what_waits(world: World, days: int) -> None:
    """Run now, let time pass, and run again: no placed row loses minutes, sealing included."""
    now = complete_run(world)
    later = complete_run(replace(now, today=now.today + timedelta(days=days)))
    for owner in OWNERS:
        if any(row.counted < 0 for row in now.rows[owner]):
            continue  # typed by hand beside unknown hours: it is put right when the hours are known
        before, after = by_allocation(now.rows[owner]), by_allocation(later.rows[owner])
        assert sum(before.values()) == sum(after.values())
        assert all(after[name] >= minutes for name, minutes in before.items() if name != UNPLACED)


def running_again_changes_nothing(world: World) -> None:
    once = complete_run(world)
    assert complete_run(once) == once


def only_reopen_changes_a_seal(world: World) -> None:
    after = complete_run(world)
    for name, one in world.allocations.items():
        if one.sealing is not None:
            assert after.allocations[name].sealing == (None if one.reopen else one.sealing)


def items_written_before_a_crash_end_in_the_same_rows(world: World) -> None:
    first = OWNERS[0]
    cut = written(world, {first: world.settled(first)})
    assert complete_run(cut) == complete_run(world)


# ---- the histories -----------------------------------------------------------------------------------------------

owners = st.sampled_from([*OWNERS, OWNERS[0]])
minutes = st.integers(0, 20).map(lambda quarters: quarters * 15)
names = st.sampled_from(["a1", "a2", "a3", "a4", "b1", "b2", "c1", "c2"])
gone_too = st.one_of(names, st.sampled_from([UNPLACED, "gone"]))
REEF_A = frozenset({"reefa"})
places = st.sampled_from(
    [
        Whereabouts(REEF_A),
        Whereabouts(REEF_A),
        Whereabouts(frozenset({"reefa", "reefb"})),
        Whereabouts(frozenset({"lagoonc"})),
        Whereabouts(REEF_A, frozenset({"a1"})),
        Whereabouts(REEF_A, frozenset({"a2"})),
        Whereabouts(REEF_A, frozenset({"a1"}), by_person=True),
        Whereabouts(REEF_A, frozenset({"a2"}), by_person=True),
        Whereabouts(REEF_A, frozenset({"a1", "a2", "a3", "a4"}), by_person=True),
        Whereabouts(frozenset({"lagoonc"}), frozenset({"c2"}), by_person=True),
        Whereabouts(),
        Whereabouts(decided=False),
    ]
)


class Histories(RuleBasedStateMachine):
    """Two issues and three lines of allocations, changed by people and by runs that may be cut off."""

    def __init__(self) -> None:
        super().__init__()
        self.world = first_world()
        self.chance = Random(0)

    @initialize(turns=st.lists(st.tuples(owners, minutes, st.integers(10, 90)), max_size=4))
    def begin(self, turns):
        """Start somewhere in the year, with some hours logged and some periods sealed."""
        for turn in turns:
            self.run_later(*turn)

    def change(self, owner, **facts):
        self.world = replace(
            self.world, issues={**self.world.issues, owner: replace(self.world.issues[owner], **facts)}
        )

    def change_board(self, owner, **fields):
        board = self.world.issues[owner].board_fields
        self.change(owner, board=replace(board, **fields))

    def change_allocation(self, name, **facts):
        if name in self.world.allocations:
            changed = replace(self.world.allocations[name], **facts)
            self.world = replace(self.world, allocations={**self.world.allocations, name: changed})

    # What happens on GitHub.

    @rule(owner=owners, logged=minutes)
    def log(self, owner, logged):
        self.change(owner, hours=LoggedHours(logged, self.world.today))

    @rule(owner=owners, more=minutes)
    def log_more(self, owner, more):
        hours = self.world.issues[owner].hours
        self.log(owner, more + (hours.minutes if isinstance(hours, LoggedHours) else 0))

    @rule(owner=owners, hours=st.sampled_from([EmptyHours(), UnknownHours("no answer"), UnknownHours("-3", True)]))
    def lose_hours(self, owner, hours):
        self.change(owner, hours=hours)

    @rule(owner=owners, closing=st.sampled_from(list(Closing)))
    def close(self, owner, closing):
        moment = None if closing is Closing.OPEN else datetime.combine(self.world.today, time(12), UTC)
        self.change(owner, closing=closing, closed_at=moment)

    @rule(owner=owners, days=st.none() | st.integers(-120, 120))
    def date_on_the_board(self, owner, days):
        self.change_board(owner, end=None if days is None else self.world.today + timedelta(days=days))

    @rule(owner=owners, days=st.none() | st.integers(-60, 60))
    def put_in_an_iteration(self, owner, days):
        self.change_board(owner, iteration_end=None if days is None else self.world.today + timedelta(days=days))

    @rule(owner=owners, where=places)
    def belong_elsewhere(self, owner, where):
        self.world = replace(self.world, wheres={**self.world.wheres, owner: where})

    # What people do in the base.

    @rule(name=names, first=st.sampled_from([-20, 0, 0, 20]), last=st.sampled_from([-20, 0, 20]))
    def move_dates(self, name, first, last):
        one = self.world.allocations.get(name)
        if one and one.start and one.end:
            self.change_allocation(name, start=one.start + timedelta(days=first), end=one.end + timedelta(days=last))

    @rule(name=names, gone=st.booleans())
    def lose_an_end_or_a_record(self, name, gone):
        if gone:
            kept = {key: one for key, one in self.world.allocations.items() if key != name}
            self.world = replace(self.world, allocations=kept)
        else:
            self.change_allocation(name, end=None)

    @rule(ticked=st.booleans(), which=st.integers(0, 11))
    def tick_or_untick_reopen(self, ticked, which):
        wanted = [one.id for one in self.world.allocations.values() if (one.sealing if ticked else one.reopen)]
        if wanted:
            self.change_allocation(sorted(wanted)[which % len(wanted)], reopen=ticked)

    @rule(owner=owners, name=gone_too, typed=minutes)
    def type_a_row(self, owner, name, typed):
        rows = {row.allocation_id: row for row in self.world.rows[owner]}
        rows[name] = Posting(name, typed, self.world.today)
        self.world = written(self.world, {owner: tuple(rows.values())})

    @rule(owner=owners, which=st.integers(0, 5), typed=st.none() | minutes | st.just(-30))
    def edit_minutes(self, owner, which, typed):
        self.edit_row(owner, which, minutes=typed)

    @rule(owner=owners, which=st.integers(0, 5), days=st.none() | st.integers(-90, 30))
    def edit_end(self, owner, which, days):
        self.edit_row(owner, which, end=None if days is None else self.world.today + timedelta(days=days))

    def edit_row(self, owner, which, **cells):
        rows = list(self.world.rows[owner])
        if rows:
            rows[which % len(rows)] = replace(rows[which % len(rows)], **cells)
        self.world = written(self.world, {owner: tuple(rows)})

    @rule(owner=owners, which=st.integers(0, 5))
    def delete_a_row(self, owner, which):
        rows = self.world.rows[owner]
        kept = tuple(row for number, row in enumerate(rows) if number != which % len(rows))
        self.world = written(self.world, {owner: kept})

    # Time and runs.

    @rule(days=st.integers(1, 60))
    def let_time_pass(self, days):
        self.world = replace(self.world, today=self.world.today + timedelta(days=days))

    @rule()
    def run(self):
        self.world = complete_run(self.world)

    @rule(owner=owners, more=minutes, days=st.integers(1, 60))
    def run_later(self, owner, more, days):
        self.log_more(owner, more)
        self.let_time_pass(days)
        self.run()

    @rule(owner=owners, where=places, more=minutes)
    def place_and_run(self, owner, where, more):
        self.belong_elsewhere(owner, where)
        self.run_later(owner, more, 20)

    @rule(owner=owners, part=st.sampled_from([0.3, 0.7, 1]))
    def run_cut_off(self, owner, part):
        before = {row.allocation_id: row for row in self.world.rows[owner]}
        some = {row.allocation_id: row for row in self.world.settled(owner) if self.chance.random() < part}
        self.world = written(self.world, {owner: tuple((before | some).values())})

    @invariant()
    def the_laws_hold_for_each_item(self):
        for owner in OWNERS:
            rows_add_up(self.world, owner)
            sealed_rows_say_their_seal(self.world, owner)
            a_sealed_period_counts_nothing_else(self.world, owner)
            minutes_lie_where_the_evidence_says(self.world, owner)
            without_evidence_nothing_moves(self.world, owner)
            every_item_has_a_row(self.world, owner)
            settling_again_changes_nothing(self.world, owner)
            the_order_of_reading_is_irrelevant(self.world, owner, self.chance)
            what_could_not_be_read_changes_nothing(self.world, owner)
            a_crash_is_made_good(self.world, owner, self.chance)

    @invariant()
    def the_laws_hold_for_whole_runs(self):
        running_again_changes_nothing(self.world)
        only_reopen_changes_a_seal(self.world)
        items_written_before_a_crash_end_in_the_same_rows(self.world)
        only_time_places_what_waits(self.world, self.chance.choice([1, 20, 100, 400]))


Histories.TestCase.settings = settings(
    max_examples=150, stateful_step_count=30, deadline=None, derandomize=True, database=None
)
TestLaws = Histories.TestCase


# ---- Reopen ------------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(
    where=places.filter(lambda where: where.decided),
    end=st.none() | st.dates(date(2025, 1, 1), date(2025, 12, 31)),
    turns=st.lists(st.tuples(st.integers(5, 70), minutes), min_size=2, max_size=8),
    untick=st.booleans(),
)
def test_reopening_moves_no_minutes_by_itself(where, end, turns, untick):
    """Hours grow over the year, nothing else changes; then people reopen what is sealed, and perhaps seal it again."""
    world = replace(first_world(), wheres=dict.fromkeys(OWNERS, where))
    logged = 0
    for days, more in turns:
        logged += more
        found = issue(LoggedHours(logged, world.today), end=end)
        world = replace(world, today=world.today + timedelta(days=days), issues=dict.fromkeys(OWNERS, found))
        world = complete_run(world)
    before = {owner: by_allocation(world.rows[owner]) for owner in OWNERS}
    sealed = {name for name, one in world.allocations.items() if is_sealed(one)}
    for reopen in (True, False) if untick else (True,):
        allocations = {name: replace(one, reopen=reopen and name in sealed) for name, one in world.allocations.items()}
        world = complete_run(replace(world, allocations=allocations))
    for owner in OWNERS:
        after = by_allocation(world.rows[owner])
        assert all(after[name] >= held for name, held in before[owner].items() if name != UNPLACED)
