"""A statement and a community's hours as lines for people."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sync.hours.usage import as_of
from sync.model.change import Standing
from sync.model.clause import ClauseReading
from sync.model.legible import safe
from sync.model.minutes import spell_hours
from sync.model.statement import CommunityHours, Statement, StatementLine
from sync.report.words import counted, spell_day, spell_moment


def explain_lines(statement: Statement, now: datetime, complete: Mapping[str, bool]) -> Iterator[str]:
    """Return where an allocation's total comes from: what counts, the rule behind each line, and the cap."""
    one = statement.standing
    yield f"{safe(one.community) or 'no community'} / {safe(one.allocation)}"
    yield f"  {_place(one)}"
    yield f"  {as_of(safe(one.sentence), now)}"
    yield from (f"  {text}" for text in _unread(complete))
    yield ""
    yield "Behind the total:"
    for line in statement.lines:
        yield f"  {_line(line)}"
        for entry in line.entries:
            who = safe(entry.person) or "nobody named"
            yield f"              {spell_hours(entry.minutes):>6} h  {spell_day(entry.day)}, {who}"
        for rule in line.rules:
            yield f"              - {safe(rule)}"
    if not statement.lines:
        yield "  nothing is logged here"
    yield f"  total      {spell_hours(statement.total_minutes)} h, {_sealed(statement)}"
    yield ""
    yield "The cap:"
    yield from (f"  {text}" for text in _cap(statement))
    yield from _differences(statement)


def community_lines(hours: CommunityHours, now: datetime, complete: Mapping[str, bool]) -> Iterator[str]:
    """Return a community's hours: engagements and projects apart, each allocation with what is behind it."""
    yield safe(hours.community)
    yield f"Hours as of {spell_moment(now)}, read just now from GitHub, Asana and Airtable."
    yield from _unread(complete)
    place = ""
    for statement in hours.statements:
        one = statement.standing
        if _place(one) != place:
            place = _place(one)
            yield ""
            yield place
        yield ""
        yield f"  {safe(one.allocation)}, {spell_day(one.start)} to {spell_day(one.end)}"
        yield f"    {as_of(safe(one.sentence), now)}"
        yield from (f"    {name:<10} {text}" for name, text in outlook(one) if text)
        if statement.by_action:
            told = (f"{name or 'not said'} {spell_hours(minutes)} h" for name, minutes in statement.by_action)
            yield f"    {'actions':<10} {', '.join(told)}"
        if statement.sealed_on:
            yield f"    {'sealed':<10} on {spell_day(statement.sealed_on)}: these hours are final"
        yield from (f"    {_line(line)}" for line in statement.lines if line.minutes)
        yield from (f"    {'differs':<10} {safe(text)}" for text in statement.differences)
    if hours.waiting:
        yield ""
        yield f"Logged, and in no allocation yet: {spell_hours(sum(line.minutes for line in hours.waiting))} h"
    for line in hours.waiting:
        yield f"    {_line(line)}"
        yield from (f"              - {safe(rule)}" for rule in line.rules)


def outlook(one: Standing) -> Iterator[tuple[str, str]]:
    """Return what there is to say about an allocation beside its sentence: a word and a text, "" for nothing."""
    yield "level", one.level
    yield "used", _used(one)
    yield "period", "" if one.gone is None or not one.runs else f"{_percent(one.gone)} of its working days gone"
    yield "pace", one.pace
    yield "forecast", forecast(one)
    yield "planned", "not known" if one.planned_minutes is None else _planned(one)
    yield "completed", _completed(one)


def forecast(one: Standing) -> str:
    """Return what will be used at the end, planned work apart, or why nobody can say."""
    if one.forecast_minutes is None:
        return f"none: {one.no_forecast}" if one.no_forecast and one.runs else ""
    rate, most = one.forecast_minutes
    text = f"{spell_hours(rate)} h at the end, at the rate so far"
    return text if rate == most else f"{text}; {spell_hours(most)} h with the planned work"


