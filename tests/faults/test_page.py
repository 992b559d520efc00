"""The table of faults is up to date, and no test names a fault that is not in the catalogue."""

from pathlib import Path

from tests.faults.page import CANNOT, catalogue, page, proofs_by_fault

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"


def test_the_page_is_what_make_faults_writes() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: make faults"


def test_every_test_is_of_a_fault_of_the_catalogue() -> None:
    assert proofs_by_fault().keys() <= catalogue().keys()
    assert not CANNOT.keys() & proofs_by_fault().keys()
