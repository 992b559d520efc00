"""How an issue tells whose it is: every way in which people name a community."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.demo import bodies
from sandbox.demo.communities import Community
from sandbox.demo.drafts import CSH, Cells
from sandbox.demo.tickets import Tickets


@dataclass(frozen=True, slots=True)
class Clothing:
    """What an issue wears to be recognised: title, body, labels, cells of the board."""

    title: str
    body: str
    labels: tuple[str, ...] = CSH
    board: Cells = field(default_factory=dict)


Way = Callable[[Community, str, str, Tickets], Clothing]


def _bracket(one: Community, title: str, body: str, _: Tickets) -> Clothing:
    return Clothing(f"[{one.name}] {title}", body)


def _short_bracket(one: Community, title: str, body: str, _: Tickets) -> Clothing:
    return Clothing(f"[{one.aliases[0]}] {title}", body)


def _dash(one: Community, title: str, body: str, _: Tickets) -> Clothing:
    return Clothing(f"{one.name} – {title}", body)


def _colon(one: Community, title: str, body: str, _: Tickets) -> Clothing:
    return Clothing(f"{one.aliases[0]}: {title}", body)


def _tag(one: Community, title: str, body: str, _: Tickets) -> Clothing:
    return Clothing(f"[Support] {one.name} - {title}", body)


def _form(one: Community, title: str, _body: str, _tickets: Tickets) -> Clothing:
    contact = one.contacts[0]
    wish = f"{title}, if possible within two weeks. Thank you!"
    return Clothing(title, bodies.form(one.name, f"{contact.name}, {contact.position}", wish))


def _ticket(one: Community, title: str, body: str, tickets: Tickets) -> Clothing:
    if not one.desk:
        return _form(one, title, body, tickets)
    return Clothing(f"[Support] {title}", bodies.ticket(tickets.new(one.code), f"{title}?"))


def _label(one: Community, title: str, body: str, _: Tickets) -> Clothing:
    return Clothing(title, body, (*CSH, f"community: {one.name}"))


def _alias(one: Community, title: str, body: str, _: Tickets) -> Clothing:
    return Clothing(title, f"Asked for by the {one.aliases[-1]} team in the last call.\n\n{body}")


def _board(one: Community, title: str, body: str, _: Tickets) -> Clothing:
    return Clothing(title, body, board={"Community": one.name})


WAYS: tuple[Way, ...] = (
    *(_bracket, _dash, _form, _tag, _ticket, _colon, _label),
    *(_short_bracket, _alias, _bracket, _board, _ticket, _dash, _alias),
)
"""The commonest ones more than once."""


def by_allocation(name: str, title: str, body: str) -> Clothing:
    """Return an issue whose allocation is named on the board: nothing else tells parallel ones apart."""
    return Clothing(title, body, board={"Allocation": name})
