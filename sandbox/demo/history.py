"""Let things happen at chosen moments of the sandbox's time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sandbox import Sandbox


@contextmanager
def standing_still(sandbox: Sandbox, then: datetime) -> Iterator[None]:
    """Stop the clock, so that only acts move it; in the end it is *then*, and ticks as before."""
    frozen = sandbox.clock.frozen
    with sandbox.lock:
        sandbox.clock.frozen = True
        try:
            yield
        finally:
            sandbox.clock.frozen = frozen
            sandbox.clock.set(then)
