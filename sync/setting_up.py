"""Setting up: find what the settings name, see what is missing, make it. The order of steps of ``csh-sync init``."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from connectors.airtable_setup import AirtableSetup
from connectors.asana_reading import ENGAGEMENTS_REMEDY, HOME_REMEDY
from connectors.wire.asana_planning import guess_fields, plan_fields
from connectors.wire.base_planning import guess_columns, guess_tables, plan_base
from mappings.nearest import nearest
from sync.doors import Doors
from sync.errors import CshSyncError, ExitCode, ServiceError, SettingsError
from sync.model.making import (
    ByHand,
    Guess,
    MakeColumn,
    MakeField,
    MakeLabel,
    MakeProject,
    MakeTable,
    SetupStep,
    StepDone,
)
from sync.settings import Settings, variable
from sync.settings.writing import Entry

HOME_NAME = "Mirrored GitHub issues"
NUMBER, NOTHING = re.compile(r"[0-9]+$"), re.compile(r"(?!)")
LIKE = {
    ("github", "project_number"): NUMBER,
    ("github", "hours_field"): NOTHING,
    ("asana", "workspace"): NUMBER,
    ("asana", "home_project"): NUMBER,
    ("asana", "portfolio"): NUMBER,
    ("asana", "engagements_project"): NUMBER,
    ("airtable", "base"): re.compile("app"),
}
"""What an answer that was not offered has to look like; a token does not see everything it may be given."""
NEW = "new"
NONE = "none"
EVERYWHERE = "all"
SEVERAL = 5
PERSON_WHY = "no API does it"
ALWAYS_BY_HAND = (
    ByHand(
        "Share every engagement's project with the token's user in Asana, and the portfolio.",
        "Asana leaves out of its lists what a user may not see, and a token cannot let itself in",
    ),
    ByHand("Have the organisation approve the GitHub token.", "until then it sees public data only"),
    ByHand(
        "Forbid people to edit the columns marked ours, where the Airtable plan has field permissions; "
        "make views and interfaces as you like.",
        PERSON_WHY,
    ),
    ByHand(
        "Once set up, take schema.bases:write off the Airtable token and make its user an Editor.",
        "runs need neither",
    ),
)


class RepositoryUnknown(CshSyncError):
    """A label is to be made in a repository that there is not."""

    exit_code = ExitCode.USAGE


class Asker(Protocol):
    """Asks a person, or answers for one."""

    def choose(self, question: str, name: str, options: Mapping[str, str], default: str) -> str:
        """Return one of *options* (id to name), or something typed; *name* is the setting it is for."""

    def agree(self, question: str, *, default: bool) -> bool:
        """Return whether the person agrees."""

    def tell(self, text: str) -> None:
        """Tell something."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was found or chosen. *home_project* is "" where it is still to be made, *by_hand* what was not found."""

    organisation: str = ""
    project_number: int = 0
    hours_field: str = ""
    workspace: str = ""
    home_project: str = ""
    portfolio: str = ""
    engagements_project: str = ""
    base: str = ""
    called: Mapping[str, str] = field(default_factory=dict)
    by_hand: tuple[ByHand, ...] = ()


@dataclass(frozen=True, slots=True)
class Making:
    """What is to be made, by hand or by us, and the names that stand for ours (with what they are called)."""

    steps: tuple[SetupStep, ...] = ()
    by_hand: tuple[ByHand, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)


