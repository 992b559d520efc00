"""Custom fields of Asana: which of a project's fields are ours, and their values on tasks.

https://developers.asana.com/docs/custom-fields-guide
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from connectors.wire.asana_json import Json, OddValue, is_number, own_gid, record, records, text
from mappings.nearest import nearest, renamed
from sync.model.change import Value
from sync.model.reading import FieldDrift

VALUE_FIELDS = ",".join(
    f"custom_fields.{name}"
    for name in (
        *("gid", "name", "resource_subtype", "enabled", "is_value_read_only", "precision", "format"),
        *("text_value", "number_value", "enum_value.name"),
    )
)
SETTING_FIELDS = ",".join(
    f"custom_field.{name}"
    for name in (
        *("gid", "name", "resource_subtype", "precision", "format", "is_value_read_only", "is_formula_field"),
        *("enum_options.gid", "enum_options.name", "enum_options.enabled"),
    )
)
TYPES = {
    "github_url": ("text",),
    "github_id": ("text",),
    "github_hours": ("number",),
    "status": ("text", "enum"),
    "estimate": ("number",),
}
"""The types that each of our fields on the home project may have."""
NEEDED = ("github_url", "github_hours")
ON_CSH_TASKS = ("hours_used", "hours_left")
"""Our fields on CSH tasks: each engagement may have them under gids of its own."""
PEOPLES = ("hours_total", "total_time")
"""People's numbers or formulas, on any task: read where they are, never written."""
INSTEAD = "peoples_"
"""Before the name of a field of ours for which people have a read-only one, such as a formula."""
PEOPLES_TYPES = ("number", "formula")
EARLIER = "earlier_url"
EARLIER_NAMES = frozenset(
    {"github url", "github issue url", "github issue", "github link", "github issue link", "issue url", "github"}
)
"""What earlier tools and people call the field with an issue's address, wherever it is."""
PRECISION = 2
MOST_DECIMALS = 6
"""What a number field of Asana can keep at most."""
READ_ONLY = "read-only"
OTHER_UNITS = ("percentage", "duration")
"""Formats in which a number does not mean hours."""


@dataclass(frozen=True, slots=True)
class HomeField:
    """One of our custom fields as the home project has it.

    *options* maps an enum's names to gids; *decimals* are those a number keeps.
    """

    gid: str
    type: str
    options: Mapping[str, str] = field(default_factory=dict)
    decimals: int = MOST_DECIMALS


@dataclass(frozen=True, slots=True)
class HoursFields:
    """Our fields on one CSH task: gids of those that can be written, and why others of these names cannot be.

    A read-only one, such as a formula of a person, is neither: it is nothing of ours.
    """

    gids: Mapping[str, str] = field(default_factory=dict)
    unusable: Mapping[str, str] = field(default_factory=dict)


def decode_home_fields(
    settings: Collection[Any], names: Mapping[str, str]
) -> tuple[dict[str, HomeField], tuple[FieldDrift, ...]]:
    """Find our fields among a project's custom field settings, by name or gid.

    Returns those that can be used, and the drift of those that are needed and missing, there and of no use, or missing
    where one is like them: renamed. Raises OddValue when the settings are not what the API promises.
    """
    fields = [_setting(one, index) for index, one in enumerate(settings)]
    found: dict[str, HomeField] = {}
    drift: list[FieldDrift] = []
    for ours, allowed in TYPES.items():
        wanted = names.get(ours, "")
        hits = [one for one in fields if is_called(one, wanted)]
        guess = nearest if ours in NEEDED else renamed
        like = "" if hits or not wanted else guess(wanted, _free(fields, names, allowed))
        if not wanted or not (hits or like or ours in NEEDED):
            continue
        other = next((one for one, field in found.items() if [field.gid] == [hit["gid"] for hit in hits]), "")
        shared = f'set for "{names[other]}" too' if other else ""
        if problem := shared or why_useless(hits, allowed, decimals=PRECISION if ours in NEEDED else 0):
            setting = f"{ours} in [asana.fields]"
            kind = _wanted_type(allowed)
            needed = bool(hits) or ours in NEEDED
            where = "the home project"
            drift.append(FieldDrift("Asana", where, wanted, kind, problem, True, like, setting, needed))
        else:
            found[ours] = _home_field(hits[0])
    return found, tuple(drift)


