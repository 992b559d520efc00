"""Make an initiative, or what is missing of one, so that a crash anywhere and another try end in the same issues.

Every issue is looked up by its marker before it is made; the address in *Initiative URL* comes last and says that all
is there.
"""

from collections.abc import Mapping

from sync.model.change import MakeInitiative
from sync.model.initiative import Initiative
from sync.ports import LedgerTarget, PlanningBoard


class Initiatives:
    """Makes initiatives. The planning repository is read once more before the first: a person may have acted."""

    def __init__(self, planning: PlanningBoard, ledger: LedgerTarget) -> None:
        self._planning = planning
        self._ledger = ledger
        self._known: Mapping[str, Initiative] | None = None

    def make(self, change: MakeInitiative) -> str:
        """Bring the initiative of an allocation about and return its address.

        Raises a ServiceError at the first step that fails; OutcomeUnknown when nobody can tell whether an issue was
        made: the next try reads the repository first.
        """
        if self._known is None:
            self._known = self._planning.read().by_allocation
        found = self._known.get(change.allocation_id)
        issue = found.issue if found else self._planning.open(change.draft)
        tasks = found.tasks if found else {}
        for step, draft in change.tasks.items():
            task = tasks.get(step) or self._planning.open(draft)
            if not task.parent_id:
                self._planning.adopt(issue, task)
        if not issue.on_board:
            self._planning.put_on_board(issue)
        if change.noted:
            self._ledger.write_initiative(change.allocation_id, issue.url)
        return issue.url
