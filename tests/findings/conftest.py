import pytest

from tests.mirror.paper import PaperWorld


@pytest.fixture
def world() -> PaperWorld:
    return PaperWorld()
