"""What a finding is on its row in Alerts, and back again: cells for people, free of what no cell keeps."""

import unicodedata
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sync.findings.cap_levels import CAP_KINDS
from sync.findings.kinds import BY_NAME
from sync.model.alert import Alert
from sync.model.contract import Allocation, Contracts
from sync.model.finding import Finding, Role, Severity
from sync.model.minutes import spell_hours

CAP_SIGN = "; cap "
"""Stands in *Period* before the cap that an alert about one was judged by."""
LONGEST_LINE, LONGEST_TEXT = 1_000, 20_000
"""Airtable keeps 100,000 characters in a cell; nobody reads so many."""
UNSEEN = {"Cc", "Cs"}


def cells_of(finding: Finding, contracts: Contracts) -> Alert:
    """Return a finding as the cells of its row; state and moments are the life cycle's.

    The addresses stand below the evidence, one a line.
    """
    links = [one for one in dict.fromkeys((finding.url, *finding.links)) if one]
    return Alert(
        key=finding.key,
        kind=finding.kind,
        subject=_line(finding.subject),
        period=_line(_period(finding, contracts)),
        level=_line(finding.level),
        severity=finding.severity.value if finding.severity else "",
        role=finding.role.value if finding.role else "",
        evidence=_text("\n".join((finding.evidence, *links))),
        remedy=_text(finding.remedy),
    )


def finding_of(alert: Alert) -> Finding:
    """Return the finding that a row was written for, as far as its cells tell."""
    lines = alert.evidence.splitlines()
    while lines and lines[-1].startswith(("https://", "http://")):
        lines.pop()
    links = alert.evidence.splitlines()[len(lines) :]
    kind, name = alert.key.partition("|")[0], alert.key.partition("|")[2].rsplit("|", 2)[0]
    known = BY_NAME.get(kind)
    return Finding(
        kind,
        alert.subject or name,
        "\n".join(lines),
        alert.remedy,
        links[0] if links else "",
        subject_id=name,
        period=period_of(alert),
        level=level_of(alert),
        links=tuple(links[1:]),
        severity=next((one for one in Severity if one.value == alert.severity), known.severity if known else None),
        role=next((one for one in Role if one.value == alert.role), known.role if known else None),
    )


def period_of(alert: Alert) -> str:
    """Return the record id of the allocation that an alert is about, "" where there is none."""
    parts = alert.key.rsplit("|", 2)
    return parts[1] if len(parts) > 2 else ""


def level_of(alert: Alert) -> str:
    """Return the level that an alert is about, "" where there is none."""
    return alert.key.rpartition("|")[2]


def another_cap(before: Alert, after: Alert) -> bool:
    """Tell whether two rows of one alert were judged by different caps; one that names none says nothing."""
    caps = [one.period.rpartition(CAP_SIGN) for one in (before, after)]
    return all(sign for _, sign, _ in caps) and caps[0][2] != caps[1][2]


def kept(after: Alert, before: Alert | None, unmanaged: frozenset[str], now: datetime) -> Alert:
    """Return *after* without the cells that the base has no column for; it was seen now if another cell changed."""
    empty: dict[str, Any] = dict.fromkeys(unmanaged - {"last_seen"}, "")
    seen_before = replace(after, last_seen=before.last_seen if before else None, **empty)
    changed = before is None or seen_before != before
    return replace(seen_before, last_seen=now) if changed and "last_seen" not in unmanaged else seen_before


def _period(finding: Finding, contracts: Contracts) -> str:
    allocation = contracts.allocations.get(finding.period)
    if allocation is None:
        return finding.period
    days = " to ".join(_day(one) for one in (allocation.start, allocation.end))
    spelled = f"{allocation.name or allocation.id}, {days}"
    return f"{spelled}{CAP_SIGN}{_cap(allocation)}" if finding.kind in CAP_KINDS else spelled


def _cap(allocation: Allocation) -> str:
    cap = f"{spell_hours(allocation.minutes or 0)} h"
    return f"{cap} and {spell_hours(allocation.extra_minutes)} h extra" if allocation.extra_minutes else cap


def _day(day: date | None) -> str:
    return day.isoformat() if day else "no date"


def _line(text: str) -> str:
    return _cut(" ".join(_seen(text).split()), LONGEST_LINE)


def _text(text: str) -> str:
    """Return several lines as a long cell keeps them."""
    return _cut("\n".join(line.strip() for line in _seen(text).splitlines()).strip(), LONGEST_TEXT)


def _seen(text: str) -> str:
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in UNSEEN)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
