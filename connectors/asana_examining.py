"""Looking at a set-up's Asana side: the user, the home project and its fields, both layouts. Nothing is written."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from connectors.asana_api import AsanaApi, needed, users_of
from connectors.asana_reading import (
    ENGAGEMENTS_REMEDY,
    HOME_REMEDY,
    PORTFOLIO_REMEDY,
    Places,
)
from connectors.asana_time import ABOVE_THE_PLAN
from connectors.looking import Look, not_set
from connectors.wire.asana import decode_user
from connectors.wire.asana_fields import SETTING_FIELDS, decode_home_fields
from connectors.wire.asana_json import flag, own_gid, record, text
from mappings.nearest import nearest
from sync.errors import NotFound, Rejected
from sync.model.examination import AsanaFacts, FieldFacts, LayoutFacts, PlaceFacts, Unanswered
from sync.model.work import AsanaUser

WORKSPACE = "CSH_ASANA__WORKSPACE"
MOST_ENGAGEMENTS = 50
"""Of so many engagements the tasks are listed, one request each: enough to see whether names agree."""


def examine_asana(api: AsanaApi, places: Places, sentinel: str) -> AsanaFacts:
    """Return what is found; what cannot be looked at hides nothing else. Raises nothing."""
    look = Look()
    user = look(lambda: decode_user(api.one("read the token's user", "UsersApi.get_user", "me", {})))
    workspaces = look(
        lambda: _names(api.listed("list the workspaces", "WorkspacesApi.get_workspaces", opt_fields="name"))
    )
    known = {} if isinstance(workspaces, Unanswered) else workspaces
    me = "" if isinstance(user, Unanswered) else user.gid
    no_home = not_set("CSH_ASANA__HOME_PROJECT")
    home = look(lambda: _project(api, places.home_project, me, HOME_REMEDY)) if places.home_project else no_home
    engagements = None
    if places.engagements_project:
        engagements = look(lambda: _project(api, places.engagements_project, me, ENGAGEMENTS_REMEDY))
    portfolio = look(lambda: _portfolio(api, places.portfolio, me)) if places.portfolio else None
    return AsanaFacts(
        user=user,
        workspace=_named(workspaces, places.workspace),
        workspaces=known,
        home=home,
        fields=look(lambda: _fields(api, places)) if places.home_project else no_home,
        portfolio=portfolio,
        engagements=engagements,
        layout=look(lambda: _layout(api, places)),
        users=look(lambda: _users(api, places.workspace)) if places.workspace else not_set(WORKSPACE),
        time_entries=look(lambda: _has_time_entries(api, places.home_project)) if places.home_project else no_home,
        sentinel=look(lambda: _is_seen(api, sentinel, places)) if sentinel else None,
    )


def _named(workspaces: Mapping[str, str] | Unanswered, gid: str) -> str | Unanswered:
    """Return the name of the workspace that is set, "" when the token's user is in no such one."""
    if isinstance(workspaces, Unanswered):
        return workspaces
    return workspaces.get(gid, "") if gid else not_set(WORKSPACE)


def _names(items: list[Any]) -> dict[str, str]:
    return {own_gid(record(one, "item")): text(record(one, "item"), "name") for one in items}


def _project(api: AsanaApi, gid: str, me: str, remedy: str) -> PlaceFacts:
    with needed(remedy):
        found = api.one("read a project", "ProjectsApi.get_project", gid, {"opt_fields": "name,archived"})
    return PlaceFacts(text(found, "name"), _access(api, gid, me), flag(found, "archived"))


def _portfolio(api: AsanaApi, gid: str, me: str) -> PlaceFacts:
    with needed(PORTFOLIO_REMEDY):
        found = api.one("read the portfolio", "PortfoliosApi.get_portfolio", gid, {"opt_fields": "name"})
    return PlaceFacts(text(found, "name"), _access(api, gid, me), size=len(_items(api, gid)))


