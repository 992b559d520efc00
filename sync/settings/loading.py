"""From environment, ``.env``, settings file and defaults to one checked tree, with all problems told at once."""

import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from io import StringIO
from pathlib import Path
from typing import Any, get_origin

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from sync.errors import SettingsError
from sync.settings.checks import SECRETS, missing, with_people_file, with_token_files, wrong_values
from sync.settings.tree import DELIMITER, PREFIX, Settings, variable, variables

SETTINGS_FILE = "csh-sync.toml"
DOTENV = ".env"
NOT_SETTINGS = frozenset({"CSH_LOG"})
EMPTY_MEANS_OFF = ("board", "asana.fields")
"""Blocks in which an empty variable is a value; elsewhere it is one that nobody filled in."""
MOST_ROUNDS = 50
WITH_MARK = "utf-8-sig"
"""UTF-8, with the mark in front that some editors write, or without."""
WHOLE, NUMBER, DAY = "must be a whole number", "must be a number", "must be a day such as 2026-09-21"
YES_OR_NO, MOMENT = "must be true or false", "must be a moment such as 2026-09-21T06:10:00Z"
PLAIN_WORDS = {
    "int_": WHOLE,
    "float_": NUMBER,
    "decimal_": NUMBER,
    "bool_": YES_OR_NO,
    "date_": DAY,
    "datetime_": MOMENT,
    "tuple_": "must be a list",
    "string_type": "must be text, in quotes",
    "dict_type": "must be a table",
    "model_": "must be a table",
    "missing": "is missing",
}
"""What is wrong, by how pydantic calls it."""

Tree = dict[str, Any]


class _Variables(EnvSettingsSource):
    """Environment variables that are handed in, so that a demo can run without those of the process."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._given.items()}


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings as far as they are usable, all problems by name, and what each place gives, the last one deciding."""

    settings: Settings
    problems: tuple[str, ...]
    places: dict[str, Tree]

    def origin(self, path: Sequence[str]) -> str:
        """Return the place that decides on a setting, "" where none gives it."""
        return next((place for place in reversed(self.places) if _stands_in(self.places[place], path)), "")


def load_settings(environ: Mapping[str, str], folder: Path | None) -> Settings:
    """Read and check all settings from *environ*, and from ``.env`` and the settings file in *folder*, if one is given.

    Raises SettingsError with every problem found; nothing is asked of any service.
    """
    loaded = look_at_settings(environ, folder)
    if loaded.problems:
        raise SettingsError(loaded.problems)
    return loaded.settings


def look_at_settings(environ: Mapping[str, str], folder: Path | None) -> Loaded:
    """Read settings as `load_settings` does, and tell problems and places besides.

    Raises SettingsError only where nothing usable is left.
    """
    problems: list[str] = []
    dotenv = _dotenv(folder / DOTENV, problems) if folder else {}
    given = _upper(dotenv) | _upper(environ)
    problems += _unknown_variables(given)
    written = _toml(folder / SETTINGS_FILE, problems) if folder else {}
    defaults = _toml(Path(str(resources.files("mappings") / "defaults.toml")), problems)
    tree = _merged(_merged(defaults, written), _from_variables(given, problems))
    settings = _valid(_stripped(tree), defaults, problems)
    settings, unreadable = with_token_files(settings)
    settings, unknown = with_people_file(settings)
    told = {_subject(one) for one in problems}
    found = (*unreadable, *unknown, *missing(settings), *wrong_values(settings))
    problems += [one for one in found if _subject(one) not in told]
    places = {
        SETTINGS_FILE: written,
        DOTENV: _from_variables(_upper(dotenv), []),
        "the environment": _from_variables(_upper(environ), []),
    }
    return Loaded(settings, tuple(_placed(one, places) for one in dict.fromkeys(problems)), places)


def looks_new(folder: Path | None) -> bool:
    """Tell whether a folder holds neither ``.env`` nor the settings file."""
    return folder is not None and not any((folder / name).is_file() for name in (DOTENV, SETTINGS_FILE))


def _stands_in(tree: Any, path: Sequence[str]) -> bool:
    for name in path:
        if not isinstance(tree, Mapping) or name not in tree:
            return False
        tree = tree[name]
    return True


