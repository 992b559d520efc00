"""Who works for the demo organisation, and who of its communities takes part on GitHub."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox import Sandbox

DOMAIN = "lantern.example"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the team. *shows_email*: on GitHub, where most people of Asana are recognised by it."""

    login: str
    name: str
    shows_email: bool = True
    in_asana: bool = True

    @property
    def email(self) -> str:
        """Return the address at work."""
        return f"{self.login.split('-')[0]}@{DOMAIN}"


PROVIDERS = (
    Colleague("amara-okafor", "Amara Okafor"),
    Colleague("mateo-quispe", "Mateo Quispe"),
    Colleague("priya-raghunathan", "Priya Raghunathan"),
    Colleague("siobhan-byrne", "Siobhán Byrne"),
    Colleague("kenji-watanabe", "Kenji Watanabe"),
    Colleague("noura-haddad", "Noura Haddad"),
)
"""They deliver allocations."""

ENGINEERS = (
    Colleague("ewa-kowalczyk", "Ewa Kowalczyk"),
    Colleague("thandiwe-mokoena", "Thandiwe Mokoena"),
    Colleague("joerg-weiss", "Jörg Weiß"),
    Colleague("leilani-kahale", "Leilani Kahale"),
    Colleague("minhtuan-nguyen", "Nguyễn Minh Tuấn", shows_email=False),
)
"""They help out. The last one shows no address on GitHub: nobody can tell who that is in Asana."""

MANAGER = Colleague("zsofia-balogh", "Zsófia Balogh")
AMARA, MATEO, PRIYA, SIOBHAN, KENJI, NOURA = ((one.login,) for one in PROVIDERS)
EWA, _, _, LEILANI, TUAN = ((one.login,) for one in ENGINEERS)
"""Assignees, where somebody works alone."""

STAFF = (*PROVIDERS, *ENGINEERS, MANAGER)

GUESTS = (
    ("fdiallo-dakar", "Fatoumata Diallo", "fatoumata@cafe-scientifique.example"),
    ("hina-tamahori", "Hina Tamahori", None),
    ("anselmo-cv", "Anselmo Évora", "anselmo@svms.example"),
    ("rimay-killa", "Killa Mamani", None),
)
"""People of communities with a GitHub account (login, name, public address); none of them is in Asana."""


def add_people(sandbox: Sandbox) -> None:
    """Add everybody to GitHub, and the team to Asana."""
    github, asana = sandbox.github.state, sandbox.asana.state
    for one in STAFF:
        github.add_user(one.login, one.name, one.email if one.shows_email else None)
        if one.in_asana:
            asana.add_user(one.name, one.email)
    for login, name, email in GUESTS:
        github.add_user(login, name, email)


def colleague(login: str) -> Colleague:
    """Return the colleague of this login."""
    return next(one for one in STAFF if one.login == login)
