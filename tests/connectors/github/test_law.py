"""Whatever happens to one answer: no issue is said to have left that did not, and no hours become fewer."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.core import Cut, Garble, Person, Rewrite, Status
from sync.errors import ServiceError
from sync.model.issue import Issue, LoggedHours, OutOfSight, UnknownHours

if TYPE_CHECKING:
    from sandbox.core.faults import Effect
    from tests.connectors.github.conftest import Office

ROUNDS = 40
OPERATIONS = ("Repositories", "Board", "LabelledIssues", "IssuesById", "People", None)
JUNK: tuple[Any, ...] = (None, [], {}, "", [None], "x")


def spoil(chance: random.Random) -> Callable[[Any], Any]:
    """Return a change that puts junk in one place of an answer."""

    def change(answer: Any) -> Any:
        found: list[tuple[Any, Any]] = []

        def collect(value: Any) -> None:
            for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
                found.append((value, key))
                if isinstance(inner, dict | list):
                    collect(inner)

        collect(answer)
        owner, key = chance.choice([one for one in found if one[1] not in {"title", "body", "name", "nameWithOwner"}])
        owner[key] = copy.deepcopy(chance.choice(JUNK))
        return answer

    return change


def any_fault(chance: random.Random, office: Office) -> Effect:
    """Return something that can go wrong with an answer."""
    refusals = (Status(502), Status(500, "x"), Status(404, {"message": "Not Found"}), Status(410, {"message": "Gone"}))
    errors = {"data": None, "errors": [{"type": "INTERNAL", "message": "no"}]}
    hide = Person(lambda: office.state.hide_repository("hub"))
    plain = (*refusals, Status(200, errors), Cut(), Cut("after", 30), Garble("html"), Garble("empty"), hide)
    return chance.choice((*plain, *[Rewrite(spoil(chance))] * 20))


@pytest.fixture
def families(office: Office) -> Office:
    """Issues of every kind that stay in scope, with hours."""
    office.state.add_repository("secret", labels=["CSH"])
    for place in ("hub", "docs", "secret"):
        root = office.issue(f"root in {place}", place)
        child = office.child(root, "child", "plain")
        office.child(child, "grandchild", "hub")
        for number, one in enumerate((root, child)):
            office.put(one, {"GitHub Hours": number + 1, "Estimate": 3})
        office.state.assign(root, "ana")
    return office


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_no_issue_leaves_and_no_hours_shrink_because_of_one_broken_answer(families: Office, seed: int):
    office, chance = families, random.Random(seed)
    before = office.read().issues
    known = [office.known(one) for one in office.state.all_issues()]
    assert set(before) == {one.id for one in known}
    operation = chance.choice(OPERATIONS)
    times = chance.choice((1, None))
    office.sandbox.faults.add(any_fault(chance, office), service="github", operation=operation, nth=1, times=times)
    try:
        after = office.read(*known)
    except ServiceError:
        return
    for one in known:
        scoped = after.issues.get(one.id)
        if scoped is None:
            assert isinstance(after.verdicts[one.url], OutOfSight)
        else:
            no_hours_lost(before[one.id].issue, scoped.issue)
            assert scoped.parent_id in {before[one.id].parent_id, None}
            assert set(before[one.id].issue.child_ids) <= set(scoped.issue.child_ids) or (
                not scoped.issue.children_complete
            )


def no_hours_lost(before: Issue, after: Issue) -> None:
    if isinstance(before.hours, LoggedHours):
        assert isinstance(after.hours, UnknownHours) or after.hours.minutes == before.hours.minutes
    else:
        assert after.hours == before.hours or isinstance(after.hours, UnknownHours)
