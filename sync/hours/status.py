"""The status an engagement should have, and the rule that says so (SD3 8.1): Green, Yellow or Red."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from sync.hours.engagements import EngagementRules, follower, unrefined, words
from sync.model.contract import Contracts, Engagement, Project

NAMED = 3
"""How many of a kind a reason names before it counts the rest."""


class Colour(Enum):
    """The three words of an engagement review."""

    GREEN = "Green"
    YELLOW = "Yellow"
    RED = "Red"


SPELLED = {
    Colour.GREEN: words("Green/On track"),
    Colour.YELLOW: words("Yellow/Monitor/At risk"),
    Colour.RED: words("Red/Action needed"),
}
WORSE = (Colour.GREEN, Colour.YELLOW, Colour.RED)
"""From good to bad."""


@dataclass(frozen=True, slots=True)
class Due:
    """An open issue with the day it is due, if the board tells."""

    reference: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What is delivered under an engagement: its open issues, and the minutes and last day of work after its end."""

    open: tuple[Due, ...] = ()
    after_minutes: int = 0
    after_until: date | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed status and the rules that led to it, in words without a day's age: they change with the facts."""

    colour: Colour
    reason: str


def colour_of(status: str) -> Colour | None:
    """Return the colour that people's words say, None when they say none (``Active``) or several."""
    said = words(status)
    found = [colour for colour, spelled in SPELLED.items() if said & spelled]
    return found[0] if len(found) == 1 else None


def propose_status(
    engagement: Engagement, contracts: Contracts, deliveries: Deliveries, rules: EngagementRules, today: date
) -> Proposal:
    """Return the status an engagement should have today; the worst rules that hold are its reason."""
    if red := tuple(_red(engagement, contracts, deliveries, today)):
        return Proposal(Colour.RED, _sentence(red))
    if yellow := tuple(_yellow(engagement, contracts, deliveries, rules, today)):
        return Proposal(Colour.YELLOW, _sentence(yellow))
    return Proposal(Colour.GREEN, "Projects are refined, dates are clear, and nothing is late.")


def _sentence(parts: tuple[str, ...]) -> str:
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _red(engagement: Engagement, contracts: Contracts, work: Deliveries, today: date) -> Iterator[str]:
    """Yield which due dates are missed or lie beyond the contract, and what work goes on after it."""
    late = [f"{one.reference} ({one.on})" for one in work.open if one.on and one.on < today]
    if late:
        yield f"due and still open: {_named(late)}"
    start, end = engagement.start, engagement.end
    if end is None or (start and end < start):
        return  # without days nobody can tell what lies beyond them: told as unclear
    beyond = [f"{one.reference} ({one.on})" for one in work.open if one.on and one.on >= today and one.on > end]
    if beyond and not _is_covered(engagement, contracts):
        yield f"due after the contract ends on {end}: {_named(beyond)}"
    if work.after_minutes and work.after_until:
        yield f"work was done until {work.after_until}, and the contract ended on {end}"
    elif end < today and work.open:
        yield f"work is open and the contract ended on {end}: {_named([one.reference for one in work.open])}"


def _yellow(
    engagement: Engagement, contracts: Contracts, work: Deliveries, rules: EngagementRules, today: date
) -> Iterator[str]:
    """Yield why an engagement is to be watched: new, unrefined, without clear dates, near its end."""
    start, end = engagement.start, engagement.end
    if start and not work.minutes and today - start < timedelta(days=rules.new_days):
        yield f"it is new: it starts on {start} and has no hours yet"
    projects = [one for one in contracts.projects.values() if one.engagement_id == engagement.id]
    if not projects:
        yield "it has no project"
    for project in sorted(projects, key=lambda one: (one.name, one.id)):
        if missing := tuple(unrefined(project, contracts)):
            yield f"project {project.name or project.id} is not refined: it lacks {', '.join(missing)}"
    yield from _unclear_dates(engagement, contracts, projects)
    if end and start and end < start:
        return
    if end and end < today:
        yield f"it ended on {end}"
    elif end and (end - today).days <= rules.renewal_days and not _is_covered(engagement, contracts):
        yield f"it ends on {end} and no later engagement is known"


def _unclear_dates(engagement: Engagement, contracts: Contracts, projects: list[Project]) -> Iterator[str]:
    start, end = engagement.start, engagement.end
    if start is None or end is None:
        days = (("Start", start), ("End", end))
        if unknown := [name for name, day in days if day is None and contracts.has(f"Engagements.{name}")]:
            yield f"its {' and '.join(unknown).casefold()} is not known"
        return
    if end < start:
        yield f"it ends on {end}, before it starts on {start}"
        return
    outside = [
        one.name or one.id for one in projects if (one.start and one.start < start) or (one.end and one.end > end)
    ]
    if outside:
        yield f"dates beyond its own: project {_named(sorted(outside))}"


def _is_covered(engagement: Engagement, contracts: Contracts) -> bool:
    return follower(engagement, contracts) is not None


def _named(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
