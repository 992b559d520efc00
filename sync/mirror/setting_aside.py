"""An issue whose planning fails for a reason nobody thought of is set aside, and the others go on (fault H18)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sync.mirror.mishaps import mishap
from sync.mirror.world import World
from sync.model.issue import OutOfSight

MOST_SET_ASIDE = 5
"""More are no odd issues, but a mistake of ours that may be anywhere: the run ends."""
REMEDY = "Nothing of it was changed, no period is sealed meanwhile. Please report these words; --debug tells more."


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
    problem = mishap(failure.__cause__ or failure, issue.reference, failure.issue_id, REMEDY)
    unseen = OutOfSight(problem.message)
    verdicts = {**world.issues.verdicts, issue.url: unseen, issue.id: unseen}
    snapshot = replace(world.issues, issues=issues, verdicts=verdicts, problems=(*world.issues.problems, problem))
    return replace(world, issues=snapshot, set_aside=world.set_aside | {failure.issue_id})
