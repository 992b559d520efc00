"""The weekly review as text: one page, worst first."""

from collections.abc import Iterator

from sync.hours.usage import MONTHS
from sync.model.contract import Engagement
from sync.model.finding import Severity
from sync.model.legible import safe
from sync.model.minutes import spell_hours
from sync.model.review import Looked, Resolved, Review, Reviewed, TeamMonth
from sync.report.check_text import STYLE, finding_lines, title_line
from sync.report.plan_text import Line
from sync.report.words import counted, spell_day

NOT_KEPT = "No alerts are kept in the base, so nobody can tell what changed (docs/alerts.md)."


def review_lines(review: Review) -> Iterator[Line]:
    """Return the page: active engagements worst first, then what belongs to none of them, then the sums."""
    number = counted(len(review.engagements), "active engagement")
    yield Line(f"Review of {spell_day(review.today)}: {number}, changes since {spell_day(review.since)}", "head")
    for page in review.engagements:
        yield Line("")
        yield Line(_title(page), "head")
        yield from _standings(page)
        yield from _body(page, review)
    if review.elsewhere.findings or review.elsewhere.resolved:
        yield Line("")
        yield Line("Of no active engagement", "head")
        yield from _body(review.elsewhere, review)
    if review.teams:
        yield Line("")
        yield Line("What the service takes of its teams", "head")
        yield from (Line(f"  {_team(one, review)}") for one in review.teams)
    yield Line("")
    yield Line(verdict(review))


def verdict(review: Review) -> str:
    """Return the sentence at the end."""
    pages = (*review.engagements, review.elsewhere)
    open_ones = [one for page in pages for one in page.open]
    busy = sum(1 for page in review.engagements if page.open)
    where = f" in {busy} of {counted(len(review.engagements), 'engagement')}" if busy else ""
    text = f"{counted(len(open_ones), 'finding')} to look at{where}."
    if not review.kept:
        return f"{text} {NOT_KEPT}"
    new = sum(1 for page in pages for one in page.findings if one.is_new)
    gone = sum(len(page.resolved) for page in pages)
    return f"{text} Since {spell_day(review.since)}: {new} new, {gone} resolved."


def _team(one: TeamMonth, review: Review) -> str:
    able = (
        "no capacity is set for all of it" if one.capacity_minutes is None else _part(one.share, one.capacity_minutes)
    )
    parts = [
        f"{safe(one.team)}, {MONTHS[one.start.month - 1]} {one.start.year}",
        f"{spell_hours(one.promised_minutes)} h promised ({able})",
        f"{one.full_time:.2f} of a full-time person",
    ]
    if one.start <= review.today:
        parts.append(f"{spell_hours(one.used_minutes)} h used so far")
    costs = [("promised", one.promised_cost)] + ([("used", one.used_cost)] if one.start <= review.today else [])
    if known := [f"{amount:,.2f} {one.currency} {what}" for what, amount in costs if amount is not None]:
        parts.append(f"costs {', '.join(known)}")
    return "; ".join(parts)


def _part(share: float | None, minutes: int) -> str:
    return f"of {spell_hours(minutes)} h" + (f", {100 * share:.0f} %" if share is not None else "")


def _title(page: Reviewed) -> str:
    engagement = page.engagement or Engagement("", "")
    parts = [safe(engagement.name or engagement.id)]
    if page.community and page.community not in engagement.name:
        parts[0] += f" ({safe(page.community)})"
    if engagement.end:
        parts.append(f"until {spell_day(engagement.end)}")
    parts.append(f"status {safe(engagement.status)}" if engagement.status.strip() else "no status")
    if page.proposed and page.proposed.casefold() not in engagement.status.casefold():
        parts.append(f"{page.proposed} is proposed")
    return ", ".join(parts)


def _standings(page: Reviewed) -> Iterator[Line]:
    for one in page.standings:
        name = f"{safe(one.allocation)}: " if len(page.standings) > 1 else ""
        yield Line(f"  {name}{safe(one.sentence)}")
    if not page.standings:
        yield Line("  No allocation runs today.")


def _body(page: Reviewed, review: Review) -> Iterator[Line]:
    for one in page.open:
        yield from _finding(one, review)
    quiet = [one for one in page.findings if one.word.state.quiet]
    for one in quiet:
        yield Line(f"  {one.word.state.value}: {one.finding.kind}: {safe(one.finding.subject)}")
    for gone in page.resolved:
        yield Line(_resolved(gone))
    if page.engagement and not page.findings:
        yield Line("  Nothing to look at.")


def _finding(one: Looked, review: Review) -> Iterator[Line]:
    """Return a finding: in full what matters, in one line what matters little."""
    mark = " – new" if one.is_new else ""
    level = one.finding.severity or Severity.LOW
    yield Line(f"{title_line(one.finding, one.word, review.today)}{mark}", STYLE[level])
    if level is not Severity.LOW:
        yield from finding_lines(one.finding)


def _resolved(gone: Resolved) -> str:
    return f"  resolved {spell_day(gone.on)}: {gone.finding.kind}: {safe(gone.finding.subject)}"
