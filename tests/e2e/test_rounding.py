"""A base that keeps only the digits a column shows is left alone by the second run."""

import pytest

from tests.e2e.organisation import Organisation


@pytest.mark.parametrize("digits", [0, 1, 2])
def test_a_share_rounded_by_the_base_is_not_written_again(org: Organisation, digits: int) -> None:
    org.airtable.options.round_numbers = True
    column = org.airtable.base.table("Allocations").field("Used %")
    column.options["precision"] = digits
    org.issue("Reef Watch: fix", hours=1.25)
    org.issue("GlacierHub: fix", hours=7.75)
    org.sync()
    assert org.allocation(org.reef, "Q3")["Used %"] == pytest.approx(1.25 / 8, abs=0.005)
    assert org.writes_of() == []


def test_a_share_that_a_person_typed_is_written_again(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=1.25)
    org.sync()
    org.airtable.edit_cell("Allocations", org.reef.allocations["Q3"], "Used %", 0.5)
    org.sync()
    assert org.allocation(org.reef, "Q3")["Used %"] == pytest.approx(1.25 / 8, abs=0.0001)
