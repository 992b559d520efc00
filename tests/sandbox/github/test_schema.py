"""The schema against GitHub's own, where that is at hand, and every field of it against the world."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    parse,
    validate,
)

from sandbox.github.gql.schema import PARTS, schema_with

OFFICIAL = Path(__file__).parents[4] / "shared" / "specs" / "github.graphql"

QUERIES = {
    "candidates": """query($owner: String!, $name: String!, $labels: [String!], $since: DateTime, $after: String) {
      rateLimit { cost remaining resetAt }
      repository(owner: $owner, name: $name) { id databaseId isArchived label(name: "CSH") { id }
        issues(first: 30, after: $after, labels: $labels, filterBy: {since: $since},
               orderBy: {field: UPDATED_AT, direction: ASC}) {
          totalCount pageInfo { hasNextPage endCursor }
          nodes { id number title body url state stateReason createdAt updatedAt closedAt
            author { login } repository { nameWithOwner }
            assignees(first: 10) { nodes { login name email } }
            labels(first: 50) { nodes { id name } }
            parent { id } subIssuesSummary { total completed percentCompleted }
            comments(first: 1) { totalCount } } } } }""",
    "family": """query($ids: [ID!]!) { nodes(ids: $ids) { ... on Issue { id
      subIssues(first: 100) { totalCount nodes { id number repository { id nameWithOwner } } } } } }""",
    "board": """query($id: ID!) { node(id: $id) { ... on Issue {
      projectItems(first: 10, includeArchived: true) { nodes {
      id isArchived updatedAt type project { id number }
      fieldValues(first: 50) { nodes { __typename
        ... on ProjectV2ItemFieldValueCommon { updatedAt field { ... on ProjectV2FieldCommon { id name dataType } } }
        ... on ProjectV2ItemFieldNumberValue { number } ... on ProjectV2ItemFieldTextValue { text }
        ... on ProjectV2ItemFieldDateValue { date } ... on ProjectV2ItemFieldSingleSelectValue { name optionId }
        ... on ProjectV2ItemFieldIterationValue { iterationId title startDate duration } } } } } } } }""",
    "columns": """query($login: String!, $number: Int!) { organization(login: $login) { projectV2(number: $number) {
      id title updatedAt fields(first: 50) { nodes { ... on ProjectV2FieldCommon { id name dataType }
        ... on ProjectV2SingleSelectField { options { id name } }
        ... on ProjectV2IterationField { configuration { iterations { id title startDate duration }
          completedIterations { id title startDate duration } } } } } } } }""",
    "timeline": """query($id: ID!) { node(id: $id) { ... on Issue { timelineItems(first: 20,
      itemTypes: [TRANSFERRED_EVENT, CONVERTED_TO_DISCUSSION_EVENT]) { nodes { __typename
        ... on TransferredEvent { createdAt fromRepository { nameWithOwner } } } } } } }""",
    "comments": """query($id: ID!) { node(id: $id) { ... on Issue { locked comments(first: 10) { totalCount
      nodes { databaseId body viewerDidAuthor } } } } }""",
    "put": """mutation($project: ID!, $content: ID!) {
      addProjectV2ItemById(input: {projectId: $project, contentId: $content}) { item { id } } }""",
    "search": """query($q: String!) { search(type: ISSUE, query: $q, first: 100) { issueCount
      nodes { __typename ... on Issue { id } } } viewer { login } }""",
}


@pytest.fixture(scope="session")
def official():
    if not OFFICIAL.is_file():
        pytest.skip("GitHub's published schema is not beside this repository (../shared/specs/github.graphql)")
    return build_schema(OFFICIAL.read_text("utf-8"), assume_valid=True)


def members(kind):
    match kind:
        case GraphQLObjectType() | GraphQLInterfaceType() | GraphQLInputObjectType():
            return dict(kind.fields)
        case GraphQLEnumType():
            return dict.fromkeys(kind.values)
        case GraphQLUnionType():
            return dict.fromkeys(one.name for one in kind.types)
        case _:
            return {}


def test_everything_that_is_not_newer_is_githubs_own_by_name_type_and_nullability(official):
    ours = schema_with(frozenset())
    different = []
    for name, kind in ours.type_map.items():
        theirs = official.type_map.get(name)
        if theirs is None or type(theirs) is not type(kind):
            different.append(name)
            continue
        for member, field in members(kind).items():
            known = members(theirs).get(member, "missing")
            if known == "missing" or (field and str(known.type) != str(field.type)):
                different.append(f"{name}.{member}")
            for argument, given in getattr(field, "args", {}).items():
                if str(known.args[argument].type) != str(given.type):
                    different.append(f"{name}.{member}({argument})")
    assert different == []


@pytest.mark.parametrize("name", QUERIES)
def test_the_usual_queries_are_valid_for_github_and_for_the_stand_in(official, name):
    document = parse(QUERIES[name])
    for schema in (official, schema_with(frozenset()), schema_with(PARTS)):
        assert validate(schema, document) == []


@pytest.mark.parametrize("part", sorted(PARTS))
def test_each_newer_part_can_be_missing_alone(part):
    names = {
        "issue_fields": ("Issue", "issueFieldValues"),
        "assigned_actors": ("Issue", "assignedActors"),
        "duplicate_of": ("Issue", "duplicateOf"),
    }
    without = schema_with(PARTS - {part})
    if part == "item_query":
        assert "query" not in without.type_map["ProjectV2"].fields["items"].args
    else:
        owner, field = names[part]
        assert field not in without.type_map[owner].fields
        assert field in schema_with(PARTS).type_map[owner].fields


PAGE = "(first: 5) { pageInfo { endCursor hasPreviousPage } edges { cursor node { __typename } } }"


def selection(kind):
    """Select every field of a type that needs no arguments we would have to invent."""
    chosen = ["__typename"]
    for name, field in getattr(kind, "fields", {}).items():
        inner = get_named_type(field.type)
        if any(isinstance(argument.type, GraphQLNonNull) for argument in field.args.values()):
            continue
        if "first" in field.args:
            chosen.append(f"{name}{PAGE}")
        elif isinstance(inner, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType):
            chosen.append(f"{name} {{ __typename }}")
        else:
            chosen.append(name)
    return " ".join(chosen)


NODES = (
    *("Organization", "User", "Bot", "Repository", "Label", "Issue", "PullRequest", "IssueComment", "DraftIssue"),
    *("ProjectV2", "ProjectV2Item", "ProjectV2Field", "ProjectV2SingleSelectField", "ProjectV2IterationField"),
    *("IssueFieldText", "IssueFieldNumber", "IssueFieldDate", "IssueFieldSingleSelect"),
)
CELLS = (
    *(f"ProjectV2ItemField{kind}Value" for kind in ("Text", "Number", "Date", "SingleSelect", "Iteration")),
    *(f"ProjectV2ItemField{kind}Value" for kind in ("Label", "User", "Repository")),
    "ProjectV2ItemIssueFieldValue",
)
VALUES = tuple(f"IssueField{kind}Value" for kind in ("Text", "Number", "Date", "SingleSelect"))
EVENTS = (
    *("LabeledEvent", "UnlabeledEvent", "ClosedEvent", "ReopenedEvent", "RenamedTitleEvent", "IssueComment"),
    *("AssignedEvent", "UnassignedEvent", "SubIssueAddedEvent", "SubIssueRemovedEvent", "ParentIssueAddedEvent"),
    *("TransferredEvent", "ConvertedToDiscussionEvent"),
    *("IssueFieldAddedEvent", "IssueFieldChangedEvent", "IssueFieldRemovedEvent"),
)


@pytest.fixture
def issue(state):
    """An issue to which everything has happened, on a board with every kind of cell."""
    issue = state.open_issue("docs", "Old", "text", labels=["CSH", "bug"], assignees=["ana", "ben"])
    child = state.open_issue("hub", "Child")
    state.edit(issue, title="New")
    state.comment(issue, "hello")
    state.unlabel(issue, "bug")
    state.unassign(issue, "ben")
    state.add_sub_issue(issue, child)
    state.remove_sub_issue(issue, child)
    state.transfer(issue, "hub")
    state.add_sub_issue(state.open_issue("hub", "Parent"), issue)
    state.close(issue)
    state.reopen(issue)
    state.convert_to_discussion(issue)
    project = state.add_project("Work", 57)
    day = datetime(2026, 1, 5, tzinfo=UTC).date()
    cells = {"Number": 1.5, "Text": "text", "Date": day, "Status": "Todo", "Iteration": "Now"}
    state.add_field(project, "Number", "NUMBER")
    state.add_field(project, "Text", "TEXT")
    state.add_field(project, "Date", "DATE")
    state.add_field(project, "Iteration", "ITERATION", iterations=[("Now", day, 14)])
    for name, kind, value in [("A", "TEXT", "a"), ("B", "NUMBER", 1), ("C", "DATE", day), ("D", "SINGLE_SELECT", "d")]:
        state.show_issue_field(project, state.add_issue_field(name, kind, options=["d"]))
        cells[name] = value
    state.set_board(issue, project, cells)
    state.set_issue_field(issue, "B", 2)
    state.set_issue_field(issue, "B", None)
    state.set_issue_field(issue, "B", 3)
    state.add_draft(project, "Draft")
    state.add_user("robot", kind="Bot")
    state.open_pull_request("hub", "Change")
    return issue


@pytest.mark.parametrize("name", NODES)
def test_every_field_of_a_node_answers(ask, state, issue, name):
    kind = schema_with(PARTS).type_map[name]
    query = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename ... on {name} {{ {selection(kind)} }} }} }}"
    ids = list(state.nodes)[:100]
    answer = ask(query, ids=ids)
    assert "errors" not in answer
    assert any(node["__typename"] == name for node in answer["data"]["nodes"])


@pytest.mark.parametrize(
    ("start", "end", "names"),
    [
        ("projectItems(first: 1) { edges { node { fieldValues", "} } }", CELLS),
        ("issueFieldValues", "", VALUES),
        ("timelineItems", "", EVENTS),
    ],
)
def test_every_field_of_cells_values_and_events_answers(ask, issue, start, end, names):
    types = schema_with(PARTS).type_map
    for name in names:
        listed = f"{start}(first: 50) {{ nodes {{ __typename ... on {name} {{ {selection(types[name])} }} }} }} {end}"
        answer = ask(f"query($id: ID!) {{ node(id: $id) {{ ... on Issue {{ {listed} }} }} }}", id=issue.node_id)
        assert "errors" not in answer
        assert f"'__typename': '{name}'" in str(answer)
