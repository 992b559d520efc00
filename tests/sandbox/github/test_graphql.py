"""GraphQL: names and ids, pages and their bounds, partial answers, validation, cost and lags."""

import pytest

from sandbox.github import Lag

LIST = """
query List($labels: [String!], $order: IssueOrder, $filter: IssueFilters, $states: [IssueState!], $after: String) {
  repository(owner: "acme", name: "hub") {
    issues(first: 2, after: $after, labels: $labels, orderBy: $order, filterBy: $filter, states: $states) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { number title }
    }
  }
}
"""


def numbers(answer):
    return [issue["number"] for issue in answer["data"]["repository"]["issues"]["nodes"]]


def error_of(answer):
    (error,) = answer["errors"]
    return error


def test_issues_are_listed_without_pull_requests_and_in_all_states(ask, state):
    state.close(state.open_issue("hub", "One"))
    state.open_pull_request("hub", "Change")
    state.open_issue("hub", "Three")
    assert numbers(ask(LIST)) == [1, 3]
    assert numbers(ask(LIST, states=["OPEN"])) == [3]


def test_any_of_several_labels_is_enough_in_any_case(ask, state):
    state.open_issue("hub", "One", labels=["CSH"])
    state.open_issue("hub", "Two", labels=["bug"])
    state.open_issue("hub", "Three")
    assert numbers(ask(LIST, labels=["csh", "BUG"])) == [1, 2]
    assert numbers(ask(LIST, filter={"labels": ["csh"]})) == [1]
    assert numbers(ask(LIST, labels=["renamed"])) == []


def test_since_is_inclusive_and_states_and_people_filter(ask, state, clock):
    state.open_issue("hub", "One", assignees=["ana"], author="ben")
    clock.advance(minutes=1)
    state.open_issue("hub", "Two")
    assert numbers(ask(LIST, filter={"since": "2026-01-05T09:01:00Z"})) == [2]
    assert numbers(ask(LIST, filter={"assignee": "ana"})) == numbers(ask(LIST, filter={"createdBy": "ben"})) == [1]
    assert numbers(ask(LIST, filter={"assignee": None})) == [2]


def test_since_sees_whole_seconds_and_what_was_edited_within_one_alike(ask, state, clock):
    first, second = state.open_issue("hub", "One"), state.open_issue("hub", "Two")
    clock.advance(minutes=1)
    state.edit(first, body="a")
    clock.advance(seconds=0.4)
    state.edit(second, body="b")
    assert first.updated_at == second.updated_at
    assert numbers(ask(LIST, filter={"since": "2026-01-05T09:01:00Z"})) == [1, 2]
    assert numbers(ask(LIST, filter={"since": "2026-01-05T09:01:01Z"})) == []


def test_the_newest_change_the_totals_and_the_boards_mark_of_many_repositories_come_in_one_answer(ask, state, clock):
    project = state.add_project("Work", 57)
    state.open_issue("docs", "Old")
    item = state.add_item(project, state.open_issue("hub", "One", labels=["CSH"]))
    state.open_pull_request("hub", "Change", labels=["CSH"])
    clock.advance(minutes=1)
    parent = state.open_issue("hub", "Two")
    clock.advance(minutes=1)
    state.add_sub_issue(parent, item.content)
    state.set_field(item, "Status", "Done")
    text = """{ organization(login: "acme") {
      projectV2(number: 57) { updatedAt }
      repositories(first: 100) { nodes {
        name
        label(name: "csh") { name issues { totalCount } }
        issues(first: 1, orderBy: {field: UPDATED_AT, direction: DESC}) { totalCount nodes { number updatedAt } }
      } }
    } rateLimit { cost } }"""
    data = ask(text)["data"]
    assert data["rateLimit"]["cost"] <= 2
    assert data["organization"]["projectV2"] == {"updatedAt": "2026-01-05T09:02:00Z"}
    assert data["organization"]["repositories"]["nodes"] == [
        {
            "name": "hub",
            "label": {"name": "CSH", "issues": {"totalCount": 1}},
            "issues": {"totalCount": 2, "nodes": [{"number": 3, "updatedAt": "2026-01-05T09:01:00Z"}]},
        },
        {
            "name": "docs",
            "label": None,
            "issues": {"totalCount": 1, "nodes": [{"number": 1, "updatedAt": "2026-01-05T09:00:00Z"}]},
        },
    ]


