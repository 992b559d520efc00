"""Where the record of what was done goes: seen to be possible before the first write, and never lost after it."""

import json
import os
import resource
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.core import Status
from tests.cli.conftest import Go
from tests.cli.test_adopt import Old
from tests.e2e.organisation import START, Organisation

NOW = START.isoformat()


def no_folder(place: Path) -> None:
    """Leave out the folder."""


def a_file_above(place: Path) -> None:
    """Let a file stand where the folder should be."""
    place.parent.write_text("", encoding="utf-8")


def a_folder_in_its_place(place: Path) -> None:
    """Let a folder of the record's own name stand there, which for a folder means a name in it that is taken, too."""
    place.mkdir(parents=True)
    for command in ("run", "adopt", "undo"):
        (place / f"{command}-20260810T090000Z.json").mkdir()


def a_folder_that_is_only_read(place: Path) -> None:
    """Let nobody write in the folder."""
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    place.parent.mkdir()
    place.parent.chmod(0o500)


HINDRANCES = (no_folder, a_file_above, a_folder_in_its_place, a_folder_that_is_only_read)
Hinder = Callable[[Path], None]


@pytest.fixture
def commands(go: Go, org: Organisation) -> dict[str, tuple[str, ...]]:
    """Return each command that writes a record, and let each of them have something to do."""
    old = Old(org)
    old.task(org.issue("Reef Watch: old", hours=1))
    org.issue("Glacier Commons: fix", hours=2)
    assert go("run", "--record", "before.json").exit_code == 0
    org.issue("Reef Watch: fix", hours=2)
    old.task(org.issue("Reef Watch: older", hours=1), project=old.elsewhere)
    return {
        "run": ("run",),
        "run with json": ("run", "--json"),
        "apply": ("apply", "--yes"),
        "apply, asking": ("apply",),
        "adopt": ("adopt", "--yes", "--project", old.elsewhere.gid),
        "adopt, asking": ("adopt", "--project", old.elsewhere.gid),
        "undo": ("undo", "before.json", "--yes"),
        "undo, asking": ("undo", "before.json"),
    }


@pytest.mark.parametrize("hinder", HINDRANCES)
def test_where_no_record_can_be_written_nothing_is_asked_or_changed(
    go: Go, org: Organisation, commands: dict[str, tuple[str, ...]], hinder: Hinder
) -> None:
    place = Path("records/record.json")
    hinder(place)
    for name, command in commands.items():
        if hinder is a_folder_in_its_place and command[0] == "apply":
            continue  # takes no folder: wrong usage
        mark = org.sandbox.log.mark()
        result = go(*command, "--record", str(place), answer="y\n", CSH_NOW=NOW)
        assert result.exit_code == 2, (name, result.output)
        assert "The record cannot be written to records/" in result.stderr
        assert "--record FILE. Nothing was written." in result.stderr
        assert "?" not in result.stderr, name
        assert list(org.sandbox.log.writes(since=mark)) == [], name
    assert list(Path().rglob(".*")) == []


def test_what_stands_in_the_file_stays_until_there_is_a_new_record(
    go: Go, org: Organisation, commands: dict[str, tuple[str, ...]]
) -> None:
    Path("kept.json").write_text("kept", encoding="utf-8")
    assert go(*commands["adopt, asking"], "--record", "kept.json", answer="n\n").exit_code == 3
    assert Path("kept.json").read_text(encoding="utf-8") == "kept"
    assert sorted(one.name for one in Path().iterdir()) == ["before.json", "kept.json"]


@pytest.mark.parametrize("command", ["adopt", "undo"])
def test_a_folder_gets_a_record_named_for_command_and_moment(
    go: Go, org: Organisation, commands: dict[str, tuple[str, ...]], command: str
) -> None:
    Path("records").mkdir()
    result = go(*commands[command], "--record", "records", CSH_NOW=NOW)
    assert result.exit_code == 0, result.output
    place = Path(f"records/{command}-20260810T090000Z.json")
    assert f"To take it back: csh-sync undo {place}" in result.stderr
    assert json.loads(place.read_text(encoding="utf-8"))["outcomes"]