def _is_given(path: tuple[str, ...], value: str) -> bool:
    """Tell whether a variable says anything: an empty one does so only where a name can be switched off."""
    return bool(value.strip()) or ".".join(path).startswith(EMPTY_MEANS_OFF)


def _subject(problem: str) -> str:
    return problem.partition(" ")[0].rstrip(":")


def _placed(problem: str, places: dict[str, Tree]) -> str:
    """Add in which file the setting stands, and how it is called there."""
    name = _subject(problem)
    path = tuple(name.removeprefix(PREFIX).lower().split(DELIMITER))
    path = path[: next((at for at, part in enumerate(path) if part.isdecimal()), len(path))]
    if not name.startswith(PREFIX) or SETTINGS_FILE in problem or problem.endswith("is not set."):
        return problem
    place = next((one for one in reversed(places) if _stands_in(places[one], path)), "")
    told = {SETTINGS_FILE: f" It is {'.'.join(path)} in {SETTINGS_FILE}.", DOTENV: f" It stands in {DOTENV}."}
    return problem + told.get(place, "")


# Where settings come from.


def _upper(found: Mapping[str, str | None]) -> dict[str, str]:
    return {name.upper(): value for name, value in found.items() if value is not None}


def _dotenv(path: Path, problems: list[str]) -> Mapping[str, str | None]:
    """Read ``.env``, which may hold other programs' variables too: only a line of ours that is none is a problem."""
    try:
        text = path.read_text(encoding=WITH_MARK) if path.is_file() else ""
    except UnicodeError:
        problems.append(f"{DOTENV}: not text in UTF-8. Save it as UTF-8.")
        return {}
    except OSError as error:
        problems.append(f"{DOTENV}: {error.strerror}.")
        return {}
    lines = list(parse_stream(StringIO(text)))
    odd = [one.original.line for one in lines if one.error and PREFIX in one.original.string]
    problems += [f"{DOTENV}: line {line} is not NAME=value." for line in odd]
    return dotenv_values(stream=StringIO("".join(one.original.string for one in lines if not one.error)))


def _toml(path: Path, problems: list[str]) -> Tree:
    """Read a settings file. Tokens do not belong there, nor the names that variables have."""
    try:
        found = tomllib.loads(path.read_text(encoding=WITH_MARK))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        hint = "Texts stand in straight quotes, blocks in [brackets], each name once."
        problems.append(f"{path.name}: not TOML: {_without_tuples(str(error))}. {hint}")
        return {}
    except UnicodeError:
        problems.append(f"{path.name}: not text in UTF-8. Save it as UTF-8.")
        return {}
    except OSError as error:
        problems.append(f"{path.name}: {error.strerror}.")
        return {}
    for name in [one for one in found if one.upper().startswith(PREFIX)]:
        del found[name]
        called = ".".join(name.upper().removeprefix(PREFIX).lower().split(DELIMITER))
        problems.append(f"{name} stands in {path.name}: there it is called {called}.")
    for name in [one for one, value in found.items() if _is_block(one) and not isinstance(value, dict)]:
        del found[name]
        problems.append(f"{variable(name)}: {name} in {path.name} must be a block: [{name}] on a line of its own.")
    for block, name in SECRETS:
        if isinstance(found.get(block), dict) and found[block].pop(name, None) is not None:
            file = variable(block, f"{name}_file")
            problems.append(
                f"{variable(block, name)} stands in {path.name}: set it in the environment, .env or {file}."
            )
    slack = found.get("slack")
    if isinstance(slack, dict) and slack.pop("webhooks", None) is not None:
        problems.append(f"{variable('slack', 'webhooks')} stands in {path.name}: set each in the environment or .env.")
    return found


def _without_tuples(text: str) -> str:
    """Return what tomllib says with blocks as they are written: it shows ``('github',)``."""
    return re.sub(r"\(('.*?),?\)", lambda hit: "[" + ".".join(re.findall(r"'(.*?)'", hit[1])) + "]", text)


def _is_block(name: str) -> bool:
    info = Settings.model_fields.get(name)
    return info is not None and isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)


