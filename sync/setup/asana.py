"""Checks of the Asana side: the user, the home project and its fields, both layouts of engagements."""

from collections.abc import Iterator

from sync.findings.fields import drift_remedy, drift_words
from sync.model.examination import AsanaFacts, Examination, LayoutFacts, PlaceFacts, Unanswered, Verdict
from sync.setup.tokens import token_of
from sync.setup.verdicts import failed, listed, ok, unknown, warning

MAY_WRITE = ("admin", "editor")
ABOVE_THE_PLAN = "higher Asana plan"


def token(examination: Examination) -> Iterator[Verdict]:
    """The token is one of Asana's, and Asana takes it."""
    facts = examination.asana
    if facts is not None:
        name = "" if isinstance(facts.user, Unanswered) else facts.user.name
        yield token_of(examination, "Asana", facts.user, f"; {name} is shown as the author of tasks")


def workspace(examination: Examination) -> Iterator[Verdict]:
    """The workspace is one of the token's user."""
    facts = examination.asana
    if facts is None:
        return
    if isinstance(facts.workspace, Unanswered):
        yield unknown("asana.workspace", "the workspace", facts.workspace)
    elif facts.workspace:
        yield ok("asana.workspace", facts.workspace)
    else:
        remedy = f"Set CSH_ASANA__WORKSPACE; the token's user is in {listed(facts.workspaces)}."
        yield failed("asana.workspace", "the token's user is in no workspace of that gid", remedy)


def home_project(examination: Examination) -> Iterator[Verdict]:
    """The home project is there, in use, and nothing else besides."""
    facts, wanted = examination.asana, examination.wanted
    if facts is None:
        return
    if isinstance(facts.home, Unanswered):
        yield unknown("asana.home", "the home project", facts.home)
    elif wanted.home_project == wanted.engagements_project:
        remedy = "Make a project of its own for the mirrored tasks and set CSH_ASANA__HOME_PROJECT to it."
        yield failed("asana.home", f"{facts.home.name} is both the home and the engagements project", remedy)
    elif isinstance(facts.layout, LayoutFacts) and facts.layout.has_home:
        remedy = "Make a project of its own for the mirrored tasks and set CSH_ASANA__HOME_PROJECT to it."
        yield failed("asana.home", f"{facts.home.name} is in the portfolio: it is an engagement's project", remedy)
    elif facts.home.archived:
        remedy = "Take it out of the archive, or set CSH_ASANA__HOME_PROJECT to another."
        yield warning("asana.home", f"{facts.home.name} is archived", remedy)
    else:
        yield ok("asana.home", facts.home.name)


def home_access(examination: Examination) -> Iterator[Verdict]:
    """The token's user may write in the home project."""
    facts = examination.asana
    if facts is None or isinstance(facts.home, Unanswered):
        return
    access = facts.home.access
    if access in MAY_WRITE:
        yield ok("asana.access", f"the token's user is {access} of the home project")
    elif access:
        remedy = f"Make the token's user an editor of {facts.home.name}: its Share menu."
        yield failed("asana.access", f"the token's user is only {access} of the home project", remedy)
    else:
        remedy = "Unless it is there through a team: add the user to the project, as an editor."
        yield warning("asana.access", "the token's user is no member of the home project by its own name", remedy)


def fields(examination: Examination) -> Iterator[Verdict]:
    """The home project has our fields, with the types they need; a renamed one is guessed (requirement 113)."""
    facts = examination.asana
    if facts is None:
        return
    if isinstance(facts.fields, Unanswered):
        if facts.fields.skipped or not (isinstance(facts.home, Unanswered) or ABOVE_THE_PLAN in facts.fields.remedy):
            yield unknown("asana.fields", "the home project's fields", facts.fields)
        return
    for one in facts.fields.drift:
        tell = failed if one.needed else warning
        yield tell("asana.fields", drift_words(one), drift_remedy(one))
    if facts.fields.drift:
        return
    if "github_id" not in facts.fields.found:
        remedy = "Add a text field GitHub ID: a transferred issue is then found again (csh-sync init adds it)."
        yield warning("asana.fields", "the home project has no field GitHub ID", remedy)
    else:
        yield ok("asana.fields", f"{len(facts.fields.found)} fields of ours are on the home project")


