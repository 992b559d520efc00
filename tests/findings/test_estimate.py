"""Which words tell time that was spent, and what is suggested from them."""

import pytest

from sync.findings.estimate import attendees, estimate, told


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("We were in the meeting for 1h.", [60]),
        ("It took 90 minutes.", [90]),
        ("Spent 2 hours on preparation. The call lasted 45 min.", [120, 45]),
        ("It took 1.5 hours", [90]),
        ("It took 1,5 h", [90]),
        ("It took 1 hour and 20 minutes", [80]),
        ("It took 2 hours.\nIt took 2 hours.", [120]),
    ],
)
def test_time_that_was_spent(text: str, minutes: list[int]) -> None:
    assert [one.minutes for one in told(text)] == minutes


@pytest.mark.parametrize(
    "text",
    [
        "They spent a while; give 24 hours notice",
        "The deadline is in 2 hours",
        "We met at 14:30 and again at 9 h",
        "We met, 9 h:15",
        "The build took 20 minutes",
        "The hub took 3 hours to come up after the outage",
        "Logins time out in 30 minutes",
        "```\nit took 2 hours\n```",
        "The option `took 2 hours` is odd",
        "> it took 2 hours",
        "It took https://example.org/2 hours",
        "We met 3 hours ago",
        "It took 300 hours",
        "It took 0 minutes",
        "2 hours",
        "",
    ],
)
def test_decoys(text: str) -> None:
    assert told(text) == ()


def test_people_who_were_together_each_count() -> None:
    found = estimate("We were in the meeting for 1h", 3, [])
    assert found is not None
    assert (found.minutes, found.source) == (180, 'the text says "1h", 3 people')


def test_work_of_several_people_is_not_multiplied() -> None:
    found = estimate("It took 90 minutes", 3, [600, 600])
    assert found is not None
    assert found.minutes == 90


def test_similar_work_is_asked_where_the_text_says_nothing() -> None:
    found = estimate("Fix the login", 1, [60, 90, 600])
    assert found is not None
    assert (found.minutes, found.source) == (90, "the median of 3 similar issues is 1.5 h")
    assert estimate("Fix the login", 1, [60]) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Kick-off with Ana, Ben and Cy attended.", ("Ana", "Ben", "Cy")),
        ("Attendees: Ana, Ben", ("Ana", "Ben")),
        ("Help with Python, R and Julia", ()),
    ],
)
def test_attendees(text: str, names: tuple[str, ...]) -> None:
    assert attendees(text) == names
