"""Where an allocation's total comes from: its lines, its cap, and what disagrees (requirements 81, 82, 84 and 108)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mappings.actions import action_of
from sync.hours.behind import CountedRow, counted_rows
from sync.hours.calendar import ProjectCalendar, calendar_of
from sync.mirror.identity import GITHUB, short_reference
from sync.mirror.planning import Assessment
from sync.mirror.rules import issue_place, left_place, row_rules, task_place
from sync.mirror.world import World
from sync.model.change import Standing, WriteTotals
from sync.model.contract import Allocation, Community, Engagement, Project
from sync.model.minutes import spell_hours
from sync.model.statement import CommunityHours, LineEntry, Statement, StatementLine
from sync.model.work import UNPLACED, Row, StoredRow


class Statements:
    """Makes the statements of one run."""

    def __init__(self, assessment: Assessment, world: World) -> None:
        """Look up once what belongs to which row."""
        self._assessment = assessment
        self._world = world
        self._contracts = world.contracts
        self._standings = {one.allocation_id: one for one in assessment.plan.standings}
        self._decisions = {one.settled.owner: one for one in assessment.decisions.values()}
        self._timed = {one.settled.owner: one for one in assessment.timed}
        self._left = {mirror.owner: fate for mirror, fate in assessment.left if mirror.owner}
        self._calendars: dict[str, ProjectCalendar] = {}
        self._writes = {one.allocation_id: one for one in assessment.plan.changes if isinstance(one, WriteTotals)}

    def of(self, allocation: Allocation) -> Statement:
        """Return the statement of an allocation."""
        standing = self._standings[allocation.id]
        counted = counted_rows(allocation, self._assessment.rows.values())
        lines = sorted((self._line(one, allocation) for one in counted), key=_order)
        project = self._contracts.projects.get(allocation.project_id)
        clause = project.clause.strip() if project else ""
        calendar = self._calendar(project) if project else None
        total = sum(one.minutes for one in lines)
        about_total = self._about_total(allocation, standing, total, lines)
        return Statement(
            standing=standing,
            lines=tuple(lines),
            total_minutes=total,
            airtable_minutes=allocation.totals.used_minutes,
            airtable_sentence=allocation.totals.sentence.strip(),
            airtable_as_of=allocation.as_of,
            provider=allocation.provider,
            url=allocation.asana_url,
            sealed_on=allocation.sealing.on if allocation.sealing and not allocation.reopen else None,
            reopened=allocation.reopen,
            clause=clause,
            reading=calendar.reading if calendar and clause else None,
            questions=calendar.questions if calendar else (),
            differences=(*about_total, *(_about_cap(allocation, calendar) if calendar else ())),
        )

    def _calendar(self, project: Project) -> ProjectCalendar:
        """Return the project's clause held against its allocations, as the checks do."""
        if project.id not in self._calendars:
            engagement = self._contracts.engagements.get(project.engagement_id) or Engagement("", "")
            mine = self._contracts.allocations_of(frozenset({project.id}))
            self._calendars[project.id] = calendar_of(project, engagement, mine)
        return self._calendars[project.id]

    def of_community(self, community: Community) -> CommunityHours:
        """Return the statements of all allocations of a community."""
        contracts = self._contracts
        mine = contracts.allocations_of(frozenset(contracts.projects_of_community(community.id)))
        found = sorted((self.of(one) for one in mine), key=_place_of)
        return CommunityHours(community.name, tuple(found), tuple(sorted(self._waiting(community), key=_order)))

    def _waiting(self, community: Community) -> Iterator[StatementLine]:
        """Return what is logged for a community and counts in no allocation yet, each with the reason it waits."""
        for row in self._assessment.rows.values():
            decision = self._decisions.get(row.owner)
            if row.allocation_id == UNPLACED and row.minutes and decision and decision.community_id == community.id:
                reason = f"waits: {decision.settled.target.reason}"
                yield _statement_line(CountedRow(row, row.minutes), self._world.ledger.rows.get(row.key), [reason])

    def _line(self, one: CountedRow, allocation: Allocation) -> StatementLine:
        row = one.row
        stored = self._world.ledger.rows.get(row.key)
        minutes = stored.row.minutes if stored else None
        rules = [
            *self._place(row.owner, allocation),
            *row_rules(one, allocation, minutes, is_stored=stored is not None),
        ]
        if minutes != one.minutes:
            rules += (f"in this reading: {step}" for step in self._steps(row.owner) if allocation.name in step)
        if row.key in self._world.ledger.twins:
            rules.append("its key stands on several rows, or on one that cannot be read: held until it is corrected")
        return replace(_statement_line(one, stored, rules), entries=self._entries(row), action=self._action(row.owner))

    def _action(self, owner: str) -> str:
        decision = self._decisions.get(owner)
        return action_of(decision.scoped.issue.labels) if decision else ""

    def _entries(self, row: Row) -> tuple[LineEntry, ...]:
        """Return the time entries behind a row; none are known behind a seal, or where the plan has none."""
        work = self._timed.get(row.owner)
        found = work.counting.get(row.allocation_id, ()) if work else ()
        return tuple(LineEntry(one.person, one.day, one.minutes) for one in found)

    def _steps(self, owner: str) -> tuple[str, ...]:
        decided = self._decisions.get(owner) or self._timed.get(owner)
        return decided.settled.steps if decided else ()

    def _place(self, owner: str, allocation: Allocation) -> Iterator[str]:
        if owner in self._decisions:
            yield from issue_place(self._decisions[owner], allocation, self._contracts)
        elif owner in self._timed:
            yield from task_place(self._timed[owner], allocation)
        elif owner in self._left:
            yield from left_place(self._left[owner])
        else:
            yield "its issue or task was not seen; what counted here stays"

    def _about_total(
        self, allocation: Allocation, standing: Standing, total: int, lines: Iterable[StatementLine]
    ) -> Iterator[str]:
        """Tell where the sum, the usage and the cell of the base do not agree, and what becomes of it."""
        if total != standing.used_minutes:
            yield f"The lines add up to {spell_hours(total)} h, the usage says {spell_hours(standing.used_minutes)} h."
        shown, write = allocation.totals.used_minutes, self._writes.get(allocation.id)
        if shown == standing.used_minutes:
            if write and write.before.sentence.strip() != write.after.sentence:
                yield f'Airtable still says "{write.before.sentence.strip()}"; the next run writes the sentence above.'
            return
        says = "shows no Hours used yet" if shown is None else f"shows {spell_hours(shown)} h as Hours used"
        moved = sum(1 for one in lines if not one.sealed and (one.stored_minutes or 0) != one.minutes)
        why = f"{moved} of the lines changed since" if moved else "no run has written it, or somebody changed the cell"
        then = "the next run writes it" if write else "it waits until all contracts and rows can be read"
        since = f", written {allocation.as_of:%Y-%m-%d %H:%M} UTC" if allocation.as_of else ""
        yield f"Airtable {says}{since}: {why}; {then}."


