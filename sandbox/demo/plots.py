"""Issues with which something happens in the fortnight: how they stand before it."""

from __future__ import annotations

from datetime import date

from sandbox.demo.drafts import DONE, GOING, NEXT, IssueDraft
from sandbox.demo.people import AMARA, KENJI, MATEO, NOURA, PRIYA, SIOBHAN


def plots() -> tuple[IssueDraft, ...]:
    """Return the issues the fortnight will look for by their keys."""
    return (*_endings(), *_hours_and_places())


def _endings() -> tuple[IssueDraft, ...]:
    return (
        IssueDraft(
            "finish", "docs", "[Sahel Weather Watch] Page about dust forecasts", date(2026, 9, 8),
            "Two examples are enough.", assignees=AMARA, hours=1.5, board=GOING,
        ),
        IssueDraft(
            "again", "data-access", "[Mekong Rice Models] Yield tables of last year", date(2026, 8, 24),
            "Import them once.", assignees=PRIYA, closed=date(2026, 9, 1), hours=1, board=DONE,
        ),
        IssueDraft(
            "drop", "infrastructure", "[Universidade das Marés] Second region for the hub", date(2026, 9, 4),
            "An idea from the last call.", assignees=PRIYA, board=NEXT,
        ),
        IssueDraft(
            "drop with time", "hub-images", "[Kilimanjaro Genomics Forum] Try the new assembler", date(2026, 9, 7),
            "Perhaps.", assignees=KENJI, board=NEXT,
        ),
        IssueDraft(
            "twin", "support", "[Great Lakes Phenology] Background map is missing", date(2026, 9, 14),
            "Since the last image.", assignees=KENJI, board=NEXT,
        ),
        IssueDraft(
            "label off", "outreach", "[São Vicente Marine Station] Poster for the harbour", date(2026, 9, 10),
            "Not ours after all?", assignees=MATEO, board=NEXT,
        ),
        IssueDraft(
            "label off with hours", "docs", "[Prism] List of lenses", date(2026, 9, 3), "One page.", assignees=KENJI,
            closed=date(2026, 9, 9), hours=0.5, board=DONE,
        ),
        IssueDraft(
            "label on", "training", "Sahel Weather Watch: Evening about weather apps", date(2026, 9, 9),
            "Planned by them, helped by us.", labels=(), assignees=AMARA, board=NEXT,
        ),
    )  # fmt: skip


def _hours_and_places() -> tuple[IssueDraft, ...]:
    return (
        IssueDraft(
            "more", "data-access", "[Andean Glacier Network] Ice thickness as a map service", date(2026, 9, 4),
            "Larger than it looks.", assignees=MATEO, hours=0.75, board=GOING,
        ),
        IssueDraft(
            "less", "infrastructure", "[Baltic Sea Observatory] Nightly copies of the buoy data", date(2026, 8, 27),
            "Time was typed in minutes first.", assignees=SIOBHAN, hours=3, board=GOING,
        ),
        IssueDraft(
            "new child", "training", "[Pacific Drifters] Workshop on trajectories", date(2026, 9, 8),
            "Two afternoons.", assignees=NOURA, hours=0.5, board=GOING,
        ),
        IssueDraft(
            "old parent", "docs", "[Aotearoa Soils] Guide for new regions", date(2026, 8, 31), "Three pages.",
            assignees=NOURA, hours=0.5, board=GOING,
        ),
        IssueDraft(
            "stray", "docs", "Glossary of soil names", date(2026, 9, 2), "In two languages.", labels=(),
            parent="old parent", assignees=NOURA, hours=0.25, board=GOING,
        ),
        IssueDraft(
            "new parent", "docs", "[Aotearoa Soils] Words in Māori and English", date(2026, 9, 7), "With their help.",
            author="hina-tamahori", assignees=NOURA, board=NEXT,
        ),
        IssueDraft(
            "typed over", "docs", "[Levant Heritage Mapping] Legend of the survey map", date(2026, 9, 9),
            "Colours that everybody can tell apart.", assignees=NOURA, board=NEXT,
        ),
        IssueDraft(
            "other project", "data-access", "Rainfall of the last ten days", date(2026, 9, 3),
            "On one page, updated every morning.", assignees=AMARA, hours=1,
            board={**GOING, "Allocation": "ODA 2026 Q3"},
        ),
        IssueDraft(
            "new title", "infrastructure", "[Pacific Drifters] Disk", date(2026, 9, 11), "The scratch disk is full.",
            assignees=NOURA, board=NEXT,
        ),
    )  # fmt: skip
