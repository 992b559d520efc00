"""Whose an issue is, which allocation its minutes belong to, and where its task hangs (decisions D7 and D8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mappings.matching import CommunityTable, IssueText, Match, match
from sync.hours.dates import work_date
from sync.hours.ledger import settle
from sync.hours.sealing import is_sealed
from sync.hours.values import Posting, Settled, Whereabouts, WorkItem
from sync.mirror.identity import Mirror
from sync.mirror.leaving import Fate, NoTask, leaves_a_task
from sync.mirror.places import DEEPEST_SUBTASK, CshTasks, Place, Tree, folded, parents_first, place_of
from sync.mirror.world import Policy, World
from sync.model.change import TaskRef
from sync.model.contract import Allocation
from sync.model.issue import BoardUnknown, ScopedIssue
from sync.model.work import UNPLACED, StoredRow, Task

WAITING_DEPTH = 2
"""Where a root will hang at the deepest: below a CSH task that is itself a sub-task of its engagement."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything decided about one issue. *parent* is where its task should hang; None: nowhere, it waits.

    *by_person* tells that somebody placed the task, which then stays. *path* names the ancestors of an issue that is
    deeper than Asana allows.
    """

    scoped: ScopedIssue
    mirror: Mirror | None
    match: Match
    where: Whereabouts
    settled: Settled
    place: Place
    parent: TaskRef | None
    by_person: bool
    community_id: str
    depth: int
    path: tuple[str, ...] = ()

    @property
    def task(self) -> Task | None:
        """Return the issue's task, if it has one."""
        return self.mirror.task if self.mirror else None

    @property
    def ref(self) -> TaskRef:
        """Return the issue's task, existing or to be made."""
        return TaskRef(gid=self.task.gid) if self.task else TaskRef(issue_id=self.scoped.issue.id)

    @property
    def newest_allocation(self) -> str:
        """Return the allocation the issue counts for now: its target, or ``unplaced``."""
        return self.settled.target.allocation_id


def stored_postings(rows: Iterable[StoredRow]) -> tuple[Posting, ...]:
    """Return rows as the ledger sees them."""
    return tuple(
        Posting(
            allocation_id=stored.row.allocation_id,
            minutes=stored.row.minutes,
            end=stored.row.end,
            dated_by=stored.row.dated_by,
            late=stored.row.late,
            by_person=stored.row.placed_by == PERSON,
        )
        for stored in rows
    )


PERSON = "person"
ELSEWHERE = "elsewhere"
"""A person hung the task outside every CSH task: the place stays, the hours follow the evidence."""
SYNC = "sync"


