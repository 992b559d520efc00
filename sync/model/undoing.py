"""What is taken back of a run, and what is not."""

from dataclasses import dataclass, field

from sync.model.change import About, Plan


@dataclass(frozen=True, slots=True)
class NotUndone:
    """Something that cannot be taken back, or is not, and why."""

    about: About
    why: str


@dataclass(frozen=True, slots=True)
class UndoPage:
    """The changes that take back what was done, last first, and what stays."""

    plan: Plan = field(default_factory=Plan)
    not_undone: tuple[NotUndone, ...] = ()