def test_pages_keep_their_place_when_an_issue_moves(ask, state, clock):
    for number in range(5):
        state.open_issue("hub", f"Issue {number}")
        clock.advance(minutes=1)
    order = {"field": "UPDATED_AT", "direction": "DESC"}
    first = ask(LIST, order=order)
    assert numbers(first) == [5, 4]
    state.comment(state.issue("hub", 2), "I move to the front")
    page = first["data"]["repository"]["issues"]["pageInfo"]
    second = ask(LIST, order=order, after=page["endCursor"])
    assert (page["hasNextPage"], numbers(second)) == (True, [3, 1])
    assert second["data"]["repository"]["issues"]["pageInfo"]["hasNextPage"] is False


def test_a_list_can_be_read_from_its_end(ask, state):
    for number in range(5):
        state.open_issue("hub", f"Issue {number}")
    query = """query($before: String) { repository(owner: "acme", name: "hub") {
      issues(last: 2, before: $before) { nodes { number } pageInfo { startCursor hasPreviousPage hasNextPage } } } }"""
    last = ask(query)
    info = last["data"]["repository"]["issues"]["pageInfo"]
    assert (numbers(last), info["hasPreviousPage"], info["hasNextPage"]) == ([4, 5], True, False)
    assert numbers(ask(query, before=info["startCursor"])) == [2, 3]


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ("", "MISSING_PAGINATION_BOUNDARIES"),
        ("(first: 101)", "EXCESSIVE_PAGINATION"),
        ("(last: 0)", "UNPROCESSABLE"),
        ("(first: 1, last: 1)", "UNPROCESSABLE"),
        ('(first: 1, after: "nonsense")', "INVALID_CURSOR_ARGUMENTS"),
    ],
)
def test_pages_need_bounds_from_1_to_100_and_real_cursors(ask, state, arguments, kind):
    answer = ask(f'{{ repository(owner: "acme", name: "hub") {{ issues{arguments} {{ nodes {{ number }} }} }} }}')
    assert answer["data"] == {"repository": None}
    assert (error_of(answer)["type"], error_of(answer)["path"]) == (kind, ["repository", "issues"])


def test_a_count_alone_needs_no_bounds(ask, state):
    state.open_issue("hub", "One")
    answer = ask('{ repository(owner: "acme", name: "hub") { issues { totalCount } } }')
    assert answer == {"data": {"repository": {"issues": {"totalCount": 1}}}}


def test_what_is_deleted_transferred_or_a_pull_request_looks_alike(ask, state):
    state.delete_issue(state.open_issue("hub", "Deleted"))
    state.transfer(state.open_issue("hub", "Transferred"), "docs")
    state.open_pull_request("hub", "Change")
    for number in (1, 2, 3, 4):
        answer = ask(f'{{ repository(owner: "acme", name: "hub") {{ issue(number: {number}) {{ id }} }} }}')
        assert answer["data"] == {"repository": {"issue": None}}
        assert error_of(answer)["type"] == "NOT_FOUND"
        assert error_of(answer)["message"] == f"Could not resolve to an Issue with the number of {number}."
    found = ask('{ repository(owner: "acme", name: "hub") { issueOrPullRequest(number: 3) { __typename } } }')
    assert found["data"]["repository"]["issueOrPullRequest"]["__typename"] == "PullRequest"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ('repository(owner: "acme", name: "none") { id }', "a Repository with the name 'acme/none'."),
        ('organization(login: "none") { id }', "an Organization with the login of 'none'."),
        ('user(login: "none") { id }', "a User with the login of 'none'."),
        ('node(id: "I_none") { id }', "a node with the global id of 'I_none'."),
        ('organization(login: "acme") { projectV2(number: 9) { id } }', "a ProjectV2 with the number 9."),
    ],
)
def test_unknown_names_are_null_with_an_error_beside_the_data(ask, state, query, message):
    answer = ask(f"{{ {query} }}")
    assert error_of(answer)["message"] == f"Could not resolve to {message}"
    assert error_of(answer)["locations"][0]["line"] == 1
    assert "data" in answer


