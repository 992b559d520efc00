"""PyGithub against the stand-in: create, read, update, page, sub-issues, comments, labels, errors, limits."""

from datetime import UTC, datetime

import pytest
from github import (
    BadCredentialsException,
    Github,
    GithubException,
    RateLimitExceededException,
    UnknownObjectException,
)
from github.Auth import Token

from sandbox.core import Limit


def test_an_issue_is_created_with_labels_and_assignees_and_read_back(pygithub, state):
    made = pygithub.get_repo("acme/hub").create_issue(
        "Set up a hub", body="For *Ana*", labels=["CSH", "new label"], assignees=["ana"]
    )
    read = pygithub.get_repo("acme/hub").get_issue(made.number)
    assert (read.title, read.body, read.state, read.user.login) == ("Set up a hub", "For *Ana*", "open", "csh-bot")
    assert [label.name for label in read.labels] == ["CSH", "new label"]
    assert [user.login for user in read.assignees] == ["ana"]
    assert read.html_url == "https://github.com/acme/hub/issues/1"
    assert read.created_at == datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def test_an_issue_is_edited_closed_with_a_reason_and_reopened(pygithub, state):
    issue = pygithub.get_repo("acme/hub").create_issue("Old")
    issue.edit(title="New", body="text", labels=["bug"], assignees=["ben"])
    issue.edit(state="closed", state_reason="not_planned")
    assert (issue.title, issue.state, issue.state_reason) == ("New", "closed", "not_planned")
    assert issue.closed_by.login == "csh-bot"
    issue.edit(state="open")
    assert (issue.state, issue.state_reason, issue.closed_at) == ("open", "reopened", None)


def test_lists_page_through_links_and_mark_pull_requests(pygithub, state):
    for number in range(65):
        state.open_issue("hub", f"Issue {number}", labels=["CSH"] if number % 2 else [])
    state.open_pull_request("hub", "A change", labels=["csh"])
    repository = pygithub.get_repo("acme/hub")
    everything = repository.get_issues(state="all", sort="created", direction="asc")
    assert [issue.number for issue in everything] == list(range(1, 67))
    assert everything.totalCount == 66
    labelled = list(repository.get_issues(labels=["csh"]))
    assert len(labelled) == 33
    assert [issue.number for issue in labelled if issue.pull_request] == [66]


def test_since_is_inclusive_and_state_defaults_to_open(pygithub, state, clock):
    early = state.open_issue("hub", "Early")
    clock.advance(hours=1)
    state.open_issue("hub", "Late")
    state.close(early)
    repository = pygithub.get_repo("acme/hub")
    assert [issue.title for issue in repository.get_issues()] == ["Late"]
    assert len(list(repository.get_issues(state="all", since=clock.now()))) == 2
    clock.advance(seconds=1)
    assert list(repository.get_issues(state="all", since=clock.now())) == []


def test_sub_issues_are_added_listed_reordered_and_removed(pygithub, state):
    hub, docs = pygithub.get_repo("acme/hub"), pygithub.get_repo("acme/docs")
    parent, first, second = hub.create_issue("Parent"), hub.create_issue("First"), docs.create_issue("Second")
    parent.add_sub_issue(first)
    parent.add_sub_issue(second.id)
    assert [child.title for child in parent.get_sub_issues()] == ["First", "Second"]
    assert second.parent_issue_url is None
    second.update()
    assert second.parent_issue_url == parent.url
    parent.update()
    assert parent.sub_issues_summary.total == 2
    parent.prioritize_sub_issue(second, None)
    assert [child.title for child in parent.get_sub_issues()] == ["Second", "First"]
    parent.remove_sub_issue(first)
    assert [child.title for child in parent.get_sub_issues()] == ["Second"]


def test_a_second_parent_is_refused_in_githubs_words(pygithub, state):
    hub = pygithub.get_repo("acme/hub")
    one, two, child = hub.create_issue("One"), hub.create_issue("Two"), hub.create_issue("Child")
    one.add_sub_issue(child)
    with pytest.raises(GithubException, match="Sub issue may only have one parent") as refused:
        two.add_sub_issue(child)
    assert refused.value.status == 422


def test_comments_are_written_edited_listed_and_deleted(pygithub, state):
    issue = pygithub.get_repo("acme/hub").create_issue("Talk")
    comment = issue.create_comment("hello")
    comment.edit("hello again")
    assert [one.body for one in issue.get_comments()] == ["hello again"]
    assert issue.get_comment(comment.id).user.login == "csh-bot"
    comment.delete()
    assert list(issue.get_comments()) == []


def test_labels_of_a_repository_are_made_found_in_any_case_renamed_and_deleted(pygithub, state):
    repository = pygithub.get_repo("acme/hub")
    label = repository.create_label("needs / ümlaut & more", "ff0000", "odd")
    issue = repository.create_issue("Odd", labels=[label])
    label.edit("plain", "00ff00")
    issue.update()
    assert [one.name for one in issue.labels] == ["plain"]
    assert repository.get_label("csh").name == "CSH"
    repository.get_label("plain").delete()
    assert [one.name for one in repository.get_labels()] == ["bug", "CSH"]
    assert list(issue.get_labels()) == []