def _free(fields: Collection[Json], names: Mapping[str, str], allowed: Collection[str]) -> Iterator[str]:
    """Yield the names of a project's fields of some types that are none of those we know."""
    for one in fields:
        if not any(is_called(one, known) for known in names.values()) and not why_useless([one], allowed, decimals=0):
            yield text(one, "name")


def _home_field(one: Json) -> HomeField:
    precision = one.get("precision")
    decimals = precision if isinstance(precision, int) else MOST_DECIMALS
    return HomeField(own_gid(one), text(one, "resource_subtype"), _options(one), decimals)


def _setting(setting: Any, index: int) -> Json:
    path = f"custom_field_settings[{index}]"
    custom_field = record(record(setting, path).get("custom_field"), f"{path}.custom_field")
    try:
        own_gid(custom_field), text(custom_field, "name", needed=True)
        text(custom_field, "resource_subtype", needed=True), _options(custom_field)
    except OddValue as error:
        raise OddValue(f"{path}.custom_field.{error}") from None
    return custom_field


def _options(custom_field: Json) -> dict[str, str]:
    if custom_field.get("enum_options") is None:
        return {}
    options = records(custom_field, "enum_options")
    return {text(one, "name"): own_gid(one) for one in reversed(options) if one.get("enabled") is not False}


def is_called(custom_field: Json, wanted: str) -> bool:
    """Tell whether a field is the one that is wanted: by gid where that is all digits, else by name."""
    if not wanted:
        return False
    if wanted.isdecimal():
        return custom_field.get("gid") == wanted
    return str(custom_field.get("name") or "").strip().casefold() == wanted.strip().casefold()


def why_useless(hits: Collection[Json], allowed: Collection[str], *, decimals: int = PRECISION) -> str:
    """Return why a field cannot be used, "" when it can. A number needs so many *decimals*."""
    if len(hits) != 1:
        return f"there {len(hits)} times" if hits else "missing"
    one = next(iter(hits))
    kind, precision, form = one.get("resource_subtype"), one.get("precision"), one.get("format")
    if kind not in allowed:
        return f"of type {kind}"
    if one.get("is_formula_field") or one.get("is_value_read_only"):
        return READ_ONLY
    if kind == "number" and form in OTHER_UNITS:
        return f"a number shown as {form}"
    if kind == "number" and isinstance(precision, int) and precision < decimals:
        return "a number with 1 decimal" if precision == 1 else f"a number with {precision} decimals"
    return ""


def _wanted_type(allowed: Collection[str]) -> str:
    return "a number with two decimals" if "number" in allowed else " or ".join(allowed)


