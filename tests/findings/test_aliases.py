"""Aliases that find too much, and heads of titles that would make good ones."""

from datetime import date

import pytest

from sync.model.finding import Finding, Role, Severity
from tests.findings.healthy import closed, edit
from tests.mirror.paper import PaperIssue, PaperWorld

JULY = date(2026, 7, 6)


def found(world: PaperWorld, kind: str) -> list[Finding]:
    world.sync()
    return [one for one in world.sync().plan.findings if one.kind == kind]


def alias(world: PaperWorld, *names: str) -> None:
    edit(world, "communities", world.reef.id, aliases=names)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("hub", 1),
        ("Hub", 1),
        ("HUB", 1),
        ("Data", 1),
        ("RW", 0),
        ("Pythia", 0),
        ("Reef hub", 0),
        ("hub-2", 0),
        ("Reef Watch", 0),
        ("", 0),
    ],
)
def test_an_alias_that_is_an_everyday_word(world: PaperWorld, name: str, count: int) -> None:
    alias(world, name)
    findings = found(world, "alias_common_word")
    assert [(one.subject, one.community, one.severity) for one in findings] == [
        (name, "Reef Watch", Severity.LOW)
    ] * count


@pytest.mark.parametrize(("issues", "count"), [(2, 0), (3, 1)])
def test_a_word_that_others_use_is_an_everyday_word(world: PaperWorld, issues: int, count: int) -> None:
    alias(world, "Moraine")
    for number in range(issues):
        closed(world, f"[Glacier Commons] Moraine pictures {number}", JULY, 1)
    closed(world, "[Reef Watch] moraine", JULY, 1)
    findings = found(world, "alias_common_word")
    assert len(findings) == count
    assert all("acme/hub#1, acme/hub#2, acme/hub#3." in one.evidence for one in findings)


def test_a_name_cannot_be_helped(world: PaperWorld) -> None:
    edit(world, "communities", world.reef.id, name="Insight", aliases=("insight",))
    assert found(world, "alias_common_word") == []


# Heads.


def placed(world: PaperWorld, *titles: str, under: str = "") -> list[PaperIssue]:
    """Open issues and drag their tasks under the CSH task of Reef Watch."""
    issues = [world.issue(title, hours=1, end=JULY) for title in titles]
    world.sync()
    for one in issues:
        world.asana.edit(world.task(one).gid, parent_gid=under or world.reef.csh["Q3"])
    return issues


@pytest.mark.parametrize(
    ("titles", "head"),
    [
        (("[Coral Cam] Focus", "[Coral Cam] Light"), "Coral Cam"),
        (("Coral Cam: Focus", "[coral cam] Light"), "Coral Cam"),
        (("[Support] Coral Cam - Focus", "Coral Cam – Light"), "Coral Cam"),
        (("[Coral Cam] Focus", "[Coral Cam] Light", "[Coral Cam] Depth"), "Coral Cam"),
    ],
)
def test_a_head_that_people_place_again_and_again(world: PaperWorld, titles: tuple[str, ...], head: str) -> None:
    placed(world, *titles)
    (one,) = found(world, "alias_suggested")
    assert (one.subject, one.community, one.role) == (head, "Reef Watch", Role.MANAGER)
    assert f'Add "{head}" to Aliases of Reef Watch' in one.remedy
    assert "acme/hub#1, acme/hub#2" in one.evidence


@pytest.mark.parametrize(
    "titles",
    [
        ("[Coral Cam] Focus",),
        ("[Coral Cam] Focus", "[Kelp Cam] Light"),
        ("[Meeting] Focus", "[Meeting] Light"),
        ("[Reef Watch] Focus", "[Reef Watch] Light"),
        ("Focus", "Light"),
    ],
)
def test_no_head_is_suggested(world: PaperWorld, titles: tuple[str, ...]) -> None:
    placed(world, *titles)
    assert found(world, "alias_suggested") == []


def test_a_head_of_several_communities_names_none(world: PaperWorld) -> None:
    placed(world, "[Coral Cam] Focus", "[Coral Cam] Light")
    placed(world, "[Coral Cam] Depth", under=world.glacier.csh["Q3"])
    assert found(world, "alias_suggested") == []


def test_a_head_that_nobody_placed_yet_names_none(world: PaperWorld) -> None:
    placed(world, "[Coral Cam] Focus", "[Coral Cam] Light")
    world.issue("[Coral Cam] Depth")
    assert found(world, "alias_suggested") == []


def test_the_alias_ends_it_and_finds_the_next_one(world: PaperWorld) -> None:
    placed(world, "[Coral Cam] Focus", "[Coral Cam] Light")
    (one,) = found(world, "alias_suggested")
    alias(world, one.subject)
    next_one = world.issue("[Coral Cam] Depth", hours=1, end=JULY)
    assert found(world, "alias_suggested") == []
    assert world.task(next_one).parent_gid == world.reef.csh["Q3"]
