"""GitHub's JSON to our values: a way there and back, and nothing but a named odd value for anything else."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.wire.github import (
    IssueEvents,
    decode_events,
    decode_issue,
    decode_people,
    decode_repository,
    decode_rest_issue,
    issue_path,
)
from connectors.wire.github_board import BoardPlan, Column, HoursRules, decode_board
from connectors.wire.github_json import OddValue, QueryError, below, decode_errors, decode_page, spelled
from sync.model.addresses import same_address
from sync.model.issue import (
    BoardFields,
    BoardUnknown,
    Closing,
    EmptyHours,
    Issue,
    LoggedHours,
    NotOnBoard,
    Person,
    UnknownHours,
)
from sync.model.minutes import to_hours

RULES = HoursRules(UTC, 1000)
PLAN = BoardPlan(
    id="PVT_1",
    columns={
        "start": Column("F_start", "Start date", "DATE"),
        "end": Column("F_end", "End date", "DATE"),
        "iteration": Column("F_iteration", "Iteration", "ITERATION"),
        "status": Column("F_status", "Status", "SINGLE_SELECT"),
        "estimate": Column("F_estimate", "Estimate", "NUMBER"),
        "community": Column("F_community", "Community", "TEXT"),
        "allocation": Column("F_allocation", "Allocation", "TEXT"),
    },
    hours=Column("F_hours", "GitHub Hours", "NUMBER"),
)


# A test's own encoder: what GitHub answers for an issue.


def encoded(issue: Issue) -> dict[str, Any]:
    closed = issue.closing is not Closing.OPEN
    return {
        "__typename": "Issue",
        "id": issue.id,
        "url": issue.url,
        "number": issue.number,
        "title": issue.title,
        "body": issue.body.replace("\n", "\r\n"),
        "state": "CLOSED" if closed else "OPEN",
        "stateReason": issue.closing.name if closed else None,
        "locked": False,
        "createdAt": moment(issue.created_at),
        "updatedAt": moment(issue.updated_at),
        "closedAt": moment(issue.closed_at),
        "repository": {"id": "R_1", "nameWithOwner": issue.repository, "isPrivate": issue.private},
        "author": {"login": issue.author} if issue.author else None,
        "parent": {"id": issue.parent_id} if issue.parent_id else None,
        "labels": nodes({"name": one} for one in issue.labels),
        "assignees": nodes({"id": f"U_{one.login}", "login": one.login, "name": one.name} for one in issue.assignees),
        "subIssues": nodes({"id": one} for one in issue.child_ids),
        "subIssuesSummary": {"total": len(issue.child_ids) + (not issue.children_complete)},
        "projectItems": nodes(encoded_rows(issue)),
    }


def encoded_rows(issue: Issue) -> list[dict[str, Any]]:
    other = {"id": "PVTI_other", "type": "ISSUE", "isArchived": False, "project": {"id": "PVT_2"}}
    rows = [other | {"hours": number_cell("F_hours", 77.0), "fieldValues": nodes([number_cell("F_hours", 77.0)])}]
    if isinstance(issue.board, BoardFields):
        hours = number_cell("F_hours", float(to_hours(issue.hours.minutes))) if has_hours(issue) else None
        cells = [*encoded_cells(issue.board), *([hours] if hours else [])]
        row = {"id": issue.board.item_id, "type": "ISSUE", "isArchived": issue.board.archived}
        rows.append(row | {"project": {"id": "PVT_1"}, "hours": hours, "fieldValues": nodes(cells)})
    return rows


def has_hours(issue: Issue) -> bool:
    return isinstance(issue.hours, LoggedHours)


def encoded_cells(board: BoardFields) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = [{"__typename": "ProjectV2ItemFieldLabelValue"}]
    for name, kind, value in (("start", "Date", board.start), ("end", "Date", board.end)):
        if value:
            cells.append(cell(f"F_{name}", kind, date=value.isoformat()))
    if board.status:
        cells.append(cell("F_status", "SingleSelect", name=board.status))
    for name, text in (("community", board.community), ("allocation", board.allocation)):
        if text:
            cells.append(cell(f"F_{name}", "Text", text=text))
    if board.estimate is not None:
        cells.append(number_cell("F_estimate", float(board.estimate)))
    if board.iteration_end:
        start = board.iteration_end - timedelta(days=13)
        named = {"title": board.iteration_title, "startDate": start.isoformat(), "duration": 14}
        cells.append(cell("F_iteration", "Iteration", **named))
    return cells


def cell(field: str, kind: str, **content: Any) -> dict[str, Any]:
    held = {"__typename": f"ProjectV2ItemField{kind}Value", "field": {"id": field}, "updatedAt": "2026-01-05T09:00:00Z"}
    return held | content


def number_cell(field: str, number: float) -> dict[str, Any]:
    return cell(field, "Number", number=number)


def nodes(found: Any) -> dict[str, Any]:
    return {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": list(found)}


def moment(value: datetime | None) -> str | None:
    return value.isoformat().replace("+00:00", "Z") if value else None


# The way there and back.

words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r"), max_size=12)
names = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  naive bounds
closings = st.sampled_from([one for one in Closing if one is not Closing.UNKNOWN])
people = st.lists(st.builds(Person, names, words), max_size=3, unique_by=lambda one: one.login).map(tuple)
stripped = words.map(str.strip)
boards = st.builds(
    BoardFields,
    item_id=names,
    archived=st.booleans(),
    status=stripped,
    start=st.none() | days,
    end=st.none() | days,
    estimate=st.none() | st.integers(0, 100).map(lambda number: Decimal(str(float(number)))),
    community=stripped,
    allocation=stripped,
)


@st.composite
def issues(draw: st.DrawFn) -> Issue:
    board = draw(st.just(NotOnBoard()) | boards)
    hours: Any = UnknownHours("not on the board")
    if isinstance(board, BoardFields):
        logged = st.builds(LoggedHours, st.integers(0, 3000).map(lambda one: one * 3), st.just(date(2026, 1, 5)))
        hours = draw(st.just(EmptyHours()) | logged)
        if draw(st.booleans()):
            fields = {name: getattr(board, name) for name in board.__dataclass_fields__}
            board = BoardFields(**(fields | {"iteration_title": draw(words), "iteration_end": draw(days)}))
    return Issue(
        id=draw(names),
        url=f"https://github.com/acme/{draw(names)}/issues/1",
        repository=f"acme/{draw(names)}",
        number=draw(st.integers(1, 10**6)),
        title=draw(words),
        body=draw(words),
        closing=draw(closings),
        created_at=draw(moments),
        updated_at=draw(moments),
        closed_at=draw(st.none() | moments),
        private=draw(st.booleans()),
        labels=tuple(draw(st.lists(names, max_size=3))),
        author=draw(st.just("") | names),
        assignees=draw(people),
        parent_id=draw(st.none() | names),
        child_ids=tuple(draw(st.lists(names, max_size=3, unique=True))),
        children_complete=draw(st.booleans()),
        board=board,
        hours=hours,
    )


@given(issues())
def test_an_issue_comes_back_as_it_was_encoded(issue: Issue):
    assert decode_issue(encoded(issue), PLAN, RULES).issue == issue


SAMPLE = Issue(
    id="I_1",
    url="https://github.com/acme/hub/issues/1",
    repository="acme/hub",
    number=1,
    title="A title",
    body="text",
    closing=Closing.COMPLETED,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    updated_at=datetime(2026, 1, 2, tzinfo=UTC),
    closed_at=datetime(2026, 1, 2, tzinfo=UTC),
    labels=("CSH",),
    author="ana",
    assignees=(Person("ana", "Ana"),),
    parent_id="I_0",
    child_ids=("I_2",),
    board=BoardFields(
        "PVTI_1",
        status="Todo",
        start=date(2026, 1, 1),
        end=date(2026, 1, 2),
        iteration_title="Iteration 1",
        iteration_end=date(2026, 1, 14),
        estimate=Decimal("2.0"),
        community="Pythia",
        allocation="Q1",
    ),
    hours=LoggedHours(150, date(2026, 1, 5)),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inner for found in places(one, (*path, key)))]


junk = st.sampled_from([None, "", "17", "x", 3, -1, 2.5, True, [], [None], ["x"], {}, {"nodes": None}, {"nodes": [7]}])


@given(st.data())
def test_whatever_is_odd_in_an_answer_is_named_or_unknown_but_never_breaks_the_reading(data: st.DataObject):
    answer = copy.deepcopy(encoded(SAMPLE))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([one for one in places(answer) if one]))
        owner = answer
        for step in path[:-1]:
            owner = owner[step]
        owner[path[-1]] = copy.deepcopy(data.draw(junk))
    try:
        reading = decode_issue(answer, PLAN, RULES)
    except OddValue:
        return
    assert reading.issue.id
    assert len(reading.assignee_ids) == len(reading.issue.assignees)
    if isinstance(reading.issue.board, BoardUnknown):
        assert isinstance(reading.issue.hours, UnknownHours)


@pytest.mark.parametrize("name", ["id", "url", "number", "createdAt", "updatedAt", "repository", "labels", "assignees"])
def test_an_issue_without_what_it_cannot_do_without_is_odd(name: str):
    answer = encoded(SAMPLE) | {name: None}
    with pytest.raises(OddValue, match=name):
        decode_issue(answer, PLAN, RULES)


def test_a_reason_nobody_knows_is_unknown_and_a_state_nobody_knows_is_odd():
    answer = encoded(SAMPLE)
    assert decode_issue(answer | {"stateReason": "ABANDONED"}, PLAN, RULES).issue.closing is Closing.UNKNOWN
    assert decode_issue(answer | {"stateReason": None}, PLAN, RULES).issue.closing is Closing.COMPLETED
    with pytest.raises(OddValue, match="state"):
        decode_issue(answer | {"state": "FROZEN"}, PLAN, RULES)


def test_an_assignee_that_is_null_is_a_ghost_and_not_nobody():
    answer = encoded(SAMPLE)
    answer["assignees"]["nodes"] = [None]
    assert decode_issue(answer, PLAN, RULES).issue.assignees == (Person("ghost"),)


@pytest.mark.parametrize(
    ("value", "absurd"),
    [("3", False), (True, False), (-0.5, True), (float("nan"), True), (float("inf"), True), (1000.01, True)],
)
def test_hours_that_cannot_be_meant_are_unknown_with_their_value(value: Any, absurd: bool):
    answer = encoded(SAMPLE)
    row = answer["projectItems"]["nodes"][1]
    row["hours"]["number"] = value
    row["fieldValues"]["nodes"][-1]["number"] = value
    found = decode_issue(answer, PLAN, RULES).issue.hours
    assert isinstance(found, UnknownHours)
    assert found.absurd is absurd
    assert str(value) in found.reason


def test_children_are_complete_only_when_as_many_are_shown_as_counted():
    answer = encoded(SAMPLE)
    assert decode_issue(answer, PLAN, RULES).issue.children_complete
    more = answer | {"subIssuesSummary": {"total": 2}}
    assert not decode_issue(more, PLAN, RULES).issue.children_complete
    touched = (QueryError("FORBIDDEN", "no", ("subIssues", "nodes", 0)),)
    assert not decode_issue(answer, PLAN, RULES, touched).issue.children_complete


def test_a_list_of_labels_that_goes_on_is_no_list_of_labels():
    answer = encoded(SAMPLE)
    answer["labels"]["pageInfo"] = {"hasNextPage": True, "endCursor": "x"}
    with pytest.raises(OddValue, match="labels"):
        decode_issue(answer, PLAN, RULES)


def test_errors_on_the_row_make_the_board_unknown_with_their_words():
    errors = (QueryError("FORBIDDEN", "no access", ("projectItems", "nodes", 1, "fieldValues")),)
    board = decode_issue(encoded(SAMPLE), PLAN, RULES, errors).issue.board
    assert isinstance(board, BoardUnknown)
    assert "no access" in board.reason


def test_a_row_on_another_board_whose_project_is_hidden_may_be_the_one():
    answer = encoded(SAMPLE)
    answer["projectItems"]["nodes"] = [None]
    assert isinstance(decode_issue(answer, PLAN, RULES).issue.board, BoardUnknown)
    answer["projectItems"]["nodes"] = []
    assert decode_issue(answer, PLAN, RULES).issue.board == NotOnBoard()


def test_an_issue_field_that_the_server_does_not_show_is_unknown_and_not_empty():
    column = Column("F_hours", "GitHub Hours", "NUMBER", from_issue_field=True)
    plan = BoardPlan("PVT_1", hours=column).without_issue_fields()
    answer = encoded(SAMPLE)
    answer["projectItems"]["nodes"][1] |= {"hours": None, "fieldValues": nodes([])}
    assert isinstance(decode_issue(answer, plan, RULES).issue.hours, UnknownHours)


def test_an_issue_field_is_known_by_its_id_and_else_by_its_name():
    answer = encoded(SAMPLE)
    answer["projectItems"]["nodes"][1] |= {"hours": None, "fieldValues": nodes([])}
    values = [
        {"number": 9, "field": {"id": "IFN_2", "name": "Github hours"}},
        {"number": 2, "field": {"id": "IFN_1", "name": "Hours"}},
    ]
    answer["issueFieldValues"] = nodes(values)
    by_id = BoardPlan("PVT_1", hours=Column("F", "GitHub Hours", "NUMBER", True, "IFN_1"))
    by_name = BoardPlan("PVT_1", hours=Column("F", "GitHub Hours", "NUMBER", True))
    assert decode_issue(answer, by_id, RULES).issue.hours == LoggedHours(120)
    assert decode_issue(answer, by_name, RULES).issue.hours == LoggedHours(540)


def test_columns_are_found_by_name_in_any_case_or_by_id():
    fields = [
        {"id": "F_1", "name": "GitHub Hours", "dataType": "NUMBER"},
        {"id": "F_2", "name": " end DATE ", "dataType": "DATE"},
        {"id": "F_3", "name": "Phase", "dataType": "SINGLE_SELECT"},
        {},
    ]
    project = {"id": "PVT_1", "fields": nodes(fields)}
    plan, problems = decode_board(project, ["nothing", "github hours"], {"end": "End date", "status": "F_3"})
    assert plan.hours == Column("F_1", "GitHub Hours", "NUMBER")
    assert {ours: column.id for ours, column in plan.columns.items()} == {"end": "F_2", "status": "F_3"}
    assert problems == ()


def test_a_repository_says_which_labels_it_has_and_errors_make_that_unknown():
    data = {"id": "R_1", "nameWithOwner": "acme/hub", "label0": {"name": "csh"}, "label1": None}
    assert decode_repository(data, ["CSH", "DDM"], ()).labels == {"CSH": "csh"}
    assert decode_repository(data, ["CSH", "DDM"], (QueryError("X", "y"),)).labels is None


def test_errors_keep_their_path_and_are_spelled_once():
    answer = {"errors": [{"type": "NOT_FOUND", "path": ["nodes", 2, "labels"], "message": "gone"}] * 2 + ["odd"]}
    errors = decode_errors(answer)
    assert below(errors, "nodes", 2) == (QueryError("NOT_FOUND", "gone", ("labels",)),) * 2
    assert spelled(errors) == "NOT_FOUND gone (at nodes.2.labels); odd"


def test_a_page_counts_what_is_null_and_knows_where_it_goes_on():
    found = {"totalCount": 3, "pageInfo": {"hasNextPage": True, "endCursor": "c"}, "nodes": [{"id": "1"}, None]}
    page = decode_page({"repository": {"issues": found}}, ("repository", "issues"), ())
    assert (page.lost, page.total, page.cursor) == (1, 3, "c")
    with pytest.raises(OddValue, match=r"repository\.issues"):
        decode_page({"repository": {"issues": None}}, ("repository", "issues"), ())


def test_timelines_tell_what_was_taken_off_and_which_parent_event_came_last():
    timeline = [
        {"__typename": "ParentIssueRemovedEvent"},
        {"__typename": "UnlabeledEvent", "label": {"name": "CSH"}},
        {"__typename": "ParentIssueAddedEvent"},
        None,
    ]
    found = decode_events({"nodes": [{"id": "I_1", "timelineItems": {"nodes": timeline}}, None, {}]})
    assert found == {"I_1": IssueEvents(frozenset({"csh"}), "ParentIssueAddedEvent")}


def test_people_who_could_not_be_read_are_left_out():
    profile = {"id": "U_1", "login": "ana", "name": None, "email": "ana@example.org"}
    assert decode_people({"nodes": [None, profile, {}]}) == {"U_1": Person("ana", "", "ana@example.org")}


def test_rest_answers_are_read_with_labels_in_both_shapes():
    data = {"node_id": "I_1", "html_url": "https://github.com/acme/hub/issues/1", "labels": ["a", {"name": "b"}]}
    assert decode_rest_issue(data).labels == ("a", "b")
    assert decode_rest_issue(data | {"parent_issue_url": "https://…"}).has_parent
    with pytest.raises(OddValue):
        decode_rest_issue([])


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://github.com/acme/hub/issues/12", ("acme/hub", 12)),
        ("https://github.example.org/acme/hub.js/issues/12/?x=1#y", ("acme/hub.js", 12)),
        ("https://github.com/acme/hub/pull/12", None),
        ("https://github.com/acme/../issues/12", None),
        ("https://github.com/acme/hub/issues/x", None),
        ("https://github.com/acme/a%2Fb/issues/1", None),
        ("", None),
    ],
)
def test_only_addresses_of_issues_are_addresses_of_issues(url: str, found: tuple[str, int] | None):
    assert issue_path(url) == found


def test_addresses_of_one_issue_are_equal():
    assert same_address(" https://github.com/Acme/hub/issues/1/?a=b ") == same_address(
        "http://github.com/acme/hub/issues/1#c"
    )
