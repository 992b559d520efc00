"""Reading everything that is planned on: the three services and the help desk, into one `World`."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from mappings.matching.tickets import tickets_in
from sync.errors import ServiceError
from sync.meanwhile import LaterCollection, Meanwhile
from sync.mirror.back_links import back_link_candidates
from sync.mirror.handmade import with_open_time
from sync.mirror.identity import Mirror, identify, known_issues
from sync.mirror.leaving import may_have_to_go
from sync.mirror.twins import TWIN_ROWS, TWIN_TASKS, told_rows, told_twins, with_twins
from sync.mirror.world import Policy, World
from sync.model.contract import Contracts, Totals
from sync.model.issue import IssueSnapshot, KnownIssue
from sync.model.reading import Problem
from sync.model.ticket import TicketAnswer, UnknownTicket
from sync.model.work import Ledger, Task, TaskSnapshot, TimeSheets
from sync.ports import HelpDesk, TaskTarget, TotalsTarget
from sync.services import Progress, Services, ignore

Answer = TypeVar("Answer")


def read_world(services: Services, policy: Policy, now: datetime, *, on_step: Progress = ignore) -> World:
    """Read the three services at a time, and then the help desk.

    The destinations tell which issues GitHub is to be asked for by name: that waits for them.
    """
    on_step("read GitHub, Asana and Airtable")
    base = Meanwhile(lambda: _base(services, policy))
    tree = Meanwhile(services.tasks.read)
    found: list[_Destinations] = []

    def known() -> tuple[KnownIssue, ...]:
        found.append(_destinations(services, policy, *base.result(), tree.result()))
        return known_issues(found[0].seen, found[0].ledger, policy.organisation)

    asked = LaterCollection(known)
    try:
        issues = services.issues.read(asked)
        len(asked)  # whoever reads issues without asking for any by name did not wait
    except Exception:
        base.result()  # of several troubles the one is told that was always met first
        tree.result()
        raise
    contracts, ledger, tasks, lookups = found[0].contracts, found[0].ledger, found[0].tasks, found[0].lookups
    seen, time = found[0].seen, found[0].time
    on_step("ask the help desk")
    tickets = _tickets(services.help_desk, issues, policy)
    on_step("look at what people added")
    services.clock.believe()
    in_scope, left = identify(issues, seen, ledger, policy.organisation)
    twins = with_twins((*in_scope.values(), *left))
    doubtful = _doubtful_tasks(issues, in_scope, left) | twins
    content = services.tasks.human_content(doubtful) if doubtful else {}
    today = now.astimezone(policy.zone).date()
    world = World(now, today, issues, tasks, contracts, ledger, tickets, lookups, content, time)
    world = _with_what_was_told(world, services) if twins or ledger.twins else world
    return _with_own_issues(world, services, policy, on_step)


@dataclass(frozen=True, slots=True)
class _Destinations:
    """What the destinations hold. *seen* are the tasks of the home project and those that rows name."""

    contracts: Contracts
    ledger: Ledger
    tasks: TaskSnapshot
    lookups: Mapping[str, Task | None]
    seen: Mapping[str, Task]
    time: TimeSheets


def _base(services: Services, policy: Policy) -> tuple[Contracts, Ledger]:
    contracts = with_totals(services.ledger.read_contracts(), services.totals)
    return contracts, _sighted_ledger(services.ledger.read_ledger(), policy)


def _destinations(
    services: Services, policy: Policy, contracts: Contracts, ledger: Ledger, tasks: TaskSnapshot
) -> _Destinations:
    """Ask for what only both destinations together tell to be needed."""
    lookups = _look_up(services.tasks, tasks, ledger)
    tasks = _honest_home(tasks, lookups, policy)
    time = _time_entries(services.tasks, tasks, contracts, ledger)
    seen = {**tasks.home, **{gid: task for gid, task in lookups.items() if task is not None}}
    return _Destinations(contracts, ledger, tasks, lookups, seen, time)


def with_totals(contracts: Contracts, target: TotalsTarget | None) -> Contracts:
    """Return the contracts with the totals as they stand elsewhere, where they do."""
    if target is None:
        return contracts
    found = target.read_totals(contracts.allocations)
    kept = {one.id: replace(one, totals=found.get(one.id, Totals())) for one in contracts.allocations.values()}
    return replace(contracts, allocations=kept)


def _with_own_issues(world: World, services: Services, policy: Policy, on_step: Progress) -> World:
    """Read what the service itself wrote on GitHub, where that is switched on.

    What cannot be read is unknown and told: it costs the rest of the run nothing.
    """
    problems: list[Problem] = []

    def attempt(step: str, read: Callable[[], Answer]) -> Answer | None:
        on_step(step)
        try:
            return read()
        except ServiceError as error:
            problems.append(Problem(error.service, step, str(error), error.remedy or "See the next run."))
            return None

    planning, comments = services.planning, services.back_links
    initiatives = attempt("read initiatives", planning.read) if planning else None
    wanted = back_link_candidates(world.issues, policy)
    links = attempt("read comments", lambda: comments.read(wanted)) if comments else None
    issues = replace(world.issues, problems=(*world.issues.problems, *problems))
    return replace(world, issues=issues, initiatives=initiatives, back_links=links)


def _with_what_was_told(world: World, services: Services) -> World:
    """Note which twins an earlier run told of; where no alerts are kept or can be read, nobody was told."""
    try:
        alerts = [one.alert for one in services.alerts.read_alerts().rows.values()] if services.alerts else []
    except ServiceError:
        return world
    tasks = {gid for one in alerts if one.kind == TWIN_TASKS for gid in told_twins(one.evidence)}
    rows = {record for one in alerts if one.kind == TWIN_ROWS for record in told_rows(one.evidence)}
    keys = [key for key, records in world.ledger.twins.items() if rows & set(records)]
    spare = services.ledger.spare_rows(keys) if keys else {}
    spare = {record: key for record, key in spare.items() if record in rows}
    return replace(world, told_twins=frozenset(tasks), spare_rows=spare)


def _look_up(target: TaskTarget, tasks: TaskSnapshot, ledger: Ledger) -> Mapping[str, Task | None]:
    """Ask by name for tasks that rows remember and the home project lacks (decision D6)."""
    missing = {stored.row.task for stored in ledger.rows.values() if stored.row.task and _is_issue_row(stored.row.key)}
    missing -= tasks.home.keys()
    known: dict[str, Task | None] = {gid: tasks.tree[gid] for gid in missing if gid in tasks.tree}
    asked = dict(target.look_up(missing - known.keys())) if missing - known.keys() else {}
    gone = {gid for gid, task in asked.items() if task is None}
    # Sub-tasks go along when a person deletes the task above them: was that a CSH task?
    above = {one.row.placed_under for one in ledger.rows.values() if one.row.task in gone} - missing - {""}
    above -= tasks.home.keys() | tasks.tree.keys() | tasks.csh_tasks.keys()
    asked |= {gid: None for gid, task in (target.look_up(above) if above else {}).items() if task is None}
    return {**known, **asked}


def _time_entries(target: TaskTarget, tasks: TaskSnapshot, contracts: Contracts, ledger: Ledger) -> TimeSheets:
    """Ask for the time entries of the tasks whose rows they can change.

    Where none can, one completed task without time is asked: does Asana's plan have time that is missing there?
    """
    asked = with_open_time(tasks, contracts, ledger) or _without_time(tasks)
    return target.time_entries(asked) if asked else TimeSheets(offered=True)


def _without_time(tasks: TaskSnapshot) -> frozenset[str]:
    by_hand = (gid for gid in tasks.tree.keys() - tasks.home.keys())
    found = [gid for gid in by_hand if tasks.tree[gid].completed and tasks.tree[gid].actual_minutes is None]
    return frozenset(sorted(found)[:1])


def _is_issue_row(key: str) -> bool:
    return not key.startswith("asana:")


def _honest_home(tasks: TaskSnapshot, lookups: Mapping[str, Task | None], policy: Policy) -> TaskSnapshot:
    """Mark the home project's list as incomplete when it left out a member, and all of it without the sentinel."""
    problems = [
        Problem("Asana", f"task {gid}", "is in the home project, but its list left it out", "See the next run.")
        for gid, task in sorted(lookups.items())
        if task is not None and policy.home_project in task.project_gids
    ]
    unseen = bool(policy.sentinel_task) and not any(
        policy.sentinel_task in seen for seen in (tasks.home, tasks.tree, tasks.csh_tasks)
    )
    if unseen:
        subject = f"sentinel {policy.sentinel_task}"
        problems.append(Problem("Asana", subject, "was not seen", "Check what the token may see."))
    if not problems:
        return tasks
    whole_tree = tasks.tree_complete and not unseen
    return replace(tasks, home_complete=False, tree_complete=whole_tree, problems=(*tasks.problems, *problems))


