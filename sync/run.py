"""One run, top to bottom: read, match, plan, guard, apply. The page to read first (decision D2).

Only ``apply_plan`` writes. A plan is a value: it can be printed, saved, compared and refused.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import sleep as wait
from typing import TypeVar

from mappings.matching import tickets_in
from sync.apply import Applied, apply_plan, failed
from sync.errors import ExitCode, GuardRefused, ServiceError
from sync.findings import find
from sync.findings.alerting import Circumstances
from sync.leasing import Lease, LeaseHeld, LeaseRules, WritePermit, leased, name_of_a_run
from sync.mirror.back_links import back_link_candidates
from sync.mirror.guards import check_plan
from sync.mirror.handmade import with_open_time
from sync.mirror.identity import Mirror, identify, known_issues
from sync.mirror.leaving import may_have_to_go
from sync.mirror.planning import Assessment, assess
from sync.mirror.world import Policy, World
from sync.model.change import CreateTask, Outcome, Plan, RemoveTask, Result
from sync.model.contract import Contracts
from sync.model.issue import IssueSnapshot
from sync.model.reading import Problem
from sync.model.runs import FINE, RunResult
from sync.model.ticket import TicketAnswer, UnknownTicket
from sync.model.work import Ledger, Task, TaskSnapshot, TimeSheets
from sync.ports import (
    AlertTarget,
    BackLinks,
    HelpDesk,
    IssueSource,
    LedgerTarget,
    Messenger,
    PlanningBoard,
    RunBook,
    TaskTarget,
)
from sync.telling import AlertReport, PreparedAlerts, prepare_alerts, tell_alerts

UNPROTECTED = "The base has no table Runs: nothing keeps two runs apart. Add it: docs/airtable.md."

Progress = Callable[[str], None]
Answer = TypeVar("Answer")


def _ignore(_told: object) -> None:
    """Listen to nothing."""


@dataclass(frozen=True, slots=True)
class Services:
    """The doors of one run. *help_desk* is None where there is none; *messengers* are the channels people are told on;
    *closers* let go of the connections.

    *permit* is asked before every write of any of them.
    """

    issues: IssueSource
    tasks: TaskTarget
    ledger: LedgerTarget
    help_desk: HelpDesk | None = None
    runs: RunBook | None = None
    permit: WritePermit = field(default_factory=WritePermit)
    closers: tuple[Callable[[], None], ...] = ()
    messengers: tuple[Messenger, ...] = ()
    planning: PlanningBoard | None = None
    back_links: BackLinks | None = None
    alerts: AlertTarget | None = None

    def close(self) -> None:
        """Let go of all connections."""
        for close in self.closers:
            close()


@dataclass(frozen=True, slots=True)
class Protection:
    """How a run keeps others out while it writes. *clock* tells the moment for the rows of Runs (decision D15).

    With *waits* a foreign lease is waited out once; *rules* are None where no lease is to be taken (``--no-lease``).
    """

    book: RunBook
    rules: LeaseRules | None
    clock: Callable[[], datetime]
    waits: bool = False
    sleep: Callable[[float], None] = wait

    def lease(self) -> AbstractContextManager[Lease]:
        """Return the lease, to be held while the run reads again and writes."""
        return leased(self.book, self.rules or LeaseRules(), self.clock, waits=self.waits, sleep=self.sleep)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did: the plan, what came of it, and how it ended. *left* for another run: it holds the lease."""

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    refused: str = ""
    left: bool = False
    exit_code: ExitCode = ExitCode.FINE
    started: datetime | None = None
    warnings: tuple[str, ...] = field(default_factory=tuple)
    alerts: AlertReport = field(default_factory=AlertReport)


