"""Errors sorted by what the caller does next; each names the thing and the remedy."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller (design, section 5)."""

    FINE = 0
    ITEMS_FAILED = 1
    USAGE = 2
    REFUSED = 3
    UNREADABLE = 4
    CHANGES = 10
    FINDINGS = 11
    INTERRUPTED = 130
    TERMINATED = 143


class CshSyncError(Exception):
    """Base of every error that is shown to a person: what happened, and what to do about it."""

    exit_code = ExitCode.ITEMS_FAILED

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        if not self.remedy:
            return self.message
        return f"{self.message.rstrip('.')}. {self.remedy}"


class SettingsError(CshSyncError):
    """Settings are missing or wrong; nothing was asked of any service."""

    exit_code = ExitCode.USAGE

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems), remedy="Nothing was read or written.")
        self.problems = problems


class FileUnwritable(CshSyncError):
    """A file that is to hold what a command does cannot be written: seen before the first write to a service."""

    exit_code = ExitCode.USAGE


class GuardRefused(CshSyncError):
    """A guard stopped the run before its first write (decision D11)."""

    exit_code = ExitCode.REFUSED


class ServiceError(CshSyncError):
    """A service did not do what was asked: the base of the families below."""

    exit_code = ExitCode.UNREADABLE

    def __init__(
        self, service: str, operation: str, message: str, *, remedy: str = "", status: int | None = None
    ) -> None:
        super().__init__(f"{service}: {operation}: {message}", remedy=remedy)
        self.service = service
        self.operation = operation
        self.status = status


class Transient(ServiceError):
    """A passing trouble that outlasted its retries: try again in the next run."""


class LimitReached(Transient):
    """The service asks for a longer wait than a run may take: stop here, the next run goes on."""


class Rejected(ServiceError):
    """The service refused this one item: skip it, report it, go on."""

    exit_code = ExitCode.ITEMS_FAILED


class NotFound(Rejected):
    """The service says that the object does not exist (404, or 410)."""


class Denied(ServiceError):
    """Credentials or permissions are refused: stop before the next write."""


class OutcomeUnknown(ServiceError):
    """A create may or may not have happened: it is looked up before it is tried again (decision D10)."""

    exit_code = ExitCode.ITEMS_FAILED


class PartlyTold(ServiceError):
    """A message to people went out in part only: *told* holds the keys of the findings that surely reached them,
    *unclear* of those that perhaps did.
    """

    exit_code = ExitCode.ITEMS_FAILED

    def __init__(self, error: ServiceError, told: frozenset[str], unclear: frozenset[str] = frozenset()) -> None:
        """Take over what *error* says: it tells why the rest did not go out."""
        service, operation = error.service, error.operation
        text = error.message.removeprefix(f"{service}: {operation}: ")
        super().__init__(service, operation, f"told in part: {text}", remedy=error.remedy, status=error.status)
        self.told = told
        self.unclear = unclear


class LeaseLost(ServiceError):
    """The run may not write any more: its lease is gone, or too little of it is left (decision D12)."""

    def __init__(self, reason: str) -> None:
        super().__init__("csh-sync", "keep the lease", reason, remedy="What was not written is left to the next run.")


class MemoryLost(CshSyncError):
    """What was kept between runs is damaged: everything is read again."""
