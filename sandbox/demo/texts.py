"""Issues whose texts are hard to carry into Asana."""

from __future__ import annotations

from datetime import date

from sandbox.demo import bodies
from sandbox.demo.drafts import CSH, DONE, GOING, IssueDraft
from sandbox.demo.people import EWA, KENJI, MATEO, NOURA, PRIYA, SIOBHAN
from sandbox.demo.tickets import Tickets


def hard_texts(tickets: Tickets) -> tuple[IssueDraft, ...]:
    """Return one issue for each kind of text."""
    return (
        IssueDraft(
            "tables", "infrastructure", "[Andean Glacier Network] Compare what storage costs", date(2026, 8, 3),
            bodies.TABLES, assignees=MATEO, closed=date(2026, 8, 12), hours=1.5, board={**DONE, "Estimate": 2},
        ),
        IssueDraft(
            "diagram", "infrastructure", "[Support] Kilimanjaro Genomics Forum - Servers time out in the morning",
            date(2026, 7, 20), bodies.MERMAID, assignees=("kenji-watanabe", "leilani-kahale"),
            labels=(*CSH, "Emergency", "Unplanned"), closed=date(2026, 7, 21), hours=1.5, board={**DONE, "Estimate": 3},
        ),
        IssueDraft(
            "raw html", "docs", "Mekong Rice Models: New welcome page", date(2026, 9, 7), bodies.RAW_HTML,
            assignees=PRIYA, hours=1.25, board={**GOING, "Estimate": 2},
        ),
        IssueDraft(
            "details", "support", "[Support] Server does not start after the upgrade", date(2026, 8, 24),
            bodies.ticket(tickets.new("PacDrift"), bodies.DETAILS), assignees=NOURA, closed=date(2026, 8, 25),
            hours=0.75, board=DONE,
        ),
        IssueDraft(
            "images", "hub-images", "[Great Lakes Phenology] Map stays empty in the new image", date(2026, 9, 1),
            bodies.IMAGES, assignees=("kenji-watanabe", "minhtuan-nguyen"), hours=1, board={**GOING, "Estimate": 3},
        ),
        IssueDraft(
            "mentions", "training", "Office hours of the evening courses", date(2026, 8, 31), bodies.MENTIONS,
            author="fdiallo-dakar", assignees=("amara-okafor", "fdiallo-dakar"),
            labels=(*CSH, "community: Café Scientifique Dakar"), closed=date(2026, 9, 4), hours=1, board=DONE,
        ),
        IssueDraft(
            "footnotes", "enablement", "Explain how quotas are counted", date(2026, 8, 10), bodies.FOOTNOTES,
            assignees=MATEO, closed=date(2026, 8, 14), hours=0.5, board={**DONE, "Allocation": "IMM 2026 Q3"},
        ),
        IssueDraft(
            "alerts", "docs", "BSO Summer School – What happens to files after the course", date(2026, 8, 21),
            bodies.ALERTS, assignees=SIOBHAN, closed=date(2026, 8, 28), hours=0.5, board=DONE,
        ),
        IssueDraft(
            "emoji", "outreach", "[Quechua Speech Archive] 🎉 Report of the winter course", date(2026, 7, 27),
            bodies.EMOJI, author="rimay-killa", assignees=("mateo-quispe", "rimay-killa"), closed=date(2026, 7, 31),
            hours=2, board=DONE,
        ),
        IssueDraft(
            "right to left", "enablement", "[Levant Heritage Mapping] اجتماع حول الخريطة الجديدة", date(2026, 9, 8),
            bodies.RIGHT_TO_LEFT, assignees=NOURA, closed=date(2026, 9, 10), hours=2, board=DONE,
        ),
        IssueDraft(
            "nested", "docs", "[Ålesund Ocean Lab] Carry the old wiki over", date(2026, 7, 6), bodies.NESTED,
            assignees=EWA, closed=date(2026, 7, 17), hours=1.25, board=DONE,
        ),
        IssueDraft(
            "long", "data-access", "Aotearoa Soils: Nightly job fails, with the complete log", date(2026, 9, 14),
            bodies.long_log(), author="hina-tamahori", assignees=NOURA, board={"Status": "Up next", "Estimate": 3},
        ),
        IssueDraft(
            "looks like code", "data-access",
            '[Tamil Corpus] <script>alert("1")</script> & \'quotes\' in file names — தமிழ்', date(2026, 8, 17),
            bodies.LOOKS_LIKE_CODE, assignees=PRIYA, closed=date(2026, 8, 20), hours=0.75, board=DONE,
        ),
        IssueDraft(
            "no text", "support", "TamilCorpus: Reset a password", date(2026, 8, 26), None, assignees=PRIYA,
            closed=date(2026, 8, 26), hours=0.25, board=DONE,
        ),
        IssueDraft(
            "only blanks", "support", "[Prism] Short call about quotas", date(2026, 8, 27), "  \n\n\t\n",
            assignees=KENJI, closed=date(2026, 8, 28), hours=0.25, board=DONE,
        ),
    )  # fmt: skip
