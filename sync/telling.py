"""Alerts at work: rows are written first, then each role is told its digest, then that is recorded (decision D9).

A crash between a digest and its record repeats that one digest; a delivery that fails leaves the rows as they were, so
that the next run tells it. What was perhaps delivered is told once more, marked as a repeat, and no third time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sync.errors import ExitCode, OutcomeUnknown, PartlyTold, Rejected, ServiceError, Transient
from sync.findings.alerting import AlertPlan, Circumstances, Telling, by_key, plan_alerts
from sync.model.alert import AlertBook, AlertReport, AlertWrite
from sync.model.digest import Digest, News
from sync.model.finding import Finding, Role
from sync.ports import ROWS_PER_REQUEST, AlertTarget, Messenger


@dataclass(frozen=True, slots=True)
class PreparedAlerts:
    """What is to be written and told, and what is wrong with the rows."""

    plan: AlertPlan = field(default_factory=AlertPlan)
    day: date = date.min
    warnings: tuple[str, ...] = ()
    exit_code: ExitCode = ExitCode.FINE


def prepare_alerts(
    target: AlertTarget, messengers: Sequence[Messenger], findings: Iterable[Finding], around: Circumstances
) -> PreparedAlerts:
    """Read the rows and decide what is to be written and told; nothing is. A trouble is named and ends no run."""
    found = tuple(findings)
    try:
        book = read_book(target, found)
    except ServiceError as error:
        return PreparedAlerts(warnings=(f"Alerts were not looked at: {error}",), exit_code=error.exit_code)
    if book.missing:
        return PreparedAlerts(warnings=(f"No alerts are kept: the base lacks {', '.join(book.missing)}.",))
    odd = tuple(f"{one.service} {one.subject}: {one.message}. {one.remedy}".rstrip() for one in book.problems)
    held = tuple(f"Alerts: the key {key} {why}. Nothing is written under it." for key, why in sorted(book.held.items()))
    plan = plan_alerts(
        found, book, replace(around, audience=frozenset(role for one in messengers for role in one.roles))
    )
    return PreparedAlerts(plan, around.today, (*odd, *held))


def tell_alerts(
    prepared: PreparedAlerts,
    target: AlertTarget,
    messengers: Sequence[Messenger],
    interrupted: Callable[[], bool] = lambda: False,
) -> AlertReport:
    """Write the rows, tell what is new, and record that; a trouble with either is named and ends no run."""
    running = _Running(target, messengers, prepared, interrupted)
    running.carry_out(prepared.plan, prepared.day)
    return running.report()


def known_alerts(target: AlertTarget | None, *, whole: bool = False) -> tuple[AlertBook, str]:
    """Return the rows of alerts, none where none are kept, and why they could not be read, else ""."""
    unknown = AlertBook(missing=("the table Alerts",))
    if target is None:
        return unknown, ""
    try:
        return target.read_alerts(whole=whole), ""
    except ServiceError as error:
        return unknown, f"Nobody can tell what people were told or said about it: {error}"


def read_book(target: AlertTarget, findings: Iterable[Finding]) -> AlertBook:
    """Read the open rows, and those of findings that have none among these: they may have had one before."""
    book = target.read_alerts()
    unknown = by_key(findings).keys() - book.rows.keys() - book.held.keys()
    if book.missing or book.whole or not unknown:
        return book
    return target.read_alerts(keys=unknown)


def digest_of(role: Role, tellings: Iterable[Telling], day: date, standing: int) -> Digest:
    """Return what is told to one role, worst first."""
    ordered = sorted(tellings, key=_rank)
    news = [(one.over, News(one.finding, one.since, one.repeat)) for one in ordered]
    opened, resolved = (tuple(one for over, one in news if over is wanted) for wanted in (False, True))
    return Digest(role, day, opened, resolved, standing)


def _rank(telling: Telling) -> tuple[int, str, str, str]:
    one = telling.finding
    return telling.finding.rank, one.community.casefold(), one.kind, one.key


@dataclass(frozen=True, slots=True)
class _Reached:
    """The keys of what people were surely told, and of what they perhaps were."""

    told: frozenset[str] = frozenset()
    unclear: frozenset[str] = frozenset()


class _Running:
    def __init__(
        self,
        target: AlertTarget,
        messengers: Sequence[Messenger],
        prepared: PreparedAlerts,
        interrupted: Callable[[], bool],
    ) -> None:
        self._target = target
        self._messengers = messengers
        self._interrupted = interrupted
        self._carried_out = False
        self._silent: set[int] = set()
        self._unwritten: set[str] = set()
        self._digests: list[Digest] = []
        self._written = self._undelivered = 0
        self._exit_code = prepared.exit_code
        self._warnings = list(prepared.warnings)

    def report(self) -> AlertReport:
        """Return what came of it."""
        return AlertReport(
            tuple(self._digests),
            self._written,
            self._undelivered,
            tuple(self._warnings),
            self._exit_code,
            complete=self._carried_out and not self._undelivered and not self._warnings,
        )

    def carry_out(self, plan: AlertPlan, today: date) -> None:
        """Write, then tell role by role, worst first."""
        if not self._write(plan.writes):
            return
        by_role: dict[Role, list[Telling]] = {}
        for one in plan.tellings:
            if one.told.after.key not in self._unwritten:
                by_role.setdefault(one.finding.role or Role.OPERATOR, []).append(one)
        for role, tellings in sorted(by_role.items(), key=lambda item: min(one.finding.rank for one in item[1])):
            if self._interrupted():
                return
            if not self._tell(digest_of(role, tellings, today, plan.standing.get(role, 0)), tellings):
                self._warn(f"What the {role.value} was told could not be recorded: the next run tells it again.")
                return
        self._carried_out = True

    def _tell(self, digest: Digest, tellings: Sequence[Telling]) -> bool:
        """Send a digest and record what of it was told; False when it could not be recorded."""
        reached = self._delivered(digest)
        told = [one for one in tellings if one.told.after.key in reached.told]
        unclear = [one for one in tellings if one.told.after.key in reached.unclear - reached.told]
        missed = [one for one in tellings if one not in told and one not in unclear]
        self._digests += [digest] if told else []
        self._undelivered += len(missed) + len(unclear)
        writes = ([one.told for one in told], [one.unclear or one.told for one in unclear])
        return all(map(self._write, (*writes, [one.untold for one in missed if one.untold])))

    def _delivered(self, digest: Digest) -> _Reached:
        """Send a digest on every channel of its role; return what was told on the first one.

        The others get a copy.
        """
        places = [place for place, one in enumerate(self._messengers) if digest.role in one.roles]
        reached = [self._sent(place, digest) for place in places]
        return reached[0] if reached else _Reached()

    def _sent(self, place: int, digest: Digest) -> _Reached:
        """Return what was told on one channel. One that is down is not asked again in this run."""
        unclear: frozenset[str] = frozenset()
        trouble = "the channel did not answer before"
        if place not in self._silent:
            try:
                self._messengers[place].send(digest)
            except PartlyTold as error:
                self._failed(f"The {digest.role.value} was not told everything: {error}")
                return _Reached(error.told, error.unclear)
            except ServiceError as error:
                self._silent |= {place} if isinstance(error, Transient | OutcomeUnknown) else set()
                unclear = digest.keys if isinstance(error, OutcomeUnknown) else unclear
                trouble = str(error)
            except Exception as error:  # noqa: BLE001  a channel nobody thought of stops no run
                trouble = f"something unexpected happened ({type(error).__name__})"
            else:
                return _Reached(digest.keys)
        self._failed(f"The {digest.role.value} was not told: {trouble}")
        return _Reached(unclear=unclear)

    def _write(self, writes: Sequence[AlertWrite]) -> bool:
        """Write rows, ten at a time; where a request is refused, one at a time. False when going on makes no sense."""
        for start in range(0, len(writes), ROWS_PER_REQUEST):
            if not self._write_some(writes[start : start + ROWS_PER_REQUEST]):
                return False
        return True

    def _write_some(self, writes: Sequence[AlertWrite]) -> bool:
        try:
            self._target.write_alerts(writes)
        except Rejected as error:
            if len(writes) > 1:
                return all(self._write_some([one]) for one in writes)
            self._unwritten.add(writes[0].after.key)
            self._failed(f"Alerts: {writes[0].after.key} was not written: {error}")
            return True
        except ServiceError as error:
            self._failed(f"Alerts: {error}", error.exit_code)
            return False
        self._written += len(writes)
        return True

    def _failed(self, warning: str, code: ExitCode = ExitCode.ITEMS_FAILED) -> None:
        self._warn(warning)
        self._exit_code = max(self._exit_code, code)

    def _warn(self, warning: str) -> None:
        self._warnings.append(warning)
