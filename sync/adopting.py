"""Taking over what earlier tools and people left: read, show, carry out what a person agreed to (`csh-sync adopt`)."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime

from sync.apply import apply_plan
from sync.errors import GuardRefused
from sync.mirror.adoption import Adopting
from sync.mirror.world import Policy
from sync.model.adopting import AdoptionPage
from sync.model.change import Applied, Outcome, Plan, failed
from sync.model.runs import FINE, RunResult
from sync.model.work import Task
from sync.reading import read_world
from sync.run import Protection
from sync.services import Progress, Services, ignore

INCOMPLETE = "not everything could be read, so nobody can tell which tasks are twins"
KEYLESS = "the home project has no usable field for the key, the issue's address"
MOVED = "something changed since you were asked"


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of a plan that a person agreed to; *warning* is what else went wrong, "" for nothing."""

    applied: Applied
    warning: str = ""


def read_adoptions(
    services: Services, policy: Policy, now: datetime, projects: Sequence[str] = (), *, on_step: Progress = ignore
) -> AdoptionPage:
    """Find the tasks that are about issues in scope, in the home project, below CSH tasks and in *projects* (gids).

    Nothing is written. Raises GuardRefused where the home project lacks the key's field, and what the services raise.
    """
    world = read_world(services, policy, now, on_step=on_step)
    if "github_url" not in world.tasks.field_types:
        raise GuardRefused(
            KEYLESS, remedy="Nothing was written. csh-sync init makes it, or set asana.fields.github_url."
        )
    extra: dict[str, Task] = {}
    for gid in projects:
        on_step(f"read project {gid}")
        extra |= services.tasks.read_project(gid)
    adopting = Adopting(world, policy, extra)
    on_step("look at twins")
    doubtful = adopting.doubtful()
    content = services.tasks.human_content(doubtful) if doubtful else {}
    tasks = world.tasks
    return replace(
        adopting.page(content),
        complete=tasks.home_complete and tasks.tree_complete and world.issues.complete and world.ledger.complete,
        problems=(*world.contracts.problems, *tasks.problems, *world.issues.problems),
    )


def apply_plan_agreed(
    agreed: Plan,
    services: Services,
    policy: Policy,
    protection: Protection | None,
    *,
    what: str,
    read_again: Callable[[], Plan],
    on_writing: Callable[[], None] = lambda: None,
    on_outcome: Callable[[Outcome], None] = lambda _outcome: None,
    interrupted: Callable[[], bool] = lambda: False,
) -> Carried:
    """Take the lease, plan again, and carry out the changes if they are still those that were agreed to.

    *what* names the command in the row in Runs; *on_writing* is told right before the first write. Raises GuardRefused
    when something changed or another run is writing, and what services raise before the first write.
    """
    with ExitStack() as stack:
        lease = None
        if protection is not None and protection.rules is not None and protection.book.exists():
            lease = stack.enter_context(protection.lease())
        plan = read_again()
        if plan.changes != agreed.changes:
            raise GuardRefused(MOVED, remedy="Nothing was written. Look again.")
        if lease is not None:
            lease.confirm()
            stack.enter_context(services.permit.under(lease))
        on_writing()
        applied = apply_plan(
            plan,
            services.tasks,
            services.ledger,
            home_project=policy.home_project,
            on_outcome=on_outcome,
            interrupted=interrupted,
            back_links=services.back_links,
            totals=services.totals,
        )
        if lease is not None:
            lost = sum(1 for _ in failed(applied.outcomes))
            words = f"{lost} not written" if lost else FINE
            lease.result = RunResult(f"{what}: {words}", updated=len(applied.outcomes) - lost, failed=lost)
    return Carried(applied, lease.trouble if lease is not None else "")
