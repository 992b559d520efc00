"""Work that goes over to another community after a period was sealed: the seal stays, a person decides (fault G21)."""

from datetime import date

from sync.model.finding import Finding
from tests.mirror.paper import PaperWorld

MAY, AUG = date(2026, 5, 5), date(2026, 8, 5)


def moved(world: PaperWorld) -> list[Finding]:
    return [one for one in world.sync().plan.findings if one.kind == "moved_after_sealing"]


def test_sealed_hours_stay_growth_goes_along_and_the_correction_is_told(world: PaperWorld) -> None:
    issue = world.issue("Reef Watch: fix", hours=2, end=MAY)
    assert moved(world) == []
    assert moved(world) == [], "sealed by now, and where it belongs"
    issue.title, issue.hours = "Glacier Commons: fix", 3
    (one,) = moved(world)
    assert (one.subject_id, one.period, one.community) == (issue.id, "rec-reef-Q2", "Reef Watch")
    assert "Correction: -2 h in Reef Watch Q2, +2 h in Glacier Commons Q3" in one.evidence
    minutes = {name: row.minutes for name, row in world.rows(issue).items() if row.minutes}
    assert minutes == {"rec-reef-Q2": 120, "rec-glacier-Q3": 60}
    assert world.quiet() == []
    assert [again.key for again in moved(world)] == [one.key]


def test_reopen_moves_the_hours_as_the_remedy_says(world: PaperWorld) -> None:
    issue = world.issue("Reef Watch: fix", hours=2, end=MAY)
    world.sync()
    issue.title = "Glacier Commons: fix"
    world.sync()
    world.airtable.change("rec-reef-Q2", reopen=True)
    assert moved(world) == []
    assert (world.used("rec-reef-Q2"), world.used("rec-glacier-Q3")) == (0, 120)
    world.airtable.change("rec-reef-Q2", reopen=False)
    assert moved(world) == []


def test_unsealed_hours_move_without_a_word(world: PaperWorld) -> None:
    issue = world.issue("Reef Watch: fix", hours=2, end=AUG)
    world.sync()
    issue.title = "Glacier Commons: fix"
    assert moved(world) == []
    assert world.used("rec-glacier-Q3") == 120


def test_time_on_a_hand_made_task_that_moves_is_told_too(world: PaperWorld) -> None:
    gid = world.asana.add("A call", world.reef.csh["Q2"])
    world.asana.log(gid, 30, MAY)
    world.sync()
    world.asana.edit(gid, parent_gid=world.glacier.csh["Q3"])
    (one,) = moved(world)
    assert (one.subject_id, one.period) == (f"asana:{gid}", "rec-reef-Q2")
    assert (world.used("rec-reef-Q2"), world.used("rec-glacier-Q2")) == (30, 0)
