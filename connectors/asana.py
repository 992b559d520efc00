"""Asana through its SDK: the home project, the CSH tasks and everything below them."""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

import asana
import urllib3.exceptions
from asana.rest import ApiException
from pyrate_limiter import Duration, Rate

from connectors.retry import CONNECT_TIMEOUT, READ_TIMEOUT, Again, Gateway, Trouble, retry_after
from connectors.wire.asana import (
    SETTING_FIELDS,
    TASK_FIELDS,
    HomeField,
    OddValue,
    decode_home_fields,
    decode_task,
    decode_user,
    encode_new_task,
    encode_task,
    encode_value,
    error_text,
)
from sync.errors import Denied, NotFound, Rejected, ServiceError, Transient
from sync.model.change import TaskDraft, Value
from sync.model.reading import Problem
from sync.model.work import AsanaUser, CshTask, HumanContent, Task, TaskSnapshot

SERVICE = "Asana"
PAGE = 100
SHARE_OF_LIMIT = 0.9
"""How much of the published requests per minute is used, so that 429 stays the exception."""
PLAIN_TEXT_NOTE = "Asana refused the formatted description; it was written as plain text"


class GarbledAnswer(ValueError):
    """An answer that is not what the API promises: an HTML page, an empty body, a cut document."""


class AsanaConnector:
    """Reads and writes Asana for one workspace.

    *profiles* maps a label to the name of its CSH tasks; *field_names* our field names to Asana's (or gids).
    """

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        workspace: str,
        home_project: str,
        portfolio: str,
        engagements_project: str,
        profiles: Mapping[str, str],
        field_names: Mapping[str, str],
        requests_per_minute: int = 1500,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = _client(token, api_url)
        self._tasks = asana.TasksApi(self._client)
        self._workspace = workspace
        self._home = home_project
        self._portfolio = portfolio
        self._engagements = engagements_project
        self._profiles = {name.strip().casefold(): label for label, name in reversed(tuple(profiles.items()))}
        self._field_names = field_names
        rate = Rate(max(1, int(requests_per_minute * SHARE_OF_LIMIT)), Duration.MINUTE)
        self._gateway = Gateway(SERVICE, rate, classify, sleep=sleep)
        self._fields: dict[str, HomeField] = {}
        self._csh_field_gids: dict[str, dict[str, str]] = {}
        self._problems: list[Problem] = []

    # Reading.

    def read(self) -> TaskSnapshot:
        """Read the home project, the CSH tasks and everything below them.

        Raises Denied when the home project cannot be read. An engagement that cannot be read makes the tree
        incomplete.
        """
        self._problems = []
        try:
            settings = list(self._pages("read the fields of the home project", self._settings_page))
            self._fields, drift = decode_home_fields(settings, self._field_names)
            home, home_complete = self._tasks_of_project(self._home, "read the home project")
        except Rejected as error:
            remedy = "Check CSH_ASANA__HOME_PROJECT and that the token's user is a member of that project."
            raise Denied(SERVICE, "read the home project", error.message, remedy=remedy, status=error.status) from error
        csh_tasks, engagements, found_all = self._csh_tasks()
        tree, tree_complete = self._descendants(csh_tasks, home)
        users, users_complete = self._users()
        return TaskSnapshot(
            home=home,
            csh_tasks=csh_tasks,
            tree=tree,
            users=users,
            field_types={name: one.type for name, one in self._fields.items()},
            options={name: frozenset(one.options) for name, one in self._fields.items() if one.type == "enum"},
            home_complete=home_complete,
            tree_complete=found_all and tree_complete,
            users_complete=users_complete,
            engagement_gids=engagements,
            problems=tuple(self._problems),
            drift=drift,
        )

    def look_up(self, gids: Collection[str]) -> Mapping[str, Task | None]:
        """Read single tasks: None for 404; a gid that is absent could not be read."""
        found: dict[str, Task | None] = {}
        for gid in sorted(gids):
            try:
                found[gid] = self._task(
                    "read a task",
                    lambda gid=gid: self._tasks.get_task(gid, {"opt_fields": TASK_FIELDS}, **_options()),  # type: ignore[misc]
                )
            except NotFound:
                found[gid] = None
            except (Rejected, Transient) as error:
                self._problems.append(Problem(SERVICE, f"task {gid}", error.message))
        return found

    def human_content(self, gids: Collection[str]) -> Mapping[str, HumanContent]:
        """Count comments, attachments and sub-tasks; a gid that is absent could not be read."""
        found = {}
        for gid in sorted(gids):
            try:
                found[gid] = self._human_content(gid)
            except (Rejected, Transient) as error:
                self._problems.append(Problem(SERVICE, f"task {gid}", error.message))
        return found

    def _human_content(self, gid: str) -> HumanContent:
        stories_api, attachments_api = asana.StoriesApi(self._client), asana.AttachmentsApi(self._client)
        stories = self._pages(
            "read a task's comments",
            lambda page: stories_api.get_stories_for_task(
                gid, {"opt_fields": "type,resource_subtype"} | page, **_options()
            ),
        )
        comments = sum(
            1 for one in stories if one.get("type") == "comment" or one.get("resource_subtype") == "comment_added"
        )
        attachments = self._pages(
            "read a task's attachments",
            lambda page: attachments_api.get_attachments_for_object(gid, {"opt_fields": "name"} | page, **_options()),
        )
        count = sum(1 for _ in attachments)
        children = self._pages("read a task's sub-tasks", lambda page: self._subtasks_page(gid, page, "name"))
        return HumanContent(comments, count, tuple(sorted(str(one["gid"]) for one in children)))

    def _settings_page(self, page: dict[str, Any]) -> Any:
        api = asana.CustomFieldSettingsApi(self._client)
        opts = {"opt_fields": SETTING_FIELDS} | page
        return api.get_custom_field_settings_for_project(self._home, opts, **_options())

    def _subtasks_page(self, gid: str, page: dict[str, Any], fields: str = TASK_FIELDS) -> Any:
        return self._tasks.get_subtasks_for_task(gid, {"opt_fields": fields} | page, **_options())

    def _tasks_of_project(self, project: str, operation: str) -> tuple[dict[str, Task], bool]:
        """List a project by the endpoint that is documented to read its own writes."""
        pages = self._pages(
            operation,
            lambda page: self._tasks.get_tasks({"project": project, "opt_fields": TASK_FIELDS} | page, **_options()),
        )
        return self._decoded(pages)

    def _decoded(self, items: Iterator[Mapping[str, Any]]) -> tuple[dict[str, Task], bool]:
        """Decode what can be decoded; one odd task is named and makes the listing incomplete."""
        found: dict[str, Task] = {}
        complete = True
        for one in items:
            try:
                task = self._decode(one)
            except OddValue as error:
                complete = False
                self._problems.append(Problem(SERVICE, f"task {one.get('gid')}", f"odd value at {error}"))
            else:
                found[task.gid] = task
        return found, complete

    def _decode(self, data: Mapping[str, Any]) -> Task:
        by_gid = {one.gid: name for name, one in self._fields.items()}
        by_name = {
            self._field_names[name].strip().casefold(): name
            for name in ("hours_used", "hours_left")
            if self._field_names.get(name)
        }
        return decode_task(data, by_gid, by_name)

    def _csh_tasks(self) -> tuple[dict[str, CshTask], frozenset[str], bool]:
        """Find the CSH tasks of both layouts: engagements as projects of a portfolio, or tasks of one project."""
        found: dict[str, CshTask] = {}
        engagements: set[str] = set()
        complete = True
        for gid, name, tasks_of in self._engagement_listings():
            engagements.add(gid)
            try:
                items = list(tasks_of())
            except (Rejected, Transient) as error:
                complete = False
                remedy = "Share it with the token's user."
                self._problems.append(Problem(SERVICE, f"engagement {name}", error.message, remedy))
                continue
            tasks, all_decoded = self._decoded(iter(items))
            complete = complete and all_decoded
            self._remember_csh_fields(items)
            for task in tasks.values():
                if task.plain and (profile := self._profiles.get(task.name.strip().casefold())):
                    found[task.gid] = CshTask(task, profile, gid, name)
        return found, frozenset(engagements), complete

    def _engagement_listings(self) -> Iterator[tuple[str, str, Callable[[], Iterator[Mapping[str, Any]]]]]:
        """Return each engagement's gid, name, and how to list the tasks among which its CSH task is."""
        if self._portfolio:
            for gid, name in self._portfolio_projects(self._portfolio, set()):
                yield gid, name, lambda gid=gid: self._project_listing(gid)  # type: ignore[misc]
        if self._engagements:
            try:
                engagements, _ = self._tasks_of_project(self._engagements, "read the engagements project")
            except Rejected as error:
                remedy = "Check CSH_ASANA__ENGAGEMENTS_PROJECT and its members."
                raise Denied(SERVICE, "read the engagements project", error.message, remedy=remedy) from error
            for task in engagements.values():
                if task.plain and task.subtask_count and not task.parent_gid:
                    yield task.gid, task.name, lambda gid=task.gid: self._children(gid)  # type: ignore[misc]

    def _portfolio_projects(self, portfolio: str, seen: set[str]) -> Iterator[tuple[str, str]]:
        """Return the projects of a portfolio and of the portfolios in it."""
        api = asana.PortfoliosApi(self._client)
        seen.add(portfolio)
        try:
            items = list(
                self._pages(
                    "read the portfolio",
                    lambda page: api.get_items_for_portfolio(
                        portfolio, {"opt_fields": "name,resource_type,archived"} | page, **_options()
                    ),
                )
            )
        except Rejected as error:
            remedy = "Check CSH_ASANA__PORTFOLIO and that the token's user is a member of it."
            raise Denied(SERVICE, "read the portfolio", error.message, remedy=remedy) from error
        for one in items:
            gid = str(one["gid"])
            if one.get("resource_type") == "portfolio":
                if gid not in seen:
                    yield from self._portfolio_projects(gid, seen)
            elif gid != self._home:
                yield gid, str(one.get("name") or "")

    def _project_listing(self, project: str) -> Iterator[Mapping[str, Any]]:
        return self._pages(
            "read an engagement's project",
            lambda page: self._tasks.get_tasks({"project": project, "opt_fields": TASK_FIELDS} | page, **_options()),
        )

    def _children(self, gid: str) -> Iterator[Mapping[str, Any]]:
        return self._pages("read sub-tasks", lambda page: self._subtasks_page(gid, page))

    def _remember_csh_fields(self, items: Collection[Mapping[str, Any]]) -> None:
        """Keep the gids of `Hours used` and `Hours left`, which each engagement may have under gids of its own."""
        names = {self._field_names.get(name, "").strip().casefold(): name for name in ("hours_used", "hours_left")}
        for item in items:
            for one in item.get("custom_fields") or ():
                ours = names.get(str(one.get("name", "")).strip().casefold())
                if ours:
                    self._csh_field_gids.setdefault(str(item["gid"]), {})[ours] = str(one["gid"])

    def _descendants(self, csh_tasks: Mapping[str, CshTask], home: Mapping[str, Task]) -> tuple[dict[str, Task], bool]:
        """Read everything below the CSH tasks, level by level, asking only where there are sub-tasks."""
        tree: dict[str, Task] = {}
        complete = True
        ask = [(gid, csh.task.subtask_count) for gid, csh in sorted(csh_tasks.items())]
        ask += [(gid, task.subtask_count) for gid, task in sorted(home.items()) if not task.parent_gid]
        asked: set[str] = set()
        while ask:
            gid, count = ask.pop()
            if not count or gid in asked:
                continue
            asked.add(gid)
            try:
                children, all_decoded = self._decoded(self._children(gid))
            except (Rejected, Transient) as error:
                complete = False
                self._problems.append(Problem(SERVICE, f"sub-tasks of {gid}", error.message))
                continue
            complete = complete and all_decoded
            for task in children.values():
                tree[task.gid] = task
                ask.append((task.gid, task.subtask_count))
        return tree, complete

    def _users(self) -> tuple[tuple[AsanaUser, ...], bool]:
        api = asana.UsersApi(self._client)
        try:
            pages = self._pages(
                "read the users",
                lambda page: api.get_users_for_workspace(
                    self._workspace, {"opt_fields": "name,email"} | page, **_options()
                ),
            )
            return tuple(decode_user(one) for one in pages), True
        except (Rejected, Transient, OddValue) as error:
            self._problems.append(Problem(SERVICE, "users of the workspace", str(error)))
            return (), False

    def _pages(self, operation: str, request: Callable[[dict[str, Any]], Any]) -> Iterator[Mapping[str, Any]]:
        """Page through a list, every page asked for with a limit; each object once."""
        offset: str | None = None
        seen: set[str] = set()
        while True:
            page: dict[str, Any] = {"limit": PAGE} | ({"offset": offset} if offset else {})
            answer = self._gateway.read(operation, lambda page=page: _payload(request(dict(page)), list))  # type: ignore[misc]
            for one in answer["data"]:
                if isinstance(one, Mapping) and one.get("gid") not in seen:
                    seen.add(str(one.get("gid")))
                    yield one
            following = answer.get("next_page")
            if not following:
                return
            offset = following["offset"]

    # Writing.

    def create(self, draft: TaskDraft) -> tuple[Task, str]:
        """Make a task in the home project, everything in one call; return it and a note.

        What Asana refuses (an assignee, the formatted text) is left out of a further try: a refusal makes nothing.
        Raises OutcomeUnknown when the answer was lost.
        """

        def send(attempt: TaskDraft, *, plain: bool) -> Task:
            data = encode_new_task(attempt, self._home, self._fields, plain=plain)
            return self._gateway.create(
                "create a task",
                lambda: self._decoded_answer(
                    self._tasks.create_task({"data": data}, {"opt_fields": TASK_FIELDS}, **_options())
                ),
            )

        return _with_fall_backs(draft, send)

    def update(self, gid: str, draft: TaskDraft, names: Collection[str]) -> str:
        """Write the named fields; return a note when the text had to be written plain."""

        def send(attempt: TaskDraft, *, plain: bool) -> None:
            wanted = [name for name in names if name != "assignee" or attempt.assignee_gid == draft.assignee_gid]
            data = encode_task(attempt, wanted, self._fields, plain=plain)
            if data:
                self._gateway.write_again(
                    "update a task",
                    lambda: _payload(
                        self._tasks.update_task({"data": data}, gid, {"opt_fields": "gid"}, **_options()), dict
                    ),
                )

        return _with_fall_backs(draft, send)[1]

    def rehome(self, gid: str) -> None:
        """Add a task to the home project."""
        body = {"data": {"project": self._home}}
        self._gateway.write_again(
            "add a task to the home project",
            lambda: _payload(self._tasks.add_project_for_task(body, gid, **_options()), dict),
        )

    def place(self, gid: str, parent_gid: str) -> Task:
        """Hang a task under another, or detach it with ""; return it as it is then."""
        body = {"data": {"parent": parent_gid or None}}
        return self._gateway.write_again(
            "place a task",
            lambda: self._decoded_answer(
                self._tasks.set_parent_for_task(body, gid, {"opt_fields": TASK_FIELDS}, **_options())
            ),
        )

    def remove(self, gid: str) -> None:
        """Move a task to the trash; one that is already gone counts as removed."""
        try:
            self._gateway.write_again("remove a task", lambda: self._tasks.delete_task(gid, **_options()))
        except NotFound:
            return

    def write_csh_hours(self, gid: str, values: Mapping[str, Value]) -> None:
        """Write hours fields on a CSH task."""
        gids = self._csh_field_gids.get(gid, {})
        custom = {gids[name]: encode_value(value) for name, value in values.items() if name in gids}
        body = {"data": {"custom_fields": custom}}
        self._gateway.write_again(
            "write hours on a CSH task",
            lambda: _payload(self._tasks.update_task(body, gid, {"opt_fields": "gid"}, **_options()), dict),
        )

    def _task(self, operation: str, request: Callable[[], Any]) -> Task:
        return self._gateway.read(operation, lambda: self._decoded_answer(request()))

    def _decoded_answer(self, answer: Any) -> Task:
        try:
            return self._decode(_payload(answer, dict)["data"])
        except OddValue as error:
            raise GarbledAnswer(f"odd value at {error}") from error


