"""The demo organisation, built once; what changes it builds its own."""

from __future__ import annotations

import pytest

from sandbox import Sandbox
from sandbox.demo import DEMO_START, DemoOrganisation, build


@pytest.fixture(scope="package")
def sandbox() -> Sandbox:
    return Sandbox(start=DEMO_START)


@pytest.fixture(scope="package")
def organisation(sandbox: Sandbox) -> DemoOrganisation:
    return build(sandbox)
