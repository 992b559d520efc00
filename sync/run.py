"""One run, top to bottom: read, match, plan, guard, apply. The page to read first (decision D2).

Only ``apply_plan`` writes to the mirror. A plan is a value: it can be printed, saved, compared and refused. What plans,
writes and tells is imported where a run comes to it: one for which nothing moved comes to none of it.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial
from time import sleep as wait
from typing import TYPE_CHECKING

from sync.errors import ExitCode, GuardRefused, ServiceError
from sync.leasing import Lease, LeaseHeld, LeaseRules, leased, name_of_a_run
from sync.mirror.world import Policy, World
from sync.model.alert import AlertReport
from sync.model.change import Applied, CreateTask, Outcome, Plan, RemoveRow, RemoveTask, Result, failed
from sync.model.cost import Cost
from sync.model.memo import Memo
from sync.model.runs import FINE, FINE_FOR_ISSUES, RunResult
from sync.ports import RunBook
from sync.remembering import Readings, readings
from sync.services import Progress, Services, ignore
from sync.stopwatch import Stopwatch

if TYPE_CHECKING:
    from sync.mirror.planning import Assessment
    from sync.telling import PreparedAlerts

NOTHING_MOVED = Plan(complete=dict.fromkeys(("GitHub", "Asana", "Airtable"), True), nothing_moved=True)
"""What a run plans that nothing moved for since the last one, which left nothing to do."""
UNPROTECTED = "The base has no table Runs: nothing keeps two runs apart. Add it: docs/airtable.md."


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
    costs: tuple[Cost, ...] = ()
    of_issues: bool = False
    """Only some issues were looked at."""


def run(
    services: Services,
    policy: Policy,
    now: datetime,
    *,
    allowed: frozenset[str] = frozenset(),
    full: bool = False,
    protection: Protection | None = None,
    issues: Collection[str] = (),
    on_step: Progress = ignore,
    on_plan: Callable[[Plan], None] = ignore,
    on_outcome: Callable[[Outcome], None] = ignore,
    interrupted: Callable[[], bool] = lambda: False,
) -> Report:
    """Bring the mirror in line with GitHub once, and tell people what is new to look at.

    *now* is the moment decisions are made for; *allowed* are the one-time flags that lift guards. With *protection* a
    run that has something to write takes a lease first, reads again, and plans again: *on_plan* then hears of that
    plan too (decision D12); one that another run keeps out is *left*. With *full* everything is read, whatever is
    remembered. With *issues* only these addresses and their trees are brought in line; nobody is told, and the run is
    no success on record: that is the sweep's to say. Raises a ServiceError when a service denies or cannot be read, or
    this machine's clock cannot be believed: then nothing was written.
    """

    if issues:
        services, full = replace(services, alerts=None), True
    reads = readings(services, policy, now, full=full, on_step=on_step)
    hears = _Hears(on_step, on_plan, on_outcome, interrupted)
    plans = _Planning(policy, issues, on_step, services.memo)
    work = _Work(services, policy, now, allowed, issues, reads, hears, plans)
    world = reads.first()
    warning = services.clock.believe()  # also where nothing moved, and a look was all that was read
    planned = work.planned(world) if world else _Planned(NOTHING_MOVED)
    if world and planned.is_quiet() and (rest := reads.rest()):
        planned = work.planned(rest)
    if planned.refusal:
        return _warned(_refused(planned.plan, planned.refusal, now), *reads.troubles())
    try:
        report = _warned(work.done(planned, protection), warning)
    except LeaseHeld as held:
        code = ExitCode.FINE if protection and protection.waits else ExitCode.REFUSED
        left = Report(planned.plan, refused=str(held), exit_code=code, left=True, started=now)
        return _warned(left, *reads.troubles())
    settled = _is_settled(report) and not issues
    told = report.alerts.complete and not issues
    reads.end(moved=world is not None, settled=settled, told=told, failed=any(failed(report.outcomes)))
    return _warned(report, *reads.troubles())


@dataclass(frozen=True, slots=True)
class _Hears:
    """Who is told on the way, and who may ask for a stop."""

    step: Progress
    plan: Callable[[Plan], None]
    outcome: Callable[[Outcome], None]
    interrupted: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class _Planned:
    """A plan, why a guard refuses it ("" when none does), and what is to be told, which is looked up when asked for.

    The *alerts* are None where people need not be told anything.
    """

    plan: Plan
    refusal: str = ""
    alerts: "Callable[[], PreparedAlerts | None]" = lambda: None

    def is_quiet(self) -> bool:
        """Tell whether there is nothing to refuse, to write or to tell."""
        if self.refusal or self.plan.changes:
            return False
        alerts = self.alerts()
        return alerts is None or not alerts.plan


class _Planning:
    """Plans on what was read; what was read again under the lease and did not change needs no second plan."""

    def __init__(self, policy: Policy, issues: Collection[str], on_step: Progress, memo: Memo) -> None:
        self._policy = policy
        self._issues = issues
        self._on_step = on_step
        self._memo = memo
        self._last: tuple[World, Assessment] | None = None

    def __call__(self, world: World) -> tuple[Plan, World]:
        """Return the plan for *world*, and *world* without the issues that nobody can plan for."""
        if self._last is None or self._last[0] != world:
            assessment = plan_on(world, self._policy, self._issues, memo=self._memo, on_step=self._on_step)
            self._last = (world, assessment)
        return self._last[1].plan, self._last[1].world


@dataclass(frozen=True, slots=True)
class _Work:
    """What a run does with what was read: plans on it, and carries the plan out."""

    services: Services
    policy: Policy
    now: datetime
    allowed: frozenset[str]
    issues: Collection[str]
    readings: Readings
    hears: _Hears
    plan_on: "_Planning"

    def planned(self, world: World) -> _Planned:
        """Return the plan for a world, or for what has to be read instead of it."""
        while True:
            plan, world = self.plan_on(world)
            refusal = refusal_of(plan, world, self.policy, self.allowed)
            more = self.readings.more(plan, world, refused=bool(refusal))
            if more is None:
                break
            world = more
        self.hears.plan(plan)
        self.readings.keep(world)
        if refusal or self.readings.was_told(plan, world):
            return _Planned(plan, refusal)
        return _Planned(plan, "", cache(partial(alerts_of, plan, world, self.services, self.policy)))

    def done(self, planned: _Planned, protection: Protection | None) -> Report:
        """Carry out a plan, under the protection there is. Raises LeaseHeld."""
        if protection is None:
            return self._written(planned)
        if not protection.book.exists():
            return _warned(self._written(planned), UNPROTECTED)
        if planned.is_quiet():
            report = self._written(planned)
            return report if self.issues else _quiet(report, protection)
        if protection.rules is None:
            return _noted(self._written(planned), protection)
        return self._under_lease(protection)

    def _under_lease(self, protection: Protection) -> Report:
        self.hears.step("take the lease")
        with protection.lease() as lease:
            planned = self.planned(self.readings.again())
            if planned.refusal:
                lease.result = RunResult("refused")
                return _refused(planned.plan, planned.refusal, self.now)
            planned.alerts()  # before the look at the lease: nothing is read between that and the first write
            self.hears.step("look at the lease again")
            lease.confirm()
            with self.services.permit.under(lease):
                report = self._written(planned)
            lease.result = result_of(report)
        return _warned(report, lease.trouble)

    def _written(self, planned: _Planned) -> Report:
        services, hears, plan = self.services, self.hears, planned.plan
        alerts = planned.alerts()
        hears.step("apply")
        applied = self._applied(plan) if plan.changes else Applied()
        code = exit_code(plan, applied)
        report = Report(plan, applied.outcomes, exit_code=code, started=self.now, of_issues=bool(self.issues))
        if services.alerts is None or applied.stopped or hears.interrupted():
            return report
        hears.step("tell")
        if alerts is None:
            return with_alerts(report, AlertReport(complete=True))
        from sync.telling import tell_alerts  # noqa: PLC0415

        return with_alerts(report, tell_alerts(alerts, services.alerts, services.messengers, hears.interrupted))

    def _applied(self, plan: Plan) -> Applied:
        from sync.apply import apply_plan  # noqa: PLC0415

        services, hears = self.services, self.hears
        watch, longest = Stopwatch(), self.policy.longest_writing.total_seconds()
        return apply_plan(
            plan,
            services.tasks,
            services.ledger,
            home_project=self.policy.home_project,
            on_outcome=hears.outcome,
            interrupted=hears.interrupted,
            back_links=services.back_links,
            planning=services.planning,
            totals=services.totals,
            out_of_time=lambda: watch.seconds() > longest,
        )


def _is_settled(report: Report) -> bool:
    """Tell whether a run left nothing to do: the next one may believe it as long as nothing moves."""
    fine = report.exit_code is ExitCode.FINE and not report.refused
    return fine and not report.plan.changes and not report.alerts.written


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


def _warned(report: Report, *warnings: str) -> Report:
    return replace(report, warnings=(*report.warnings, *filter(None, warnings)))


def result_of(report: Report) -> RunResult:
    """Return what the row of a run says in the end."""
    done = [type(one.change) for one in report.outcomes if one.result is Result.DONE]
    not_written = sum(1 for _ in failed(report.outcomes))
    words = {
        ExitCode.FINE: FINE_FOR_ISSUES if report.of_issues else FINE,
        ExitCode.ITEMS_FAILED: f"{not_written} not written" if not_written else "not everybody could be told",
        ExitCode.UNREADABLE: "stopped, or not everything could be read",
    }
    return RunResult(
        words.get(report.exit_code, "interrupted"),
        created=done.count(CreateTask),
        removed=(removed := done.count(RemoveTask) + done.count(RemoveRow)),
        updated=len(done) - done.count(CreateTask) - removed,
        held=len(report.plan.held),
        failed=not_written,
    )


def alerts_of(plan: Plan, world: World, services: Services, policy: Policy) -> "PreparedAlerts | None":
    """Compare what there is to look at with what people were told; nothing is written or told yet.

    None where no alerts are kept.
    """
    if services.alerts is None:
        return None
    from sync.findings.alerting import Circumstances  # noqa: PLC0415
    from sync.telling import prepare_alerts  # noqa: PLC0415

    around = Circumstances(
        world.now, policy.zone, world.contracts, policy.accepted, complete=world.complete, unchecked=plan.unchecked
    )
    return prepare_alerts(services.alerts, services.messengers, plan.findings, around)


def with_alerts(report: Report, alerts: AlertReport) -> Report:
    """Return a report with what came of the alerts: a run whose people were not told did not go wholly well."""
    code = max(report.exit_code, alerts.exit_code)
    return replace(report, alerts=alerts, warnings=(*report.warnings, *alerts.warnings), exit_code=code)


def plan_run(
    services: Services,
    policy: Policy,
    now: datetime,
    *,
    issues: Collection[str] = (),
    on_step: Progress = ignore,
) -> "tuple[Assessment, World]":
    """Read everything and plan, with *issues* only for these addresses and their trees; nothing is written."""
    from sync.reading import read_world  # noqa: PLC0415

    world = read_world(services, policy, now, on_step=on_step)
    assessment = plan_on(world, policy, issues, on_step=on_step)
    return assessment, assessment.world


def plan_on(
    world: World,
    policy: Policy,
    issues: Collection[str] = (),
    *,
    memo: Memo | None = None,
    on_step: Progress = ignore,
) -> "Assessment":
    """Plan on what was read, findings included; with *issues* only for these addresses and their trees.

    What *memo* knows is not worked out again; of issues that are not in scope it forgets all.
    """
    from sync.findings.checks import find  # noqa: PLC0415
    from sync.mirror.planning import assess  # noqa: PLC0415

    on_step("plan")
    assessment = assess(world, policy, issues, memo)
    if memo and world.issues.complete:
        memo.only(world.issues.issues.keys())
    found, plan, tree = find(assessment, assessment.world, policy), assessment.plan, assessment.family
    findings = tuple(one for one in found.findings if tree is None or tree.names(one.url, one.subject_id))
    problems = (*plan.problems, *found.problems)
    return replace(assessment, plan=replace(plan, findings=findings, problems=problems, unchecked=found.unchecked))


def refusal_of(plan: Plan, world: World, policy: Policy, allowed: frozenset[str]) -> str:
    """Return why a guard refuses a plan, "" when none does."""
    from sync.mirror.guards import check_plan  # noqa: PLC0415

    try:
        check_plan(plan, world, policy, allowed)
    except GuardRefused as refusal:
        return str(refusal)
    return ""


def exit_code(plan: Plan, applied: Applied) -> ExitCode:
    """Return how the run ends: 4 when a service was not readable or did not go on, 1 when an item failed or could not
    be worked out, else 0.
    """
    if applied.stopped or not all(plan.complete.values()):
        return ExitCode.UNREADABLE
    return ExitCode.ITEMS_FAILED if plan.partly_worked_out or any(failed(applied.outcomes)) else ExitCode.FINE