def portfolio(examination: Examination) -> Iterator[Verdict]:
    """The portfolio of engagements is there and holds some."""
    facts = examination.asana
    if facts is not None and facts.portfolio is not None:
        yield _holder("asana.portfolio", "the portfolio", facts.portfolio)


def engagements_project(examination: Examination) -> Iterator[Verdict]:
    """The project whose tasks are engagements is there."""
    facts = examination.asana
    if facts is not None and facts.engagements is not None:
        yield _holder("asana.engagements", "the engagements project", facts.engagements)


def _holder(check: str, what: str, facts: PlaceFacts | Unanswered) -> Verdict:
    if isinstance(facts, Unanswered):
        return unknown(check, what, facts)
    if facts.size == 0:
        remedy = "Add the engagements' projects to it, and the token's user to each of them: lists leave out the rest."
        return warning(check, f"{what} {facts.name} shows nothing to the token's user", remedy)
    return ok(check, facts.name if facts.size is None else f"{facts.name}, {facts.size} in it")


def csh_tasks(examination: Examination) -> Iterator[Verdict]:
    """Engagements have tasks by the name of the CSH tasks, in either layout."""
    facts = examination.asana
    if facts is None or not _places_are_there(facts):
        return
    if isinstance(facts.layout, Unanswered):
        yield unknown("asana.csh_tasks", "the engagements", facts.layout)
        return
    names = " or ".join(f'"{one}"' for one in examination.wanted.csh_task_names)
    found, number = facts.layout, facts.layout.projects + facts.layout.tasks
    if not number:
        remedy = "Share the engagements with the token's user: nothing can be placed without any."
        yield warning("asana.csh_tasks", "no engagement is visible in either layout", remedy)
    elif not found.with_csh_task:
        lacking = f"none of {number} engagements has a task {names}"
        if found.near:
            remedy = f'Is it "{found.near}"? Set CSH_ASANA__CSH_TASK_NAME to it, or rename those tasks.'
            yield failed("asana.csh_tasks", lacking, remedy)
        else:
            remedy = "csh-sync allocations --apply makes one for each allocation, once clauses are in the base."
            yield warning("asana.csh_tasks", lacking, remedy)
    else:
        layouts = f"{found.projects} as projects, {found.tasks} as tasks"
        yield ok("asana.csh_tasks", f"{found.with_csh_task} of {number} engagements ({layouts}) have a task {names}")


def _places_are_there(facts: AsanaFacts) -> bool:
    """Tell whether a place of engagements is set, and each that is set could be read: else another check says so."""
    places = [one for one in (facts.portfolio, facts.engagements) if one is not None]
    return bool(places) and all(isinstance(one, PlaceFacts) for one in places)


def plan(examination: Examination) -> Iterator[Verdict]:
    """The plan has custom fields, and time entries."""
    facts = examination.asana
    if facts is None:
        return
    if isinstance(facts.fields, Unanswered) and ABOVE_THE_PLAN in facts.fields.remedy:
        remedy = "csh-sync keeps its key in a custom field: it needs a paid plan."
        yield failed("asana.plan", "the plan has no custom fields", remedy)
    elif facts.time_entries is False:
        remedy = "Hand-made time then counts as one sum, on the day its task was completed: docs/hours.md."
        yield warning("asana.plan", "the plan has no time entries", remedy)
    elif facts.time_entries is True:
        yield ok("asana.plan", "the plan has what is used of it")


def sentinel(examination: Examination) -> Iterator[Verdict]:
    """The task that must be visible is (decision D11)."""
    facts = examination.asana
    if facts is None or facts.sentinel is None:
        return
    if isinstance(facts.sentinel, Unanswered):
        yield unknown("asana.sentinel", "the sentinel task", facts.sentinel)
    elif facts.sentinel:
        yield ok("asana.sentinel", "the sentinel task is visible")
    else:
        remedy = "Check what the token may see, or set CSH_SENTINELS__TASK to another task."
        yield failed("asana.sentinel", "the sentinel task is gone, or not where a run looks", remedy)
