"""Every construct of GitHub Flavored Markdown, in every place it may stand in: always rich text that Asana takes.

Typed from the grammar: each block, each inline, alone and inside the containers, before and after each other.
https://github.github.com/gfm
"""

from __future__ import annotations

import itertools
import re

import pytest

from mappings.richtext.description import describe
from sandbox.asana.richtext import Rules, read_html
from tests.hostile.readers import page
from tests.mappings.test_richtext_rules import violations

URL, REFERENCE = "https://github.com/acme/hub/issues/12", "acme/hub#12"
RULES = Rules(lambda _gid: None, lambda _gid: False)

# A word of its own in each place, so that what is shown can be told apart. Section of the specification: examples.
INLINES = {
    "2.4 escapes": (r"one\!two \*three\* \_four", r"one\\two"),
    "2.5 entities": ("one &amp; two &copy; &#35; &#X22; &ouml; three", "one&nbsp;two &nosuch; &#0; three"),
    "6.3 code spans": ("`one`", "`` one ` two ``", "one `two\nthree` four", "`one", "` `` `"),
    "6.4 emphasis": (
        *("*one*", "_one_", "**one**", "__one__", "***one***", "*one **two** three*", "**one *two* three**"),
        *("one*two*three", "one_two_three", "* one*", "**one*two**", "*one **two*", "_one __two___", "**** one"),
    ),
    "6.5 strikethrough": ("~~one~~", "~one~", "one~~two~~three", "~~one\n\ntwo~~", "~~~~one~~~~"),
    "6.6 links": (
        *("[one](https://x.org)", '[one](https://x.org "two")', "[one](<https://x.org/a b>)", "[one]()", "[one][two]"),
        *("[one *two*](https://x.org/(a))", "[[one](https://x.org)](https://y.org)", "[one](https://x.org", "[one]"),
    ),
    "6.7 images": ("![one](https://x.org/a.png)", "[![one](https://x.org/a.png)](https://x.org)", "![one][two]"),
    "6.8 autolinks": ("<https://x.org/one>", "<one@x.org>", "<made-up+scheme:one>", "< https://x.org>"),
    "6.9 extended autolinks": ("www.x.org/one https://x.org/two). one@x.org", "(https://x.org/one_(two))"),
    "6.10 raw HTML": ("one<b>two</b>three", "<a href='https://x.org'>one</a>", "<i one", "one <!-- two --> three"),
    "6.11 disallowed raw HTML": ("<title>one</title>", "<style>one</style>", "<textarea>one", "<plaintext>one"),
    "6.12 line breaks": ("one  \ntwo", "one\\\ntwo", "one\ntwo", "one\\"),
}
BLOCKS = {
    "4.1 thematic breaks": ("***", "---", " - - -", "_____"),
    "4.2 ATX headings": ("# one", "###### one", "####### one", "#one", "## one ##", "#", "### one \\#"),
    "4.3 setext headings": ("one\n===", "one\ntwo\n---", "one\n=\n=", "    one\n---"),
    "4.4 indented code": ("    one\n      two", "    one\n\n    two", "\tone"),
    "4.5 fenced code": (
        "```\none\n```",
        "~~~ two\none\n~~~~",
        "```\none",
        "````\n```\none\n````",
        "``` one ```",
        "```\n```",
    ),
    "4.6 HTML blocks": (
        *("<pre>\none\n\ntwo</pre>", "<!-- one\n\ntwo -->", "<?one?>", "<!ONE two>", "<![CDATA[one\n]]>"),
        *(
            "<div>\n*one*\n\n*two*\n\n</div>",
            "<table><tr><td>\n\none\n\n</td></tr></table>",
            "<custom>\none\n</custom>",
        ),
        *("</div>\none", "<script>\none\n</script>two", "<details><summary>one</summary>\n\ntwo\n\n</details>"),
    ),
    "4.7 link references": (
        "[one]: https://x.org 'two'\n\n[one]",
        "[one]:\nhttps://x.org\n\n[one][]",
        "[one]: <>\n\n[one]",
    ),
    "4.8 paragraphs": ("one\n\ntwo", "  one\n two", "one\n             two"),
    "4.9 blank lines": ("\n\none\n  \n\ntwo\n\n",),
    "4.10 tables": (
        *("|one|two|\n|-|:-:|\n|three|four|", "one|two\n-|-\nthree", "|one|\n|-|\n|two|three|", "|one|\n|-|"),
        *("|one|\n|--|--|\n|two|", "| `one\\|two` |\n|-|\n| **three** |\n> four"),
    ),
    "5.1 block quotes": ("> one\n> two", "> one\ntwo", ">one\n>\n> two", "> > one\n> two", ">", "> ```\none\n```"),
    "5.2 list items": (
        "- one\n\n  two",
        "1.  one\n\n        two",
        "-\n  one",
        "-\n\n  one",
        "123456789. one",
        "1234567890. one",
    ),
    "5.3 task list items": ("- [ ] one\n- [x] two\n  - [x] three", "- [ ]one", "1. [ ] one", "- [ ]"),
    "5.4 lists": (
        "- one\n+ two\n* three",
        "1. one\n2) two",
        "- one\n - two\n  - three\n   - four",
        "- one\n\n- two\n\n\n- three",
    ),
    "footnotes and alerts": ("one[^1]\n\n[^1]: two\n    three", "> [!NOTE]\n> one", "> [!TIP]"),
}
WORD = re.compile("one|two|three|four")
UNSEEN = {"~~~~one~~~~", "<!-- one\n\ntwo -->"}
"""Nothing but the name of a language, and a comment: no reader sees their words."""
LEAVES = [one for group in (INLINES, BLOCKS) for texts in group.values() for one in texts]
PLACES = {
    "alone": ("", ""),
    "in a quote": ("> ", "> "),
    "in a list": ("- ", "  "),
    "in a numbered list": ("7. ", "   "),
    "in a task": ("- [ ] ", "  "),
    "in a quote in a list": ("- > ", "  > "),
    "in a list in a quote": ("> 1. ", ">    "),
    "in a list in a list": ("- - ", "    "),
    "in a footnote": ("zero[^n]\n\n[^n]: ", "    "),
}
BEFORE = (
    "zero\n",
    "zero\n\n",
    "- zero\n",
    "> zero\n",
    "| zero |\n|-|\n",
    "```\nzero\n```\n",
    "<div>\n",
    "<!-- zero -->\n",
)


