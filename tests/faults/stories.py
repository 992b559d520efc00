"""A story: people, trouble, kills and overlapping runs from one seed, with the promises checked after every step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sandbox import Sandbox
from sandbox.core import Person
from sync import app
from sync.errors import CshSyncError, ExitCode
from sync.run import Report, run
from sync.settings import load_settings
from tests.e2e.organisation import START, Organisation
from tests.faults.invariants import Promises
from tests.faults.people import People
from tests.faults.trouble import kill_at_a_write, random_blindness, random_trouble

TROUBLES = ("trouble", "trouble", "blind", "blind", "kill", "overlap", "no lease", "kill and trouble")
LEASE_IS_OVER = 200
"""Seconds after which the lease of a run that died stands in nobody's way."""


class Broken(AssertionError):
    """A promise was broken; the message tells the story from its seed on."""


class Story:
    """One world and what happens in it, chapter by chapter; each chapter is one schedule of faults.

    With *state* the runs of this machine keep there what services answered; others, that run meanwhile, do not.
    """

    def __init__(self, sandbox: Sandbox, seed: int, state: Path | None = None) -> None:
        self.seed, self.chance = seed, Random(seed)
        self.org = Organisation(sandbox)
        self.people = People(self.org, self.chance)
        self.promises = Promises(self.people)
        self.told: list[str] = []
        self._begun = 0
        self.twins_may_be = False
        self._state, self._is_running, self._time_stands = state, False, False
        self._settings = load_settings(_without_desk_and_channel(self.org.settings()), None)

    def chapter(self) -> None:
        """People act, runs go wrong, the trouble ends; after two clean runs there is nothing left to do."""
        self._begun = len(self.told)
        for _ in range(self.chance.choice((1, 1, 1, 2))):
            for _ in range(self.chance.choice((1, 2, 2, 3, 4))):
                self._tell(self.people.act())
            self._troubled_run()
        self._settle()

    def _troubled_run(self) -> None:
        chance, faults = self.chance, self.org.sandbox.faults
        for _ in range(chance.choice((0, 0, 1, 2))):
            nth = chance.randint(1, 45)
            faults.add(Person(self._while_running, when=chance.choice(("before", "after"))), nth=nth, times=1)

        def seeing_again() -> None:
            return None

        match chance.choice(
            ("trouble", "trouble", "blind", "blind", "kill", "overlap", "no lease", "kill and trouble")
        ):
            case "trouble":
                for _ in range(chance.choice((1, 1, 2, 3))):
                    self._tell(random_trouble(self.org.sandbox, chance))
                self._run()
            case "blind":
                what, seeing_again = random_blindness(self.org, chance)
                self._tell(what)
                self._run()
                self.twins_may_be |= self._hid_what_people_moved()
            case "kill":
                self._tell(kill_at_a_write(self.org.sandbox, chance))
                self._run()
            case "kill and trouble":
                self._tell(kill_at_a_write(self.org.sandbox, chance))
                self._tell(random_trouble(self.org.sandbox, chance))
                self._run()
            case "overlap":
                self._overlapping_runs(leased=True)
            case "no lease":
                self._overlapping_runs(leased=False)
        faults.clear()
        seeing_again()
        self._check(self.promises.after_a_run)

    def _while_running(self) -> None:
        self._tell(f"meanwhile: {self.people.act(time_stands=self._time_stands)}")

    def _hid_what_people_moved(self) -> bool:
        """Tell whether an issue was transferred or a row deleted just before services hid things without a word.

        Then nothing that can be seen may tell an issue from a new one: its former repository and its row are gone. The
        second task is told of, and goes.
        """
        return any(one.removeprefix("meanwhile: ").startswith(("transfer ", "delete_row ")) for one in self._chapter())

    def _chapter(self) -> list[str]:
        return self.told[self._begun :]

    def _overlapping_runs(self, *, leased: bool) -> None:
        """Start a second run while the first one pauses at some point; its lease may run out meanwhile.

        While it holds the lease no such time passes: it would stop by its own stopwatch, which no story can move
        (tests/e2e/test_leases.py lets a lease lapse). Without leases both write, and twins come up: they have to be
        gone when all is at rest (decision D12).
        """
        self.twins_may_be |= not leased
        pause_at, sleeps = self.chance.randint(1, 14), self.chance.choice((0, 0, LEASE_IS_OVER))
        points, holds = 0, False

        def point(name: str) -> None:
            nonlocal points, holds
            points += 1
            if points == pause_at:
                self._time_stands = holds
                seconds = 0 if self._time_stands else sleeps
                self._tell(f"paused at {name!r} for {seconds} s; a second run:")
                self.org.sandbox.clock.advance(seconds=seconds)
                self._run(leased=leased)
                self._time_stands = False
            holds |= name == "take the lease"

        self._run(leased=leased, at=point)

    def _settle(self) -> None:
        self.org.sandbox.clock.advance(seconds=LEASE_IS_OVER)
        report = self._clean_run()
        if not self.twins_may_be:
            self._check(self.promises.after_a_clean_run)
        for _ in range(2 + self.twins_may_be):  # a run that found nothing to change was the last one needed
            if report.plan.changes or self.twins_may_be:  # twins are told of first, and go one run later
                report = self._clean_run()
        self._check(lambda: self.promises.at_rest(report))
        self.twins_may_be = False

    def _clean_run(self) -> Report:
        report = self._run(leased=False, full=True)  # what no look can show, a sweep does
        if report is None:
            raise self._broken("a clean run gave up")
        if report.exit_code is not ExitCode.FINE:
            said = [(type(one.change).__name__, one.result.value, one.detail) for one in report.outcomes]
            raise self._broken(f"a clean run ended with {report.exit_code!r} {report.refused} {said}")
        self._check(self.promises.after_a_run)
        return report

    def _run(
        self, *, leased: bool | None = None, full: bool = False, at: Callable[[str], None] = lambda _name: None
    ) -> Report | None:
        """Run the product once, as a process of its own would; None when it gave up."""
        leased = self.chance.random() < 0.3 if leased is None else leased
        settings = self._settings.model_copy(update={"now": self.org.sandbox.clock.now()})
        memory = None if self._is_running else app.memory(settings, self._state)
        services = app.services(settings, memory=memory, sleep=lambda _seconds: None)
        protection = app.protection(settings, services, sleep=lambda _seconds: None) if leased else None
        with closing(services), suppress(CshSyncError), self._running():
            report = run(
                services,
                app.policy(settings),
                app.moment(settings),
                protection=protection,
                full=full,
                on_step=at,
                on_outcome=lambda outcome: at(type(outcome.change).__name__),
            )
            odd = [one.detail for one in report.outcomes if "unexpected" in one.detail]
            if odd:
                raise self._broken(f"nobody thought of this: {odd}")
            self._tell(f"run: {report.exit_code!r} {report.refused}")
            return report
        self._tell("run gave up")
        return None

    @contextmanager
    def _running(self) -> Iterator[None]:
        before, self._is_running = self._is_running, True
        try:
            yield
        finally:
            self._is_running = before

    def _check(self, promise: Callable[[], None]) -> None:
        try:
            promise()
        except AssertionError as error:
            raise self._broken(str(error)) from error

    def _tell(self, what: str) -> None:
        self.told.append(what)

    def _broken(self, why: str) -> Broken:
        story = "\n  ".join(self.told)
        return Broken(f"seed {self.seed}: {why}\n  {story}\nreplay: make soak SEED={self.seed} N=1")


def _without_desk_and_channel(settings: dict[str, str]) -> dict[str, str]:
    """Leave out what the stories do not touch: fewer connections to open for each run."""
    return {name: value for name, value in settings.items() if "FRESHDESK" not in name and "SLACK" not in name}


def tell(seed: int, chapters: int) -> int:
    """Play one world's story; return how many chapters were told. Raises Broken with the story of a broken promise.

    In every other one the runs remember.
    """
    with Sandbox(start=START, seed=seed) as sandbox, TemporaryDirectory() as folder:
        story = Story(sandbox, seed, Path(folder) / "state.sqlite" if seed % 2 else None)
        for _ in range(chapters):
            story.chapter()
    return chapters
