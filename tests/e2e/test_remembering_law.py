"""The law: whatever runs that remember did meanwhile, one full run ends where full runs alone would have ended."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox import Sandbox
from tests.e2e.organisation import START, Organisation

EXAMPLES = int(os.environ.get("CSH_TEST_LAW_EXAMPLES", "5"))
COMMUNITIES = ("Reef Watch", "Glacier Commons", "Nobody")

Act = Callable[["Story", int], None]


class Story:
    """One world, and what people do in it, told by numbers so that two worlds can hear the same."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.org = Organisation(sandbox)
        self.issues = [
            self.org.issue(f"Work {number}", hours=number, Community=COMMUNITIES[number % 2], End_date="2026-08-05")
            for number in range(3)
        ]
        self.issues.append(self.org.issue("Part", labels=(), parent=self.issues[0], hours=0.5, End_date="2026-08-06"))
        self.issues.append(self.org.issue("Not ours", labels=()))

    def one(self, number: int) -> Any:
        return self.issues[number % len(self.issues)]

    def task(self, number: int) -> Any:
        issue = self.one(number)
        return self.org.task(issue) if self.org.has_task(issue) else None


def opens(story: Story, number: int) -> None:
    parent = story.one(number) if number % 3 == 0 else None
    labels = ("CSH",) if number % 2 else ()
    story.issues.append(story.org.issue(f"New {len(story.issues)}", labels=labels, parent=parent, hours=1))


def retitles(story: Story, number: int) -> None:
    story.org.github.edit(story.one(number), title=f"Title {number}", body=f"Body {number}")


def labels(story: Story, number: int) -> None:
    story.org.github.label(story.one(number), "CSH")


def unlabels(story: Story, number: int) -> None:
    issue = story.one(number)
    if any(one.name == "CSH" for one in issue.labels):
        story.org.github.unlabel(issue, "CSH")


def closes(story: Story, number: int) -> None:
    reason: Any = ("completed", "not_planned", "duplicate")[number % 3]
    story.org.github.close(story.one(number), reason)


def reopens(story: Story, number: int) -> None:
    story.org.github.reopen(story.one(number))


def logs(story: Story, number: int) -> None:
    story.org.log_hours(story.one(number), number / 4 if number % 5 else None)


def moves(story: Story, number: int) -> None:
    story.org.github.set_board(story.one(number), story.org.board, {"Community": COMMUNITIES[number % 3]})


def adopts(story: Story, number: int) -> None:
    child, parent = story.one(number), story.one(number + 1)
    if child.parent is None and child is not parent and child not in list(parent.ancestors()):
        story.org.github.add_sub_issue(parent, child)


def releases(story: Story, number: int) -> None:
    issue = story.one(number)
    if issue.parent is not None:
        story.org.github.remove_sub_issue(issue.parent, issue)


def renames_task(story: Story, number: int) -> None:
    if task := story.task(number):
        story.org.asana.rename_task(task, f"By hand {number}")


def deletes_task(story: Story, number: int) -> None:
    if task := story.task(number):
        story.org.asana.delete_task(task)


def comments_on_task(story: Story, number: int) -> None:
    if task := story.task(number):
        story.org.asana.comment_on(task, f"Note {number}")


def works_by_hand(story: Story, number: int) -> None:
    csh = (story.org.reef, story.org.glacier)[number % 2].csh["Q3"]
    task = story.org.asana.add_task(f"By hand {number}", parent=csh, completed=True)
    story.org.asana.log_minutes(task, 15 * (number % 4 + 1), START.date())


def sets_cap(story: Story, number: int) -> None:
    allocation = (story.org.reef, story.org.glacier)[number % 2].allocations["Q3"]
    story.org.airtable.edit_cell("Allocations", allocation, "Hours available", number % 12)


def deletes_row(story: Story, number: int) -> None:
    rows = sorted(story.org.airtable.rows("Activity").items(), key=lambda row: str(row[1].get("Key")))
    if rows:
        story.org.airtable.delete_row("Activity", rows[number % len(rows)][0])


PEOPLE: tuple[Act, ...] = (
    *(opens, retitles, labels, unlabels, closes, reopens, logs, moves, adopts, releases),
    *(renames_task, deletes_task, comments_on_task, works_by_hand, sets_cap, deletes_row),
)
NO_LOOK_SHOWS = (deletes_task, deletes_row)
"""Between two readings, a person may undo the need for what a reading in between would have written."""
SPOILING = ("keep", "keep", "keep", "lose", "cut", "older")

stories = st.lists(
    st.tuples(st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 30)), max_size=3), st.sampled_from(SPOILING)),
    min_size=2,
    max_size=4,
)


@contextmanager
def two_worlds() -> Iterator[tuple[Story, Story, Path]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        first, second = (Story(stack.enter_context(Sandbox(start=START))) for _ in range(2))
        yield first, second, folder / "state.sqlite"


def spoil(state: Path, how: str, older: bytes) -> None:
    match how:
        case "lose":
            state.unlink(missing_ok=True)
        case "cut":
            state.write_bytes(state.read_bytes()[: state.stat().st_size // 3])
        case "older":
            state.write_bytes(older)


def seen(story: Story) -> dict[str, Any]:
    """Return what the destinations hold, in words that do not depend on who made what first."""
    org = story.org
    tasks = {task.gid: str(org.asana.field_value(task, org.url_field)) for task in org.asana.tasks_in(org.home)}

    def place(task: Any) -> str:
        parent = task.parent
        return "" if parent is None else tasks.get(parent.gid, parent.gid)

    mirrored = sorted(
        (
            tasks[one.gid],
            one.name,
            place(one),
            one.completed_at is not None,
            str(org.asana.field_value(one, org.hours_field)),
        )
        for one in org.asana.tasks_in(org.home)
    )
    rows = sorted(
        sorted((name, str(value)) for name, value in cells.items() if name not in _gids(cells))
        for cells in org.airtable.rows("Activity").values()
    )
    totals = sorted(
        (str(cells["Name"]), str(cells.get("Hours used")), str(cells.get("Hours left sentence")))
        for cells in org.airtable.rows("Allocations").values()
    )
    return {"tasks": mirrored, "rows": rows, "totals": totals}


def _gids(cells: Mapping[str, Any]) -> set[str]:
    """Return the columns that hold gids and moments: they differ between worlds in which the same was made."""
    gids = {"Synced at", "Task", "Placed under", "Restored"}
    return gids | {"Key", "URL"} if cells.get("Source") == "Asana" else gids


@settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES <= 5, suppress_health_check=list(HealthCheck))
@given(story=stories)
def test_one_full_run_ends_where_full_runs_alone_would(story: list[tuple[list[tuple[Act, int]], str]]) -> None:
    with two_worlds() as (remembering, reading, state):
        remembering.org.remembering_sync(state)
        older = state.read_bytes()
        reading.org.guarded_sync()
        for acts, spoiling in story:
            for act, number in acts:
                act(remembering, number)
                act(reading, number)
            spoil(state, spoiling, older)
            for one in (remembering, reading):
                one.org.sandbox.clock.advance(minutes=15)
            remembering.org.remembering_sync(state, full=any(act in NO_LOOK_SHOWS for act, _ in acts))
            reading.org.guarded_sync()
        for one in (remembering, reading):
            one.org.sandbox.clock.advance(minutes=15)
        for _ in range(2):
            remembering.org.remembering_sync(state, full=True)
            reading.org.guarded_sync()
        assert seen(remembering) == seen(reading)
        assert not remembering.org.writes_of()