def test_nodes_are_null_one_by_one_and_siblings_stay(ask, state):
    seen, hidden = state.open_issue("hub", "Seen"), state.open_issue("docs", "Hidden")
    state.hide_repository("docs")
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Issue { title } } }"
    answer = ask(query, ids=[hidden.node_id, seen.node_id, "I_none"])
    assert answer["data"]["nodes"] == [None, {"id": seen.node_id, "title": "Seen"}, None]
    assert [error["path"] for error in answer["errors"]] == [["nodes", 0], ["nodes", 2]]


def test_more_than_100_ids_give_no_data(ask, state):
    answer = ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["x"] * 101)
    assert (answer["data"], error_of(answer)["type"]) == (None, "ARGUMENT_LIMIT")


def test_aliases_and_fragments_work(ask, state):
    state.open_issue("hub", "One")
    state.open_issue("hub", "Two")
    answer = ask("""
      query { repository(owner: "acme", name: "HUB") {
        a: issue(number: 1) { ...Short }
        b: issue(number: 2) { ...Short }
      } }
      fragment Short on Issue { title author { login __typename } }
    """)
    author = {"login": "csh-bot", "__typename": "User"}
    assert answer["data"]["repository"] == {
        "a": {"title": "One", "author": author},
        "b": {"title": "Two", "author": author},
    }


def test_a_former_repository_name_is_followed_unless_asked_or_switched_otherwise(ask, state, service):
    state.rename_repository("hub", "infrastructure")
    query = 'query($follow: Boolean!) { repository(owner: "acme", name: "hub", followRenames: $follow) { name } }'
    assert ask(query, follow=True)["data"]["repository"]["name"] == "infrastructure"
    assert error_of(ask(query, follow=False))["type"] == "NOT_FOUND"
    service.options.graphql_follows_renames = False
    assert error_of(ask(query, follow=True))["type"] == "NOT_FOUND"


def test_a_label_is_found_in_any_case_or_null_without_an_error(ask, state):
    query = """{ repository(owner: "acme", name: "hub") {
      a: label(name: "csh") { name } b: label(name: "no") { name } } }"""
    assert ask(query) == {"data": {"repository": {"a": {"name": "CSH"}, "b": None}}}


def test_repositories_of_the_organisation_are_swept_for_a_label(ask, state):
    state.add_repository("old", archived=True, labels=["CSH"])
    query = """query($archived: Boolean) { organization(login: "ACME") {
      repositories(first: 100, isArchived: $archived, orderBy: {field: NAME, direction: ASC}) {
        nodes { name isArchived label(name: "CSH") { id } } } } }"""
    nodes = ask(query)["data"]["organization"]["repositories"]["nodes"]
    assert [(one["name"], one["label"] is not None) for one in nodes] == [("docs", False), ("hub", True), ("old", True)]
    live = ask(query, archived=False)["data"]["organization"]["repositories"]["nodes"]
    assert [one["name"] for one in live] == ["docs", "hub"]


FAMILY = """query { repository(owner: "acme", name: "hub") { issue(number: 1) {
  parent { title }
  subIssuesSummary { total completed percentCompleted }
  subIssues(first: 10) { totalCount nodes { title } }
} } }"""


def test_a_family_is_read_across_repositories(ask, state):
    parent, done, open_ = (state.open_issue(where, what) for where, what in [("hub", "P"), ("docs", "A"), ("hub", "B")])
    state.add_sub_issue(parent, done)
    state.add_sub_issue(parent, open_)
    state.close(done)
    issue = ask(FAMILY)["data"]["repository"]["issue"]
    assert issue["subIssuesSummary"] == {"total": 2, "completed": 1, "percentCompleted": 50}
    assert [child["title"] for child in issue["subIssues"]["nodes"]] == ["A", "B"]


def test_children_and_parents_out_of_sight_are_missing_without_an_error(ask, state):
    issue, child = state.open_issue("hub", "Middle"), state.open_issue("docs", "Child")
    state.add_sub_issue(issue, child)
    state.add_sub_issue(state.open_issue("docs", "Parent"), issue)
    state.hide_repository("docs")
    answer = ask(FAMILY)
    assert "errors" not in answer
    found = answer["data"]["repository"]["issue"]
    assert (found["parent"], found["subIssues"]["totalCount"]) == (None, 0)
    assert found["subIssuesSummary"]["total"] == 1


