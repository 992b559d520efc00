"""Write what was contracted into Airtable, and its engagements and CSH tasks into Asana, in both layouts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sandbox import Sandbox
from sandbox.asana.state.model import Project as AsanaProject
from sandbox.asana.state.model import Section, Task
from sandbox.demo.communities import COMMUNITIES, Community, Contact, community
from sandbox.demo.engagements import ENGAGEMENTS, Clause, Engagement
from sandbox.demo.people import colleague
from sandbox.demo.periods import TODAY, Period, at
from sandbox.demo.workspace import ORGANISATION, Workspace

CSH_TASK = "Community Success Hours"
UNPLANNED = "SWW"
"""The one community whose coming quarter has no initiative yet."""
EVERY = 4
"""Each so-manieth allocation names its CSH task; the others are found by engagement and dates."""
CHORES = ("Introduction mail", "Kick-off call", "Mid-term review", "Closing report and feedback")


@dataclass(frozen=True, slots=True)
class Allocation:
    """One period of a clause as it stands in the services: row, CSH task, and whose it is."""

    name: str
    row: str
    community: Community
    period: Period
    hours: float
    provider: str
    csh_task: Task
    parallel: bool
    """Another allocation of the community holds the same days: only the board can tell them apart."""

    @property
    def begun(self) -> bool:
        """Say whether work can have been done in it."""
        return self.period.start <= TODAY

    @property
    def current(self) -> bool:
        """Say whether it holds the day on which the demo begins."""
        return self.period.holds(TODAY)


@dataclass(frozen=True, slots=True)
class Contracts:
    """Everything contracted, by what the rest of the demo asks for."""

    allocations: tuple[Allocation, ...]
    companies: dict[str, int]
    """Help desk's company by community code."""
    engagements: int
    projects: int

    def allocation(self, name: str) -> Allocation:
        """Return the allocation of this name."""
        return next(one for one in self.allocations if one.name == name)


def write_contracts(sandbox: Sandbox, places: Workspace) -> Contracts:
    """Write everything contracted, each engagement on the day it was won."""
    writer = _Writer(sandbox, places)
    companies, rows = {}, {}
    for one in COMMUNITIES:
        if one.desk:
            companies[one.code] = sandbox.freshdesk.add_company(one.name)
        rows[one.code] = writer.community(one, companies.get(one.code))
    allocations = [found for one in ENGAGEMENTS for found in writer.engagement(one, rows[one.code])]
    projects = sum(len(one.clauses) for one in ENGAGEMENTS)
    return Contracts(tuple(allocations), companies, len(ENGAGEMENTS), projects)


