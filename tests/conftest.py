from collections.abc import Iterator

import pytest

from sandbox import Sandbox
from tests.e2e.organisation import START, Organisation


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(start=START) as running:
        yield running


@pytest.fixture
def org(sandbox: Sandbox) -> Organisation:
    return Organisation(sandbox)