def _statement_line(one: CountedRow, stored: StoredRow | None, rules: Iterable[str]) -> StatementLine:
    row = one.row
    return StatementLine(
        key=row.key,
        source=row.source,
        reference=short_reference(row.url) if row.source == GITHUB and row.url else "",
        title=row.title,
        url=row.url,
        people=row.people,
        day=row.end,
        minutes=one.minutes,
        stored_minutes=stored.row.minutes if stored else None,
        state=row.state,
        placed_by=row.placed_by,
        dated_by=row.dated_by,
        late=row.late,
        sealed=one.sealed,
        rules=tuple(rules),
    )


def _about_cap(allocation: Allocation, calendar: ProjectCalendar) -> Iterator[str]:
    """Tell where the clause and the allocation do not agree, in the words of the finding `allocation_differs`."""
    for line in calendar.lines:
        if allocation in line.allocations and line.differences:
            others = [one.name or one.id for one in line.allocations if one is not allocation]
            together = f" (with {' and '.join(others)})" if others else ""
            yield f"By its clause: {'; '.join(line.differences)}{together}."


def _place_of(statement: Statement) -> tuple[str, str]:
    return statement.standing.engagement.casefold(), statement.standing.project.casefold()


def _order(line: StatementLine) -> tuple[bool, str, str]:
    return line.day is None, line.day.isoformat() if line.day else "", line.key
