"""Taking back what a run did: read the tasks it touched, and plan the way back (`csh-sync undo`)."""

from collections.abc import Sequence

from sync.mirror.undoing import gids_of, plan_undoing
from sync.mirror.world import Policy
from sync.model.change import Outcome
from sync.model.undoing import UndoPage
from sync.services import Services


def read_undoing(services: Services, policy: Policy, outcomes: Sequence[Outcome], *, adoption: bool) -> UndoPage:
    """Read the home project, which tells the fields, and the tasks that were touched; plan the way back.

    Nothing is written. Raises what the services raise.
    """
    services.tasks.read()
    tasks = services.tasks.look_up(gids_of(outcomes))
    return plan_undoing(outcomes, tasks, policy.home_project, adoption=adoption)
