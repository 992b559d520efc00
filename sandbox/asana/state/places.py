"""Build the workspace: people, portfolios, projects, sections, custom fields; and what people change in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from sandbox.asana.richtext import read_plain
from sandbox.asana.state.model import (
    EnumOption,
    Field,
    Kind,
    Portfolio,
    Project,
    Section,
    Setting,
    Task,
    User,
)
from sandbox.asana.state.shelf import Shelf
from sandbox.asana.state.work import Work
from sandbox.core import locked

FieldRef = Field | str
ProjectRef = Project | str
UserRef = User | str


class Places(Work):
    """The workspace as its members set it up. Things go by themselves or by gid; an unknown gid raises KeyError."""

    # People

    @locked
    def add_user(self, name: str, email: str, *, guest: bool = False) -> User:
        """Add a person to the workspace."""
        user = User(self.new_gid(), name, email.lower(), guest)
        self.users[user.gid] = user
        return user

    @locked
    def deactivate_user(self, user: UserRef) -> None:
        """Take a person out of the workspace; what they did stays."""
        self._user(user).active = False

    # Portfolios and projects

    @locked
    def add_portfolio(self, name: str, *, owner: UserRef | None = None) -> Portfolio:
        """Add an empty portfolio."""
        portfolio = Portfolio(self.new_gid(), name, self._user(owner), self.now())
        self.portfolios[portfolio.gid] = portfolio
        return portfolio

    @locked
    def add_to_portfolio(self, portfolio: Portfolio | str, item: Project | Portfolio | str) -> None:
        """Put a project or a portfolio into a portfolio."""
        holder = self._portfolio(portfolio)
        found = self._item(item)
        if found not in holder.items:
            holder.items.append(found)

    @locked
    def remove_from_portfolio(self, portfolio: Portfolio | str, item: Project | Portfolio | str) -> None:
        """Take a project or a portfolio out of a portfolio."""
        self._portfolio(portfolio).items.remove(self._item(item))

    @locked
    def add_project(
        self,
        name: str,
        *,
        portfolio: Portfolio | str | None = None,
        fields: Sequence[FieldRef] = (),
        sections: Sequence[str] = (),
        notes: str = "",
        start_on: date | None = None,
        due_on: date | None = None,
    ) -> Project:
        """Add a project with custom fields and sections; without names it has one untitled section."""
        now = self.now()
        project = Project(self.new_gid(), name, now, now, self.me, rich=read_plain(notes))
        project.start_on, project.due_on = start_on, due_on
        self.projects[project.gid] = project
        for title in sections or ("Untitled section",):
            self.add_section(project, title)
        for field in fields:
            self.add_field_to_project(project, field)
        if portfolio is not None:
            self.add_to_portfolio(portfolio, project)
        return project

    @locked
    def add_section(self, project: ProjectRef, name: str) -> Section:
        """Add a section at the end of a project."""
        holder = self._project(project)
        section = Section(self.new_gid(), name, holder, self.now(), Shelf[Task](self))
        holder.sections.append(section)
        self.sections[section.gid] = section
        return section

    @locked
    def archive_project(self, project: ProjectRef, on: bool = True) -> None:
        """Archive a project, or bring it back."""
        self._project(project).archived = on

    @locked
    def rename_project(self, project: ProjectRef, name: str) -> None:
        """Give a project another name."""
        self._project(project).name = name

    @locked
    def delete_project(self, project: ProjectRef) -> None:
        """Delete a project; its tasks stay, in their other projects or in none."""
        gone = self._project(project)
        for task in [task for section in gone.sections for task in section.tasks]:
            self.take_out_of_project(task, gone, self.me)
        for portfolio in self.portfolios.values():
            if gone in portfolio.items:
                portfolio.items.remove(gone)
        gone.deleted = True

    # Visibility

    @locked
    def deny(self, *things: Task | Project | Portfolio | str) -> None:
        """Hide things from the token's user: 403 when asked for, left out of lists."""
        self.options.denied.update(one if isinstance(one, str) else one.gid for one in things)

    @locked
    def allow(self, *things: Task | Project | Portfolio | str) -> None:
        """Show things to the token's user again."""
        self.options.denied.difference_update(one if isinstance(one, str) else one.gid for one in things)

    # Custom fields

    @locked
    def add_field(
        self,
        name: str,
        kind: Kind = "text",
        *,
        precision: int = 0,
        options: Sequence[str] = (),
        formula: Callable[[Task], float | None] | None = None,
    ) -> Field:
        """Add a custom field to the workspace; *options* are the choices of an enum field."""
        choices = [EnumOption(self.new_gid(), one) for one in options]
        field = Field(self.new_gid(), name, kind, self.me, precision, choices, formula=formula)
        self.fields[field.gid] = field
        return field

    @locked
    def add_field_to_project(self, project: ProjectRef, field: FieldRef) -> Setting:
        """Give the tasks of a project a custom field; return the setting that is there afterwards."""
        holder, wanted = self._project(project), self._field(field)
        for setting in holder.settings:
            if setting.field is wanted:
                return setting
        setting = Setting(self.new_gid(), wanted)
        holder.settings.append(setting)
        return setting

    @locked
    def remove_field_from_project(self, project: ProjectRef, field: FieldRef) -> None:
        """Take a custom field off a project; values on its tasks stay, disabled."""
        holder, gone = self._project(project), self._field(field)
        holder.settings = [setting for setting in holder.settings if setting.field is not gone]

    @locked
    def rename_field(self, field: FieldRef, name: str) -> None:
        """Give a custom field another name."""
        self._field(field).name = name

    @locked
    def retype_field(self, field: FieldRef, kind: Kind) -> Field:
        """Make a field of another type under the same name, as people do who cannot change the type.

        The old field is deleted with its values; the new one, with a gid of its own, takes its place
        in every project and is returned.
        """
        old = self._field(field)
        new = self.add_field(old.name, kind, precision=old.precision)
        for project in self.projects.values():
            for setting in project.settings:
                if setting.field is old:
                    setting.field = new
        self.delete_field(old)
        return new

    @locked
    def set_precision(self, field: FieldRef, precision: int) -> None:
        """Change the decimals of a number field; values that are there stay as they are."""
        self._field(field).precision = precision

    @locked
    def lock_field(self, field: FieldRef, task: Task | str | None = None, on: bool = True) -> None:
        """Refuse new values of a custom field (403), on all tasks or on one; or allow them again."""
        found = self._field(field)
        if task is None:
            found.locked = on
        elif on:
            found.locked_on.add(self._task(task).gid)
        else:
            found.locked_on.discard(self._task(task).gid)

    @locked
    def disable_field(self, field: FieldRef, on: bool = True) -> None:
        """Disable a custom field: its values can be read and cleared, not changed; or enable it again."""
        self._field(field).enabled = not on

    @locked
    def disable_option(self, field: FieldRef, option: str, on: bool = True) -> None:
        """Disable a choice of an enum field by name, or enable it again."""
        choice = next(one for one in self._field(field).options if one.name == option)
        choice.enabled = not on

    @locked
    def delete_field(self, field: FieldRef) -> None:
        """Delete a custom field with all its values."""
        gone = self._field(field)
        gone.deleted = True
        for project in self.projects.values():
            project.settings = [setting for setting in project.settings if setting.field is not gone]
        for task in self.tasks.values():
            task.values.pop(gone.gid, None)

    # What is meant

    def _user(self, user: UserRef | None) -> User:
        """Return the person meant; None is the token's own."""
        if user is None:
            return self.me
        if isinstance(user, User):
            return user
        found = self.find_user(user)
        if found is None:
            raise KeyError(f"no user {user}")
        return found

    def _project(self, project: ProjectRef) -> Project:
        return self.projects[project] if isinstance(project, str) else project

    def _portfolio(self, portfolio: Portfolio | str) -> Portfolio:
        return self.portfolios[portfolio] if isinstance(portfolio, str) else portfolio

    def _item(self, item: Project | Portfolio | str) -> Project | Portfolio:
        if isinstance(item, str):
            return self.projects[item] if item in self.projects else self.portfolios[item]
        return item

    def _field(self, field: FieldRef) -> Field:
        return self.fields[field] if isinstance(field, str) else field

    def _task(self, task: Task | str) -> Task:
        return self.tasks[task] if isinstance(task, str) else task
