"""What holds whatever goes wrong (the rules at the top of the catalogue of faults)."""

from __future__ import annotations

from typing import Any

from sync.run import Report
from tests.faults.people import People


class Promises:
    """Looks at the world after each step and raises AssertionError where a promise was broken."""

    def __init__(self, people: People) -> None:
        self.people, self.org, self.memory = people, people.org, people.memory
        self._sealed: dict[str, str] = {}
        self._look()

    def _look(self) -> None:
        """Remember how things stand now; people's later edits are taken in by `_peoples_cells`."""
        self._gone = self._trashed()
        self._hours = {issue: self._hours_in_rows(issue) for issue in self.memory.issues}
        self.people.look_anew()

    def after_a_run(self) -> None:
        """Check what must hold after every run, however it ended."""
        self.people.respected()
        self._no_removal_in_scope()
        self._no_lowered_hours()
        self._seals_stay()
        assert not any(one.leaked for one in self.org.sandbox.log.select()), "a token stood in an address or a body"
        self.org.sandbox.log.clear()
        self._look()

    def after_a_clean_run(self) -> None:
        """Check that there is at most one task for an issue in scope; of one that left, all are held with its hours.

        A twin below which a task is held stays: no removal takes along what hangs below.
        """
        for issue in self.memory.issues:
            if issue not in self.memory.duplicated and self.people.in_scope(issue):
                tasks = self.people.tasks_of(issue)
                free = [one for one in tasks if not self._holds_up(one)]
                assert len(free) <= 1 or len(tasks) <= 1, f"twins for {name(issue)}"

    def _holds_up(self, task: Any) -> bool:
        left = [issue for issue in self.memory.issues if not self.people.in_scope(issue)]
        return any(self._names(below, issue) for below in self.org.asana.live_subtasks(task) for issue in left)

    def at_rest(self, report: Report) -> None:
        """Check that the last run wrote nothing, and that the destination is as it should be."""
        assert report.plan.changes == (), f"after two clean runs there is still to do: {report.plan.changes}"
        self.after_a_clean_run()
        held = {one.about.reference for one in report.plan.held}
        self.findings = [f"{one.kind}: {one.subject}" for one in report.plan.findings]
        for issue in self.memory.issues:
            if self.people.in_scope(issue):
                self._mirrored(issue)
            else:
                self._left(issue, held)
        self._totals_add_up()

    # After every run.

    def _trashed(self) -> set[str]:
        return {gid for gid, task in self.org.asana.tasks.items() if task.trashed is not None}

    def _no_removal_in_scope(self) -> None:
        for gid in self._trashed() - self._gone - self.memory.trashed_by_hand:
            task = self.org.asana.tasks[gid]
            minutes, comments, files, _ = self.people.added_to(task)
            assert [*minutes, *comments, *files] == [], f"task {gid} was removed with what people added"
            for issue in self.memory.issues:
                if self._names(task, issue) and issue not in self.memory.may_leave:
                    assert self.people.tasks_of(issue), f"task {gid} was removed, {name(issue)} is in scope"

    def _names(self, task: Any, issue: Any) -> bool:
        return task.values.get(self.org.id_field.gid) in self.memory.ids[issue] or task.values.get(
            self.org.url_field.gid
        ) == self.org.url(issue)

    def _hours_in_rows(self, issue: Any) -> float:
        return sum(cells.get("Hours") or 0 for cells in self._rows(issue).values())

    def _rows(self, issue: Any) -> dict[str, Any]:
        return {
            record: cells
            for record, cells in self.org.airtable.rows("Activity").items()
            if str(cells.get("Key", "")).rpartition("@")[0] in self.memory.ids[issue]
        }

    def _no_lowered_hours(self) -> None:
        for issue in self.memory.issues:
            if issue in self.memory.touched_by_hand or issue not in self._hours:
                continue
            least = min(self._hours[issue], self.memory.least_hours[issue])
            now = self._hours_in_rows(issue)
            assert now >= least - 0.005, f"{name(issue)} had {self._hours[issue]} h, never less than {least}, now {now}"

    def _seals_stay(self) -> None:
        for record, cells in self.org.airtable.rows("Allocations").items():
            now, before = cells.get("Sealed rows", ""), self._sealed.get(record, "")
            assert not before or now == before, f"sealed rows of {record} changed: {before!r} → {now!r}"
            self._sealed[record] = now

    # At rest.

    def _mirrored(self, issue: Any) -> None:
        tasks = self.people.tasks_of(issue)
        if not tasks and issue in self.memory.touched_by_hand:
            return
        assert tasks, f"{name(issue)} has no task"
        task = tasks[0]
        assert issue.title in task.name, f"{name(issue)}: the task is called {task.name!r}"
        assert (task.completed_at is not None) == (issue.state == "closed"), f"{name(issue)}: completed?"
        assert (self.org.asana.field_value(task, self.org.hours_field) or 0) == self.people.hours(issue), name(issue)
        sealed = self._sealed_hours(issue)
        now, wanted = self._hours_in_rows(issue), max(self.people.hours(issue), sealed)
        if len(self.memory.ids[issue]) > 1 and issue in self.memory.touched_by_hand and now > wanted:
            wanted = self.people.hours(issue) + sealed  # nothing leads from a seal to an issue that has another id now
        assert abs(now - wanted) < 0.005, f"{name(issue)}: rows hold {now} h, not {wanted} ({sealed} sealed)"

    def _left(self, issue: Any, held: set[str]) -> None:
        for task in self.people.tasks_of(issue):
            content = task.entries or task.attachments or self.org.asana.live_subtasks(task)
            content = content or any(one.is_comment for one in task.stories)
            why = f"{name(issue)} left, its task {task.gid} stays; held: {held}; {self.findings}"
            assert content or held & self.memory.names[issue], why

    def _sealed_hours(self, issue: Any) -> float:
        minutes = 0.0
        for cells in self.org.airtable.rows("Allocations").values():
            for line in str(cells.get("Sealed rows") or "").splitlines():
                key, _, amount = line.rpartition(" ")
                if key.rpartition("@")[0] in self.memory.ids[issue]:
                    minutes += float(amount)
        return minutes / 60

    def _totals_add_up(self) -> None:
        used: dict[str, float] = {}
        for cells in self.org.airtable.rows("Activity").values():
            for record in cells.get("Allocation") or ():
                used[record] = used.get(record, 0.0) + (cells.get("Hours") or 0)
        for record, cells in self.org.airtable.rows("Allocations").items():
            now, wanted = cells.get("Hours used") or 0, used.get(record, 0.0)
            assert abs(now - wanted) < 0.005, f"{cells['Name']} shows {now} h used, its rows hold {wanted}"


def name(issue: Any) -> str:
    """Return how people call the issue."""
    return f"{issue.repository.name}#{issue.number}"
