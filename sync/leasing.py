"""One run at a time: the lease a run takes before it writes, keeps while it writes, and gives back (decision D12).

Airtable offers no conditional write, so the order matters: a row of one's own first, then a look at all of them; the
earliest wins. Expiry is judged by Airtable's clock alone, waits and what is left by one's own.
"""

import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.errors import CshSyncError, GuardRefused, LeaseLost
from sync.model.runs import LeaseRow, RunResult
from sync.ports import RunBook
from sync.stopwatch import Stopwatch

LEFT_AT_LEAST = 30.0
"""So many seconds must be left before a write: more than the longest wait for its answer (decision D12)."""
RENEWED_EVERY = 30.0
LOOKED_EVERY = 10.0
"""How often a run that waits looks whether the other one is done."""
FRESH = 10.0
"""So many seconds a look is as good as a new one; a run that writes goes on for `RENEWED_EVERY` after each."""
CLOCKS_AGREE = 5.0
"""So many seconds another service's clock may be off Airtable's for a lease to be opened by it."""
FORGOTTEN_AFTER_DAYS = 90
"""Rows of runs older than this are removed (design, section 7)."""
DIED = "ended without a word"
WRONG_CLOCK = "left: opened by a clock that differs from Airtable's"
RUN_NAME = "run "
CLOCK_REMEDY = "Nothing was written. Check what stands between here and Airtable; --no-lease goes on without a lease."


@dataclass(frozen=True, slots=True)
class LeaseRules:
    """How leases are taken. *seconds* is how long one lasts, *settle_seconds* longer than the service's stamps are
    coarse.
    """

    seconds: float = 120.0
    settle_seconds: float = 3.0

    @property
    def renewed_every(self) -> float:
        """Return after how many seconds a lease is prolonged."""
        return min(RENEWED_EVERY, self.seconds / 4)

    @property
    def fresh(self) -> float:
        """Return for how many seconds a look at the leases need not be repeated."""
        return min(FRESH, self.renewed_every)

    @property
    def left_at_least(self) -> float:
        """Return how many seconds must be left before a write; a short lease needs a quarter."""
        return min(LEFT_AT_LEAST, self.seconds / 4)


class LeaseHeld(GuardRefused):
    """Another run holds the lease. *seconds* is how long it still lasts."""

    def __init__(self, holder: LeaseRow, seconds: float) -> None:
        super().__init__(
            f'another run is writing ("{holder.run}", since {holder.created_at:%d %b %H:%M} UTC)',
            remedy="Nothing was written. Try again when it is over.",
        )
        self.seconds = seconds


def unexpired(rows: Iterable[LeaseRow], now: datetime) -> list[LeaseRow]:
    """Return the leases that still stand, earliest first: by the time their rows were made, then by id."""
    return sorted((row for row in rows if row.until > now), key=lambda row: (row.created_at, row.record_id))


class WritePermit:
    """Asked before every write to any service: may it still be sent? Without a lease to keep, always."""

    def __init__(self) -> None:
        self._ensure: Callable[[], None] | None = None

    def __call__(self) -> None:
        """Raise LeaseLost when nothing may be written any more."""
        if self._ensure is not None:
            self._ensure()

    @contextmanager
    def under(self, lease: "Lease") -> Iterator[None]:
        """Bind all writes to a lease."""
        self._ensure = lease.ensure
        try:
            yield
        finally:
            self._ensure = None


