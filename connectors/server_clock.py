"""What time it is at a service."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from connectors.retry import header_date
from sync.stopwatch import Stopwatch


class ServerClock:
    """Tells the time by the ``Date`` of a service's answers (decision D12: leases expire by the server's clock).

    It is never ahead of the service: an answer is dated before it arrives.
    """

    def __init__(self) -> None:
        self._heard: tuple[datetime, Stopwatch] | None = None

    def note(self, headers: Mapping[str, str]) -> None:
        """Hear of an answer that just arrived."""
        moment = header_date(headers)
        self._heard = (moment, Stopwatch()) if moment else self._heard

    def now(self) -> datetime | None:
        """Return the moment it is at the service (aware UTC); None before an answer said so."""
        if self._heard is None:
            return None
        moment, since = self._heard
        return moment + timedelta(seconds=since.seconds())
