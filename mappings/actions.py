"""What kind of action an issue is: delivery, operations, connecting or stewardship (requirement 53)."""

import re
from collections.abc import Iterable

ACTIONS = ("delivery", "operations", "connecting", "stewardship")
_LABEL = re.compile(r"action(?: type)?\s*[:/]\s*(?P<action>\w+)", re.IGNORECASE)


def action_of(labels: Iterable[str]) -> str:
    """Return the action that a label names (``action: delivery``); "" where none does, or several do not agree."""
    named = (found["action"].casefold() for label in labels if (found := _LABEL.fullmatch(label.strip())))
    known = {one for one in named if one in ACTIONS}
    return known.pop() if len(known) == 1 else ""
