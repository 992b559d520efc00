"""Whether this machine's clock can be believed: today, periods and seals are decided by it (decision D15)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sync.errors import ServiceError
from sync.report.words import CLOCK_REMEDY, spell_offset

TOLD_ABOVE = timedelta(minutes=5)
BELIEVED_UP_TO = timedelta(hours=1)


class ClockWrong(ServiceError):
    """This machine's clock says another hour than the services': nothing is decided by it."""

    def __init__(self, trouble: str) -> None:
        super().__init__("This machine", "tell the time", trouble, remedy=f"Nothing was written. {CLOCK_REMEDY}")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ClockCheck:
    """Holds this machine's clock against the services': *heard* tells what time their last answers said it is.

    It is wrong by as much as by the clock that is nearest to it: one service with a wrong clock proves nothing.
    """

    heard: Mapping[str, Callable[[], datetime | None]] = field(default_factory=dict)
    machine: Callable[[], datetime] = _now

    def believe(self) -> str:
        """Return a warning, "" when the clocks agree. Raises ClockWrong above an hour."""
        now = self.machine()
        offsets = [(now - moment, name) for name, ask in self.heard.items() if (moment := ask()) is not None]
        offset, name = min(offsets, key=lambda one: abs(one[0]), default=(timedelta(), ""))
        if abs(offset) <= TOLD_ABOVE:
            return ""
        trouble = f"its clock is {spell_offset(offset)} {name}'s"
        if abs(offset) > BELIEVED_UP_TO:
            raise ClockWrong(trouble)
        return f"This machine: {trouble}. {CLOCK_REMEDY}"
