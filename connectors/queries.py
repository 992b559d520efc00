"""The GraphQL queries sent to GitHub, as text. What a person typed travels in variables only (decision D13).

GitHub's schema: https://docs.github.com/en/graphql/reference. Everything is in the published schema except what a
`Part` stands for.
"""

import re
from collections.abc import Iterable, Sequence
from enum import Enum

Parts = frozenset["Part"]


class Part(Enum):
    """A piece of a query that some servers do not know; the words by which their refusal names it."""

    COLUMN_KIND = frozenset({"isIssueField"})
    COLUMN_SOURCE = frozenset({"issueField", "IssueFields"})
    ISSUE_FIELD_CELLS = frozenset({"ProjectV2ItemIssueFieldValue", "issueFieldValue", "ProjectV2IssueFieldValues"})
    ISSUE_FIELD_VALUES = frozenset({"issueFieldValues", "IssueFieldValueConnection", "read:org"})
    DUPLICATE_REASON = frozenset({"enableDuplicate"})


ALL_PARTS: Parts = frozenset(Part)
_BOTH_KINDS_OF_VALUES = re.compile(r"IssueField(Text|Number|Date|SingleSelect)(Value)?")
_WORD = re.compile(r"read:org|\w+")


def without_refused(parts: Parts, reasons: Iterable[str]) -> Parts:
    """Return *parts* without those that a server's *reasons* for refusing a query name."""
    words = {word for reason in reasons for word in _WORD.findall(reason)}
    refused = {part for part in parts if words & part.value}
    if any(_BOTH_KINDS_OF_VALUES.fullmatch(word) for word in words):
        refused |= {Part.ISSUE_FIELD_CELLS, Part.ISSUE_FIELD_VALUES, Part.COLUMN_SOURCE}
    return parts - refused


PAGE = "pageInfo { hasNextPage endCursor }"
LABEL = "name"
ASSIGNEE = "id login name"
SUB_ISSUE = "id"

_ISSUE_FIELD_VALUE = """
    ... on IssueFieldNumberValue { number: value field { ... on IssueFieldNumber { id name } } }
    ... on IssueFieldTextValue { text: value field { ... on IssueFieldText { id name } } }
    ... on IssueFieldDateValue { date: value field { ... on IssueFieldDate { id name } } }
    ... on IssueFieldSingleSelectValue { name field { ... on IssueFieldSingleSelect { id name } } }
"""


def repositories(labels: int, more: str = "") -> str:
    """Return the query for all repositories of an organisation, with as many labels looked up in each.

    *more* are further fields of each.

    Variables: ``login``, ``first``, ``after``, ``label0`` and so on.
    """
    declared, asked = _looked_up(labels)
    return f"""
query Repositories($login: String!, $first: Int!, $after: String{declared}) {{
  organization(login: $login) {{
    repositories(first: $first, after: $after, orderBy: {{field: CREATED_AT, direction: ASC}}) {{
      {PAGE}
      nodes {{ id nameWithOwner hasIssuesEnabled {more} {asked} }}
    }}
  }}
}}"""


def repository(labels: int) -> str:
    """Return the query for one repository, with labels looked up and its first hundred labels listed.

    Variables: ``owner``, ``name``, ``label0`` and so on.
    """
    declared, asked = _looked_up(labels)
    return f"""
query Repository($owner: String!, $name: String!{declared}) {{
  repository(owner: $owner, name: $name) {{
    id nameWithOwner hasIssuesEnabled {asked}
    labels(first: 100) {{ nodes {{ {LABEL} }} }}
  }}
}}"""


def _looked_up(labels: int) -> tuple[str, str]:
    declared = "".join(f", $label{number}: String!" for number in range(labels))
    asked = " ".join(f"label{number}: label(name: $label{number}) {{ {LABEL} }}" for number in range(labels))
    return declared, asked


