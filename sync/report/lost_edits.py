"""What people wrote into fields of ours in Asana and a run overwrote, for its record: nothing is lost."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from mappings.richtext.readback import people_added
from sync.model.change import Change, FieldChange, UpdateTask


def lost_edits(change: Change) -> Iterator[dict[str, Any]]:
    """Yield each edit of a person that *change* overwrote, with what was there; of a description what they wrote."""
    if not isinstance(change, UpdateTask):
        return
    for one in change.changes:
        if one.edited_in_asana:
            yield {
                "task": change.gid,
                "subject": change.about.subject,
                "reference": change.about.reference,
                "field": one.name,
                "was": _what_was(one),
            }


def _what_was(one: FieldChange) -> Any:
    if one.name == "description":
        return people_added(str(one.before or ""), str(one.after or ""))
    return str(one.before) if isinstance(one.before, Decimal | date) else one.before
