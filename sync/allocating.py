"""From clauses to allocations: read, compare, and carry out what a person agreed to (`csh-sync allocations`)."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime

from sync.allocation_steps import carry_out
from sync.apply import apply_plan
from sync.errors import CshSyncError, GuardRefused
from sync.hours.calendar import ProjectCalendar, calendars
from sync.hours.engagements import is_owed
from sync.mirror.allocating import Allocating
from sync.mirror.initiatives import missing_initiatives
from sync.mirror.places import folded
from sync.mirror.upcoming import upcoming_allocations
from sync.mirror.world import Policy
from sync.model.allocating import AllocationStep, StepOutcome
from sync.model.change import MakeInitiative, Outcome, Plan, Result
from sync.model.contract import Contracts, Engagement
from sync.model.initiative import Upcoming
from sync.model.reading import Problem
from sync.model.runs import FINE, RunResult
from sync.reading import read_world
from sync.run import Protection
from sync.services import Progress, Services

INCOMPLETE = "not everything could be read, so nobody can tell what is missing"
MOVED = "something changed since you were asked"


@dataclass(frozen=True, slots=True)
class AllocationsPage:
    """The calendars of the engagements asked for, and the steps that would complete them.

    *upcoming* are their allocations that are to come, *initiatives* those to make or to finish on GitHub.
    """

    calendars: tuple[ProjectCalendar, ...]
    steps: tuple[AllocationStep, ...]
    contracts: Contracts
    upcoming: tuple[Upcoming, ...] = ()
    initiatives: tuple[MakeInitiative, ...] = ()
    complete: bool = True
    problems: tuple[Problem, ...] = ()

    @property
    def does_something(self) -> bool:
        """Tell whether there is anything to write."""
        return bool(self.initiatives) or any(step.does_something for step in self.steps)


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of the steps, and of the initiatives.

    *stopped* tells why what is left was skipped, "" when nothing stopped the command; *warning* what else went wrong.
    """

    steps: tuple[StepOutcome, ...] = ()
    initiatives: tuple[Outcome, ...] = ()
    stopped: str = ""
    warning: str = ""

    @property
    def results(self) -> tuple[Result, ...]:
        """Return what came of each step and each initiative."""
        return (*(one.result for one in self.steps), *(one.result for one in self.initiatives))

    @property
    def not_done(self) -> int:
        """Return how many failed, are unknown or were skipped."""
        return sum(result is not Result.DONE for result in self.results)


def read_page(
    services: Services, policy: Policy, now: datetime, name: str = "", *, on_step: Progress = lambda _name: None
) -> AllocationsPage:
    """Read everything and hold clauses against rows; nothing is written.

    *name* is a community's name or alias, or an engagement's; "" stands for every engagement that runs or was won.
    Raises CshSyncError when it is none of them.
    """
    world = read_world(services, policy, now, on_step=on_step)
    contracts, tasks, today = world.contracts, world.tasks, world.today
    found = calendars(contracts, _chosen(contracts, policy, now, name))
    steps = Allocating(contracts, tasks, policy.profiles, today, wording=policy.wording).steps(found)
    projects = {one.project.id for one in found}
    shown = {one.id for one in contracts.allocations.values() if one.project_id in projects}
    return AllocationsPage(
        found,
        steps,
        contracts,
        tuple(one for one in upcoming_allocations(world, policy) if one.allocation_id in shown),
        tuple(one for one in missing_initiatives(world, policy) if one.allocation_id in shown),
        contracts.complete and tasks.tree_complete and tasks.home_complete,
        (*contracts.problems, *tasks.problems, *world.issues.problems),
    )


def _chosen(contracts: Contracts, policy: Policy, now: datetime, name: str) -> list[Engagement]:
    """Return the engagements that are meant, by community, start and name."""
    today = now.astimezone(policy.zone).date()
    owed = [one for one in contracts.engagements.values() if is_owed(one, policy.engagements, today)]
    if name:
        communities = {
            one.id for one in contracts.communities.values() if folded(name) in map(folded, (one.name, *one.aliases))
        }
        named = [one for one in contracts.engagements.values() if folded(one.name) == folded(name)]
        owed = named or [one for one in owed if one.community_id in communities]
        if not named and not communities:
            remedy = "Give a community's name or alias, or the whole name of an engagement."
            raise CshSyncError(f"There is no community and no engagement {name!r}.", remedy=remedy)
    names = {one.id: one.name for one in contracts.communities.values()}
    return sorted(owed, key=lambda one: (names.get(one.community_id, ""), str(one.start or ""), one.name, one.id))


def apply_agreed(
    agreed: AllocationsPage,
    services: Services,
    policy: Policy,
    protection: Protection | None,
    *,
    read_again: Callable[[], AllocationsPage],
    on_writing: Callable[[], None] = lambda: None,
    interrupted: Callable[[], bool] = lambda: False,
) -> Carried:
    """Take the lease, read again, and carry out the steps if they are still those that were agreed to.

    *on_writing* is told right before the first write to a row, task or issue; from then on nothing is raised, so that
    what was done can be told. When *interrupted* answers yes, what is left is skipped. Raises GuardRefused when not
    everything could be read, when something changed, or when another run is writing, and what services raise before.
    """
    if not agreed.complete:
        raise GuardRefused(INCOMPLETE, remedy="Nothing was written. See what could not be read.")
    with ExitStack() as stack:
        lease = None
        if protection is not None and protection.rules is not None and protection.book.exists():
            lease = stack.enter_context(protection.lease())
        page = read_again()
        if (page.steps, page.initiatives) != (agreed.steps, agreed.initiatives) or not page.complete:
            raise GuardRefused(MOVED, remedy="Nothing was written. Look again.")
        if lease is not None:
            lease.confirm()
            stack.enter_context(services.permit.under(lease))
        on_writing()
        carried = _carried_out(page, services, policy, interrupted)
        if lease is not None:
            lease.result = _result(carried, interrupted=interrupted())
    return replace(carried, warning=lease.trouble) if lease is not None else carried


def _carried_out(page: AllocationsPage, services: Services, policy: Policy, interrupted: Callable[[], bool]) -> Carried:
    """Carry out the steps, then the initiatives; after a stop none of these is begun."""
    done = carry_out(page.steps, services.tasks, services.ledger, interrupted=interrupted)
    made = apply_plan(
        Plan(changes=page.initiatives),
        services.tasks,
        services.ledger,
        home_project=policy.home_project,
        on_outcome=lambda _outcome: None,
        interrupted=lambda: bool(done.stopped) or interrupted(),
        planning=services.planning,
    )
    return Carried(done.outcomes, made.outcomes, done.stopped or made.stopped)


def _result(carried: Carried, *, interrupted: bool) -> RunResult:
    """Return what the row in Runs says."""
    failed, done = carried.not_done, len(carried.results) - carried.not_done
    words = f"{failed} not written" if failed else FINE
    return RunResult(f"allocations: {'interrupted, ' if interrupted else ''}{words}", created=done, failed=failed)
