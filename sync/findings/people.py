"""Findings about people."""

from collections.abc import Iterator

from mappings.people import shown
from sync.findings.case import Case, some
from sync.model.finding import Finding


def unmapped_people(case: Case) -> Iterator[Finding]:
    """Somebody is assigned on GitHub whom nobody in the Asana workspace is known to be; each is listed once."""
    unmapped: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for decision in case.mirrored():
        for person in decision.scoped.issue.assignees:
            if case.assessment.people.gid(person) is None:
                unmapped.setdefault(person.login, []).append(decision.scoped.issue.reference)
                names[person.login] = shown(person)
    for login, references in sorted(unmapped.items()):
        yield Finding(
            "person_unmapped",
            f"{names[login]} ({login})" if names[login] != login else login,
            f"Assigned on {some(references)}; no user of the Asana workspace is known to be them.",
            "Add them to [[people]] of the settings, or their GitHub login and e-mail to Contacts in Airtable.",
            subject_id=login,
        )
