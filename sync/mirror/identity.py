"""Which task and which rows belong to which issue: the destination itself holds the key (decision D1)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from mappings.richtext.readback import source_url
from sync.model.addresses import same_address
from sync.model.issue import IssueSnapshot, KnownIssue
from sync.model.work import HumanContent, Ledger, StoredRow, Task

GITHUB = "GitHub"
ASANA = "Asana"
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mirror:
    """What the destinations hold of one issue. *twins* are further tasks in the home project that name it too."""

    known: KnownIssue
    task: Task | None = None
    twins: tuple[Task, ...] = ()
    rows: tuple[StoredRow, ...] = ()

    @property
    def owner(self) -> str:
        """Return the first part of the keys of its rows, "" when it has none."""
        return self.rows[0].row.owner if self.rows else ""

    @property
    def own_rows(self) -> tuple[StoredRow, ...]:
        """Return the rows whose keys begin with `owner`: its hours are settled in these."""
        return tuple(stored for stored in self.rows if stored.row.owner == self.owner)

    @property
    def stray_rows(self) -> tuple[StoredRow, ...]:
        """Return the rows under another of its node ids, which must not count a second time.

        They come up when an issue is transferred and a run is not shown the rows that it has.
        """
        return tuple(stored for stored in self.rows if stored.row.owner != self.owner)

    @property
    def named_task(self) -> str:
        """Return the gid that its rows remember, "" when none does."""
        return next((stored.row.task for stored in self.rows if stored.row.task), "")

    @property
    def placed_under(self) -> str:
        """Return the parent we last set, "" when none was confirmed."""
        return next((stored.row.placed_under for stored in self.rows if stored.row.placed_under), "")

    @property
    def placed_by(self) -> str:
        """Return who placed the task, as its rows remember it, "" when none does."""
        return next((stored.row.placed_by for stored in self.rows if stored.row.placed_by), "")

    @property
    def restored(self) -> int:
        """Return how often a task was made anew after a person deleted it."""
        return max((stored.row.restored for stored in self.rows), default=0)


def short_reference(url: str) -> str:
    """Return the short name of an issue's address, ``owner/repo#12``; *url* itself when it is none."""
    parts = urlsplit(url.strip()).path.strip("/").split("/")
    if len(parts) < 4 or parts[-2] != "issues" or not parts[-1].isdecimal():
        return url
    return f"{parts[-4]}/{parts[-3]}#{parts[-1]}"


def names_issue(url: str, organisation: str) -> bool:
    """Tell whether *url* has the shape of the address of an issue of the organisation."""
    parts = urlsplit(url.strip()).path.strip("/").split("/")
    if len(parts) < 4 or parts[-2] != "issues" or not parts[-1].isdecimal():
        return False
    return parts[-4].casefold() == organisation.casefold()


def task_names(task: Task, organisation: str) -> tuple[KnownIssue, ...]:
    """Return the issues that a task names itself: by node id, by its address field, by its source line; mostly one."""
    node_id = task.fields.text("github_id")
    typed, line = task.fields.text("github_url"), source_url(task.html_notes) or ""
    addresses = [url for url in dict.fromkeys((typed, line)) if names_issue(url, organisation)]
    first = KnownIssue(url=addresses[0] if addresses else "", id=node_id)
    return tuple(one for one in (first, *map(KnownIssue, addresses[1:])) if one.url or one.id)


def known_issues(tasks: Mapping[str, Task], ledger: Ledger, organisation: str) -> tuple[KnownIssue, ...]:
    """Return every issue that a task of the home project or an Activity row names, sorted, each once."""
    found = {known for task in tasks.values() for known in task_names(task, organisation)}
    found |= {known for stored in ledger.rows.values() if (known := _row_names(stored))}
    with_id = {same_address(known.url) for known in found if known.id}
    kept = {known for known in found if known.id or same_address(known.url) not in with_id}
    return tuple(sorted(kept, key=lambda known: (known.url, known.id)))


