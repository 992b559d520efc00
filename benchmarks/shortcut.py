"""A mirror of thousands of issues in seconds: the product's own plan, carried out in the sandbox's state.

It reads and plans as every run does, so that the next run finds nothing to write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from benchmarks.world import LargeWorld
from connectors.wire.airtable import encode_row, encode_sealing, encode_totals
from sandbox.asana.state.model import Task as PlayedTask
from sync import app
from sync.apply import apply_plan
from sync.model.change import Result, RowWrite, TaskDraft, Value
from sync.model.contract import ProposedStatus, Sealing, Totals
from sync.model.work import Task, TaskFields
from sync.run import plan_run
from sync.settings import load_settings

FIELDS = {"github_url": "GitHub URL", "github_id": "GitHub ID", "github_hours": "GitHub Hours"}

SECONDS_EACH = 0.08
"""What a task takes of Asana's 1,500 writes a minute, made and placed: a mirror made in one moment is like none."""


class MirrorNotQuiet(Exception):
    """The shortcut left something to write: the benchmark would measure the wrong thing."""


def mirror(world: LargeWorld, settings: Mapping[str, str]) -> None:
    """Mirror all issues of *world*. Raises MirrorNotQuiet when not every change could be carried out."""
    loaded = load_settings(dict(settings), None)
    services = app.services(loaded)
    with closing(services):
        assessment, _ = plan_run(services, app.policy(loaded), app.moment(loaded))
    applied = apply_plan(
        assessment.plan,
        StateTasks(world),
        StateLedger(world),
        home_project=world.home.gid,
        on_outcome=lambda _outcome: None,
    )
    wrong = [one for one in applied.outcomes if one.result is not Result.DONE]
    if wrong or applied.stopped:
        raise MirrorNotQuiet(f"{len(wrong)} changes failed; first {wrong[:1]} {applied.stopped}")


class StateTasks:
    """The door to Asana that leads straight into the sandbox's state: as much of it as a first mirror needs."""

    def __init__(self, world: LargeWorld) -> None:
        self._world = world
        self._state = world.sandbox.asana.state

    def create(self, draft: TaskDraft) -> tuple[Task, str]:
        """Add a task to the home project; time goes by as it does at Asana's pace."""
        self._world.sandbox.clock.advance(seconds=SECONDS_EACH)
        fields = {FIELDS[name]: _plain(value) for name, value in draft.fields.items() if value is not None}
        made = self._state.add_task(
            draft.name,
            project=self._world.home,
            html_notes=draft.html_notes,
            assignee=draft.assignee_gid or None,
            due_on=draft.due_on,
            start_on=draft.start_on if draft.due_on else None,
            completed=draft.completed,
            fields=fields,
        )
        return self._shown(made, draft), ""

    def place(self, gid: str, parent_gid: str) -> Task:
        """Hang a task under another."""
        self._state.move_task(gid, parent=parent_gid)
        task = self._state.tasks[gid]
        return replace(self._shown(task, None), parent_gid=parent_gid)

    def _shown(self, task: PlayedTask, draft: TaskDraft | None) -> Task:
        values = {name: self._state.field_value(task, shown) for name, shown in FIELDS.items()}
        kept = dict(draft.fields) if draft else {name: value for name, value in values.items() if value is not None}
        return Task(task.gid, task.name, project_gids=frozenset({self._world.home.gid}), fields=TaskFields(kept))  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the shortcut makes first mirrors only, it has no {name}")


class StateLedger:
    """The door to Airtable that leads straight into the sandbox's state."""

    def __init__(self, world: LargeWorld) -> None:
        self._airtable = world.sandbox.airtable

    def write_rows(self, writes: Sequence[RowWrite]) -> None:
        """Add rows to Activity."""
        stamp = self._airtable.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z")
        for write in writes:
            cells = {name: value for name, value in encode_row(None, write.after).items() if value is not None}
            self._airtable.add_row("Activity", cells | {"Synced at": stamp})

    def write_seals(self, seals: Mapping[str, Sealing | None]) -> None:
        """Write the sealing cells of allocations."""
        for allocation_id, one in seals.items():
            self._airtable.edit_cells("Allocations", allocation_id, encode_sealing(one))

    def write_totals(self, totals: Mapping[str, Totals]) -> None:
        """Write the totals of allocations."""
        for record_id, one in totals.items():
            self._airtable.edit_cells("Allocations", record_id, encode_totals(one))

    def write_proposals(self, proposals: Mapping[str, ProposedStatus]) -> None:
        """Write the proposed statuses of engagements."""
        for record_id, one in proposals.items():
            cells = {"Proposed status": one.status, "Proposed status reason": one.reason}
            self._airtable.edit_cells("Engagements", record_id, cells)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the shortcut makes first mirrors only, it has no {name}")


def _plain(value: Value) -> Any:
    return value if isinstance(value, str | bool | None) else float(value) if not hasattr(value, "isoformat") else value