def choose_ids(settings: Settings, doors: Doors, asker: Asker) -> Chosen:
    """Find every id: what is set stays, what is the only one is taken, everything else is asked.

    Raises SettingsError when nobody can be asked, and what the services raise.
    """
    finder = _Finder(asker)
    github, asana, airtable = settings.github, settings.asana, settings.airtable
    org = finder.one("Which organisation on GitHub?", ("github", "org"), github.org, doors.github.organisations)
    doors.github.look_for_organisation(org)
    boards = doors.github.boards(org)
    number = str(github.project_number) if str(github.project_number) in boards else ""
    if not number:
        asker.tell(f"The token sees no open board {github.project_number}.")
    number = finder.one("Which board?", ("github", "project_number"), number, lambda: boards)
    hours, by_hand = _hours_field(settings, doors, finder, org, int(number or 0))
    workspace = finder.one("Which workspace in Asana?", ("asana", "workspace"), asana.workspace, doors.asana.workspaces)
    projects = doors.asana.projects(workspace)
    home = _home(settings, doors, finder, workspace, projects)
    others = {gid: name for gid, name in projects.items() if gid != home}
    portfolio, engagements = _engagements(settings, doors, finder, workspace, others)
    opened = doors.airtable("")
    bases = {str(one["id"]): str(one["name"]) for one in opened.bases()} if not airtable.base else {}
    base = finder.one("Which base in Airtable?", ("airtable", "base"), airtable.base, lambda: bases)
    return Chosen(
        org,
        int(number or 0),
        hours,
        workspace,
        home,
        portfolio,
        engagements,
        base,
        finder.called | projects | boards | bases,
        by_hand,
    )


class _Finder:
    """Finds one thing at a time."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self.called: dict[str, str] = {}

    def one(
        self,
        question: str,
        path: tuple[str, str],
        given: str,
        find: Callable[[], Mapping[str, str]],
        *,
        guess: str = "",
        extra: Mapping[str, str] | None = None,
    ) -> str:
        """Return what is *given*, else the only one there is, else what the person chooses."""
        if given:
            return given
        options = dict(find())
        self.called |= options
        name = variable(*path)
        if len(options) == 1 and not extra:
            only = next(iter(options))
            self._asker.tell(f"{name}: {only}{f' ({options[only]})' if options[only] else ''}, the only one there is")
            return only
        offered = options | dict(extra or {})
        answer = self._asker.choose(question, name, offered, guess)
        while answer not in offered and not LIKE.get(path, re.compile("")).match(answer):
            self._asker.tell(f"{answer!r} is not among these.")
            answer = self._asker.choose(question, name, offered, guess)
        return "" if answer == NONE else answer


def _hours_field(
    settings: Settings, doors: Doors, finder: _Finder, org: str, board: int
) -> tuple[str, tuple[ByHand, ...]]:
    """Return the name or id of the board's hours column, that of the settings where the board has it or has none."""
    columns, usual = doors.github.number_columns(org, board), settings.github.hours_field
    if not columns:
        what = f'Add a column of numbers to board {board}, called "{usual}".'
        return usual, (ByHand(what, "making it would need a token that may write on boards"),)
    if usual in columns:
        return usual, ()
    for known in (settings.github.hours_field, *settings.github.hours_field_aliases):
        for name in columns.values():
            if name.strip().casefold() == known.strip().casefold():
                return name, ()
    like = nearest(settings.github.hours_field, columns.values())
    guess = next((one for one, name in columns.items() if name == like), "")
    question, path = "Which column of the board holds hours?", ("github", "hours_field")
    return finder.one(question, path, "", lambda: columns, guess=guess), ()


def _home(settings: Settings, doors: Doors, finder: _Finder, workspace: str, projects: Mapping[str, str]) -> str:
    """Return the home project: one that has our field already is the guess; *new* is one to be made."""
    if home := settings.asana.home_project:
        if home not in projects:
            finder.called[home] = doors.asana.name_of_project(home, HOME_REMEDY)
        return home
    holding = doors.asana.projects_with_field(workspace, settings.asana.fields.github_url)
    named = [gid for gid, name in projects.items() if name == HOME_NAME]
    guess = next(iter((*holding, *named)), NEW)
    extra = {NEW: f"make a project {HOME_NAME}"}
    question = "Which Asana project is the home of all mirrored tasks?"
    answer = finder.one(question, ("asana", "home_project"), "", lambda: projects, guess=guess, extra=extra)
    return "" if answer == NEW else answer


