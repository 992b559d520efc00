"""What becomes of a task: made, kept, made again, removed or held (decision D6). Absence is never proof."""

from collections.abc import Collection
from dataclasses import dataclass

from sync.mirror.identity import Mirror
from sync.mirror.world import Policy, World
from sync.model.issue import Closing, Deleted, Issue, LabelLost, OutOfSight, Verdict
from sync.model.work import HumanContent, Task

OUT_OF_SIGHT = "out_of_sight"
"""The kind of a hold for an issue of which nothing proves that it left."""


@dataclass(frozen=True, slots=True)
class Make:
    """The issue has no task yet, or its task is gone: make one. *again*: a person deleted it once."""

    reason: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Keep:
    """The task stays and is kept up to date. *rehome*: it left the home project."""

    rehome: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """The task stays. *frozen*: nothing of it is written; else only its fields follow the issue."""

    kind: str
    reason: str
    remedy: str
    frozen: bool = True


@dataclass(frozen=True, slots=True)
class Remove:
    """The task goes into Asana's trash."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoTask:
    """The issue has no task and gets none. *kind* is a finding's, "" when nobody needs to know."""

    reason: str
    kind: str = ""
    remedy: str = ""
    certain: bool = True
    """False when a task may exist that could not be seen in this run, or the issue may be in scope and was not seen."""
    below: str = ""
    """The gid of the CSH task that went with it."""


Fate = Make | Keep | Hold | Remove | NoTask


def leaves_a_task(fate: Fate) -> bool:
    """Tell whether the issue has a task when the run is over."""
    return isinstance(fate, Make | Keep | Hold)


def fate_in_scope(issue: Issue, mirror: Mirror | None, world: World, policy: Policy, mirrored: Collection[str]) -> Fate:
    """Decide about the task of an issue in scope. *mirrored* are the gids of all tasks that mirror an issue."""
    task = mirror.task if mirror else None
    if task is None:
        return _without_task(issue, mirror, world, policy)
    if issue.closing.undelivered:
        return _undelivered(issue, task, world, mirrored)
    return Keep(rehome=policy.home_project not in task.project_gids)


def fate_out_of_scope(mirror: Mirror, verdict: Verdict | None, world: World, mirrored: Collection[str]) -> Fate:
    """Decide about the task of a known issue that is no longer in scope."""
    task = mirror.task
    if task is None:
        gone = not mirror.named_task or _is_gone(mirror.named_task, world)
        return NoTask("its task is gone", certain=gone and isinstance(verdict, LabelLost | Deleted))
    match verdict:
        case LabelLost():
            reason, remedy = "its label was removed", "Put the label back, or remove the task by hand."
        case Deleted():
            reason, remedy = "the issue was deleted on GitHub", "Remove the task by hand when its hours are settled."
        case OutOfSight(why):
            return Hold(OUT_OF_SIGHT, why, "Check that the token still sees the repository and its label.")
        case _:
            return Hold(OUT_OF_SIGHT, "the issue could not be read by name", "See the next run.")
    minutes = sum(stored.row.minutes or 0 for stored in mirror.rows)
    if minutes or task.fields.values.get("github_hours"):
        return Hold("held_with_hours", f"{reason}, and it carries hours, which keep counting", remedy)
    if kept := carried(task, world, mirrored):
        return Hold("held_with_content", f"{reason}, and {kept}", remedy)
    return Remove(reason)


def may_have_to_go(issue: Issue | None, verdict: Verdict | None) -> bool:
    """Tell whether people's additions to an issue's task have to be known before it is decided about."""
    if issue is not None:
        return issue.closing.undelivered
    return isinstance(verdict, LabelLost | Deleted)


def _without_task(issue: Issue, mirror: Mirror | None, world: World, policy: Policy) -> Fate:
    gid = mirror.named_task if mirror else ""
    there = world.tasks.home.get(gid)
    unread = bool(gid) and there is None and gid not in world.lookups
    unseen = unread or not world.tasks.home_complete
    if issue.closing.undelivered:
        return NoTask(f"closed as {issue.closing.value}", certain=not unseen)
    if policy.since and issue.closed_at and issue.closed_at.astimezone(policy.zone).date() < policy.since:
        return NoTask(f"closed before {policy.since.isoformat()}", certain=not unseen)
    if there is not None and not there.plain:
        remedy = "Make it a task again, or delete it: then a new one is made."
        return NoTask("its task was turned into something else", "task_converted", remedy, certain=False)
    if unread:
        remedy = "Check the token's access to the task."
        return NoTask("its task could not be read", "task_unreadable", remedy, certain=False)
    if unseen:
        return NoTask("the home project could not be read completely", certain=False)
    if not gid or there is not None:  # a task that is there and was not found to be its own is another issue's
        return Make("new in scope" if issue.closing is Closing.OPEN else f"new in scope, {issue.closing.value}")
    if csh_gid := _went_along(gid, world):
        reason = "its CSH task was deleted by hand, and it went along"
        return NoTask(reason, "went_along", certain=False, below=csh_gid)
    if mirror and mirror.restored:
        return NoTask(
            "a person deleted its task twice",
            "deleted_twice",
            "Nothing, if that was meant; to bring it back, empty Restored in its Activity rows.",
        )
    return Make("its task was deleted by hand; made again once", again=True)


def _went_along(gid: str, world: World) -> str:
    """Return the CSH task that is gone and below which, through others that are gone, a task hung; "" when none is."""
    above = {stored.row.task: stored.row.placed_under for stored in world.ledger.rows.values() if stored.row.task}
    seen: set[str] = set()
    while gid in above and gid not in seen and _is_gone(gid, world):
        seen.add(gid)
        gid = above[gid]
    return gid if gid not in above and _is_gone(gid, world) else ""


def _is_gone(gid: str, world: World) -> bool:
    return gid in world.lookups and world.lookups[gid] is None


def _undelivered(issue: Issue, task: Task, world: World, mirrored: Collection[str]) -> Fate:
    reason = f"closed as {issue.closing.value}"
    if kept := carried(task, world, mirrored):
        remedy = "Decide what becomes of it: delete the task by hand, or reopen the issue."
        return Hold(
            "held_with_content", f"{reason}, but {kept}; its GitHub Hours no longer count", remedy, frozen=False
        )
    return Remove(reason)


def carried(task: Task, world: World, mirrored: Collection[str]) -> str:
    """Say what a person added to *task*, "" when it is known to be nothing."""
    if task.actual_minutes:
        return "time is logged on it in Asana"
    content = world.human_content.get(task.gid)
    if content is None:
        return "what people added to it could not be read"
    return _spelled(content, mirrored)


def _spelled(content: HumanContent, mirrored: Collection[str]) -> str:
    if content.comments:
        return "it carries comments"
    if content.attachments:
        return "it carries attachments"
    if any(gid not in mirrored for gid in content.child_gids):
        return "it has hand-made sub-tasks"
    return ""
