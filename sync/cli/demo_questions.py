"""What the demo asks at the end: the questions people have at any time, answered as the commands answer them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sync.allocating import read_page
from sync.cli.allocations import show_page
from sync.cli.promise import answer, delivered_like, show_answer
from sync.cli.review import DAYS_BACK
from sync.cli.session import Session
from sync.cli.show import find_community
from sync.cli.terminal import Terminal
from sync.findings.reviewing import review
from sync.hours.capacity import teams
from sync.hours.promise import Wish
from sync.mirror.planning import Assessment
from sync.mirror.statement import Statements
from sync.mirror.world import World
from sync.model.clause import Period
from sync.report.plan_text import Line
from sync.report.review_text import review_lines
from sync.report.statement_text import community_lines, explain_lines
from sync.run import plan_run
from sync.telling import known_alerts

HOURS_OF = "Okavango Data Alliance"
"""It has two projects in one engagement, extra hours and planned work."""
ALLOCATIONS_OF = "Sahel Weather Watch"
"""Its coming quarter has no initiative yet."""
WISH = Wish(8 * 60, Period.QUARTER, date(2026, 10, 1), date(2026, 12, 31))
LIKE = "Readers for satellite archives"
REVIEW_HEAD, REVIEW_TAIL = 18, 6


@dataclass(frozen=True, slots=True)
class Questions:
    """Everything that was read once, and where the answers are shown."""

    show: Terminal
    session: Session
    assessment: Assessment
    world: World

    def ask(self) -> None:
        """Show the questions and their answers, one after the other."""
        for question in (self._hours, self._explain, self._allocations, self._promise, self._review):
            question()
            self.show.text("")

    def _current(self) -> Statements:
        return Statements(self.assessment, self.world)

    def _hours(self) -> None:
        page = self._current().of_community(find_community(HOURS_OF, self.world.contracts))
        current = tuple(one for one in page.statements if one.standing.may_run)
        self._command(f'hours "{HOURS_OF}"')
        complete = self.assessment.plan.complete
        for line in community_lines(replace(page, statements=current), self.session.now(), complete):
            self.show.text(line)

    def _explain(self) -> None:
        page = self._current().of_community(find_community(HOURS_OF, self.world.contracts))
        current = (one for one in page.statements if one.standing.may_run)
        smallest = min(current, key=lambda one: (len(one.lines), one.standing.allocation))
        self._command(f'explain "{smallest.standing.allocation}"')
        for line in explain_lines(smallest, self.session.now(), self.assessment.plan.complete):
            self.show.text(line)

    def _allocations(self) -> None:
        session = self.session
        self._command(f'allocations "{ALLOCATIONS_OF}"')
        page = read_page(session.services, session.policy, session.now(), ALLOCATIONS_OF)
        show_page(self.show, page, self.world.today)

    def _promise(self) -> None:
        days = f"--from {WISH.start} --to {WISH.end}"
        self._command(f'promise --hours 8 --per {WISH.period.value} {days} --like "{LIKE}"')
        contracts = self.world.contracts
        told = answer(WISH, contracts, teams(self.session.policy.capacities), self.session)
        show_answer(told, delivered_like(LIKE, contracts, self.session), self.session, self.show)

    def _review(self) -> None:
        self._command("review")
        book, _ = known_alerts(self.session.services.alerts, whole=True)
        since = self.world.today - timedelta(days=DAYS_BACK)
        lines = list(review_lines(review(self.assessment, self.world, self.session.policy, book, since)))
        self.show.lines(_shortened(lines))

    def _command(self, words: str) -> None:
        self.show.text(f"$ csh-sync {words}")


def _shortened(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the beginning and the end of a long page."""
    left_out = len(lines) - REVIEW_HEAD - REVIEW_TAIL
    if left_out <= 1:
        return lines
    return (*lines[:REVIEW_HEAD], Line(f"  … {left_out} more lines"), Line(""), *lines[-REVIEW_TAIL:])


def ask_everything(show: Terminal, session: Session) -> None:
    """Read everything once, then show the questions with their answers."""
    assessment, world = plan_run(session.services, session.policy, session.now())
    show.text("")
    Questions(show, session, assessment, world).ask()
