"""Values of custom fields: which a task has, what can be written, how a number is rounded.

https://developers.asana.com/docs/custom-fields-guide
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from sandbox.asana.days import parse_day, parse_moment, stamp
from sandbox.asana.refusals import Refusal, bad, field_locked, field_not_on_object, not_a_day
from sandbox.asana.state.model import EnumOption, Field, Project, Task, User

TEXT_LIMIT = 1_024

FindUser = Callable[[object], User | None]


def fields_on(task: Task, *, below: bool) -> Iterator[Field]:
    """Yield the fields *task* has by its projects; with *below* also by those of its ancestors."""
    seen: set[str] = set()
    place: Task | None = task
    while place is not None:
        for project in place.projects:
            yield from _new_fields(project, seen)
        place = place.parent if below else None


def checked(field: Field, task_gid: str, sent: Any, find_user: FindUser) -> Any:
    """Return *sent* as the field keeps it, None for an empty value; raise `Refusal` for what it does not take."""
    if field.formula is not None:
        raise bad(f"custom_fields: The value of the formula field {field.gid} cannot be written")
    if field.locked or task_gid in field.locked_on:
        raise field_locked()
    if not field.enabled and sent is not None:
        raise field_not_on_object(field.gid)
    if sent is None:
        return None
    return _CHECKS[field.kind](field, sent, find_user)


def rounded(value: float, precision: int) -> float:
    """Return *value* with so many decimals, halves away from zero."""
    with localcontext(prec=400):
        return float(Decimal(str(value)).quantize(Decimal(1).scaleb(-precision), ROUND_HALF_UP))


def _new_fields(project: Project, seen: set[str]) -> Iterator[Field]:
    for setting in project.settings:
        if setting.field.gid not in seen:
            seen.add(setting.field.gid)
            yield setting.field


def _wrong(field: Field, wanted: str) -> Refusal:
    return bad(f"custom_fields: The value of {field.gid} must be {wanted}")


def _text(field: Field, sent: Any, _: FindUser) -> str | None:
    if not isinstance(sent, str):
        raise _wrong(field, "a string")
    if len(sent) > TEXT_LIMIT:
        raise _wrong(field, f"at most {TEXT_LIMIT} characters long")
    return sent or None


def _number(field: Field, sent: Any, _: FindUser) -> float:
    if isinstance(sent, bool) or not isinstance(sent, int | float):
        raise _wrong(field, "a number")
    return rounded(sent, field.precision)


def _option(field: Field, sent: Any) -> EnumOption:
    found = next((one for one in field.options if one.gid == sent), None)
    if found is None:
        raise bad(f"enum_value: Not a recognized ID: {sent}")
    if not found.enabled:
        raise _wrong(field, "an enabled option")
    return found


def _enum(field: Field, sent: Any, _: FindUser) -> EnumOption:
    return _option(field, sent)


def _multi_enum(field: Field, sent: Any, _: FindUser) -> list[EnumOption] | None:
    if not isinstance(sent, list):
        raise _wrong(field, "an array of options")
    return [_option(field, one) for one in sent] or None


def _date(field: Field, sent: Any, _: FindUser) -> dict[str, str] | None:
    """Return day and moment of `{"date": …}` or `{"date_time": …}`; a day has no moment."""
    if not isinstance(sent, dict) or not sent.keys() <= {"date", "date_time"}:
        raise _wrong(field, "an object with date or date_time")
    if sent.get("date_time") is not None:
        moment = parse_moment(sent["date_time"])
        if moment is None:
            raise _wrong(field, "a date and time in ISO 8601")
        return {"date": moment.date().isoformat(), "date_time": str(stamp(moment))}
    if sent.get("date") is None:
        return None
    day = parse_day(sent["date"])
    if day is None:
        raise not_a_day("custom_fields", sent["date"])
    return {"date": day.isoformat()}


def _people(field: Field, sent: Any, find_user: FindUser) -> list[User] | None:
    if not isinstance(sent, list):
        raise _wrong(field, "an array of users")
    found = [find_user(one) for one in sent]
    if None in found:
        raise _wrong(field, "an array of users of the workspace")
    return [user for user in found if user is not None] or None


_CHECKS: dict[str, Callable[[Field, Any, FindUser], Any]] = {
    "text": _text,
    "number": _number,
    "enum": _enum,
    "multi_enum": _multi_enum,
    "date": _date,
    "people": _people,
}
