"""The words of the ledger: where work belongs, when it was done, and what stands in which period."""

from dataclasses import dataclass
from datetime import date

from sync.model.change import WaitsFor
from sync.model.issue import HoursReading
from sync.model.work import UNPLACED


@dataclass(frozen=True, slots=True)
class WorkDate:
    """The day work counts for, never in the future, and the evidence it was taken from.

    *evidence* is ``board YYYY-MM-DD`` with the board's own date, even a future one, or ``iteration``, ``close``,
    ``hours``, ``completed``, ``entries``, ``today``. Only a board date is *explicit*.
    """

    day: date
    evidence: str

    @property
    def explicit(self) -> bool:
        """Tell whether a person set this date for the work."""
        return self.evidence.startswith("board ")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where an item's minutes belong, as far as evidence and people say (decision D7).

    *project_ids* are the projects meant (all of a community's, or just one). *named* are allocations that are named
    themselves: by the board's ``Allocation`` field or by the CSH task a person placed the work under; with exactly one
    named, it takes the minutes whatever its dates. *by_person* tells that a person's place in Asana decided. *decided*
    is false when no evidence is left or some could not be read: then nothing moves.
    """

    project_ids: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    by_person: bool = False
    decided: bool = True


@dataclass(frozen=True, slots=True)
class Posting:
    """The minutes of one item in one allocation (or ``unplaced``); None is an empty cell."""

    allocation_id: str
    minutes: int | None
    end: date | None
    dated_by: str = ""
    late: bool = False
    by_person: bool = False

    @property
    def counted(self) -> int:
        """Return the minutes as a number: an empty cell counts nothing."""
        return self.minutes or 0

    @property
    def placed(self) -> bool:
        """Tell whether the minutes lie in an allocation."""
        return self.allocation_id != UNPLACED


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One issue, or one task with time, as the ledger sees it in one run.

    *owner* is the first part of its keys: the node id first seen, or ``asana:`` and the gid. *delivered* is false for
    work closed as not planned or duplicate. *postings* are its rows as stored, one per allocation. *sealed_elsewhere*
    are minutes of it that are sealed in rows under another key.
    """

    owner: str
    hours: HoursReading
    work_date: WorkDate
    where: Whereabouts
    postings: tuple[Posting, ...] = ()
    delivered: bool = True
    sealed_elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """Where new minutes go: an allocation id or ``unplaced``, late or not, and why in words.

    *waits_for* is what is missing where they are unplaced.
    """

    allocation_id: str
    late: bool
    reason: str
    candidates: tuple[str, ...] = ()
    waits_for: WaitsFor = WaitsFor.ALLOCATION


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one item's minutes that a person should see. *kind* is a stable word.

    *allocation_id* is the allocation it is about, "" where it is about all of the item's minutes.
    """

    kind: str
    text: str
    allocation_id: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What an item's rows should be after this run.

    *postings* holds every row, changed or not, sorted by key. *steps* are the movements in words, for ``explain``.
    *known* tells whether all that it counts is in them: where its hours could not be read, nothing changes.
    """

    owner: str
    postings: tuple[Posting, ...]
    target: Target
    steps: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    known: bool = True
