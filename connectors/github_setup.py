"""Finding a set-up's GitHub side, and making labels."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from connectors import queries
from connectors.github import ORGANISATION_REMEDY
from connectors.github_api import SERVICE, GitHubApi, PageSize
from connectors.retry import told
from connectors.wire.github import decode_people, decode_repository
from connectors.wire.github_json import connection, text
from sync.errors import Denied, NotFound, OutcomeUnknown, Rejected, ServiceError
from sync.model.examination import RepositoryFacts
from sync.model.issue import Person
from sync.model.making import MakeLabel

COLOUR = "0e8a16"
DESCRIPTION = "Work that csh-sync mirrors and counts"
LABEL_REMEDY = "Making labels needs Issues: write on the repository (classic: repo); a run needs no write access."


class GitHubSetup:
    """Looks for what the settings name, and makes labels. Raises what `GitHubApi` does."""

    def __init__(self, api: GitHubApi) -> None:
        self._api = api

    def organisations(self) -> dict[str, str]:
        """Return the organisations of the token's user, login and name; none where GitHub does not tell."""
        try:
            found = self._api.get_list("list the organisations", "/user/orgs?per_page=100")
        except (Rejected, NotFound):
            return {}
        return {str(one["login"]): str(one.get("description") or "") for one in found}

    def look_for_organisation(self, organisation: str) -> None:
        """Raise Denied where the token sees no such organisation."""
        operation = "read the organisation"
        try:
            self._api.get(operation, f"/orgs/{quote(organisation, safe='')}")
        except NotFound as error:
            reason = f"there is no {organisation}, or the token does not see it"
            raise Denied(SERVICE, operation, reason, remedy=ORGANISATION_REMEDY, status=error.status) from error

    def boards(self, organisation: str) -> dict[str, str]:
        """Return the open boards the token sees, number and title."""
        answer = self._api.query("list the boards", lambda _: queries.BOARDS, lambda: {"login": organisation})
        nodes = connection(_organisation(answer.data), "projectsV2").nodes
        return {str(one["number"]): text(one, "title") for one in nodes}

    def number_columns(self, organisation: str, board: int) -> dict[str, str]:
        """Return a board's columns of numbers, id and name."""
        answer = self._api.query("read the board", queries.board, lambda: {"login": organisation, "number": board})
        project = _organisation(answer.data).get("projectV2")
        if not isinstance(project, Mapping):
            return {}
        columns = connection(project, "fields").nodes
        return {
            text(one, "id"): text(one, "name")
            for one in columns
            if one.get("dataType") == "NUMBER" or isinstance(one.get("issueField"), Mapping)
        }

    def repositories(self, organisation: str, labels: tuple[str, ...]) -> tuple[RepositoryFacts, ...]:
        """Return the repositories, with those of *labels* each has."""
        variables = {"login": organisation} | {f"label{number}": label for number, label in enumerate(labels)}
        query, path = queries.repositories(len(labels), "isPrivate isArchived"), ("organization", "repositories")
        found = []
        for page in self._api.pages("list the repositories", lambda _: query, variables, path, PageSize(100)):
            for node, errors in page.nodes:
                one = decode_repository(node, labels, errors)
                private, archived = bool(node.get("isPrivate")), bool(node.get("isArchived"))
                found.append(RepositoryFacts(one.name, private, archived, frozenset(one.labels or ())))
        return tuple(found)

    def people(self, organisation: str) -> tuple[Person, ...]:
        """Return the members of the organisation as far as the token sees them, with the addresses they show."""
        try:
            members = self._api.get_list("list the members", f"/orgs/{quote(organisation)}/members?per_page=100")
            ids = [str(one["node_id"]) for one in members if one.get("node_id")]
            answer = self._api.query("read people", lambda _: queries.PEOPLE, lambda: {"ids": ids})
            return tuple(decode_people(answer.data).values())
        except (ServiceError, ValueError):
            return ()

    def a_labelled_issue(self, repositories: Iterable[RepositoryFacts]) -> str:
        """Return the address of the oldest issue with a label of ours, "" when there is none."""
        for one in repositories:
            for label in sorted(one.labels):
                path = f"/repos/{one.name}/issues?state=all&labels={quote(label)}&sort=created&direction=asc&per_page=5"
                for issue in self._api.get_list("look for a labelled issue", path):
                    if "pull_request" not in issue:
                        return f"https://github.com/{one.name}/issues/{issue['number']}"
        return ""

    def make_label(self, step: MakeLabel) -> None:
        """Make a label; one that is there by now is as good. Raises Rejected."""
        operation = "make a label"
        body = {"name": step.label, "color": COLOUR, "description": DESCRIPTION}
        try:
            self._api.create(operation, f"/repos/{step.repository}/labels", body)
        except OutcomeUnknown as lost:
            self._look_up(step, lost)
        except ServiceError as error:
            if error.status == 422:
                self._look_up(step, error)
                return
            raise Rejected(SERVICE, operation, told(error), remedy=LABEL_REMEDY, status=error.status) from error

    def _look_up(self, step: MakeLabel, error: ServiceError) -> None:
        try:
            self._api.get("look for a label", f"/repos/{step.repository}/labels/{quote(step.label, safe='')}")
        except NotFound:
            raise Rejected(SERVICE, "make a label", told(error), remedy=LABEL_REMEDY) from error


def _organisation(data: Mapping[str, Any]) -> Mapping[str, Any]:
    found = data.get("organization")
    return found if isinstance(found, Mapping) else {}
