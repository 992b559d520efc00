"""The life cycle of an alert, step by step (decision D9, requirements 59 to 61, failure K02 to K05)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sync.errors import Denied, ExitCode
from sync.findings.alert_cells import cells_of, finding_of
from sync.findings.alerting import judge
from sync.model.alert import State, StoredAlert
from sync.model.contract import Contracts
from sync.model.finding import Acceptance, Finding, Role
from tests.findings.alert_world import CAP, DOWN, LATE, PASSED, WORSE, Crash, Office


@pytest.fixture
def office() -> Office:
    return Office()


def test_it_is_told_once_and_then_nothing_is_written(office: Office) -> None:
    report = office.run(LATE, CAP)
    (digest,) = report.digests
    assert [one.finding.kind for one in digest.opened] == ["deliverable_late", "near_cap"]
    assert (digest.role, digest.standing, digest.resolved) == (Role.MANAGER, 0, ())
    assert office.table.of(LATE).told == office.now
    assert office.quiet(LATE, CAP)
    office.days_pass(40)
    assert office.quiet(LATE, CAP)


def test_it_is_resolved_by_itself_and_that_is_told_once(office: Office) -> None:
    office.run(LATE)
    office.run()
    assert office.table.of(LATE).state is State.RESOLVED
    assert office.channel.heard[-1].resolved[0].finding == replace(LATE, level="")
    assert office.quiet()


@pytest.mark.parametrize("finding", [LATE, CAP])
def test_what_came_and_went_while_nobody_could_be_told_is_told_as_resolved(office: Office, finding: Finding) -> None:
    office.channel.trouble = DOWN
    office.run(finding)
    office.run()
    office.channel.trouble = None
    office.run()
    assert office.table.of(finding).state is State.RESOLVED
    assert (office.channel.opened(finding), office.channel.resolved(finding)) == (0, 1)
    assert office.quiet()
    office.run(finding)
    assert office.channel.opened(finding) == 1


def test_a_word_that_was_not_recorded_is_taken_back_all_the_same(office: Office) -> None:
    office.table.dies_after = 1
    with pytest.raises(Crash):
        office.run(LATE)
    office.table.dies_after = None
    office.run()
    assert (office.channel.opened(LATE), office.channel.resolved(LATE)) == (1, 1)


def test_a_delivery_that_fails_is_named_and_told_by_the_next_run(office: Office) -> None:
    office.channel.trouble = DOWN
    report = office.run(LATE)
    assert (report.exit_code, report.undelivered) == (ExitCode.ITEMS_FAILED, 1)
    assert "engagement manager was not told: Slack: tell: it is down" in report.warnings[0]
    assert office.table.of(LATE).told is None
    office.channel.trouble = None
    office.run(LATE)
    assert office.channel.opened(LATE) == 1
    assert office.quiet(LATE)


def test_a_resolution_that_was_not_told_is_told_by_the_next_run(office: Office) -> None:
    office.run(LATE)
    office.channel.trouble = DOWN
    office.run()
    assert office.table.of(LATE).state is State.OWED
    assert office.quiet()
    office.channel.trouble = None
    office.run()
    assert (office.channel.resolved(LATE), office.table.of(LATE).state) == (1, State.RESOLVED)
    assert office.quiet()


def test_a_channel_that_is_down_is_asked_once_but_one_that_refuses_is_asked_for_each_role(office: Office) -> None:
    both = (LATE, replace(CAP, role=Role.LEAD))
    office.channel.trouble = DOWN
    assert "did not answer before" in office.run(*both).warnings[1]
    office.channel.trouble = Denied("Slack", "tell", "no such channel")
    assert [one for one in office.run(*both).warnings if "no such channel" not in one] == []


def test_of_a_digest_that_went_out_in_part_only_the_rest_is_told_again(office: Office) -> None:
    office.channel.takes = 1
    report = office.run(LATE, CAP)
    assert (report.exit_code, report.undelivered) == (ExitCode.ITEMS_FAILED, 1)
    office.channel.takes = None
    office.run(LATE, CAP)
    assert (office.channel.opened(LATE), office.channel.opened(CAP)) == (1, 1)


def test_without_anybody_to_tell_rows_are_kept_and_all_that_is_open_is_told_once_there_is(office: Office) -> None:
    office.audience = False
    office.run(LATE, CAP)
    office.run(LATE)
    assert (office.table.of(LATE).told, office.table.of(CAP).state) == (None, State.RESOLVED)
    office.audience = True
    office.run(LATE)
    assert (office.channel.opened(LATE), office.channel.resolved(CAP)) == (1, 0)


def test_a_changed_cap_arms_it_again_and_another_date_does_not(office: Office) -> None:
    office.run(CAP)
    assert office.table.of(CAP).period == "Reef Q3, 2026-07-01 to 2026-09-30; cap 8 h"
    office.hours = 9
    office.run(CAP)
    assert office.channel.opened(CAP) == 2
    assert office.quiet(CAP)
    office.run()
    office.hours = 12
    office.run(CAP)
    assert office.channel.opened(CAP) == 3


def test_a_level_of_a_cap_is_told_once_in_its_period_however_often_it_comes_back(office: Office) -> None:
    for _ in range(3):
        office.run(CAP)
        office.days_pass()
        office.run()
        office.days_pass()
    assert (office.channel.opened(CAP), office.channel.resolved(CAP)) == (1, 1)
    office.run(CAP)
    assert office.table.of(CAP).state is State.AGAIN


def test_a_worse_level_is_told_and_the_one_before_is_not_called_resolved(office: Office) -> None:
    office.run(CAP)
    office.table.say(CAP, acknowledged=True)
    office.run(WORSE)
    assert (office.channel.opened(WORSE), office.channel.resolved(CAP)) == (1, 0)
    assert office.table.of(CAP).state is State.RESOLVED
    office.run(CAP)
    assert (office.channel.opened(CAP), office.channel.resolved(WORSE)) == (1, 1)


def test_the_end_of_a_period_is_no_news(office: Office) -> None:
    office.run(CAP)
    office.days_pass(60)
    office.run()
    assert (office.table.of(CAP).state, office.channel.resolved(CAP)) == (State.RESOLVED, 0)


def test_what_comes_back_is_news_but_not_twice_on_one_day(office: Office) -> None:
    office.run(LATE)
    office.run()
    office.run(LATE)
    assert office.table.of(LATE).state is State.AGAIN
    assert office.channel.opened(LATE) == 1
    office.run()
    assert office.channel.resolved(LATE) == 1
    office.run(LATE)
    office.days_pass()
    office.run(LATE)
    assert (office.channel.opened(LATE), office.table.of(LATE).state) == (2, State.OPEN)
    assert office.quiet(LATE)


def test_what_comes_back_before_anybody_heard_that_it_had_gone_is_no_news(office: Office) -> None:
    office.run(LATE)
    office.channel.trouble = DOWN
    office.run()
    office.channel.trouble = None
    office.days_pass()
    office.run(LATE)
    assert (office.channel.opened(LATE), office.table.of(LATE).state) == (1, State.OPEN)


def test_what_the_run_puts_right_is_told_once_and_leaves_nothing_to_write(office: Office) -> None:
    office.run(PASSED)
    assert (office.channel.opened(PASSED), office.table.of(PASSED).state) == (1, State.RESOLVED)
    assert office.quiet()
    assert office.quiet(PASSED)
    office.days_pass()
    office.run(PASSED)
    assert (office.channel.opened(PASSED), office.channel.resolved(PASSED)) == (2, 0)


def test_what_the_run_put_right_while_nobody_could_be_told_is_told_later(office: Office) -> None:
    office.channel.trouble = DOWN
    office.run(PASSED)
    office.channel.trouble = None
    office.run()
    assert (office.channel.opened(PASSED), office.table.of(PASSED).state) == (1, State.RESOLVED)
    assert office.quiet()


# People.


def test_a_snooze_keeps_it_quiet_and_its_end_tells_once_more(office: Office) -> None:
    office.run(LATE)
    office.table.say(LATE, snooze_until=date(2026, 8, 14))
    office.run(LATE)
    assert office.table.of(LATE).state is State.SNOOZED
    assert office.quiet(LATE)
    office.days_pass(4)
    office.run(LATE)
    assert (office.table.of(LATE).state, office.channel.opened(LATE)) == (State.OPEN, 2)
    assert office.quiet(LATE)


def test_an_acceptance_in_the_base_or_in_the_settings_keeps_it_quiet_through_its_last_day(office: Office) -> None:
    word = Acceptance("deliverable_late", "acme/hub#1", date(2026, 8, 11), "agreed")
    office.run(LATE, accepted=(word,))
    assert (office.table.of(LATE).state, office.channel.heard) == (State.ACCEPTED, [])
    office.table.say(LATE, accepted_until=date(2026, 8, 12), reason="agreed")
    office.days_pass(2)
    assert office.quiet(LATE)
    office.days_pass()
    office.run(LATE)
    assert office.channel.opened(LATE) == 1


def test_an_acknowledged_one_is_not_counted_as_standing_and_its_end_is_told(office: Office) -> None:
    office.run(LATE)
    office.table.say(LATE, acknowledged=True)
    office.run(LATE, CAP)
    assert office.table.of(LATE).state is State.ACKNOWLEDGED
    assert office.channel.heard[-1].standing == 0
    office.run(CAP)
    assert office.channel.resolved(LATE) == 1


def test_nothing_of_peoples_columns_is_ever_written(office: Office) -> None:
    office.run(LATE)
    office.table.say(LATE, acknowledged=True, owner="Ana", reason="we know")
    word = office.table.rows[LATE.key].word
    office.run(replace(LATE, evidence="more"))
    office.run()
    assert office.table.rows[LATE.key].word == word


# Readings and rows.


def test_an_incomplete_reading_raises_no_alert_about_a_cap_and_resolves_nothing(office: Office) -> None:
    office.run(LATE, CAP)
    before = dict(office.table.rows)
    office.run(WORSE, complete=False)
    assert office.table.rows == before
    office.run(replace(PASSED, kind="hours_unknown"), complete=False)
    assert len(office.table.rows) == 3


def test_last_seen_moves_only_together_with_another_cell(office: Office) -> None:
    office.run(LATE)
    first = office.now
    office.days_pass()
    office.run(LATE)
    assert office.table.of(LATE).last_seen == first
    office.run(replace(LATE, evidence="It was due long ago."))
    row = office.table.of(LATE)
    assert (row.last_seen, row.first_seen) == (office.now, first)
    assert office.channel.opened(LATE) == 1


def test_columns_that_the_base_lacks_are_left_empty_and_written_no_second_time(office: Office) -> None:
    office.table.unmanaged = frozenset({"severity", "period", "level", "last_seen", "role"})
    office.run(CAP)
    assert (office.table.of(CAP).period, office.table.of(CAP).last_seen) == ("", None)
    assert office.quiet(CAP)
    office.run()
    assert office.quiet()


def test_findings_under_one_key_share_a_row(office: Office) -> None:
    office.run(LATE, replace(LATE, evidence="And late again."))
    assert office.table.of(LATE).evidence.splitlines()[:2] == ["It was due.", "And late again."]


def test_three_hundred_findings_make_one_digest_for_each_role(office: Office) -> None:
    many = [replace(LATE, subject_id=f"I_{number}") for number in range(300)]
    report = office.run(*many)
    assert [len(one.opened) for one in report.digests] == [300]
    assert office.table.requests == 60


def test_a_row_keeps_neither_controls_nor_endless_text_and_gives_its_finding_back() -> None:
    odd = replace(LATE, subject="a\x00b\n c", evidence="x" * 30_000, links=("https://example.org/1",))
    row = cells_of(odd, Contracts())
    assert (row.subject, len(row.evidence)) == ("ab c", 20_000)
    plain = replace(LATE, links=("https://example.org/1",))
    assert finding_of(cells_of(plain, Contracts())) == plain


def test_how_a_finding_stands_for_people(office: Office) -> None:
    office.run(LATE)
    stored = office.table.rows[LATE.key]
    today = office.now.date()
    zone = office.now.tzinfo
    assert zone is not None
    assert judge(LATE, None, (), today, zone).since is None
    assert judge(LATE, stored, (), today, zone).since == today
    office.table.say(LATE, snooze_until=today + timedelta(days=1), owner="Ana")
    said = judge(LATE, office.table.rows[LATE.key], (), today, zone)
    assert (said.state, said.until, said.owner) == (State.SNOOZED, today + timedelta(days=1), "Ana")
    over = StoredAlert("rec1", replace(stored.alert, state=State.RESOLVED))
    assert judge(LATE, over, (), today, zone).since is None