def _engagements(
    settings: Settings, doors: Doors, finder: _Finder, workspace: str, projects: Mapping[str, str]
) -> tuple[str, str]:
    """Return portfolio and engagements project: at least one of them."""
    ours = settings.asana
    if ours.portfolio:
        finder.called[ours.portfolio] = doors.asana.name_of_portfolio(ours.portfolio)
    if ours.engagements_project and ours.engagements_project not in projects:
        name = doors.asana.name_of_project(ours.engagements_project, ENGAGEMENTS_REMEDY)
        finder.called[ours.engagements_project] = name
    if ours.portfolio or ours.engagements_project:
        return ours.portfolio, ours.engagements_project
    none = {NONE: "there is none"}
    portfolios = doors.asana.portfolios(workspace)
    like = nearest("Active Engagements", portfolios.values())
    guess = next((gid for gid, name in portfolios.items() if name == like), next(iter(portfolios), NONE))
    question = "Which portfolio holds the engagements' projects? (its gid, if it is not listed)"
    portfolio = finder.one(question, ("asana", "portfolio"), "", lambda: portfolios, guess=guess, extra=none)
    like = nearest("Engagements", projects.values())
    guess = next((gid for gid, name in projects.items() if name == like), NONE)
    question = "Are there engagements that are tasks of one project? Which?"
    engagements = finder.one(question, ("asana", "engagements_project"), "", lambda: projects, guess=guess, extra=none)
    if not portfolio and not engagements:
        either = f"{variable('asana', 'portfolio')} or {variable('asana', 'engagements_project')}"
        raise SettingsError((f"{either} is needed: where are the engagements?",))
    return portfolio, engagements


def plan_making(
    settings: Settings, chosen: Chosen, doors: Doors, asker: Asker, labels_in: Sequence[str] = ()
) -> Making:
    """Return what is missing; what may stand for ours under another name is asked. Raises what the services raise."""
    names, called = dict(settings.airtable.names), {}
    schema = doors.airtable(chosen.base).schema()
    for guesses in (guess_tables, guess_columns):
        for one in guesses(schema, names):
            if _agreed(one, asker):
                names[one.setting], called[one.id] = one.id, one.name
    base = plan_base(schema, names)
    fields = settings.asana.fields.model_dump()
    project: tuple[MakeProject, ...] = ()
    home_fields: tuple[Mapping[str, object], ...] = ()
    if chosen.home_project:
        home_fields = doors.asana.fields_of(chosen.home_project)
        for one in guess_fields(home_fields, fields):
            if _agreed(one, asker):
                fields[one.setting], called[one.id] = one.id, one.name
    else:
        project = (MakeProject(HOME_NAME),)
    steps, by_hand = plan_fields(home_fields, doors.asana.shared_fields(chosen.workspace), fields)
    labels, without = _labels(settings, chosen, doors, asker, labels_in)
    hands = (*chosen.by_hand, *without, *base.by_hand, *by_hand)
    return Making((*base.steps, *project, *steps, *labels), hands, names, fields, called)


def _agreed(guess: Guess, asker: Asker) -> bool:
    """Ask whether something stands for ours. Where runs would write into it, nobody is taken at no word."""
    where = f" in {guess.place}" if guess.place else ""
    what = "be written into" if guess.ours else "be read"
    question = f'{guess.setting} is missing, but there is "{guess.name}"{where}. Shall that {what} instead?'
    return asker.agree(question, default=not guess.ours)


def _labels(
    settings: Settings, chosen: Chosen, doors: Doors, asker: Asker, labels_in: Sequence[str]
) -> tuple[list[MakeLabel], tuple[ByHand, ...]]:
    """Return the labels to be made: in the repositories named, or in all that are in use where the person agrees.

    Raises RepositoryUnknown for one that is none of them.
    """
    labels = tuple(one.label for one in settings.label_profiles if one.label)
    live = [one for one in doors.github.repositories(chosen.organisation, labels) if not one.archived]
    wanted, nowhere = set(labels_in), not any(one.labels for one in live)
    if not wanted and nowhere and live:
        question = f"No repository has the label {labels[0]}. Make it in all {len(live)} that are in use?"
        wanted = {EVERYWHERE} if asker.agree(question, default=False) else set()
    names = [{one.name, one.name.partition("/")[2]} for one in live]
    if unknown := sorted(wanted - {EVERYWHERE}.union(*names)):
        there = ", ".join(one.name for one in live[:SEVERAL]) or "none"
        remedy = f"In use and visible to the token: {there}{' and more' if len(live) > SEVERAL else ''}."
        raise RepositoryUnknown(f"--label {unknown[0]}: no such repository", remedy=remedy)
    chosen_ones = [one for one, called in zip(live, names, strict=True) if wanted & {EVERYWHERE, *called}]
    what = f"Give the repositories that hold such work the label {labels[0]}, or: csh-sync init --label all."
    without = (ByHand(what, "which ones those are, you know"),) if nowhere and not wanted else ()
    return [MakeLabel(one.name, label) for one in chosen_ones for label in labels if label not in one.labels], without


