"""What earlier tools or people left in Asana about issues, and what becomes of it (`csh-sync adopt`)."""

from dataclasses import dataclass, field
from enum import Enum

from sync.model.change import Plan
from sync.model.reading import Problem
from sync.model.work import HumanContent, Task


class Witness(Enum):
    """By what a task names its issue, strongest first."""

    KEY = "its field of ours"
    FIELD = "a field of an earlier tool"
    SOURCE_LINE = "the source line of its description"
    ONLY_LINK = "the only link of its description"
    ONE_OF_LINKS = "one of several links in its description"


class TwinFate(Enum):
    """What becomes of a further task about an issue."""

    REMOVED = "moved to the trash: it holds nothing a person added"
    UNKEYED = "stays, without our key: merge by hand what people added"
    LEFT = "stays as it is: merge by hand what people added"


@dataclass(frozen=True, slots=True)
class Claim:
    """A task that names an issue. *content* is what people added to it, None where that was not asked or not told."""

    task: Task
    url: str
    witness: Witness
    content: HumanContent | None = None

    @property
    def weight(self) -> tuple[int, int]:
        """Return how much people put into it: minutes, then comments, attachments and sub-tasks."""
        content = self.content or HumanContent()
        pieces = content.comments + content.attachments + len(content.child_gids)
        return self.task.actual_minutes or 0, pieces

    @property
    def is_a_persons(self) -> bool:
        """Tell whether it holds anything a person added: a task that a person typed does by itself."""
        return any(self.weight) or self.witness is Witness.ONLY_LINK


@dataclass(frozen=True, slots=True)
class Twin:
    """A further task about an issue, and what becomes of it."""

    claim: Claim
    fate: TwinFate


@dataclass(frozen=True, slots=True)
class Adoption:
    """One issue with the task that is taken over, its twins, and the fields that the next run will write."""

    reference: str
    title: str
    url: str
    kept: Claim
    twins: tuple[Twin, ...] = ()
    place: str = ""
    taken_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdoptionPage:
    """Everything that was found.

    *outside* are tasks whose issue is not in scope; *mentioning* those that link to one issue in scope among other
    things, of issues that no task is taken over for; *unclear* are issues that are left alone because what people
    added to their tasks could not be read.
    """

    adoptions: tuple[Adoption, ...] = ()
    plan: Plan = field(default_factory=Plan)
    outside: tuple[Claim, ...] = ()
    mentioning: tuple[Claim, ...] = ()
    unclear: tuple[str, ...] = ()
    complete: bool = True
    problems: tuple[Problem, ...] = ()
