"""From what is to what should be: one plan for all services, in the order in which it is written."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mappings.people import People, people_table
from mappings.task import BUILT_IN
from sync.hours.sealing import Seal, Unseal, seals
from sync.hours.status import Proposal
from sync.hours.usage import Usage
from sync.mirror.back_links import back_links
from sync.mirror.deciding import Deciding, Decision
from sync.mirror.differences import desired_task, differences, names_to_write, removal
from sync.mirror.family import Family, family
from sync.mirror.handmade import TimedWork, timed_work
from sync.mirror.identity import Mirror, identify, short_reference
from sync.mirror.leaving import Fate, Hold, Keep, Make, NoTask, Remove, fate_in_scope, fate_out_of_scope, leaves_a_task
from sync.mirror.noting import is_noted, spent_allocations
from sync.mirror.planned import planned_work
from sync.mirror.rows import Seals, issue_rows, leaving_rows, mended_seals, timed_rows
from sync.mirror.sealing import readable_allocations, seal_changes, seals_when_over, verdict_on
from sync.mirror.setting_aside import MOST_SET_ASIDE, Unplannable, planning, set_aside
from sync.mirror.statuses import proposals, status_writes
from sync.mirror.totals import Totaling, group_name
from sync.mirror.twins import going_twins, row_removals, twin_removals
from sync.mirror.waiting import about_issue, waiting_issues
from sync.mirror.world import Policy, World
from sync.model.change import (
    About,
    Change,
    CreateTask,
    FieldChange,
    Held,
    PlaceTask,
    Plan,
    RehomeTask,
    RemoveTask,
    TaskDraft,
    TaskRef,
    UpdateTask,
    WriteRows,
)
from sync.model.issue import LabelLost
from sync.model.memo import Memo, NoMemo
from sync.model.reading import Problem
from sync.model.work import Row, Task


@dataclass(frozen=True, slots=True)
class Assessment:
    """A plan, and every decision behind it for ``explain``. *world* is what was planned on."""

    plan: Plan
    world: World
    decisions: Mapping[str, Decision]
    fates: Mapping[str, Fate]
    left: tuple[tuple[Mirror, Fate], ...]
    timed: tuple[TimedWork, ...]
    rows: Mapping[str, Row]
    people: People
    usages: Mapping[str, Usage] = field(default_factory=dict)
    """By allocation id."""
    proposals: Mapping[str, Proposal] = field(default_factory=dict)
    """By engagement id; empty when anything was read in part."""
    noted: frozenset[str] = frozenset()
    """The issues that came in when their period had no hours left, by node id."""
    family: Family | None = None
    """The tree that the plan is about, where it is about one alone."""


def assess(world: World, policy: Policy, addresses: Collection[str] = (), memo: Memo | None = None) -> Assessment:
    """Compare what is with what should be and return the plan; nothing is written.

    With *addresses* the plan holds the changes of these issues and their trees alone (requirement 109); no period is
    sealed then. All that the assessment holds besides is of the whole world. What *memo* knows is not worked out again;
    it hears what is.
    """
    memo = memo or NoMemo()
    while True:
        try:
            return _Planner(world, policy, addresses, memo).assess()
        except Unplannable as failure:
            if len(world.set_aside) >= MOST_SET_ASIDE:
                raise
            world = set_aside(world, failure)


class _Planner:
    def __init__(self, world: World, policy: Policy, addresses: Collection[str], memo: Memo) -> None:
        self._world = world
        self._memo = memo
        self._policy = policy
        self._addresses = addresses
        tasks = {**world.tasks.home, **{gid: task for gid, task in world.lookups.items() if task is not None}}
        self._mirrors, left = identify(world.issues, tasks, world.ledger, policy.organisation, world.human_content)
        every = (*self._mirrors.values(), *left)
        mirrored = {mirror.task.gid for mirror in every if mirror.task}
        self._going_twins = going_twins(self._mirrors.values(), world, mirrored)
        self._fates = {
            issue_id: fate_in_scope(scoped.issue, self._mirrors.get(issue_id), world, policy, mirrored)
            for issue_id, scoped in world.issues.issues.items()
        }
        self._left = tuple((one, fate_out_of_scope(one, verdict_on(one, world), world, mirrored)) for one in left)
        self._deciding = Deciding(world, policy, self._mirrors, self._fates, self._left, memo=memo)
        self._decisions = self._deciding.decide()
        self._timed = timed_work(world, policy, self._deciding, self._decisions)
        table = people_table(policy.people, world.contracts.contacts.values())
        self._people = People(table, world.tasks.users, complete=world.tasks.users_complete)
        self._held_owners = frozenset(key.rpartition("@")[0] for key in world.ledger.twins)
        self._drafts: dict[str, TaskDraft] = {}
        self._noted: set[str] = set()
        self._held: list[Held] = []
        self._removals: list[RemoveTask] = []
        self._rows: dict[str, Row] = {}
        self._unchanged = 0

    def assess(self) -> Assessment:
        """Build the plan: issues parents first, then leaving ones, removals, hand-made time, seals and totals."""
        wanted_seals = self._seals()
        seals_after = seals_when_over(self._world, wanted_seals)
        changes: list[Change] = []
        for issue_id, decision in self._decisions.items():
            with planning(issue_id):
                changes += self._issue(decision, seals_after)
        leaving = [change for mirror, fate in self._left for change in self._leaving(mirror, fate)]
        changes += [change for change in leaving if isinstance(change, PlaceTask)]
        changes += self._leaves_first()
        changes += [change for change in leaving if not isinstance(change, PlaceTask)]
        changes += self._hand_made_time(seals_after)
        mended = mended_seals(self._world.contracts, self._rows, self._world.ledger, seals_after)
        self._remember(row for row, _ in mended)
        changes += [write for _, write in mended]
        changes += row_removals(self._world)
        changes += seal_changes(self._world, self._policy, wanted_seals, self._rows.values())
        totaling = self._totaling(self._rows.values())
        if self._world.contracts.complete and self._world.ledger.complete:
            changes += totaling.totals()
            changes += totaling.csh_hours(self._deciding)
        proposed = proposals(self._world, self._policy, self._decisions.values(), self._rows.values())
        if self._world.complete:
            changes += status_writes(proposed, self._world.contracts)
        changes += back_links(self._world, self._policy, self._decisions.values(), self._fates)
        waiting = waiting_issues(self._decisions.values(), self._fates, self._world.contracts, self._deciding.csh_tasks)
        plan = Plan(
            changes=tuple(changes),
            held=tuple(self._held),
            waiting=tuple(waiting),
            problems=self._problems(),
            unchanged=self._unchanged,
            mirror_size=sum(1 for mirror in (*self._mirrors.values(), *(one for one, _ in self._left)) if mirror.task),
            complete=self._world.readings,
            set_aside=len(self._world.set_aside),
            standings=totaling.standings(),
        )
        tree = self._family() if self._addresses else None
        return Assessment(
            self._of_the_tree(tree, plan) if tree else plan,
            self._world,
            self._decisions,
            self._fates,
            self._left,
            self._timed,
            self._rows,
            self._people,
            totaling.usages,
            proposed,
            frozenset(self._noted),
            tree,
        )

    # One issue and its tree alone.

    def _family(self) -> Family:
        issues, tasks = self._world.issues.issues, self._deciding.tree.tasks
        return family(self._addresses, issues, self._mirrors, self._left, fates=self._fates, tasks=tasks)

    def _of_the_tree(self, tree: Family, plan: Plan) -> Plan:
        """Return what of *plan* is about *tree*, with the totals as they are when nothing else is written."""
        ledger = self._world.ledger
        kept = [change for change in plan.changes if tree.holds(change)]
        if self._world.contracts.complete and ledger.complete:
            touched = tree.allocations(self._rows, ledger)
            touched |= {self._decisions[one].newest_allocation for one in tree.ids}
            totaling = self._totaling(tree.rows_after(self._rows, ledger))
            kept += [write for write in totaling.totals() if write.allocation_id in touched]
            kept += [write for write in totaling.csh_hours(self._deciding) if write.allocation_id in touched]
        return tree.part_of(plan, kept)

    # One issue in scope: its task, its place, its rows.

    def _issue(self, decision: Decision, seals_after: Seals) -> Iterator[Change]:
        issue_id = decision.scoped.issue.id
        fate = self._fates[issue_id]
        about = about_issue(decision, self._world.contracts)
        changes = [*self._task(decision, fate, about), *self._place(decision, fate, about)]
        self._removals += twin_removals(decision.mirror, self._going_twins, about)
        if leaves_a_task(fate) or decision.mirror:
            rows, write = issue_rows(decision, fate, self._policy, seals_after, about)
            changes += self._writable(rows, write, decision.mirror)
        self._drafts.pop(issue_id, None)  # changes hold it; nobody asks for the others again
        if isinstance(fate, Hold):
            self._held.append(Held(about, fate.reason))
        if not changes and not isinstance(fate, Remove | NoTask):
            self._unchanged += 1
        yield from changes

    def _task(self, decision: Decision, fate: Fate, about: About) -> Iterator[Change]:
        issue, task = decision.scoped.issue, decision.task
        wanted = self._wanted(decision)
        if isinstance(fate, Make):
            yield CreateTask(issue.id, wanted, about, fate.reason)
        elif isinstance(fate, Remove) and task:
            self._removals.append(removal(task, about, fate.reason))
        elif task and not isinstance(fate, NoTask):
            names = names_to_write(issue, self._world, self._people)
            left = isinstance(fate, Keep) and fate.rehome
            if left or ("github_url" in names and not task.fields.has("github_url")):
                why = "it left the home project" if left else "our fields are missing on it"
                why = f"{why}; added again, its fields are written again"
                yield RehomeTask(task.gid, wanted, about, why, was_home=not left)
                names = tuple(name for name in names if name in BUILT_IN)
            if changed := differences(decision, task, wanted, names, self._memo):
                yield UpdateTask(task.gid, changed, wanted, about, _why_updated(changed))

    def _wanted(self, decision: Decision) -> TaskDraft:
        """Return the task an issue should be."""
        issue_id = decision.scoped.issue.id
        if issue_id not in self._drafts:
            wording = self._policy.wording
            if is_noted(decision, self._spent, wording.no_hours_left):
                self._noted.add(issue_id)
            noted = issue_id in self._noted
            self._drafts[issue_id] = desired_task(decision, self._world, self._people, noted=noted, wording=wording)
        return self._drafts[issue_id]

    @cached_property
    def _spent(self) -> frozenset[str]:
        """The allocations that had no hours left before this run."""
        return spent_allocations(self._world)

    def _place(self, decision: Decision, fate: Fate, about: About) -> Iterator[Change]:
        if not leaves_a_task(fate):
            return
        before = decision.task.parent_gid if decision.task else ""
        now = decision.parent
        if (now.gid if now else "") == before and not (now and now.issue_id):
            return
        if not now and not before:
            return
        first = decision.task is None or not (decision.mirror and decision.mirror.placed_under)
        yield PlaceTask(
            decision.ref,
            now,
            before,
            about,
            self._why_placed(decision, before),
            counts=not first and not self._is_period_turn(decision, before),
            draft=self._wanted(decision),
        )

    def _is_period_turn(self, decision: Decision, before: str) -> bool:
        """Tell whether a root only moves from one CSH task to another of the same project."""
        if decision.parent is None or not decision.parent.gid:
            return False
        csh = self._deciding.csh_tasks
        return bool(csh.projects(before) & csh.projects(decision.parent.gid))

    def _why_placed(self, decision: Decision, before: str) -> str:
        if before and self._deciding.remaining(before) != TaskRef(gid=before):
            return "its parent's task is removed"
        if decision.parent is None:
            return f"waits in the home project: {decision.settled.target.reason}"
        above = self._decisions.get(decision.scoped.parent_id or "")
        if above is not None:
            return f"sub-issue of {above.scoped.issue.reference}"
        by = "" if decision.match.kind == "none" else f"by {decision.match.kind}; "
        return by + self._target(decision)

    def _target(self, decision: Decision) -> str:
        target = decision.settled.target
        allocation = self._world.contracts.allocations.get(target.allocation_id)
        return f"{allocation.name}: {target.reason}" if allocation else target.reason

    # Issues that are no longer in scope.

    def _leaving(self, mirror: Mirror, fate: Fate) -> Iterator[Change]:
        task = mirror.task
        contracts = self._world.contracts
        newest = mirror.rows[-1].row if mirror.rows else None
        allocation = contracts.allocations.get(newest.allocation_id) if newest else None
        owner = contracts.community_of_project(allocation.project_id) if allocation else None
        url = mirror.known.url
        name = task.name if task else (newest.title if newest else url)
        verdict = verdict_on(mirror, self._world)
        public = isinstance(verdict, LabelLost) and not verdict.issue.private
        about = About(name, short_reference(url), url, group_name(owner, allocation), public)
        moved = self._re_homed(task) if task and isinstance(fate, Hold) else None
        rows, write = leaving_rows(mirror, fate, about, moved)
        written = self._writable(rows, write, mirror)
        if isinstance(fate, Remove) and task:
            self._removals.append(removal(task, about, fate.reason))
        if isinstance(fate, Hold):
            self._held.append(Held(about, fate.reason))
        if moved:
            yield moved
        yield from written

    def _re_homed(self, task: Task) -> PlaceTask | None:
        """Return the move of a task that is held, when the one above it goes (decision D6)."""
        parent = self._deciding.remaining(task.parent_gid)
        if (parent.gid if parent else "") == task.parent_gid:
            return None
        about = About(task.name, url=task.permalink)
        return PlaceTask(TaskRef(gid=task.gid), parent, task.parent_gid, about, "its parent's task is removed")

    def _leaves_first(self) -> list[RemoveTask]:
        return sorted(self._removals, key=lambda change: -self._deciding.tree.depth(change.gid))

    # Hand-made time, seals.

    def _hand_made_time(self, seals_after: Seals) -> Iterator[Change]:
        seen: set[str] = set()
        for work in self._timed:
            seen |= work.stored.keys()
            allocation = self._world.contracts.allocations.get(work.settled.target.allocation_id)
            owner = self._world.contracts.community_of_project(allocation.project_id) if allocation else None
            about = About(work.task.name, "Asana time", work.task.permalink, group_name(owner, allocation))
            rows, write = timed_rows(work, seals_after, about)
            if work.settled.owner in self._held_owners:
                rows, write = tuple(item.row for item in work.stored.values()), None
            self._remember(rows)
            if write:
                yield write
        gone = {key: item.row for key, item in self._world.ledger.rows.items() if item.row.owner.startswith("asana:")}
        self._remember(row for key, row in gone.items() if key not in seen)

    def _seals(self) -> tuple[Seal | Unseal, ...]:
        """Return which allocations to seal or to unseal in this run."""
        if self._addresses:
            return ()
        readable = readable_allocations(self._world, self._decisions.values(), self._left, self._timed, self._deciding)
        return seals(self._world.contracts, readable, self._world.today, self._policy.grace_days)

    def _totaling(self, rows: Iterable[Row]) -> Totaling:
        csh_tasks = self._deciding.csh_tasks
        profiles = {
            allocation_id: csh.profile
            for gid, csh in self._deciding.tree.csh_tasks.items()
            for allocation_id in csh_tasks.allocations(gid)
        }
        planned = planned_work(self._world, self._decisions.values())
        return Totaling(self._world, self._policy, rows, planned, profiles)

    # The rest of the plan.

    def _remember(self, rows: Iterable[Row]) -> None:
        for row in rows:
            stored = self._world.ledger.rows.get(row.key)
            # Equal to what is stored, mostly: kept once.
            self._rows[row.key] = stored.row if stored and stored.row == row else row

    def _writable(self, rows: Iterable[Row], write: WriteRows | None, mirror: Mirror | None) -> list[Change]:
        """Return the write, unless a key of the owner stands twice or could not be read: then its rows are held."""
        owner = write.owner if write else ""
        if owner in self._held_owners:
            if mirror:
                self._remember(item.row for item in mirror.rows)
            return []
        self._remember(rows)
        return [write] if write else []

    def _problems(self) -> tuple[Problem, ...]:
        world = self._world
        asana = (*world.tasks.problems, *world.time.problems)
        return (*world.issues.problems, *asana, *world.contracts.problems, *world.ledger.problems)


def _why_updated(changes: Iterable[FieldChange]) -> str:
    edited = [change.name for change in changes if change.edited_in_asana]
    return f"edited in Asana, overwritten: {', '.join(edited)}" if edited else "the issue changed"
