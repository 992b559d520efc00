"""Proposed statuses of engagements: from what was read to proposals, and to the cells that hold them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sync.hours.engagements import is_active, is_owed
from sync.hours.status import Colour, Deliveries, Due, Proposal, propose_status
from sync.mirror.deciding import Decision
from sync.mirror.outside import AFTER, rows_outside
from sync.mirror.world import Policy, World
from sync.model.change import About, WriteProposal
from sync.model.contract import Contracts, Engagement, ProposedStatus
from sync.model.issue import Closing
from sync.model.work import Row


@dataclass
class _Gathered:
    open: list[Due] = field(default_factory=list)
    after: list[Row] = field(default_factory=list)
    minutes: int = 0


def proposals(
    world: World, policy: Policy, decisions: Iterable[Decision], rows: Iterable[Row]
) -> Mapping[str, Proposal]:
    """Return a proposal for each engagement that runs or was won, by record id; none when anything was read in part.

    One that has ended keeps people's last word, unless work goes on: then it is Red.
    """
    if not world.complete:
        return {}
    contracts, rules, today = world.contracts, policy.engagements, world.today
    delivered = _deliveries(world, tuple(decisions), tuple(rows))
    found = {
        one.id: propose_status(one, contracts, delivered.get(one.id, Deliveries()), rules, today)
        for one in sorted(contracts.engagements.values(), key=lambda one: (one.name, one.id))
        if is_active(one, rules, today) or is_owed(one, rules, today)
    }
    over = {one.id for one in contracts.engagements.values() if one.end and one.end < today}
    return {one: proposal for one, proposal in found.items() if one not in over or proposal.colour is Colour.RED}


def _deliveries(world: World, decisions: tuple[Decision, ...], rows: tuple[Row, ...]) -> Mapping[str, Deliveries]:
    contracts = world.contracts
    found: dict[str, _Gathered] = {one: _Gathered() for one in contracts.engagements}
    for decision in decisions:
        issue = decision.scoped.issue
        engagement = _engagement_of(decision, contracts, world.today)
        if engagement and issue.closing is Closing.OPEN:
            board = issue.board_fields
            found[engagement.id].open.append(Due(issue.reference, board.end if board else None))
    for row in rows:
        if owner := contracts.engagement_of(row.allocation_id):
            found[owner.id].minutes += row.minutes or 0
    for (engagement_id, side), outside in rows_outside(rows, decisions, contracts).items():
        if side == AFTER:
            found[engagement_id].after += outside
    return {
        engagement_id: Deliveries(
            tuple(sorted(one.open, key=lambda due: (due.on or date.max, due.reference))),
            sum(row.minutes or 0 for row in one.after),
            max((row.end for row in one.after if row.end), default=None),
            one.minutes,
        )
        for engagement_id, one in found.items()
    }


def _engagement_of(decision: Decision, contracts: Contracts, today: date) -> Engagement | None:
    """Return the engagement an issue counts for; without a place, the running one of its community, else the last."""
    if decision.newest_allocation in contracts.allocations:
        return contracts.engagement_of(decision.newest_allocation)
    own = [
        one
        for one in contracts.engagements.values()
        if decision.community_id and one.community_id == decision.community_id and one.start and one.start <= today
    ]
    return max(own, key=lambda one: (one.end or date.max, one.id), default=None)


def status_writes(proposed: Mapping[str, Proposal], contracts: Contracts) -> tuple[WriteProposal, ...]:
    """Return the writes for engagements whose cells say something else; none where the base has no such columns."""
    writes = []
    for engagement in contracts.engagements.values():
        one, before = proposed.get(engagement.id), engagement.proposed
        wanted = ProposedStatus(one.colour.value, one.reason) if one else ProposedStatus()
        after = ProposedStatus(
            None if before.status is None else wanted.status,
            None if before.reason is None else wanted.reason,
        )
        if _plain(before) != _plain(after):
            owner = contracts.communities.get(engagement.community_id)
            about = About(engagement.name or engagement.id, group=owner.name if owner else "")
            reason = one.reason if one else "the engagement does not run"
            writes.append(WriteProposal(engagement.id, before, after, about, reason))
    return tuple(sorted(writes, key=lambda write: write.engagement_id))


def _plain(one: ProposedStatus) -> tuple[str, str]:
    return (one.status or "").strip(), (one.reason or "").strip()
