"""What every rendering of a digest says alike."""

from collections.abc import Iterator

from sync.model.digest import Digest, News
from sync.model.finding import Finding, Role, Severity
from sync.model.wording import Wording, filled
from sync.report.words import spell_day


def severity_of(one: Finding) -> Severity:
    """Return how much a finding matters; little where nobody said."""
    return one.severity or Severity.LOW


def by_severity(digest: Digest, wording: Wording) -> Iterator[tuple[str, list[News]]]:
    """Yield what is new, worst first, each part with its title."""
    titles = {Severity.HIGH: wording.high, Severity.MEDIUM: wording.medium, Severity.LOW: wording.low}
    for severity, title in titles.items():
        mine = [one for one in digest.opened if severity_of(one.finding) is severity]
        if mine:
            yield title, mine


def addressee(role: Role, wording: Wording) -> str:
    """Return who is meant by a role: ``the engineer``, ``business development``."""
    return str(getattr(wording, role.name.lower()))


def audience(digest: Digest, wording: Wording) -> str:
    """Return the heading of what one role is told."""
    return filled(wording.audience, role=addressee(digest.role, wording))


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
