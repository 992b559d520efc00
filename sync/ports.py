"""The only doors between the engine and the outside. Connectors match them by shape."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sync.model.change import RowWrite, TaskDraft, Value
from sync.model.contract import Contracts, Sealing, Totals
from sync.model.digest import Digest
from sync.model.issue import IssueSnapshot, KnownIssue
from sync.model.ticket import TicketAnswer
from sync.model.work import HumanContent, Ledger, Task, TaskSnapshot


class IssueSource(Protocol):
    """Where issues come from."""

    def read(self, known: Collection[KnownIssue]) -> IssueSnapshot:
        """Read every issue in scope, and the verdict on each known one that is not among them."""


class TaskTarget(Protocol):
    """Where issues are mirrored to, and where hand-made work is read."""

    def read(self) -> TaskSnapshot:
        """Read the home project, the CSH tasks and everything below them."""

    def look_up(self, gids: Collection[str]) -> Mapping[str, Task | None]:
        """Read single tasks: None when the service says a task does not exist; absent when it could not be read."""

    def human_content(self, gids: Collection[str]) -> Mapping[str, HumanContent]:
        """Tell what people added to tasks; a gid that is absent could not be read."""

    def create(self, draft: TaskDraft) -> tuple[Task, str]:
        """Make a task in the home project; return it and a note. Raises OutcomeUnknown when the answer was lost."""

    def update(self, gid: str, draft: TaskDraft, names: Collection[str]) -> str:
        """Write the named fields of *draft*; return a note, such as a fall-back to plain text, or ""."""

    def rehome(self, gid: str) -> None:
        """Add a task to the home project."""

    def place(self, gid: str, parent_gid: str) -> Task:
        """Hang a task under another, or detach it with ""; return it as it is then."""

    def remove(self, gid: str) -> None:
        """Move a task to the trash; one that is already gone counts as removed."""

    def write_csh_hours(self, gid: str, values: Mapping[str, Value]) -> None:
        """Write hours fields on a CSH task."""


class LedgerTarget(Protocol):
    """Where contracts are read and the ledger is kept."""

    def read_contracts(self) -> Contracts:
        """Read communities, contacts, engagements, projects and allocations."""

    def read_ledger(self) -> Ledger:
        """Read the Activity table."""

    def write_rows(self, writes: Sequence[RowWrite]) -> None:
        """Write up to ten rows in one request, by record where it is known, else by upsert on the key."""

    def write_seal(self, allocation_id: str, sealing: Sealing | None) -> None:
        """Write or clear the three sealing cells of an allocation in one request."""

    def write_totals(self, totals: Mapping[str, Totals]) -> None:
        """Write the totals of up to ten allocations in one request."""


class HelpDesk(Protocol):
    """Who a ticket belongs to."""

    def companies(self, tickets: Collection[str]) -> Mapping[str, TicketAnswer]:
        """Answer for each ticket number."""


class Messenger(Protocol):
    """A channel on which people are told."""

    def send(self, digest: Digest) -> None:
        """Tell one digest; one without news sends nothing.

        Raises PartlyTold, with the keys of what went out, when only a part did; another ServiceError when nothing did.
        What may or may not have gone out counts as not told: rather told twice than never.
        """
