"""README and docs agree with the code: commands, settings, findings, columns, exit codes, links."""

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from connectors.wire.columns import TABLES
from sync.cli import COMMANDS, main
from sync.errors import ExitCode
from sync.findings.kinds import BY_NAME
from sync.findings.kinds import page as findings_page
from sync.model.change import Change
from sync.report import documents
from sync.settings import NOT_SETTINGS, Settings, variable

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
BUILT = {"generated", "_build"}
PAGES = (
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *(path for path in sorted(DOCS.rglob("*.md")) if not BUILT & set(path.relative_to(DOCS).parts)),
)

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
OUR_COMMAND = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?csh-sync (?P<rest>\S.*)$")
VARIABLE = re.compile(r"CSH_[A-Z_]*[A-Z]")
LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def rows_of(page: Path) -> Iterator[list[str]]:
    """Yield the cells of all tables of a page, without their heads."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        head = number + 1 < len(lines) and lines[number + 1].startswith("|---")
        if line.startswith("|") and not line.startswith("|---") and not head:
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


# Commands.


def shown_commands() -> Iterator[tuple[str, str]]:
    """Yield every command of ours that a page shows: in code between words, and line by line in fenced code."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        fenced = [line.strip() for block in FENCE.findall(text) for line in block.splitlines()]
        inline = INLINE.findall(FENCE.sub("", text))
        for code in (*fenced, *inline):
            if found := OUR_COMMAND.match(code):
                yield name_of(page), found["rest"]


SHOWN = sorted(set(shown_commands()))


@pytest.mark.parametrize(("page", "command"), SHOWN, ids=[f"{page}: {command}" for page, command in SHOWN])
def test_every_command_shown_is_understood(
    page: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command.replace("[", "").replace("]", "").replace("\\|", "|"), comments=True)
    for word in words:
        if not word.startswith("-") and "/" not in word:
            Path(word).touch()  # files on the command line have to exist
    parse(words)


def parse(words: list[str]) -> None:
    """Parse a command line as click does, without running anything. Raises UsageError where it would be refused."""
    shared = {flag for parameter in main.params for flag in parameter.opts} | {"--help"}
    while words and words[0].startswith("-"):
        if words[0] not in shared:
            raise click.NoSuchOption(words[0])
        words = words[1:]
    if words:
        command = main.get_command(click.Context(main), words[0])
        if command is None:
            raise click.UsageError(f"no such command: {words[0]}")
        if words[1:]:  # a command that is merely named need not be whole
            command.make_context(words[0], words[1:])


