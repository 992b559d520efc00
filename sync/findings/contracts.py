"""Findings about contract records: dates, Asana places, renewals, aliases."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sync.findings.case import Case, some
from sync.hours.engagements import follower, is_active
from sync.hours.status import WORSE, Colour, colour_of
from sync.mirror.deciding import Decision
from sync.mirror.places import folded
from sync.model.contract import Allocation, Contracts, Engagement, Project
from sync.model.finding import Finding, Severity


def active_engagements(case: Case) -> Iterator[Engagement]:
    """Return the engagements that run, by name; none when the contracts were not read completely."""
    if case.world.contracts.complete:
        found = case.world.contracts.engagements.values()
        rules, today = case.policy.engagements, case.world.today
        yield from sorted((one for one in found if is_active(one, rules, today)), key=lambda one: (one.name, one.id))


def swapped_dates(case: Case) -> Iterator[Finding]:
    """A row ends before it starts: it holds no day (fault G12)."""
    contracts = case.world.contracts
    for table, rows in (
        ("Engagements", contracts.engagements.values()),
        ("Projects", contracts.projects.values()),
        ("Allocations", contracts.allocations.values()),
    ):
        for row in rows:
            if _is_swapped(row):
                yield Finding(
                    "row_dates_swapped",
                    row.name or row.id,
                    f"It starts on {row.start} and ends on {row.end}, before it starts.",
                    f"Correct Start or End of this row in the table {table}.",
                    subject_id=row.id,
                    period=row.id if table == "Allocations" else "",
                    community=case.community(_owner(row, case)),
                )


def _owner(row: Engagement | Project | Allocation, case: Case) -> str:
    """Return the record id of the community a contract record is for, "" when a link is missing."""
    if isinstance(row, Engagement):
        return row.community_id
    return case.community_of_project(row.id if isinstance(row, Project) else row.project_id)


def projects_outside(case: Case) -> Iterator[Finding]:
    """A project's dates reach beyond those of its engagement."""
    contracts = case.world.contracts
    for project in contracts.projects.values():
        engagement = contracts.engagements.get(project.engagement_id)
        if engagement and not _is_swapped(engagement) and (parts := tuple(_beyond(project, engagement))):
            evidence = f"{' and '.join(parts)} ({engagement.name})."
            remedy = "Correct the dates of the project, or those of its engagement."
            owner = case.community(engagement.community_id)
            yield Finding(
                "project_dates_outside", project.name, evidence, remedy, subject_id=project.id, community=owner
            )


def _is_swapped(row: Engagement | Project | Allocation) -> bool:
    """Tell whether a row ends before it starts: nothing else is said of its days then."""
    return bool(row.start and row.end and row.end < row.start)


def _beyond(project: Project, engagement: Engagement) -> Iterator[str]:
    if project.start and engagement.start and project.start < engagement.start:
        yield f"It starts on {project.start}, before its engagement does on {engagement.start}"
    if project.end and engagement.end and project.end > engagement.end:
        yield f"It ends on {project.end}, after its engagement does on {engagement.end}"


def not_in_asana(case: Case) -> Iterator[Finding]:
    """A running engagement has no link to Asana, and none with a CSH task there has its name (requirement 41)."""
    tasks = case.world.tasks
    names = {folded(csh.engagement_name) for csh in tasks.csh_tasks.values()}
    for engagement in active_engagements(case) if tasks.tree_complete else ():
        if not engagement.asana_gid and folded(engagement.name) not in names and not _linked(case, engagement):
            evidence = "It has no Asana project, and no engagement with a CSH task in Asana has its name."
            remedy = "Create its project in Asana, add it to the portfolio, and note its address in Asana project."
            yield _astray(Finding("engagement_not_in_asana", engagement.name, evidence, remedy), engagement, case)


def not_in_portfolio(case: Case) -> Iterator[Finding]:
    """A running engagement names an Asana project that no list of engagements has (requirement 41)."""
    tasks = case.world.tasks
    for engagement in active_engagements(case) if tasks.tree_complete else ():
        gid = engagement.asana_gid
        if gid and gid not in tasks.engagement_gids:
            evidence = f"Its Asana project {gid} is neither in the portfolio nor among the engagements' tasks."
            remedy = "Add it to the portfolio of active engagements, or correct its link in Asana project."
            yield _astray(Finding("engagement_not_in_portfolio", engagement.name, evidence, remedy), engagement, case)


def without_csh_task(case: Case) -> Iterator[Finding]:
    """A running engagement has its place in Asana and allocations, but no CSH task for their work (requirement 41)."""
    tasks = case.world.tasks
    with_task = {csh.engagement_gid for csh in tasks.csh_tasks.values()}
    for engagement in active_engagements(case) if tasks.tree_complete else ():
        gid = engagement.asana_gid
        if gid in tasks.engagement_gids - with_task and _has_allocations(case, engagement):
            evidence = f"Its Asana project {gid} is there, without a task named as CSH tasks are."
            remedy = "Create a CSH task in it for each allocation, with the allocation's dates."
            yield _astray(Finding("engagement_without_csh_task", engagement.name, evidence, remedy), engagement, case)


