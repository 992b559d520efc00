"""What a P&S initiative and its standard tasks contain, and the marker by which they are found again (requirement 93).

The issues may be public: no hours, no words of a contract, no names of people (requirement 110). The texts are ours, so
that nothing a person typed is read as Markdown; what a person typed stands in titles, which are plain.
"""

import re
from datetime import date

from mappings.richtext.characters import task_name
from sync.model.initiative import IssueDraft, Step
from sync.model.wording import USUAL, filled

LONGEST_TITLE = 256
"""Characters GitHub takes."""
_MARKER = re.compile(r"^<!-- csh-sync initiative (?P<allocation>[\w-]+)(?: (?P<step>[a-z]+))? -->\s*$", re.MULTILINE)
_STEPS = {step.value: step for step in Step}

TITLES = {
    Step.REFINEMENT: "Refinement",
    Step.INTRODUCTION: "Introduction mail",
    Step.WORK: "Work",
    Step.REPORTING: "Report and ask for feedback",
}
TEXTS = {
    Step.REFINEMENT: """\
Get to know the project, and open the issues that the work needs.

- [ ] Read the project and its clause in Airtable
- [ ] Open an issue for each piece of work, with a due date and an estimate
- [ ] Put what is ready into an iteration""",
    Step.INTRODUCTION: """\
Write to the technical contacts; copy the administrative ones. Billing contacts are not written to.

- [ ] Say who you are, and until when the hours last
- [ ] Say how and when you can be reached
- [ ] Offer a first meeting""",
    Step.WORK: """\
Stands above the issues of the work itself. Each of them carries the label by which its hours count; this one does not.

- [ ] Add each piece of work as a sub-issue
- [ ] Log its hours when it is done: in one place only""",
    Step.REPORTING: """\
Belongs in the last iteration of the allocation; keep the activity up to date every two weeks until then.

- [ ] Look through what was done, and that its hours are logged
- [ ] Send the report to the technical and administrative contacts, and ask for feedback
- [ ] Say who goes on from here""",
}


def marker(allocation_id: str, step: Step | None = None) -> str:
    """Return the line that names an allocation, or one standard task of its initiative; GitHub does not show it."""
    return f"<!-- csh-sync initiative {allocation_id}{f' {step.value}' if step else ''} -->"


def read_marker(body: str) -> tuple[str, Step | None] | None:
    """Return allocation and step that an issue's text names on a line of its own; None when it names none."""
    found = _MARKER.search(body)
    if found is None or (found["step"] and found["step"] not in _STEPS):
        return None
    return found["allocation"], _STEPS.get(found["step"] or "")


def initiative_draft(
    allocation_id: str, title: str, start: date, end: date, labels: tuple[str, ...], *, text: str = USUAL.initiative
) -> IssueDraft:
    """Return the initiative of an allocation. *title* is community and allocation, as people call them.

    *text* is what it says, in Markdown, where its days are filled in.
    """
    said = filled(_MARKER.sub("", text).strip() or USUAL.initiative, start=str(start), end=str(end))
    return IssueDraft(one_line(title), f"{said}\n\n{marker(allocation_id)}\n", labels)


def task_draft(
    allocation_id: str, step: Step, title: str, labels: tuple[str, ...], own: tuple[str, str] = ("", "")
) -> IssueDraft:
    """Return one standard task of an initiative; *own* are its title and text in the organisation's own words."""
    own_title, own_text = own
    text = _MARKER.sub("", own_text).strip() or TEXTS[step]
    body = f"{text}\n\n{marker(allocation_id, step)}\n"
    return IssueDraft(one_line(f"{own_title or TITLES[step]}: {title}"), body, labels)


def one_line(text: str) -> str:
    """Return a title as GitHub takes it: on one line, not too long."""
    line = task_name(text)
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1].rstrip()}…"
