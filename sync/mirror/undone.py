"""What the ways back have in common: why something stays, and which task is meant."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sync.model.change import TaskRef

MADE_ANEW = "undo:"
"""Before the gid of a removed task: the name under which it is made anew."""
CHANGED = "somebody changed it since; it stays"
MADE = "it was made by what is undone"
FORMER = "its former values"


@dataclass(frozen=True, slots=True)
class Refs:
    """Which task a record means: *made* are the gids of the tasks it made, by name; *anew* those it removed."""

    made: Mapping[str, str] = field(default_factory=dict)
    anew: Collection[str] = ()

    def gid(self, ref: TaskRef | None) -> str:
        """Return the gid of a task of the record, "" for none."""
        return (ref.gid or self.made.get(ref.issue_id, "")) if ref else ""

    def to_write(self, gid: str) -> TaskRef | None:
        """Return a task of before: that one, or what is made anew in its place."""
        if gid in self.anew:
            return TaskRef(issue_id=f"{MADE_ANEW}{gid}")
        return TaskRef(gid) if gid else None
