"""Kinds of action, as labels say them (requirement 53)."""

import pytest

from mappings.actions import ACTIONS, action_of


@pytest.mark.parametrize(
    ("labels", "action"),
    [
        *((("CSH", f"action: {one}"), one) for one in ACTIONS),
        (("Action: Delivery",), "delivery"),
        (("action/operations",), "operations"),
        (("action type: connecting ",), "connecting"),
        (("action: delivery", "Action: delivery"), "delivery"),
        (("action: delivery", "action: operations"), ""),
        (("action: needed",), ""),
        (("delivery", "github-actions: delivery"), ""),
        ((), ""),
    ],
)
def test_a_label_says_what_kind_of_action_it_is(labels: tuple[str, ...], action: str) -> None:
    assert action_of(labels) == action
