"""What can be said about a reading: troubles that made it partial, and drift in what we expected to find."""

from dataclasses import dataclass, field
from enum import Enum


class Moved(Enum):
    """What a look at a service tells: nothing of what we read changed, something did, or a look cannot tell."""

    NO = "no"
    YES = "yes"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, or worked out, as expected; shown to people and kept in the record.

    *trace* is the traceback of an error that nobody thought of: shown with ``--debug`` alone, and in no document.
    """

    service: str
    subject: str
    message: str
    remedy: str = ""
    trace: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class FieldDrift:
    """A field or column that is missing or of another type than needed (decision D11).

    *nearest* is the one of the same place that may be meant now, "" where none looks like it; *setting* is where
    another name for it goes. Where it is not *needed* everything else goes on without it; *meanwhile*: but for this.
    """

    service: str
    place: str
    name: str
    wanted: str
    found: str
    ours: bool = True
    nearest: str = field(default="", compare=False)
    setting: str = field(default="", compare=False)
    needed: bool = True
    meanwhile: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f'{self.service}: "{self.name}" in {self.place} is {self.found}, csh-sync needs {self.wanted}'
