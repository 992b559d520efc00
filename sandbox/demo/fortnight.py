"""What people do in the fortnight after the first run: each kind of change at least once."""

from __future__ import annotations

from collections.abc import Callable

from sandbox import Sandbox
from sandbox.asana.state.model import Task
from sandbox.demo.history import standing_still
from sandbox.demo.issues import HOURS
from sandbox.demo.organisation import DemoOrganisation
from sandbox.demo.people import colleague
from sandbox.demo.periods import FORTNIGHT
from sandbox.demo.workspace import LABEL
from sandbox.github.rest.render import web_url
from sandbox.github.state.model import Issue

Act = Callable[[], str]


def play_fortnight(sandbox: Sandbox, organisation: DemoOrganisation) -> list[str]:
    """Act as people in the three services; return one sentence for each act. Afterwards it is a fortnight later.

    A run must have mirrored the organisation before. Raises LookupError when an issue has no task.
    """
    play = _Fortnight(sandbox, organisation)
    acts = play.acts()
    began = sandbox.clock.now().replace(microsecond=0)
    told = []
    with standing_still(sandbox, began + FORTNIGHT):
        for place, act in enumerate(acts, start=1):
            sandbox.clock.set(began + place * FORTNIGHT / (len(acts) + 1))
            told.append(act())
    return told


