import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from sandbox import Sandbox
from tests.e2e.organisation import START, Organisation

# Laws are about answers: how long one takes is told by the load of the machine.
settings.register_profile("any machine", deadline=None, suppress_health_check=(HealthCheck.too_slow,))
settings.load_profile("any machine")


def pytest_configure() -> None:
    """Let Ctrl-C reach what tests start: a shell has what it starts in the background ignore it, children too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(start=START) as running:
        yield running


@pytest.fixture
def org(sandbox: Sandbox) -> Organisation:
    return Organisation(sandbox)
