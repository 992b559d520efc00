"""Today's state as settings: what ``csh-sync init --from-here`` prints (requirement 115)."""

from collections.abc import Iterator
from dataclasses import replace

from connectors.wire.base_planning import ids_of
from sync.doors import Doors
from sync.setting_up import Chosen, Making, choose_sentinels, entries_of
from sync.settings import Settings
from sync.settings.writing import Entry, PersonEntry


def state_of(settings: Settings, chosen: Chosen, doors: Doors) -> tuple[list[Entry], list[PersonEntry]]:
    """Return today's state as settings (requirement 115): everything by its id, so that no new name breaks a run."""
    schema = doors.airtable(chosen.base).schema()
    names = {one: (found, called) for one, found, called in ids_of(schema, settings.airtable.names)}
    fields = settings.asana.fields.model_dump()
    settled = {ours: _gid_of(doors, chosen, name) for ours, name in fields.items() if name}
    columns = doors.github.number_columns(chosen.organisation, chosen.project_number)
    known = {one.casefold() for one in (settings.github.hours_field, *settings.github.hours_field_aliases)}
    hours = next((one for one, name in columns.items() if name.casefold() in known), chosen.hours_field)
    called = dict(names.values()) | columns | {gid: name for gid, name in settled.values() if gid}
    making = Making(
        names={one: found for one, (found, _) in names.items()},
        fields={ours: gid for ours, (gid, _) in settled.items() if gid},
        called=called,
    )
    entries = entries_of(
        settings, replace(chosen, hours_field=hours), making, choose_sentinels(settings, chosen, doors)
    )
    return entries, list(_people(settings, chosen, doors))


def _gid_of(doors: Doors, chosen: Chosen, name: str) -> tuple[str, str]:
    for one in doors.asana.fields_of(chosen.home_project):
        custom = one["custom_field"]
        if name in {custom["gid"], custom["name"]}:
            return str(custom["gid"]), str(custom["name"])
    return "", ""


def _people(settings: Settings, chosen: Chosen, doors: Doors) -> Iterator[PersonEntry]:
    """Yield the people whom an e-mail address joins, and who are not in the table yet (requirement 117)."""
    by_email = {one.email.casefold(): one for one in doors.asana.users(chosen.workspace) if one.email}
    known = {one.github.casefold() for one in settings.people}
    for person in doors.github.people(chosen.organisation):
        user = by_email.get(person.email.casefold()) if person.email else None
        if user and person.login.casefold() not in known:
            yield PersonEntry(person.login, user.gid, user.name)