def test_below_a_wide_page_nested_lists_lose_half_silently_when_switched_on(ask, state, service):
    service.options.truncate_nested_above = 2
    for _ in range(3):
        parent = state.open_issue("hub", "Parent")
        for _ in range(4):
            state.add_sub_issue(parent, state.open_issue("docs", "Child"))
    query = """query($first: Int!) { repository(owner: "acme", name: "hub") { issues(first: $first) { nodes {
      subIssuesSummary { total } subIssues(first: 50) { totalCount pageInfo { hasNextPage } nodes { id } } } } } }"""
    wide = ask(query, first=3)["data"]["repository"]["issues"]["nodes"][0]
    assert (wide["subIssues"]["totalCount"], len(wide["subIssues"]["nodes"])) == (2, 2)
    assert (wide["subIssues"]["pageInfo"]["hasNextPage"], wide["subIssuesSummary"]["total"]) == (False, 4)
    narrow = ask(query, first=2)["data"]["repository"]["issues"]["nodes"][0]
    assert narrow["subIssues"]["totalCount"] == 4


def test_bots_are_actors_but_no_assignees(ask, state):
    state.add_user("robot", kind="Bot")
    state.open_issue("hub", "One", assignees=["ana", "robot"])
    answer = ask("""{ repository(owner: "acme", name: "hub") { issue(number: 1) {
      assignees(first: 5) { nodes { login name email } }
      assignedActors(first: 5) { nodes { __typename ... on Actor { login } } } } } }""")
    issue = answer["data"]["repository"]["issue"]
    assert issue["assignees"]["nodes"] == [{"login": "ana", "name": "Ana Lopez", "email": "ana@example.org"}]
    assert [one["__typename"] for one in issue["assignedActors"]["nodes"]] == ["User", "Bot"]


def test_a_deleted_author_and_a_missing_body_are_null_and_empty(ask, state):
    state.open_issue("hub", "One", author="ben")
    state.remove_user("ben")
    answer = ask('{ repository(owner: "acme", name: "hub") { issue(number: 1) { author { login } body } } }')
    assert answer["data"]["repository"]["issue"] == {"author": None, "body": ""}


def test_the_timeline_shows_transfer_conversion_and_sub_issue_links(ask, state):
    issue = state.open_issue("docs", "One")
    state.add_sub_issue(issue, state.open_issue("docs", "Child"))
    state.transfer(issue, "hub")
    state.convert_to_discussion(issue)
    query = """query($types: [IssueTimelineItemsItemType!]) {
      repository(owner: "acme", name: "hub") { issue(number: 1) {
        timelineItems(first: 20, itemTypes: $types) { nodes {
          __typename
          ... on TransferredEvent { fromRepository { name } }
          ... on SubIssueAddedEvent { subIssue { title } }
        } } } } }"""
    types = ["SUB_ISSUE_ADDED_EVENT", "TRANSFERRED_EVENT", "CONVERTED_TO_DISCUSSION_EVENT"]
    nodes = ask(query, types=types)["data"]["repository"]["issue"]["timelineItems"]["nodes"]
    assert nodes == [
        {"__typename": "SubIssueAddedEvent", "subIssue": {"title": "Child"}},
        {"__typename": "TransferredEvent", "fromRepository": {"name": "docs"}},
        {"__typename": "ConvertedToDiscussionEvent"},
    ]


def test_an_unknown_field_is_refused_with_200_and_no_data(ask, state):
    answer = ask('query Q { repository(owner: "a", name: "b") { issue(number: 1) { ... on Issue { hours } } } }')
    assert "data" not in answer
    assert error_of(answer) == {
        "path": ["query Q", "repository", "issue", "... on Issue", "hours"],
        "extensions": {"code": "undefinedField", "typeName": "Issue", "fieldName": "hours"},
        "locations": [{"line": 1, "column": 81}],
        "message": "Field 'hours' doesn't exist on type 'Issue'",
    }


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ viewer { login }", "Syntax Error"),
        ("{ viewer { ... on Nobody { id } } }", "No such type Nobody"),
        ('{ user(login: "ana", age: 3) { id } }', "doesn't accept argument 'age'"),
        ('query($n: Int!) { organization(login: "acme") { projectV2(number: $n) { id } } }', "$n"),
        ("mutation { addStar }", "Field 'addStar' doesn't exist on type 'Mutation'"),
        ("query A { viewer { id } } query B { viewer { id } }", "operation name"),
    ],
)
def test_other_mistakes_in_a_query_give_errors_and_no_data(ask, state, query, message):
    answer = ask(query)
    assert "data" not in answer
    assert message in answer["errors"][0]["message"]


