"""P&S initiatives: the issues by which allocations are planned, and what one still lacks (requirements 72, 73)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum


class Step(Enum):
    """A standard task of an initiative, in the order of the work (requirement 93)."""

    REFINEMENT = "refinement"
    INTRODUCTION = "introduction"
    WORK = "work"
    REPORTING = "reporting"


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """An issue as it will be made."""

    title: str
    body: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanningIssue:
    """An issue of the planning repository. *database_id* is how REST names it as a sub-issue; *parent_id* a node id."""

    id: str
    database_id: int
    number: int
    url: str
    parent_id: str = ""
    on_board: bool = False


@dataclass(frozen=True, slots=True)
class Initiative:
    """The issue that stands for one allocation, found by the marker in its body, and its standard tasks."""

    issue: PlanningIssue
    tasks: Mapping[Step, PlanningIssue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InitiativeSnapshot:
    """Every issue of the planning repository, read whole: initiatives by allocation id, issues by `same_address`."""

    by_allocation: Mapping[str, Initiative] = field(default_factory=dict)
    by_url: Mapping[str, PlanningIssue] = field(default_factory=dict)


class Lack(Enum):
    """What an upcoming allocation still lacks."""

    INITIATIVE = "an initiative"
    BOARD = "its initiative on the board"
    PROVIDER = "a provider"
    CSH_TASK = "a CSH task"


@dataclass(frozen=True, slots=True)
class Upcoming:
    """An allocation that has not started. *plan_by* is the day two iterations before, None when that cannot be told."""

    allocation_id: str
    allocation: str
    community: str
    start: date
    plan_by: date | None
    provider: str = ""
    csh_task_url: str = ""
    initiative_url: str = ""
    lacks: tuple[Lack, ...] = ()

    def is_due(self, today: date) -> bool:
        """Tell whether it should be planned by now."""
        return self.plan_by is not None and self.plan_by <= today
