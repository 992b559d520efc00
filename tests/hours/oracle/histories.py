"""Realistic histories over four quarters: a world, then turns of days that pass, things that happen, and a run.

An event is a tuple (verb, argument, …); numbers that choose an issue, a project or an allocation count round, so that a
history stays a history when Hypothesis shortens it.
"""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from tests.hours.oracle.replay import WAITING, row_of, rows_after, to_seal, to_unseal

QUARTERS = (
    (date(2025, 1, 1), date(2025, 3, 31)),
    (date(2025, 4, 1), date(2025, 6, 30)),
    (date(2025, 7, 1), date(2025, 9, 30)),
    (date(2025, 10, 1), date(2025, 12, 31)),
)
ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Paris")

chooser = st.integers(0, 15)
minutes = st.one_of(st.integers(0, 80).map(lambda quarter: quarter * 15), st.integers(0, 900))
around_today = st.one_of(st.integers(-30, 10), st.integers(-200, 60))


# ---- the world at the start ------------------------------------------------------------------------------------


@st.composite
def allocations_of(draw, project, tidy):
    """1–4 allocations of a project: quarters in a row, in an untidy world with gaps, overlaps, or a date missing."""
    first = 0 if tidy else draw(st.sampled_from((0, 0, 0, 1, 2, 3)))
    found = {}
    for number in range(4 if tidy else draw(st.sampled_from((4, 4, 3, 2, 1)))):
        start, end = QUARTERS[(first + number) % 4]
        if not tidy:
            start += timedelta(days=draw(st.sampled_from((0, 0, 0, 0, 0, 0, -20, 14))))
            end += timedelta(days=draw(st.sampled_from((0, 0, 0, 0, 0, 0, -25, 14, 91))))
            end = None if draw(st.integers(0, 24)) == 24 else end
        # names do not sort like dates
        found[f"rec{'dbca'[number]}{project}"] = allocation(project, start, end)
    return found


def allocation(project, start, end):
    return {"project": project, "linked": project, "start": start, "end": end, "reopen": False, "sealed": None}


def new_issue(community, hours, day):
    return {
        "hours": hours if hours[0] != "logged" else (*hours, day),
        "hours before": None,
        "closing": "open",
        "closed_at": None,
        "board end": None,
        "iteration": None,
        "community": community,
        "evidence": "read",
        "allocation": None,
        "place": (),
    }


@st.composite
def worlds(draw, tidy):
    projects = {"p1": "A", "p2": "B" if tidy else draw(st.sampled_from("BBBBA")), "p3": "C"}
    today = date(2025, 1, 1) + timedelta(days=draw(st.integers(0, 150)))
    hours = st.one_of(minutes.map(lambda n: ("logged", n)), st.sampled_from((("empty",), ("unknown",))))
    return {
        "today": today,
        "zone": draw(st.sampled_from(ZONES)),
        "grace": 14,
        "hidden": None,
        "projects": projects,
        "allocations": {name: one for p in projects for name, one in draw(allocations_of(p, tidy)).items()},
        "issues": {
            f"I_{number}": new_issue(draw(st.sampled_from("AABC")), draw(hours), today)
            for number in range(draw(st.integers(1, 2)))
        },
        "rows": {},
    }


# ---- what happens ----------------------------------------------------------------------------------------------


def event(verb, *arguments):
    return st.tuples(st.just(verb), *arguments)


