"""A plan as a readable diff: by community, with reasons and counts; every symbol is doubled by a word."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sync.model.change import (
    Change,
    CreateTask,
    PlaceTask,
    Plan,
    RehomeTask,
    RemoveTask,
    SealAllocation,
    UpdateTask,
    WriteCshHours,
    WriteRows,
    WriteTotals,
)
from sync.model.minutes import spell_hours
from sync.report.words import safe, short, spell_value

NOWHERE = "No community or allocation yet"
LINES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text and what it is: head, add, change, remove, hold, ask, note."""

    text: str
    kind: str = "note"


def plan_lines(plan: Plan, now: datetime, *, limit: int = LINES_SHOWN) -> tuple[Line, ...]:
    """Return the whole plan for people: a head, the changes by group, what is held and waits, and the sums."""
    body = [*_groups(plan), *_held(plan), *_waiting(plan)]
    if len(body) > limit:
        rest = len(body) - limit
        body = [*body[:limit], Line(f"  … {rest} more lines; csh-sync plan --json has them all")]
    return (Line(_head(plan, now), "head"), *body, Line(""), Line(summary(plan), "head"))


def _head(plan: Plan, now: datetime) -> str:
    read = ", ".join(f"{name} {'yes' if complete else 'NO'}" for name, complete in plan.complete.items())
    return f"Community Success Hours · plan {now:%Y-%m-%dT%H:%MZ} · read complete: {read}"


def _groups(plan: Plan) -> Iterator[Line]:
    groups: dict[str, list[Change]] = {}
    for change in plan.changes:
        groups.setdefault(change.about.group, []).append(change)
    for name in sorted(groups, key=lambda group: (group == "", group.casefold())):
        yield Line("")
        yield Line(safe(name) or NOWHERE, "head")
        for change in groups[name]:
            yield from change_lines(change)


def change_lines(change: Change) -> Iterator[Line]:
    """Return the lines that show one change."""
    match change:
        case CreateTask():
            yield _line("+", "task", change, change.reason, "add")
        case UpdateTask():
            yield _line("~", "task", change, change.reason, "change")
            for one in change.changes:
                shown = "rewritten" if one.name == "description" else _arrow(one.before, one.after)
                lost = "  (edited in Asana, overwritten)" if one.edited_in_asana else ""
                yield Line(f"        {one.name.replace('_', ' ')}: {shown}{lost}", "change")
        case RehomeTask():
            yield _line("~", "home", change, change.reason, "change")
        case PlaceTask():
            yield _line("~", "place", change, change.reason, "change")
        case RemoveTask():
            yield _line("-", "remove", change, change.reason, "remove")
        case WriteRows():
            yield from _rows(change)
        case SealAllocation():
            word = "seal" if change.sealing else "unseal"
            yield _line("~", word, change, change.reason, "change")
        case WriteTotals():
            used = _arrow_hours(change.before.used_minutes, change.after.used_minutes)
            yield _line("~", "totals", change, f"used {used}; {safe(change.after.sentence)}", "change")
        case WriteCshHours():
            values = ", ".join(
                f"{one.name.replace('_', ' ')} {_arrow(one.before, one.after)}" for one in change.changes
            )
            yield _line("~", "hours", change, values, "change")


def _rows(change: WriteRows) -> Iterator[Line]:
    new = all(write.before is None for write in change.rows)
    moved = [write for write in change.rows if (write.before.minutes if write.before else None) != write.after.minutes]
    hours = ", ".join(
        _arrow_hours(write.before.minutes if write.before else None, write.after.minutes) for write in moved
    )
    reason = "; ".join(filter(None, (f"hours {hours}" if hours else "", change.reason)))
    yield _line("+" if new else "~", "activity", change, reason, "add" if new else "change")


def _line(symbol: str, word: str, change: Change, reason: str, kind: str) -> Line:
    subject, reference = short(change.about.subject, 44), safe(change.about.reference)
    return Line(f"  {symbol} {word:<8} {subject:<44} {reference:<28} {safe(reason)}".rstrip(), kind)


def _held(plan: Plan) -> Iterator[Line]:
    if plan.held:
        yield Line("")
        yield Line(f"Held as they are ({len(plan.held)})", "head")
    for one in plan.held:
        yield Line(
            f"  ! {'hold':<8} {short(one.about.subject, 44):<44} {safe(one.about.reference):<28} {safe(one.reason)}",
            "hold",
        )


def _waiting(plan: Plan) -> Iterator[Line]:
    if plan.waiting:
        yield Line("")
        yield Line(f"Waiting for a person ({len(plan.waiting)})", "head")
    for one in plan.waiting:
        could = f"; could be {', '.join(safe(name) for name in one.candidates)}" if one.candidates else ""
        text = f"{safe(one.reason)}{could}"
        yield Line(f"  ? {'task':<8} {short(one.about.subject, 44):<44} {safe(one.about.reference):<28} {text}", "ask")


def counts(plan: Plan) -> dict[str, int]:
    """Return how many issues and allocations the plan adds, changes and removes, holds and leaves."""
    added = {change.issue_id for change in plan.changes if isinstance(change, CreateTask)}
    removed = {change.gid for change in plan.changes if isinstance(change, RemoveTask)}
    added_about = {change.about.url for change in plan.changes if isinstance(change, CreateTask)}
    changed = {
        (change.about.url or change.about.subject, change.about.reference)
        for change in plan.changes
        if not isinstance(change, CreateTask | RemoveTask) and change.about.url not in added_about
    }
    return {
        "add": len(added),
        "change": len(changed),
        "remove": len(removed),
        "held": len(plan.held),
        "waiting": len(plan.waiting),
        "unchanged": plan.unchanged,
    }


def summary(plan: Plan) -> str:
    """Return the plan in one sentence that can be pasted into a message."""
    if not plan.changes:
        tail = f"; {len(plan.held)} held, {len(plan.waiting)} waiting" if plan.held or plan.waiting else ""
        return f"Nothing to change: {plan.unchanged} issues are as they should be{tail}."
    number = counts(plan)
    return (
        f"{number['add']} to add, {number['change']} to change, {number['remove']} to remove, {number['held']} held, "
        f"{number['waiting']} waiting, {number['unchanged']} unchanged."
    )


def _arrow(before: object, after: object) -> str:
    return f"{spell_value(before)} -> {spell_value(after)}"  # type: ignore[arg-type]


def _arrow_hours(before: int | None, after: int | None) -> str:
    now = "(none)" if after is None else spell_hours(after)
    return now if before is None else f"{spell_hours(before)} -> {now}"


def lines_text(lines: Iterable[Line]) -> str:
    """Return lines as plain text."""
    return "\n".join(line.text for line in lines)