class _Fortnight:
    """The people of the demo at work."""

    def __init__(self, sandbox: Sandbox, organisation: DemoOrganisation) -> None:
        self._github = sandbox.github.state
        self._asana = sandbox.asana.state
        self._clock = sandbox.clock
        self._board = organisation.workspace.board
        self._home = organisation.workspace.home
        self._contracts = organisation.contracts
        self._issues = organisation.issues

    def acts(self) -> tuple[Act, ...]:
        """Return everything that happens, in order."""
        return (
            *(self._finish, self._reopen, self._drop, self._drop_with_time, self._duplicate),
            *(self._label_off, self._label_off_with_hours, self._label_on, self._open_new),
            *(self._raise_hours, self._lower_hours, self._add_child, self._move_child, self._rename),
            *(
                self._type_over,
                self._move_by_hand,
                self._move_to_other_project,
                self._log_by_hand,
                self._name_community,
            ),
        )

    # Ends and beginnings.

    def _finish(self) -> str:
        issue = self._issue("finish")
        self._type_hours(issue, 3.5)
        self._github.close(issue, "completed", by=_who(issue))
        return f"{_name(issue)} closes {_called(issue)} as completed, with 3.5 hours."

    def _reopen(self) -> str:
        issue = self._issue("again")
        self._github.reopen(issue, by=_who(issue))
        return f"{_name(issue)} reopens {_called(issue)}: a column is missing."

    def _drop(self) -> str:
        issue = self._issue("drop")
        self._github.close(issue, "not_planned", by=_who(issue))
        return f"{_name(issue)} closes {_called(issue)} as not planned; nobody worked on it."

    def _drop_with_time(self) -> str:
        issue = self._issue("drop with time")
        self._asana.log_minutes(self._task(issue), 45, self._clock.now().date(), by=colleague(_who(issue)).email)
        self._github.close(issue, "not_planned", by=_who(issue))
        return f"{_name(issue)} logs 45 minutes in Asana on {_called(issue)}, then closes it as not planned."

    def _duplicate(self) -> str:
        issue, original = self._issue("twin"), self._issue("images")
        self._github.close(issue, "duplicate", by=_who(issue), duplicate_of=original)
        return f"{_name(issue)} closes {_called(issue)} as a duplicate of {_reference(original)}."

    # Labels, new issues.

    def _label_off(self) -> str:
        issue = self._issue("label off")
        self._github.unlabel(issue, LABEL, by=_who(issue))
        return f"{_name(issue)} takes the label {LABEL} off {_called(issue)}; no hours are on it."

    def _label_off_with_hours(self) -> str:
        issue = self._issue("label off with hours")
        self._github.unlabel(issue, LABEL, by="zsofia-balogh")
        return f"{_named('zsofia-balogh')} takes the label {LABEL} off {_called(issue)}, which carries hours."

    def _label_on(self) -> str:
        issue = self._issue("label on")
        self._github.label(issue, LABEL, by=_who(issue))
        return f"{_name(issue)} puts the label {LABEL} on {_called(issue)}."

    def _open_new(self) -> str:
        title = "[Mekong Rice Models] Rainfall map for the planting season"
        issue = self._github.open_issue(
            "data-access",
            title,
            "Wished for in the call of Friday.\n\n- [x] find the data\n- [ ] map\n",
            author="zsofia-balogh",
            labels=(LABEL,),
            assignees=("priya-raghunathan",),
        )
        self._github.set_board(issue, self._board, {"Status": "In progress", "Estimate": 3, HOURS: 1.25})
        return f"{_named('zsofia-balogh')} opens {_called(issue)}, labelled {LABEL}, with 1.25 hours."

    # Hours, trees, titles.

    def _raise_hours(self) -> str:
        issue = self._issue("more")
        self._type_hours(issue, 2.25)
        return f"{_name(issue)} raises the hours of {_called(issue)} from 0.75 to 2.25."

    def _lower_hours(self) -> str:
        issue = self._issue("less")
        self._type_hours(issue, 1.5)
        return f"{_name(issue)} lowers the hours of {_called(issue)} from 3 to 1.5."

    def _add_child(self) -> str:
        parent = self._issue("new child")
        child = self._github.open_issue(
            "hub-images", "Plotting package for the workshop", "Needed on the first day.", author=_who(parent),
            assignees=("ewa-kowalczyk",),
        )  # fmt: skip
        self._github.add_sub_issue(parent, child, by=_who(parent))
        self._github.set_board(child, self._board, {"Status": "Up next", HOURS: 0.5})
        return f"{_name(parent)} adds {_called(child)} to {_reference(parent)} as a sub-issue, without a label."

    def _move_child(self) -> str:
        child, parent = self._issue("stray"), self._issue("new parent")
        before = child.parent
        assert before is not None
        self._github.move_sub_issue(child, parent, by=_who(child))
        return f"{_name(child)} moves the sub-issue {_called(child)} from {_reference(before)} to {_reference(parent)}."

    def _rename(self) -> str:
        issue, title = self._issue("new title"), "[Pacific Drifters] Empty the scratch disk every Sunday"
        before = _called(issue)
        self._github.edit(issue, title=title, by=_who(issue))
        return f'{_name(issue)} gives {before} the title "{title}".'

    # By hand in Asana, and on the board.

    def _type_over(self) -> str:
        issue = self._issue("typed over")
        self._asana.rename_task(self._task(issue), "URGENT: legend!!", by=colleague(_who(issue)).email)
        return f'{_name(issue)} types "URGENT: legend!!" over the title of the task of {_called(issue)} in Asana.'

    def _move_by_hand(self) -> str:
        issue, allocation = self._issue("two communities"), self._contracts.allocation("SVMS 2026 Q3")
        self._asana.move_task(self._task(issue), parent=allocation.csh_task, by=colleague("mateo-quispe").email)
        return (
            f"{_named('mateo-quispe')} drags the waiting task of {_called(issue)} under the CSH task of "
            f"{allocation.name}."
        )

    def _move_to_other_project(self) -> str:
        issue, allocation = self._issue("other project"), self._contracts.allocation("ODA floods 2026 Q3")
        self._asana.move_task(self._task(issue), parent=allocation.csh_task, by=colleague(_who(issue)).email)
        return f"{_name(issue)} drags the task of {_called(issue)} to the other project, {allocation.name}."

    def _log_by_hand(self) -> str:
        allocation = self._contracts.allocation("AotearoaSoils 2026 Q3")
        by, today = colleague(allocation.provider), self._clock.now().date()
        task = self._asana.add_task(
            "Call with two new regions", parent=allocation.csh_task, assignee=by.email, by=by.email
        )
        self._asana.log_minutes(task, 90, today, by=by.email)
        self._asana.complete_task(task, by=by.email)
        return f'{by.name} adds "{task.name}" under the CSH task of {allocation.name} by hand, with 1.5 hours.'

    def _name_community(self) -> str:
        issue, name = self._issue("misspelled"), "Kilimanjaro Genomics Forum"
        self._github.set_board(issue, self._board, {"Community": name})
        return f"{_named('zsofia-balogh')} names the community of {_called(issue)} on the board: {name}."

    # What is meant.

    def _issue(self, key: str) -> Issue:
        return self._issues[key]

    def _task(self, issue: Issue) -> Task:
        """Return the task that mirrors *issue*."""
        url = web_url(issue)
        for task in self._asana.tasks_in(self._home):
            if self._asana.field_value(task, "GitHub URL") == url:
                return task
        raise LookupError(f"no task of the home project has the GitHub URL {url}")

    def _type_hours(self, issue: Issue, hours: float) -> None:
        self._github.set_board(issue, self._board, {HOURS: hours})


def _who(issue: Issue) -> str:
    return issue.assignees[0].login


def _name(issue: Issue) -> str:
    return _named(_who(issue))


def _named(login: str) -> str:
    return colleague(login).name


def _reference(issue: Issue) -> str:
    return f"{issue.repository.name}#{issue.number}"


def _called(issue: Issue) -> str:
    return f'{_reference(issue)} "{issue.title}"'
