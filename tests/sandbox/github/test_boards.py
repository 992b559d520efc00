"""Boards over GraphQL and REST: columns of every kind, rows in every condition, filters."""

from datetime import UTC, datetime

import pytest

from sandbox.github import Lag

BOARD = """
query Board($query: String = "", $archived: [ProjectV2ItemArchivedState!]) {
  organization(login: "acme") { projectV2(number: 57) {
    title updatedAt
    items(first: 50, query: $query, archivedStates: $archived) { totalCount nodes {
      id type isArchived updatedAt
      content { __typename ... on Issue { title } ... on DraftIssue { title } }
      hours: fieldValueByName(name: "GitHub Hours") { __typename
        ... on ProjectV2ItemFieldNumberValue { number updatedAt }
        ... on ProjectV2ItemIssueFieldValue { issueFieldValue { ... on IssueFieldNumberValue { value } } }
      }
    } }
  } }
}
"""

CELLS = """
query { repository(owner: "acme", name: "hub") { issue(number: 1) { projectItems(first: 5) { nodes {
  isArchived project { number }
  fieldValues(first: 50) { nodes { __typename
    ... on ProjectV2ItemFieldValueCommon { field { ... on ProjectV2FieldCommon { name dataType } } }
    ... on ProjectV2ItemFieldNumberValue { number }
    ... on ProjectV2ItemFieldTextValue { text }
    ... on ProjectV2ItemFieldDateValue { date }
    ... on ProjectV2ItemFieldSingleSelectValue { name optionId color }
    ... on ProjectV2ItemFieldIterationValue { title startDate duration iterationId }
    ... on ProjectV2ItemFieldLabelValue { labels(first: 5) { nodes { name } } }
    ... on ProjectV2ItemFieldUserValue { users(first: 5) { nodes { login } } }
    ... on ProjectV2ItemFieldRepositoryValue { repository { name } }
  } }
} } } } }
"""

OLD_BOARD = """query { organization(login: "acme") { projectV2(number: 57) {
  fields(first: 50) { nodes { ... on ProjectV2FieldCommon { name } } }
  items(first: 10) { nodes { fieldValues(first: 20) { nodes { __typename } } } } } } }"""


@pytest.fixture
def project(state):
    project = state.add_project("Work", 57)
    state.add_field(project, "GitHub Hours", "NUMBER")
    state.add_field(project, "Notes", "TEXT")
    state.add_field(project, "End date", "DATE")
    past, now = datetime(2025, 12, 22, tzinfo=UTC).date(), datetime(2026, 1, 5, tzinfo=UTC).date()
    state.add_field(project, "Iteration", "ITERATION", iterations=[("Now", now, 14)], completed=[("Past", past, 14)])
    return project


def rows(answer):
    return answer["data"]["organization"]["projectV2"]["items"]["nodes"]


def titles(answer):
    return [(row["content"] or {}).get("title") for row in rows(answer)]


def test_every_kind_of_cell_that_is_set_is_returned_and_no_other(ask, state, project):
    issue = state.open_issue("hub", "One", labels=["CSH"], assignees=["ana"])
    values = {"GitHub Hours": 7.5, "Notes": "hello", "End date": "2026-01-31", "Status": "Done", "Iteration": "Past"}
    state.set_board(issue, project, values)
    (row,) = ask(CELLS)["data"]["repository"]["issue"]["projectItems"]["nodes"]
    cells = {
        cell["field"]["name"] if "field" in cell else cell["__typename"]: cell for cell in row["fieldValues"]["nodes"]
    }
    assert cells["Title"]["text"] == "One"
    assert cells["GitHub Hours"]["number"] == 7.5
    assert cells["Notes"]["text"] == "hello"
    assert cells["End date"]["date"] == "2026-01-31"
    assert (cells["Status"]["name"], cells["Status"]["field"]["dataType"]) == ("Done", "SINGLE_SELECT")
    assert (cells["Iteration"]["title"], cells["Iteration"]["startDate"]) == ("Past", "2025-12-22")
    assert cells["ProjectV2ItemFieldLabelValue"]["labels"]["nodes"] == [{"name": "CSH"}]
    assert cells["ProjectV2ItemFieldUserValue"]["users"]["nodes"] == [{"login": "ana"}]
    assert cells["ProjectV2ItemFieldRepositoryValue"]["repository"]["name"] == "hub"
    state.set_board(issue, project, dict.fromkeys(values))
    (row,) = ask(CELLS)["data"]["repository"]["issue"]["projectItems"]["nodes"]
    assert len(row["fieldValues"]["nodes"]) == 4