def _sighted_ledger(ledger: Ledger, policy: Policy) -> Ledger:
    if policy.sentinel_row and policy.sentinel_row not in ledger.records:
        raise ServiceError(
            "Airtable",
            "read Activity",
            f"the sentinel row {policy.sentinel_row} was not seen",
            remedy="Check what the token may see, or the sentinel in the settings. Nothing was written.",
        )
    return ledger


def _tickets(help_desk: HelpDesk | None, issues: IssueSnapshot, policy: Policy) -> Mapping[str, TicketAnswer]:
    numbers = {
        number
        for scoped in issues.issues.values()
        for number in tickets_in(f"{scoped.issue.title}\n\n{scoped.issue.body}", policy.ticket_host)
    }
    if help_desk is None:
        return dict.fromkeys(numbers, UnknownTicket())
    return help_desk.companies(numbers) if numbers else {}


def _doubtful_tasks(issues: IssueSnapshot, in_scope: Mapping[str, Mirror], left: Collection[Mirror]) -> set[str]:
    """Return the tasks that may have to go: what people added to them must be known first."""
    found = {
        mirror.task.gid
        for issue_id, mirror in in_scope.items()
        if mirror.task and may_have_to_go(issues.issues[issue_id].issue, None)
    }
    found |= {
        mirror.task.gid
        for mirror in left
        if mirror.task and may_have_to_go(None, issues.verdicts.get(mirror.known.url or mirror.known.id))
    }
    return found