def test_without_anything_to_do_no_record_is_asked_for(go: Go, org: Organisation) -> None:
    assert go("adopt", "--yes", "--record", "no/such/folder.json").exit_code == 0
    old = Old(org)
    old.task(org.issue("Reef Watch: fix"), project=old.elsewhere)
    arguments = ("adopt", "--dry-run", "--project", old.elsewhere.gid, "--record", "no/such/folder.json")
    assert go(*arguments).exit_code == 0


@pytest.fixture
def losing(org: Organisation) -> None:
    """Let the folder of records go with the first write to Asana, as a share does that is not reached any more."""
    Path("records").mkdir()
    gone = lambda _asked: shutil.rmtree("records", ignore_errors=True)  # noqa: E731  answers None: no fault
    org.sandbox.faults.add(Status(500), service="asana", is_write=True, where=gone)


def kept_elsewhere(folder: Path) -> dict[str, object]:
    """Return the one record in the folder for temporary files."""
    (place,) = folder.iterdir()
    assert place.stat().st_mode & 0o077 == 0
    found: dict[str, object] = json.loads(place.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for temporary files."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("command", ["run", "run with json", "apply", "adopt", "undo"])
def test_a_record_that_is_lost_on_the_way_is_kept_elsewhere(
    go: Go, org: Organisation, commands: dict[str, tuple[str, ...]], losing: None, temporary: Path, command: str
) -> None:
    result = go(*commands[command], "--record", "records/record.json")
    assert result.exit_code == 1, result.output
    assert "records/record.json could not be written: No such file or directory. The record is in" in result.output
    assert str(temporary) in result.output
    assert kept_elsewhere(temporary)["outcomes"]
    back = go("undo", str(next(temporary.iterdir())), "--yes")
    assert back.exit_code == 0, back.output


def test_where_no_file_can_be_written_any_more_the_record_goes_to_stderr(
    go: Go, org: Organisation, commands: dict[str, tuple[str, ...]], losing: None, temporary: Path
) -> None:
    temporary.rmdir()
    result = go(*commands["adopt"], "--record", "records/record.json")
    assert result.exit_code == 1, result.output
    (line,) = [one for one in result.stderr.splitlines() if one.startswith('{"schema_version"')]
    assert json.loads(line)["kind"] == "adoption"
    assert "The record stands above" in result.stderr
    assert all(value not in result.output for name, value in org.settings().items() if name.endswith("__TOKEN"))


def test_a_full_disk_loses_no_record(
    go: Go, org: Organisation, commands: dict[str, tuple[str, ...]], temporary: Path
) -> None:
    """The limit of the process on the size of files stands for the disk: nothing larger than a probe is written."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    full = lambda _asked: resource.setrlimit(resource.RLIMIT_FSIZE, (512, limits[1]))  # noqa: E731  as above
    org.sandbox.faults.add(Status(500), service="asana", is_write=True, where=full)
    try:
        result = go(*commands["adopt"], "--record", "record.json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert result.exit_code == 1, result.output
    assert "record.json could not be written: File too large" in result.stderr
    (line,) = [one for one in result.stderr.splitlines() if one.startswith('{"schema_version"')]
    assert json.loads(line)["outcomes"]
    assert not Path("record.json").exists()


def test_a_run_that_could_not_read_tells_that_first_and_loses_no_record(
    go: Go, org: Organisation, temporary: Path
) -> None:
    Path("records").mkdir()

    def refuse(_asked: object) -> bool:
        shutil.rmtree("records", ignore_errors=True)
        return True

    org.sandbox.faults.add(Status(401), service="airtable", times=99, where=refuse)
    result = go("run", "--record", "records/record.json")
    assert result.exit_code == 4, result.output
    assert "The record is in" in result.stderr
    assert kept_elsewhere(temporary)["exit_code"] == 4
