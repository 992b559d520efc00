"""Which initiatives are to be made: of upcoming allocations whose time to be planned has come (requirement 73)."""

from collections.abc import Iterator
from datetime import date

from mappings.initiative import initiative_draft, task_draft
from sync.mirror.upcoming import upcoming_allocations
from sync.mirror.world import Policy, World
from sync.model.change import About, MakeInitiative
from sync.model.contract import Allocation
from sync.model.initiative import Initiative, Step


def missing_initiatives(world: World, policy: Policy) -> tuple[MakeInitiative, ...]:
    """Return the initiatives to make or to complete, by start.

    None when the planning repository is not looked at, or the contracts were not read whole. What a person noted in
    *Initiative URL* is an initiative, wherever it is; one of ours whose address is not noted yet is completed.
    """
    if world.initiatives is None or not world.contracts.complete:
        return ()
    due = {one.allocation_id for one in upcoming_allocations(world, policy) if one.is_due(world.today)}
    begun = world.initiatives.by_allocation
    return tuple(
        change
        for allocation in sorted(world.contracts.allocations.values(), key=lambda one: (one.start or date.max, one.id))
        if not (allocation.initiative_url or "").strip() and (allocation.id in due or allocation.id in begun)
        for change in _change(allocation, world, policy)
    )


def _change(allocation: Allocation, world: World, policy: Policy) -> Iterator[MakeInitiative]:
    community = world.contracts.community_of_project(allocation.project_id)
    start, end = allocation.start, allocation.end
    if community is None or start is None or end is None or not start <= end or end < world.today:
        return
    title = f"[{community.name}] {allocation.name}".strip()
    own, labels = policy.initiative_words, policy.initiative_labels
    draft = initiative_draft(allocation.id, title, start, end, labels, text=policy.wording.initiative)
    tasks = {step: task_draft(allocation.id, step, title, labels, own.get(step, ("", ""))) for step in Step}
    known = world.initiatives.by_allocation.get(allocation.id) if world.initiatives else None
    lacking = tuple(_lacking(known, allocation)) if known else ()
    if known and not lacking:
        return
    reason = f"begun and not finished: {', '.join(lacking)}" if known else f"it starts on {start}"
    about = About(allocation.name or allocation.id, "initiative", known.issue.url if known else "", community.name)
    yield MakeInitiative(allocation.id, draft, tasks, about, reason, noted=allocation.initiative_url is not None)


def _lacking(known: Initiative, allocation: Allocation) -> Iterator[str]:
    """Return what is missing of an initiative that was begun, in words."""
    yield from (step.value for step in Step if step not in known.tasks)
    if not all(task.parent_id for task in known.tasks.values()):
        yield "links to its sub-issues"
    if not known.issue.on_board:
        yield "the board"
    if allocation.initiative_url is not None:
        yield "its address in Airtable"
