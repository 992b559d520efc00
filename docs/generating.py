"""Pages written from the code: every command with its options, every setting, every error with its remedy."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import click

from sync.cli import main
from sync.errors import ExitCode
from sync.settings import look_at_settings, variable
from sync.settings.showing import shown_settings

ROOT = Path(__file__).parents[1]
ROOMS = ("sync", "connectors", "mappings")
PARTS_OF_A_PROBLEM = 4
"""Service, subject, message and remedy of what could not be read."""
TELLING = {"failed", "warning", "tell"}
TOLD = ("check", "message", "remedy")
"""How checks of doctor say what is wrong, and with what."""
WRITTEN = "*Written from the code when the pages are built.*"


def write_pages(folder: Path) -> None:
    """Write all pages into *folder*; one that is the same already is left alone."""
    folder.mkdir(exist_ok=True)
    for name, text in (("commands", commands_page()), ("settings", settings_page()), ("errors", errors_page())):
        path = folder / f"{name}.md"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def commands_page() -> str:
    """Return the page of all commands: the help of each."""
    parts = ["# Every command and option", "", WRITTEN, "", *_block(_help("csh-sync", main)), ""]
    context = click.Context(main, info_name="csh-sync")
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        if command is not None:
            parts += [f"## {name}", "", *_block(_help(name, command, context)), ""]
    parts += ["## Exit codes", "", *_table(("Code", "Name"), [(str(int(c)), _words(c.name)) for c in ExitCode]), ""]
    return "\n".join(parts)


def settings_page() -> str:
    """Return the page of all settings: the variable, and what it is without being set."""
    shown = shown_settings(look_at_settings({}, None))
    rows = [(f"`{one.name}`", f"`{one.value}`" if one.value else "–") for one in shown]
    about = "What each means: [Settings](../settings.md). In `csh-sync.toml` the name is written with dots."
    return "\n".join(["# Every setting", "", WRITTEN, "", about, "", *_table(("Variable", "Default"), rows), ""])


@dataclass(frozen=True, order=True)
class Told:
    """An error as it is told: its kind, the message, and what to do; parts that vary stand in braces."""

    kind: str
    message: str
    remedy: str


def errors_page() -> str:
    """Return the page of all errors that come with a remedy."""
    rows = [(one.kind, _cell(one.message), _cell(one.remedy)) for one in errors()]
    about = "Parts that vary stand in braces. What to look at though nothing failed is a [finding](../findings.md)."
    heads = ("Kind", "Message", "What to do")
    parts = ["# Every error and its remedy", "", WRITTEN, "", about, "", *_table(heads, rows), ""]
    told = [(one.kind, _cell(one.message), _cell(one.remedy)) for one in verdicts()]
    parts += ["## What csh-sync doctor finds", "", *_table(("Check", "It says", "What to do"), told), ""]
    about = "Exit code 2, before any service is asked; each text says what to do, in the settings or their file."
    parts += ["## Settings that are refused", "", about, "", *(f"- {_cell(one)}" for one in refusals()), ""]
    return "\n".join(parts)


def verdicts() -> list[Told]:
    """Return what a check of doctor can find wrong or odd, by the check's name."""
    found: set[Told] = set()
    for name, (tree, words) in _modules().items():
        if name.startswith("sync/setup/"):
            for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
                found |= set(_verdicts_of(function, words))
    return sorted(found)


def refusals() -> list[str]:
    """Return what is said of settings that are missing or cannot be meant."""
    tree, words = _modules()["sync/settings/checks.py"]
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Yield))
    told = (_text(node.value, words) for node in nodes if node.value is not None)
    return sorted({one for one in told if _says_something(one)})


def errors() -> list[Told]:
    """Return every error that the code makes with a remedy, by kind and message."""
    return sorted({one for tree, words in _modules().values() for one in _errors_of(tree, words)})


Words = Mapping[str, ast.expr]


