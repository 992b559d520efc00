"""Who is who: settings before Contacts before e-mail, and never by a guess."""

import pytest

from mappings.people import Counterpart, People, people_table
from sync.model.contract import Contact
from sync.model.issue import Person
from sync.model.work import AsanaUser

ANA = AsanaUser("7", "Ana", "ana@example.org")
BEN = AsanaUser("8", "Ben", "ben@example.org")


def who(login: str, *contacts: Contact, **settings: Counterpart) -> str | None:
    return People(people_table(settings, contacts), (ANA, BEN), complete=True).gid(Person(login))


@pytest.mark.parametrize("github", ["ana", "@Ana", "https://github.com/ana", "https://github.com/ana/"])
def test_contacts_tell_which_e_mail_a_login_has(github: str) -> None:
    assert who("ana", Contact("1", "Ana", "Ana@example.org", github)) == "7"


def test_settings_come_before_contacts() -> None:
    assert who("ana", Contact("1", "Ana", "ana@example.org", "ana"), Ana=Counterpart(asana_gid="8")) == "8"


def test_a_login_with_two_e_mails_is_nobodys_and_one_that_stands_twice_is_one() -> None:
    one, other = Contact("1", "Ana", "ana@example.org", "ana"), Contact("2", "Ana", "ben@example.org", "ana")
    assert who("ana", one, other) is None
    assert who("ana", one, one) == "7"


def test_a_contact_without_login_or_e_mail_tells_nothing() -> None:
    assert who("ana", Contact("1", "ana", "ana@example.org"), Contact("2", "Ana", "", "ana")) is None
