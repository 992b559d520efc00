"""What is read of Asana: the home project, the CSH tasks of all engagements, everything below them, the users."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import partial
from typing import Any, TypeVar

from connectors.asana_api import SERVICE, needed, users_of
from connectors.asana_memory import RememberedAsana
from connectors.retry import told
from connectors.wire.asana import TASK_FIELDS, decode_task, decode_user
from connectors.wire.asana_fields import SETTING_FIELDS, FieldReader, HoursFields, decode_home_fields
from connectors.wire.asana_json import OddValue, own_gid, record
from sync.errors import LimitReached, Rejected, ServiceError, Transient
from sync.model.reading import FieldDrift, Problem
from sync.model.work import AsanaUser, CshTask, Task, TaskSnapshot

FAILURES_IN_A_ROW = 3
"""So many parts that could not be read one after the other mean that Asana is down, not that a part is bad."""
HOME_REMEDY = "Check CSH_ASANA__HOME_PROJECT and that the token's user is a member of that project."
PORTFOLIO_REMEDY = "Check CSH_ASANA__PORTFOLIO and that the token's user is a member of it."
ENGAGEMENTS_REMEDY = "Check CSH_ASANA__ENGAGEMENTS_PROJECT and that the token's user is a member of that project."
WORKSPACE_REMEDY = "Check CSH_ASANA__WORKSPACE and that the token's user is a member of that workspace."
SHARE_REMEDY = "Share it with the token's user."
ODD_REMEDY = "See the next run; should it stay, something between Asana and csh-sync changes answers."

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look. *profiles* maps a label to the name of its CSH tasks; *field_names* ours to Asana's, or gids."""

    workspace: str
    home_project: str
    portfolio: str
    engagements_project: str
    profiles: Mapping[str, str]
    field_names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Engagement:
    """One engagement and the listing in which its CSH tasks are."""

    gid: str
    name: str
    list_tasks: Callable[[], list[Any]]
    is_task: bool = False


@dataclass(slots=True)
class Below:
    """What hangs below the CSH tasks, and those of them whose part of the tree is not whole."""

    tasks: dict[str, Task] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)
    complete: bool = True


class _Newer:
    """Tasks of the home project: as they were patched, while listings made before show them as they were."""

    def __init__(self, home: Mapping[str, Task]) -> None:
        self._home = home
        self._below: dict[str, list[Task]] = {}
        for task in home.values():
            self._below.setdefault(task.parent_gid, []).append(task)

    def of(self, task: Task) -> Task:
        """Return a task as it is now."""
        return self._home.get(task.gid, task)

    def has_children(self, gid: str) -> bool:
        """Tell whether a task of the home project hangs under *gid*."""
        return gid in self._below

    def children(self, gid: str, listed: Mapping[str, Task]) -> dict[str, Task]:
        """Return the tasks that hang under *gid* now, of those that were listed and those that came since."""
        kept = {one.gid: self.of(one) for one in listed.values() if self.of(one).parent_gid == one.parent_gid}
        return kept | {one.gid: one for one in self._below.get(gid, ()) if gid}


