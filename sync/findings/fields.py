"""Findings about fields that people renamed or retyped: nothing is written until they are found again."""

from collections.abc import Iterator

from sync.findings.case import Case
from sync.model.finding import Finding, Severity
from sync.model.reading import FieldDrift


def fields_changed(case: Case) -> Iterator[Finding]:
    """A field or column is missing or of another type: renamed, retyped or deleted (requirement 113).

    One that need not be there is told where another is so much like it that it was probably renamed.
    """
    for one in dict.fromkeys(drift(case)):
        yield Finding(
            "field_changed",
            f"{one.name} in {one.place} ({one.service})",
            _evidence(one),
            drift_remedy(one),
            subject_id=f"{one.service}/{one.place}/{one.name}",
            severity=None if one.needed or one.service == "GitHub" else Severity.MEDIUM,
        )


def drift_words(one: FieldDrift) -> str:
    """Return what is wrong with a field, and which one may be meant now."""
    verb = "needs" if one.needed else "can do without"
    return f'"{one.name}" in {one.place} is {one.found}, csh-sync {verb} {one.wanted}.{_guess(one)}'


def _guess(one: FieldDrift) -> str:
    return f' Is it "{one.nearest}" now?' if one.nearest else ""


def drift(case: Case) -> tuple[FieldDrift, ...]:
    """Return every field and column that was renamed, retyped or deleted, of all services."""
    world = case.world
    return (*world.tasks.drift, *world.contracts.drift, *world.ledger.drift, *world.issues.drift)


def _evidence(one: FieldDrift) -> str:
    if one.needed:
        return f"It is {one.found}; csh-sync needs {one.wanted}, and writes nothing until it has it.{_guess(one)}"
    if one.meanwhile:
        return f"It is {one.found}; {one.meanwhile}.{_guess(one)}"
    return f"It is {one.found}; csh-sync goes on without {one.wanted} there.{_guess(one)}"


def drift_remedy(one: FieldDrift) -> str:
    """Return what to do about it: name it in the settings, create it, or change it back, where that is possible.

    The type of a custom field of Asana cannot change later (Asana: custom fields); of GitHub's we know of no way.
    """
    if one.nearest and one.setting:
        return f'If so, set {one.setting} to "{one.nearest}", or give it its old name back.'
    if one.found == "missing":
        where = f", or set {one.setting} to its name of today" if one.setting else ""
        how = "" if one.service == "GitHub" else " (csh-sync init does)"
        return f"Create it{how}{where}."
    if one.found.startswith("there "):
        return f"Leave one of them there, or set {one.setting} to the id of the one that is meant."
    if one.found.startswith("set for "):
        return f"Set {one.setting} to one of its own, or take that line away."
    if one.found.startswith("of type ") and one.service != "Airtable":
        return f'Give it another name, and create {one.wanted} called "{one.name}": a type cannot be changed there.'
    return f"Make it {one.wanted} again; its values stay."