def engagements_astray(case: Case) -> frozenset[str]:
    """Return the record ids of running engagements whose place in Asana is told to be missing."""
    checks = (not_in_asana, not_in_portfolio, without_csh_task)
    return frozenset(finding.subject_id for check in checks for finding in check(case))


def stranded(decisions: Sequence[Decision]) -> str:
    """Say of issues that no CSH task takes in what happens to them."""
    references = some(decision.scoped.issue.reference for decision in decisions)
    if any(decision.parent for decision in decisions):
        return f"{references} stays where it is" if len(decisions) == 1 else f"{references} stay where they are"
    return f"{references} {'waits' if len(decisions) == 1 else 'wait'} for it"


def _astray(finding: Finding, engagement: Engagement, case: Case) -> Finding:
    """Fill in what a finding about an engagement's place in Asana is about, and which issues that holds up."""
    contracts = case.world.contracts
    decisions = [
        decision
        for allocation_id, those in sorted(case.without_csh_task().items())
        for decision in those
        if (owner := contracts.engagement_of(allocation_id)) and owner.id == engagement.id
    ]
    held_up = f" {stranded(decisions)}." if decisions else ""
    return _about(replace(finding, evidence=finding.evidence + held_up), engagement, case)


def _about(finding: Finding, engagement: Engagement, case: Case) -> Finding:
    url = f"https://app.asana.com/0/{engagement.asana_gid}" if engagement.asana_gid else ""
    return replace(finding, subject_id=engagement.id, community=case.community(engagement.community_id), url=url)


def _has_allocations(case: Case, engagement: Engagement) -> bool:
    """Tell whether an engagement has an allocation that is not over and does not name its CSH task itself."""
    today = case.world.today
    own = _allocations_of(engagement, case.world.contracts)
    return any(not one.asana_gid and (one.end is None or one.end >= today) for one in own)


def _linked(case: Case, engagement: Engagement) -> bool:
    """Tell whether an allocation of an engagement names a CSH task that was seen."""
    own = _allocations_of(engagement, case.world.contracts)
    return any(one.asana_gid in case.world.tasks.csh_tasks for one in own)


def _allocations_of(engagement: Engagement, contracts: Contracts) -> tuple[Allocation, ...]:
    projects = (one for one in contracts.projects.values() if one.engagement_id == engagement.id)
    return contracts.allocations_of(frozenset(one.id for one in projects))


def renewals(case: Case) -> Iterator[Finding]:
    """A running engagement ends soon and its community has no later one (requirement 70)."""
    today, limit = case.world.today, case.policy.engagements.renewal_days
    for engagement in active_engagements(case):
        end = engagement.end
        if end and 0 <= (end - today).days <= limit and follower(engagement, case.world.contracts) is None:
            owner = case.community(engagement.community_id)
            evidence = f"It ends on {end}, and {owner or 'its community'} has no later engagement."
            remedy = "Offer a renewal; when it is agreed, add the new engagement to the base. Else plan the hand-over."
            yield Finding("renewal_due", engagement.name, evidence, remedy, subject_id=engagement.id, community=owner)


def engagement_statuses(case: Case) -> Iterator[Finding]:
    """The status that rules propose is another one than people set; their word stays (requirements 67 to 69).

    A status without a colour (``Active``) is contradicted by Red alone.
    """
    proposals = case.assessment.proposals if case.world.contracts.has("Engagements.Status") else {}
    for engagement_id, proposal in proposals.items():
        engagement = case.world.contracts.engagements[engagement_id]
        said, proposed = colour_of(engagement.status), proposal.colour
        if said is proposed or (said is None and proposed is not Colour.RED):
            continue
        more_careful = said is not None and WORSE.index(said) > WORSE.index(proposed)
        word = engagement.status.strip() or "nothing"
        yield replace(
            _about(Finding("engagement_status", engagement.name, "", level=proposed.value), engagement, case),
            evidence=f"Status says {word}; {proposed.value} is proposed. {proposal.reason}",
            remedy=_status_remedy(proposed, more_careful=more_careful),
            severity=Severity.LOW if more_careful else None,
        )


def _status_remedy(proposed: Colour, *, more_careful: bool) -> str:
    if more_careful:
        return f"Set Status to {proposed.value}, or leave it if you know more."
    if proposed is Colour.RED:
        return "Set Status to Red and settle it: a new due date, a renewal, other terms, or the end of the work."
    return f"Set Status to {proposed.value} and see to what is named, or leave it if you know more."


def shared_aliases(case: Case) -> Iterator[Finding]:
    """Two communities answer to one name: it decides for neither (fault G13)."""
    owners: dict[str, dict[str, str]] = {}
    spelled: dict[str, str] = {}
    for community in case.world.contracts.communities.values():
        for name in filter(None, (community.name, *community.aliases)):
            owners.setdefault(folded(name), {})[community.id] = community.name
            spelled.setdefault(folded(name), name)
    for name, those in sorted(owners.items()):
        if len(those) > 1:
            evidence = f"It names {' and '.join(sorted(those.values()))}; issues that say it find neither of them."
            remedy = "Leave it with one community in Communities."
            yield Finding("shared_alias", spelled[name], evidence, remedy, subject_id=name)
