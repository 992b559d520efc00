"""The table of faults is up to date, and names no test and no fault that is not there."""

from pathlib import Path

from tests.faults.page import catalogue, is_there, page, proofs_by_fault

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"


def test_the_page_is_what_make_faults_writes() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: make faults"


def test_every_test_is_there_and_of_a_fault_of_the_catalogue() -> None:
    assert proofs_by_fault().keys() <= catalogue().keys()
    assert [proof for proofs in proofs_by_fault().values() for proof in proofs if not is_there(proof)] == []


def test_what_cannot_be_injected_has_no_test() -> None:
    assert [number for number, one in catalogue().items() if "cannot" in one and number in proofs_by_fault()] == []
