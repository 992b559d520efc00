"""The list of upcoming allocations, for people and as a document."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sync.model.initiative import Upcoming
from sync.model.legible import safe
from sync.report.words import counted, spell_day

HEADS = ("start", "plan by", "community", "allocation", "provider", "CSH task", "initiative", "lacks")


def upcoming_row(one: Upcoming, today: date) -> tuple[str, ...]:
    """Return an upcoming allocation as the cells of a table."""
    plan_by = spell_day(one.plan_by) if one.plan_by else "cannot be told"
    return (
        spell_day(one.start),
        f"{plan_by}, now" if one.is_due(today) else plan_by,
        safe(one.community),
        safe(one.allocation),
        safe(one.provider),
        "yes" if one.csh_task_url else "no",
        safe(one.initiative_url),
        ", ".join(lack.value for lack in one.lacks),
    )


def upcoming_notes(found: Iterable[Upcoming]) -> Iterable[str]:
    """Tell what the list could not say."""
    untold = sum(1 for one in found if one.plan_by is None)
    if untold:
        reach = "the board's iterations do not reach that far, or it has none"
        yield f"For {counted(untold, 'allocation')} nobody can say what two iterations before the start is: {reach}."


def upcoming_documents(found: Iterable[Upcoming], today: date) -> list[dict[str, Any]]:
    """Return upcoming allocations with stable keys."""
    return [
        {
            "allocation_id": one.allocation_id,
            "allocation": one.allocation,
            "community": one.community,
            "start": one.start.isoformat(),
            "plan_by": one.plan_by.isoformat() if one.plan_by else None,
            "due": one.is_due(today),
            "provider": one.provider,
            "csh_task_url": one.csh_task_url,
            "initiative_url": one.initiative_url,
            "lacks": [lack.name.lower() for lack in one.lacks],
        }
        for one in found
    ]
