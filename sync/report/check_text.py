"""Findings for the people who should act on them: by role, worst first, with what to do next."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sync.model.alert import Judgement, State
from sync.model.finding import Finding, Role, Severity
from sync.model.legible import safe
from sync.model.wording import USUAL
from sync.report.digest_words import addressee
from sync.report.plan_text import Line
from sync.report.words import counted, spell_day

WORST_FIRST = tuple(Severity)
BY_ROLE = tuple(Role)
QUIET = {State.ACKNOWLEDGED: "Acknowledged", State.SNOOZED: "Snoozed", State.ACCEPTED: "Accepted for now"}
STYLE = {Severity.HIGH: "remove", Severity.MEDIUM: "change", Severity.LOW: "note"}


def check_lines(judged: Mapping[Finding, Judgement], today: date) -> Iterator[Line]:
    """Return the lines of ``csh-sync check``: the open findings by role, worst first, then those people know of."""
    waiting = by_role(one for one, word in judged.items() if not word.state.quiet)
    for role, those in waiting.items():
        yield Line("")
        yield Line(f"{_title(role)} ({len(those)})", "head")
        for one in those:
            yield Line(title_line(one, judged[one], today), STYLE[one.severity or Severity.LOW])
            yield from finding_lines(one)
    for state, title in QUIET.items():
        known = [(one, word) for one, word in judged.items() if word.state is state]
        if known:
            yield Line("")
            yield Line(f"{title} ({len(known)})", "head")
            yield from (Line(f"  {one.kind}: {safe(one.subject)}{_word(word, today)}") for one, word in known)
    if judged:
        yield Line("")
    yield Line(verdict(judged))


def title_line(one: Finding, word: Judgement, today: date) -> str:
    """Return what a finding is about, and since when."""
    level = one.severity or Severity.LOW
    return f"  {level.value:<6} {one.kind}: {safe(one.heading)}{_since(word, today)}{_owner(word)}"


def finding_lines(one: Finding) -> Iterator[Line]:
    """Return the evidence of a finding, what to do, and where."""
    yield from (Line(f"         {safe(line)}") for line in one.evidence.splitlines())
    if one.remedy:
        yield Line(f"         Do: {safe(one.remedy)}")
    for link in dict.fromkeys((one.url, *one.links)):
        if link:
            yield Line(f"         {safe(link)}")


def _word(word: Judgement, today: date) -> str:
    """Return what a person said about a finding."""
    until = f", until {spell_day(word.until)}" if word.until else _since(word, today)
    return f"{until}{_owner(word)}{f': {safe(word.reason)}' if word.reason else ''}"


def _owner(word: Judgement) -> str:
    return f", {safe(word.owner)} looks after it" if word.owner else ""


def _since(word: Judgement, today: date) -> str:
    if word.since is None:
        return ""
    days = (today - word.since).days
    return f", since {spell_day(word.since)} ({counted(days, 'day')})" if days > 0 else ", since today"


def by_role(findings: Iterable[Finding]) -> dict[Role, list[Finding]]:
    """Return findings by the role that should act, each worst first; roles with the worst first too."""
    found: dict[Role, list[Finding]] = {}
    for one in sorted(findings, key=_rank):
        found.setdefault(one.role or Role.OPERATOR, []).append(one)
    return dict(sorted(found.items(), key=lambda item: (_worst(item[1]), BY_ROLE.index(item[0]))))


def verdict(judged: Mapping[Finding, Judgement]) -> str:
    """Return the sentence at the end."""
    waiting = [one for one, word in judged.items() if not word.state.quiet]
    known = [(state, sum(1 for word in judged.values() if word.state is state)) for state in QUIET]
    tail = "".join(f"; {number} {_quiet(state)}" for state, number in known if number)
    if not waiting:
        return f"Nothing to look at{tail}."
    parts = [f"{number} {level.value}" for level in WORST_FIRST if (number := _number(waiting, level))]
    return f"{counted(len(waiting), 'finding')} to look at: {', '.join(parts)}{tail}."


def _quiet(state: State) -> str:
    return "accepted for now" if state is State.ACCEPTED else state.value


def _title(role: Role) -> str:
    return f"For {addressee(role, USUAL)}"


def _rank(one: Finding) -> tuple[int, str, str, str, str]:
    return one.rank, one.community.casefold(), one.kind, one.subject, one.key


def _worst(findings: Iterable[Finding]) -> int:
    return min(one.rank for one in findings)


def _number(findings: Iterable[Finding], level: Severity) -> int:
    return sum(1 for one in findings if (one.severity or Severity.LOW) is level)
