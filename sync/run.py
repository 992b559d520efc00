"""One run, top to bottom: read, match, plan, guard, apply. The page to read first (decision D2).

Only ``apply_plan`` writes. A plan is a value: it can be printed, saved, compared and refused.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from mappings.matching import tickets_in
from sync.apply import Applied, apply_plan, failed
from sync.errors import ExitCode, GuardRefused, ServiceError
from sync.findings import find
from sync.mirror.guards import check_plan
from sync.mirror.identity import Mirror, identify, known_issues
from sync.mirror.leaving import may_have_to_go
from sync.mirror.planning import Assessment, assess
from sync.mirror.world import Policy, World
from sync.model.change import Outcome, Plan
from sync.model.issue import IssueSnapshot
from sync.model.reading import Problem
from sync.model.ticket import TicketAnswer, UnknownTicket
from sync.model.work import Ledger, Task, TaskSnapshot
from sync.ports import HelpDesk, IssueSource, LedgerTarget, Messenger, TaskTarget

Progress = Callable[[str], None]


def _ignore(_told: object) -> None:
    """Listen to nothing."""


@dataclass(frozen=True, slots=True)
class Services:
    """The doors of one run. *help_desk* is None where there is none; *messengers* are the channels people are told on;
    *closers* let go of the connections.
    """

    issues: IssueSource
    tasks: TaskTarget
    ledger: LedgerTarget
    help_desk: HelpDesk | None = None
    closers: tuple[Callable[[], None], ...] = ()
    messengers: tuple[Messenger, ...] = ()

    def close(self) -> None:
        """Let go of all connections."""
        for close in self.closers:
            close()


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did: the plan, what came of it, and how it ended."""

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    refused: str = ""
    exit_code: ExitCode = ExitCode.FINE
    started: datetime | None = None
    warnings: tuple[str, ...] = field(default_factory=tuple)


def run(
    services: Services,
    policy: Policy,
    now: datetime,
    *,
    allowed: frozenset[str] = frozenset(),
    on_step: Progress = _ignore,
    on_plan: Callable[[Plan], None] = _ignore,
    on_outcome: Callable[[Outcome], None] = _ignore,
    interrupted: Callable[[], bool] = lambda: False,
) -> Report:
    """Bring the mirror in line with GitHub once.

    *now* is the moment decisions are made for; *allowed* are the one-time flags that lift guards. Raises a
    ServiceError when a service denies or cannot be read: then nothing was written.
    """
    assessment, world = plan_run(services, policy, now, on_step=on_step)
    plan = assessment.plan
    on_plan(plan)
    try:
        check_plan(plan, world, policy, allowed)
    except GuardRefused as refusal:
        return Report(plan, refused=str(refusal), exit_code=ExitCode.REFUSED, started=now)
    on_step("apply")
    applied = apply_plan(
        plan,
        services.tasks,
        services.ledger,
        home_project=policy.home_project,
        on_outcome=on_outcome,
        interrupted=interrupted,
    )
    return Report(plan, applied.outcomes, exit_code=exit_code(plan, applied), started=now)


def plan_run(
    services: Services, policy: Policy, now: datetime, *, on_step: Progress = _ignore
) -> tuple[Assessment, World]:
    """Read everything and plan; nothing is written."""
    world = read_world(services, policy, now, on_step=on_step)
    on_step("plan")
    assessment = assess(world, policy)
    findings = find(assessment, world, policy)
    return replace(assessment, plan=replace(assessment.plan, findings=findings)), world


def read_world(services: Services, policy: Policy, now: datetime, *, on_step: Progress = _ignore) -> World:
    """Read the three services and the help desk, destinations first: they tell which issues to ask for by name."""
    on_step("read Airtable")
    contracts = services.ledger.read_contracts()
    ledger = _sighted_ledger(services.ledger.read_ledger(), policy)
    on_step("read Asana")
    tasks = services.tasks.read()
    lookups = _look_up(services.tasks, tasks, ledger)
    tasks = _honest_home(tasks, lookups, policy)
    on_step("read GitHub")
    seen = {**tasks.home, **{gid: task for gid, task in lookups.items() if task is not None}}
    issues = services.issues.read(known_issues(seen, ledger, policy.organisation))
    on_step("ask the help desk")
    tickets = _tickets(services.help_desk, issues, policy)
    on_step("look at what people added")
    in_scope, left = identify(issues, seen, ledger, policy.organisation)
    doubtful = _doubtful_tasks(issues, in_scope, left)
    content = services.tasks.human_content(doubtful) if doubtful else {}
    today = now.astimezone(policy.zone).date()
    return World(now, today, issues, tasks, contracts, ledger, tickets, lookups, content)


def exit_code(plan: Plan, applied: Applied) -> ExitCode:
    """Return how the run ends: 4 when a service was not readable or did not go on, 1 when an item failed, else 0."""
    if applied.stopped or not all(plan.complete.values()):
        return ExitCode.UNREADABLE
    return ExitCode.ITEMS_FAILED if any(failed(applied.outcomes)) else ExitCode.FINE


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
    if policy.sentinel_row and policy.sentinel_row not in ledger.rows:
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
