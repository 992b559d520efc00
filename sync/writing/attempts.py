"""One try to carry out a change: what came of it, and the error behind it."""

from collections.abc import Callable
from dataclasses import dataclass

from sync.errors import Denied, LeaseLost, LimitReached, OutcomeUnknown, ServiceError, Transient
from sync.model.change import Change, Outcome, Result


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a change, and the service's error where there was one."""

    outcome: Outcome
    error: ServiceError | None = None

    @property
    def stops(self) -> bool:
        """Tell whether nothing more may be written: a token is refused, the lease is lost, a limit is reached."""
        return isinstance(self.error, Denied | LeaseLost | LimitReached)

    @property
    def passes(self) -> bool:
        """Tell whether the trouble may pass: several in a row mean that the service is down."""
        return isinstance(self.error, Transient) and not isinstance(self.error, OutcomeUnknown)


def attempt(change: Change, carry_out: Callable[[], Outcome]) -> Attempt:
    """Carry out one change; whatever happens becomes its outcome."""
    try:
        return Attempt(carry_out())
    except OutcomeUnknown as error:
        return Attempt(Outcome(change, Result.UNKNOWN, str(error)), error)
    except ServiceError as error:
        return Attempt(Outcome(change, Result.FAILED, str(error)), error)
    except Exception as error:  # noqa: BLE001  an item nobody thought of stops no other (requirement 105)
        what = f"something unexpected happened: {type(error).__name__}"
        return Attempt(Outcome(change, Result.FAILED, what))
