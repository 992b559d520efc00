"""Write tasks: create, update, delete.

https://developers.asana.com/reference/createtask
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.asana.api.bodies import listed
from sandbox.asana.api.call import Answer, Call, Route, empty, one
from sandbox.asana.api.drafts import CREATE_ONLY, Draft, Drafting, new_fields
from sandbox.asana.api.handlers import Handlers
from sandbox.asana.api.pages import Pages
from sandbox.asana.refusals import bad, may_not_edit, not_a_gid_type, not_writable
from sandbox.asana.state import AsanaState
from sandbox.asana.state.model import Field, Project, Section, Task
from sandbox.asana.state.values import fields_on
from sandbox.core import Json

MAX_DEPTH = 5

_NEEDS_PLACE = "You should specify one of workspace, parent, projects"


@dataclass(slots=True)
class Place:
    """Where a new task goes: below a parent, into sections of projects (None: the first one)."""

    parent: Task | None = None
    projects: list[tuple[Project, Section | None]] = field(default_factory=list)


class TaskWriting(Handlers):
    """The handlers that make, change and delete tasks."""

    def __init__(self, state: AsanaState, pages: Pages) -> None:
        super().__init__(state, pages)
        self._drafting = Drafting(state, self.read)

    def routes(self) -> list[Route]:
        """Return the routes of this group."""
        return [
            ("POST", "/tasks", self._create),
            ("POST", "/tasks/{task}/subtasks", self._create_subtask),
            ("PUT", "/tasks/{task}", self._update),
            ("DELETE", "/tasks/{task}", self._delete),
        ]

    def _create(self, call: Call) -> Answer:
        parent = call.data.get("parent")
        found = self.read.task(parent, "parent", 400) if parent is not None else None
        return self._created(call, found)

    def _create_subtask(self, call: Call) -> Answer:
        return self._created(call, self.read.task(call.args["task"]))

    def _created(self, call: Call, parent: Task | None) -> Answer:
        data = call.data
        place = self._place(data, parent)
        if parent is not None:
            check_room(self.state, parent, 0)
        fields = self._fields_there(place)
        ignored = {"custom_fields"} if self.state.options.drop_fields_on_create else set()
        draft = self._drafting.draft({k: v for k, v in data.items() if k not in ignored}, fields, None)
        followers = [self.read.member(named, "followers") for named in listed(data, "followers")]
        task = self._made(place, draft)
        for follower in followers:
            self.state.follow(task, follower)
        return one(call, self.show.task(task), created=f"/tasks/{task.gid}")

    def _made(self, place: Place, draft: Draft) -> Task:
        me = self.state.me
        task = self.state.new_task(draft.name or "", me, place.parent)
        for project, section in place.projects:
            self.state.put_in_project(task, project, section, by=me)
        self._drafting.apply(task, draft)
        return task

    def _place(self, data: Json, parent: Task | None) -> Place:
        """Return where the new task goes; projects beside a parent are dropped when the options say so."""
        if data.get("workspace") is not None:
            self.read.workspace(data["workspace"], status=400)
        projects = self._projects(data)
        if data.get("workspace") is None and parent is None and not projects:
            raise bad(_NEEDS_PLACE)
        if len(projects) > self.state.options.max_projects:
            raise too_many_projects(self.state)
        if parent is not None and self.state.options.projects_with_parent == "dropped":
            return Place(parent)
        return Place(parent, list(projects.values()))

    def _projects(self, data: Json) -> dict[str, tuple[Project, Section | None]]:
        found: dict[str, tuple[Project, Section | None]] = {}
        for number, gid in enumerate(listed(data, "projects")):
            project = self.read.editable_project(gid, f"projects: [{number}]", 400)
            found[project.gid] = (project, None)
        for number, sent in enumerate(listed(data, "memberships")):
            name = f"memberships: [{number}]"
            if not isinstance(sent, dict):
                raise not_a_gid_type(name, sent)
            project, section = self._membership(sent, name)
            found[project.gid] = (project, section)
        return found

    def _membership(self, sent: dict[str, Any], name: str) -> tuple[Project, Section | None]:
        if sent.get("project") is None:
            raise bad(f"{name}: project: Missing required field")
        project = self.read.project(sent["project"], f"{name}: project", 400)
        if sent.get("section") is None:
            return project, None
        section = self.read.section(sent["section"], f"{name}: section", 400)
        if section.project is not project:
            raise bad(f"{name}: section: Not in the project: {section.gid}")
        return project, section

    def _fields_there(self, place: Place) -> list[Field]:
        """Return the fields the new task will have."""
        there = new_fields([project for project, _ in place.projects])
        if self.state.options.fields_reach == "subtasks" and place.parent is not None:
            there.extend(one for one in fields_on(place.parent, below=True) if one not in there)
        return there

    def _update(self, call: Call) -> Answer:
        task = self.read.task(call.args["task"])
        if task.projects and not any(self.state.may_edit(project) for project in task.projects):
            raise may_not_edit("task")
        for name in CREATE_ONLY:
            if name in call.data:
                raise not_writable(name)
        if "parent" in call.data:
            raise bad("parent: Cannot write this property. Use the setParent endpoint to change the parent of a task.")
        fields = list(fields_on(task, below=self.state.options.fields_reach == "subtasks"))
        self._drafting.apply(task, self._drafting.draft(call.data, fields, task))
        return one(call, self.show.task(task))

    def _delete(self, call: Call) -> Answer:
        self.state.trash(self.read.task(call.args["task"]), self.state.me)
        return empty()


def check_room(state: AsanaState, parent: Task, height: int) -> None:
    """Refuse a subtask, with so many levels below it, where the tree would get too deep or too wide."""
    depth = len(list(state.ancestors(parent))) + 1
    if depth + height > MAX_DEPTH:
        raise bad(f"parent: Subtasks can only be nested {MAX_DEPTH} levels deep")
    limit = state.options.max_subtasks
    if limit is not None and len(state.live_subtasks(parent)) >= limit:
        raise bad(f"parent: A task can have at most {limit} subtasks")


def too_many_projects(state: AsanaState) -> Exception:
    """A task in more projects than Asana allows."""
    return bad(f"project: A task can be in at most {state.options.max_projects} projects")
