"""What people add to tasks: comments, attachments, time.

https://developers.asana.com/reference/stories
https://developers.asana.com/reference/time-tracking-entries
"""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.asana.api.bodies import day, text
from sandbox.asana.api.call import Answer, Call, Route, one
from sandbox.asana.api.handlers import Handlers
from sandbox.asana.refusals import Refusal, bad, missing, payment_required
from sandbox.asana.richtext import Rich, read_html, read_plain
from sandbox.asana.state.model import Portfolio, Project, TimeEntry
from sandbox.core import Json

_ENTRY_FILTERS = ("task", "attributable_to", "portfolio", "user", "workspace")


class AdditionHandlers(Handlers):
    """The handlers of stories, attachments and time entries."""

    def routes(self) -> list[Route]:
        """Return the routes of this group."""
        return [
            ("GET", "/tasks/{task}/stories", self._stories),
            ("POST", "/tasks/{task}/stories", self._comment),
            ("GET", "/stories/{story}", self._story),
            ("GET", "/attachments", self._attachments),
            ("POST", "/attachments", self._attach),
            ("GET", "/attachments/{attachment}", self._attachment),
            ("GET", "/time_tracking_entries", self._entries),
            ("GET", "/time_tracking_entries/{entry}", self._entry),
            ("GET", "/tasks/{task}/time_tracking_entries", self._task_entries),
            ("POST", "/tasks/{task}/time_tracking_entries", self._log_time),
        ]

    # Comments

    def _stories(self, call: Call) -> Answer:
        task = self.read.task(call.args["task"], reading=True)
        return self.pages.answer(call, task.stories, self.show.story)

    def _story(self, call: Call) -> Answer:
        story = self.read.thing(self.state.stories, call.args["story"], "story")
        self.read.task(story.task.gid, reading=True)
        return one(call, self.show.story(story))

    def _comment(self, call: Call) -> Answer:
        task = self.read.task(call.args["task"])
        story = self.state.comment(task, self._comment_text(call.data), self.state.me)
        return one(call, self.show.story(story), created=f"/stories/{story.gid}")

    def _comment_text(self, data: Json) -> Rich:
        """Return what a comment says; wrong markup is shown to people as it is, or refused."""
        html, plain = text(data, "html_text"), text(data, "text")
        if not html and not plain:
            raise missing("text")
        if html and plain:
            raise bad("You may only provide one of text or html_text!")
        if not html:
            return read_plain(str(plain))
        try:
            return read_html(html, self.state.rules())
        except Refusal:
            if self.state.options.invalid_comment == "refused":
                raise
            return read_plain(html)

    # Attachments

    def _attachments(self, call: Call) -> Answer:
        if not call.query.get("parent"):
            raise missing("parent")
        parent = call.query["parent"]
        if parent in self.state.projects:
            self.read.project(parent, "parent")
            return self.pages.answer(call, [], self.show.attachment)
        task = self.read.task(parent, "parent", 400, reading=True)
        return self.pages.answer(call, task.attachments, self.show.attachment)

    def _attachment(self, call: Call) -> Answer:
        return one(
            call, self.show.attachment(self.read.thing(self.state.attachments, call.args["attachment"], "attachment"))
        )

    def _attach(self, call: Call) -> Answer:
        """Attach a link, or a file: its name and size stand in the data as the form was read."""
        data = call.data
        if data.get("parent") is None:
            raise missing("parent")
        task = self.read.task(data["parent"], "parent", 400)
        if data.get("resource_subtype") == "external":
            for needed in ("name", "url"):
                if not data.get(needed):
                    raise missing(needed)
            made = self.state.attach(task, str(data["name"]), self.state.me, url=str(data["url"]))
        elif isinstance(data.get("file"), dict):
            made = self.state.attach(task, data["file"]["name"], self.state.me, size=data["file"]["size"])
        else:
            raise missing("file")
        return one(call, self.show.attachment(made))

    # Time

    def _task_entries(self, call: Call) -> Answer:
        self._check_plan()
        task = self.read.task(call.args["task"], reading=True)
        return self._entry_page(call, task.entries)

    def _entries(self, call: Call) -> Answer:
        self._check_plan()
        query = call.query
        if not any(query.get(name) for name in _ENTRY_FILTERS):
            raise bad(f"You must specify at least one of {', '.join(_ENTRY_FILTERS)}")
        dated = query.get("entered_on_start_date") or query.get("entered_on_end_date")
        if query.get("workspace") and not dated:
            raise bad("entered_on_start_date or entered_on_end_date must be provided when filtering by workspace")
        return self._entry_page(call, self._chosen_entries(query))

    def _chosen_entries(self, query: Mapping[str, str]) -> list[TimeEntry]:
        found = list(self.state.entries.values())
        if query.get("workspace"):
            self.read.workspace(query["workspace"], status=400)
        if query.get("task"):
            task = self.read.task(query["task"], "task", 400, reading=True)
            found = [entry for entry in found if entry.task is task]
        if query.get("attributable_to"):
            project = self.read.project(query["attributable_to"], "attributable_to", 400)
            found = [entry for entry in found if entry.attributable_to is project]
        if query.get("portfolio"):
            projects = _projects_in(self.read.portfolio(query["portfolio"], status=400))
            found = [entry for entry in found if entry.attributable_to in projects]
        if query.get("user"):
            user = self.read.member(query["user"], "user")
            found = [entry for entry in found if entry.created_by is user]
        return found

    def _entry_page(self, call: Call, entries: list[TimeEntry]) -> Answer:
        query = dict(call.query)
        first, last = day(query, "entered_on_start_date"), day(query, "entered_on_end_date")
        kept = [
            entry
            for entry in entries
            if (first is None or entry.entered_on >= first)
            and (last is None or entry.entered_on <= last)
            and self._is_readable(entry)
        ]
        return self.pages.answer(call, kept, lambda entry: self.show.entry(entry, in_list=True))

    def _is_readable(self, entry: TimeEntry) -> bool:
        kept = entry.task.trashed is None or self.state.options.entries_of_deleted == "kept"
        return kept and self.state.may_see(entry.task)

    def _entry(self, call: Call) -> Answer:
        self._check_plan()
        entry = self.read.thing(self.state.entries, call.args["entry"], "time_tracking_entry")
        if not self._is_readable(entry):
            self.read.task(entry.task.gid)
        return one(call, self.show.entry(entry))

    def _log_time(self, call: Call) -> Answer:
        """Log time; the API has no way to log it for somebody else."""
        self._check_plan()
        task = self.read.task(call.args["task"])
        minutes = call.data.get("duration_minutes")
        if minutes is None:
            raise missing("duration_minutes")
        if isinstance(minutes, bool) or not isinstance(minutes, int) or minutes <= 0:
            raise bad(f"duration_minutes: Must be an integer greater than 0: {minutes}")
        sent = call.data.get("attributable_to")
        project = self.read.project(sent, "attributable_to", 400) if sent is not None else None
        entered_on = day(call.data, "entered_on") or self.state.now().date()
        description = text(call.data, "description") or ""
        entry = self.state.log_time(task, minutes, entered_on, self.state.me, project=project, description=description)
        return one(call, self.show.entry(entry), created=f"/time_tracking_entries/{entry.gid}")

    def _check_plan(self) -> None:
        if not self.state.options.has_time_tracking:
            raise payment_required("time")


def _projects_in(portfolio: Portfolio) -> set[Project]:
    """Return the projects of a portfolio and of those inside it."""
    found: set[Project] = set()
    places, seen = [portfolio], {portfolio.gid}
    for place in places:
        found.update(item for item in place.items if isinstance(item, Project))
        inner = [item for item in place.items if isinstance(item, Portfolio) and item.gid not in seen]
        seen.update(item.gid for item in inner)
        places.extend(inner)
    return found
