"""The calendar of clauses beside the allocations there are, and the steps that would complete it, for people."""

from collections.abc import Iterable, Iterator

from sync.hours.calendar import CalendarLine, ProjectCalendar, Verdict, name_of_period
from sync.model.allocating import AllocationStep, StepOutcome
from sync.model.change import MakeInitiative, Outcome, Result
from sync.model.contract import Contracts
from sync.model.legible import safe
from sync.model.minutes import spell_hours
from sync.report.plan_text import Line
from sync.report.words import counted, spell_day

MARKS = {
    Verdict.RIGHT: ("  ", ""),
    Verdict.MISSING: ("+ ", "add"),
    Verdict.DIFFERS: ("! ", "change"),
    Verdict.OUTSIDE: ("! ", "change"),
    Verdict.UNDATED: ("! ", "change"),
    Verdict.UNKNOWN: ("  ", ""),
}
CUT = "cut short by the contract's dates: full hours, unless you change them"


def calendar_lines(calendars: Iterable[ProjectCalendar], contracts: Contracts) -> Iterator[Line]:
    """Return the lines of ``csh-sync allocations``: each project's clause, its periods, and what to ask."""
    for calendar in calendars:
        community = contracts.communities.get(calendar.engagement.community_id)
        head = " / ".join(
            safe(one)
            for one in (community.name if community else "", calendar.engagement.name, calendar.project.name)
            if one
        )
        yield Line("")
        yield Line(head, "head")
        clause = safe(calendar.project.clause)
        yield Line(f'  clause: "{clause}"' if clause else "  no clause")
        yield Line(f"  runs from {spell_day(calendar.start)} to {spell_day(calendar.end)}")
        yield from map(_line, calendar.lines)
        for one, other in calendar.overlaps:
            yield Line(f"  ! {safe(one.name)} and {safe(other.name)} share days", "change")
        for question in calendar.questions:
            yield Line(f"  ? {safe(question)}", "note")


def _line(line: CalendarLine) -> Line:
    mark, style = MARKS[line.verdict]
    start, end = line.start, line.end
    when = name_of_period(start, end) if start and end else "without both days"
    parts = [f"{when:<24}", f"{_hours(line):>8}"]
    names = ", ".join(safe(one.name) or one.id for one in line.allocations)
    parts.append(names or "no allocation")
    if line.verdict is Verdict.MISSING and line.implied and line.implied.cut:
        parts.append(f"({CUT})")
    if line.differences:
        parts.append(f"- {'; '.join(line.differences)}")
    return Line(f"  {mark}{'  '.join(parts)}", style)


def _hours(line: CalendarLine) -> str:
    if line.allocations:
        known = [one.minutes for one in line.allocations if one.minutes is not None]
        return f"{spell_hours(sum(known))} h" if known else "no hours"
    return f"{spell_hours(line.implied.minutes)} h" if line.implied else ""


def step_lines(steps: Iterable[AllocationStep]) -> Iterator[Line]:
    """Return what ``--apply`` would do, and what stands in the way."""
    done = tuple(steps)
    doing = [one for one in done if one.does_something]
    yield Line("")
    yield Line(f"To do ({len(doing)})" if doing else "Nothing to add.", "head")
    for one in doing:
        yield Line(f"  + {safe(one.community)}, {safe(one.period)}: {', '.join(_deeds(one))}", "add")
    for one in done:
        if one.obstacle:
            yield Line(f"  ! {safe(one.community)}, {safe(one.period)}: no CSH task: {one.obstacle}", "change")


def _deeds(step: AllocationStep) -> Iterator[str]:
    if step.row:
        extra = f" and {spell_hours(step.row.extra_minutes)} extra" if step.row.extra_minutes else ""
        days = f"{step.row.start} to {step.row.end}"
        yield f'row "{safe(step.row.name)}" in Airtable, {days}, {spell_hours(step.row.minutes)} h{extra}'
    if step.task:
        yield "finish the CSH task that was begun" if step.task.half_made else "CSH task in Asana"
    elif step.task_url:
        yield f"link to the CSH task {safe(step.task_url)}"


def outcome_lines(outcomes: Iterable[StepOutcome]) -> Iterator[Line]:
    """Return how it went: what failed, with why; then a sentence."""
    found = tuple(outcomes)
    for one in found:
        if one.result is not Result.DONE:
            text = f"  {one.result.value}: {safe(one.step.community)}, {safe(one.step.period)}: {safe(one.detail)}"
            yield Line(text, "remove")
    done = sum(1 for one in found if one.result is Result.DONE)
    yield Line(f"{counted(done, 'period')} completed, {len(found) - done} not.")


def initiative_lines(initiatives: Iterable[MakeInitiative]) -> Iterator[Line]:
    """Return the initiatives that would be made or finished on GitHub."""
    for one in initiatives:
        title = safe(one.draft.title)
        yield Line(f'  + initiative "{title}" on GitHub: {safe(one.reason)}', "add")


def initiative_outcome_lines(outcomes: Iterable[Outcome]) -> Iterator[Line]:
    """Return what came of the initiatives."""
    for one in outcomes:
        style = "" if one.result is Result.DONE else "remove"
        yield Line(f"  {one.result.value}: initiative of {safe(one.change.about.subject)}: {safe(one.detail)}", style)
