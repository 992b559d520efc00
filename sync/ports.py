"""The only doors between the engine and the outside. Connectors match them by shape."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sync.model.alert import AlertBook, AlertWrite
from sync.model.allocating import AllocationDraft, CshTaskDraft
from sync.model.back_link import BackLink
from sync.model.change import Remark, RowWrite, TaskDraft, Value
from sync.model.contract import Allocation, Contracts, ProposedStatus, Sealing, Totals
from sync.model.digest import Digest
from sync.model.finding import Role
from sync.model.initiative import InitiativeSnapshot, IssueDraft, PlanningIssue
from sync.model.issue import IssueSnapshot, KnownIssue
from sync.model.reading import Moved
from sync.model.runs import LeaseRow, RunResult
from sync.model.ticket import TicketAnswer
from sync.model.work import HumanContent, Ledger, StoredRow, Task, TaskSnapshot, TimeSheets

ROWS_PER_REQUEST = 10
"""So many rows a ledger takes in one request: as many as Airtable does."""


class IssueSource(Protocol):
    """Where issues come from."""

    def read(self, known: Collection[KnownIssue]) -> IssueSnapshot:
        """Read every issue in scope, and the verdict on each known one that is not among them."""


class Remembering(Protocol):
    """A service whose answers are kept between runs: after a look, its ``read`` rests on them.

    All of it may raise MemoryLost: then nothing is known, and everything has to be read.
    """

    def is_known(self) -> bool:
        """Tell whether everything was read before, so that a look is enough."""

    def look(self, *, hasty: bool = False) -> Moved:
        """Ask what changed since the last look, and remember it. *hasty*: only what is changed by more than one hand.

        Raises a ServiceError when the service cannot be asked.
        """


class RememberingIssues(Remembering, Protocol):
    """Where issues come from."""

    def read_again(self) -> None:
        """Let the next reading ask for everything anew."""


class RememberingLedger(Remembering, Protocol):
    """Where the ledger is kept: the table that grows need not be read again to be sure of some of its rows."""

    def read_again(self, rows: Collection[str]) -> bool:
        """Ask for these records of the ledger, and for what changed in it; let the next reading ask anew for all else.

        False where that does not show all there is to know, one of the records is gone, say: everything is to be read.
        """


class RememberingTasks(Remembering, Protocol):
    """The service in which tasks are made: more of its answers may have to be asked for anew."""

    def read_again(self, *, wholly: bool = False) -> None:
        """Let the next reading ask anew for what no look can show to be missing; *wholly* for everything."""


class Memory(Protocol):
    """What is kept between runs, and marks of the engine's own. Everything is staged until it is kept."""

    troubles: list[str]
    """What was wrong with what was kept, as told to people; grows while a run goes on."""

    def note(self, name: str) -> str:
        """Return a note, "" where there is none. Raises MemoryLost."""

    def take_note(self, name: str, value: str) -> None:
        """Write a note. Raises MemoryLost."""

    def keep(self) -> None:
        """Write down what is staged."""

    def let_go(self) -> None:
        """Forget what is staged."""

    def forget(self) -> None:
        """Forget everything: the next reading is one of everything."""

    def start_over(self, why: str) -> None:
        """Begin anew, because what was remembered turned out to be damaged."""

    def close(self) -> None:
        """Let go of the file."""


class TaskTarget(Protocol):
    """Where issues are mirrored to, and where hand-made work is read."""

    def read(self) -> TaskSnapshot:
        """Read the home project, the CSH tasks and everything below them."""

    def read_project(self, gid: str) -> Mapping[str, Task]:
        """Read the tasks of any project, after `read`."""

    def look_up(self, gids: Collection[str], *, anew: bool = False) -> Mapping[str, Task | None]:
        """Read single tasks: None when the service says a task does not exist; absent when it could not be read.

        *anew*: the service is asked, whatever it answered before; so must be who is about to write.
        """

    def human_content(self, gids: Collection[str], *, anew: bool = False) -> Mapping[str, HumanContent]:
        """Tell what people added to tasks; a gid that is absent could not be read. *anew* as in `look_up`."""

    def time_entries(self, gids: Collection[str]) -> TimeSheets:
        """Read the time entries of tasks, one request each; not offered where the service's plan has none."""

    def create(self, draft: TaskDraft) -> tuple[Task, str]:
        """Make a task in the home project; return it and a note. Raises OutcomeUnknown when the answer was lost."""

    def update(self, gid: str, draft: TaskDraft, names: Collection[str]) -> Remark:
        """Write the named fields of *draft*; return what was left out or written otherwise."""

    def rehome(self, gid: str) -> None:
        """Add a task to the home project."""

    def leave_home(self, gid: str) -> None:
        """Take a task out of the home project."""

    def place(self, gid: str, parent_gid: str) -> Task:
        """Hang a task under another, or detach it with ""; return it as it is then."""

    def remove(self, gid: str) -> None:
        """Move a task to the trash; one that is already gone counts as removed."""

    def make_csh_task(self, draft: CshTaskDraft, title: str, page: str) -> str:
        """Make a CSH task with a link to the allocation *title* at *page*; return its address.

        Raises OutcomeUnknown when the answer was lost.
        """

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

    def spare_rows(self, keys: Collection[str]) -> Mapping[str, str]:
        """Return the younger records of keys that stand on several, with their keys, that can go without any loss.

        They are read anew: nothing that people wrote stands in one of them and not in the oldest.
        """

    def untouched_rows(self, rows: Collection[StoredRow]) -> frozenset[str]:
        """Return those of these records that stand as given and hold no word of people; they are read anew."""

    def remove_rows(self, record_ids: Sequence[str]) -> None:
        """Delete up to ten records of Activity in one request."""

    def write_seals(self, seals: Mapping[str, Sealing | None]) -> None:
        """Write or clear the three sealing cells of up to ten allocations in one request."""

    def write_totals(self, totals: Mapping[str, Totals]) -> None:
        """Write the totals of up to ten allocations in one request."""

    def write_proposals(self, proposals: Mapping[str, ProposedStatus]) -> None:
        """Write the proposed statuses of up to ten engagements in one request."""

    def create_allocations(self, drafts: Sequence[AllocationDraft]) -> list[str]:
        """Make up to ten rows of Allocations; return their ids. Raises OutcomeUnknown when the answer was lost."""

    def link_csh_task(self, allocation_id: str, url: str) -> None:
        """Note the address of an allocation's CSH task on its row."""

    def page_of_allocation(self, allocation_id: str) -> str:
        """Return the address of a row of Allocations, as people open it."""

    def write_initiative(self, allocation_id: str, url: str) -> None:
        """Note the address of an allocation's initiative."""


