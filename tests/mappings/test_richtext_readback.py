"""What was written is recognised when Asana gives it back, and what a person changed is noticed."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mappings.richtext.canonical import Edge, from_html, last_words
from mappings.richtext.description import Description, describe, source_line
from mappings.richtext.plain import as_html_notes, as_notes
from mappings.richtext.readback import people_added, same_text, source_url
from mappings.richtext.tags import Tag, tags_and_texts, tags_only
from sandbox.asana.richtext import Linked, Rules, read_html, read_plain
from tests.mappings.test_richtext_rules import ALL_HABITS, MARKDOWN, Habits, as_plain_notes, give_back, violations

URL = "https://github.com/acme/hub/issues/12"
REFERENCE = "acme/hub#12"
OTHER = source_line("https://github.com/acme/other/issues/9", "acme/other#9")
RICH = (
    "# Head\n\nSome **bold** and *slanted* text, a [link](https://x.org/a) and https://x.org/b.\nNext line\n\n"
    "- one\n- two\n  - deep `code`\n\n> quoted\n\n```\npre  text\n```\n\n|a|b|\n|-|-|\n|c|d|\n\n---\n\n"
    '[task](https://app.asana.com/0/11/22) it\'s "quoted" & done'
)


def described(body: str) -> Description:
    return describe(body, url=URL, reference=REFERENCE)


@given(MARKDOWN)
@example("***" * 3 + "a** b*\n***")
@example("#### `a`**`b`**")
@example("<b>\u2005</b>x")
@example("[![a](b)](c)[](https://x.org)<a href=https://y.org><a href=https://z.org>x</a>y</a>")
@settings(max_examples=400, deadline=None)
def test_every_description_is_valid_and_in_normal_form(body: str) -> None:
    description = described(body)
    assert violations(description.html) == []
    assert description == described(body)
    assert not description.cut


@given(MARKDOWN, ALL_HABITS)
@example("> a\n\n> b", Habits(newlines=True))
@settings(max_examples=400, deadline=None)
def test_what_asana_gives_back_is_the_same_text(body: str, habits: Habits) -> None:
    description = described(body)
    read = give_back(description.html, habits)
    assert same_text(read, description), read
    assert source_url(read) == URL


@given(MARKDOWN)
@example("a <\u0338 b **c**\u0338 d")
@example("http://https://app.asana.com/0/1/33")
@example("http://👩\u200d👧")
@settings(max_examples=300, deadline=None)
def test_a_description_that_had_to_be_sent_as_plain_text_is_the_same_text(body: str) -> None:
    description = described(body)
    read = as_plain_notes(description.plain)
    assert same_text(read, description), read
    assert source_url(read) == URL


@given(MARKDOWN, ALL_HABITS)
@settings(max_examples=200, deadline=None)
def test_a_former_description_keeps_its_words_and_its_issue_as_plain_text(body: str, habits: Habits) -> None:
    notes = as_notes(give_back(described(body).html, habits))
    assert source_url(as_html_notes(notes)) == URL
    assert source_url(as_plain_notes(notes)) == URL
    shown = {word for one in tags_and_texts(described(body).html) if isinstance(one, str) for word in one.split()}
    assert [word for word in shown if word not in notes] == []


@given(MARKDOWN, st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_asana_of_the_sandbox_takes_it_and_gives_the_same_text(body: str, seen: bool) -> None:
    linked = Linked("33", "task", "Its own name", "https://app.asana.com/0/0/33/f")
    rules = Rules(find=lambda gid: linked if seen and gid == "33" else None, is_attachment=lambda gid: False)
    description = described(body)
    for stored in (read_html(description.html, rules), read_plain(description.plain)):
        assert same_text(stored.html, description), stored.html
        assert source_url(stored.html) == URL


@given(MARKDOWN, st.data())
@settings(max_examples=300, deadline=None)
def test_a_changed_word_is_noticed(body: str, data: st.DataObject) -> None:
    html = described(body).html
    words = [
        match for match in re.finditer(r"(?<![&<\w/:.])[A-Za-z]{2,}(?![\w;=:.]|[^<]*>)", html) if _ours(html, match)
    ]
    assume(words)
    word = data.draw(st.sampled_from(words))
    replacement = data.draw(st.sampled_from(["", "zzz", word.group() + "s", word.group()[:-1]]))
    edited = html[: word.start()] + replacement + html[word.end() :]
    assert not same_text(edited, described(body)), edited


def _ours(html: str, word: re.Match[str]) -> bool:
    """Leave out words that Asana may choose itself, those inside its own addresses."""
    around = html[max(0, word.start() - 60) : word.end() + 60]
    return "app.asana.com" not in around


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<strong>bold</strong>", "bold"),
        ("<strong>bold</strong>", "<em>bold</em>"),
        ("Some", "<u>Some</u>"),
        ('href="https://x.org/a"', 'href="https://x.org/c"'),
        ('href="https://x.org/b"', 'href="https://x.org/c"'),
        ('<a href="https://x.org/a">link</a>', "link"),
        ("/0/11/22", "/0/11/23"),
        (">task</a>", ">chore</a>"),
        ("<h1>Head</h1>", "<h2>Head</h2>"),
        ("<h1>Head</h1>", "Head"),
        ("<li>one</li>", ""),
        ("<li>one</li><li>two", "<li>two</li><li>one"),
        ("<ul><li>deep <code>code</code></li></ul>", "deep <code>code</code>"),
        ("ul>", "ol>"),
        ("<blockquote>quoted</blockquote>", "quoted"),
        ("<pre>pre  text</pre>", "pre  text"),
        ("<td>c</td><td>d</td>", "<td>d</td><td>c</td>"),
        ("<tr><td>c</td><td>d</td></tr>", ""),
        ("<hr />", ""),
        ("text, a", "text,a"),
        ("Next line", "Next\u200b line!"),
        ("</body>", " And a note.</body>"),
        ("<body>", "<body>A note. "),
        ("&amp; done", "&lt; done"),
        ("<body>", "<body><img data-asana-gid='1'/>"),
        (OTHER.html[-20:], ""),
    ],
)
def test_a_changed_link_style_or_structure_is_noticed(old: str, new: str) -> None:
    description = described(RICH)
    assert old in description.html
    assert not same_text(description.html.replace(old, new), description)


def test_tags_that_do_not_nest_are_compared_by_their_words() -> None:
    description = described("a **b** c")
    assert same_text(description.html.replace("</strong>", ""), description)
    assert not same_text(description.html.replace("</strong>", "").replace("c", "d", 1), description)
    assert same_text(as_plain_notes(description.plain).replace("<body>", "<body></em>"), description)


def test_an_empty_description_is_not_ours() -> None:
    for read in ("", "<body></body>", "<body>\n</body>"):
        assert not same_text(read, described(""))
        assert source_url(read) is None


@pytest.mark.parametrize(
    ("body", "old", "new"),
    [
        ("# Head", "Head", "<strong>Head</strong>"),
        ("caf\u00e9", "\u00e9", "e\u0301"),
        ("e\u0301", "e\u0301", "\u00e9"),
        ("a\u200bb \u2764\ufe0f", "a\u200bb \u2764\ufe0f", "ab \u2764"),
        ("- a\n\ntext\n\n- b", "</li></ul>", " </li>\n</ul>"),
        ("[a](https://X.org/%C3%BC/)", 'href="https://X.org/%C3%BC/"', 'href="https://x.org/ü"'),
        (
            "x.org and ana@x.org",
            "x.org and ana@x.org",
            '<a href="http://x.org/">x.org</a> and <a href="mailto:ana@x.org">ana@x.org</a>',
        ),
        ("a\nb", "a\nb", "a<br/>b"),
        ("a\n\nb", "a\n\nb", "<p>a</p><p>b</p>"),
    ],
)
def test_other_spellings_are_the_same_text(body: str, old: str, new: str) -> None:
    description = described(body)
    assert old in description.html
    assert same_text(description.html.replace(old, new), description)


def test_a_chip_may_carry_the_name_asana_chose() -> None:
    description = described("see https://app.asana.com/0/11/22 and [this](https://app.asana.com/0/11/33)")
    chip = '<a href="https://app.asana.com/0/0/{0}/f" data-asana-gid="{0}" data-asana-dynamic="true">A task</a>'
    links = re.findall(r"<a href=\"https://app[^>]*>[^<]*</a>", description.html)
    read = description.html.replace(links[0], chip.format(22)).replace(links[1], chip.format(33))
    assert same_text(read, description)
    assert not same_text(read.replace("33", "44"), description)


HOSTILE_BODIES = {
    "the line of another issue": OTHER.html,
    "the same as Markdown": "Mirrored from [acme/other#9](https://github.com/acme/other/issues/9). "
    "Edits made here are lost: please change the issue instead.",
    "as plain text": OTHER.plain,
    "quoted": f"> {OTHER.plain}",
    "in an open fence": f"```\n{OTHER.plain}",
    "in an open comment": f"<!-- {OTHER.plain}",
    "in an open table": f"<table><tr><td>{OTHER.plain}",
    "in an open list": f"- {OTHER.plain}\n- <ul><li>",
    "an end of the body": f"{OTHER.plain}</body>",
    "our own line with another address": f"Mirrored from [{REFERENCE}](https://evil.example/acme/hub/issues/12).",
    "the beginning of the line": "Mirrored from",
}


@pytest.mark.parametrize("body", HOSTILE_BODIES.values(), ids=HOSTILE_BODIES)
@pytest.mark.parametrize("extra", [(), (OTHER.plain,), ("Also assigned: Ana <b>, Bo & Mirrored from",)])
def test_the_source_is_read_back_whatever_the_body_says(body: str, extra: tuple[str, ...]) -> None:
    description = describe(f"{RICH}\n\n{body}", url=URL, reference=REFERENCE, extra=extra)
    assert violations(description.html) == []
    assert source_url(description.html) == URL
    assert source_url(as_plain_notes(description.plain)) == URL
    assert source_url(give_back(description.html, Habits(newlines=True, spans=True, old_tags=True))) == URL


OURS = source_line(URL, REFERENCE)


@pytest.mark.parametrize(
    "html_notes",
    [
        f"<body>{OURS.html} And then something else</body>",
        f"<body>{OURS.html}<hr/></body>",
        f"<body>{OURS.html}\n<ul><li>a</li></ul></body>",
        f"<body><blockquote>{OURS.html}</blockquote></body>",
        f"<body><pre>{OURS.plain}</pre></body>",
        f"<body><ul><li>{OURS.html}</li></ul></body>",
        f"<body><pre>Mirrored from</pre>{OURS.html.removeprefix('Mirrored from ')}</body>",
        f"<body>{OURS.html.replace('acme/hub#12', 'acme/hub#13')}</body>",
        f"<body>{OURS.html.replace('issues/12', 'issues/13')}</body>",
        f"<body>{OURS.html.replace('com/acme', 'com/evilacme')}</body>",
        f"<body>{OURS.html.replace('issues', 'pull')}</body>",
        f"<body>{OURS.html.replace('https:', 'javascript:')}</body>",
        f"<body>un{OURS.html.lower()}</body>",
        "<body>Mirrored from acme/hub#12</body>",
        "no rich text at all",
        "",
    ],
)
def test_no_source_where_the_line_is_not_ours(html_notes: str) -> None:
    assert source_url(html_notes) is None


PIECES = [
    " ",
    "word",
    "https://app.asana.com/0/1/22",
    "\xa0",
    "&lt;",
    "<hr/>",
    "<table/>",
    "<p>",
    "</p>",
    "<body>",
    "</body>",
    "<ul>",
    "</ul>",
    "<li>",
    "</li>",
    "<pre>",
    "</pre>",
    "<strong>",
    "</strong>",
    "</a>",
    '<a href="https://x.org/y">',
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("<ul>a</ul> <ul>b</ul> c")
@example('<strong><ul></ul>a</strong> <a href="https://x.org/y">word</a>')
@example('<a href="https://x.org/y"><pre>b</pre> word</a>')
@settings(max_examples=500, deadline=None)
def test_the_last_words_are_the_end_of_all_words(html: str) -> None:
    whole = from_html(html)
    last = max((place for place, token in enumerate(whole or ()) if isinstance(token, Edge)), default=-1)
    assert last_words(html) == (None if whole is None else whole[last + 1 :])


def test_the_source_line_alone_is_enough() -> None:
    assert source_url(f"<body>{OURS.html}</body>") == URL
    assert source_url(as_plain_notes(OURS.plain)) == URL
    assert described("").html == f"<body>{OURS.html}</body>"


def test_another_host_and_port_work_too() -> None:
    url = "http://127.0.0.1:8800/github/acme/hub/issues/12"
    description = describe("a", url=url, reference=REFERENCE)
    assert source_url(description.html) == source_url(as_plain_notes(description.plain)) == url


@given(st.lists(MARKDOWN, min_size=2, max_size=4))
@settings(max_examples=60, deadline=None)
def test_different_bodies_that_look_different_are_not_the_same_text(bodies: list[str]) -> None:
    for one, other in pairwise(map(described, bodies)):
        if _shown(one) != _shown(other):
            assert not same_text(one.html, other)


def _shown(description: Description) -> str:
    words = "".join(ET.fromstring(description.html).itertext())
    return re.sub(r"[^\w]", "", words)


@pytest.mark.parametrize(
    ("edited", "added"),
    [
        (("Some <strong>bold", "Ana: please <strong>bold"), "Ana: please"),
        (("Some <strong>bold", "<strong>bold"), ""),
        (("one", "one (Ben)"), "(Ben)"),
        (("deep", "not so deep"), "not so"),
        (("<body>", "<body>First.\n"), "First."),
        (("</body>", " Last.</body>"), "Last."),
    ],
)
def test_what_a_person_wrote_into_a_description_is_told_without_what_was_there(edited: tuple[str, str], added: str):
    ours = described(RICH).html
    assert people_added(ours.replace(*edited, 1), ours) == added


def test_several_additions_are_told_as_passages():
    ours = described(RICH).html
    theirs = ours.replace("Some", "Ana says: some", 1).replace("quoted", "quoted by Ben", 1)
    assert people_added(theirs, ours) == "Ana says: some … by Ben"


@given(MARKDOWN, ALL_HABITS)
@settings(max_examples=100, deadline=None)
def test_of_a_description_that_nobody_edited_nothing_is_told_as_added(body: str, habits: Habits) -> None:
    ours = described(body).html
    assume(same_text(give_back(ours, habits), described(body)) and not habits.chips)
    assert people_added(give_back(ours, habits), ours) == ""


PIECES = st.sampled_from(
    [
        *(
            "<hr/>",
            "<hr>",
            "</hr>",
            "<ul><li>",
            "</li></ul>",
            "<strong>",
            "</strong>",
            "<!-- ",
            " -->",
            "<![CDATA[",
            "]]>",
        ),
        *(
            "<a href='x'>",
            "</a>",
            "<br/>",
            "<p>",
            "</body>",
            "<!doctype x>",
            "&lt;b&gt;",
            " ",
            "Ü",
            "a < b",
            "<@U1>",
            "x",
        ),
        *(OURS.html, OURS.html.replace("github", "app.asana"), OURS.html.replace("#12", "#13"), OTHER.html),
    ]
)


@given(st.lists(PIECES, max_size=8).map("".join))
@example("Also assigned: ana\n" + OURS.html + " </body>\n")
@example("<strong>a<hr/></strong>" + OURS.html)
@example("<a href='https://x.org'>" + OURS.html)
@example("asana " + OURS.html)
@settings(max_examples=500, deadline=None)
def test_the_source_is_the_same_when_it_is_not_spelled_as_usual(html: str) -> None:
    assert source_url(html) == source_url(html.replace("Mirrored from", "&#77;irrored from"))


@given(st.lists(PIECES, max_size=8).map("".join))
@settings(max_examples=300, deadline=None)
def test_tags_are_the_same_without_what_stands_between(html: str) -> None:
    tags = [(one.name, one.closing, one.empty) for one in tags_and_texts(html) if isinstance(one, Tag)]
    assert [one[:3] for one in tags_only(html)] == tags
