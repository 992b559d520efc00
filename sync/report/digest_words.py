"""What every rendering of a digest says alike."""

from collections.abc import Iterator

from sync.model.digest import Digest, News
from sync.model.finding import Finding, Severity
from sync.report.words import spell_day

RESOLVED = "Resolved"
HOW_TO_ANSWER = "To acknowledge, snooze or accept a finding, use the table Alerts in Airtable."


def severity_of(one: Finding) -> Severity:
    """Return how much a finding matters; little where nobody said."""
    return one.severity or Severity.LOW


def by_severity(digest: Digest) -> Iterator[tuple[str, list[News]]]:
    """Yield what is new, worst first, each part with its title."""
    for severity in Severity:
        mine = [one for one in digest.opened if severity_of(one.finding) is severity]
        if mine:
            yield severity.value.capitalize(), mine


def sums(digest: Digest) -> str:
    """Return in one sentence of our own words what a digest holds."""
    high = sum(1 for one in digest.opened if one.finding.severity is Severity.HIGH)
    parts = [f"{len(digest.opened)} new ({high} high)" if high else f"{len(digest.opened)} new"]
    if digest.resolved:
        parts.append(f"{len(digest.resolved)} resolved")
    if digest.standing:
        parts.append(f"{digest.standing} told before and still open")
    return f"{', '.join(parts)}."


def age(news: News, digest: Digest) -> str:
    """Return since when a finding is there, unless since this day, and whether it was sent before; else ""."""
    since = f"since {spell_day(news.since)}" if news.since != digest.day else ""
    return ", ".join(part for part in (since, "repeat" if news.repeat else "") if part)
