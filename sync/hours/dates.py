"""The day work counts for (decision D8, *Work date*)."""

from datetime import date, tzinfo

from sync.hours.values import WorkDate
from sync.model.issue import Issue, LoggedHours


def work_date(issue: Issue, today: date, zone: tzinfo) -> WorkDate:
    """Return the day the work on *issue* counts for, and the evidence.

    The board's ``End date``; else the earlier of iteration end and close, as a day in *zone*; else the day the hours
    were last written; else *today*. A later day counts as today.
    """
    board = issue.board_fields
    if board and board.end:
        return WorkDate(min(board.end, today), f"board {board.end.isoformat()}")
    endings = []
    if board and board.iteration_end:
        endings.append((board.iteration_end, "iteration"))
    if issue.closed_at:
        endings.append((issue.closed_at.astimezone(zone).date(), "close"))
    if endings:
        day, evidence = min(endings, key=lambda ending: ending[0])
        return WorkDate(min(day, today), evidence)
    if isinstance(issue.hours, LoggedHours) and issue.hours.changed_on:
        return WorkDate(min(issue.hours.changed_on, today), "hours")
    return WorkDate(today, "today")
