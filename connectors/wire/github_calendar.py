"""The calendar of a board's iteration column.

GitHub tells iterations that are active or to come apart from those that are over:
https://docs.github.com/en/graphql/reference/objects#projectv2iterationfieldconfiguration.
"""

from collections.abc import Mapping
from datetime import timedelta

from connectors.wire.github_json import Json, OddValue, day, part, text, whole_number
from sync.model.issue import Iteration

LISTS = ("completedIterations", "iterations")


def decode_calendar(field: Json) -> tuple[Iteration, ...]:
    """Return all iterations of a column by start, each once.

    Raises OddValue when any of them cannot be read: half a calendar would tell wrong dates.
    """
    configuration = part(field, "configuration")
    found: set[Iteration] = set()
    for name in LISTS:
        listed = configuration.get(name)
        if not isinstance(listed, list):
            raise OddValue(name)
        found |= {_iteration(one, f"{name}.{place}") for place, one in enumerate(listed)}
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.title)))


def _iteration(data: object, path: str) -> Iteration:
    if not isinstance(data, Mapping):
        raise OddValue(path)
    start, days = day(data, "startDate"), whole_number(data, "duration")
    if start is None or days < 1:
        raise OddValue(path)
    try:
        return Iteration(text(data, "title"), start, start + timedelta(days=days - 1))
    except OverflowError:
        raise OddValue(path) from None
