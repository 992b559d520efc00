"""How much has to be read: everything, or what moved since the last run (requirement 110).

What services answered before is a hint. It is believed on the same day, as long as the plan it leads to is harmless:
before anything is removed, moved home, made anew or sealed, everything is read, or everything but rows it does not
rest on.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Self

from sync.errors import MemoryLost
from sync.mirror.world import Policy, World
from sync.model.change import Plan
from sync.model.reading import Moved
from sync.ports import Remembering
from sync.services import Progress, Remembered, Services

DAY = "read on"
SETTLED = "settled"
DOUBT = "doubt"
PROBLEMS = "problems"
TOLD = "told"
UNSEEN = "unseen"
WORDS_LAG = timedelta(hours=3)
"""So long the rows of alerts may say how far something was, where nothing else of any of them changed."""


class Readings:
    """The readings of one run that believes nothing from before: each is one of everything."""

    def __init__(self, services: Services, policy: Policy, now: datetime, on_step: Progress) -> None:
        self._services = services
        self._policy = policy
        self._now = now
        self._on_step = on_step

    def first(self) -> World | None:
        """Read, as little as is enough; None when nothing moved since a run that left nothing to do."""
        return self._read()

    def rest(self) -> World | None:
        """Look at what the first reading left out; None when nothing moved there."""
        return None

    def again(self) -> World:
        """Read what changed meanwhile, under the lease (decision D12)."""
        return self._read()

    def more(self, plan: Plan, world: World, *, refused: bool) -> World | None:
        """Read more when *plan*, made on *world*, must not rest on memory; None when it may be carried out."""
        del plan, world, refused
        return None

    def keep(self, world: World) -> None:
        """Keep what was read, before anything is written; let it go where not everything could be read."""

    def end(self, *, moved: bool, settled: bool, told: bool, failed: bool) -> None:
        """Note how the run ended. *settled*: it left nothing to do; *told*: people know all of it; *failed*: something
        was not written.
        """

    def troubles(self) -> tuple[str, ...]:
        """Return what went wrong meanwhile with what is remembered: it costs a reading of everything, and no more."""
        return ()

    def was_told(self, plan: Plan, world: World) -> bool:
        """Tell whether people were told of the same findings, and no others, by an earlier run of this day."""
        del plan, world
        return False

    def _read(self) -> World:
        from sync.reading import read_world  # noqa: PLC0415  where nothing moved, nothing more is read

        return read_world(self._services, self._policy, self._now, on_step=self._on_step)


class RememberingReadings(Readings):
    """The readings of one run that remembers. With *full* nothing is believed from before, and all is kept."""

    def __init__(
        self,
        services: Services,
        remembered: Remembered,
        policy: Policy,
        now: datetime,
        on_step: Progress,
        *,
        full: bool,
    ) -> None:
        super().__init__(services, policy, now, on_step)
        self._remembered = remembered
        self._memory = remembered.memory
        self._told_before = len(self._memory.troubles)
        self._full = full
        self._read_everything = False
        self._home_read_again = False
        self._sure_of: frozenset[str] | None = None
        """The records of Activity that were asked for where all else was read; None where it was not."""
        self._left_out = False
        self._had_gaps = False
        self._last: World | None = None
        self._said: Said | None = None

    def first(self) -> World | None:
        """Look at GitHub first: where nothing else is to be done, the destinations wait for the lease."""
        return self._believing(self._first)

    def rest(self) -> World | None:
        """Look at the destinations, where the first reading left them out."""
        return self._believing(self._look_at_rest) if self._left_out else None

    def again(self) -> World:
        """Look at what runs write; read everything after a reading with gaps, since nothing of it was kept."""
        if self._had_gaps:
            return self._everything()
        return self._believing(self._meanwhile) or self._everything()

    def more(self, plan: Plan, world: World, *, refused: bool) -> World | None:
        """Read what *plan* calls for, as `doubt_of` says; everything before a guard refuses."""
        from sync.mirror.doubts import Doubt, doubt_of, rows_in_doubt  # noqa: PLC0415

        if self._read_everything:
            return None
        doubt = Doubt.ALL if refused else doubt_of(plan)
        if doubt is Doubt.ALL:
            return self._believing(self._everything)
        if doubt is Doubt.ROWS:
            return self._believing(partial(self._all_but_other_rows, rows_in_doubt(plan, world.ledger)))
        if doubt is Doubt.HOME and not self._home_read_again:
            self._home_read_again = True
            self._remembered.tasks.read_again()
            return self._believing(self._world)
        return None

    def troubles(self) -> tuple[str, ...]:
        """Return what is wrong with the memory and was not seen when it was opened."""
        return tuple(self._memory.troubles[self._told_before :])

    # What there is to read.

    def _believing(self, read: Callable[[], World | None]) -> World | None:
        try:
            return read()
        except MemoryLost as lost:
            self._memory.start_over(str(lost))
            return self._everything()

    def _first(self) -> World | None:
        if self._full or self._is_stale():
            return self._everything()
        self._on_step("look at GitHub")
        moved = self._remembered.issues.look()
        if moved is Moved.UNSURE:
            return self._everything()
        if moved is Moved.NO:
            return self._look_at_destinations()
        if not self._memory.note(SETTLED) and self._remembered.tasks.look(hasty=True) is Moved.UNSURE:
            return self._everything()  # Asana's answers to what the last run wrote are not kept: a look shows them
        self._left_out = True
        return self._world()

    def _is_stale(self) -> bool:
        if self._memory.note(DAY) != self._today or self._memory.note(DOUBT):
            return True
        return not all(one.is_known() for one in (self._remembered.issues, *self._destinations))

    @property
    def _destinations(self) -> tuple[Remembering, Remembering]:
        return self._remembered.tasks, self._remembered.ledger

    def _look_at_rest(self) -> World | None:
        self._left_out = False
        moved = self._looks(hasty=True)
        if Moved.UNSURE in moved:
            return self._everything()
        return self._world() if Moved.YES in moved else None

    def _look_at_destinations(self) -> World | None:
        moved = self._looks(hasty=False)
        if Moved.UNSURE in moved:
            return self._everything()
        settled = self._memory.note(SETTLED) and not self._has_words_to_write()
        return self._world() if Moved.YES in moved or not settled else None

    def _meanwhile(self) -> World:
        self._left_out = False
        moved = self._looks(hasty=True)
        if Moved.YES in moved and self._read_everything:
            # By a run, perhaps, that knew more of GitHub. No later reading would tell that an issue has its task.
            moved.add(self._remembered.issues.look())
        if Moved.UNSURE in moved:
            return self._everything()
        if self._last is not None and Moved.YES not in moved and not self._reads_own_issues:
            return self._last  # the same answers make the same world, and a large one not twice
        return self._world()

    @property
    def _reads_own_issues(self) -> bool:
        """Tell whether something is read on GitHub that other runs write there."""
        return bool(self._services.planning or self._services.back_links)

    def _looks(self, *, hasty: bool) -> set[Moved]:
        """Look at the destinations: in haste where there is something to do, since that has enough to ask for."""
        self._on_step("look at Airtable and Asana")
        base = self._remembered.ledger.look(hasty=hasty)
        return {base, self._remembered.tasks.look(hasty=hasty or base is Moved.YES)}

    def _read(self) -> World:
        self._last = super()._read()
        return self._last

    def _world(self) -> World:
        """Read from what is remembered; everything, where that leaves another trouble than before."""
        world = self._read()
        if self._read_everything:
            return world
        if _unseen(world) - set(self._memory.note(UNSEEN).split()):
            self._remembered.tasks.read_again(wholly=True)
            world = self._read()
            self._memory.take_note(UNSEEN, " ".join(sorted(_unseen(world))))
        if not (world.complete and _problems(world) == self._memory.note(PROBLEMS)):
            return self._everything()
        return world

    def _all_but_other_rows(self, rows: frozenset[str]) -> World | None:
        """Read everything, but of Activity these rows alone; None where that was done."""
        known = self._sure_of
        if known is not None and rows <= known:
            return None
        if not self._remembered.ledger.read_again(rows - (known or frozenset())):
            return self._everything()
        if known is None:
            self._remembered.issues.read_again()
            self._remembered.tasks.read_again(wholly=True)
        self._sure_of, self._home_read_again, self._left_out = rows | (known or frozenset()), True, False
        return self._world()

    def _everything(self) -> World:
        self._read_everything, self._left_out = True, False
        self._memory.forget()
        world = self._read()
        try:
            self._memory.take_note(DAY, self._today)
            self._memory.take_note(PROBLEMS, _problems(world))
            self._memory.take_note(UNSEEN, " ".join(sorted(_unseen(world))))
        except MemoryLost as lost:
            self._memory.start_over(str(lost))
        return world

    @property
    def _today(self) -> str:
        return self._now.astimezone(self._policy.zone).date().isoformat()

    # What is kept.

    def keep(self, world: World) -> None:
        """Keep what was read; what is there after a reading with gaps is older than it, and not built on."""
        self._had_gaps = not world.complete
        if self._had_gaps:
            self._memory.let_go()
        else:
            self._note(SETTLED, "")

    def end(self, *, moved: bool, settled: bool, told: bool, failed: bool) -> None:
        """Note what the next run may believe."""
        if not moved:
            self._memory.keep()
            return
        self._note(DOUBT, "yes" if failed else "")
        self._note(TOLD, self._said.note if told and self._said else "")
        self._note(SETTLED, "yes" if settled else "")

    def _note(self, name: str, value: str) -> None:
        try:
            self._memory.take_note(name, value)
        except MemoryLost as lost:
            self._memory.start_over(str(lost))
        self._memory.keep()

    def was_told(self, plan: Plan, world: World) -> bool:
        """Compare with the findings of the last run that told everything.

        Where no more than the words of some differ, their rows are written with the next news, or after a while.
        """
        self._said = Said.of(plan, world)
        known = None if self._read_everything else self._told()
        if known is None or known.gist != self._said.gist:
            return False
        if known.words != self._said.words and self._now - known.written_at >= WORDS_LAG:
            return False
        self._said = replace(known, lags=known.words != self._said.words)
        return True

    def _told(self) -> "Said | None":
        try:
            return Said.read(self._memory.note(TOLD))
        except MemoryLost:
            return None

    def _has_words_to_write(self) -> bool:
        """Tell whether rows of alerts have been behind the findings for a while, though nothing moves any more."""
        known = self._told()
        return known is not None and known.lags and self._now - known.written_at >= WORDS_LAG


def readings(services: Services, policy: Policy, now: datetime, *, full: bool, on_step: Progress) -> Readings:
    """Return the readings of one run, as its services remember or not."""
    if services.remembered is None:
        return Readings(services, policy, now, on_step)
    return RememberingReadings(services, services.remembered, policy, now, on_step, full=full)


@dataclass(frozen=True, slots=True)
class Said:
    """What stands for the findings that people were told of: their *gist*, and the *words* their rows had at a moment.

    The rows *lag* where the words are others by now.
    """

    gist: str
    words: str
    written_at: datetime
    lags: bool = False

    @classmethod
    def of(cls, plan: Plan, world: World) -> Self:
        """Return what stands for the findings of a plan."""
        from sync.findings.alerting import gist  # noqa: PLC0415

        return cls(_hashed(gist(plan.findings, world.contracts)), _hashed(plan.findings), world.now)

    @classmethod
    def read(cls, note: str) -> "Said | None":
        """Read what `note` gave; None where nothing was told."""
        if not note.startswith("["):
            return None
        gist, words, written_at, lags = json.loads(note)
        return cls(gist, words, datetime.fromisoformat(written_at), lags)

    @property
    def note(self) -> str:
        """Return it as a note."""
        return json.dumps([self.gist, self.words, self.written_at.isoformat(), self.lags])


def _unseen(world: World) -> set[str]:
    """Return the gids of engagements and CSH tasks that the base names and Asana was not seen to have."""
    tasks, contracts = world.tasks, world.contracts
    named = {one.asana_gid for one in contracts.allocations.values()}
    named |= {one.asana_gid for one in contracts.engagements.values()}
    return named - {""} - tasks.csh_tasks.keys() - tasks.tree.keys() - tasks.home.keys() - tasks.engagement_names.keys()


def _problems(world: World) -> str:
    problems = (*world.issues.problems, *world.tasks.problems, *world.contracts.problems, *world.ledger.problems)
    return _hashed(sorted(map(repr, problems)))


def _hashed(value: object) -> str:
    return hashlib.sha256(repr(value).encode("utf-8", "backslashreplace")).hexdigest()
