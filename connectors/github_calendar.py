"""The board's iteration calendar, read last and by itself: it decides nothing about issues."""

from connectors import queries
from connectors.github_issues import Notes
from connectors.github_memory import RememberedGitHub
from connectors.retry import told
from connectors.wire.github_board import BoardPlan
from connectors.wire.github_calendar import decode_calendar
from connectors.wire.github_json import OddValue, spelled
from sync.errors import ServiceError
from sync.model.issue import Iteration

REMEDY = "What is to come cannot be told by iterations until it can be read; see the next run."


def read_calendar(api: RememberedGitHub, board: BoardPlan, notes: Notes) -> tuple[Iteration, ...] | None:
    """Return the iterations of the board's column by start; None without that column, or when they cannot be read.

    A failure is told as a problem and leaves everything else as complete as it was.
    """
    column = board.columns.get("iteration")
    if column is None:
        return None
    variables = {"id": column.id}
    try:
        answer = api.query("read the iterations", lambda _: queries.ITERATION_CALENDAR, lambda: variables)
        field = answer.data.get("node")
        if field is not None and not answer.errors:
            return decode_calendar(field)
        reason = spelled(answer.errors) or "GitHub shows no such column"
    except ServiceError as error:
        reason = told(error)
    except OddValue as error:
        reason = f"odd value at {error}"
    notes.problem(f'the iterations of the board\'s column "{column.name}"', f"cannot be read: {reason}", REMEDY)
    return None
