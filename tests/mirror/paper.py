"""Services on paper: the three doors of the engine kept in memory, with people who act and things that fail.

They follow ``sync/ports.py`` and know nothing of how the engine decides. A test moves the world, runs, and looks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sync.errors import NotFound, OutcomeUnknown, Rejected, Transient
from sync.mirror.world import Policy
from sync.model.change import Remark, RowWrite, TaskDraft, Value
from sync.model.contract import Allocation, Community, Contracts, Engagement, Project, ProposedStatus, Sealing, Totals
from sync.model.issue import (
    Board,
    BoardFields,
    BoardUnknown,
    Closing,
    Deleted,
    EmptyHours,
    HoursReading,
    Issue,
    IssueSnapshot,
    KnownIssue,
    LabelLost,
    LoggedHours,
    NotOnBoard,
    OutOfSight,
    Person,
    ScopedIssue,
    UnknownHours,
    Verdict,
)
from sync.model.reading import FieldDrift, Problem
from sync.model.work import (
    AsanaUser,
    CshTask,
    HumanContent,
    Ledger,
    Row,
    StoredRow,
    Task,
    TaskFields,
    TaskSnapshot,
    TimeEntry,
    TimeSheets,
)
from sync.run import Report, run
from sync.services import Services

HOME = "900"
START = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)
QUARTERS = {
    "Q2": (date(2026, 4, 1), date(2026, 6, 30)),
    "Q3": (date(2026, 7, 1), date(2026, 9, 30)),
    "Q4": (date(2026, 10, 1), date(2026, 12, 31)),
}
HOME_FIELDS = {"github_url": "text", "github_id": "text", "github_hours": "number"}


@contextmanager
def no_writer_left() -> Iterator[None]:
    """Wait at the end for all threads that write: those of a killed process are gone, too."""
    try:
        yield
    finally:
        for one in threading.enumerate():
            if one.name.startswith("writer"):
                one.join()


class Killed(BaseException):
    """The process ends here, as by SIGKILL."""


@dataclass
class PaperIssue:
    """An issue as it is on GitHub, whoever may see it."""

    id: str
    url: str
    title: str
    body: str = ""
    labelled: bool = True
    label: str = "CSH"
    more_labels: tuple[str, ...] = ()
    hours: float | None = None
    hours_changed_on: date | None = None
    end: date | None = None
    on_board: bool = True
    community: str = ""
    allocation: str = ""
    status: str = ""
    estimate: Decimal | None = None
    closing: Closing = Closing.OPEN
    closed_at: datetime | None = None
    updated_at: datetime = START
    parent: PaperIssue | None = None
    people: tuple[Person, ...] = ()
    visible: bool = True
    deleted: bool = False
    unread_board: bool = False
    former_id: str = ""
    former_url: str = ""


class PaperGitHub:
    """The source. *renamed*: the label was renamed, so that nobody is known to have lost it."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.issues: list[PaperIssue] = []
        self.complete = True
        self.renamed = False
        self.board_trouble = ""
        self.profiles = ("CSH",)
        self.board_columns = frozenset({"end", "community", "allocation", "status"})
        self._clock = clock

    def read(self, known: Collection[KnownIssue]) -> IssueSnapshot:
        seen = {one.id: one for one in self.issues if one.visible and not one.deleted}
        scoped = {
            one.id: ScopedIssue(
                self._issue(one),
                self._profile(one),
                one.parent.id if one.parent and one.parent.id in seen and self._in_scope(one.parent) else None,
                (one.former_id,) if one.former_id else (),
                (one.former_url,) if one.former_url else (),
            )
            for one in seen.values()
            if self._in_scope(one)
        }
        verdicts: dict[str, Verdict] = {}
        for one in known:
            issue = next((item for item in self.issues if item.id == one.id or item.url == one.url), None)
            if issue is None or issue.id not in scoped:
                verdicts[one.url or one.id] = self._verdict(issue)
        return IssueSnapshot(scoped, verdicts, self.complete, board_columns=self.board_columns)

    def _in_scope(self, one: PaperIssue) -> bool:
        if self.renamed or not one.visible or one.deleted:
            return False
        return one.labelled or bool(one.parent and self._in_scope(one.parent))

    def _profile(self, one: PaperIssue) -> str:
        return one.label if one.labelled or one.parent is None else self._profile(one.parent)

    def _verdict(self, issue: PaperIssue | None) -> Verdict:
        if issue is None or not issue.visible:
            return OutOfSight("GitHub answers 404")
        if issue.deleted:
            return Deleted()
        if self.renamed or (issue.parent and not issue.parent.visible):
            return OutOfSight("the label is gone from the repository")
        return LabelLost(self._issue(issue))

    def _issue(self, one: PaperIssue) -> Issue:
        parent = one.parent if one.parent and one.parent.visible else None
        return Issue(
            id=one.id,
            url=one.url,
            repository="acme/hub",
            number=int(one.url.rpartition("/")[2]),
            title=one.title,
            body=one.body,
            closing=one.closing,
            created_at=START - timedelta(days=400),
            updated_at=one.updated_at,
            closed_at=one.closed_at,
            labels=(*((one.label,) if one.labelled else ()), *one.more_labels),
            assignees=one.people,
            parent_id=parent.id if parent else None,
            board=self._board(one),
            hours=self._hours(one),
        )

    def _board(self, one: PaperIssue) -> Board:
        if one.unread_board:
            return BoardUnknown("the board could not be read")
        if not one.on_board:
            return NotOnBoard()
        return BoardFields(
            f"item-{one.id}",
            end=one.end,
            community=one.community,
            allocation=one.allocation,
            status=one.status,
            estimate=one.estimate,
        )

    def _hours(self, one: PaperIssue) -> HoursReading:
        if self.board_trouble:
            return UnknownHours(self.board_trouble, of_board=True)
        if one.unread_board or not one.on_board:
            return UnknownHours("not read")
        if one.hours is None:
            return EmptyHours()
        return LoggedHours(round(one.hours * 60), one.hours_changed_on or self._clock().date())


