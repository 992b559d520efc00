"""The everyday issues of the demo: work done in each allocation, with trees of steps and all kinds of evidence."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle, islice

from sandbox.demo import bodies
from sandbox.demo.contracts import Allocation
from sandbox.demo.drafts import CSH, Cells, IssueDraft
from sandbox.demo.evidence import WAYS, by_allocation
from sandbox.demo.people import ENGINEERS
from sandbox.demo.periods import TODAY, Period, iteration_of, weekday_in, working_day
from sandbox.demo.tickets import Tickets
from sandbox.demo.works import WORKS

SEED = 20_260_916

TREES: tuple[tuple[int | None, ...], ...] = (
    (None, 0, 1, None, 3, 3, None, 6),
    (None, None, 1, 1, None, 0, 5, 4),
    (None, 0, 0, None, None, 4, 5, 3),
)
"""For each issue of an allocation the place of its parent among them: up to three levels."""

SHARES_OF_PAST = (1.0, 0.85, 0.5, 1.0, 0.95, 0.7, 1.15, 0.3, 1.0, 0.9)
SHARES_OF_CURRENT = (0.4, 0.8, 0.3, 0.55, 0.7, 0.9, 0.35, 0.5, 0.1, 0.65)
"""How much of their hours is used. Some are over: it happens, and somebody has to see it."""

QUARTERS = 4
LATELY, WEEKS_AGO = 12, 45
"""Days: what was done lately is still open, and so is the last piece of work of a few weeks ago."""
LONGEST_WORK = 12 * QUARTERS
ESTIMATES = (1, 2, 3, 5, 8)
OPEN_STATUSES = ("In progress", "Up next", "Refined", "Needs refinement")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def everyday_issues(allocations: Sequence[Allocation], number: int, tickets: Tickets) -> tuple[IssueDraft, ...]:
    """Return *number* drafts of work in those *allocations* that have begun; the same every time."""
    begun = [one for one in allocations if one.begun]
    maker = _Maker(tickets)
    counts = _dealt(begun, number)
    return tuple(draft for one, count in zip(begun, counts, strict=True) for draft in maker.work_in(one, count))


def _dealt(allocations: Sequence[Allocation], number: int) -> list[int]:
    """Deal out *number* issues: one to each allocation, three to current ones, the rest to the large ones in turn."""
    counts = [3 if one.current else 1 for one in allocations]
    order = [place for place, one in enumerate(allocations) if one.current and one.hours > 3]
    order += [place for place, one in enumerate(allocations) if one.hours > 5]
    for place in islice(cycle(order), number - sum(counts)):
        counts[place] += 1
    return counts


class _Maker:
    """Thinks up issues one after the other; what recurs takes turns, the rest is drawn from one seed."""

    def __init__(self, tickets: Tickets) -> None:
        self._chance = random.Random(SEED)
        self._tickets = tickets
        self._works, self._ways = cycle(WORKS), cycle(WAYS)
        self._bodies, self._trees = cycle(bodies.EVERYDAY), cycle(TREES)
        self._past, self._current = cycle(SHARES_OF_PAST), cycle(SHARES_OF_CURRENT)
        self._engineers, self._statuses = cycle(ENGINEERS), cycle(OPEN_STATUSES)
        self._made = 0

    def work_in(self, allocation: Allocation, count: int) -> Iterator[IssueDraft]:
        """Yield *count* drafts whose hours make a believable share of the allocation's."""
        share = next(self._current if allocation.current else self._past)
        hours = self._split(round(allocation.hours * share * QUARTERS), count)
        days = sorted(self._day(allocation.period) for _ in range(count))
        drafts: list[IssueDraft] = []
        steps: list[Iterator[tuple[str, str]]] = []
        for above, day, amount in zip(next(self._trees)[:count], days, hours, strict=True):
            if above is None:
                work = next(self._works)
                draft, onwards = self._root(allocation, work.repository, work.title, day), iter(work.steps)
            else:
                onwards = steps[above]
                where, what = next(onwards, ("", "Answer a few more questions"))
                draft = self._step(allocation, drafts[above], where, what, day)
            steps.append(onwards)
            last = len(drafts) == count - 1
            still_open = allocation.current and (TODAY - day).days < (LATELY if not last else WEEKS_AGO)
            drafts.append(self._open(draft, day, amount) if still_open else self._closed(draft, day, amount))
            self._made += 1
        yield from drafts

    def _root(self, allocation: Allocation, repository: str, title: str, day: date) -> IssueDraft:
        title = title.format(month=MONTHS[day.month - 1])
        body = next(self._bodies)
        if allocation.parallel:
            clothing = by_allocation(allocation.name, title, body)
        else:
            clothing = next(self._ways)(allocation.community, title, body, self._tickets)
        return IssueDraft(
            key=f"everyday {self._made}",
            repository=repository,
            title=clothing.title,
            opened=working_day(day - timedelta(days=self._chance.randint(2, 16))),
            body=clothing.body,
            labels=clothing.labels,
            assignees=self._people(allocation, allocation.provider),
            board=clothing.board,
        )

    def _step(self, allocation: Allocation, parent: IssueDraft, where: str, title: str, day: date) -> IssueDraft:
        return IssueDraft(
            key=f"everyday {self._made}",
            repository=where or parent.repository,
            title=title,
            opened=max(parent.opened, working_day(day - timedelta(days=self._chance.randint(1, 9)))),
            body=next(self._bodies) if self._made % 2 else None,
            labels=CSH if self._made % 4 == 0 else (),
            author=parent.assignees[0],
            assignees=self._people(allocation, parent.assignees[0]),
            parent=parent.key,
        )

    def _people(self, allocation: Allocation, provider: str) -> tuple[str, ...]:
        match self._made % 12:
            case 3 | 7:
                return (next(self._engineers).login,)
            case 5:
                return provider, next(self._engineers).login
            case 8:
                guests = [one.github for one in allocation.community.contacts if one.github]
                return (provider, next(self._engineers).login, *guests)
            case _:
                return (provider,)

    def _open(self, draft: IssueDraft, day: date, quarters: int) -> IssueDraft:
        """Leave *draft* open, with or without the hours so far."""
        hours = quarters / QUARTERS if quarters and self._made % 2 else None
        draft = _planned(draft, next(self._statuses), TODAY, quarters)
        return replace(draft, hours=hours, hours_on=day)

    def _closed(self, draft: IssueDraft, day: date, quarters: int) -> IssueDraft:
        """Close *draft* on the day the work was done, most of the time."""
        hours = quarters / QUARTERS if quarters else None
        draft = replace(_planned(draft, "Done", day, quarters), closed=day, hours=hours)
        return self._oddly_ended(draft, day)

    def _oddly_ended(self, draft: IssueDraft, day: date) -> IssueDraft:
        """Let some issues end in another way than most."""
        if self._made % 31 == 17:
            return replace(draft, reason="not_planned", hours=None)
        if self._made % 43 == 20:
            return replace(draft, reason=None)
        if self._made % 19 == 4:
            return replace(draft, hours=None)
        if self._made % 6 == 1:
            closed = min(day + timedelta(days=self._chance.randint(0, 9)), TODAY - timedelta(days=1))
            return replace(draft, closed=closed, hours_on=day, board={**draft.board, "End date": day})
        return draft

    def _day(self, span: Period) -> date:
        """Return a working day of the period that is over."""
        last = min(span.end, TODAY - timedelta(days=1))
        return weekday_in(span, span.start + timedelta(days=self._chance.randint(1, (last - span.start).days)))

    def _split(self, quarters: int, count: int) -> list[int]:
        """Split quarters of an hour into *count* parts, none longer than a long day and a half."""
        weights = [self._chance.randint(1, 5) for _ in range(count)]
        parts = [min(LONGEST_WORK, quarters * weight // sum(weights)) for weight in weights]
        parts[0] = min(LONGEST_WORK, parts[0] + quarters - sum(parts))
        return parts


def _planned(draft: IssueDraft, status: str, day: date, quarters: int) -> IssueDraft:
    """Fill in what planning knows: status, iteration and an estimate."""
    estimate = next((one for one in ESTIMATES if one * QUARTERS >= quarters), ESTIMATES[-1])
    cells: Cells = {"Status": status, "Iteration": iteration_of(day), "Estimate": float(estimate)}
    return replace(draft, board={**draft.board, **cells})