class Reading:
    """One reading of everything. A part that cannot be read is named as a problem and makes the reading incomplete."""

    def __init__(self, api: RememberedAsana, places: Places, zone: tzinfo) -> None:
        self._api = api
        self._places = places
        self._zone = zone
        self._profiles = {name.strip().casefold(): label for label, name in reversed(tuple(places.profiles.items()))}
        self._problems: list[Problem] = []
        self._failures = 0
        self._newer = self._in_home = _Newer({})
        self.fields = FieldReader({}, places.field_names)
        self.hours_fields: dict[str, HoursFields] = {}

    def read(self) -> TaskSnapshot:
        """Read all of it. Raises Denied when the home project, the portfolio or the engagements project is refused."""
        drift = self._read_fields()
        with needed(HOME_REMEDY):
            home, home_complete = self._decoded(self._api.home())
        self._in_home = _Newer(home)
        self._newer = self._in_home if self._api.remembers else _Newer({})
        csh_tasks, engagements, csh_complete = self._csh_tasks()
        below = self._below(csh_tasks, home)
        users, users_complete = self._users()
        self._problems += [
            Problem(SERVICE, "its API", f"{one.name} will change ({one.info})", "Update csh-sync before it does.")
            for one in self._api.announced()
        ]
        home_fields = self.fields.home
        return TaskSnapshot(
            home=home,
            csh_tasks={gid: replace(csh, tree_complete=gid not in below.incomplete) for gid, csh in csh_tasks.items()},
            tree=below.tasks,
            users=users,
            field_types={name: one.type for name, one in home_fields.items()},
            decimals={name: one.decimals for name, one in home_fields.items() if one.type == "number"},
            options={name: frozenset(one.options) for name, one in home_fields.items() if one.type == "enum"},
            home_complete=home_complete,
            tree_complete=csh_complete and below.complete,
            users_complete=users_complete,
            engagement_names={one.gid: one.name for one in engagements},
            task_engagement_gids=frozenset(one.gid for one in engagements if one.is_task),
            problems=tuple(self._problems),
            drift=drift,
        )

    # The home project.

    def _read_fields(self) -> tuple[FieldDrift, ...]:
        operation, project = "read the fields of the home project", self._places.home_project
        with needed(HOME_REMEDY):
            settings = self._api.listed(
                operation,
                "CustomFieldSettingsApi.get_custom_field_settings_for_project",
                project,
                opt_fields=SETTING_FIELDS,
            )
        try:
            home, drift = decode_home_fields(settings, self._places.field_names)
        except OddValue as error:
            raise Transient(SERVICE, operation, f"odd value at {error}", remedy=ODD_REMEDY) from error
        self.fields = FieldReader(home, self._places.field_names)
        return drift

    def _tasks_of(self, operation: str, project: str) -> list[Any]:
        """List a project by the endpoint that is documented to read its own writes."""
        return self._api.listed(operation, "TasksApi.get_tasks", project=project, opt_fields=TASK_FIELDS)

    def _children(self, gid: str) -> list[Any]:
        return self._api.listed("read sub-tasks", "TasksApi.get_subtasks_for_task", gid, opt_fields=TASK_FIELDS)

    def _decoded(self, items: Iterable[Any]) -> tuple[dict[str, Task], bool]:
        """Decode what can be decoded; an odd task is named and makes the listing incomplete."""
        found: dict[str, Task] = {}
        complete = True
        for one in items:
            try:
                task = decode_task(one, self.fields, self._zone)
            except OddValue as error:
                complete = False
                self._odd("task", one, error)
            else:
                found[task.gid] = task
        return found, complete

    def _odd(self, kind: str, item: Any, error: OddValue) -> None:
        """Name what cannot be decoded: once, although several lists show it; what has no gid, each time."""
        problem = Problem(SERVICE, f"{kind} {_gid(item)}", f"odd value at {error}", ODD_REMEDY)
        if problem not in self._problems or not _has_gid(item):
            self._problems.append(problem)

    def _attempt(self, subject: str, read: Callable[[], Part]) -> Part | None:
        """Read one part of the whole; None, and a problem, when it cannot be read. A limit ends the reading."""
        try:
            part = read()
        except LimitReached:
            raise
        except (Rejected, Transient) as error:
            self._failures += isinstance(error, Transient)
            if self._failures >= FAILURES_IN_A_ROW:
                raise
            self._problems.append(Problem(SERVICE, subject, told(error), _remedy(error)))
            return None
        self._failures = 0
        return part

    # Engagements and their CSH tasks.

    def _csh_tasks(self) -> tuple[dict[str, CshTask], list[Engagement], bool]:
        """Find the CSH tasks of both layouts: engagements as projects of a portfolio, or tasks of one project."""
        found: dict[str, CshTask] = {}
        engagements, complete = self._engagements()
        for one in engagements:
            items = self._attempt(f"engagement {one.name}", one.list_tasks)
            tasks, all_decoded = self._decoded(items or ())
            complete = complete and items is not None and all_decoded
            for task in tasks.values():
                if task.plain and (profile := self._profiles.get(task.name.strip().casefold())):
                    found[task.gid] = CshTask(self._newer.of(task), profile, one.gid, one.name)
            self._remember_hours_fields([item for item in items or () if _gid(item) in found])
        return found, engagements, complete

    def _engagements(self) -> tuple[list[Engagement], bool]:
        complete = True
        found: dict[str, Engagement] = {}
        if self._places.portfolio:
            with needed(PORTFOLIO_REMEDY):
                items = self._items(self._places.portfolio)
            complete = self._add_projects(items, found, {self._places.portfolio})
        if self._places.engagements_project:
            with needed(ENGAGEMENTS_REMEDY):
                items = self._tasks_of("read the engagements project", self._places.engagements_project)
            tasks, all_decoded = self._decoded(items)
            complete = complete and all_decoded
            for task in tasks.values():
                if task.plain and not task.parent_gid:
                    found.setdefault(
                        task.gid, Engagement(task.gid, task.name, partial(self._children_if_any, task), is_task=True)
                    )
        return list(found.values()), complete

    def _children_if_any(self, task: Task) -> list[Any]:
        return self._children(task.gid) if task.subtask_count else []

    def _items(self, portfolio: str) -> list[Any]:
        return self._api.listed(
            "read the portfolio", "PortfoliosApi.get_items_for_portfolio", portfolio, opt_fields="name,resource_type"
        )

    def _add_projects(self, items: Collection[Any], found: dict[str, Engagement], seen: set[str]) -> bool:
        """Add the projects of a portfolio and of the portfolios in it; tell whether all could be read."""
        complete = True
        for one in items:
            try:
                gid, kind, name = _portfolio_item(one)
            except OddValue as error:
                complete = False
                self._odd("portfolio item", one, error)
                continue
            if kind == "portfolio" and gid not in seen:
                seen.add(gid)
                inner = self._attempt(f"portfolio {name}", partial(self._items, gid))
                complete = inner is not None and self._add_projects(inner, found, seen) and complete
            elif kind == "project" and gid != self._places.home_project:
                found.setdefault(
                    gid, Engagement(gid, name, partial(self._tasks_of, "read an engagement's project", gid))
                )
        return complete

    def _remember_hours_fields(self, items: Collection[Mapping[str, Any]]) -> None:
        for item in items:
            fields = self.fields.hours_fields(item)
            self.hours_fields[str(item["gid"])] = fields
            for name, why in fields.unusable.items():
                message = f'"{name}" is {why} and is not written; csh-sync needs a number with two decimals'
                self._problems.append(Problem(SERVICE, f"CSH task {item['gid']}", message))

    # Everything below.

    def _below(self, csh_tasks: Mapping[str, CshTask], home: Mapping[str, Task]) -> Below:
        """Read everything below the CSH tasks and the tasks that wait, asking only where there are sub-tasks."""
        below = Below()
        ask = [(gid, csh.task.subtask_count, gid) for gid, csh in sorted(csh_tasks.items(), reverse=True)]
        ask += [(gid, task.subtask_count, "") for gid, task in sorted(home.items()) if not task.parent_gid]
        asked: set[str] = set()
        while ask:
            gid, number, root = ask.pop()
            if gid in asked or not (number or self._newer.has_children(gid)):
                continue
            asked.add(gid)
            children, complete = self._read_children(gid, number)
            if not complete:
                below.complete = False
                below.incomplete.add(root)
            # What is in the home project, too, is kept once: thousands of descriptions are.
            below.tasks |= {gid: home[gid] if home.get(gid) == child else child for gid, child in children.items()}
            ask += [(child.gid, child.subtask_count, root) for child in children.values()]
        return below

    def _read_children(self, gid: str, number: int) -> tuple[dict[str, Task], bool]:
        """Return the sub-tasks of a task; incomplete when there are fewer than Asana counts.

        Lists leave out what the token's user may not see, and may be behind. Nothing is asked where the home project
        showed as many below the task as Asana counts: then none of them is made by hand.
        """
        mirrored = self._in_home.children(gid, {})
        if len(mirrored) == number:
            return mirrored, True
        items = self._attempt(f"sub-tasks of {gid}", partial(self._children, gid))
        children, all_decoded = self._decoded(items or ())
        listed = len(items or ()) - len(children)
        children = self._newer.children(gid, children)
        listed += len(children)
        if items is not None and listed < number:
            message = f"{listed} of {number} sub-tasks are listed"
            self._problems.append(Problem(SERVICE, f"sub-tasks of {gid}", message, SHARE_REMEDY))
        return children, all_decoded and items is not None and listed >= number

    # People.

    def _users(self) -> tuple[tuple[AsanaUser, ...], bool]:
        subject = "users of the workspace"
        items = self._attempt(subject, self._list_users)
        if items is None:
            return (), False
        found: list[AsanaUser] = []
        for one in items:
            try:
                found.append(decode_user(one))
            except OddValue as error:
                self._odd("user", one, error)
        return tuple(found), len(found) == len(items)

    def _list_users(self) -> list[Any]:
        return users_of(self._api, self._places.workspace)


def _portfolio_item(data: Any) -> tuple[str, str, str]:
    """Return an item's gid, whether it is a project or a portfolio, and its name.

    What does not tell its type is taken for a project: were it none, its tasks could not be listed.
    """
    data = record(data, "item")
    kind = data.get("resource_type", "project")
    if kind not in ("project", "portfolio"):
        raise OddValue("resource_type")
    return own_gid(data), str(kind), str(data.get("name") or "")


def _has_gid(item: Any) -> bool:
    return isinstance(item, Mapping) and bool(item.get("gid"))


def _gid(item: Any) -> str:
    return str(item["gid"]) if _has_gid(item) else "without a gid"


def _remedy(error: ServiceError) -> str:
    return error.remedy or (SHARE_REMEDY if isinstance(error, Rejected) else "")
