"""Time logged in Asana, entry by entry: examples, the laws over random histories, and the second program."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from sync.hours.entries import home_of, settle_entries
from sync.hours.ledger import settle
from sync.hours.sealing import is_sealed
from sync.hours.values import Posting, Whereabouts, WorkDate, WorkItem
from sync.model.contract import Allocation, Contracts, Sealing
from sync.model.issue import LoggedHours, UnknownHours
from sync.model.work import UNPLACED, TimeEntry
from tests.hours.building import AUG, FEB, JAN, MAR, MAY, NOV, QUARTERS, contracts, minutes_of, quarter, row, row_of
from tests.hours.oracle.histories import allocation as plain_allocation
from tests.hours.oracle.sheets import TASK, sheet_after

OWNER = "asana:1"
BY_PLACE = Whereabouts(frozenset({"reef"}), frozenset({"q2"}), by_person=True)
JUNE = date(2025, 6, 15)
YEAR = contracts(*QUARTERS)


def entry(gid, minutes, day, person="Ana"):
    return TimeEntry(str(gid), minutes, day, person, person)


def task(*rows, where=BY_PLACE):
    return WorkItem(OWNER, UnknownHours("not looked at"), WorkDate(JUNE, "today"), where, tuple(rows))


def sealed_with(name, minutes):
    return replace(quarter(name), sealing=Sealing(date(2025, 7, 20), {f"{OWNER}@{name}": minutes}))


def settled(entries, *rows, terms=YEAR, today=JUNE, where=BY_PLACE):
    return settle_entries(task(*rows, where=where), entries, terms, today)


# ---- examples ----------------------------------------------------------------------------------------------------


def test_each_entry_counts_for_the_period_of_its_own_day_wherever_the_task_hangs():
    found = settled([entry(1, 30, FEB), entry(2, 45, MAY, "Ben"), entry(3, 15, JUNE)])
    assert minutes_of(found.settled) == {"q1": 30, "q2": 60}
    assert row_of(found.settled, "q2") == Posting("q2", 60, JUNE, "entries", by_person=True)
    assert [one.person for one in found.entries["q2"]] == ["Ben", "Ana"]


def test_an_entry_that_no_period_holds_counts_for_the_csh_task_the_task_hangs_under():
    found = settled([entry(1, 30, date(2024, 12, 1)), entry(2, 45, FEB)])
    assert minutes_of(found.settled) == {"q1": 45, "q2": 30}


def test_an_entry_of_two_overlapping_periods_counts_for_the_one_it_hangs_under_else_it_waits():
    double = contracts("q1", "q2", quarter("q2", id="again"))
    assert minutes_of(settled([entry(1, 30, MAY)], terms=double).settled) == {"q2": 30}
    anywhere = Whereabouts(frozenset({"reef"}), frozenset(), by_person=True)
    assert home_of(MAY, anywhere, double) == UNPLACED
    assert home_of(FEB, anywhere, double) == "q1"


def test_an_entry_of_another_day_takes_its_minutes_along_as_long_as_nothing_is_sealed():
    found = settled([entry(1, 30, MAY)], row("q1", 30, FEB, "entries", by_person=True))
    assert minutes_of(found.settled) == {"q1": 0, "q2": 30}


def test_more_time_of_a_sealed_period_is_late_in_the_one_that_holds_today_and_stays_there():
    terms = contracts(sealed_with("q1", 60), "q2", "q3", "q4")
    entries = [entry(1, 60, FEB), entry(2, 20, MAR, "Ben")]
    found = settled(entries, row("q1", 60, FEB), terms=terms).settled
    assert minutes_of(found) == {"q1": 60, "q2": 20}
    assert row_of(found, "q2").late
    assert row_of(found, "q2").end == MAR
    later = settled(entries, *found.postings, terms=terms, today=AUG).settled
    assert later.postings == found.postings
    more = settled([*entries, entry(3, 5, JAN)], *found.postings, terms=terms, today=AUG).settled
    assert minutes_of(more) == {"q1": 60, "q2": 20, "q3": 5}


def test_an_entry_moved_out_of_a_sealed_period_is_not_counted_twice():
    terms = contracts(sealed_with("q1", 60), "q2", "q3", "q4")
    found = settled([entry(1, 60, MAY), entry(2, 15, JUNE)], row("q1", 60, FEB), terms=terms).settled
    assert minutes_of(found) == {"q1": 60, "q2": 15}


def test_less_time_than_is_sealed_is_said_and_changes_no_seal():
    terms = contracts(sealed_with("q1", 60), "q2")
    found = settled([entry(1, 20, FEB)], row("q1", 60, FEB), row("q2", 10, MAY), terms=terms).settled
    assert minutes_of(found) == {"q1": 60, "q2": 0}
    assert [remark.kind for remark in found.remarks] == ["lowered_after_sealing"]


def test_reopening_leaves_late_time_late_and_new_time_goes_to_its_own_day():
    sealed = sealed_with("q1", 60)
    terms = contracts(replace(sealed, reopen=True), "q2", "q3", "q4")
    entries = [entry(1, 60, FEB), entry(2, 20, MAR)]
    rows = (row("q1", 60, FEB), row("q2", 20, MAR, "entries", late=True, by_person=True))
    assert minutes_of(settled(entries, *rows, terms=terms).settled) == {"q1": 60, "q2": 20}
    more = settled([*entries, entry(3, 5, JAN)], *rows, terms=terms).settled
    assert minutes_of(more) == {"q1": 65, "q2": 20}


def test_without_a_place_only_growth_is_written_and_nothing_moves():
    nowhere = Whereabouts(decided=False)
    found = settled([entry(1, 60, FEB), entry(2, 20, MAY)], row("q1", 60, FEB), where=nowhere).settled
    assert minutes_of(found) == {"q1": 60, "q2": 20}
    moved = settled([entry(1, 60, MAY)], row("q1", 60, FEB), where=nowhere).settled
    assert minutes_of(moved) == {"q1": 60}
    unread = settled([entry(1, 90, MAY)], row("q1", 60, FEB), terms=replace(YEAR, complete=False)).settled
    assert minutes_of(unread) == {"q1": 60}


def test_a_day_ahead_counts_for_its_own_period_so_that_time_passing_moves_nothing():
    entries = [entry(1, 60, NOV)]
    found = settled(entries).settled
    assert minutes_of(found) == {"q4": 60}
    assert settled(entries, *found.postings, today=NOV).settled.postings == found.postings


def test_minutes_of_a_period_that_is_gone_stay_and_are_not_counted_twice():
    found = settled([entry(1, 60, FEB), entry(2, 20, MAY)], row("gone", 60, FEB)).settled
    assert minutes_of(found) == {"gone": 60, "q1": 20}
    less = settled([entry(1, 40, FEB)], row("gone", 60, FEB)).settled
    assert sum(one.counted for one in less.postings) == 40


def late(name, minutes):
    return row(name, minutes, MAR, "entries", late=True, by_person=True)


def test_a_single_late_minute_is_not_lost_and_stays_where_it_is():
    terms = contracts(sealed_with("q1", 60), "q2", "q3", "q4")
    entries = [entry(1, 60, FEB), entry(2, 1, MAR)]
    found = settled(entries, row("q1", 60, FEB), terms=terms).settled
    assert minutes_of(found) == {"q1": 60, "q2": 1}
    assert settled(entries, *found.postings, terms=terms, today=AUG).settled.postings == found.postings


def test_behind_late_time_are_the_newest_entries_that_hold_it():
    entries = [entry(1, 60, JAN), entry(2, 20, FEB, "Ben"), entry(3, 20, MAR, "Cy")]
    for minutes, people in ((60, ["Cy", "Ben"]), (70, ["Cy", "Ben"]), (80, ["Cy"])):
        terms = contracts(sealed_with("q1", minutes), "q2")
        found = settled(entries, row("q1", minutes, FEB), terms=terms)
        assert [one.person for one in found.entries["q2"]] == people


def test_late_time_of_two_sealed_periods_is_not_held_against_the_same_late_row_twice():
    terms = contracts(sealed_with("q1", 60), sealed_with("q2", 30), "q3", "q4")
    entries = [entry(1, 60, FEB), entry(2, 20, MAR), entry(3, 30, MAY), entry(4, 15, JUNE)]
    rows = (row("q1", 60, FEB), row("q2", 30, MAY), late("q3", 20))
    found = settled(entries, *rows, terms=terms, today=NOV).settled
    assert minutes_of(found) == {"q1": 60, "q2": 30, "q3": 20, "q4": 15}


def test_late_rows_hold_no_more_than_is_late():
    terms = contracts(sealed_with("q1", 60), "q2", "q3", "q4")
    rows = (row("q1", 60, FEB), late("q2", 10), late("q3", 10))
    found = settled([entry(1, 60, FEB), entry(2, 15, MAR)], *rows, terms=terms, today=NOV).settled
    assert minutes_of(found) == {"q1": 60, "q2": 10, "q3": 5}


def test_late_time_goes_along_when_the_task_goes_over_to_another_project():
    lagoon = [replace(quarter(name, "lagoon"), id=f"l{name}") for name in ("q1", "q2")]
    terms = contracts(
        sealed_with("q1", 60), "q2", replace(lagoon[0], sealing=Sealing(date(2025, 4, 20), {})), lagoon[1]
    )
    there = Whereabouts(frozenset({"lagoon"}), frozenset({"lq2"}), by_person=True)
    rows = (row("q1", 60, FEB), late("q2", 20))
    found = settled([entry(1, 60, FEB), entry(2, 20, MAR)], *rows, terms=terms, where=there).settled
    assert minutes_of(found) == {"q1": 60, "q2": 0, "lq2": 20}


def test_late_minutes_of_a_period_that_is_gone_stay_and_more_goes_to_the_one_that_holds_today():
    terms = contracts(sealed_with("q1", 60), "q2")
    entries = [entry(1, 60, FEB), entry(2, 20, MAR), entry(3, 10, MAR)]
    found = settled(entries, row("q1", 60, FEB), late("gone", 20), terms=terms).settled
    assert minutes_of(found) == {"gone": 20, "q1": 60, "q2": 10}


def test_less_late_time_after_reopening_leaves_what_had_been_sealed():
    terms = contracts(replace(sealed_with("q1", 60), reopen=True), "q2", "q3", "q4")
    rows = (row("q1", 60, FEB), late("q2", 20))
    found = settled([entry(1, 60, FEB), entry(2, 10, MAR)], *rows, terms=terms).settled
    assert minutes_of(found) == {"q1": 60, "q2": 10}


def test_time_of_a_period_that_was_never_sealed_takes_no_late_row_up():
    terms = contracts(sealed_with("q1", 60), "q2", "q3", "q4")
    entries = [entry(1, 60, FEB), entry(2, 15, MAR), entry(3, 5, AUG)]
    found = settled(entries, row("q1", 60, FEB), late("q2", 20), terms=terms, today=AUG).settled
    assert minutes_of(found) == {"q1": 60, "q2": 15, "q3": 5}


def test_the_task_as_a_whole_is_where_its_newest_entry_counts():
    terms = contracts(sealed_with("q1", 60), "q2", "q3")
    for entries, where, is_late in (
        ([entry(1, 60, FEB), entry(2, 5, MAY)], "q2", False),
        ([entry(1, 60, FEB), entry(2, 5, MAR)], "q2", True),
        ([entry(1, 60, FEB), entry(2, 5, MAR), entry(3, 5, MAY)], "q2", True),
        ([entry(1, 60, FEB), entry(2, 5, MAR), entry(3, 5, AUG)], "q3", False),
    ):
        target = settled(entries, row("q1", 60, FEB), terms=terms).settled.target
        assert (target.allocation_id, target.late) == (where, is_late)
    waiting = settled([entry(1, 5, date(2024, 12, 1))], where=Whereabouts(frozenset({"reef"}))).settled.target
    assert (waiting.allocation_id, waiting.reason) == (UNPLACED, "no period holds it")


# ---- histories ---------------------------------------------------------------------------------------------------

PROJECTS = {"a": ("reef", timedelta(0)), "b": ("reef", timedelta(46)), "c": ("lagoon", timedelta(0))}
"""Three lines of quarters; those of ``b`` begin 46 days late."""
places = st.sampled_from(
    [
        Whereabouts(frozenset({"reefa"}), frozenset({"a1"}), by_person=True),
        Whereabouts(frozenset({"reefa"}), frozenset({"a2"}), by_person=True),
        Whereabouts(frozenset({"reefa"}), frozenset({"a1", "a2", "a3", "a4"}), by_person=True),
        Whereabouts(frozenset({"reefa"}), frozenset({"a3"})),
        Whereabouts(frozenset({"reefa", "reefb"}), frozenset({"b1", "b2", "b3"}), by_person=True),
        Whereabouts(frozenset({"lagoonc"}), frozenset({"c2"}), by_person=True),
        Whereabouts(frozenset({"lagoonc"}), by_person=True),
        Whereabouts(),
    ]
)
names = st.sampled_from(["a1", "a2", "a3", "a4", "b1", "c1", "c2"])


def plain_world(machine):
    """Return the machine's world as the second program knows it."""
    found = {}
    for name, one in machine.allocations.items():
        found[name] = plain_allocation(one.project_id, one.start, one.end) | {"reopen": one.reopen}
        if one.sealing:
            found[name]["sealed"] = {"on": one.sealing.on, "rows": dict(one.sealing.rows)}
    return {
        "today": machine.today,
        "grace": 14,
        "allocations": found,
        "hidden": None,
        "task": {
            "projects": set(machine.where.project_ids),
            "named": set(machine.where.named),
            "by person": machine.where.by_person,
            "entries": {gid: (one.day, one.minutes) for gid, one in machine.entries.items()},
        },
        "rows": {
            TASK: {
                one.allocation_id: {
                    "minutes": one.minutes,
                    "end": one.end,
                    "dated by": one.dated_by,
                    "late": one.late,
                    "by person": one.by_person,
                }
                for one in machine.rows
            }
        },
    }


