"""A second program for the ledger: the rows after each run, recomputed from the sentences of decisions D7 and D8.

It shares no code with ``sync.hours`` and knows none of its types: the world is plain dicts, changed in place, event by
event and run by run. Where a rule is applied, the sentence it comes from stands beside it.

A world::

    {"today": date, "zone": "UTC", "grace": 14, "hidden": set of allocations a cut list left out, or None,
     "projects": {project: community},
     "allocations": {id: {"project", "start", "end", "reopen", "sealed": None or {"on", "rows": {key: minutes}}}},
     "issues": {owner: {"hours": ("logged", minutes, day or None) | ("empty",) | ("unknown",) | ("absurd",),
                        "closing", "closed_at", "board end", "iteration", "community", "evidence": "read" | "unread",
                        "allocation": id or None, "place": tuple of ids}},
     "rows": {owner: {allocation or "unplaced": {"minutes", "end", "dated by", "late", "by person"}}}}
"""

from copy import deepcopy
from datetime import date, timedelta
from zoneinfo import ZoneInfo

WAITING = "unplaced"


# ---- what the world says about one issue -----------------------------------------------------------------------


def day_of_work(issue, today, zone):
    """Tell the day the work counts for and the evidence, from an issue's facts."""
    # "board End date; else the earlier of iteration end and close; else the day the hours value was last changed;
    #  else today. Never in the future: a later date counts as today."
    if issue["board end"]:
        return min(issue["board end"], today), f"board {issue['board end'].isoformat()}"
    seen = []
    if issue["iteration"]:
        seen.append((issue["iteration"], "iteration"))
    if issue["closed_at"]:
        seen.append((issue["closed_at"].astimezone(ZoneInfo(zone)).date(), "close"))
    if seen:
        day, evidence = min(seen, key=lambda one: one[0])
    elif issue["hours"][0] == "logged" and issue["hours"][2]:
        day, evidence = issue["hours"][2], "hours"
    else:
        day, evidence = today, "today"
    return min(day, today), evidence


def belongs(world, issue):
    """Tell where the minutes of an issue belong: projects, named allocations, whether by a person, whether decided."""
    known = in_sight(world)
    nowhere = {"projects": set(), "named": set(), "by person": False, "decided": False}
    # "For a task a person placed under a CSH task, that place decides for tree and hours."
    place = {one for one in issue["place"] if one in known}
    if place:
        return {"projects": {known[a]["project"] for a in place}, "named": place, "by person": True, "decided": True}
    # "Evidence … that could not be read: nothing moves."
    if issue["evidence"] == "unread":
        return nowhere
    # "The board's Allocation names the allocation itself, whatever its dates."
    if issue["allocation"] in known:
        named = issue["allocation"]
        return {"projects": {known[named]["project"]}, "named": {named}, "by person": False, "decided": True}
    # "… none left …: nothing moves."
    if issue["community"] is None:
        return nowhere
    projects = {project for project, community in world["projects"].items() if community == issue["community"]}
    return {"projects": projects, "named": set(), "by person": False, "decided": True}


# ---- periods ---------------------------------------------------------------------------------------------------


def is_sealed(allocation):
    # "While a person's Reopen is ticked the allocation is unsealed and stays so."
    return allocation["sealed"] is not None and not allocation["reopen"]


def covers(allocation, day):
    return bool(allocation["start"] and allocation["end"] and day) and allocation["start"] <= day <= allocation["end"]


def in_sight(world):
    """Return the allocations as read: all of them, or what a cut list showed."""
    return {name: one for name, one in world["allocations"].items() if name not in (world["hidden"] or ())}


def holding(world, projects, day):
    # an allocation without a project is nobody's sibling
    return sorted(
        a for a, one in in_sight(world).items() if one["project"] and one["project"] in projects and covers(one, day)
    )


def target_of(world, where, day):
    """Tell (allocation or ``unplaced``, late) for work of a day."""
    known = in_sight(world)
    named = sorted(a for a in where["named"] if a in known)
    if where["by person"] and len(named) == 1 and is_sealed(known[named[0]]):
        named = []  # "A person's place decides the project, and the period until that period is sealed."
    # "the one allocation of the issue's project whose dates hold the work date, sealed ones counted when asking
    #  'exactly one'"; a CSH task that stands for several periods narrows them.
    meant = [a for a in holding(world, where["projects"], day) if not named or a in named]
    if len(named) == 1:
        # "The board's Allocation names the allocation itself"; "A person's place decides … the period".
        meant = named
    if len(meant) != 1:
        return WAITING, False  # "otherwise `unplaced`"
    if not is_sealed(known[meant[0]]):
        return meant[0], False
    # "is it sealed, then the one *unsealed* allocation of the project that holds today, marked *Late*"
    open_today = [a for a in holding(world, {known[meant[0]]["project"]}, world["today"]) if not is_sealed(known[a])]
    return (open_today[0], True) if len(open_today) == 1 else (WAITING, False)


# ---- one issue, one run ----------------------------------------------------------------------------------------