def test_columns_show_choices_and_iterations_apart(ask, state, project):
    query = """{ organization(login: "acme") { projectV2(number: 57) { fields(first: 50) { nodes { __typename
      ... on ProjectV2FieldCommon { id name dataType isIssueField }
      ... on ProjectV2SingleSelectField { options { id name } some: options(names: ["done"]) { name } }
      ... on ProjectV2IterationField { configuration {
        duration startDay iterations { title } completedIterations { title startDate duration } } }
    } } } } }"""
    fields = ask(query)["data"]["organization"]["projectV2"]["fields"]["nodes"]
    named = {field["name"]: field for field in fields}
    assert [option["name"] for option in named["Status"]["options"]] == ["Todo", "In Progress", "Done"]
    assert named["Status"]["some"] == [{"name": "Done"}]
    configuration = named["Iteration"]["configuration"]
    assert configuration["iterations"] == [{"title": "Now"}]
    assert configuration["completedIterations"] == [{"title": "Past", "startDate": "2025-12-22", "duration": 14}]
    assert (configuration["duration"], configuration["startDay"]) == (14, 1)
    assert (named["GitHub Hours"]["__typename"], named["GitHub Hours"]["dataType"]) == ("ProjectV2Field", "NUMBER")
    assert not any(field["isIssueField"] for field in fields)


def test_a_column_that_shows_an_issue_field_is_no_number_cell(ask, state, service, project):
    state.delete_field(project, "GitHub Hours")
    state.show_issue_field(project, state.add_issue_field("GitHub Hours", "NUMBER"))
    issue = state.open_issue("hub", "One")
    state.set_board(issue, project, {"GitHub Hours": 2.25})
    (row,) = rows(ask(BOARD))
    assert row["hours"] == {"__typename": "ProjectV2ItemIssueFieldValue", "issueFieldValue": {"value": 2.25}}
    query = """{ repository(owner: "acme", name: "hub") { issue(number: 1) { issueFieldValues(first: 25) { nodes {
      ... on IssueFieldNumberValue { hours: value field { ... on IssueFieldCommon { name dataType } } } } } } } }"""
    (value,) = ask(query)["data"]["repository"]["issue"]["issueFieldValues"]["nodes"]
    assert value == {"hours": 2.25, "field": {"name": "GitHub Hours", "dataType": "NUMBER"}}


def test_values_of_issue_fields_differ_in_type_and_must_be_aliased(ask, state):
    query = """{ repository(owner: "acme", name: "hub") { issue(number: 1) { issueFieldValues(first: 5) { nodes {
      ... on IssueFieldNumberValue { value } ... on IssueFieldTextValue { value } } } } } }"""
    answer = ask(query)
    assert "data" not in answer
    assert "conflict" in answer["errors"][0]["message"]


def test_an_old_schema_refuses_issue_fields_and_hides_their_cells(ask, state, service, project):
    issue = state.open_issue("hub", "One")
    state.show_issue_field(project, state.add_issue_field("Effort", "NUMBER"))
    state.set_board(issue, project, {"Effort": 3})
    service.options.issue_fields = False
    service.options.item_query = False
    codes = {error["extensions"]["code"] for error in ask(BOARD)["errors"] if "extensions" in error}
    assert codes == {"argumentNotAccepted", "undefinedType"}
    found = ask(OLD_BOARD)["data"]["organization"]["projectV2"]
    assert "Effort" in [field["name"] for field in found["fields"]["nodes"]]
    cells = [cell["__typename"] for cell in found["items"]["nodes"][0]["fieldValues"]["nodes"]]
    assert cells == ["ProjectV2ItemFieldTextValue", "ProjectV2ItemFieldRepositoryValue"]


def test_issue_fields_can_hide_behind_their_header(ask, service, project):
    service.options.issue_fields_need_header = True
    assert "errors" in ask(BOARD)
    assert "errors" not in ask(BOARD, headers={"GraphQL-Features": "sub_issues, issue_fields"})


