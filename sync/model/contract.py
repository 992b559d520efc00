"""What was promised: communities, engagements, projects and allocations, as the base and Asana hold them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sync.model.reading import FieldDrift, Problem


@dataclass(frozen=True, slots=True)
class Community:
    """Who benefits. *id* is the record id; *freshdesk_company* an id or a name, as text."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    freshdesk_company: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person of a community."""

    id: str
    name: str
    email: str = ""
    github: str = ""
    role: str = ""
    community_id: str = ""
    phone: str = ""
    organisation: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class ProposedStatus:
    """The cells of ours on an engagement's row; None where the base has no such column: it is not managed."""

    status: str | None = ""
    reason: str | None = ""


@dataclass(frozen=True, slots=True)
class Engagement:
    """One contract. *asana_gid* is the last all-digit part of its Asana link, if there is one."""

    id: str
    name: str
    community_id: str = ""
    start: date | None = None
    end: date | None = None
    status: str = ""
    asana_gid: str = ""
    description: str = ""
    buyer: str = ""
    won_on: date | None = None
    agreement_url: str = ""
    deal_url: str = ""
    proposed: ProposedStatus = field(default_factory=ProposedStatus)


@dataclass(frozen=True, slots=True)
class Project:
    """One outcome inside an engagement."""

    id: str
    name: str
    engagement_id: str = ""
    start: date | None = None
    end: date | None = None
    clause: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Sealing:
    """An allocation's sealed state: the truth about its minutes from then on (decision D8).

    *rows* maps an Activity key to its sealed minutes.
    """

    on: date
    rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        """Return the minutes at sealing, summed from the sealed rows."""
        return sum(self.rows.values())


@dataclass(frozen=True, slots=True)
class Totals:
    """The cells of ours on an allocation's row, as read; None means an empty cell.

    Of *pace*, *forecast* and *status* None means that the base has no such column: it is not managed.
    """

    used_minutes: int | None = None
    left_minutes: int | None = None
    used_share: float | None = None
    sentence: str = ""
    pace: str | None = ""
    forecast: str | None = ""
    status: str | None = ""


@dataclass(frozen=True, slots=True)
class Allocation:
    """One period of a clause. *start* and *end* are inclusive days; *minutes* is what is available.

    *extra_minutes* were sold beyond them: a second bucket, used after the first (requirement 34). *as_of* is when
    the service last wrote cells of the row; *sealed_minutes* is what its cell *Hours at sealing* says, which the sealed
    rows may contradict. *initiative_url* is None when the base has no such column: it is not managed. *page* is the
    row's own address.
    """

    id: str
    name: str
    project_id: str = ""
    start: date | None = None
    end: date | None = None
    minutes: int | None = None
    provider: str = ""
    asana_gid: str = ""
    reopen: bool = False
    sealing: Sealing | None = None
    totals: Totals = field(default_factory=Totals)
    extra_minutes: int | None = None
    status: str = ""
    asana_url: str = ""
    initiative_url: str | None = ""
    as_of: datetime | None = None
    sealed_minutes: int | None = None
    page: str = ""

    def holds(self, day: date) -> bool:
        """Tell whether *day* lies in the period; a row without both dates holds no day."""
        return self.start is not None and self.end is not None and self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Contracts:
    """Every contract record of the base, by record id, with the index from child to parent.

    *lacking* are the columns that the base has not, as ``Allocations.Provider``: their cells are empty, and that is
    nobody's fault.
    """

    communities: Mapping[str, Community] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    engagements: Mapping[str, Engagement] = field(default_factory=dict)
    projects: Mapping[str, Project] = field(default_factory=dict)
    allocations: Mapping[str, Allocation] = field(default_factory=dict)
    complete: bool = True
    problems: tuple[Problem, ...] = ()
    drift: tuple[FieldDrift, ...] = ()
    lacking: frozenset[str] = frozenset()

    def has(self, *columns: str) -> bool:
        """Tell whether the base has all of these columns (``Allocations.Provider``): absent means not managed."""
        return self.lacking.isdisjoint(columns)

    def engagement_of(self, allocation_id: str) -> Engagement | None:
        """Return the engagement an allocation belongs to, or None when a link is missing."""
        allocation = self.allocations.get(allocation_id)
        return self.engagement_of_project(allocation.project_id) if allocation else None

    def engagement_of_project(self, project_id: str) -> Engagement | None:
        """Return the engagement a project belongs to, or None when a link is missing."""
        project = self.projects.get(project_id)
        return self.engagements.get(project.engagement_id) if project else None

    def community_of_project(self, project_id: str) -> Community | None:
        """Return the community that benefits from a project, or None when a link is missing."""
        engagement = self.engagement_of_project(project_id)
        return self.communities.get(engagement.community_id) if engagement else None

    def projects_of_community(self, community_id: str) -> tuple[str, ...]:
        """Return the ids of a community's projects over all its engagements, sorted."""
        return tuple(
            sorted(
                project.id
                for project in self.projects.values()
                if (engagement := self.engagements.get(project.engagement_id)) is not None
                and engagement.community_id == community_id
            )
        )

    def allocations_of(self, project_ids: frozenset[str]) -> tuple[Allocation, ...]:
        """Return the allocations of some projects, by start, then id."""
        found = [item for item in self.allocations.values() if item.project_id in project_ids]
        return tuple(sorted(found, key=lambda item: (item.start or date.max, item.id)))
