"""Long, deep and odd bodies: always within the limit, always quick, never cut in the middle of a sign."""

import sys
from types import FrameType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mappings.richtext.composer import Composer
from mappings.richtext.cutting import clip
from mappings.richtext.description import DEFAULT_LIMIT, Description, describe, source_line
from mappings.richtext.links import Links
from mappings.richtext.markdown import read_markdown
from mappings.richtext.readback import same_text, source_url
from tests.mappings.test_richtext_rules import MARKDOWN, as_plain_notes, violations

URL = "https://github.com/acme/hub/issues/12"
REFERENCE = "acme/hub#12"
LINE = source_line(URL, REFERENCE)
REST = f'… Cut here because it is too long: <a href="{URL}">read the rest on GitHub</a>.'
MOST_STEPS = 12_000_000
"""Function calls for one body: half as many again as the worst of these takes."""
FAMILY = "👩\u200d👩\u200d👧"

PATHOLOGICAL = {
    "20,000 quotes": ">" * 20_000,
    "quotes thirty deep": ("> " * 30 + "a\n") * 1000,
    "50,000 brackets": "[" * 50_000,
    "brackets of pictures": "![" * 32_000,
    "half links": "[a](" * 16_000,
    "300 nested lists": "".join("  " * level + "- x\n" for level in range(300)),
    "300 lists in a line": "- " * 300 + "x",
    "a table 3,000 wide": "|" + "a|" * 3000 + "\n|" + "-|" * 3000 + "\n" + "|x|\n" * 100,
    "a table 15,000 long": "|a|b|\n|-|-|\n" + "|x|\n" * 15_000,
    "65,536 emoji": "😀" * 65_536,
    "flags": "🇩🇪" * 32_000,
    "families": FAMILY * 13_000,
    "combining marks": "a" + "\u0301\u0323" * 32_000,
    "stars": "*a " * 20_000,
    "stars and bars": "**a _b " * 9000,
    "back-ticks": "".join("`" * length + "a" for length in range(1, 350)),
    "open tags": '<a "' * 16_000,
    "open comments": "<!--" * 16_000,
    "open brackets of HTML": "<" * 65_536,
    "lists of HTML": "<ul><li>" * 8000,
    "quotes of HTML": "<blockquote>" * 5000 + "x",
    "cells of HTML": "<table><tr>" + "<td>x" * 12_000,
    "styles of HTML": "<b><i>" * 10_000 + "x",
    "entities": "&amp;" * 13_000,
    "addresses": "http://" * 9000,
    "an address with brackets": "https://a" + ")" * 60_000,
    "w": "w" * 65_536,
    "footnotes": "[^a]: " * 9000,
    "many footnotes": "".join(f"[^{number}]: x\n\n" for number in range(6000)),
    "newlines": "a\n" * 32_000,
    "blanks": " " * 65_536,
    "262,144 letters": "x" * 262_144,
}


def described(body: str, limit: int = DEFAULT_LIMIT, extra: tuple[str, ...] = ()) -> Description:
    return describe(body, url=URL, reference=REFERENCE, extra=extra, limit=limit)


def assert_sound(description: Description, limit: int = DEFAULT_LIMIT) -> None:
    assert violations(description.html) == []
    assert len(description.html.encode()) <= limit
    assert len(description.plain.encode()) <= limit
    assert source_url(description.html) == URL
    assert (REST in description.html) == description.cut
    assert same_text(as_plain_notes(description.plain), description)


@pytest.mark.parametrize("body", PATHOLOGICAL.values(), ids=PATHOLOGICAL)
def test_pathological_bodies_take_a_bounded_number_of_steps(body: str) -> None:
    steps = 0

    def note(_frame: FrameType | None, event: str, _argument: object) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        description = described(body)
        unchanged = same_text(description.html, description)
    finally:
        sys.setprofile(None)
    assert unchanged
    assert steps < MOST_STEPS
    assert_sound(description)


@example("*it*<b><hr><!--&\n> > <&\x1f\x1f", 930, 8)
@example("- ```\n" + "  a\n" * 500 + "  ```", 1500, 1)
@given(MARKDOWN, st.integers(min_value=700, max_value=1500), st.integers(min_value=1, max_value=8))
@settings(max_examples=250, deadline=None)
def test_any_limit_is_kept(body: str, limit: int, times: int) -> None:
    assert_sound(described(body * times, limit), limit)


@pytest.mark.parametrize("opening", ["- ", "> ", "1. ", "<ul><li>", "<blockquote>", "<table><tr><td>", "[", "**_"])
@pytest.mark.parametrize("depth", [3, 9, 21, 45, 90])
def test_words_are_never_lost_in_the_depth(opening: str, depth: int) -> None:
    description = described(opening * depth + "heart")
    assert_sound(description)
    assert "heart" in description.html
    assert "heart" in description.plain


def test_reading_stops_once_more_was_read_than_fits() -> None:
    composer = Composer(Links(URL))
    assert not read_markdown("a b c\n\n" * 20_000, composer, 1000)
    assert 1000 < composer.weight < 1100


