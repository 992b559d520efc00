"""Issues whose names mislead, contradict each other, or are missing."""

from __future__ import annotations

from datetime import date

from sandbox.demo import bodies
from sandbox.demo.communities import community
from sandbox.demo.drafts import DONE, GOING, IssueDraft
from sandbox.demo.people import AMARA, EWA, KENJI, LEILANI, MATEO, NOURA, PRIYA, SIOBHAN
from sandbox.demo.tickets import Tickets


def misleading_names(tickets: Tickets) -> tuple[IssueDraft, ...]:
    """Return them; the last eight, and what lies in a gap, wait for a person."""
    same = tickets.new("AotearoaSoils"), tickets.new("AotearoaSoils")
    unlike = bodies.ticket(tickets.new("SVMS"), "Our shared folder is full.")
    contact = community("NBHS").contacts[0].name
    return (
        IssueDraft(
            "board beats title", "training", "[Baltic Sea Observatory] Certificates for participants",
            date(2026, 8, 26), "For those who came to all days.", assignees=SIOBHAN, closed=date(2026, 9, 2),
            hours=0.5, board={**DONE, "Community": "Baltic Sea Observatory Summer School"},
        ),
        IssueDraft(
            "ticket beats title", "support", "[Support] Pacific Drifters - Quota of the shared folder",
            date(2026, 8, 18), unlike, assignees=MATEO, closed=date(2026, 8, 19), hours=0.5, board=DONE,
        ),
        IssueDraft(
            "two tickets", "support", "[Support] Two reports, one cause", date(2026, 8, 5),
            f"{same[0]} and {same[1]}", assignees=NOURA, closed=date(2026, 8, 6), hours=1, board=DONE,
        ),
        IssueDraft(
            "without accents", "docs", "[Hokkaido Snow Lab] Page about snow depth", date(2026, 3, 9), "Short.",
            assignees=KENJI, closed=date(2026, 3, 20), hours=1, board=DONE,
        ),
        IssueDraft(
            "as html", "enablement", "Meeting with the Institute for Maths &amp; Music", date(2026, 9, 1),
            "Copied from a mail.", assignees=MATEO, closed=date(2026, 9, 3), hours=1,
            board={**DONE, "Allocation": "IMM curriculum 2026 Q3"},
        ),
        IssueDraft(
            "another script", "data-access", "Search in two spellings", date(2026, 7, 13),
            "Wished for by தமிழ் கார்பஸ் in July.", assignees=PRIYA, closed=date(2026, 7, 16), hours=0.5, board=DONE,
        ),
        IssueDraft(
            "form with alias", "enablement", "Room for a second course", date(2026, 8, 12),
            bodies.form("Nile School", contact, "A second course in October."), assignees=NOURA,
            closed=date(2026, 8, 13), hours=0.5, board=DONE,
        ),
        # From here on nobody can tell whose it is, or which allocation pays.
        IssueDraft(
            "two communities", "support", "Same question about quotas, twice", date(2026, 9, 9),
            "Both SVMS and KiliGen asked how quotas are counted.", assignees=MATEO, hours=0.5, board=GOING,
        ),
        IssueDraft(
            "misspelled", "hub-images", "Kilimanjaro Genomic Forum image", date(2026, 9, 10), "Add two packages.",
            assignees=KENJI, hours=0.75, board=GOING,
        ),
        IssueDraft(
            "nobody named", "infrastructure", "Tidy up the old dashboards", date(2026, 9, 3), assignees=LEILANI,
            closed=date(2026, 9, 11), hours=1.5, board=DONE,
        ),
        IssueDraft(
            "common word", "docs", "Draw the prism in the gallery again", date(2026, 8, 20),
            "The light leaves the prism on the wrong side.", assignees=EWA, closed=date(2026, 8, 21), hours=0.5,
            board=DONE,
        ),
        IssueDraft(
            "unanswered form", "enablement", "Help with a grant text", date(2026, 9, 11),
            bodies.form("_No response_", "_No response_", "Two paragraphs about our hub."), assignees=AMARA,
            board={"Status": "Needs refinement"},
        ),
        IssueDraft(
            "unknown ticket", "support", "[Support] Follow-up of the call", date(2026, 9, 8),
            bodies.ticket(tickets.address(9_999), "As promised."), assignees=AMARA, closed=date(2026, 9, 9),
            hours=0.25, board=DONE,
        ),
        IssueDraft(
            "after the end", "data-access", "[Hokkaidō Snow Lab] Sensor archive moves to another host",
            date(2026, 7, 30), "Their contract ended in June.", assignees=KENJI, closed=date(2026, 8, 5), hours=1.5,
            board=DONE,
        ),
        IssueDraft(
            "which project", "data-access", "[Okavango Data Alliance] Which gauges are public?", date(2026, 8, 17),
            "For the platform, or for the floods?", assignees=AMARA, closed=date(2026, 8, 19), hours=1, board=DONE,
        ),
    )  # fmt: skip
