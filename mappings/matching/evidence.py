"""Each kind of evidence for itself: what an issue's fields, labels, form, ticket, title and words say (design D7)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from mappings.matching.folding import HARD_BREAK, LEFT_OUT, readable, shape
from mappings.matching.forms import Answer, community_answers, is_no_answer
from mappings.matching.heads import Title
from mappings.matching.mentions import Mention, mentions_in
from mappings.matching.passages import Passage, Weight
from mappings.matching.table import CommunityTable
from mappings.matching.values import IssueText, Kind
from sync.model.ticket import Company, NoAnswer, TicketAnswer, UnknownTicket

_LABEL = re.compile(r"\s*community\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_LINES = re.compile(rf"[\n{HARD_BREAK}]")
_AROUND_ANSWER = " .,;:!\"'" + LEFT_OUT


class Reading(Enum):
    """What a piece of evidence turned out to say."""

    ONE = "names one community"
    SEVERAL = "names several communities"
    UNKNOWN = "names no community we know"
    UNCLEAR = "is unclear"
    UNREAD = "could not be read"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence. *text* tells people what it is; *value* is what was written there.

    *doubtful* are communities that may be meant.
    """

    kind: Kind
    text: str
    reading: Reading
    community_ids: tuple[str, ...] = ()
    value: str = ""
    doubtful: tuple[str, ...] = ()


def _reading(ids: Sequence[str]) -> Reading:
    if not ids:
        return Reading.UNKNOWN
    return Reading.ONE if len(ids) == 1 else Reading.SEVERAL


def board_evidence(issue: IssueText, table: CommunityTable) -> Iterator[Evidence]:
    """Return what the board's ``Community`` and ``Allocation`` say; nothing where they are empty."""
    if issue.board_unread:
        yield Evidence(Kind.BOARD, "board", Reading.UNREAD)
    if issue.board_community and not _says_nothing(issue.board_community, table):
        yield _field(Kind.BOARD, f'board: Community "{issue.board_community}"', issue.board_community, table)
    owner = issue.board_allocation_community_id
    if owner:
        ids = (owner,) if owner in table else ()
        yield Evidence(Kind.BOARD, "board: Allocation", _reading(ids), ids)


def label_evidence(issue: IssueText, table: CommunityTable) -> Iterator[Evidence]:
    """Return what labels ``community: …`` say, by label."""
    for label in sorted(set(issue.labels)):
        value = _LABEL.fullmatch(shape(label))
        if value and not _says_nothing(value.group(1), table):
            yield _field(Kind.LABEL, f'label "{label}"', value.group(1), table)


def _says_nothing(value: str, table: CommunityTable) -> bool:
    return is_no_answer(value) and not table.named(value)


def _field(kind: Kind, text: str, value: str, table: CommunityTable) -> Evidence:
    ids = table.named(value)
    return Evidence(kind, text, _reading(ids), ids, value)


def form_evidence(passages: Sequence[Passage], table: CommunityTable) -> Evidence | None:
    """Return what the form's answers say about the community, or None where they say nothing.

    Answers that differ are unclear together. A question about something else of the community, such as its contact,
    only counts where a community is named in the answer.
    """
    answers = [answer for answer in community_answers(passages) if not _says_nothing(answer.text, table)]
    read = [(answer, _answered(answer, table)) for answer in answers]
    found = {
        _same(evidence): evidence
        for answer, evidence in read
        if answer.to_name or evidence.community_ids or evidence.doubtful
    }
    if len(found) < 2:
        return next(iter(found.values()), None)
    ids = tuple(sorted({one for evidence in found.values() for one in evidence.community_ids}))
    text = " and ".join(evidence.text for evidence in found.values())
    if len(ids) > 1:
        return Evidence(Kind.FORM, text, Reading.SEVERAL, ids)
    return Evidence(Kind.FORM, text, Reading.UNCLEAR, doubtful=ids)


