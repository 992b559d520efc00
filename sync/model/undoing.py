"""What is taken back of a run, and what is not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.model.change import About, Plan
from sync.model.contract import Contracts
from sync.model.work import HumanContent, Ledger, Task


@dataclass(frozen=True, slots=True)
class NotUndone:
    """Something that cannot be taken back, or is not, and why."""

    about: About
    why: str


@dataclass(frozen=True, slots=True)
class UndoPage:
    """The changes that take back what was done, and what stays."""

    plan: Plan = field(default_factory=Plan)
    not_undone: tuple[NotUndone, ...] = ()


@dataclass(frozen=True, slots=True)
class Present:
    """What a run touched, as it stands now.

    *tasks* are None for those that are gone; one that is absent could not be read. *content* is what people added to
    the tasks that the run made, *csh_tasks* are the tasks with hours fields. *untouched* are the records of rows that
    the run made and in which nobody wrote. *comments* are the words of comments by repository and id, None for those
    that are gone; one that is absent could not be read.
    """

    tasks: Mapping[str, Task | None] = field(default_factory=dict)
    content: Mapping[str, HumanContent] = field(default_factory=dict)
    csh_tasks: Mapping[str, Task] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    contracts: Contracts = field(default_factory=Contracts)
    untouched: frozenset[str] = frozenset()
    comments: Mapping[tuple[str, int], str | None] = field(default_factory=dict)
