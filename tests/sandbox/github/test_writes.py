"""What a client may write beside issues: rows of a board by mutation, comments where the conversation is locked."""

from datetime import UTC, datetime

import pytest
from github import GithubException

PUT = """mutation($project: ID!, $content: ID!) {
  addProjectV2ItemById(input: {projectId: $project, contentId: $content, clientMutationId: "once"}) {
    clientMutationId item { id project { number } content { ... on Issue { number } } } } }"""


def test_an_issue_is_put_on_a_board_once(ask, state):
    board, issue = state.add_project("Services", 57), state.open_issue("hub", "One")
    first = ask(PUT, project=board.node_id, content=issue.node_id)["data"]["addProjectV2ItemById"]
    again = ask(PUT, project=board.node_id, content=issue.node_id)["data"]["addProjectV2ItemById"]
    assert first == again
    assert (first["clientMutationId"], first["item"]["project"], first["item"]["content"]) == (
        "once",
        {"number": 57},
        {"number": issue.number},
    )
    assert len(board.items) == 1


def test_strange_ids_and_tokens_that_may_not_write_put_nothing(ask, state, service):
    board, issue = state.add_project("Services", 57), state.open_issue("hub", "One")
    for ids in ({"project": board.node_id, "content": "I_no"}, {"project": issue.node_id, "content": issue.node_id}):
        assert ask(PUT, **ids)["errors"][0]["type"] == "NOT_FOUND"
    service.options.missing_scopes = frozenset({"project"})
    assert ask(PUT, project=board.node_id, content=issue.node_id)["errors"][0]["type"] == "INSUFFICIENT_SCOPES"
    service.options.read_only = True
    answer = ask(PUT, project=board.node_id, content=issue.node_id)
    assert answer["errors"][0]["type"] == "FORBIDDEN"
    assert board.items == []


def test_a_mutation_is_logged_as_a_write(ask, state, world):
    board, issue = state.add_project("Services", 57), state.open_issue("hub", "One")
    ask(PUT, project=board.node_id, content=issue.node_id)
    assert len(list(world.log.writes())) == 1


def test_a_locked_conversation_takes_no_comment_from_those_without_write_access(pygithub, state, service):
    issue = state.open_issue("hub", "One")
    issue.locked = True
    seen = pygithub.get_repo("acme/hub").get_issue(issue.number)
    with pytest.raises(GithubException, match="issue is locked"):
        seen.create_comment("Hello")
    service.options.comments_on_locked = True
    seen.create_comment("Hello")
    assert [one.body for one in issue.comments] == ["Hello"]


def test_a_client_tells_its_own_comments(ask, state):
    issue = state.open_issue("hub", "One")
    state.comment(issue, "ours")
    state.comment(issue, "theirs", author="ana")
    query = "query($id: ID!) { node(id: $id) { ... on Issue { comments(first: 9) { nodes { viewerDidAuthor } } } } }"
    nodes = ask(query, id=issue.node_id)["data"]["node"]["comments"]["nodes"]
    assert [one["viewerDidAuthor"] for one in nodes] == [True, False]


def test_answers_tell_the_scopes_of_classic_tokens_alone_and_when_a_token_expires(http, service):
    service.options.more_scopes = frozenset({"delete_repo"})
    answer = http.get("/rate_limit")
    assert answer.headers["X-OAuth-Scopes"] == "delete_repo, read:org, read:project, repo"
    assert "GitHub-Authentication-Token-Expiration" not in answer.headers
    service.options.token_kind, service.options.token_expires = "fine-grained", datetime(2026, 2, 1, 8, tzinfo=UTC)
    answer = http.get("/rate_limit")
    assert "X-OAuth-Scopes" not in answer.headers
    assert answer.headers["GitHub-Authentication-Token-Expiration"] == "2026-02-01 08:00:00 UTC"
    assert http.get("/user").status_code == 200
    service.options.token_kind = "app"
    assert http.get("/user").status_code == 403


def test_a_token_of_a_person_lists_its_organisations(http, service):
    assert [one["login"] for one in http.get("/user/orgs").json()] == ["acme"]
    service.options.token_kind = "app"
    assert http.get("/user/orgs").status_code == 403
