"""What an issue becomes in Airtable: the cells of ours on its Activity rows (design, section 7)."""

from dataclasses import replace
from datetime import date, tzinfo

from mappings.people import shown
from mappings.richtext.characters import task_name
from sync.model.issue import Closing, Issue
from sync.model.work import Row, Task

NOT_DELIVERED = "Not delivered"
OUT_OF_SCOPE = "Out of scope"
STATES = {
    Closing.OPEN: "Open",
    Closing.COMPLETED: "Completed",
    Closing.NOT_PLANNED: NOT_DELIVERED,
    Closing.DUPLICATE: NOT_DELIVERED,
}


def issue_cells(row: Row, issue: Issue, zone: tzinfo, *, ticket: str, contact: str) -> Row:
    """Return *row* with the cells that describe *issue* as it is now."""
    board = issue.board_fields
    return replace(
        row,
        source="GitHub",
        title=task_name(issue.title),
        url=issue.url,
        github_id=issue.id,
        ticket=ticket,
        contact=contact,
        people=", ".join(shown(person) for person in issue.assignees),
        start=board.start if board and board.start else _day(issue, zone),
        state=STATES.get(issue.closing, row.state),
    )


def task_cells(row: Row, task: Task, people: str) -> Row:
    """Return *row* with the cells that describe the time logged on *task* in Asana."""
    return replace(
        row,
        source="Asana",
        title=task.name,
        url=task.permalink,
        task=task.gid,
        people=people,
        state="Completed" if task.completed else "Open",
    )


def _day(issue: Issue, zone: tzinfo) -> date:
    return issue.created_at.astimezone(zone).date()
