"""The machinery all played services share: time, faults, limits, the record, the server."""

from sandbox.core.clock import SandboxClock, locked
from sandbox.core.faults import (
    Cut,
    Fault,
    Faults,
    Garble,
    Hang,
    Person,
    Rewrite,
    Slow,
    Status,
    Twice,
)
from sandbox.core.limits import Limit, RateWindow, published_limits
from sandbox.core.log import RequestLog, RequestRecord
from sandbox.core.service import Json, Service
from sandbox.core.world import Sandbox

__all__ = [
    "Cut",
    "Fault",
    "Faults",
    "Garble",
    "Hang",
    "Json",
    "Limit",
    "Person",
    "RateWindow",
    "RequestLog",
    "RequestRecord",
    "Rewrite",
    "Sandbox",
    "SandboxClock",
    "Service",
    "Slow",
    "Status",
    "Twice",
    "locked",
    "published_limits",
]