def carry_out(making: Making, chosen: Chosen, doors: Doors) -> Iterator[tuple[StepDone, str]]:
    """Make one thing after the other; one that fails stops no other. Yields what came of each, and the home's gid."""
    home = chosen.home_project
    for step in making.steps:
        trouble = ""
        try:
            match step:
                case MakeTable() | MakeColumn():
                    AirtableSetup(doors.airtable(chosen.base)).make(step, making.names)
                case MakeProject():
                    home = doors.asana.make_project(step, chosen.workspace)
                case MakeField() if home:
                    doors.asana.make_field(step, chosen.workspace, home)
                case MakeField():
                    trouble = "there is no home project to put it on"
                case MakeLabel():
                    doors.github.make_label(step)
        except ServiceError as error:
            trouble = str(error)
        yield StepDone(step, trouble), home


def entries_of(settings: Settings, chosen: Chosen, making: Making, sentinels: Mapping[str, str]) -> list[Entry]:
    """Return the lines of the settings file, in order."""
    called = {**chosen.called, **making.called}
    home_name = called.get(chosen.home_project, HOME_NAME)
    found = [
        Entry("github", "org", chosen.organisation, "the organisation on GitHub"),
        Entry(
            "github",
            "project_number",
            chosen.project_number,
            f"the board: {called.get(str(chosen.project_number), '')}",
        ),
        Entry("github", "hours_field", chosen.hours_field, "the board's column of hours, by name or id"),
        Entry("asana", "workspace", chosen.workspace, called.get(chosen.workspace, "")),
        Entry("asana", "home_project", chosen.home_project, f"{home_name}: holds every mirrored task"),
        Entry(
            "asana",
            "portfolio",
            chosen.portfolio,
            f"{called.get(chosen.portfolio, 'the portfolio')}: its projects are engagements",
        ),
        Entry(
            "asana",
            "engagements_project",
            chosen.engagements_project,
            f"{called.get(chosen.engagements_project, 'the project')}: its tasks are engagements",
        ),
        Entry("airtable", "base", chosen.base, called.get(chosen.base, "")),
    ]
    usual = settings.asana.fields.model_dump()
    found += [
        Entry("asana.fields", ours, name, called.get(name, ""))
        for ours, name in making.fields.items()
        if name != usual[ours]
    ]
    found += [
        Entry("airtable.names", ours, name, called.get(name, ""))
        for ours, name in making.names.items()
        if name != settings.airtable.names.get(ours)
    ]
    comments = {"issue": "must stay visible", "task": "must stay visible", "row": "must stay visible"}
    found += [Entry("sentinels", name, value, comments[name]) for name, value in sentinels.items()]
    return [one for one in found if one.value]


def choose_sentinels(settings: Settings, chosen: Chosen, doors: Doors) -> dict[str, str]:
    """Return one known object of each service where none is set: a labelled issue, a CSH task, a row of Activity.

    What there is none of yet is left out: it is chosen the next time.
    """
    ours, found = settings.sentinels, {}
    labels = tuple(one.label for one in settings.label_profiles if one.label)
    names = tuple(one.task_name for one in settings.label_profiles)
    if not ours.issue:
        found["issue"] = doors.github.a_labelled_issue(doors.github.repositories(chosen.organisation, labels))
    if not ours.task:
        found["task"] = doors.asana.a_csh_task(chosen.portfolio, chosen.engagements_project, names)
    if not ours.row:
        found["row"] = AirtableSetup(doors.airtable(chosen.base)).oldest_row(settings.airtable.names)
    return {name: value for name, value in found.items() if value}