def _with_fall_backs(draft: TaskDraft, send: Callable[..., Any]) -> tuple[Any, str]:
    """Send a draft; when Asana refuses a part of it, leave that part out and note it."""
    attempt, plain = draft, False
    notes: list[str] = []
    while True:
        try:
            return send(attempt, plain=plain), "; ".join(notes)
        except Rejected as error:
            text = error.message.casefold()
            if error.status != 400:
                raise
            if "assignee" in text and attempt.assignee_gid:
                notes.append("the assignee is not a user of the workspace and was left out")
                attempt = _without(attempt, assignee_gid="")
            elif "follower" in text and attempt.follower_gids:
                notes.append("followers were refused and left out")
                attempt = _without(attempt, follower_gids=())
            elif not plain:
                plain = True
                notes.append(f"{PLAIN_TEXT_NOTE} ({error.message})")
            else:
                raise


def _without(draft: TaskDraft, **parts: Any) -> TaskDraft:
    return replace(draft, **parts)


def _client(token: str, api_url: str) -> asana.ApiClient:
    """Return the SDK's client with its own retries, log handlers and thread pool off."""
    configuration = asana.Configuration()
    configuration.access_token = token
    configuration.host = api_url.rstrip("/")
    configuration.retry_strategy = False
    for name in ("asana", "urllib3"):
        logger = logging.getLogger(name)
        for handler in tuple(logger.handlers):
            logger.removeHandler(handler)
    client = asana.ApiClient(configuration)
    client.pool.close()
    client.pool.join()
    return client


