"""Last lines in any words: the issue is known by its key, and lines nobody touched are told from those somebody did."""

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mappings.richtext.description import USUAL_LINES, OwnLines, describe
from mappings.richtext.keys import read_key
from mappings.richtext.readback import carries_note, is_reworded, same_text, source_url
from sync.model.wording import trouble_with
from tests.mappings.test_richtext_rules import ALL_HABITS, MARKDOWN, Habits, as_plain_notes, give_back, violations

URL = "https://github.com/acme/hub/issues/12"
REFERENCE = "acme/hub#12"
AROUND = st.text("aé ß&<>\"'*_[]()/#.:-–—@!\U0001f469 \u0301", max_size=30)
WORDS = st.tuples(AROUND, AROUND).map("{issue}".join).filter(lambda text: not trouble_with("source_line", text.strip()))
NOTE = "Ask <first> & then again."


def described(body: str, own: OwnLines, *extra: str) -> str:
    return describe(body, url=URL, reference=REFERENCE, extra=extra, own=own).html


@given(MARKDOWN, ALL_HABITS, WORDS, st.booleans())
@example("", Habits(), "({issue})", True)
@example("x", Habits(), "acme/{issue}/hub#13", False)
@settings(max_examples=300, deadline=None)
def test_a_description_is_known_whatever_its_last_line_says(body: str, habits: Habits, words: str, noted: bool) -> None:
    own = OwnLines(words.strip(), noted=noted)
    extra = (NOTE,) if noted else ()
    description = describe(body, url=URL, reference=REFERENCE, extra=extra, own=own)
    assert violations(description.html) == []
    read = give_back(description.html, habits)
    assert same_text(read, description)
    assert source_url(read) == source_url(as_plain_notes(description.plain)) == URL
    assert carries_note(read, "other words by now") == noted
    key = read_key(read)
    assert own.is_keyed == (key is not None)
    assert key is None or key.intact


@given(MARKDOWN, MARKDOWN, ALL_HABITS, WORDS, WORDS)
@settings(max_examples=200, deadline=None)
def test_another_last_line_is_nobodys_edit_and_another_body_is_one(
    body: str, other: str, habits: Habits, words: str, again: str
) -> None:
    first, second = OwnLines(words.strip()), OwnLines(again.strip())
    assume(first.is_keyed)
    read = give_back(described(body, first), habits)
    assert is_reworded(read, described(body, second))
    bodies = [describe(one, url=URL, reference=REFERENCE, own=first) for one in (body, other)]
    if not same_text(bodies[0].html, bodies[1]):
        assert not is_reworded(read, described(other, second))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Before ", "Before, says Ana, "),
        (" after.", " after. Really?"),
        (f"{NOTE}".replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"), ""),
        (">acme/hub#12<", ">acme/hub#12</a> or <a href='https://x.org'>that<"),
    ],
)
def test_words_that_somebody_touched_are_that_persons(old: str, new: str) -> None:
    html = described("A body.", OwnLines("Before {issue} after.", noted=True), NOTE)
    edited = html.replace(old, new)
    assert edited != html
    assert source_url(edited) == URL
    assert not is_reworded(edited, described("A body.", USUAL_LINES))
    assert not carries_note(edited, "other words by now")


def line(words: str = "Before {issue} after.") -> str:
    return described("", OwnLines(words)).removeprefix("<body>").removesuffix("</body>")


@pytest.mark.parametrize(
    "html",
    [
        f"<body><blockquote>{line()}</blockquote></body>",
        f"<body><ul><li>{line()}</li></ul></body>",
        f"<body>{line()}<hr/>and more</body>",
        f"<body>{line()}{' and so on' * 40}</body>",
        f"<body>{line().replace('hub#12', 'hub#13')}</body>",
        f"<body>{line().replace('issues/12#', 'issues/13#')}</body>",
        f"<body>{line().replace('>acme/hub#12<', '>this<')}</body>",
        f"<body>{line().replace('#csh-sync-', '#csh-')}</body>",
        f"<body>{line().replace('#csh-sync-', '#csh-sync-x')}</body>",
        f"<body><code>{line()}</body>",
    ],
)
def test_a_line_elsewhere_or_of_another_issue_is_not_ours(html: str) -> None:
    assert source_url(f"<body>{line()}</body>") == URL
    assert source_url(html) is None
