"""Who is who: GitHub login to Asana user, by the people table, then by e-mail; never by a guess."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sync.model.issue import Person
from sync.model.work import AsanaUser


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A line of the people table: somebody's e-mail, or gid in Asana."""

    email: str = ""
    asana_gid: str = ""


class People:
    """The people of a run: the table from the settings and the users of the workspace."""

    def __init__(self, table: Mapping[str, Counterpart], users: Iterable[AsanaUser], *, complete: bool) -> None:
        self._table = {login.casefold(): counterpart for login, counterpart in table.items()}
        self._gids = {user.gid for user in users}
        self._by_email = {user.email.casefold(): user.gid for user in users if user.email}
        self._complete = complete

    def gid(self, person: Person) -> str | None:
        """Return the Asana gid of *person*, or None when nobody in the workspace is known to be them."""
        counterpart = self._table.get(person.login.casefold(), Counterpart())
        if counterpart.asana_gid and (counterpart.asana_gid in self._gids or not self._complete):
            return counterpart.asana_gid
        for email in (counterpart.email, person.email):
            if email and (gid := self._by_email.get(email.casefold())):
                return gid
        return None


def shown(person: Person) -> str:
    """Return how a person is named in text: the name where known, else the login."""
    return person.name or person.login