class TotalsTarget(Protocol):
    """Where the totals of allocations stand, where that is not the table of allocations itself (requirement 85)."""

    def read_totals(self, allocations: Mapping[str, Allocation]) -> Mapping[str, Totals]:
        """Return the totals as they stand, by allocation id; one that is absent has none yet."""

    def write_totals(self, totals: Mapping[str, Totals]) -> None:
        """Write the totals of up to ten allocations."""


class AlertTarget(Protocol):
    """Where it is remembered what people were told."""

    def read_alerts(self, *, whole: bool = False, keys: Collection[str] = ()) -> AlertBook:
        """Read the rows of alerts: all when it has to be *whole*, else those that are not resolved or have *keys*."""

    def write_alerts(self, writes: Sequence[AlertWrite]) -> None:
        """Write up to ten rows in one request, by record where it is known, else by upsert on the key."""


class PlanningBoard(Protocol):
    """Where allocations are planned: the repository of the initiatives, and the board."""

    def read(self) -> InitiativeSnapshot:
        """Read every issue of the repository. Raises a ServiceError when any of them could not be read."""

    def open(self, draft: IssueDraft) -> PlanningIssue:
        """Open an issue. Raises OutcomeUnknown when nobody can tell whether it was made."""

    def adopt(self, parent: PlanningIssue, child: PlanningIssue) -> None:
        """Make an issue a sub-issue of another."""

    def put_on_board(self, issue: PlanningIssue) -> None:
        """Put an issue on the board; one that is there stays as it is."""


class BackLinks(Protocol):
    """The comments that lead from issues to their tasks."""

    def read(self, issue_ids: Collection[str]) -> Mapping[str, BackLink]:
        """Tell what stands on issues; one that is absent could not be read."""

    def write(self, repository: str, number: int, comment_id: int | None, text: str) -> int | None:
        """Write an issue's comment, or edit the one there is; return its id, None where that was not told.

        Raises OutcomeUnknown when a new one may be there.
        """

    def read_comment(self, repository: str, comment_id: int) -> str | None:
        """Return the words of a comment, None when it is gone."""

    def delete(self, repository: str, comment_id: int) -> None:
        """Delete a comment; one that is gone counts as deleted."""


class HelpDesk(Protocol):
    """Who a ticket belongs to."""

    def companies(self, tickets: Collection[str]) -> Mapping[str, TicketAnswer]:
        """Answer for each ticket number."""


class Messenger(Protocol):
    """A channel on which people are told."""

    @property
    def roles(self) -> frozenset[Role]:
        """Return whose digests go there (requirement 77)."""

    def send(self, digest: Digest) -> None:
        """Tell one digest; one without news sends nothing.

        Raises PartlyTold, with the keys of what went out and of what perhaps did, when not everything did as set;
        another ServiceError when nothing did, OutcomeUnknown when nobody can tell.
        """


class RunBook(Protocol):
    """Where runs leave a row each, and keep out of each other's way (decision D12)."""

    def exists(self) -> bool:
        """Tell whether there is such a book; without one nothing keeps two runs apart."""

    def server_now(self) -> datetime | None:
        """Return the moment it is at the service, as its last answer said; None when it did not say."""

    def about_now(self) -> datetime | None:
        """Return the moment it is, as the last answer of this or another service said; None before any did."""

    def leases(self) -> Sequence[LeaseRow]:
        """Return the rows on which a lease stands, expired ones included."""

    def open(self, run: str, started: datetime, until: datetime | None) -> str:
        """Make the row of a run; return its id."""

    def renew(self, record_id: str, until: datetime, still: Callable[[], None]) -> None:
        """Prolong a lease; *still* is asked before each try and raises when it must not be."""

    def end(self, run: str, record_id: str, ended: datetime, result: RunResult) -> None:
        """Close the row of a run: what it did, and no lease."""

    def give_up(self, record_ids: Sequence[str], result: str) -> None:
        """Mark rows whose runs ended without a word."""

    def beat(self, ended: datetime) -> None:
        """Note that a run found nothing to write: one cell of one row."""

    def last_success(self) -> datetime | None:
        """Return when the last run that went well ended; None when none did."""

    def forget(self, days: int, is_ours: Callable[[str], bool]) -> int:
        """Delete old rows of runs; return how many went."""
