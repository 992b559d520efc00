"""What is written to Asana: one task at a time, and without what Asana refuses of it."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from connectors.asana_api import SERVICE, AsanaApi
from connectors.asana_reading import HOME_REMEDY
from connectors.retry import told
from connectors.wire.asana import AT_CREATION, TASK_FIELDS, encode_csh_task, encode_new_task, encode_task, is_answer_to
from connectors.wire.asana_fields import HomeField, encode_value
from connectors.wire.asana_json import OddValue, own_gid
from sync.errors import Denied, NotFound, OutcomeUnknown, Rejected
from sync.model.addresses import task_address
from sync.model.allocating import CshTaskDraft
from sync.model.change import Remark, TaskDraft, Value
from sync.model.work import Task

UNKNOWN_REMEDY = "It is looked up in the next run before anything is created."
ASSIGNEE_NOTE = "the assignee is not a user of the workspace and was left out"
FOLLOWERS_NOTE = "followers were refused and left out"
PLAIN_TEXT_NOTE = "Asana refused the formatted description; it was written as plain text"
OTHER_PART = re.compile(r"custom.field|(?!html_notes|notes|xml|rich)[a-z_]+: ")
"""A refusal that names a part of the task, and not its description: that one is refused in many words."""

Written = TypeVar("Written")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What to write of a draft: the fields *names*, the description *plain* or formatted; and what was left out."""

    draft: TaskDraft
    names: tuple[str, ...]
    plain: bool = False
    notes: tuple[str, ...] = ()

    def lesser(self, refusal: str) -> "Attempt | None":
        """Return the attempt without the part that a refusal speaks of; None when nothing can be left out."""
        words = refusal.casefold()
        for name, note in (("assignee", ASSIGNEE_NOTE), ("followers", FOLLOWERS_NOTE)):
            if words.startswith(name.removesuffix("s")) and name in self.names:
                names = tuple(one for one in self.names if one != name)
                return replace(self, names=names, notes=(*self.notes, note))
        if "description" in self.names and not self.plain and not OTHER_PART.match(words):
            return replace(self, plain=True, notes=(*self.notes, f"{PLAIN_TEXT_NOTE} ({refusal})"))
        return None


def _send(attempt: Attempt, send: Callable[[Attempt], Written]) -> tuple[Written, Remark]:
    """Send an attempt; what Asana refuses (400: nothing was changed) is left out of a further one, each part once."""
    wanted = attempt.names
    while True:
        try:
            sent = send(attempt)
            return sent, Remark("; ".join(attempt.notes), attempt.plain, frozenset(wanted) - frozenset(attempt.names))
        except Rejected as error:
            lesser = attempt.lesser(told(error)) if error.status == 400 else None
            if lesser is None:
                raise
            attempt = lesser


