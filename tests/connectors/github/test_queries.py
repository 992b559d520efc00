"""The texts of the queries, held against GitHub's published schema."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from connectors import queries
from connectors.queries import ALL_PARTS, Part, without_refused
from sandbox.github.gql.schema import PARTS, schema_with

PUBLISHED = Path(__file__).parents[4] / "shared" / "specs" / "github.graphql"
NONE: queries.Parts = frozenset()
OPENED = re.compile(r"\b(?:query|mutation|subscription)(?: +(\{name\}|\w+)| *(?={)) *[({]")
"""The first words of a query, with its name."""


def texts(parts: queries.Parts) -> list[str]:
    """Return every query as it is sent with these parts."""
    issues = [
        queries.issues_by_id(parts, items=items, hours=hours)
        for items, hours in itertools.product((True, False), repeat=2)
    ]
    nested = [
        queries.more_of_issue(name, fields)
        for name, fields in (
            ("labels", queries.LABEL),
            ("assignees", queries.ASSIGNEE),
            ("subIssues", queries.SUB_ISSUE),
        )
    ]
    return [
        queries.repositories(1),
        queries.repositories(3),
        queries.repository(2),
        queries.issue_lists([queries.ListKind.LABELLED] * 2),
        queries.issue_lists(list(queries.ListKind)),
        queries.board(parts),
        queries.movements(parts, 2, board=True),
        queries.movements(parts, 1, board=False),
        queries.BOARD_ROWS,
        queries.repositories(1, "isPrivate isArchived"),
        queries.BOARDS,
        *issues,
        *nested,
        queries.more_items(parts, hours=True),
        queries.more_items(parts, hours=False),
        queries.more_cells(parts),
        queries.ITERATION_CALENDAR,
        queries.PEOPLE,
        queries.ISSUE_EVENTS,
        queries.BOARD_ID,
        queries.PLANNING_ISSUES,
        queries.ADD_TO_BOARD,
        queries.COMMENTS,
        queries.ALL_COMMENTS,
    ]


@pytest.fixture(scope="module")
def published() -> GraphQLSchema:
    if not PUBLISHED.exists():
        pytest.skip(f"GitHub's published schema is not beside the repository ({PUBLISHED.parent.name}/)")
    return build_schema(PUBLISHED.read_text("utf-8"), assume_valid=True)


def problems(schema: GraphQLSchema, text: str) -> list[str]:
    return [error.message for error in validate(schema, parse(text))]


@pytest.mark.parametrize("number", range(len(texts(NONE))))
def test_without_the_newer_parts_every_query_is_valid_in_the_published_schema(published: GraphQLSchema, number: int):
    assert problems(published, texts(frozenset({Part.DUPLICATE_REASON}))[number]) == []


@pytest.mark.parametrize("number", range(len(texts(NONE))))
@pytest.mark.parametrize("parts", [ALL_PARTS, NONE, *(ALL_PARTS - {part} for part in Part)])
def test_every_query_is_valid_in_the_newest_schema_the_sandbox_knows(parts: queries.Parts, number: int):
    assert problems(schema_with(PARTS), texts(parts)[number]) == []


@pytest.mark.parametrize("number", range(len(texts(NONE))))
def test_what_an_older_schema_refuses_names_the_part_to_drop(number: int):
    old = schema_with(PARTS - {"issue_fields"})
    parts = ALL_PARTS
    while refused := problems(old, texts(parts)[number]):
        fewer = without_refused(parts, refused)
        assert fewer < parts, refused
        parts = fewer


def test_no_query_of_the_product_is_left_out_here():
    held = {name for text in texts(ALL_PARTS) for name in OPENED.findall(text)}
    files = Path(queries.__file__).parent.rglob("*.py")
    opened = {path.name: found for path in files if (found := OPENED.findall(path.read_text("utf-8")))}
    assert set(opened) == {"queries.py"}
    assert set(opened["queries.py"]) - held == {"{name}"}, "give the query a name, and add it to texts()"
    assert opened["queries.py"].count("{name}") == 1  # of issue_lists, by the kinds of its lists
    assert {"LabelledIssues", "ChangedIssues"} <= held


def test_a_part_is_dropped_only_when_it_is_named_as_a_whole_word():
    assert without_refused(ALL_PARTS, ["Field 'issueFieldValues' doesn't exist on type 'Issue'"]) == ALL_PARTS - {
        Part.ISSUE_FIELD_VALUES
    }
    assert without_refused(ALL_PARTS, ["Field 'stateReason' doesn't accept argument 'enableDuplicate'"]) == (
        ALL_PARTS - {Part.DUPLICATE_REASON}
    )
    assert without_refused(ALL_PARTS, ["one of the following scopes: ['read:org']"]) == ALL_PARTS - {
        Part.ISSUE_FIELD_VALUES
    }
    assert without_refused(ALL_PARTS, ["Field 'title' doesn't exist on type 'Issue'"]) == ALL_PARTS


def test_whether_a_column_is_an_issue_field_is_still_asked_when_its_source_is_not_known():
    left = without_refused(ALL_PARTS, ["No such type IssueFieldNumber, so it can't be a fragment condition"])
    assert left == {Part.COLUMN_KIND, Part.DUPLICATE_REASON}


def test_every_list_is_asked_for_with_a_bound_of_a_hundred_at_most():
    for text in texts(ALL_PARTS):
        bounds = [int(found) for found in re.findall(r"\b(?:first|last): (\d+)", text)]
        assert all(1 <= bound <= 100 for bound in bounds)
