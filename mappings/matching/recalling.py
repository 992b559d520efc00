"""Whose an issue is, worked out once: to read a text takes milliseconds, and most are as they were."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from mappings.matching.deciding import match
from mappings.matching.table import CommunityTable
from mappings.matching.values import Candidate, IssueText, Kind, Match, Step
from sync.model.memo import Memo, given
from sync.model.ticket import TicketAnswer, UnknownTicket

MATCH = "match"


def recalled_match(
    text: IssueText,
    table: CommunityTable,
    tickets: Mapping[str, TicketAnswer],
    host: str,
    parent_community_id: str | None = None,
    *,
    memo: Memo,
    place: str,
) -> Match:
    """Return what `match` returns, from *memo* where that knows it for the issue at *place*.

    A result depends on the tickets that the text names, and on no others: it is known with their answers.
    """
    key = given(text, table.said, host, parent_community_id)
    if (known := _opened(memo.recall(MATCH, place, key), tickets)) is not None:
        return known
    asked = _Asked(tickets)
    found = match(text, table, asked, host, parent_community_id)
    memo.note(MATCH, place, key, {"match": _told(found), "tickets": asked.answers})
    return found


class _Asked(Mapping[str, TicketAnswer]):
    """The help desk's answers, and which of them were looked at."""

    def __init__(self, tickets: Mapping[str, TicketAnswer]) -> None:
        self._tickets = tickets
        self.answers: dict[str, str] = {}

    def __getitem__(self, number: str) -> TicketAnswer:
        self.answers[number] = _answer(self._tickets, number)
        return self._tickets[number]

    def __iter__(self) -> Iterator[str]:
        raise TypeError("tickets are asked for one by one")

    def __len__(self) -> int:
        raise TypeError("tickets are asked for one by one")


def _answer(tickets: Mapping[str, TicketAnswer], number: str) -> str:
    return given(tickets.get(number, UnknownTicket()))


def _told(found: Match) -> list[Any]:
    return [
        found.community_id,
        found.kind.value,
        found.decided,
        found.conflict,
        [[one.community_id, one.why, one.score] for one in found.candidates],
        [[one.kind.value, one.text, one.community_ids, one.verdict] for one in found.steps],
        found.tickets,
    ]


def _opened(known: Any, tickets: Mapping[str, TicketAnswer]) -> Match | None:
    """Return a match as it was noted; None where a ticket has another answer by now, or it is no such note."""
    try:
        if any(_answer(tickets, number) != answer for number, answer in known["tickets"].items()):
            return None
        community, kind, decided, conflict, candidates, steps, own = known["match"]
        return Match(
            community_id=_same(community),
            kind=Kind(kind),
            decided=decided,
            conflict=tuple(map(_same, conflict)),
            candidates=tuple(Candidate(_same(one), why, score) for one, why, score in candidates),
            steps=tuple(Step(Kind(kind), text, tuple(map(_same, ids)), _same(said)) for kind, text, ids, said in steps),
            tickets=tuple(own),
        )
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def _same(word: Any) -> Any:
    """Return one string for all that are equal: thousands of issues name the same communities."""
    return sys.intern(word) if isinstance(word, str) else word
