"""The comments that lead from issues to their Asana tasks (requirement 18)."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from typing import Any

from connectors import queries
from connectors.github_api import SERVICE, GitHubApi, PageSize
from connectors.wire.github_json import OddValue
from connectors.wire.github_planning import decode_back_link, has_all_comments
from sync.errors import LimitReached, NotFound, Rejected, Transient
from sync.model.back_link import BackLink

BATCH = 20
"""Issues asked for at once: wide answers with lists below them have been cut short without a word."""
READ = "read comments"


class GitHubBackLinks:
    """Reads and writes back-links."""

    def __init__(self, api: GitHubApi) -> None:
        self._api = api

    def read(self, issue_ids: Collection[str]) -> Mapping[str, BackLink]:
        """Return the back-link of each issue, one without a comment where none is there.

        An issue whose comments could not all be read is absent: nobody can tell whether one is there.
        """
        found: dict[str, BackLink] = {}
        ids = sorted(issue_ids)
        for start in range(0, len(ids), BATCH):
            for node in self._nodes(ids[start : start + BATCH]):
                try:
                    found[str(node["id"])] = decode_back_link(node, self._comments(node))
                except LimitReached:
                    raise
                except (KeyError, OddValue, Rejected, Transient):
                    continue
        return found

    def _nodes(self, ids: list[str]) -> Iterator[Mapping[str, Any]]:
        answer = self._api.query(READ, lambda _: queries.COMMENTS, lambda: {"ids": ids})
        nodes = answer.data.get("nodes")
        yield from (node for node in (nodes if isinstance(nodes, list) else ()) if isinstance(node, Mapping) and node)

    def _comments(self, node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return all comments of an issue; asked for by itself where the wide answer does not hold them."""
        if has_all_comments(node):
            return list(node["comments"]["nodes"])
        found: list[Mapping[str, Any]] = []
        path, size = ("node", "comments"), PageSize(100)
        for page in self._api.pages(READ, lambda _: queries.ALL_COMMENTS, {"id": node["id"]}, path, size):
            if page.lost or page.errors:
                raise OddValue("comments")
            found += [one for one, _ in page.nodes]
        return found

    def write(self, repository: str, number: int, comment_id: int | None, text: str) -> int | None:
        """Write the comment, or edit the one that is there; return its id, None where the answer does not tell it.

        Raises OutcomeUnknown when a new one may be there.
        """
        if comment_id is not None:
            self._api.change("edit a comment", _page(repository, comment_id), {"body": text})
            return comment_id
        answer = self._api.create("write a comment", f"/repos/{repository}/issues/{number}/comments", {"body": text})
        made = answer.get("id") if isinstance(answer, Mapping) else None
        return made if isinstance(made, int) else None

    def read_comment(self, repository: str, comment_id: int) -> str | None:
        """Return the words of a comment, None when it is gone. Raises Rejected for an answer without any."""
        try:
            answer = self._api.get(READ, _page(repository, comment_id))
        except NotFound:
            return None
        body = answer.get("body") if isinstance(answer, Mapping) else None
        if not isinstance(body, str):
            raise Rejected(SERVICE, READ, "the answer holds no words", remedy="See whether it stays.")
        return body

    def delete(self, repository: str, comment_id: int) -> None:
        """Delete a comment; one that is gone counts as deleted."""
        with suppress(NotFound):
            self._api.delete("delete a comment", _page(repository, comment_id))


def _page(repository: str, comment_id: int) -> str:
    return f"/repos/{repository}/issues/comments/{comment_id}"