def placed(text: str, place: tuple[str, str]) -> str:
    first, *rest = text.split("\n")
    return "\n".join((place[0] + first, *(place[1] + line for line in rest)))


def holds(markdown: str, *leaves: str) -> str:
    """Return the words that Asana shows of *markdown*; of each of the *leaves* that has words, one at least."""
    description = describe(markdown, url=URL, reference=REFERENCE)
    assert violations(description.html) == [], markdown
    text, last, _ = read_html(description.html, RULES).text.partition("Mirrored from")
    assert last, markdown
    for leaf in leaves:
        assert leaf in UNSEEN or set(WORD.findall(text)) & set(WORD.findall(leaf)) or not WORD.search(leaf), markdown
    return text


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_every_construct_in_every_place_is_rich_text(place: tuple[str, str]) -> None:
    for text in LEAVES:
        holds(placed(text, place), text)


@pytest.mark.parametrize("place", [PLACES["alone"], PLACES["in a list"]], ids=["alone", "in a list"])
def test_every_construct_after_whatever_is_rich_text(place: tuple[str, str]) -> None:
    for text, before in itertools.product(LEAVES, BEFORE):
        is_tag = before == "<div>\n" and text.startswith("<")  # inside raw HTML an address in brackets is a tag
        shown = holds(before + placed(text, place), *() if is_tag else (text,))
        assert "zero" not in before or "zero" in shown or "<!--" in before, before + text


@pytest.mark.parametrize("block", [texts[0] for texts in BLOCKS.values()], ids=BLOCKS)
def test_every_construct_beside_every_block_is_rich_text(block: str) -> None:
    for text in LEAVES:
        holds(f"{block}\n{text}", block if block not in UNSEEN else text)
        holds(f"{text}\n{block}", text if text not in UNSEEN else block)


READ_ALIKE = {name: place for name, place in PLACES.items() if name not in {"in a task", "in a footnote"}}
SHOWN = [
    one
    for group in (INLINES, BLOCKS)
    for section, texts in group.items()
    for one in texts
    if not section.startswith(("6.7", "6.10", "6.11", "4.6", "footnotes"))
]


@pytest.mark.parametrize("place", READ_ALIKE.values(), ids=READ_ALIKE)
def test_what_is_read_in_asana_is_what_is_read_on_github(place: tuple[str, str]) -> None:
    """Words, in their order; pictures, raw HTML and footnotes are told in Asana's own way."""
    different = [text for text in SHOWN if words(holds(placed(text, place))) != words(page(placed(text, place)).words)]
    assert different == []


def words(text: str) -> list[str]:
    told = re.sub(r"\[[ x]\]", "", text)  # inside quotes the parser leaves tasks as they are
    return re.findall(r"[^\W\d_]+", told)
