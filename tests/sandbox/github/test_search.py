"""Issue search: the query language, its refusals, the lag of the index."""

import pytest

from sandbox.github import Lag, Refused
from sandbox.github.search import search_issues


@pytest.fixture
def issues(state, clock):
    state.add_repository("secret", private=True)
    one = state.open_issue("hub", "Set up a hub", "for Ana", labels=["CSH", "help wanted"], assignees=["ana"])
    clock.advance(days=1)
    two = state.open_issue("docs", "Write docs", labels=["DDM"], author="ben")
    state.add_sub_issue(one, two)
    state.close(two, "not_planned")
    clock.advance(days=1)
    state.open_pull_request("hub", "Change", labels=["CSH"])
    state.open_issue("secret", "Hush")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("org:acme is:issue", ["Hush", "Write docs", "Set up a hub"]),
        ("org:acme is:pr", ["Change"]),
        ("org:ACME label:csh", ["Change", "Set up a hub"]),
        ('label:"help wanted" is:issue', ["Set up a hub"]),
        ("label:CSH,DDM is:issue", ["Write docs", "Set up a hub"]),
        ("is:issue -label:CSH", ["Hush", "Write docs"]),
        ("repo:acme/hub is:open", ["Change", "Set up a hub"]),
        ("(label:CSH OR label:DDM) AND is:issue", ["Write docs", "Set up a hub"]),
        ("is:issue NOT label:DDM", ["Hush", "Set up a hub"]),
        ("assignee:ana", ["Set up a hub"]),
        ("author:ben", ["Write docs"]),
        ("no:label is:issue", ["Hush"]),
        ("has:assignee", ["Set up a hub"]),
        ("is:closed", ["Write docs"]),
        ('reason:"not planned"', ["Write docs"]),
        ("is:private", ["Hush"]),
        ("created:2026-01-06", ["Write docs"]),
        ("created:<2026-01-06", ["Set up a hub"]),
        ("updated:>=2026-01-06T09:00:00Z is:issue", ["Hush", "Write docs"]),
        ("created:2026-01-05..2026-01-06", ["Write docs", "Set up a hub"]),
        ("closed:*..2026-01-06", ["Write docs"]),
        ("updated:yesterday", []),
        ("parent-issue:acme/hub#1", ["Write docs"]),
        ("hub in:title", ["Set up a hub"]),
        ('"for Ana"', ["Set up a hub"]),
        ("is:issue sort:created-asc", ["Set up a hub", "Write docs", "Hush"]),
        ("archived:false is:closed", ["Write docs"]),
        ("colour:red", []),
    ],
)
def test_the_query_language(state, issues, query, titles):
    assert [issue.title for issue in search_issues(state, query).issues] == titles


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (" ", "Validation Failed"),
        ("x" * 257, "longer than 256"),
        ("a OR b OR c OR d OR e OR f OR g", "More than five"),
        ("repo:acme/nothing", "cannot be searched"),
        ("org:other", "cannot be searched"),
    ],
)
def test_queries_github_refuses(state, issues, query, words):
    with pytest.raises(Refused) as refused:
        search_issues(state, query)
    assert words in f"{refused.value.message} {refused.value.errors}"


def test_what_the_token_cannot_see_is_missing_when_something_else_is_named(state, issues):
    state.hide_repository("docs")
    found = search_issues(state, "(repo:acme/docs OR repo:acme/hub) is:issue")
    assert [issue.title for issue in found.issues] == ["Set up a hub"]


def test_a_fresh_label_is_found_only_when_the_index_has_caught_up(state, service, clock):
    service.options.search_lag = Lag(seconds=600)
    issue = state.open_issue("hub", "One")
    clock.advance(minutes=10)
    state.label(issue, "CSH")
    assert search_issues(state, "label:CSH").issues == []
    assert search_issues(state, "is:open").issues == [issue]
    clock.advance(minutes=10)
    assert search_issues(state, "label:CSH").issues == [issue]


def test_only_the_first_thousand_results_can_be_reached(http, state):
    for number in range(1_003):
        state.open_issue("hub", f"Issue {number}")
    last = http.get("/search/issues", params={"q": "is:issue", "per_page": 100, "page": 10}).json()
    assert (last["total_count"], len(last["items"])) == (1_003, 100)
    assert "next" not in http.get("/search/issues?q=is:issue&per_page=100&page=10").links
    beyond = http.get("/search/issues?q=is:issue&per_page=100&page=11")
    assert (beyond.status_code, beyond.json()["message"]) == (422, "Only the first 1000 search results are available")
