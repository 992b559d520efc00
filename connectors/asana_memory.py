"""What Asana answered before: the tasks of the home project one by one, every other listing as a whole.

A look asks for the tasks of the home project that were modified since. That shows no task that left the project or the
workspace, and nothing of what hangs elsewhere: a task is not modified because its sub-tasks change. Listings are
therefore asked for anew in turns, and all of them once one is another than it was, so that none contradicts another;
the home project in every full reading.
https://developers.asana.com/reference/gettasks
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from connectors.asana_api import SERVICE, AsanaApi
from connectors.memory import Shelf
from connectors.turns import Turns
from connectors.wire.asana import TASK_FIELDS
from connectors.wire.asana_json import Announced, OddValue, moment
from sync.errors import LimitReached, NotFound, Rejected, Transient
from sync.model.reading import Moved
from sync.stopwatch import Stopwatch

OVERLAP = timedelta(seconds=30)
"""A look goes back before the newest change that was seen by so much, once so much later: lists may be behind."""
GRAIN = timedelta(milliseconds=1)
"""Moments are told to the millisecond."""
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Before anything that a look could have to show."""
HOME = "home"
LISTING = "listing"
HOLDER = "holder"
AGAIN = "again"
NEWEST = "newest change"
ANNOUNCED = "change to come"
SEEN = "newest change seen"
"""When the newest change was seen first; "" once a look so much later as lists may be behind saw no other before it."""
HOME_LIST = "read the home project"
RENEWED = "look at what else was read"