def test_rows_can_be_issues_drafts_changes_archived_and_redacted(ask, state, project):
    state.add_item(project, state.open_issue("hub", "Issue"))
    state.add_draft(project, "Draft")
    state.add_item(project, state.open_pull_request("hub", "Change"))
    state.archive_item(state.add_item(project, state.open_issue("hub", "Archived")))
    redacted = state.set_board(state.open_issue("docs", "Secret"), project, {"GitHub Hours": 1})
    state.hide_repository("docs")
    shown = rows(ask(BOARD))
    assert [row["type"] for row in shown] == ["ISSUE", "DRAFT_ISSUE", "PULL_REQUEST", "REDACTED"]
    assert shown[-1] == {
        "id": redacted.node_id,
        "type": "REDACTED",
        "isArchived": False,
        "updatedAt": "2026-01-05T09:00:00Z",
        "content": None,
        "hours": None,
    }
    assert titles(ask(BOARD, archived=["ARCHIVED"])) == ["Archived"]
    assert len(rows(ask(BOARD, archived=["ARCHIVED", "NOT_ARCHIVED"]))) == 5


def test_archived_rows_are_on_the_issues_side_unless_refused(ask, state, service, project):
    issue = state.open_issue("hub", "One")
    state.archive_item(state.add_item(project, issue))
    query = """query($archived: Boolean) { repository(owner: "acme", name: "hub") { issue(number: 1) {
      all: projectItems(first: 5) { totalCount }
      some: projectItems(first: 5, includeArchived: $archived) { totalCount } } } }"""
    found = ask(query, archived=False)["data"]["repository"]["issue"]
    assert (found["all"]["totalCount"], found["some"]["totalCount"]) == (1, 0)
    service.options.items_include_archived = True
    assert titles(ask(BOARD)) == ["One"]


def test_a_new_row_is_on_the_issues_side_before_it_is_on_the_board(ask, state, service, project):
    service.options.board_lag = Lag(requests=2)
    state.set_board(state.open_issue("hub", "One"), project, {"GitHub Hours": 1})
    assert rows(ask(BOARD)) == []
    assert len(ask(CELLS)["data"]["repository"]["issue"]["projectItems"]["nodes"]) == 1
    assert titles(ask(BOARD)) == ["One"]


def test_an_issue_can_be_on_two_boards_with_different_hours(ask, state, project):
    other = state.add_project("Other")
    state.add_field(other, "GitHub Hours", "NUMBER")
    issue = state.open_issue("hub", "One")
    state.set_board(issue, project, {"GitHub Hours": 1})
    state.set_board(issue, other, {"GitHub Hours": 2})
    found = ask(CELLS)["data"]["repository"]["issue"]["projectItems"]["nodes"]
    hours = {
        row["project"]["number"]: [c["number"] for c in row["fieldValues"]["nodes"] if "number" in c] for row in found
    }
    assert hours == {57: [1.0], 58: [2.0]}
    state.hide_project(project)
    assert ask(BOARD)["errors"][0]["type"] == "NOT_FOUND"
    assert len(ask(CELLS)["data"]["repository"]["issue"]["projectItems"]["nodes"]) == 1