class Writing:
    """Writes tasks of the home project. *decode* reads a task from an answer and raises OddValue."""

    def __init__(
        self, api: AsanaApi, home_project: str, fields: Mapping[str, HomeField], decode: Callable[[Any], Task]
    ) -> None:
        self._api = api
        self._home = home_project
        self._fields = fields
        self._decode = decode

    def create(self, draft: TaskDraft) -> tuple[Task, str]:
        """Make a task in the home project, everything in one call; return it and a note on what was left out.

        Raises Denied when nothing can be made there, OutcomeUnknown when the answer was lost or is about another task.
        """
        try:
            task, remark = _send(Attempt(draft, (*AT_CREATION, *draft.fields)), self._create)
        except Rejected as error:
            if error.status != 403:
                raise
            raise Denied(SERVICE, error.operation, told(error), remedy=HOME_REMEDY, status=403) from error
        return task, remark.words

    def _create(self, attempt: Attempt) -> Task:
        operation = "create a task"
        body = encode_new_task(attempt.draft, attempt.names, self._home, self._fields, plain=attempt.plain)
        answer = self._api.create(operation, "TasksApi.create_task", {"data": body}, {"opt_fields": TASK_FIELDS})
        try:
            task = self._decode(answer)
        except OddValue as error:
            reason = f"the answer has an odd value at {error}"
            raise OutcomeUnknown(SERVICE, operation, reason, remedy=UNKNOWN_REMEDY) from error
        if not is_answer_to(attempt.draft, task):
            reason = f"the answer is about another task, {task.gid}"
            raise OutcomeUnknown(SERVICE, operation, reason, remedy=UNKNOWN_REMEDY)
        return task

    def update(self, gid: str, draft: TaskDraft, names: Collection[str]) -> Remark:
        """Write the named fields; return what was left out or written otherwise."""

        def send(attempt: Attempt) -> None:
            body = encode_task(attempt.draft, attempt.names, self._fields, plain=attempt.plain)
            if body:
                self._update("update a task", gid, body)

        return _send(Attempt(draft, tuple(names)), send)[1]

    def _update(self, operation: str, gid: str, body: Mapping[str, Any]) -> None:
        answer = self._api.write(operation, "TasksApi.update_task", {"data": body}, gid, {"opt_fields": "gid"})
        self._check(operation, gid, answer.get("gid"))

    def _check(self, operation: str, gid: str, answered: object) -> None:
        if answered != gid:
            raise Rejected(SERVICE, operation, f"Asana was asked about task {gid} and answered about {answered}")

    def rehome(self, gid: str) -> None:
        """Add a task to the home project."""
        body = {"data": {"project": self._home}}
        self._api.write("add a task to the home project", "TasksApi.add_project_for_task", body, gid)

    def leave_home(self, gid: str) -> None:
        """Take a task out of the home project."""
        body = {"data": {"project": self._home}}
        self._api.write("take a task out of the home project", "TasksApi.remove_project_for_task", body, gid)

    def place(self, gid: str, parent_gid: str) -> Task:
        """Hang a task under another, or detach it with ""; return it as it is then."""
        operation = "place a task"
        body = {"data": {"parent": parent_gid or None}}
        answer = self._api.write(operation, "TasksApi.set_parent_for_task", body, gid, {"opt_fields": TASK_FIELDS})
        try:
            task = self._decode(answer)
        except OddValue as error:
            raise Rejected(SERVICE, operation, f"the answer has an odd value at {error}") from error
        self._check(operation, gid, task.gid)
        return task

    def remove(self, gid: str) -> None:
        """Move a task to the trash; one that is already gone counts as removed."""
        try:
            self._api.write("remove a task", "TasksApi.delete_task", gid)
        except NotFound:
            return

    def make_csh_task(self, draft: CshTaskDraft, title: str, page: str) -> str:
        """Make a CSH task in its engagement and in the home project, with a link to its allocation; return its address.

        One that was half made is put in its place. Raises OutcomeUnknown when the answer was lost: the next reading of
        the engagement, or of the home project, shows it.
        """
        gid, permalink = draft.half_made, ""
        if not gid:
            answer = self._api.create(
                "make a CSH task",
                "TasksApi.create_task",
                {"data": encode_csh_task(draft, title, page, self._home)},
                {"opt_fields": "name,permalink_url"},
            )
            gid, permalink = own_gid(answer), str(answer.get("permalink_url") or "")
        if draft.in_task:
            placed = self.place(gid, draft.engagement_gid)
            permalink = placed.permalink
            if self._home not in placed.project_gids:
                self.rehome(gid)
        return permalink or task_address(gid)

    def write_hours(self, gid: str, values: Mapping[str, Value], field_gids: Mapping[str, str]) -> None:
        """Write those hours fields of a CSH task that it has, by the gids they have on it."""
        custom = {field_gids[name]: encode_value(value) for name, value in values.items() if name in field_gids}
        if custom:
            self._update("write hours on a CSH task", gid, {"custom_fields": custom})