class Histories(RuleBasedStateMachine):
    """One task and three lines of quarters, changed by people and by runs."""

    def __init__(self):
        super().__init__()
        self.today = date(2025, 1, 10)
        self.allocations = {
            f"{line}{number}": Allocation(f"{line}{number}", f"{line}{number}", project + line, start + skip, end)
            for line, (project, skip) in PROJECTS.items()
            for number, (start, end) in enumerate(QUARTERS.values(), 1)
        }
        self.where = Whereabouts(frozenset({"reefa"}), frozenset({"a1"}), by_person=True)
        self.entries = {}
        self.rows = ()
        self.next = 0
        self.chance = Random(0)

    @property
    def contracts(self):
        return Contracts(allocations=self.allocations)

    @property
    def item(self):
        return WorkItem(TASK, UnknownHours(""), WorkDate(self.today, "today"), self.where, self.rows)

    def settle(self, item=None, entries=None, terms=None, today=None):
        return settle_entries(
            item or self.item,
            list(self.entries.values()) if entries is None else entries,
            terms or self.contracts,
            today or self.today,
        ).settled

    @property
    def sealed_minutes(self):
        key = {name: f"{TASK}@{name}" for name in self.allocations}
        return {
            name: one.sealing.rows[key[name]]
            for name, one in self.allocations.items()
            if is_sealed(one) and one.sealing and key[name] in one.sealing.rows
        }

    # What happens.

    @rule(days=st.integers(-150, 30), minutes=st.integers(1, 6).map(lambda n: n * 5))
    def log(self, days, minutes):
        self.next += 1
        gid = f"{self.next:03}"
        self.entries[gid] = entry(gid, minutes, self.today + timedelta(days=days))

    @rule(which=st.integers(0, 9), days=st.integers(-100, 20), minutes=st.integers(-20, 20))
    def edit(self, which, days, minutes):
        for gid in sorted(self.entries)[which : which + 1]:
            one = self.entries.pop(gid)
            if one.minutes + minutes > 0:
                self.entries[gid] = replace(one, day=one.day + timedelta(days=days), minutes=one.minutes + minutes)

    @rule(which=st.integers(0, 9))
    def delete(self, which):
        for gid in sorted(self.entries)[which : which + 1]:
            del self.entries[gid]

    @rule(where=places)
    def hang_elsewhere(self, where):
        self.where = where

    @rule(name=names, reopen=st.booleans())
    def reopen(self, name, reopen):
        if name in self.allocations:
            self.allocations = {**self.allocations, name: replace(self.allocations[name], reopen=reopen)}

    @rule(name=names)
    def lose_a_record(self, name):
        if len(self.allocations) > 10:
            self.allocations = {key: one for key, one in self.allocations.items() if key != name}

    @rule(which=st.integers(0, 3), minutes=st.none() | st.integers(-30, 60))
    def edit_a_row(self, which, minutes):
        changed = [replace(one, minutes=minutes) if at == which else one for at, one in enumerate(self.rows)]
        self.rows = tuple(changed)

    @rule(name=names, minutes=st.integers(-30, 60))
    def add_a_row(self, name, minutes):
        if name not in {one.allocation_id for one in self.rows}:
            self.rows = (*self.rows, Posting(name, minutes, self.today))

    @rule(days=st.integers(1, 60))
    def run_later(self, days):
        self.today += timedelta(days=days)
        self.run()

    @rule()
    def run(self):
        self.rows = self.settle().postings
        for name, one in self.allocations.items():
            if one.reopen and one.sealing:
                self.allocations = {**self.allocations, name: replace(one, sealing=None)}
            elif not one.reopen and one.sealing is None and one.end and (self.today - one.end).days > 14:
                found = {
                    f"{TASK}@{name}": row.minutes
                    for row in self.rows
                    if row.allocation_id == name and row.minutes is not None
                }
                sealed = replace(one, sealing=Sealing(self.today, found))
                self.allocations = {**self.allocations, name: sealed}

    # What holds.

    @invariant()
    def the_rows_add_up_to_what_is_logged_or_sealed(self):
        logged = sum(one.minutes for one in self.entries.values())
        sealed = self.sealed_minutes
        rows = minutes_of(self.settle())
        assert sum(minutes or 0 for minutes in rows.values()) == max(logged, sum(sealed.values()))
        assert sealed.items() <= rows.items()

    @invariant()
    def settling_again_changes_nothing_and_the_order_of_reading_is_irrelevant(self):
        once = self.settle()
        shuffled = list(self.entries.values())
        self.chance.shuffle(shuffled)
        backwards = replace(self.item, postings=self.rows[::-1])
        assert self.settle(backwards, shuffled) == once
        assert self.settle(replace(self.item, postings=once.postings)).postings == once.postings

    @invariant()
    def time_passing_moves_nothing_but_what_waits(self):
        now = self.settle().postings
        later = self.settle(replace(self.item, postings=now), today=self.today + timedelta(days=40)).postings
        before, after = ({one.allocation_id: one.counted for one in rows} for rows in (now, later))
        assert all(after[name] >= minutes for name, minutes in before.items() if name != UNPLACED)

    @invariant()
    def what_could_not_be_read_changes_nothing(self):
        if self.rows:
            expected = {one.allocation_id: one.minutes for one in self.rows} | self.sealed_minutes
            unread = self.settle(terms=replace(self.contracts, complete=False))
            assert minutes_of(unread) == expected
            unknown = settle(replace(self.item, hours=UnknownHours("")), self.contracts, self.today)
            assert minutes_of(unknown) == expected

    @invariant()
    def the_second_program_says_the_same(self):
        if self.entries:
            found = {
                one.allocation_id: {
                    "minutes": one.minutes,
                    "end": one.end,
                    "dated by": one.dated_by,
                    "late": one.late,
                    "by person": one.by_person,
                }
                for one in self.settle().postings
            }
            assert found == sheet_after(plain_world(self))

    @invariant()
    def as_long_as_nothing_is_sealed_or_gone_every_entry_lies_where_its_day_says(self):
        placed = [one for one in self.rows if one.placed]
        gone = any(one.allocation_id not in self.allocations for one in placed)
        if not self.entries or gone or any(one.sealing or one.reopen for one in self.allocations.values()):
            return
        wanted = {}
        for one in self.entries.values():
            home = home_of(one.day, self.where, self.contracts)
            wanted[home] = wanted.get(home, 0) + one.minutes
        found = {name: minutes for name, minutes in minutes_of(self.settle()).items() if minutes}
        past = any((self.today - one.end).days > 14 for one in self.allocations.values())
        assert found == wanted or past


Histories.TestCase.settings = settings(
    max_examples=250, stateful_step_count=30, deadline=None, derandomize=True, database=None
)
TestHistories = Histories.TestCase


def test_as_many_logged_minutes_as_entries_leave_equal_sums():
    """An entry is minutes like any other: without seals the sum of both ways to settle is the same."""
    entries = [entry(1, 30, FEB), entry(2, 45, MAY)]
    plain = settle(replace(task(), hours=LoggedHours(75)), YEAR, JUNE)
    assert sum(one.counted for one in plain.postings) == sum(one.counted for one in settled(entries).settled.postings)