@dataclass
class Trouble:
    """What happens to the *nth* write from now on: killed, cut or refused, before or after the work."""

    nth: int
    what: str = "killed"
    when: str = "before"
    lasting: bool = False


class Writes:
    """Counts writes over both destinations and lets them fail as asked. *refuse*: all that begin so are refused."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.trouble: Trouble | None = None
        self.refuse = ""
        self.lock = threading.RLock()
        """Held by every request: several threads write at a time."""

    def send(self, what: str, work: Callable[[], Any], *, create: bool = False) -> Any:
        """Carry out one write, or fail as asked."""
        with self.lock:
            return self._sent(what, work, create=create)

    def _sent(self, what: str, work: Callable[[], Any], *, create: bool) -> Any:
        if self.trouble and self.trouble.what == "killed" and self.trouble.nth <= 0:
            raise Killed  # a process that is dead sends nothing more
        self.sent.append(what)
        if self.refuse and what.startswith(self.refuse):
            raise Rejected(what.partition(" ")[0], what, "refused")
        trouble = self.trouble
        if trouble is None:
            return work()
        trouble.nth -= 1
        if trouble.nth > 0 or (trouble.nth < 0 and not trouble.lasting):
            return work()
        if trouble.when == "after":
            work()
        if trouble.what == "killed":
            raise Killed
        service = what.partition(" ")[0]
        if trouble.what == "refused":
            raise Rejected(service, what, "refused")
        if create:
            raise OutcomeUnknown(service, what, "no clear answer")
        raise Transient(service, what, "answered 503")


class PaperAsana:
    """The home project, engagements with CSH tasks, hand-made tasks. *listless* gids are left out of the home list."""

    def __init__(self, writes: Writes, clock: Callable[[], datetime]) -> None:
        self.tasks: dict[str, Task] = {}
        self.csh: dict[str, tuple[str, str, str]] = {}
        self.content: dict[str, HumanContent] = {}
        self.users: tuple[AsanaUser, ...] = (AsanaUser("701", "Ana", "ana@example.org"),)
        self.field_types: dict[str, str] = dict(HOME_FIELDS)
        self.options: dict[str, frozenset[str]] = {}
        self.drift: tuple[FieldDrift, ...] = ()
        self.listless: set[str] = set()
        self.unreadable: set[str] = set()
        self.entries: dict[str, list[TimeEntry]] = {}
        self.offers_entries = True
        self.asked_entries: list[str] = []
        self.hidden_engagements: set[str] = set()
        self.tree_complete = True
        self.users_complete = True
        self._writes = writes
        self._clock = clock
        self._next = 1000

    # What people do.

    def add(self, name: str, parent: str = "", *, home: bool = False, **values: Any) -> str:
        """Add a task by hand and return its gid."""
        self._next += 1
        gid = str(self._next)
        projects = frozenset({HOME}) if home else frozenset()
        fields = TaskFields(dict.fromkeys(self.field_types)) if home else TaskFields()
        self.tasks[gid] = Task(
            gid,
            name,
            html_notes="<body></body>",
            parent_gid=parent,
            project_gids=projects,
            created_at=self._clock(),
            modified_at=self._clock(),
            fields=fields,
            permalink=f"https://app.asana.com/0/0/{gid}",
            **values,
        )
        return gid

    def add_csh(self, engagement: str, engagement_name: str, profile: str = "CSH", **values: Any) -> str:
        """Add a CSH task to an engagement."""
        gid = self.add("Community Success Hours", **values)
        self.csh[gid] = (profile, engagement, engagement_name)
        return gid

    def edit(self, gid: str, **values: Any) -> None:
        """Change a task by hand; *fields* are merged."""
        fields = values.pop("fields", {})
        task = self.tasks[gid]
        merged = TaskFields({**task.fields.values, **fields})
        self.tasks[gid] = replace(task, modified_at=self._clock(), fields=merged, **values)

    def delete(self, gid: str) -> None:
        """Put a task into the trash; its sub-tasks go along, as in Asana."""
        for child in [one for one, task in self.tasks.items() if task.parent_gid == gid]:
            self.delete(child)
        self.tasks.pop(gid, None)
        self.csh.pop(gid, None)

    def home(self) -> dict[str, Task]:
        """Return the tasks of the home project."""
        return {gid: task for gid, task in self.tasks.items() if HOME in task.project_gids}

    def log(self, gid: str, minutes: int, day: date, person: str = "Ana", person_gid: str = "701") -> TimeEntry:
        """Log time on a task; its Actual time follows."""
        self._next += 1
        entry = TimeEntry(str(self._next), minutes, day, person, person_gid)
        self.entries.setdefault(gid, []).append(entry)
        self._count(gid)
        return entry

    def correct(self, gid: str, entry: TimeEntry, **values: Any) -> None:
        """Change an entry, or delete it when it has no minutes left."""
        kept = [one for one in self.entries[gid] if one.gid != entry.gid]
        changed = replace(entry, **values)
        self.entries[gid] = [*kept, changed] if changed.minutes else kept
        self._count(gid)

    def _count(self, gid: str) -> None:
        minutes = sum(entry.minutes for entry in self.entries[gid])
        self.tasks[gid] = replace(self.tasks[gid], actual_minutes=minutes or None)

    # The door.

    def read(self) -> TaskSnapshot:
        csh = {
            gid: CshTask(self._shown(gid), profile, engagement, name)
            for gid, (profile, engagement, name) in self.csh.items()
            if engagement not in self.hidden_engagements
        }
        home = {gid: self._shown(gid) for gid in self.home() if gid not in self.listless}
        roots = [*csh, *(gid for gid, task in home.items() if not task.parent_gid)]
        tree = {gid: self._shown(gid) for root in roots for gid in self._below(root)}
        return TaskSnapshot(
            home=home,
            csh_tasks=csh,
            tree=tree,
            users=self.users,
            field_types=self.field_types,
            options=self.options,
            tree_complete=self.tree_complete,
            users_complete=self.users_complete,
            engagement_names={one[1]: one[2] for one in self.csh.values() if one[1] not in self.hidden_engagements},
            drift=self.drift,
        )

    def _below(self, gid: str) -> Iterator[str]:
        for one, task in self.tasks.items():
            if task.parent_gid == gid:
                yield one
                yield from self._below(one)

    def _shown(self, gid: str) -> Task:
        children = sum(1 for task in self.tasks.values() if task.parent_gid == gid)
        return replace(self.tasks[gid], subtask_count=children)

    def look_up(self, gids: Collection[str], *, anew: bool = False) -> Mapping[str, Task | None]:
        del anew
        with self._writes.lock:
            return self._looked_up(gids)

    def _looked_up(self, gids: Collection[str]) -> Mapping[str, Task | None]:
        return {gid: self._shown(gid) if gid in self.tasks else None for gid in gids if gid not in self.unreadable}

    def human_content(self, gids: Collection[str], *, anew: bool = False) -> Mapping[str, HumanContent]:
        del anew
        found = {}
        for gid in gids:
            if gid in self.tasks and gid not in self.unreadable:
                children = tuple(sorted(one for one, task in self.tasks.items() if task.parent_gid == gid))
                found[gid] = replace(self.content.get(gid, HumanContent()), child_gids=children)
        return found

    def time_entries(self, gids: Collection[str]) -> TimeSheets:
        self.asked_entries += sorted(gids)
        if not self.offers_entries:
            return TimeSheets()
        found = {gid: self._entries(gid) for gid in gids if gid not in self.unreadable}
        problems = [Problem("Asana", f"time entries of {gid}", "no answer") for gid in sorted(set(gids) - found.keys())]
        return TimeSheets(found, offered=True, problems=tuple(problems))

    def _entries(self, gid: str) -> tuple[TimeEntry, ...]:
        """Return a task's entries; time that a test only set is one of its assignee, when the task was done."""
        task = self.tasks[gid]
        if gid in self.entries or not task.actual_minutes:
            return tuple(self.entries.get(gid, ()))
        day = task.completed_on or self._clock().date()
        return (TimeEntry(f"{gid}1", task.actual_minutes, day, person_gid=task.assignee_gid),)

    def create(self, draft: TaskDraft) -> tuple[Task, str]:
        def work() -> Task:
            gid = self.add(draft.name, home=True)
            self._write(gid, draft, ("name", "description", "completed", "assignee", "start_on", "due_on"))
            self._write(gid, draft, tuple(draft.fields))
            return self._shown(gid)

        return self._writes.send("Asana create", work, create=True), ""

    def update(self, gid: str, draft: TaskDraft, names: Collection[str]) -> Remark:
        self._writes.send(f"Asana update {gid}", lambda: self._write(gid, draft, names))
        return Remark()

    def _write(self, gid: str, draft: TaskDraft, names: Collection[str]) -> None:
        if gid not in self.tasks:
            raise NotFound("Asana", "update", "unknown object", status=404)
        task = self.tasks[gid]
        built_in = {
            "name": {"name": draft.name},
            "description": {"html_notes": draft.html_notes},
            "completed": {
                "completed": draft.completed,
                "completed_on": self._clock().date() if draft.completed else None,
            },
            "assignee": {"assignee_gid": draft.assignee_gid},
            "start_on": {"start_on": draft.start_on},
            "due_on": {"due_on": draft.due_on},
        }
        for name in names:
            for key, value in built_in.get(name, {}).items():
                task = replace(task, **{key: value})
            if name in draft.fields:
                if HOME not in task.project_gids:
                    raise Rejected("Asana", "update", "Custom field is not on given object", status=400)
                task = replace(task, fields=TaskFields({**task.fields.values, name: draft.fields[name]}))
        self.tasks[gid] = replace(task, modified_at=self._clock())

    def rehome(self, gid: str) -> None:
        def work() -> None:
            task = self.tasks[gid]
            fields = TaskFields({**dict.fromkeys(self.field_types), **task.fields.values})
            self.tasks[gid] = replace(task, project_gids=task.project_gids | {HOME}, fields=fields)

        self._writes.send(f"Asana rehome {gid}", work)

    def place(self, gid: str, parent_gid: str) -> Task:
        def work() -> Task:
            if gid not in self.tasks or (parent_gid and parent_gid not in self.tasks):
                raise NotFound("Asana", "place", "unknown object", status=404)
            if parent_gid == gid or gid in self._above(parent_gid):
                raise Rejected("Asana", "place", "a task cannot be below itself", status=400)
            if parent_gid and len(self._above(parent_gid)) + 1 > 5:
                raise Rejected("Asana", "place", "too deep", status=400)
            self.tasks[gid] = replace(self.tasks[gid], parent_gid=parent_gid)
            return self._shown(gid)

        return self._writes.send(f"Asana place {gid} under {parent_gid}", work)

    def _above(self, gid: str) -> list[str]:
        found = []
        while gid and (gid := self.tasks[gid].parent_gid):
            found.append(gid)
        return found

    def remove(self, gid: str) -> None:
        self._writes.send(f"Asana remove {gid}", lambda: self.delete(gid))

    def write_csh_hours(self, gid: str, values: Mapping[str, Value]) -> None:
        def work() -> None:
            task = self.tasks[gid]
            self.tasks[gid] = replace(task, fields=TaskFields({**task.fields.values, **values}))  # type: ignore[dict-item]

        self._writes.send(f"Asana hours {gid}", work)


