"""The second program for time entries: the rows of one task, recomputed minute by minute from decision D8.

It shares no code with ``sync.hours`` and knows none of its types. Every minute of every entry is a token that looks for
its place; every sealed minute is a slot that one token fills. The world is the plain one of ``replay``, with one task::

    {…, "task": {"projects": set, "named": set, "by person": bool, "entries": {gid: (day, minutes)}},
     "rows": {"T": {allocation or "unplaced": {"minutes", "end", "dated by", "late", "by person"}}}}
"""

from copy import deepcopy

from tests.hours.oracle.replay import WAITING, holding, is_sealed, row_of

TASK = "T"


def home_of(world, day):
    """Tell the allocation an entry of a day is for."""
    # "an entry counts for the period of its own day, same project, else for the CSH task it hangs under"
    task, known = world["task"], world["allocations"]
    meant = holding(world, task["projects"], day)
    if len(meant) > 1:
        meant = [one for one in meant if one in task["named"]]
    elif not meant:
        meant = sorted(one for one in task["named"] if one in known)
    return meant[0] if len(meant) == 1 else WAITING


def newness(tokens, home):
    return max(day for day, _, _ in tokens[home]), home


def sheet_after(world):
    """Return the task's rows after a run of the world as it is. Its place is decided, and everything was read."""
    known, rows = world["allocations"], deepcopy(world["rows"].get(TASK, {}))
    slots = {}
    for name, one in known.items():
        if is_sealed(one) and f"{TASK}@{name}" in one["sealed"]["rows"]:
            slots[name] = one["sealed"]["rows"][f"{TASK}@{name}"]
            rows.setdefault(name, row_of())["minutes"] = slots[name]
        elif is_sealed(one) and name in rows and rows[name]["minutes"]:
            rows[name]["minutes"] = 0
    closed = {name for name, one in known.items() if is_sealed(one)}
    for name, row in rows.items():
        if name not in closed and (row["minutes"] or 0) < 0:
            row["minutes"] = 0
    loose = [name for name in rows if name not in closed]
    gone = [name for name in loose if name != WAITING and name not in known]

    tokens = {}
    for gid, (day, minutes) in sorted(world["task"]["entries"].items(), key=lambda one: (one[1][0], one[0])):
        tokens.setdefault(home_of(world, day), []).extend((day, gid, number) for number in range(minutes))
    everything = sum(map(len, tokens.values()))
    if everything < sum(slots.values()):
        for name in loose:  # "H < S → they are zero"
            rows[name]["minutes"] = rows[name]["minutes"] and 0
        return rows

    # Sealed minutes are filled by the oldest of their own; what is too many of these is late.
    late = {name: tokens[name][slots.get(name, 0) :] for name in sorted(tokens) if name in closed}
    own = {name: list(found) for name, found in tokens.items() if name not in closed}
    # A slot that no token of its own period fills counts one all the same: some other token counts there, not here.
    holes = sum(max(0, number - len(tokens.get(name, ()))) for name, number in slots.items())
    holes += sum(rows[name]["minutes"] or 0 for name in gone)
    order = sorted(late, key=lambda name: newness(tokens, name), reverse=True)
    rest = sorted(own, key=lambda name: (name == WAITING, newness(tokens, name)), reverse=True)
    for pile in [late[name] for name in order] + [own[name] for name in rest]:
        filled = min(holes, len(pile))
        del pile[:filled]
        holes -= filled
    for name in sorted(gone, key=lambda one: (rows[one]["end"] is not None, rows[one]["end"], one), reverse=True):
        less = min(holes, rows[name]["minutes"] or 0)
        if less:
            rows[name]["minutes"] -= less
        holes -= less

    # "time passing alone moves no minutes": late ones stay in the late row that has them, the oldest row first.
    room = {
        name: rows[name]["minutes"] - len(own.get(name, ()))
        for name in sorted(loose, key=lambda one: (rows[one]["end"] is not None, rows[one]["end"], one))
        if rows[name]["late"] and name in known and (rows[name]["minutes"] or 0) > len(own.get(name, ()))
    }
    came_late = {}  # each is dated by the newest entry of its period

    def stay(home, pile):
        for name, free in room.items():
            if known[name]["project"] == known[home]["project"] and pile:
                some = pile[-free:] if free else []
                del pile[len(pile) - len(some) :]
                room[name] -= len(some)
                came_late.setdefault(name, []).extend(tokens[home][-1:] * len(some))
        return pile

    for home in sorted(late):
        if stay(home, late[home]):
            # "is it sealed, then the one *unsealed* allocation of the project that holds today, marked *Late*"
            today = [a for a in holding(world, {known[home]["project"]}, world["today"]) if not is_sealed(known[a])]
            goal = today[0] if len(today) == 1 else WAITING
            came_late.setdefault(goal, []).extend(tokens[home][-1:] * len(late[home]))
    # "Reopening moves no minutes by itself": what came late for a period while it was sealed stays late.
    for home in sorted(own):
        if room and home in known and may_have_been_sealed(world, home):
            more = max(0, len(own[home]) - ((rows[home]["minutes"] or 0) if home in loose else 0))
            pile = own[home][len(own[home]) - more :]
            before = len(pile)
            stay(home, pile)
            del own[home][len(own[home]) - (before - len(pile)) :]

    for name in {*loose, *own, *came_late} - set(gone):
        here = own.get(name, [])
        if here or came_late.get(name):
            days = [day for day, _, _ in [*tokens.get(name, ()), *came_late.get(name, ())]]
            late_here = bool(came_late.get(name)) and name != WAITING
            count = len(here) + len(came_late.get(name, ()))
            rows[name] = row_of(count, max(days), "entries", late_here, world["task"]["by person"])
        elif name in rows:
            rows[name]["minutes"] = rows[name]["minutes"] and 0
    return rows


def may_have_been_sealed(world, name):
    one = world["allocations"][name]
    return one["reopen"] or (one["end"] is not None and (world["today"] - one["end"]).days > world["grace"])
