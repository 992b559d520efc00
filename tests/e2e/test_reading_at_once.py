"""The three services are read at the same time, and the trouble of any of them is told as ever."""

import pytest

from sandbox.core import Hang, Status
from sync.errors import ServiceError
from tests.e2e.organisation import Organisation


@pytest.mark.parametrize("slow", ["airtable", "asana"])
def test_one_that_is_slow_keeps_no_other_waiting(org: Organisation, slow: str) -> None:
    org.issue("Reef Watch: fix", hours=1)
    org.sandbox.faults.add(Hang(0.5), service=slow, nth=1, times=1)
    mark = org.sandbox.log.mark()
    org.plan()
    asked = [one.service for one in org.sandbox.log.select(since=mark)]
    second = [place for place, service in enumerate(asked) if service == slow][1]
    assert {"github", "airtable", "asana"} <= set(asked[:second])


def test_of_several_troubles_the_first_in_the_order_of_reading_is_told(org: Organisation) -> None:
    for service in ("github", "asana", "airtable"):
        org.sandbox.faults.add(Status(401), service=service)
    with pytest.raises(ServiceError) as caught:
        org.plan()
    assert caught.value.service == "Airtable"


def test_sub_tasks_are_listed_only_where_some_are_made_by_hand(org: Organisation) -> None:
    parent = org.issue("Reef Watch: fix", hours=1)
    org.issue("Part", labels=(), parent=parent)
    org.sync()

    def listed() -> set[str]:
        mark = org.sandbox.log.mark()
        assert org.plan().changes == ()
        return {one.path.split("/")[2] for one in org.sandbox.log.select("asana", path="/subtasks$", since=mark)}

    engagement = org.glacier.asana_project.gid  # its CSH tasks are its sub-tasks
    assert listed() == {engagement}
    by_hand = org.asana.add_task("By hand", parent=org.task(parent))
    assert listed() == {engagement, org.task(parent).gid}
    org.asana.add_task("Deeper", parent=by_hand)
    assert listed() == {engagement, org.task(parent).gid, by_hand.gid}