class Deciding:
    """Decides issue by issue, parents first."""

    def __init__(self, world: World, policy: Policy, mirrors: Mapping[str, Mirror], fates: Mapping[str, Fate]) -> None:
        """Prepare. *fates* tell which issues have a task when this run is over."""
        self._fates = fates
        self._world = world
        self._policy = policy
        self._mirrors = mirrors
        self._contracts = world.contracts
        self._table = CommunityTable(world.contracts.communities.values())
        self.tree = Tree(world.tasks)
        self.csh_tasks = CshTasks(world.contracts, self.tree)
        self._timed = _allocations_with_time(world)
        self._decisions: dict[str, Decision] = {}

    def decide(self) -> dict[str, Decision]:
        """Return the decision for every issue in scope, by node id, parents before children."""
        issues = self._world.issues.issues
        for issue_id in parents_first({key: scoped.parent_id for key, scoped in issues.items()}):
            self._decisions[issue_id] = self._decide(issues[issue_id])
        return self._decisions

    def _decide(self, scoped: ScopedIssue) -> Decision:
        mirror = self._mirrors.get(scoped.issue.id)
        above = self._decisions.get(scoped.parent_id or "")
        found = self._match(scoped, above)
        place = place_of(mirror, self.tree) if mirror else Place("", moved=False, csh_gid="")
        where = self._by_evidence(scoped, found, above)
        settled = self._settle(scoped, mirror, where)
        parent, depth, path = self._parent(scoped, mirror, above, settled, place)
        recorded = mirror is not None and mirror.placed_by in {PERSON, ELSEWHERE}
        by_person = place.moved and (recorded or parent is None or parent.gid != place.parent_gid)
        if by_person or (above is None and not where.decided and place.parent_gid):
            parent = TaskRef(gid=place.parent_gid) if place.parent_gid else None
        if by_person and (place.csh_gid or not self._world.tasks.tree_complete):
            where = self._by_place(place.csh_gid)
            settled = self._settle(scoped, mirror, where)
        community = self._community(found, where, settled)
        return Decision(scoped, mirror, found, where, settled, place, parent, by_person, community, depth, path)

    def _match(self, scoped: ScopedIssue, above: Decision | None) -> Match:
        issue = scoped.issue
        board = issue.board_fields
        named = self._named_allocation(board.allocation) if board and board.allocation else None
        owner = self._contracts.community_of_project(named.project_id) if named else None
        text = IssueText(
            title=issue.title,
            body=issue.body,
            labels=issue.labels,
            board_community=board.community if board else "",
            board_allocation_community_id=owner.id if owner else "",
            board_unread=isinstance(issue.board, BoardUnknown),
        )
        parent_community = above.community_id or None if above else None
        return match(text, self._table, self._world.tickets, self._policy.ticket_host, parent_community)

    def _named_allocation(self, name: str) -> Allocation | None:
        """Return the one allocation that the board's ``Allocation`` field names, by record id or name."""
        allocations = self._contracts.allocations
        if name in allocations:
            return allocations[name]
        found = [item for item in allocations.values() if folded(item.name) == folded(name)]
        return found[0] if len(found) == 1 else None

    def _by_evidence(self, scoped: ScopedIssue, found: Match, above: Decision | None) -> Whereabouts:
        if not (self._contracts.complete and found.decided):
            return Whereabouts(decided=False)
        board = scoped.issue.board_fields
        named = self._named_allocation(board.allocation) if board and board.allocation else None
        if named and self._is_its_community(named, found):
            return Whereabouts(frozenset({named.project_id}), frozenset({named.id}))
        if found.kind == "parent" and above is not None:
            return Whereabouts(self._projects_of(above), decided=above.where.decided)
        if found.community_id is None:
            return Whereabouts(decided=False)
        return Whereabouts(frozenset(self._contracts.projects_of_community(found.community_id)))

    def _is_its_community(self, named: Allocation, found: Match) -> bool:
        owner = self._contracts.community_of_project(named.project_id)
        return owner is not None and found.community_id == owner.id

    def _projects_of(self, decision: Decision) -> frozenset[str]:
        """Return the project of a parent as settled, else all that could be meant."""
        allocation = self._contracts.allocations.get(decision.newest_allocation)
        return frozenset({allocation.project_id}) if allocation else decision.where.project_ids

    def _by_place(self, csh_gid: str) -> Whereabouts:
        projects = self.csh_tasks.projects(csh_gid)
        named = self.csh_tasks.allocations(csh_gid)
        return Whereabouts(projects, named, by_person=True, decided=bool(projects) and self._contracts.complete)

    def _settle(self, scoped: ScopedIssue, mirror: Mirror | None, where: Whereabouts) -> Settled:
        issue = scoped.issue
        item = WorkItem(
            owner=(mirror.owner if mirror else "") or issue.id,
            hours=issue.hours,
            work_date=work_date(issue, self._world.today, self._policy.zone),
            where=where,
            postings=stored_postings(mirror.rows) if mirror else (),
            delivered=not issue.closing.undelivered,
        )
        return settle(item, self._contracts, self._world.today)

    def _parent(
        self, scoped: ScopedIssue, mirror: Mirror | None, above: Decision | None, settled: Settled, place: Place
    ) -> tuple[TaskRef | None, int, tuple[str, ...]]:
        """Return where the task should hang by evidence, how deep that is, and the path where Asana cannot follow."""
        stays = TaskRef(gid=place.parent_gid) if place.parent_gid else None
        while above is not None and not leaves_a_task(fate := self._fates[above.scoped.issue.id]):
            if isinstance(fate, NoTask) and not fate.certain:
                return stays, WAITING_DEPTH, ()
            above = self._decisions.get(above.scoped.parent_id or "")
        if above is None:
            allocation = self._newest_with_minutes(scoped, mirror, settled)
            gid = self.csh_tasks.for_allocation(allocation, scoped.profile) if allocation else ""
            if allocation and not gid:
                return stays, WAITING_DEPTH, ()
            return (TaskRef(gid=gid) if gid else None), self.tree.depth(gid) + 1 if gid else WAITING_DEPTH, ()
        path: tuple[str, ...] = ()
        while above.depth >= DEEPEST_SUBTASK and (higher := self._decisions.get(above.scoped.parent_id or "")):
            path = (above.scoped.issue.title, *path)
            above = higher
        return above.ref, above.depth + 1, path

    def _newest_with_minutes(self, scoped: ScopedIssue, mirror: Mirror | None, settled: Settled) -> Allocation | None:
        """Return the newest allocation in which the issue has minutes; without any, the one of its work date."""
        holding = {posting.allocation_id for posting in settled.postings if posting.counted and posting.placed}
        if mirror and mirror.task:
            holding |= self._timed.get(mirror.task.gid, set())
        ids = holding & self._contracts.allocations.keys() or self._resting(scoped, settled)
        known = [self._contracts.allocations[one] for one in ids if one in self._contracts.allocations]
        return max(known, key=lambda item: (item.start or date.min, item.id), default=None)

    def _resting(self, scoped: ScopedIssue, settled: Settled) -> set[str]:
        """Return where an issue without minutes belongs: a seal sends new minutes elsewhere, but moves no task."""
        day = work_date(scoped.issue, self._world.today, self._policy.zone).day
        rows = ((row, self._contracts.allocations.get(row.allocation_id)) for row in settled.postings)
        kept = {row.allocation_id for row, held in rows if held and is_sealed(held) and (row.late or held.holds(day))}
        target = settled.target
        diverted = target.late or target.allocation_id == UNPLACED
        return (kept if diverted else set()) or {target.allocation_id} - {UNPLACED}

    def _community(self, found: Match, where: Whereabouts, settled: Settled) -> str:
        if where.by_person:
            owners = {owner.id for one in where.project_ids if (owner := self._contracts.community_of_project(one))}
            return next(iter(owners)) if len(owners) == 1 else ""
        if found.community_id is not None:
            return found.community_id
        allocation = self._contracts.allocations.get(settled.target.allocation_id)
        owner = self._contracts.community_of_project(allocation.project_id) if allocation else None
        return owner.id if owner else ""


def _allocations_with_time(world: World) -> dict[str, set[str]]:
    """Return, by task gid, the allocations in which its time logged in Asana counts already."""
    found: dict[str, set[str]] = {}
    for stored in world.ledger.rows.values():
        kind, _, gid = stored.row.owner.partition(":")
        if kind == "asana" and stored.row.minutes and stored.row.allocation_id != UNPLACED:
            found.setdefault(gid, set()).add(stored.row.allocation_id)
    return found
