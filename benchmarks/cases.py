"""What is measured. Each case makes its own processes and returns figures; a run that fails is an error."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from benchmarks.processes import FOLDER, Product, Spent, StageProcess, measured

LATENCY = 0.1
"""Seconds that each request takes."""
ASANA_PER_MINUTE = 1500
SERVICES = ("github", "asana", "airtable")
PER_ISSUE = {"asana": 2.1, "airtable": 0.15, "github": 0.06}
WRITES_PER_ISSUE = 2
"""A task is made, and hung under its parent: the least that Asana lets one do."""
NODES_PER_QUERY = 40
PAGE = 100
RUNS_A_DAY = 96
EVERY = timedelta(minutes=15)
TRIES = 15
AIRTABLE_CALLS_A_MONTH = 25_000
DAILY_LIMITS = {"github": 24 * 5000, "asana": 24 * 60 * ASANA_PER_MINUTE, "airtable": 100_000 / 31}
"""GitHub: points; Asana: requests on paid plans; Airtable: calls of the Team plan."""


class RunFailed(Exception):
    """A run that was measured did not end well."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large the worlds are: *first* for the first mirror, *small* and *large* for runs on a mirror that stands."""

    first: int = 1000
    small: int = 1000
    large: int = 10_000
    script: int = 100
    runs: int = RUNS_A_DAY


@contextmanager
def stage(issues: int, *, mirrored: bool, limits: bool = True) -> Iterator[tuple[StageProcess, Product]]:
    """Play the services with so many issues, slow and with the published limits."""
    with StageProcess() as played, tempfile.TemporaryDirectory() as folder:
        played.ask("issues", count=issues)
        product = Product(played, Path(folder))
        if mirrored:
            played.ask("mirror")
            _fine(product.run(**UNLIMITED))  # what people are told of a new mirror is told before anything is measured
            product.forget()
        played.ask("latency", seconds=LATENCY)
        if limits:
            played.ask("limits")
        yield played, product


UNLIMITED = {"CSH_AIRTABLE__REQUESTS_PER_SECOND": "1000", "CSH_ASANA__REQUESTS_PER_MINUTE": "1000000"}


def _fine(spent: Spent) -> Spent:
    if spent.exit_code:
        raise RunFailed(f"left with {spent.exit_code}: {spent.output[-2000:]}")
    return spent


def first_mirror(sizes: Sizes) -> Iterator[Figure]:
    """Mirror a thousand issues for the first time; a mirror of ten tells what a run costs whatever its size."""
    case, few = f"first mirror of {sizes.first}", 10
    with stage(few, mirrored=False) as (_, product):
        _fine(product.counted()[0])
    with stage(few, mirrored=False) as (_, product):
        spent, base = product.counted()
        _fine(spent)
    with stage(sizes.first + few, mirrored=False) as (played, product):
        spent, used = product.counted()
        _fine(spent)
        floor = 60 * WRITES_PER_ISSUE * (sizes.first + few) / ASANA_PER_MINUTE
        note = f"{spent.seconds:.0f} s, {used['write_seconds']:.0f} s of them writing, {spent.cpu:.0f} s of own CPU"
        yield Figure(case, "time ÷ Asana's writes at the limit", spent.seconds / floor, 1.10, note)
        yield Figure(case, "answers 429", used["limited"], 0)
        for name in ("asana", "airtable", "github"):
            more = (used["requests"][name] - base["requests"][name]) / sizes.first
            yield Figure(
                case, f"{name} requests per new issue", more, PER_ISSUE[name], f"{used['requests'][name]} in all"
            )
        yield Figure(case, "peak memory, MB", spent.megabytes)
        yield from _quiet(played, product, sizes.first)


def _scheduled(played: StageProcess, product: Product) -> tuple[Spent, dict[str, Any]]:
    """Run when the next run of a schedule is due."""
    played.ask("advance", seconds=EVERY.total_seconds())
    spent, used = product.counted()
    return _fine(spent), used


def _quiet(played: StageProcess, product: Product, size: int) -> Iterator[Figure]:
    _scheduled(played, product)  # looks once more at what was written last
    spent, used = _scheduled(played, product)
    case, asked = f"quiet run at {size}", used["requests"]
    each = ", ".join(f"{name} {asked[name]}" for name in SERVICES)
    yield Figure(case, "requests", sum(asked.values()), 12, each)
    yield Figure(case, "own CPU, s", spent.cpu, 2.0)
    yield Figure(
        case, "Airtable calls a month of 15-minute runs", asked["airtable"] * RUNS_A_DAY * 31, AIRTABLE_CALLS_A_MONTH
    )
    yield Figure(case, "peak memory, MB", spent.megabytes, 200)


def standing_mirror(sizes: Sizes) -> Iterator[Figure]:
    """Run on a large mirror that stands: everything read anew, nothing changed, one issue changed."""
    with stage(sizes.large, mirrored=True) as (played, product):
        spent, used = product.counted("--full")
        _fine(spent)
        yield from _sweep(sizes.large, spent, used)
        yield from _quiet(played, product, sizes.large)
        played.ask("edit", kind="issue", number=9)
        spent, used = _scheduled(played, product)
        case, asked = f"one issue changed among {sizes.large}", used["requests"]
        each = ", ".join(f"{name} {asked[name]}" for name in SERVICES)
        yield Figure(case, "requests", sum(asked.values()), 16, each)
        yield Figure(case, "edits that did not arrive", played.ask("waiting") - len(played.ask("arrived")), 0)


