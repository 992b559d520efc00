"""The time entries of Asana's tasks: whose minutes, on which day.

https://developers.asana.com/reference/time-tracking-entries
"""

from collections.abc import Collection

from connectors.asana_api import SERVICE
from connectors.asana_memory import RememberedAsana
from connectors.asana_reading import FAILURES_IN_A_ROW, ODD_REMEDY, SHARE_REMEDY
from connectors.retry import told
from connectors.wire.asana import ENTRY_FIELDS, decode_time_entry
from connectors.wire.asana_json import OddValue
from sync.errors import LimitReached, Rejected, Transient
from sync.model.reading import Problem
from sync.model.work import TimeEntry, TimeSheets

ABOVE_THE_PLAN = 402


def read_time_entries(api: RememberedAsana, gids: Collection[str]) -> TimeSheets:
    """Read the entries of each task, one listing a task: lists over several tasks do not tell an entry's task.

    The first answer that time entries are above the plan ends the asking. Raises Transient when several tasks in a row
    get no answer, LimitReached at once.
    """
    found: dict[str, tuple[TimeEntry, ...]] = {}
    problems: list[Problem] = []
    failures = 0
    for gid in sorted(gids):
        try:
            found[gid] = _entries(api, gid)
        except LimitReached:
            raise
        except Transient as error:
            failures += 1
            if failures >= FAILURES_IN_A_ROW:
                raise
            problems.append(_problem(gid, told(error), error.remedy))
        except Rejected as error:
            if error.status == ABOVE_THE_PLAN:
                return TimeSheets(offered=False)
            problems.append(_problem(gid, told(error), error.remedy or SHARE_REMEDY))
        except OddValue as error:
            problems.append(_problem(gid, f"odd value at {error}", ODD_REMEDY))
        else:
            failures = 0
    return TimeSheets(found, offered=True, problems=tuple(problems))


def _entries(api: RememberedAsana, gid: str) -> tuple[TimeEntry, ...]:
    listed = api.listed(
        "read a task's time entries",
        "TimeTrackingEntriesApi.get_time_tracking_entries_for_task",
        gid,
        opt_fields=ENTRY_FIELDS,
    )
    return tuple(sorted(map(decode_time_entry, listed), key=lambda entry: (entry.day, entry.gid)))


def _problem(gid: str, why: str, remedy: str) -> Problem:
    return Problem(SERVICE, f"time entries of {gid}", why, remedy)
