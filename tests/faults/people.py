"""What people do in the three services, drawn from one seed, and what the world remembers of it.

Every action also tells `Memory` what may follow from it: which issues may lose their task or their hours, and how the
things that belong to people look now. The invariants compare with that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from tests.e2e.organisation import Organisation

PEOPLES_CELLS = {
    "Activity": ("Report text", "Internal", "Notes"),
    "Allocations": ("Name", "Project", "Start", "End", "Hours available", "Extra hours", "Provider", "Status"),
    "Communities": ("Name", "Aliases", "FreshDesk company"),
    "Engagements": ("Name", "Community", "Start", "End", "Status", "Asana project"),
    "Projects": ("Name", "Engagement", "Clause"),
}
DAYS = ("2026-05-05", "2026-07-15", "2026-08-01", "2026-08-09")
HOURS = (None, 0, 0.25, 1, 1, 2, 2.5, 4)
MOST_ISSUES = 5
NOTHING = "nothing"


@dataclass
class Memory:
    """What people did that the service has to respect, and what may follow from it."""

    issues: list[Any] = field(default_factory=list)
    ids: dict[Any, set[str]] = field(default_factory=dict)
    names: dict[Any, set[str]] = field(default_factory=dict)
    deleted: set[Any] = field(default_factory=set)
    may_leave: set[Any] = field(default_factory=set)
    """Issues that were out of scope at some moment since the last look."""
    least_hours: dict[Any, float] = field(default_factory=dict)
    """The fewest hours that were true of an issue since the last look."""
    duplicated: set[Any] = field(default_factory=set)
    touched_by_hand: set[Any] = field(default_factory=set)
    """Issues whose task or rows a person moved, deleted, restored or edited: where they end is not ours to say."""
    handmade: dict[str, Any] = field(default_factory=dict)
    trashed_by_hand: set[str] = field(default_factory=set)
    additions: dict[str, Any] = field(default_factory=dict)
    """What people added to tasks, by gid."""
    cells: dict[tuple[str, str], Any] = field(default_factory=dict)
    """What stands in people's cells, by table and record."""


