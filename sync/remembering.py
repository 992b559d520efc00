"""How much has to be read: everything, or what moved since the last run (requirement 110).

What services answered before is a hint. It is believed on the same day, as long as the plan it leads to is harmless:
before anything is removed, moved home, made anew or sealed, everything is read.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime

from sync.errors import MemoryLost
from sync.mirror.doubts import Doubt, doubt_of
from sync.mirror.world import Policy, World
from sync.model.change import Plan
from sync.model.reading import Moved
from sync.ports import Memory
from sync.reading import read_world
from sync.services import Progress, Services

DAY = "read on"
SETTLED = "settled"
DOUBT = "doubt"
PROBLEMS = "problems"
TOLD = "told"
UNSEEN = "unseen"


class Readings:
    """The readings of one run. With *full* nothing is believed from before."""

    def __init__(self, services: Services, policy: Policy, now: datetime, *, full: bool, on_step: Progress) -> None:
        self._services = services
        self._policy = policy
        self._now = now
        self._full = full
        self._on_step = on_step
        self._read_everything = False
        self._home_read_again = False
        self._left_out = False
        self._had_gaps = False

    @property
    def _memory(self) -> Memory | None:
        return self._services.memory

    @property
    def rests_on_memory(self) -> bool:
        """Tell whether what was read last was not all asked for in this run."""
        return self._memory is not None and not self._read_everything

    def first(self) -> World | None:
        """Read, as little as is enough; None when nothing moved since a run that left nothing to do."""
        return self._believing(self._first)

    def rest(self) -> World | None:
        """Look at what the first reading left out; None when nothing moved there."""
        return self._believing(self._look_at_destinations) if self._left_out else None

    def again(self) -> World:
        """Read what changed meanwhile, under the lease (decision D12)."""
        if self._memory is None or self._had_gaps:
            return self._everything()
        return self._believing(self._meanwhile) or self._everything()

    def more(self, plan: Plan, *, refused: bool) -> World | None:
        """Read more when *plan* must not rest on memory; None when it may be carried out."""
        if not self.rests_on_memory:
            return None
        doubt = Doubt.ALL if refused else doubt_of(plan)
        if doubt is Doubt.ALL:
            return self._believing(self._everything)
        if doubt is Doubt.HOME and not self._home_read_again:
            self._home_read_again = True
            self._services.tasks_memory.read_again()
            return self._believing(self._world)
        return None

    # What there is to read.

    def _believing(self, read: Callable[[], World | None]) -> World | None:
        try:
            return read()
        except MemoryLost as lost:
            if self._memory is not None:
                self._memory.start_over(str(lost))
            return self._everything()

    def _first(self) -> World | None:
        memory = self._memory
        if memory is None or self._full or self._is_stale(memory):
            return self._everything()
        self._on_step("look at GitHub")
        moved = self._services.issues_memory.look()
        if moved is Moved.UNSURE:
            return self._everything()
        if moved is Moved.YES and memory.note(SETTLED):
            self._left_out = True
            return self._world()
        return self._look_at_destinations()

    def _is_stale(self, memory: Memory) -> bool:
        if memory.note(DAY) != self._today or memory.note(DOUBT):
            return True
        return not all(one.is_known() for one in self._services.remembering)

    def _look_at_destinations(self) -> World | None:
        self._left_out = False
        if self._memory is None:
            return None
        moved = self._looks(hasty=False)
        if Moved.UNSURE in moved:
            return self._everything()
        return self._world() if Moved.YES in moved or not self._memory.note(SETTLED) else None

    def _meanwhile(self) -> World:
        self._left_out = False
        return self._everything() if Moved.UNSURE in self._looks(hasty=True) else self._world()

    def _looks(self, *, hasty: bool) -> set[Moved]:
        services = self._services
        self._on_step("look at Asana")
        found = {services.tasks_memory.look(hasty=hasty)}
        self._on_step("look at Airtable")
        return found | {services.ledger_memory.look(hasty=hasty)}

    def _world(self) -> World:
        """Read from what is remembered; everything, where that leaves another trouble than before."""
        world = read_world(self._services, self._policy, self._now, on_step=self._on_step)
        believed = self._memory if self.rests_on_memory else None
        if believed and _unseen(world) - set(believed.note(UNSEEN).split()):
            self._services.tasks_memory.read_again(wholly=True)
            world = read_world(self._services, self._policy, self._now, on_step=self._on_step)
            believed.take_note(UNSEEN, " ".join(sorted(_unseen(world))))
        if believed and not (world.complete and _problems(world) == believed.note(PROBLEMS)):
            return self._everything()
        return world

    def _everything(self) -> World:
        self._read_everything, self._left_out = True, False
        memory = self._memory
        if memory is not None:
            memory.forget()
        world = read_world(self._services, self._policy, self._now, on_step=self._on_step)
        if memory is not None:
            try:
                memory.take_note(DAY, self._today)
                memory.take_note(PROBLEMS, _problems(world))
                memory.take_note(UNSEEN, " ".join(sorted(_unseen(world))))
            except MemoryLost as lost:
                memory.start_over(str(lost))
        return world

    @property
    def _today(self) -> str:
        return self._now.astimezone(self._policy.zone).date().isoformat()

    # What is kept.

    def keep(self, world: World | None) -> None:
        """Keep what was read, before anything is written; let it go where not everything could be read."""
        memory = self._memory
        if memory is None:
            return
        self._had_gaps = world is not None and not world.complete
        if self._had_gaps:
            memory.let_go()  # what stands there now is older than what was read: nothing may be built on it
            return
        self._note(SETTLED, "")

    def end(self, plan: Plan, *, moved: bool, settled: bool, failed: bool) -> None:
        """Note how the run ended. *settled*: it left nothing to do; *failed*: something was not written."""
        if not moved:
            if self._memory is not None:
                self._memory.keep()
            return
        self._note(DOUBT, "yes" if failed else "")
        self._note(TOLD, fingerprint(plan) if settled or self.was_told(plan) else "")
        self._note(SETTLED, "yes" if settled else "")

    def _note(self, name: str, value: str) -> None:
        if self._memory is None:
            return
        try:
            self._memory.take_note(name, value)
        except MemoryLost as lost:
            self._memory.start_over(str(lost))
        self._memory.keep()

    def was_told(self, plan: Plan) -> bool:
        """Tell whether people were told of the same findings, and no others, by an earlier run of this day."""
        if not self.rests_on_memory or self._memory is None:
            return False
        try:
            return self._memory.note(TOLD) == fingerprint(plan)
        except MemoryLost:
            return False


def fingerprint(plan: Plan) -> str:
    """Return what stands for the findings of a plan."""
    return hashlib.sha256(repr(plan.findings).encode("utf-8", "backslashreplace")).hexdigest()


def _unseen(world: World) -> set[str]:
    """Return the gids of engagements and CSH tasks that the base names and Asana was not seen to have."""
    tasks, contracts = world.tasks, world.contracts
    named = {one.asana_gid for one in contracts.allocations.values()}
    named |= {one.asana_gid for one in contracts.engagements.values()}
    return named - {""} - tasks.csh_tasks.keys() - tasks.tree.keys() - tasks.home.keys() - tasks.engagement_names.keys()


def _problems(world: World) -> str:
    problems = (*world.issues.problems, *world.tasks.problems, *world.contracts.problems, *world.ledger.problems)
    return hashlib.sha256(repr(sorted(map(repr, problems))).encode("utf-8", "backslashreplace")).hexdigest()