def test_what_fits_is_not_cut() -> None:
    description = described("a" * 50_000)
    assert not description.cut
    assert "a" * 50_000 in description.html


def test_the_limit_counts_bytes_of_the_xml() -> None:
    assert described("&" * 13_000).cut
    assert described("é" * 35_000).cut
    assert not described("é" * 25_000).cut
    assert DEFAULT_LIMIT < 65_535


def test_the_cut_falls_between_blocks() -> None:
    description = described("\n\n".join(f"Paragraph {number} with some words" for number in range(200)), limit=3000)
    kept = description.html.removeprefix("<body>").partition(f"\n\n{REST}\n<hr />\n{LINE.html}</body>")[0].split("\n\n")
    assert kept == [f"Paragraph {number} with some words" for number in range(len(kept))]
    assert len(kept) > 60


def test_the_cut_falls_between_items_and_rows() -> None:
    items = described("".join(f"- item {number}\n" for number in range(500)), limit=3000).html
    assert "</li></ul>\n… Cut" in items
    assert items.count("<li>") > 100
    rows = described("|a|b|\n|-|-|\n" + "".join(f"|cell {number}|x|\n" for number in range(500)), limit=3000).html
    assert "</td></tr></table>\n… Cut" in rows
    assert rows.count("<tr>") > 50


def test_a_first_block_that_is_too_long_is_cut_between_words() -> None:
    html = described("word " * 5000, limit=3000).html
    assert f"word word\n\n{REST}" in html
    assert html.count("word") > 500


def test_long_code_is_cut_and_stays_code() -> None:
    html = described("```\n" + "line of code\n" * 5000 + "```", limit=3000).html
    assert html.startswith("<body><pre>line of code\n")
    assert f"</pre>\n{REST}" in html


def test_a_long_block_inside_a_list_inside_a_quote_is_cut() -> None:
    html = described("> - " + "word " * 5000, limit=3000).html
    assert html.startswith("<body><blockquote><ul><li>word word")
    assert "word</li></ul></blockquote>\n… Cut" in html


@pytest.mark.parametrize(
    "sign", ["😀", FAMILY, "🇩🇪", "e\u0301\u0323", "👍🏽", "1\ufe0f\u20e3", "🏴\U000e0067\U000e0062\U000e007f"]
)
@pytest.mark.parametrize("limit", range(1000, 1012))
def test_no_sign_is_cut_in_two(sign: str, limit: int) -> None:
    description = described(sign * 1000, limit)
    assert description.cut
    shown = description.html.removeprefix("<body>").partition("\n\n… Cut")[0]
    assert shown == sign * (len(shown) // len(sign))
    plain = description.plain.partition("\n\n… Cut")[0]
    assert plain == sign * (len(plain) // len(sign))


@pytest.mark.parametrize("room", range(25))
def test_plain_text_is_cut_at_a_line_or_between_signs(room: int) -> None:
    kept = clip(f"one\ntwo {FAMILY}", room)
    assert len(kept.encode()) <= room
    assert kept in ("", "o", "on", "one", "one\nt", "one\ntw", "one\ntwo")
    assert clip("abc", 3) == "abc"
    assert clip("abc\ndef\nghijkl", 10) == "abc\ndef"


def test_plain_text_that_is_longer_than_the_rich_text_is_cut_too() -> None:
    description = described("> a\n" * 500, limit=1500)
    assert not description.cut
    assert_sound(description, 1500)
    assert "> a\n\n… Cut here because it is too long: read the rest on GitHub" in description.plain


def test_the_source_beyond_what_github_allows_is_cut() -> None:
    description = described("<!-- " + "x" * 70_000 + " -->\n\nthe end")
    assert description.cut
    assert "the end" not in description.html


def test_extra_lines_stand_before_the_last_line() -> None:
    description = described("a", extra=("Also assigned: Ana, Bo", " Path:\n<x> ", "", "@you\u202e"))
    ending = f"Also assigned: Ana, Bo\nPath: &lt;x&gt;\n@you\n{LINE.html}</body>"
    assert description.html == f"<body>a\n<hr />\n{ending}"
    assert description.plain == f"a\n\n———\n\nAlso assigned: Ana, Bo\nPath: <x>\n@you\n{LINE.plain}"


def test_extra_lines_give_way_before_the_last_line_does() -> None:
    description = described("a " * 3000, limit=2000, extra=("x" * 5000, *("y" * 290 for _ in range(50))))
    assert_sound(description, 2000)
    assert "x" * 300 + "…" in description.html
    assert 0 < description.html.count("y" * 290) < 3


def test_a_body_without_content_is_the_last_line() -> None:
    assert described("<!-- nothing -->", extra=("One",)).html == f"<body>One\n{LINE.html}</body>"


def test_an_address_that_is_none_is_left_out() -> None:
    description = describe("[a](b)", url="not an address", reference="acme/hub#12")
    assert violations(description.html) == []
    assert "<a" not in description.html