def identify(
    snapshot: IssueSnapshot,
    tasks: Mapping[str, Task],
    ledger: Ledger,
    organisation: str,
    content: Mapping[str, HumanContent] | None = None,
) -> tuple[dict[str, Mirror], tuple[Mirror, ...]]:
    """Tie tasks and rows to issues. *tasks* are those of the home project and those that a row names.

    *content* is what people added to tasks of which an issue has several: it decides which one is kept.

    Returns the mirrors of issues in scope by node id, and the mirrors of known issues that are not in scope.
    """
    index = _Index(snapshot, tasks, ledger, organisation)
    found: dict[str, list[Task]] = defaultdict(list)
    rows: dict[str, list[StoredRow]] = defaultdict(list)
    naming: dict[str, list[KnownIssue]] = defaultdict(list)
    names: dict[str, KnownIssue] = {}
    for _, stored in sorted(ledger.rows.items()):
        if known := _row_names(stored):
            key = index.key(known)
            rows[key].append(stored)
            names[key] = known if known.url else names.get(key, known)
            naming[stored.row.task].append(known)
    for _, task in sorted(tasks.items()):
        key = _meant(task, naming[task.gid], index, organisation)
        if key and task.plain:
            found[key].append(task)
            own = next((one for one in task_names(task, organisation) if index.key(one) == key), None)
            held = names.setdefault(key, own or KnownIssue("", key))
            if own and own.url and not held.url:  # somebody emptied the address in its rows
                names[key] = KnownIssue(own.url, held.id)
    added = {gid: one.added or not tasks.keys() >= set(one.child_gids) for gid, one in (content or {}).items()}
    mirrors = {key: _mirror(names[key], found[key], rows[key], added) for key in sorted(names)}
    in_scope = {key: mirror for key, mirror in mirrors.items() if key in snapshot.issues}
    return in_scope, tuple(mirror for key, mirror in mirrors.items() if key not in snapshot.issues)


def _meant(task: Task, naming: Iterable[KnownIssue], index: "_Index", organisation: str) -> str:
    """Return the key of the issue that most of a task's witnesses name, "" without any.

    People edit each of them: the node id, the rows that remember the task, the address, the source line. Of equally
    many the one named first in this order decides.
    """
    node_id = task.fields.text("github_id")
    addresses = (task.fields.text("github_url"), source_url(task.html_notes) or "")
    claims = [KnownIssue("", node_id)] if node_id else []
    claims += list(dict.fromkeys(naming))[:1]
    claims += [KnownIssue(url) for url in addresses if names_issue(url, organisation)]
    keys = [index.key(one) for one in claims]
    return max(keys, key=lambda key: (keys.count(key), -keys.index(key)), default="")


def _row_names(stored: StoredRow) -> KnownIssue | None:
    row = stored.row
    if row.source == ASANA or row.owner.startswith("asana:"):
        return None
    return KnownIssue(url=row.url, id=row.github_id or row.owner)


def _mirror(known: KnownIssue, tasks: Iterable[Task], rows: Iterable[StoredRow], added: Mapping[str, bool]) -> Mirror:
    stored = tuple(sorted(rows, key=lambda item: (item.created_at or EARLIEST, item.row.key)))
    remembered = {item.row.task for item in stored}
    ranked = sorted(tasks, key=lambda task: (task.gid not in remembered, task.created_at or EARLIEST, task.gid))
    ranked = _kept_first(ranked, added)
    return Mirror(known, ranked[0] if ranked else None, tuple(ranked[1:]), stored)


def _kept_first(tasks: list[Task], added: Mapping[str, bool]) -> list[Task]:
    """Put the task that people added something to before its twins (decision D12).

    Whether they did is known of all of them, or decides nothing.
    """
    if len(tasks) < 2 or any(task.gid not in added for task in tasks):
        return tasks
    return sorted(tasks, key=lambda task: not (task.actual_minutes or added[task.gid]))


class _Index:
    """From what a destination remembers to the issue it means; ids first, since addresses change."""

    def __init__(
        self,
        snapshot: IssueSnapshot,
        tasks: Mapping[str, Task],
        ledger: Ledger,
        organisation: str,
    ) -> None:
        self._by_id: dict[str, str] = {}
        self._by_url: dict[str, str] = {}
        for scoped in snapshot.issues.values():
            for node_id in (scoped.issue.id, *scoped.former_ids):
                self._by_id[node_id] = scoped.issue.id
            for url in (scoped.issue.url, *scoped.former_urls):
                self._by_url[same_address(url)] = scoped.issue.id
        remembered = [known for _, stored in sorted(ledger.rows.items()) if (known := _row_names(stored))]
        remembered += [known for _, task in sorted(tasks.items()) for known in task_names(task, organisation)]
        for known in remembered:
            if known.id and known.url:
                self._by_url.setdefault(same_address(known.url), self._by_id.get(known.id, known.id))

    def key(self, known: KnownIssue) -> str:
        """Return the node id of the issue in scope, else a key that all mentions of one issue share."""
        if known.id in self._by_id:
            return self._by_id[known.id]
        address = same_address(known.url) if known.url else ""
        return self._by_url.get(address) or known.id or address
