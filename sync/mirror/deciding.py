"""Whose an issue is, which allocation its minutes belong to, and where its task hangs (decisions D7 and D8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from mappings.matching.recalling import recalled_match
from mappings.matching.table import CommunityTable
from mappings.matching.values import IssueText, Kind, Match
from sync.hours.dates import work_date
from sync.hours.entries import settle_entries
from sync.hours.ledger import settle
from sync.hours.sealing import is_sealed
from sync.hours.values import Posting, Settled, Whereabouts, WorkDate, WorkItem
from sync.mirror.identity import Mirror
from sync.mirror.leaving import OUT_OF_SIGHT, Fate, Hold, NoTask, Remove, leaves_a_task
from sync.mirror.placeholders import Placeholder, placeholders
from sync.mirror.places import DEEPEST_SUBTASK, CshTasks, Place, Tree, folded, parents_first, place_of
from sync.mirror.setting_aside import planning
from sync.mirror.world import Policy, World
from sync.model.change import TaskRef
from sync.model.contract import Allocation
from sync.model.issue import BoardUnknown, EmptyHours, ScopedIssue
from sync.model.memo import Memo, NoMemo
from sync.model.work import UNPLACED, StoredRow, Task

EXPLICIT = (Kind.BOARD, Kind.FORM, Kind.LABEL)
WAITING_DEPTH = 2
"""Where a root will hang at the deepest: below a CSH task that is itself a sub-task of its engagement."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything decided about one issue. *parent* is where its task should hang; None: nowhere, it waits.

    *by_person* tells that somebody placed the task, which then stays. *path* names the ancestors of an issue that is
    deeper than Asana allows. *without_csh* is the allocation it belongs under whose CSH task cannot be told.
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
    without_csh: str = ""
    placeholder: Placeholder | None = None
    """What its ``Mirrors:`` line means; *scoped* holds the hours as they count."""

    @property
    def stands_for(self) -> str | None:
        """Return the node id of the issue of which it is a placeholder, None when it is none."""
        return self.placeholder.target if self.placeholder else None

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


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where evidence wants a task: its parent, how deep that is, and what a `Decision` says of it."""

    parent: TaskRef | None
    depth: int = WAITING_DEPTH
    path: tuple[str, ...] = ()
    without_csh: str = ""


class Deciding:
    """Decides issue by issue, parents first."""

    def __init__(
        self,
        world: World,
        policy: Policy,
        mirrors: Mapping[str, Mirror],
        fates: Mapping[str, Fate],
        left: Iterable[tuple[Mirror, Fate]] = (),
        *,
        memo: Memo | None = None,
    ) -> None:
        """Prepare. *fates* tell which issues have a task when this run is over; *left* are known ones out of scope."""
        self._fates = fates
        self._memo = memo or NoMemo()
        self._world = world
        self._policy = policy
        self._mirrors = mirrors
        self._contracts = world.contracts
        self._table = CommunityTable(world.contracts.communities.values())
        self.tree = Tree(world.tasks)
        self.csh_tasks = CshTasks(world.contracts, self.tree)
        gone = [(mirrors.get(issue_id), fate) for issue_id, fate in fates.items()] + list(left)
        self._going = {one.task.gid for one, fate in gone if one and one.task and isinstance(fate, Remove)}
        self._out_of_sight = {
            one.task.gid for one, fate in left if one.task and isinstance(fate, Hold) and fate.kind == OUT_OF_SIGHT
        }
        self._kept = {twin.gid: one.task.gid for one in mirrors.values() if one.task for twin in one.twins}
        self._timed = _time_rows(world)
        self._placeholders = placeholders(world.issues, policy.organisation)
        self._decisions: dict[str, Decision] = {}

    def decide(self) -> dict[str, Decision]:
        """Return the decision for every issue in scope, by node id, parents before children."""
        issues = self._world.issues.issues
        for issue_id in parents_first({key: scoped.parent_id for key, scoped in issues.items()}):
            with planning(issue_id):
                self._decisions[issue_id] = self._decide(issues[issue_id])
        return self._decisions

    def remaining(self, gid: str, below: str = "") -> TaskRef | None:
        """Return the nearest task at or above *gid* that stays in this run; None when there is none.

        For a twin that was told of it is the task kept in its place, unless that is *below*, the task that asks.
        """
        seen, told = {below}, self._world.told_twins & self._kept.keys()
        while gid in self._going or (gid in told and gid not in seen):
            seen.add(gid)
            kept = self._kept.get(gid, below)
            gid = self.tree.parent(gid) if kept in seen else kept
        return TaskRef(gid=gid) if gid else None

    def _decide(self, scoped: ScopedIssue) -> Decision:
        placeholder = self._placeholders.get(scoped.issue.id)
        if placeholder:
            scoped = replace(scoped, issue=placeholder.counted(scoped.issue))
        mirror = self._mirrors.get(scoped.issue.id)
        above = self._decisions.get(scoped.parent_id or "")
        place = place_of(mirror, self.tree) if mirror else Place("", moved=False, csh_gid="")
        found = self._match(scoped, above)
        where = self._by_evidence(scoped, found, above)
        # GitHub does not show a parent that the token cannot see: its task still tells where the sub-issue belongs.
        below_unseen = above is None and not place.moved and place.parent_gid in self._out_of_sight
        if below_unseen and found.kind not in EXPLICIT:
            where = Whereabouts(decided=False)
        settled = self._settle(scoped, mirror, where)
        spot = self._spot(scoped, mirror, above, settled, place)
        by_person = self._is_by_person(mirror, place, spot.parent)
        held = isinstance(self._fates[scoped.issue.id], Hold)
        if by_person or held or below_unseen or (above is None and not where.decided and place.parent_gid):
            spot = self._staying(mirror, place, spot)
        if by_person and (place.csh_gid or self._is_out_of_sight(mirror, place)):
            where = self._by_place(place.csh_gid)
            settled = self._settle(scoped, mirror, where)
        return Decision(
            scoped=scoped,
            mirror=mirror,
            match=found,
            where=where,
            settled=settled,
            place=place,
            parent=spot.parent,
            by_person=by_person,
            community_id=self._community(found, where, settled),
            depth=spot.depth,
            path=spot.path,
            without_csh=spot.without_csh,
            placeholder=placeholder,
        )

    def _is_by_person(self, mirror: Mirror | None, place: Place, wanted: TaskRef | None) -> bool:
        """Tell whether a person placed the task: neither where we last put it, nor merely where it goes by now.

        Below a twin it goes where the task goes that is kept in its place.
        """
        recorded = mirror is not None and mirror.placed_by in {PERSON, ELSEWHERE}
        now = self._kept.get(place.parent_gid, place.parent_gid)
        return place.moved and (recorded or wanted is None or wanted.gid != now)

    def _is_out_of_sight(self, mirror: Mirror | None, place: Place) -> bool:
        """Tell whether a person's place may be below a CSH task that was not seen in this run."""
        was_below_one = mirror is not None and mirror.placed_by == PERSON
        return not self._world.tasks.tree_complete or (was_below_one and self.tree.ends_unseen(place.parent_gid))

    def _staying(self, mirror: Mirror | None, place: Place, spot: _Spot) -> _Spot:
        """Return where a task hangs now; below a task that goes, it moves up."""
        own = mirror.task.gid if mirror and mirror.task else ""
        depth = self.tree.depth(own) if own and place.parent_gid else WAITING_DEPTH
        return replace(spot, parent=self.remaining(place.parent_gid, own), depth=depth, path=())

    def _match(self, scoped: ScopedIssue, above: Decision | None) -> Match:
        issue = scoped.issue
        board = issue.board_fields
        owners = {self._owner(one) for one in self._named_allocations(scoped)}
        text = IssueText(
            title=issue.title,
            body=issue.body,
            labels=issue.labels,
            board_community=board.community if board else "",
            board_allocation_community_id=owners.pop() if len(owners) == 1 else "",
            board_unread=isinstance(issue.board, BoardUnknown) or bool(board and board.whose_unread),
        )
        parent_community = above.community_id or None if above else None
        tickets, host = self._world.tickets, self._policy.ticket_host
        return recalled_match(text, self._table, tickets, host, parent_community, memo=self._memo, place=issue.id)

    def _named_allocations(self, scoped: ScopedIssue) -> tuple[Allocation, ...]:
        """Return the allocations that the board's ``Allocation`` field names, by record id or name."""
        board = scoped.issue.board_fields
        name = folded(board.allocation) if board else ""
        known = self._contracts.allocations.values()
        return tuple(one for one in known if name and name in {folded(one.id), folded(one.name)})

    def _owner(self, allocation: Allocation) -> str:
        owner = self._contracts.community_of_project(allocation.project_id)
        return owner.id if owner else ""

    def _by_evidence(self, scoped: ScopedIssue, found: Match, above: Decision | None) -> Whereabouts:
        if not (self._contracts.complete and found.decided):
            return Whereabouts(decided=False)
        named = [one for one in self._named_allocations(scoped) if found.community_id == self._owner(one)]
        if named:
            return Whereabouts(frozenset(one.project_id for one in named), frozenset(one.id for one in named))
        if found.kind == Kind.PARENT and above is not None:
            return Whereabouts(self._projects_of(above), decided=above.where.decided)
        if found.community_id is None:
            return Whereabouts(decided=False)
        projects = self._contracts.projects_of_community(found.community_id)
        several = len(self._policy.profiles) > 1 and not self._world.tasks.tree_complete
        if several and not all(map(self.csh_tasks.is_linked, projects)):
            return Whereabouts(decided=False)  # the CSH task that tells whose hours they are may not have been read
        return Whereabouts(frozenset(one for one in projects if self.csh_tasks.serves(one, scoped.profile)))

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
            postings=stored_postings(mirror.own_rows) if mirror else (),
            delivered=not issue.closing.undelivered,
            sealed_elsewhere=self._sealed_elsewhere(mirror),
        )
        return settle(item, self._contracts, self._world.today, self._policy.grace_days)

    def _sealed_elsewhere(self, mirror: Mirror | None) -> int:
        """Return the minutes of an issue that are sealed under another of its node ids."""
        keys = {stored.row.key for stored in mirror.stray_rows} if mirror else set()
        sealings = (one.sealing for one in self._contracts.allocations.values() if is_sealed(one))
        return sum(sealing.rows.get(key, 0) for sealing in sealings if sealing for key in keys) if keys else 0

    def _spot(
        self, scoped: ScopedIssue, mirror: Mirror | None, above: Decision | None, settled: Settled, place: Place
    ) -> _Spot:
        """Return where the task should hang by evidence."""
        stays = TaskRef(gid=place.parent_gid) if place.parent_gid else None
        while above is not None and not leaves_a_task(fate := self._fates[above.scoped.issue.id]):
            if isinstance(fate, NoTask) and not fate.certain:
                return _Spot(stays)
            above = self._decisions.get(above.scoped.parent_id or "")
        if above is None:
            allocation = self._newest_with_minutes(scoped, mirror, settled)
            gid = self.csh_tasks.for_allocation(allocation, scoped.profile) if allocation else ""
            if gid:
                return _Spot(TaskRef(gid=gid), self.tree.depth(gid) + 1)
            return _Spot(stays, without_csh=allocation.id) if allocation else _Spot(None)
        path: tuple[str, ...] = ()
        while above.depth >= DEEPEST_SUBTASK and (higher := self._decisions.get(above.scoped.parent_id or "")):
            path = (above.scoped.issue.title, *path)
            above = higher
        return _Spot(above.ref, above.depth + 1, path)

    def _newest_with_minutes(self, scoped: ScopedIssue, mirror: Mirror | None, settled: Settled) -> Allocation | None:
        """Return the newest allocation in which the issue has minutes; without any, the one of its work date."""
        holding = _with_minutes(settled) & self._contracts.allocations.keys()
        resting = self._resting(scoped, settled)
        if mirror and mirror.task:
            holding |= self._with_time(mirror.task, self._newest(holding or resting))
        return self._newest(holding & self._contracts.allocations.keys() or resting)

    def _newest(self, ids: Iterable[str]) -> Allocation | None:
        known = [self._contracts.allocations[one] for one in ids if one in self._contracts.allocations]
        return max(known, key=lambda item: (item.start or date.min, item.id), default=None)

    def _with_time(self, task: Task, near: Allocation | None) -> set[str]:
        """Return the allocations in which time logged on a task counts, by its entries in the project of *near*.

        Where the entries are not known, those of its rows.
        """
        rows, entries = self._timed.get(task.gid, []), self._world.time.entries.get(task.gid)
        if entries is None or near is None or not self._contracts.complete:
            return {one.row.allocation_id for one in rows if one.row.minutes and one.row.allocation_id != UNPLACED}
        item = WorkItem(
            owner=f"asana:{task.gid}",
            hours=EmptyHours(),
            work_date=WorkDate(self._world.today, "today"),
            where=Whereabouts(frozenset({near.project_id})),
            postings=stored_postings(rows),
        )
        settled = settle_entries(item, entries, self._contracts, self._world.today, self._policy.grace_days).settled
        return _with_minutes(settled)

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


def _with_minutes(settled: Settled) -> set[str]:
    return {posting.allocation_id for posting in settled.postings if posting.counted and posting.placed}


def _time_rows(world: World) -> dict[str, list[StoredRow]]:
    """Return the rows of time logged in Asana by task gid."""
    found: dict[str, list[StoredRow]] = {}
    for stored in world.ledger.rows.values():
        kind, _, gid = stored.row.owner.partition(":")
        if kind == "asana":
            found.setdefault(gid, []).append(stored)
    return found