def test_labels_and_assignees_of_an_issue_change_one_by_one(pygithub, state):
    issue = pygithub.get_repo("acme/hub").create_issue("Change", labels=["bug"])
    issue.add_to_labels("CSH")
    issue.remove_from_labels("BUG")
    issue.add_to_assignees("ana", "nobody-we-know")
    assert [label.name for label in issue.get_labels()] == ["CSH"]
    assert [user.login for user in issue.assignees] == ["ana"]
    issue.remove_from_assignees("ana")
    issue.set_labels("bug")
    assert (issue.assignees, [label.name for label in issue.get_labels()]) == ([], ["bug"])
    with pytest.raises(GithubException, match="Label does not exist"):
        issue.remove_from_labels("CSH")


def test_organisation_repositories_issues_and_users_are_read(pygithub, state):
    state.open_issue("hub", "One")
    state.open_issue("docs", "Two", assignees=["csh-bot"])
    organisation = pygithub.get_organization("acme")
    assert [one.name for one in organisation.get_repos()] == ["docs", "hub"]
    assert [one.title for one in organisation.get_issues(filter="all")] == ["Two", "One"]
    assert [one.title for one in organisation.get_issues()] == ["Two"]
    assert pygithub.get_user().login == "csh-bot"
    assert (pygithub.get_user("ANA").name, pygithub.get_user("ana").email) == ("Ana Lopez", "ana@example.org")


def test_search_tells_when_its_results_are_incomplete(pygithub, state, service):
    for number in range(4):
        state.open_issue("hub", f"Issue {number}", labels=["CSH"])
    hits = pygithub.search_issues("org:acme is:issue label:CSH")
    assert (hits.totalCount, hits.incomplete_results) == (4, False)
    service.options.search_incomplete = True
    hits = pygithub.search_issues("org:acme is:issue label:CSH")
    assert (len(list(hits)), hits.incomplete_results) == (2, True)


def test_a_wrong_token_and_a_missing_issue_raise_what_github_raises(pygithub, api, state):
    with Github(auth=Token("wrong"), base_url=api, retry=None) as stranger, pytest.raises(BadCredentialsException):
        stranger.get_user().login  # noqa: B018 - the attribute makes the request
    with pytest.raises(UnknownObjectException):
        pygithub.get_repo("acme/hub").get_issue(99)


def test_a_rate_limit_is_recognised_as_one(pygithub, world, state):
    world.faults.add(Limit(1, 60), service="github")
    pygithub.get_user("ana")
    with pytest.raises(RateLimitExceededException) as refused:
        pygithub.get_user("ana")
    assert int(refused.value.headers["retry-after"]) > 0


def test_the_rate_limit_is_read_and_follows_use(pygithub, state):
    before = pygithub.get_rate_limit().resources.core.remaining
    pygithub.get_user("ana")
    assert pygithub.get_rate_limit().resources.core.remaining == before - 1
    assert pygithub.rate_limiting == (before - 1, 5000)


def test_graphql_returns_data_through_the_requester(pygithub, state):
    state.open_issue("hub", "One", labels=["CSH"])
    query = 'query Q($o: String!) { repository(owner: $o, name: "hub") { issue(number: 1) { title state } } }'
    _, answer = pygithub.requester.graphql_query(query, {"o": "acme"})
    assert answer == {"data": {"repository": {"issue": {"title": "One", "state": "OPEN"}}}}


def test_graphql_keeps_partial_data_in_the_exception(pygithub, state):
    state.open_issue("hub", "One")
    query = """query { repository(owner: "acme", name: "hub") {
      a: issue(number: 1) { title } b: issue(number: 2) { title } } }"""
    with pytest.raises(UnknownObjectException) as partial:
        pygithub.requester.graphql_query(query, {})
    assert partial.value.data["data"] == {"repository": {"a": {"title": "One"}, "b": None}}
    (error,) = partial.value.data["errors"]
    assert (error["type"], error["path"]) == ("NOT_FOUND", ["repository", "b"])


def test_graphql_pages_as_pygithub_pages_it(pygithub, state):
    for number in range(5):
        state.open_issue("hub", f"Issue {number}")
    node = pygithub.get_repo("acme/hub").node_id
    schema = "issues(first: 2) { nodes { title } }"
    _, answer = pygithub.requester.graphql_node(node, schema, "Repository")
    assert [one["title"] for one in answer["data"]["node"]["issues"]["nodes"]] == ["Issue 0", "Issue 1"]


def test_a_renamed_repository_is_followed_but_the_query_string_is_lost(pygithub, state):
    issue = state.open_issue("hub", "Closed one", labels=["CSH"])
    state.close(issue)
    repository = pygithub.get_repo("acme/hub")
    state.rename_repository("hub", "infrastructure")
    assert list(repository.get_issues(state="all", labels=["CSH"])) == []
    assert pygithub.get_repo("acme/hub").full_name == "acme/infrastructure"


def test_a_transferred_issue_is_followed_to_its_new_number(pygithub, state):
    state.open_issue("docs", "Other")
    state.transfer(state.open_issue("hub", "Travels", labels=["CSH", "bug"]), "docs")
    moved = pygithub.get_repo("acme/hub").get_issue(1)
    assert (moved.number, moved.repository.name, moved.title, list(moved.labels)) == (2, "docs", "Travels", [])
