"""Values for the tests of the ledger: the four quarters of 2025, issues, items of work and rows, in short words."""

from dataclasses import replace
from datetime import UTC, date, datetime

from sync.hours.ledger import settle
from sync.hours.values import Posting, Settled, Whereabouts, WorkDate, WorkItem
from sync.model.contract import Allocation, Contracts, Sealing
from sync.model.issue import BoardFields, Closing, HoursReading, Issue, LoggedHours

OWNER = "I_1"
QUARTERS = {
    "q1": (date(2025, 1, 1), date(2025, 3, 31)),
    "q2": (date(2025, 4, 1), date(2025, 6, 30)),
    "q3": (date(2025, 7, 1), date(2025, 9, 30)),
    "q4": (date(2025, 10, 1), date(2025, 12, 31)),
}
JAN, FEB, MAR = date(2025, 1, 15), date(2025, 2, 15), date(2025, 3, 15)
MAY, AUG, NOV = date(2025, 5, 15), date(2025, 8, 15), date(2025, 11, 15)
REEF = Whereabouts(frozenset({"reef"}))
LONG_AGO = datetime(2024, 12, 1, tzinfo=UTC)


def quarter(name, project="reef", **more):
    start, end = QUARTERS.get(name, (None, None))
    return Allocation(**{"id": name, "name": name.upper(), "project_id": project, "start": start, "end": end} | more)


def sealed(allocation, minutes=None, **others):
    """Seal an allocation with *minutes* in our item's row, and rows of other owners."""
    ours = {} if minutes is None else {f"{OWNER}@{allocation.id}": minutes}
    theirs = {f"{owner}@{allocation.id}": count for owner, count in others.items()}
    return replace(allocation, sealing=Sealing(date(2025, 4, 20), ours | theirs))


def contracts(*allocations, complete=True):
    """Contracts with these allocations; names of quarters stand for open ones of the project ``reef``."""
    found = [quarter(one) if isinstance(one, str) else one for one in allocations]
    return Contracts(allocations={one.id: one for one in found}, complete=complete)


YEAR = contracts(*QUARTERS)


def row(allocation_id, minutes, end=None, dated_by="hours", **marks):
    return Posting(allocation_id, minutes, end, dated_by, **marks)


def item(hours, day, *rows, evidence="hours", where=REEF, delivered=True, owner=OWNER):
    """An item of work; a number of *hours* means logged minutes, and an evidence of ``board`` means its own day."""
    reading = LoggedHours(hours) if isinstance(hours, int) else hours
    dated = WorkDate(day, f"board {day}" if evidence == "board" else evidence)
    return WorkItem(owner, reading, dated, where, tuple(rows), delivered)


def minutes_of(settled: Settled):
    return {one.allocation_id: one.minutes for one in settled.postings}


def row_of(settled: Settled, allocation_id):
    return next(one for one in settled.postings if one.allocation_id == allocation_id)


def kinds(settled: Settled):
    return [remark.kind for remark in settled.remarks]


def settled_again(work: WorkItem, found: Settled, terms: Contracts, today: date):
    """Settle once more, fed with the rows that came out."""
    return settle(replace(work, postings=found.postings), terms, today)


def issue(hours: HoursReading, **facts):
    """An issue on the board; *end* and *iteration_end* are board fields."""
    board = BoardFields("item", end=facts.pop("end", None), iteration_end=facts.pop("iteration_end", None))
    return Issue(
        **{
            "id": OWNER,
            "url": "https://github.com/acme/hub/issues/1",
            "repository": "acme/hub",
            "number": 1,
            "title": "Reef maps",
            "body": "",
            "closing": Closing.OPEN,
            "created_at": LONG_AGO,
            "updated_at": LONG_AGO,
            "board": board,
            "hours": hours,
        }
        | facts
    )