def _sweep(size: int, spent: Spent, used: dict[str, Any]) -> Iterator[Figure]:
    case, asked = f"full sweep of {size}", used["requests"]
    floor = 2 * ceil(size / PAGE) + ceil(size / NODES_PER_QUERY)
    each = ", ".join(f"{name} {asked[name]}" for name in SERVICES)
    yield Figure(case, "requests ÷ pages", sum(asked.values()) / floor, 1.15, f"{each}; pages {floor}")
    yield Figure(
        case, "services read at a time", used["reads_in_parallel"], None, f"{used['read_seconds']} s of reading"
    )
    yield Figure(case, "own CPU, s", spent.cpu)
    yield Figure(case, "peak memory, MB", spent.megabytes, 200)


def a_day(sizes: Sizes) -> Iterator[Figure]:
    """One day of real life on a large mirror. Requests take no time here: it would change none of these figures."""
    case = f"one day, {sizes.runs} runs, {sizes.large} issues"
    acts = _acts(sizes)
    delays: list[float] = []
    with stage(sizes.large, mirrored=True, limits=False) as (played, product):
        played.ask("latency", seconds=0)
        _fine(product.run())  # the day begins with a mirror that is remembered
        mark = played.ask("mark")
        for run in range(sizes.runs):
            left = EVERY.total_seconds()
            for wait, kind, number in acts[run]:
                played.ask("advance", seconds=wait)
                left -= wait
                played.ask("edit", kind=kind, number=number)
            played.ask("advance", seconds=max(left, 0.0))
            _fine(product.run())
            delays += played.ask("arrived")
        used = played.ask("requests", **mark)
        lost = played.ask("waiting")
    for name in SERVICES:
        spent = used["points"] if name == "github" else used["requests"][name]
        note = f"{spent} points" if name == "github" else ""
        yield Figure(case, f"{name} requests", used["requests"][name], None, note)
        yield Figure(case, f"{name} share of its limit, %", 100 * spent / DAILY_LIMITS[name])
    calls = used["requests"]["airtable"] * 31 * RUNS_A_DAY / sizes.runs
    yield Figure(case, "Airtable calls a month of such days", calls, AIRTABLE_CALLS_A_MONTH)
    yield Figure(case, "median delay, min", statistics.median(delays) / 60 if delays else 0)
    yield Figure(case, "worst delay, min", max(delays, default=0) / 60)
    yield Figure(case, "edits that never arrived", lost, 0)


def _acts(sizes: Sizes) -> list[list[tuple[float, str, int]]]:
    """Return for each run what people do before it: after how many seconds, what, and where."""
    chance = random.Random(4)
    share = sizes.runs / RUNS_A_DAY
    kinds = ["issue"] * round(40 * share) + ["board"] * round(120 * share) + ["row"] * round(15 * share)
    places = chance.sample(range(sizes.large), len(kinds))
    runs: list[list[tuple[float, str, int]]] = [[] for _ in range(sizes.runs)]
    for kind, place in zip(kinds, places, strict=True):
        number = place - place % 10 if kind == "issue" else place
        runs[chance.randrange(sizes.runs)].append((0.0, kind, number))
    return [_spread(acts, chance) for acts in runs]


def _spread(acts: list[tuple[float, str, int]], chance: random.Random) -> list[tuple[float, str, int]]:
    moments = sorted(chance.uniform(0, 900) for _ in acts)
    waits = [later - earlier for earlier, later in zip([0.0, *moments], moments, strict=False)]
    return [(wait, kind, number) for wait, (_, kind, number) in zip(waits, acts, strict=True)]


def start_up(_sizes: Sizes) -> Iterator[Figure]:
    """Compare the two commands that need nothing with an interpreter that does nothing."""
    asked = {"nothing": ["-c", "pass"], **{option: ["-m", "sync", option] for option in ("--version", "--help")}}
    shortest = dict.fromkeys(asked, 60.0)
    for _ in range(TRIES):  # in turn, so that what else the machine does is borne by all
        for name, arguments in asked.items():
            spent = _fine(measured([sys.executable, *arguments], {}, FOLDER))
            shortest[name] = min(shortest[name], spent.seconds)
    nothing = shortest.pop("nothing")
    for option, seconds in shortest.items():
        note = f"{seconds * 1000:.0f} ms against {nothing * 1000:.0f} ms"
        yield Figure("start-up", f"{option} ÷ python -c pass", seconds / nothing, 6.0, note)


def against_a_script(sizes: Sizes) -> Iterator[Figure]:
    """Run the script of an afternoon on the same world: a first mirror, then a run in which nothing changed."""
    script = [sys.executable, "-m", "benchmarks.predecessor"]
    for case, mirrored in (("first", False), ("again", True)):
        seconds, requests, limited = {}, {}, {}
        for who in ("script", "csh-sync"):
            with stage(sizes.script, mirrored=False) as (played, product):
                runs = 2 if mirrored else 1
                for _ in range(runs):
                    mark = played.ask("mark")
                    spent = product.spent(script) if who == "script" else product.run()
                    if who == "csh-sync":
                        _fine(spent)
                    used = played.ask("requests", **mark)
                seconds[who], requests[who] = spent.seconds, sum(used["requests"].values())
                limited[who] = used["limited"]
        name = f"script ÷ csh-sync, {sizes.script} issues, {case}"
        note = f"{requests['script']} against {requests['csh-sync']}"
        yield Figure(name, "requests", requests["script"] / requests["csh-sync"], None, note)
        note = f"{seconds['script']:.0f} s against {seconds['csh-sync']:.0f} s"
        yield Figure(name, "time", seconds["script"] / seconds["csh-sync"], None, note)
        yield Figure(name, "answers 429 of the script", limited["script"])


CASES = {
    "start-up": start_up,
    "first-mirror": first_mirror,
    "standing-mirror": standing_mirror,
    "day": a_day,
    "script": against_a_script,
}
