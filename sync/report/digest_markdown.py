"""Digests as Markdown: a file for people, and part of a job's summary."""

from collections.abc import Iterator, Sequence

from sync.model.digest import Digest, News
from sync.report.digest_words import HOW_TO_ANSWER, RESOLVED, age, by_severity, sums
from sync.report.markdown import links, plain
from sync.report.words import addressee, spell_day

NOTHING = "Nothing new."


def digest_markdown(digests: Sequence[Digest]) -> str:
    """Return digests as a document: by role, worst first, every finding with evidence, remedy and links."""
    days = sorted({one.day for one in digests})
    title = f"# Community Success Hours{f': {spell_day(days[-1])}' if days else ''}"
    body = [line for one in digests for line in digest_lines(one)]
    return "\n".join([title, "", *(body or [NOTHING, ""]), *([HOW_TO_ANSWER, ""] if body else [])])


def digest_lines(digest: Digest) -> Iterator[str]:
    """Yield the lines for one role, from its heading of the second level to a blank line; none without news."""
    if not digest.opened and not digest.resolved:
        return
    yield f"## For {addressee(digest.role)}"
    yield ""
    yield sums(digest)
    yield ""
    for title, mine in by_severity(digest):
        yield from _group(title, (line for one in mine for line in _opened(one, digest)))
    if digest.resolved:
        yield from _group(RESOLVED, (f"- {_name(one)}" for one in digest.resolved))


def _group(title: str, lines: Iterator[str]) -> Iterator[str]:
    yield f"### {title}"
    yield ""
    yield from lines
    yield ""


def _opened(news: News, digest: Digest) -> Iterator[str]:
    one = news.finding
    since = f" ({known})" if (known := age(news, digest)) else ""
    yield f"- {_name(news)}{since}"
    yield f"  - Evidence: {plain(one.evidence)}"
    if one.remedy:
        yield f"  - Do: {plain(one.remedy)}"
    if found := links((one.url, *one.links)):
        yield f"  - See: {found}"


def _name(news: News) -> str:
    one = news.finding
    return f"**{plain(one.kind)}**: {plain(one.heading)}"
