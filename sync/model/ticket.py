"""What the help desk answers about a ticket."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Company:
    """The ticket belongs to this company (id or name, as text; both when known)."""

    company: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class UnknownTicket:
    """The help desk does not know the ticket, or no company stands on it: it decides nothing."""


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The help desk did not answer: a new issue waits."""

    reason: str


TicketAnswer = Company | UnknownTicket | NoAnswer
