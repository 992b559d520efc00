"""Is such work delivered already? Words against what running engagements describe and did (requirement 39)."""

from dataclasses import replace
from datetime import date

import pytest

from mappings.words_alike import same_word
from sync.hours.engagements import EngagementRules
from sync.hours.expertise import Delivered, delivered, says_enough
from sync.model.contract import Allocation, Community, Contracts, Engagement, Project
from sync.model.work import Row

TODAY = date(2026, 2, 1)
REEF = Engagement("e1", "Reef Watch 2026 Membership", "c1", status="Active", description="Membership\n\nPremier tier.")
GLACIER = Engagement("e2", "Glacier Commons 2026", "c2", status="Active")
CONTRACTS = Contracts(
    communities={"c1": Community("c1", "Reef Watch", ("RW",)), "c2": Community("c2", "Glacier Commons")},
    engagements={"e1": REEF, "e2": GLACIER},
    projects={
        "p1": Project(
            "p1", "Reef support", "e1", description="Support\n\nDask workshops for instructors, twice a year."
        ),
        "p2": Project("p2", "Glacier support", "e2", description="Help with the hub of the community."),
    },
    allocations={"a2": Allocation("a2", "Glacier Q1", "p2")},
)
ROWS = (
    Row("I_1@a2", title="[Glacier Commons] Migrate home directories to the new region", minutes=120, end=TODAY),
    Row("I_2@a2", title="[Glacier Commons] Move storage buckets", minutes=0, end=TODAY),
    Row("I_3@unplaced", title="Tune the storage buckets", minutes=60, end=TODAY),
)


def found(text: str, contracts: Contracts = CONTRACTS) -> list[Delivered]:
    return list(delivered(text, contracts, ROWS, EngagementRules(), TODAY))


@pytest.mark.parametrize(
    ("text", "engagement", "source"),
    [
        ("A workshop on Dask", REEF.name, "project"),
        ("Training instructors in remote Dask workshops", REEF.name, "project"),
        ("migration of home directories", GLACIER.name, "work in Glacier Q1"),
        ("Membership", REEF.name, "engagement"),
    ],
)
def test_work_that_is_alike_is_named_with_where_it_stands(text: str, engagement: str, source: str) -> None:
    (only,) = found(text)
    assert (only.engagement, only.passages[0].source) == (engagement, source)


@pytest.mark.parametrize(
    "text",
    [
        "Machine learning curriculum",
        "Workshops on accessibility audits",  # one word of three
        "Dask workshops on accessibility audits",  # two words of four
        "Help a community with its hub",  # only words that all say
        "Move the storage buckets",  # no hours went into it
        "Reef Watch",  # a community is no kind of work
    ],
)
def test_other_work_is_not(text: str) -> None:
    assert found(text) == []


def test_only_engagements_that_run_count() -> None:
    over = replace(CONTRACTS, engagements={"e1": replace(REEF, status="Completed"), "e2": GLACIER})
    assert found("A workshop on Dask", over) == []


def test_the_likest_comes_first_and_all_that_is_alike_is_counted() -> None:
    both = {
        "p1": CONTRACTS.projects["p1"],
        "p2": Project(
            "p2", "Dask workshops", "e2", description="Remote Dask workshops for instructors.\nDask workshop"
        ),
    }
    first, second = found("Remote dask workshops", replace(CONTRACTS, projects=both))
    assert (first.engagement, first.alike, first.passages[0].shared) == (
        GLACIER.name,
        3,
        ("remote", "dask", "workshops"),
    )
    assert (second.engagement, second.alike) == (REEF.name, 1)


def test_a_text_must_name_some_work() -> None:
    assert says_enough("Dask")
    assert not says_enough("Help with the hub!")
    assert not says_enough(" ")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("migrate", "migration", True),
        ("image", "images", True),
        ("data", "database", False),
        ("community", "communication", False),
        ("dask", "dask", True),
        ("port", "ports", False),
    ],
)
def test_words_of_one_stem_are_alike(one: str, other: str, same: bool) -> None:
    assert same_word(one, other) is same
