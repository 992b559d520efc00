"""Workflow commands of GitHub Actions: those we mean, and none that arises from a text.

A runner takes a line that begins with ``::`` for a command, and ``##[`` anywhere in a line.
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sync.model.digest import Digest
from sync.model.finding import Severity
from sync.report.words import short

MOST_ANNOTATIONS = 10
"""Of each kind and step; GitHub shows no more."""
LONGEST = 1000
TITLE = "Community Success Hours"

_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#\[)", re.MULTILINE)
_UNBREAKABLE = "\u2060"


def in_actions(environ: Mapping[str, str]) -> bool:
    """Tell whether a job of GitHub Actions runs this."""
    return environ.get("GITHUB_ACTIONS") == "true"


def without_commands(text: str) -> str:
    """Return *text* so that it holds no command; it looks the same."""
    return _COMMAND.sub(lambda found: f"{found[0]}{_UNBREAKABLE}", text)


def annotations(troubles: Sequence[str], digests: Iterable[Digest]) -> tuple[str, ...]:
    """Return the commands for a run: an error for each trouble, a warning for each new finding of high severity."""
    grave = [
        f"{one.finding.kind}: {one.finding.subject}: {one.finding.evidence} {one.finding.remedy}"
        for digest in digests
        for one in digest.opened
        if one.finding.severity is Severity.HIGH
    ]
    return (*_commands("error", troubles), *_commands("warning", grave))


def _commands(kind: str, texts: Sequence[str]) -> Iterator[str]:
    """Yield as many annotations as are shown; of more, the last one tells how many there are."""
    shown = texts if len(texts) <= MOST_ANNOTATIONS else texts[: MOST_ANNOTATIONS - 1]
    for one in shown:
        yield _annotation(kind, one)
    if left := len(texts) - len(shown):
        yield _annotation(kind, f"{left} more: see the summary of the job, or csh-sync check.")


def _annotation(kind: str, text: str) -> str:
    message = short(text, LONGEST).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{kind} title={TITLE}::{message}"
