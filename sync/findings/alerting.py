"""The life cycle of alerts (decision D9): from the findings of a run and the rows of the base to what is written and
what is told. Pure; docs/alerts.md tells it for people.

An alert is kept under its finding's key: kind, subject, period and level. It is told once, when it opens. It is told
again when a cap changed, when a person's snooze or acceptance ends, or when it comes back after its people heard that
it had gone; an alert about a cap comes back silently within one period.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo

from sync.findings.accepted import acceptance_of
from sync.findings.alert_cells import another_cap, cells_of, finding_of, kept
from sync.findings.cap_levels import CAP_KINDS, outranks
from sync.findings.kinds import KINDS
from sync.model.alert import Alert, AlertBook, AlertWrite, Judgement, State, StoredAlert, Word
from sync.model.contract import Contracts
from sync.model.finding import Acceptance, Finding, Role

SILENT_END = frozenset({State.AGAIN, State.SNOOZED, State.ACCEPTED})
"""Whoever knows of these needs no word that they are over."""
PASSING = frozenset(kind.name for kind in KINDS if kind.passing)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What alerts are judged by, besides findings and rows. *audience* are the roles that some channel reaches;
    *unchecked* are the kinds of findings that nobody could look for.
    """

    now: datetime
    zone: tzinfo
    contracts: Contracts = field(default_factory=Contracts)
    accepted: tuple[Acceptance, ...] = ()
    complete: bool = True
    audience: frozenset[Role] = frozenset(Role)
    unchecked: frozenset[str] = frozenset()

    def heard(self, finding: Finding) -> bool:
        """Tell whether there is anybody to tell of a finding."""
        return (finding.role or Role.OPERATOR) in self.audience

    @property
    def today(self) -> date:
        """Return the day of *now* where the organisation is."""
        return self.day(self.now)

    def day(self, moment: datetime) -> date:
        """Return the day of a moment where the organisation is."""
        return moment.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Telling:
    """One alert to be told: what its row says when it was, and, where that differs, when it was not, or when nobody can
    tell.

    *since* is the day from which on it was open; *over* tells that the news is that it is not any more; a *repeat* was
    perhaps told before.
    """

    finding: Finding
    since: date
    told: AlertWrite
    untold: AlertWrite | None = None
    unclear: AlertWrite | None = None
    over: bool = False
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class AlertPlan:
    """What to write before anything is told, what to tell, and how many alerts people know of already, by role."""

    writes: tuple[AlertWrite, ...] = ()
    tellings: tuple[Telling, ...] = ()
    standing: Mapping[Role, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether there is anything to write or to tell."""
        return bool(self.writes or self.tellings)


def plan_alerts(findings: Iterable[Finding], book: AlertBook, around: Circumstances) -> AlertPlan:
    """Compare findings with the rows that are kept of them.

    Where a reading is incomplete no alert about a cap is raised or changed, and none is over: a finding that is missing
    then has not gone. None of a kind that nobody could look for is over either. Keys that are held are left alone.
    """
    found = by_key(one for one in findings if around.complete or one.kind not in CAP_KINDS)
    planning = _Planning(book, around, tuple(found.values()))
    for key, finding in found.items():
        if key not in book.held:
            planning.there(finding, book.rows.get(key))
    for key, stored in book.rows.items():
        is_known = around.complete and finding_of(stored.alert).kind not in around.unchecked
        if is_known and key not in found and key not in book.held:
            planning.gone(stored.alert)
    return AlertPlan(tuple(planning.writes), tuple(planning.tellings), planning.standing)


def gist(findings: Iterable[Finding], contracts: Contracts) -> tuple[Alert, ...]:
    """Return what decides whether somebody is told: the cells of findings, without the words that tell how far it is.

    Where the gist is as it was nothing opens, comes back or is over, and no cap is another.
    """
    cells = (replace(cells_of(one, contracts), evidence="", remedy="") for one in by_key(findings).values())
    return tuple(sorted(cells, key=lambda one: one.key))


class _Planning:
    """Gathers what is to be written and told, one alert after the other."""

    def __init__(self, book: AlertBook, around: Circumstances, found: tuple[Finding, ...]) -> None:
        self._unmanaged = book.unmanaged
        self._around = around
        self._found = found
        self.writes: list[AlertWrite] = []
        self.tellings: list[Telling] = []
        self.standing: dict[Role, int] = {}

    def there(self, finding: Finding, stored: StoredAlert | None) -> None:
        """Open or keep the row of an alert, and tell it where its people do not know of it."""
        before = stored.alert if stored else None
        passing = finding.kind in PASSING
        wanted = _passing(finding, stored, self._around) if passing else _open(finding, stored, self._around)
        after = kept(wanted, before, self._unmanaged, self._around.now)
        if after != before:
            self.writes.append(AlertWrite(before, after))
        if after.told is None and after.state in {State.OPEN, State.UNSURE, State.ACKNOWLEDGED, State.OWED}:
            self._tell(finding, after, State.RESOLVED if passing else after.state)
        elif finding.role and after.state in {State.OPEN, State.AGAIN}:
            self.standing[finding.role] = self.standing.get(finding.role, 0) + 1

    def gone(self, before: Alert) -> None:
        """Close the row of an alert whose finding is not there any more, and tell that.

        Also where no word that it was there is on record: it may have got through before a run died.
        """
        if before.state is State.RESOLVED:
            return
        finding = finding_of(before)
        if finding.kind in PASSING and before.told is None and self._around.heard(finding):
            self._tell(finding, before, State.RESOLVED)  # it passed before anybody could be told
            return
        noticed = before.last_seen if before.state is State.OWED else self._around.now
        over = replace(before, state=State.RESOLVED, last_seen=None if "last_seen" in self._unmanaged else noticed)
        silent = before.state in SILENT_END or not self._around.heard(finding)
        if silent or _gave_way(before, self._found, self._around):
            self.writes.append(AlertWrite(before, over))
            return
        owed = replace(over, state=State.OWED)
        untold = AlertWrite(before, owed) if owed != before else None
        told = AlertWrite(before, replace(over, told=self._around.now if before.told else None))
        self.tellings.append(Telling(finding, self._since(before), told, untold, over=True))

    def _tell(self, finding: Finding, row: Alert, state: State) -> None:
        if self._around.heard(finding):
            repeat = state is State.UNSURE
            told = AlertWrite(row, replace(row, state=State.OPEN if repeat else state, told=self._around.now))
            unclear = AlertWrite(row, replace(row, state=State.UNSURE)) if state is State.OPEN else None
            self.tellings.append(Telling(finding, self._since(row), told, unclear=unclear, repeat=repeat))

    def _since(self, alert: Alert) -> date:
        return self._around.day(alert.first_seen or self._around.now)


def by_key(findings: Iterable[Finding]) -> dict[str, Finding]:
    """Return findings by key; what several say under one key is said by one of them."""
    found: dict[str, Finding] = {}
    for one in findings:
        first = found.setdefault(one.key, one)
        if first is not one and one.evidence not in first.evidence.splitlines():
            links = (*first.links, one.url, *one.links)
            found[one.key] = replace(first, evidence=f"{first.evidence}\n{one.evidence}", links=links)
    return found


def judgements(
    findings: Iterable[Finding], book: AlertBook, accepted: Iterable[Acceptance], today: date, zone: tzinfo
) -> dict[Finding, Judgement]:
    """Return how each finding stands for people."""
    words = tuple(accepted)
    return {one: judge(one, book.rows.get(one.key), words, today, zone) for one in findings}


def judge(
    finding: Finding, stored: StoredAlert | None, accepted: Iterable[Acceptance], today: date, zone: tzinfo
) -> Judgement:
    """Return how a finding stands for people, by its row and by what the settings accept."""
    known = stored if stored and not stored.alert.state.over else None
    word = stored.word if stored else Word()
    since = known.alert.first_seen.astimezone(zone).date() if known and known.alert.first_seen else None
    state, acceptance = _quieted(finding, word, accepted, today)
    until = acceptance.until if acceptance else word.snooze_until if state is State.SNOOZED else None
    reason = acceptance.reason if acceptance else word.reason
    return Judgement(state, since, until, reason, word.owner, acceptance)


def _quieted(
    finding: Finding, word: Word, accepted: Iterable[Acceptance], today: date
) -> tuple[State, Acceptance | None]:
    """Return what people make of a finding, `State.OPEN` where they said nothing, and the acceptance that counts."""
    words = list(accepted)
    if word.accepted_until:
        reason = word.reason.strip() or "no reason given"
        words.append(Acceptance(finding.kind, finding.subject, word.accepted_until, reason))
    acceptance = acceptance_of(finding, words, today)
    if acceptance:
        return State.ACCEPTED, acceptance
    if word.snooze_until and word.snooze_until > today:
        return State.SNOOZED, None
    return (State.ACKNOWLEDGED if word.acknowledged else State.OPEN), None


def _passing(finding: Finding, stored: StoredAlert | None, around: Circumstances) -> Alert:
    """Return the row of what the run itself puts right: over as soon as it is told, told at most once a day."""
    state, _ = _quieted(finding, stored.word if stored else Word(), around.accepted, around.today)
    before = stored.alert if stored else None
    if before and before.state is State.RESOLVED and _is_no_news(finding, before.last_seen, around):
        return before
    owed = around.heard(finding) and state not in {State.SNOOZED, State.ACCEPTED}
    since = before.first_seen if before and before.state is not State.RESOLVED else None
    cells = cells_of(finding, around.contracts)
    return replace(cells, state=State.OWED if owed else State.RESOLVED, first_seen=since or around.now)


def _open(finding: Finding, stored: StoredAlert | None, around: Circumstances) -> Alert:
    """Return the row of a finding as it has to be; when it was last seen is settled by `kept`."""
    state, _ = _quieted(finding, stored.word if stored else Word(), around.accepted, around.today)
    fresh = replace(cells_of(finding, around.contracts), state=state, first_seen=around.now)
    if stored is None:
        return fresh
    before = stored.alert
    again = state if state.quiet else State.AGAIN
    same = replace(fresh, first_seen=before.first_seen or around.now, told=before.told)
    rearmed = another_cap(before, fresh)
    if before.state is State.RESOLVED:
        silent = before.told and not rearmed and _is_no_news(finding, before.last_seen, around)
        return replace(fresh, state=again, told=before.told) if silent else fresh
    if rearmed:
        return replace(same, told=None)
    if before.state is State.UNSURE and state is State.OPEN:
        return replace(same, state=State.UNSURE)
    if before.state is State.AGAIN:
        silent = _is_no_news(finding, before.first_seen, around)
        return replace(same, state=again) if silent else replace(same, told=None)
    if before.state in {State.SNOOZED, State.ACCEPTED} and state is State.OPEN:
        return replace(same, told=None)
    return same


def _is_no_news(finding: Finding, since: datetime | None, around: Circumstances) -> bool:
    """Tell whether a return is no news: a cap has one notice for each level and period, the others one a day."""
    return finding.kind in CAP_KINDS or (since is not None and around.day(since) >= around.today)


def _gave_way(alert: Alert, found: Iterable[Finding], around: Circumstances) -> bool:
    """Tell whether an alert went because another level came, for a cap a worse one, or because its period is over."""
    was = finding_of(alert)
    if was.kind not in CAP_KINDS:
        return any((one.kind, one.subject_id, one.period) == (was.kind, was.subject_id, was.period) for one in found)
    allocation = around.contracts.allocations.get(was.period)
    if allocation is None or (allocation.end and allocation.end < around.today):
        return True
    return any(one.period == was.period and outranks(one.kind, one.level, was.kind, was.level) for one in found)
