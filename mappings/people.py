"""Who is who: GitHub login to Asana user, by the people table, Contacts, then by e-mail; never by a guess."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sync.model.contract import Contact
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


def people_table(settings: Mapping[str, Counterpart], contacts: Iterable[Contact]) -> Mapping[str, Counterpart]:
    """Return who is who by login: as the settings say, else by the e-mail that Airtable's Contacts have for a login.

    A login that stands there with several e-mails is nobody's.
    """
    emails: dict[str, set[str]] = {}
    for contact in contacts:
        login = contact.github.strip().rstrip("/").rpartition("/")[2].removeprefix("@").casefold()
        if login and contact.email:
            emails.setdefault(login, set()).add(contact.email.strip().casefold())
    known = {login: Counterpart(email=found.pop()) for login, found in emails.items() if len(found) == 1}
    return known | {login.casefold(): counterpart for login, counterpart in settings.items()}


def shown(person: Person) -> str:
    """Return how a person is named in text: the name where known, else the login."""
    return person.name or person.login