def _used(one: Standing) -> str:
    if one.available_minutes is None:
        return f"{spell_hours(one.used_minutes)} h; no hours are agreed"
    share = "" if one.share is None else f" ({_percent(one.share)})"
    extra = f", {spell_hours(one.extra_used_minutes)} of {spell_hours(one.extra_minutes)} extra h"
    over = f", {spell_hours(one.overrun_minutes)} h over" if one.overrun_minutes else ""
    first = one.used_minutes - one.extra_used_minutes - one.overrun_minutes
    used = f"{spell_hours(first)} of {spell_hours(one.available_minutes)} h"
    return f"{used}{extra if one.extra_minutes else ''}{over}{share}"


def _planned(one: Standing) -> str:
    works = (f"{safe(work.title)} ({safe(work.reference)}) {spell_hours(work.minutes)} h" for work in one.planned)
    return ", ".join(works)


def _completed(one: Standing) -> str:
    if not one.completed:
        return ""
    return f"{one.completed}, {spell_day(one.completed_on)}" if one.completed_on else one.completed


def _place(one: Standing) -> str:
    return " / ".join(safe(name) for name in (one.engagement, one.project) if name) or "No project is linked"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _unread(complete: Mapping[str, bool]) -> Iterator[str]:
    missing = [name for name, read in complete.items() if not read]
    if missing:
        yield f"Not all of {' and '.join(missing)} could be read: hours may be missing, so no level or pace is told."


def _line(line: StatementLine) -> str:
    named = f" ({safe(line.reference)})" if line.reference else ""
    people = safe(line.people) or "nobody named"
    title = safe(line.title) or safe(line.key)
    when = f"{spell_hours(line.minutes):>6} h  {spell_day(line.day):<12}"
    return f"{when} {title}{named}, {people}  {safe(line.url)}".rstrip()


def _sealed(statement: Statement) -> str:
    lines = counted(len(statement.lines), "line")
    if statement.sealed_on:
        return f"{lines}; sealed on {spell_day(statement.sealed_on)}: these hours are final"
    return f"{lines}; {'reopened by a person' if statement.reopened else 'not sealed yet'}"


def _cap(statement: Statement) -> Iterator[str]:
    one, reading = statement.standing, statement.reading
    agreed = "no hours are agreed" if one.available_minutes is None else f"{spell_hours(one.available_minutes)} h"
    extra = f" and {spell_hours(one.extra_minutes)} extra h" if one.extra_minutes else ""
    yield f"{agreed}{extra}, as Hours available of the allocation says"
    if reading is None:
        yield "its project has no clause"
        return
    yield f'clause     "{safe(statement.clause)}"'
    yield from (f"{'read':<10} {text}" for text in _read(reading))
    yield from (f"{'ask':<10} {safe(question)}" for question in statement.questions)


def _read(reading: ClauseReading) -> Iterator[str]:
    """Return each value of a clause with the words and the place it was read from."""
    told = {
        "minutes": "" if reading.minutes is None else f"{spell_hours(reading.minutes)} h",
        "period": f"each {reading.period.value}" if reading.period else "",
        "anchor": f"by the {reading.anchor.value}" if reading.anchor else "",
        "role": f"by {reading.role}" if reading.role else "",
        "extra_minutes": "" if reading.extra_minutes is None else f"{spell_hours(reading.extra_minutes)} extra h",
        "rate": f"an hour costs {reading.rate.amount:f} {reading.rate.currency}" if reading.rate else "",
    }
    for name, text in told.items():
        span = reading.spans.get(name)
        words = f', from "{safe(span.text)}" (characters {span.start} to {span.end})' if span else ""
        if text:
            yield f"{safe(text)}{words}"


def _differences(statement: Statement) -> Iterator[str]:
    if statement.differences:
        yield ""
        yield "Does not agree:"
        yield from (f"  {safe(text)}" for text in statement.differences)