def test_of_two_columns_with_one_name_the_first_answers_by_name(ask, state, project):
    item = state.add_item(project, state.open_issue("hub", "One"))
    twin = state.add_field(project, "GitHub Hours", "NUMBER")
    state.set_field(item, twin, 9)
    assert rows(ask(BOARD))[0]["hours"] is None
    (row,) = ask(CELLS)["data"]["repository"]["issue"]["projectItems"]["nodes"]
    assert [cell["number"] for cell in row["fieldValues"]["nodes"] if "number" in cell] == [9.0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Alpha", "Beta", "Draft"]),
        ("is:issue", ["Alpha", "Beta"]),
        ("is:issue label:CSH", ["Alpha"]),
        ("label:*s*", ["Alpha"]),
        ("-label:CSH is:issue", ["Beta"]),
        ("is:closed", ["Beta"]),
        ("is:draft", ["Draft"]),
        ("repo:acme/docs", ["Beta"]),
        ("repo:hub,docs", ["Alpha", "Beta"]),
        ("assignee:ana", ["Alpha"]),
        ("no:assignee is:issue", ["Beta"]),
        ("has:github-hours", ["Alpha"]),
        ("github-hours:>7", ["Alpha"]),
        ("github-hours:1..7", []),
        ("status:Done,Todo", ["Alpha"]),
        ('status:"In Progress"', ["Beta"]),
        ("end-date:<2026-02-01", ["Alpha"]),
        ("end-date:>@today", ["Alpha"]),
        ("reason:not_planned", ["Beta"]),
        ("parent-issue:acme/hub#1", ["Beta"]),
        ("updated:>@today-7d is:issue", ["Alpha", "Beta"]),
        ("updated:>2026-01-05T08:00:00Z", []),
        ("alph", ["Alpha"]),
        ("unheard-of:thing", []),
        ("(label:CSH)", []),
    ],
)
def test_the_boards_filter_language(ask, state, project, query, found):
    alpha = state.open_issue("hub", "Alpha", labels=["CSH"], assignees=["ana"])
    beta = state.open_issue("docs", "Beta")
    state.add_sub_issue(alpha, beta)
    state.close(beta, "not_planned")
    state.set_board(alpha, project, {"GitHub Hours": 7.5, "Status": "Todo", "End date": "2026-01-31"})
    state.set_board(beta, project, {"Status": "In Progress"})
    state.add_draft(project, "Draft")
    assert titles(ask(BOARD, query=query)) == found


class TestRest:
    PATH = "/orgs/acme/projectsV2/57"

    def test_rows_show_the_title_unless_columns_are_named_by_id(self, http, state, project):
        state.set_board(
            state.open_issue("hub", "One"),
            project,
            {"GitHub Hours": 7.5, "Status": "Todo", "Iteration": "Now", "End date": "2026-01-31"},
        )
        (row,) = http.get(f"{self.PATH}/items").json()
        assert [(one["name"], one["value"]["raw"]) for one in row["fields"]] == [("Title", "One")]
        assert (row["content_type"], row["content"]["title"], row["archived_at"]) == ("Issue", "One", None)
        fields = {field["name"]: field for field in http.get(f"{self.PATH}/fields").json()}
        names = ["GitHub Hours", "Status", "Iteration", "End date", "Notes"]
        wanted = ",".join(str(fields[name]["id"]) for name in names)
        (row,) = http.get(f"{self.PATH}/items", params={"fields": wanted}).json()
        values = {one["name"]: one["value"] for one in row["fields"]}
        assert (values["GitHub Hours"], values["End date"], values["Notes"]) == (7.5, "2026-01-31", None)
        assert values["Status"]["name"] == {"raw": "Todo", "html": "Todo"}
        assert (values["Iteration"]["title"]["raw"], values["Iteration"]["completed"]) == ("Now", False)

    def test_rows_go_by_cursor_and_filter(self, http, state, project):
        for number in range(5):
            state.add_item(project, state.open_issue("hub", f"Issue {number}", labels=["CSH"] if number % 2 else []))
        first = http.get(f"{self.PATH}/items", params={"q": "-label:CSH", "per_page": 2})
        assert "page=" not in first.links["next"]["url"].replace("per_page=", "")
        second = http.get(first.links["next"]["url"])
        assert [row["content"]["title"] for row in [*first.json(), *second.json()]] == ["Issue 0", "Issue 2", "Issue 4"]
        assert set(second.links) == {"prev"}
        item = first.json()[0]["id"]
        assert http.get(f"{self.PATH}/items/{item}").json()["content"]["title"] == "Issue 0"

    def test_columns_name_their_issue_field_and_hidden_boards_are_404(self, http, state, project):
        effort = state.add_issue_field("Effort", "NUMBER")
        state.show_issue_field(project, effort)
        fields = {field["name"]: field for field in http.get(f"{self.PATH}/fields").json()}
        assert fields["Effort"]["issue_field_id"] == effort.id
        assert "issue_field_id" not in fields["GitHub Hours"]
        assert [one["number"] for one in http.get("/orgs/acme/projectsV2").json()] == [57]
        state.hide_project(project)
        assert http.get(self.PATH).status_code == 404
        assert http.get("/orgs/acme/projectsV2").json() == []