@cache
def _modules() -> dict[str, tuple[ast.Module, Words]]:
    """Return every module of ours by its path, with the texts that it names or takes from others."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    trees = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}
    constants = {name: dict(_constants(tree)) for name, tree in trees.items()}
    return {name: (tree, {**_imported(tree, constants), **constants[name]}) for name, tree in trees.items()}


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield the texts that a module names in capitals."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
            yield node.targets[0].id, node.value


def _imported(tree: ast.Module, constants: Mapping[str, Words]) -> Words:
    """Return the texts that a module takes from others."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            known = constants.get(f"{node.module.replace('.', '/')}.py", {})
            found |= {one.name: known[one.name] for one in node.names if one.name in known}
    return found


def _errors_of(tree: ast.Module, words: Words) -> Iterator[Told]:
    owners = {part: node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func).rpartition(".")[2]
        kind = owners.get(node, called) if called == "__init__" else called
        remedy = next((_text(word.value, words) for word in node.keywords if word.arg == "remedy"), "")
        parts = [_text(part, words) for part in node.args]
        if called == "Problem" and len(parts) == PARTS_OF_A_PROBLEM:
            remedy = parts.pop()
        message = ": ".join(filter(None, parts))
        if _says_something(remedy) and message:
            yield Told(kind, message, remedy)


def _verdicts_of(function: ast.FunctionDef, words: Words) -> Iterator[Told]:
    """Yield what a check can say."""
    nodes = list(ast.walk(function))
    named = [one for one in nodes if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)]
    calls = [one for one in nodes if isinstance(one, ast.Call) and ast.unparse(one.func) in TELLING]
    for call in (one for one in calls if len(one.args) == len(TOLD)):
        before = [one for one in named if one.lineno < call.lineno]
        parts = [_meant(part, before[-1:] if len(calls) > 1 else before) for part in call.args]
        told = product(*([_text(one, words) for one in part] for part in parts))
        yield from (Told(*each) for each in told if all(map(_says_something, each)))


def _meant(part: ast.expr, named: Sequence[ast.Assign]) -> list[ast.expr]:
    """Return the texts a part may be: those of its name, either one of a choice."""
    if isinstance(part, ast.Name):
        values = [one.value for one in named if ast.unparse(one.targets[0]) == part.id]
        return [each for value in values for each in _meant(value, ())] or [part]
    return [part.body, part.orelse] if isinstance(part, ast.IfExp) else [part]


def _says_something(text: str) -> bool:
    return bool(re.sub(r"\{[^}]*\}|[\s:.]", "", text))


def _text(node: ast.expr, words: Words) -> str:
    """Return a text of the code, what varies in it in braces."""
    match node:
        case ast.Constant(str() | int() as value):
            return str(value)
        case ast.JoinedStr(parts):
            return "".join(_part(part, words) for part in parts)
        case ast.Name(name) if isinstance(words.get(name), ast.Constant | ast.JoinedStr):
            return _text(words[name], {})
        case ast.Name(name):
            return f"{{{name}}}"
        case _:
            return ""


def _part(part: ast.expr, words: Words) -> str:
    if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name) and part.value.id in words:
        return _text(part.value, words)
    if isinstance(part, ast.FormattedValue) and ast.unparse(part).startswith("{variable("):
        return _variable(part.value)
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else f"{{{_name(part)}}}"


def _variable(call: ast.expr) -> str:
    """Return the setting that is meant, what varies in it in braces."""
    parts = call.args if isinstance(call, ast.Call) else ()
    return variable(*(_text(one, {}) or f"{{{_name(one)}}}" for one in parts))


def _name(part: ast.expr) -> str:
    """Return the last word of what is filled in."""
    value = part.value if isinstance(part, ast.FormattedValue) else part
    words = ast.unparse(value).replace("(", ".").replace(")", "").replace("[", ".").split(".")
    return next((word for word in reversed(words) if word.isidentifier()), "…")


def _help(name: str, command: click.Command, above: click.Context | None = None) -> str:
    context = click.Context(command, info_name=name, parent=above, max_content_width=100, terminal_width=100)
    return command.get_help(context)


def _block(text: str) -> list[str]:
    return ["```text", *text.splitlines(), "```"]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [_row(heads), _row(["---"] * len(heads)), *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    """Return a text for a cell of a table: nothing in it is markup."""
    for char in "\\|<>*_`[]":
        text = text.replace(char, f"\\{char}")
    return " ".join(text.split())


def _words(name: str) -> str:
    return name.lower().replace("_", " ")
