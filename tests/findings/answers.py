"""What worlds with a known answer are made of: the healthy one, and the hands that change it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sync.model.finding import Finding
from sync.run import plan_run
from sync.services import Services
from tests.findings.healthy import ANA, edit
from tests.mirror.paper import PaperIssue, PaperWorld

JULY = date(2026, 7, 6)
Step = Callable[[PaperWorld], None]
World = Callable[[PaperWorld], Iterator[str]]
WORLDS: dict[str, World] = {}


def answer(kind: str) -> Callable[[World], World]:
    """Note a world under its kind. It yields what is right after each step: kinds, blanks between them; "" for none."""

    def noted(world: World) -> World:
        WORLDS[f"{kind}:{world.__name__}"] = world
        return world

    return noted


def found(world: PaperWorld) -> tuple[Finding, ...]:
    return plan_run(Services(world.github, world.asana, world.airtable), world.policy, world.now)[0].plan.findings


def wish(world: PaperWorld) -> PaperIssue:
    """Return the open issue without a date."""
    return next(one for one in world.github.issues if "Wishes" in one.title)


def logins(world: PaperWorld) -> PaperIssue:
    """Return the issue with most hours of Reef Watch."""
    return next(one for one in world.github.issues if "Slow logins" in one.title)


def open_issue(world: PaperWorld, title: str, **values: Any) -> PaperIssue:
    return world.issue(title, **{"people": (ANA,), **values})


def reef(world: PaperWorld, quarter: str, **values: Any) -> None:
    edit(world, "allocations", world.reef.allocations[quarter], **values)


def engagement(world: PaperWorld, **values: Any) -> None:
    edit(world, "engagements", world.reef.engagement, **values)


def project(world: PaperWorld, **values: Any) -> None:
    edit(world, "projects", world.reef.project, **values)


def spring(world: PaperWorld) -> PaperIssue:
    """Return the issue whose hours are sealed."""
    return next(one for one in world.github.issues if "Spring" in one.title)


def reopen(world: PaperWorld) -> None:
    reef(world, "Q2", reopen=True)
    world.sync()
    reef(world, "Q2", reopen=False)
    world.sync()
