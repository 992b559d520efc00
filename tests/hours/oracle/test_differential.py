"""The ledger against the second program: the same rows and the same target after every run of every history."""

from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, note, settings

from sync.hours.dates import work_date
from sync.hours.ledger import settle
from sync.hours.sealing import Seal, Unseal, format_sealed_rows, parse_sealed_rows, sealing_of, seals
from sync.hours.values import Posting, Settled, Whereabouts, WorkItem
from sync.model.contract import Allocation, Community, Contracts, Engagement, Project, Sealing
from sync.model.issue import (
    BoardFields,
    BoardUnknown,
    Closing,
    EmptyHours,
    HoursReading,
    Issue,
    LoggedHours,
    UnknownHours,
)
from sync.model.work import Row
from tests.hours.oracle.histories import histories, play
from tests.hours.oracle.replay import belongs, day_of_work, in_sight

CLOSINGS = {closing.value: closing for closing in Closing}
LONG_AGO = datetime(2024, 11, 1, tzinfo=UTC)

thorough = settings(max_examples=900, derandomize=True, deadline=None, database=None)


# ---- the plain world in the product's own values ----------------------------------------------------------------


def contracts_of(world, shuffle: Random) -> Contracts:
    allocations = list(in_sight(world).items())
    shuffle.shuffle(allocations)
    return Contracts(
        communities={name: Community(name, name) for name in "ABC"},
        engagements={f"e{name}": Engagement(f"e{name}", name, community_id=name) for name in "ABC"},
        projects={name: Project(name, name, engagement_id=f"e{who}") for name, who in world["projects"].items()},
        allocations={
            name: Allocation(
                name,
                name,
                project_id=one["project"],
                start=one["start"],
                end=one["end"],
                reopen=one["reopen"],
                sealing=None if one["sealed"] is None else Sealing(one["sealed"]["on"], dict(one["sealed"]["rows"])),
            )
            for name, one in allocations
        },
        complete=world["hidden"] is None,
    )


def hours_of(issue) -> HoursReading:
    match issue["hours"]:
        case ("logged", minutes, day):
            return LoggedHours(minutes, day)
        case ("empty",):
            return EmptyHours()
        case (kind,):
            return UnknownHours("cannot be read", absurd=kind == "absurd")
    raise AssertionError(issue["hours"])


def issue_of(owner, issue) -> Issue:
    unread = issue["hours"][0] == "unknown" and issue["board end"] is None and issue["iteration"] is None
    return Issue(
        id=owner,
        url=f"https://github.com/demo/hub/issues/{owner}",
        repository="demo/hub",
        number=1,
        title="Some work",
        body="",
        closing=CLOSINGS[issue["closing"]],
        created_at=LONG_AGO,
        updated_at=LONG_AGO,
        closed_at=issue["closed_at"],
        board=BoardUnknown("no answer")
        if unread
        else BoardFields("item", end=issue["board end"], iteration_end=issue["iteration"]),
        hours=hours_of(issue),
    )


def item_of(world, owner, shuffle: Random) -> WorkItem:
    issue = world["issues"][owner]
    read = issue_of(owner, issue)
    where = belongs(world, issue)
    postings = [
        Posting(name, row["minutes"], row["end"], row["dated by"], row["late"], row["by person"])
        for name, row in world["rows"].get(owner, {}).items()
    ]
    shuffle.shuffle(postings)
    return WorkItem(
        owner=owner,
        hours=read.hours,
        work_date=work_date(read, world["today"], ZoneInfo(world["zone"])),
        where=Whereabouts(
            frozenset(where["projects"]), frozenset(where["named"]), where["by person"], where["decided"]
        ),
        postings=tuple(postings),
        delivered=not read.closing.undelivered,
    )


def plain(settled: Settled):
    return {
        one.allocation_id: {
            "minutes": one.minutes,
            "end": one.end,
            "dated by": one.dated_by,
            "late": one.late,
            "by person": one.by_person,
        }
        for one in settled.postings
    }


# ---- both, run by run -------------------------------------------------------------------------------------------


@thorough
@given(histories())
def test_both_programs_agree_after_every_run(history):
    shuffle = Random(0)
    for world, outcome in play(history):
        contracts = contracts_of(world, shuffle)
        for owner, (rows, target) in outcome["rows"].items():
            item = item_of(world, owner, shuffle)
            settled = settle(item, contracts, world["today"])
            note(f"{world['today']} {owner}: {item.hours} {item.work_date} {item.where}")
            assert (item.work_date.day, item.work_date.evidence) == day_of_work(
                world["issues"][owner], world["today"], world["zone"]
            )
            assert plain(settled) == rows
            assert (settled.target.allocation_id, settled.target.late) == target


def rows_in_the_base(outcome):
    return [
        Row(key=f"{owner}@{name}", minutes=row["minutes"])
        for owner, (rows, _) in outcome["rows"].items()
        for name, row in rows.items()
    ]


@settings(thorough, max_examples=120)
@given(histories())
def test_both_programs_seal_and_open_the_same_periods_with_the_same_rows(history):
    shuffle = Random(0)
    for world, outcome in play(history):
        found = seals(contracts_of(world, shuffle), outcome["readable"], world["today"], world["grace"])
        assert {one.allocation_id for one in found if isinstance(one, Unseal)} == outcome["unseals"]
        assert [one.allocation_id for one in found if isinstance(one, Seal)] == sorted(outcome["seals"])
        for name, minutes in outcome["seals"].items():
            sealing = sealing_of(name, rows_in_the_base(outcome), world["today"])
            assert (sealing.on, dict(sealing.rows)) == (world["today"], minutes)
            assert parse_sealed_rows(format_sealed_rows(sealing.rows)) == minutes
