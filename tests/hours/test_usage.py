from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.hours.bands import Bands, Override, Thresholds
from sync.hours.usage import Completed, Entry, Level, Pace, as_of, usage
from sync.hours.workdays import working_days, working_days_gone
from tests.hours.building import quarter

MIDDLE = date(2025, 8, 15)
"""Half of the third quarter's working days are over."""


def used(allocation, minutes, today=MIDDLE, **more):
    return usage(allocation, [Entry(minutes, today)], today, name="Reef Watch", **more)


@pytest.mark.parametrize(
    ("minutes", "spent", "end", "sentence"),
    [
        (240, 90, date(2025, 9, 30), "Reef Watch: 2.5 of 4 h left until 30 Sep"),
        (240, 0, date(2025, 3, 5), "Reef Watch: 4 of 4 h left until 5 Mar"),
        (240, 240, date(2025, 12, 31), "Reef Watch: 0 of 4 h left until 31 Dec"),
        (240, 330, date(2025, 9, 30), "Reef Watch: 0 of 4 h left until 30 Sep, 1.5 h over"),
        (240, 241, date(2025, 9, 30), "Reef Watch: 0 of 4 h left until 30 Sep, 0.02 h over"),
        (240, 90, None, "Reef Watch: 2.5 of 4 h left"),
        (0, 0, date(2025, 1, 1), "Reef Watch: 0 of 0 h left until 1 Jan"),
        (None, 150, date(2025, 9, 30), "Reef Watch: 2.5 h used, no hours agreed"),
        (None, 0, None, "Reef Watch: 0 h used, no hours agreed"),
    ],
)
def test_the_sentence_says_what_is_left_and_until_when(minutes, spent, end, sentence):
    assert used(quarter("q3", minutes=minutes, end=end), spent).sentence == sentence


def test_left_goes_below_zero_and_the_share_above_one_when_more_was_used():
    found = used(quarter("q3", minutes=240), 330)
    assert (found.used_minutes, found.available_minutes, found.left_minutes) == (330, 240, -90)
    assert found.share == 1.375


def test_the_share_has_four_decimals():
    assert used(quarter("q3", minutes=180), 60).share == 0.3333


def test_without_agreed_hours_nothing_can_be_left():
    found = used(quarter("q3"), 60)
    assert (found.used_minutes, found.available_minutes, found.left_minutes, found.share) == (60, None, None, None)


def test_of_no_hours_at_all_no_share_is_used():
    found = used(quarter("q3", minutes=0), 60)
    assert (found.left_minutes, found.share) == (-60, None)


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_used_and_left_add_up_to_what_is_available(available, spent):
    found = used(quarter("q3", minutes=available), spent)
    assert found.left_minutes is not None
    assert found.used_minutes + found.left_minutes == available
    assert ("over" in found.sentence) == (spent > available)


@pytest.mark.parametrize(
    ("percent", "running", "ended"),
    [
        (0, Level.UNUSED, Level.UNUSED),
        (20, Level.UNDER, Level.ENDED),
        (79, Level.ON_PACE, Level.ENDED),
        (80, Level.NEAR, Level.ENDED),
        (100, Level.USED_UP, Level.USED_UP),
        (101, Level.OVER, Level.OVER),
        (250, Level.OVER, Level.OVER),
    ],
)
def test_the_level_follows_the_share_used(percent, running, ended):
    allocation = quarter("q3", minutes=6000)
    assert used(allocation, 60 * percent).level is running
    assert used(allocation, 60 * percent, date(2025, 10, 1)).level is ended


