"""Laws of the checks on a set-up: whatever was found, each says something, none hides another, none lacks a remedy."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.model.contract import Community
from sync.model.examination import (
    AirtableFacts,
    AsanaFacts,
    BaseFacts,
    BoardFacts,
    Examination,
    FieldFacts,
    GitHubFacts,
    GitHubToken,
    LayoutFacts,
    Level,
    PlaceFacts,
    RepositoryFacts,
    SchemaFacts,
    Unanswered,
    Wanted,
)
from sync.model.reading import FieldDrift
from sync.model.tokens import TokenWord, shape_of
from sync.model.work import AsanaUser
from sync.report.setup_text import doctor_document, doctor_lines
from sync.setup import CHECKS, judge

NOW = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
WORDS = st.text(min_size=1, max_size=6)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  made aware
UNANSWERED = st.builds(Unanswered, WORDS, st.sampled_from(("", "Look again.")), st.sampled_from(("", "it is not set")))
DRIFT = st.builds(FieldDrift, WORDS, WORDS, WORDS, WORDS, st.sampled_from(("missing", "of type text")), nearest=WORDS)
PLACES = st.builds(
    PlaceFacts,
    WORDS,
    st.sampled_from(("", "admin", "editor", "commenter")),
    st.booleans(),
    st.none() | st.integers(0, 3),
)
SCOPES = st.none() | st.frozensets(st.sampled_from(("repo", "read:org", "read:project", "project", "delete_repo")))
GITHUB = st.builds(
    GitHubFacts,
    token=st.builds(GitHubToken, SCOPES, st.none() | MOMENTS, st.integers(0, 15_000)) | UNANSWERED,
    organisation=WORDS | UNANSWERED,
    repositories=st.lists(
        st.builds(RepositoryFacts, WORDS, st.booleans(), st.booleans(), st.frozensets(st.just("CSH"))), max_size=3
    ).map(tuple)
    | UNANSWERED,
    board=st.builds(BoardFacts, WORDS, st.dictionaries(WORDS, st.sampled_from(("NUMBER", "TEXT"))), WORDS) | UNANSWERED,
    boards=st.dictionaries(st.integers(1, 9), WORDS),
    sentinel=st.none() | st.booleans() | UNANSWERED,
    clock=st.none() | MOMENTS,
)
ASANA = st.builds(
    AsanaFacts,
    user=st.builds(AsanaUser, WORDS, WORDS, WORDS) | UNANSWERED,
    workspace=WORDS | UNANSWERED,
    workspaces=st.dictionaries(WORDS, WORDS),
    home=PLACES | UNANSWERED,
    fields=st.builds(FieldFacts, st.dictionaries(WORDS, WORDS), st.lists(DRIFT, max_size=2).map(tuple)) | UNANSWERED,
    portfolio=st.none() | PLACES | UNANSWERED,
    engagements=st.none() | PLACES | UNANSWERED,
    layout=st.builds(LayoutFacts, st.integers(0, 2), st.integers(0, 2), st.integers(0, 2), WORDS) | UNANSWERED,
    users=st.lists(st.builds(AsanaUser, WORDS, WORDS, WORDS), max_size=2).map(tuple) | UNANSWERED,
    time_entries=st.booleans() | UNANSWERED,
    sentinel=st.none() | st.booleans() | UNANSWERED,
)
AIRTABLE_SCOPES = st.sampled_from(
    ("data.records:read", "data.records:write", "schema.bases:read", "schema.bases:write")
)
TABLES = st.sampled_from(("Activity", "Runs", "Alerts"))
AIRTABLE = st.builds(
    AirtableFacts,
    scopes=st.none() | st.frozensets(AIRTABLE_SCOPES) | UNANSWERED,
    base=st.builds(BaseFacts, WORDS, st.sampled_from(("", "none", "read", "edit", "create"))) | UNANSWERED,
    bases=st.dictionaries(WORDS, WORDS),
    schema=st.builds(
        SchemaFacts,
        st.lists(TABLES, max_size=3).map(tuple),
        st.integers(0, 9),
        st.lists(DRIFT, max_size=2).map(tuple),
        st.dictionaries(TABLES, st.just(("Notes",))),
    )
    | UNANSWERED,
    readable=st.booleans() | UNANSWERED,
    writable=st.booleans() | UNANSWERED,
    communities=st.lists(st.builds(Community, WORDS, WORDS, st.tuples(WORDS)), max_size=3).map(tuple) | UNANSWERED,
    last_success=st.none() | MOMENTS | UNANSWERED,
    sentinel=st.none() | st.booleans() | UNANSWERED,
    clock=st.none() | MOMENTS,
)
WANTED = st.builds(
    Wanted,
    problems=st.lists(WORDS.filter(bool), max_size=2).map(tuple),
    organisation=WORDS,
    labels=st.just(("CSH",)),
    csh_task_names=st.just(("Community Success Hours",)),
    writes_on_github=st.booleans(),
    people=st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=2).map(tuple),
    foreign_hosts=st.lists(WORDS, max_size=1).map(tuple),
    now_is_set=st.booleans(),
    played=st.booleans(),
)
EXAMINATIONS = st.builds(
    Examination,
    WANTED,
    MOMENTS,
    MOMENTS,
    st.timedeltas(timedelta(minutes=1), timedelta(days=2)),
    st.none() | GITHUB,
    st.none() | ASANA,
    st.none() | AIRTABLE,
    st.none() | WORDS,
)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(EXAMINATIONS)
def test_whatever_was_found_every_check_speaks_and_what_is_wrong_has_a_remedy(examination: Examination) -> None:
    verdicts = judge(examination)
    for one in verdicts:
        assert one.check
        assert one.message
        assert one.remedy or one.level in {Level.OK, Level.SKIPPED}
    document = doctor_document(verdicts)
    assert document["healthy"] is all(one.level is not Level.FAILED for one in verdicts)
    assert len(document["checks"]) == len(verdicts)
    assert all("\x1b" not in line.text for line in doctor_lines(verdicts))


@settings(max_examples=60, derandomize=True, deadline=None)
@given(EXAMINATIONS, EXAMINATIONS)
def test_what_is_wrong_with_one_service_changes_no_word_about_another(one: Examination, other: Examination) -> None:
    mixed = replace(one, github=other.github)

    def about_the_rest(examination: Examination) -> list[Any]:
        skipped = ("github", "clock", "schedule.github")
        return [verdict for verdict in judge(examination) if not verdict.check.startswith(skipped)]

    assert about_the_rest(mixed) == about_the_rest(one)


def test_no_check_is_there_twice() -> None:
    assert len(set(CHECKS)) == len(CHECKS)


@pytest.mark.parametrize(
    ("token", "service", "kind"),
    [
        ("ghp_abc", "GitHub", "classic token"),
        ("github_pat_11AAA", "GitHub", "fine-grained token"),
        ("ghs_1234", "GitHub", "App or workflow token"),
        ("patAAAAAAAAAAAAAA.0123", "Airtable", "personal access token"),
        ("keyAAAAAAAAAAAAAA", "Airtable", "old API key"),
        ("1/1200000000000001:abcdef", "Asana", "personal access token"),
        ("2/1200000000000001/1200000000000002:abcdef", "Asana", "personal access token"),
        ("xoxb-123", "Slack", "token"),
        ("whatever", "", ""),
    ],
)
def test_tokens_are_told_apart_by_their_shape(token: str, service: str, kind: str) -> None:
    assert shape_of(token) == TokenWord(service, kind)
