"""What a set-up still lacks: what can be made, what only a person can do, and which other names stand for ours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NewColumn:
    """A column to be made.

    *kind* is text, long, url, number, percent, box, date, moment, ``link TABLE`` or ``pick A/B``.
    """

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class MakeTable:
    """A table of the base to be made with its columns, the primary one first. *table* is its default name."""

    table: str
    columns: tuple[NewColumn, ...]

    def __str__(self) -> str:
        names = ", ".join(one.name for one in self.columns)
        return f"Airtable: table {self.table} ({names})"


@dataclass(frozen=True, slots=True)
class MakeColumn:
    """A column to be made in a table that is there: its default name, its name in the base, its id."""

    table: str
    table_name: str
    table_id: str
    column: NewColumn

    def __str__(self) -> str:
        return f"Airtable: column {self.column.name} ({self.column.kind}) in {self.table_name}"


@dataclass(frozen=True, slots=True)
class MakeField:
    """A custom field for the home project; *gid* is that of the workspace's field to be added, "" for a new one."""

    name: str
    kind: str
    decimals: int = 0
    gid: str = ""

    def __str__(self) -> str:
        what = "add the workspace's field" if self.gid else "field"
        decimals = f", {self.decimals} decimals" if self.kind == "number" else ""
        return f"Asana: {what} {self.name} ({self.kind}{decimals}) on the home project"


@dataclass(frozen=True, slots=True)
class MakeProject:
    """The home project to be made."""

    name: str

    def __str__(self) -> str:
        return f"Asana: project {self.name}, home of the mirrored tasks"


@dataclass(frozen=True, slots=True)
class MakeLabel:
    """A label to be made in a repository (``owner/name``)."""

    repository: str
    label: str

    def __str__(self) -> str:
        return f"GitHub: label {self.label} in {self.repository}"


SetupStep = MakeTable | MakeColumn | MakeField | MakeProject | MakeLabel


@dataclass(frozen=True, slots=True)
class ByHand:
    """What only a person can do, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Guess:
    """Something of the base that may stand for ours: *setting* is ``Table`` or ``Table.Column``.

    *ours* is true for a column that runs would write into: a wrong guess would cost what people wrote there.
    """

    setting: str
    id: str
    name: str
    place: str = ""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class BasePlan:
    """How to complete a base."""

    steps: tuple[MakeTable | MakeColumn, ...] = ()
    by_hand: tuple[ByHand, ...] = ()


@dataclass(frozen=True, slots=True)
class StepDone:
    """What came of a step: *trouble* is "" where it was made."""

    step: SetupStep
    trouble: str = ""
