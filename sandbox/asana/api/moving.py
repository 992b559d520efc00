"""Move tasks: parents, projects, sections; and who follows them.

https://developers.asana.com/reference/setparentfortask
"""

from __future__ import annotations

from typing import Any

from sandbox.asana.api.bodies import listed
from sandbox.asana.api.call import Answer, Call, Route, empty, one
from sandbox.asana.api.handlers import Handlers
from sandbox.asana.api.writing import check_room, too_many_projects
from sandbox.asana.refusals import bad, missing
from sandbox.asana.state.model import Section, Task
from sandbox.asana.state.shelf import Shelf
from sandbox.core import Json


class TaskMoving(Handlers):
    """The handlers that put tasks somewhere else."""

    def routes(self) -> list[Route]:
        """Return the routes of this group."""
        return [
            ("POST", "/tasks/{task}/setParent", self._set_parent),
            ("POST", "/tasks/{task}/addProject", self._add_project),
            ("POST", "/tasks/{task}/removeProject", self._remove_project),
            ("POST", "/sections/{section}/addTask", self._add_to_section),
            ("POST", "/tasks/{task}/addFollowers", self._add_followers),
            ("POST", "/tasks/{task}/removeFollowers", self._remove_followers),
        ]

    def _set_parent(self, call: Call) -> Answer:
        task = self.read.task(call.args["task"])
        if "parent" not in call.data:
            raise missing("parent")
        sent = call.data["parent"]
        parent = self.read.task(sent, "parent", 400) if sent is not None else None
        place = self._anchors(call.data, task, parent.subtasks if parent else None, "a subtask of the parent")
        if parent is not None:
            self._check_parent(task, parent)
        self.state.put_under(task, parent, by=self.state.me, **place)
        if parent is not None:
            self._lose_home(task)
        return one(call, self.show.task(task))

    def _check_parent(self, task: Task, parent: Task) -> None:
        if task in (parent, *self.state.ancestors(parent)):
            raise bad("parent: Cannot set the parent of a task to itself or to one of its subtasks")
        if parent is not task.parent:
            check_room(self.state, parent, self.state.height(task))

    def _lose_home(self, task: Task) -> None:
        lost = self.state.options.home_lost_on_set_parent
        if lost == "no":
            return
        for project in task.projects:
            self.state.take_out_of_project(task, project, self.state.me)
        if lost == "membership_and_fields":
            task.values.clear()

    def _add_project(self, call: Call) -> Answer:
        task, data = self.read.task(call.args["task"]), call.data
        if data.get("project") is None:
            raise missing("project")
        project = self.read.editable_project(data["project"], status=400)
        membership = task.membership_in(project)
        section = self.read.section(data["section"], status=400) if data.get("section") is not None else None
        if section is not None and section.project is not project:
            raise bad(f"section: Not in the project: {section.gid}")
        if membership is None and len(task.memberships) >= self.state.options.max_projects:
            raise too_many_projects(self.state)
        target = section or (membership.section if membership else project.sections[0])
        target, place = self._in_section(data, task, target, project.sections if section is None else [section])
        self.state.put_in_project(task, project, target, by=self.state.me, **place)
        return empty()

    def _in_section(
        self, data: Json, moving: Task, usual: Section, allowed: list[Section]
    ) -> tuple[Section, dict[str, Any]]:
        """Return the section and the place in it; an anchor brings its own section."""
        given = data.get("insert_after") or data.get("insert_before")
        holding = next((one for one in allowed if any(task.gid == given for task in one.tasks)), usual)
        return holding, self._anchors(data, moving, holding.tasks, "in the section")

    def _remove_project(self, call: Call) -> Answer:
        task = self.read.task(call.args["task"])
        if call.data.get("project") is None:
            raise missing("project")
        self.state.take_out_of_project(task, self.read.project(call.data["project"], status=400), self.state.me)
        return empty()

    def _add_to_section(self, call: Call) -> Answer:
        section = self.read.section(call.args["section"])
        if call.data.get("task") is None:
            raise missing("task")
        task = self.read.task(call.data["task"], status=400)
        place = self._anchors(call.data, task, section.tasks, "in the section")
        if not place:
            place = {"first": True}
        self.state.put_in_project(task, section.project, section, by=self.state.me, **place)
        return empty()

    def _add_followers(self, call: Call) -> Answer:
        task = self.read.task(call.args["task"])
        if call.data.get("followers") is None:
            raise missing("followers")
        followers = [self.read.member(named, "followers") for named in listed(call.data, "followers")]
        for follower in followers:
            self.state.follow(task, follower)
        return one(call, self.show.task(task))

    def _remove_followers(self, call: Call) -> Answer:
        task = self.read.task(call.args["task"])
        leaving = [self.read.member(named, "followers") for named in listed(call.data, "followers")]
        task.followers = [user for user in task.followers if user not in leaving]
        return one(call, self.show.task(task))

    def _anchors(self, data: Json, moving: Task, among: Shelf[Task] | None, where: str) -> dict[str, Any]:
        """Return the place the anchors name: behind one, before one, first (`insert_after` null) or last."""
        given = [name for name in ("insert_after", "insert_before") if name in data]
        if len(given) > 1:
            raise bad("You may only provide one of insert_before or insert_after!")
        if not given:
            return {}
        name, sent = given[0], data[given[0]]
        if sent is None:
            return {"first": name == "insert_after"}
        anchor = self.read.task(sent, name, 400)
        if among is None or anchor not in among or anchor is moving:
            raise bad(f"{name}: Not {where}: {anchor.gid}")
        return {"after" if name == "insert_after" else "before": anchor}