def _access(api: AsanaApi, gid: str, me: str) -> str:
    """Return what the token's user may do, "" where no membership of their own is listed (a team's counts too)."""
    if not me:
        return ""
    try:
        found = api.listed("read a membership", "MembershipsApi.get_memberships", parent=gid, member=me)
    except Rejected:
        return ""
    return next((text(record(one, "membership"), "access_level") for one in found), "")


def _fields(api: AsanaApi, places: Places) -> FieldFacts:
    method = "CustomFieldSettingsApi.get_custom_field_settings_for_project"
    settings = api.listed("read the fields of the home project", method, places.home_project, opt_fields=SETTING_FIELDS)
    found, drift = decode_home_fields(settings, places.field_names)
    return FieldFacts({ours: one.type for ours, one in found.items()}, drift)


def _items(api: AsanaApi, portfolio: str) -> list[Any]:
    method = "PortfoliosApi.get_items_for_portfolio"
    return api.listed("read the portfolio", method, portfolio, opt_fields="name,resource_type")


def _layout(api: AsanaApi, places: Places) -> LayoutFacts:
    """Count engagements of both layouts, and those in which a task has the name of a profile's CSH tasks."""
    projects = _projects_of(api, places)
    tasks = _tasks(api, places.engagements_project) if places.engagements_project else []
    parents = [one for one in tasks if not isinstance(record(one, "task").get("parent"), Mapping)]
    lists: list[Callable[[], list[Any]]] = [partial(_tasks, api, gid) for gid in projects]
    lists += [partial(_children, api, own_gid(one)) for one in parents if one.get("num_subtasks")]
    wanted = {name.strip().casefold() for name in places.profiles.values()}
    seen: set[str] = set()
    hits = 0
    for list_tasks in lists[:MOST_ENGAGEMENTS]:
        names = {text(record(one, "task"), "name") for one in list_tasks()}
        seen |= names
        hits += any(name.strip().casefold() in wanted for name in names)
    near = "" if hits else next(filter(None, (nearest(name, seen) for name in places.profiles.values())), "")
    return LayoutFacts(len(projects), len(parents), hits, near, has_home=places.home_project in projects)


def _projects_of(api: AsanaApi, places: Places) -> list[str]:
    if not places.portfolio:
        return []
    items = [record(one, "item") for one in _items(api, places.portfolio)]
    return [own_gid(one) for one in items if one.get("resource_type", "project") == "project"]


def _tasks(api: AsanaApi, project: str) -> list[Any]:
    return api.listed("list tasks", "TasksApi.get_tasks", project=project, opt_fields="name,parent,num_subtasks")


def _children(api: AsanaApi, gid: str) -> list[Any]:
    return api.listed("list sub-tasks", "TasksApi.get_subtasks_for_task", gid, opt_fields="name")


def _users(api: AsanaApi, workspace: str) -> tuple[AsanaUser, ...]:
    return tuple(map(decode_user, users_of(api, workspace)))


def _has_time_entries(api: AsanaApi, project: str) -> bool:
    """Tell whether the plan has time entries, by asking for those of a task of the home project, if it holds any."""
    tasks = _tasks(api, project)
    if not tasks:
        return True
    method = "TimeTrackingEntriesApi.get_time_tracking_entries_for_task"
    try:
        api.listed("read a task's time entries", method, own_gid(tasks[0]))
    except Rejected as error:
        if error.status == ABOVE_THE_PLAN:
            return False
        raise
    return True


def _is_seen(api: AsanaApi, gid: str, places: Places) -> bool:
    """Tell whether a run sees the sentinel: a task of the home project, a CSH task, or one below another task."""
    try:
        task = api.one("read the sentinel task", "TasksApi.get_task", gid, {"opt_fields": "name,parent,projects"})
    except NotFound:
        return False
    homes = {own_gid(record(one, "project")) for one in task.get("projects") or ()}
    names = {name.strip().casefold() for name in places.profiles.values()}
    is_csh_task = text(task, "name").strip().casefold() in names
    return places.home_project in homes or is_csh_task or isinstance(task.get("parent"), Mapping)
