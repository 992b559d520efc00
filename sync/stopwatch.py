"""How much time went by, whatever the clocks do."""

import time


class Stopwatch:
    """Counts the seconds since it was made, and those the machine slept through."""

    def __init__(self) -> None:
        self._steady, self._wall = time.monotonic(), time.time()

    def seconds(self) -> float:
        """Return the seconds gone: the steady clock stops while a laptop sleeps, the other one may be set back."""
        return max(time.monotonic() - self._steady, time.time() - self._wall)
