"""Several tasks for one issue: which one is kept, and when a further one goes (decision D12)."""

import re
from collections.abc import Collection, Iterable

from sync.mirror.identity import Mirror
from sync.mirror.leaving import carried
from sync.mirror.world import World
from sync.model.change import About, RemoveRow, RemoveTask

TWIN_TASKS, TWIN_ROWS = "twin_tasks", "twin_rows"
"""The kinds of the findings that tell of twins."""
_GID = re.compile(r"\d+")
_SPLIT = "is kept up to date;"
_ROWS, _CARRY = "Activity rows", "carry the key"


def with_twins(mirrors: Iterable[Mirror]) -> set[str]:
    """Return the gids of all tasks of issues that have several: what people added to them decides which one stays."""
    return {task.gid for one in mirrors if one.twins and one.task for task in (one.task, *one.twins)}


def twin_evidence(kept: str, twins: Iterable[str]) -> str:
    """Say which task is kept and which ones name the same issue; `told_twins` reads it back."""
    return f"Task {kept} {_SPLIT} {', '.join(twins)} name the same issue."


def told_twins(evidence: str) -> set[str]:
    """Return the twins that an evidence names."""
    return set(_GID.findall(evidence.partition(_SPLIT)[2]))


def row_evidence(key: str, records: Iterable[str]) -> str:
    """Say which records carry one key; `told_rows` reads them back."""
    return f"{_ROWS} {', '.join(records)} {_CARRY} {key} or cannot be read; nothing is written to it."


def told_rows(evidence: str) -> set[str]:
    """Return the records that an evidence names."""
    names = evidence.partition(f" {_CARRY} ")[0].removeprefix(f"{_ROWS} ")
    return set(names.split(", ")) - {""}


def row_removals(world: World) -> list[RemoveRow]:
    """Return the removals of rows that are spare, once everything was read."""
    if not world.complete:
        return []
    why = "a further row with its key, in which people wrote nothing; an earlier run told of it"
    found = []
    for record_id, key in sorted(world.spare_rows.items()):
        stored = world.ledger.rows.get(key)
        about = About(stored.row.title or key, url=stored.row.url) if stored else About(key)
        found.append(RemoveRow(record_id, key, about, why))
    return found


def going_twins(mirrors: Iterable[Mirror], world: World, mirrored: Collection[str]) -> frozenset[str]:
    """Return the gids of twins that an earlier run told of and that carry nothing of people, nor has any below them.

    Two tasks stand for one issue after two runs overlapped, or when a person duplicated one: nothing goes before
    somebody could have seen it, nothing that people added to goes at all, and nothing after a reading in part.
    """
    if not world.tasks.home_complete:
        return frozenset()
    twins = [twin for one in mirrors if one.task for twin in one.twins if twin.gid in world.told_twins]
    going: frozenset[str] = frozenset()
    while True:  # from the leaves up: a twin may go together with the twins below it
        more = frozenset(twin.gid for twin in twins if not carried(twin, world, {*mirrored, *going}))
        if more == going:
            return going
        going = more


def twin_removals(mirror: Mirror | None, going: Collection[str], about: About) -> list[RemoveTask]:
    """Return the removals of an issue's twins that go."""
    if mirror is None or mirror.task is None:
        return []
    why = f"task {mirror.task.gid} stands for the same issue; it carries nothing of people"
    return [RemoveTask(twin.gid, about, why) for twin in mirror.twins if twin.gid in going]