class Lease:
    """A lease that is being taken, held and kept, or was lost. One object is one row in Runs, under a new name."""

    def __init__(
        self, book: RunBook, rules: LeaseRules, started: datetime, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.run = name_of_a_run(started)
        self._book = book
        self._rules = rules
        self._started = started
        self._sleep = sleep
        self.result = RunResult("interrupted")
        """What the row says in the end: whoever holds the lease tells how it went."""
        self.trouble = ""
        """Why the row could not be closed, "" where it could."""
        self._record_id = ""
        self._opened = False
        self._lost = ""
        self._good_for: tuple[Stopwatch, float] = (Stopwatch(), 0.0)
        self._looked = Stopwatch()
        """Begun when the last look was."""
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="lease", daemon=True)

    def take(self) -> None:
        """Take the lease and begin to keep it. Raises LeaseHeld when another run has it, GuardRefused without a clock,
        and what Airtable raises.
        """
        about = self._book.about_now()
        if about is None:
            self._book.leases()  # any answer tells what time it is
            about = _server_now(self._book)
        if self._open(about) > CLOCKS_AGREE:
            self._book.end(self.run, self._record_id, self._started, RunResult(WRONG_CLOCK))
            self.run = name_of_a_run(self._started)  # a row that stood by a wrong clock is never used again
            self._open(_server_now(self._book))
        self._sleep(self._rules.settle_seconds)
        rows, now = self._look()
        self._keeper.start()
        self._bury(rows, now)

    def confirm(self) -> None:
        """List the leases once more, unless that was done just now. Raises LeaseLost unless this one still stands and
        is the earliest.
        """
        if self._looked.seconds() > self._rules.fresh:
            try:
                self._look()
            except LeaseHeld as held:
                raise LeaseLost(str(held)) from held
        self.ensure()

    def ensure(self) -> None:
        """Raise LeaseLost unless the lease is held and lasts long enough for one more request."""
        if self._lost:
            raise LeaseLost(self._lost)
        watch, seconds = self._good_for
        if seconds - watch.seconds() < self._rules.left_at_least:
            raise LeaseLost("its lease ran out before it could be renewed")

    def give_back(self, ended: datetime) -> None:
        """Close the row, whatever became of the lease."""
        self._over.set()
        if not self._opened:
            return
        if self._keeper.is_alive():
            self._keeper.join(timeout=self._rules.left_at_least)
        try:
            self._book.end(self.run, self._record_id, ended, self.result)
            self._book.forget(FORGOTTEN_AFTER_DAYS, is_name_of_a_run)
        except CshSyncError as error:
            self.trouble = f"The row of this run in Runs could not be closed: {error}"

    def _open(self, about: datetime) -> float:
        """Make the row of this lease; return by how many seconds it is not *about* that time at Airtable.

        Airtable's answer tells how long the lease lasts by its own clock: only that is believed.
        """
        watch, until = Stopwatch(), about + timedelta(seconds=self._rules.seconds)
        self._opened = True
        self._record_id = self._book.open(self.run, self._started, until)
        now = _server_now(self._book)
        self._good_for = (Stopwatch(), min((until - now).total_seconds(), self._rules.seconds))
        return abs((about - now).total_seconds() + watch.seconds())

    def _look(self) -> tuple[Sequence[LeaseRow], datetime]:
        """List the leases; return them, and the moment by Airtable's clock.

        Raises LeaseHeld when another one stands first, LeaseLost when this one is gone.
        """
        watch, rows = Stopwatch(), self._book.leases()
        now = _server_now(self._book)
        standing = unexpired(rows, now)
        if standing and standing[0].record_id != self._record_id:
            raise LeaseHeld(standing[0], (standing[0].until - now).total_seconds())
        if not standing:
            raise LeaseLost("its row in Runs is gone or ran out")
        self._looked = watch
        return rows, now

    def _bury(self, rows: Sequence[LeaseRow], now: datetime) -> None:
        """Take the lease off rows whose runs were killed long ago, so that nobody reads them again."""
        dead = [row.record_id for row in rows if row.until < now - timedelta(seconds=10 * self._rules.seconds)]
        if dead:
            self._book.give_up(dead, DIED)

    def _keep(self) -> None:
        """Renew until the run is over; stop for good once the lease is lost."""
        wait = self._rules.renewed_every
        while not self._over.wait(wait):
            try:
                self._renew()
                wait = self._rules.renewed_every
            except (LeaseHeld, LeaseLost) as error:
                self._lost = str(error)
                return
            except CshSyncError:
                wait = self._rules.renewed_every / 4  # Airtable does not answer: what is left decides
            except Exception as error:  # noqa: BLE001  a thread that dies in silence would leave the lease unkept
                self._lost = f"something unexpected happened while it was renewed: {type(error).__name__}"
                return

    def _renew(self) -> None:
        self._look()
        watch, until = Stopwatch(), _server_now(self._book) + timedelta(seconds=self._rules.seconds)
        self._book.renew(self._record_id, until, self.ensure)
        self._good_for = (watch, self._rules.seconds)


@contextmanager
def leased(
    book: RunBook,
    rules: LeaseRules,
    clock: Callable[[], datetime],
    *,
    waits: bool,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Lease]:
    """Hold the lease, and give it back in the end. With *waits* a foreign lease is waited out once.

    Raises LeaseHeld when another run has it, GuardRefused when it cannot be judged.
    """
    lease = Lease(book, rules, clock(), sleep=sleep)
    try:
        try:
            lease.take()
        except LeaseHeld as held:
            lease.result = RunResult("left: another run was first")
            if not waits:
                raise
            lease.give_back(clock())
            _wait_out(book, held, sleep)
            lease = Lease(book, rules, clock(), sleep=sleep)  # a lapsed row is never used again
            lease.take()
        yield lease
    except SystemExit:  # a second signal leaves at once: the lease runs out by itself
        raise
    except BaseException as error:
        if isinstance(error, GuardRefused | LeaseLost):
            lease.result = RunResult("left: another run was first" if isinstance(error, LeaseHeld) else "refused")
        lease.give_back(clock())
        raise
    else:
        lease.give_back(clock())


def _wait_out(book: RunBook, held: LeaseHeld, sleep: Callable[[float], None]) -> None:
    """Wait until a foreign lease is over, at most as long as it lasts, looking now and then."""
    left = held.seconds + 1
    while left > 0:
        watch, pause = Stopwatch(), min(LOOKED_EVERY, left)
        sleep(pause)
        left -= max(pause, watch.seconds())
        if not unexpired(book.leases(), _server_now(book)):
            return


def name_of_a_run(started: datetime) -> str:
    """Return a name that no run had before."""
    return f"{RUN_NAME}{started:%Y-%m-%d %H:%M} {uuid.uuid4().hex[:12]}"


def is_name_of_a_run(name: str) -> bool:
    """Tell whether a row of Runs is one of ours: rows that people made are none of our business."""
    return name.startswith(RUN_NAME)


def _server_now(book: RunBook) -> datetime:
    now = book.server_now()
    if now is None:
        raise GuardRefused("Airtable does not say what time it is, so no lease can be judged", remedy=CLOCK_REMEDY)
    return now