class People:
    """People at work in an organisation; what they do comes from *chance*."""

    def __init__(self, org: Organisation, chance: Random) -> None:
        self.org, self.chance, self.memory = org, chance, Memory()
        self.priority = org.asana.add_field("Priority", "text")
        org.asana.add_field_to_project(org.home, self.priority)
        self.anchor = self.open_issue("Reef Watch: the anchor", 1.0)  # the mirror is never empty: guards stay silent
        for community in (org.reef, org.glacier):
            self.own(org.asana.add_task("Agenda", parent=community.csh["Q3"]))
            for csh in community.csh.values():
                self.own(csh)
        for _ in range(chance.choice((1, 2, 3))):
            _open(self)
        self.remember()
        self.take_in()

    # What is true.

    @property
    def issues(self) -> list[Any]:
        """Return the issues that exist."""
        return [one for one in self.memory.issues if one not in self.memory.deleted]

    def in_scope(self, issue: Any) -> bool:
        """Tell whether an issue is to be mirrored as something delivered or still open."""
        if issue in self.memory.deleted:
            return False
        labelled = any(label.name == "CSH" for one in (issue, *issue.ancestors()) for label in one.labels)
        return labelled and not (issue.state == "closed" and issue.state_reason in {"not_planned", "duplicate"})

    def hours(self, issue: Any) -> float:
        """Return the hours that count for an issue, as the board has them."""
        if not self.in_scope(issue):
            return 0.0
        found = [
            value.content
            for item in issue.items
            for column, value in item.values.items()
            if column.name == "GitHub Hours" and value.content is not None
        ]
        return float(found[0]) if found else 0.0

    def task_of(self, issue: Any) -> Any:
        """Return a task that stands for the issue, None without one."""
        return next(iter(self.tasks_of(issue)), None)

    def tasks_of(self, issue: Any) -> list[Any]:
        """Return all tasks of the home project that name the issue by its address or its id."""
        org = self.org
        return [
            task
            for task in org.asana.tasks_in(org.home)
            if task.gid not in self.memory.handmade
            and (
                org.asana.field_value(task, org.url_field) == org.url(issue)
                or org.asana.field_value(task, org.id_field) in self.memory.ids[issue]
            )
        ]

    # Remembering.

    def remember(self) -> None:
        """Note what is true now, before or after somebody acted."""
        for issue in self.memory.issues:
            if not self.in_scope(issue):
                self.memory.may_leave.add(issue)
            hours = self.hours(issue)
            self.memory.least_hours[issue] = min(self.memory.least_hours.get(issue, hours), hours)

    def take_in(self) -> None:
        """Remember what people added to tasks and typed into their cells, as it is now."""
        self.memory.additions = {gid: self.added_to(task) for gid, task in self.org.asana.tasks.items()}
        self.memory.cells = self.cells()

    def added_to(self, task: Any) -> tuple[Any, ...]:
        """Return what people added to a task: minutes, comments, files, and values of fields that are not ours."""
        comments = [one.gid for one in task.stories if one.is_comment]
        entries = [(one.gid, one.minutes) for one in task.entries]
        return (entries, comments, [one.gid for one in task.attachments], task.values.get(self.priority.gid))

    def respected(self) -> None:
        """Raise AssertionError when anything that people made or added was changed or lost."""
        asana = self.org.asana
        for gid, before in self.memory.handmade.items():
            assert self.print_of(asana.tasks[gid]) == before, f"hand-made task {gid} changed"
        for gid, before in self.memory.additions.items():
            assert self.added_to(asana.tasks[gid]) == before, f"what people added to task {gid} changed"
        now = self.cells()
        for place, before in self.memory.cells.items():
            assert now.get(place) == before, f"people's cells of {place} changed: {before} → {now.get(place)}"

    def cells(self) -> dict[tuple[str, str], Any]:
        """Return what stands in people's cells, by table and record; records without any are left out."""
        return {
            (table, record): mine
            for table, columns in PEOPLES_CELLS.items()
            for record, cells in self.org.airtable.rows(table).items()
            if (mine := {name: cells[name] for name in columns if cells.get(name)})
        }

    def look_anew(self) -> None:
        """Forget what was true before: from here on only what is true now, and what changes, counts."""
        self.memory.may_leave.clear()
        self.memory.least_hours.clear()
        self.remember()

    def note(self, issue: Any) -> None:
        """Remember the id and the name an issue has now: a transfer changes both."""
        self.memory.ids.setdefault(issue, set()).add(issue.node_id)
        self.memory.names.setdefault(issue, set()).add(f"{issue.repository.full_name}#{issue.number}")

    def own(self, task: Any) -> None:
        """Remember a hand-made task as it is now."""
        self.memory.handmade[task.gid] = self.print_of(task)

    def print_of(self, task: Any) -> tuple[Any, ...]:
        """Return all there is to a task that a person made."""
        return (
            task.name,
            repr(task.rich),
            task.completed_at,
            task.assignee,
            task.parent,
            (task.start_on, task.due_on),
            dict(task.values),
            [one.gid for one in task.projects],
            len(task.stories),
            task.trashed is None,
        )

    def act(self, *, time_stands: bool = False) -> str:
        """Let one person do one thing; return what it was. Where *time_stands* it is nothing that takes a while."""
        self.remember()
        self.respected()
        told = NOTHING
        while told.endswith(NOTHING):
            what = self.chance.choice(ACTIONS)
            if time_stands and what is _time_passes:
                continue
            told = f"{what.__name__.strip('_')} {what(self)}"
        self.remember()
        self.take_in()
        return told

    # GitHub.

    def some_issue(self) -> Any:
        """Return any issue but the anchor, None while there is no other."""
        return self.chance.choice(self.issues[1:]) if self.issues[1:] else None

    def open_issue(self, title: str, hours: float | None, **more: Any) -> Any:
        """Open an issue and remember it."""
        issue = self.org.issue(title, hours=hours, **more)
        self.memory.issues.append(issue)
        self.note(issue)
        return issue


