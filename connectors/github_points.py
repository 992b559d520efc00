"""The points that GitHub takes for queries, as the headers of its answers tell.

https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
"""

from collections.abc import Mapping
from typing import Any

POINTS_AN_HOUR = 5_000
"""Of a person's token and of an App's, until an answer tells otherwise."""


class Points:
    """Adds up the points of one run. Whoever uses the same token at the same moment is counted, too."""

    def __init__(self) -> None:
        self.spent = 0
        self.an_hour = POINTS_AN_HOUR
        self._used: int | None = None

    def note(self, headers: Mapping[str, Any]) -> None:
        """Note what an answer tells: how many points are used in this window, of how many."""
        if headers.get("x-ratelimit-resource") != "graphql":
            return
        try:
            used, limit = int(headers["x-ratelimit-used"]), int(headers["x-ratelimit-limit"])
        except (KeyError, TypeError, ValueError):
            self.spent += 1
            return
        before = self._used
        # The first answer does not tell what it took itself: one point at least. A window that began anew counts whole.
        self.spent += 1 if before is None else used - before if used >= before else used
        self._used, self.an_hour = used, limit or self.an_hour
