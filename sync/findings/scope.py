"""Findings about work that may be another service's, or of a new kind: features, large efforts, new contracts."""

import re
from collections.abc import Iterator

from sync.findings.case import Case, logged_minutes
from sync.hours.engagements import is_owed
from sync.hours.expertise import new_kinds
from sync.hours.sealing import is_sealed
from sync.mirror.deciding import Decision
from sync.model.finding import Finding
from sync.model.issue import Closing
from sync.model.minutes import MINUTES_PER_HOUR, spell_hours, to_minutes

_FEATURE = re.compile(
    r"^\W*feature(?:\s*[\]:)]|\s+[-–—]\s)|\b(?:new feature|feature (?:request|development))\b", re.IGNORECASE
)


def feature_work(case: Case) -> Iterator[Finding]:
    """An issue is feature work or as large as a secondment: a scope of work suits it better (requirement 40, SD2).

    What is sealed is settled and no longer told.
    """
    for decision in case.counted():
        issue = decision.scoped.issue
        if _is_settled(decision, case) or not (signs := tuple(_signs(decision, case))):
            continue
        yield Finding(
            "feature_work",
            issue.reference,
            f"{'; '.join(signs)}. These hours are for advice and support in small parts.",
            "Decide whether it stays, or belongs under a scope of work of its own, and tell who works on it.",
            issue.url,
            subject_id=issue.id,
            community=case.community(decision.community_id),
        )


def new_kinds_of_work(case: Case) -> Iterator[Finding]:
    """A contract that is new describes work like none that is delivered: is the expertise there? (requirement 39).

    Asked until the engagement is no longer new or hours are logged for it: then somebody delivers it.
    """
    world, rules = case.world, case.policy.engagements
    if not (world.contracts.complete and world.ledger.complete):
        return
    rows = tuple(case.assessment.rows.values())
    worked = {one.id for row in rows if row.minutes and (one := world.contracts.engagement_of(row.allocation_id))}
    for engagement in sorted(world.contracts.engagements.values(), key=lambda one: (one.name, one.id)):
        age = (world.today - engagement.start).days if engagement.start else 0
        if not is_owed(engagement, rules, world.today) or age >= rules.new_days or engagement.id in worked:
            continue
        if projects := new_kinds(engagement, world.contracts, rows, rules, world.today):
            names = " and ".join(one.name or one.id for one in projects)
            yield Finding(
                "new_kind_of_work",
                engagement.name or engagement.id,
                f"{names}: nothing that is delivered now is described in like words.",
                "Say before it begins whether the expertise is there; what is alike, csh-sync promise --like shows.",
                subject_id=engagement.id,
                community=case.community(engagement.community_id),
            )


def _signs(decision: Decision, case: Case) -> Iterator[str]:
    issue, limits = decision.scoped.issue, case.policy.limits
    wanted = {" ".join(one.casefold().split()) for one in limits.feature_labels}
    if labels := [one for one in issue.labels if " ".join(one.casefold().split()) in wanted]:
        yield f"It has the label {', '.join(labels)}"
    elif _FEATURE.search(issue.title):
        yield "Its title says it is a feature"
    largest = limits.secondment_hours * MINUTES_PER_HOUR
    estimate = issue.board_fields.estimate if issue.board_fields else None
    planned, logged = to_minutes(estimate) if estimate else 0, logged_minutes(decision)
    if logged >= largest:
        yield f"{spell_hours(logged)} h are logged on it"
    elif planned >= largest:
        yield f"It is estimated at {spell_hours(planned)} h"


def _is_settled(decision: Decision, case: Case) -> bool:
    """Tell whether the work is done and all its minutes are sealed."""
    known = case.world.contracts.allocations
    places = [known.get(one.allocation_id) for one in decision.settled.postings if one.counted]
    done = decision.scoped.issue.closing is Closing.COMPLETED
    return done and bool(places) and all(one is not None and is_sealed(one) for one in places)