def _open(people: People) -> str:
    if len(people.issues) >= MOST_ISSUES:
        return NOTHING
    chance = people.chance
    head = chance.choice(("Reef Watch: ", "Glacier Commons - ", "[GlacierHub] ", ""))
    parent = chance.choice((None, None, *people.issues))
    labels = ("CSH",) if parent is None or chance.random() < 0.3 else ()
    day = {"End_date": chance.choice(DAYS)} if chance.random() < 0.3 else {}
    repository = chance.choice(("hub", "docs"))
    title = f"{head}work {len(people.memory.issues)}"
    issue = people.open_issue(title, chance.choice(HOURS), labels=labels, repository=repository, parent=parent, **day)
    return f"{issue.repository.name}#{issue.number} {title!r} under {parent and parent.number}"


def _on_issue(do: Callable[[People, Any], str]) -> Callable[[People], str]:
    def act(people: People) -> str:
        issue = people.some_issue()
        if issue is None:
            return NOTHING
        return f"{issue.repository.name}#{issue.number} {do(people, issue)}"

    act.__name__ = do.__name__
    return act


@_on_issue
def _retitle(people: People, issue: Any) -> str:
    people.org.github.edit(issue, title=f"{issue.title}!", body=f"body {people.chance.random()}")
    return issue.title


@_on_issue
def _log_hours(people: People, issue: Any) -> str:
    hours = people.chance.choice(HOURS)
    people.org.log_hours(issue, hours)
    return str(hours)


@_on_issue
def _date(people: People, issue: Any) -> str:
    day = people.chance.choice((*DAYS, None))
    people.org.github.set_board(issue, people.org.board, {"End date": day})
    return str(day)


@_on_issue
def _close(people: People, issue: Any) -> str:
    reason = people.chance.choice(("completed", "completed", "not_planned", "duplicate"))
    people.org.github.close(issue, reason)
    return reason


@_on_issue
def _reopen(people: People, issue: Any) -> str:
    people.org.github.reopen(issue)
    return ""


@_on_issue
def _toggle_label(people: People, issue: Any) -> str:
    has = any(label.name == "CSH" for label in issue.labels)
    if has:
        people.org.github.unlabel(issue, "CSH")
    else:
        people.org.github.label(issue, "CSH")
    return "off" if has else "on"


@_on_issue
def _move(people: People, issue: Any) -> str:
    parent = people.chance.choice((None, *people.issues))
    if issue.parent is not None and (parent is None or parent is issue.parent):
        people.org.github.remove_sub_issue(issue.parent, issue)
    elif parent is not None and issue not in (parent, *parent.ancestors()):
        people.org.github.move_sub_issue(issue, parent)
    return f"to {issue.parent and issue.parent.number}"


@_on_issue
def _transfer(people: People, issue: Any) -> str:
    target = "docs" if issue.repository.name == "hub" else "hub"
    people.org.github.transfer(issue, target)
    people.note(issue)
    return f"to {target}"


@_on_issue
def _delete(people: People, issue: Any) -> str:
    people.org.github.delete_issue(issue)
    people.memory.deleted.add(issue)
    return ""


# Asana.


def _on_task(do: Callable[[People, Any, Any], str]) -> Callable[[People], str]:
    def act(people: People) -> str:
        issue = people.some_issue()
        task = issue and people.task_of(issue)
        if task is None:
            return NOTHING
        return f"of {issue.repository.name}#{issue.number} {do(people, issue, task)}"

    act.__name__ = do.__name__
    return act


@_on_task
def _edit_task(people: People, issue: Any, task: Any) -> str:
    asana, org = people.org.asana, people.org
    match people.chance.randrange(5):
        case 0:
            asana.rename_task(task, "renamed by hand")
        case 1:
            asana.edit_field(task, org.hours_field, 99)
        case 2:
            asana.edit_field(task, org.url_field, None)
        case 3:
            asana.complete_task(task, task.completed_at is None)
        case 4:
            asana.assign_task(task, org.ana)
    return task.gid


@_on_task
def _add_to_task(people: People, issue: Any, task: Any) -> str:
    asana = people.org.asana
    match people.chance.randrange(4):
        case 0:
            asana.comment_on(task, "we talked about it")
        case 1:
            asana.attach_file(task, "notes.pdf")
        case 2:
            asana.edit_field(task, people.priority, f"high {people.chance.random()}")
        case 3:
            people.own(asana.add_task("by hand", parent=task))
    return task.gid


