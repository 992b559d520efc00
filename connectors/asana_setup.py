"""Finding a set-up's Asana side, and making its home project and fields."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from connectors.asana_api import SERVICE, AsanaApi, needed, users_of
from connectors.asana_reading import HOME_REMEDY, PORTFOLIO_REMEDY, WORKSPACE_REMEDY
from connectors.wire.asana import decode_user
from connectors.wire.asana_fields import SETTING_FIELDS
from connectors.wire.asana_json import own_gid, record, text
from sync.errors import OutcomeUnknown, Rejected
from sync.model.making import MakeField, MakeProject
from sync.model.work import AsanaUser

CANDIDATE = "name,due_on"
FIELD_NAMES = "custom_field_settings.custom_field.name"
LOST_REMEDY = "Start csh-sync init again: it goes on where this ended."


class AsanaSetup:
    """Looks for what the settings name, and makes what is missing. Raises what `AsanaApi` does."""

    def __init__(self, api: AsanaApi) -> None:
        self._api = api

    def workspaces(self) -> dict[str, str]:
        """Return the workspaces of the token's user, gid and name."""
        return _names(self._api.listed("list the workspaces", "WorkspacesApi.get_workspaces", opt_fields="name"))

    def projects(self, workspace: str) -> dict[str, str]:
        """Return the projects in use of a workspace that the token's user sees, gid and name."""
        method = "ProjectsApi.get_projects_for_workspace"
        with needed(WORKSPACE_REMEDY):
            return _names(self._api.listed("list the projects", method, workspace, archived="false", opt_fields="name"))

    def name_of_project(self, gid: str, remedy: str) -> str:
        """Return the name of a project that the settings name. Raises Denied with *remedy* where it is not seen."""
        with needed(remedy):
            return text(self._api.one("read a project", "ProjectsApi.get_project", gid, {"opt_fields": "name"}), "name")

    def name_of_portfolio(self, gid: str) -> str:
        """Return the name of a portfolio that the settings name. Raises Denied where it is not seen."""
        method = "PortfoliosApi.get_portfolio"
        with needed(PORTFOLIO_REMEDY):
            return text(self._api.one("read the portfolio", method, gid, {"opt_fields": "name"}), "name")

    def projects_with_field(self, workspace: str, name: str) -> tuple[str, ...]:
        """Return the gids of the projects in use that have a custom field of this name."""
        method = "ProjectsApi.get_projects_for_workspace"
        found = self._api.listed(
            "list the projects' fields", method, workspace, archived="false", opt_fields=f"name,{FIELD_NAMES}"
        )
        return tuple(own_gid(one) for one in found if name.casefold() in _field_names(one))

    def portfolios(self, workspace: str) -> dict[str, str]:
        """Return the portfolios that the token's user owns: Asana lists no others to a person."""
        method, user = "PortfoliosApi.get_portfolios", "me"
        try:
            return _names(self._api.listed("list the portfolios", method, workspace, owner=user, opt_fields="name"))
        except Rejected:
            return {}

    def users(self, workspace: str) -> tuple[AsanaUser, ...]:
        """Return the people of a workspace."""
        return tuple(map(decode_user, users_of(self._api, workspace)))

    def fields_of(self, project: str) -> tuple[Mapping[str, Any], ...]:
        """Return the custom field settings of a project."""
        method = "CustomFieldSettingsApi.get_custom_field_settings_for_project"
        operation = "read the fields of the home project"
        with needed(HOME_REMEDY):
            return tuple(self._api.listed(operation, method, project, opt_fields=SETTING_FIELDS))

    def shared_fields(self, workspace: str) -> dict[str, tuple[str, str]]:
        """Return the custom fields of a workspace: name (folded) to gid and type."""
        method = "CustomFieldsApi.get_custom_fields_for_workspace"
        found = self._api.listed("list the fields", method, workspace, opt_fields="name,resource_subtype")
        return {
            text(record(one, "field"), "name").strip().casefold(): (own_gid(one), text(one, "resource_subtype"))
            for one in found
        }

    def a_csh_task(self, portfolio: str, engagements_project: str, names: Collection[str]) -> str:
        """Return the gid of the CSH task that is due last, in either layout, "" when there is none."""
        wanted = {name.strip().casefold() for name in names}
        found = [
            (text(one, "due_on"), own_gid(one))
            for one in self._candidates(portfolio, engagements_project)
            if text(record(one, "task"), "name").strip().casefold() in wanted
        ]
        return max(found, default=("", ""))[1]

    def _candidates(self, portfolio: str, engagements_project: str) -> Iterator[Any]:
        listed = self._api.listed
        if portfolio:
            method = "PortfoliosApi.get_items_for_portfolio"
            for item in listed("read the portfolio", method, portfolio, opt_fields="name,resource_type"):
                if record(item, "item").get("resource_type", "project") == "project":
                    yield from listed("list tasks", "TasksApi.get_tasks", project=own_gid(item), opt_fields=CANDIDATE)
        if engagements_project:
            fields = "name,num_subtasks"
            for task in listed("list tasks", "TasksApi.get_tasks", project=engagements_project, opt_fields=fields):
                if record(task, "task").get("num_subtasks"):
                    method = "TasksApi.get_subtasks_for_task"
                    yield from listed("list sub-tasks", method, own_gid(task), opt_fields=CANDIDATE)

    def make_project(self, step: MakeProject, workspace: str) -> str:
        """Make a project; return its gid. Where the answer was lost, it is looked for by its name. Raises Rejected."""
        operation, body = "make a project", {"data": {"name": step.name, "workspace": workspace}}
        try:
            return own_gid(self._api.create(operation, "ProjectsApi.create_project", body, {}))
        except OutcomeUnknown as lost:
            hits = [gid for gid, name in self.projects(workspace).items() if name == step.name]
            if not hits:
                raise Rejected(SERVICE, operation, "no clear answer, and it is not there", remedy=LOST_REMEDY) from lost
            return hits[0]

    def make_field(self, step: MakeField, workspace: str, project: str) -> None:
        """Make a custom field, unless the workspace has it, and add it to a project. Raises Rejected."""
        gid = step.gid or self._made(step, workspace)
        operation, method = "add a field to the home project", "ProjectsApi.add_custom_field_setting_for_project"
        try:
            self._api.write(operation, method, {"data": {"custom_field": gid, "is_important": False}}, project, {})
        except Rejected:
            if all(own_gid(one["custom_field"]) != gid for one in self.fields_of(project)):
                raise

    def _made(self, step: MakeField, workspace: str) -> str:
        body: dict[str, Any] = {"workspace": workspace, "name": step.name, "resource_subtype": step.kind}
        if step.kind == "number":
            body["precision"] = step.decimals
        operation = "make a field"
        try:
            return own_gid(self._api.create(operation, "CustomFieldsApi.create_custom_field", {"data": body}, {}))
        except OutcomeUnknown as lost:
            gid, kind = self.shared_fields(workspace).get(step.name.casefold(), ("", ""))
            if kind != step.kind:
                raise Rejected(SERVICE, operation, "no clear answer, and it is not there", remedy=LOST_REMEDY) from lost
            return gid


def _names(items: list[Any]) -> dict[str, str]:
    return {own_gid(record(one, "item")): text(record(one, "item"), "name") for one in items}


def _field_names(project: Any) -> set[str]:
    settings = record(project, "project").get("custom_field_settings")
    found: set[str] = set()
    for one in settings if isinstance(settings, list) else ():
        inner = one.get("custom_field") if isinstance(one, Mapping) else None
        found |= {str(inner.get("name") or "").strip().casefold()} if isinstance(inner, Mapping) else set()
    return found