@pytest.mark.parametrize(
    ("allocation", "spent", "level"),
    [
        (quarter("q3"), 600, Level.NO_HOURS),
        (quarter("q3", minutes=0), 0, Level.NO_HOURS),
        (quarter("q3", minutes=0), 1, Level.OVER),
        (quarter("q4", minutes=240), 0, Level.NOT_BEGUN),
        (quarter("q4", minutes=240), 240, Level.USED_UP),
        (quarter("q3", minutes=240, end=None), 60, Level.UNKNOWN),
        (quarter("q3", minutes=240, end=None), 241, Level.OVER),
    ],
)
def test_without_hours_or_days_there_is_no_false_alarm(allocation, spent, level):
    assert used(allocation, spent).level is level


def test_what_could_not_all_be_read_gives_no_level_pace_or_forecast():
    found = used(quarter("q3", minutes=240), 900, known=False)
    assert (found.level, found.pace, found.forecast) == (Level.UNKNOWN, None, None)
    assert found.no_forecast


@pytest.mark.parametrize(
    ("spent", "left", "extra_used", "overrun", "level", "tail"),
    [
        (240, 0, 0, 0, Level.USED_UP, "0 of 4 h left until 30 Sep, 2 of 2 extra h left"),
        (300, 0, 60, 0, Level.USED_UP, "0 of 4 h left until 30 Sep, 1 of 2 extra h left"),
        (360, 0, 120, 0, Level.USED_UP, "0 of 4 h left until 30 Sep, 0 of 2 extra h left"),
        (450, -90, 120, 90, Level.OVER, "0 of 4 h left until 30 Sep, 0 of 2 extra h left, 1.5 h over"),
    ],
)
def test_extra_hours_are_used_after_the_first_ones(spent, left, extra_used, overrun, level, tail):
    found = used(quarter("q3", minutes=240, extra_minutes=120), spent)
    assert (found.left_minutes, found.extra_used_minutes, found.overrun_minutes) == (left, extra_used, overrun)
    assert (found.level, found.sentence) == (level, f"Reef Watch: {tail}")
    assert (found.completed is Completed.BY_USE) == (spent >= 360)


def test_planned_work_is_shown_apart():
    found = used(quarter("q3", minutes=240), 90, planned_minutes=90)
    assert found.sentence == "Reef Watch: 2.5 of 4 h left until 30 Sep; 1.5 h planned"
    assert (found.used_minutes, found.left_minutes, found.planned_minutes) == (90, 150, 90)
    told = as_of(found.sentence, datetime(2025, 9, 21, 6, 10, tzinfo=UTC))
    assert told == f"{found.sentence} (as of 21 Sep 06:10 UTC)"


@pytest.mark.parametrize(
    ("spent", "today", "pace"),
    [
        (0, date(2025, 7, 20), None),
        (0, MIDDLE, Pace.UNDER),
        (120, MIDDLE, Pace.ON),
        (200, MIDDLE, Pace.AHEAD),
        (0, date(2025, 10, 1), None),
        (0, date(2025, 6, 30), None),
    ],
)
def test_the_pace_is_told_while_the_period_lasts_and_not_too_early(spent, today, pace):
    assert used(quarter("q3", minutes=240), spent, today).pace is pace


def test_the_forecast_is_a_range_from_the_rate_so_far_to_the_planned_work_on_top():
    found = used(quarter("q3", minutes=480), 240, planned_minutes=60)
    gone = working_days_gone(date(2025, 7, 1), date(2025, 9, 30), MIDDLE)
    rate = round(240 * 66 / gone)
    assert (gone, found.forecast) == (33, (rate, rate + 60))
    assert found.gone == 0.5


@pytest.mark.parametrize(
    ("spent", "today", "planned"),
    [(59, MIDDLE, 0), (600, date(2025, 7, 14), 0), (600, date(2025, 10, 1), 0), (600, MIDDLE, None)],
)
def test_under_too_little_evidence_there_is_no_forecast_but_a_reason(spent, today, planned):
    found = used(quarter("q3", minutes=480), spent, today, planned_minutes=planned)
    assert found.forecast is None
    assert found.no_forecast


