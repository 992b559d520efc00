"""Build the demo organisation, whole or empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sandbox import Sandbox
from sandbox.demo.communities import COMMUNITIES
from sandbox.demo.contracts import Contracts, write_contracts
from sandbox.demo.drafts import IssueDraft
from sandbox.demo.handmade import add_hand_made
from sandbox.demo.history import standing_still
from sandbox.demo.issues import act_out
from sandbox.demo.names import misleading_names
from sandbox.demo.oddities import oddities
from sandbox.demo.periods import DEMO_START
from sandbox.demo.plots import plots
from sandbox.demo.routine import everyday_issues
from sandbox.demo.texts import hard_texts
from sandbox.demo.tickets import Tickets
from sandbox.demo.workspace import HELP_DESK, LABEL, REPOSITORIES, TITLE, Workspace, set_up
from sandbox.github.state.model import Issue

ISSUES = 250
"""Issues in scope: labelled, or below one that is."""


@dataclass(frozen=True, slots=True)
class DemoOrganisation:
    """The organisation, with what the fortnight has to find: *issues* by the keys of their drafts."""

    workspace: Workspace
    contracts: Contracts
    issues: Mapping[str, Issue]
    in_scope: int

    @property
    def summary(self) -> str:
        """Return what there is, in one sentence without its full stop."""
        return (
            f"{TITLE}, {len(COMMUNITIES)} communities with {self.contracts.engagements} engagements, "
            f"{self.contracts.projects} projects and {len(self.contracts.allocations)} allocations, "
            f"and {self.in_scope} issues labelled {LABEL} or below one, in {len(REPOSITORIES)} repositories"
        )


def build(sandbox: Sandbox) -> DemoOrganisation:
    """Build the organisation as it is when the demo begins; the same every time."""
    with standing_still(sandbox, DEMO_START):
        workspace = set_up(sandbox)
        contracts = write_contracts(sandbox, workspace)
        tickets = Tickets(HELP_DESK)
        told = (*hard_texts(tickets), *misleading_names(tickets), *oddities(), *plots())
        everyday = everyday_issues(contracts.allocations, ISSUES - len(_in_scope(told)), tickets)
        issues = act_out(sandbox, workspace.board, (*told, *everyday))
        _add_tickets(sandbox, contracts, tickets)
        add_hand_made(sandbox, contracts)
        sandbox.github.state.add_draft(workspace.board, "Think about 2027", by="zsofia-balogh")
    return DemoOrganisation(workspace, contracts, issues, len(_in_scope((*told, *everyday))))


def build_empty(sandbox: Sandbox) -> Workspace:
    """Build what a set-up leaves behind: places, fields, base and board, and nothing in them."""
    with standing_still(sandbox, DEMO_START):
        return set_up(sandbox)


def _in_scope(drafts: Sequence[IssueDraft]) -> set[str]:
    """Return the keys of the issues that carry the label or hang below one that does."""
    found: set[str] = set()
    for draft in drafts:
        if (LABEL in draft.labels or draft.parent in found) and not draft.pull_request:
            found.add(draft.key)
    return found


def _add_tickets(sandbox: Sandbox, contracts: Contracts, tickets: Tickets) -> None:
    for number, code in tickets.owners.items():
        sandbox.freshdesk.add_ticket(number, company=contracts.companies[code])
