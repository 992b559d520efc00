"""Workspaces, people, portfolios, projects and sections.

https://developers.asana.com/reference/portfolios
"""

from __future__ import annotations

from sandbox.asana.api.bodies import required_text
from sandbox.asana.api.call import Answer, Call, Route, one
from sandbox.asana.api.handlers import Handlers
from sandbox.asana.api.shape import Record
from sandbox.asana.refusals import missing
from sandbox.asana.state.model import Project, Task, User

_MAX_USERS = 2_000


class PlaceHandlers(Handlers):
    """The handlers of what tasks are in and who works on them."""

    def routes(self) -> list[Route]:
        """Return the routes of this group."""
        return [
            ("GET", "/workspaces", self._workspaces),
            ("GET", "/workspaces/{workspace}", self._workspace),
            ("GET", "/workspaces/{workspace}/users", self._workspace_users),
            ("GET", "/workspaces/{workspace}/projects", self._workspace_projects),
            ("GET", "/users", self._users),
            ("GET", "/users/{user}", self._user),
            ("GET", "/memberships", self._memberships),
            ("GET", "/portfolios", self._portfolios),
            ("GET", "/portfolios/{portfolio}", self._portfolio),
            ("GET", "/portfolios/{portfolio}/items", self._items),
            ("GET", "/projects", self._projects),
            ("POST", "/projects", self._create_project),
            ("GET", "/projects/{project}", self._project),
            ("GET", "/projects/{project}/sections", self._sections),
            ("GET", "/projects/{project}/task_counts", self._task_counts),
            ("GET", "/sections/{section}", self._section),
        ]

    def _workspaces(self, call: Call) -> Answer:
        return self.pages.answer(call, [self.state.workspace], lambda _: self.show.workspace())

    def _workspace(self, call: Call) -> Answer:
        self.read.workspace(call.args["workspace"])
        return one(call, self.show.workspace())

    def _workspace_users(self, call: Call) -> Answer:
        """List the members by name; this list has no pages, is cut, and cannot be read on."""
        self.read.workspace(call.args["workspace"])
        users = sorted(self._members(), key=lambda user: user.name.casefold())
        return self.pages.whole(call, users[:_MAX_USERS], self.show.user)

    def _users(self, call: Call) -> Answer:
        if call.query.get("workspace"):
            self.read.workspace(call.query["workspace"], status=400)
        return self.pages.answer(call, self._members(), self.show.user)

    def _members(self) -> list[User]:
        return [user for user in self.state.users.values() if user.active]

    def _user(self, call: Call) -> Answer:
        return one(call, self.show.user(self.read.user(call.args["user"])))

    def _memberships(self, call: Call) -> Answer:
        """List the members of a project or portfolio: of the played people the token's user alone is told."""
        gid = call.query.get("parent")
        if not gid:
            raise missing("parent")
        read = self.read
        parent = read.portfolio(gid) if gid in self.state.portfolios else read.project(gid, "parent")
        member = call.query.get("member")
        user = self.state.me if member is None else read.user(member)
        level = self.state.access_level(parent) if user is self.state.me else "none"
        told = [] if level == "none" else [(parent, level)]
        return self.pages.answer(call, told, lambda one: self.show.membership(*one))

    def _portfolios(self, call: Call) -> Answer:
        """List the portfolios the token's user owns: others are only found by gid."""
        if not call.query.get("workspace"):
            raise missing("workspace")
        self.read.workspace(call.query["workspace"], status=400)
        owned = [
            one for one in self.state.portfolios.values() if one.owner is self.state.me and self.state.may_see(one)
        ]
        return self.pages.answer(call, owned, self.show.portfolio)

    def _portfolio(self, call: Call) -> Answer:
        return one(call, self.show.portfolio(self.read.portfolio(call.args["portfolio"])))

    def _items(self, call: Call) -> Answer:
        portfolio = self.read.portfolio(call.args["portfolio"])
        visible = [item for item in portfolio.items if self.state.may_see(item)]
        return self.pages.answer(call, visible, self.show.item)

    def _workspace_projects(self, call: Call) -> Answer:
        self.read.workspace(call.args["workspace"])
        return self._project_list(call)

    def _projects(self, call: Call) -> Answer:
        if call.query.get("workspace"):
            self.read.workspace(call.query["workspace"], status=400)
        return self._project_list(call)

    def _project_list(self, call: Call) -> Answer:
        archived = {"true": True, "false": False}.get(call.query.get("archived", "").lower())
        found = [
            project
            for project in self.state.projects.values()
            if not project.deleted and self.state.may_see(project) and archived in {None, project.archived}
        ]
        return self.pages.answer(call, found, self.show.project)

    def _project(self, call: Call) -> Answer:
        return one(call, self.show.project(self.read.project(call.args["project"])))

    def _create_project(self, call: Call) -> Answer:
        """Make a project; the token's user is its first member."""
        if not call.data.get("workspace"):
            raise missing("workspace")
        self.read.workspace(call.data["workspace"], status=400)
        project = self.state.add_project(required_text(call.data, "name"))
        return one(call, self.show.project(project), created=f"/projects/{project.gid}")

    def _sections(self, call: Call) -> Answer:
        return self.pages.answer(call, self.read.project(call.args["project"]).sections, self.show.section)

    def _section(self, call: Call) -> Answer:
        return one(call, self.show.section(self.read.section(call.args["section"])))

    def _task_counts(self, call: Call) -> Answer:
        """Count the tasks of a project; every number has to be asked for by name."""
        tasks = self._counted(self.read.project(call.args["project"]))
        open_ones = [task for task in tasks if task.completed_at is None]
        counts = Record(
            None,
            {
                "num_tasks": lambda: len(tasks),
                "num_incomplete_tasks": lambda: len(open_ones),
                "num_completed_tasks": lambda: len(tasks) - len(open_ones),
            },
            (),
        )
        return Answer({"data": counts.shown(call.tree())})

    def _counted(self, project: Project) -> list[Task]:
        return [task for section in project.sections for task in section.tasks if task.trashed is None]
