"""What each part of GitHub's Markdown becomes in Asana's rich text, and as plain text."""

import pytest

from mappings.richtext.description import describe, source_line
from tests.mappings.test_richtext_rules import violations

URL = "https://github.com/acme/hub/issues/12"
REFERENCE = "acme/hub#12"
LINE = source_line(URL, REFERENCE)


def body_of(markdown: str) -> str:
    """Return the XML for *markdown* without what every description has around it."""
    html = describe(markdown, url=URL, reference=REFERENCE).html
    assert violations(html) == []
    return html.removeprefix("<body>").removesuffix(f"{LINE.html}</body>").removesuffix("<hr />\n").removesuffix("\n")


def plain_of(markdown: str) -> str:
    plain = describe(markdown, url=URL, reference=REFERENCE).plain
    return plain.removesuffix(LINE.plain).removesuffix("\n\n———\n\n")


INLINE = {
    "emphasis": (
        "**a** *b* ***c*** ~~d~~ ~e~",
        "<strong>a</strong> <em>b</em> <strong><em>c</em></strong> <s>d</s> <s>e</s>",
    ),
    "the furthest reaching style is outermost": (
        "**a *b* c** *d **e***",
        "<strong>a <em>b</em> c</strong> <em>d <strong>e</strong></em>",
    ),
    "code": ('`a <b> & "c"`', '<code>a &lt;b&gt; &amp; "c"</code>'),
    "code in bold": ("**`a`**", "<strong><code>a</code></strong>"),
    "escapes": (r"\*a\* 1\. \<b>", "*a* 1. &lt;b&gt;"),
    "entities": ("&amp; &lt;b&gt; &copy; &#65; &#x41;", "&amp; &lt;b&gt; © A A"),
    "an unknown entity is text": ("&nosuch; &#39;", "&amp;nosuch; '"),
    "newlines count, as in issues": ("a\nb  \nc\\\nd", "a\nb\nc\nd"),
    "paragraphs": ("a\n\n\n\nb", "a\n\nb"),
    "line ends": ("a\r\nb\rc", "a\nb\nc"),
    "mentions and references stay text": ("@ana @acme/team #12 acme/x#3", "@ana @acme/team #12 acme/x#3"),
    "emoji shortcodes stay": (":tada: :shipit: 😀", ":tada: :shipit: 😀"),
    "mathematics stays": ("$a_1$ and $$b$$", "$a_1$ and $$b$$"),
}
BLOCKS = {
    "headings": (
        "# A\n## B\n### C\n#### D\n###### E",
        "<h1>A</h1>\n<h2>B</h2>\n<h2>C</h2>\n<strong>D</strong>\n\n<strong>E</strong>",
    ),
    "headings hold text only": ("# a `b` **c**", "<h1>a b c</h1>"),
    "a heading with a link keeps the link": (
        "## a [b](https://x.org)",
        '<strong>a <a href="https://x.org">b</a></strong>',
    ),
    "underlined headings": ("A\n===\nB\n---", "<h1>A</h1>\n<h2>B</h2>"),
    "a line across": ("a\n\n***\n\nb", "a\n<hr />\nb"),
    "a fence": ("```py\nif a < b:\n    c()\n```", "<pre>if a &lt; b:\n    c()</pre>"),
    "mermaid": ("```mermaid\ngraph TD\n  A-->B\n```", "<pre>graph TD\n  A--&gt;B</pre>"),
    "an open fence": ("```\na\n\nb", "<pre>a\n\nb</pre>"),
    "an empty fence": ("a\n```\n```\nb", "a\n\nb"),
    "indented code": ("    a\n      b\n\nc", "<pre>a\n  b</pre>\nc"),
    "a quote": ("> a\n> b\n>\n> c", "<blockquote>a\nb\n\nc</blockquote>"),
    "a quote with a list and code": (
        "> - a\n>\n> ```\n> b\n> ```",
        "<blockquote><ul><li>a</li></ul>\n<pre>b</pre></blockquote>",
    ),
    "a quote in a quote": ("> a\n> > b\n> > c", "<blockquote>a\n\n&gt; b\n&gt; c</blockquote>"),
    "an alert": ("> [!WARNING]\n> hot", "<blockquote><strong>Warning</strong>\n\nhot</blockquote>"),
    "a list": (
        "- a\n- b\n  - c\n    1. d\n- e",
        "<ul><li>a</li><li>b<ul><li>c<ol><li>d</li></ol></li></ul></li><li>e</li></ul>",
    ),
    "a loose list": ("- a\n\n  b\n\n- c", "<ul><li>a\nb</li><li>c</li></ul>"),
    "numbers that go on": ("3. c\n4. d", "<ul><li>3. c</li><li>4. d</li></ul>"),
    "tasks": ("- [ ] a\n- [x] b\n- [X] c\n- [y] d", "<ul><li>☐ a</li><li>☑ b</li><li>☑ c</li><li>[y] d</li></ul>"),
    "code in an item": ("- a\n  ```\n  b\n    c\n  ```", "<ul><li>a\n<code>b</code>\n  <code>c</code></li></ul>"),
    "quote, heading, line and table in an item": (
        "- a\n  > b\n- # c\n- ***\n- |d|e|\n  |-|-|\n  |f|g|",
        (
            "<ul><li>a\n&gt; b</li><li><strong>c</strong></li><li>———</li>"
            "<li><strong>d</strong> | <strong>e</strong>\nf | g</li></ul>"
        ),
    ),
    "a table": (
        "|a|*b*|\n|:-|-|\n|1|`2`|\n|3|",
        (
            "<table><tr><td><strong>a</strong></td><td><strong><em>b</em></strong></td></tr>"
            "<tr><td>1</td><td><code>2</code></td></tr><tr><td>3</td><td></td></tr></table>"
        ),
    ),
    "a pipe in a cell": (
        r"|a|" + "\n|-|\n" + r"|x\|y|",
        "<table><tr><td><strong>a</strong></td></tr><tr><td>x|y</td></tr></table>",
    ),
    "footnotes go to the end": (
        "a[^1] b[^n] c[^x]\n\n[^1]: One\n[^n]: Two words\n\n    more\n\nd",
        "a[1] b[n] c[^x]\n\nd\n\n[1] One\n\n[n] Two words\n\nmore",
    ),
    "nothing": ("", ""),
    "only blanks": (" \n\t\n", ""),
    "only a comment": ("<!-- Please fill in -->", ""),
}
LINKS = {
    "a link": (
        '[a **b**](https://x.org/?q=1&r=2 "title")',
        '<a href="https://x.org/?q=1&amp;r=2">a <strong>b</strong></a>',
    ),
    "a reference": ("[a][r] [R]\n\n[r]: https://x.org", '<a href="https://x.org">a</a> <a href="https://x.org">R</a>'),
    "no words": ("[](https://x.org)", '<a href="https://x.org">https://x.org</a>'),
    "angle brackets": ("<https://x.org>", '<a href="https://x.org">https://x.org</a>'),
    "in plain sight": (
        "(https://x.org/a_(b)), https://x.org/__init__.py. **https://y.org**",
        (
            '(<a href="https://x.org/a_(b)">https://x.org/a_(b)</a>), '
            '<a href="https://x.org/__init__.py">https://x.org/__init__.py</a>. '
            '<a href="https://y.org"><strong>https://y.org</strong></a>'
        ),
    ),
    "www": ("www.x.org!", '<a href="http://www.x.org">www.x.org</a>!'),
    "no address inside a word": ("ahttps://x.org", "ahttps://x.org"),
    "not in code": ("`https://x.org`", "<code>https://x.org</code>"),
    "a link around an address": (
        "[see https://x.org now](https://y.org)",
        '<a href="https://y.org">see https://x.org now</a>',
    ),
    "mail is text": ("[a](mailto:a@x.org) <b@x.org> c@x.org", "a b@x.org c@x.org"),
    "a picture": ("![alt *text*](https://x.org/a.png)", '<a href="https://x.org/a.png">alt text</a>'),
    "a picture without words": ("![](https://x.org/a.png)", '<a href="https://x.org/a.png">image</a>'),
    "a picture in a link": ("[![b](https://x.org/b.svg) c](https://y.org)", '<a href="https://y.org">b c</a>'),
    "into Asana": (
        "[a](https://app.asana.com/0/1/2)",
        '<a href="https://app.asana.com/0/1/2" data-asana-dynamic="false">a</a>',
    ),
    "a person in Asana": ("[a](https://app.asana.com/0/profile/2)", "a"),
    "up from the issue": ("[a](../blob/main/x.md)", '<a href="https://github.com/acme/hub/blob/main/x.md">a</a>'),
    "a file of the repository": ("[a](docs/x.md)", '<a href="https://github.com/acme/hub/blob/HEAD/docs/x.md">a</a>'),
    "the host's root": ("[a](/acme/other)", '<a href="https://github.com/acme/other">a</a>'),
    "this page": ("[a](#issuecomment-1)", f'<a href="{URL}#issuecomment-1">a</a>'),
    "a query only": ("[a](?q=1)", "a"),
    "other letters": (
        "[a](https://münchen.de/ü b)",
        '[a](<a href="https://xn--mnchen-3ya.de/%C3%BC">https://münchen.de/ü</a> b)',
    ),
    "with a user name": ("[a](https://github.com@evil.example/x)", "a"),
    "too long": (f"[a](https://x.org/{'y' * 2000})", "a"),
    "no host": ("[a](https:///x) [b](http:x)", "a b"),
}
HTML = {
    "styles": (
        "<b>a</b> <strong>b</strong> <i>c</i> <em>d</em> <u>e</u> <ins>f</ins>",
        "<strong>a</strong> <strong>b</strong> <em>c</em> <em>d</em> <u>e</u> <u>f</u>",
    ),
    "more styles": (
        "<s>a</s> <del>b</del> <code>c</code> <kbd>d</kbd> <samp>e</samp>",
        "<s>a</s> <s>b</s> <code>c</code> <code>d</code> <code>e</code>",
    ),
    "blanks have no style": ("a<b> </b>c <i>d</i><u> </u>**e**", "a c <em>d</em> <strong>e</strong>"),
    "small figures": ("H<sub>2</sub>O x<sup>2</sup> 4<sup>th</sup>", "H₂O x² 4th"),
    "breaks": ("a<br>b<br/>c", "a\nb\nc"),
    "unclosed and crossing": (
        "<b>a <i>b</b> c</i>\n\nd <i>e",
        "<strong>a <em>b</em></strong><em> c</em>\n\nd <em>e</em>",
    ),
    "links": (
        '<a href="https://x.org?a=1&amp;b=2" target=_blank>a</a> <a name=x>b</a>',
        '<a href="https://x.org?a=1&amp;b=2">a</a> b',
    ),
    "a picture": (
        '<img width=9 alt="a b" src="https://x.org/a.png"> <img src=data:x>',
        '<a href="https://x.org/a.png">a b</a> image',
    ),
    "unknown tags keep their words": ("<font color=red>a</font> <custom-tag>b</custom-tag> <marquee>c", "a b c"),
    "a block": ("<div align=center>\n  <p>a</p>\n  <p>b <b>c</b></p>\n</div>\n\nd", "a\n\nb <strong>c</strong>\n\nd"),
    "details": (
        "<details>\n<summary>More <b>x</b></summary>\n\n- **a**\n\n</details>\n\nb",
        "<strong>More x</strong>\n<ul><li><strong>a</strong></li></ul>\nb",
    ),
    "comments": ("a<!-- b\n\nc -->d\n\n<!--\n\ne\n-->\nf", "a&lt;!-- b\n\nc --&gt;d\n\nf"),
    "a list": ("<ol><li>a<li>b<ul><li>c</ul></ol>", "<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>"),
    "a list from 5": ('<ol start="5"><li>a</ol>', "<ul><li>5. a</li></ul>"),
    "a table": (
        "<table><thead><tr><th>a<th>b</thead><tr><td>1<br>2<td>\n\n**3**\n\n</td></tr></table>",
        (
            "<table><tr><td><strong>a</strong></td><td><strong>b</strong></td></tr>"
            "<tr><td>1\n2</td><td><strong>3</strong></td></tr></table>"
        ),
    ),
    "code": ("<pre lang=x>\na <b>b</b>\n  c &lt; d\n</pre>", "<pre>a b\n  c &lt; d</pre>"),
    "code that Markdown breaks into": ("<div><pre>\na\n\n- b\n\nc\n</pre></div>\n\nd", "<pre>a\nc\n• b</pre>\nd"),
    "a quote around Markdown": ("<blockquote>\n\n*a*\n\n</blockquote>\n\nb", "<blockquote><em>a</em></blockquote>\nb"),
    "a heading": ("<h1>a <b>b</b></h1>\n<h4>c</h4>", "<h1>a b</h1>\n<strong>c</strong>"),
    "cannot close Markdown's blocks": ("- a</li></ul> b\n- c", "<ul><li>a b</li><li>c</li></ul>"),
}
HOSTILE = {
    "NUL and the like": ("a\x00b\x0bc\x1fd\x7fe\x85f", "a\ufffdb\ufffdc\ufffdd\ufffde\nf"),
    "noncharacters": ("a\ufffeb\uffffc\U0001ffffd", "a\ufffdb\ufffdc\ufffdd"),
    "lone surrogates": ("a\ud83db\udc00c", "a\ufffdb\ufffdc"),
    "byte order mark": ("\ufeff# a\ufeff", "<h1>a</h1>"),
    "the same by reference": ("&#0;&#11;&#xFFFE;&#xD800;&#x202E;&#133;", "\ufffd" * 5),
    "bidi overrides": ("\u202egpj.exe\u202c \u2066a\u2069", "gpj.exe a"),
    "right to left": ("שלום \u200fعالم", "שלום \u200fعالم"),
    "zero width joiners": ("👩\u200d👩 a\u200bb", "👩\u200d👩 a\u200bb"),
    "a tower of marks": ("a" + "\u0301" * 1000 + "b", "a" + "\u0301" * 32 + "b"),
    "the end of the body": ("a</body><script>alert(1)</script>b", "aalert(1)b"),
    "a no-break space": ("a&nbsp;b\u00a0c", "a b c"),
    "an open comment": ("a <!-- b", "a &lt;!-- b"),
    "an open comment of its own": ("a\n\n<!-- b\n\nc", "a"),
    "CDATA": ("a <![CDATA[<b>c</b>]]> ]]>", "a &lt;b&gt;c&lt;/b&gt; ]]&gt;"),
    "an instruction and a doctype": (
        "<?xml x?>\n\n<!DOCTYPE x [<!ENTITY a 'b'>]>\n\na",
        "&lt;?xml x?&gt;\n\n&lt;!DOCTYPE x [&lt;!ENTITY a 'b'&gt;]&gt;\n\na",
    ),
    "an Asana mention": ('<a data-asana-gid="123">me</a> <a data-asana-gid="123"/>', "me"),
    "an Asana object in an attribute": (
        '<a href="https://x.org" data-asana-gid="1" onclick="x">a</a>',
        '<a href="https://x.org">a</a>',
    ),
    "javascript": (
        "[x](javascript:alert(1)) [y](JaVa&#x53;cript:x) <javascript:x> <a href='java\tscript:x'>z</a>",
        "x y javascript:x z",
    ),
    "data": ("[x](data:text/html,a) ![y](data:image/png;base64,AA)", "x y"),
    "file": ("[x](file:///etc/passwd) [y](vbscript:x)", "x y"),
    "another host": ("[x](//host/a) [y](\\\\host\\a) [z](/\\host) <a href='\\\\host'>w</a>", "x y z w"),
    "Slack": (
        "<!channel> <@U123> @everyone @org/team <!subteam^S1|x>",
        "&lt;!channel&gt; &lt;@U123&gt; @everyone @org/team &lt;!subteam^S1|x&gt;",
    ),
    "quotes in an address": ("[x](<https://x.org/\"a'b>)", '<a href="https://x.org/%22a\'b">x</a>'),
}


