"""Checks of names: people who are in the table but not in Asana, and aliases that find too much."""

import re
from collections import Counter
from collections.abc import Iterator

from mappings.matching.common import COMMON_WORDS
from mappings.matching.folding import fold
from sync.model.contract import Community
from sync.model.examination import Examination, Unanswered, Verdict
from sync.setup.verdicts import failed, ok, warning

_WORD = re.compile(r"[^\W\d_][\w'-]*")


def counterparts(examination: Examination) -> Iterator[Verdict]:
    """Everybody in the people table is somebody in the Asana workspace (requirement 117)."""
    facts, people = examination.asana, examination.wanted.people
    if facts is None or isinstance(facts.users, Unanswered):
        return
    gids = {one.gid for one in facts.users}
    emails = {one.email.casefold() for one in facts.users if one.email}
    lost = [login for login, email, gid in people if gid not in gids and email.casefold() not in emails]
    for login in lost:
        message = f"{login} is in [[people]], but nobody in the workspace is known to be them"
        yield warning("people", message, "Correct e-mail or gid: their tasks are assigned to nobody meanwhile.")
    twice = sorted(login for login, number in Counter(one[0].casefold() for one in people).items() if number > 1)
    for login in twice:
        yield warning("people", f"{login} is in [[people]] more than once", "Leave one line: the last one counts.")
    if not lost and not twice:
        yield ok("people", f"{len(people)} in [[people]]; others are found by e-mail among {len(emails)} Asana users")


def common_aliases(examination: Examination) -> Iterator[Verdict]:
    """No alias is an everyday word (fault G13)."""
    communities = _communities(examination)
    found = [
        (alias, one.name)
        for one in communities
        for alias in dict.fromkeys(one.aliases)
        if _WORD.fullmatch(fold(alias)) and fold(alias) in COMMON_WORDS and fold(alias) != fold(one.name)
    ]
    for alias, name in found:
        remedy = f"Replace it in Aliases of {name} by a name that nothing else has."
        yield warning("aliases", f'"{alias}", an alias of {name}, is an everyday word', remedy)
    if communities and not found:
        yield ok("aliases", f"{len(communities)} communities; no alias is an everyday word")


def shared_aliases(examination: Examination) -> Iterator[Verdict]:
    """No name stands for two communities: it decides for neither (fault G13)."""
    owners: dict[str, dict[str, str]] = {}
    for one in _communities(examination):
        for name in filter(None, (one.name, *one.aliases)):
            owners.setdefault(fold(name), {})[one.id] = one.name
    for name, those in sorted(owners.items()):
        if len(those) > 1:
            both = " and ".join(sorted(those.values()))
            yield failed("aliases", f'"{name}" names {both}: issues that say it find neither', "Leave it with one.")


def _communities(examination: Examination) -> tuple[Community, ...]:
    facts = examination.airtable
    return () if facts is None or isinstance(facts.communities, Unanswered) else facts.communities