class PaperAirtable:
    """Contracts and the Activity table, by record."""

    def __init__(self, writes: Writes, clock: Callable[[], datetime]) -> None:
        self.contracts = Contracts()
        self.records: dict[str, Row] = {}
        self.made: dict[str, datetime] = {}
        self.complete = True
        self._writes = writes
        self._clock = clock
        self._next = 0

    def change(self, allocation_id: str, **values: Any) -> None:
        """Change an allocation's row."""
        changed = replace(self.contracts.allocations[allocation_id], **values)
        self._put(changed)

    def _put(self, allocation: Allocation) -> None:
        found = {**self.contracts.allocations, allocation.id: allocation}
        self.contracts = replace(self.contracts, allocations=found)

    def delete_allocation(self, allocation_id: str) -> None:
        """Delete an allocation's record; Airtable empties the cells that link to it."""
        left = {one: item for one, item in self.contracts.allocations.items() if one != allocation_id}
        self.contracts = replace(self.contracts, allocations=left)
        for record, row in self.records.items():
            if row.link == allocation_id:
                self.records[record] = replace(row, link="")

    def row(self, key: str) -> Row:
        """Return the one row with a key."""
        (found,) = [row for row in self.records.values() if row.key == key]
        return found

    def edit(self, key: str, **values: Any) -> None:
        """Edit a row by hand."""
        (record,) = [one for one, row in self.records.items() if row.key == key]
        self.records[record] = replace(self.records[record], **values)

    def delete(self, key: str) -> None:
        """Delete a row by hand."""
        (record,) = [one for one, row in self.records.items() if row.key == key]
        del self.records[record]

    def add(self, row: Row) -> str:
        """Add a row and return its record id."""
        self._next += 1
        record = f"rec{self._next:05}"
        self.records[record], self.made[record] = row, self._clock()
        return record

    def read_contracts(self) -> Contracts:
        return self.contracts

    def read_ledger(self) -> Ledger:
        found: dict[str, list[StoredRow]] = {}
        typed = {record: row for record, row in self.records.items() if "@" not in row.key}
        for record, row in self.records.items():
            if record not in typed:
                found.setdefault(row.key, []).append(StoredRow(record, row, self.made[record]))
        rows = {key: stored[0] for key, stored in found.items()}
        twins = {key: tuple(one.record_id for one in stored) for key, stored in found.items() if len(stored) > 1}
        return Ledger(rows, twins, self.complete, typed=typed)

    def spare_rows(self, keys: Collection[str]) -> Mapping[str, str]:
        return {one: key for key in keys for one in [one for one, row in self.records.items() if row.key == key][1:]}

    def untouched_rows(self, rows: Collection[StoredRow]) -> frozenset[str]:
        return frozenset(one.record_id for one in rows if self.records.get(one.record_id) == one.row)

    def remove_rows(self, record_ids: Sequence[str]) -> None:
        self._writes.send("Airtable rows", lambda: [self.records.pop(one) for one in record_ids])

    def write_rows(self, writes: Sequence[RowWrite]) -> None:
        def work() -> None:
            if len(writes) > 10 or len({one.after.key for one in writes}) < len(writes):
                raise Rejected("Airtable", "write Activity", "more than ten records, or a key twice", status=422)
            for one in writes:
                link = one.after.link
                if link and link not in self.contracts.allocations:
                    raise Rejected("Airtable", "write Activity", f"ROW_DOES_NOT_EXIST {link}", status=422)
            for one in writes:
                self._write(one)

        self._writes.send("Airtable rows", work)

    def _write(self, write: RowWrite) -> None:
        hits = [record for record, row in self.records.items() if row.key == write.after.key]
        if not hits:
            self.add(write.after)
            return
        before = write.before or Row(write.after.key, source="")
        changed = {
            name: getattr(write.after, name)
            for name in Row.__dataclass_fields__
            if getattr(write.after, name) != getattr(before, name)
        }
        self.records[hits[0]] = replace(self.records[hits[0]], **changed)

    def write_seals(self, seals: Mapping[str, Sealing | None]) -> None:
        def work() -> None:
            for allocation_id, one in seals.items():
                self.change(allocation_id, sealing=one)

        self._writes.send("Airtable seals", work)

    def write_totals(self, totals: Mapping[str, Totals]) -> None:
        def work() -> None:
            for allocation_id, one in totals.items():
                self.change(allocation_id, totals=one)

        self._writes.send("Airtable totals", work)

    def write_proposals(self, proposals: Mapping[str, ProposedStatus]) -> None:
        def work() -> None:
            found = dict(self.contracts.engagements)
            for engagement_id, one in proposals.items():
                found[engagement_id] = replace(found[engagement_id], proposed=one)
            self.contracts = replace(self.contracts, engagements=found)

        self._writes.send("Airtable proposals", work)


