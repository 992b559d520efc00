"""Plans, records and hours as JSON documents: stable keys, exact minutes, ISO times.

Of descriptions they hold the text only where everybody may read it, or where that was asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from sync.model.alert import State
from sync.model.change import (
    Change,
    FieldChange,
    MakeInitiative,
    Outcome,
    Plan,
    RemoveTask,
    Result,
    Standing,
    TaskDraft,
)
from sync.report.costs import cost_documents
from sync.report.plan_text import counts, summary

if TYPE_CHECKING:  # what they name costs a run that writes no document more than all of its work
    from sync.hours.calendar import ProjectCalendar
    from sync.hours.expertise import Expertise
    from sync.hours.promise import PromiseAnswer, Span
    from sync.model.alert import Judgement
    from sync.model.allocating import AllocationStep, StepOutcome
    from sync.model.clause import ClauseReading, ImpliedAllocation
    from sync.model.cost import Cost
    from sync.model.digest import Digest
    from sync.model.finding import Finding
    from sync.model.review import Review, Reviewed
    from sync.model.statement import CommunityHours, Statement

SCHEMA_VERSION = 1


class Texts(Enum):
    """Which texts of descriptions stand in a document; length and digest stand for the others."""

    NONE = "none"
    FORMER = "former"
    """What it takes to undo a change: of a description that was written over or went with its task."""
    ALL = "all"


def plan_document(plan: Plan, now: datetime, *, bodies: bool = False) -> dict[str, Any]:
    """Return a plan as a document, with a checksum over its changes; with *bodies* the texts of descriptions too."""
    texts = Texts.ALL if bodies else Texts.NONE
    changes = [change_document(change, texts) for change in plan.changes]
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "plan",
        "made_at": now.isoformat(),
        "complete": dict(plan.complete),
        "nothing_moved": plan.nothing_moved,
        "bodies": bodies,
        "summary": summary(plan),
        "counts": counts(plan),
        "checksum": checksum(changes),
        "changes": changes,
        "held": plain(plan.held),
        "waiting": plain(plan.waiting),
        "findings": plain(plan.findings),
        "problems": plain(plan.problems),
    }


def record_document(
    plan: Plan,
    outcomes: Iterable[Outcome],
    *,
    started: datetime,
    ended: datetime,
    exit_code: int,
    refused: str = "",
    warnings: Iterable[str] = (),
    digests: Iterable[Digest] = (),
    undelivered: int = 0,
    costs: Iterable[Cost] = (),
    bodies: bool = False,
) -> dict[str, Any]:
    """Return the record of a run: every change with before, after, reason and outcome, and each lost Asana edit.

    *digests* are what people were told; *undelivered* counts the alerts that they were not; *costs* are what the run
    asked of each service. With *bodies* the texts of all descriptions are in it.
    """
    from sync.report.lost_edits import lost_edits  # noqa: PLC0415  reads descriptions, which other documents do not

    done = list(outcomes)
    return plan_document(plan, started, bodies=bodies) | {
        "kind": "record",
        "ended_at": ended.isoformat(),
        "exit_code": exit_code,
        "refused": refused,
        "warnings": list(warnings),
        "outcomes": [
            {
                "change": change_document(one.carried_out or one.change, _texts(one.change, bodies=bodies)),
                "result": one.result.value,
                "detail": one.detail,
                "gid": one.gid,
            }
            for one in done
        ],
        "told": [_told(one) for one in digests],
        "undelivered": undelivered,
        "costs": cost_documents(costs),
        "lost_edits": [edit for one in done if one.result is Result.DONE for edit in lost_edits(one.change)],
    }


def _texts(change: Change, *, bodies: bool) -> Texts:
    if bodies:
        return Texts.ALL
    return Texts.FORMER if change.about.public else Texts.NONE


def _told(digest: Digest) -> dict[str, Any]:
    """Return the keys of what one role was told; the findings themselves stand in the document."""
    return {
        "role": digest.role.value,
        "opened": [one.finding.key for one in digest.opened],
        "resolved": [one.finding.key for one in digest.resolved],
        "standing": digest.standing,
    }


def check_document(plan: Plan, judged: Mapping[Finding, Judgement], now: datetime) -> dict[str, Any]:
    """Return the findings, each with its key, since when it is there, and what people said about it."""
    states = Counter(word.state for word in judged.values())
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "check",
        "as_of": now.isoformat(),
        "complete": dict(plan.complete),
        "open": sum(number for state, number in states.items() if not state.quiet),
        "acknowledged": states[State.ACKNOWLEDGED],
        "snoozed": states[State.SNOOZED],
        "accepted": states[State.ACCEPTED],
        "findings": [finding_document(one, word) for one, word in judged.items()],
        "problems": plain(plan.problems),
    }


def review_document(review: Review, complete: Mapping[str, bool], now: datetime) -> dict[str, Any]:
    """Return the weekly review: engagements worst first, and what belongs to none that is active."""
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "review",
        "as_of": now.isoformat(),
        "complete": dict(complete),
        "since": review.since.isoformat(),
        "alerts_kept": review.kept,
        "engagements": [_engagement(one) for one in review.engagements],
        "elsewhere": _looked(review.elsewhere),
        "teams": plain(review.teams),
    }


def _engagement(one: Reviewed) -> dict[str, Any]:
    engagement = one.engagement
    return {
        "engagement_id": engagement.id if engagement else "",
        "engagement": engagement.name if engagement else "",
        "community": one.community,
        "start": plain(engagement.start if engagement else None),
        "end": plain(engagement.end if engagement else None),
        "status": engagement.status if engagement else "",
        "proposed_status": one.proposed,
        "proposed_reason": one.reason,
        "allocations": plain(one.standings),
        **_looked(one),
    }


def _looked(one: Reviewed) -> dict[str, Any]:
    return {
        "findings": [{**finding_document(each.finding, each.word), "new": each.is_new} for each in one.findings],
        "resolved": [
            {"key": gone.finding.key, "kind": gone.finding.kind, "subject": gone.finding.subject, "on": plain(gone.on)}
            for gone in one.resolved
        ],
    }


def finding_document(one: Finding, word: Judgement) -> dict[str, Any]:
    """Return a finding and how it stands for people."""
    return {
        "key": one.key,
        **plain(one),
        "state": word.state.value,
        "first_seen": plain(word.since),
        "until": plain(word.until),
        "reason": word.reason,
        "owner": word.owner,
        "accepted": plain(word.acceptance),
    }


def allocations_document(
    calendars: Iterable[ProjectCalendar],
    steps: Iterable[AllocationStep],
    outcomes: Iterable[StepOutcome],
    now: datetime,
    *,
    complete: bool,
    upcoming: Iterable[Mapping[str, Any]] = (),
    initiatives: Iterable[MakeInitiative] = (),
    made: Iterable[Outcome] = (),
) -> dict[str, Any]:
    """Return each project's clause, read, beside its allocations, and the steps that would complete them.

    *upcoming* are the allocations to come, *initiatives* those to make, *made* what came of them.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "allocations",
        "as_of": now.isoformat(),
        "complete": complete,
        "projects": [_calendar(one) for one in calendars],
        "upcoming": [dict(one) for one in upcoming],
        "steps": [plain(one) for one in steps],
        "initiatives": [_initiative(one) for one in initiatives],
        "initiatives_made": [
            {"initiative": _initiative(one.change), "result": one.result.value, "detail": one.detail}
            for one in made
            if isinstance(one.change, MakeInitiative)
        ],
        "outcomes": [
            {
                "step": plain(one.step),
                "result": one.result.value,
                "detail": one.detail,
                "allocation_id": one.allocation_id,
                "task_url": one.task_url,
            }
            for one in outcomes
        ],
    }


