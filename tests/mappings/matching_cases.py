"""The shared cases, our own, and how they are put to the rules."""

import json
from pathlib import Path
from typing import Any

from mappings.matching.deciding import match
from mappings.matching.table import CommunityTable
from mappings.matching.values import IssueText, Match
from sync.model.contract import Community
from sync.model.ticket import Company

DATA = Path(__file__).parents[1] / "data"
HOST = "example.freshdesk.com"


def communities() -> list[Community]:
    entries = json.loads((DATA / "communities.json").read_text(encoding="utf-8"))["communities"]
    return [
        Community(f"rec{place:02}", entry["name"], tuple(entry["aliases"]), str(entry["freshdesk_company"]))
        for place, entry in enumerate(entries)
    ]


COMMUNITIES = communities()
TABLE = CommunityTable(COMMUNITIES)


def cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def matched(case: dict[str, Any], table: CommunityTable = TABLE) -> Match:
    text = IssueText(case["title"], case["body"], tuple(case["labels"]), case["board"].get("Community", ""))
    answers = {number: Company(str(company)) for number, company in case["freshdesk"].items()}
    return match(text, table, answers, HOST)


def found(title: str = "", body: str = "", **about: Any) -> Match:
    """Return the match of an issue that is written here in a line."""
    return match(IssueText(title, body, **about), TABLE, {}, HOST)


def named(match: Match) -> str | None:
    """Return the name of the community that was found."""
    return None if match.community_id is None else TABLE.name(match.community_id)


def candidates(match: Match) -> list[str]:
    return [TABLE.name(candidate.community_id) for candidate in match.candidates]


def conflict(match: Match) -> list[str]:
    return [TABLE.name(one) for one in match.conflict]
