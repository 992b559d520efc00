"""Long bodies and many aliases take time in proportion; hostile ones too (faults L04 and I13)."""

import random
import sys

import pytest

from mappings.matching.deciding import match
from mappings.matching.table import CommunityTable
from mappings.matching.values import IssueText
from sync.model.contract import Community
from tests.mappings.matching_cases import TABLE

CHANCE = random.Random(7)
WORDS = ["".join(CHANCE.choices("abcdefghijklmnoprstu", k=CHANCE.randint(3, 9))) for _ in range(800)]
FULL = 65_536


def phrase(most):
    return " ".join(CHANCE.choices(WORDS, k=CHANCE.randint(1, most))).title()


MANY = [Community(f"r{number}", phrase(4), tuple(phrase(3) for _ in range(4))) for number in range(100)]
ALIASES = [name for community in MANY for name in (community.name, *community.aliases)]


def prose(length):
    """Return text of common words with a name now and then."""
    chance = random.Random(length)
    parts: list[str] = []
    size = 0
    while size < length:
        parts.append(chance.choice(ALIASES) if chance.random() < 0.05 else chance.choice(WORDS))
        parts.append(chance.choice([" ", " ", " ", ", ", ". ", "\n", "\n\n"]))
        size += len(parts[-1]) + len(parts[-2])
    return "".join(parts)[:length]


def steps(body, table):
    """Return how many functions are called to match *body*."""
    count = 0

    def note(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        match(IssueText("Quotas", body), table, {}, "example.freshdesk.com")
    finally:
        sys.setprofile(None)
    return count


def test_a_full_body_against_five_hundred_aliases_takes_less_than_thirty_steps_a_character():
    assert len(ALIASES) == 500
    assert steps(prose(FULL), CommunityTable(MANY)) < 30 * FULL


@pytest.mark.parametrize("text", [prose, lambda length: (ALIASES[0] + "-")[:9] * (length // 9)], ids=["prose", "names"])
def test_twice_the_text_takes_twice_the_steps(text):
    table = CommunityTable(MANY)
    small, large = steps(text(8_000), table), steps(text(16_000), table)
    assert large < 2.6 * small


def test_ten_times_the_aliases_hardly_take_more_steps():
    few, many = CommunityTable(MANY[:10]), CommunityTable(MANY)
    assert steps(prose(8_000), many) < 2 * steps(prose(8_000), few)


HOSTILE = {
    "brackets": "[" * FULL,
    "pictures": "![" * (FULL // 2),
    "links": "[](" * (FULL // 3),
    "quotes": ">" * FULL,
    "quoted": "> " * (FULL // 2),
    "bullets": "- " * (FULL // 2),
    "lists": "\n".join("  " * depth + "- Reef Watch" for depth in range(300)),
    "stars": "*_" * (FULL // 2),
    "ticks": "".join("`" * (count % 90 + 1) + "a" for count in range(1400)),
    "tags": "<div>" + "<" * FULL + ">",
    "open tags": "<a href='" * (FULL // 9),
    "comments": "<!--" * (FULL // 4),
    "entities": "&amp;" * (FULL // 5),
    "marks": "a" + "\u05b0\u0591" * (FULL // 2),
    "accents": "a" + "\u0301" * FULL,
    "table": "|" + "a|" * 3000 + "\n|" + "-|" * 3000 + "\n" + ("|" + "a|" * 3000 + "\n") * 8,
    "lines": "a\n" * (FULL // 2),
    "slashes": "/" * FULL,
    "dots": "a." * (FULL // 2),
    "at signs": "@a" * (FULL // 2),
    "one word": "a" * FULL,
    "names": "Reef Watch/" * (FULL // 11),
    "nearly names": "Reef Watch Pacifik " * (FULL // 19),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_body_takes_a_bounded_number_of_steps(body):
    assert steps(body, TABLE) < 9_000_000


def test_names_in_a_body_too_deep_to_read_decide_nothing_and_are_suggested():
    found = match(IssueText("x", HOSTILE["lists"]), TABLE, {}, "example.freshdesk.com")
    assert found.community_id is None
    assert [candidate.community_id for candidate in found.candidates] == ["rec00"]


def test_nothing_decides_in_a_body_longer_than_any_that_is_real():
    found = match(IssueText("x", "for OSN " + "a " * 200_000), TABLE, {}, "example.freshdesk.com")
    assert (found.community_id, len(found.candidates)) == (None, 1)
