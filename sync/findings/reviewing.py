"""The weekly review: active engagements worst first, each with its hours, its findings and what changed (pure)."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import chain, islice

from sync.findings.alert_cells import finding_of
from sync.findings.alerting import judgements
from sync.findings.belonging import Belonging
from sync.hours.capacity import teams
from sync.hours.commitments import commitments, months
from sync.hours.engagements import is_active
from sync.hours.service import team_month, work_of_teams
from sync.mirror.planning import Assessment
from sync.mirror.world import Policy, World
from sync.model.alert import AlertBook
from sync.model.change import Standing
from sync.model.contract import Engagement
from sync.model.finding import Severity
from sync.model.review import Looked, Resolved, Review, Reviewed, TeamMonth

MONTHS_SHOWN = 3


def review(assessment: Assessment, world: World, policy: Policy, book: AlertBook, since: date) -> Review:
    """Return the page. *book* has to be whole, for what was resolved."""
    belonging = Belonging(assessment, world, policy)
    found: dict[str, list[Looked]] = {}
    judged = judgements(assessment.plan.findings, book, policy.accepted, world.today, policy.zone)
    for finding, word in judged.items():
        looked = Looked(finding, word, is_new=bool(word.since and word.since >= since))
        found.setdefault(belonging.engagement_of(finding), []).append(looked)
    gone: dict[str, list[Resolved]] = {}
    for one in _resolved(book, policy, since, frozenset(finding.key for finding in judged)):
        gone.setdefault(belonging.engagement_of(one.finding), []).append(one)
    rules, today = policy.engagements, world.today
    active = [one for one in world.contracts.engagements.values() if is_active(one, rules, today)]
    pages = [
        _page(one, assessment, world, found.pop(one.id, []), gone.pop(one.id, []))
        for one in sorted(active, key=lambda one: (one.name.casefold(), one.id))
    ]
    return Review(
        since,
        today,
        tuple(sorted(pages, key=_rank)),
        Reviewed(findings=_worst_first(chain(*found.values())), resolved=_newest_first(chain(*gone.values()))),
        kept=not book.missing,
        teams=tuple(_teams(assessment, world, policy)) if world.contracts.complete else (),
    )


def _teams(assessment: Assessment, world: World, policy: Policy) -> Iterable[TeamMonth]:
    """Yield this month and the next ones of every team that a capacity is set for."""
    among = teams(policy.capacities)
    if not among:
        return
    found, _ = commitments(world.contracts, policy.engagements, world.today)
    worked = work_of_teams(world.contracts, assessment.rows.values(), among)
    first = world.today.replace(day=1)
    coming = tuple(islice(months(first, first + timedelta(days=31 * MONTHS_SHOWN)), MONTHS_SHOWN))
    for team in among:
        for month in coming:
            done = worked.get(team.name, ())
            full_time = policy.full_time_minutes
            yield team_month(team, among, found, done, month, full_time_minutes=full_time, days_off=policy.days_off)


def _page(
    engagement: Engagement, assessment: Assessment, world: World, found: list[Looked], gone: list[Resolved]
) -> Reviewed:
    owner = world.contracts.communities.get(engagement.community_id)
    proposal = assessment.proposals.get(engagement.id)
    return Reviewed(
        engagement,
        owner.name if owner else "",
        proposal.colour.value if proposal else "",
        proposal.reason if proposal else "",
        tuple(_standings(engagement, assessment, world)),
        _worst_first(found),
        _newest_first(gone),
    )


def _standings(engagement: Engagement, assessment: Assessment, world: World) -> Iterable[Standing]:
    projects = frozenset(one.id for one in world.contracts.projects.values() if one.engagement_id == engagement.id)
    mine = {one.id for one in world.contracts.allocations_of(projects)}
    return (one for one in assessment.plan.standings if one.allocation_id in mine and one.may_run)


def _resolved(book: AlertBook, policy: Policy, since: date, there: frozenset[str]) -> Iterable[Resolved]:
    for key, stored in book.rows.items():
        alert = stored.alert
        on = alert.last_seen.astimezone(policy.zone).date() if alert.last_seen else None
        if key not in there and alert.state.over and on and on >= since:
            yield Resolved(finding_of(alert), on)


def _worst_first(found: Iterable[Looked]) -> tuple[Looked, ...]:
    """Return what nobody answered before what somebody did, each worst first."""
    return tuple(
        sorted(found, key=lambda one: (one.word.state.quiet, one.finding.rank, one.finding.kind, one.finding.key))
    )


def _newest_first(gone: Iterable[Resolved]) -> tuple[Resolved, ...]:
    return tuple(sorted(gone, key=lambda one: (-one.on.toordinal(), one.finding.key)))


def _rank(page: Reviewed) -> tuple[int, ...]:
    """Return what orders engagements: by their worst finding, then by how many there are of each severity."""
    places = [one.finding.rank for one in page.open]
    return (min(places, default=len(Severity)), *(-places.count(place) for place in range(len(Severity))))
