"""Asana: where issues are mirrored to, and where hand-made work is read."""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from connectors.asana_api import SERVICE, AsanaApi
from connectors.asana_memory import RememberedAsana
from connectors.asana_reading import Places, Reading
from connectors.asana_time import read_time_entries
from connectors.asana_writing import Writing
from connectors.memory import Shelf
from connectors.wire.asana import TASK_FIELDS, decode_human_content, decode_task
from connectors.wire.asana_fields import HoursFields
from connectors.wire.asana_json import OddValue
from sync.errors import LimitReached, NotFound, Rejected, Transient
from sync.model.allocating import CshTaskDraft
from sync.model.change import Remark, TaskDraft, Value
from sync.model.cost import Cost
from sync.model.reading import Moved
from sync.model.work import HumanContent, Task, TaskSnapshot, TimeSheets


class AsanaConnector:
    """Reads and writes Asana for one workspace.

    *profiles* maps a label to the name of its CSH tasks; *field_names* our field names to Asana's (or gids); *zone* is
    the one in which moments become days (decision D15), *clock* tells the moment decisions are made for. With a *shelf*
    what was read is remembered between runs. Nothing is written before `read`, which finds the fields.
    """

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        workspace: str,
        home_project: str,
        portfolio: str,
        engagements_project: str,
        profiles: Mapping[str, str],
        field_names: Mapping[str, str],
        requests_per_minute: int = 1500,
        zone: tzinfo = UTC,
        sleep: Callable[[float], None] = time.sleep,
        before_write: Callable[[], None] = lambda: None,
        shelf: Shelf | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._api = AsanaApi(
            token=token,
            api_url=api_url,
            requests_per_minute=requests_per_minute,
            sleep=sleep,
            before_write=before_write,
        )
        self._places = Places(workspace, home_project, portfolio, engagements_project, profiles, field_names)
        self._zone = zone
        self._reads = RememberedAsana(self._api, shelf, home_project, clock)
        self._reading = Reading(self._reads, self._places, zone)
        self._requests_per_minute = requests_per_minute

    def read(self) -> TaskSnapshot:
        """Read the home project, the CSH tasks and everything below them.

        Raises Denied when the home project, the portfolio or the engagements project is refused. An engagement that
        cannot be read, and a task that is not what Asana promises, are named as problems and make the reading
        incomplete.
        """
        self._reading = Reading(self._reads, self._places, self._zone)
        return self._reading.read()

    def read_project(self, gid: str) -> Mapping[str, Task]:
        """Read the tasks of any project, after `read`, which finds the fields. Raises Rejected for an odd one too."""
        listed = self._api.listed("read a project's tasks", "TasksApi.get_tasks", project=gid, opt_fields=TASK_FIELDS)
        try:
            return {task.gid: task for task in map(self._decode, listed)}
        except OddValue as error:
            message = f"odd value at {error}"
            raise Rejected("Asana", "read a project's tasks", message, remedy="See whether it stays.") from error

    def look_up(self, gids: Collection[str], *, anew: bool = False) -> Mapping[str, Task | None]:
        """Read single tasks: None for 404; a gid that is absent could not be read. *anew*: whatever is remembered."""
        reads = self._api if anew else self._reads
        found: dict[str, Task | None] = {}
        for gid in sorted(gids):
            try:
                task = self._decode(reads.one("read a task", "TasksApi.get_task", gid, {"opt_fields": TASK_FIELDS}))
            except NotFound:
                found[gid] = None
            except LimitReached:
                raise
            except (Rejected, Transient, OddValue):
                continue
            else:
                found |= {gid: task} if task.gid == gid else {}
        return found

    def human_content(self, gids: Collection[str], *, anew: bool = False) -> Mapping[str, HumanContent]:
        """Count comments, attachments and sub-tasks; a gid that is absent could not be read. *anew* as in `look_up`."""
        reads = self._api if anew else self._reads
        found = {}
        for gid in sorted(gids):
            try:
                found[gid] = self._human_content(reads, gid)
            except LimitReached:
                raise
            except (Rejected, Transient, OddValue):
                continue
        return found

    @staticmethod
    def _human_content(reads: AsanaApi | RememberedAsana, gid: str) -> HumanContent:
        kinds = "type,resource_subtype"
        files = "AttachmentsApi.get_attachments_for_object"
        return decode_human_content(
            reads.one("read a task", "TasksApi.get_task", gid, {"opt_fields": "num_subtasks"}),
            reads.listed("read a task's comments", "StoriesApi.get_stories_for_task", gid, opt_fields=kinds),
            reads.listed("read a task's attachments", files, gid, opt_fields="name"),
            reads.listed("read a task's sub-tasks", "TasksApi.get_subtasks_for_task", gid, opt_fields="name"),
        )

    def time_entries(self, gids: Collection[str]) -> TimeSheets:
        """Read the time entries of tasks, one request each; not offered where Asana's plan has none."""
        return read_time_entries(self._reads, gids)

    def create(self, draft: TaskDraft) -> tuple[Task, str]:
        """Make a task in the home project; return it and a note. Raises OutcomeUnknown when the answer was lost."""
        return self._writing().create(draft)

    def update(self, gid: str, draft: TaskDraft, names: Collection[str]) -> Remark:
        """Write the named fields of *draft*; return what was left out or written otherwise."""
        return self._writing().update(gid, draft, names)

    def rehome(self, gid: str) -> None:
        """Add a task to the home project."""
        self._writing().rehome(gid)

    def leave_home(self, gid: str) -> None:
        """Take a task out of the home project."""
        self._writing().leave_home(gid)

    def place(self, gid: str, parent_gid: str) -> Task:
        """Hang a task under another, or detach it with ""; return it as it is then."""
        placed = self._writing().place(gid, parent_gid)
        with self._reads.noting_a_write():
            if former := self._reads.parent_of(gid):
                self._reads.left(gid, former)
            if parent_gid:
                self._reads.changed_below(parent_gid)
        return placed

    def remove(self, gid: str) -> None:
        """Move a task to the trash; one that is already gone counts as removed."""
        self._writing().remove(gid)
        with self._reads.noting_a_write():
            self._reads.left(gid, self._reads.parent_of(gid))

    def write_csh_hours(self, gid: str, values: Mapping[str, Value]) -> None:
        """Write hours fields on a CSH task, where they are on it."""
        fields = self._reading.hours_fields.get(gid, HoursFields())
        self._writing().write_hours(gid, values, fields.gids)
        with self._reads.noting_a_write():
            self._reads.wrote(gid)

    def make_csh_task(self, draft: CshTaskDraft, title: str, page: str) -> str:
        """Make a CSH task with a link to the allocation *title* at *page*; return its address."""
        return self._writing().make_csh_task(draft, title, page)

    # What is remembered between runs.

    def is_known(self) -> bool:
        """Tell whether everything was read before, so that a look is enough."""
        return self._reads.remembers

    def look(self, *, hasty: bool = False) -> Moved:
        """Ask which tasks of the home project were modified since the last look.

        Some of the other listings are asked for anew, all of them in turns; fewer where it is to be *hasty*.
        """
        return self._reads.look(hasty=hasty)

    def read_again(self, *, wholly: bool = False) -> None:
        """Ask anew for the home project: a task that somebody added to it may not show as modified.

        *wholly*: for the engagements and everything below them, too.
        """
        self._reads.let_home_go()
        if wholly:
            self._reads.let_listings_go()

    def cost(self) -> Cost:
        """Tell what was asked so far, beside the requests of a minute that are set."""
        asked = self._api.asked
        return Cost(SERVICE, asked, asked, "requests", self._requests_per_minute, timedelta(minutes=1))

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def _writing(self) -> Writing:
        return Writing(self._api, self._places.home_project, self._reading.fields.home, self._decode)

    def _decode(self, data: Any) -> Task:
        return decode_task(data, self._reading.fields, self._zone)
