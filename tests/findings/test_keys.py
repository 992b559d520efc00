"""What alerts are kept under: a finding's key and evidence stay as they are while the facts do."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.model.finding import Finding
from sync.model.issue import Closing, Person
from tests.findings.healthy import ANA, closed, complete_contracts, edit, healthy_world
from tests.mirror.paper import PaperWorld

IN_MARCH = datetime(2026, 3, 1, tzinfo=UTC)
LONG_AGO = datetime(2026, 7, 2, 12, tzinfo=UTC)


def twin_row(world: PaperWorld) -> None:
    world.issue("[Reef Watch] Twice", hours=1, end=date(2026, 7, 8))
    world.sync()
    key = next(row.key for row in world.airtable.records.values() if row.title == "[Reef Watch] Twice")
    world.airtable.add(world.airtable.row(key))


def gone(world: PaperWorld) -> None:
    issue = world.issue("[Reef Watch] Gone", hours=1, end=date(2026, 7, 8))
    world.sync()
    issue.labelled = False


def lowered(world: PaperWorld) -> None:
    issue = closed(world, "[Reef Watch] Lowered", date(2026, 6, 10), 2)
    world.sync()
    issue.hours = 1


def shared(world: PaperWorld) -> None:
    for place in (world.reef, world.glacier):
        edit(world, "communities", place.id, aliases=("Coast",))


TROUBLES: dict[str, Callable[[PaperWorld], object]] = {
    "late": lambda world: world.issue("[Reef Watch] Late", end=date(2026, 7, 20), people=(ANA,)),
    "unlogged": lambda world: world.issue(
        "[Reef Watch] Forgotten", closing=Closing.COMPLETED, closed_at=LONG_AGO, people=(ANA,)
    ),
    "nobody's": lambda world: world.issue("Somebody's", hours=1),
    "off the board": lambda world: world.issue("[Reef Watch] Off", on_board=False),
    "untouched": lambda world: world.issue("[Reef Watch] Untouched", hours=3, updated_at=IN_MARCH),
    "over": lambda world: world.issue("[Reef Watch] Much", hours=30, end=date(2026, 8, 1), people=(ANA,)),
    "outside": lambda world: world.issue("[Reef Watch] Early", hours=1, end=date(2025, 12, 1)),
    "unmapped": lambda world: world.issue("[Reef Watch] Of Zed", people=(Person("zed"),)),
    "swapped": lambda world: edit(world, "allocations", world.reef.allocations["Q2"], end=date(2026, 3, 1)),
    "ending": lambda world: edit(world, "engagements", world.glacier.engagement, end=date(2026, 9, 30)),
    "incomplete": lambda world: edit(world, "engagements", world.glacier.engagement, agreement_url=""),
    "alias": shared,
    "twin row": twin_row,
    "gone": gone,
    "lowered": lowered,
}


def by_key(world: PaperWorld) -> dict[str, Finding]:
    found = world.sync().plan.findings
    assert len({one.key for one in found}) == len(found)
    return {one.key: one for one in found}


@settings(max_examples=40, deadline=None)
@given(troubles=st.sets(st.sampled_from(sorted(TROUBLES))), days=st.integers(1, 20))
def test_time_passing_alone_rewrites_no_evidence(troubles: set[str], days: int) -> None:
    world = healthy_world()
    for name in sorted(troubles):
        TROUBLES[name](world)
    before = by_key(world)
    # The list of what a person did not log in time grows with the days: that is what it tells.
    before = {key: one for key, one in before.items() if one.kind != "not_logged_in_time"}
    world.days_pass(days)
    after = by_key(world)
    assert {key: after[key] for key in before.keys() & after.keys()} == {
        key: one for key, one in before.items() if key in after
    }


def test_every_finding_has_a_lasting_name() -> None:
    world = healthy_world()
    for trouble in TROUBLES.values():
        trouble(world)
    found = by_key(world).values()
    assert len({one.kind for one in found}) >= 12
    assert [one for one in found if not one.subject_id] == []
    about_community = {"person_unmapped", "unplaced", "shared_alias"}
    assert [one for one in found if not one.community and one.kind not in about_community] == []


def test_a_finding_about_a_row_names_the_period() -> None:
    world = PaperWorld()
    complete_contracts(world)
    twin_row(world)
    (one,) = [one for one in world.sync().plan.findings if one.kind == "twin_rows"]
    assert (one.period, one.community) == (world.reef.allocations["Q3"], "Reef Watch")


def test_a_new_title_makes_no_new_alert() -> None:
    world = PaperWorld()
    complete_contracts(world)
    gone(world)
    before = by_key(world)
    world.asana.edit(world.task(world.github.issues[0]).gid, name="Renamed by hand")
    assert by_key(world).keys() == before.keys()
