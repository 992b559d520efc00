"""Issues that end, count or hang in a way of their own."""

from __future__ import annotations

from datetime import date

from sandbox.demo.drafts import DONE, GOING, IssueDraft
from sandbox.demo.people import AMARA, EWA, KENJI, LEILANI, MATEO, NOURA, PRIYA, SIOBHAN, TUAN


def oddities() -> tuple[IssueDraft, ...]:
    """Return all of them, parents before their children."""
    return (*_ways_to_end(), *_odd_hours(), *_summer_school())


def _ways_to_end() -> tuple[IssueDraft, ...]:
    """Reopened, not planned, a duplicate, between two allocations; and what only looks like an issue."""
    return (
        IssueDraft(
            "reopened", "hub-images", "[KGF] Reader for very large files", date(2026, 8, 11), "It came back.",
            assignees=KENJI, closed=date(2026, 8, 20), reopened=date(2026, 9, 2), hours=1.5,
            hours_on=date(2026, 8, 20), board={**GOING, "Estimate": 5},
        ),
        IssueDraft(
            "duplicate", "support", "[GLPheno] No tiles on the map", date(2026, 9, 2), "Empty map since yesterday.",
            assignees=KENJI, closed=date(2026, 9, 2), reason="duplicate", duplicate_of="images", board=DONE,
        ),
        IssueDraft(
            "not planned", "data-access", "[Carpathian Forest Census] Mirror of the laser scans", date(2026, 7, 8),
            "Too large for now.", assignees=SIOBHAN, closed=date(2026, 8, 4), reason="not_planned", hours=1.5,
            board=DONE,
        ),
        IssueDraft(
            "kept child", "docs", "Describe where the laser scans are", date(2026, 7, 9), "Useful all the same.",
            labels=(), parent="not planned", assignees=SIOBHAN, closed=date(2026, 8, 6), hours=1, board=DONE,
        ),
        IssueDraft(
            "in the gap", "data-access", "[Instituto Ñandú de Ecología] Upload from the field", date(2026, 5, 11),
            "There was no allocation in spring.", assignees=NOURA, closed=date(2026, 5, 20), hours=2, board=DONE,
        ),
        IssueDraft(
            "closed late", "docs", "Sahel Weather Watch – How to read the forecast", date(2026, 6, 8),
            "Done in June, closed in July.", assignees=AMARA, closed=date(2026, 7, 3), hours=2,
            hours_on=date(2026, 7, 3), board={**DONE, "Start date": date(2026, 6, 15), "End date": date(2026, 6, 26)},
        ),
        IssueDraft(
            "pull request", "hub-images", "[Mekong Rice Models] Add the crop model", date(2026, 8, 24),
            "Closes nothing by itself.", author="ewa-kowalczyk", assignees=EWA, closed=date(2026, 8, 28), reason=None,
            hours=2, board=DONE, pull_request=True,
        ),
        IssueDraft(
            "never labelled", "infrastructure", "Renew certificates of the registry", date(2026, 8, 3),
            "Our own work, for nobody in particular.", labels=(), assignees=LEILANI, closed=date(2026, 8, 4), hours=1,
            board=DONE,
        ),
    )  # fmt: skip


def _odd_hours() -> tuple[IssueDraft, ...]:
    """Hours that cannot be meant, cannot be known, or count for another day than one thinks."""
    return (
        IssueDraft(
            "year as hours", "training", "[Bengal Tides School] Rehearsal of the first lesson", date(2026, 9, 1),
            "Somebody typed the year.", assignees=PRIYA, closed=date(2026, 9, 4), hours=2026, board=DONE,
        ),
        IssueDraft(
            "not on board", "support", "Aotearoa Soils – Lost password of a guest", date(2026, 9, 9), assignees=NOURA,
            closed=date(2026, 9, 9), on_board=False,
        ),
        IssueDraft(
            "not on board either", "support", "[UMarés] Add a second administrator", date(2026, 9, 10),
            assignees=PRIYA, on_board=False,
        ),
        IssueDraft(
            "archived", "enablement", "[Ålesund Ocean Lab] Summary for the board of directors", date(2026, 7, 1),
            assignees=SIOBHAN, closed=date(2026, 7, 10), hours=1, board=DONE, archived=True,
        ),
        IssueDraft(
            "no time", "enablement", "[Andean Glacier Network] Call about the field season", date(2026, 9, 1),
            "Nobody wrote down how long it was.", assignees=MATEO, closed=date(2026, 9, 3), board=DONE,
        ),
        IssueDraft(
            "ends later", "training", "[Py@School] Material for the teachers' day", date(2026, 9, 7),
            "The day itself is on the 29th.", assignees=AMARA, hours=1.5,
            board={**GOING, "Start date": date(2026, 9, 14), "End date": date(2026, 9, 29), "Estimate": 5},
        ),
        IssueDraft(
            "a long day", "data-access", "[Quechua Speech Archive] Convert all recordings", date(2026, 5, 11),
            "Twelve hours, most of it waiting.", assignees=TUAN, closed=date(2026, 5, 22), hours=12, board=DONE,
        ),
    )  # fmt: skip


def _summer_school() -> tuple[IssueDraft, ...]:
    """A tree of three levels across five repositories, some of it labelled itself."""
    closed = date(2026, 7, 24)
    return (
        IssueDraft(
            "school", "training", "[Baltic Sea Observatory Summer School] Hub for 60 participants", date(2026, 6, 29),
            "- [x] rooms\n- [x] hub\n- [ ] report\n", assignees=SIOBHAN, hours=0.5, hours_on=date(2026, 7, 31),
            board={**GOING, "Estimate": 8},
        ),
        IssueDraft(
            "school servers", "infrastructure", "Servers for 60 people at once", date(2026, 7, 1), parent="school",
            labels=(), assignees=LEILANI, closed=closed, hours=1, board=DONE,
        ),
        IssueDraft(
            "school load", "infrastructure", "Load test with 60 fake people", date(2026, 7, 6),
            parent="school servers", labels=(), assignees=LEILANI, closed=closed, hours=0.5, board=DONE,
        ),
        IssueDraft(
            "school image", "hub-images", "Image of the course", date(2026, 7, 2), parent="school", assignees=TUAN,
            closed=closed, hours=0.75, board=DONE,
        ),
        IssueDraft(
            "school packages", "data-access", "Offline copy of the sea charts", date(2026, 7, 7),
            parent="school image", labels=(), assignees=EWA, closed=closed, hours=0.25, board=DONE,
        ),
        IssueDraft(
            "school docs", "docs", "Page for participants", date(2026, 7, 3), parent="school", labels=(),
            assignees=SIOBHAN, closed=closed, reason="not_planned", board=DONE,
        ),
        IssueDraft(
            "school report", "outreach", "Report with three pictures", date(2026, 8, 3), parent="school", labels=(),
            assignees=SIOBHAN, closed=date(2026, 8, 14), on_board=False,
        ),
    )  # fmt: skip
