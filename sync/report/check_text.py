"""Findings for the people who should act on them: by role, worst first, with what to do next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sync.model.finding import Acceptance, Finding, Role, Severity
from sync.report.plan_text import Line
from sync.report.words import counted, safe, spell_day

WORST_FIRST = tuple(Severity)
BY_ROLE = tuple(Role)
STYLE = {Severity.HIGH: "remove", Severity.MEDIUM: "change", Severity.LOW: "note"}


def check_lines(findings: Sequence[Finding], accepted: Mapping[Finding, Acceptance]) -> Iterator[Line]:
    """Return the lines of ``csh-sync check``: the open findings by role, worst first, then those that are accepted."""
    waiting = by_role(one for one in findings if one not in accepted)
    for role, those in waiting.items():
        yield Line("")
        yield Line(f"{_title(role)} ({len(those)})", "head")
        for one in those:
            yield from _finding(one)
    if accepted:
        yield Line("")
        yield Line(f"Accepted for now ({len(accepted)})", "head")
        for one, word in accepted.items():
            yield Line(f"  {one.kind}: {safe(one.subject)}, until {spell_day(word.until)}: {safe(word.reason)}")
    if findings:
        yield Line("")
    yield Line(verdict(findings, accepted))


def by_role(findings: Iterable[Finding]) -> dict[Role, list[Finding]]:
    """Return findings by the role that should act, each worst first; roles with the worst first too."""
    found: dict[Role, list[Finding]] = {}
    for one in sorted(findings, key=_rank):
        found.setdefault(one.role or Role.OPERATOR, []).append(one)
    return dict(sorted(found.items(), key=lambda item: (_worst(item[1]), BY_ROLE.index(item[0]))))


def verdict(findings: Sequence[Finding], accepted: Mapping[Finding, Acceptance]) -> str:
    """Return the sentence at the end."""
    waiting = [one for one in findings if one not in accepted]
    if not waiting:
        return f"Nothing to look at{f'; {len(accepted)} accepted for now' if accepted else ''}."
    parts = [f"{number} {level.value}" for level in WORST_FIRST if (number := _number(waiting, level))]
    tail = f"; {len(accepted)} accepted for now" if accepted else ""
    return f"{counted(len(waiting), 'finding')} to look at: {', '.join(parts)}{tail}."


def _finding(one: Finding) -> Iterator[Line]:
    level = one.severity or Severity.LOW
    where = f" ({safe(one.community)})" if one.community and one.community not in one.subject else ""
    yield Line(f"  {level.value:<6} {one.kind}: {safe(one.subject)}{where}", STYLE[level])
    yield Line(f"         {safe(one.evidence)}")
    if one.remedy:
        yield Line(f"         Do: {safe(one.remedy)}")
    for link in dict.fromkeys((one.url, *one.links)):
        if link:
            yield Line(f"         {safe(link)}")


def _title(role: Role) -> str:
    return f"For the {role.value}"


def _rank(one: Finding) -> tuple[int, str, str, str, str]:
    return _place(one), one.community.casefold(), one.kind, one.subject, one.key


def _place(one: Finding) -> int:
    return WORST_FIRST.index(one.severity or Severity.LOW)


def _worst(findings: Iterable[Finding]) -> int:
    return min(_place(one) for one in findings)


def _number(findings: Iterable[Finding], level: Severity) -> int:
    return sum(1 for one in findings if (one.severity or Severity.LOW) is level)
