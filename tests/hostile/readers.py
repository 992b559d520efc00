"""GitHub's own parser of Markdown, and what a browser makes of its pages."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

cmarkgfm = pytest.importorskip("cmarkgfm", reason="GitHub's Markdown parser has no wheel for this machine")


class _Page(HTMLParser):
    """What a browser makes of a page: its words, and everything that is more than words."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_comment(self, data: str) -> None:
        self.tags.append("!--")


def page(markdown: str) -> _Page:
    """Return how GitHub shows *markdown*."""
    extensions = ["table", "autolink", "strikethrough", "tasklist"]
    html = cmarkgfm.markdown_to_html_with_extensions(
        markdown, options=cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE, extensions=extensions
    )
    found = _Page()
    found.feed(html)
    found.close()
    return found
