"""Findings about allocations that are to come."""

from collections.abc import Iterator

from sync.findings.case import Case
from sync.mirror.upcoming import upcoming_allocations
from sync.model.finding import Finding
from sync.model.initiative import Lack, Upcoming

REMEDIES = {
    Lack.INITIATIVE: "Create its initiative, put it on the board, and note its address in Initiative URL.",
    Lack.BOARD: "Put its initiative on the board, or correct Initiative URL.",
}


def not_planned(case: Case) -> Iterator[Finding]:
    """An allocation starts within two iterations and nobody has planned it (requirements 72, 73).

    Told until it starts: from then on its hours tell. Without a provider is a finding of its own.
    """
    if case.world.contracts.complete:
        for one in upcoming_allocations(case.world, case.policy):
            lacking = [lack for lack in REMEDIES if lack in one.lacks]
            if lacking and one.is_due(case.world.today):
                yield _finding(one, lacking[0])


def _finding(one: Upcoming, lack: Lack) -> Finding:
    return Finding(
        "allocation_not_planned",
        one.allocation,
        f"It starts on {one.start}; two iterations before is {one.plan_by}. It lacks {lack.value}.",
        REMEDIES[lack],
        url=one.initiative_url,
        subject_id=one.allocation_id,
        period=one.allocation_id,
        community=one.community,
    )