@pytest.mark.parametrize("command", ["plan --jsn", "pln", "--colour plan", "hours one two", "match --cases FILE"])
def test_a_command_that_is_wrong_would_be_noticed(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("FILE").touch()
    with pytest.raises(click.UsageError):
        parse(shlex.split(command))


def test_pages_show_commands() -> None:
    assert len(SHOWN) > 20


def command_named(name: str) -> click.Command:
    found = main.get_command(click.Context(main), name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_described(name: str) -> None:
    assert f"`csh-sync {name}`" in (ROOT / "README.md").read_text(encoding="utf-8")
    reference = (DOCS / "commands.md").read_text(encoding="utf-8")
    options = [flag for one in command_named(name).params for flag in one.opts if isinstance(one, click.Option)]
    assert f"`csh-sync {name}" in reference
    assert [flag for flag in options if flag not in reference] == []


def test_options_of_all_commands_are_described() -> None:
    reference = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert [flag for parameter in main.params for flag in parameter.opts if f"`{flag}`" not in reference] == []


def test_exit_codes_are_those_of_the_code() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8").partition("## Exit codes")[2].partition("\n## ")[0]
    told = {int(code) for cells in re.findall(r"^\| ([\d, ]+) \|", page, re.MULTILINE) for code in cells.split(",")}
    assert told == {int(code) for code in ExitCode}


def test_every_make_target_shown_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    shown = {target for page in PAGES for target in re.findall(r"`(?:\$ )?make ([a-z]+)", page.read_text("utf-8"))}
    shown |= set(re.findall(r"^\$ make ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= shown <= targets


# Settings.


def settings_of(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield every setting's variable with its default, as the shipped file or the code has it."""
    shipped: Any = tomllib.loads((ROOT / "mappings" / "defaults.toml").read_text(encoding="utf-8"))
    for part in path:
        shipped = shipped.get(part, {})
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings_of(field.annotation, (*path, name))
        else:
            default = None if field.default is PydanticUndefined else field.default
            yield variable(*path, name), shipped.get(name, default)


def spelled(default: object) -> str:
    if default in (None, "", ()):
        return "–"
    if isinstance(default, bool):
        return str(default).lower()
    return ", ".join(map(str, default)) if isinstance(default, tuple | list) else str(default)


def test_settings_page_lists_exactly_the_settings_with_their_defaults() -> None:
    told = {cells[0].strip("`"): cells[1].strip("`") for cells in rows_of(DOCS / "settings.md")}
    known = {name: spelled(default) for name, default in settings_of(Settings)} | dict.fromkeys(NOT_SETTINGS, "–")
    assert told == known


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_setting_that_does_not_exist(page: Path) -> None:
    known = {name for name, _ in settings_of(Settings)} | NOT_SETTINGS
    assert set(VARIABLE.findall(page.read_text(encoding="utf-8"))) <= known


def test_the_settings_file_shown_is_accepted() -> None:
    shown = re.findall(r"^```toml\n(.*?)^```", (DOCS / "settings.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert shown
    shipped = tomllib.loads((ROOT / "mappings" / "defaults.toml").read_text(encoding="utf-8"))
    for text in shown:
        given = tomllib.loads(text)
        whole = {**shipped, **given, **{name: {**shipped[name], **given[name]} for name in ("board", "thresholds")}}
        whole["asana"] = {**given["asana"], "fields": {**shipped["asana"]["fields"], **given["asana"]["fields"]}}
        Settings.model_validate(whole)


# Findings.


def arguments(folder: str, called: str, place: int) -> Iterator[ast.expr]:
    """Yield the kind that each call of *called* below *folder* is given: at its *place*, or by name.

    A constant of the module is followed to its value.
    """
    for file in sorted((ROOT / folder).rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        constants = {ast.unparse(one.targets[0]): one.value for one in tree.body if isinstance(one, ast.Assign)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == called:
                given = [word.value for word in node.keywords if word.arg == "kind"] or node.args[place : place + 1]
                yield from (constants.get(ast.unparse(one), one) for one in given)


def produced() -> Iterator[ast.expr]:
    """Yield where the kind of each finding comes from: checks, fates of tasks, remarks of the ledger."""
    yield from arguments("sync/findings", "Finding", 0)
    yield from arguments("sync/mirror", "Hold", 0)
    yield from arguments("sync/mirror", "NoTask", 1)
    yield from arguments("sync/hours", "remark", 0)
    yield from arguments("sync/hours", "Remark", 0)


def produced_kinds() -> set[str]:
    return {one.value for one in produced() if isinstance(one, ast.Constant) and isinstance(one.value, str)}


HANDED_ON = {"fate.kind", "remark.kind", "kind"}
"""Kinds that come from a fate or a remark, which are looked at where they are made."""
NEVER_SHOWN = {"absurd_hours"}
"""A remark of the ledger that a check tells in its own words."""


def test_every_kind_of_finding_is_written_out_where_it_is_made() -> None:
    others = {ast.unparse(one) for one in produced() if not isinstance(one, ast.Constant)}
    assert others <= HANDED_ON


def test_every_kind_that_is_made_is_registered_and_every_registered_one_is_made() -> None:
    assert len(produced_kinds()) > 15
    assert set(BY_NAME) == produced_kinds() - NEVER_SHOWN


def test_findings_page_is_the_one_written_from_the_code() -> None:
    assert (DOCS / "findings.md").read_text(encoding="utf-8") == findings_page(), "make findings writes it anew"


# Columns.


def test_airtable_page_lists_exactly_the_columns_with_whose_they_are() -> None:
    told: dict[str, dict[str, str]] = {}
    table = ""
    for cells in rows_of(DOCS / "airtable.md"):
        table = cells[0] or table
        told.setdefault(table, {})[cells[1]] = cells[3]
    known = {
        table: {one.name: "ours" if one.ours else "may lack" if one.optional else "" for one in columns}
        for table, columns in TABLES.items()
    }
    assert told == known


# JSON documents.


def test_records_page_names_every_key_of_the_documents() -> None:
    page = (DOCS / "records.md").read_text(encoding="utf-8")
    keys = {
        key.value
        for node in ast.walk(ast.parse(Path(documents.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }
    assert len(keys) > 20
    assert [key for key in sorted(keys - {"characters", "sha256"}) if f"`{key}`" not in page] == []


@pytest.mark.parametrize("change", get_args(Change), ids=lambda change: change.__name__)
def test_records_page_names_every_key_of_each_change(change: type) -> None:
    told = {cells[0].strip("`"): cells[1] for cells in rows_of(DOCS / "records.md")}
    keys = {one.name for one in fields(change)} - {"about", "reason"}
    assert [key for key in sorted(keys) if f"`{key}`" not in told[change.__name__]] == []


# Links.


def slug(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_relative_links_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{name_of(page)} links to {target}"
        assert file.is_relative_to(ROOT)
        if anchor:
            headings = HEADING.findall(FENCE.sub("", file.read_text(encoding="utf-8")))
            assert anchor in {slug(heading) for heading in headings}, f"{name_of(page)} links to {target}#{anchor}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    ask = [ROOT / "README.md"]
    while ask:
        page = ask.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        ask += [(page.parent / target).resolve() for target, _ in LINK.findall(page.read_text("utf-8")) if target]
    assert set(PAGES) <= reached
