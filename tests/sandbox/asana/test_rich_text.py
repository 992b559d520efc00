"""What Asana takes as rich text, what it refuses in which words, and how it stores what it takes."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.asana import Refusal
from sandbox.asana.richtext import Linked, Rules, read_html, read_plain

INVALID = "XML is invalid"
STRAY = "XML is invalid: Malformed rich text. Found < or > that was not part of tag."
OPEN = "XML is invalid: Malformed rich text. XML tag was not closed."
BODY = "Rich text should be wrapped in <body> tag."
NO_TARGET = "One of data-asana-gid or href is required in anchor attributes"
PROTOCOL = "invalid protocol in HREF field"

MILK = Linked("1234", "task", "Buy milk", "https://app.asana.com/0/0/1234/f")


def rules(**changes):
    return Rules(find={"1234": MILK}.get, is_attachment={"77"}.__contains__, **changes)


def stored(inner, **changes):
    """Return what stands in the body after saving *inner*."""
    html = read_html(f"<body>{inner}</body>", rules(**changes)).html
    return html.removeprefix("<body>").removesuffix("</body>")


def reason(markup, **changes):
    with pytest.raises(Refusal) as refusal:
        read_html(markup, rules(**changes))
    assert refusal.value.status == 400
    return refusal.value.message


@pytest.mark.parametrize("markup", ["", "text", "<p>x</p>", '<body class="x">y</body>', "<body>x", "<BODY>x</BODY>"])
def test_text_without_a_bare_body_is_refused(markup):
    assert reason(markup) == BODY


@pytest.mark.parametrize(
    "tag",
    ["p", "div", "h4", "h5", "h6", "del", "sub", "sup", "th", "tbody", "font", "script", "body", "STRONG", "span"],
)
def test_unknown_tags_are_refused(tag):
    assert reason(f"<body><{tag}>x</{tag}></body>") == INVALID


@pytest.mark.parametrize(
    "inner",
    [
        "<br/>",
        "<!-- hidden -->",
        "<![CDATA[x]]>",
        "<?php ?>",
        "<!DOCTYPE x>",
        "<li>alone</li>",
        "<ul>text</ul>",
        "<ul><strong>x</strong></ul>",
        "<ul><li>x</li><ol></ol></ul>",
        "<tr><td>x</td></tr>",
        "<table><td>x</td></table>",
        "<table>text</table>",
        '<strong class="x">y</strong>',
        '<h1 id="x">y</h1>',
        '<td colspan="2">y</td>',
        '<a href="https://x.org" title="t">y</a>',
        '<a href="https://x.org" href="https://y.org">y</a>',
        '<a href="https://x.org">a <a href="https://y.org">b</a></a>',
        "<a href=https://x.org>y</a>",
        '<img src="https://x.org/a.png"/>',
        '<img data-asana-gid="999"/>',
        "<hr>x</hr>",
        "\u0000",
        "\u000b",
        "\ufffe",
    ],
)
def test_markup_asana_does_not_know_is_refused(inner):
    assert reason(f"<body>{inner}</body>") == INVALID


@pytest.mark.parametrize("inner", ["a < b", "a > b", "<code>x<1</code>", "<pre>a -> b</pre>", "<", "<3"])
def test_a_sign_that_belongs_to_no_tag_is_refused(inner):
    assert reason(f"<body>{inner}</body>") == STRAY


@pytest.mark.parametrize("inner", ["<strong>x", "<ul><li>x</ul>", "<em><u>x</em></u>", "x</em>", "<hr>", "<u>x</s>"])
def test_a_tag_that_is_not_closed_is_refused(inner):
    assert reason(f"<body>{inner}</body>") == OPEN


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("<a>x</a>", NO_TARGET),
        ('<a data-asana-gid="999">x</a>', NO_TARGET),
        ('<a href="/relative">x</a>', PROTOCOL),
        ('<a href="//host/x">x</a>', PROTOCOL),
        ('<a href="javascript:alert(1)">x</a>', PROTOCOL),
        ('<a href="mailto:a@b.org">x</a>', PROTOCOL),
        ('<a href="http://[">x</a>', PROTOCOL),
        ('<a href="https:">x</a>', PROTOCOL),
    ],
)
def test_a_link_without_a_target_on_the_web_is_refused(inner, message):
    assert reason(f"<body>{inner}</body>") == message


def test_code_inside_pre_fails_without_a_reason():
    assert reason("<body><pre><code>x</code></pre></body>").startswith("Oops! An unexpected error occurred")
    with pytest.raises(Refusal) as refusal:
        read_html("<body><pre><code>x</code></pre></body>", rules(nested_code_status=500))
    assert refusal.value.status == 500


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<b>x</b> <i>y</i>", "<strong>x</strong> <em>y</em>"),
        ("<u>a</u><s>b</s><code>c</code><mark>d</mark>", "<u>a</u><s>b</s><code>c</code><mark>d</mark>"),
        ("<h1>a</h1>\n<h2>b</h2>\n<h3>c</h3>", "<h1>a</h1>\n<h2>b</h2>\n<h3>c</h3>"),
        ("a<hr />b<hr></hr>c", "a<hr/>b<hr/>c"),
        ('<ul class="x"><li data-checked="true">a</li></ul>', "<ul><li>a</li></ul>"),
        ("<ul>\n <li>a<ol><li>b</li></ol></li>\n</ul>", "<ul><li>a<ol><li>b</li></ol></li></ul>"),
        ('<pre data-language="python">a\n b</pre>', '<pre data-language="python">a\n b</pre>'),
        ("<blockquote>a\n\nb</blockquote>", "<blockquote>a\n\nb</blockquote>"),
        ("<table>\n<tr><td>a</td></tr></table>", "<table><tr><td>a</td></tr></table>"),
        ("a & b &amp; c", "a &amp; b &amp; c"),
        ("&quot;&apos;&lt;&gt;", "\"'&lt;&gt;"),
        ("it&#39;s &#x27;so&#x27; &nbsp; &copy;", "it&amp;#39;s &amp;#x27;so&amp;#x27; &amp;nbsp; &amp;copy;"),
        ("\n first\r\nsecond \n ", "\n first\nsecond"),
        ("a\u00a0b 😀 \u200fעברית", "a\u00a0b 😀 \u200fעברית"),
        ("<img data-asana-gid='77' src='https://x'/>", '<img data-asana-gid="77" data-asana-type="attachment"/>'),
        ("<strong></strong><em/>", "<strong></strong><em></em>"),
    ],
)
def test_what_is_taken_is_stored_in_asanas_own_form(sent, kept):
    assert stored(sent) == kept


def test_a_rule_and_a_span_are_stored_as_the_options_say():
    assert stored("<hr/>", rule_form="<hr />") == "<hr />"
    assert stored('a<span style="x">b<u>c</u></span>', span="dropped") == "ab<u>c</u>"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ('<a href="https://x.org?a=1&b=2">x</a>', '<a href="https://x.org?a=1&amp;b=2">x</a>'),
        ('<a href="https://x.org"/>', '<a href="https://x.org">https://x.org</a>'),
        (
            '<a data-asana-gid="1234"/>',
            (
                '<a href="https://app.asana.com/0/0/1234/f" data-asana-accessible="true" data-asana-dynamic="true" '
                'data-asana-type="task" data-asana-gid="1234">Buy milk</a>'
            ),
        ),
        (
            '<a href="https://app.asana.com/0/5678/1234">my <b>words</b></a> after',
            (
                '<a href="https://app.asana.com/0/0/1234/f" data-asana-accessible="true" data-asana-dynamic="true" '
                'data-asana-type="task" data-asana-gid="1234">Buy milk</a> after'
            ),
        ),
        (
            '<a href="https://app.asana.com/1/9/task/1234" data-asana-dynamic="false">my words</a>',
            (
                '<a href="https://app.asana.com/1/9/task/1234" data-asana-accessible="true" data-asana-dynamic="false" '
                'data-asana-type="task" data-asana-gid="1234">my words</a>'
            ),
        ),
        (
            '<a href="https://app.asana.com/0/5678/list">gone</a>',
            (
                '<a href="https://app.asana.com/0/5678/list" data-asana-accessible="false" data-asana-dynamic="true">'
                "Private Link</a>"
            ),
        ),
    ],
)
def test_links_get_attributes_and_links_to_asana_the_name_of_the_thing(sent, kept):
    assert stored(sent) == kept


def test_plain_notes_are_read_without_links_and_lists():
    markup = '<body><h1>Head</h1>See <a href="https://x.org">here</a><ul><li>a</li><li>b</li></ul>end </body>'
    assert read_html(markup, rules()).text == "Head\nSee here\na\nb\nend"


def test_plain_text_is_escaped_and_its_addresses_become_links():
    rich = read_plain("a < b, see https://x.org/a?b=1&c=2.\n ")
    assert rich.text == "a < b, see https://x.org/a?b=1&c=2."
    address = "https://x.org/a?b=1&amp;c=2"
    assert rich.html == f'<body>a &lt; b, see <a href="{address}">{address}</a>.</body>'
    assert read_plain("").html == "<body></body>"


def test_very_deep_markup_is_read_without_recursion():
    deep = "<ul><li>" * 5_000 + "x" + "</li></ul>" * 5_000
    assert stored(deep) == deep


@given(st.text(alphabet=st.sampled_from("ab <>&;/\"'=\n#x27") | st.characters(codec="utf-8"), max_size=60))
def test_whatever_is_taken_is_stored_as_xml_and_stays_the_same_when_sent_again(inner):
    try:
        once = stored(inner)
    except Refusal:
        return
    ET.fromstring(f"<body>{once}</body>")
    assert stored(once) == once


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_plain_text_always_becomes_rich_text_that_is_taken(text):
    rich = read_plain(text)
    assert read_html(rich.html, rules()).html == rich.html