class FieldReader:
    """Reads our fields on tasks: those of the home project by gid, those of CSH tasks by the *names* (or gids) set."""

    def __init__(self, home: Mapping[str, HomeField], names: Mapping[str, str]) -> None:
        self.home = home
        self._ours_by_gid = {one.gid: (ours, one.type) for ours, one in home.items()}
        self._names = {ours: names.get(ours, "") for ours in ON_CSH_TASKS}
        self._peoples = {ours: names.get(ours, "") for ours in PEOPLES}
        self._instead = {f"{INSTEAD}{ours}": wanted for ours, wanted in self._names.items()}

    def values(self, task: Json) -> dict[str, str | Decimal | date | None]:
        """Return the values of our fields on *task*; a field that is disabled on it counts as absent.

        Raises OddValue with the path of a value of another type than its field's.
        """
        found: dict[str, str | Decimal | date | None] = {}
        hours = {gid: ours for ours, gid in self.hours_fields(task).gids.items()}
        for gid, one in self._enabled(task):
            ours, kind = self._ours_by_gid.get(gid) or (hours.get(gid, ""), "number")
            if ours:
                found[ours] = _value(one, kind, f"custom_fields.{ours}")
        instead = {name: one for name, one in self._instead.items() if name.removeprefix(INSTEAD) not in found}
        if not found.get("github_url"):
            found |= self._earlier_address(task)
        return found | self._peoples_values(task, {**self._peoples, **instead})

    def _earlier_address(self, task: Json) -> dict[str, str]:
        """Return what a field says that an earlier tool or a person used for the issue's address."""
        for _, one in self._enabled(task):
            value = one.get("text_value")
            if str(one.get("name") or "").strip().casefold() in EARLIER_NAMES and isinstance(value, str) and value:
                return {EARLIER: value}
        return {}

    def _peoples_values(self, task: Json, names: Mapping[str, str]) -> dict[str, Decimal | None]:
        """Return what people's own fields show; one that shows no number, or is there twice, counts as absent."""
        found: dict[str, Decimal | None] = {}
        fields = [one for _, one in self._enabled(task)]
        for ours, wanted in names.items():
            hits = [one for one in fields if is_called(one, wanted)]
            if len(hits) != 1 or hits[0].get("format") in OTHER_UNITS or "number_value" not in hits[0]:
                continue
            value = hits[0]["number_value"]
            if value is None and hits[0].get("resource_subtype") in PEOPLES_TYPES:
                found[ours] = None
            elif is_number(value):
                found[ours] = Decimal(str(value))
        return found

    def hours_fields(self, task: Json) -> HoursFields:
        """Return which of the fields for CSH tasks *task* has."""
        fields = [one for _, one in self._enabled(task)]
        gids, unusable = {}, {}
        for ours, wanted in self._names.items():
            hits = [one for one in fields if is_called(one, wanted)]
            problem = why_useless(hits, ("number",)) if hits else READ_ONLY
            if not problem:
                gids[ours] = own_gid(hits[0])
            elif problem != READ_ONLY:
                unusable[wanted] = problem
        return HoursFields(gids, unusable)

    @staticmethod
    def _enabled(task: Json) -> Iterator[tuple[str, Json]]:
        for one in records(task, "custom_fields"):
            if one.get("enabled") is not False:
                yield own_gid(one), one


def _value(one: Json, kind: str, path: str) -> str | Decimal | None:
    if one.get("resource_subtype") not in (kind, None):
        raise OddValue(path)
    name = {"text": "text_value", "number": "number_value", "enum": "enum_value"}[kind]
    if name not in one:
        raise OddValue(path)
    value = one[name]
    match kind:
        case "text" if isinstance(value, str):
            return value or None
        case "number" if is_number(value):
            return Decimal(str(value))
        case "enum" if isinstance(value, Mapping) and isinstance(value.get("name"), str):
            return value["name"] or None
        case _ if value is None:
            return None
    raise OddValue(path)


def encode_fields(
    values: Mapping[str, Value], names: Collection[str], fields: Mapping[str, HomeField]
) -> dict[str, Any]:
    """Return the ``custom_fields`` of a body for those of *names* whose value is known.

    A choice that the field does not offer is left out: it would empty the field.
    """
    encoded: dict[str, Any] = {}
    for name in names:
        if name in fields and name in values:
            one, value = fields[name], values[name]
            if one.type == "enum" and value and str(value) not in one.options:
                continue
            encoded[one.gid] = encode_value(value, one.options)
    return encoded


def encode_value(value: Value, options: Mapping[str, str] | None = None) -> Any:
    """Return a custom field's value as Asana takes it: a choice by its option's gid, null to clear."""
    if value is None or value == "":
        return None
    if options:
        return options.get(str(value))
    if isinstance(value, Decimal):
        return float(value)
    return value