class ListKind(Enum):
    """A kind of list of a repository's issues: what its entries show, and which arguments of its own it takes."""

    LABELLED = "labelled issues of any state, oldest first"
    CHANGED = "issues changed since a moment, the longest unchanged first"
    LABELLED_CHANGED = "labelled ones among them"

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the names of its arguments besides the repository."""
        return {"LABELLED": ("label",), "CHANGED": ("since",), "LABELLED_CHANGED": ("label", "since")}[self.name]


_LISTED = {
    ListKind.LABELLED: (
        "labels: [$label{0}], states: [OPEN, CLOSED], orderBy: {{field: CREATED_AT, direction: ASC}}",
        "id",
    ),
    ListKind.CHANGED: (
        "filterBy: {{since: $since{0}}}, orderBy: {{field: UPDATED_AT, direction: ASC}}",
        "id createdAt updatedAt parent {{ id }}",
    ),
    ListKind.LABELLED_CHANGED: (
        "labels: [$label{0}], filterBy: {{since: $since{0}}}, orderBy: {{field: UPDATED_AT, direction: ASC}}",
        "id",
    ),
}
_TYPES = {"owner": "String!", "name": "String!", "label": "String!", "since": "DateTime!", "after": "String"}


def list_alias(number: int) -> str:
    """Return under which name the query of `issue_lists` answers for one of its lists."""
    return f"list{number}"


def issue_lists(kinds: Sequence[ListKind]) -> str:
    """Return the query for a page of each of several lists.

    Variables: ``first``, and with the number of the list ``owner0``, ``name0``, ``after0`` and its own arguments.
    """
    declared, asked = "", ""
    for number, kind in enumerate(kinds):
        names = ("owner", "name", *kind.arguments, "after")
        declared += "".join(f", ${name}{number}: {_TYPES[name]}" for name in names)
        arguments, fields = (part.format(number) for part in _LISTED[kind])
        asked += f"""
  {list_alias(number)}: repository(owner: $owner{number}, name: $name{number}) {{
    issues(first: $first, after: $after{number}, {arguments}) {{ totalCount {PAGE} nodes {{ {fields} }} }}
  }}"""
    name = "LabelledIssues" if set(kinds) == {ListKind.LABELLED} else "ChangedIssues"
    return f"query {name}($first: Int!{declared}) {{{asked}\n}}"


BOARDS = """
query Boards($login: String!) {
  organization(login: $login) { projectsV2(first: 100) { pageInfo { hasNextPage endCursor } nodes { number title } } }
}"""
"""The boards of an organisation that the token may see. Variable: ``login``."""


def board(parts: Parts) -> str:
    """Return the query for the columns of a board. Variables: ``login``, ``number``."""
    return f"""
query Board($login: String!, $number: Int!) {{
  organization(login: $login) {{
    projectV2(number: $number) {{ {_board(parts)} }}
  }}
}}"""


def _board(parts: Parts) -> str:
    kind = "isIssueField" if Part.COLUMN_KIND in parts else ""
    source = "... on ProjectV2Field { issueField { ... on IssueFieldNumber { id } } }"
    behind = source if Part.COLUMN_SOURCE in parts else ""
    return f"""
      id
      fields(first: 100) {{
        {PAGE}
        nodes {{ ... on ProjectV2FieldCommon {{ id name dataType {kind} }} {behind} }}
      }}"""


NEWEST = 10
"""How many issues of each repository `movements` shows."""


def movements(parts: Parts, labels: int, *, board: bool) -> str:
    """Return the query that tells what moved: the board's mark, and the issues of each repository changed last.

    Variables: ``login``, ``first``, ``after``, ``label0`` and so on, with *board* ``number``.
    """
    declared, asked = _looked_up(labels)
    number = ", $number: Int!" if board else ""
    project = f"projectV2(number: $number) {{ updatedAt {_board(parts)} }}" if board else ""
    return f"""
query Movements($login: String!, $first: Int!, $after: String{number}{declared}) {{
  organization(login: $login) {{
    {project}
    repositories(first: $first, after: $after, orderBy: {{field: CREATED_AT, direction: ASC}}) {{
      {PAGE}
      nodes {{
        id nameWithOwner hasIssuesEnabled {asked}
        issues(first: {NEWEST}, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{
          totalCount
          nodes {{ id updatedAt parent {{ id }} }}
        }}
      }}
    }}
  }}
}}"""


BOARD_ROWS = """
query BoardRows($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on ProjectV2Item {
      id updatedAt isArchived
      content { ...Seen }
    }
    ...Seen
  }
}
fragment Seen on Issue { id updatedAt title state parent { id } subIssuesSummary { total } }"""
"""What may move without moving an issue's own mark: cells of its row, its parent, its sub-issues; for title and state
that is not confirmed. No nested lists."""


def issues_by_id(parts: Parts, *, items: bool, hours: bool) -> str:
    """Return the query for whole issues by node id.

    *items* asks for their rows on boards, *hours* for one column of these by its name. Variables: ``ids``, ``hours``.
    """
    reason = "stateReason(enableDuplicate: true)" if Part.DUPLICATE_REASON in parts else "stateReason"
    rows = f"projectItems(first: 10, includeArchived: true) {{ {PAGE} nodes {{ {_item(hours=hours)} }} }}"
    values = f"issueFieldValues(first: 50) {{ {PAGE} nodes {{ {_ISSUE_FIELD_VALUE} }} }}"
    return f"""
query IssuesById($ids: [ID!]!{", $hours: String!" if items and hours else ""}) {{
  nodes(ids: $ids) {{
    __typename
    id
    ... on Issue {{
      url number title body state {reason} locked createdAt updatedAt closedAt
      repository {{ id nameWithOwner isPrivate }}
      author {{ login }}
      parent {{ id }}
      labels(first: 50) {{ {PAGE} nodes {{ {LABEL} }} }}
      assignees(first: 20) {{ {PAGE} nodes {{ {ASSIGNEE} }} }}
      subIssues(first: 100) {{ {PAGE} nodes {{ {SUB_ISSUE} }} }}
      subIssuesSummary {{ total }}
      {rows if items else ""}
      {values if items and Part.ISSUE_FIELD_VALUES in parts else ""}
    }}
  }}
}}
{cell_fragment(parts) if items else ""}"""


def _item(*, hours: bool) -> str:
    by_name = "hours: fieldValueByName(name: $hours) { ...Cell }" if hours else ""
    cells = f"fieldValues(first: 50) {{ {PAGE} nodes {{ ...Cell }} }}"
    return f"id type isArchived updatedAt project {{ id }} {by_name} {cells}"


def cell_fragment(parts: Parts) -> str:
    """Return the fragment that reads a cell of a board."""
    cells = f"""... on ProjectV2ItemIssueFieldValue {{
    field {{ ... on ProjectV2FieldCommon {{ id }} }}
    issueFieldValue {{ {_ISSUE_FIELD_VALUE} }}
  }}"""
    return f"""