class RememberedAsana:
    """Reads like `AsanaApi`, from the shelf where that holds the answer. Without a shelf every request is sent.

    *clock* tells the moment decisions are made for (decision D15).
    """

    def __init__(self, api: AsanaApi, shelf: Shelf | None, home_project: str, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._shelf = shelf
        self._home = home_project
        self._clock = clock
        self._turns = Turns(shelf, "listings", clock) if shelf is not None else None

    @property
    def remembers(self) -> bool:
        """Tell whether the home project comes from the shelf: its tasks are then newer than other listings."""
        return self._shelf is not None and bool(self._shelf.mark(NEWEST))

    def announced(self) -> list[Announced]:
        """Return the changes to come that answers told of, now or when what is remembered was read."""
        if self._shelf is not None:
            for one in self._api.announced:
                self._shelf.put(ANNOUNCED, one.name, one.info)
            return [Announced(name, str(info)) for name, info in sorted(self._shelf.items(ANNOUNCED))]
        return sorted(self._api.announced)

    def home(self) -> Iterable[Any]:
        """Return the tasks of the home project one by one, so that they are never all held as told."""
        if self._shelf is None:
            return self._each_of_home()
        odd = () if self.remembers else self._fill_home(self._shelf)
        return chain((one for _, one in self._shelf.items(HOME)), odd)

    def _fill_home(self, shelf: Shelf) -> list[Any]:
        """List the home project and remember it; return what cannot be remembered: then nothing is believed of it."""
        watch = Stopwatch()
        odd: list[Any] = []
        newest = EPOCH

        def whole() -> Iterator[tuple[str, Any]]:
            nonlocal newest
            for one in self._each_of_home():
                if isinstance(one, Mapping) and one.get("gid"):
                    newest = _newest([one], newest)
                    yield str(one["gid"]), one
                else:
                    odd.append(one)

        shelf.replace(HOME, whole())
        if not odd:
            shelf.set_mark(NEWEST, max(EPOCH, newest - timedelta(seconds=watch.seconds())).isoformat())
            shelf.set_mark(SEEN, self._clock().isoformat())
        return odd

    def _each_of_home(self, **more: str) -> Iterator[Any]:
        return self._api.each(HOME_LIST, "TasksApi.get_tasks", project=self._home, opt_fields=TASK_FIELDS, **more)

    def listed(self, operation: str, method: str, *place: str, **asked: str) -> list[Any]:
        """Return all objects of a listing, as `AsanaApi.listed` does."""
        return list(self._answer(operation, method, place, asked))

    def one(self, operation: str, method: str, gid: str, asked: Mapping[str, str]) -> Mapping[str, Any]:
        """Read one object, as `AsanaApi.one` does."""
        if self._shelf is None:
            return self._api.one(operation, method, gid, dict(asked))
        key = _key(method, (gid,), asked)
        known = self._shelf.get(LISTING, key)
        if known is None:
            try:
                known = self._api.one(operation, method, gid, dict(asked))
            except NotFound:
                self._shelf.put(LISTING, key, {})
                raise
            self._shelf.put(LISTING, key, known)
        if not known:
            raise NotFound(SERVICE, operation, "it was not there when it was asked for last", status=404)
        return dict(known)

    def _answer(self, operation: str, method: str, place: tuple[str, ...], asked: Mapping[str, str]) -> list[Any]:
        if self._shelf is None:
            return self._api.listed(operation, method, *place, **asked)
        key = _key(method, place, asked)
        known = self._shelf.get(LISTING, key)
        if known is None:
            known = self._api.listed(operation, method, *place, **asked)
            if self._turns and not self._shelf.count(LISTING):
                self._turns.begin()
            self._keep_listing(self._shelf, key, known)
        return list(known)

    @staticmethod
    def _keep_listing(shelf: Shelf, key: str, listing: list[Any]) -> None:
        shelf.put(LISTING, key, listing)
        for one in listing:
            if isinstance(one, Mapping) and one.get("gid"):
                shelf.put(HOLDER, str(one["gid"]), key)

    # Looking.

    def look(self, *, hasty: bool = False) -> Moved:
        """Patch the home project with what was modified since the last look, and look at listings whose turn it is.

        In *haste*, or where something was modified, at fewer of them.
        """
        if self._shelf is None or self._turns is None or not self.remembers:
            return Moved.UNSURE
        moved = self._look_at_home(self._shelf)
        due = self._turns.due(self._shelf.keys(LISTING), busy=hasty or moved)
        if any(self._is_another(self._shelf, key) for key in due):
            self.let_listings_go()
            moved = True
        return Moved.YES if moved else Moved.NO

    def _look_at_home(self, shelf: Shelf) -> bool:
        newest, seen = datetime.fromisoformat(shelf.mark(NEWEST)), shelf.mark(SEEN)
        since = newest - OVERLAP if seen else newest + GRAIN
        changed = list(self._each_of_home(modified_since=since.isoformat()))
        changed += filter(None, map(self._asked_again, sorted(shelf.keys(AGAIN))))
        shelf.clear(AGAIN)
        is_fresh = any(shelf.get(HOME, str(one.get("gid"))) != one for one in changed if isinstance(one, Mapping))
        moved = self._patch(changed)
        shelf.set_mark(NEWEST, _newest(changed, newest).isoformat())
        if is_fresh:
            shelf.set_mark(SEEN, self._clock().isoformat())
        elif seen and self._clock() - datetime.fromisoformat(seen) >= OVERLAP:
            shelf.set_mark(SEEN, "")
        return moved

    def _is_another(self, shelf: Shelf, key: str) -> bool:
        """Ask for a listing, or for one object, anew; tell whether it shows anything else than before.

        What it shows of tasks in the home project does not count: the look at that is newer.
        """
        method, *place, asked = json.loads(key)
        known = shelf.get(LISTING, key)
        try:
            if isinstance(known, list):
                found: Any = self._api.listed(RENEWED, method, *place, **asked)
            else:
                found = self._api.one(RENEWED, method, *place, asked)
        except LimitReached:
            raise
        except (Rejected, Transient) as error:
            # The reading that follows meets the same trouble, and tells it.
            return not (known == {} and isinstance(error, NotFound))
        if isinstance(found, list):
            self._keep_listing(shelf, key, found)
        else:
            shelf.put(LISTING, key, found)
        return self._apart(shelf, known) != self._apart(shelf, found)

    @staticmethod
    def _apart(shelf: Shelf, listing: Any) -> list[Any]:
        """Return what a listing shows, apart from what the home project shows, too."""
        items = listing if isinstance(listing, list) else [listing]
        return [
            one.get("gid") if shelf.get(HOME, str(one.get("gid"))) is not None else _content(one)
            for one in items
            if isinstance(one, Mapping)
        ]

    def _asked_again(self, gid: str) -> Mapping[str, Any] | None:
        """Read a task that was changed in a way that does not show as a modification; None where that is gone."""
        try:
            return self._api.one("read a task", "TasksApi.get_task", gid, {"opt_fields": TASK_FIELDS})
        except Rejected:
            return None

    def _patch(self, changed: list[Any]) -> bool:
        moved = False
        for one in changed:
            if not isinstance(one, Mapping) or not one.get("gid") or self._shelf is None:
                continue
            before = self._shelf.get(HOME, str(one["gid"]))
            self._shelf.put(HOME, str(one["gid"]), one)
            if before is None or _content(before) != _content(one):
                moved = True
            if before is not None and before.get("num_subtasks") != one.get("num_subtasks"):
                self._let_go_below(str(one["gid"]))
        return moved

    def let_listings_go(self) -> None:
        """Ask anew for every listing but the home project."""
        if self._shelf is not None:
            self._shelf.clear(LISTING)
            self._shelf.clear(HOLDER)

    def let_home_go(self) -> None:
        """Ask anew for the home project."""
        if self._shelf is not None:
            self._shelf.set_mark(NEWEST, "")

    # What was written changes what was read.

    def noting_a_write(self) -> AbstractContextManager[None]:
        """Return what the notes of a write that Asana took are made in: no trouble with them makes it less done."""
        return self._shelf.noting_a_write() if self._shelf is not None else nullcontext()

    def wrote(self, gid: str) -> None:
        """Ask anew for the listing that shows a task outside of the home project."""
        if self._shelf is not None and (key := self._shelf.get(HOLDER, gid)):
            self._shelf.drop(LISTING, key)

    def changed_below(self, parent_gid: str) -> None:
        """Hear that other tasks hang under one than before: what counts and shows them is asked for anew."""
        self._let_go_below(parent_gid)
        self.wrote(parent_gid)

    def left(self, gid: str, parent_gid: str) -> None:
        """Hear that a task does not hang under *parent_gid* any more, "" where it hung under none.

        Neither the task nor what it hung under needs to show as modified: both are asked for by name in the next look.
        """
        if self._shelf is None:
            return
        self._shelf.drop(HOME, gid)
        self._shelf.put(AGAIN, gid, True)
        if parent_gid:
            self.changed_below(parent_gid)
            if self._shelf.get(HOME, parent_gid) is not None:
                self._shelf.put(AGAIN, parent_gid, True)

    def parent_of(self, gid: str) -> str:
        """Return under which task a task of the home project was read to hang, "" under none."""
        known = self._shelf.get(HOME, gid) if self._shelf is not None else None
        parent = known.get("parent") if isinstance(known, Mapping) else None
        return str(parent.get("gid") or "") if isinstance(parent, Mapping) else ""

    def _let_go_below(self, gid: str) -> None:
        if self._shelf is not None:
            self._shelf.drop(LISTING, _key("TasksApi.get_subtasks_for_task", (gid,), {"opt_fields": TASK_FIELDS}))


def _key(method: str, place: tuple[str, ...], asked: Mapping[str, str]) -> str:
    return json.dumps([method, *place, dict(sorted(asked.items()))])


def _content(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a task holds, without the moment of its last change: a comment moves that alone."""
    return {name: value for name, value in task.items() if name != "modified_at"}


def _newest(tasks: Iterable[Any], otherwise: datetime) -> datetime:
    """Return the newest moment at which one of *tasks* was modified, as far as they tell; none before *otherwise*."""
    found = [otherwise]
    for one in tasks:
        try:
            modified = moment(one, "modified_at") if isinstance(one, Mapping) else None
        except OddValue:
            continue
        found += [modified] if modified else []
    return max(found)
