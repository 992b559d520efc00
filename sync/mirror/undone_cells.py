"""Seals, totals, proposals, hours on CSH tasks and comments as they were before a run, where they still are its own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from mappings.back_link import back_link_text
from sync.mirror.differences import current_value
from sync.mirror.totals import same_number, same_totals
from sync.mirror.undone import CHANGED, FORMER, MADE, Refs
from sync.model.change import (
    About,
    Change,
    DeleteBackLink,
    FieldChange,
    Outcome,
    SealAllocation,
    WriteBackLink,
    WriteCshHours,
    WriteProposal,
    WriteTotals,
)
from sync.model.contract import ProposedStatus
from sync.model.undoing import NotUndone, Present

UNREAD = "its row in Airtable is gone or could not be read"
SPOILT = "not all of its rows are taken back; the next run sums them anew"
NO_COMMENT = "the comment could not be read; delete it by hand, or switch back-links on and look again"


def seals_back(
    outcomes: Iterable[Outcome], present: Present
) -> tuple[list[SealAllocation], list[NotUndone], frozenset[str]]:
    """Return what sets seals back, what stays, and the allocations that are not sealed afterwards.

    *outcomes* come last first.
    """
    found: dict[str, SealAllocation] = {}
    staying: list[NotUndone] = []
    for outcome in outcomes:
        change = outcome.change
        if not isinstance(change, SealAllocation):
            continue
        allocation = present.contracts.allocations.get(change.allocation_id)
        former = found.get(change.allocation_id)
        if allocation is None:
            staying.append(NotUndone(change.about, UNREAD))
        elif (former.sealing if former else allocation.sealing) != change.sealing:
            staying.append(NotUndone(change.about, f"its seal: {CHANGED}"))
        else:
            found[allocation.id] = SealAllocation(
                allocation.id, change.before, change.about, "as it was before", allocation.sealing
            )
    lifted = frozenset(one.allocation_id for one in found.values() if one.sealing is None)
    return [one for one in found.values() if one.sealing != one.before], staying, lifted


@dataclass
class UndoneCells:
    """The way back of cells that are summed or decided anew by each run, and of comments.

    *spoilt* are the allocations in which a row stays: what is shown of them must agree with their rows.
    """

    present: Present
    refs: Refs
    spoilt: Collection[str]
    changes: list[Change] = field(default_factory=list)
    comments: list[Change] = field(default_factory=list)
    """Comments that are written again: their tasks have to be there first."""
    not_undone: list[NotUndone] = field(default_factory=list)

    def take_back(self, outcome: Outcome) -> None:
        """Plan the reverse of one change, or tell why there is none."""
        match outcome.change:
            case WriteTotals():
                self._totals(outcome.change)
            case WriteProposal():
                self._proposal(outcome.change)
            case WriteCshHours():
                self._csh_hours(outcome.change)
            case WriteBackLink():
                self._back_link(outcome.change, outcome.gid)
            case DeleteBackLink():
                self._comment_again(outcome.change)
            case _:
                pass

    def _cannot(self, about: About, why: str) -> None:
        self.not_undone.append(NotUndone(about, why))

    def _totals(self, change: WriteTotals) -> None:
        allocation = self.present.contracts.allocations.get(change.allocation_id)
        if allocation is None:
            self._cannot(change.about, UNREAD)
        elif change.allocation_id in self.spoilt:
            self._cannot(change.about, SPOILT)
        elif not same_totals(allocation.totals, change.after):
            self._cannot(change.about, f"its totals: {CHANGED}")
        else:
            now = allocation.totals
            self.changes.append(WriteTotals(change.allocation_id, now, change.before, change.about, FORMER))

    def _proposal(self, change: WriteProposal) -> None:
        engagement = self.present.contracts.engagements.get(change.engagement_id)
        if engagement is None:
            self._cannot(change.about, UNREAD)
        elif _words(engagement.proposed) != _words(change.after):
            self._cannot(change.about, f"its proposed status: {CHANGED}")
        else:
            now = engagement.proposed
            self.changes.append(WriteProposal(change.engagement_id, now, change.before, change.about, FORMER))

    def _csh_hours(self, change: WriteCshHours) -> None:
        task = self.present.csh_tasks.get(change.gid)
        if task is None:
            self._cannot(change.about, "the CSH task is gone or could not be read")
            return
        if change.allocation_id in self.spoilt:
            self._cannot(change.about, SPOILT)
            return
        back = []
        for one in change.changes:
            now = current_value(task, one.name)
            if same_number(now, one.after):  # type: ignore[arg-type]  # hours are numbers
                back.append(FieldChange(one.name, now, one.before))
            else:
                self._cannot(change.about, f"{one.name.replace('_', ' ')}: {CHANGED}")
        if back:
            self.changes.append(replace(change, changes=tuple(back), reason=FORMER))

    def _back_link(self, change: WriteBackLink, written: str) -> None:
        """Delete a comment that the run wrote, or let one that it edited lead where it led."""
        comment_id = change.comment_id or (int(written) if written.isdecimal() else None)
        if comment_id is None:
            self._cannot(change.about, "the record does not say which comment it is; delete it by hand")
            return
        where = (change.repository, comment_id)
        text, gid = self.present.comments.get(where), self.refs.gid(change.task)
        if text is None and where in self.present.comments:
            return
        if text is None:
            self._cannot(change.about, NO_COMMENT)
        elif text != back_link_text(gid, change.words):
            self._cannot(change.about, f"the comment on the issue: {CHANGED}")
        elif change.comment_id is None:
            self.comments.append(DeleteBackLink(*_place(change), comment_id, gid, change.about, MADE, change.words))
        elif (former := self.refs.to_write(change.before)) is None:
            self._cannot(change.about, "the comment on the issue had other words before; GitHub shows them")
        else:
            why = "it led to another task"
            self.comments.append(
                WriteBackLink(*_place(change), former, comment_id, change.about, why, gid, change.words)
            )

    def _comment_again(self, change: DeleteBackLink) -> None:
        former = self.refs.to_write(change.gid)
        if former is None or (former.gid and self.present.tasks.get(former.gid) is None):
            self._cannot(change.about, "the task that the comment led to is gone")
        else:
            why = "it led to the task"
            anew = WriteBackLink(change.repository, change.number, former, None, change.about, why, words=change.words)
            self.comments.append(anew)


def _place(change: WriteBackLink) -> tuple[str, int]:
    return change.repository, change.number


def _words(proposed: ProposedStatus) -> tuple[str, str]:
    return (proposed.status or "").strip(), (proposed.reason or "").strip()
