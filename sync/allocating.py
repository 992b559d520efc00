"""From clauses to allocations: read, compare, and carry out what a person agreed to (`csh-sync allocations`)."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from sync.apply import apply_plan
from sync.errors import CshSyncError, Denied, GuardRefused, LeaseLost, LimitReached, OutcomeUnknown
from sync.hours.calendar import ProjectCalendar, calendars
from sync.hours.engagements import is_owed
from sync.mirror.allocating import Allocating
from sync.mirror.initiatives import missing_initiatives
from sync.mirror.places import folded
from sync.mirror.upcoming import upcoming_allocations
from sync.mirror.world import Policy
from sync.model.allocating import AllocationDraft, AllocationStep, Done, StepOutcome
from sync.model.change import MakeInitiative, Outcome, Plan, Result
from sync.model.contract import Contracts, Engagement
from sync.model.initiative import Upcoming
from sync.model.reading import Problem
from sync.model.runs import FINE, RunResult
from sync.reading import read_world
from sync.run import Protection
from sync.services import Progress, Services

ROWS_PER_REQUEST = 10
AGAIN = "Run csh-sync allocations again: it looks first whether it is there."
INCOMPLETE = "not everything could be read, so nobody can tell what is missing"
MOVED = "something changed since you were asked"
Found = dict[int, str | StepOutcome]


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
    """What came of the steps, and of the initiatives."""

    steps: tuple[StepOutcome, ...] = ()
    initiatives: tuple[Outcome, ...] = ()

    @property
    def failures(self) -> int:
        """Return how many were not done."""
        done = sum(one.result is not Done.DONE for one in self.steps)
        return done + sum(one.result is not Result.DONE for one in self.initiatives)


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
    profile, task_name = next(iter(policy.profiles.items()))
    steps = Allocating(contracts, tasks, profile, task_name, today).steps(found)
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
    interrupted: Callable[[], bool] = lambda: False,
) -> Carried:
    """Take the lease, read again, and carry out the steps if they are still those that were agreed to.

    Raises GuardRefused when not everything could be read, when something changed, or when another run is writing.
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
        steps = carry_out(page.steps, services)
        made = apply_plan(
            Plan(changes=page.initiatives),
            services.tasks,
            services.ledger,
            home_project=policy.home_project,
            on_outcome=lambda _outcome: None,
            interrupted=interrupted,
            planning=services.planning,
        )
        carried = Carried(steps, made.outcomes)
        if lease is not None:
            done = len(steps) + len(made.outcomes) - carried.failures
            words = f"{carried.failures} not written" if carried.failures else FINE
            lease.result = RunResult(f"allocations: {words}", created=done, failed=carried.failures)
    return carried


def carry_out(steps: Sequence[AllocationStep], services: Services) -> tuple[StepOutcome, ...]:
    """Make rows, then CSH tasks, then the links between them, and tell what came of each step.

    One bad step stops no other. A row or task whose answer was lost is looked up; when it cannot be found either, its
    step is *unknown* and nothing is built on it. Raises Denied, LimitReached and LeaseLost: then nothing more can be
    written.
    """
    outcomes = []
    ids = _rows([(place, step) for place, step in enumerate(steps) if step.row], services)
    for place, step in enumerate(steps):
        if not step.does_something:
            continue
        made = ids.get(place, step.allocation_id)
        outcomes.append(made if isinstance(made, StepOutcome) else _linked(step, made, services))
    return tuple(outcomes)


def _rows(wanted: Sequence[tuple[int, AllocationStep]], services: Services) -> Found:
    """Make the rows that are missing; return the record id of each, or what went wrong, by the place of its step."""
    found: Found = {}
    for start in range(0, len(wanted), ROWS_PER_REQUEST):
        found |= _batch(wanted[start : start + ROWS_PER_REQUEST], services)
    return found


def _batch(batch: Sequence[tuple[int, AllocationStep]], services: Services) -> Found:
    try:
        ids = services.ledger.create_allocations([step.row for _, step in batch if step.row])
    except OutcomeUnknown as error:
        contracts = services.ledger.read_contracts()
        return {place: _found_row(step, contracts, error) for place, step in batch}
    except (Denied, LimitReached, LeaseLost):
        raise
    except CshSyncError as error:
        if len(batch) == 1:
            return {place: StepOutcome(step, Done.FAILED, str(error)) for place, step in batch}
        return _merged(_batch([one], services) for one in batch)  # a single bad row refuses all of a request
    return {place: made for (place, _), made in zip(batch, ids, strict=True)}


def _merged(parts: Iterable[Found]) -> Found:
    return {place: one for part in parts for place, one in part.items()}


def _found_row(step: AllocationStep, contracts: Contracts, error: OutcomeUnknown) -> str | StepOutcome:
    """Return the row that a lost answer was about, or that nobody knows."""
    there = _row_like(step.row, contracts) if step.row else ""
    return there or StepOutcome(step, Done.UNKNOWN, f"{error} {AGAIN}")


def _row_like(draft: AllocationDraft, contracts: Contracts) -> str:
    return next(
        (
            one.id
            for one in contracts.allocations.values()
            if (one.project_id, one.name, one.start, one.end) == (draft.project_id, draft.name, draft.start, draft.end)
        ),
        "",
    )


def _linked(step: AllocationStep, allocation_id: str, services: Services) -> StepOutcome:
    """Make the CSH task where one is to be made, and note its address on the row."""
    url = step.task_url
    try:
        if step.task:
            page = services.ledger.page_of_allocation(allocation_id)
            url = services.tasks.make_csh_task(step.task, step.row.name if step.row else step.period, page)
        if url:
            services.ledger.link_csh_task(allocation_id, url)
    except (Denied, LimitReached, LeaseLost):
        raise
    except OutcomeUnknown as error:
        return StepOutcome(step, Done.UNKNOWN, f"{error} {AGAIN}", allocation_id)
    except CshSyncError as error:
        return StepOutcome(step, Done.FAILED, str(error), allocation_id, url)
    return StepOutcome(step, Done.DONE, "", allocation_id, url)
