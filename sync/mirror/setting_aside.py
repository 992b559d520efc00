"""An issue whose planning fails for a reason nobody thought of is set aside, and the others go on (fault H18)."""

import hashlib
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePath

from sync.mirror.world import World
from sync.model.issue import OutOfSight
from sync.model.reading import Problem

MOST_SET_ASIDE = 5
"""More are no odd issues, but a mistake of ours that may be anywhere: the run ends."""
REMEDY = "Nothing of it was changed, and no period is sealed meanwhile. Please report these words."


class Unplannable(Exception):
    """What is to become of one issue could not be worked out; the cause is chained."""

    def __init__(self, issue_id: str) -> None:
        super().__init__(issue_id)
        self.issue_id = issue_id


@contextmanager
def planning(issue_id: str) -> Iterator[None]:
    """Tell which issue an error is about."""
    try:
        yield
    except Exception as error:
        raise Unplannable(issue_id) from error


def set_aside(world: World, failure: Unplannable) -> World:
    """Return *world* as if the issue were out of sight: then its task, its rows and all that rests on them stay."""
    issues = dict(world.issues.issues)
    issue = issues.pop(failure.issue_id).issue
    reason = f"it could not be worked out ({_where(failure)})"
    verdicts = {**world.issues.verdicts, issue.url: OutOfSight(reason), issue.id: OutOfSight(reason)}
    problems = (*world.issues.problems, Problem("csh-sync", issue.reference, reason, REMEDY))
    snapshot = replace(world.issues, issues=issues, verdicts=verdicts, problems=problems)
    return replace(world, issues=snapshot, set_aside=world.set_aside | {failure.issue_id})


def _where(failure: Unplannable) -> str:
    """Return the kind and place of the error and a short id: none of its words, which may be those of the issue."""
    error = failure.__cause__ or failure
    place = traceback.extract_tb(error.__traceback__)[-1]
    words = f"{type(error).__name__} in {PurePath(place.filename).name}:{place.lineno}"
    return f"{words}, {hashlib.sha256(f'{words} {failure.issue_id}'.encode()).hexdigest()[:8]}"
