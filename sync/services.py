"""The doors of one run: everything outside that the engine talks to."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sync.leasing import WritePermit
from sync.model.cost import Cost
from sync.ports import (
    AlertTarget,
    BackLinks,
    HelpDesk,
    IssueSource,
    LedgerTarget,
    Memory,
    Messenger,
    PlanningBoard,
    Remembering,
    RunBook,
    TaskTarget,
    TotalsTarget,
)

Progress = Callable[[str], None]


def ignore(_told: object) -> None:
    """Listen to nothing."""


@dataclass(frozen=True, slots=True)
class Services:
    """The doors of one run. *help_desk* is None where there is none; *messengers* are the channels people are told on;
    *totals* is where totals stand when that is not the ledger;
    *closers* let go of the connections.

    *permit* is asked before every write of any of them; *meters* tell what was asked of each service so far.
    """

    issues: IssueSource
    tasks: TaskTarget
    ledger: LedgerTarget
    help_desk: HelpDesk | None = None
    runs: RunBook | None = None
    permit: WritePermit = field(default_factory=WritePermit)
    closers: tuple[Callable[[], None], ...] = ()
    messengers: tuple[Messenger, ...] = ()
    planning: PlanningBoard | None = None
    back_links: BackLinks | None = None
    alerts: AlertTarget | None = None
    totals: TotalsTarget | None = None
    memory: Memory | None = None
    """What is kept between runs; None where every run reads everything."""
    remembering: tuple[Remembering, ...] = ()
    """GitHub, Asana and Airtable, where answers of theirs are kept, in this order."""
    meters: tuple[Callable[[], Cost], ...] = ()

    @property
    def issues_memory(self) -> Remembering:
        """Return what remembers GitHub's answers."""
        return self.remembering[0]

    @property
    def tasks_memory(self) -> Remembering:
        """Return what remembers Asana's answers."""
        return self.remembering[1]

    @property
    def ledger_memory(self) -> Remembering:
        """Return what remembers Airtable's answers."""
        return self.remembering[2]

    def close(self) -> None:
        """Let go of all connections."""
        for close in self.closers:
            close()
