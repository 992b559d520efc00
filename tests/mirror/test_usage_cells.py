"""The words about usage on allocations over a whole year of days on which nobody does anything."""

import re
from decimal import Decimal

from sync.model.contract import Totals
from tests.mirror.paper import PaperWorld


def test_time_alone_writes_only_when_a_band_is_crossed(world: PaperWorld) -> None:
    world.issue("Reef Watch: fix", hours=2)
    world.issue("Glacier Commons: plan", hours=5)
    world.sync()
    told: dict[str, list[tuple[str | None, ...]]] = {}
    written = 0
    for _ in range(200):
        world.days_pass(1)
        writes = world.quiet()
        written += "Airtable totals" in writes
        assert set(writes) <= {"Airtable totals", "Airtable seals", "Airtable rows"}
        assert world.quiet() == []
        for allocation in world.airtable.contracts.allocations.values():
            words = (allocation.totals.pace, allocation.totals.forecast, allocation.totals.status)
            texts = told.setdefault(allocation.id, [])
            if words != (texts[-1] if texts else None):
                texts.append(words)
    assert 3 <= written <= 20
    for texts in told.values():
        assert len(texts) == len(set(texts))
        assert not any(re.search(r"\d\d:\d\d", text or "") for words in texts for text in words)


def test_what_is_planned_and_not_known_leaves_the_forecast_as_it_is(world: PaperWorld) -> None:
    world.issue("Reef Watch: fix", hours=2)
    planned = world.issue("Reef Watch: map", estimate=Decimal(4))
    world.sync()
    forecast = totals(world).forecast
    assert forecast == "at the rate so far over half of 8 h; with planned work more than 8 h"
    planned.unread_board = True
    world.sync()
    assert totals(world).forecast == forecast
    planned.unread_board, planned.estimate = False, None
    world.sync()
    assert totals(world).forecast == "at the rate so far over half of 8 h"


def test_what_was_not_all_read_leaves_all_words_as_they_are(world: PaperWorld) -> None:
    issue = world.issue("Reef Watch: fix", hours=2)
    world.sync()
    before = totals(world)
    issue.hours = 9
    world.github.complete = False
    world.sync()
    after = totals(world)
    assert after.used_minutes == 540
    assert (after.pace, after.forecast, after.status) == (before.pace, before.forecast, before.status)
    world.github.complete = True
    world.sync()
    assert totals(world).status == "over"


def totals(world: PaperWorld) -> Totals:
    return world.airtable.contracts.allocations[world.reef.allocations["Q3"]].totals
