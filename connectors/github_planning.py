"""The planning repository: where P&S initiatives are looked up and made (requirement 73)."""

from collections.abc import Mapping
from typing import Any

from connectors import queries
from connectors.github_api import SERVICE, GitHubApi, PageSize
from connectors.wire.github_json import OddValue, spelled
from connectors.wire.github_planning import decode_created, decode_planning
from sync.errors import OutcomeUnknown, Rejected
from sync.model.initiative import InitiativeSnapshot, IssueDraft, PlanningIssue

PAGE = 40
"""Wide pages with lists below them have been cut short without a word."""
READ = "read the planning repository"
REMEDY = "Check CSH_INITIATIVES__REPOSITORY, CSH_GITHUB__PROJECT_NUMBER and what the token may read."
LOOKED_UP = "It is looked up in the repository before anything is created again."


class GitHubPlanning:
    """Reads and writes the planning repository *repository* (``owner/name``) and the organisation's board."""

    def __init__(self, api: GitHubApi, repository: str, project_number: int) -> None:
        self._api = api
        self._owner, _, self._name = repository.partition("/")
        self._project_number = project_number
        self._board_id = ""

    def read(self) -> InitiativeSnapshot:
        """Read every issue of the repository, of any state. Raises Rejected when any of them could not be read."""
        board_id = self._board()
        variables = {"owner": self._owner, "name": self._name}
        nodes: dict[str, Mapping[str, Any]] = {}
        path, size = ("repository", "issues"), PageSize(PAGE)
        for page in self._api.pages(READ, lambda _: queries.PLANNING_ISSUES, variables, path, size):
            if page.lost or page.errors:
                raise Rejected(SERVICE, READ, f"an issue could not be read: {spelled(page.errors)}", remedy=REMEDY)
            nodes |= {str(node.get("id")): node for node, _ in page.nodes}
            if page.cursor is None and page.total is not None and len(nodes) < page.total:
                raise Rejected(SERVICE, READ, f"its list holds {len(nodes)} of {page.total} issues", remedy=REMEDY)
        try:
            return decode_planning(nodes.values(), board_id)
        except OddValue as error:
            raise Rejected(SERVICE, READ, f"odd value at {error}", remedy=REMEDY) from error

    def open(self, draft: IssueDraft) -> PlanningIssue:
        """Open an issue. Raises OutcomeUnknown when nobody can tell whether it was made."""
        operation = "open an issue"
        body = {"title": draft.title, "body": draft.body, "labels": list(draft.labels)}
        answer = self._api.create(operation, f"/repos/{self._owner}/{self._name}/issues", body)
        try:
            return decode_created(answer)
        except OddValue as error:
            text = f"the answer cannot be read at {error}"
            raise OutcomeUnknown(SERVICE, operation, text, remedy=LOOKED_UP) from error

    def adopt(self, parent: PlanningIssue, child: PlanningIssue) -> None:
        """Make an issue a sub-issue of another."""
        path = f"/repos/{self._owner}/{self._name}/issues/{parent.number}/sub_issues"
        self._api.create("link a sub-issue", path, {"sub_issue_id": child.database_id})

    def put_on_board(self, issue: PlanningIssue) -> None:
        """Put an issue on the board; GitHub answers a second time with the row that is there."""
        variables = {"project": self._board(), "content": issue.id}
        self._api.mutate("put an issue on the board", queries.ADD_TO_BOARD, variables)

    def _board(self) -> str:
        """Return the board's node id, asked for once."""
        if not self._board_id:
            variables = {"login": self._owner, "number": self._project_number}
            answer = self._api.query("find the board", lambda _: queries.BOARD_ID, lambda: variables)
            organisation = answer.data.get("organization")
            board = organisation.get("projectV2") if isinstance(organisation, Mapping) else None
            if not isinstance(board, Mapping) or not board.get("id"):
                reason = spelled(answer.errors) or "there is no such board"
                raise Rejected(SERVICE, "find the board", reason, remedy=REMEDY)
            self._board_id = str(board["id"])
        return self._board_id
