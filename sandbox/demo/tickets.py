"""Numbers of help desk tickets, and whose they are."""

from __future__ import annotations

FIRST = 4_101
STEP = 7


class Tickets:
    """Gives out numbers; `owners` remembers the community's code behind each."""

    def __init__(self, host: str) -> None:
        self._host = host
        self.owners: dict[int, str] = {}

    def new(self, code: str) -> str:
        """Return the address of a new ticket of a community."""
        number = FIRST + STEP * len(self.owners)
        self.owners[number] = code
        return self.address(number)

    def address(self, number: int) -> str:
        """Return the address of a ticket, known or not."""
        return f"https://{self._host}/a/tickets/{number}"
