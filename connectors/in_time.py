"""A limit on the time of a whole answer (fault A04): what keeps coming in small pieces is given up too.

The clients only limit how long they wait for the next piece. What they read from asks here how long that may be.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class _Until(threading.local):
    """By when the answer to this thread's request has to be there."""

    moment = math.inf


_until = _Until()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let no answer that is waited for in this thread take longer than *seconds* from now."""
    before, _until.moment = _until.moment, time.monotonic() + seconds
    try:
        yield
    finally:
        _until.moment = before


def seconds_for_more(timeout: float | None) -> float | None:
    """Return how long the next piece of an answer may take: *timeout*, or what is left for the whole.

    Raises TimeoutError when nothing is left.
    """
    if _until.moment == math.inf:
        return timeout
    left = _until.moment - time.monotonic()
    if left <= 0:
        raise TimeoutError("the answer did not come whole in time")
    return left if timeout is None else min(left, timeout)