def _initiative(one: MakeInitiative) -> dict[str, Any]:
    return {"allocation_id": one.allocation_id, "title": one.draft.title, "reason": one.reason}


def _calendar(one: ProjectCalendar) -> dict[str, Any]:
    return {
        "project_id": one.project.id,
        "project": one.project.name,
        "engagement_id": one.engagement.id,
        "engagement": one.engagement.name,
        "clause": one.project.clause,
        "start": plain(one.start),
        "end": plain(one.end),
        "questions": list(one.questions),
        "periods": [
            {
                "verdict": line.verdict.value,
                "start": plain(line.start),
                "end": plain(line.end),
                "implied": plain(line.implied),
                "allocation_ids": [allocation.id for allocation in line.allocations],
                "minutes": [allocation.minutes for allocation in line.allocations],
                "differences": list(line.differences),
            }
            for line in one.lines
        ],
        "overlaps": [[one.id for one in pair] for pair in one.overlaps],
        "gaps": [[first.isoformat(), last.isoformat()] for first, last in one.gaps],
    }


def freshness_document(last: datetime | None, limit: timedelta, now: datetime, *, is_stale: bool) -> dict[str, Any]:
    """Return when a run succeeded last, and whether that is too long ago."""
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "freshness",
        "as_of": now.isoformat(),
        "last_success": last.isoformat() if last else None,
        "limit_seconds": int(limit.total_seconds()),
        "stale": is_stale,
    }


def clause_document(
    reading: ClauseReading, questions: Iterable[str], found: Iterable[ImpliedAllocation] | None
) -> dict[str, Any]:
    """Return what a clause says, and the periods that follow where the contract's days were given."""
    document = {"schema_version": SCHEMA_VERSION, "kind": "clause", **_reading(reading), "questions": list(questions)}
    return document if found is None else document | {"allocations": plain(tuple(found))}


def _reading(reading: ClauseReading) -> dict[str, Any]:
    rate = reading.rate  # exact, as it stands in the contract
    told = {name: value for name, value in _fields(reading).items() if name != "anchor_question"}
    return told | {"rate": {"amount": f"{rate.amount:f}", "currency": rate.currency} if rate else None}


