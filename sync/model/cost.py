"""What a run asked of the services, beside what they allow."""

from dataclasses import dataclass
from datetime import timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run asked of one service.

    *used* is what the service's published limit counts, in *unit* (requests, points, calls): *allowed* of them go in
    *per*. Refused and repeated requests count, as they do there.
    """

    service: str
    requests: int
    used: int
    unit: str
    allowed: int
    per: timedelta

    def share_of_day(self, runs: int = 1) -> float:
        """Return the share of what is allowed in a day that so many runs like this one take."""
        return runs * self.used * (self.per / DAY) / self.allowed if self.allowed else 0.0
