"""Alerts on paper: a table, a channel that may fail, and days that pass; what the laws of the life cycle run on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sync.errors import PartlyTold, ServiceError, Transient
from sync.findings.alerting import Circumstances
from sync.model.alert import Alert, AlertBook, AlertReport, AlertWrite, State, StoredAlert, Word
from sync.model.contract import Allocation, Contracts
from sync.model.digest import Digest
from sync.model.finding import Finding, Role, Severity
from sync.telling import prepare_alerts, tell_alerts

START = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)
CAP = Finding("near_cap", "Reef Q3", "7 of 8 h used.", "Look.", "", "rec1", "rec1", "80 %")
WORSE = replace(CAP, kind="over_cap", level="over")
LATE = Finding(
    "deliverable_late", "acme/hub#1", "It was due.", "Close it.", "https://github.com/acme/hub/issues/1", "I_1"
)
PASSED = Finding("sealed_row_restored", "acme/hub#2", "Written again.", "", "", "I_2")
FINDINGS = tuple(replace(one, severity=Severity.HIGH, role=Role.MANAGER) for one in (CAP, WORSE, LATE, PASSED))
CAP, WORSE, LATE, PASSED = FINDINGS


class Crash(BaseException):
    """The process dies."""


@dataclass
class Table:
    """Rows as the base keeps them; *dies_after* tells how many more requests it outlives."""

    rows: dict[str, StoredAlert] = field(default_factory=dict)
    requests: int = 0
    dies_after: int | None = None
    unmanaged: frozenset[str] = frozenset()

    def read_alerts(self, *, whole: bool = False, keys: Collection[str] = ()) -> AlertBook:
        wanted = {
            key for key, one in self.rows.items() if whole or key in keys or one.alert.state is not State.RESOLVED
        }
        kept = {key: one for key, one in self.rows.items() if key in wanted}
        return AlertBook(kept, unmanaged=self.unmanaged, whole=whole)

    def write_alerts(self, writes: Sequence[AlertWrite]) -> None:
        if self.dies_after is not None and self.requests >= self.dies_after:
            raise Crash
        assert 0 < len(writes) <= 10
        self.requests += 1
        for write in writes:
            key = write.after.key
            before = self.rows.get(key, StoredAlert(f"rec{len(self.rows)}", write.after))
            assert write.before is None or write.before == before.alert
            self.rows[key] = replace(before, alert=write.after)

    def say(self, finding: Finding, **word: Any) -> None:
        """Write into the columns of people."""
        self.rows[finding.key] = replace(self.rows[finding.key], word=replace(self.rows[finding.key].word, **word))

    def of(self, finding: Finding) -> Alert:
        """Return the row of a finding."""
        return self.rows[finding.key].alert


@dataclass
class Channel:
    """People who hear digests. *trouble* is raised instead; *takes* is how many findings of a digest get through."""

    heard: list[Digest] = field(default_factory=list)
    trouble: ServiceError | None = None
    takes: int | None = None
    roles: frozenset[Role] = frozenset(Role)

    def send(self, digest: Digest) -> None:
        if self.trouble:
            raise self.trouble
        if self.takes is not None:
            some = replace(digest, opened=digest.opened[: self.takes], resolved=())
            self.heard.append(some)
            raise PartlyTold(Transient("Slack", "tell", "busy"), frozenset(one.finding.key for one in some.opened))
        self.heard.append(digest)

    def opened(self, finding: Finding) -> int:
        """Return how often people were told of a finding."""
        return sum(one.finding.key == finding.key for digest in self.heard for one in digest.opened)

    def resolved(self, finding: Finding) -> int:
        """Return how often people were told that a finding is gone."""
        return sum(one.finding.key == finding.key for digest in self.heard for one in digest.resolved)


@dataclass
class Office:
    """What runs work on."""

    table: Table = field(default_factory=Table)
    channel: Channel = field(default_factory=Channel)
    now: datetime = START
    hours: int = 8
    audience: bool = True

    def run(self, *findings: Finding, complete: bool = True, **around: Any) -> AlertReport:
        """Run once over *findings*."""
        period = Allocation("rec1", "Reef Q3", "", date(2026, 7, 1), date(2026, 9, 30), self.hours * 60)
        seen = Circumstances(self.now, UTC, Contracts(allocations={"rec1": period}), complete=complete, **around)
        channels = (self.channel,) if self.audience else ()
        return tell_alerts(prepare_alerts(self.table, channels, findings, seen), self.table, channels)

    def quiet(self, *findings: Finding) -> bool:
        """Tell whether a run over *findings* neither writes nor tells anything."""
        before = self.table.requests, len(self.channel.heard)
        self.run(*findings)
        return before == (self.table.requests, len(self.channel.heard))

    def days_pass(self, days: int = 1) -> None:
        """Let time go by."""
        self.now += timedelta(days=days)


DOWN = Transient("Slack", "tell", "it is down")
__all__ = ["CAP", "DOWN", "FINDINGS", "LATE", "PASSED", "START", "WORSE", "Channel", "Crash", "Office", "Table", "Word"]
