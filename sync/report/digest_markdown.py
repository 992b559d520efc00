"""Digests as Markdown: a file for people, and part of a job's summary."""

from collections.abc import Iterator, Sequence

from sync.model.digest import Digest, News
from sync.model.markdown import plain
from sync.model.wording import USUAL, Wording
from sync.report.digest_words import age, audience, by_severity, sums
from sync.report.markdown import links
from sync.report.words import spell_day


def digest_markdown(digests: Sequence[Digest], wording: Wording = USUAL) -> str:
    """Return digests as a document: by role, worst first, every finding with evidence, remedy and links."""
    days = sorted({one.day for one in digests})
    title = f"# {plain(wording.title)}{f': {spell_day(days[-1])}' if days else ''}"
    body = [line for one in digests for line in digest_lines(one, wording)]
    nothing, answer = plain(wording.nothing_new), plain(wording.how_to_answer)
    return "\n".join([title, "", *(body or [nothing, ""]), *([answer, ""] if body else [])])


def digest_lines(digest: Digest, wording: Wording) -> Iterator[str]:
    """Yield the lines for one role, from its heading of the second level to a blank line; none without news."""
    if not digest.opened and not digest.resolved:
        return
    yield f"## {plain(audience(digest, wording))}"
    yield ""
    yield sums(digest)
    yield ""
    for title, mine in by_severity(digest, wording):
        yield from _group(title, (line for one in mine for line in _opened(one, digest, wording)))
    if digest.resolved:
        yield from _group(wording.resolved, (f"- {_name(one)}" for one in digest.resolved))


def _group(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"### {plain(title)}"
    yield ""
    yield from lines
    yield ""


def _opened(news: News, digest: Digest, wording: Wording) -> Iterator[str]:
    one = news.finding
    since = f" ({known})" if (known := age(news, digest)) else ""
    yield f"- {_name(news)}{since}"
    yield f"  - {plain(wording.evidence)}: {plain(one.evidence)}"
    if one.remedy:
        yield f"  - {plain(wording.remedy)}: {plain(one.remedy)}"
    if found := links((one.url, *one.links)):
        yield f"  - {plain(wording.links)}: {found}"


def _name(news: News) -> str:
    one = news.finding
    return f"**{plain(one.kind)}**: {plain(one.heading)}"
