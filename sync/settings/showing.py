"""Every setting as a person may see it: its variable, its value, where that came from. Secrets are never shown."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, SecretStr

from sync.report.documents import SCHEMA_VERSION
from sync.settings.loading import Loaded
from sync.settings.tree import Settings, variable, variables

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """One setting. *value* is "" where nothing is set; *origin* begins with ``default`` where none is in use."""

    name: str
    value: str
    origin: str


def shown_settings(loaded: Loaded) -> tuple[ShownSetting, ...]:
    """Return all settings in the order of the tree. Of a secret only its length is told."""
    return tuple(
        ShownSetting(variable(*path), _spelled(_value(loaded.settings, path)), _origin(loaded, path))
        for path in _leaves()
    )


def settings_document(shown: Iterable[ShownSetting], problems: Sequence[str]) -> dict[str, Any]:
    """Return settings as a JSON document; *problems* are what is wrong with them."""
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "settings",
        "settings": [{"name": one.name, "value": one.value, "from": one.origin} for one in shown],
        "problems": list(problems),
    }


def _leaves() -> Iterator[tuple[str, ...]]:
    every = list(variables())
    blocks = {path[:-1] for path in every}
    return (path for path in every if path not in blocks)


def _value(settings: Settings, path: tuple[str, ...]) -> Any:
    value: Any = settings
    for name in path:
        value = getattr(value, name)
    return value


def _origin(loaded: Loaded, path: tuple[str, ...]) -> str:
    file = (*path[:-1], f"{path[-1]}_file")
    if isinstance(_value(loaded.settings, path), SecretStr) and not loaded.origin(path):
        return f"the file in {variable(*file)}"
    place = loaded.origin(path)
    if path == ("people",) and loaded.settings.people_file and loaded.settings.people:
        return " and ".join(filter(None, (place, f"the file in {variable('people_file')}")))
    unusable = any(problem.startswith(f"{variable(*path)}: ") for problem in loaded.problems)
    return f"{DEFAULT}, as {place} is not usable" if place and unusable else place or DEFAULT


def _spelled(value: Any) -> str:
    match value:
        case None | "" | ():
            return ""
        case SecretStr():
            return f"set ({len(value.get_secret_value())} characters)"
        case bool():
            return str(value).lower()
        case BaseModel():
            return value.model_dump_json(exclude_none=True)
        case tuple() if any(isinstance(one, BaseModel) for one in value):
            return json.dumps([one.model_dump(mode="json", exclude_none=True) for one in value], ensure_ascii=False)
        case tuple():
            return ", ".join(str(one) for one in value)
        case dict():
            return json.dumps(value, ensure_ascii=False, default=_plain) if value else ""
        case _:
            return str(value)


def _plain(value: BaseModel) -> dict[str, Any]:
    return value.model_dump(mode="json", exclude_defaults=True)