def run(
    services: Services,
    policy: Policy,
    now: datetime,
    *,
    allowed: frozenset[str] = frozenset(),
    protection: Protection | None = None,
    on_step: Progress = _ignore,
    on_plan: Callable[[Plan], None] = _ignore,
    on_outcome: Callable[[Outcome], None] = _ignore,
    interrupted: Callable[[], bool] = lambda: False,
) -> Report:
    """Bring the mirror in line with GitHub once, and tell people what is new to look at.

    *now* is the moment decisions are made for; *allowed* are the one-time flags that lift guards. With *protection* a
    run that has something to write takes a lease first, reads again, and plans again: *on_plan* then hears of that
    plan too (decision D12). Raises a ServiceError when a service denies or cannot be read, LeaseHeld when another run
    is writing: then nothing was written.
    """

    def planned() -> tuple[Plan, PreparedAlerts, str]:
        assessment, world = plan_run(services, policy, now, on_step=on_step)
        on_plan(assessment.plan)
        try:
            check_plan(assessment.plan, world, policy, allowed)
        except GuardRefused as refusal:
            return assessment.plan, PreparedAlerts(), str(refusal)
        return assessment.plan, alerts_of(assessment.plan, world, services, policy), ""

    def written(plan: Plan, alerts: PreparedAlerts) -> Report:
        on_step("apply")
        applied = apply_plan(
            plan,
            services.tasks,
            services.ledger,
            home_project=policy.home_project,
            on_outcome=on_outcome,
            interrupted=interrupted,
            back_links=services.back_links,
            planning=services.planning,
        )
        report = Report(plan, applied.outcomes, exit_code=exit_code(plan, applied), started=now)
        if services.alerts is None or applied.stopped or interrupted():
            return report
        on_step("tell")
        return with_alerts(report, tell_alerts(alerts, services.alerts, services.messengers, interrupted))

    plan, alerts, refusal = planned()
    if refusal:
        return _refused(plan, refusal, now)
    if protection is None:
        return written(plan, alerts)
    if not protection.book.exists():
        return _warned(written(plan, alerts), UNPROTECTED)
    if not plan.changes and not alerts.plan:
        return _quiet(written(plan, alerts), protection)
    if protection.rules is None:
        return _noted(written(plan, alerts), protection)
    on_step("take the lease")
    try:
        with protection.lease() as lease:
            plan, alerts, refusal = planned()
            if refusal:
                lease.result = RunResult("refused")
                return _refused(plan, refusal, now)
            on_step("look at the lease again")
            lease.confirm()
            with services.permit.under(lease):
                report = written(plan, alerts)
            lease.result = result_of(report)
    except LeaseHeld as held:
        code = ExitCode.FINE if protection.waits else ExitCode.REFUSED
        return Report(plan, refused=str(held), exit_code=code, left=True, started=now)
    return _warned(report, lease.trouble)


def _refused(plan: Plan, refusal: str, now: datetime) -> Report:
    return Report(plan, refused=refusal, exit_code=ExitCode.REFUSED, started=now)


def _quiet(report: Report, protection: Protection) -> Report:
    """Touch the heartbeat when everything was read and nothing was to be written (decision D2)."""
    if report.exit_code is not ExitCode.FINE:
        return report
    try:
        protection.book.beat(protection.clock())
    except ServiceError as error:
        return _warned(report, f"The heartbeat in Runs could not be written: {error}")
    return report


def _noted(report: Report, protection: Protection) -> Report:
    """Leave a row of a run that took no lease."""
    try:
        run = name_of_a_run(report.started or protection.clock())
        record_id = protection.book.open(run, report.started or protection.clock(), None)
        protection.book.end(run, record_id, protection.clock(), result_of(report))
    except ServiceError as error:
        return _warned(report, f"The row of this run in Runs could not be written: {error}")
    return report


def _warned(report: Report, warning: str) -> Report:
    return replace(report, warnings=(*report.warnings, warning)) if warning else report


def result_of(report: Report) -> RunResult:
    """Return what the row of a run says in the end."""
    done = [type(one.change) for one in report.outcomes if one.result is Result.DONE]
    not_written = sum(1 for _ in failed(report.outcomes))
    words = {
        ExitCode.FINE: FINE,
        ExitCode.ITEMS_FAILED: f"{not_written} not written" if not_written else "not everybody could be told",
        ExitCode.UNREADABLE: "stopped, or not everything could be read",
    }
    return RunResult(
        words.get(report.exit_code, "interrupted"),
        created=done.count(CreateTask),
        removed=done.count(RemoveTask),
        updated=len(done) - done.count(CreateTask) - done.count(RemoveTask),
        held=len(report.plan.held),
        failed=not_written,
    )


def alerts_of(plan: Plan, world: World, services: Services, policy: Policy) -> PreparedAlerts:
    """Compare what there is to look at with what people were told; nothing is written or told yet."""
    if services.alerts is None:
        return PreparedAlerts()
    around = Circumstances(world.now, policy.zone, world.contracts, policy.accepted, complete=world.complete)
    return prepare_alerts(services.alerts, services.messengers, plan.findings, around)


def with_alerts(report: Report, alerts: AlertReport) -> Report:
    """Return a report with what came of the alerts: a run whose people were not told did not go wholly well."""
    code = max(report.exit_code, alerts.exit_code)
    return replace(report, alerts=alerts, warnings=(*report.warnings, *alerts.warnings), exit_code=code)


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
    time = _time_entries(services.tasks, tasks, contracts, ledger)
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
    world = World(now, today, issues, tasks, contracts, ledger, tickets, lookups, content, time)
    return _with_own_issues(world, services, policy, on_step)


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


def _time_entries(target: TaskTarget, tasks: TaskSnapshot, contracts: Contracts, ledger: Ledger) -> TimeSheets:
    """Ask for the time entries of the tasks whose rows they can change."""
    asked = with_open_time(tasks, contracts, ledger)
    return target.time_entries(asked) if asked else TimeSheets(offered=True)


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
