"""What an issue becomes in Asana: the fields of ours on a mirrored task (decision D5)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from mappings.people import People, shown
from mappings.richtext.characters import task_name
from mappings.richtext.description import USUAL_LINES, Description, OwnLines, describe
from mappings.richtext.readback import is_reworded, same_text
from sync.model.change import TaskDraft, Text, Value
from sync.model.issue import BoardFields, Closing, EmptyHours, Issue, LoggedHours
from sync.model.memo import Memo, given
from sync.model.minutes import to_hours
from sync.model.wording import USUAL, Wording, filled

BUILT_IN = ("name", "description", "completed", "assignee", "start_on", "due_on")
NO_HOURS_LEFT = USUAL.no_hours_left
"""The quiet note on a task in its usual words."""
DESCRIBED = "described"
FIELDS = ("github_url", "github_id", "github_hours", "status", "estimate")


@dataclass(frozen=True, slots=True)
class HomeFields:
    """Our custom fields as the home project has them: their types, the choices of enums, the decimals of numbers."""

    types: Mapping[str, str]
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MirroredText:
    """The description of an issue's task, worked out when it is asked for: a body takes milliseconds.

    *body* is GitHub's Markdown, *extra* are lines of plain text before the last line, which names the issue; *own* are
    the words of the last one. *usual* is *extra* as it would be in the usual words, None where it is.
    """

    body: str
    url: str
    reference: str
    extra: tuple[str, ...] = ()
    own: OwnLines = USUAL_LINES
    usual: tuple[str, ...] | None = None

    @property
    def html(self) -> str:
        """Return it as rich text."""
        return _described(self).html

    @property
    def plain(self) -> str:
        """Return it as plain text."""
        return _described(self).plain


@lru_cache(maxsize=32)
def _described(text: MirroredText) -> Description:
    """Return both forms; whoever asks for one often asks for the other one soon."""
    return describe(text.body, url=text.url, reference=text.reference, extra=text.extra, own=text.own)


def description(
    issue: Issue,
    *,
    path: tuple[str, ...] = (),
    stands_for: str = "",
    noted: bool = False,
    wording: Wording = USUAL,
) -> MirroredText:
    """Return the task's description. *path* names the ancestors of an issue that is deeper than Asana allows.

    *stands_for* is the issue of which it is a placeholder; *noted*: its period had no hours left when it came in.
    """

    def lines(words: Wording) -> Iterator[str]:
        if noted:
            yield words.no_hours_left
        if stands_for:
            yield filled(words.stands_for, issue=stands_for)
        if len(issue.assignees) > 1:
            yield filled(words.also_assigned, people=", ".join(shown(person) for person in issue.assignees[1:]))
        if path:
            yield filled(words.part_of, path=" > ".join(path))

    text = issue.body, issue.url, issue.reference
    extra, usual = tuple(lines(wording)), tuple(lines(USUAL))
    own = OwnLines(wording.source_line, wording.cut, wording.rest, noted and wording.no_hours_left != NO_HOURS_LEFT)
    if (extra, own) == (usual, USUAL_LINES):
        return MirroredText(*text, usual)
    return MirroredText(*text, extra, own, usual)


def is_only_reworded(read: str, wanted: Text) -> bool:
    """Tell whether *read* is a description of ours that differs from *wanted* in words of ours alone."""
    if not isinstance(wanted, MirroredText):
        return False
    if wanted.usual is not None and same_text(read, replace(wanted, extra=wanted.usual, own=USUAL_LINES, usual=None)):
        return True
    return is_reworded(read, wanted.html)


def is_described(read: str, wanted: Text, memo: Memo, place: str) -> bool:
    """Tell whether *read*, an ``html_notes`` as Asana gives it back, says what *wanted* says.

    Where *memo* knows that of the issue at *place*, nothing is worked out.
    """
    key = given(wanted, read)
    if memo.recall(DESCRIBED, place, key) is True:
        return True
    same = same_text(read, wanted)
    if same:
        memo.note(DESCRIBED, place, key, found=True)
    return same


def draft(
    issue: Issue,
    people: People,
    home: HomeFields,
    *,
    path: tuple[str, ...] = (),
    stands_for: str = "",
    noted: bool = False,
    wording: Wording = USUAL,
) -> TaskDraft:
    """Return the task that *issue* should be, as far as everything about it is known."""
    board = issue.board_fields
    due = board.end if board else None
    start = board.start if board and due and board.start and board.start <= due else None
    gids = [gid for person in issue.assignees if (gid := people.gid(person))]
    first = people.gid(issue.assignees[0]) if issue.assignees else None
    return TaskDraft(
        name=task_name(issue.title),
        text=description(issue, path=path, stands_for=stands_for, noted=noted, wording=wording),
        completed=issue.closing is Closing.COMPLETED,
        assignee_gid=first or "",
        follower_gids=tuple(dict.fromkeys(gid for gid in gids if gid != first)),
        start_on=start,
        due_on=due,
        fields=_fields(issue, home),
    )


def known_fields(issue: Issue, people: People, home: HomeFields, board_columns: Collection[str]) -> tuple[str, ...]:
    """Return the names of those fields of ours whose value is known: what is unknown is left as it is."""
    names = ["name", "description"]
    if issue.closing in {Closing.OPEN, Closing.COMPLETED}:
        names.append("completed")
    if not issue.assignees or people.gid(issue.assignees[0]):
        names.append("assignee")
    if issue.board_fields:
        names += ["due_on"] if "end" in board_columns else []
        names += ["start_on"] if {"start", "end"} <= set(board_columns) else []
    written = _fields(issue, home)
    absent = {"status", "estimate"} - set(board_columns)
    return (*names, *(name for name in FIELDS if name in written and name not in absent))


def _fields(issue: Issue, home: HomeFields) -> dict[str, Value]:
    wanted: dict[str, Value] = {"github_url": issue.url, "github_id": issue.id}
    if not isinstance(hours := hours_value(issue), Unknown):
        wanted["github_hours"] = hours
    if issue.board_fields:
        wanted |= _board_values(issue.board_fields, home)
    return {name: value for name, value in wanted.items() if name in home.types}


class Unknown:
    """A value that could not be read."""


def hours_value(issue: Issue) -> Decimal | Unknown | None:
    """Return what belongs into ``GitHub Hours``: nothing for work that was not delivered (decision D6)."""
    if issue.closing.undelivered:
        return None
    match issue.hours:
        case LoggedHours(minutes):
            return to_hours(minutes)
        case EmptyHours():
            return None
        case _:
            return Unknown()


def _board_values(board: BoardFields, home: HomeFields) -> dict[str, Value]:
    values: dict[str, Value] = {}
    choices = home.options.get("status", frozenset())
    if home.types.get("status") == "text" or board.status in choices or not board.status:
        values["status"] = board.status or None
    if home.types.get("estimate") == "number":
        values["estimate"] = _rounded(board.estimate, home.decimals.get("estimate"))
    return values


def _rounded(number: Decimal | None, decimals: int | None) -> Decimal | None:
    """Return *number* as a field with so many decimals keeps it, so that it reads back as it was written."""
    if number is None or decimals is None:
        return number
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
