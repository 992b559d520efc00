"""The doors of one run: everything outside that the engine talks to."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sync.leasing import WritePermit
from sync.ports import (
    AlertTarget,
    BackLinks,
    HelpDesk,
    IssueSource,
    LedgerTarget,
    Messenger,
    PlanningBoard,
    RunBook,
    TaskTarget,
)

Progress = Callable[[str], None]


def ignore(_told: object) -> None:
    """Listen to nothing."""


@dataclass(frozen=True, slots=True)
class Services:
    """The doors of one run. *help_desk* is None where there is none; *messengers* are the channels people are told on;
    *closers* let go of the connections.

    *permit* is asked before every write of any of them.
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

    def close(self) -> None:
        """Let go of all connections."""
        for close in self.closers:
            close()
