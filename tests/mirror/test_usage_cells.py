"""The words about usage on allocations over a whole year of days on which nobody does anything."""

import re

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
        assert set(writes) <= {"Airtable totals", "Airtable seal", "Airtable rows"}
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