def row_of(minutes=None, end=None, dated_by="", late=False, by_person=False):
    return {"minutes": minutes, "end": end, "dated by": dated_by, "late": late, "by person": by_person}


class Bench:
    """One issue's rows on the bench: what is fixed, what is loose, and what the day's evidence says."""

    def __init__(self, world, owner):
        self.world, self.owner, self.issue = world, owner, world["issues"][owner]
        self.known = in_sight(world)
        self.rows = deepcopy(world["rows"].get(owner, {}))
        self.day, self.evidence = day_of_work(self.issue, world["today"], world["zone"])
        self.where = belongs(world, self.issue)
        self.fixed = {}
        for name, one in self.known.items():
            key = f"{owner}@{name}"
            if is_sealed(one) and key in one["sealed"]["rows"]:
                self.fixed[name] = one["sealed"]["rows"][key]

    # -- looking

    def newest(self, names):
        # "newest by *End*, then *Key*"
        return sorted(names, key=lambda a: (self.rows[a]["end"] or date.min, f"{self.owner}@{a}"), reverse=True)

    def loose(self):
        """Rows that are not sealed, also those whose allocation record is gone."""
        return [a for a in self.rows if a not in self.known or not is_sealed(self.known[a])]

    def filled(self):
        """Unsealed rows with minutes in an allocation that exists, or waiting: those that may move."""
        return [a for a in self.loose() if self.rows[a]["minutes"] and (a == WAITING or a in self.known)]

    def was_sealed(self, name):
        """A period can have been sealed when its fourteen days are past, or a person ticked Reopen on it."""
        if name == WAITING:
            return False
        one = self.known[name]
        return one["reopen"] or (
            one["end"] is not None and (self.world["today"] - one["end"]).days > self.world["grace"]
        )

    def in_time(self, name):
        return name != WAITING and covers(self.known[name], self.rows[name]["end"])

    # -- doing

    def restore_sealed(self, strays):
        # "S is summed from it, never from Activity. A sealed row that was edited or deleted is written again from it."
        for name, minutes in self.fixed.items():
            self.rows.setdefault(name, row_of())["minutes"] = minutes
        if strays:
            for name, row in self.rows.items():
                if name in self.known and is_sealed(self.known[name]) and name not in self.fixed and row["minutes"]:
                    row["minutes"] = 0

    def target(self, day):
        where = self.where
        if not where["decided"]:
            # "later growth stays in the project of its newest row with minutes, else its newest row"
            placed = [a for a in self.rows if a in self.known]
            with_minutes = [a for a in placed if (self.rows[a]["minutes"] or 0) > 0]
            last = self.newest(with_minutes or placed)[:1]
            where = {"projects": {self.known[a]["project"] for a in last}, "named": set(), "by person": False}
        return target_of(self.world, where, day)

    def settle(self):
        kind = self.issue["hours"][0]
        delivered = self.issue["closing"] not in ("not planned", "duplicate")
        certain = kind in ("logged", "empty")
        cut = self.world["hidden"] is not None
        if cut:
            # "incomplete reads change nothing": neither hours nor closing nor place are acted on
            self.where, certain, delivered, kind = {**self.where, "decided": False}, False, True, "unknown"
        # "absurd or unknown leave all rows of the issue untouched": a stray row counts as untouched too, because
        # what could not be read lowers no total.
        self.restore_sealed(strays=certain or not delivered)
        name, late = self.target(self.day)
        if not self.rows:
            # "Every mirrored issue has a row from its first run, also with no or unknown hours (Hours empty), also
            #  waiting."
            minutes = self.issue["hours"][1] if delivered and kind == "logged" else None
            self.rows[name] = row_of(minutes, self.day, self.evidence, late, self.where["by person"])
        elif not delivered:
            # "Not planned or Duplicate: unsealed rows go to zero, … also when the hours are unknown."
            self.zero_loose()
        elif certain:
            self.bring_to((self.issue["hours"][1] if kind == "logged" else 0) - sum(self.fixed.values()), name, late)
        return self.rows, (name, late)

    def zero_loose(self):
        for a in self.loose():
            if self.rows[a]["minutes"]:
                self.rows[a]["minutes"] = 0

    def bring_to(self, rest, name, late):
        """Make the unsealed rows add up to *rest*, or to zero when it is negative."""
        for a in self.loose():
            # nobody works less than no time: such a row was typed by hand, and "comes back in sum, not in place"
            if (self.rows[a]["minutes"] or 0) < 0:
                self.rows[a]["minutes"] = 0
        if rest < 0:
            self.zero_loose()  # "H < S → they are zero"
            return
        if self.where["decided"]:
            if self.something_changed():
                self.gather(name, late)
            else:
                self.drift()
        now = sum(self.rows[a]["minutes"] or 0 for a in self.loose())
        if rest > now:
            self.grow(rest - now, name, late)
        for a in self.newest([a for a in self.loose() if self.rows[a]["minutes"]]):
            # "Shrinkage comes off the newest unsealed row first"
            off = min(self.rows[a]["minutes"], max(0, now - rest))
            self.rows[a]["minutes"] -= off
            now -= off
        if self.where["decided"] and self.something_changed():
            # only now does an explicit date differ "from the Dated by of an unsealed row with minutes": the row that
            # had taken it up was shrunk to nothing
            self.gather(name, late)

    def grow(self, minutes, name, late):
        # "Growth goes to the target."
        row = self.rows.setdefault(name, row_of())
        row["minutes"] = (row["minutes"] or 0) + minutes
        row["end"], row["dated by"] = self.day, self.evidence
        row["late"] = row["late"] or late
        row["by person"] = self.where["by person"]

    def something_changed(self):
        """Tell whether community, placement or explicit date changed, as far as the rows remember."""
        rows, filled, named = self.rows, self.filled(), sorted(a for a in self.where["named"] if a in self.known)
        # community: minutes lie in a project that is not meant ("absence is never proof": a cleared link tells nothing)
        projects = {self.known[a]["project"] for a in filled if a != WAITING} - {""}
        if projects - self.where["projects"]:
            return True
        # placement: an allocation was named and minutes lie elsewhere. "Reopening moves no minutes by itself": minutes
        # that are elsewhere because the named period was sealed stay. These are late ones, and, in the period of their
        # own date, what came later of a person's ("A person's place decides … the period until that period is sealed").
        # What waits finds the reopened period by itself ("placed … as soon as they have a target").
        goal = named[0] if len(named) == 1 and not is_sealed(self.known[named[0]]) else None
        stays = {a for a in filled if rows[a]["late"] or (rows[a]["by person"] and self.in_time(a))} | {goal, WAITING}
        if goal and set(filled) - (stays if self.was_sealed(goal) else {goal}):
            return True
        # placement: a person's place is gone
        if any(rows[a]["by person"] for a in filled) and not self.where["by person"]:
            return True
        # "An explicit date has *changed* only when a board End date is read that differs from the *Dated by* of an
        #  unsealed row with minutes"
        if not self.issue["board end"]:
            return False
        # "Reopening moves no minutes by itself": where a row took this date up already, an older date in a period that
        # was sealed is no change, but what was sealed then.
        taken_up = any(row["minutes"] and row["dated by"] == self.evidence for row in rows.values())
        return any(rows[a]["dated by"] != self.evidence and not (taken_up and self.was_sealed(a)) for a in filled)

    def gather(self, name, late):
        # "When community, placement or explicit date changes, all unsealed minutes move to the target."
        coming = 0
        for a in self.filled():
            coming += self.rows[a]["minutes"]
            self.rows[a]["minutes"] = 0
        row = self.rows.setdefault(name, row_of())
        row.update(row_of((row["minutes"] or 0) + coming, self.day, self.evidence, late, self.where["by person"]))

    def drift(self):
        """Move what is waiting, and what its allocation's dates no longer hold."""
        leaving = []
        for a in self.newest(self.filled()):
            row, goal, late = self.rows[a], a, False
            bound = row["late"] or row["by person"] or a in self.where["named"]
            if a == WAITING:
                # "Minutes in `unplaced` are placed by their own *End* as soon as they have a target."
                goal, late = self.target(row["end"] or self.day)
            elif row["end"] and not bound and not covers(self.known[a], row["end"]):
                # "An unsealed row, not *Late* and not placed by a person, whose *End* its allocation no longer holds
                #  moves to the one other allocation of the project that does, if that is unsealed; else it stays"
                others = holding(self.world, {self.known[a]["project"]}, row["end"])
                if len(others) == 1 and not is_sealed(self.known[others[0]]):
                    goal = others[0]
            if goal != a:
                leaving.append((a, goal, late, dict(row)))
        for a, *_ in leaving:
            self.rows[a]["minutes"] = 0
        settled = set()
        for _, goal, late, old in leaving:  # newest first: its date stays on a row where several arrive
            row = self.rows.setdefault(goal, row_of())
            row["minutes"] = (row["minutes"] or 0) + old["minutes"]
            row["late"] = row["late"] or late
            row["by person"] = self.where["by person"]
            if goal not in settled:
                row["end"], row["dated by"] = old["end"], old["dated by"]
                settled.add(goal)


def rows_after(world, owner):
    """Return an issue's rows after a run of the world as it is, and the target: (allocation, late)."""
    return Bench(world, owner).settle()


# ---- a whole run -----------------------------------------------------------------------------------------------


def to_seal(world, readable):
    """Return the allocations this run seals, with their sealed rows, from the rows as they stand."""
    # "Sealed: the first run after an allocation's end + 14 days in which its rows, their issues and its CSH task were
    #  all read"
    found = {}
    for name, one in world["allocations"].items():
        due = one["end"] is not None and world["today"] > one["end"] + timedelta(days=world["grace"])
        if due and one["sealed"] is None and not one["reopen"] and name in readable:
            found[name] = {
                f"{owner}@{name}": rows[name]["minutes"]
                for owner, rows in world["rows"].items()
                if name in rows and rows[name]["minutes"] is not None
            }
    return found


def to_unseal(world):
    """Return the allocations whose three cells this run clears."""
    return {name for name, one in in_sight(world).items() if one["sealed"] is not None and one["reopen"]}
