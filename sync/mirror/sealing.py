"""Sealing as a part of the plan (decision D8): what was read well enough to be sealed, and the changes that do it."""

from collections.abc import Collection, Iterable, Iterator

from sync.hours.sealing import Seal, Unseal, sealing_of
from sync.mirror.deciding import Deciding, Decision
from sync.mirror.handmade import TimedWork
from sync.mirror.identity import Mirror
from sync.mirror.leaving import Fate
from sync.mirror.rows import Seals, sealed_mark
from sync.mirror.totals import group_name
from sync.mirror.world import Policy, World
from sync.model.change import About, SealAllocation
from sync.model.issue import BoardUnknown, Deleted, LabelLost, NotOnBoard, UnknownHours, Verdict
from sync.model.work import Row


def seals_when_over(world: World, wanted: Iterable[Seal | Unseal]) -> Seals:
    """Return which allocations are sealed when this run is over, *wanted* carried out."""
    allocations = world.contracts.allocations
    marks = {one.id: sealed_mark(one.sealing.on) for one in allocations.values() if one.sealing and not one.reopen}
    fixed = frozenset(marks)
    marks |= {one.allocation_id: sealed_mark(world.today) for one in wanted if isinstance(one, Seal)}
    return Seals(marks, fixed, frozenset(allocations))


def seal_changes(
    world: World, policy: Policy, wanted: Iterable[Seal | Unseal], rows: Collection[Row]
) -> Iterator[SealAllocation]:
    """Return the changes that seal and unseal; *rows* are all rows as they are when this run is over."""
    contracts = world.contracts
    for seal in wanted:
        allocation = contracts.allocations[seal.allocation_id]
        about = About(
            allocation.name, group=group_name(contracts.community_of_project(allocation.project_id), allocation)
        )
        if isinstance(seal, Seal):
            reason = f"ended {allocation.end} and {policy.grace_days} days of grace are over"
            sealing = sealing_of(allocation.id, rows, world.today)
            yield SealAllocation(allocation.id, sealing, about, reason, allocation.sealing)
        else:
            yield SealAllocation(allocation.id, None, about, "Reopen is ticked", allocation.sealing)


def readable_allocations(
    world: World,
    decisions: Iterable[Decision],
    left: Iterable[tuple[Mirror, Fate]],
    timed: Iterable[TimedWork],
    deciding: Deciding,
) -> frozenset[str]:
    """Return the allocations whose rows, issues and CSH task were all read.

    *left* are the known issues that are out of scope, *timed* is hand-made work.
    """
    if not world.complete:
        return frozenset()
    unread = [decision for decision in decisions if _hours_unread(decision)]
    blocked = {posting.allocation_id for decision in unread for posting in decision.settled.postings}
    for mirror, _ in left:
        if not isinstance(verdict_on(mirror, world), LabelLost | Deleted):
            blocked |= {item.row.allocation_id for item in mirror.rows}
    for work in timed:
        if work.unread:
            blocked |= {posting.allocation_id for posting in work.settled.postings}
            blocked |= {one.id for one in world.contracts.allocations_of(work.where.project_ids)}
    blocked |= {key.rpartition("@")[2] for key in world.ledger.twins}
    blocked |= {one.id for one in world.contracts.allocations.values() if deciding.csh_tasks.unseen(one)}
    return frozenset(world.contracts.allocations) - blocked


def verdict_on(mirror: Mirror, world: World) -> Verdict | None:
    """Return what GitHub says became of a known issue out of scope; None when it was not asked."""
    return world.issues.verdicts.get(mirror.known.url or mirror.known.id)


def _hours_unread(decision: Decision) -> bool:
    issue = decision.scoped.issue
    if isinstance(issue.board, NotOnBoard):
        return False
    return isinstance(issue.board, BoardUnknown) or isinstance(issue.hours, UnknownHours)