WORK = (
    event("hours", chooser, minutes),
    *(event("hours by", chooser, st.integers(1, 180)),) * 6,
    event("hours by", chooser, st.integers(-120, 60)),
    event("close", chooser, st.just("completed"), st.integers(0, 23)),
    *(event("board end", chooser, around_today),) * 3,
    event("iteration", chooser, around_today),
)
TURNS_OF_LIFE = (
    event("hours cleared", chooser),
    event("hours unknown", chooser),
    event("hours absurd", chooser),
    event("close", chooser, st.sampled_from(("not planned", "not planned", "duplicate")), st.integers(0, 23)),
    event("reopen", chooser),
    event("board end cleared", chooser),
    event("iteration cleared", chooser),
)
SEALS = (*(event("reopen ticked", chooser),) * 3, *(event("reopen unticked", chooser),) * 2)
PLACES = (
    event("community", chooser, st.sampled_from(("A", "B", "C"))),
    event("community lost", chooser),
    event("evidence unread", chooser),
    event("board allocation", chooser, chooser),
    event("board allocation cleared", chooser),
    event("placed", chooser, chooser),
    event("placed under a project", chooser, chooser),
    event("placed back", chooser),
)
CONTRACTS = (
    event("allocation dates", chooser, st.sampled_from((0, -30, -14, 14, 30)), st.sampled_from((0, -30, -7, 7, 45))),
    event("allocation dates", chooser, st.just(0), st.sampled_from((-30, -14, 14, 30))),
    event("allocation added", chooser, st.integers(0, 3)),
    event("allocation gone", chooser, st.integers(0, 3)),
    event("allocation link", chooser, st.booleans()),
    event("contracts cut", chooser),
)
BY_HAND = (
    event("row minutes", chooser, chooser, st.one_of(st.none(), minutes, minutes, st.integers(-60, 0))),
    event("row deleted", chooser, chooser),
    event("row end", chooser, chooser, st.none() | around_today),
    event("row typed", chooser, chooser, minutes),
)
TEMPERS = {
    "orderly": st.one_of(*WORK),
    "ordinary": st.one_of(*WORK, *TURNS_OF_LIFE, *SEALS),
    "moving": st.one_of(*WORK, *SEALS, *PLACES),
    "redrawn": st.one_of(*WORK, *SEALS, *CONTRACTS),
    "wild": st.one_of(*WORK, *TURNS_OF_LIFE, *SEALS, *PLACES, *CONTRACTS, *BY_HAND),
}
RUNS = st.sampled_from(
    (*("complete",) * 8, "cut before the rows", "cut after one issue", "cut before the seals", "repeated")
)
DAYS = st.one_of(st.integers(0, 40), st.integers(10, 40), st.just(0))