@_on_task
def _log_time(people: People, issue: Any, task: Any) -> str:
    people.org.asana.log_minutes(task, 30, people.org.sandbox.clock.now().date() - timedelta(days=1))
    return task.gid


@_on_task
def _drag_task(people: People, issue: Any, task: Any) -> str:
    community = people.chance.choice((people.org.reef, people.org.glacier))
    people.org.asana.move_task(task, parent=community.csh[people.chance.choice(("Q3", "Q4"))])
    people.memory.touched_by_hand |= {issue, *_below(issue)}
    return f"to {community.name}"


@_on_task
def _trash_task(people: People, issue: Any, task: Any) -> str:
    people.org.asana.delete_task(task)
    gone = {one.gid for one in people.org.asana.tasks.values() if one.trashed is not None}
    people.memory.trashed_by_hand |= gone
    for gid in people.memory.handmade.keys() & gone:
        people.own(people.org.asana.tasks[gid])
    people.memory.touched_by_hand |= set(people.memory.issues)
    return task.gid


@_on_task
def _duplicate_task(people: People, issue: Any, task: Any) -> str:
    people.memory.duplicated.add(issue)
    return people.org.asana.duplicate_task(task).gid


def _handmade(people: People) -> str:
    community = people.chance.choice((people.org.reef, people.org.glacier))
    task = people.org.asana.add_task("met the team", parent=community.csh["Q3"])
    people.org.asana.log_minutes(task, 45, people.org.sandbox.clock.now().date() - timedelta(days=1))
    people.own(task)
    return task.gid


# Airtable.


def _on_row(do: Callable[[People, str, Any], str]) -> Callable[[People], str]:
    def act(people: People) -> str:
        rows = people.org.airtable.rows("Activity")
        if not rows:
            return NOTHING
        record = people.chance.choice(sorted(rows))
        return f"{record} {do(people, record, rows[record])}"

    act.__name__ = do.__name__
    return act


@_on_row
def _note_on_row(people: People, record: str, cells: Any) -> str:
    people.org.airtable.edit_cells("Activity", record, {"Notes": f"note {people.chance.random()}", "Internal": True})
    return ""


@_on_row
def _edit_row(people: People, record: str, cells: Any) -> str:
    column, value = people.chance.choice((("Hours", 77), ("Title", "mine"), ("State", "odd"), ("URL", None)))
    people.org.airtable.edit_cell("Activity", record, column, value)
    people.memory.touched_by_hand |= set(people.memory.issues)
    return column


@_on_row
def _delete_row(people: People, record: str, cells: Any) -> str:
    people.org.airtable.delete_row("Activity", record)
    people.memory.touched_by_hand |= set(people.memory.issues)
    return str(cells.get("Key"))


def _edit_allocation(people: People) -> str:
    record = people.chance.choice(sorted(people.org.airtable.rows("Allocations")))
    people.org.airtable.edit_cell("Allocations", record, "Provider", f"somebody {people.chance.random()}")
    return record


def _time_passes(people: People) -> str:
    days = people.chance.choice((0, 0, 1, 3))
    people.org.sandbox.clock.advance(days=days, minutes=15)
    return f"{days} days"


def _below(issue: Any) -> set[Any]:
    return {below for child in issue.children for below in (child, *_below(child))}


ACTIONS: tuple[Callable[[People], str], ...] = (
    *(_open,) * 6,
    *(_retitle,) * 2,
    *(_log_hours,) * 5,
    *(_date,) * 2,
    *(_close,) * 3,
    _reopen,
    *(_toggle_label,) * 2,
    *(_move,) * 2,
    _transfer,
    _delete,
    *(_edit_task,) * 2,
    *(_add_to_task,) * 2,
    _log_time,
    _drag_task,
    _trash_task,
    _duplicate_task,
    _handmade,
    _note_on_row,
    _edit_row,
    _delete_row,
    _edit_allocation,
    _time_passes,
)