def _from_variables(given: Mapping[str, str], problems: list[str]) -> Tree:
    """Return what the variables say. One that is empty counts as not set, except where a name can be switched off."""
    usable = {}
    for path in variables():
        name = variable(*path)
        value = given.get(name)
        if value is None or not _is_given(path, value):
            continue
        if _is_json(path) and not _parses(value):
            problems.append(f"{name}: not the JSON that is expected here; it is easier in {SETTINGS_FILE}.")
        else:
            usable[name] = value
    return _Variables(usable)()


def _is_json(path: tuple[str, ...]) -> bool:
    """Tell whether a variable holds JSON: a whole block, a table of names, or a list of tables."""
    model: type[BaseModel] = Settings
    for name in path[:-1]:
        model = model.model_fields[name].annotation  # type: ignore[assignment]  # only blocks have paths below them
    info = model.model_fields[path[-1]]
    if info.metadata and any("NoDecode" in repr(one) for one in info.metadata):
        return False
    block = isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel)
    return block or get_origin(info.annotation) in {dict, tuple}


def _parses(value: str) -> bool:
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _merged(below: Tree, above: Mapping[str, Any]) -> Tree:
    """Return *below* with what *above* says, block by block."""
    merged = dict(below)
    for name, value in above.items():
        old = merged.get(name)
        both = isinstance(old, dict) and isinstance(value, Mapping)
        merged[name] = _merged(old, value) if both else value  # type: ignore[arg-type]
    return merged


def _stripped(tree: Any, name: str = "") -> Any:
    """Return *tree* without blanks around its words; tokens stay, so that blanks in them are told."""
    if isinstance(tree, Mapping):
        return {key: _stripped(value, key) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_stripped(one) for one in tree]
    return tree.strip() if isinstance(tree, str) and name not in {one for _, one in SECRETS} else tree


# Checking.


def _valid(tree: Tree, defaults: Tree, problems: list[str]) -> Settings:
    """Return settings without the values that are wrong, which are told: so all others can be checked too."""
    for _ in range(MOST_ROUNDS):
        try:
            return Settings(**tree)
        except ValidationError as error:
            problems += _spelled(error)
            for problem in error.errors(include_input=False, include_url=False):
                _take_back(tree, defaults, problem["loc"])
    raise SettingsError(tuple(dict.fromkeys(problems)))


def _take_back(tree: Tree, defaults: Tree, path: Iterable[str | int]) -> None:
    """Put the default in place of the value at *path*; a list goes as a whole."""
    place, usual = tree, defaults
    *blocks, name = [*_names(path)] or [""]
    for block in blocks:
        if not isinstance(place.get(block), dict):
            name = block
            break
        place, usual = place[block], usual.get(block, {})
    if name in usual:
        place[name] = usual[name]
    else:
        place.pop(name, None)


def _names(path: Iterable[str | int]) -> Iterator[str]:
    """Return the names in *path* up to the first position in a list."""
    for part in path:
        if not isinstance(part, str):
            return
        yield part


def _unknown_variables(given: Mapping[str, str]) -> Iterator[str]:
    known = {*(variable(*path) for path in variables()), *NOT_SETTINGS}
    for name in sorted(given):
        if name.startswith(PREFIX) and name not in known:
            yield _unknown(name, known)


def _unknown(name: str, known: Iterable[str]) -> str:
    """Tell of a name that no setting has, with the one that is meant: perhaps only its block was left out."""
    known = list(known)
    inner = [one for one in known if one.endswith(f"{DELIMITER}{name.removeprefix(PREFIX)}")]
    near = inner if len(inner) == 1 else difflib.get_close_matches(name, known, n=1)
    return f"{name}: no such setting." + (f" Did you mean {near[0]}?" if near else "")


def _spelled(error: ValidationError) -> Iterator[str]:
    """Tell each problem under its variable's name, without the value: it may be a secret."""
    for problem in error.errors(include_input=False, include_url=False):
        name = variable(*(str(part) for part in problem["loc"]))
        if problem["type"] == "extra_forbidden":
            yield _unknown(name, [variable(*path) for path in variables()])
        else:
            yield f"{name}: {_said_plainly(problem)}."


def _said_plainly(problem: ErrorDetails) -> str:
    """Return what is wrong with a value, in words for people who do not know pydantic."""
    plain = next((words for kind, words in PLAIN_WORDS.items() if problem["type"].startswith(kind)), "")
    return plain or problem["msg"].replace("Input should be", "must be").replace("Value error, ", "")
