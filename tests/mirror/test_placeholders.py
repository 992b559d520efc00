"""Placeholders through whole runs on paper: shown, named, and their hours counted once (requirement 25)."""

from datetime import date

import pytest

from sync.model.finding import Finding
from sync.model.issue import Closing
from tests.mirror.paper import PaperIssue, PaperWorld

JULY = date(2026, 7, 10)


def pair(world: PaperWorld, hours: float | None = 3, own: float | None = None) -> tuple[PaperIssue, PaperIssue]:
    """Open an issue and a placeholder for it below another community's work."""
    meant = world.issue("Reef Watch: New image", hours=hours, end=JULY)
    above = world.issue("Glacier Commons: Rollout", end=JULY)
    copy = world.issue("New image", body=f"Mirrors: {meant.url}", hours=own, end=JULY, parent=above, labelled=False)
    return meant, copy


def found(world: PaperWorld, *kinds: str) -> list[Finding]:
    return [one for one in world.sync().plan.findings if one.kind in kinds]


def minutes(world: PaperWorld, issue: PaperIssue) -> int:
    return sum(row.minutes or 0 for row in world.rows(issue).values())


def test_a_placeholder_is_shown_and_names_the_issue_whose_hours_count(world: PaperWorld) -> None:
    meant, copy = pair(world)
    world.sync()
    task = world.task(copy)
    assert f"Placeholder for acme/hub#{meant.url.rpartition('/')[2]}" in task.html_notes
    assert task.parent_gid
    assert (minutes(world, meant), minutes(world, copy)) == (180, 0)
    assert (world.used("rec-reef-Q3"), world.used("rec-glacier-Q3")) == (180, 0)
    assert found(world, "placeholder_with_hours", "placeholder_unclear") == []
    assert world.quiet() == []


@pytest.mark.parametrize("hours", [3, None])
def test_hours_on_it_do_not_count_and_are_told(world: PaperWorld, hours: float | None) -> None:
    meant, copy = pair(world, hours, own=2)
    (one,) = found(world, "placeholder_with_hours")
    assert (one.subject_id, one.community, one.links) == (copy.id, "Glacier Commons", (meant.url,))
    assert one.evidence.startswith("2 h stand on it and do not count")
    assert minutes(world, copy) == 0
    assert not world.task(copy).fields.values["github_hours"], "counted once in Asana, too"
    assert world.quiet() == []


def test_hours_leave_an_issue_that_becomes_a_placeholder_and_come_back(world: PaperWorld) -> None:
    meant, copy = pair(world, own=2)
    copy.body = ""
    world.sync()
    assert minutes(world, copy) == 120
    copy.body = f"Mirrors: {meant.url}"
    world.sync()
    assert minutes(world, copy) == 0
    copy.body = "no longer"
    world.sync()
    assert minutes(world, copy) == 120


def test_sealed_hours_of_a_placeholder_stay_and_are_told(world: PaperWorld) -> None:
    meant, copy = pair(world, own=2)
    copy.body, copy.end = "", date(2026, 5, 5)
    world.sync()
    copy.body = f"Mirrors: {meant.url}"
    assert {one.kind for one in found(world, "lowered_after_sealing", "placeholder_with_hours")} == {
        "lowered_after_sealing",
        "placeholder_with_hours",
    }
    assert minutes(world, copy) == 120


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        ("Mirrors: https://github.com/acme/hub/issues/999", "does not exist, or carries no label"),
        ("Mirrors: https://github.com/other/hub/issues/1", "outside the organisation"),
        ("Mirrors: https://github.com/acme/hub/pull/1", "is not the address of an issue"),
        ("Mirrors: #1, #2", "names several issues"),
        ("Mirrors: #3", "leads back here: acme/hub#3 > acme/hub#3"),
    ],
)
def test_a_line_that_leads_nowhere_is_told_and_the_hours_count(world: PaperWorld, body: str, trouble: str) -> None:
    _, copy = pair(world, own=2)
    copy.body = body
    (one,) = found(world, "placeholder_unclear")
    assert trouble in one.evidence
    assert (one.subject_id, one.community) == (copy.id, "Glacier Commons")
    assert minutes(world, copy) == 120
    assert world.quiet() == []


def test_a_chain_is_told_and_its_last_link_counts_once(world: PaperWorld) -> None:
    _, copy = pair(world, own=2)
    further = world.issue("Reef Watch: again", body=f"Mirrors: {copy.url}", hours=1, end=JULY)
    (one,) = found(world, "placeholder_unclear")
    assert one.subject_id == further.id
    assert "is a placeholder itself: acme/hub#4 > acme/hub#3 > acme/hub#1" in one.evidence
    assert (minutes(world, copy), minutes(world, further)) == (0, 60)


def test_a_circle_is_told_on_every_issue_of_it_and_all_hours_count(world: PaperWorld) -> None:
    meant, copy = pair(world, own=2)
    meant.body = f"Mirrors: {copy.url}"
    assert {one.subject_id for one in found(world, "placeholder_unclear")} == {meant.id, copy.id}
    assert (minutes(world, meant), minutes(world, copy)) == (180, 120)


def test_nothing_changes_while_the_mirrored_issue_may_only_be_out_of_sight(world: PaperWorld) -> None:
    meant, copy = pair(world)
    world.sync()
    copy.hours = 2
    meant.visible = False
    (one,) = found(world, "placeholder_unclear")
    assert one.evidence.endswith("So nothing of its hours changes.")
    assert (minutes(world, meant), minutes(world, copy)) == (180, 0), "held hours keep counting"
    world.github.complete = False
    world.sync()
    assert minutes(world, copy) == 0


def test_a_placeholder_seen_first_in_an_incomplete_reading_counts_nothing_yet(world: PaperWorld) -> None:
    meant, copy = pair(world, own=2)
    meant.visible, world.github.complete = False, False
    world.sync()
    assert [row.minutes for row in world.rows(copy).values()] == [None]


@pytest.mark.parametrize("closing", [Closing.COMPLETED, Closing.OPEN])
def test_no_other_check_asks_a_placeholder_for_hours(world: PaperWorld, closing: Closing) -> None:
    meant, copy = pair(world)
    copy.title, copy.on_board, copy.closing = meant.title, False, closing
    copy.closed_at = world.now if closing is Closing.COMPLETED else None
    world.days_pass(20)
    kinds = {one.kind for one in world.sync().plan.findings if one.subject_id == copy.id}
    assert not kinds & {"not_on_board", "completed_without_time", "look_alike_issues", "hours_unknown"}


def test_an_estimate_on_it_is_planned_nowhere(world: PaperWorld) -> None:
    meant, copy = pair(world)
    meant.estimate = copy.estimate = 5  # type: ignore[assignment]
    world.github.board_columns |= {"estimate"}
    planned = {one.allocation_id: one.planned_minutes for one in world.sync().plan.standings}
    assert (planned["rec-reef-Q3"], planned["rec-glacier-Q3"]) == (120, 0)


def test_an_undelivered_placeholder_is_removed_like_any_issue(world: PaperWorld) -> None:
    _, copy = pair(world)
    world.sync()
    copy.closing = Closing.DUPLICATE
    world.sync()
    assert world.tasks_of(copy) == []
    assert found(world, "placeholder_unclear", "placeholder_with_hours") == []


def test_a_former_address_leads_to_the_issue_too(world: PaperWorld) -> None:
    meant, copy = pair(world, own=2)
    former = "https://github.com/acme/old/issues/9"
    meant.former_url, copy.body = former, "Mirrors: acme/old#9"
    assert found(world, "placeholder_unclear") == []
    assert minutes(world, copy) == 0
