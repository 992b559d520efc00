"""The status that rules propose for an engagement, and the colours in people's words."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.hours.engagements import EngagementRules
from sync.hours.status import WORSE, Colour, Deliveries, Due, colour_of, propose_status
from sync.model.contract import Allocation, Contracts, Engagement, Project

TODAY = date(2026, 8, 10)
YEAR = {"start": date(2026, 1, 1), "end": date(2026, 12, 31)}
RULES = EngagementRules()
BUSY = Deliveries((Due("acme/hub#1", date(2026, 9, 1)), Due("acme/hub#2")), minutes=60)


def contracts(project: dict[str, Any] | None = None, *more: Engagement, **engagement: Any) -> Contracts:
    """Return one engagement with one refined project, changed as asked, and further engagements."""
    one = Engagement("e1", "Reef Watch 2026", "c1", **{**YEAR, **engagement})
    usual = {**YEAR, "clause": "Up to 8 hours / quarter", "description": "Support"}
    refined = Project("p1", "Support", "e1", **{**usual, **(project or {})})
    return Contracts(
        engagements={entry.id: entry for entry in (one, *more)},
        projects={"p1": refined},
        allocations={"a1": Allocation("a1", "Q3", "p1")},
    )


def proposed(known: Contracts, work: Deliveries = BUSY, today: date = TODAY) -> tuple[Colour, str]:
    found = propose_status(known.engagements["e1"], known, work, RULES, today)
    return found.colour, found.reason


def test_green_when_no_rule_fires() -> None:
    assert proposed(contracts()) == (Colour.GREEN, "Projects are refined, dates are clear, and nothing is late.")


NEXT = Engagement("e2", "Reef Watch 2027", "c1", date(2027, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("known", "work", "reason"),
    [
        (
            contracts(),
            replace(BUSY, open=(Due("acme/hub#1", date(2026, 8, 9)), *BUSY.open)),
            "Due and still open: acme/hub#1 (2026-08-09).",
        ),
        (
            contracts(),
            replace(BUSY, open=(Due("acme/hub#1", date(2027, 1, 1)),)),
            "Due after the contract ends on 2026-12-31: acme/hub#1 (2027-01-01).",
        ),
        (
            contracts(end=date(2026, 7, 31)),
            Deliveries(after_minutes=60, after_until=date(2026, 8, 5), minutes=60),
            "Work was done until 2026-08-05, and the contract ended on 2026-07-31.",
        ),
        (
            contracts(end=date(2026, 7, 31)),
            Deliveries((Due("acme/hub#2"),)),
            "Work is open and the contract ended on 2026-07-31: acme/hub#2.",
        ),
    ],
)
def test_red_when_due_dates_are_missed_or_work_goes_on(known: Contracts, work: Deliveries, reason: str) -> None:
    assert proposed(known, work) == (Colour.RED, reason)


@pytest.mark.parametrize(
    ("known", "work", "reason"),
    [
        (
            contracts(start=date(2026, 7, 28)),
            Deliveries(),
            "It is new: it starts on 2026-07-28 and has no hours yet; dates beyond its own: project Support.",
        ),
        (contracts({"clause": " "}), BUSY, "Project Support is not refined: it lacks clause."),
        (contracts({"start": None}), BUSY, "Project Support is not refined: it lacks dates."),
        (contracts({"end": date(2027, 1, 1)}), BUSY, "Dates beyond its own: project Support."),
        (contracts(start=None), BUSY, "Its start is not known."),
        (
            contracts(end=date(2025, 1, 1)),
            Deliveries(),
            "It ends on 2025-01-01, before it starts on 2026-01-01.",
        ),
        (
            contracts({"end": date(2026, 10, 9)}, end=date(2026, 10, 9)),
            BUSY,
            "It ends on 2026-10-09 and no later engagement is known.",
        ),
        (contracts({"end": date(2026, 7, 31)}, end=date(2026, 7, 31)), Deliveries(), "It ended on 2026-07-31."),
    ],
)
def test_yellow_when_new_unrefined_unclear_or_near_the_end(known: Contracts, work: Deliveries, reason: str) -> None:
    assert proposed(known, work) == (Colour.YELLOW, reason)


@pytest.mark.parametrize(
    ("known", "work"),
    [
        (contracts(start=date(2026, 7, 27), project={"start": date(2026, 7, 27)}), Deliveries()),
        (contracts(start=date(2026, 8, 1), project={"start": date(2026, 8, 1)}), BUSY),
        (contracts({"end": date(2026, 10, 10)}, end=date(2026, 10, 10)), BUSY),
        (contracts({"end": date(2026, 9, 1)}, NEXT, end=date(2026, 9, 1)), BUSY),
        (contracts(None, NEXT), replace(BUSY, open=(Due("acme/hub#1", date(2027, 1, 1)),))),
        (contracts(), replace(BUSY, open=(Due("acme/hub#1", TODAY),))),
    ],
)
def test_the_neighbours_are_green(known: Contracts, work: Deliveries) -> None:
    assert proposed(known, work)[0] is Colour.GREEN


def test_a_long_list_is_cut_and_counted() -> None:
    late = tuple(Due(f"acme/hub#{number}", date(2026, 8, 1)) for number in range(5))
    assert proposed(contracts(), Deliveries(late))[1] == (
        "Due and still open: acme/hub#0 (2026-08-01), acme/hub#1 (2026-08-01), acme/hub#2 (2026-08-01) and 2 more."
    )


@pytest.mark.parametrize(
    ("status", "colour"),
    [
        ("Green", Colour.GREEN),
        ("On Track (Green)", Colour.GREEN),
        (" on  track ", Colour.GREEN),
        ("Monitor/At Risk (Yellow)", Colour.YELLOW),
        ("At risk", Colour.YELLOW),
        ("Action Needed (Red)", Colour.RED),
        ("Active", None),
        ("", None),
        ("Green/Red", None),
        ("Greenland", None),
    ],
)
def test_the_colour_in_peoples_words(status: str, colour: Colour | None) -> None:
    assert colour_of(status) is colour


DAYS = st.dates(date(2025, 6, 1), date(2027, 6, 1))
DUES = st.lists(st.builds(Due, st.sampled_from(["acme/hub#1", "acme/hub#2"]), st.none() | DAYS), max_size=4).map(tuple)


@given(
    start=st.none() | DAYS,
    end=st.none() | DAYS,
    clause=st.sampled_from(["", "Up to 8 h"]),
    dues=DUES,
    late=DAYS,
    today=DAYS,
)
def test_one_more_late_issue_never_makes_it_look_better(
    start: date | None, end: date | None, clause: str, dues: tuple[Due, ...], late: date, today: date
) -> None:
    known = contracts({"clause": clause}, start=start, end=end)
    before, reason = proposed(known, Deliveries(dues), today)
    after, _ = proposed(known, Deliveries((*dues, Due("acme/hub#9", late))), today)
    assert WORSE.index(after) >= WORSE.index(before)
    assert (after is Colour.RED) or late >= today
    assert reason.endswith(".")
    assert reason[0].isupper()


@given(dues=DUES, today=DAYS, days=st.integers(1, 400))
def test_a_reason_changes_with_the_facts_and_not_with_the_days(dues: tuple[Due, ...], today: date, days: int) -> None:
    known = contracts(end=date(2030, 1, 1))
    now, later = (proposed(known, Deliveries(dues, minutes=1), one) for one in (today, today + timedelta(days=days)))
    overdue = [one for one in dues if one.on and today <= one.on < today + timedelta(days=days)]
    assert now == later or overdue