def _same(evidence: Evidence) -> object:
    return (evidence.reading, evidence.community_ids) if evidence.community_ids else evidence.value


def _answered(answer: Answer, table: CommunityTable) -> Evidence:
    value = answer.text
    text = f'form: {answer.heading} "{readable(value)[:80]}"'
    lines = [line.strip(_AROUND_ANSWER) for line in _LINES.split(value) if line.strip(_AROUND_ANSWER)]
    whole = table.named(value)
    by_line = [table.named(line) for line in lines]
    if whole or (by_line and all(by_line)):
        ids = whole or tuple(sorted({one for named in by_line for one in named}))
        return Evidence(Kind.FORM, text, _reading(ids), ids, value)
    words = named_in(mention for passage in answer.passages for mention in mentions_in(passage, table))
    if words.several:
        return Evidence(Kind.FORM, text, Reading.SEVERAL, words.all, value)
    if words.one:
        return Evidence(Kind.FORM, text, Reading.ONE, (words.one,), value)
    return Evidence(Kind.FORM, text, Reading.UNCLEAR, value=value, doubtful=words.all)


@dataclass(frozen=True, slots=True)
class Named:
    """The communities that mentions name: some *surely*, some only in *doubt*; ids, sorted."""

    surely: tuple[str, ...]
    in_doubt: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Return every community that counts when asked whether there is exactly one."""
        return tuple(sorted({*self.surely, *self.in_doubt}))

    @property
    def one(self) -> str:
        """Return the community when exactly one is named, and surely; else ""."""
        return self.surely[0] if len(self.surely) == 1 and self.all == self.surely else ""

    @property
    def several(self) -> bool:
        """Tell whether a community is named and another one counts against it."""
        return bool(self.surely) and len(self.all) > 1


def named_in(mentions: Iterable[Mention]) -> Named:
    """Sum mentions up."""
    surely: set[str] = set()
    in_doubt: set[str] = set()
    for mention in mentions:
        if mention.weight is Weight.DECIDES:
            surely.update(mention.community_ids)
        elif mention.weight is Weight.DOUBTS:
            in_doubt.update(mention.community_ids, mention.longer)
    return Named(tuple(sorted(surely)), tuple(sorted(in_doubt - surely)))


def ticket_evidence(
    numbers: Iterable[str], answers: Mapping[str, TicketAnswer], table: CommunityTable
) -> Iterator[Evidence]:
    """Return what each ticket's company says. A ticket without an answer counts as not known to the help desk."""
    for number in numbers:
        answer = answers.get(number, UnknownTicket())
        match answer:
            case Company():
                ids = table.of_company(answer)
                alike = () if ids else table.named(answer.name)
                yield Evidence(Kind.FRESHDESK, f"ticket {number}", _reading(ids), ids, doubtful=alike)
            case UnknownTicket():
                yield Evidence(Kind.FRESHDESK, f"ticket {number}", Reading.UNKNOWN)
            case NoAnswer(reason):
                yield Evidence(Kind.FRESHDESK, f"ticket {number} ({reason})", Reading.UNREAD)


def head_evidence(title: Title, mentions: Iterable[Mention], table: CommunityTable) -> Evidence | None:
    """Return what the title's head says, or None where it is no name; *mentions* are those in the title.

    Every tag counts, of the other heads the first, and any that names somebody else makes the title name several. A
    head that goes on to a longer name (``Delta – Rivers: …``) names both.
    """
    heads = [head for head in (*title.tags, *title.heads[:1]) if table.named(head)]
    if not heads:
        return None
    ids = {one for head in (*heads, *title.heads[1:]) for one in table.named(head)}
    first = title.heads[0] if title.heads else ""
    if first and table.named(first):
        ids |= {one for mention in mentions if mention.start == 0 for one in mention.longer}
    text = f'title "{" – ".join(heads)}"'
    return Evidence(Kind.TITLE, text, _reading(sorted(ids)), tuple(sorted(ids)))
