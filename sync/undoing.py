"""Taking back what a run did: read what it touched, and plan the way back (`csh-sync undo`)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sync.errors import Denied, LimitReached, ServiceError
from sync.mirror.guards import check_drift
from sync.mirror.undoing import comments_of, gids_of, plan_undoing
from sync.mirror.undone_rows import made_rows
from sync.mirror.world import Policy
from sync.model.change import (
    CreateTask,
    DeleteRows,
    Outcome,
    Result,
    SealAllocation,
    WriteCshHours,
    WriteProposal,
    WriteRows,
    WriteTotals,
)
from sync.model.undoing import Present, UndoPage
from sync.ports import BackLinks
from sync.reading import with_totals
from sync.services import Progress, Services, ignore

ROWS = (WriteRows, DeleteRows)
CELLS = (*ROWS, SealAllocation, WriteTotals, WriteProposal)


def read_undoing(
    services: Services,
    policy: Policy,
    outcomes: Sequence[Outcome],
    *,
    adoption: bool,
    on_step: Progress = ignore,
) -> UndoPage:
    """Read what was touched as it is now, and plan the way back; nothing is written.

    Raises GuardRefused where a column or field of ours is missing or of another type, and what the services raise.
    """
    done = [one for one in outcomes if one.result is Result.DONE]
    return plan_undoing(outcomes, _present(services, done, on_step), policy.home_project, adoption=adoption)


def _present(services: Services, done: Sequence[Outcome], on_step: Progress) -> Present:
    on_step("read Asana")
    snapshot = services.tasks.read()
    gids = gids_of(done)
    made = {one.gid for one in done if isinstance(one.change, CreateTask)} - {""}
    present = Present(
        tasks=services.tasks.look_up(gids, anew=True) if gids else {},
        content=services.tasks.human_content(made, anew=True) if made else {},
        csh_tasks={gid: one.task for gid, one in snapshot.csh_tasks.items()} if _any(done, WriteCshHours) else {},
    )
    check_drift(snapshot.drift)
    if _any(done, *CELLS):
        on_step("read Airtable")
        present = _with_cells(services, done, present)
    if comments := comments_of(done):
        on_step("read GitHub")
        present = replace(present, comments=_words(services.back_links, comments))
    return present


def _with_cells(services: Services, done: Sequence[Outcome], present: Present) -> Present:
    contracts = services.ledger.read_contracts()
    check_drift(contracts.drift)
    if _any(done, WriteTotals):
        contracts = with_totals(contracts, services.totals)
    present = replace(present, contracts=contracts)
    if not _any(done, *ROWS):
        return present
    ledger = services.ledger.read_ledger()
    present = replace(present, ledger=ledger)
    made = made_rows(done, present)
    return replace(present, untouched=services.ledger.untouched_rows(made) if made else frozenset())


def _words(back_links: BackLinks | None, comments: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], str | None]:
    """Return the words of comments, without those that cannot be read. Raises what speaks against all of them."""
    found: dict[tuple[str, int], str | None] = {}
    if back_links is None:
        return found
    for repository, comment_id in sorted(comments):
        try:
            found[repository, comment_id] = back_links.read_comment(repository, comment_id)
        except (Denied, LimitReached):
            raise
        except ServiceError:
            continue
    return found


def _any(done: Sequence[Outcome], *kinds: type) -> bool:
    return any(isinstance(one.change, kinds) for one in done)