@pytest.mark.parametrize(("markdown", "expected"), INLINE.values(), ids=INLINE)
def test_words_and_styles(markdown: str, expected: str) -> None:
    assert body_of(markdown) == expected


@pytest.mark.parametrize(("markdown", "expected"), BLOCKS.values(), ids=BLOCKS)
def test_blocks(markdown: str, expected: str) -> None:
    assert body_of(markdown) == expected


@pytest.mark.parametrize(("markdown", "expected"), LINKS.values(), ids=LINKS)
def test_links(markdown: str, expected: str) -> None:
    assert body_of(markdown) == expected


@pytest.mark.parametrize(("markdown", "expected"), HTML.values(), ids=HTML)
def test_raw_html(markdown: str, expected: str) -> None:
    assert body_of(markdown) == expected


@pytest.mark.parametrize(("markdown", "expected"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_only_text(markdown: str, expected: str) -> None:
    assert body_of(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# a\n\nb **c** `d`\ne", "a\n\nb c d\ne"),
        ("[a](https://x.org) https://y.org www.z.org", "a (https://x.org) https://y.org www.z.org"),
        ("- a\n  - b\n- [x] c\n\n3. d", "• a\n  • b\n• ☑ c\n\n3. d"),
        ("> a\n> > b", "> a\n> > b"),
        ("|a|b|\n|-|-|\n|1|2|", "a | b\n1 | 2"),
        ("```\na\n  b\n```\n\n---", "a\n  b\n\n———"),
        ("<b>a</b> & <!-- no -->", "a &"),
        ("a\x00\u202e", "a\ufffd"),
    ],
)
def test_plain_text_is_readable_without_any_markup(markdown: str, expected: str) -> None:
    assert plain_of(markdown) == expected