def _options() -> dict[str, Any]:
    """Return the options of one call; fresh each time, since the SDK keeps and changes them."""
    return {"full_payload": True, "_request_timeout": (CONNECT_TIMEOUT, READ_TIMEOUT), "header_params": {}}


def _payload(answer: Any, kind: type) -> dict[str, Any]:
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), kind):
        raise GarbledAnswer("the answer is not what the API promises")
    return answer


def classify(operation: str, error: Exception) -> Trouble:
    """Tell what a failure of the SDK means for the next step."""
    if isinstance(error, ApiException) and error.status:
        return _classify_status(operation, error)
    if isinstance(error, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError):
        remedy = "Check CSH_ASANA__API_URL and the network."
        return Trouble(Transient(SERVICE, operation, "cannot be reached", remedy=remedy), Again.NOT_DONE)
    if isinstance(error, GarbledAnswer | urllib3.exceptions.HTTPError | OSError | ValueError | TypeError | KeyError):
        return Trouble(Transient(SERVICE, operation, f"no usable answer ({type(error).__name__})"), Again.UNCLEAR)
    return Trouble(ServiceError(SERVICE, operation, type(error).__name__))


def _classify_status(operation: str, error: ApiException) -> Trouble:
    status, text = int(error.status), error_text(error.body) or str(error.reason or "")
    match status:
        case 401:
            remedy = "Check CSH_ASANA__TOKEN: it is refused."
            return Trouble(Denied(SERVICE, operation, text or "not authorised", remedy=remedy, status=status))
        case 402:
            remedy = "This needs a higher Asana plan."
            return Trouble(Rejected(SERVICE, operation, text, remedy=remedy, status=status))
        case 404:
            return Trouble(NotFound(SERVICE, operation, text, status=status))
        case 429:
            wait = retry_after(error.headers or {}, default=-1)
            limited = Transient(SERVICE, operation, "rate limit reached", status=status)
            return Trouble(limited, Again.NOT_DONE, wait if wait >= 0 else None)
        case _ if status >= 500 or 300 <= status < 400 or status == 200:
            again = Again.NEVER if status < 500 else Again.UNCLEAR
            return Trouble(Transient(SERVICE, operation, f"answered {status} {text}".strip(), status=status), again)
        case _:
            return Trouble(Rejected(SERVICE, operation, text or f"answered {status}", status=status))
