"""Is an engagement handed off completely? One finding for each that is not (requirements 35 to 38, SD3 7.3)."""

from collections.abc import Iterator

from sync.findings.case import Case
from sync.hours.engagements import EngagementRules, has_title, is_owed, unrefined
from sync.mirror.places import folded
from sync.model.contract import Contact, Contracts, Engagement
from sync.model.finding import Finding, Role


def incomplete_handoffs(case: Case) -> Iterator[Finding]:
    """Something that a hand-off needs is missing on an engagement that runs or was won and is not over.

    What the base has no column for is not asked for.
    """
    contracts, rules = case.world.contracts, case.policy.engagements
    if not contracts.complete:
        return
    for engagement in sorted(contracts.engagements.values(), key=lambda one: (one.name, one.id)):
        if not is_owed(engagement, rules, case.world.today):
            continue
        sold = tuple(_sold(engagement, contracts))
        set_up = tuple(_set_up(engagement, contracts, rules))
        if not sold and not set_up:
            continue
        won = f" Won on {engagement.won_on}." if engagement.won_on else ""
        evidence = f"Missing: {'; '.join((*sold, *set_up))}.{won}"
        owed = "business development" if sold else "the engagement manager"
        remedy = f"Fill it in in Airtable ({owed} first); set Status to Active when nothing is missing."
        yield Finding(
            "handoff_incomplete",
            engagement.name or engagement.id,
            evidence,
            remedy,
            engagement.deal_url,
            subject_id=engagement.id,
            community=case.community(engagement.community_id),
            role=Role.BUSINESS if sold else Role.MANAGER,
        )


def _sold(engagement: Engagement, contracts: Contracts) -> Iterator[str]:
    """Yield what who sold it must add."""
    community = contracts.communities.get(engagement.community_id)
    if community is None:
        yield "the community that benefits"
    elif not _well_named(engagement, community.name, community.aliases):
        year = f" {engagement.start.year}" if engagement.start else " and start year"
        yield f'a name of community, start year and title ("{community.name}{year} …")'
    if not has_title(engagement.description) and contracts.has("Engagements.Description"):
        yield "a title in one line at the start of the description"
    days = (("Start", engagement.start), ("End", engagement.end))
    missing = [word.casefold() for word, day in days if day is None and contracts.has(f"Engagements.{word}")]
    if missing:
        yield f"{' and '.join(missing)} date"
    if not engagement.agreement_url and contracts.has("Engagements.Agreement URL"):
        yield "the link to the signed agreement"
    if community is not None and contracts.has("Contacts.Community", "Contacts.Role"):
        contacts = [one for one in contracts.contacts.values() if one.community_id == community.id]
        yield from _contacts(contacts, logins=contracts.has("Contacts.GitHub"))


def _contacts(contacts: list[Contact], *, logins: bool) -> Iterator[str]:
    """Yield which contacts are missing. Billing contacts are never needed: reports and mails leave them out.

    *logins*: the base has a column for GitHub ids.
    """
    technical = [one for one in contacts if folded(one.role) == "technical"]
    if not technical:
        yield "a Technical contact"
    elif logins and not any(one.github.strip() for one in technical):
        yield f"the GitHub id of a Technical contact ({', '.join(sorted(one.name for one in technical))})"
    if not any(folded(one.role) == "administrative" for one in contacts):
        yield "an Administrative contact"


def _set_up(engagement: Engagement, contracts: Contracts, rules: EngagementRules) -> Iterator[str]:
    """Yield what who sets it up must add."""
    if not engagement.status.strip() and contracts.has("Engagements.Status"):
        yield f"a Status, such as {rules.active_statuses[0] if rules.active_statuses else 'Active'}"
    projects = sorted(
        (one for one in contracts.projects.values() if one.engagement_id == engagement.id),
        key=lambda one: (one.name, one.id),
    )
    if not projects:
        yield "a project with dates, description, clause and allocations"
    for project in projects:
        if missing := tuple(unrefined(project, contracts)):
            yield f"project {project.name or project.id}: {', '.join(missing)}"


def _well_named(engagement: Engagement, name: str, aliases: tuple[str, ...]) -> bool:
    """Tell whether a name opens with the community, then its start year, then a title."""
    said = folded(engagement.name)
    for one in filter(None, (name, *aliases)):
        if said.startswith(f"{folded(one)} "):
            year, _, title = said.removeprefix(folded(one)).strip(" -–—:,").partition(" ")
            if year.isdecimal() and (engagement.start is None or year == str(engagement.start.year)):
                return bool(title.strip())
    return False