def test_the_body_must_be_json_with_a_query(http):
    assert http.post("/graphql", content=b"{").status_code == 400
    missing = http.post("/graphql", json={"variables": {}})
    assert missing.json()["message"] == "A query attribute must be specified and must be a string."


def test_one_query_costs_a_point_for_each_hundred_connections(ask, state):
    nested = " ".join(f"c{number}: comments(first: 10) {{ totalCount }}" for number in range(6))
    query = f"""query($first: Int = 100) {{ rateLimit {{ cost nodeCount limit remaining used resetAt }}
      repository(owner: "acme", name: "hub") {{ issues(first: $first) {{ nodes {{ {nested} }} }} }} }}"""
    limit = ask(query)["data"]["rateLimit"]
    assert (limit["cost"], limit["nodeCount"]) == (6, 100 + 6 * 100 * 10)
    assert (limit["remaining"], limit["used"], limit["resetAt"]) == (4994, 6, "2026-01-05T10:00:00Z")
    assert ask(query, first=10)["data"]["rateLimit"]["cost"] == 1


def test_more_than_half_a_million_nodes_are_refused(ask, state):
    answer = ask("""{ organization(login: "acme") { repositories(first: 100) { nodes { issues(first: 100) { nodes {
      comments(first: 100) { nodes { id } } } } } } } }""")
    assert error_of(answer)["type"] == "MAX_NODE_LIMIT_EXCEEDED"
    assert "1,010,100 possible nodes" in error_of(answer)["message"]


def test_a_heavy_query_fails_as_chosen_until_it_asks_for_less(http, ask, state, service):
    service.options.heavy_query_nodes = 50
    query = 'query($n: Int!) { a: repository(owner: "acme", name: "hub") { issues(first: $n) { nodes { id } } } }'
    heavy = http.post("/graphql", json={"query": query, "variables": {"n": 100}})
    assert heavy.status_code == 502
    assert int(heavy.headers["x-ratelimit-used"]) > 1
    service.options.heavy_query_answer = "resource_limits"
    answer = ask(query, n=100)
    assert (answer["data"], error_of(answer)["type"]) == ({"a": None}, "RESOURCE_LIMITS_EXCEEDED")
    assert error_of(answer)["path"] == ["a"]
    assert "errors" not in ask(query, n=25)


def test_a_missing_scope_refuses_what_needs_it(ask, state, service):
    state.add_project("Work", 57)
    service.options.missing_scopes = frozenset({"read:project"})
    answer = ask('{ organization(login: "acme") { projectV2(number: 57) { title } } }')
    assert (error_of(answer)["type"], "data" in answer) == ("INSUFFICIENT_SCOPES", False)
    assert "data" in ask('{ organization(login: "acme") { login } }')


def test_label_filters_can_answer_from_a_stale_index(ask, state, service, clock):
    service.options.list_lag = Lag(seconds=600)
    issue = state.open_issue("hub", "One", labels=["CSH"])
    assert numbers(ask(LIST, labels=["CSH"])) == []
    assert numbers(ask(LIST)) == [1]
    clock.advance(minutes=10)
    state.unlabel(issue, "CSH")
    assert numbers(ask(LIST, labels=["CSH"])) == [1]


def test_search_pages_counts_all_and_reaches_a_thousand(ask, state, service):
    for number in range(3):
        state.open_issue("hub", f"Issue {number}", labels=["CSH"])
    query = """query($q: String!, $after: String) { search(type: ISSUE, query: $q, first: 2, after: $after) {
      issueCount pageInfo { hasNextPage endCursor } nodes { __typename ... on Issue { number } } } }"""
    first = ask(query, q="org:acme is:issue label:csh")["data"]["search"]
    assert (first["issueCount"], [one["number"] for one in first["nodes"]]) == (3, [3, 2])
    rest = ask(query, q="org:acme is:issue label:csh", after=first["pageInfo"]["endCursor"])["data"]["search"]
    assert [one["number"] for one in rest["nodes"]] == [1]
    assert ask(query, q="repo:acme/none")["data"]["search"]["issueCount"] == 0
    assert error_of(ask(query, q="x" * 257))["message"] == "The search is longer than 256 characters."