@dataclass
class PaperCommunity:
    """One community of the world: its records and CSH tasks by quarter."""

    name: str
    id: str
    engagement: str
    project: str
    csh: dict[str, str] = field(default_factory=dict)
    allocations: dict[str, str] = field(default_factory=dict)


class PaperWorld:
    """Two communities with three quarters each, GitHub, Asana and Airtable on paper, and the engine to run."""

    def __init__(self) -> None:
        self.now = START
        self.writes = Writes()
        self.github = PaperGitHub(lambda: self.now)
        self.asana = PaperAsana(self.writes, lambda: self.now)
        self.airtable = PaperAirtable(self.writes, lambda: self.now)
        self.policy = Policy(
            organisation="acme", home_project=HOME, profiles={"CSH": "Community Success Hours"}, zone=ZoneInfo("UTC")
        )
        self._number = 0
        self.reef = self.community("Reef Watch", "11")
        self.glacier = self.community("Glacier Commons", "12")

    def community(self, name: str, engagement_gid: str, quarters: Collection[str] = tuple(QUARTERS)) -> PaperCommunity:
        """Add a community with one engagement, one project, and an allocation and a CSH task for each quarter."""
        base = self.airtable.contracts
        short = name.split(maxsplit=1)[0].lower()
        made = PaperCommunity(name, f"com-{short}", f"eng-{short}", f"prj-{short}")
        title = f"{name} 2026"
        allocations = dict(base.allocations)
        for quarter in quarters:
            start, end = QUARTERS[quarter]
            made.csh[quarter] = self.asana.add_csh(engagement_gid, title, start_on=start, due_on=end)
            made.allocations[quarter] = f"rec-{short}-{quarter}"
            allocations[made.allocations[quarter]] = Allocation(
                made.allocations[quarter], f"{name} {quarter}", made.project, start, end, 480
            )
        self.airtable.contracts = replace(
            base,
            communities={**base.communities, made.id: Community(made.id, name)},
            engagements={**base.engagements, made.engagement: Engagement(made.engagement, title, made.id)},
            projects={**base.projects, made.project: Project(made.project, f"{name} support", made.engagement)},
            allocations=allocations,
        )
        return made

    def issue(self, title: str, **values: Any) -> PaperIssue:
        """Open an issue with the label."""
        self._number += 1
        url = f"https://github.com/acme/hub/issues/{self._number}"
        made = PaperIssue(f"I_{self._number}", url, title, **values)
        self.github.issues.append(made)
        return made

    # Running.

    def sync(self, allowed: Collection[str] = (), **more: Any) -> Report:
        """Run the engine once."""
        services = Services(self.github, self.asana, self.airtable)
        with no_writer_left():
            return run(services, self.policy, self.now, allowed=frozenset(allowed), **more)

    def quiet(self) -> list[str]:
        """Run once more and return the writes it sent."""
        mark = len(self.writes.sent)
        self.sync()
        return self.writes.sent[mark:]

    def days_pass(self, days: int) -> None:
        """Let time go by."""
        self.now += timedelta(days=days)

    # Looking.

    def tasks_of(self, issue: PaperIssue) -> list[Task]:
        """Return the tasks of the home project that name an issue."""
        return [task for task in self.asana.home().values() if task.fields.text("github_url") == issue.url]

    def task(self, issue: PaperIssue) -> Task:
        """Return the one task of an issue."""
        (found,) = self.tasks_of(issue)
        return found

    def rows(self, issue: PaperIssue) -> dict[str, Row]:
        """Return the rows of an issue by allocation id."""
        return {row.allocation_id: row for row in self.airtable.records.values() if row.owner == issue.id}

    def used(self, allocation_id: str) -> int:
        """Return the minutes that an allocation's total shows."""
        return self.airtable.contracts.allocations[allocation_id].totals.used_minutes or 0

    def findings(self, report: Report) -> set[str]:
        """Return the kinds of findings of a run."""
        return {one.kind for one in report.plan.findings}


def hours(minutes: int) -> Decimal:
    """Return minutes as hours with two decimals."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))
