"""The doors of one run: everything outside that the engine talks to."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sync.clock import ClockCheck
from sync.leasing import WritePermit
from sync.model.cost import Cost
from sync.model.memo import Memo, NoMemo
from sync.ports import (
    AlertTarget,
    BackLinks,
    HelpDesk,
    IssueSource,
    LedgerTarget,
    Memory,
    Messenger,
    PlanningBoard,
    RememberingIssues,
    RememberingLedger,
    RememberingTasks,
    RunBook,
    TaskTarget,
    TotalsTarget,
)

Progress = Callable[[str], None]


def ignore(_told: object) -> None:
    """Listen to nothing."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept between runs, and the services whose answers it holds."""

    memory: Memory
    issues: RememberingIssues
    tasks: RememberingTasks
    ledger: RememberingLedger


@dataclass(frozen=True, slots=True)
class Services:
    """The doors of one run. *help_desk* is None where there is none; *messengers* are the channels people are told on;
    *totals* is where totals stand when that is not the ledger;
    *closers* let go of the connections.

    *permit* is asked before every write of any of them; *meters* tell what was asked of each service so far; *clock*
    tells whether this machine's can be believed.
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
    remembered: Remembered | None = None
    """What is kept between runs; None where every run reads everything."""
    meters: tuple[Callable[[], Cost], ...] = ()
    clock: ClockCheck = field(default_factory=ClockCheck)
    memo: Memo = field(default_factory=NoMemo)
    """What was worked out before: nothing, where nobody keeps it."""

    def close(self) -> None:
        """Let go of all connections."""
        for close in self.closers:
            close()
