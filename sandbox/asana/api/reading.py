"""Read tasks: one, the lists of projects, sections, people and parents.

https://developers.asana.com/reference/tasks
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sandbox.asana.api.bodies import moment
from sandbox.asana.api.call import Answer, Call, Route, one
from sandbox.asana.api.handlers import Handlers
from sandbox.asana.refusals import Refusal, bad, missing
from sandbox.asana.state.model import Project, Section, Task

_ONE_FILTER = "You must specify exactly one of project, tag, section, user task list, or assignee + workspace"


class TaskReading(Handlers):
    """The GET handlers of tasks."""

    def routes(self) -> list[Route]:
        """Return the routes of this group."""
        return [
            ("GET", "/tasks", self._tasks),
            ("GET", "/tasks/{task}", self._task),
            ("GET", "/tasks/{task}/subtasks", self._subtasks),
            ("GET", "/tasks/{task}/projects", self._projects),
            ("GET", "/projects/{project}/tasks", self._project_tasks),
            ("GET", "/sections/{section}/tasks", self._section_tasks),
        ]

    def _task(self, call: Call) -> Answer:
        return one(call, self.show.task(self.read.task(call.args["task"], reading=True)))

    def _subtasks(self, call: Call) -> Answer:
        task = self.read.task(call.args["task"], reading=True)
        return self._page(call, task.subtasks.seen(), lagging=True)

    def _projects(self, call: Call) -> Answer:
        task = self.read.task(call.args["task"], reading=True)
        return self.pages.answer(call, self.state.visible_projects(task), self.show.project)

    def _project_tasks(self, call: Call) -> Answer:
        project = self._listable(call.args["project"], 404)
        sections = project.sections if project else ()
        return self._page(call, [task for section in sections for task in section.tasks.seen()], lagging=True)

    def _section_tasks(self, call: Call) -> Answer:
        section = self.read.section(call.args["section"])
        return self._page(call, section.tasks.seen(), lagging=True)

    def _tasks(self, call: Call) -> Answer:
        """List tasks; this list is documented to read its own writes, so it never lags."""
        query = call.query
        filters = [name for name in ("project", "tag", "section", "user_task_list") if query.get(name)]
        if "assignee" in query or "workspace" in query:
            filters.append("assignee")
        if len(filters) != 1:
            raise bad(_ONE_FILTER)
        return self._page(call, self._chosen(filters[0], query), lagging=False)

    def _chosen(self, name: str, query: Mapping[str, str]) -> Iterable[Task]:
        match name:
            case "project":
                project = self._listable(query["project"], 400)
                return [task for section in project.sections for task in section.tasks] if project else []
            case "section":
                section: Section = self.read.section(query["section"], status=400)
                return section.tasks
            case "assignee":
                return self._assigned(query)
            case _:
                return []

    def _assigned(self, query: Mapping[str, str]) -> list[Task]:
        for needed in ("assignee", "workspace"):
            if not query.get(needed):
                raise missing(needed)
        self.read.workspace(query["workspace"], status=400)
        user = self.read.member(query["assignee"], "assignee")
        return [task for task in self.state.tasks.values() if task.assignee is user]

    def _listable(self, gid: str, status: int) -> Project | None:
        """Return the project whose tasks are asked for, None when a denied one is to look empty."""
        try:
            return self.read.project(gid, status=status)
        except Refusal as refusal:
            if refusal.status == 403 and self.state.options.denied_lists == "empty":
                return None
            raise

    def _page(self, call: Call, tasks: Iterable[Task], *, lagging: bool) -> Answer:
        wanted = self._since(call.query)
        listed = [task for task in tasks if self.state.is_listed(task, lagging=lagging) and wanted(task)]
        return self.pages.answer(call, listed, self.show.task)

    def _since(self, query: Mapping[str, str]) -> Callable[[Task], bool]:
        """Return the test of `completed_since` and `modified_since`."""
        given = dict(query)
        if given.get("completed_since") == "now":
            given["completed_since"] = self.state.now().isoformat()
        completed, modified = moment(given, "completed_since"), moment(given, "modified_since")

        def wanted(task: Task) -> bool:
            if completed is not None and task.completed_at is not None and task.completed_at < completed:
                return False
            return modified is None or task.modified_at >= modified

        return wanted