class _Writer:
    """Writes row by row, task by task."""

    def __init__(self, sandbox: Sandbox, places: Workspace) -> None:
        self._clock = sandbox.clock
        self._base = sandbox.airtable
        self._asana = sandbox.asana.state
        self._places = places
        self._written = 0

    def community(self, one: Community, company: int | None) -> str:
        """Write a community and its contacts; return its row."""
        # Some tables name the help desk's company by id, some by name: both are meant to work.
        desk = "" if company is None else one.name if company % 2 else str(company)
        cells = {"Name": one.name, "Aliases": "\n".join(one.aliases), "FreshDesk company": desk or None}
        row = self._base.add_row("Communities", cells)
        for contact in one.contacts:
            self._base.add_row("Contacts", _contact_cells(one, contact) | {"Community": [row]})
        return row

    def engagement(self, one: Engagement, community_row: str) -> Iterator[Allocation]:
        """Write an engagement with its projects and allocations; yield the allocations."""
        won = _weeks_before(one.start, 3)
        self._clock.set(at(won))
        place = self._project(one) if one.layout == "project" else self._task(one)
        cells = _engagement_cells(one, won) | {"Community": [community_row]}
        if one.linked:
            cells["Asana project"] = self._address(place)
        row = self._base.add_row("Engagements", cells)
        shared = self._csh_task(place, one, None, "") if one.one_task else None
        for clause in one.clauses:
            project = self._base.add_row("Projects", _project_cells(one, clause) | {"Engagement": [row]})
            for span in clause.periods:
                csh_task = shared or self._csh_task(place, one, span, clause.text)
                yield self._allocation(one, clause, span, project, csh_task)

    def _allocation(
        self, one: Engagement, clause: Clause, span: Period, project_row: str, csh_task: Task
    ) -> Allocation:
        parallel = _is_parallel(one, clause, span)
        self._written += 1
        name = " ".join(part for part in (one.code, clause.short, span.name) if part)
        cells = {
            "Name": name,
            "Project": [project_row],
            "Start": span.start.isoformat(),
            "End": span.end.isoformat(),
            "Hours available": clause.hours,
            "Extra hours": clause.extra or None,
            "Provider": colleague(one.provider).name,
            "Status": "Completed" if span.end < TODAY else "Active" if span.holds(TODAY) else "Planned",
        }
        if span.start > TODAY and one.code != UNPLANNED:
            cells["Initiative URL"] = f"https://github.com/{ORGANISATION}/planning/issues/{self._written}"
        if parallel or self._written % EVERY == 0:
            cells["Asana task"] = self._address(csh_task)
        row = self._base.add_row("Allocations", cells)
        return Allocation(name, row, community(one.code), span, clause.hours, one.provider, csh_task, parallel)

    # Asana

    def _project(self, one: Engagement) -> AsanaProject:
        with_hours = one.tier in {"Premier", "Advanced"}
        project = self._asana.add_project(
            one.name,
            portfolio=self._places.portfolio,
            fields=self._places.hours_fields if with_hours else (),
            sections=("Deliverables", "Engagement tasks"),
            notes=f"{one.tier}. {community(one.code).country}.",
            start_on=one.start,
            due_on=one.end,
        )
        for chore in CHORES:
            done = one.end < TODAY or chore in CHORES[:2]
            self._asana.add_task(
                chore, section=project.sections[1], assignee=colleague(one.provider).email, completed=done
            )
        return project

    def _task(self, one: Engagement) -> Task:
        section = self._places.engagements.sections[one.end < TODAY]
        task = self._asana.add_task(
            one.name, section=section, start_on=one.start, due_on=one.end, assignee=colleague(one.provider).email
        )
        self._asana.add_task(CHORES[0], parent=task, completed=True)
        return task

    def _csh_task(self, place: AsanaProject | Task, one: Engagement, span: Period | None, clause: str) -> Task:
        section: Section | None = place.sections[0] if isinstance(place, AsanaProject) else None
        return self._asana.add_task(
            CSH_TASK,
            section=section,
            parent=place if isinstance(place, Task) else None,
            notes=clause,
            start_on=span.start if span else None,
            due_on=span.end if span else None,
            assignee=colleague(one.provider).email,
            completed=one.end < TODAY if span is None else span.end < TODAY,
        )

    def _address(self, thing: AsanaProject | Task) -> str:
        kind = "task" if isinstance(thing, Task) else "project"
        return f"https://app.asana.com/1/{self._asana.workspace.gid}/{kind}/{thing.gid}"


def _is_parallel(one: Engagement, clause: Clause, span: Period) -> bool:
    return any(
        other.start <= span.end and span.start <= other.end
        for sibling in one.clauses
        if sibling is not clause
        for other in sibling.periods
    )


def _weeks_before(day: date, weeks: int) -> date:
    return date.fromordinal(day.toordinal() - 7 * weeks)


def _contact_cells(one: Community, contact: Contact) -> dict[str, object]:
    letters = "".join(char for char in contact.name.split()[0].lower() if char.isascii() and char.isalpha())
    return {
        "Name": contact.name,
        "Email": f"{letters}@{one.domain}",
        "GitHub": contact.github or (f"{letters}-{one.domain.partition('.')[0]}" if _has_login(one, contact) else None),
        "Organisation": one.name,
        "Position": contact.position,
        "Role": contact.role,
    }


def _has_login(one: Community, contact: Contact) -> bool:
    """Say whether somebody technical told their GitHub login; those of two communities did not."""
    return contact.role == "Technical" and one.code not in {"MRM", "LHM"}


def _engagement_cells(one: Engagement, won: date) -> dict[str, object]:
    slug = "".join(char if char.isascii() and char.isalnum() else "-" for char in one.name.lower())
    promised = ", ".join(clause.title.lower() for clause in one.clauses) or "details follow"
    return {
        "Name": one.name,
        "Description": f"{one.title}: {promised}\n\n{one.tier} tier for {community(one.code).name}.",
        "Buyer": one.buyer or community(one.code).name,
        "Start": one.start.isoformat(),
        "End": one.end.isoformat(),
        "Won on": won.isoformat(),
        "Status": one.status,
        "Agreement URL": f"https://files.lantern.example/agreements/{slug}.pdf",
        "HubSpot deal URL": f"https://crm.lantern.example/deals/{slug}",
    }


def _project_cells(one: Engagement, clause: Clause) -> dict[str, object]:
    return {
        "Name": f"{community(one.code).name} {clause.title}",
        "Start": clause.periods[0].start.isoformat(),
        "End": clause.periods[-1].end.isoformat(),
        "Description": f"{clause.title}\n\nWork with {community(one.code).name} towards what they agreed on.",
        "Clause": clause.text,
    }
