"""What every check looks at."""

from collections.abc import Iterator
from dataclasses import dataclass

from sync.mirror.deciding import Decision
from sync.mirror.leaving import leaves_a_task
from sync.mirror.planning import Assessment
from sync.mirror.world import Policy, World


@dataclass(frozen=True, slots=True)
class Case:
    """One run as the checks see it: what was read, what was decided, and by which policy."""

    assessment: Assessment
    world: World
    policy: Policy

    def mirrored(self) -> Iterator[Decision]:
        """Return the decisions about issues that have a task when this run is over."""
        for issue_id, decision in self.assessment.decisions.items():
            if leaves_a_task(self.assessment.fates[issue_id]):
                yield decision

    def counted(self) -> Iterator[Decision]:
        """Return the decisions about issues whose hours count: mirrored now or before, and not closed undelivered."""
        for issue_id, decision in self.assessment.decisions.items():
            if not decision.scoped.issue.closing.undelivered and (
                decision.mirror or leaves_a_task(self.assessment.fates[issue_id])
            ):
                yield decision
