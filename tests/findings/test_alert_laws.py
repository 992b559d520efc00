"""Laws of alerts, whatever happens: nothing is lost, nothing is told twice, a quiet world stays quiet."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sync.model.finding import Finding
from tests.findings.alert_world import CAP, DOWN, LATE, PASSED, WORSE, Crash, Office

LASTING = (LATE, CAP, WORSE)


class Alerts(RuleBasedStateMachine):
    """Findings come and go, channels fail, the process dies between any two requests, days pass, caps change."""

    @initialize()
    def begin(self) -> None:
        self.office = Office()
        self.there: dict[str, Finding] = {}
        self.days = self.crashes = self.caps = self.outages = 0

    @rule(finding=st.sampled_from([LATE, CAP, WORSE, PASSED]), seen=st.booleans())
    def comes_or_goes(self, finding: Finding, seen: bool) -> None:
        if finding.key in self.there:
            del self.there[finding.key]
        else:
            self.there[finding.key] = finding
        if seen:
            self.office.run(*self.there.values())

    @rule()
    def a_day_passes(self) -> None:
        self.office.days_pass()
        self.days += 1

    @rule()
    def the_cap_changes(self) -> None:
        self.office.hours += 1
        self.caps += 1

    @rule(up=st.booleans())
    def the_channel(self, up: bool) -> None:
        self.office.channel.trouble = None if up else DOWN
        self.outages += not up

    @rule(complete=st.booleans())
    def a_run(self, complete: bool) -> None:
        self.office.run(*self.there.values(), complete=complete)

    @rule(requests=st.integers(0, 3))
    def a_run_that_dies(self, requests: int) -> None:
        self.office.table.dies_after = self.office.table.requests + requests
        with suppress(Crash):
            self.office.run(*self.there.values())
            self.crashes -= 1
        self.crashes += 1
        self.office.table.dies_after = None

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.in_the_end_people_know_what_there_is()

    @rule()
    def in_the_end_people_know_what_there_is(self) -> None:
        """A day later, when all works, they were last told of each thing what is true now; then all is quiet."""
        self.a_day_passes()
        self.office.channel.trouble = None
        self.office.run(*self.there.values())
        if not self.crashes:  # a run that died on the way may have told what no row remembers
            assert self.believed(LATE) is (LATE.key in self.there)
        for finding in LASTING:
            if finding.key in self.there:
                assert self.office.channel.opened(finding) >= 1
                assert not self.office.table.of(finding).state.over
            elif finding.key in self.office.table.rows:
                assert self.office.table.of(finding).state.over
        self.there.pop(PASSED.key, None)
        assert self.office.quiet(*self.there.values())

    def believed(self, finding: Finding) -> bool:
        """Tell whether people believe that a finding is there, by the last they heard of it."""
        told = False
        for digest in self.office.channel.heard:
            told = told or any(one.finding.key == finding.key for one in digest.opened)
            told = told and not any(one.finding.key == finding.key for one in digest.resolved)
        return told

    @invariant()
    def a_cap_is_told_once_for_each_level_and_cap_and_once_more_for_each_crash(self) -> None:
        for finding in (CAP, WORSE):
            assert self.office.channel.opened(finding) <= 1 + self.caps + self.crashes

    @invariant()
    def others_are_told_at_most_once_a_day_and_once_more_for_each_crash(self) -> None:
        for finding in (LATE, PASSED):
            assert self.office.channel.opened(finding) <= 1 + self.days + self.crashes
        assert self.office.channel.resolved(LATE) <= 1 + self.days + self.crashes + self.outages


Alerts.TestCase.settings = settings(
    max_examples=300, stateful_step_count=25, deadline=None
)  # the period of the cap does not end
TestAlerts = Alerts.TestCase
