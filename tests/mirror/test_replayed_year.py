"""Four quarters of edits run through the engine, and every total recomputed by a second program.

The second program is written from decision D8 for a tidy organisation: quarters without gaps, explicit dates, one
project a community. It shares no code with the engine and looks at no row of it: it keeps books of its own.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from sync.model.contract import Allocation
from sync.model.issue import Closing
from tests.findings.healthy import ANA, add
from tests.mirror.paper import PaperCommunity, PaperIssue, PaperWorld

QUARTERS = {
    "Q2": (date(2026, 4, 1), date(2026, 6, 30)),
    "Q3": (date(2026, 7, 1), date(2026, 9, 30)),
    "Q4": (date(2026, 10, 1), date(2026, 12, 31)),
    "Q1": (date(2027, 1, 1), date(2027, 3, 31)),
}
GRACE = timedelta(days=14)
Place = tuple[str, str]
"""A community's name and a quarter."""


def quarter_of(day: date) -> str:
    return next(name for name, (start, end) in QUARTERS.items() if start <= day <= end)


@dataclass
class Line:
    """An issue as the books know it: unsealed minutes by place, with the date each was worked on."""

    issue: PaperIssue
    community: str
    counts: bool = True
    booked: dict[Place, tuple[int, date]] = field(default_factory=dict)
    booked_for: str = ""

    @property
    def minutes(self) -> int:
        delivered = self.counts and self.issue.closing not in {Closing.NOT_PLANNED, Closing.DUPLICATE}
        return round((self.issue.hours or 0) * 60) if delivered else 0


class Books:
    """The second program."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.entries: dict[Place, int] = {}
        self.sealed: dict[Place, dict[str, int]] = {}

    def close_day(self, today: date) -> None:
        """Book what each issue counts now, then seal what is over."""
        for line in self.lines:
            self._book(line, today)
        for community in ("Reef Watch", "Glacier Commons"):
            for quarter, (_, end) in QUARTERS.items():
                if today > end + GRACE and (community, quarter) not in self.sealed:
                    self._seal((community, quarter))

    def _book(self, line: Line, today: date) -> None:
        assert line.issue.end is not None
        worked = min(line.issue.end, today)
        target = line.community, quarter_of(worked)
        if target in self.sealed:  # late: into the period that runs today
            target = line.community, quarter_of(today)
        waiting = sum(minutes for minutes, _ in line.booked.values())
        if line.booked_for != line.community and waiting:
            line.booked = {target: (waiting, worked)}
        line.booked_for = line.community
        sealed = sum(rows.get(line.issue.id, 0) for rows in self.sealed.values())
        growth = max(0, line.minutes - sealed) - waiting
        if growth > 0:
            line.booked[target] = (line.booked.get(target, (0, worked))[0] + growth, worked)
        for place in sorted(line.booked, key=lambda one: (line.booked[one][1], QUARTERS[one[1]]), reverse=True):
            taken = min(max(0, -growth), line.booked[place][0])
            line.booked[place] = (line.booked[place][0] - taken, line.booked[place][1])
            growth += taken

    def _seal(self, place: Place) -> None:
        self.sealed[place] = {}
        for line in self.lines:
            if minutes := line.booked.pop(place, (0, None))[0]:
                self.sealed[place][line.issue.id] = minutes

    def used(self, place: Place) -> int:
        """Return the minutes that count in a place."""
        booked = sum(line.booked.get(place, (0, None))[0] for line in self.lines)
        return booked + sum(self.sealed.get(place, {}).values()) + self.entries.get(place, 0)


class Year:
    """A world with four quarters, people who edit it, and the books beside it."""

    def __init__(self, seed: int) -> None:
        self.chance, self.books, self.world = Random(seed), Books(), PaperWorld()
        self.world.now = datetime(2026, 4, 2, 9, tzinfo=UTC)
        for place in self.places.values():
            start, end = QUARTERS["Q1"]
            place.csh["Q1"] = self.world.asana.add_csh(
                "11" if place is self.world.reef else "12", f"{place.name} 2026", start_on=start, due_on=end
            )
            place.allocations["Q1"] = f"rec-{place.id.removeprefix('com-')}-Q5"  # in the order of time, as the others
            row = Allocation(place.allocations["Q1"], f"{place.name} Q1", place.project, start, end, 480)
            add(self.world, "allocations", row)

    @property
    def places(self) -> dict[str, PaperCommunity]:
        return {one.name: one for one in (self.world.reef, self.world.glacier)}

    @property
    def today(self) -> date:
        return self.world.now.date()

    def turn(self) -> None:
        """Let some things happen, then run."""
        for _ in range(self.chance.randint(1, 3)):
            self.chance.choice(
                (self.open, self.open, self.log, self.log, self.correct, self.drop, self.move, self.copy, self.by_hand)
            )()
        self.world.sync()
        self.books.close_day(self.today)
        self.world.sync()  # what is sealed is sealed after its rows were written

    def open(self) -> None:
        community = self.chance.choice(sorted(self.places))
        end = max(date(2026, 4, 1), self.today - timedelta(days=self.chance.randint(0, 40)))
        issue = self.world.issue(
            f"[{community}] Work", end=end, hours=self.chance.choice((None, 0.25, 1, 2.5)), people=(ANA,)
        )
        self.books.lines.append(Line(issue, community))

    def log(self) -> None:
        if line := self.some():
            line.issue.hours = (line.issue.hours or 0) + self.chance.choice((0.5, 1, 1.75))

    def correct(self) -> None:
        if line := self.some():
            line.issue.hours = max(0, (line.issue.hours or 0) - self.chance.choice((0.5, 2, 5)))

    def drop(self) -> None:
        if line := self.some():
            line.issue.closing = self.chance.choice((Closing.NOT_PLANNED, Closing.OPEN, Closing.DUPLICATE))

    def move(self) -> None:
        if line := self.some():
            line.community = self.chance.choice(sorted(self.places))
            line.issue.title = f"[{line.community}] Work"

    def copy(self) -> None:
        if line := self.some():
            meant = line.issue
            end, body = self.today, f"Mirrors: {meant.url}"
            issue = self.world.issue(f"[{line.community}] A copy", end=end, hours=3, body=body, people=(ANA,))
            self.books.lines.append(Line(issue, line.community, counts=False))

    def by_hand(self) -> None:
        community, quarter = self.chance.choice(sorted(self.places)), quarter_of(self.today)
        gid = self.world.asana.add("Letter", self.places[community].csh[quarter], assignee_gid="701")
        minutes = self.chance.randint(1, 90)
        self.world.asana.log(gid, minutes, self.today)
        place = community, quarter
        self.books.entries[place] = self.books.entries.get(place, 0) + minutes

    def some(self) -> Line | None:
        lines = [one for one in self.books.lines if one.counts]
        return self.chance.choice(lines) if lines else None


@pytest.mark.parametrize("seed", [1, 2])
def test_totals_are_those_of_the_second_program_after_every_run(seed: int) -> None:
    year = Year(seed)
    while year.today < date(2027, 2, 20):
        year.turn()
        for community, place in year.places.items():
            for quarter, allocation_id in place.allocations.items():
                row = year.world.airtable.contracts.allocations[allocation_id]
                used = year.books.used((community, quarter))
                assert (row.totals.used_minutes or 0) == used, f"{year.today} {community} {quarter}"
                if row.totals.used_minutes is not None:
                    assert row.totals.left_minutes == 480 - used
        year.world.days_pass(year.chance.randint(4, 18))
    assert len(year.books.sealed) == 6
