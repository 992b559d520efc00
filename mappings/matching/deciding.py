"""From evidence to one community, or to silence (design D7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mappings.matching.evidence import (
    Evidence,
    Named,
    Reading,
    board_evidence,
    form_evidence,
    head_evidence,
    label_evidence,
    named_in,
    ticket_evidence,
)
from mappings.matching.forms import without_unticked_answers
from mappings.matching.heads import take_apart
from mappings.matching.markdown import read_body, read_title
from mappings.matching.mentions import Mention, mentions_in
from mappings.matching.passages import Passage, Weight
from mappings.matching.suggesting import similar
from mappings.matching.table import CommunityTable
from mappings.matching.tickets import tickets_of
from mappings.matching.values import Candidate, IssueText, Kind, Match, Step
from sync.model.ticket import TicketAnswer

_MOST_CANDIDATES = 20
_EXPLICIT = (Kind.BOARD, Kind.FORM, Kind.LABEL)


@dataclass(frozen=True, slots=True)
class _Ruling:
    """What evidence comes to: the community and the kind that decided. *waits*: stronger evidence was not readable."""

    community_id: str | None = None
    kind: Kind = Kind.NONE
    waits: bool = False


_SILENCE = _Ruling()


@dataclass(frozen=True, slots=True)
class _Case:
    """All evidence of one issue, taken apart."""

    evidence: tuple[Evidence, ...]
    """Strongest first, without the words of the text."""
    mentions: tuple[Mention, ...]
    words: Named
    title_words: Named
    passages: tuple[Passage, ...]
    fields: tuple[str, ...]
    """What should have been names."""
    tickets: tuple[str, ...]
    quoted_tickets: tuple[Evidence, ...]

    def of(self, *kinds: Kind) -> list[Evidence]:
        """Return the evidence of some kinds."""
        return [one for one in self.evidence if one.kind in kinds]


def match(
    text: IssueText,
    table: CommunityTable,
    tickets: Mapping[str, TicketAnswer],
    host: str,
    parent_community_id: str | None = None,
) -> Match:
    """Return the community of an issue, with all evidence for and against it.

    *tickets* are the help desk's answers by ticket number; a number that is absent counts as not known there. *host*
    is the help desk's, as it stands in links to tickets. *parent_community_id* is the community of the issue's parent.
    """
    case = _take_apart(text, table, tickets, host, parent_community_id)
    ruling = _decide(case, table)
    candidates = _candidates(case, ruling, table)
    return Match(
        community_id=ruling.community_id,
        kind=ruling.kind,
        decided=not ruling.waits,
        conflict=_conflict(case, ruling),
        candidates=candidates,
        steps=tuple(_steps(case, ruling)),
        tickets=case.tickets,
    )


def _take_apart(
    text: IssueText,
    table: CommunityTable,
    tickets: Mapping[str, TicketAnswer],
    host: str,
    parent_community_id: str | None,
) -> _Case:
    whole = read_title(text.title)
    body = read_body(text.body)
    title = take_apart(whole.text)
    own, quoted = tickets_of((whole, *body), host)
    *tags, rest = title.passages(whole)
    in_rest = mentions_in(rest, table)
    in_tags = [mention for tag in tags for mention in mentions_in(tag, table)]
    in_body = [mention for passage in without_unticked_answers(body) for mention in mentions_in(passage, table)]
    mentions = (*in_tags, *in_rest, *in_body)
    form = form_evidence(body, table)
    head = head_evidence(title, in_rest, table)
    explicit = (*board_evidence(text, table), *((form,) if form else ()), *label_evidence(text, table))
    parent = parent_community_id if parent_community_id is not None and parent_community_id in table else ""
    return _Case(
        evidence=(
            *explicit,
            *((Evidence(Kind.PARENT, "parent issue", Reading.ONE, (parent,)),) if parent else ()),
            *ticket_evidence(own, tickets, table),
            *((head,) if head else ()),
        ),
        mentions=mentions,
        words=named_in(mentions),
        title_words=named_in((*in_tags, *in_rest)),
        passages=(*tags, rest, *body),
        fields=(*(one.value for one in explicit if one.reading is not Reading.ONE), *title.tags, *title.heads[:1]),
        tickets=own,
        quoted_tickets=tuple(ticket_evidence(quoted, tickets, table)),
    )


def _decide(case: _Case, table: CommunityTable) -> _Ruling:
    """Ask level by level. Evidence that is there but not clear leaves a weaker level only what does not contradict."""
    if any(one.reading is Reading.UNREAD for one in case.of(Kind.BOARD)):
        return _Ruling(waits=True)
    explicit = case.of(*_EXPLICIT)
    if ruling := _by_fields(explicit):
        return ruling
    for parent in case.of(Kind.PARENT):
        return _Ruling(parent.community_ids[0], Kind.PARENT)
    tickets = case.of(Kind.FRESHDESK)
    if ruling := _by_tickets(tickets):
        return ruling
    possible = _possible(explicit, tickets, table)
    for head in case.of(Kind.TITLE):
        found = head.community_ids[0] if head.reading is Reading.ONE else ""
        return _Ruling(found, Kind.TITLE) if found and _fits(found, possible) else _SILENCE
    if case.words.one and _fits(case.words.one, possible):
        return _Ruling(case.words.one, Kind.ALIAS)
    return _SILENCE


def _by_fields(explicit: Sequence[Evidence]) -> _Ruling | None:
    """Decide by board, form and labels; None when they leave it open."""
    if any(one.reading is Reading.UNKNOWN for one in explicit):
        return _SILENCE
    named = [set(one.community_ids) for one in explicit if one.community_ids]
    if not named:
        return None
    common = {ids.pop() for ids in map(set, named) if len(ids) == 1}
    if len(common) != 1 or not all(common <= ids for ids in named):
        return _SILENCE
    kind = next(one.kind for one in explicit if set(one.community_ids) == common)
    return _Ruling(next(iter(common)), kind)


def _by_tickets(tickets: Sequence[Evidence]) -> _Ruling | None:
    """Decide by tickets when all belong to one community; None when they leave it open."""
    if any(one.reading is Reading.UNREAD for one in tickets):
        return _Ruling(waits=True)
    named = {one.community_ids for one in tickets}
    if len(named) == 1 and all(one.reading is Reading.ONE for one in tickets):
        return _Ruling(tickets[0].community_ids[0], Kind.FRESHDESK)
    return None


def _possible(explicit: Sequence[Evidence], tickets: Sequence[Evidence], table: CommunityTable) -> set[str] | None:
    """Return the communities that unclear stronger evidence leaves for title and text; None: it excludes nobody."""
    possible: set[str] | None = None
    unclear = [one for one in explicit if one.reading is Reading.UNCLEAR]
    if unclear:
        alike = similar([one.value for one in unclear if one.value], (), table)
        possible = {one for evidence in unclear for one in evidence.doubtful} | {one.community_id for one in alike}
    named = {one for ticket in tickets for one in ticket.community_ids}
    if named:
        possible = named if possible is None else possible & named
    return possible


def _fits(community_id: str, possible: set[str] | None) -> bool:
    return possible is None or community_id in possible


def _conflict(case: _Case, ruling: _Ruling) -> tuple[str, ...]:
    """Return the communities that evidence names against the ruling, strongest first.

    Those named in the title count when it does not name the one that was found too; against a ticket, the text counts
    as well. Without a ruling: those that equally strong evidence names, when that is why there is none.
    """
    if ruling.community_id is not None:
        against = [
            evidence
            for evidence in case.evidence
            if evidence.kind is Kind.TITLE or ruling.community_id not in evidence.community_ids
        ]
        named = [one for evidence in against for one in evidence.community_ids]
        if ruling.community_id not in case.title_words.all:
            named += case.title_words.surely
        if ruling.kind is Kind.FRESHDESK and case.words.one:
            named.append(case.words.one)
        return tuple(dict.fromkeys(one for one in named if one != ruling.community_id))
    for kinds in (_EXPLICIT, (Kind.FRESHDESK,), (Kind.TITLE,)):
        named = [one for evidence in case.of(*kinds) for one in evidence.community_ids]
        if len(set(named)) > 1:
            return tuple(dict.fromkeys(named))
    return ()


def _candidates(case: _Case, ruling: _Ruling, table: CommunityTable) -> tuple[Candidate, ...]:
    found = [Candidate(one, evidence.text) for evidence in case.evidence for one in evidence.community_ids]
    found += [Candidate(one, evidence.text) for evidence in case.evidence for one in evidence.doubtful]
    for weight, words in (
        (Weight.DECIDES, "named"),
        (Weight.DOUBTS, "perhaps named"),
        (Weight.SUGGESTS, "named in a quotation or an address"),
    ):
        written = [one for one in case.mentions if one.weight is weight and not one.meant]
        found += [Candidate(one, f'{words}: "{mention.text}"') for mention in written for one in mention.community_ids]
        found += [Candidate(one, f'part of it: "{mention.text}"') for mention in written for one in mention.longer]
    found += [Candidate(one, f"quoted {ticket.text}") for ticket in case.quoted_tickets for one in ticket.community_ids]
    if ruling.community_id is None:
        found += [
            Candidate(one, f'similar: "{mention.text}"', mention.score)
            for mention in case.mentions
            if mention.meant
            for one in mention.community_ids
        ]
        found += similar(case.fields, case.passages, table)
    return _each_once(found)


def _each_once(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        best.setdefault(candidate.community_id, candidate)
    return tuple(best.values())[:_MOST_CANDIDATES]


def _steps(case: _Case, ruling: _Ruling) -> Iterable[Step]:
    for one in case.evidence:
        yield Step(one.kind, one.text, one.community_ids, _verdict(one, ruling))
    if case.words.all:
        reading = Reading.ONE if case.words.one else Reading.SEVERAL if case.words.several else Reading.UNCLEAR
        written = dict.fromkeys(one.text for one in case.mentions if one.weight > Weight.SUGGESTS and not one.meant)
        words = Evidence(Kind.ALIAS, "named: " + ", ".join(f'"{text}"' for text in written), reading, case.words.all)
        yield Step(words.kind, words.text, words.community_ids, _verdict(words, ruling))


def _verdict(evidence: Evidence, ruling: _Ruling) -> str:
    """Return in words what came of a piece of evidence."""
    if ruling.community_id is None or not evidence.community_ids:
        return evidence.reading.value
    if (
        evidence.reading is Reading.ONE
        and evidence.kind is ruling.kind
        and ruling.community_id in evidence.community_ids
    ):
        return "decides"
    return "agrees" if ruling.community_id in evidence.community_ids else "contradicts"
