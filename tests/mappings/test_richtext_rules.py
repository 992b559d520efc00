"""Asana's rules for ``html_notes``, written down apart from the converter, and Asana's habits when it gives text back.

`violations` knows what Asana refuses or would change; `give_back` changes what Asana changes.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from hypothesis import strategies as st

INLINE = {"strong", "em", "u", "s", "code", "a"}
CHILDREN = {
    "body": INLINE | {"h1", "h2", "hr", "ul", "ol", "pre", "blockquote", "table"},
    "blockquote": INLINE | {"ul", "ol", "pre"},
    "li": INLINE | {"ul", "ol"},
    "ul": {"li"},
    "ol": {"li"},
    "table": {"tr"},
    "tr": {"td"},
    "td": INLINE,
    "strong": INLINE - {"strong"},
    "em": INLINE - {"em"},
    "u": INLINE - {"u"},
    "s": INLINE - {"s"},
    "a": INLINE - {"a"},
    "code": set(),
    "pre": set(),
    "h1": set(),
    "h2": set(),
    "hr": set(),
}
WITHOUT_TEXT = {"ul", "ol", "table", "tr", "hr"}
REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")


def violations(html: str) -> list[str]:
    """Return what Asana would refuse or rewrite in *html*; empty when it is in normal form."""
    found = []
    if not (html.startswith("<body>") and html.endswith("</body>")):
        found.append("Rich text should be wrapped in <body> tag.")
    if "<!" in html or "<?" in html:
        found.append("comment, CDATA or instruction")
    if REFERENCE.search(html):
        found.append("an entity that is never decoded")
    if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]", html):
        found.append("a character that may not travel")
    try:
        root = ET.fromstring(html)
    except (ET.ParseError, ValueError) as error:
        return [*found, f"XML is invalid: {error}"]
    return [*found, *_element_violations(root, ())]


def _element_violations(element: ET.Element, above: tuple[str, ...]) -> Iterator[str]:
    tag = element.tag
    if tag not in CHILDREN:
        yield f"unsupported tag {tag}"
        return
    yield from _attribute_violations(element)
    if tag == "a" and "a" in above:
        yield "nested a"
    if tag in above and tag in INLINE:
        yield f"{tag} in {tag}"
    if tag in INLINE | {"h1", "h2", "pre", "li", "blockquote"} and not "".join(element.itertext()).strip():
        yield f"empty {tag}"
    texts = [element.text, *(child.tail for child in element)]
    if tag in WITHOUT_TEXT and any(text for text in texts):
        yield f"text in {tag}"
    for first, second in zip(element, list(element)[1:], strict=False):
        if (
            first.tag in INLINE
            and (first.tag, first.get("href")) == (second.tag, second.get("href"))
            and not first.tail
        ):
            yield f"two {first.tag} in a row"
    for child in element:
        if child.tag not in CHILDREN[tag]:
            yield f"{child.tag} in {tag}"
        yield from _element_violations(child, (*above, tag))


def _attribute_violations(element: ET.Element) -> Iterator[str]:
    allowed = {"href", "data-asana-dynamic"} if element.tag == "a" else set()
    if set(element.keys()) - allowed:
        yield f"attributes on {element.tag}: {sorted(element.keys())}"
    if element.tag != "a":
        return
    href = element.get("href")
    if not href:
        yield "One of data-asana-gid or href is required in anchor attributes"
        return
    parts = urlsplit(href)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\"<>\\]", href):
        yield f"invalid protocol in HREF field: {href}"
    if (parts.hostname == "app.asana.com") != (element.get("data-asana-dynamic") == "false"):
        yield "an Asana link whose words would be replaced, or another that claims to be one"


@dataclass(frozen=True)
class Habits:
    """Which of its habits Asana shows this time."""

    newlines: bool = False
    attributes: bool = True
    spans: bool = False
    old_tags: bool = False
    chips: bool = False
    self_links: bool = False
    raw_quotes: bool = False
    no_break_spaces: bool = False
    hr: str = "<hr/>"


ALL_HABITS = st.builds(
    Habits,
    newlines=st.booleans(),
    attributes=st.booleans(),
    spans=st.booleans(),
    old_tags=st.booleans(),
    chips=st.booleans(),
    self_links=st.booleans(),
    raw_quotes=st.booleans(),
    no_break_spaces=st.booleans(),
    hr=st.sampled_from(["<hr/>", "<hr />", "<hr>", "<hr></hr>"]),
)
BLOCK = r"(?:ul|ol|li|h1|h2|pre|blockquote|table|tr|td)"


def give_back(html: str, habits: Habits) -> str:
    """Return *html* as Asana gives it back: the same to a person, another string."""
    html = html.replace("<hr />", habits.hr)
    if habits.newlines:
        html = re.sub(rf"(</?{BLOCK}>|<hr[^>]*>)", "\n\\1\n", html).replace("\n\n", " \n\t\n ")
    if habits.attributes:
        html = re.sub(r"<(ul|ol|td)>", r'<\1 class="list" width="120">', html)
        html = re.sub(r'(<a href="[^"]*")', r'\1 rel="noreferrer" data-asana-accessible="true"', html)
    if habits.spans:
        html = html.replace("<strong>", "<span><strong>").replace("</strong>", "</strong></span>")
    if habits.old_tags:
        html = re.sub(r"<(/?)strong>", r"<\1b>", re.sub(r"<(/?)em>", r"<\1i>", html))
    if habits.chips:
        chip = (
            r'<a href="https://app.asana.com/0/0/\1/f" data-asana-gid="\1" data-asana-dynamic="true">Its own name</a>'
        )
        html = re.sub(r'<a href="https://app\.asana\.com(?:/\d+)*/(\d+)"[^>]*>[^<]*</a>', chip, html)
    if habits.self_links:
        html = re.sub(r'<a href="([^"]*)"[^>]*>\1</a>', r"\1", html)
    if habits.raw_quotes:
        html = html.replace("&quot;", '"').replace("&gt;", ">").replace("'", "&apos;")
    if habits.no_break_spaces:
        html = re.sub(r"(?<=\w) (?=\w)", "\u00a0", html)
    return html


def as_plain_notes(plain: str) -> str:
    """Return the ``html_notes`` of a task that was written through ``notes``: text, addresses linked."""
    text = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    linked = re.sub(r"(https?://(?:[^\s()<>\"'&.,:;!?`*_~\[\]]|[.:_]\w)+)", r'<a href="\1">\1</a>', text)
    return f"<body>{linked}</body>"


_TAGS = (
    "<b> </b> <i> </i> <u> <s> </a> <br> <hr> <table> <tr> <td> <th> </td> </tr> </table> <ul> <li> </li> </ul> </ol>"
    " <pre> </pre> <details> <summary> </summary> </details> <blockquote> </blockquote> <h1> </h1> <kbd> </kbd> <sub>"
    " </sub> <p> </p> <code> </code> <!-- --> <![CDATA[ ]]> <?x ?> <!DOCTYPE <script> </body> <body> <@U1> <!channel>"
)
_INLINE = (
    "word other **bold** *it* _em_ ~~gone~~ `code` ** * _ ~ ` [ ] ( ) ![ ]( ](u) ![i](a.png) [^1] &amp; &lt; &#0; # |"
    " [x](https://x.org/?b=1&c) [t](https://app.asana.com/0/1/22) https://app.asana.com/0/1/33 https://x.org/_a_b_."
    " www.foo.org http:// //host javascript:x data:x @me #12 &#x202e; &nbsp; & < > \\ \" ' :"
)
_LINES = (
    *("\n", "\n\n", "\r\n", "\n> ", "\n> > ", "\n> [!NOTE]\n> ", "\n- ", "\n  - ", "\n- [ ] ", "\n- [x] ", "\n1. "),
    *("\n7) ", "\n    ", "\n# ", "\n### ", "\n---\n", "\n===\n", "\n```\n", "\n|a|b|\n|-|-|\n|c|d|\n", "\n[^1]: "),
    "\n[x]: https://q.org\n",
)
_ODD = (
    *(" ", "  ", "\t", "<a href='https://y.org'>", "<img src='a.png' alt=\"x\">", "<ol start=3>", "\x00", "\ud800"),
    *("\ufffe", "\u202e", "\u00a0", "\u0085", "\u2028", "\ufeff", "😀", "👩\u200d👩\u200d👧", "e\u0301", "🇩🇪"),
)
PIECES = (*_TAGS.split(), *_INLINE.split(), *_LINES, *_ODD)
MARKDOWN = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=40).map("".join)


@pytest.mark.parametrize(
    "html",
    [
        "<body>text\n\nmore <strong>b<em>i</em></strong> &amp; &lt;</body>",
        "<body><h1>T</h1>\n<ul><li>a<ol><li>b</li></ol></li></ul>\n<hr /></body>",
        "<body><blockquote>q\n<pre>x</pre></blockquote></body>",
        '<body><a href="https://x.org/?a=1&amp;b=2">x</a></body>',
        '<body><a href="https://app.asana.com/0/1" data-asana-dynamic="false">x</a></body>',
        "<body><table><tr><td><strong>a</strong></td><td></td></tr></table></body>",
    ],
)
def test_the_rules_let_through_what_asana_takes(html: str) -> None:
    assert violations(html) == []


@pytest.mark.parametrize(
    "html",
    [
        "text",
        '<body class="x">a</body>',
        "<body><p>a</p></body>",
        "<body>a<br/></body>",
        "<body><div>a</div></body>",
        "<body><h3>a</h3></body>",
        "<body><b>a</b></body>",
        "<body><span>a</span></body>",
        "<body><del>a</del></body>",
        "<body><pre><code>a</code></pre></body>",
        "<body><h1><em>a</em></h1></body>",
        "<body><table><tr><th>a</th></tr></table></body>",
        "<body><table>x<tr><td>a</td></tr></table></body>",
        "<body><ul><li><pre>a</pre></li></ul></body>",
        "<body><ul>\n<li>a</li></ul></body>",
        "<body><li>a</li></body>",
        '<body><ol start="3"><li>a</li></ol></body>',
        '<body><img src="https://x.org/a.png"/></body>',
        "<body><a>a</a></body>",
        '<body><a href="/x">a</a></body>',
        '<body><a href="javascript:x">a</a></body>',
        '<body><a href="mailto:a@b">a</a></body>',
        '<body><a href="https://x.org" title="t">a</a></body>',
        '<body><a data-asana-gid="1">a</a></body>',
        '<body><a href="https://app.asana.com/0/1">a</a></body>',
        '<body><a href="https://x.org"><strong><a href="https://y.org">a</a></strong></a></body>',
        "<body><strong></strong></body>",
        "<body><strong>a</strong><strong>b</strong></body>",
        "<body><strong><em><strong>a</strong></em></strong></body>",
        "<body>a<!-- b --></body>",
        "<body>&nbsp;</body>",
        "<body>&#39;</body>",
        "<body>a & b</body>",
        "<body>a < b</body>",
        "<body>a\x00</body>",
        "<body>a\u202eb</body>",
        "<body><strong>a</body>",
    ],
)
def test_the_rules_stop_what_asana_refuses_or_rewrites(html: str) -> None:
    assert violations(html)
