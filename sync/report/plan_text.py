"""A plan as a readable diff: by community, with reasons and counts; every symbol is doubled by a word."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sync.model.change import (
    Change,
    CreateTask,
    DeleteBackLink,
    DeleteRows,
    LeaveHome,
    MakeInitiative,
    PlaceTask,
    Plan,
    RehomeTask,
    RemoveRow,
    RemoveTask,
    RowWrite,
    SealAllocation,
    UpdateTask,
    WriteBackLink,
    WriteCshHours,
    WriteProposal,
    WriteRows,
    WriteTotals,
)
from sync.model.legible import safe
from sync.model.minutes import spell_hours
from sync.report.words import counted, short, spell_value

NOWHERE = "No community or allocation yet"
LINES_SHOWN = 200
UP_TO_DATE = "brought up to date"
"""The reason of a row whose describing cells alone follow the issue: not worth saying beside another reason."""


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
    groups: dict[str, dict[tuple[str, str], list[Change]]] = {}
    untouched, reworded = 0, list[str]()
    for change in plan.changes:
        if isinstance(change, WriteTotals) and change.before.used_minutes is None and not change.after.used_minutes:
            untouched += 1
            continue
        if isinstance(change, WriteTotals) and _is_reworded(change):
            reworded.append(change.about.subject)
            continue
        items = groups.setdefault(change.about.group, {})
        items.setdefault((change.about.url or change.about.subject, change.about.reference), []).append(change)
    for name in sorted(groups, key=lambda group: (group == "", group.casefold())):
        yield Line("")
        yield Line(safe(name) or NOWHERE, "head")
        for changes in groups[name].values():
            yield from _item(changes)
    if untouched or reworded:
        yield Line("")
    if untouched:
        yield Line(f"  ~ totals   {counted(untouched, 'allocation')} without hours: their first totals", "change")
    if reworded:
        text = f"{counted(len(reworded), 'allocation')} with another pace, forecast or status"
        yield Line(f"  ~ totals   {text}: {safe(', '.join(sorted(reworded)))}", "change")


def _is_reworded(change: WriteTotals) -> bool:
    """Tell whether nothing but the words about pace, forecast and status changes."""
    bare = (replace(one, pace="", forecast="", status="") for one in (change.before, change.after))
    return next(bare) == next(bare)


def _item(changes: list[Change]) -> Iterator[Line]:
    """Return the lines of everything that happens to one issue, task or allocation: one line, then its fields."""
    first = changes[0]
    symbol, word, kind = next((look for one, look in _LOOKS if any(isinstance(c, one) for c in changes)), _OTHER)
    parts = tuple(dict.fromkeys(part for change in changes for part in _why(change)))
    why = "; ".join(part for part in parts if part != UP_TO_DATE or len(parts) == 1)
    subject, reference = short(first.about.subject, 44), safe(first.about.reference)
    yield Line(f"  {symbol} {word:<8} {subject:<44} {reference:<28} {safe(why)}".rstrip(), kind)
    for change in changes:
        if isinstance(change, UpdateTask):
            for one in change.changes:
                shown = "rewritten" if one.name == "description" else _arrow(one.before, one.after)
                lost = "  (edited in Asana, overwritten)" if one.edited_in_asana else ""
                yield Line(f"        {one.name.replace('_', ' ')}: {shown}{lost}", kind)


_LOOKS: tuple[tuple[type, tuple[str, str, str]], ...] = (
    (RemoveTask, ("-", "remove", "remove")),
    (RemoveRow, ("-", "row", "remove")),
    (DeleteRows, ("-", "row", "remove")),
    (CreateTask, ("+", "task", "add")),
    (UpdateTask, ("~", "task", "change")),
    (RehomeTask, ("~", "home", "change")),
    (LeaveHome, ("~", "home", "change")),
    (PlaceTask, ("~", "place", "change")),
    (MakeInitiative, ("+", "plan", "add")),
    (SealAllocation, ("~", "seal", "change")),
    (WriteTotals, ("~", "totals", "change")),
    (WriteProposal, ("~", "status", "change")),
    (WriteBackLink, ("+", "comment", "add")),
    (DeleteBackLink, ("-", "comment", "remove")),
)
_OTHER = ("~", "hours", "change")


def _minutes_before(write: RowWrite) -> int | None:
    return write.before.minutes if write.before else None


def _why(change: Change) -> Iterator[str]:
    """Return what happens in one change and why, in parts."""
    match change:
        case WriteRows():
            moved = [write for write in change.rows if _minutes_before(write) != write.after.minutes]
            if len(moved) == 1:
                yield f"{_arrow_hours(_minutes_before(moved[0]), moved[0].after.minutes)} h"
            if len(moved) != 1 or change.rows[0].restored:
                yield change.reason
        case WriteTotals():
            yield f"used {_arrow_hours(change.before.used_minutes, change.after.used_minutes)} h"
            yield change.after.sentence
        case WriteCshHours():
            yield ", ".join(f"{one.name.replace('_', ' ')} {_arrow(one.before, one.after)}" for one in change.changes)
        case WriteProposal():
            yield f"proposed {_arrow(change.before.status or None, change.after.status or None)}"
            yield change.reason
        case SealAllocation():
            yield f"{'sealed' if change.sealing else 'unsealed'}: {change.reason}"
        case _:
            yield change.reason


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
    removed |= {change.record_id for change in plan.changes if isinstance(change, RemoveRow)}
    gone_about = {change.about.url for change in plan.changes if isinstance(change, RemoveTask)}
    rows_gone = {one.owner: one.about for one in plan.changes if isinstance(one, DeleteRows)}
    removed |= {owner for owner, about in rows_gone.items() if about.url not in gone_about}
    added_about = {change.about.url for change in plan.changes if isinstance(change, CreateTask)}
    counted_already = CreateTask | RemoveTask | RemoveRow | DeleteRows
    changed = {
        (change.about.url or change.about.subject, change.about.reference)
        for change in plan.changes
        if not isinstance(change, counted_already) and change.about.url not in added_about
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
    if plan.nothing_moved:
        return "Nothing moved since the last run, which left nothing to do."
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