def promise_document(
    told: PromiseAnswer, expertise: Expertise | None, full_time_minutes: int, now: datetime
) -> dict[str, Any]:
    """Return the answer to a promise, month by month; without *expertise* nobody asked for work that is alike."""
    wish = told.wish
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "promise",
        "as_of": now.isoformat(),
        "complete": told.complete,
        "answer": told.answer.value,
        "asked": {
            "minutes": wish.minutes,
            "per": wish.period.value,
            "from": plain(wish.start),
            "to": plain(wish.end),
            "role": wish.role,
        },
        "team": told.team,
        "capacity_known": told.known_team,
        "periods": [{"start": plain(one.start), "end": plain(one.end), "cut": one.cut} for one in wish.periods],
        "months": [_span(one, full_time_minutes) for one in told.months],
        "average": _span(told.whole, full_time_minutes),
        "providers": [
            {"provider": one.provider, "minutes": one.minutes, "full_time": one.full_time(full_time_minutes)}
            for one in told.carried
        ],
        "other_roles": plain(told.other_roles),
        "uncounted": plain(told.uncounted),
        "alike": plain(expertise.alike) if expertise else None,
        "new_kind": expertise.is_new if expertise else None,
    }


def _span(one: Span, full_time_minutes: int) -> dict[str, Any]:
    return {
        **plain(one),
        "total_minutes": one.total_minutes,
        "over_minutes": one.over_minutes,
        "share": one.share,
        "minutes_per_day": one.minutes_per_day,
        "full_time": one.full_time(full_time_minutes),
        "answer": one.answer.value,
    }


def hours_document(
    standings: Iterable[Standing],
    now: datetime,
    complete: Mapping[str, bool],
    last_success: datetime | None,
    community: CommunityHours | None,
) -> dict[str, Any]:
    """Return where allocations stand; those of one *community* with what is behind them."""
    behind = {one.standing.allocation_id: _behind(one) for one in (community.statements if community else ())}
    document = {
        "schema_version": SCHEMA_VERSION,
        "kind": "hours",
        "as_of": now.isoformat(),
        "complete": dict(complete),
        "last_success": plain(last_success),
        "allocations": [plain(one) | behind.get(one.allocation_id, {}) for one in standings],
    }
    return document | {"waiting": plain(community.waiting)} if community else document


def explanation_document(target: str, lines: Iterable[str]) -> dict[str, Any]:
    """Return an explanation as it is shown."""
    return {"schema_version": SCHEMA_VERSION, "kind": "explanation", "target": target, "lines": list(lines)}


def statement_document(statement: Statement, now: datetime, complete: Mapping[str, bool]) -> dict[str, Any]:
    """Return an allocation's statement: the entries add up to the total."""
    clause = {"text": statement.clause, **_reading(statement.reading)} if statement.reading else None
    if clause:
        clause["questions"] = list(statement.questions)
    return {
        "as_of": now.isoformat(),
        "complete": dict(complete),
        "allocation": plain(statement.standing),
        **_behind(statement),
        "clause": clause,
    }


def _behind(statement: Statement) -> dict[str, Any]:
    return {
        "provider": statement.provider,
        "url": statement.url,
        "entries": plain(statement.lines),
        "total_minutes": statement.total_minutes,
        "airtable_minutes": statement.airtable_minutes,
        "airtable_sentence": statement.airtable_sentence,
        "airtable_as_of": plain(statement.airtable_as_of),
        "sealed_on": plain(statement.sealed_on),
        "reopened": statement.reopened,
        "differences": list(statement.differences),
    }


def change_document(change: Change, texts: Texts = Texts.NONE) -> dict[str, Any]:
    """Return one change as a document."""
    return {"change": type(change).__name__, **plain(change, texts)}


def checksum(changes: Iterable[Mapping[str, Any]]) -> str:
    """Return a digest of changes: equal plans have equal digests."""
    text = json.dumps(list(changes), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def plain(value: Any, texts: Texts = Texts.NONE) -> Any:
    """Return a value of ours as JSON knows it; for descriptions stand length and digest, but for those of *texts*."""
    if isinstance(value, TaskDraft):
        told = str if texts is Texts.ALL else digest
        document = {"name": value.name, "html_notes": told(value.html_notes), "notes": told(value.notes)}
        return document | {one.name: plain(getattr(value, one.name)) for one in fields(value) if one.name != "text"}
    if isinstance(value, FieldChange) and value.name == "description" and texts is Texts.NONE:
        return _fields(value) | {"before": digest(str(value.before or "")), "after": digest(str(value.after or ""))}
    if isinstance(value, RemoveTask) and texts is Texts.FORMER:
        return _fields(value, Texts.ALL)
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value, texts)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one, texts) for key, one in sorted(value.items(), key=lambda item: str(item[0]))}
    if isinstance(value, frozenset | set):
        return sorted(plain(one, texts) for one in value)
    if isinstance(value, tuple | list):
        return [plain(one, texts) for one in value]
    return value


def digest(text: str) -> dict[str, Any]:
    """Return what stands for a text that is not shown."""
    return {"characters": len(text), "sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()}


def _fields(value: Any, texts: Texts = Texts.NONE) -> dict[str, Any]:
    return {one.name: plain(getattr(value, one.name), texts) for one in fields(value) if one.repr}
