"""The answer to "can we promise this?" for people: month by month, the reason, and whom to ask."""

from collections.abc import Iterator, Sequence
from datetime import date

from sync.hours.expertise import Expertise
from sync.hours.promise import Answer, PromiseAnswer, Span
from sync.model.legible import safe
from sync.model.minutes import spell_hours
from sync.report.words import MONTHS, counted, short

MONTH_HEADS = (
    "month", "committed", "promise", "capacity", "taken", "h a day", "full time", "busiest day", "answer",
)  # fmt: skip
PROVIDER_HEADS = ("provider", "hours", "full time")
NAMED = 5


def answer_line(told: PromiseAnswer) -> str:
    """Return the answer in one sentence, which can be pasted into a message."""
    wish = told.wish
    per = "in all" if wish.period.value == "term" else f"per {wish.period.value}"
    asked = f"{spell_hours(wish.minutes)} h {per} from {wish.start} to {wish.end}"
    by = f" by {safe(told.team)}" if told.team else ""
    return f"{asked}{by}: {_verdict(told)}"


def _verdict(told: PromiseAnswer) -> str:
    over = [one for one in told.months if one.answer is Answer.NO]
    unset = [one for one in told.months if one.answer is Answer.UNKNOWN]
    if over:
        leads = tuple(dict.fromkeys(lead for one in over for lead in one.leads))
        return f"no. Above the limit in {_months(over)}: ask {_people(leads)}."
    if unset:
        whose = f" for {safe(told.team)}" if told.team else ""
        return f"cannot be told. No capacity is set{whose} in {_months(unset)}: ask the area lead to set it."
    if not told.complete:
        return "cannot be told. Airtable was read incompletely: more may be promised than was seen."
    return "yes."


def month_row(one: Span, full_time_minutes: int) -> tuple[str, ...]:
    """Return a month as the cells of a table."""
    peak = f"{spell_hours(one.peak_minutes)} h on {_day(one.peak_day)}" if one.peak_day else ""
    return (
        _month(one),
        f"{spell_hours(one.committed_minutes)} h",
        f"{spell_hours(one.promised_minutes)} h",
        "not set" if one.capacity_minutes is None else f"{spell_hours(one.capacity_minutes)} h",
        "" if one.share is None else f"{100 * one.share:.0f} %",
        spell_hours(one.minutes_per_day),
        f"{one.full_time(full_time_minutes):.2f}",
        peak,
        reason(one),
    )


def reason(one: Span) -> str:
    """Return the answer for some days, with the reason."""
    match one.answer:
        case Answer.YES:
            return "yes"
        case Answer.UNKNOWN:
            return f"cannot be told: no capacity from {one.unset_from} to {one.unset_until}"
        case Answer.NO:
            before = " already" if one.committed_minutes > (one.capacity_minutes or 0) else ""
            return f"no: {spell_hours(one.over_minutes)} h above the limit{before}, ask {_people(one.leads)}"


def notes(told: PromiseAnswer) -> Iterator[str]:
    """Yield what the numbers are made of, and what is in none of them."""
    whole = told.whole
    if whole.share is not None:
        yield f"On average over all days: {100 * whole.share:.0f} % of the capacity."
    if cut := [one for one in told.wish.periods if one.cut]:
        spans = " and ".join(f"{one.start} to {one.end}" for one in cut)
        yield f"Counted by the calendar; cut short, with the full hours as in a clause: {spans}."
    if whole.extra_minutes:
        yield f"Extra hours that communities may buy, in no number above: {spell_hours(whole.extra_minutes)} h."
    if told.other_roles:
        names = [f"{one.name} (by {one.role or 'nobody named'})" for one in told.other_roles]
        yield f"Not counted, for no team with a capacity: {_some(names)}."
    if told.uncounted:
        yield f"Not counted: {_some([f'{one.name} ({one.why})' for one in told.uncounted])}."


def expertise_lines(found: Expertise) -> Iterator[str]:
    """Yield where such work is being delivered already, with the words that say so; or whom to ask (requirement 39)."""
    alike = found.alike
    if found.is_new:
        yield "A new kind of work: nothing alike in a running engagement. Ask the area lead about expertise."
    if not alike and not found.complete:
        yield "Nothing alike was found, but Airtable was read incompletely: it cannot be told whether the work is new."
    if not alike:
        return
    yield f"Alike by its words to work of {counted(len(alike), 'running engagement')}:"
    for one in alike[:NAMED]:
        yield f"  {safe(one.engagement)} ({counted(one.alike, 'passage')})"
        for passage in one.passages:
            yield f"    {safe(passage.source)}: {short(passage.text)} ({', '.join(map(safe, passage.shared))})"
    if len(alike) > NAMED:
        yield f"  … {len(alike) - NAMED} more; --json has them all"


def _months(spans: Sequence[Span]) -> str:
    return ", ".join(map(_month, spans))


def _month(one: Span) -> str:
    return f"{MONTHS[one.start.month - 1]} {one.start.year}"


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def _people(names: Sequence[str]) -> str:
    return " and ".join(map(safe, names)) or "the area lead"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(map(safe, names[:NAMED])) + more