def test_an_allocation_is_completed_by_use_on_the_day_its_hours_were_used_or_by_date():
    entries = [Entry(60, date(2025, 8, 20)), Entry(180, date(2025, 8, 1)), Entry(30, date(2025, 9, 1))]
    found = usage(quarter("q3", minutes=240), entries, date(2025, 9, 2), name="Reef Watch")
    assert (found.completed, found.completed_on) == (Completed.BY_USE, date(2025, 8, 20))
    found = used(quarter("q3", minutes=240), 60, date(2025, 10, 1))
    assert (found.completed, found.completed_on) == (Completed.BY_DATE, date(2025, 9, 30))
    assert used(quarter("q3", minutes=240), 60).completed is None


def test_days_off_and_week_ends_are_no_working_days():
    first, last = date(2025, 7, 1), date(2025, 9, 30)
    assert working_days(first, last) == 66
    assert working_days(first, last, [date(2025, 7, 4), date(2025, 7, 5), date(2025, 10, 1)]) == 65
    assert working_days_gone(first, last, first) == 0
    assert working_days_gone(first, last, date(2026, 1, 1)) == 66


def test_thresholds_of_an_engagement_win_over_those_of_its_profile():
    thresholds = Thresholds(
        Bands(),
        (
            Override(engagement="Reef 2025", values={"near": (0.6,)}),
            Override(profile="CSH", values={"near": (0.7, 0.9)}),
        ),
    )
    assert thresholds.of("csh", "reef 2025", "rec1").near == (0.6,)
    assert thresholds.of("CSH", "Other").near == (0.7, 0.9)
    assert thresholds.of("DDM", "Other").near == (0.8,)
    with pytest.raises(ValueError, match="nearly"):
        Override(profile="CSH", values={"nearly": 1})


ENTRIES = st.lists(st.builds(Entry, st.integers(0, 900), st.dates(date(2025, 7, 1), date(2025, 9, 30))), max_size=6)
DAYS = st.dates(date(2025, 6, 1), date(2025, 11, 1))
ORDER = (Level.NOT_BEGUN, Level.ENDED, Level.UNUSED, Level.UNDER, Level.ON_PACE, Level.NEAR, Level.USED_UP, Level.OVER)
ENDED_ORDER = (Level.UNUSED, Level.ENDED, Level.USED_UP, Level.OVER)


@given(ENTRIES, st.randoms(), DAYS, st.integers(0, 2000), st.integers(0, 600))
def test_the_order_of_entries_does_not_matter(entries, chance, today, available, extra):
    allocation = quarter("q3", minutes=available, extra_minutes=extra)
    shuffled = list(entries)
    chance.shuffle(shuffled)
    found = usage(allocation, entries, today, name="Reef Watch")
    assert found == usage(allocation, shuffled, today, name="Reef Watch")
    assert found.used_minutes + found.left_minutes == available + found.extra_used_minutes
    assert found.forecast is None or found.used_minutes <= found.forecast[0] <= found.forecast[1]


@given(DAYS, st.integers(1, 2000), st.integers(0, 600), st.integers(0, 4000), st.integers(0, 4000))
def test_levels_rise_with_what_is_used(today, available, extra, one, other):
    allocation = quarter("q3", minutes=available, extra_minutes=extra)
    low, high = (used(allocation, minutes, today).level for minutes in sorted((one, other)))
    order = ENDED_ORDER if today > date(2025, 9, 30) else ORDER
    assert order.index(low) <= order.index(high)


@given(ENTRIES, DAYS, DAYS, st.integers(1, 2000))
def test_time_alone_changes_no_number_of_use_and_no_sentence(entries, one, other, available):
    allocation = quarter("q3", minutes=available)
    early, late = (usage(allocation, entries, day, name="Reef Watch") for day in sorted((one, other)))
    assert (early.used_minutes, early.left_minutes, early.sentence) == (
        late.used_minutes,
        late.left_minutes,
        late.sentence,
    )
    assert early.gone <= late.gone