fragment Cell on ProjectV2ItemFieldValue {{
  __typename
  ... on ProjectV2ItemFieldValueCommon {{ updatedAt field {{ ... on ProjectV2FieldCommon {{ id }} }} }}
  ... on ProjectV2ItemFieldNumberValue {{ number }}
  ... on ProjectV2ItemFieldTextValue {{ text }}
  ... on ProjectV2ItemFieldDateValue {{ date }}
  ... on ProjectV2ItemFieldSingleSelectValue {{ name }}
  ... on ProjectV2ItemFieldIterationValue {{ title startDate duration }}
  {cells if Part.ISSUE_FIELD_CELLS in parts else ""}
}}"""


def more_of_issue(connection: str, fields: str) -> str:
    """Return the query for a further page of one of an issue's connections. Variables: ``id``, ``after``."""
    return f"""
query MoreOfIssue($id: ID!, $after: String) {{
  node(id: $id) {{ ... on Issue {{ {connection}(first: 100, after: $after) {{ {PAGE} nodes {{ {fields} }} }} }} }}
}}"""


def more_items(parts: Parts, *, hours: bool) -> str:
    """Return the query for a further page of an issue's rows on boards. Variables: ``id``, ``after``, ``hours``."""
    return f"""
query MoreItems($id: ID!, $after: String{", $hours: String!" if hours else ""}) {{
  node(id: $id) {{
    ... on Issue {{
      projectItems(first: 20, after: $after, includeArchived: true) {{ {PAGE} nodes {{ {_item(hours=hours)} }} }}
    }}
  }}
}}
{cell_fragment(parts)}"""


def more_cells(parts: Parts) -> str:
    """Return the query for a further page of a board row's cells. Variables: ``id``, ``after``."""
    return f"""
query MoreCells($id: ID!, $after: String) {{
  node(id: $id) {{
    ... on ProjectV2Item {{ fieldValues(first: 100, after: $after) {{ {PAGE} nodes {{ ...Cell }} }} }}
  }}
}}
{cell_fragment(parts)}"""


ITERATION_CALENDAR = """
query IterationCalendar($id: ID!) {
  node(id: $id) {
    ... on ProjectV2IterationField {
      configuration {
        completedIterations { title startDate duration }
        iterations { title startDate duration }
      }
    }
  }
}"""

BOARD_ID = """
query BoardId($login: String!, $number: Int!) {
  organization(login: $login) { projectV2(number: $number) { id } }
}"""

PLANNING_ISSUES = f"""
query PlanningIssues($owner: String!, $name: String!, $first: Int!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    issues(first: $first, after: $after, orderBy: {{field: CREATED_AT, direction: ASC}}) {{
      totalCount
      {PAGE}
      nodes {{
        id databaseId number url body
        parent {{ id }}
        projectItems(first: 20, includeArchived: true) {{ {PAGE} nodes {{ project {{ id }} }} }}
      }}
    }}
  }}
}}"""

ADD_TO_BOARD = """
mutation AddToBoard($project: ID!, $content: ID!) {
  addProjectV2ItemById(input: {projectId: $project, contentId: $content}) { item { id } }
}"""

_COMMENT = "databaseId body viewerDidAuthor"

COMMENTS = f"""
query Comments($ids: [ID!]!) {{
  nodes(ids: $ids) {{
    ... on Issue {{
      id locked
      repository {{ isArchived }}
      comments(first: 100) {{ totalCount {PAGE} nodes {{ {_COMMENT} }} }}
    }}
  }}
}}"""

ALL_COMMENTS = f"""
query AllComments($id: ID!, $first: Int!, $after: String) {{
  node(id: $id) {{
    ... on Issue {{ comments(first: $first, after: $after) {{ totalCount {PAGE} nodes {{ {_COMMENT} }} }} }}
  }}
}}"""

PEOPLE = """
query People($ids: [ID!]!) {
  nodes(ids: $ids) { ... on User { id login name email } }
}"""

ISSUE_EVENTS = """
query IssueEvents($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Issue {
      id
      timelineItems(
        last: 50
        itemTypes: [
          UNLABELED_EVENT, PARENT_ISSUE_ADDED_EVENT, PARENT_ISSUE_REMOVED_EVENT, CONVERTED_TO_DISCUSSION_EVENT,
          TRANSFERRED_EVENT
        ]
      ) {
        nodes { __typename ... on UnlabeledEvent { label { name } } }
      }
    }
  }
}"""