def turns(events, longest):
    """(days that pass, what happens, how the run goes)."""
    return st.lists(st.tuples(DAYS, st.lists(events, max_size=3), RUNS), min_size=longest // 3, max_size=longest)


@st.composite
def histories(draw, longest=18):
    temper = draw(st.sampled_from(sorted(TEMPERS)))
    return draw(worlds(temper != "wild")), draw(turns(TEMPERS[temper], longest))


# ---- making it happen ------------------------------------------------------------------------------------------


def pick(items, number):
    items = sorted(items)
    return items[number % len(items)] if items else None


def likely(world, issue, number):
    """Return the allocations people would name: mostly those of the issue's community."""
    known = world["allocations"]
    own = [a for a in known if world["projects"].get(known[a]["project"]) == issue["community"]]
    return own if own and number % 4 else known


def happen(world, what):
    """Change the world by one event."""
    verb, *rest = what
    if verb == "contracts cut":
        names = sorted(world["allocations"])
        world["hidden"] = set(names[rest[0] % (len(names) + 1) :])
    elif verb.startswith(("reopen ", "allocation ")):
        to_contracts(world, verb, *rest)
    elif verb.startswith("row "):
        to_rows(world, verb, *rest)
    else:
        to_issue(world, verb, *rest)


def to_issue(world, verb, who, value=None, hour=0):
    issue = world["issues"][pick(world["issues"], who)]
    today = world["today"]
    before = issue["hours"][1] if issue["hours"][0] == "logged" else 0
    known = world["allocations"]
    if verb.startswith("hours"):
        # what cannot be read now is read again in the next turn
        issue["hours before"] = issue["hours"] if verb in ("hours unknown", "hours absurd") else None
    match verb:
        case "hours":
            issue["hours"] = ("logged", value, today)
        case "hours by":
            issue["hours"] = ("logged", max(0, before + value), None if value % 7 == 0 else today)
        case "hours cleared":
            issue["hours"] = ("empty",)
        case "hours unknown":
            issue["hours"] = ("unknown",)
        case "hours absurd":
            issue["hours"] = ("absurd",)
        case "close":
            issue["closing"] = value
            issue["closed_at"] = datetime(today.year, today.month, today.day, hour, 30, tzinfo=UTC)
        case "reopen":
            issue["closing"], issue["closed_at"] = "open", None
        case "board end":
            issue["board end"] = today + timedelta(days=value)
        case "board end cleared":
            issue["board end"] = None
        case "iteration":
            issue["iteration"] = today + timedelta(days=value)
        case "iteration cleared":
            issue["iteration"] = None
        case "community":
            issue["community"] = value
        case "community lost":
            issue["community"] = None
        case "evidence unread":
            issue["evidence"] = "unread"
        case "board allocation":
            issue["allocation"] = pick(likely(world, issue, value), value)
        case "board allocation cleared":
            issue["allocation"] = None
        case "placed":
            issue["place"] = (pick(likely(world, issue, value), value),) if known else ()
        case "placed under a project":
            project = pick(world["projects"], value)
            issue["place"] = tuple(a for a in sorted(known) if known[a]["project"] == project)
        case "placed back":
            issue["place"] = ()


def to_contracts(world, verb, which, *how):
    known = world["allocations"]
    if verb == "allocation added":
        start, end = QUARTERS[how[0]]
        known[f"recz{len(known)}{which}"] = allocation(pick(world["projects"], which), start, end)
    elif not known:
        return
    elif verb == "allocation gone":
        if how[0] == 0:
            del known[pick(known, which)]
    elif verb == "allocation dates":
        one = known[pick(known, which)]
        one["start"] = one["start"] and one["start"] + timedelta(days=how[0])
        one["end"] = one["end"] and one["end"] + timedelta(days=how[1])
    elif verb == "allocation link":
        one = known[pick(known, which)]
        one["project"] = one["linked"] if how[0] else ""
    elif verb == "reopen ticked":
        # people tick it where a period is sealed
        sealed = [a for a in known if known[a]["sealed"] is not None]
        counting = [a for a in sealed if any(known[a]["sealed"]["rows"].values())]
        known[pick(counting or sealed or known, which)]["reopen"] = True
    else:
        ticked = [a for a in known if known[a]["reopen"]]
        if ticked:
            known[pick(ticked, which)]["reopen"] = False


def to_rows(world, verb, who, which, value=None):
    rows = world["rows"].get(pick(world["issues"], who), {})
    if verb == "row typed":
        name = pick([*world["allocations"], WAITING], which)
        rows.setdefault(name, row_of(value, world["today"]))
        return
    name = pick(rows, which)
    if name is None:
        return
    if verb == "row minutes":
        rows[name]["minutes"] = value
    elif verb == "row end":
        rows[name]["end"] = None if value is None else world["today"] + timedelta(days=value)
    else:
        del rows[name]


# ---- playing it ------------------------------------------------------------------------------------------------


def play(history):
    """Yield (world as read, outcome) for every run of a history; the writes happen when the next one is asked for.

    An outcome holds *rows*: {owner: (rows, target)}, *unseals*: a set, *readable*: a set of allocations, and *seals*:
    {allocation: {key: minutes}}, judged on the world *after* the rows were written.
    """
    world, what_follows = deepcopy(history[0]), history[1]
    for days, events, how in what_follows:
        world["today"] += timedelta(days=days)
        world["hidden"] = None
        for issue in world["issues"].values():
            issue["evidence"] = "read"
            issue["hours"], issue["hours before"] = issue["hours before"] or issue["hours"], None
        for what in events:
            happen(world, what)
        for _ in range(2 if how == "repeated" else 1):
            outcome = {
                "rows": {owner: rows_after(world, owner) for owner in sorted(world["issues"])},
                "unseals": to_unseal(world),
                "readable": readable(world),
            }
            after = deepcopy(world)
            after["rows"] = {owner: deepcopy(rows) for owner, (rows, _) in outcome["rows"].items()}
            outcome["seals"] = to_seal(after, outcome["readable"])
            yield world, outcome
            if how != "cut before the rows":
                write(world, outcome, how)


def readable(world):
    """Return the allocations whose issues were all read: an unread one keeps its periods open."""
    if world["hidden"] is not None:
        return set()
    unread = {
        name
        for owner, issue in world["issues"].items()
        if issue["hours"][0] == "unknown" or issue["evidence"] == "unread"
        for name in world["rows"].get(owner, ())
    }
    return set(world["allocations"]) - unread


def write(world, outcome, how):
    for number, (owner, (rows, _)) in enumerate(outcome["rows"].items()):
        if how != "cut after one issue" or number == 0:
            world["rows"][owner] = deepcopy(rows)
    if how.startswith("cut"):
        return
    for name in outcome["unseals"]:
        world["allocations"][name]["sealed"] = None
    for name, rows in outcome["seals"].items():
        world["allocations"][name]["sealed"] = {"on": world["today"], "rows": rows}
