"""What a run asked of the services: one line for people, and the same as a document."""

from collections.abc import Iterable, Sequence
from typing import Any

from sync.model.cost import Cost
from sync.report.words import counted

RUNS_A_DAY = 96
"""A run every fifteen minutes, the usual schedule."""


def cost_line(costs: Sequence[Cost]) -> str:
    """Return what was asked of each service, and the share of a day's limits when it is asked every 15 minutes."""
    asked = ", ".join(f"{one.service} {_asked(one)}" for one in costs)
    shares = ", ".join(f"{one.service} {one.share_of_day(RUNS_A_DAY):.2%}" for one in costs)
    return f"Asked: {asked}. Every 15 minutes that is, of what a day allows: {shares}." if costs else ""


def _asked(cost: Cost) -> str:
    requests = counted(cost.requests, "request")
    return requests if cost.unit in {"requests", "calls"} else f"{requests} ({cost.used} {cost.unit})"


def cost_documents(costs: Iterable[Cost]) -> list[dict[str, Any]]:
    """Return the costs of a run, each with its share of a day's limit: of this run, and of one every 15 minutes."""
    return [
        {
            "service": one.service,
            "requests": one.requests,
            "used": one.used,
            "unit": one.unit,
            "allowed": one.allowed,
            "per_seconds": int(one.per.total_seconds()),
            "share_of_day": round(one.share_of_day(), 8),
            "share_of_day_every_15_minutes": round(one.share_of_day(RUNS_A_DAY), 6),
        }
        for one in costs
    ]
