"""Everything the sandbox's Asana holds, by gid, and who may see what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sandbox.asana.options import AsanaOptions
from sandbox.asana.richtext import Linked, Rules
from sandbox.asana.state.model import (
    Attachment,
    Field,
    Portfolio,
    Project,
    Section,
    Story,
    Task,
    TimeEntry,
    User,
    Workspace,
)
from sandbox.core import SandboxClock

FIRST_GID = 1_200_000_000_000_001
TRASH_TIME = timedelta(days=30)
WEB = "https://app.asana.com"


class Store:
    """The things by gid; the same world built twice has the same gids.

    *me* is the user of the token. `requests` counts what the service has been asked.
    """

    def __init__(self, clock: SandboxClock, options: AsanaOptions, workspace: str, me: str) -> None:
        self.clock = clock
        self.options = options
        self.requests = 0
        self._last_gid = FIRST_GID - 1
        self.workspace = Workspace(self.new_gid(), workspace)
        self.users: dict[str, User] = {}
        self.portfolios: dict[str, Portfolio] = {}
        self.projects: dict[str, Project] = {}
        self.sections: dict[str, Section] = {}
        self.fields: dict[str, Field] = {}
        self.tasks: dict[str, Task] = {}
        self.stories: dict[str, Story] = {}
        self.attachments: dict[str, Attachment] = {}
        self.entries: dict[str, TimeEntry] = {}
        self.me = User(self.new_gid(), me, "csh-sync@acme.example")
        self.users[self.me.gid] = self.me

    @property
    def lag(self) -> int:
        """Return by how many requests lists are behind."""
        return self.options.list_lag

    def new_gid(self) -> str:
        """Return the next gid: digits, as Asana's are."""
        self._last_gid += 1
        return str(self._last_gid)

    def now(self) -> datetime:
        """Return the sandbox's moment in milliseconds: Asana keeps no finer time."""
        moment = self.clock.now()
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    # People

    def find_user(self, named: object) -> User | None:
        """Return the user a gid, an e-mail address or `me` stands for."""
        if not isinstance(named, str):
            return None
        if named == "me":
            return self.me
        lowered = named.lower()
        return self.users.get(named) or next((one for one in self.users.values() if one.email == lowered), None)

    # Tasks and the trash

    def is_gone(self, task: Task) -> bool:
        """Say whether a task has been in the trash for so long that nobody can bring it back."""
        return task.trashed is not None and self.now() - task.trashed.at >= TRASH_TIME

    def is_listed(self, task: Task, *, lagging: bool) -> bool:
        """Say whether lists show *task*; *lagging* ones still show what was just deleted."""
        if task.gid in self.options.unlisted or not self.may_see(task):
            return False
        if task.trashed is None:
            return True
        return lagging and self.lag > 0 and task.trashed.request >= self.requests - self.lag

    def live_subtasks(self, task: Task) -> list[Task]:
        """Return the subtasks that are not in the trash."""
        return [child for child in task.subtasks if child.trashed is None]

    def ancestors(self, task: Task) -> Iterator[Task]:
        """Yield the parent of *task*, the parent's parent and so on."""
        while task.parent is not None:
            task = task.parent
            yield task

    def height(self, task: Task) -> int:
        """Return how many levels of subtasks there are below *task*."""
        height, level = 0, self.live_subtasks(task)
        while level:
            height += 1
            level = [child for one in level for child in self.live_subtasks(one)]
        return height

    # What the token's user may see

    def may_see(self, thing: Task | Project | Portfolio) -> bool:
        """Say whether the token's user may see *thing*; a task in denied projects only is hidden, too."""
        denied = self.options.denied
        if not denied:
            return True
        if thing.gid in denied:
            return False
        if isinstance(thing, Task) and thing.memberships:
            return any(project.gid not in denied for project in thing.projects)
        return True

    def access_level(self, place: Project | Portfolio) -> str:
        """Return what the token's user may do in *place*: "admin", "editor", "commenter", "viewer" or "none"."""
        return self.options.access_levels.get(place.gid, "editor")

    def may_edit(self, place: Project | Portfolio) -> bool:
        """Say whether the token's user may add to *place* and change what is in it."""
        return self.access_level(place) in {"admin", "editor"}

    def visible_projects(self, task: Task) -> list[Project]:
        """Return the projects of *task* that the token's user may see."""
        return [project for project in task.projects if self.may_see(project)]

    # Rich text

    def rules(self) -> Rules:
        """Return what the check of rich text has to know right now."""
        return Rules(
            find=self._linked,
            is_attachment=lambda gid: gid in self.attachments,
            span=self.options.span,
            rule_form=self.options.rule_form,
            nested_code_status=self.options.nested_code_status,
        )

    def _linked(self, gid: str) -> Linked | None:
        if gid in self.users:
            return Linked(gid, "user", f"@{self.users[gid].name}", f"{WEB}/0/{gid}/list")
        if gid in self.projects and self.may_see(self.projects[gid]):
            return Linked(gid, "project", self.projects[gid].name, f"{WEB}/0/{gid}/list")
        if gid in self.tasks and self.may_see(self.tasks[gid]):
            return Linked(gid, "task", self.tasks[gid].name, f"{WEB}/0/0/{gid}/f")
        return None
